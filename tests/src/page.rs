//! A page of the documentation as a test: what its fenced blocks say is done, in order.
//!
//! A block `console` holds commands after `$ ` and what they print, standard output and standard
//! error together, as on a terminal; `...` stands for any lines, `…` for any part of a line, and no
//! output for whatever comes. `cd DIR` holds for the rest of the page. A block with
//! `file=PATH` behind its language is written to that file. The words behind `console`:
//!
//! | word | meaning |
//! |---|---|
//! | `status=N` | the last command of the block ends with this exit status, and not with 0 |
//! | `test=PATH` | the commands stand in that file of a test, which runs them |
//! | `no-test` | no test runs the commands; `docs/not-run.toml` names each of them |

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::step::Step;
use crate::trial::{Result, Trouble, ensure};

/// How pages leave out a part of a line, and how expectations do.
const LEFT_OUT: [&str; 2] = ["…", "[..]"];
/// How pages name the checkout of this repository.
const CHECKOUT: &str = "/path/to/cargo-gocross";
/// Languages of blocks whose commands a page could hide from its test.
const SHELLS: &[&str] = &["bash", "sh", "shell", "zsh"];

/// A fenced block.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// The line of the page on which it begins.
    pub line: usize,
    /// What it is.
    pub kind: Kind,
    text: String,
}

/// What becomes of a block.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// The page's own test runs the commands.
    Run {
        /// The exit status of the last one.
        status: i32,
    },
    /// A file of another test holds the commands; its path from the repository on.
    Elsewhere(String),
    /// No test runs the commands.
    NotRun,
    /// A file of the reader's project; its path from the current directory on.
    File(String),
}

/// A command, and what it prints.
#[derive(Debug, PartialEq, Eq)]
pub struct Command<'a> {
    /// The line behind `$ `.
    pub line: &'a str,
    output: String,
}

impl Block {
    /// The commands of a `console` block.
    ///
    /// # Errors
    ///
    /// The block begins with something else.
    pub fn commands(&self) -> Result<Vec<Command<'_>>> {
        let mut commands: Vec<Command<'_>> = Vec::new();
        for text in self.text.lines() {
            if let Some(line) = text.strip_prefix("$ ") {
                commands.push(Command { line, output: String::new() });
            } else if let Some(command) = commands.last_mut() {
                command.output.push_str(text);
                command.output.push('\n');
            } else {
                return Err(self.wrong("output before the first command"));
            }
        }
        ensure(!commands.is_empty(), || format!("line {}: no command in it", self.line))?;
        Ok(commands)
    }

    fn wrong(&self, what: &str) -> Trouble {
        Trouble::wrong(format!("line {}: {what}", self.line))
    }
}

