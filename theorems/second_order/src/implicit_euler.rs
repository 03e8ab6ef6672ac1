#![doc = include_str!("implicit_euler.md")]

use nalgebra::DVector;
use theoria_algorithms::{GradientDescent, Method, Newton, Trajectory};
use theoria_elementary::{exp, powf};
use theoria_models::numerics::Fraction;
use theoria_models::objectives::{CurvedValley, Quadratic};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Reading, Readings,
    Theorem,
};

use crate::support::bent_functions::{Bent, bent_functions, convex, convex_functions, solvable};
use crate::support::double_well_steps::{WellStep, global_minimiser, well_steps};
use crate::support::euler_rules::{Mode, RULES, Rule};
use crate::support::inner_newton::{self, InnerNewton, inner_problems, lipschitz_hessian, near};
use crate::support::stiff_valley::{STIFFNESS, descend, flow, valley_constant};

/// Newton's steps after which a start within the radius has arrived.
const ARRIVED: usize = 60;
const DECREASE: &str = "f(x) − f(x₊) ≥ (1/h + μ/2) |x₊ − x|²";
const GLOBAL: &str = "f(x) − f(x₊) ≥ |x₊ − x|²/(2h)";
const RATE: &str = "f(x_N) − f* ≤ R²/(4Nh)";
const INNER: &str = "|y₊ − x₊| ≤ (Mh/2) |y − x₊|²";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let factor = factor("factor_of_a_mode");
    let smaller = factor
        .restated("factor_of_a_mode_is_smaller", "x₁ is 0.98 of what the three formulas say")
        .predicting(|m, _| 0.98 * m.rule.factor(m.z()));
    let error = global_error("error_at_time_one");
    let error_smaller = error
        .restated("error_at_time_one_is_smaller", "0.95 of it")
        .predicting(|m, _| 0.95 * m.constant());
    Theorem::new("second_order/implicit_euler", include_str!("implicit_euler.md"))
        .uses(
            "convergence/gradient_flow",
            "the flow that implicit steps follow, and its explicit method",
        )
        .uses(
            "second_order/newton_quadratic",
            "Newton's method, which solves the equation of a step",
        )
        .claim(factor)
        .claim(
            explicit("explicit_is_stable_up_to_two", "|x_N| ≤ |x₀| if z ≤ 2")
                .on(shares("z", &[0.1, 1.0, 1.9]))
                .attained_on(shares("z = 2", &[2.0]))
                .tight_to(0.999),
        )
        .claim(error)
        .claim(
            decrease("decrease", DECREASE, 1.0)
                .attained_on(parabolas())
                .on(bent_functions(true).hunted(600))
                .tight_to(0.999),
        )
        .claim(
            well("decrease_of_the_global_minimiser", GLOBAL)
                // From near the maximum, where 1 + h f″ tends to 0: x₊ is the cube root of x.
                .attained_on(Family::listed("from near the maximum, h = 1", [1e-6, 1e-9], |x| {
                    WellStep::best(*x, 1.0)
                }))
                .on(well_steps("steps on a double well", WellStep::best).hunted(400))
                .tight_to(0.99),
        )
        .claim(
            rate("convex_rate", RATE, 1.0)
                .attained_on(slopes())
                .on(convex_functions().hunted(600))
                .tight_to(0.999),
        )
        .claim(
            inner("inner_newton", INNER, 1.0)
                .attained_on(Family::listed("f″ = M max(0, y − |·|)", [0.3, 1.0, 3.0], |reach| {
                    InnerNewton::worst(1.5, 2.0, *reach, 1.0)
                }))
                .on(inner_problems("convex functions with a Lipschitz f″", 0.0, 3.0).hunted(600))
                .tight_to(0.999),
        )
        .claim(
            arrives("inner_newton_converges", "y_60 = x₊ from |y₀ − x₊| < 2/(Mh)")
                .on(worst("within the radius", &[0.5, 0.9, 0.98]))
                .on(inner_problems("convex functions with a Lipschitz f″", 0.0, 0.98).with_draws(24)),
        )
        .claim(cycle("inner_newton_cycles", "y_n = (−1)ⁿ 2/(Mh)", Fraction::from(1)))
        .claim(
            stiff_valley("error_in_a_stiff_valley", "|x_N − x(2)| ≤ c h, c = 0.02378", 1.0)
                .on(step_sizes(&[0.1, 0.25, 0.5, 1.0]))
                .tight_to(0.98),
        )
        .claim(valley_numbers("numbers_of_the_valley", 1.0))
        .control(smaller)
        .control(
            explicit("explicit_beyond_two", "|x_N| ≤ |x₀| if z ≤ 2")
                .on(shares("z", &[2.05, 2.1]))
                .violating("z ≤ 2"),
        )
        .control(error_smaller)
        .control(
            decrease("decrease_is_larger", "f(x) − f(x₊) ≥ 1.02 (1/h + μ/2) |x₊ − x|²", 1.02)
                .on(bent_functions(true).hunted(600)),
        )
        .control(
            twice("twice_the_decrease_without_convexity", "f(x) − f(x₊) ≥ |x₊ − x|²/h")
                .on(bent_functions(false).hunted(600))
                .violating("convex"),
        )
        .control(
            well("decrease_of_another_root", GLOBAL)
                .on(well_steps("roots that Newton's method finds", WellStep::by_newton).hunted(400))
                .violating("global minimiser"),
        )
        .control(every_root())
        .control(
            rate("convex_rate_is_faster", "f(x_N) − f* ≤ 0.98 R²/(4Nh)", 0.98)
                .on(convex_functions().hunted(600)),
        )
        .control(
            inner("inner_newton_is_faster", "|y₊ − x₊| ≤ 0.95 (Mh/2) |y − x₊|²", 0.95)
                .on(inner_problems("convex functions with a Lipschitz f″", 0.0, 3.0).hunted(600)),
        )
        .control(
            inner("inner_newton_without_convexity", INNER, 1.0)
                .on(inner_problems("functions that are not convex", -0.9, 0.5).hunted(600))
                .violating("convex"),
        )
        .control(
            arrives("inner_newton_from_beyond", "y_60 = x₊ from |y₀ − x₊| < 2/(Mh)")
                .on(worst("beyond the radius", &[1.02]))
                .violating("|y₀ − x₊| < 2/(Mh)"),
        )
        .control(cycle("inner_newton_cycles_within", "y_n = (−1)ⁿ 2/(Mh) from 0.99 of it", Fraction::ratio(99, 100)))
        .control(valley_numbers("numbers_of_the_valley_are_smaller", 0.98))
        .control(
            stiff_valley("error_in_a_stiff_valley_is_smaller", "|x_N − x(2)| ≤ 0.95 c h", 0.95)
                .on(step_sizes(&[0.05, 0.1])),
        )
        .figure(
            Figure::semilog_x("factors", "z = h λ", "x₁/x₀")
                .caption(
                    "What one step makes of a mode. The explicit step leaves −1 ... 1 at z = 2; the implicit one tends to 0, Crank–Nicolson to −1. The exact factor is \
                     e⁻ᶻ.",
                )
                .showing(factors),
        )
        .figure(
            Figure::linear("valley", "x", "y")
                .caption(
                    "The stiff valley y = x²: implicit steps of h = 0.5, a million times the largest that the explicit method could take there, and where the flow is at those times.",
                )
                .showing(path),
        )
}

