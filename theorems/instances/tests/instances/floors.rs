//! Bounds that are true are not refuted by rounding, neither that of a formula nor that of a run.

use proptest::prelude::*;
use theoria_algorithms::*;
use theoria_instances::Problem;
use theoria_models::objectives::{PiecewiseQuadratic, Quadratic};
use theoria_models::{Constant, Minimum, Objective, Vector};

/// Whether the bound is contradicted by what is read.
fn violates(reading: theoria_verification::Reading, bound: f64) -> bool {
    reading.value > bound * (1.0 + 1e-9) + reading.floor
}

/// x² − 2x + 1, written so.
#[derive(Clone)]
struct MultipliedOut;

impl Objective for MultipliedOut {
    fn describe(&self) -> String {
        "x² − 2x + 1".into()
    }
    fn dimension(&self) -> usize {
        1
    }
    fn value(&self, x: &Vector) -> f64 {
        x[0] * x[0] - 2.0 * x[0] + 1.0
    }
    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into[0] = 2.0 * x[0] - 2.0;
    }
    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(2.0))
    }
    fn strong_convexity(&self) -> Option<Constant> {
        Some(Constant::exact(2.0))
    }
    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }
    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::from_element(1, 1.0))
    }
}

#[test]
fn an_equality_on_a_formula_that_cancels_is_not_refuted() {
    let problem = Problem::new(MultipliedOut, Vector::from_element(1, 3.7));
    let run = problem.run(GradientDescent::new(0.25), 60);
    let (mut violated, mut far_above) = (0, 0);
    for n in 0..=60usize {
        let gap = problem.gap(run.at(n));
        let bound = 0.25f64.powi(n as i32) * problem.gap_at_start();
        violated += usize::from(violates(gap, bound));
        // The floor is no excuse for a bound that is half of the true one.
        far_above += usize::from(violates(gap, bound / 2.0));
    }
    assert_eq!(violated, 0);
    assert!(far_above > 15, "{far_above}");
}

/// The pieces of another function, each written about a place of its own.
struct Anchored {
    pieces: PiecewiseQuadratic,
    knots: Vec<f64>,
    /// Place, value, slope and curvature of each piece, with the places a piece away.
    written: Vec<[f64; 4]>,
}

impl Anchored {
    /// Curvatures between the knots, and the minimum at 0.
    fn new(knots: &[f64], curvatures: &[f64]) -> Self {
        let pieces = PiecewiseQuadratic::with_curvatures(knots, curvatures, 0.0);
        let written = (0..curvatures.len()).map(|i| {
            let knot = knots[i.min(knots.len() - 1)];
            let place = knots[(i + 1).min(knots.len() - 1)];
            let at = Vector::from_element(1, knot);
            let (value, slope) = (pieces.value(&at), pieces.gradient_at(&at)[0]);
            let h = place - knot;
            let there = value + slope * h + curvatures[i] * h * h / 2.0;
            [place, there, slope + curvatures[i] * h, curvatures[i]]
        });
        Anchored { written: written.collect(), knots: knots.to_vec(), pieces }
    }

    fn piece(&self, x: f64) -> [f64; 4] {
        self.written[self.knots.partition_point(|knot| *knot <= x)]
    }
}

