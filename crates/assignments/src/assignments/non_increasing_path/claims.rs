//! What is claimed of paths.

use theoria_verification::{Claim, Curve, Hypothesis, Reading, Readings};

use super::starts::Start;
use crate::play::Student;

/// Places on each segment at which the loss is measured.
const PLACES: usize = 32;
/// What is left to rounding, as a part of f(start) + Σ y²/2, and how well the loss is known.
const LEFT: f64 = 1e-9;
const ROUNDING: f64 = 1e-14;

fn hypotheses() -> [Hypothesis<Start>; 2] {
    [
        Hypothesis::by_construction("as many neurons as samples", "n + 0, 1 or 2 are drawn"),
        Hypothesis::by_construction(
            "distinct samples",
            "samples too near to each other are drawn anew",
        ),
    ]
}

/// Losses on the way, and what they are relative to.
struct Descent {
    /// Positions in segments, and the losses there; that of the start comes first.
    losses: Vec<(f64, f64)>,
    unit: f64,
}

impl Descent {
    fn along(start: &Start, path: &[Vec<f64>]) -> Self {
        let loss = start.loss();
        let zero = vec![0.0; path[0].len()];
        let at_start = loss(&path[0]);
        let segments = path.windows(2).enumerate().flat_map(|(segment, ends)| {
            (1..=PLACES).map(move |k| (segment, ends, k as f64 / PLACES as f64))
        });
        let on_segments = segments.map(|(segment, ends, share)| {
            let pairs = ends[0].iter().zip(&ends[1]);
            let place: Vec<f64> = pairs.map(|(a, b)| (1.0 - share) * a + share * b).collect();
            (segment as f64 + share, loss(&place))
        });
        let losses = [(0.0, at_start)].into_iter().chain(on_segments).collect();
        Descent { losses, unit: at_start + loss(&zero) }
    }

    /// At each place but the last the least loss before it; at the last 0.
    fn allowed(&self) -> Vec<f64> {
        let before = self.losses.iter().scan(f64::INFINITY, |least, (_, loss)| {
            *least = least.min(*loss);
            Some(*least)
        });
        let mut allowed: Vec<f64> = before.collect();
        allowed.pop();
        if let Some(last) = allowed.last_mut() {
            *last = 0.0;
        }
        allowed.into_iter().map(|allowed| allowed + LEFT * self.unit).collect()
    }

    fn holds(&self) -> bool {
        let allowed = self.allowed();
        let mut pairs = self.losses[1..].iter().zip(&allowed);
        !allowed.is_empty() && pairs.all(|((_, loss), allowed)| loss <= allowed)
    }
}

/// The loss never increases, and ends at 0.
pub(super) fn descends(name: &str, student: &Student) -> Claim<Start> {
    let student = student.clone();
    Claim::bound(
        name,
        "on the path: loss ≤ every loss before it; at its end: loss ≤ 0 (and 10⁻⁹ for rounding)",
    )
    .assuming(hypotheses())
    .experiment(move |start: &Start| {
        let path = start.path_by(&student).filter(|path| path.len() > 1);
        let Some(path) = path else { return Curve::at(0.0, Reading::DIVERGED, 0.0) };
        let descent = Descent::along(start, &path);
        let (places, allowed) = (&descent.losses[1..], descent.allowed());
        let floor = ROUNDING * descent.unit;
        let curve =
            Curve::over(0..places.len(), |i| Reading::new(places[i].1, floor), |i| allowed[i]);
        curve.with_abscissae(&places.iter().map(|(place, _)| *place).collect::<Vec<_>>())
    })
}

/// The number of segments of a path that descends to 0, against what the rank at the start lacks. Any other has no number.
pub(super) fn segments(student: &Student) -> Claim<Start> {
    let student = student.clone();
    Claim::bound("segments", "segments of a path down to 0 ≤ 2 (n − rank at the start) + 1")
        .assuming(hypotheses())
        .measuring_each(move |start: &Start| {
            let path = start.path_by(&student);
            let descends = |path: &Vec<Vec<f64>>| Descent::along(start, path).holds();
            let count = path.filter(descends).map_or(Reading::NEVER, |path| {
                let start_is_listed = path[0] == path[1];
                Reading::new((path.len() - 1 - usize::from(start_is_listed)) as f64, 0.0)
            });
            Readings::at(start.missing(), count)
        })
        .predicting(|_, missing| 2.0 * missing + 1.0)
}