fn modes(name: &str, sizes: &'static [(i64, i64, i64)]) -> Family<Case<Mode>> {
    let all = RULES
        .into_iter()
        .flat_map(|rule| sizes.iter().map(move |&(p, q, lambda)| Mode { rule, h: (p, q), lambda }));
    Family::cases(name, all.collect::<Vec<_>>(), |m| {
        format!("{:?}, h = {}/{}, λ = {}", m.rule, m.h.0, m.h.1, m.lambda)
    })
}

fn linear() -> Hypothesis<Case<Mode>> {
    Hypothesis::by_construction("quadratic", "f = λx²/2")
}

fn factor(name: &str) -> Claim<Case<Mode>> {
    Claim::identity(name, "x₁/x₀ = 1 − z, 1/(1 + z), (1 − z/2)/(1 + z/2)", 1e-14)
        .assuming([linear()])
        .on(modes("steps on parabolas", &[(1, 10, 3), (7, 3, 1), (1, 2, 5), (5, 1, 1_000_000)]))
        .measuring_each(|m: &Case<Mode>| {
            let h = Fraction::ratio(m.h.0, m.h.1);
            Readings::at(
                1,
                m.rule.step(&h, &Fraction::from(m.lambda), &Fraction::from(1)).nearest(),
            )
        })
        .predicting(|m, _| m.rule.factor(m.z()))
}

/// The error over h or h² at time 1 in exact fractions, but for e⁻¹.
fn global_error(name: &str) -> Claim<Case<Mode>> {
    // The next term is smaller by the factor h or so: 2⁻⁹.
    Claim::identity(name, "(x(1) error)/h → ∓1/(2e), of Crank–Nicolson over h² → −1/(12e)", 2e-3)
        .assuming([linear()])
        .on(modes("512 steps on x²/2", &[(1, 512, 1)]))
        .measuring_each(|m: &Case<Mode>| {
            let (h, exact) = (m.z(), Fraction::ratio(m.h.0, m.h.1));
            let steps = m.h.1 as usize;
            let end = (0..steps)
                .fold(Fraction::from(1), |x, _| m.rule.step(&exact, &Fraction::from(m.lambda), &x));
            let error = end.nearest() - exp(-1.0f64);
            let scale = if m.rule == Rule::CrankNicolson { h * h } else { h };
            Readings::at(steps, Reading::new(error / scale, f64::EPSILON / scale))
        })
        .predicting(|m, _| m.constant())
}

