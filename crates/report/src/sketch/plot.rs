//! Lines, dots and cells within two bare axes, as SVG.

use std::fmt::Write;

use maud::{Markup, html};

use crate::figure::{DrawnAxis as Axis, LINES};

/// Size of the picture, in its own units.
pub(super) const WIDTH: f64 = 320.0;
pub(super) const HEIGHT: f64 = 192.0;
const MARGIN: f64 = 6.0;

/// Points nearer than this to the one before are left out.
const NEAR: f64 = 0.8;

/// Lines of at most so many points show their points.
const MARKED: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Line(usize),
    Control,
    /// Over cells of any colour.
    Over,
}

impl Ink {
    pub(super) fn class(self) -> String {
        match self {
            Ink::Line(number) => format!("ink{}", number % LINES.len()),
            Ink::Control => "ink-control".into(),
            Ink::Over => "over".into(),
        }
    }
}

/// A line; what is no number is a gap in it.
pub(super) struct Trace {
    pub(super) points: Vec<(f64, f64)>,
    pub(super) predicted: bool,
    pub(super) ink: Ink,
}

pub(super) struct Plot {
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) traces: Vec<Trace>,
    pub(super) clouds: Vec<(Ink, Vec<(f64, f64)>)>,
    /// From left, to right, height.
    pub(super) bars: Vec<[f64; 3]>,
    /// An address of a picture that fills the axes.
    pub(super) cells: Option<String>,
    /// A place that matters.
    pub(super) ring: Option<(f64, f64)>,
}

impl Plot {
    pub(super) fn new(x: Axis, y: Axis) -> Self {
        Plot {
            x,
            y,
            traces: Vec::new(),
            clouds: Vec::new(),
            bars: Vec::new(),
            cells: None,
            ring: None,
        }
    }

    /// Whether it has two points that can be told apart, or something else.
    pub(super) fn is_visible(&self) -> bool {
        let drawn = self.traces.iter().map(|trace| self.path(&trace.points));
        drawn.map(|path| path.matches('L').count()).sum::<usize>() > 0
            || self.cells.is_some()
            || !self.bars.is_empty()
            || !self.clouds.is_empty()
    }

    /// In the picture; a little beyond it what lies far beyond it.
    pub(super) fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        Some((self.across(x)?, self.up(y)?))
    }

    pub(super) fn across(&self, x: f64) -> Option<f64> {
        Some(MARGIN + self.x.position(x)?.clamp(-0.2, 1.2) * (WIDTH - 2.0 * MARGIN))
    }

    pub(super) fn up(&self, y: f64) -> Option<f64> {
        Some(HEIGHT - MARGIN - self.y.position(y)?.clamp(-0.5, 1.5) * (HEIGHT - 2.0 * MARGIN))
    }

    pub(super) fn path(&self, points: &[(f64, f64)]) -> String {
        let mut path = String::new();
        let mut last: Option<(f64, f64)> = None;
        for point in points {
            let Some((x, y)) = self.place(*point) else {
                last = None;
                continue;
            };
            if last.is_some_and(|(before, above)| (x - before).abs() + (y - above).abs() < NEAR) {
                continue;
            }
            let command = if last.is_some() { 'L' } else { 'M' };
            // Writing to a String cannot fail.
            let _ = write!(path, "{command}{x:.1} {y:.1}");
            last = Some((x, y));
        }
        path
    }

    /// For the eye alone, or with a name.
    pub(super) fn svg(&self, told: Option<&str>) -> Markup {
        let frame = format!("0 0 {WIDTH} {HEIGHT}");
        match told {
            Some(told) => {
                html! { svg .sketch viewBox=(frame) role="img" aria-label=(told) { (self.body()) } }
            }
            None => html! { svg .sketch viewBox=(frame) aria-hidden="true" { (self.body()) } },
        }
    }

    /// All that is drawn, without the element around it.
    pub(super) fn body(&self) -> Markup {
        html! {
            @if let Some(address) = &self.cells {
                image x=(MARGIN) y=(MARGIN) width=(WIDTH - 2.0 * MARGIN) height=(HEIGHT - 2.0 * MARGIN)
                    preserveAspectRatio="none" href=(address) {}
            }
            @for [from, to, top] in &self.bars { (self.bar(*from, *to, *top)) }
            (self.lines())
            @for (ink, points) in &self.clouds {
                @for point in points {
                    @if let Some((x, y)) = self.place(*point) {
                        circle .(ink.class()) cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" {}
                    }
                }
            }
            @if let Some((x, y)) = self.ring.and_then(|point| self.place(point)) {
                circle .ring cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="8" {}
            }
            path .axes d=(format!("M{m} {m}V{}H{}", HEIGHT - MARGIN, WIDTH - MARGIN, m = MARGIN)) {}
        }
    }

    fn bar(&self, from: f64, to: f64, top: f64) -> Markup {
        let corners = self.place((from, 0.0)).zip(self.place((to, top)));
        html! {
            @if let Some(((left, low), (right, high))) = corners {
                rect .ink0 x=(format!("{left:.1}")) y=(format!("{high:.1}"))
                    width=(format!("{:.1}", (right - left).max(1.0) - 0.5)) height=(format!("{:.1}", (low - high).max(0.0))) {}
            }
        }
    }

    /// What is measured broad and pale, what is predicted dashed over it, so that both are seen where they agree.
    fn lines(&self) -> Markup {
        html! {
            @for trace in self.traces.iter().filter(|trace| !trace.predicted) {
                path .measured .(trace.ink.class()) d=(self.path(&trace.points)) {}
                @if trace.points.len() <= MARKED {
                    @for point in &trace.points {
                        @if let Some((x, y)) = self.place(*point) {
                            circle .(trace.ink.class()) cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="4" {}
                        }
                    }
                }
            }
            @for trace in self.traces.iter().filter(|trace| trace.predicted) {
                path .predicted .(trace.ink.class()) d=(self.path(&trace.points)) {}
            }
        }
    }
}
