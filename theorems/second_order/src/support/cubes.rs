//! Quadratics with cubes on them, in thousands of digits.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{ConstantStep, Method, QuasiNewton, Update};
use theoria_models::elimination;
use theoria_models::numerics::LongFloat;
use theoria_models::oracle::{NewtonSystem, Oracle};
use theoria_models::point::Point;
use theoria_verification::{Check, Family, Hypothesis, Instance};

/// Errors down to 1e-5000, each a power of the one before of at most 1.62.
pub(crate) type Longest = LongFloat<12288>;

/// Digits after which a run ends.
const LAST: f64 = -5000.0;

/// f(x) = |x|²/2 + Σ (a_i·x)³/6, with the rows a_i, and a start near 0.
#[derive(Debug, Clone)]
pub(crate) struct Cubes {
    rows: Vec<Vec<f64>>,
    start: Vec<f64>,
}

impl Instance for Cubes {
    fn description(&self) -> String {
        format!("|x|²/2 + Σ (a_i·x)³/6, a = {:?}, from {:?}", self.rows, self.start)
    }
}

fn product(row: &[f64], x: &DVector<Longest>) -> Longest {
    row.iter().zip(x.iter()).map(|(a, x)| Longest::from(*a) * x.clone()).sum()
}

impl Oracle<DVector<Longest>> for Cubes {
    fn gradient(&self, at: &DVector<Longest>, into: &mut DVector<Longest>) {
        into.assign(at);
        for row in &self.rows {
            let along = product(row, at);
            let half = along.clone() * along / Longest::from(2.0);
            for (own, a) in into.iter_mut().zip(row) {
                *own += half.clone() * Longest::from(*a);
            }
        }
    }
}

impl NewtonSystem<DVector<Longest>> for Cubes {
    fn solve(&self, at: &DVector<Longest>, right: &mut DVector<Longest>) -> bool {
        let size = at.len();
        let mut hessian = DMatrix::<Longest>::identity(size, size);
        for row in &self.rows {
            let along = product(row, at);
            for i in 0..size {
                for j in 0..size {
                    hessian[(i, j)] += along.clone() * Longest::from(row[i] * row[j]);
                }
            }
        }
        let solution = elimination::solve(&hessian, right);
        solution.map(|solution| right.assign(&solution)).is_some()
    }
}

impl Cubes {
    /// log₁₀ |x_n| of a method until there are no more digits, or so many steps.
    pub(crate) fn logarithms(
        &self,
        mut method: impl Method<DVector<Longest>, Cubes>,
        steps: usize,
    ) -> Vec<f64> {
        let mut x = DVector::from_fn(self.start.len(), |i, _| Longest::from(self.start[i]));
        let size = |x: &DVector<Longest>| {
            let square: Longest = x.iter().map(|x| x.clone() * x.clone()).sum();
            square.log10_of_size() / 2.0
        };
        let mut logarithms = vec![size(&x)];
        for _ in 0..steps {
            method.step(self, &mut x);
            let last = size(&x);
            if !last.is_finite() {
                break;
            }
            logarithms.push(last);
            if last < LAST {
                break;
            }
        }
        logarithms
    }

    /// The same for unit steps from H₀ = I, the inverse of the Hessian at the minimiser.
    pub(crate) fn by(&self, update: Update, steps: usize) -> Vec<f64> {
        let identity = DMatrix::identity(self.start.len(), self.start.len());
        self.logarithms(QuasiNewton::new(update, identity, ConstantStep::<Longest>::unit()), steps)
    }

    pub(crate) fn dimension(&self) -> usize {
        self.start.len()
    }

    /// |x₀| Σ |a_i|³, by which the Hessian may differ from I on the way.
    fn nearness(&self) -> f64 {
        let norm = |row: &[f64]| row.iter().map(|a| a * a).sum::<f64>().sqrt();
        norm(&self.start) * self.rows.iter().map(|row| norm(row).powi(3)).sum::<f64>()
    }
}

/// In so many variables.
pub(crate) fn cubes(size: usize) -> Family<Cubes> {
    Family::drawn(&format!("cubes in dimension {size}"), move |draw| {
        let rows: Vec<Vec<f64>> =
            (0..size + 2).map(|_| (0..size).map(|_| draw.normal()).collect()).collect();
        let start = (0..size).map(|_| draw.normal()).collect();
        let mut made = Cubes { rows, start };
        let shorter = 0.2 / made.nearness();
        made.start.iter_mut().for_each(|entry| *entry *= shorter);
        made
    })
}

/// The Hessian is within a quarter of I as far from the minimiser as the start is.
pub(crate) fn near() -> Hypothesis<Cubes> {
    Hypothesis::new("start near by", |it: &Cubes, _| Check::at_most(it.nearness(), 0.25, "|x₀| M"))
}
