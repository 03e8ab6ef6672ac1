#![doc = include_str!("quasi_newton_order.md")]

use nalgebra::DMatrix;
use theoria_algorithms::{ConstantStep, Method, Newton, QuasiNewton, Update};
use theoria_elementary::{exp, ln, log2, powf};
use theoria_models::Vector;
use theoria_models::numerics::bisect;
use theoria_models::objectives::Quadratic;
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings, Theorem,
};

use crate::support::cubes::{Cubes, cubes, near};
use crate::support::plane_steps::{Long, PlaneRun, State, definite, overestimates, plane_runs};

/// Steps of a run in the plane; ...
const STEPS: usize = 200;
/// ... of one on cubes; ...
const MANY: usize = 60;
/// ... and of Powell's example at most, which DFP makes nearly all.
const PATIENCE: usize = 20_000;
/// Powell's accuracy.
const ARRIVED: f64 = 1e-4;
/// l and the steps of BFGS.
const POWELL: [(f64, f64); 4] = [(10.0, 8.0), (100.0, 10.0), (1e3, 12.0), (1e4, 15.0)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let all = || plane_runs("quadratics in the plane", 0.3);
    let lambda =
        recursion("other_eigenvalue", "λ₊ − 1 by the recursion", |seen, told, update| {
            seen.missing(update).ln_of_size() - told.missing(update).ln_of_size()
        });
    let larger = lambda
        .restated(
            "other_eigenvalue_falls_more_slowly",
            "λ_n − 1 is 1.02ⁿ⁻¹ times what the recursion says",
        )
        .predicting(|_, n| (n - 1.0) * ln(1.02));
    let angle = recursion("angle", "t₊ = 1/T", |seen, told, _| {
        seen.tangent.ln_of_size() - told.tangent.ln_of_size()
    });
    let wider = angle.restated("angle_is_wider", "t₊ = 1.02/T").predicting(|_, _| ln(1.02));
    let energy = recursion("energy", "E₊/E = (λ − 1)² t/(1 + t)", |seen, told, _| {
        seen.energy.ln_of_size() - told.energy.ln_of_size()
    });
    let slower = energy
        .restated("energy_falls_more_slowly", "E₊/E = 1.02 (λ − 1)² t/(1 + t)")
        .predicting(|_, n| (n - 1.0) * ln(1.02));
    let rate = rate("rate_of_the_rates");
    let other_rate = rate
        .restated("rate_of_the_rates_is_larger", "(e_{n+3}/e_{n+2})/(e_{n+1}/e_n) → 1.05 ρ²")
        .predicting(|_, _| 1.05);
    let digits = digits("digits_grow_like_the_square");
    let more = digits
        .restated("digits_grow_faster", "log 1/e_n = 1.05 (n²/2) log 1/ρ + O(n)")
        .predicting(|_, _| 1.05);
    let order = plane_order("order_is_one");
    let as_rank_one = order
        .restated("order_is_that_of_rank_one", "log(e_{n+3}/e_{n+2})/log(e_{n+1}/e_n) → 1.4656²")
        .predicting(|_, _| 1.4656f64.powi(2));
    let dfp = dfp("dfp_takes_l_steps");
    let fewer = dfp
        .restated("dfp_takes_fewer_steps", "e_n ≤ 10⁻⁴ first at n = 0.95 l")
        .predicting(|l, _| 0.95 * **l);
    let bfgs = bfgs("bfgs_takes_few_steps");
    let logarithm = bfgs
        .restated("bfgs_takes_a_logarithm", "e_n ≤ 10⁻⁴ first at n = log₂ l")
        .predicting(|l, _| log2(**l));
    let rank_one = order_of(
        "order_of_rank_one",
        "log e_N/log e_{N−d−1} → τ^{d+1}, τ^{d+1} = τ^d + 1",
        Update::SymmetricRankOne,
    );
    let higher = rank_one
        .restated("order_of_rank_one_is_larger", "log e_N/log e_{N−d−1} → (1.02 τ)^{d+1}")
        .predicting(|it, _| (1.02 * root(it.dimension())).powi(1 + it.dimension() as i32));
    Theorem::new("second_order/quasi_newton_order", include_str!("quasi_newton_order.md"))
        .uses("second_order/bfgs", "the secant equation and the updates")
        .uses(
            "second_order/orders_of_iterations",
            "what an order is; in one variable the updates are the secant method",
        )
        .claim(lambda.on(all()))
        .claim(angle.on(all()))
        .claim(energy.on(all()))
        .claim(rate.on(all()))
        .claim(digits.on(all()))
        .claim(order.on(all()))
        .claim(
            quarter("two_steps_leave_a_quarter", "|λ₃ − 1| ≤ |λ₁ − 1|/4, 1/λ for DFP", 0.25)
                .attained_on(balanced())
                .on(plane_runs("quadratics with a large H₀", 1.0).hunted(300))
                .tight_to(0.99),
        )
        .claim(dfp)
        .claim(bfgs)
        .claim(rank_one.on(cubes(1)).on(cubes(2)).on(cubes(3)))
        .claim(
            order_of(
                "bfgs_in_one_variable",
                "log e_N/log e_{N−2} → τ², τ² = τ + 1, BFGS for d = 1",
                Update::Bfgs,
            )
            .on(cubes(1)),
        )
        .claim(printed("orders_as_printed", "1.6180, 1.4656, 1.3803", 1.0))
        .control(larger.on(all()))
        .control(wider.on(all()))
        .control(slower.on(all()))
        .control(other_rate.on(all()))
        .control(more.on(all()))
        .control(as_rank_one.on(all()))
        .control(
            quarter("two_steps_leave_less", "|λ₃ − 1| ≤ 0.95 |λ₁ − 1|/4", 0.95 * 0.25)
                .on(balanced()),
        )
        .control(
            quarter("two_steps_leave_a_quarter_of_any", "|λ₃ − 1| ≤ |λ₁ − 1|/4, 1/λ for DFP", 0.25)
                .on(plane_runs("quadratics with a small H₀", 0.1).hunted(300))
                .violating("λ ≥ 1"),
        )
        .control(fewer)
        .control(logarithm)
        .control(higher.on(cubes(1)).on(cubes(2)).on(cubes(3)))
        .control(
            order_of(
                "bfgs_has_the_order_of_rank_one",
                "log e_N/log e_{N−d−1} → τ^{d+1} for BFGS, d ≥ 2",
                Update::Bfgs,
            )
            .on(cubes(2))
            .on(cubes(3)),
        )
        .control(printed("smaller_orders_as_printed", "0.98 of 1.6180, 1.4656, 1.3803", 0.98))
        .figure(
            Figure::semilog("digits", "step n", "digits of x_n, −log₁₀ |x_n|")
                .caption(
                    "The same function of two variables. Newton's digits double, those of the rank-one update grow by the factor 1.4656: straight lines. Those of BFGS grow \
                     like n², which bends.",
                )
                .showing(digits_of_methods),
        )
        .figure(
            Figure::log_log("powell", "l, by which H₀ is too small", "steps until e_n ≤ 10⁻⁴")
                .caption("From a matrix that is too small, DFP takes as many steps as it is too small; BFGS doubles it at each step.")
                .showing(powell_steps),
        )
}

