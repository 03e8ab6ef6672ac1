//! Textbook constants that are 5% too small are found out by the search alone, without an instance made by hand, as a check at
//! standard effort searches them.

use rayon::prelude::*;
use theoria_algorithms::{Armijo, ExactLineSearch, GradientDescent, ProximalGradient};
use theoria_instances::families::{
    kinked_functions, lipschitz_convex_functions, smooth_convex_functions, smooth_functions,
    strongly_convex_functions, strongly_convex_in_the_plane,
};
use theoria_instances::{CompositeProblem, Problem};
use theoria_models::Vector;
use theoria_verification::{
    Claim, Family, Instance, Reading, Readings, Settings, Theorem, Verdict,
};

/// How many instances an attempt of a search looks at.
const EVALUATIONS: usize = 1000;
const SEEDS: u64 = 20;
/// The share of the true constant that is claimed.
const SHARE: f64 = 0.95;

type Seen<I> = fn(&I, usize) -> (Reading, f64);

/// A false bound after N steps: `seen` measures and predicts.
fn too_small<I: Instance + 'static>(
    name: &str,
    steps: usize,
    family: Family<I>,
    seen: Seen<I>,
) -> (String, Theorem) {
    let name = format!("{name}_{steps}");
    let claim = Claim::bound(&name, "5% too small")
        .on(family.hunted(EVALUATIONS))
        .measuring_each(move |problem: &I| Readings::at(steps, seen(problem, steps).0))
        .predicting(move |problem, _| SHARE * seen(problem, steps).1);
    (name, Theorem::new("adversary/constants", "# Constants").control(claim))
}

fn descend(p: &Problem, multiple: f64, steps: usize) -> Vector {
    let run = p.run(GradientDescent::new(multiple / p.smoothness()), steps);
    run.at(steps).map_or_else(|| p.start().clone(), |x| x.point().clone())
}

/// L R²
fn scale(p: &Problem) -> f64 {
    p.smoothness() * p.distance_at_start().powi(2)
}

fn gradient(p: &Problem) -> Vector {
    p.objective().gradient_at(p.start())
}

fn short_steps(p: &Problem, n: usize) -> (Reading, f64) {
    (p.gap(&descend(p, 0.6, n)), scale(p) / (4.0 * n as f64 * 0.6 + 2.0))
}

fn one_over_n(p: &Problem, n: usize) -> (Reading, f64) {
    (p.gap(&descend(p, 1.0, n)), scale(p) / (4.0 * n as f64 + 2.0))
}

fn long_steps(p: &Problem, n: usize) -> (Reading, f64) {
    let parabola = 0.5 * 0.9f64.powi(2 * n as i32);
    let bound = scale(p) * parabola.max(1.0 / (4.0 * n as f64 * 1.9 + 2.0));
    (p.gap(&descend(p, 1.9, n)), bound)
}

fn last_gradient(p: &Problem, n: usize) -> (Reading, f64) {
    let bound = p.smoothness() * p.distance_at_start() / (n as f64 + 1.0);
    (p.gradient_squared(&descend(p, 1.0, n)), bound.powi(2))
}

fn best_step(p: &Problem, n: usize) -> (Reading, f64) {
    let (l, mu) = (p.smoothness(), p.strong_convexity());
    let factor = (l - mu) / (l + mu);
    let x = descend(p, 2.0 * l / (l + mu), n);
    (p.distance(&x), factor.powi(n as i32) * p.distance_at_start())
}

fn safe_step(p: &Problem, n: usize) -> (Reading, f64) {
    let factor = 1.0 - p.strong_convexity() / p.smoothness();
    (p.distance(&descend(p, 1.0, n)), factor.powi(n as i32) * p.distance_at_start())
}

fn descent_lemma(p: &Problem, _: usize) -> (Reading, f64) {
    let decrease = p.decrease(p.start(), &descend(p, 1.0, 1)).value;
    (Reading::from(gradient(p).norm_squared()), 2.0 * p.smoothness() * decrease)
}

fn slope_from_gap(p: &Problem, _: usize) -> (Reading, f64) {
    (Reading::from(gradient(p).norm_squared()), 2.0 * p.smoothness() * p.gap_at_start())
}

fn gap_from_slope(p: &Problem, _: usize) -> (Reading, f64) {
    let bound = gradient(p).norm_squared() / (2.0 * p.strong_convexity());
    (Reading::from(p.gap_at_start()), bound)
}

