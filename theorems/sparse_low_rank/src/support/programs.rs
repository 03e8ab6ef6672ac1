//! Linear programmes in fractions: drawn, and those of textbooks.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{LinearSolution, PivotRule, two_phases};
use theoria_models::LinearProgram;
use theoria_models::numerics::Fraction;
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance, Reading};

pub(crate) type Point = DVector<Fraction>;
pub(crate) type Program = LinearProgram<Fraction>;

/// A programme with a feasible point and feasible prices, where they are known.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) program: Program,
    pub(crate) point: Option<Point>,
    pub(crate) prices: Option<Point>,
}

impl Instance for Known {
    fn description(&self) -> String {
        let (m, n) = self.program.shape();
        format!("{}: {m} equations, {n} variables", self.name)
    }

    fn constants(&self) -> Vec<Constant> {
        let (m, n) = self.program.shape();
        vec![Constant::exact("m", m as f64), Constant::exact("n", n as f64)]
    }
}

/// A vertex of least value and its prices, if both are feasible.
pub(crate) fn solution(program: &Program, rule: PivotRule) -> Option<(Point, Point)> {
    match two_phases(program, rule) {
        LinearSolution::Optimal { point, prices, .. } => (program.is_feasible(&point)
            && program.is_dual_feasible(&prices))
        .then_some((point, prices)),
        _ => None,
    }
}

/// Several solutions: the vertices to which both rules lead, on the face of solutions those with the least and the largest of three coordinates, as
/// far as they have one, and the middle of all of these.
pub(crate) fn solutions(program: &Program) -> Option<Vec<Point>> {
    let mut found = Vec::new();
    for rule in [PivotRule::Bland, PivotRule::LargestCoefficient] {
        found.push(solution(program, rule)?.0);
    }
    let (m, n) = program.shape();
    // c·x = its least value, as one more equation.
    let matrix = DMatrix::from_fn(m + 1, n, |i, j| {
        if i < m { program.matrix()[(i, j)].clone() } else { program.cost()[j].clone() }
    });
    let least = program.value(&found[0]);
    let right =
        Point::from_fn(
            m + 1,
            |i, _| {
                if i < m { program.right()[i].clone() } else { least.clone() }
            },
        );
    for j in [0, n / 2, n - 1] {
        for sign in [1, -1] {
            let cost = Point::from_fn(n, |i, _| Fraction::from(if i == j { sign } else { 0 }));
            let on_the_face = LinearProgram::new(matrix.clone(), right.clone(), cost);
            found.extend(solution(&on_the_face, PivotRule::Bland).map(|(x, _)| x));
        }
    }
    let count = Fraction::from(found.len() as i64);
    let all = |j: usize| found.iter().map(|x| x[j].clone()).sum::<Fraction>() / count.clone();
    found.push(Point::from_fn(n, |j, _| all(j)));
    Some(found)
}

/// The least value; none where there is none, or its proof is wrong.
pub(crate) fn least(program: &Program) -> Option<Fraction> {
    let (point, prices) = solution(program, PivotRule::Bland)?;
    let value = program.value(&point);
    (value == program.dual_value(&prices)).then_some(value)
}

/// The least value of a programme, or the largest of its dual.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Extreme {
    Finite(Fraction),
    PlusInfinity,
    MinusInfinity,
}

/// inf c·x, each answer with its proof; none where the proof is wrong.
pub(crate) fn infimum(program: &Program, rule: PivotRule) -> Option<Extreme> {
    let (extreme, proved) = match two_phases(program, rule) {
        LinearSolution::Optimal { point, prices, .. } => {
            let value = program.value(&point);
            let agree = value == program.dual_value(&prices);
            let feasible = program.is_feasible(&point) && program.is_dual_feasible(&prices);
            (Extreme::Finite(value), agree && feasible)
        }
        LinearSolution::Infeasible { ray } => {
            (Extreme::PlusInfinity, program.proves_infeasible(&ray))
        }
        LinearSolution::Unbounded { point, ray } => {
            (Extreme::MinusInfinity, program.is_feasible(&point) && program.falls_along(&ray))
        }
        LinearSolution::Cycling => return None,
    };
    proved.then_some(extreme)
}