fn shares(name: &str, values: &[f64]) -> Family<Case<f64>> {
    Family::cases(name, values.to_vec(), |z| format!("z = {z}"))
}

fn explicit(name: &str, formula: &str) -> Claim<Case<f64>> {
    Claim::bound(name, formula)
        .assuming([Hypothesis::new("z ≤ 2", |z: &Case<f64>, _| {
            theoria_verification::Check::at_most(**z, 2.0, "z")
        })])
        .measuring([1usize, 10, 100], |z: &Case<f64>, steps| {
            let (f, start) = (Quadratic::diagonal(&[**z]), Vector::from_element(1, 1.0));
            let run = Trajectory::of(GradientDescent::new(1.0), &f, &start, 100);
            steps.read(|n| run.points()[n][0].abs())
        })
        .predicting(|_, _| 1.0)
}

fn decrease(name: &str, formula: &str, share: f64) -> Claim<Bent> {
    Claim::lower_bound(name, formula)
        .assuming([solvable()])
        .measuring_each(|f: &Bent| Readings::at(1, f.decrease()))
        .predicting(move |f, _| share * (1.0 / f.step + f.curvature / 2.0) * f.length().powi(2))
}

fn twice(name: &str, formula: &str) -> Claim<Bent> {
    Claim::lower_bound(name, formula)
        .assuming([solvable(), convex()])
        .measuring_each(|f: &Bent| Readings::at(1, f.decrease()))
        .predicting(|f, _| f.length().powi(2) / f.step)
}

fn parabolas() -> Family<Bent> {
    Family::listed("parabolas", [-0.9, -0.5, 0.0, 3.0], |product| {
        let mut f = Bent::parabola(product / 2.0, 1.5, 2.0);
        if *product == 0.0 {
            f = Bent::absolute(0.25, 1.5, 2.0);
        }
        f
    })
}

/// R |x|/(2Nh)
fn slopes() -> Family<Bent> {
    Family::listed("R |x|/(2Nh)", [1u32, 4, 8], |n| {
        Bent::absolute(1.0 / (2.0 * f64::from(*n) * 3.0), 1.0, 3.0)
    })
}

fn rate(name: &str, formula: &str, share: f64) -> Claim<Bent> {
    Claim::bound(name, formula)
        .assuming([solvable(), convex()])
        .measuring([1usize, 2, 4, 8], |f: &Bent, steps| steps.read(|n| f.gap_after(n)))
        .predicting(move |f, n| share * f.start * f.start / (4.0 * n * f.step))
}

fn well(name: &str, formula: &str) -> Claim<WellStep> {
    Claim::lower_bound(name, formula)
        .assuming([global_minimiser()])
        .measuring_each(|s: &WellStep| Readings::at(1, s.decrease()))
        .predicting(|s, _| s.least())
}

fn every_root() -> Claim<WellStep> {
    Claim::lower_bound("every_root_decreases_f", "f(x) − f(x₊) ≥ 0 for every root x₊")
        .on(Family::listed("from 0.1 with h = 10", [0.1, 0.05], |x| WellStep::by_newton(*x, 10.0)))
        .measuring_each(|s: &WellStep| Readings::at(1, s.decrease()))
        .predicting(|_, _| 0.0)
}

fn inner(name: &str, formula: &str, share: f64) -> Claim<InnerNewton> {
    Claim::bound(name, formula)
        .assuming([inner_newton::convex(), lipschitz_hessian()])
        .measuring_each(|f: &InnerNewton| Readings::at(1, f.distance()))
        .predicting(move |f, _| share * f.bound())
}

fn worst(name: &str, shares: &[f64]) -> Family<InnerNewton> {
    Family::listed(name, shares.to_vec(), |share| InnerNewton::worst(1.5, 2.0, 1.0, *share))
}

fn arrives(name: &str, formula: &str) -> Claim<InnerNewton> {
    Claim::identity(name, formula, 1e-10)
        .assuming([inner_newton::convex(), lipschitz_hessian(), near()])
        .measuring_each(|f: &InnerNewton| {
            Readings::at(ARRIVED, (f.after(ARRIVED) / f.radius()).abs())
        })
        .predicting(|_, _| 0.0)
}

