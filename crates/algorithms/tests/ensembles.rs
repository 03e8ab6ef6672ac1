//! A method moves an ensemble exactly as it moves each of its trials alone: the code that serves one
//! point serves the block.

use proptest::prelude::*;
use theoria_algorithms::*;
use theoria_models::objectives::{Composite, Constrained, L1Norm, Quadratic};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::sets::L1Ball;
use theoria_models::{Ensemble, Vector};

const TRIALS: usize = 3;
const STEPS: usize = 6;

fn problem() -> (Quadratic, Composite, Constrained) {
    let quadratic =
        Quadratic::diagonal(&[0.5, 1.0, 2.0]).centred_at(Vector::from_vec(vec![1.0, -1.0, 0.3]));
    let composite = Composite::new(quadratic.clone(), L1Norm::new(0.2));
    let constrained = Constrained::new(quadratic.clone(), L1Ball::new(0.8));
    (quadratic, composite, constrained)
}

fn agree<O: ?Sized>(
    name: &str,
    oracle: &O,
    starts: &[Vector],
    block: impl Method<Ensemble, O>,
    alone: impl Fn() -> Box<dyn Method<Vector, O>>,
) -> Result<(), TestCaseError> {
    let mut together = Ensemble::from_trials(starts);
    let mut block = block;
    for _ in 0..STEPS {
        block.step(oracle, &mut together);
    }
    for (trial, start) in starts.iter().enumerate() {
        let mut x = start.clone();
        let mut method = alone();
        for _ in 0..STEPS {
            method.step(oracle, &mut x);
        }
        prop_assert!((together.trial(trial) - &x).amax() <= 1e-12 * (1.0 + x.amax()), "{name}");
    }
    Ok(())
}

/// One line a method: the oracle it asks, and how it is made.
macro_rules! agree_all {
    ($starts:expr; $($oracle:expr => $method:expr),+ $(,)?) => {
        $(agree(stringify!($method), $oracle, $starts, $method, || Box::new($method))?;)+
    };
}

proptest! {
    #[test]
    fn every_method_moves_a_block_as_its_trials(
        numbers in prop::collection::vec(-2.0..2.0f64, 3 * TRIALS),
    ) {
        let starts: Vec<Vector> = numbers.chunks(3).map(Vector::from_row_slice).collect();
        let (f, composite, constrained) = problem();
        let curved = TwiceDifferentiable::new(&f, &starts[0]).expect("quadratics have a Hessian");
        agree_all! { &starts;
            &f => GradientDescent::new(0.4),
            &f => GradientDescent::with_schedule(|k| 1.0 / (k + 2) as f64),
            &f => GradientDescent::with_schedule(silver_step),
            &f => HeavyBall::new(0.3, 0.5),
            &f => Nesterov::new(0.5, Momentum::Sequence),
            &f => Nesterov::new(0.5, Momentum::Simplified),
            &f => Nesterov::strongly_convex(2.0, 0.5),
            &f => OptimizedGradient::new(2.0, STEPS),
            &f => AdaGradNorm::new(1.0, 0.1),
            &f => SignDescent::new(0.1),
            &f => PolyakStep::new(0.0),
            &f => Armijo::new(1.0, 0.5, 0.5),
            &curved => ConjugateGradients::default(),
            &composite => ProximalGradient::new(0.4),
            &composite => Fista::new(0.4, Momentum::Sequence),
            &composite => ProximalPoint::new(0.4),
            &constrained => ProjectedGradient::new(0.4),
            &constrained => FrankWolfe::new(),
        }
    }
}