/// sup b·y, from the dual as a programme of its own.
pub(crate) fn supremum_of_the_dual(program: &Program, rule: PivotRule) -> Option<Extreme> {
    Some(match infimum(&program.dual(), rule)? {
        Extreme::Finite(value) => Extreme::Finite(-value),
        Extreme::PlusInfinity => Extreme::MinusInfinity,
        Extreme::MinusInfinity => Extreme::PlusInfinity,
    })
}

/// That no number is rounded.
pub(crate) fn exact<I>() -> Hypothesis<I> {
    Hypothesis::by_construction("exact arithmetic", "fractions of whole numbers")
}

pub(crate) fn one_is_feasible() -> Hypothesis<Known> {
    Hypothesis::new("a feasible point or feasible prices", |at: &Known, _| {
        let point = at.point.as_ref().is_some_and(|x| at.program.is_feasible(x));
        let prices = at.prices.as_ref().is_some_and(|y| at.program.is_dual_feasible(y));
        Check::that(point || prices, format!("A x = b, x ≥ 0: {point}; Aᵀy ≤ c: {prices}"))
    })
}

pub(crate) fn both_are_feasible() -> Hypothesis<Known> {
    Hypothesis::new("a feasible point and feasible prices", |at: &Known, _| {
        let point = at.point.as_ref().is_some_and(|x| at.program.is_feasible(x));
        let prices = at.prices.as_ref().is_some_and(|y| at.program.is_dual_feasible(y));
        Check::that(point && prices, format!("A x = b, x ≥ 0: {point}; Aᵀy ≤ c: {prices}"))
    })
}

/// Exact, or no number where a proof is missing.
pub(crate) fn proved(value: Option<Fraction>) -> Reading {
    value.map_or(Reading::DIVERGED, |value| Reading::new(value.nearest(), 0.0))
}

pub(crate) fn counted(count: Option<usize>) -> Reading {
    count.map_or(Reading::DIVERGED, |count| Reading::new(count as f64, 0.0))
}

pub(crate) fn numbers(entries: &[i64]) -> Point {
    Point::from_fn(entries.len(), |i, _| Fraction::from(entries[i]))
}

pub(crate) fn rows<const N: usize>(entries: &[[i64; N]]) -> DMatrix<Fraction> {
    DMatrix::from_fn(entries.len(), N, |i, j| Fraction::from(entries[i][j]))
}

/// A whole number between these.
pub(crate) fn whole(draw: &mut Draw, low: i64, high: i64) -> Fraction {
    Fraction::from(low + draw.size(0..=(high - low) as usize) as i64)
}

fn vector(draw: &mut Draw, length: usize, low: i64, high: i64) -> Point {
    Point::from_iterator(length, (0..length).map(|_| whole(draw, low, high)))
}

pub(crate) fn matrix(draw: &mut Draw, rows: usize, columns: usize, size: i64) -> DMatrix<Fraction> {
    DMatrix::from_iterator(rows, columns, (0..rows * columns).map(|_| whole(draw, -size, size)))
}

/// With a feasible point of positive coordinates and feasible prices, by b = A x and c = Aᵀy + s, s ≥ 0 and not 0: the least value is positive, and
/// the two are no solutions.
pub(crate) fn solvable() -> Family<Known> {
    Family::drawn("solvable, whole numbers", |draw| {
        let m = draw.size(2..=6);
        let n = draw.size(m + 1..=8);
        let mut a = matrix(draw, m, n, 9);
        for j in 0..n {
            a[(m - 1, j)] = whole(draw, 1, 9);
        }
        let (x, mut y) = (vector(draw, n, 1, 9), vector(draw, m, -9, 9));
        let mut s = vector(draw, n, 0, 9);
        s[0] += Fraction::from(1);
        let right = &a * &x;
        // The last row of A is positive, and so is b there: some price of it makes b·y positive.
        let worth: Fraction = (0..m).map(|i| right[i].clone() * y[i].clone()).sum();
        if !worth.is_positive() {
            let missing = -worth / right[m - 1].clone();
            y[m - 1] += missing + Fraction::from(1);
        }
        let cost = a.transpose() * &y + s;
        Known {
            name: "drawn".into(),
            program: LinearProgram::new(a, right, cost),
            point: Some(x),
            prices: Some(y),
        }
    })
}

