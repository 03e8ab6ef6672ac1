//! Points of the LASSO with dual points that belong to them.

use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_verification::{Family, Instance, Reading};

use crate::support::lasso_runs::proximal;
use crate::support::penalised::{Penalised, diabetes, drawn_in_numbers, numbers};

/// After so many steps of proximal gradient descent the pairs are looked at.
const SEEN: [usize; 8] = [0, 1, 2, 5, 10, 20, 50, 100];

/// A problem with points and dual points that belong to them.
pub(crate) struct Pairs {
    pub(crate) problem: Penalised,
    pub(crate) pairs: Vec<(Vector, Vector)>,
    name: String,
}

impl Instance for Pairs {
    fn description(&self) -> String {
        format!("{}; {}", self.problem.description(), self.name)
    }
}

impl Pairs {
    /// Dual points as the theorem makes them.
    pub(crate) fn of(
        problem: Penalised,
        name: &str,
        points: impl IntoIterator<Item = Vector>,
    ) -> Self {
        let pairs = points.into_iter().map(|a| {
            let t = problem.lasso.dual_point(&a);
            (a, t)
        });
        Pairs { pairs: pairs.collect(), problem, name: name.into() }
    }

    pub(crate) fn gap(&self, i: usize) -> f64 {
        let (a, t) = &self.pairs[i];
        (self.problem.lasso.value(a) - self.problem.lasso.dual_value(t)).max(0.0)
    }

    pub(crate) fn above(&self, i: usize) -> Reading {
        let a = &self.pairs[i].0;
        Reading::new(
            self.problem.lasso.value(a) - self.problem.minimum.value,
            self.problem.floor(a),
        )
    }

    /// t* = 2(y - X a*)
    pub(crate) fn dual_solution(&self) -> Vector {
        self.problem.lasso.residual(&self.problem.solution) * 2.0
    }

    /// What rounding of the gap, and of the solution itself, does to distances of dual points.
    pub(crate) fn floor_of_distances(&self, i: usize) -> f64 {
        let floor = self.problem.floor(&self.pairs[i].0);
        2.0 * (self.gap(i) + floor).sqrt() - 2.0 * self.gap(i).sqrt()
            + 2.0 * self.problem.minimum.error.sqrt()
    }

    pub(crate) fn indices(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.pairs.len()
    }
}

/// Up to where it has arrived: there the gap is rounding.
fn along(p: Penalised) -> Pairs {
    let points = proximal(&p, SEEN[SEEN.len() - 1]);
    let moving = |a: &Vector| p.lasso.gap(a) > 1e4 * p.floor(a);
    let seen: Vec<Vector> = SEEN.iter().map(|&k| points[k].clone()).take_while(moving).collect();
    Pairs::of(p, "along proximal gradient descent", seen)
}

pub(crate) fn steps_on_diabetes() -> Family<Pairs> {
    diabetes([0.3, 0.1]).map(along)
}

pub(crate) fn from_zero() -> Family<Pairs> {
    diabetes([0.3]).map(|p| {
        let start = Vector::zeros(p.solution.len());
        Pairs::of(p, "at 0", [start])
    })
}

/// More features than samples, and a weight near the threshold, where much is screened.
pub(crate) fn steps_on_wide() -> Family<Pairs> {
    Family::drawn("20 features of 12 samples", |draw| {
        let features = theoria_instances::families::gaussian_matrix(12, 20, draw);
        let targets = theoria_instances::families::gaussian(12, draw);
        let share = draw.uniform(0.4, 0.9);
        along(Penalised::at_share("Gaussian", features, targets, share))
    })
}

pub(crate) fn pairs_in_numbers() -> Family<Pairs> {
    Family::drawn("few features and a point in numbers", |draw| {
        let problem = drawn_in_numbers(draw);
        let point = Vector::from_fn(problem.solution.len(), |_, _| 2.0 * draw.normal());
        let share = draw.including_ends(0.0, 1.0);
        let at = numbers(point.iter());
        let mut pairs = Pairs::of(problem, "", [point]);
        pairs.pairs[0].1 *= share;
        pairs.name = format!("at {at}, t = {share:.6} times what the residual gives");
        pairs
    })
}

fn single(y: f64, weight: f64) -> Penalised {
    Penalised::new(
        "one feature",
        Lasso::new(Matrix::identity(1, 1), Vector::from_element(1, y), weight),
    )
}

/// X = 1, y = 3, λ = 2: the gap is F(a) - F* for a in [0, 2).
pub(crate) fn one_feature() -> Family<Pairs> {
    Family::single("X = 1, y = 3, λ = 2", || {
        let points = [0.0, 0.5, 1.0].map(|a| Vector::from_element(1, a));
        Pairs::of(single(3.0, 2.0), "at 0, 0.5, 1", points)
    })
}

/// X = 1 with λ > 2|y|: a = a* = 0, t* = 2y, and t = 2cy with 0 < c < 1.
pub(crate) fn beyond_the_threshold() -> Family<Pairs> {
    Family::listed("X = 1, y = 3, λ > 6", [6.5, 12.0], |&weight| {
        let pairs = [0.2, 0.5, 0.9].map(|c| (Vector::zeros(1), Vector::from_element(1, 6.0 * c)));
        let name = "at 0 with t = 1.2, 3, 5.4".into();
        Pairs { problem: single(3.0, weight), pairs: pairs.into(), name }
    })
}
