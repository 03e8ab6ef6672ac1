//! A function, coordinates in which it is written anew, and what methods do in either, in fractions.

use theoria_algorithms::{
    ConstantStep, DampedNewton, GradientDescent, LBfgs, Method, Newton, QuasiNewton, Update,
};
use theoria_models::numerics::Fraction;
use theoria_models::oracle::Oracle;
use theoria_models::{SumOfPowers, elimination};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::changed::Exact;
use super::updates::{Column, positive, shown, whole};

type Polynomial = SumOfPowers<Fraction>;

/// Share of the decrease that backtracking asks for: between what Newton's step wins on a parabola and on a fourth power, so that some
/// steps are cut.
const SHARE: f64 = 19.0 / 32.0;

/// What is run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Newton,
    Damped,
    /// With unit steps.
    Quasi(Update),
    /// With H before the first step a multiple of the identity.
    Limited,
    /// With this step size as a fraction.
    Descent(i64, i64),
}

/// x = A y + v.
#[derive(Debug, Clone)]
pub(crate) struct AffineChange {
    function: Polynomial,
    pub(crate) map: Exact,
    shift: Column,
    start: Column,
    /// H before the first step in x, and in y.
    inverse: Exact,
    inverse_there: Exact,
}

/// A run in either coordinates.
pub(crate) struct Ran {
    /// The start first.
    pub(crate) iterates: Vec<Column>,
    /// After each step, of a quasi-Newton method.
    pub(crate) inverses: Vec<Exact>,
    /// Of each step, of damped Newton.
    pub(crate) cuts: Vec<f64>,
}

impl Instance for AffineChange {
    fn description(&self) -> String {
        format!(
            "{}, x₀ = ({}); A = ({}), v = ({})",
            self.function,
            shown(&self.start),
            shown(&self.map),
            shown(&self.shift)
        )
    }
}

impl Way {
    fn run(self, f: &Polynomial, start: &Column, inverse: &Exact, steps: usize) -> Ran {
        let mut ran = Ran { iterates: vec![start.clone()], inverses: Vec::new(), cuts: Vec::new() };
        let mut x = start.clone();
        match self {
            Way::Newton => walk(&mut Newton::default(), f, &mut x, steps, |_, x| ran.keep(x)),
            Way::Damped => {
                walk(&mut DampedNewton::new(SHARE, 0.5), f, &mut x, steps, |method, x| {
                    ran.cuts.push(method.cuts() as f64);
                    ran.keep(x);
                });
            }
            Way::Quasi(update) => {
                let mut method = QuasiNewton::new(update, inverse.clone(), ConstantStep::unit());
                walk(&mut method, f, &mut x, steps, |method, x| {
                    ran.inverses.push(method.inverse().clone());
                    ran.keep(x);
                });
            }
            Way::Limited => {
                let mut method = LBfgs::new(5, ConstantStep::<Fraction>::unit());
                walk(&mut method, f, &mut x, steps, |_, x| ran.keep(x));
            }
            Way::Descent(p, q) => {
                let mut method = GradientDescent::new(Fraction::ratio(p, q));
                walk(&mut method, f, &mut x, steps, |_, x| ran.keep(x));
            }
        }
        ran
    }
}

impl Ran {
    fn keep(&mut self, x: &Column) {
        self.iterates.push(x.clone());
    }
}

fn walk<M: Method<Column, Polynomial>>(
    method: &mut M,
    f: &Polynomial,
    x: &mut Column,
    steps: usize,
    mut seen: impl FnMut(&M, &Column),
) {
    for _ in 0..steps {
        method.step(f, x);
        seen(method, x);
    }
}

fn gradient(f: &Polynomial, x: &Column) -> Column {
    let mut gradient = x.clone();
    f.gradient(x, &mut gradient);
    gradient
}

impl AffineChange {
    /// With H = I at first, which is transformed.
    fn new(function: Polynomial, map: Exact, shift: Column, start: Column) -> Self {
        let size = start.len();
        let inverse = Exact::identity(size, size);
        AffineChange { function, inverse_there: inverse.clone(), map, shift, start, inverse }
            .transformed()
    }

    /// A⁻¹ H Aᵀ⁻¹ before the first step in y.
    fn transformed(mut self) -> Self {
        if let Some(back) = elimination::inverse(&self.map) {
            self.inverse_there = &back * &self.inverse * back.transpose();
        }
        self
    }

    /// The same H in both coordinates.
    fn with_one_matrix(mut self) -> Self {
        self.inverse_there = self.inverse.clone();
        self
    }

    pub(crate) fn dimension(&self) -> usize {
        self.start.len()
    }

    /// Whether the start is a critical point.
    fn is_critical(&self) -> bool {
        gradient(&self.function, &self.start).iter().all(|slope| *slope == Fraction::from(0))
    }

