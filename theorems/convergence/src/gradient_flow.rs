#![doc = include_str!("gradient_flow.md")]

use theoria_algorithms::{GradientDescent, ProximalPoint, Trajectory, gradient_flow};
use theoria_instances::Problem;
use theoria_instances::families::{
    cancer_logistic, gaussian, least_squares, parabolas, quadratic, quadratic_plus_sine,
    rank_deficient_least_squares,
};
use theoria_instances::hypotheses::{convex, lojasiewicz};
use theoria_models::Vector;
use theoria_models::objectives::{Huber, Quadratic};
use theoria_verification::{Claim, Curve, Family, Figure, Instance, Reading, Theorem};

/// Local error of the integrator; claims are checked to 1e-9 of what they bound.
const TOLERANCE: f64 = 1e-13;
const TIMES: usize = 40;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("convergence/gradient_flow", include_str!("gradient_flow.md"))
        .claim(on_convex_problems(one_over_t("one_over_t", 4.0)))
        .claim(one_over_t_at("attained_by_a_kink", 4.0).attained_on(kinks()))
        .claim(on_convex_problems(lyapunov("lyapunov_function_never_increases")))
        .claim(on_convex_problems(gradient("gradient_never_increases")))
        .claim(exponential("exponential_decay", 2.0).attained_on(parabolas()))
        .claim(path_length("finite_path"))
        .claim(euler("explicit_euler_is_first_order", -1.0))
        .claim(implicit("implicit_euler_is_always_stable"))
        .control(one_over_t_at("constant_larger_than_four", 4.4).on(kinks()))
        .control(exponential("faster_exponential_decay", 2.2).on(parabolas()))
        .control(euler("explicit_euler_is_second_order", -2.0))
        .figure(
            Figure::log_log("gap", "time t", "f(x_t) − f*")
                .of("one_over_t")
                .caption("Along the flow the gap stays below R²/(4t)."),
        )
        .figure(
            Figure::log_log("euler", "number of steps T/h", "distance from the flow at T")
                .of("explicit_euler_is_first_order")
                .caption(
                    "Halving the step halves the distance between Euler's method and the flow.",
                ),
        )
}

fn on_convex_problems(claim: Claim<Problem>) -> Claim<Problem> {
    claim
        .assuming([convex()])
        .on(least_squares())
        .on(rank_deficient_least_squares())
        .on(cancer_logistic())
}

/// Times from 0.05/L to 200/L, evenly spaced in logarithm.
fn times(p: &Problem) -> Vec<f64> {
    (0..TIMES)
        .map(|i| 0.05 * 4000f64.powf(i as f64 / (TIMES - 1) as f64) / p.smoothness())
        .collect()
}

/// The flow at these times.
fn flow(p: &Problem, times: &[f64]) -> Vec<Vector> {
    gradient_flow(p.objective(), p.start(), times, TOLERANCE)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What the integrator leaves undecided of a gap: the distance it may be off times the slope, and the
/// square of that distance.
fn gap(p: &Problem, x: &Vector) -> Reading {
    let off = 100.0 * TOLERANCE * (p.start().norm() + x.norm() + 1.0);
    let reading = p.gap(x);
    let slope = p.gradient_squared(x).value.sqrt();
    Reading::new(reading.value, reading.floor + off * (slope + p.smoothness() * off))
}

fn one_over_t(name: &str, constant: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_t) − f* ≤ R² / (4t)").experiment(move |p: &Problem| {
        let times = times(p);
        let flow = flow(p, &times);
        Curve::over(
            0..TIMES,
            |i| gap(p, &flow[i]),
            |i| p.distance_at_start().powi(2) / (constant * times[i]),
        )
        .with_abscissae(&times)
    })
}

/// Almost a kink: a Huber function whose slope d = R/(2t) is reached within a ten-thousandth of R.
struct Kink {
    problem: Problem,
    time: f64,
}

impl Instance for Kink {
    fn description(&self) -> String {
        format!("{}, t = {}", self.problem.description(), self.time)
    }
}

fn kinks() -> Family<Kink> {
    Family::listed("d |x| with d = R/(2t)", [0.5, 2.0, 10.0], |&time| {
        let (radius, width) = (1.0, 1e-4);
        let slope = radius / (2.0 * time);
        let problem =
            Problem::new(Huber::new(slope / width, width), Vector::from_element(1, radius));
        Kink { problem, time }
    })
}

fn one_over_t_at(name: &str, constant: f64) -> Claim<Kink> {
    Claim::bound(name, &format!("f(x_t) − f* ≤ R² / ({constant}t)")).experiment(
        move |kink: &Kink| {
            let p = &kink.problem;
            let x = &flow(p, &[kink.time])[0];
            let bound = p.distance_at_start().powi(2) / (constant * kink.time);
            Curve::at(kink.time, gap(p, x), bound)
        },
    )
}

/// A quantity at one time, bounded by the same quantity a time earlier.
fn never_increases(p: &Problem, quantity: impl Fn(f64, &Vector) -> Reading) -> Curve {
    let times = times(p);
    let flow = flow(p, &times);
    let readings: Vec<Reading> = (0..TIMES).map(|i| quantity(times[i], &flow[i])).collect();
    Curve::over(
        1..TIMES,
        |i| Reading::new(readings[i].value, readings[i].floor + readings[i - 1].floor),
        |i| readings[i - 1].value,
    )
    .with_abscissae(&times[1..])
}

