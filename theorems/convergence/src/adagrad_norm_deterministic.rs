#![doc = include_str!("adagrad_norm_deterministic.md")]

use theoria_algorithms::{AdaGradNorm, GradientDescent, Method};
use theoria_elementary::{ln, powf};
use theoria_instances::Problem;
use theoria_instances::families::{gaussian, misstated, smooth_functions, spectrum};
use theoria_instances::hypotheses::{bounded_below, smooth};
use theoria_instances::sequences::running_minimum;
use theoria_models::numerics::written;
use theoria_models::objectives::{Huber, Quadratic, Trigonometric};
use theoria_models::{Property, Vector};
use theoria_verification::{
    Check, Claim, Constant, Draw, Family, Figure, Hypothesis, Instance, Reading, Theorem,
};

const STEPS: usize = 1000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let small_gradient = small_gradient().on(slope());
    let faster = small_gradient
        .restated("faster_than_one_over_n", "min_{k<N} |∇f(x_k)|² ≤ (B² − b₀²) / N^1.25")
        .predicting_from(added_squares, |most, n| most / powf(n, 1.25));
    let smaller = small_gradient
        .restated(
            "small_gradient_below_what_a_slope_leaves",
            "min_{k<N} |∇f(x_k)|² ≤ 0.2 (B² − b₀²) / N",
        )
        .predicting_from(added_squares, |most, n| 0.2 * most / n);
    let accumulated = accumulated("accumulated_gradients_are_bounded");
    let without_logarithm = accumulated
        .restated("without_the_logarithm", "b_N − b₀ ≤ (f(x₀) − f*)/η")
        .on(overshot())
        .on(functions().hunted(300))
        .predicting(|i, _| i.problem.gap_at_most() / i.eta);
    let cautious = cautious("cautious_start").attained_on(last_step());
    let smaller_cautious = cautious
        .restated("cautious_bound_smaller_by_two_percent", "b_N − b₀ ≤ 0.98 (f(x₀) − f*)/η")
        .predicting(|i, _| 0.98 * i.problem.gap_at_most() / i.eta);
    let sum_of_squares =
        sum_of_squares("sum_of_squares_after_a_cautious_start").attained_on(last_step());
    let smaller_sum = sum_of_squares
        .restated(
            "sum_of_squares_smaller_by_two_percent",
            "Σ_{k<N} |∇f(x_k)|² ≤ 0.98 ((f(x₀) − f*)²/η² + 2 b₀ (f(x₀) − f*)/η)",
        )
        .predicting(|i, _| 0.98 * cautious_squares(i));
    let quarter = self::sum_of_squares("sum_of_squares_on_a_slope")
        .on(cautious_slope())
        .restated(
            "a_quarter_of_the_squared_gap_suffices",
            "Σ_{k<N} |∇f(x_k)|² ≤ 0.25 (f(x₀) − f*)²/η² + 2 b₀ (f(x₀) − f*)/η",
        )
        .predicting(|i, _| cautious_bound(i, 0.25));
    Theorem::new(
        "convergence/adagrad_norm_deterministic",
        include_str!("adagrad_norm_deterministic.md"),
    )
    .uses("convergence/gradient_descent_nonconvex", "the descent lemma, for a step that shrinks")
    // Of long slopes one half is lost by (b² − a²)/b ≥ b − a, and a quarter is left of the squares.
    .claim(
        accumulated
            .on(quadratics())
            .on(waves())
            .on(slope())
            .on(functions().hunted(300))
            .tight_to(0.5),
    )
    .claim(small_gradient.on(quadratics()).on(waves()).on(functions().hunted(300)).tight_to(0.2))
    .claim(cautious.on(cautious_quadratics()).on(cautious_functions().hunted(300)).tight_to(0.999))
    .claim(
        sum_of_squares
            .on(cautious_quadratics())
            .on(cautious_slope())
            .on(cautious_functions().hunted(300))
            .tight_to(0.999),
    )
    .control(without_logarithm)
    .control(faster)
    .control(smaller)
    .control(smaller_cautious)
    .control(
        self::accumulated("accumulated_gradients_with_too_small_a_constant")
            .on(flatter().hunted(300))
            .violating("smooth"),
    )
    .control(
        self::cautious("cautious_bound_without_a_cautious_start")
            .on(functions().hunted(300))
            .violating("cautious start"),
    )
    .control(
        self::sum_of_squares("sum_of_squares_without_a_cautious_start")
            .on(functions().hunted(300))
            .violating("cautious start"),
    )
    .control(smaller_sum)
    .control(quarter)
    .control(constant_steps().on(quadratics()))
    .figure(
        Figure::log_log("gradient", "step N", "min |∇f(x_k)|²")
            .of("small_gradient")
            .as_ratio()
            .caption(
                "Whatever L, η and b₀, over many orders of magnitude, the smallest gradient obeys \
                 the bound.",
            ),
    )
}

/// A problem with parameters that know nothing of it.
struct Adaptive {
    problem: Problem,
    eta: f64,
    first: f64,
}

