//! Pictures of many cells, each of a category and a shade.

use serde::{Deserialize, Serialize};

/// Most cells along a side, most categories, most categories times shades.
const MOST: (usize, usize, usize) = (1024, 6, 52);

/// A cell of no category.
const NONE: char = '.';

/// A rectangle of cells, each of a category in some shade, or of none: basins of attraction, say, by where they lead and how soon.
///
/// In a file each row is a text of letters with the lengths of their runs, so that a picture with large areas is small; what is read is held against its own
/// sizes.
///
/// ```
/// use theoria_verification::Raster;
/// // Which side of the diagonal: the upper row comes first.
/// let raster = Raster::new([4, 2], &["above", "below"], 1, |column, row| Some((usize::from(column > row), 0)));
/// assert_eq!(raster.cell(3, 0), Some((1, 0)));
/// assert_eq!(raster.size(), [4, 2]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Raster {
    width: usize,
    categories: Vec<String>,
    shades: usize,
    /// Row by row, from the top; 0 is none, then the shades of the first category, and so on.
    cells: Vec<u8>,
}

/// As it stands in a file.
#[derive(Clone, Serialize, Deserialize)]
struct Written {
    width: usize,
    categories: Vec<String>,
    shades: usize,
    rows: Vec<String>,
}

impl Raster {
    /// With so many columns and rows, categories with these names, each in so many shades; `cell` is asked for each column and row, from the left and from the top, and returns a
    /// category and a shade, or none.
    ///
    /// # Panics
    /// If there are no cells, no categories or no shades, or too many (1024 cells along a side, 6 categories, 52 categories times shades); if a category or a shade is
    /// none of these.
    pub fn new(
        [width, height]: [usize; 2],
        categories: &[&str],
        shades: usize,
        cell: impl Fn(usize, usize) -> Option<(usize, usize)>,
    ) -> Self {
        let categories: Vec<String> = categories.iter().map(|name| (*name).to_owned()).collect();
        sizes(width, height, categories.len(), shades).unwrap_or_else(|fault| panic!("{fault}"));
        let code = |column: usize, row: usize| match cell(column, row) {
            None => 0,
            Some((category, shade)) => {
                assert!(
                    category < categories.len() && shade < shades,
                    "a category and a shade of the raster"
                );
                (1 + category * shades + shade) as u8
            }
        };
        let places = (0..height).flat_map(|row| (0..width).map(move |column| (column, row)));
        let cells = places.map(|(column, row)| code(column, row)).collect();
        Raster { width, categories, shades, cells }
    }

    /// Number of columns and rows.
    pub fn size(&self) -> [usize; 2] {
        [self.width, self.cells.len() / self.width]
    }

    /// Names of the categories.
    pub fn categories(&self) -> &[String] {
        &self.categories
    }

    /// Number of shades of each category.
    pub fn shades(&self) -> usize {
        self.shades
    }

    /// Category and shade in this column and row, from the left and from the top.
    ///
    /// # Panics
    /// If there is no such cell.
    pub fn cell(&self, column: usize, row: usize) -> Option<(usize, usize)> {
        assert!(column < self.width, "a column of the raster");
        let code = usize::from(self.cells[row * self.width + column]);
        code.checked_sub(1).map(|code| (code / self.shades, code % self.shades))
    }

    /// Row by row, from the top: 0 is none, 1 the first shade of the first category, and so on.
    pub fn codes(&self) -> impl Iterator<Item = &[u8]> {
        self.cells.chunks_exact(self.width)
    }
}

fn sizes(width: usize, height: usize, categories: usize, shades: usize) -> Result<(), String> {
    let (side, most, codes) = MOST;
    let fits = (1..=side).contains(&width)
        && (1..=side).contains(&height)
        && (1..=most).contains(&categories)
        && (1..=codes).contains(&shades)
        && categories * shades <= codes;
    let told = format!("{width} × {height} cells of {categories} categories in {shades} shades");
    if fits { Ok(()) } else { Err(format!("a raster of {told}")) }
}

