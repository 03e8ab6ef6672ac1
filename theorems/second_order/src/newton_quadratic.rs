#![doc = include_str!("newton_quadratic.md")]

use nalgebra::DVector;
use theoria_algorithms::{Method, Newton};
use theoria_elementary::{exp_m1, powf};
use theoria_models::Equation;
use theoria_models::numerics::{Fraction, LongFloat};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings,
    Theorem,
};

use crate::support::cubic_splines::{
    CubicSpline, cubic_splines, lipschitz_second_derivative, near, within_the_radius,
};
use crate::support::equations::{
    exact_hessian, exponential, exponentials, hoelder_hessians, invertible, lipschitz_hessian,
    multiple_roots, scaled_hessians,
};
use crate::support::unknowns::{Long, Unknown};

/// Steps after which a start within the radius has arrived.
const ARRIVED: usize = 40;
/// Steps of methods that are no faster than linear.
const LINEAR: usize = 400;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let step = one_step("one_step", "e₁ ≤ M e²/(2(μ − M e))", 1.0);
    let everywhere = attained("attained_at_every_step");
    let not_quite = everywhere
        .restated("attained_to_a_twentieth", "2 e_{n+1} (μ − M e_n)/(M e_n²) = 0.95")
        .predicting(|_, _| 0.95);
    let local = local("local_constant");
    let other = local
        .restated("local_constant_is_larger", "e_{n+1}/e_n² → 1.05 |f‴|/(2 f″)")
        .predicting(|u, _| 1.05 * u.constant);
    let doubling = doubling("digits_double");
    let faster = doubling
        .restated("digits_more_than_double", "x_n = coth (2.01ⁿ s)")
        .predicting(|s, n| 2.0 / exp_m1(2.0 * powf(2.01, n) * **s));
    let hoelder = power("order_of_a_hoelder_hessian", "e_{n+1}/e_n^(1 + a) → a/(1 + a)");
    let hoelder_larger = hoelder
        .restated("hoelder_constant_is_larger", "e_{n+1}/e_n^(1 + a) → 1.05 a/(1 + a)")
        .predicting(|u, _| 1.05 * u.constant / (1.0 + u.constant));
    let factor =
        factor("factor_of_a_broken_step", "e_{n+1}/e_n → 1 − 1/p, |1 − 1/c|, |1 − f″(x*)/f″(x₀)|");
    let factor_larger = factor
        .restated(
            "factor_of_a_broken_step_is_larger",
            "e_{n+1}/e_n → 1.02 times 1 − 1/p, |1 − 1/c|, …",
        )
        .predicting(|u, _| 1.02 * u.constant);
    let halving = halving("error_halves_at_one_half");
    let thirds = halving
        .restated("error_falls_by_0_51_at_one_half", "1 − t_n = 0.51ⁿ")
        .predicting(|_, n| powf(0.51, n));
    Theorem::new("second_order/newton_quadratic", include_str!("newton_quadratic.md"))
        .claim(
            step.clone()
                .attained_on(worst("at shares of the radius", &[0.2, 0.5, 0.9, 0.999]))
                .on(cubic_splines(0.99).hunted(1000))
                .tight_to(0.999),
        )
        .claim(everywhere)
        .claim(
            arrives("converges_within_the_radius", "x_40 = 0 from e₀ < 2μ/(3M)")
                .on(worst("at shares of the radius", &[0.5, 0.95, 0.999]))
                .on(cubic_splines(0.666).with_draws(24)),
        )
        .claim(cycle("cycles_at_the_radius", "x_n = (−1)ⁿ 2μ/(3M)", Fraction::from(1)))
        .claim(maximum())
        .claim(local)
        .claim(order("order_is_two").on(exponentials()))
        .claim(doubling)
        .claim(hoelder)
        .claim(factor)
        .claim(kantorovich("kantorovich_condition", "f′(t_60) = 0 if q ≤ 1/2").on(heights(&[0.1, 0.3, 0.49, 0.5])))
        .claim(halving)
        .control(
            one_step("one_step_is_shorter", "e₁ ≤ 0.95 M e²/(2(μ − M e))", 0.95)
                .on(cubic_splines(0.99).hunted(1000)),
        )
        .control(not_quite)
        .control(
            arrives("converges_beyond_the_radius", "x_40 = 0 from e₀ < 2μ/(3M)")
                .on(worst("a twentieth beyond", &[1.05]))
                .on(cubic_splines(0.99).hunted(1000))
                .violating("e < 2μ/(3M)"),
        )
        .control(cycle("cycles_a_little_within", "x_n = (−1)ⁿ 2μ/(3M) from 0.99 of it", Fraction::ratio(99, 100)))
        .control(other)
        .control(order("order_without_a_lipschitz_hessian").on(hoelder_hessians()).violating("Lipschitz Hessian"))
        .control(order("order_at_a_multiple_root").on(multiple_roots()).violating("invertible Hessian"))
        .control(order("order_with_another_hessian").on(scaled_hessians()).violating("exact Hessian"))
        .control(faster)
        .control(hoelder_larger)
        .control(factor_larger)
        .control(kantorovich("kantorovich_beyond", "f′(t_60) = 0 if q ≤ 1.02/2").on(heights(&[0.51])))
        .control(thirds)
        .figure(
            Figure::semilog("digits", "step n", "digits of x_n, −log₁₀ e_n")
                .caption(
                    "Digits against steps, on a logarithmic scale. Where all hypotheses hold they double (a straight line); with |x|^½ in the Hessian they grow by the \
                     power 1.5; at a triple root and with a Hessian of the start alone a fixed number is won a step.",
                )
                .showing(digits),
        )
}

