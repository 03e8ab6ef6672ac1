//! What a figure is drawn on: a record of everything that is drawn, from which both the SVG and the PNG are written.

mod bitmap;
#[cfg(test)]
mod check;
mod coverage;
mod png;
mod svg;
mod typeface;
mod typeset;

use std::convert::Infallible;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontTransform,
};

#[cfg(test)]
pub(super) use check::Bounds;
use typeset::REACH;
pub(crate) use typeset::{Level, Run, runs, width};

/// What can be drawn on by `plotters`.
pub(super) type Area<'a> = DrawingArea<Recorder<'a>, Shift>;
pub(super) type Fault = DrawingAreaErrorKind<Infallible>;

type Coordinates = (i32, i32);

/// A colour with its opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Paint {
    colour: [u8; 3],
    alpha: f64,
}

/// Something drawn in one paint; more of the same kind and paint are parts of one.
enum Mark {
    Strokes { paths: Vec<Vec<Coordinates>>, width: u32, paint: Paint },
    Areas { outlines: Vec<Vec<Coordinates>>, paint: Paint },
    Dots { centres: Vec<Coordinates>, radius: u32, paint: Paint },
    Words(Words),
    Picture(Picture),
}

/// A label where it stands.
struct Words {
    runs: Vec<Run>,
    size: f64,
    colour: [u8; 3],
    at: Coordinates,
    horizontal: HPos,
    vertical: VPos,
    /// Read from below to above.
    upwards: bool,
}

/// The address of a picture of these cells, each a place in the palette, of which the first is transparent.
pub(super) fn picture_address(size: [usize; 2], cells: &[u8], palette: &[[u8; 3]]) -> String {
    let file = png::encoded(size, cells, palette, true);
    format!("data:image/png;base64,{}", png::base64(&file))
}

/// Cells of a palette, the first of which is empty, stretched over a rectangle.
pub(super) struct Picture {
    pub(super) corner: (i32, i32),
    pub(super) size: (i32, i32),
    pub(super) columns: usize,
    pub(super) cells: Vec<u8>,
    pub(super) palette: Vec<[u8; 3]>,
}

/// All that is drawn of a figure.
pub(crate) struct Sheet {
    width: u32,
    height: u32,
    marks: Vec<Mark>,
    #[cfg(test)]
    frame: Option<Bounds>,
}

impl Sheet {
    pub(super) fn new(width: u32, height: u32) -> Self {
        Sheet {
            width,
            height,
            marks: Vec::new(),
            #[cfg(test)]
            frame: None,
        }
    }

    /// Records what `draw` draws; says why if that fails.
    pub(super) fn draw(
        &mut self,
        draw: impl FnOnce(&Area<'_>) -> Result<(), Fault>,
    ) -> Result<(), String> {
        let area = Recorder(self).into_drawing_area();
        draw(&area).map_err(|fault| fault.to_string())
    }

    pub(super) fn picture(&mut self, picture: Picture) {
        self.marks.push(Mark::Picture(picture));
    }
}

impl Words {
    /// Where the line that it stands on begins, along it and across, before it is turned; and its width.
    fn line(&self) -> (f64, f64, f64) {
        let width = self.size * self.runs.iter().map(typeset::run_width).sum::<f64>();
        let along = match self.horizontal {
            HPos::Left => 0.0,
            HPos::Center => -width / 2.0,
            HPos::Right => -width,
        };
        let across = match self.vertical {
            VPos::Top => REACH.0,
            VPos::Center => 0.365,
            VPos::Bottom => -REACH.1,
        };
        (along, across * self.size, width)
    }
}

/// Records on a sheet.
pub(super) struct Recorder<'a>(&'a mut Sheet);

fn paint(colour: BackendColor) -> Paint {
    let (r, g, b) = colour.rgb;
    Paint { colour: [r, g, b], alpha: colour.alpha }
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

impl Recorder<'_> {
    fn stroke(&mut self, path: Vec<Coordinates>, style: &impl BackendStyle) -> Drawn {
        let (of, thick) = (paint(style.color()), style.stroke_width());
        match self.0.marks.last_mut() {
            Some(Mark::Strokes { paths, width, paint }) if *width == thick && *paint == of => {
                paths.push(path);
            }
            _ => self.0.marks.push(Mark::Strokes { paths: vec![path], width: thick, paint: of }),
        }
        Ok(())
    }

    fn fill(&mut self, outline: Vec<Coordinates>, colour: BackendColor) -> Drawn {
        let of = paint(colour);
        match self.0.marks.last_mut() {
            Some(Mark::Areas { outlines, paint }) if *paint == of => outlines.push(outline),
            _ => self.0.marks.push(Mark::Areas { outlines: vec![outline], paint: of }),
        }
        Ok(())
    }
}

impl DrawingBackend for Recorder<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.0.width, self.0.height)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        self.fill(vec![(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)], color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Drawn {
        self.stroke(vec![from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (left, top): BackendCoord,
        (right, bottom): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let mut outline = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
        if fill {
            return self.fill(outline, style.color());
        }
        outline.push((left, top));
        self.stroke(outline, style)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.stroke(path.into_iter().collect(), style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        if !fill {
            let corner = |k: i32| {
                let angle = f64::from(k) * std::f64::consts::TAU / 16.0;
                let reach = f64::from(radius);
                let place = |middle: i32, share: f64| middle + (reach * share).round() as i32;
                (place(center.0, angle.cos()), place(center.1, angle.sin()))
            };
            return self.stroke((0..=16).map(corner).collect(), style);
        }
        let of = paint(style.color());
        match self.0.marks.last_mut() {
            Some(Mark::Dots { centres, radius: known, paint })
                if *known == radius && *paint == of =>
            {
                centres.push(center);
            }
            _ => self.0.marks.push(Mark::Dots { centres: vec![center], radius, paint: of }),
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Drawn {
        self.fill(vert.into_iter().collect(), style.color())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        let anchor = style.anchor();
        self.0.marks.push(Mark::Words(Words {
            runs: runs(text),
            size: style.size(),
            colour: paint(style.color()).colour,
            at,
            horizontal: anchor.h_pos,
            vertical: anchor.v_pos,
            upwards: matches!(style.transform(), FontTransform::Rotate270),
        }));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