fn lyapunov(name: &str) -> Claim<Problem> {
    Claim::bound(name, "t (f(x_t) − f*) + |x_t − x*|²/2 does not increase").experiment(
        |p: &Problem| {
            never_increases(p, |t, x| {
                let (gap, distance) = (gap(p, x), p.distance(x));
                let off = 100.0 * TOLERANCE * (p.start().norm() + x.norm() + 1.0);
                Reading::new(
                    t * gap.value + distance.value.powi(2) / 2.0,
                    t * gap.floor + (distance.floor + off) * (distance.value + off),
                )
            })
        },
    )
}

fn gradient(name: &str) -> Claim<Problem> {
    Claim::bound(name, "|∇f(x_t)| does not increase").experiment(|p: &Problem| {
        never_increases(p, |_, x| {
            let off = 100.0 * TOLERANCE * (p.start().norm() + x.norm() + 1.0);
            let squared = p.gradient_squared(x);
            let norm = squared.value.sqrt();
            let floor = squared.floor / norm.max(squared.floor.sqrt()).max(f64::MIN_POSITIVE);
            Reading::new(norm, floor + p.smoothness() * off)
        })
    })
}

fn exponential(name: &str, rate: f64) -> Claim<Problem> {
    Claim::bound(name, "f(x_t) − f* ≤ exp(−2μt) (f(x₀) − f*)")
        .assuming([lojasiewicz()])
        .on(rank_deficient_least_squares())
        .on(quadratic_plus_sine())
        .on(cancer_logistic())
        .experiment(move |p| {
            let times = times(p);
            let flow = flow(p, &times);
            Curve::over(
                0..TIMES,
                |i| gap(p, &flow[i]),
                |i| (-rate * p.lojasiewicz() * times[i]).exp() * p.gap_at_start(),
            )
            .with_abscissae(&times)
        })
}

/// The length of the polygon through the recorded points, which is at most that of the path.
fn path_length(name: &str) -> Claim<Problem> {
    Claim::bound(name, "∫ |x'| dt ≤ √(2 (f(x₀) − f*) / μ)")
        .assuming([lojasiewicz()])
        .on(rank_deficient_least_squares())
        .on(quadratic_plus_sine())
        .attained_on(parabolas())
        .experiment(|p| {
            let times = times(p);
            let flow = flow(p, &times);
            let bound = (2.0 * p.gap_at_start() / p.lojasiewicz()).sqrt();
            let mut before = p.start();
            let mut length = 0.0;
            Curve::over(
                0..TIMES,
                |i| {
                    length += (&flow[i] - before).norm();
                    before = &flow[i];
                    length
                },
                |_| bound,
            )
            .with_abscissae(&times)
        })
}

/// Distance between Euler's method and the flow at time T = 2/L, against the number of steps.
fn euler(name: &str, exponent: f64) -> Claim<Problem> {
    Claim::exponent(name, &format!("|x_N^Euler − x_T| ~ N^{exponent}, h = T/N"))
        .on(smooth_quadratics())
        .on(quadratic_plus_sine())
        .experiment(move |p| {
            let time = 2.0 / p.smoothness();
            let exact = &flow(p, &[time])[0];
            let floor = 100.0 * TOLERANCE * (p.start().norm() + 1.0);
            Curve::over(
                (4..=12).map(|j| 1usize << j),
                |n| {
                    let method = GradientDescent::new(time / n as f64);
                    let run = Trajectory::keeping(method, p.objective(), p.start(), n, |_| false);
                    Reading::new((run.last() - exact).norm(), floor)
                },
                |n| (n as f64).powf(exponent),
            )
        })
}

fn smooth_quadratics() -> Family<Problem> {
    Family::drawn("random quadratics", |draw| {
        let dimension = draw.size(1..=10);
        let objective = quadratic(dimension, 100.0, draw);
        Problem::new(objective, gaussian(dimension, draw))
    })
}

/// A quadratic and a step size for implicit Euler.
struct Implicit {
    quadratic: Quadratic,
    problem: Problem,
    step_size: f64,
}

impl Instance for Implicit {
    fn description(&self) -> String {
        format!("{}, h = {:.3e}", self.problem.description(), self.step_size)
    }
}

fn implicit(name: &str) -> Claim<Implicit> {
    let problems = Family::drawn("random quadratics, any step size", |draw| {
        let dimension = draw.size(1..=10);
        let quadratic = quadratic(dimension, 100.0, draw);
        Implicit {
            problem: Problem::new(quadratic.clone(), gaussian(dimension, draw)),
            quadratic,
            step_size: draw.log_uniform(1e-3, 1e6),
        }
    });
    Claim::bound(name, "f(x_{k+1}) ≤ f(x_k) for implicit Euler with any h > 0")
        .on(problems)
        .experiment(|instance| {
            let (p, method) = (&instance.problem, ProximalPoint::new(instance.step_size));
            let run = Trajectory::of(method, &instance.quadratic, p.start(), 20);
            Curve::over(1..=20, |n| p.gap(run.at(n)), |n| p.gap(run.at(n - 1)).value)
        })
}
