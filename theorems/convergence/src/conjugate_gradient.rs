#![doc = include_str!("conjugate_gradient.md")]

use std::ops::RangeInclusive;

use theoria_algorithms::{ConjugateGradients, Trajectory};
use theoria_elementary::{cos, powf};
use theoria_instances::Problem;
use theoria_instances::families::{
    diabetes_least_squares, diagonal_quadratics, gaussian, least_squares, misstated, quadratics,
    strongly_convex_in_the_plane,
};
use theoria_instances::hypotheses::{quadratic, smooth, strongly_convex};
use theoria_instances::sequences::geometric;
use theoria_models::objectives::Quadratic;
use theoria_models::{Property, Vector};
use theoria_verification::{
    Check, Claim, Constant, Draw, Family, Figure, Hypothesis, Instance, Reading, Readings, Theorem,
};

/// Rounding grows with the condition number: at this one termination can be told from its failure.
const MODERATE: f64 = 10.0;
const STEPS: usize = 60;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let energy = energy("energy_norm").on(fitted());
    let constant = energy
        .restated(
            "energy_norm_with_a_smaller_constant",
            "|e_N|_A ≤ 1.95 ((√κ − 1)/(√κ + 1))ᴺ |e₀|_A",
        )
        .predicting_from(factor_and_start, |(factor, at_start), n| {
            1.95 * powf(*factor, n) * at_start
        });
    let faster = energy
        .restated(
            "energy_norm_five_percent_faster",
            "|e_N|_A ≤ 2 ((√κ − 1)/(√κ + 1))^(1.05 N) |e₀|_A",
        )
        .predicting_from(factor_and_start, |(factor, at_start), n| {
            2.0 * powf(*factor, 1.05 * n) * at_start
        });
    Theorem::new("convergence/conjugate_gradient", include_str!("conjugate_gradient.md"))
        .claim(
            termination("ends_after_m_steps", "|e_m| / |e₀| = 0", |m| m)
                .on(few_eigenvalues(MODERATE, 3..=6)),
        )
        .claim(
            energy
                .on(quadratics())
                .on(diagonal_quadratics(2.0..=100.0).hunted(500))
                .on(least_squares())
                .on(diabetes_least_squares())
                .tight_to(0.99),
        )
        .claim(orthogonality(
            "residuals_are_orthogonal",
            "the largest cosine between two residuals = 0",
            residuals,
            euclidean,
        ))
        .claim(orthogonality(
            "directions_are_conjugate",
            "the largest cosine between two directions in the norm of A = 0",
            directions,
            conjugate,
        ))
        .control(
            termination("one_step_fewer_suffices", "|e_{m−1}| / |e₀| = 0", |m| m - 1)
                .on(few_eigenvalues(MODERATE, 3..=6)),
        )
        .control(
            termination("ends_whatever_the_condition", "|e_m| / |e₀| = 0", |m| m)
                .on(few_eigenvalues(1e7, 5..=6))
                .violating("moderate condition"),
        )
        .control(orthogonality(
            "directions_are_orthogonal",
            "the largest cosine between two directions = 0",
            directions,
            euclidean,
        ))
        .control(constant)
        .control(faster)
        .control(
            self::energy("energy_norm_beyond_quadratics")
                .on(strongly_convex_in_the_plane(2.0..=100.0).hunted(500))
                .violating("quadratic"),
        )
        .control(
            self::energy("energy_norm_with_too_small_a_constant")
                .on(misstated(diagonal_quadratics(10.0..=100.0), Property::Smoothness, 0.11..=0.9)
                    .hunted(500))
                .violating("smooth"),
        )
        .control(
            self::energy("energy_norm_without_strong_convexity")
                .on(misstated(
                    diagonal_quadratics(2.0..=1000.0),
                    Property::StrongConvexity,
                    0.1..=0.9,
                )
                .hunted(500))
                .violating("strongly convex"),
        )
        .figure(
            Figure::semilog("energy", "step N", "|e_N|_A").of("energy_norm").caption(
                "The error in the norm of the Hessian stays below its line, and ends early.",
            ),
        )
}