    /// f(A y + v)
    fn function_there(&self) -> Polynomial {
        self.function.in_coordinates(&self.map, &self.shift)
    }

    /// The y of an x.
    fn there(&self, x: &Column) -> Column {
        let right = x - &self.shift;
        // Maps are invertible as they are drawn.
        elimination::solve(&self.map, &right).unwrap_or(right)
    }

    pub(crate) fn here(&self, y: &Column) -> Column {
        &self.map * y + &self.shift
    }

    /// In x.
    pub(crate) fn run(&self, way: Way, steps: usize) -> Ran {
        way.run(&self.function, &self.start, &self.inverse, steps)
    }

    /// In y.
    pub(crate) fn run_there(&self, way: Way, steps: usize) -> Ran {
        way.run(&self.function_there(), &self.there(&self.start), &self.inverse_there, steps)
    }

    /// x ← x − h A Aᵀ∇f(x)
    pub(crate) fn preconditioned(&self, h: &Fraction, steps: usize) -> Vec<Column> {
        let metric = &self.map * self.map.transpose();
        let mut iterates = vec![self.start.clone()];
        let mut x = self.start.clone();
        for _ in 0..steps {
            x -= &metric * gradient(&self.function, &x) * h.clone();
            iterates.push(x.clone());
        }
        iterates
    }

    /// ∇f·H⁻¹∇f at the start in either coordinates.
    pub(crate) fn decrements(&self) -> [Option<Fraction>; 2] {
        let of = |f: &Polynomial, x: &Column| {
            let slope = gradient(f, x);
            elimination::solve(&f.hessian(x), &slope).map(|step| step.dot(&slope))
        };
        [of(&self.function, &self.start), of(&self.function_there(), &self.there(&self.start))]
    }

    /// The function with S such that the Hessian at the start is (A Aᵀ)⁻¹.
    fn whitened(mut self) -> Self {
        let hessian = self.function.hessian(&self.start);
        if let Some(wanted) = elimination::inverse(&(&self.map * self.map.transpose())) {
            self.function = self.function.with_quadratic(&(wanted - hessian));
        }
        self
    }
}

/// Lower triangular with a positive diagonal, times upper triangular with ones.
fn invertible(size: usize, draw: &mut Draw) -> Exact {
    let whole_if = |on: bool, draw: &mut Draw| if on { whole(draw) } else { Fraction::from(0) };
    let mut lower = Exact::identity(size, size);
    let mut upper = Exact::identity(size, size);
    for i in 0..size {
        for j in 0..size {
            if i == j {
                lower[(i, j)] = Fraction::from(draw.size(1..=3) as i64);
            } else {
                lower[(i, j)] = whole_if(i > j, draw);
                upper[(i, j)] = whole_if(i < j, draw);
            }
        }
    }
    lower * upper
}

/// Convex, or with cubic terms and any S.
fn polynomial(size: usize, convex: bool, draw: &mut Draw) -> Polynomial {
    let matrix = if convex {
        positive(size, draw)
    } else {
        let entries = Exact::from_fn(size, size, |_, _| whole(draw));
        &entries + entries.transpose()
    };
    let linear = Column::from_fn(size, |_, _| whole(draw));
    (0..draw.size(1..=2)).fold(Polynomial::new(matrix, linear), |f, _| {
        let direction = Column::from_fn(size, |_, _| whole(draw));
        let (offset, cubic) = (whole(draw), if convex { Fraction::from(0) } else { whole(draw) });
        f.with_form(direction, offset, cubic, Fraction::from(draw.size(1..=9) as i64))
    })
}

fn drawn(
    name: &str,
    convex: bool,
    change: fn(AffineChange) -> AffineChange,
) -> Family<AffineChange> {
    Family::drawn(name, move |draw| {
        let size = draw.size(2..=3);
        let function = polynomial(size, convex, draw);
        let map = invertible(size, draw);
        let [shift, start] = [0, 1].map(|_| Column::from_fn(size, |_, _| whole(draw)));
        let mut made = AffineChange::new(function, map, shift, start);
        made.inverse = positive(size, draw) / Fraction::from(8);
        let mut made = made.transformed();
        // At a critical point nothing moves, in whatever coordinates, and nothing would be seen.
        for _ in 0..8 {
            if !change(made.clone()).is_critical() {
                break;
            }
            made.start[0] += Fraction::from(1);
        }
        change(made)
    })
    .with_draws(12)
}

/// Strongly convex functions.
pub(crate) fn convex_changes() -> Family<AffineChange> {
    drawn("convex functions in two coordinates", true, |it| it)
}

/// Functions that need not be convex.
pub(crate) fn changes() -> Family<AffineChange> {
    drawn("functions in two coordinates", false, |it| it)
}