/// The logarithm of what is seen over what the recursion makes of the first state.
fn recursion(
    name: &str,
    formula: &str,
    compare: fn(&State, &State, Update) -> f64,
) -> Claim<PlaneRun> {
    Claim::identity(name, &format!("{formula}, from n = 1 on"), 1e-9)
        .assuming([definite()])
        .measuring_each(move |run: &PlaneRun| {
            let states = run.states(STEPS);
            let told = std::iter::successors(states.first().cloned(), |state| {
                Some(state.next(run.update))
            });
            let pairs = states.iter().zip(told).enumerate().skip(1);
            pairs.map(|(n, (seen, told))| (n + 1, compare(seen, &told, run.update))).collect()
        })
        .predicting(|_, _| 0.0)
}

/// log(e_{n+1}/e_n)
fn log_ratio(states: &[State], n: usize) -> f64 {
    (states[n + 1].energy.ln_of_size() - states[n].energy.ln_of_size()) / 2.0
}

/// What the last states say, if there are enough of them.
fn at_the_end(run: &PlaneRun, read: impl Fn(&[State]) -> f64) -> Readings {
    let states = run.states(STEPS);
    let seen = if states.len() > 20 { read(&states) } else { f64::NAN };
    Readings::at(states.len(), seen)
}

fn rate(name: &str) -> Claim<PlaneRun> {
    Claim::identity(name, "(e_{n+3}/e_{n+2})/(e_{n+1}/e_n) → ρ²", 1e-9)
        .assuming([definite()])
        .measuring_each(|run: &PlaneRun| {
            at_the_end(run, |states| {
                let n = states.len() - 4;
                let change = log_ratio(states, n + 2) - log_ratio(states, n);
                exp(change - 2.0 * states[n].log_rate())
            })
        })
        .predicting(|_, _| 1.0)
}