/// A quadratic with m distinct eigenvalues, each several times.
struct FewEigenvalues {
    problem: Problem,
    distinct: usize,
}

impl Instance for FewEigenvalues {
    fn description(&self) -> String {
        format!("{}, {} distinct eigenvalues", self.problem.description(), self.distinct)
    }

    fn constants(&self) -> Vec<Constant> {
        self.problem.constants()
    }
}

impl AsRef<Problem> for FewEigenvalues {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

/// m distinct eigenvalues: those of the Hessian, counted anew.
fn distinct_eigenvalues() -> Hypothesis<FewEigenvalues> {
    Hypothesis::new("m distinct eigenvalues", |instance: &FewEigenvalues, _| {
        let p = &instance.problem;
        let Some(hessian) = p.objective().hessian(p.start()) else {
            return Check::that(false, "no Hessian");
        };
        let mut eigenvalues: Vec<f64> = hessian.symmetric_eigenvalues().iter().copied().collect();
        eigenvalues.sort_by(f64::total_cmp);
        let apart = 1e-12 * p.smoothness() * eigenvalues.len() as f64;
        let jumps = eigenvalues.windows(2).filter(|pair| pair[1] - pair[0] > apart).count();
        Check::that(jumps + 1 == instance.distinct, format!("{} are distinct", jumps + 1))
    })
}

/// All of it is exact arithmetic: rounding destroys it where κ is large.
fn moderate_condition() -> Hypothesis<FewEigenvalues> {
    Hypothesis::new("moderate condition", |instance: &FewEigenvalues, _| {
        Check::at_most(instance.problem.condition_number(), MODERATE, "κ")
    })
}

/// "Arrives" means: to within the rounding of a product, times the condition number.
fn termination(name: &str, formula: &str, steps: fn(usize) -> usize) -> Claim<FewEigenvalues> {
    Claim::identity(name, formula, 1e-6)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .assuming([distinct_eigenvalues(), moderate_condition()])
        .measuring_each(move |instance: &FewEigenvalues| {
            let p = &instance.problem;
            let steps = steps(instance.distinct);
            let error = p.distance(run(p, steps).last()).value / p.distance_at_start();
            let rounding = 10.0 * f64::EPSILON * p.start().len() as f64;
            Readings::at(steps, Reading::new(error, rounding * p.condition_number()))
        })
        .predicting(|_, _| 0.0)
}

fn energy(name: &str) -> Claim<Problem> {
    Claim::bound(name, "|e_N|_A ≤ 2 ((√κ − 1)/(√κ + 1))ᴺ |e₀|_A")
        .assuming([smooth(), strongly_convex(), quadratic()])
        // From the start on, against which rounding is small also where μ = L.
        .measuring(0..=STEPS, |p: &Problem, steps| {
            let run = run(p, STEPS);
            steps.read(|n| energy_norm(p, run.at(n).as_deref()))
        })
        .predicting_from(factor_and_start, |(factor, at_start), n| {
            2.0 * powf(*factor, n) * at_start
        })
}

/// The largest cosine between any two of the vectors of the first steps.
fn orthogonality(
    name: &str,
    formula: &str,
    vectors: fn(&Problem, &Trajectory) -> Vec<Vector>,
    inner: fn(&Problem, &Vector, &Vector) -> f64,
) -> Claim<FewEigenvalues> {
    Claim::identity(name, formula, 1e-6)
        .assuming([smooth(), strongly_convex(), quadratic()])
        .assuming([distinct_eigenvalues(), moderate_condition()])
        .on(few_eigenvalues(MODERATE, 3..=6))
        .measuring_each(move |instance: &FewEigenvalues| {
            let p = &instance.problem;
            let run = run(p, instance.distinct - 1);
            let vectors = vectors(p, &run);
            let norms: Vec<f64> = vectors.iter().map(|v| inner(p, v, v).sqrt()).collect();
            let mut largest: f64 = 0.0;
            for j in 0..vectors.len() {
                for i in 0..j {
                    let cosine = inner(p, &vectors[i], &vectors[j]) / (norms[i] * norms[j]);
                    largest = largest.max(cosine.abs());
                }
            }
            Readings::at(vectors.len(), Reading::new(largest, 1e-10))
        })
        .predicting(|_, _| 0.0)
}

/// Eigenvalues evenly spaced in logarithm from 1 to `condition`.
fn few_eigenvalues(condition: f64, distinct: RangeInclusive<usize>) -> Family<FewEigenvalues> {
    Family::drawn("few distinct eigenvalues", move |draw: &mut Draw| {
        let distinct = draw.size(distinct.clone());
        let spectrum = geometric(1.0, condition, distinct).repeat(4);
        let dimension = spectrum.len();
        let minimiser = gaussian(dimension, draw);
        let start = gaussian(dimension, draw);
        let quadratic = Quadratic::rotated(&spectrum, draw.generator()).centred_at(minimiser);
        FewEigenvalues { problem: Problem::new(quadratic, start), distinct }
    })
}

/// κ = 10, and for each N the quadratic on which N steps leave most: its N + 1 eigenvalues are where the Chebyshev
/// polynomial of degree N is ±1, and the weights λ x² are inverse to λ times its distances from the others (Greenbaum
/// 1979). It leaves 1/(1 + ((√κ − 1)/(√κ + 1))²ᴺ) of the bound.
fn fitted() -> Family<Problem> {
    Family::listed("Chebyshev's eigenvalues, fitted to N", [3, 5, 8], |&steps| {
        let (middle, half) = (5.5, 4.5);
        let angle = |i: usize| cos(i as f64 * std::f64::consts::PI / steps as f64);
        let spectrum: Vec<f64> = (0..=steps).map(|i| middle + half * angle(i)).collect();
        let start = Vector::from_fn(steps + 1, |i, _| {
            let own = spectrum[i];
            let others = spectrum.iter().filter(|other| **other != own);
            let distances: f64 = others.map(|other| (own - other).abs()).product();
            (1.0 / (own * distances)).sqrt() / own.sqrt()
        });
        Problem::new(Quadratic::diagonal(&spectrum), start)
    })
}

fn run(p: &Problem, steps: usize) -> Trajectory {
    Trajectory::of(ConjugateGradients::default(), &p.twice_differentiable(), p.start(), steps)
}

/// (√κ − 1)/(√κ + 1) and |e_0|_A.
fn factor_and_start(p: &Problem) -> (f64, f64) {
    let root = p.condition_number().sqrt();
    ((root - 1.0) / (root + 1.0), (2.0 * p.gap_at_start()).sqrt())
}

/// √(2 (f(x) - f*)). The residual that the method carries along parts from the true one by the
/// rounding of the largest iterate, which no later step corrects (Greenbaum 1997): the start, say.
fn energy_norm(p: &Problem, x: Option<&Vector>) -> Reading {
    let gap = p.gap(x);
    let parted = 2.0 * p.objective().gradient_rounding(p.start());
    let floor = gap.floor + parted * parted / (2.0 * p.strong_convexity());
    let norm = (2.0 * gap.value.max(0.0)).sqrt();
    Reading::new(norm, (2.0 * (gap.value.max(0.0) + floor)).sqrt() - norm)
}

fn residuals(p: &Problem, run: &Trajectory) -> Vec<Vector> {
    run.points().iter().map(|x| -p.objective().gradient_at(x)).collect()
}

fn directions(_p: &Problem, run: &Trajectory) -> Vec<Vector> {
    run.points().windows(2).map(|pair| &pair[1] - &pair[0]).collect()
}

fn euclidean(_p: &Problem, x: &Vector, y: &Vector) -> f64 {
    x.dot(y)
}

fn conjugate(p: &Problem, x: &Vector, y: &Vector) -> f64 {
    let Some(image) = p.objective().hessian_vector(p.start(), y) else {
        panic!("the instances are quadratics");
    };
    x.dot(&image)
}
