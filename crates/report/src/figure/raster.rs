//! Cells of categories in shades: a picture within the axes.

use plotters::element::Rectangle;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use theoria_verification::{Axis as Labelled, Line, Raster, Scale};

use super::axis::Axis;
use super::beside::{BESIDE, Beside};
use super::frame::{Frame, LINE, Plan, SMALL, text};
use super::labels::{widest, wrapped};
use super::lines;
use super::sheet::{Area, Fault, Picture, Sheet, picture_address};
use super::theme::{FAINT, TEXT};

/// Hues of categories (Okabe, Ito 2008): told apart with every colour vision, and in their order of brightness in grey.
const HUES: [[u8; 3]; 6] = [
    [0xe6, 0x9f, 0x00],
    [0x00, 0x72, 0xb2],
    [0x00, 0x9e, 0x73],
    [0xcc, 0x79, 0xa7],
    [0x80, 0x80, 0x80],
    [0xd5, 0x5e, 0x00],
];
/// How far the first shade is mixed with white, and the last one with black.
const REACH: (f64, f64) = (0.6, 0.65);
/// Widest line of a name of a category beside the picture.
const NAMES: f64 = 400.0;
const SWATCH: i32 = 34;

pub(super) fn draw(
    [x, y]: [&Labelled; 2],
    raster: &Raster,
    [across, up]: [&[f64]; 2],
    shade: &str,
    over: &[Line],
) -> Result<Sheet, String> {
    let ([left, right], [low, high]) = (edges(across, "x")?, edges(up, "y")?);
    if x.scale != Scale::Linear || y.scale != Scale::Linear {
        return Err("a raster lies on linear axes".into());
    }
    let names = Names::of(raster, shade);
    let frame = Frame::new(Plan {
        x: Axis::spanning(x.scale, left, right),
        y: Axis::spanning(y.scale, low, high),
        labels: [x.label.clone(), y.label.clone()],
        key: lines::key_over_colours(over),
        beside: names.size(),
        uprights: Vec::new(),
        // A unit is as long on either axis, as far as there is room.
        rows: 0,
        shape: Some((right - left) / (high - low)),
    });
    let mut sheet = frame.sheet()?;
    sheet.picture(Picture {
        corner: (frame.left, frame.top),
        size: (frame.right - frame.left, frame.bottom - frame.top),
        columns: raster.size()[0],
        cells: raster.codes().flatten().copied().collect(),
        palette: palette(raster),
    });
    sheet.draw(|area| {
        names.draw(&frame, area)?;
        lines::over_colours(&frame, area, over)
    })?;
    Ok(sheet)
}

/// The address of a picture of some of its cells, of this size.
pub(crate) fn address(raster: &Raster, size: [usize; 2], cells: &[u8]) -> String {
    picture_address(size, cells, &palette(raster))
}

fn edges(ends: &[f64], axis: &str) -> Result<[f64; 2], String> {
    match *ends {
        [low, high]
            if (high - low).is_finite() && high - low > 1e-9 * low.abs().max(high.abs()) =>
        {
            Ok([low, high])
        }
        _ => Err(format!("the edges of a raster along {axis} are {ends:?}")),
    }
}

/// The place without a category first.
fn palette(raster: &Raster) -> Vec<[u8; 3]> {
    let shades = raster.shades();
    let coloured = (0..raster.categories().len())
        .flat_map(|category| (0..shades).map(move |shade| colour(category, shade, shades)));
    [[0; 3]].into_iter().chain(coloured).collect()
}

/// Pale, the hue itself, dark.
fn colour(category: usize, shade: usize, shades: usize) -> [u8; 3] {
    let place = if shades > 1 { shade as f64 / (shades - 1) as f64 * 2.0 - 1.0 } else { 0.0 };
    let (end, share) = if place < 0.0 { (255.0, -place * REACH.0) } else { (0.0, place * REACH.1) };
    HUES[category % HUES.len()]
        .map(|part| (f64::from(part) + share * (end - f64::from(part))).round() as u8)
}

/// Beside the picture, what its colours are.
struct Names<'a> {
    raster: &'a Raster,
    categories: Vec<Vec<String>>,
    shade: Vec<String>,
}

impl<'a> Names<'a> {
    fn of(raster: &'a Raster, shade: &str) -> Self {
        let categories =
            raster.categories().iter().map(|name| wrapped(name, SMALL, NAMES)).collect();
        Names { raster, categories, shade: wrapped(shade, SMALL, NAMES) }
    }

    fn size(&self) -> Beside {
        let lines = self.categories.iter().flatten().chain(&self.shade);
        let swatches = self.step() * self.raster.shades() as i32;
        let rows = self.categories.iter().map(Vec::len).sum::<usize>() + self.shade.len();
        let between = (SWATCH + 34) * self.categories.len() as i32;
        Beside {
            width: widest(lines, SMALL).max(f64::from(swatches)),
            height: f64::from(LINE * rows as i32 + between + 30),
            ..Beside::default()
        }
    }

    /// Width of a swatch.
    fn step(&self) -> i32 {
        (i32::from(u8::MAX) / self.raster.shades() as i32).clamp(4, SWATCH)
    }

    fn draw(&self, frame: &Frame, area: &Area<'_>) -> Result<(), Fault> {
        let (left, step) = (frame.right + BESIDE, self.step());
        let anchor = Pos::new(HPos::Left, VPos::Top);
        let mut height = frame.top + 4;
        for (category, name) in self.categories.iter().enumerate() {
            for shade in 0..self.raster.shades() {
                let [r, g, b] = colour(category, shade, self.raster.shades());
                let from = left + shade as i32 * step;
                let corners = [(from, height), (from + step, height + SWATCH)];
                area.draw(&Rectangle::new(corners, RGBColor(r, g, b).filled()))?;
            }
            height += SWATCH + 8;
            for words in name {
                text(area, words, (left, height), SMALL, TEXT.paper, anchor)?;
                height += LINE;
            }
            height += 26;
        }
        for words in &self.shade {
            text(area, words, (left, height), SMALL, FAINT.paper, anchor)?;
            height += LINE;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_go_from_pale_to_dark_through_the_hue() {
        let brightness = |shade| colour(1, shade, 5).map(u32::from).iter().sum::<u32>();
        assert!((1..5).all(|shade| brightness(shade) < brightness(shade - 1)));
        assert_eq!(colour(1, 2, 5), HUES[1]);
        assert_eq!(colour(0, 0, 1), HUES[0]);
    }

    #[test]
    fn edges_that_enclose_nothing_are_refused() {
        assert_eq!(edges(&[-1.0, 2.0], "x"), Ok([-1.0, 2.0]));
        for ends in [
            &[1.0][..],
            &[1.0, 1.0],
            &[2.0, 1.0],
            &[0.0, f64::NAN],
            &[0.0, f64::INFINITY],
            &[1.0, 1.0 + 1e-12],
        ] {
            assert!(edges(ends, "x").is_err());
        }
    }
}
