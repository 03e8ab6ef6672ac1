#![doc = include_str!("minimum_norm.md")]

use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{
    AdaGrad, AdaGradNorm, GradientDescent, HeavyBall, Method, Nesterov, SignDescent, Trajectory,
};
use theoria_models::data::{digits, underdetermined};
use theoria_models::objectives::LeastSquares;
use theoria_models::stochastic::{MiniBatch, Noisy, Sampling};
use theoria_models::{Matrix, Objective, Property, Svd, Vector};
use theoria_references::ConvexProgramme;
use theoria_verification::{
    Check, Claim, Constant, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Theorem,
};

/// Steps of a run.
const STEPS: usize = 4000;
/// A limit is reached when this share of the distance at the start is left, and the data are fitted when this share of
/// the residuals at the start is left.
const REACHED: f64 = 1e-5;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let contraction = contraction("descent_contracts_to_the_projection").attained_on(slowest());
    let faster = contraction
        .restated(
            "descent_contracts_a_little_faster",
            "|x_k − x*| ≤ (1 − 1.02 μ/L)ᵏ |x₀ − x*|, x* the projection of x₀",
        )
        .predicting_from(factor_and_distance, |(factor, at_start), k| {
            (1.0 - 1.02 * (1.0 - factor)).powf(k) * at_start
        });
    Theorem::new("implicit_bias/minimum_norm", include_str!("minimum_norm.md"))
        .claim(SPANNING.iter().fold(stays("iterates_stay_in_the_span"), |claim, rule| {
            claim.on(gaussian(*rule)).on(digit_pixels(*rule))
        }))
        .claim(contraction.on_all([gaussian(Rule::Descent), digit_pixels(Rule::Descent)]))
        .claim(
            SOLVING.iter().fold(
                reaches("limit_is_the_projection", Interpolation::projection),
                |claim, rule| claim.on(gaussian(*rule)).on(digit_pixels(*rule)),
            ),
        )
        .claim(
            reaches("limit_from_zero_is_the_shortest_solution", Interpolation::shortest)
                .assuming([from_zero()])
                .on(digit_pixels(Rule::Descent))
                .on(digit_pixels(Rule::Nesterov)),
        )
        .control(faster)
        .control(
            stays("sign_descent_stays_in_the_span")
                .violating(ALONG_GRADIENTS)
                .on(gaussian(Rule::Signs)),
        )
        .control(
            stays("adagrad_stays_in_the_span")
                .violating(ALONG_GRADIENTS)
                .on(gaussian(Rule::AdaGrad)),
        )
        .control(
            reaches("adagrad_finds_the_projection", Interpolation::projection)
                .violating(ALONG_GRADIENTS)
                .on(gaussian(Rule::AdaGrad))
                .on(digit_pixels(Rule::AdaGrad)),
        )
        .control(
            reaches("the_start_does_not_matter", Interpolation::shortest)
                .assuming([from_zero()])
                .violating("start at 0")
                .on(gaussian(Rule::Descent)),
        )
        .figure(
            Figure::semilog("contraction", "step", "distance from the projection")
                .of("descent_contracts_to_the_projection")
                .caption(
                    "Gradient descent closes in on the projection of its start, at the rate of \
                     the row space.",
                ),
        )
        .figure(
            Figure::log_log("solutions", "step", "distance from the solution of least norm")
                .caption(
                    "On ten digits, from 0: whatever moves along gradients ends at the solution of \
                 least norm; coordinatewise methods fit the data just as well, elsewhere.",
                )
                .showing(distances),
        )
}

/// How the iterates are made.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Rule {
    Descent,
    /// SGD with batches of this size.
    Sgd(usize, Sampling),
    HeavyBall,
    Nesterov,
    AdaGradNorm,
    AdaGrad,
    Signs,
}

/// Combinations of gradients.
const SPANNING: [Rule; 6] = [
    Rule::Descent,
    Rule::Sgd(1, Sampling::WithReplacement),
    Rule::Sgd(2, Sampling::WithoutReplacement),
    Rule::HeavyBall,
    Rule::Nesterov,
    Rule::AdaGradNorm,
];

/// Those that get to the limit within the steps that are made.
const SOLVING: [Rule; 5] = [
    Rule::Descent,
    Rule::Sgd(1, Sampling::WithReplacement),
    Rule::Sgd(2, Sampling::WithoutReplacement),
    Rule::HeavyBall,
    Rule::Nesterov,
];

/// Under-determined least squares, a start and a method.
struct Interpolation {
    f: LeastSquares,
    features: Matrix,
    targets: Vector,
    start: Vector,
    rule: Rule,
}

impl Interpolation {
    fn new(features: Matrix, targets: Vector, start: Vector, rule: Rule) -> Self {
        Interpolation {
            f: LeastSquares::new(features.clone(), targets.clone()),
            features,
            targets,
            start,
            rule,
        }
    }

