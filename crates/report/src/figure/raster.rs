//! Cells of categories in shades: a picture within the axes.

use plotters::element::Rectangle;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor};
use theoria_verification::{Axis as Labelled, Line, Raster, Scale};

use super::axis::Axis;
use super::canvas::{body, canvas, with_between};
use super::frame::{FONT_SIZE, Frame, LEFT, TOP, text};
use super::labels::{shortened, wrapped};
use super::theme::{FAINT, TEXT};
use super::{lines, png};

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
/// Room for the names of categories beside the picture.
const NAMES: i32 = 420;
const SWATCH: i32 = 34;

pub(super) fn draw(
    x: &Labelled,
    y: &Labelled,
    raster: &Raster,
    [across, up]: [&[f64]; 2],
    shade: &str,
    over: &[Line],
) -> Result<String, String> {
    let ([left, right], [low, high]) = (edges(across, "x")?, edges(up, "y")?);
    if x.scale != Scale::Linear || y.scale != Scale::Linear {
        return Err("a raster lies on linear axes".into());
    }
    let mut frame = Frame::new(
        Axis::spanning(x.scale, left, right),
        Axis::spanning(y.scale, low, high),
        std::iter::empty(),
    );
    // A unit is as long on either axis, as far as there is room.
    let tall = f64::from(frame.bottom() - TOP);
    let room = frame.right - NAMES - LEFT;
    let wide =
        (tall * (right - left) / (high - low)).min(f64::from(room)).max(f64::from(room) / 4.0);
    frame.right = LEFT + wide.round() as i32;
    let below = canvas(|area| frame.draw_axes(area, &x.label, &y.label))?;
    let above = canvas(|area| {
        draw_names(&frame, area, raster, shade)?;
        lines::over_colours(&frame, area, over)
    })?;
    let address = png::address(raster.size(), raster.codes(), &palette(raster));
    let (width, height) = (frame.right - LEFT, frame.bottom() - TOP);
    // Cells are whole at every size.
    let picture = format!(
        "<image x=\"{LEFT}\" y=\"{TOP}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" \
         style=\"image-rendering:pixelated\" href=\"{address}\"/>"
    );
    Ok(with_between(&below, &picture, body(&above)))
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

fn draw_names(
    frame: &Frame,
    area: &super::canvas::Area<'_>,
    raster: &Raster,
    shade: &str,
) -> Result<(), super::canvas::Fault> {
    let (left, small) = (frame.right + 40, FONT_SIZE - 4);
    let anchor = Pos::new(HPos::Left, VPos::Center);
    let step = (i32::from(u8::MAX) / raster.shades() as i32).clamp(4, SWATCH);
    let mut height = TOP + 24;
    for (category, name) in raster.categories().iter().enumerate() {
        for shade in 0..raster.shades() {
            let [r, g, b] = colour(category, shade, raster.shades());
            let from = left + shade as i32 * step;
            let corners = [(from, height), (from + step, height + SWATCH)];
            area.draw(&Rectangle::new(corners, RGBColor(r, g, b).filled()))?;
        }
        let at = (left, height + SWATCH + 24);
        text(area, &shortened(name), at, small, TEXT.paper, anchor)?;
        height += SWATCH + 74;
    }
    for (number, words) in wrapped(shade, 26).iter().enumerate() {
        let at = (left, height + 10 + 40 * number as i32);
        text(area, words, at, small, FAINT.paper, anchor)?;
    }
    Ok(())
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
