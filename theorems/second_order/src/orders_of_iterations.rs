#![doc = include_str!("orders_of_iterations.md")]

use theoria_elementary::{cbrt, exp, ln, powf};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Readings, Theorem,
};

use crate::support::iterated_equations::{
    all_schemes, arrives, cycling, exact_derivatives, example, exponentials, kinks,
    limit_is_not_zero, mistaken_derivatives, multiple_roots, simple_root, three_derivatives,
    without_a_limit, worked_example,
};
use crate::support::iterations::{Approach, GOLDEN, SUPERLINEAR, Scheme};

/// The ratios of numbers that add up as Fibonacci's come to φ with an error that falls by φ² a step: below 1e-4 after the
/// dozen steps that the secant method takes. All other orders are seen to rounding.
const ORDER: f64 = 1e-3;
/// Log 2 over log (1 + √5)/2, less 1.
const PRICE: f64 = 0.4404;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let orders = order("orders").on(worked_example()).on_all(all_schemes());
    let higher = orders
        .restated("orders_are_higher", "log(e_{n+1}/e_n)/log(e_n/e_{n−1}) → 1.02 p")
        .predicting(|at, _| 1.02 * at.scheme.order());
    let limits = limit("limits").on(worked_example()).on_all(all_schemes());
    let larger = limits
        .restated("limits_are_larger", "e_{n+1}/e_n^p → 1.02 C")
        .predicting(|at, _| 1.02 * at.limit());
    let product = product("secant_multiplies_two_errors");
    let product_larger = product
        .restated("secant_multiplies_by_more", "e_{n+1}/(e_n e_{n−1}) → 1.02 |A|")
        .predicting(|at, _| 1.02 * at.equation.bend().abs());
    let swings = swings("secant_swings");
    let damped = swings
        .restated("secant_swings_less", "(r_n − log C)/(r_{n−1} − log C) → −0.98/φ")
        .predicting(|_, _| -0.98 / GOLDEN);
    let printed = printed("limits_of_the_example");
    let misprinted = printed
        .restated("limits_of_the_example_are_larger", "1.02 of 1/2, 0.65156, 1, 1/2, 1/12, 1/3")
        .predicting(|at, _| 1.02 * of_the_example(at.scheme));
    let efficiency = efficiency("growth_per_evaluation");
    let more = efficiency
        .restated(
            "growth_per_evaluation_is_higher",
            "1.02 of 1, 1.6180, 1.4142, 1.4142, 1.4422, 1.4422",
        )
        .predicting(|at, _| 1.02 * per_evaluation(at.scheme));
    let price = price("price_of_a_derivative");
    let dearer = price
        .restated("price_of_a_derivative_is_higher", "log 2/log φ − 1 = 0.4492")
        .predicting(|_, _| 1.02 * PRICE);
    Theorem::new("second_order/orders_of_iterations", include_str!("orders_of_iterations.md"))
        .uses("second_order/newton_quadratic", "the order of Newton's method and its constant")
        .claim(orders)
        .claim(limits)
        .claim(product)
        .claim(swings)
        .claim(printed)
        .claim(efficiency)
        .claim(price)
        .control(higher)
        .control(
            order("orders_at_a_multiple_root").on(multiple_roots()).violating("simple root"),
        )
        .control(order("orders_without_a_limit").on(without_a_limit()).violating("C ≠ 0"))
        .control(order("orders_at_a_kink").on(kinks()).violating("three derivatives"))
        .control(
            order("orders_with_other_derivatives")
                .on(mistaken_derivatives())
                .violating("exact derivatives"),
        )
        .control(order("orders_on_a_cycle").on(cycling()).violating("x_n → x*, x_n ≠ x*"))
        .control(larger)
        .control(product_larger)
        .control(damped)
        .control(misprinted)
        .control(more)
        .control(dearer)
        .figure(
            Figure::semilog("digits", "evaluations of g, g′ and g″", "digits of x_n, −log₁₀ e_n")
                .caption(
                    "Digits of the root of eˣ = 1 against evaluations. Per evaluation the secant method is the steepest line, though Newton's, Halley's and \
                     Chebyshev's win more in a step; gradient descent bends down.",
                )
                .showing(digits),
        )
        .figure(
            Figure::linear("swings", "step n", "e_{n+1}/e_n^φ")
                .caption(
                    "The secant method's ratio swings about its limit, each time by 0.618 of the swing before; the weighted mean of two in a row is there after three steps.",
                )
                .showing(ratios),
        )
}

fn order(name: &str) -> Claim<Approach> {
    Claim::identity(name, "log(e_{n+1}/e_n)/log(e_n/e_{n−1}) → p", ORDER)
        .assuming([
            simple_root(),
            three_derivatives(),
            exact_derivatives(),
            arrives(),
            limit_is_not_zero(),
        ])
        .measuring_each(|at: &Approach| Readings::at(1, at.last_order()))
        .predicting(|at, _| at.scheme.order())
}

/// log C as the last steps say it: of the secant method by the mean in which the swing cancels.
fn log_limit(at: &Approach) -> f64 {
    match (at.scheme, &*at.log_ratios()) {
        (Scheme::Secant, [.., before, last]) => swing_free(*before, *last),
        (_, [.., last]) => *last,
        _ => f64::NAN,
    }
}

/// (φ r_n + r_{n−1})/(φ + 1)
fn swing_free(before: f64, last: f64) -> f64 {
    (GOLDEN * last + before) / (GOLDEN + 1.0)
}

