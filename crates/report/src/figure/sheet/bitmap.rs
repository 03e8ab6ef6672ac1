//! A sheet as a bitmap, for slides and for programs that read no SVG.

use ttf_parser::OutlineBuilder;

use super::coverage::Coverage;
use super::typeset::LEAN;
use super::{Coordinates, Mark, Paint, Picture, Sheet, Words, png, typeface};

/// Colours of a figure of lines: its inks, and shades of them at edges.
const COLOURS: usize = 32;

impl Sheet {
    /// The figure as a PNG file, on white, as large as it is drawn.
    pub(crate) fn png(&self) -> Vec<u8> {
        // Of lines and letters all but the edges has one of a few colours; of pictures each shade counts.
        let is_picture = self.marks.iter().any(|mark| matches!(mark, Mark::Picture(_)));
        let most = if is_picture { 256 } else { COLOURS };
        let (cells, palette) = png::few_colours(&self.pixels(), most);
        png::encoded([self.width as usize, self.height as usize], &cells, &palette, false)
    }

    /// Row by row, from the top.
    pub(super) fn pixels(&self) -> Vec<[u8; 3]> {
        let (width, height) = (self.width as usize, self.height as usize);
        let mut bitmap = Bitmap {
            width,
            pixels: vec![[0xff; 3]; width * height],
            coverage: Coverage::new(width, height),
        };
        for mark in &self.marks {
            bitmap.draw(mark);
        }
        bitmap.pixels
    }
}

struct Bitmap {
    width: usize,
    pixels: Vec<[u8; 3]>,
    coverage: Coverage,
}

impl Bitmap {
    fn draw(&mut self, mark: &Mark) {
        match mark {
            Mark::Strokes { paths, width, paint } => {
                let reach = *width as f32 / 2.0;
                for path in paths {
                    self.stroke(path, reach);
                }
                self.apply(*paint);
            }
            Mark::Areas { outlines, paint } => {
                for outline in outlines {
                    let corners: Vec<_> = outline.iter().map(|at| whole(*at)).collect();
                    self.coverage.add(&corners);
                }
                self.apply(*paint);
            }
            Mark::Dots { centres, radius, paint } => {
                for centre in centres {
                    self.coverage.add(&circle(whole(*centre), *radius as f32));
                }
                self.apply(*paint);
            }
            Mark::Words(words) => {
                self.write(words);
                self.apply(Paint { colour: words.colour, alpha: 1.0 });
            }
            Mark::Picture(picture) => self.show(picture),
        }
    }

    fn stroke(&mut self, path: &[Coordinates], reach: f32) {
        for pair in path.windows(2) {
            let (from, to) = (whole(pair[0]), whole(pair[1]));
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = dx.hypot(dy);
            if length > 0.0 {
                let (nx, ny) = (-dy / length * reach, dx / length * reach);
                self.coverage.add(&[
                    (from.0 + nx, from.1 + ny),
                    (to.0 + nx, to.1 + ny),
                    (to.0 - nx, to.1 - ny),
                    (from.0 - nx, from.1 - ny),
                ]);
            }
        }
        if reach > 1.0 {
            let inner = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
            for &corner in inner {
                self.coverage.add(&circle(whole(corner), reach));
            }
        }
    }

    fn write(&mut self, words: &Words) {
        let (mut along, across, _) = words.line();
        for run in &words.runs {
            let (share, shift) = run.level.geometry();
            let size = share * words.size;
            for letter in run.text.chars() {
                let mut pen = Pen {
                    coverage: &mut self.coverage,
                    origin: (f64::from(words.at.0) as f32, f64::from(words.at.1) as f32),
                    along: along as f32,
                    across: (across - shift * words.size) as f32,
                    size: size as f32,
                    lean: if run.italic { LEAN as f32 } else { 0.0 },
                    upwards: words.upwards,
                    start: (0.0, 0.0),
                    last: (0.0, 0.0),
                };
                typeface::outline(letter, &mut pen);
                along += size * typeface::advance(letter);
            }
        }
    }

    fn apply(&mut self, paint: Paint) {
        let (width, pixels, alpha) = (self.width, &mut self.pixels, paint.alpha as f32);
        self.coverage.take(|x, y, covered| {
            let share = covered * alpha;
            for (old, new) in pixels[y * width + x].iter_mut().zip(paint.colour) {
                // Never negative, so that this rounds.
                *old = (f32::from(*old) + share * (f32::from(new) - f32::from(*old)) + 0.5) as u8;
            }
        });
    }

    fn show(&mut self, picture: &Picture) {
        let rows = picture.cells.len() / picture.columns.max(1);
        let (wide, high) = (picture.size.0.max(1) as usize, picture.size.1.max(1) as usize);
        let height = self.pixels.len() / self.width;
        for y in 0..high {
            for x in 0..wide {
                let cell = (y * rows / high) * picture.columns + x * picture.columns / wide;
                let place =
                    (picture.corner.0.max(0) as usize + x, picture.corner.1.max(0) as usize + y);
                let code = picture.cells.get(cell).map_or(0, |code| usize::from(*code));
                if code > 0 && place.0 < self.width && place.1 < height {
                    self.pixels[place.1 * self.width + place.0] = picture.palette[code];
                }
            }
        }
    }
}

fn whole((x, y): Coordinates) -> (f32, f32) {
    (x as f32, y as f32)
}

fn circle((x, y): (f32, f32), radius: f32) -> Vec<(f32, f32)> {
    let corners = if radius < 4.0 { 8 } else { 20 };
    let angle = |k: usize| std::f32::consts::TAU * k as f32 / corners as f32;
    (0..corners).map(|k| (x + radius * angle(k).cos(), y + radius * angle(k).sin())).collect()
}

/// Draws the outline of a letter where it stands.
struct Pen<'a> {
    coverage: &'a mut Coverage,
    origin: (f32, f32),
    along: f32,
    across: f32,
    size: f32,
    lean: f32,
    upwards: bool,
    start: (f32, f32),
    last: (f32, f32),
}

impl Pen<'_> {
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let along = self.along + self.size * (x + self.lean * y);
        let across = self.across - self.size * y;
        if self.upwards {
            (self.origin.0 + across, self.origin.1 - along)
        } else {
            (self.origin.0 + along, self.origin.1 + across)
        }
    }

    fn edge_to(&mut self, to: (f32, f32)) {
        self.coverage.add_edge(self.last, to);
        self.last = to;
    }
}

/// Pieces of a curve of a letter.
const PIECES: usize = 4;

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = self.place(x, y);
        self.last = self.start;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.edge_to(self.place(x, y));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (a, b, c) = (self.last, self.place(x1, y1), self.place(x, y));
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            let mix = |a: f32, b: f32, c: f32| {
                (1.0 - t) * ((1.0 - t) * a + t * b) + t * ((1.0 - t) * b + t * c)
            };
            self.edge_to((mix(a.0, b.0, c.0), mix(a.1, b.1, c.1)));
        }
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        // The outlines of TrueType have none; a quadratic one is near enough.
        self.quad_to(f32::midpoint(x1, x2), f32::midpoint(y1, y2), x, y);
    }

    fn close(&mut self) {
        self.edge_to(self.start);
    }
}
