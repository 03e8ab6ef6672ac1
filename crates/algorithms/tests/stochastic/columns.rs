//! A trial of an ensemble takes the steps that it takes alone.

use std::cell::Cell;

use proptest::prelude::*;
use theoria_algorithms::*;
use theoria_models::objectives::{LeastSquares, Quadratic};
use theoria_models::oracle::Oracle;
use theoria_models::point::Point;
use theoria_models::stochastic::{MiniBatch, Noisy, Sampling};
use theoria_models::{Ensemble, Matrix, Objective, Vector};

use crate::generator;

const TRIALS: usize = 3;
const STEPS: usize = 6;

/// A gradient to which the same noise is added whether one trial is asked for or all.
struct Replayed {
    objective: Quadratic,
    noise: Vec<Ensemble>,
    step: Cell<usize>,
    trial: usize,
}

impl Replayed {
    fn next(&self) -> &Ensemble {
        let step = self.step.get();
        self.step.set(step + 1);
        &self.noise[step]
    }
}

impl Oracle<Ensemble> for Replayed {
    fn gradient(&self, at: &Ensemble, into: &mut Ensemble) {
        self.objective.gradient_block(at, into);
        into.axpy(1.0, self.next());
    }
}

impl Oracle<Vector> for Replayed {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.objective.gradient_into(at, into);
        *into += self.next().trial(self.trial);
    }
}

fn agree(
    name: &str,
    starts: &[Vector],
    noise: &[Ensemble],
    mut block: impl Method<Ensemble, Replayed>,
    alone: impl Fn() -> Box<dyn Method<Vector, Replayed>>,
) -> Result<(), TestCaseError> {
    let replay = |trial| Replayed {
        objective: Quadratic::diagonal(&[0.5, 1.0, 2.0]),
        noise: noise.to_vec(),
        step: Cell::new(0),
        trial,
    };
    let mut together = Ensemble::from_trials(starts);
    let oracle = replay(0);
    for _ in 0..STEPS {
        block.step(&oracle, &mut together);
    }
    for (trial, start) in starts.iter().enumerate() {
        let (mut x, mut method, oracle) = (start.clone(), alone(), replay(trial));
        for _ in 0..STEPS {
            method.step(&oracle, &mut x);
        }
        let apart = (together.trial(trial) - &x).amax();
        prop_assert!(apart <= 1e-12 * (1.0 + x.amax()), "{name}: {apart}");
    }
    Ok(())
}

macro_rules! agree_all {
    ($starts:expr, $noise:expr; $($method:expr),+ $(,)?) => {
        $(agree(stringify!($method), $starts, $noise, $method, || Box::new($method))?;)+
    };
}

proptest! {
    #[test]
    fn a_column_takes_the_steps_of_a_vector_fed_the_same_noise(
        numbers in prop::collection::vec(-2.0..2.0f64, 3 * TRIALS),
        noise in prop::collection::vec(prop::collection::vec(-1.0..1.0f64, 3 * TRIALS), STEPS),
    ) {
        let columns = |numbers: &[f64]| -> Vec<Vector> {
            numbers.chunks(3).map(Vector::from_row_slice).collect()
        };
        let noise: Vec<Ensemble> = noise.iter().map(|n| Ensemble::from_trials(&columns(n))).collect();
        agree_all! { &columns(&numbers), &noise;
            GradientDescent::new(0.4),
            GradientDescent::with_schedule(decreasing_step(1.0, 3.0)),
            GradientDescent::with_schedule(power_step(0.5, 0.7)),
            GradientDescent::with_schedule(karimi_step(0.5)),
            Averaged::new(GradientDescent::new(0.4)),
            HeavyBall::new(0.3, 0.5),
            Nesterov::new(0.5, Momentum::Sequence),
            AdaGradNorm::new(1.0, 0.1),
            SignDescent::new(0.1),
            Agnes::new(2.0, 1.5),
            AgnesEstimate::convex(2.0, 1.5),
            AgnesEstimate::strongly_convex(2.0, 0.5, 1.5),
        }
    }
}

#[test]
fn a_vector_is_an_ensemble_of_one_trial() {
    let f = LeastSquares::new(
        Matrix::from_fn(4, 2, |i, j| (1 + i + j) as f64),
        Vector::from_vec(vec![1.0, -1.0, 2.0, 0.0]),
    );
    let source = MiniBatch::new(f, 2, Sampling::WithoutReplacement);
    let start = Vector::from_vec(vec![0.5, 0.5]);
    let alone =
        Trajectory::of(GradientDescent::new(0.01), &Noisy::new(&source, generator(8)), &start, 50);
    let noisy = Noisy::new(&source, generator(8));
    let block = Ensemble::repeat(&start, 1);
    let together = EnsembleRun::of(GradientDescent::new(0.01), &noisy, block, &[50], &[]);
    assert_eq!(alone.last().point(), &together.last().trial(0));
}
