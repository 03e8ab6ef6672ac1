//! Small images side by side.

use theoria_verification::{Axis, Content};

/// Width over height of the room that a map has on the page.
const ROOM: f64 = 1.465;

/// Images of 8 x 8 pixels, a list a row, the first row on top, with a gap between them; with what a colour means, and the value in the middle of
/// a diverging scale. What is empty on the right and above makes pixels square.
pub(crate) fn tiles(rows: &[Vec<Vec<f64>>], colour: Axis, middle: Option<f64>) -> Content {
    let longest = rows.iter().map(Vec::len).max().unwrap_or(1);
    let (height, width) = (9 * rows.len() - 1, 9 * longest - 1);
    let across = width.max((ROOM * height as f64).round() as usize);
    let up = height.max((width as f64 / ROOM).round() as usize);
    let pixel = |y: usize, x: usize| {
        // The vertical axis points up.
        let Some(y) = (height - 1).checked_sub(y) else { return f64::NAN };
        let image = rows[y / 9].get(x / 9).filter(|_| y % 9 < 8 && x % 9 < 8);
        image.map_or(f64::NAN, |image| image[8 * (y % 9) + x % 9])
    };
    Content::HeatMap {
        x: (0..across).map(|x| x as f64).collect(),
        y: (0..up).map(|y| y as f64).collect(),
        values: (0..up).flat_map(|y| (0..across).map(move |x| pixel(y, x))).collect(),
        colour,
        middle,
        lines: Vec::new(),
    }
}