fn one_step(name: &str, formula: &str, share: f64) -> Claim<CubicSpline> {
    Claim::bound(name, formula)
        .assuming([lipschitz_second_derivative(), near()])
        .measuring_each(|f: &CubicSpline| {
            Readings::at(1, Reading::new(f.after(1).abs(), f.rounding()))
        })
        .predicting(move |f, _| share * f.bound())
}

/// μx²/2 − M|x|³/6 from these shares of the radius.
fn worst(name: &str, shares: &[f64]) -> Family<CubicSpline> {
    Family::listed(name, shares.to_vec(), |share| CubicSpline::worst(1.5, 2.0, *share))
}

fn arrives(name: &str, formula: &str) -> Claim<CubicSpline> {
    Claim::identity(name, formula, 1e-10)
        .assuming([lipschitz_second_derivative(), within_the_radius()])
        .measuring_each(|f: &CubicSpline| {
            Readings::at(ARRIVED, (f.after(ARRIVED) / f.radius()).abs())
        })
        .predicting(|_, _| 0.0)
}

fn maximum() -> Claim<CubicSpline> {
    Claim::identity("ends_at_the_maximum", "|x_40| = 3r from a little beyond r", 1e-10)
        .assuming([lipschitz_second_derivative()])
        .on(worst("a little beyond the radius", &[1.001, 1.05]))
        .measuring_each(|f: &CubicSpline| Readings::at(ARRIVED, f.after(ARRIVED).abs()))
        .predicting(|f, _| 3.0 * f.radius())
}

