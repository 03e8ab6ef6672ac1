//! PNG files of at most 256 colours.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// A file of these cells, each a place in the palette, of which the first may be transparent. Half a byte a cell up to 16
/// colours, else a byte.
pub(super) fn encoded(
    [width, height]: [usize; 2],
    cells: &[u8],
    palette: &[[u8; 3]],
    transparent: bool,
) -> Vec<u8> {
    let narrow = palette.len() <= 16;
    let mut raw = Vec::with_capacity(cells.len() + height);
    for row in cells.chunks_exact(width.max(1)) {
        // No filter.
        raw.push(0);
        if narrow {
            raw.extend(row.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)));
        } else {
            raw.extend_from_slice(row);
        }
    }
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend((height as u32).to_be_bytes());
    // Depth in bits, colours from a palette, and the only kinds of compression, filters and order.
    header.extend([if narrow { 4 } else { 8 }, 3, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"PLTE", palette.as_flattened());
    if transparent {
        chunk(&mut file, *b"tRNS", &[0]);
    }
    chunk(&mut file, *b"IDAT", &compressed(&raw));
    chunk(&mut file, *b"IEND", &[]);
    file
}

fn compressed(data: &[u8]) -> Vec<u8> {
    // A third smaller than what takes the least time; what takes longest is hardly smaller than that.
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(4));
    // Writing to a vector cannot fail.
    let _ = encoder.write_all(data);
    encoder.finish().unwrap_or_default()
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let mut check = Crc::new();
    check.update(&file[start..]);
    file.extend(check.sum().to_be_bytes());
}

/// Pixels as places in a palette of their colours, to the fifth bit: of more than `most`, which is at most 256, the most frequent, and
/// for others the nearest of these.
pub(super) fn few_colours(pixels: &[[u8; 3]], most: usize) -> (Vec<u8>, Vec<[u8; 3]>) {
    let code = |[r, g, b]: [u8; 3]| {
        usize::from(r >> 3) << 10 | usize::from(g >> 3) << 5 | usize::from(b >> 3)
    };
    let mut count = vec![0usize; 1 << 15];
    let mut shown = vec![[0u8; 3]; 1 << 15];
    // Most pixels are paper beside paper.
    let runs: Vec<(usize, usize)> = pixels
        .chunk_by(|one, next| one == next)
        .map(|alike| {
            let place = code(alike[0]);
            // The first colour that is seen stands for those like it; what is drawn whole comes far more often than edges,
            // so the most frequent would hardly differ.
            if count[place] == 0 {
                shown[place] = alike[0];
            }
            count[place] += alike.len();
            (place, alike.len())
        })
        .collect();
    let mut used: Vec<usize> = (0..count.len()).filter(|place| count[*place] > 0).collect();
    used.sort_by_key(|place| (usize::MAX - count[*place], *place));
    let palette: Vec<[u8; 3]> = used.iter().take(most).map(|place| shown[*place]).collect();
    let mut index = vec![0u8; 1 << 15];
    for (rank, &place) in used.iter().enumerate() {
        index[place] = if rank < most { rank as u8 } else { nearest(&palette, shown[place]) };
    }
    let mut cells = Vec::with_capacity(pixels.len());
    for (place, length) in runs {
        cells.resize(cells.len() + length, index[place]);
    }
    (cells, palette)
}

fn nearest(palette: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let distance = |other: &[u8; 3]| -> u32 {
        other.iter().zip(colour).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let best = (0..palette.len()).min_by_key(|place| distance(&palette[*place]));
    best.unwrap_or_default() as u8
}

pub(super) fn base64(data: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(data.len().div_ceil(3) * 4);
    for group in data.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = char::from(LETTERS[(word >> (18 - 6 * place) & 63) as usize]);
            text.push(if place <= group.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_their_standards() {
        assert_eq!(
            ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
        );
        // From the end of every PNG.
        let mut end = Vec::new();
        chunk(&mut end, *b"IEND", &[]);
        assert_eq!(end, [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82]);
    }

    #[test]
    fn a_file_holds_its_cells() {
        for colours in [3, 16, 17, 256] {
            let palette: Vec<[u8; 3]> = (0..colours).map(|c| [c as u8; 3]).collect();
            let cells: Vec<u8> = (0..70 * 30).map(|cell| (cell % colours) as u8).collect();
            let file = encoded([70, 30], &cells, &palette, colours == 3);
            let at = file.windows(4).position(|part| part == b"IDAT").unwrap();
            let length = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
            let mut raw = Vec::new();
            let mut decoder = flate2::write::ZlibDecoder::new(&mut raw);
            decoder.write_all(&file[at + 4..at + 4 + length]).unwrap();
            decoder.finish().unwrap();
            let bytes = if colours <= 16 { 35 } else { 70 };
            assert_eq!(raw.len(), 30 * (bytes + 1));
            let told = if colours <= 16 { [cells[70] << 4 | cells[71]] } else { [cells[70]] };
            assert_eq!([raw[bytes + 2]], told);
        }
    }

    #[test]
    fn colours_beyond_a_palette_go_to_the_nearest() {
        let frequent = |i: usize| [(i % 16 * 16) as u8, (i / 16 * 16) as u8, 0];
        let pixels: Vec<[u8; 3]> = (0..512)
            .map(|i| frequent(i % 256))
            .chain((0..16).map(|i| [frequent(i)[0], 0, 9]))
            .collect();
        let (cells, palette) = few_colours(&pixels, 256);
        assert_eq!((cells.len(), palette.len()), (528, 256));
        let shown = |place: usize| palette[usize::from(cells[place])];
        assert!((0..512).all(|place| shown(place) == pixels[place]));
        assert!((512..528).all(|place| shown(place) == [pixels[place][0], 0, 0]));
    }
}
