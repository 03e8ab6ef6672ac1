//! Coordinates in which doubles are rounded, or not.

use theoria_algorithms::{Backtracking, DampedNewton, Method, Newton, QuasiNewton, Update};
use theoria_elementary::sin_cos;
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, SumOfPowers, Vector, elimination};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

type Polynomial = SumOfPowers<f64>;

/// x = A y + v on a strongly convex polynomial.
#[derive(Debug, Clone)]
pub(crate) struct RoundedChange {
    function: Polynomial,
    map: Matrix,
    shift: Vector,
    start: Vector,
}

/// What is run in either coordinates.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rounded {
    Newton,
    Damped,
    /// With backtracking, from H = I in x.
    Quasi(Update),
}

impl Instance for RoundedChange {
    fn description(&self) -> String {
        let (map, start) = (self.map.as_slice(), self.start.as_slice());
        let shift = self.shift.as_slice();
        format!("{}, x₀ = {start:?}; A = {map:?}, v = {shift:?}", self.function)
    }
}

impl Rounded {
    fn run(self, f: &Polynomial, start: Vector, inverse: Matrix, steps: usize) -> Vec<Vector> {
        match self {
            Rounded::Newton => walk(Newton::default(), f, start, steps),
            Rounded::Damped => walk(DampedNewton::new(0.6, 0.5), f, start, steps),
            Rounded::Quasi(update) => {
                let rule = Backtracking::new(1e-4, 0.5);
                walk(QuasiNewton::new(update, inverse, rule), f, start, steps)
            }
        }
    }
}

fn walk(
    mut method: impl Method<Vector, Polynomial>,
    f: &Polynomial,
    mut x: Vector,
    steps: usize,
) -> Vec<Vector> {
    let mut iterates = vec![x.clone()];
    for _ in 0..steps {
        method.step(f, &mut x);
        iterates.push(x.clone());
    }
    iterates
}

impl RoundedChange {
    /// The iterates in x, and A y + v for those in y.
    fn both(&self, way: Rounded, steps: usize) -> [Vec<Vector>; 2] {
        let size = self.start.len();
        let here = way.run(&self.function, self.start.clone(), Matrix::identity(size, size), steps);
        let function = self.function.in_coordinates(&self.map, &self.shift);
        let none = Vector::from_element(size, f64::NAN);
        let start = elimination::solve(&self.map, &(&self.start - &self.shift)).unwrap_or(none);
        let back = elimination::inverse(&self.map);
        let inverse = back.map_or(Matrix::zeros(size, size), |back| &back * back.transpose());
        let there = way.run(&function, start, inverse, steps);
        [here, there.iter().map(|y| &self.map * y + &self.shift).collect()]
    }

    /// How many coordinates of so many iterates differ, in any bit.
    pub(crate) fn different(&self, way: Rounded, steps: usize) -> usize {
        let [here, there] = self.both(way, steps);
        let numbers = |run: &[Vector]| -> Vec<u64> {
            run.iter()
                .flat_map(|x| x.iter().map(|x| (x + 0.0).to_bits()).collect::<Vec<_>>())
                .collect()
        };
        let pairs = numbers(&here).into_iter().zip(numbers(&there));
        pairs.filter(|(one, other)| one != other).count()
    }

    /// The largest distance between them over that of the start from 0, in units of ε.
    pub(crate) fn deviation(&self, way: Rounded, steps: usize) -> f64 {
        let [here, there] = self.both(way, steps);
        let largest = here.iter().zip(&there).map(|(x, y)| (x - y).norm()).fold(0.0, maximum);
        largest / self.start.norm() / f64::EPSILON
    }
}

fn polynomial(size: usize, draw: &mut Draw) -> (Polynomial, Vector) {
    let factor = Matrix::from_fn(size, size, |_, _| draw.uniform(-1.0, 1.0));
    let matrix = &factor * factor.transpose() + Matrix::identity(size, size) * 0.1;
    let linear = Vector::from_fn(size, |_, _| draw.uniform(-1.0, 1.0));
    let form = Vector::from_fn(size, |_, _| draw.uniform(-1.0, 1.0));
    let f = Polynomial::new(matrix, linear).with_form(
        form,
        draw.uniform(-1.0, 1.0),
        0.0,
        draw.log_uniform(0.1, 10.0),
    );
    (f, Vector::from_fn(size, |_, _| draw.uniform(-3.0, 3.0)))
}

/// A diagonal of powers of this number, up to the exponents ±16.
pub(crate) fn diagonal_changes(name: &str, base: f64) -> Family<RoundedChange> {
    Family::drawn(name, move |draw| {
        let size = draw.size(2..=4);
        let (function, start) = polynomial(size, draw);
        // Two of them differ.
        let powers: Vec<i32> = (0..size).map(|i| draw.size(i.min(1)..=16) as i32).collect();
        let sign = |i: usize| if i == 0 { -1 } else { 1 };
        let entries = Vector::from_fn(size, |i, _| base.powi(sign(i) * powers[i]));
        let shift = Vector::zeros(size);
        RoundedChange { function, map: Matrix::from_diagonal(&entries), shift, start }
    })
    .with_draws(12)
}

/// Powers of two with a shift; start and shift have few digits, so that the starts correspond to the last bit.
pub(crate) fn shifted_changes() -> Family<RoundedChange> {
    diagonal_changes("powers of two and a shift", 2.0).map(|it| {
        let short = |x: f64| (x * 1024.0).round() / 1024.0;
        let start = it.start.map(short);
        let shift = start.map(|x| short(0.7 * x) + 1.0 / 1024.0);
        RoundedChange { start, shift, ..it }
    })
}

/// Two rotations with a diagonal between them, of this condition number, in the plane.
pub(crate) fn of_condition(condition: f64, draw: &mut Draw) -> RoundedChange {
    let (function, start) = polynomial(2, draw);
    let mut turn = || {
        let (sin, cos) = sin_cos(draw.uniform(0.0, 6.3));
        Matrix::from_row_slice(2, 2, &[cos, -sin, sin, cos])
    };
    let scales = Matrix::from_diagonal(&Vector::from_vec(vec![1.0, 1.0 / condition]));
    let map = turn() * scales * turn();
    RoundedChange { function, map, shift: Vector::zeros(2), start }
}

/// Nothing is added.
pub(crate) fn no_shift() -> Hypothesis<RoundedChange> {
    Hypothesis::new("v = 0", |it: &RoundedChange, _| {
        Check::that(it.shift.amax() == 0.0, format!("v = {:?}", it.shift.as_slice()))
    })
}

/// A is diagonal, of powers of two: without digits but the first.
pub(crate) fn powers_of_two() -> Hypothesis<RoundedChange> {
    Hypothesis::new("powers of two", |it: &RoundedChange, _| {
        let is_power = |x: f64| x > 0.0 && x.to_bits() & ((1 << 52) - 1) == 0;
        let size = it.start.len();
        let good = (0..size).all(|i| {
            (0..size).all(|j| if i == j { is_power(it.map[(i, j)]) } else { it.map[(i, j)] == 0.0 })
        });
        Check::that(good, format!("A = {:?}", it.map.as_slice()))
    })
}