fn limit(name: &str) -> Claim<Approach> {
    Claim::identity(name, "e_{n+1}/e_n^p → C", 1e-9)
        .assuming([simple_root(), three_derivatives(), exact_derivatives(), arrives()])
        .measuring_each(|at: &Approach| Readings::at(1, exp(log_limit(at))))
        .predicting(|at, _| at.limit())
}

fn secants() -> Family<Approach> {
    exponentials(|_| Scheme::Secant).with_draws(12)
}

fn product(name: &str) -> Claim<Approach> {
    Claim::identity(name, "e_{n+1}/(e_n e_{n−1}) → |A|", 1e-9)
        .assuming([simple_root(), three_derivatives(), arrives()])
        .on(secants())
        .measuring_each(|at: &Approach| {
            let ratio = match *at.logarithms() {
                [.., a, b, c] => exp(c - b - a),
                _ => f64::NAN,
            };
            Readings::at(1, ratio)
        })
        .predicting(|at, _| at.equation.bend().abs())
}

/// What is left of a swing after a dozen steps is some 1e-3, of logarithms near 10³ with their rounding of 1e-13.
fn swings(name: &str) -> Claim<Approach> {
    Claim::identity(name, "(r_n − log C)/(r_{n−1} − log C) → −1/φ, r_n = log(e_{n+1}/e_n^φ)", 1e-6)
        .assuming([simple_root(), three_derivatives(), arrives()])
        .on(secants())
        .measuring_each(|at: &Approach| {
            let (ratios, log) = (at.log_ratios(), ln(at.limit()));
            let ratio = match *ratios {
                [.., before, last] => (last - log) / (before - log),
                _ => f64::NAN,
            };
            Readings::at(1, ratio)
        })
        .predicting(|_, _| -1.0 / GOLDEN)
}

/// As the statement prints it.
fn of_the_example(scheme: Scheme) -> f64 {
    match scheme {
        Scheme::Descent(_) | Scheme::Newton => 0.5,
        Scheme::Secant => 0.65156,
        Scheme::Steffensen => 1.0,
        Scheme::Halley => 1.0 / 12.0,
        Scheme::Chebyshev => 1.0 / 3.0,
    }
}

fn printed(name: &str) -> Claim<Approach> {
    Claim::identity(name, "C = 1/2, 0.65156, 1, 1/2, 1/12, 1/3 on the example", 1e-5)
        .assuming([Hypothesis::by_construction("f = eˣ − x", "η = 1/2")])
        .on(worked_example())
        .measuring_each(|at: &Approach| Readings::at(1, exp(log_limit(at))))
        .predicting(|at, _| of_the_example(at.scheme))
}

/// φ, √2 and ∛3, which the statement prints.
fn per_evaluation(scheme: Scheme) -> f64 {
    match scheme {
        Scheme::Descent(_) => 1.0,
        Scheme::Secant => GOLDEN,
        Scheme::Steffensen | Scheme::Newton => 2f64.sqrt(),
        Scheme::Halley | Scheme::Chebyshev => cbrt(3.0),
    }
}

/// By the order that is seen and the evaluations that are counted in the last step.
fn efficiency(name: &str) -> Claim<Approach> {
    Claim::identity(name, "p^(1/m) = 1, 1.6180, 1.4142, 1.4142, 1.4422, 1.4422", ORDER)
        .assuming([simple_root(), three_derivatives(), arrives(), limit_is_not_zero()])
        .on(worked_example())
        .on_all(all_schemes())
        .measuring_each(|at: &Approach| {
            Readings::at(1, powf(at.last_order(), 1.0 / at.last_cost() as f64))
        })
        .predicting(|at, _| per_evaluation(at.scheme))
}

/// With the orders that are seen on eˣ − x.
fn price(name: &str) -> Claim<Case<()>> {
    Claim::identity(name, "log 2/log φ − 1 = 0.4404", 1e-3)
        .assuming([Hypothesis::by_construction("f = eˣ − x", "orders of the last three iterates")])
        .on(Family::cases("Newton's and the secant method", [()], |()| "eˣ − x".into()))
        .measuring_each(|_: &Case<()>| {
            let order = |scheme| ln(example(scheme).last_order());
            Readings::at(1, order(Scheme::Newton) / order(Scheme::Secant) - 1.0)
        })
        .predicting(|_, _| PRICE)
}

fn digits(_: &mut Draw, _: Effort) -> Content {
    let all = std::iter::once(Scheme::Descent(0.5)).chain(SUPERLINEAR);
    let lines = all.map(|scheme| {
        let (at, mut evaluations) = (example(scheme), 0);
        let points = at.run().iter().map(|(x, cost)| {
            evaluations += cost;
            (evaluations as f64, -x.log10_of_size())
        });
        let points: Vec<(f64, f64)> = points
            .take_while(|(evaluations, digits)| *evaluations <= 16.0 && *digits < 320.0)
            .collect();
        Line::measured(scheme.name(), points)
    });
    Content::Lines { lines: lines.collect() }
}

fn ratios(_: &mut Draw, _: Effort) -> Content {
    let at = example(Scheme::Secant);
    let ratios = at.log_ratios();
    let swinging = ratios.iter().enumerate().map(|(n, log)| (n as f64, exp(*log)));
    let means = ratios.windows(2).enumerate();
    let means = means.map(|(n, pair)| (n as f64 + 1.0, exp(swing_free(pair[0], pair[1]))));
    let last = (ratios.len() - 1) as f64;
    let lines = vec![
        Line::measured("e_{n+1}/e_n^φ", swinging),
        Line::measured("weighted mean of two", means),
        Line::predicted("limit 0.65156", [(0.0, at.limit()), (last, at.limit())]),
    ];
    Content::Lines { lines }
}
