//! Small images side by side.

use theoria_verification::{Axis, Content};

/// Images of 8 x 8 pixels, a list a row, the first row on top, with a gap between them; with what a colour means, and the value in the middle of
/// a diverging scale.
pub(crate) fn tiles(rows: &[Vec<Vec<f64>>], colour: Axis, middle: Option<f64>) -> Content {
    let longest = rows.iter().map(Vec::len).max().unwrap_or(1);
    let (height, width) = (9 * rows.len() - 1, 9 * longest - 1);
    let pixel = |y: usize, x: usize| {
        // The vertical axis points up.
        let y = height - 1 - y;
        let image = rows[y / 9].get(x / 9).filter(|_| y % 9 < 8 && x % 9 < 8);
        image.map_or(f64::NAN, |image| image[8 * (y % 9) + x % 9])
    };
    Content::HeatMap {
        x: (0..width).map(|x| x as f64).collect(),
        y: (0..height).map(|y| y as f64).collect(),
        values: (0..height).flat_map(|y| (0..width).map(move |x| pixel(y, x))).collect(),
        colour,
        middle,
        lines: Vec::new(),
    }
}