impl AsRef<Problem> for Adaptive {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for Adaptive {
    fn description(&self) -> String {
        let [eta, first] = [self.eta, self.first].map(written);
        format!("{}, η = {eta}, b₀ = {first}", self.problem.description())
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.problem.constants();
        constants.extend([Constant::exact("η", self.eta), Constant::exact("b₀", self.first)]);
        constants
    }
}

fn accumulated(name: &str) -> Claim<Adaptive> {
    Claim::bound(name, "b_N − b₀ ≤ B − b₀")
        .assuming([smooth(), bounded_below()])
        .measuring(1..=STEPS, |i: &Adaptive, steps| {
            let (_, accumulated) = run(i);
            steps.read(|n| growth(i, accumulated[n - 1]))
        })
        .predicting_from(|i| largest_root(i) - i.first, |most, _| *most)
}

fn small_gradient() -> Claim<Adaptive> {
    Claim::bound("small_gradient", "min_{k<N} |∇f(x_k)|² ≤ (B² − b₀²) / N")
        .assuming([smooth(), bounded_below()])
        .measuring(1..=STEPS, |i: &Adaptive, steps| {
            let least = running_minimum(run(i).0.into_iter());
            steps.read(|n| least[n - 1])
        })
        .predicting_from(added_squares, |most, n| most / n)
}

fn constant_steps() -> Claim<Adaptive> {
    let formula = "with constant steps 10/L: |∇f(x_N)|² ≤ (B² − b₀²)/N";
    Claim::bound("constant_steps_ten_times_too_long", formula)
        .assuming([smooth(), bounded_below()])
        .measuring(1..=STEPS, |i: &Adaptive, steps| {
            let p = &i.problem;
            let run = p.run(GradientDescent::new(10.0 / p.smoothness()), STEPS);
            steps.read(|n| p.gradient_squared(run.at(n)))
        })
        .predicting_from(added_squares, |most, n| most / n)
}

fn cautious(name: &str) -> Claim<Adaptive> {
    Claim::bound(name, "b_N − b₀ ≤ (f(x₀) − f*) / η")
        .assuming([smooth(), bounded_below(), large_start()])
        .measuring(1..=STEPS, |i: &Adaptive, steps| {
            let (_, accumulated) = run(i);
            steps.read(|n| growth(i, accumulated[n - 1]))
        })
        .predicting(|i, _| i.problem.gap_at_most() / i.eta)
}

fn sum_of_squares(name: &str) -> Claim<Adaptive> {
    Claim::bound(name, "Σ_{k<N} |∇f(x_k)|² ≤ (f(x₀) − f*)²/η² + 2 b₀ (f(x₀) − f*)/η")
        .assuming([smooth(), bounded_below(), large_start()])
        .measuring(1..=STEPS, |i: &Adaptive, steps| {
            let (squares, _) = run(i);
            let mut sum = 0.0;
            steps.read(|n| {
                sum += squares[n - 1];
                sum
            })
        })
        .predicting(|i, _| cautious_squares(i))
}

/// b_0 >= eta L.
fn large_start() -> Hypothesis<Adaptive> {
    Hypothesis::new("cautious start", |i: &Adaptive, _| {
        Check::at_least(i.first, i.eta * i.problem.smoothness(), "b₀, ηL")
    })
}

/// b_N - b_0, with the rounding of a sum of N squares.
fn growth(i: &Adaptive, accumulated: f64) -> Reading {
    Reading::new(accumulated - i.first, 4.0 * f64::EPSILON * (STEPS as f64).sqrt() * accumulated)
}

/// Smoothness over six orders of magnitude, b_0 too.
fn scaled_quadratic(draw: &mut Draw) -> Problem {
    let dimension = draw.size(1..=10);
    let scale = draw.log_uniform(1e-3, 1e3);
    let spectrum: Vec<f64> = spectrum(dimension, 100.0, draw).iter().map(|v| scale * v).collect();
    let quadratic = Quadratic::rotated(&spectrum, draw.generator());
    Problem::new(quadratic, gaussian(dimension, draw))
}

fn quadratics() -> Family<Adaptive> {
    Family::drawn("quadratics of any scale", |draw| Adaptive {
        problem: scaled_quadratic(draw),
        eta: draw.log_uniform(0.1, 10.0),
        first: draw.log_uniform(1e-3, 1e3),
    })
}

/// With b_0 from eta L on.
fn cautious_quadratics() -> Family<Adaptive> {
    Family::drawn("quadratics, b₀ ≥ ηL", |draw| {
        let problem = scaled_quadratic(draw);
        let eta = draw.log_uniform(0.1, 10.0);
        let first = eta * problem.smoothness() * draw.log_uniform(1.0, 10.0);
        Adaptive { problem, eta, first }
    })
}

/// Functions of one variable with parameters that know nothing of them.
fn functions() -> Family<Adaptive> {
    let family = smooth_functions();
    Family::drawn("smooth functions of one variable", move |draw| Adaptive {
        problem: family.instance(draw, 0),
        eta: draw.log_uniform(0.1, 10.0),
        first: draw.log_uniform(1e-3, 1e3),
    })
}

/// With b_0 from eta L on.
fn cautious_functions() -> Family<Adaptive> {
    let family = smooth_functions();
    Family::drawn("smooth functions of one variable, b₀ ≥ ηL", move |draw| {
        let problem = family.instance(draw, 0);
        let eta = draw.log_uniform(0.1, 10.0);
        let first = eta * problem.smoothness() * draw.log_uniform(1.0, 10.0);
        Adaptive { problem, eta, first }
    })
}

/// Functions that are not as smooth as is said of them.
fn flatter() -> Family<Adaptive> {
    let family = misstated(smooth_functions(), Property::Smoothness, 0.01..=0.5);
    Family::drawn("smooth functions of one variable, L misstated", move |draw| Adaptive {
        problem: family.instance(draw, 0),
        eta: draw.log_uniform(0.1, 10.0),
        first: draw.log_uniform(1e-3, 1e3),
    })
}

fn waves() -> Family<Adaptive> {
    Family::drawn("waves of any scale", |draw| {
        let dimension = draw.size(1..=6);
        let scale = draw.log_uniform(1e-3, 1e3);
        let mut objective = Trigonometric::new(0.1 * scale, dimension);
        for _ in 0..4 {
            let direction = gaussian(dimension, draw);
            objective = objective.with_wave(
                scale * draw.uniform(0.2, 1.0),
                direction,
                draw.uniform(0.0, 6.0),
            );
        }
        Adaptive {
            problem: Problem::new(objective, gaussian(dimension, draw) * 2.0),
            eta: draw.log_uniform(0.1, 10.0),
            first: draw.log_uniform(1e-3, 1e3),
        }
    })
}

/// A long slope of constant gradient, which takes all steps to walk down: the slowest there is.
fn slope() -> Family<Adaptive> {
    Family::single("a long slope", || {
        let far = 2.0 * (STEPS as f64).sqrt();
        Adaptive {
            problem: Problem::new(Huber::new(1.0, 1.0), Vector::from_element(1, far)),
            eta: 1.0,
            first: 0.1,
        }
    })
}

/// The slope with a corner so wide that b_0 = eta L is small against what adds up.
fn cautious_slope() -> Family<Adaptive> {
    Family::single("a long slope, b₀ = ηL", || {
        let far = 2.0 * (STEPS as f64).sqrt();
        Adaptive {
            problem: Problem::new(Huber::new(0.1, 10.0), Vector::from_element(1, far)),
            eta: 1.0,
            first: 0.1,
        }
    })
}

/// L x²/2 from 0.01 with a small b_0: the first step is η long and overshoots, although there is little to be gained.
fn overshot() -> Family<Adaptive> {
    Family::listed("L x²/2 from 0.01, b₀ = ηL/1000", [0.1, 1.0, 30.0], |&smoothness| Adaptive {
        problem: Problem::new(Quadratic::diagonal(&[smoothness]), Vector::from_element(1, 0.01)),
        eta: 1.0,
        first: 1e-3 * smoothness,
    })
}

/// So close to the minimum, with b_0 = eta L, that b hardly grows and the first step arrives.
fn last_step() -> Family<Adaptive> {
    Family::listed("L x²/2 from 0.01, b₀ = ηL", [0.1, 1.0, 30.0], |&smoothness| Adaptive {
        problem: Problem::new(Quadratic::diagonal(&[smoothness]), Vector::from_element(1, 0.01)),
        eta: 1.0,
        first: smoothness,
    })
}

/// The largest root of B = b_0 + Delta/eta + eta L log(B/b_0): the difference of the sides is convex in
/// B, so Newton's method from the right descends onto it.
fn largest_root(i: &Adaptive) -> f64 {
    let spread = i.eta * i.problem.smoothness();
    let base = i.first + i.problem.gap_at_most() / i.eta;
    let excess = |b: f64| b - base - spread * ln(b / i.first);
    let mut b = base + spread;
    while excess(b) <= 0.0 {
        b *= 2.0;
    }
    for _ in 0..100 {
        b -= excess(b) / (1.0 - spread / b);
    }
    b
}

/// Squared gradients at the first N points, and b after each step.
fn run(i: &Adaptive) -> (Vec<f64>, Vec<f64>) {
    let mut method = AdaGradNorm::new(i.eta, i.first);
    let mut x = i.problem.start().clone();
    let (mut squares, mut accumulated) = (Vec::new(), Vec::new());
    for _ in 0..STEPS {
        squares.push(i.problem.gradient_squared(&x).value);
        method.step(i.problem.objective(), &mut x);
        accumulated.push(method.accumulated()[0]);
    }
    (squares, accumulated)
}

/// B² - b_0², which the squared gradients add up to at most.
fn added_squares(i: &Adaptive) -> f64 {
    largest_root(i).powi(2) - i.first * i.first
}

/// The same from b_0 >= eta L on.
fn cautious_squares(i: &Adaptive) -> f64 {
    cautious_bound(i, 1.0)
}

/// With this share of its first term.
fn cautious_bound(i: &Adaptive, share: f64) -> f64 {
    let gap = i.problem.gap_at_most() / i.eta;
    share * gap * gap + 2.0 * i.first * gap
}