impl Objective for Anchored {
    fn describe(&self) -> String {
        "parabolas, each written about a place of its own".into()
    }
    fn dimension(&self) -> usize {
        1
    }
    fn value(&self, x: &Vector) -> f64 {
        let [place, value, slope, curvature] = self.piece(x[0]);
        let h = x[0] - place;
        value + slope * h + curvature * h * h / 2.0
    }
    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        let [place, _, slope, curvature] = self.piece(x[0]);
        into[0] = slope + curvature * (x[0] - place);
    }
    fn smoothness(&self) -> Option<Constant> {
        self.pieces.smoothness()
    }
    fn strong_convexity(&self) -> Option<Constant> {
        self.pieces.strong_convexity()
    }
    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }
    fn nearest_minimiser(&self, _x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(1))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn line_searches_contract_on_parabolas_that_are_anchored_elsewhere(
        lengths in prop::collection::vec(0.1..2.0f64, 7),
        curvatures in prop::collection::vec(0.02..1.0f64, 8),
        first in -8.0..0.0f64, start in -12.0..12.0f64,
    ) {
        let knots: Vec<f64> = lengths.iter().scan(first, |x, l| { *x += l; Some(*x) }).collect();
        let problem = Problem::new(Anchored::new(&knots, &curvatures), Vector::from_element(1, start));
        let kappa = problem.condition_number();
        let factor = ((kappa - 1.0) / (kappa + 1.0)).powi(2);
        let run = problem.run(ExactLineSearch::default(), 12);
        for n in 1..=12usize {
            let before = problem.gap(run.at(n - 1));
            // What is predicted is measured as well.
            let bound = factor * (before.value + before.floor);
            let gap = problem.gap(run.at(n));
            prop_assert!(!violates(gap, bound), "{n}: {gap:?} {bound}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_run_that_rests_stays_below_its_floor(
        centre in prop::collection::vec(-5.0..5.0f64, 2), scale in -3..4i32, steps in 1..600usize,
    ) {
        let minimiser = Vector::from_vec(centre) * 10f64.powi(scale);
        let f = Quadratic::diagonal(&[1.0, 3.0]).centred_at(minimiser.clone());
        let problem = Problem::new(f, minimiser);
        let methods: Vec<(&str, Trajectory)> = vec![
            ("optimized", problem.run(OptimizedGradient::new(3.0, steps), steps)),
            ("Nesterov", problem.run(Nesterov::new(1.0 / 3.0, Momentum::Sequence), steps)),
            ("simplified", problem.run(Nesterov::new(1.0 / 3.0, Momentum::Simplified), steps)),
            ("constant", problem.run(Nesterov::strongly_convex(3.0, 1.0), steps)),
            ("heavy ball", problem.run(HeavyBall::new(0.3, 0.99), steps)),
            ("AGNES", problem.run(Agnes::new(3.0, 0.5), steps)),
            ("AGNES, estimate", problem.run(AgnesEstimate::convex(3.0, 0.5), steps)),
            ("AdaGrad", problem.run(AdaGradNorm::new(1.0, 0.1), steps)),
            ("descent", problem.run(GradientDescent::new(0.6), steps)),
            ("silver", problem.run(GradientDescent::with_schedule(|k| silver_step(k) / 3.0), steps)),
            ("mean", problem.run(Averaged::new(GradientDescent::new(0.6)), steps)),
            ("line search", problem.run(ExactLineSearch::default(), steps)),
        ];
        for (name, run) in methods {
            for x in run.iterates() {
                let step = x.step();
                let gap = problem.gap(run.at(step));
                prop_assert!(!violates(gap, 0.0), "{name}, {step}: {gap:?}");
                let distance = problem.distance(run.at(step));
                prop_assert!(!violates(distance, 0.0), "{name}, {step}: {distance:?}");
                let slope = problem.gradient_squared(run.at(step));
                prop_assert!(!violates(slope, 0.0), "{name}, {step}: {slope:?}");
            }
        }
    }
}

#[test]
fn the_floor_of_a_run_is_small_against_what_is_measured() {
    // A gap of a hundred steps is seen down to 1e-20 of that at the start, a distance to 1e-11.
    let f = Quadratic::diagonal(&[1.0, 3.0]).centred_at(Vector::from_vec(vec![0.3, -0.7]));
    let problem = Problem::new(f, Vector::from_vec(vec![1.3, 1.1]));
    let run = problem.run(GradientDescent::new(0.6), 100);
    assert!(problem.gap(run.at(100)).floor < 1e-20 * problem.gap_at_start());
    assert!(problem.distance(run.at(100)).floor < 1e-11 * problem.distance_at_start());
}