/// The blocks of a page that a test has to do with.
///
/// # Errors
///
/// A block says what no block can say.
pub fn blocks(page: &str) -> Result<Vec<Block>> {
    let mut blocks = Vec::new();
    let mut open = None;
    for (event, range) in Parser::new(page).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let line = page[..range.start].matches('\n').count() + 1;
                let place = |trouble: Trouble| trouble.at(&format!("line {line}"));
                let kind = kind(&info).map_err(place)?;
                open = kind.map(|kind| Block { line, kind, text: String::new() });
            }
            Event::Text(text) => {
                if let Some(block) = &mut open {
                    block.text.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    Ok(blocks)
}

/// What the words behind the fence say.
fn kind(info: &str) -> Result<Option<Kind>> {
    let (language, words) = info.split_once(',').unwrap_or((info, ""));
    ensure(!SHELLS.contains(&language), || {
        format!("`{language}` would not be run; write `console`, with `$ ` before each command")
    })?;
    let console = language == "console";
    let (name, value) = words.split_once('=').unwrap_or((words, ""));
    let unknown = || Trouble::wrong(format!("`{info}` means nothing"));
    match (console, name) {
        (true, "") => Ok(Some(Kind::Run { status: 0 })),
        (true, "status") => {
            let status = value.parse().map_err(|_| unknown())?;
            Ok(Some(Kind::Run { status }))
        }
        (true, "test") => Ok(Some(Kind::Elsewhere(value.to_owned()))),
        (true, "no-test") => Ok(Some(Kind::NotRun)),
        (false, "") => Ok(None),
        (false, "file") => Ok(Some(Kind::File(value.to_owned()))),
        _ => Err(unknown()),
    }
}

/// The steps of a page, for a scenario.
///
/// # Errors
///
/// A block says what no block can say.
pub fn steps(page: &str) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let mut dir = String::new();
    let mut files = BTreeMap::new();
    for block in blocks(page)? {
        match &block.kind {
            Kind::File(path) => {
                files.insert(join(&dir, path), block.text.replace(CHECKOUT, "{repository}"));
            }
            Kind::Run { status } => {
                let commands = block.commands()?;
                let last = commands.len() - 1;
                for (index, command) in commands.into_iter().enumerate() {
                    if let Some(to) = command.line.strip_prefix("cd ") {
                        dir = join(&dir, to);
                        continue;
                    }
                    let line = command.line.replace(CHECKOUT, "{repository}");
                    let status = if index == last { *status } else { 0 };
                    let [page, expected] = LEFT_OUT;
                    let output = command.output.replace(page, expected);
                    let step = Step::on_terminal(&line, &dir, status, output)?;
                    steps.push(step.after_writing(std::mem::take(&mut files)));
                }
            }
            Kind::Elsewhere(_) | Kind::NotRun => {}
        }
    }
    Ok(steps)
}

fn join(dir: &str, path: &str) -> String {
    if dir.is_empty() { path.to_owned() } else { format!("{dir}/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_what_their_fences_say() {
        let page = "# A\n\n```console\n$ a\nout\n$ b c\n```\n\n```go,file=go/a.go\npackage a\n```\n\n\
                    ```text\n$ no command\n```\n\n- item\n\n  ```console,no-test\n  $ docker\n  ```\n";
        let blocks = blocks(page).unwrap();
        let kinds: Vec<_> = blocks.iter().map(|block| (block.line, &block.kind)).collect();
        let file = Kind::File("go/a.go".to_owned());
        let run = Kind::Run { status: 0 };
        assert_eq!(kinds, [(3, &run), (9, &file), (19, &Kind::NotRun)]);
        let commands = blocks[0].commands().unwrap();
        assert_eq!(commands[0], Command { line: "a", output: "out\n".to_owned() });
        assert_eq!(commands[1], Command { line: "b c", output: String::new() });
        assert_eq!(blocks[2].commands().unwrap()[0].line, "docker");
    }

    #[test]
    fn a_command_cannot_hide() {
        for page in [
            "```sh\nls\n```\n",
            "```console,not-run\n$ ls\n```\n",
            "```console,status=x\n$ ls\n```\n",
            "```go,no-test\nx\n```\n",
        ] {
            assert!(blocks(page).is_err(), "{page}");
        }
        for page in ["```console\nls\n```\n", "```console\n```\n"] {
            assert!(steps(page).is_err(), "{page}");
        }
    }

    #[test]
    fn files_are_written_where_the_page_stands() {
        let page =
            "```console\n$ cd a\n$ ls\n```\n```go,file=b.go\nx\n```\n```console\n$ pwd\n```\n";
        let steps = steps(page).unwrap();
        assert_eq!(steps.len(), 2);
        assert!(!format!("{:?}", steps[0]).contains("b.go"));
        assert!(format!("{:?}", steps[1]).contains("\"a/b.go\": \"x\\n\""));
    }

    #[test]
    fn a_page_may_leave_out_parts_of_the_output() {
        let steps = steps("```console\n$ ls\na … b\n...\n```\n").unwrap();
        assert!(format!("{:?}", steps[0]).contains("\"a [..] b\\n...\\n\""));
    }
}
