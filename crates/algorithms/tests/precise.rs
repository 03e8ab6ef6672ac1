//! Methods in higher precision against ninety digits, computed by Python's `decimal` from the same numbers.

use theoria_algorithms::{
    Agnes, Averaged, ConjugateGradients, ExactLineSearch, Fista, GradientDescent, HeavyBall,
    Method, Momentum, Nesterov, OptimizedGradient, PolyakStep, PreciseMethod, ProjectedGradient,
    ProximalGradient, Trajectory, VectorMethod,
};
use theoria_models::numerics::DoubleDouble;
use theoria_models::objectives::{
    Composite, Constrained, L1Distance, PiecewiseQuadratic, Quadratic,
};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::sets::BoxSet;
use theoria_models::{Minimum, Objective, PreciseObjective, Vector, Wide};

/// Flat between -0.75 and 0.3, L = 1.
fn function() -> PiecewiseQuadratic {
    let curvatures = [0.2, 1.0, 0.0, 0.7, 0.1, 1.0];
    PiecewiseQuadratic::with_curvatures(&[-2.0, -0.75, 0.3, 1.1, 3.7], &curvatures, 0.1)
}

fn start() -> Vector {
    Vector::from_element(1, 5.3)
}

/// The place after so many steps, with all its digits.
fn place(
    method: Option<Box<dyn PreciseMethod>>,
    f: Option<Box<dyn PreciseObjective + '_>>,
    steps: usize,
) -> DoubleDouble {
    let (method, f) = (method.expect("the method is known"), f.expect("the function is known"));
    let run: Trajectory<Wide> = Trajectory::of(method, &*f, &(&start()).into(), steps);
    run.last().coordinates()[0]
}

fn after(method: &impl VectorMethod, steps: usize) -> DoubleDouble {
    let method = Method::<Vector, dyn Objective>::in_higher_precision(method);
    place(method, function().in_higher_precision(), steps)
}

#[track_caller]
fn assert_near(place: DoubleDouble, nearest: f64, remainder: f64) {
    let off = place - DoubleDouble::from(nearest) - DoubleDouble::from(remainder);
    assert!(off.nearest().abs() <= 1e-28, "{place:?} is off by {}", off.nearest());
}

#[test]
fn runs_have_the_digits_of_exact_ones() {
    let sequence = Nesterov::new(0.9, Momentum::Sequence);
    let simplified = Nesterov::new(0.9, Momentum::Simplified);
    let heavy = HeavyBall::new(0.2, 0.8);
    assert_near(after(&GradientDescent::new(0.9), 20), 0.30000014230937444, -9.744571982151102e-18);
    assert_near(
        after(&GradientDescent::with_schedule(|_| 0.9), 20),
        0.30000014230937444,
        -9.744571982151102e-18,
    );
    assert_near(after(&heavy, 20), -0.19061509892812264, -1.575318206024165e-18);
    assert_near(after(&heavy, 100), 0.12925405298813894, 2.0029452484235833e-19);
    assert_near(after(&sequence, 20), -0.6711014485104699, -7.24758566947265e-18);
    assert_near(after(&sequence, 100), -0.7494203697638329, 1.298419991933305e-17);
    assert_near(after(&simplified, 20), -0.5571049469499999, -4.049944085450708e-17);
    assert_near(after(&simplified, 100), -0.622985401498297, -9.990503725684827e-18);
    assert_near(
        after(&OptimizedGradient::new(1.0, 20), 20),
        -0.45592548846535563,
        -4.199533592740246e-18,
    );
    assert_near(
        after(&OptimizedGradient::new(1.0, 100), 100),
        -0.4307082088203458,
        1.1988220858656625e-17,
    );
    assert_near(
        after(&Averaged::new(GradientDescent::new(0.9)), 20),
        0.954547515331002,
        -1.9832717910615392e-17,
    );
}

#[test]
fn proximal_maps_and_projections_have_them_too() {
    let composite =
        Composite::new(function(), L1Distance::new(0.25, Vector::from_element(1, -0.5)));
    let method = Method::<Vector, Composite>::in_higher_precision(&ProximalGradient::new(0.9));
    let four = place(method, composite.in_higher_precision(), 4);
    assert_near(four, 0.4580921869999999, 2.069570964602365e-17);
    let method = Fista::new(0.9, Momentum::Sequence);
    let method = || Method::<Vector, Composite>::in_higher_precision(&method);
    let four = place(method(), composite.in_higher_precision(), 4);
    assert_near(four, 0.15506073269260268, -2.8542736716132425e-19);
    assert_eq!(place(method(), composite.in_higher_precision(), 20), (-0.5).into());
    let constrained = Constrained::new(function(), BoxSet::new(0.7, 9.0))
        .minimal_at(start(), Minimum::exact(0.0));
    let method = Method::<Vector, Constrained>::in_higher_precision(&ProjectedGradient::new(0.9));
    assert_eq!(place(method, constrained.in_higher_precision(), 7), 0.7.into());
}

#[test]
fn methods_with_step_sizes_of_each_trial_agree_to_doubles() {
    for steps in [1, 2, 5] {
        let close = |precise: DoubleDouble, run: &Trajectory| {
            assert!((precise.nearest() - run.last()[0]).abs() <= 1e-14 * start()[0]);
        };
        close(
            after(&PolyakStep::new(0.0), steps),
            &Trajectory::of(PolyakStep::new(0.0), &function(), &start(), steps),
        );
        let agnes = || Agnes::new(1.0, 0.5);
        close(after(&agnes(), steps), &Trajectory::of(agnes(), &function(), &start(), steps));
    }
}

#[test]
fn what_has_begun_or_is_borrowed_or_has_no_such_form_is_not_run_so() {
    let precise =
        |method: &dyn Method<Vector, PiecewiseQuadratic>| method.in_higher_precision().is_some();
    let mut x = start();
    let mut method = GradientDescent::new(0.5);
    assert!(precise(&method) && !precise(&&mut method));
    method.step(&function(), &mut x);
    assert!(!precise(&method));
    let mut method = OptimizedGradient::new(1.0, 3);
    assert!(precise(&method));
    method.step(&function(), &mut x);
    assert!(!precise(&method));
    let method = ConjugateGradients::default();
    let conjugate: &dyn Method<Vector, TwiceDifferentiable<'_>> = &method;
    assert!(conjugate.in_higher_precision().is_none());
}

#[test]
fn exact_line_searches_zigzag_exactly() {
    // ((κ - 1)/(κ + 1))^k (κ, ±1) for κ = 10.
    let f = Quadratic::diagonal(&[1.0, 10.0]);
    let method = Method::<Vector, dyn Objective>::in_higher_precision(&ExactLineSearch::default());
    let (method, f) =
        (method.expect("it is known"), f.in_higher_precision().expect("it is diagonal"));
    let start = [10.0, 1.0];
    let run: Trajectory<Wide> = Trajectory::of(method, &*f, &start.as_slice().into(), 20);
    let factor = DoubleDouble::from(9.0) / DoubleDouble::from(11.0);
    let expected = (0..20).fold(DoubleDouble::from(1.0), |product, _| product * factor);
    for (seen, start) in run.last().coordinates().iter().zip(start) {
        let off = *seen / (expected * start.into()) - DoubleDouble::from(1.0);
        assert!(off.nearest().abs() <= 1e-28, "{}", off.nearest());
    }
}