fn growth(p: &Problem, _: usize) -> (Reading, f64) {
    let distance = p.distance_at_start().powi(2);
    (Reading::from(distance), 2.0 * p.gap_at_start() / p.strong_convexity())
}

fn gap_from_distance(p: &Problem, _: usize) -> (Reading, f64) {
    (Reading::from(p.gap_at_start()), scale(p) / 2.0)
}

fn cocoercivity(p: &Problem, _: usize) -> (Reading, f64) {
    let slope = gradient(p);
    let along = slope.dot(&(p.start() - p.minimiser()));
    (Reading::from(slope.norm_squared()), p.smoothness() * along)
}

fn lipschitz(p: &Problem, _: usize) -> (Reading, f64) {
    (Reading::from(p.gap_at_start()), p.lipschitz() * p.distance_at_start())
}

/// Accepted steps are at least the shrunken 2(1 - c)/L: one over the last of them.
fn armijo(p: &Problem, n: usize) -> (Reading, f64) {
    let mut method = Armijo::new(1.01 / p.smoothness(), 0.5, 0.5);
    p.run(&mut method, n);
    let step = method.step_sizes().last().copied().unwrap_or(f64::INFINITY);
    (Reading::from(1.0 / step), 2.0 * p.smoothness())
}

fn proximal(p: &CompositeProblem, n: usize) -> (Reading, f64) {
    let run = p.run(ProximalGradient::new(1.0 / p.smoothness()), n);
    let distance = (p.start() - p.minimiser()).norm_squared();
    (p.gap(run.at(n)), p.smoothness() * distance / (4.0 * n as f64))
}

fn line_search(p: &Problem, n: usize) -> (Reading, f64) {
    let (l, mu) = (p.smoothness(), p.strong_convexity());
    let factor = ((l - mu) / (l + mu)).powi(2 * n as i32);
    (p.gap(p.run(ExactLineSearch::default(), n).at(n)), factor * p.gap_at_start())
}

fn constants() -> Vec<(String, Theorem)> {
    let convex = |name: &'static str, steps: &'static [usize], seen: Seen<Problem>| {
        steps.iter().map(move |n| too_small(name, *n, smooth_convex_functions(), seen))
    };
    let strongly = |name: &'static str, steps: &'static [usize], seen: Seen<Problem>| {
        let family = || strongly_convex_functions(2.0..=100.0);
        steps.iter().map(move |n| too_small(name, *n, family(), seen))
    };
    let mut all: Vec<(String, Theorem)> = convex("one_over_n", &[1, 2, 5, 10, 20, 50], one_over_n)
        .chain(convex("short_steps", &[1, 10], short_steps))
        .chain(convex("long_steps", &[1, 5, 10], long_steps))
        .chain(convex("last_gradient", &[1, 2, 5, 10], last_gradient))
        .chain(convex("slope_from_gap", &[0], slope_from_gap))
        .chain(convex("gap_from_distance", &[0], gap_from_distance))
        .chain(convex("cocoercivity", &[0], cocoercivity))
        .chain(convex("armijo", &[1], armijo))
        .chain(strongly("best_step", &[1, 5, 20], best_step))
        .chain(strongly("safe_step", &[1, 10], safe_step))
        .chain(strongly("gap_from_slope", &[0], gap_from_slope))
        .chain(strongly("growth", &[0], growth))
        .collect();
    let plane = || strongly_convex_in_the_plane(2.0..=100.0);
    all.extend([
        too_small("descent_lemma", 1, smooth_functions(), descent_lemma),
        too_small("lipschitz", 0, lipschitz_convex_functions(), lipschitz),
        too_small("line_search", 1, plane(), line_search),
        too_small("proximal", 1, kinked_functions(None), proximal),
        too_small("proximal", 10, kinked_functions(None), proximal),
    ]);
    all
}

#[test]
fn thirty_constants_that_are_five_percent_too_small_are_refuted() {
    let constants = constants();
    assert!(constants.len() >= 30, "{}", constants.len());
    let found: Vec<(&str, u64)> = constants
        .par_iter()
        .map(|(name, theorem)| {
            let refutes = |seed: &u64| {
                let evidence = theorem.check(&Settings::default().with_seed(*seed));
                evidence.claims[0].verdict == Verdict::Refuted
            };
            (name.as_str(), (0..SEEDS).filter(refutes).count() as u64)
        })
        .collect();
    let rarely: Vec<_> = found.iter().filter(|(_, seeds)| *seeds < SEEDS * 95 / 100).collect();
    assert!(rarely.is_empty(), "{rarely:?}");
}
