#![doc = include_str!("conjugate_gradient.md")]

use theoria_algorithms::{ConjugateGradients, Trajectory};
use theoria_instances::Problem;
use theoria_instances::families::{diabetes_least_squares, gaussian, least_squares, quadratics};
use theoria_instances::hypotheses::{smooth, strongly_convex};
use theoria_instances::sequences::geometric;
use theoria_models::Vector;
use theoria_models::objectives::Quadratic;
use theoria_verification::{
    Claim, Constant, Draw, Family, Figure, Instance, Reading, Readings, Theorem,
};

/// Rounding grows with the condition number: at this one termination can be told from its failure.
const MODERATE: f64 = 10.0;
const STEPS: usize = 60;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let energy = energy().on(quadratics()).on(least_squares()).on(diabetes_least_squares());
    let faster = energy
        .restated("energy_norm_three_times_faster", "|e_N|_A ≤ 2 ((√κ − 1)/(√κ + 1))³ᴺ |e₀|_A")
        .predicting_from(factor_and_start, |(factor, at_start), n| {
            2.0 * factor.powf(3.0 * n) * at_start
        });
    Theorem::new("convergence/conjugate_gradient", include_str!("conjugate_gradient.md"))
        .claim(
            termination("ends_after_m_steps", "|e_m| ≤ rounding · κ · |e₀|", |m| m)
                .on(few_eigenvalues(MODERATE)),
        )
        .claim(energy)
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
            termination("one_step_fewer_suffices", "|e_{m−1}| ≤ rounding · κ · |e₀|", |m| m - 1)
                .on(few_eigenvalues(MODERATE)),
        )
        .control(
            termination("ends_whatever_the_condition", "|e_m| ≤ rounding · 10 |e₀|", |m| m)
                .on(few_eigenvalues(1e12)),
        )
        .control(orthogonality(
            "directions_are_orthogonal",
            "the largest cosine between two directions = 0",
            directions,
            euclidean,
        ))
        .control(faster)
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

/// "Arrives" means: to within the rounding of a product, times the condition number.
fn termination(name: &str, formula: &str, steps: fn(usize) -> usize) -> Claim<FewEigenvalues> {
    Claim::bound(name, formula)
        .measuring_each(move |instance: &FewEigenvalues| {
            let p = &instance.problem;
            let steps = steps(instance.distinct);
            Readings::at(steps, Reading::new(p.distance(run(p, steps).last()).value, 0.0))
        })
        .predicting(|instance, _| {
            let p = &instance.problem;
            let dimension = p.start().len() as f64;
            // At the condition number of the claim itself, so that a worse one gets no larger allowance.
            let rounding = 100.0 * f64::EPSILON * dimension * MODERATE;
            rounding * p.distance_at_start()
        })
}

fn energy() -> Claim<Problem> {
    Claim::bound("energy_norm", "|e_N|_A ≤ 2 ((√κ − 1)/(√κ + 1))ᴺ |e₀|_A")
        .assuming([smooth(), strongly_convex()])
        .measuring(1..=STEPS, |p, steps| {
            let run = run(p, STEPS);
            steps.read(|n| energy_norm(p, run.at(n).as_deref()))
        })
        .predicting_from(factor_and_start, |(factor, at_start), n| 2.0 * factor.powf(n) * at_start)
}

/// The largest cosine between any two of the vectors of the first steps.
fn orthogonality(
    name: &str,
    formula: &str,
    vectors: fn(&Problem, &Trajectory) -> Vec<Vector>,
    inner: fn(&Problem, &Vector, &Vector) -> f64,
) -> Claim<FewEigenvalues> {
    Claim::identity(name, formula, 1e-6)
        .on(few_eigenvalues(MODERATE))
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
fn few_eigenvalues(condition: f64) -> Family<FewEigenvalues> {
    Family::drawn("few distinct eigenvalues", move |draw: &mut Draw| {
        let distinct = draw.size(2..=6);
        let spectrum = geometric(1.0, condition, distinct).repeat(4);
        let dimension = spectrum.len();
        let minimiser = gaussian(dimension, draw);
        let start = gaussian(dimension, draw);
        let quadratic = Quadratic::rotated(&spectrum, draw.generator()).centred_at(minimiser);
        FewEigenvalues { problem: Problem::new(quadratic, start), distinct }
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
