//! A writer of PNG files (W3C, "Portable Network Graphics", third edition) of each colour type,
//! without compression: so that the tests know what they give to the decoder.

// Each test file is a program of its own and uses a part of this.
#![allow(dead_code)]

/// What a file is made of.
#[derive(Clone, Default)]
pub struct Png {
    pub width: u32,
    pub height: u32,
    /// Bits of a sample.
    pub depth: u8,
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA.
    pub colour: u8,
    pub interlaced: bool,
    pub palette: Vec<u8>,
    /// The chunk `tRNS`.
    pub transparency: Vec<u8>,
    /// Rows of samples, as the depth packs them, without filter bytes; where the picture is
    /// interlaced, those of its seven passes.
    pub rows: Vec<Vec<u8>>,
}

/// Adam7: first column and row of a pass, and the steps from pixel to pixel.
pub const PASSES: [[usize; 4]; 7] = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
];

impl Png {
    pub fn file(&self) -> Vec<u8> {
        let mut head = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        head.extend([self.depth, self.colour, 0, 0, u8::from(self.interlaced)]);
        // Each row behind the byte for "no filter".
        let rows: Vec<u8> = self.rows.iter().flat_map(|row| [&[0][..], row].concat()).collect();
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        file.extend(chunk(b"IHDR", &head));
        for (name, data) in [(b"PLTE", &self.palette), (b"tRNS", &self.transparency)] {
            if !data.is_empty() {
                file.extend(chunk(name, data));
            }
        }
        file.extend(chunk(b"IDAT", &stored(&rows)));
        file.extend(chunk(b"IEND", &[]));
        file
    }
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&name[..], data].concat();
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], &body, &crc32(&body).to_be_bytes()].concat()
}

/// A zlib stream (RFC 1950) of stored blocks (RFC 1951, 3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks: Vec<_> = data.chunks(0xffff).collect();
    for (at, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(at + 1 == blocks.len()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}

/// The checksum of a chunk (PNG, annex D).
fn crc32(data: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 != 0 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !data.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