    fn smoothness(&self) -> f64 {
        self.f.required(Property::Smoothness)
    }

    fn lojasiewicz(&self) -> f64 {
        self.f.required(Property::Lojasiewicz)
    }

    /// Iterates at about 40 steps a decade.
    fn run(&self, steps: usize, draw: &mut Draw) -> Trajectory {
        let (l, mu) = (self.smoothness(), self.lojasiewicz());
        match self.rule {
            Rule::Descent => self.keep(GradientDescent::new(1.0 / l), &self.f, steps),
            Rule::Sgd(batch, sampling) => {
                let largest = self.features.row_iter().map(|row| row.norm_squared());
                let step = 1.0 / largest.fold(0.0, f64::max);
                let batches = MiniBatch::new(self.f.clone(), batch, sampling);
                let noisy = Noisy::new(&batches, draw.generator());
                self.keep(GradientDescent::new(step), &noisy, steps)
            }
            Rule::HeavyBall => self.keep(HeavyBall::optimal(l, mu), &self.f, steps),
            Rule::Nesterov => self.keep(Nesterov::strongly_convex(l, mu), &self.f, steps),
            Rule::AdaGradNorm => self.keep(AdaGradNorm::new(1.0, 0.1), &self.f, steps),
            Rule::AdaGrad => self.keep(AdaGrad::new(0.5), &self.f, steps),
            Rule::Signs => self.keep(SignDescent::new(1e-3), &self.f, steps),
        }
    }

    fn keep<O: ?Sized>(
        &self,
        method: impl Method<Vector, O>,
        oracle: &O,
        steps: usize,
    ) -> Trajectory {
        let spread = |step: usize| step < 40 || step.is_multiple_of(step / 40);
        Trajectory::keeping(method, oracle, &self.start, steps, spread)
    }

    /// The solution nearest to the start.
    fn projection(&self) -> Vector {
        self.nearest_solution(&self.start)
    }

    fn nearest_solution(&self, x: &Vector) -> Vector {
        self.f.nearest_minimiser(x).unwrap_or_else(|| panic!("least squares knows its minimisers"))
    }

    /// The solution of least norm, by a quadratic programme.
    fn shortest(&self) -> Vector {
        let d = self.features.ncols();
        ConvexProgramme::quadratic(Matrix::identity(d, d), Vector::zeros(d))
            .equal(&self.features, &self.targets)
            .solve()
            .unwrap_or_else(|error| panic!("{error}"))
            .point
    }

    /// The part of x − x_0 outside the row space, over |x − x_0|; 0 where x has not moved. Solutions nearest
    /// to two points differ by what their difference has outside.
    fn outside(&self, x: &Vector) -> f64 {
        let moved = (x - &self.start).norm();
        if moved == 0.0 {
            return 0.0;
        }
        (self.nearest_solution(x) - self.projection()).norm() / moved
    }
}

impl Instance for Interpolation {
    fn description(&self) -> String {
        format!("{}, {:?}", self.f.describe(), self.rule)
    }

    fn constants(&self) -> Vec<Constant> {
        [("L", self.smoothness()), ("μ", self.lojasiewicz())]
            .map(|(name, value)| Constant::exact(name, value))
            .into()
    }
}

/// The name of that hypothesis.
const ALONG_GRADIENTS: &str = "steps along gradients";

fn full_row_rank() -> Hypothesis<Interpolation> {
    Hypothesis::new("full row rank, n < d", |at: &Interpolation, _| {
        let ((n, d), rank) = (at.features.shape(), at.f.rank());
        Check::that(rank == n && n < d, format!("n = {n}, d = {d}, rank {rank}"))
    })
}

/// X x_k → y, as far as a run of this length shows.
fn fits() -> Hypothesis<Interpolation> {
    Hypothesis::new("the run fits the data", |at: &Interpolation, draw| {
        let residuals = |x: &Vector| (&at.features * x - &at.targets).norm();
        let run = at.run(STEPS, draw);
        let left = run.diverged().map_or(residuals(&run.last()), |_| f64::INFINITY);
        Check::at_most(left / residuals(&at.start), REACHED, "|Xx_N − y|/|Xx₀ − y|")
    })
}

fn along_gradients() -> Hypothesis<Interpolation> {
    Hypothesis::new(ALONG_GRADIENTS, |at: &Interpolation, _| {
        Check::that(SPANNING.contains(&at.rule), format!("{:?}", at.rule))
    })
}

fn from_zero() -> Hypothesis<Interpolation> {
    Hypothesis::new("start at 0", |at: &Interpolation, _| {
        Check::at_most(at.start.norm(), 0.0, "|x₀|")
    })
}

