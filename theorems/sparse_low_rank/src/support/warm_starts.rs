//! A programme whose slope changes, and how long the active-set method takes from the solution before.

use nalgebra::DVector;
use theoria_models::numerics::Fraction;
use theoria_verification::{
    Case, Check, Claim, Draw, Family, Hypothesis, Instance, Readings, Side, Stream, TrialClaim,
};

use super::programs::{Point, exact, numbers, proved, whole};
use super::quadratic_programs::{Path, Started, draw, drawn, half_plane, pentagon};

/// A programme whose slope changes.
pub(crate) struct Changed {
    before: Started,
    slope: Point,
}

impl Instance for Changed {
    fn description(&self) -> String {
        format!("{}, c changed", self.before.description())
    }
}

impl Changed {
    /// From the same start as before.
    fn cold(&self) -> Started {
        self.before.with_slope(self.slope.clone())
    }
}

fn equalities(path: &Path) -> Vec<usize> {
    let mut set = path.sets.last().cloned().unwrap_or_default();
    set.sort_unstable();
    set
}

/// The constraints with equality at both solutions are the same.
fn same_set() -> Hypothesis<Changed> {
    Hypothesis::new("the same working set at the solution", |at: &Changed, _| {
        let sets = [at.before.path(), at.cold().path()].map(|path| equalities(&path));
        Check::that(sets[0] == sets[1], format!("{:?} and {:?}", sets[0], sets[1]))
    })
}

pub(crate) fn warm(name: &str, formula: &str) -> Claim<Changed> {
    Claim::identity(name, formula, 1e-12)
        .assuming([exact(), same_set()])
        .measuring_each(|at: &Changed| {
            let path = at.before.continued(at.slope.clone()).path();
            let count = path.multipliers.is_some().then(|| Fraction::from(path.moved.len() as i64));
            Readings::at(1, proved(count))
        })
        .predicting(|at, _| {
            let (before, after) = (at.before.path(), at.cold().path());
            if before.last() == after.last() { 1.0 } else { 2.0 }
        })
}

/// Every entry of c, which is at most 30, by 1 to 99 of these parts of 1.
pub(crate) fn changed(name: &str, part: i64) -> Family<Changed> {
    Family::drawn(name, move |draw| {
        let before = drawn().instance(draw, 0);
        let d = before.start.len();
        let change = |draw: &mut Draw| whole(draw, 1, 99) / Fraction::from(part);
        let slope = DVector::from_fn(d, |i, _| before.program.slope()[i].clone() + change(draw));
        Changed { before, slope }
    })
}

/// |x|²/2 with x₁ ≥ b, to which half of this is added along x.
pub(crate) fn held(bound: i64, twice: [i64; 2]) -> Changed {
    let before = half_plane(bound);
    let slope = numbers(&twice).map(|entry| entry / Fraction::from(2));
    Changed { before, slope }
}

/// The minimum without constraints moves to the other side of the pentagon.
pub(crate) fn warm_elsewhere(warm: &Claim<Changed>) -> Claim<Changed> {
    let family = Family::single("pentagon, other side", || Changed {
        before: pentagon(),
        slope: numbers(&[-10, 1]),
    });
    warm.restated("warm_start_elsewhere", "iterations from the old solution: 2, or 1 if x* stays")
        .on(family)
        .on(Family::single("equality at both solutions", || held(0, [2, -2])))
        .violating("the same working set at the solution")
}

/// At 1, that a run from 0 takes at most 10 iterations; at 2, that one takes at most 2 from the solution before every entry of c changed by a tenth of it
/// at most.
pub(crate) fn iterations(
    name: &str,
    formula: &str,
    shares: [f64; 2],
) -> TrialClaim<Case<[usize; 2]>> {
    let few = |at: Started, most: usize| {
        let path = at.path();
        let ended = path.multipliers.is_some();
        if ended { f64::from(u8::from(path.moved.len() <= most)) } else { f64::NAN }
    };
    Claim::probability(name, formula, Side::AtLeast)
        .assuming([
            exact(),
            Hypothesis::by_construction("whole numbers", "equally likely ones, in each trial"),
        ])
        .on(Family::cases("random programmes", [[6, 20]], |[d, m]| {
            format!("{d} variables, {m} constraints")
        }))
        .trials(8192)
        .sampling(move |at: &Case<[usize; 2]>, block| {
            let [d, m] = at.value;
            block.each(&[1.0, 2.0], |random| {
                let mut from = Draw::new(Stream::drawn(random).trial(0));
                let cold = draw(&mut from, d, m);
                let change =
                    |c: &Fraction| c.clone() * whole(&mut from, 900, 1100) / Fraction::from(1000);
                let slope = DVector::from_iterator(d, cold.program.slope().iter().map(change));
                let warm = cold.continued(slope);
                vec![few(cold, 10), few(warm, 2)]
            })
        })
        .predicting(move |_, which| shares[which as usize - 1])
}