/// In fractions, from so many times the radius.
fn cycle(name: &str, formula: &str, times: Fraction) -> Claim<Case<(i64, i64)>> {
    Claim::identity(name, formula, 1e-15)
        .assuming([Hypothesis::by_construction("Lipschitz Hessian", "f″ = μ − M|x|")])
        .on(Family::cases("fractions μ and M", [(1, 1), (3, 2), (7, 5)], |(mu, m)| {
            format!("μ = {mu}, M = {m}")
        }))
        .measuring_each(move |at: &Case<(i64, i64)>| {
            let (mu, m) = (Fraction::from(at.0), Fraction::from(at.1));
            let radius = Fraction::from(2) * mu.clone() / (Fraction::from(3) * m.clone());
            let (curvature, lipschitz) = (mu.clone(), m.clone());
            let equation = Equation::new(
                move |x: &Fraction| {
                    mu.clone() * x.clone()
                        - m.clone() * x.clone() * x.clone().abs() / Fraction::from(2)
                },
                move |x| curvature.clone() - lipschitz.clone() * x.clone().abs(),
            );
            let mut x = DVector::from_element(1, radius.clone() * times.clone());
            let mut newton = Newton::default();
            Readings::over(0..=6, |n| {
                if n > 0 {
                    newton.step(&equation, &mut x);
                }
                (x[0].clone() / radius.clone()).nearest()
            })
        })
        .predicting(|_, n| if n % 2.0 == 0.0 { 1.0 } else { -1.0 })
}

fn attained(name: &str) -> Claim<Unknown> {
    Claim::identity(name, "2 e_{n+1} (μ − M e_n)/(M e_n²) = 1", 1e-12)
        .assuming([exact_hessian(), invertible()])
        .on(Family::listed("μ = M = 1", [0.6, 0.5, 0.1], |start| {
            let half = |x: &Long| x.clone() * x.clone().abs() / Long::from(2.0);
            Unknown::new(
                "x²/2 − |x|³/6",
                move |x| x.clone() - half(x),
                |x| Long::from(1.0) - x.clone().abs(),
                *start,
                1.0,
            )
        }))
        .measuring_each(|u: &Unknown| {
            let iterates = u.iterates(ARRIVED);
            let pairs = iterates.windows(2).enumerate();
            pairs
                .map(|(n, pair)| {
                    let (e, next) = (pair[0].clone().abs(), pair[1].clone().abs());
                    let ratio =
                        Long::from(2.0) * next * (Long::from(1.0) - e.clone()) / (e.clone() * e);
                    (n, ratio.nearest())
                })
                .collect()
        })
        .predicting(|_, _| 1.0)
}

/// The last of so many numbers.
fn last(readings: Vec<(usize, f64)>) -> Readings {
    readings.into_iter().last().into_iter().collect()
}

fn local(name: &str) -> Claim<Unknown> {
    Claim::identity(name, "e_{n+1}/e_n² → |f‴|/(2 f″)", 1e-9)
        .assuming([exact_hessian(), invertible(), lipschitz_hessian()])
        .on(exponentials())
        .measuring_each(|u: &Unknown| last(u.ratios(2.0, ARRIVED)))
        .predicting(|u, _| u.constant)
}

fn order(name: &str) -> Claim<Unknown> {
    Claim::identity(name, "log(e_{n+1}/e_n)/log(e_n/e_{n−1}) → 2", 1e-2)
        .assuming([exact_hessian(), invertible(), lipschitz_hessian()])
        .measuring_each(|u: &Unknown| last(u.orders(ARRIVED)))
        .predicting(|_, _| 2.0)
}

fn power(name: &str, formula: &str) -> Claim<Unknown> {
    Claim::identity(name, formula, 1e-9)
        .assuming([exact_hessian(), invertible()])
        .on(hoelder_hessians())
        .measuring_each(|u: &Unknown| last(u.ratios(1.0 + u.constant, LINEAR)))
        .predicting(|u, _| u.constant / (1.0 + u.constant))
}

fn factor(name: &str, formula: &str) -> Claim<Unknown> {
    Claim::identity(name, formula, 1e-9)
        .assuming([Hypothesis::by_construction(
            "start near by",
            "x₀ = 1/2, within the basin of each",
        )])
        .on(multiple_roots())
        .on(scaled_hessians())
        .measuring_each(|u: &Unknown| last(u.ratios(1.0, LINEAR)))
        .predicting(|u, _| u.constant)
}

