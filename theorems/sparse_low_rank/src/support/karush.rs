//! Points with multipliers, and other feasible points.

use theoria_models::QuadraticProgram;
use theoria_verification::{Check, Claim, Family, Hypothesis, Instance, Readings};

use super::programs::{Point, exact, numbers, proved, rows};
use super::quadratic_programs::Programme;

/// A programme, a point with its multipliers, and points with which it is compared.
pub(crate) struct Stationary {
    name: String,
    program: Programme,
    point: Point,
    multipliers: Point,
    others: Vec<Point>,
}

impl Instance for Stationary {
    fn description(&self) -> String {
        let point = self.point.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        format!("{}, at ({point}), {} other points", self.name, self.others.len())
    }
}

/// ±|x − (1, 1/2)|²/2 in the pentagon of the theorem, at (1, 1/2): its minimum or its maximum.
pub(crate) fn in_the_pentagon(sign: i64) -> Family<Stationary> {
    Family::single("pentagon, (1, 1/2)", move || Stationary {
        name: format!("{sign} · |x − (1, 1/2)|²/2 in the pentagon"),
        program: QuadraticProgram::new(
            rows(&[[sign, 0], [0, sign]]),
            numbers(&[-2 * sign, -sign]).map(|entry| entry / 2.into()),
            rows(&[[1, -2], [-1, -2], [-1, 2], [1, 0], [0, 1]]),
            numbers(&[-2, -6, -2, 0, 0]),
        ),
        point: numbers(&[2, 1]).map(|entry| entry / 2.into()),
        multipliers: numbers(&[0; 5]),
        others: corners(),
    })
}

/// (x₁ − 1)² + (x₂ − 5/2)² there, at (7/5, 17/10) with the multiplier 4/5.
pub(crate) fn on_the_edge() -> Family<Stationary> {
    Family::single("pentagon, (7/5, 17/10)", || Stationary {
        name: "pentagon".into(),
        program: super::quadratic_programs::pentagon().program,
        point: numbers(&[14, 17]).map(|entry| entry / 10.into()),
        multipliers: numbers(&[4, 0, 0, 0, 0]).map(|entry| entry / 5.into()),
        others: corners(),
    })
}

fn corners() -> Vec<Point> {
    [[0, 0], [2, 0], [4, 1], [2, 2], [0, 1]].iter().map(|corner| numbers(corner)).collect()
}

/// f there is less than at any other feasible point: −1 where it is more, 1 where it is less.
pub(crate) fn stationary(name: &str) -> Claim<Stationary> {
    Claim::identity(
        name,
        "A x ≥ b, G x + c = Aᵀλ, λ ≥ 0, λ·(A x − b) = 0: sign of f − f(x) at other feasible points = 1",
        1e-12,
    )
    .assuming([
        exact(),
        Hypothesis::new("multipliers", |at: &Stationary, _| {
            let feasible = at.others.iter().all(|x| at.program.is_feasible(x));
            let holds = at.program.is_solution(&at.point, &at.multipliers);
            Check::that(feasible && holds, "feasible points, the conditions at x, in fractions")
        }),
        Hypothesis::new("G positive definite", |at: &Stationary, _| {
            let definite = at.program.is_strictly_convex();
            Check::that(definite, "leading minors of G, in fractions")
        }),
    ])
    .measuring_each(|at: &Stationary| {
        let least = at.program.value(&at.point);
        let sign = |k: usize| {
            let above = at.program.value(&at.others[k]) - least.clone();
            proved(Some((i64::from(above.is_positive()) - i64::from(above.is_negative())).into()))
        };
        (0..at.others.len()).map(|k| (k, sign(k))).collect::<Readings>()
    })
    .predicting(|_, _| 1.0)
}
