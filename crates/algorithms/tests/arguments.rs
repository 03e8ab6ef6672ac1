//! Arguments outside their range are refused where they are given, by name; and a method that starts at the
//! minimiser rests there.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use theoria_algorithms::*;
use theoria_models::objectives::{Composite, Constrained, L1Norm, Quadratic};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::sets::Ball;
use theoria_models::{Ensemble, Vector};

/// What a constructor says when it refuses.
fn refusal(make: impl FnOnce()) -> Option<String> {
    let error = catch_unwind(AssertUnwindSafe(make)).err()?;
    let text = error.downcast_ref::<String>().cloned();
    text.or_else(|| error.downcast_ref::<&str>().map(ToString::to_string))
}

/// Each constructor with one argument left open, and the name by which the argument is refused.
macro_rules! refuses {
    ($values:expr, $($name:literal: |$bad:ident| $make:expr),+ $(,)?) => {
        for value in $values {
            $(
                let said = refusal(|| {
                    let $bad: f64 = value;
                    _ = $make;
                });
                let said = said.unwrap_or_else(|| panic!("{} accepts {value}", stringify!($make)));
                assert!(said.contains($name), "{} of {value}: {said}", stringify!($make));
                assert!(said.contains(&format!("{value:?}")) || said.contains(&value.to_string()), "{said}");
            )+
        }
    };
}

fn stream() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(1)
}

/// The constructors of methods that move vectors.
type Gd = GradientDescent<Vector>;
type Hb = HeavyBall<Vector>;
type Nag = Nesterov<Vector>;

#[test]
fn numbers_that_must_be_positive_are_refused_by_name() {
    refuses! { [0.0, -1.0, f64::NAN, f64::INFINITY],
        "step size h": |h| Gd::new(h),
        "step size h": |h| Hb::new(h, 0.5),
        "step size h": |h| Nag::new(h, Momentum::Sequence),
        "step size h": |h| Fista::<Vector>::new(h, Momentum::Simplified),
        "step size h": |h| ProjectedGradient::<Vector>::new(h),
        "step size h": |h| ProximalGradient::<Vector>::new(h),
        "step size h": |h| ProximalPoint::<Vector>::new(h),
        "step size h": |h| SignDescent::<Vector>::new(h),
        "step size h": |h| MajorityVote::new(h, 3),
        "step size h": |h| DeepLinearDescent::new(h),
        "η": |eta| AdaGrad::<Vector>::new(eta),
        "η": |eta| AdaGradNorm::<Vector>::new(eta, 1.0),
        "b_0": |first| AdaGradNorm::<Vector>::new(1.0, first),
        "η": |eta| Agnes::<Vector>::with_steps(eta, 0.1),
        "L": |l| Agnes::<Vector>::new(l, 0.1),
        "L": |l| AgnesEstimate::<Vector>::convex(l, 0.1),
        "L": |l| AgnesEstimate::<Vector>::strongly_convex(l, 0.1, 0.1),
        "μ": |mu| AgnesEstimate::<Vector>::strongly_convex(1.0, mu, 0.1),
        "h_0": |h| Armijo::<Vector>::new(h, 0.5, 0.5),
        "share c": |c| Armijo::<Vector>::new(1.0, c, 0.5),
        "L": |l| Hb::optimal(l, 0.1),
        "μ": |mu| Hb::optimal(1.0, mu),
        "L": |l| Nag::strongly_convex(l, 0.1),
        "μ": |mu| Nag::strongly_convex(1.0, mu),
        "step length h": |h| ConstantStep::new(h),
        "η": |eta| NewtonCg::<Vector, _>::new(Forcing::Constant(eta), ConstantStep::<f64>::unit()),
        "L": |l| OptimizedGradient::<Vector>::new(l, 3),
        "time step τ": |tau| EulerMaruyama::additive(tau, 0.1, stream()),
        "time step τ": |tau| EulerMaruyama::diagonal(tau, |_, _| (), stream()),
        "c": |c| decreasing_step(c, 1.0),
        "offset": |offset| decreasing_step(1.0, offset),
        "c": |c| power_step(c, 0.5),
        "μ": |mu| karimi_step(mu),
        "tolerance": |tolerance| {
            let f = Quadratic::diagonal(&[1.0]);
            gradient_flow(&f, &Vector::zeros(1), &[1.0], tolerance)
        },
    }
}

#[test]
fn numbers_that_must_not_be_negative_are_refused_by_name() {
    refuses! { [-1e-9, f64::NAN, f64::INFINITY],
        "σ": |sigma| Agnes::<Vector>::new(1.0, sigma),
        "σ": |sigma| AgnesEstimate::<Vector>::convex(1.0, sigma),
        "σ": |sigma| AgnesEstimate::<Vector>::strongly_convex(1.0, 0.1, sigma),
        "α": |alpha| Agnes::<Vector>::with_steps(0.1, alpha),
        "temperature": |epsilon| EulerMaruyama::additive(0.1, epsilon, stream()),
        "θ": |theta| EulerMaruyama::vanishing(0.1, theta, 0.0, stream()),
        "power a": |a| power_step(1.0, a),
        "step size of step 0": |h| {
            let f = Quadratic::diagonal(&[1.0]);
            Gd::with_schedule(move |_| h).step(&f, &mut Vector::zeros(1));
        },
    }
}