/// x² = 1 from coth s.
fn doubling(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "x_n = coth 2ⁿ s", 1e-9)
        .assuming([Hypothesis::by_construction(
            "x₀ = coth s",
            "computed from s in 2048 binary digits",
        )])
        .on(Family::cases("s", [0.1, 0.3, 0.5], |s| format!("s = {s}")))
        .measuring_each(|s: &Case<f64>| {
            let one = || Long::from(1.0);
            let doubled = Long::from(2.0 * **s).exp();
            let start = (doubled.clone() + one()) / (doubled - one());
            let equation = Equation::new(
                |x: &Long| x.clone() * x.clone() - Long::from(1.0),
                |x| Long::from(2.0) * x.clone(),
            );
            let (mut newton, mut x) = (Newton::default(), DVector::from_element(1, start));
            Readings::over(0..=9, |n| {
                if n > 0 {
                    newton.step(&equation, &mut x);
                }
                (x[0].clone() - Long::from(1.0)).nearest()
            })
        })
        // coth y − 1 = 2/(e^(2y) − 1)
        .predicting(|s, n| 2.0 / exp_m1(2.0 * powf(2.0, n) * **s))
}

/// Values of q.
fn heights(values: &[f64]) -> Family<Case<f64>> {
    Family::cases("heights q", values.to_vec(), |q| format!("q = {q}"))
}

/// f′(t) = t²/2 − t + q from 0, in so many digits.
fn kantorovich(name: &str, formula: &str) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-10)
        .assuming([Hypothesis::by_construction("started at 0", "t₀ = 0 in every case")])
        .measuring_each(|q: &Case<f64>| {
            let (height, half) = (Long::from(**q), || Long::from(0.5));
            let slope = move |t: &Long| half() * t.clone() * t.clone() - t.clone() + height.clone();
            let value = slope.clone();
            let equation = Equation::new(slope, |t: &Long| t.clone() - Long::from(1.0));
            let (mut newton, mut t) =
                (Newton::default(), DVector::from_element(1, Long::from(0.0)));
            (0..60).for_each(|_| newton.step(&equation, &mut t));
            Readings::at(60, value(&t[0]).nearest().abs())
        })
        .predicting(|_, _| 0.0)
}

/// The same at q = 1/2 in fractions.
fn halving(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "1 − t_n = 2⁻ⁿ", 1e-12)
        .assuming([Hypothesis::by_construction("started at 0", "t₀ = 0 in every case")])
        .on(heights(&[0.5]))
        .measuring_each(|_: &Case<f64>| {
            let equation = Equation::new(
                |t: &Fraction| {
                    t.clone() * t.clone() / Fraction::from(2) - t.clone() + Fraction::ratio(1, 2)
                },
                |t| t.clone() - Fraction::from(1),
            );
            let (mut newton, mut t) =
                (Newton::default(), DVector::from_element(1, Fraction::from(0)));
            Readings::over(1..=20, |_| {
                newton.step(&equation, &mut t);
                (Fraction::from(1) - t[0].clone()).nearest()
            })
        })
        .predicting(|_, n| powf(0.5, n))
}

fn digits(draw: &mut Draw, _: Effort) -> Content {
    let line = |label: &str, u: &Unknown| {
        let iterates = u.iterates(20);
        let points = iterates.iter().map(LongFloat::log10_of_size).enumerate();
        Line::measured(
            label,
            points.map(|(n, log)| (n as f64, -log)).filter(|(_, digits)| *digits > 0.1),
        )
    };
    let doubling = (0..10).map(|n| (f64::from(n), 0.43 * 2f64.powi(n)));
    let lines = vec![
        line("eˣ − x", &exponential(1.0, 0.0, 1.0)),
        line("f″ = 1 + |x|^½", &hoelder_hessians().instance(draw, 1)),
        line("triple root", &multiple_roots().instance(draw, 0)),
        line("f″ of the start", &scaled_hessians().instance(draw, 3)),
        Line::predicted("doubling", doubling),
    ];
    Content::Lines { lines }
}