/// The second difference over an even number of steps, in which what is linear in n cancels.
fn digits(name: &str) -> Claim<PlaneRun> {
    Claim::identity(name, "log 1/e_n = (n²/2) log 1/ρ + O(n): second differences", 1e-3)
        .assuming([definite()])
        .measuring_each(|run: &PlaneRun| {
            at_the_end(run, |states| {
                let (last, stride) = (states.len() - 1, states.len() / 6 * 2);
                let log = |n: usize| states[n].energy.ln_of_size() / 2.0;
                let difference = log(last) - 2.0 * log(last - stride) + log(last - 2 * stride);
                difference / ((stride * stride) as f64 * states[last].log_rate())
            })
        })
        .predicting(|_, _| 1.0)
}

fn plane_order(name: &str) -> Claim<PlaneRun> {
    Claim::identity(name, "log(e_{n+3}/e_{n+2})/log(e_{n+1}/e_n) → 1", 5e-2)
        .assuming([definite()])
        .measuring_each(|run: &PlaneRun| {
            at_the_end(run, |states| {
                let n = states.len() - 4;
                log_ratio(states, n + 2) / log_ratio(states, n)
            })
        })
        .predicting(|_, _| 1.0)
}

/// T near 1 and λ just above it.
fn balanced() -> Family<PlaneRun> {
    let updates = [Update::Bfgs, Update::Dfp];
    Family::listed("T = 1, λ = 1.001", updates, |update| PlaneRun::standard(*update, 1.001, 1.0))
}

fn quarter(name: &str, formula: &str, share: f64) -> Claim<PlaneRun> {
    Claim::bound(name, formula)
        .assuming([definite(), overestimates()])
        .measuring_each(|run: &PlaneRun| {
            let states = run.states(3);
            let missing = |n: usize| states.get(n).map(|state| state.missing(run.update));
            // Where λ = 1 nothing is left to be missing.
            let pair = missing(2).zip(missing(0)).filter(|(_, before)| *before != Long::from(0.0));
            pair.map(|(later, before)| (3, (later / before).abs().nearest())).into_iter().collect()
        })
        .predicting(move |_, _| share)
}

/// Steps in doubles until |x| is small, with A = I.
fn powell(update: Update, l: f64) -> f64 {
    let f = Quadratic::diagonal(&[1.0, 1.0]);
    let inverse = DMatrix::from_diagonal(&Vector::from_vec(vec![1.0, 1.0 / l]));
    let mut method = QuasiNewton::new(update, inverse, ConstantStep::unit());
    let mut x = Vector::from_vec(vec![1.0, l.sqrt()]) / (1.0 + l).sqrt();
    for n in 0..PATIENCE {
        if x.norm() <= ARRIVED {
            return n as f64;
        }
        method.step(&f, &mut x);
    }
    f64::NAN
}

