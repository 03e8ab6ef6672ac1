//! Instances in higher precision.

use theoria_algorithms::{GradientDescent, OptimizedGradient, SignDescent};
use theoria_instances::families::AfterSteps;
use theoria_instances::{CompositeProblem, Problem};
use theoria_models::objectives::{
    Composite, L1Norm, PiecewiseQuadratic, Quadratic, RippledParabola,
};
use theoria_models::{Minimum, Vector};
use theoria_verification::Instance;

const STEPS: usize = 100;

fn one(x: f64) -> Vector {
    Vector::from_element(1, x)
}

/// The Huber function on which the method is slowest, about a place so far away that doubles have ten digits left of the
/// distances.
fn far_away(place: f64) -> Problem {
    let width = OptimizedGradient::<Vector>::theta(STEPS).powi(-2);
    let f = PiecewiseQuadratic::with_curvatures(
        &[place - width, place + width],
        &[0.0, 1.0, 0.0],
        place,
    );
    Problem::new(f, one(place + 1.0))
}

/// Gap over bound, and the floor.
fn tightness(p: &Problem) -> (f64, f64) {
    let gap = p.gap(p.run(OptimizedGradient::new(1.0, STEPS), STEPS).last());
    let bound = 0.5 / OptimizedGradient::<Vector>::theta(STEPS).powi(2);
    (gap.value / bound, gap.floor / bound)
}

#[test]
fn what_doubles_see_beyond_a_bound_is_within_it() {
    let mut beyond: f64 = 0.0;
    for k in 1..=20 {
        let problem = far_away(2f64.powi(17) + f64::from(k) / 3.0);
        let (rough, _) = tightness(&problem);
        let precise = problem.in_higher_precision().expect("the function is known");
        let (exact, floor) = tightness(&precise);
        assert!((exact - 1.0).abs() <= 1e-9_f64.max(floor), "{exact} {floor}");
        assert!(precise.computed_in_higher_precision());
        beyond = beyond.max(rough - 1.0);
    }
    assert!(beyond > 1e-9, "{beyond}");
}

#[test]
fn an_instance_says_whether_it_was_computed_so() {
    let problem = Problem::new(Quadratic::diagonal(&[2.0, 0.5]), Vector::from_vec(vec![1.0, 1.0]));
    let precise = problem.in_higher_precision().expect("it is diagonal");
    assert!(!precise.computed_in_higher_precision());
    precise.run(GradientDescent::new(0.3), 10);
    assert!(precise.computed_in_higher_precision());
    // Signs are taken in doubles.
    precise.run(SignDescent::new(0.1), 10);
    assert!(!precise.computed_in_higher_precision());
    assert!(Problem::new(RippledParabola, one(1.0)).in_higher_precision().is_none());
    let after = AfterSteps { problem, steps: 3 }.in_higher_precision().expect("its problem is");
    after.read(|p, n| p.gap(p.run(GradientDescent::new(0.3), n).last()));
    assert!(after.computed_in_higher_precision());
}

#[test]
fn floors_of_runs_in_higher_precision_are_lower() {
    let problem = far_away(100.0);
    let precise = problem.in_higher_precision().expect("the function is known");
    let (rough, exact) = (tightness(&problem).1, tightness(&precise).1);
    assert!(exact < 1e-2 * rough, "{exact} {rough}");
    let objective = Composite::new(Quadratic::diagonal(&[2.0]), L1Norm::new(1.0))
        .minimal_at(one(0.0), Minimum::exact(0.0));
    let problem = CompositeProblem::new(objective, one(3.0));
    let precise = problem.in_higher_precision().expect("both parts are known");
    let run = |p: &CompositeProblem| {
        p.gap(p.run(theoria_algorithms::ProximalGradient::new(0.1), 5).last())
    };
    let (rough, exact) = (run(&problem), run(&precise));
    assert!(precise.computed_in_higher_precision() && exact.floor < rough.floor);
    assert!((rough.value - exact.value).abs() <= rough.floor);
}

#[test]
fn what_is_read_of_a_run_in_higher_precision_does_not_cancel() {
    // Steps of length 1e-9 at a value of 1e4 and a place of 1e2: on a slope that is nearly flat.
    let f = PiecewiseQuadratic::with_curvatures(&[90.0], &[1.0, 0.0], 0.0);
    let problem = Problem::new(f, one(200.0));
    let precise = problem.in_higher_precision().expect("the function is known");
    let (h, steps) = (1e-11, 3);
    let run = precise.run(GradientDescent::new(h), steps);
    for n in 1..=steps {
        let seen = precise.decrease(run.at(n - 1), run.at(n));
        assert!((seen.value / (8100.0 * h) - 1.0).abs() < 1e-15, "{seen:?}");
    }
    let rough = problem.run(GradientDescent::new(h), steps);
    let off = problem.decrease(rough.at(0), rough.at(1)).value / (8100.0 * h) - 1.0;
    assert!(off.abs() > 1e-9, "{off}");
    assert_eq!(precise.gradient_squared(run.last()).value, 8100.0);
    assert_eq!(precise.distance(run.last()).value, 200.0 - 3.0 * 90.0 * h);
}