/// In fractions, f'' = M max(0, t − |y|), from so many times t = 2/(Mh).
fn cycle(name: &str, formula: &str, times: Fraction) -> Claim<Case<(i64, i64)>> {
    Claim::identity(name, formula, 1e-15)
        .assuming([Hypothesis::by_construction("convex", "f″ = M max(0, t − |y|)")])
        .on(Family::cases("whole M and h", [(1, 1), (3, 2), (1, 7)], |(m, h)| {
            format!("M = {m}, h = {h}")
        }))
        .measuring_each(move |at: &Case<(i64, i64)>| {
            let (m, h) = (Fraction::from(at.0), Fraction::from(at.1));
            let t = Fraction::from(2) / (m.clone() * h.clone());
            let equation = inner_newton::exact_worst(&m, &h, &t);
            let mut y = DVector::from_element(1, t.clone() * times.clone());
            let mut newton = Newton::default();
            Readings::over(0..=6, |n| {
                if n > 0 {
                    newton.step(&equation, &mut y);
                }
                (y[0].clone() / t.clone()).nearest()
            })
        })
        .predicting(|_, n| if n % 2.0 == 0.0 { 1.0 } else { -1.0 })
}

fn step_sizes(sizes: &[f64]) -> Family<Case<f64>> {
    Family::cases("step sizes", sizes.to_vec(), |h| format!("h = {h}"))
}

fn stiff_valley(name: &str, formula: &str, share: f64) -> Claim<Case<f64>> {
    Claim::bound(name, formula)
        .assuming([Hypothesis::by_construction(
            "stiff",
            "S = 10⁶; the flow is that of S → ∞, off by 1/S",
        )])
        .measuring_each(|h: &Case<f64>| {
            let error = descend(**h, 2.0).last().map_or(f64::NAN, |x| x[0] - flow(2.0));
            // The finite stiffness and the equations that are solved up to the tolerance.
            Readings::at((2.0 / **h).round(), Reading::new(error.abs(), 1.0 / STIFFNESS))
        })
        .predicting(move |h, _| share * valley_constant() * **h)
}

/// The constants as they are printed.
fn valley_numbers(name: &str, share: f64) -> Claim<Case<(f64, f64)>> {
    let f = CurvedValley::new(STIFFNESS);
    let hessian = f.hessian(&Vector::from_element(2, 1.0));
    let limit = hessian.map_or(f64::NAN, |hessian| 2.0 / hessian.symmetric_eigenvalues().max());
    let formula = if share == 1.0 {
        "c = 0.02378, 2/L = 4·10⁻⁷"
    } else {
        "0.98 of 0.02378 and of 4·10⁻⁷"
    };
    let numbers = [("c", (valley_constant(), 0.02378)), ("2/L at (1, 1)", (limit, 4e-7))];
    Claim::identity(name, formula, 1e-3)
        .assuming([Hypothesis::by_construction("stiff", "S = 10⁶")])
        .on(Family::listed("numbers of the valley", numbers, |(what, pair)| {
            Case::new(*what, *pair)
        }))
        .measuring_each(|pair: &Case<(f64, f64)>| Readings::at(1, pair.0))
        .predicting(move |pair, _| share * pair.1)
}

fn factors(_: &mut Draw, _: Effort) -> Content {
    let grid = || (-20..=30).map(|i| powf(10.0, f64::from(i) / 10.0));
    let measured = RULES.map(|rule| {
        let sizes =
            [(1, 100), (1, 10), (1, 2), (1, 1), (2, 1), (5, 1), (20, 1), (100, 1), (1000, 1)];
        let points = sizes.into_iter().map(move |(p, q)| {
            let factor = rule.step(&Fraction::ratio(p, q), &Fraction::from(1), &Fraction::from(1));
            (p as f64 / q as f64, factor.nearest())
        });
        Group::new(
            &format!("{}, a step", rule.words()),
            points.filter(|(_, factor)| *factor >= -2.0),
        )
    });
    let mut lines: Vec<Line> = RULES
        .map(|rule| {
            let points = grid().map(|z| (z, rule.factor(z))).filter(|(_, factor)| *factor >= -2.0);
            Line::predicted(rule.words(), points)
        })
        .into();
    lines.push(Line::predicted("e⁻ᶻ", grid().map(|z| (z, exp(-z)))));
    Content::Points { groups: measured.into(), lines }
}

fn path(_: &mut Draw, _: Effort) -> Content {
    let places = descend(0.5, 4.0);
    let valley = (0..=50).map(|i| f64::from(i) / 50.0).map(|x| (x, x * x));
    let on_time = (0..=8).map(|k| flow(f64::from(k) / 2.0)).map(|x| (x, x * x));
    Content::Points {
        groups: vec![
            Group::new("implicit steps, h = 0.5", places.iter().map(|x| (x[0], x[1]))),
            Group::new("flow at the same times", on_time),
        ],
        lines: vec![Line::predicted("y = x²", valley)],
    }
}
