//! Where a method goes, for a picture.

use std::sync::{Arc, Mutex, PoisonError};

use crate::evidence::ComputedFigure;
use crate::{Axis, Content, Group, Instance, Line, Scale};

/// So many points of a path are drawn: more cover each other.
const VISITS: usize = 40;
/// So many heights of the function.
const HEIGHTS: u32 = 240;
/// How much room is left beside the path, relative to its width.
const ROOM: f64 = 0.15;

/// Records where a method goes on an instance of one variable: place and height of each iterate.
///
/// ```
/// use theoria_verification::Trace;
/// let trace = Trace::default();
/// trace.clone().run([(1.0, 0.5)], Some(0.0));
/// assert_eq!(trace.visits(), [(1.0, 0.5)]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Trace(Arc<Mutex<Visits>>);

/// What a trace holds.
#[derive(Debug, Default)]
struct Visits {
    visits: Vec<(f64, f64)>,
    least: Option<f64>,
}

impl Trace {
    /// The method has come to these places, where the function has these heights; where the function is least, if that is
    /// known, is to be seen as well. Of several runs the first is kept.
    pub fn run(&self, visits: impl IntoIterator<Item = (f64, f64)>, least: Option<f64>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.visits.is_empty() {
            kept.visits.extend(visits.into_iter().take(VISITS));
            kept.least = least;
        }
    }

    /// The first places that it has come to, with their heights.
    pub fn visits(&self) -> Vec<(f64, f64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).visits.clone()
    }

    fn least(&self) -> Option<f64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).least
    }

    /// The graph of an instance's function with the path on it; none if it has no graph, or the path leads nowhere.
    pub(crate) fn picture<I: Instance>(&self, instance: &I) -> Option<ComputedFigure> {
        let visits = self.visits();
        let places = visits.iter().map(|visit| visit.0).chain(self.least());
        let places = places.filter(|place| place.is_finite());
        let (low, high) =
            places.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        let width = high - low;
        if width.is_nan() || width <= 0.0 || width > 1e12 {
            return None;
        }
        let from = low - ROOM * width;
        let step = (1.0 + 2.0 * ROOM) * width / f64::from(HEIGHTS);
        let graph = (0..=HEIGHTS).map(|i| {
            let place = from + f64::from(i) * step;
            Some((place, instance.height(place)?))
        });
        let graph: Vec<(f64, f64)> = graph.collect::<Option<_>>()?;
        Some(ComputedFigure {
            name: "worst".into(),
            caption:
                "The worst function that the search has found, with the path of the method on it."
                    .into(),
            x: Axis::new("x", Scale::Linear),
            y: Axis::new("f(x)", Scale::Linear),
            content: Content::Points {
                groups: vec![Group::new("iterates", visits)],
                lines: vec![Line::measured("f", graph)],
            },
        })
    }
}
