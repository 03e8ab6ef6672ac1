//! A sheet as SVG: on screens in their own typeface and colours, light or dark.

use std::fmt::Write;

use plotters_backend::text_anchor::HPos;

use super::super::theme::{self, Ink};
use super::typeset::Level;
use super::{Coordinates, Mark, Paint, Picture, Sheet, Words, png};

impl Sheet {
    /// The SVG, with a name for screen readers, colours for dark screens (where a file of its own is dark as well), and no
    /// fixed size.
    pub(crate) fn svg(&self, title: &str, caption: &str) -> String {
        whole(&[self], &self.written().concat(), title, caption)
    }

    /// The same of several sheets of one size: what they all begin with once, then a group for each of them (`at`), of which the
    /// one with the number `first` is shown (`shown`).
    pub(crate) fn svg_of_all(all: &[Sheet], first: usize, title: &str, caption: &str) -> String {
        let written: Vec<Vec<String>> = all.iter().map(Sheet::written).collect();
        let shared = written.iter().skip(1).fold(written[0].len(), |shared, marks| {
            let pairs = written[0].iter().zip(marks).take(shared);
            pairs.take_while(|(own, other)| own == other).count()
        });
        let mut body = written[0][..shared].concat();
        for (number, marks) in written.iter().enumerate() {
            let class = if number == first { "at shown" } else { "at" };
            let _ = write!(body, "<g class=\"{class}\">{}</g>", marks[shared..].concat());
        }
        whole(&all.iter().collect::<Vec<_>>(), &body, title, caption)
    }

    fn written(&self) -> Vec<String> {
        self.marks.iter().map(written).collect()
    }

    fn shows(&self, ink: &Ink) -> bool {
        let of = theme::rgb(ink.paper);
        self.marks.iter().any(|mark| match mark {
            Mark::Strokes { paint, .. } | Mark::Areas { paint, .. } | Mark::Dots { paint, .. } => {
                paint.colour == of
            }
            Mark::Words(words) => words.colour == of,
            Mark::Picture(_) => false,
        })
    }
}

fn whole(sheets: &[&Sheet], body: &str, title: &str, caption: &str) -> String {
    let size = |of: fn(&Sheet) -> u32| sheets.iter().map(|sheet| of(sheet)).max().unwrap_or(0);
    let (width, height) = (size(|sheet| sheet.width), size(|sheet| sheet.height));
    let (title, caption) = (escaped(title), escaped(caption));
    let shows = |ink: &&Ink| sheets.iter().any(|sheet| sheet.shows(ink));
    let dark: String = theme::inks().filter(shows).map(dark_rules).collect();
    format!(
        "<svg class=\"figure\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" style=\"color-scheme:light dark\" font-family=\"{FONT}\"><title>{title}</title><desc>{caption}</desc>\
             <style>@media screen and (prefers-color-scheme: dark){{{dark}}}</style>{body}</svg>"
    )
}

const FONT: &str = "system-ui, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

fn dark_rules(ink: &Ink) -> String {
    let (paper, dark) = (hex(theme::rgb(ink.paper)), ink.dark);
    format!(
        ".figure [stroke=\"{paper}\"]{{stroke:{dark}}}.figure [fill=\"{paper}\"]{{fill:{dark}}}"
    )
}

fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

// Writing to a String cannot fail.
fn written(mark: &Mark) -> String {
    let mut body = String::new();
    let _ = match mark {
        Mark::Strokes { paths, width, paint } => {
            let line: String = paths.iter().map(|path| along(path)).collect();
            let paint = painted("stroke", *paint);
            write!(
                body,
                "<path d=\"{line}\" fill=\"none\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{paint}/>"
            )
        }
        Mark::Areas { outlines, paint } => {
            let line: String = outlines.iter().map(|path| along(path) + "z").collect();
            write!(body, "<path d=\"{line}\"{}/>", painted("fill", *paint))
        }
        Mark::Dots { centres, radius, paint } => {
            // A line of no length with round ends.
            let dots: String = centres.iter().map(|(x, y)| format!("M{x} {y}h0")).collect();
            let (width, paint) = (2 * radius, painted("stroke", *paint));
            write!(
                body,
                "<path d=\"{dots}\" fill=\"none\" stroke-width=\"{width}\" stroke-linecap=\"round\"{paint}/>"
            )
        }
        Mark::Words(words) => {
            write_words(&mut body, words);
            Ok(())
        }
        Mark::Picture(picture) => write!(body, "{}", image(picture)),
    };
    body
}

fn painted(what: &str, paint: Paint) -> String {
    let mut text = format!(" {what}=\"{}\"", hex(paint.colour));
    if paint.alpha < 1.0 {
        let _ = write!(text, " {what}-opacity=\"{:.2}\"", paint.alpha);
    }
    text
}

/// Relative after the first place, which is shorter.
fn along(path: &[Coordinates]) -> String {
    let Some(&first) = path.first() else {
        return String::new();
    };
    let mut text = format!("M{} {}", first.0, first.1);
    for pair in path.windows(2) {
        let (dx, dy) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let _ = match (dx, dy) {
            (_, 0) => write!(text, "h{dx}"),
            (0, _) => write!(text, "v{dy}"),
            _ => write!(text, "l{dx} {dy}"),
        };
    }
    text
}

fn write_words(body: &mut String, words: &Words) {
    let (_, across, _) = words.line();
    let (x, y) = (f64::from(words.at.0), f64::from(words.at.1));
    let anchor = match words.horizontal {
        HPos::Left => "",
        HPos::Center => " text-anchor=\"middle\"",
        HPos::Right => " text-anchor=\"end\"",
    };
    let (place, turned) = if words.upwards {
        ((x + across, y), format!(" transform=\"rotate(-90 {:.0} {y:.0})\"", x + across))
    } else {
        ((x, y + across), String::new())
    };
    let (size, colour) = (words.size, hex(words.colour));
    let _ = write!(
        body,
        "<text x=\"{:.0}\" y=\"{:.0}\" font-size=\"{size}\" fill=\"{colour}\"{anchor}{turned}>",
        place.0, place.1
    );
    let mut height = 0.0;
    for run in &words.runs {
        let (share, shift) = run.level.geometry();
        let mut style = String::new();
        if run.italic {
            style += " font-style=\"italic\"";
        }
        if shift != height {
            let _ = write!(style, " dy=\"{:.1}\"", (height - shift) * size);
            height = shift;
        }
        if run.level != Level::Line {
            let _ = write!(style, " font-size=\"{:.1}\"", share * size);
        }
        let text = escaped(&run.text);
        let _ = if style.is_empty() {
            write!(body, "{text}")
        } else {
            write!(body, "<tspan{style}>{text}</tspan>")
        };
    }
    body.push_str("</text>");
}

fn image(picture: &Picture) -> String {
    let ((x, y), (width, height)) = (picture.corner, picture.size);
    let rows = picture.cells.len() / picture.columns.max(1);
    let file = png::encoded([picture.columns, rows], &picture.cells, &picture.palette, true);
    // Cells are whole at every size.
    format!(
        "<image x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" preserveAspectRatio=\"none\" \
         style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{}\"/>",
        png::base64(&file)
    )
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