fn sizes(values: &[f64]) -> Family<Case<f64>> {
    Family::cases("Powell's example", values.to_vec(), |l| format!("l = {l}"))
}

fn quadratic() -> Hypothesis<Case<f64>> {
    Hypothesis::by_construction("in the plane", "f = |x|²/2, H₀ = diag(1, 1/l)")
}

fn dfp(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "e_n ≤ 10⁻⁴ first at n = l", 2e-2)
        .assuming([quadratic()])
        .on(sizes(&[1e3, 3e3, 1e4]))
        .measuring_each(|l: &Case<f64>| Readings::at(1, powell(Update::Dfp, **l)))
        .predicting(|l, _| **l)
}

fn bfgs(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "e_n ≤ 10⁻⁴ first at n = 8, 10, 12, 15", 1e-9)
        .assuming([quadratic()])
        .on(sizes(&POWELL.map(|(l, _)| l)))
        .measuring_each(|l: &Case<f64>| Readings::at(1, powell(Update::Bfgs, **l)))
        .predicting(|l, _| {
            let known = POWELL.iter().find(|(size, _)| *size == **l);
            known.map_or(f64::NAN, |(_, steps)| *steps)
        })
}

/// τ > 1 with τ^{d+1} = τ^d + 1
fn root(dimension: usize) -> f64 {
    let power = dimension as i32;
    bisect(1.0, 2.0, 0.0, |tau| tau.powi(power + 1) < tau.powi(power) + 1.0).0
}

/// Over d + 1 steps, in which all directions have had their turn.
fn order_of(name: &str, formula: &str, update: Update) -> Claim<Cubes> {
    Claim::identity(name, formula, 1e-2)
        .assuming([near()])
        .measuring_each(move |it: &Cubes| {
            let logarithms = it.by(update, MANY);
            let (last, steps) = (logarithms.len() - 1, it.dimension() + 1);
            let seen = if last > 2 * steps {
                logarithms[last] / logarithms[last - steps]
            } else {
                f64::NAN
            };
            Readings::at(last, seen)
        })
        .predicting(|it, _| root(it.dimension()).powi(1 + it.dimension() as i32))
}

fn printed(name: &str, formula: &str, times: f64) -> Claim<Case<(usize, f64)>> {
    Claim::identity(name, formula, 1e-4)
        .assuming([Hypothesis::by_construction("τ > 1", "the root between 1 and 2")])
        .on(Family::cases("d", [(1, 1.6180), (2, 1.4656), (3, 1.3803)], |(d, _)| {
            format!("d = {d}")
        }))
        .measuring_each(|it: &Case<(usize, f64)>| Readings::at(it.0, root(it.0)))
        .predicting(move |it, _| times * it.1)
}

fn digits_of_methods(draw: &mut Draw, _: Effort) -> Content {
    let it = cubes(2).instance(draw, 0);
    let line = |label: &str, logarithms: Vec<f64>| {
        let points = logarithms.into_iter().enumerate().map(|(n, log)| (n as f64, -log));
        Line::measured(label, points.take_while(|(_, digits)| *digits < 5000.0))
    };
    let lines = vec![
        line("Newton", it.logarithms(Newton::default(), MANY)),
        line("rank one", it.by(Update::SymmetricRankOne, MANY)),
        line("Broyden", it.by(Update::Broyden, MANY)),
        line("BFGS", it.by(Update::Bfgs, MANY)),
    ];
    Content::Lines { lines }
}

fn powell_steps(_: &mut Draw, _: Effort) -> Content {
    let sizes = || (2..=16).map(|k| powf(10.0, f64::from(k) / 4.0));
    let group =
        |label: &str, update: Update| Group::new(label, sizes().map(|l| (l, powell(update, l))));
    Content::Points {
        groups: vec![group("DFP", Update::Dfp), group("BFGS", Update::Bfgs)],
        lines: vec![Line::predicted("n = l", [10.0, 1e4].map(|l| (l, l)))],
    }
}