#[test]
fn shares_and_momentum_are_refused_by_name() {
    refuses! { [-0.1, 1.0, f64::NAN],
        "momentum β": |beta| Hb::new(0.1, beta),
        "momentum β": |beta| Nag::new(0.1, Momentum::Constant(beta)),
        "momentum β": |beta| Fista::<Vector>::new(0.1, Momentum::Constant(beta)),
        "cut b": |b| Armijo::<Vector>::new(1.0, 0.5, b),
        "cut b": |b| Backtracking::new(0.5, b),
        "share c": |c| Backtracking::new(c, 0.5),
        "c_1": |c| StrongWolfe::new(c, 0.9),
        "c_2": |c| StrongWolfe::new(1e-4, c),
    }
    refuses! { [-0.1, 1.1, f64::NAN],
        "γ_k": |share| {
            let problem = Constrained::new(Quadratic::diagonal(&[1.0]), Ball::new(1.0));
            FrankWolfe::<Vector>::with_schedule(move |_| share).step(&problem, &mut Vector::zeros(1));
        },
    }
    refuses! { [f64::NAN, f64::INFINITY],
        "f*": |f| PolyakStep::<Vector>::new(f),
        "f*": |f| EulerMaruyama::vanishing(0.1, 1.0, f, stream()),
    }
    assert!(refusal(|| _ = MajorityVote::new(0.1, 0)).unwrap().contains("worker"));
    assert!(refusal(|| _ = Hb::optimal(1.0, 2.0)).unwrap().contains("μ is at most L"));
}

const STEPS: usize = 50;

/// How far a run from the minimiser goes from it, at most.
fn drift<O: ?Sized>(oracle: &O, minimiser: &Vector, method: impl Method<Vector, O>) -> f64 {
    let run = Trajectory::of(method, oracle, minimiser, STEPS);
    if run.diverged().is_some() {
        return f64::INFINITY;
    }
    run.points().iter().map(|x| (x - minimiser).amax()).fold(0.0, f64::max)
}

/// One line a method: the oracle it asks, and how it is made.
macro_rules! all_rest {
    ($minimiser:expr; $($oracle:expr => $method:expr),+ $(,)?) => {
        $(
            let moved = drift($oracle, $minimiser, $method);
            // Combinations of one point with weights of sum 1 are off by the last bit, which is then carried on.
            let carried = 1e3 * f64::EPSILON * (1.0 + $minimiser.amax());
            prop_assert!(moved <= carried, "{} leaves {} by {moved}", stringify!($method), $minimiser);
        )+
    };
}

proptest! {
    #[test]
    fn every_method_rests_at_the_minimiser(
        centre in prop::collection::vec(-3.0..3.0f64, 3), on_grid: bool,
    ) {
        let minimiser = if on_grid { Vector::zeros(3) } else { Vector::from_vec(centre) };
        let f = Quadratic::diagonal(&[0.5, 1.0, 3.0]).centred_at(minimiser.clone());
        let curved = TwiceDifferentiable::new(&f, &minimiser).expect("quadratics have a Hessian");
        let composite = Composite::new(f.clone(), L1Norm::new(0.0));
        let constrained = Constrained::new(f.clone(), Ball::new(10.0));
        all_rest! { &minimiser;
            &f => GradientDescent::new(0.3),
            &f => GradientDescent::with_schedule(silver_step),
            &f => HeavyBall::new(0.3, 0.9),
            &f => HeavyBall::optimal(3.0, 0.5),
            &f => Nesterov::new(1.0 / 3.0, Momentum::Sequence),
            &f => Nesterov::new(1.0 / 3.0, Momentum::Simplified),
            &f => Nesterov::strongly_convex(3.0, 0.5),
            &f => OptimizedGradient::new(3.0, STEPS),
            &f => AdaGrad::new(1.0),
            &f => AdaGradNorm::new(1.0, 1e-3),
            &f => Agnes::new(3.0, 0.5),
            &f => AgnesEstimate::convex(3.0, 0.5),
            &f => AgnesEstimate::strongly_convex(3.0, 0.5, 0.5),
            &f => PolyakStep::new(0.0),
            &f => Armijo::new(1.0, 0.5, 0.5),
            &f => ExactLineSearch::default(),
            &f => Averaged::new(GradientDescent::new(0.3)),
            &curved => ConjugateGradients::default(),
            &composite => ProximalGradient::new(0.3),
            &composite => Fista::new(0.3, Momentum::Sequence),
            &constrained => ProjectedGradient::new(0.3),
        }
        // Signs see the slope of one bit as they see any other: a start that is the minimiser to the bit rests.
        all_rest! { &Vector::zeros(3);
            &Quadratic::diagonal(&[0.5, 1.0, 3.0]) => SignDescent::new(0.1),
            &Quadratic::diagonal(&[0.5, 1.0, 3.0]) => ProximalPoint::new(0.3),
        }
        prop_assert_eq!(drift(&f, &minimiser, SignDescent::new(0.1)), 0.0);
        let mut voted = Ensemble::repeat(&minimiser, 2);
        MajorityVote::new(0.1, 3).step(&f, &mut voted);
        // A vote knows no 0: it moves by h where the slope is 0.
        prop_assert!(voted.trial(0).iter().all(|x| x.is_finite()));
    }
}