/// With the Hessian (A Aᵀ)⁻¹ at the start.
pub(crate) fn whitened_changes() -> Family<AffineChange> {
    drawn("coordinates in which H = I", false, AffineChange::whitened)
}

/// (x_1² + 4 x_2²)/2 + (x_1 + x_2)⁴/24 or so, in coordinates that are neither orthogonal nor of one scale.
fn worked(diagonal: [i64; 2], offset: i64) -> AffineChange {
    let number = Fraction::from;
    let column = |a, b| Column::from_vec(vec![number(a), number(b)]);
    let matrix = Exact::from_diagonal(&column(diagonal[0], diagonal[1]));
    let f = Polynomial::new(matrix, column(1, -1)).with_form(
        column(1, 1),
        number(offset),
        number(0),
        number(1),
    );
    let map = Exact::from_row_slice(2, 2, &[number(2), number(1), number(0), number(3)]);
    AffineChange::new(f, map, column(1, 0), column(2, 1))
}

/// Convex ones, to be seen by what is false.
pub(crate) fn worked_changes() -> Family<AffineChange> {
    Family::listed("worked changes", [[1, 4], [2, 3]], |&diagonal| worked(diagonal, 1))
}

/// The same with one B₀ in both coordinates.
pub(crate) fn one_matrix() -> Family<AffineChange> {
    Family::listed("one B₀ in both coordinates", [[1, 4], [2, 3]], |&diagonal| {
        worked(diagonal, 1).with_one_matrix()
    })
}

/// From where the Hessian has a negative eigenvalue, and Newton's step leads upwards.
pub(crate) fn bent_downwards() -> Family<AffineChange> {
    Family::listed("Hessians that are not definite", [[-9, 4], [-30, -30]], |&diagonal| {
        worked(diagonal, -3)
    })
}

/// In coordinates that are turned by the angle of a Pythagorean triangle, or mirrored.
pub(crate) fn rotations() -> Family<AffineChange> {
    Family::listed("rotations and reflections", [(3, 4, 5, 1), (5, 12, 13, -1)], |&(a, b, c, s)| {
        let entries = [(a, c), (-s * b, c), (b, c), (s * a, c)];
        let entries = entries.map(|(p, q)| Fraction::ratio(p, q));
        let mut it = worked([1, 4], 1);
        it.map = Exact::from_row_slice(2, 2, &entries);
        it.transformed()
    })
}

/// (x_1² + 2 x_2²)/2 from (1, 1), with this scale of x_2.
pub(crate) fn two_scales(p: i64, q: i64) -> AffineChange {
    let column = |a: Fraction, b: Fraction| Column::from_vec(vec![a, b]);
    let [zero, one, two] = [0, 1, 2].map(Fraction::from);
    let matrix = Exact::from_diagonal(&column(one.clone(), two));
    let f = Polynomial::new(matrix, column(zero.clone(), zero.clone()));
    let map = Exact::from_diagonal(&column(one.clone(), Fraction::ratio(p, q)));
    AffineChange::new(f, map, column(zero.clone(), zero), column(one.clone(), one))
}

/// det A ≠ 0
pub(crate) fn invertible_map() -> Hypothesis<AffineChange> {
    Hypothesis::new("A invertible", |it: &AffineChange, _| {
        let determinant = elimination::determinant(&it.map);
        Check::that(determinant != Fraction::from(0), format!("det A = {determinant}"))
    })
}

/// Both first matrices belong together: A B₀′Aᵀ = B₀.
pub(crate) fn transformed_matrix() -> Hypothesis<AffineChange> {
    Hypothesis::new("B₀ transformed", |it: &AffineChange, _| {
        let back = &it.map * &it.inverse_there * it.map.transpose();
        Check::that(back == it.inverse, format!("A B₀′Aᵀ = ({})", shown(&back)))
    })
}

/// At every iterate of damped Newton.
pub(crate) fn definite_hessians(steps: usize) -> Hypothesis<AffineChange> {
    Hypothesis::new("H positive definite", move |it: &AffineChange, _| {
        let iterates = it.run(Way::Damped, steps).iterates;
        let definite = iterates.iter().filter(|x| {
            elimination::solve_definite(&it.function.hessian(x), &gradient(&it.function, x))
                .is_some()
        });
        let count = definite.count();
        Check::that(
            count == iterates.len(),
            format!("positive definite at {count} of {} iterates", iterates.len()),
        )
    })
}

/// A Aᵀ = I
pub(crate) fn orthogonal() -> Hypothesis<AffineChange> {
    Hypothesis::new("A Aᵀ = I", |it: &AffineChange, _| {
        let metric = &it.map * it.map.transpose();
        let size = it.dimension();
        Check::that(metric == Exact::identity(size, size), format!("A Aᵀ = ({})", shown(&metric)))
    })
}
