//! The SVG that a figure is drawn on, and what completes it.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::style::RGBColor;

use super::theme::{CONTROL, FAINT, GRID, LINES, TEXT};

/// The chart is drawn at twice the size that it is shown at, since positions are whole pixels.
pub(super) const WIDTH: u32 = 1440;
pub(super) const HEIGHT: u32 = 860;

pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub(super) type Fault = DrawingAreaErrorKind<std::io::Error>;

/// The SVG of what `draw` draws; says why if that fails.
pub(super) fn canvas(draw: impl FnOnce(&Area<'_>) -> Result<(), Fault>) -> Result<String, String> {
    let mut text = String::new();
    let area = SVGBackend::with_string(&mut text, (WIDTH, HEIGHT)).into_drawing_area();
    draw(&area).and_then(|()| area.present()).map_err(|fault| fault.to_string())?;
    drop(area);
    Ok(text)
}

/// What is drawn, without the element that it is drawn in.
pub(super) fn body(chart: &str) -> &str {
    let inside = chart.split_once('>').map_or(chart, |(_, inside)| inside);
    inside.rsplit_once("</svg>").map_or(inside, |(inside, _)| inside)
}

/// The chart below, this element over it, and over both what was drawn of another one.
pub(super) fn with_between(below: &str, element: &str, above: &str) -> String {
    let inside = below.rsplit_once("</svg>").map_or(below, |(inside, _)| inside);
    format!("{inside}{element}{above}</svg>")
}

/// Completes a chart: a name for screen readers, colours for dark screens, no fixed size.
pub(super) fn finish(chart: &str, title: &str, caption: &str) -> String {
    let body = chart.split_once('>').map_or(chart, |(_, body)| body);
    let (width, height) = (WIDTH, HEIGHT);
    let (title, caption) = (escaped(title), escaped(caption));
    let dark: String = LINES
        .iter()
        .chain([&CONTROL, &TEXT, &FAINT, &GRID])
        .map(|ink| {
            let RGBColor(r, g, b) = ink.paper;
            let paper = format!("#{r:02X}{g:02X}{b:02X}");
            let dark = ink.dark;
            format!(
                ".figure [stroke=\"{paper}\"]{{stroke:{dark}}}.figure [fill=\"{paper}\"]{{fill:{dark}}}"
            )
        })
        .collect();
    let body = body.replace(
        "font-family=\"sans-serif\"",
        "font-family=\"system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif\"",
    );
    format!(
        "<svg class=\"figure\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\"><title>{title}</title><desc>{caption}</desc>\
         <style>@media screen and (prefers-color-scheme: dark){{{dark}}}</style>{body}"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
