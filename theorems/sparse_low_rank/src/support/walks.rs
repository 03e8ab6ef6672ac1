//! Walks of the simplex method from vertex to vertex.

use std::collections::BTreeSet;

use nalgebra::DMatrix;
use theoria_algorithms::{Method, PivotRule, Simplex, SimplexState};
use theoria_models::LinearProgram;
use theoria_models::numerics::Fraction;
use theoria_verification::{Check, Family, Hypothesis, Instance};

use super::programs::{Point, Program, matrix, whole};

/// Pivots after which a walk is given up: none of those here is as long.
const LONGEST: usize = 2000;

/// A programme, a first basis, and the rule of the pivots.
pub(crate) struct Walk {
    name: String,
    program: Program,
    basis: Vec<usize>,
    rule: PivotRule,
}

impl Instance for Walk {
    fn description(&self) -> String {
        let rule = match self.rule {
            PivotRule::Bland => "Bland's rule",
            PivotRule::LargestCoefficient => "largest coefficient",
        };
        format!("{}, {rule}", self.name)
    }
}

/// How a walk went.
pub(crate) struct Walked {
    /// The vertices, the first one included.
    pub(crate) vertices: Vec<Point>,
    /// How many pivots before the last one the last basis was met first, if it was.
    pub(crate) back_after: Option<usize>,
    /// Whether it ended, at an optimum or on a ray.
    pub(crate) ended: bool,
    /// Whether it ended at an optimum.
    pub(crate) optimal: bool,
}

impl Walk {
    /// From the slacks of a programme that [`LinearProgram::at_most`] made.
    pub(crate) fn from_slacks(name: &str, program: Program, rule: PivotRule) -> Self {
        let (rows, variables) = program.shape();
        Walk { name: name.into(), program, basis: (variables - rows..variables).collect(), rule }
    }

    /// Up to an end, or to the first basis that comes back.
    pub(crate) fn walk(&self) -> Walked {
        let mut walked =
            Walked { vertices: Vec::new(), back_after: None, ended: false, optimal: false };
        let Some(mut simplex) = Simplex::at(&self.program, self.basis.clone(), self.rule) else {
            return walked;
        };
        let mut x = simplex.vertex(&self.program);
        let mut met: Vec<BTreeSet<usize>> = Vec::new();
        while met.len() < LONGEST {
            let basis: BTreeSet<usize> = simplex.basis().iter().copied().collect();
            walked.vertices.push(x.clone());
            if let Some(first) = met.iter().position(|other| *other == basis) {
                walked.back_after = Some(met.len() - first);
                return walked;
            }
            met.push(basis);
            simplex.step(&self.program, &mut x);
            if *simplex.state() != SimplexState::Underway {
                walked.ended = true;
                walked.optimal = matches!(simplex.state(), SimplexState::Optimal { .. });
                return walked;
            }
        }
        walked
    }

    /// The value at the end, if that is an optimum.
    pub(crate) fn least(&self) -> Option<Fraction> {
        let walked = self.walk();
        let last = walked.vertices.last().filter(|_| walked.optimal)?;
        Some(self.program.value(last))
    }
}

pub(crate) fn rule_of_bland() -> Hypothesis<Walk> {
    Hypothesis::new("Bland's rule", |at: &Walk, _| {
        Check::that(at.rule == PivotRule::Bland, at.description())
    })
}

/// At the first vertex a variable of the basis is 0.
pub(crate) fn degenerate_start() -> Hypothesis<Walk> {
    Hypothesis::new("degenerate start", |at: &Walk, _| {
        let zeros = at.program.right().iter().filter(|b| **b == Fraction::from(0)).count();
        Check::that(zeros > 0, format!("{zeros} zeros in b"))
    })
}

/// Maximise Σ 2^(n−i) x_i with 2 Σ_{j<i} 2^(i−j) x_j + x_i ≤ 5^i (Klee, Minty 1972).
pub(crate) fn klee_minty(n: usize, rule: PivotRule) -> Walk {
    let power = |base: i64, exponent: usize| Fraction::from(base.pow(exponent as u32));
    let entries = DMatrix::from_fn(n, n, |i, j| match j.cmp(&i) {
        std::cmp::Ordering::Less => power(2, i - j + 1),
        std::cmp::Ordering::Equal => power(1, 0),
        std::cmp::Ordering::Greater => Fraction::from(0),
    });
    let right = Point::from_fn(n, |i, _| power(5, i + 1));
    let cost = Point::from_fn(n, |i, _| -power(2, n - 1 - i));
    let program = LinearProgram::at_most(&entries, right, &cost);
    Walk::from_slacks(&format!("Klee and Minty's cube, n = {n}"), program, rule)
}

/// The vertex of their cube in three dimensions at which x_i is 0, or as large as its row admits where `upper` says so.
pub(crate) fn klee_minty_vertex(upper: [bool; 3]) -> Point {
    let mut x = Point::from_element(3, Fraction::from(0));
    for i in 0..3 {
        if upper[i] {
            let taken = (0..i).map(|j| Fraction::from(1i64 << (i - j + 1)) * x[j].clone());
            x[i] = Fraction::from(5i64.pow(i as u32 + 1)) - taken.sum();
        }
    }
    x
}

/// Three rows of which two are 0 on the right, or a few thousandths (Beale 1955).
pub(crate) fn beale(thousandths: i64, rule: PivotRule) -> Walk {
    let quarter = |n: i64| Fraction::ratio(n, 4);
    let entries = [[1, -32, -4, 36], [2, -48, -2, 12], [0, 0, 4, 0]];
    let entries = DMatrix::from_fn(3, 4, |i, j| quarter(entries[i][j]));
    let cost = Point::from_vec([-3, 80, -2, 24].map(quarter).to_vec());
    let small = |n: i64| Fraction::ratio(n * thousandths, 1000);
    let right = Point::from_vec(vec![small(1), small(2), Fraction::from(1)]);
    let name = format!("Beale's programme, b = ({}, {}, 1)", right[0], right[1]);
    Walk::from_slacks(&name, LinearProgram::at_most(&entries, right, &cost), rule)
}

/// Half of the right-hand sides are 0.
pub(crate) fn degenerate(rule: PivotRule) -> Family<Walk> {
    Family::drawn("degenerate, whole numbers", move |draw| {
        let (m, n) = (draw.size(2..=5), draw.size(2..=5));
        let entries = matrix(draw, m, n, 4);
        let right = Point::from_iterator(
            m,
            (0..m).map(|i| if i % 2 == 0 { Fraction::from(0) } else { whole(draw, 0, 4) }),
        );
        let cost = Point::from_iterator(n, (0..n).map(|_| whole(draw, -4, 1)));
        let program = LinearProgram::at_most(&entries, right, &cost);
        Walk::from_slacks(&format!("{m} rows, {n} variables"), program, rule)
    })
    .with_draws(24)
}