/// Of any kind, with numbers so small that degenerate ones are among them.
pub(crate) fn any() -> Family<Known> {
    Family::drawn("any, whole numbers", |draw| {
        let m = draw.size(1..=4);
        let n = draw.size(1..=6);
        let size = draw.size(1..=4) as i64;
        let a = matrix(draw, m, n, size);
        let (right, cost) = (vector(draw, m, -size, size), vector(draw, n, -size, size));
        Known {
            name: format!("entries up to {size}"),
            program: LinearProgram::new(a, right, cost),
            point: None,
            prices: None,
        }
    })
    .with_draws(24)
}

/// No point is feasible: x + y = −1 in numbers that are not negative.
pub(crate) fn infeasible() -> Known {
    Known {
        name: "x₁ + x₂ = −1".into(),
        program: LinearProgram::new(rows(&[[1, 1]]), numbers(&[-1]), numbers(&[1, 1])),
        point: None,
        prices: Some(numbers(&[0])),
    }
}

/// No prices are feasible: x = y, −x as small as possible.
pub(crate) fn unbounded() -> Known {
    Known {
        name: "−x₁ with x₁ = x₂".into(),
        program: LinearProgram::new(rows(&[[1, -1]]), numbers(&[0]), numbers(&[-1, 0])),
        point: Some(numbers(&[0, 0])),
        prices: None,
    }
}

/// Neither points nor prices are feasible: x − y is 1 and −1.
pub(crate) fn neither() -> Known {
    let matrix = rows(&[[1, -1], [1, -1]]);
    Known {
        name: "−x₁ with x₁ − x₂ = 1 and −1".into(),
        program: LinearProgram::new(matrix, numbers(&[1, -1]), numbers(&[-1, 0])),
        point: None,
        prices: None,
    }
}

/// An equation written twice: no two columns are independent.
pub(crate) fn twice() -> Known {
    Known {
        name: "x₁ + x₂ = 1, twice".into(),
        program: LinearProgram::new(rows(&[[1, 1], [1, 1]]), numbers(&[1, 1]), numbers(&[1, 2])),
        point: Some(numbers(&[1, 0])),
        prices: Some(numbers(&[1, 0])),
    }
}

/// Solutions that fill a face, of the programme and of its dual: x₁ + x₂ + x₃ = 1, twice, with the costs 1, 1, 2.
pub(crate) fn several() -> Known {
    Known {
        name: "x₁ + x₂ + 2x₃, x₁ + x₂ + x₃ = 1, twice".into(),
        program: LinearProgram::new(
            rows(&[[1, 1, 1], [1, 1, 1]]),
            numbers(&[1, 1]),
            numbers(&[1, 1, 2]),
        ),
        point: Some(numbers(&[1, 0, 0])),
        prices: Some(numbers(&[1, 0])),
    }
}

/// Two goods of two materials: minimise −3x₁ − 2x₂ with 2x₁ + x₂ ≤ 4 and x₁ + 3x₂ ≤ 6.
pub(crate) fn two_goods() -> Known {
    Known {
        name: "−3x₁ − 2x₂, 2x₁ + x₂ ≤ 4, x₁ + 3x₂ ≤ 6".into(),
        program: LinearProgram::at_most(
            &rows(&[[2, 1], [1, 3]]),
            numbers(&[4, 6]),
            &numbers(&[-3, -2]),
        ),
        point: Some(numbers(&[0, 0, 4, 6])),
        prices: Some(numbers(&[-3, 0])),
    }
}
