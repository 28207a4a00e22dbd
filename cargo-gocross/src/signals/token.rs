//! Source text as words, marks and groups in brackets: without comments, and with lines.

use ra_ap_rustc_lexer::{FrontmatterAllowed, Token, TokenKind, strip_shebang, tokenize};

/// A piece of source text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree<'a> {
    /// An identifier or a keyword, without `r#`.
    Word(&'a str, u32),
    /// A number or a text, with its quotes.
    Literal(&'a str),
    /// Any other character.
    Mark(char),
    /// What stands between brackets, and the opening one.
    Group(char, Vec<Tree<'a>>),
}

impl<'a> Tree<'a> {
    pub(super) fn word(&self) -> Option<&'a str> {
        match self {
            Self::Word(word, _) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_mark(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }

    /// What stands in it, where it is a group that begins with `open`.
    pub(super) fn group(&self, open: char) -> Option<&[Tree<'a>]> {
        match self {
            Self::Group(found, trees) if *found == open => Some(trees),
            _ => None,
        }
    }

    /// Every word in these trees, at any depth, in their order.
    pub(super) fn words(trees: &[Tree<'a>]) -> Vec<&'a str> {
        let mut words = Vec::new();
        for tree in trees {
            match tree {
                Self::Word(word, _) => words.push(*word),
                Self::Group(_, inner) => words.extend(Self::words(inner)),
                Self::Literal(_) | Self::Mark(_) => {}
            }
        }
        words
    }
}

/// The arguments of a call, which commas part.
pub(super) fn arguments<'t, 'a>(trees: &'t [Tree<'a>]) -> Vec<&'t [Tree<'a>]> {
    let mut parts: Vec<_> = trees.split(|tree| tree.is_mark(',')).collect();
    if parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    parts
}

/// The languages differ in where a comment within a comment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Rust,
    C,
}

/// Reads a source text. Brackets that do not match end with the text: it would not compile.
///
/// C has the tokens of Rust as far as they matter here, so one lexer reads both.
pub(super) fn trees(text: &str, language: Language) -> Vec<Tree<'_>> {
    let mut rest = text;
    let mut line = 1;
    if language == Language::Rust {
        rest = &text[strip_shebang(text).unwrap_or(0)..];
    }
    // The groups around the place, each with its bracket; the first is the text.
    let mut open: Vec<(char, Vec<Tree<'_>>)> = vec![('\0', Vec::new())];
    while let Some(token) = tokenize(rest, FrontmatterAllowed::No).next() {
        let word = &rest[..length(&token, rest, language)];
        rest = &rest[word.len()..];
        match piece(token.kind, word, line) {
            Piece::Nothing => {}
            Piece::Tree(tree) => push(&mut open, tree),
            Piece::Open(bracket) => open.push((bracket, Vec::new())),
            Piece::Close => close(&mut open),
        }
        line += u32::try_from(word.matches('\n').count()).unwrap_or(0);
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|(_, trees)| trees).unwrap_or_default()
}

/// The length of the first token of a text.
fn length(token: &Token, text: &str, language: Language) -> usize {
    let whole = token.len as usize;
    // A comment of C ends at the first `*/`, where Rust's may hold others.
    let is_comment = matches!(token.kind, TokenKind::BlockComment { .. });
    if language == Language::C && is_comment {
        return text[2..].find("*/").map_or(whole, |end| end + 4);
    }
    whole
}

enum Piece<'a> {
    Nothing,
    Tree(Tree<'a>),
    Open(char),
    Close,
}

fn piece(kind: TokenKind, word: &str, line: u32) -> Piece<'_> {
    match kind {
        TokenKind::Ident => Piece::Tree(Tree::Word(word, line)),
        TokenKind::RawIdent => Piece::Tree(Tree::Word(&word[2..], line)),
        TokenKind::Literal { .. } => Piece::Tree(Tree::Literal(word)),
        TokenKind::OpenParen => Piece::Open('('),
        TokenKind::OpenBrace => Piece::Open('{'),
        TokenKind::OpenBracket => Piece::Open('['),
        TokenKind::CloseParen | TokenKind::CloseBrace | TokenKind::CloseBracket => Piece::Close,
        TokenKind::Whitespace
        | TokenKind::LineComment { .. }
        | TokenKind::BlockComment { .. }
        | TokenKind::Lifetime { .. }
        | TokenKind::RawLifetime => Piece::Nothing,
        _ => word.chars().next().map_or(Piece::Nothing, |mark| Piece::Tree(Tree::Mark(mark))),
    }
}

fn push<'a>(open: &mut [(char, Vec<Tree<'a>>)], tree: Tree<'a>) {
    if let Some((_, trees)) = open.last_mut() {
        trees.push(tree);
    }
}

fn close(open: &mut Vec<(char, Vec<Tree<'_>>)>) {
    if open.len() > 1
        && let Some((bracket, trees)) = open.pop()
    {
        push(open, Tree::Group(bracket, trees));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, language: Language) -> Vec<&str> {
        Tree::words(&trees(text, language))
    }

    #[test]
    fn comments_and_texts_hold_no_words() {
        let text = "a /* b /* c */ d */ \"e\" // f\n r#\"g\"# 'h' 'i: j r#k";
        assert_eq!(words(text, Language::Rust), ["a", "j", "k"]);
    }

    #[test]
    fn a_comment_of_c_ends_at_its_first_end() {
        assert_eq!(words("a /* b /* c */ d \"*/\" '\\'' /* e", Language::C), ["a", "d"]);
    }

    #[test]
    fn words_know_their_lines() {
        let found = trees("#!/bin/x\na\n/* \n */ b(\nc)", Language::Rust);
        assert_eq!(
            found,
            [Tree::Word("a", 2), Tree::Word("b", 4), Tree::Group('(', vec![Tree::Word("c", 5)])]
        );
    }

    #[test]
    fn brackets_that_do_not_match_lose_nothing() {
        assert_eq!(words(") a ( b [ c", Language::Rust), ["a", "b", "c"]);
    }
}