/// A to Z, then a to z.
fn letter(code: u8) -> char {
    match code {
        0 => NONE,
        1..=26 => char::from(b'A' + code - 1),
        _ => char::from(b'a' + code - 27),
    }
}

fn code(letter: char) -> Option<u8> {
    match letter {
        NONE => Some(0),
        'A'..='Z' => Some(letter as u8 - b'A' + 1),
        'a'..='z' => Some(letter as u8 - b'a' + 27),
        _ => None,
    }
}

fn written(row: &[u8]) -> String {
    let mut text = String::new();
    for run in row.chunk_by(|a, b| a == b) {
        text.push(letter(run[0]));
        if run.len() > 1 {
            text += &run.len().to_string();
        }
    }
    text
}

/// Appends the cells of a row, of which there are so many; none where the text says otherwise.
fn read(text: &str, width: usize, codes: usize, cells: &mut Vec<u8>) -> Option<()> {
    let mut left = width;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let code = code(first).filter(|code| usize::from(*code) <= codes)?;
        rest = &rest[first.len_utf8()..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let length = if digits == 0 { 1 } else { rest[..digits].parse().ok()? };
        rest = &rest[digits..];
        left = left.checked_sub(length)?;
        cells.resize(cells.len() + length, code);
    }
    (left == 0).then_some(())
}

impl From<Raster> for Written {
    fn from(raster: Raster) -> Self {
        let rows = raster.codes().map(written).collect();
        Written { width: raster.width, categories: raster.categories, shades: raster.shades, rows }
    }
}

impl TryFrom<Written> for Raster {
    type Error = String;

    fn try_from(from: Written) -> Result<Self, String> {
        let Written { width, categories, shades, rows } = from;
        sizes(width, rows.len(), categories.len(), shades)?;
        let mut cells = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            read(row, width, categories.len() * shades, &mut cells)
                .ok_or_else(|| format!("row {number} of a raster is none of {width} cells"))?;
        }
        Ok(Raster { width, categories, shades, cells })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(
            width in 1..20usize, height in 1..9usize, shades in 1..9usize, seed: u64,
        ) {
            let cell = |column: usize, row: usize| {
                let mixed = seed.wrapping_mul((column / 3 + 7 * row + 1) as u64) >> 40;
                (mixed % 4 != 0).then_some((mixed as usize % 5, mixed as usize % shades))
            };
            let raster = Raster::new([width, height], &["a", "b", "c", "d", "e"], shades, cell);
            let text = serde_json::to_string(&raster).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Raster>(&text).unwrap(), &raster);
            prop_assert_eq!(raster.size(), [width, height]);
            prop_assert!((0..width).all(|c| (0..height).all(|r| raster.cell(c, r) == cell(c, r))));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let with = |width: usize, shades: usize, rows: &str| {
            let text = format!(
                "{{\"width\":{width},\"categories\":[\"a\"],\"shades\":{shades},\"rows\":{rows}}}"
            );
            serde_json::from_str::<Raster>(&text).map_err(|fault| fault.to_string())
        };
        assert!(with(3, 2, "[\"A2B\",\".3\"]").is_ok());
        for rows in [
            "[\"A2\"]",
            "[\"A4\"]",
            "[\"A3C0\"]",
            "[\"A3\",\"D3\"]",
            "[\"C3\"]",
            "[\"A99999999999999999999\"]",
            "[\"é3\"]",
            "[\"3A\"]",
        ] {
            assert!(
                with(3, 2, rows).unwrap_err().contains("of a raster is none of 3 cells"),
                "{rows}"
            );
        }
        for (width, shades, rows) in [
            (0, 1, "[\"\"]"),
            (3000, 1, "[\"A3000\"]"),
            (3, 0, "[\".3\"]"),
            (3, 53, "[\"A3\"]"),
            (3, 1, "[]"),
        ] {
            assert!(with(width, shades, rows).unwrap_err().contains("a raster of"), "{rows}");
        }
    }
}