/// Gaussian data, from a Gaussian start.
fn gaussian(rule: Rule) -> Family<Interpolation> {
    Family::drawn(&format!("Gaussian data, {rule:?}"), move |draw| {
        let n = draw.size(2..=5);
        let d = n + draw.size(6..=10);
        let data = underdetermined(n, d, draw.generator());
        let start = Vector::from_fn(d, |_, _| StandardNormal.sample(draw.generator()));
        Interpolation::new(data.features, data.targets, start, rule)
    })
}

/// The step 1/L from a start that differs from its projection by an eigenvector of μ: every step leaves the share
/// 1 − μ/L of it.
fn slowest() -> Family<Interpolation> {
    Family::drawn("start along the slowest direction", |draw| {
        let n = draw.size(2..=5);
        let d = n + draw.size(6..=10);
        let data = underdetermined(n, d, draw.generator());
        let svd = Svd::of(&data.features);
        let mut at =
            Interpolation::new(data.features, data.targets, Vector::zeros(d), Rule::Descent);
        at.start = at.projection() + svd.right().column(n - 1);
        at
    })
}

/// The first ten images, 0 to 9, from 0; the target is the digit.
fn digit_pixels(rule: Rule) -> Family<Interpolation> {
    Family::single(&format!("ten digits, {rule:?}"), move || ten_digits(rule))
}

fn ten_digits(rule: Rule) -> Interpolation {
    let data = digits();
    let features = data.features.rows(0, 10).into_owned();
    let targets = data.targets.rows(0, 10).into_owned();
    Interpolation::new(features, targets, Vector::zeros(64), rule)
}

fn stays(name: &str) -> Claim<Interpolation> {
    Claim::identity(name, "x_k − x₀ in the row space of X", 1e-8)
        .assuming([full_row_rank(), along_gradients()])
        .measuring_by_drawing(|at: &Interpolation, draw| {
            let run = at.run(400, draw);
            let kept = 1..run.points().len();
            Readings::over(kept, |k| Reading::new(at.outside(&run.points()[k]), 1e-13))
        })
        .predicting(|_, _| 0.0)
}

fn contraction(name: &str) -> Claim<Interpolation> {
    let formula = "|x_k − x*| ≤ (1 − μ/L)ᵏ |x₀ − x*|, x* the projection of x₀";
    let step = "every run makes steps of 1/L, L the largest eigenvalue of XᵀX/n";
    Claim::bound(name, formula)
        .assuming([full_row_rank(), Hypothesis::by_construction("step size 1/L", step)])
        .tight_to(0.999)
        .measuring(1..=200usize, |at: &Interpolation, steps| {
            let method = GradientDescent::new(1.0 / at.smoothness());
            let run = Trajectory::of(method, &at.f, &at.start, 200);
            let limit = at.projection();
            let sizes = limit.norm() + at.start.norm();
            let floor = 1e-13 * sizes * at.smoothness() / at.lojasiewicz();
            let distance = |x: &Vector| Reading::new((x - &limit).norm(), floor);
            steps.read(|k| run.at(k).as_deref().map_or(Reading::DIVERGED, distance))
        })
        .predicting_from(factor_and_distance, |(factor, at_start), k| factor.powf(k) * at_start)
}

/// 1 − μ/L, and the distance from the start to its projection.
fn factor_and_distance(at: &Interpolation) -> (f64, f64) {
    (1.0 - at.lojasiewicz() / at.smoothness(), (&at.start - at.projection()).norm())
}

fn reaches(name: &str, limit: fn(&Interpolation) -> Vector) -> Claim<Interpolation> {
    Claim::identity(name, "|x_N − x*|/|x₀ − x*| = 0, up to what is left after 4000 steps", REACHED)
        .assuming([full_row_rank(), along_gradients(), fits()])
        .measuring_by_drawing(move |at: &Interpolation, draw| {
            let run = at.run(STEPS, draw);
            let left = (run.last().point() - limit(at)).norm() / (&at.start - limit(at)).norm();
            Readings::at(STEPS, run.diverged().map_or(left, |_| f64::INFINITY))
        })
        .predicting(|_, _| 0.0)
}

fn distances(draw: &mut Draw, _: Effort) -> Content {
    let rules = [
        ("gradient descent", Rule::Descent),
        ("SGD, single samples", Rule::Sgd(1, Sampling::WithReplacement)),
        ("heavy ball", Rule::HeavyBall),
        ("Nesterov", Rule::Nesterov),
        ("AdaGrad-norm", Rule::AdaGradNorm),
        ("AdaGrad", Rule::AdaGrad),
        ("sign descent", Rule::Signs),
    ];
    let lines = rules.map(|(label, rule)| {
        let at = ten_digits(rule);
        let shortest = at.projection();
        let run = at.run(STEPS, draw);
        let seen = (1..=STEPS).filter_map(|k| {
            let distance = (run.at(k)?.point() - &shortest).norm();
            Some((k as f64, distance.max(1e-12)))
        });
        Line::measured(label, seen)
    });
    Content::Lines { lines: lines.into() }
}
