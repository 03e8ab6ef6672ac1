#![doc = include_str!("newton_needs_a_good_start.md")]

use nalgebra::DVector;
use theoria_algorithms::{DampedNewton, Method};
use theoria_elementary::{exp, ln, powf};
use theoria_models::OneVariable;
use theoria_models::numerics::Fraction;
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings,
    Theorem,
};

use crate::support::curvature_profiles::{
    Profile, curvature_between, narrow, profiles, steeper_than_said,
};
use crate::support::shoulders::{Shape, shapes, steep_enough, walk};
use crate::support::softened_root::Softened;
use crate::support::starts_on_the_root::{
    BEYOND, FIRST, WITHIN, along, along_with_pictures, beyond, cobweb, listed, map_and_diagonal,
    within,
};
use crate::support::trapping_quartic::{ends, freed_after, share, trapped_after};
use crate::support::unknowns::Long;

/// 1.9 to this power is nothing: what has not arrived by then never will.
const ARRIVED: usize = 400;
/// 4/6^(3/2): the least weight of a parabola that tames √(1 + x²).
const TAMING: f64 = 0.272_165_526_975_908_7;
/// The only critical point of x⁴/4 − x² + 2x, −∛(1 + √(19/27)) − ∛(1 − √(19/27)) by Cardano.
const MINIMISER: f64 = -1.769_292_354_238_631_4;
/// Starts on √(1 + x²), with the steps and the halvings that they take.
const STARTS: [(f64, usize, usize); 6] =
    [(0.9, 5, 0), (1.1, 4, 1), (2.0, 5, 2), (10.0, 6, 11), (1e3, 14, 82), (1e6, 23, 433)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let cubes = cubes("cubes");
    let slower = cubes
        .restated("powers_of_2_9", "x_n = (−1)ⁿ x₀^(2.9ⁿ)")
        .predicting(|x, n| sign(n) * powf(2.9, n) * ln(x.start.nearest()));
    let softened = softened_step("step_of_the_softened_root");
    let shorter = softened
        .restated("step_of_the_softened_root_is_shorter", "x₁ = −0.98 x³/(1 + c s³)")
        .predicting(|f, _| 0.98 * softened_prediction(f));
    let trap = trap("edges_of_the_trap", "−0.12263, 0.13335 and 1.02497", 1.0);
    let caught = caught("share_that_is_trapped");
    let fewer = caught
        .restated("fewer_are_trapped", "a share of 0.196 of [−3, 3] ends in the cycle")
        .predicting(|_, _| 0.196);
    let counts = counts("steps_and_halvings");
    let faster = counts
        .restated("a_step_and_a_halving_fewer", "one step and one halving fewer each")
        .predicting(|case, what| predicted_counts(case, what) - 1.0);
    Theorem::new("second_order/newton_needs_a_good_start", include_str!("newton_needs_a_good_start.md"))
        .uses("second_order/newton_quadratic", "how the digits double near a minimum")
        .uses("convergence/armijo_backtracking", "which steps backtracking accepts")
        .claim(cubes)
        .claim(within("nearer_from_within_one", "|x_n|/|x_{n−1}| ≤ x₀²", 1.0).on(along_with_pictures()).tight_to(0.999))
        .claim(beyond("further_from_beyond_one", "|x_n|/|x_{n−1}| ≥ x₀²", 1.0).on(along()).tight_to(0.999))
        .claim(
            one_step("one_step", "|x₁| ≤ (κ − 1) |x₀|", 1.0)
                .on(profiles("curvatures between μ and L", 1.0, 100.0).hunted(3000))
                .attained_on(at_the_edge("at the edge of a shoulder", &[1.5, 3.0, 50.0]))
                .tight_to(0.99),
        )
        .claim(arrives("converges_if_narrow", "x_400 = 0").on(profiles("κ below 1.9", 1.0, 1.9).with_draws(24)).on(shoulders("κ = 1.9", &[1.9])))
        .claim(
            shoulder("cycles_on_a_shoulder", "x_n = ±(κ − 1)(a + w/2)")
                .on(shapes("κ beyond 2 + w/(2a + w)", [(201, 100, 1, 100), (3, 1, 1, 2), (21, 10, 1, 10), (50, 1, 1, 1)])),
        )
        .claim(softened)
        .claim(
            nearer("softened_root_comes_nearer", "|x₁| ≤ |x₀|")
                .on(weights("weights beyond 4/6^(3/2)", 1.0, 3.0).hunted(300))
                .attained_on(Family::single("at 4/6^(3/2)", || Softened::cycling(6.0, 1.0)))
                .tight_to(0.999),
        )
        .claim(softened_cycle("softened_root_cycles", "x_n = (−1)ⁿ x₀", 1.0))
        .claim(quartic_cycle())
        .claim(attracted())
        .claim(trap)
        .claim(caught)
        .claim(
            least_share("least_share", "t ≥ min(1, 2b(1 − c)/κ)", 1.0)
                .on(profiles("curvatures between μ and L", 1.0, 100.0).hunted(1000))
                .attained_on(at_the_edge("κ a little beyond 2(1 − c)/bᵏ", &[3.005, 6.01, 12.02, 24.04]))
                .tight_to(0.99),
        )
        .claim(damped_arrives().on(profiles("curvatures between μ and L", 1.0, 100.0).with_draws(24)).on(shoulders("which cycle without", &[2.01, 3.0, 50.0])))
        .claim(damped_leaves_the_trap())
        .claim(counts)
        .claim(ends_quadratically("ends_with_order_two").on(shares_of_decrease("c below 1/2", &[1e-4, 0.25, 0.45])))
        .control(slower)
        .control(within("nearer_by_more_from_within_one", "|x_n|/|x_{n−1}| ≤ 0.98 x₀²", 0.98).on(listed("starts within 1", &[0.3, 0.9, 0.99])))
        .control(beyond("further_by_more_from_beyond_one", "|x_n|/|x_{n−1}| ≥ 1.02 x₀²", 1.02).on(listed("starts beyond 1", &[1.01, 1.1, 1.5])))
        .control(within("nearer_from_beyond_one", "|x_n|/|x_{n−1}| ≤ x₀²", 1.0).on(listed("starts beyond 1", &[1.01, 1.1, 1.5])).violating(WITHIN))
        .control(beyond("further_from_within_one", "|x_n|/|x_{n−1}| ≥ x₀²", 1.0).on(listed("starts within 1", &[0.3, 0.9, 0.99])).violating(BEYOND))
        .control(one_step("one_step_is_shorter", "|x₁| ≤ 0.95 (κ − 1) |x₀|", 0.95).on(profiles("curvatures between μ and L", 1.5, 100.0).hunted(3000)))
        .control(one_step("one_step_with_steeper_curvature", "|x₁| ≤ (κ − 1) |x₀|", 1.0).on(steeper_than_said().hunted(1000)).violating("μ ≤ f″ ≤ L"))
        .control(arrives("strongly_convex_is_enough", "x_400 = 0").on(shoulders("κ beyond 2", &[2.01, 2.1, 3.0, 10.0])).violating("κ < 2"))
        .control(
            shoulder("cycles_on_a_lower_shoulder", "x_n = ±(κ − 1)(a + w/2)")
                .on(shapes("κ up to 2 + w/(2a + w)", [(2004, 1000, 1, 100), (19, 10, 1, 100)]))
                .violating("κ > 2 + w/(2a + w)"),
        )
        .control(shorter)
        .control(nearer("softened_root_with_less", "|x₁| ≤ |x₀|").on(weights("lesser weights", 0.5, 0.998).hunted(300)).violating("c ≥ 4/6^(3/2)"))
        .control(softened_cycle("softened_root_cycles_with_more", "x_n = (−1)ⁿ x₀ with 1.02 c", 1.02))
        .control(self::trap("edges_of_the_trap_are_nearer", "0.98 of −0.12263, 0.13335 and 1.02497", 0.98))
        .control(fewer)
        .control(least_share("larger_share", "t ≥ min(1, 2.06 b(1 − c)/κ)", 1.03).on(at_the_edge("κ a little beyond 2(1 − c)/bᵏ", &[3.005, 6.01, 12.02, 24.04])))
        .control(faster)
        .control(ends_quadratically("ends_with_order_two_whatever_c").on(shares_of_decrease("c beyond 1/2", &[0.51, 0.6, 0.9])).violating("c < 1/2"))
        .control(six_steps())
        .figure(
            Figure::linear("cobwebs", "xₙ", "xₙ₊₁")
                .caption("Newton's method on √(1 + x²) bounces between its map −x³ and the diagonal: from 0.9 inwards, from 1 for ever around the square, from 1.1 outwards.")
                .showing(cobwebs),
        )
        .figure(
            Figure::linear("newton_start", "xₙ", "xₙ₊₁")
                .of("nearer_from_within_one")
                .of("further_from_beyond_one")
                .along("start x₀", "starts along the slider", FIRST)
                .caption("Newton's method on √(1 + x²), as steps between its map −x³ and the diagonal: it comes home from every start within 1, and from none beyond."),
        )
        .figure(
            Figure::semilog("backtracking", "step n", "|xₙ|")
                .caption("Backtracking on √(1 + x²): from far away the distance halves or so in a step, and only the last steps double the digits.")
            .showing(distances),
        )
}

/// (−1)ⁿ
fn sign(n: f64) -> f64 {
    if n % 2.0 == 0.0 { 1.0 } else { -1.0 }
}

/// The logarithms of |x_n|, with the sign of x_n.
fn cubes(name: &str) -> Claim<Softened> {
    Claim::identity(name, "x_n = (−1)ⁿ x₀^(3ⁿ)", 1e-12)
        .assuming([Hypothesis::new("positive start", |f: &Softened, _| {
            Check::that(f.start > Long::from(0.0), format!("x₀ = {}", f.start.nearest()))
        })])
        .on(Family::listed("starts within and beyond 1", [0.5, 0.9, 1.1, 2.0], |x| {
            Softened::new(0.0, *x)
        }))
        .measuring_each(|f: &Softened| {
            let iterates = f.iterates(5);
            Readings::over(1..=5usize, |n| {
                let x = &iterates[n];
                x.ln_of_size() * if *x < Long::from(0.0) { -1.0 } else { 1.0 }
            })
        })
        .predicting(|f, n| sign(n) * powf(3.0, n) * ln(f.start.nearest()))
}

fn one_step(name: &str, formula: &str, share: f64) -> Claim<Profile> {
    Claim::bound(name, formula)
        .assuming([curvature_between()])
        .measuring_each(|f: &Profile| Readings::at(1, f.distance()))
        .predicting(move |f, _| share * (f.condition() - 1.0) * f.start.abs())
}

/// f'' = κ up to 1 and 1 beyond, almost at once.
fn shoulders(name: &str, condition: &[f64]) -> Family<Profile> {
    Family::listed(name, condition.to_vec(), |kappa| Profile::shoulder(*kappa, 1e-3, 5.0))
}

/// The same from the edge of the shoulder, where the step is the longest.
fn at_the_edge(name: &str, condition: &[f64]) -> Family<Profile> {
    Family::listed(name, condition.to_vec(), |kappa| Profile::shoulder(*kappa, 1e-4, 1.0 + 1e-4))
}

fn arrives(name: &str, formula: &str) -> Claim<Profile> {
    Claim::identity(name, formula, 1e-10)
        .assuming([curvature_between(), narrow()])
        .measuring_each(|f: &Profile| Readings::at(ARRIVED, f.after(ARRIVED) / f.start))
        .predicting(|_, _| 0.0)
}

fn shoulder(name: &str, formula: &str) -> Claim<Case<Shape>> {
    Claim::identity(name, formula, 1e-14)
        .assuming([steep_enough()])
        .measuring_each(|shape: &Case<Shape>| {
            let places = walk(**shape, 4);
            Readings::over(1..=4usize, |n| places[n].nearest())
        })
        .predicting(|shape, n| sign(n) * (shape.condition() - 1.0) * (1.0 + shape.width() / 2.0))
}

fn softened_prediction(f: &Softened) -> f64 {
    let (c, x) = (f.weight.nearest(), f.start.nearest());
    -x.powi(3) / (1.0 + c * powf(1.0 + x * x, 1.5))
}

fn softened_step(name: &str) -> Claim<Softened> {
    Claim::identity(name, "x₁ = −x³/(1 + c s³)", 1e-12)
        .assuming([Hypothesis::by_construction("softened root", "√(1 + x²) + c x²/2")])
        .on(Family::drawn("weights and starts", |draw| {
            let (c, x) = (draw.including_ends(0.0, 2.0), draw.log_uniform(0.1, 100.0));
            Softened::new(c, if draw.coin() { x } else { -x })
        })
        .with_draws(12))
        .measuring_each(|f: &Softened| Readings::at(1, f.iterates(1)[1].nearest()))
        .predicting(|f, _| softened_prediction(f))
}

/// So many times 4/6^(3/2).
fn weights(name: &str, least: f64, most: f64) -> Family<Softened> {
    Family::drawn(name, move |draw| {
        Softened::new(TAMING * draw.uniform(least, most), draw.log_uniform(0.1, 100.0))
    })
}

fn nearer(name: &str, formula: &str) -> Claim<Softened> {
    Claim::bound(name, formula)
        .assuming([Hypothesis::new("c ≥ 4/6^(3/2)", |f: &Softened, _| {
            Check::at_least(f.weight.nearest(), TAMING, "c")
        })])
        .measuring_each(|f: &Softened| Readings::at(1, f.iterates(1)[1].nearest().abs()))
        .predicting(|f, _| f.start.nearest().abs())
}

/// With (s² − 2)/s³ times a factor, for several s².
fn softened_cycle(name: &str, formula: &str, factor: f64) -> Claim<Softened> {
    // At s² = 2 there is no weight, and no factor that would change it.
    let squares: &[f64] =
        if factor == 1.0 { &[2.0, 2.25, 4.0, 6.0, 100.0] } else { &[4.0, 6.0, 100.0] };
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("start", "√(s² − 1), c = (s² − 2)/s³")])
        .on(Family::listed("squares s²", squares.to_vec(), move |square| {
            Softened::cycling(*square, factor)
        }))
        .measuring_each(|f: &Softened| {
            let iterates = f.iterates(6);
            Readings::over(1..=6usize, |n| iterates[n].nearest() / iterates[0].nearest())
        })
        .predicting(|_, n| sign(n))
}

fn quartic() -> Hypothesis<Case<f64>> {
    Hypothesis::by_construction("one critical point", "f = x⁴/4 − x² + 2x")
}

fn quartic_cycle() -> Claim<Case<f64>> {
    Claim::identity("quartic_cycles", "x_n = 0, 1, 0, 1 … from 0", 1e-15)
        .assuming([quartic()])
        .on(Family::cases("fractions", [0.0], |_| "from 0, in fractions".into()))
        .measuring_each(|start: &Case<f64>| {
            Readings::over(0..=5usize, |n| trapped_after(Fraction::from(**start), n).nearest())
        })
        .predicting(|_, n| n % 2.0)
}

fn attracted() -> Claim<Case<f64>> {
    let starts = [-0.1226, -0.122, -0.06, 0.07, 0.132, 0.1333];
    Claim::identity("trap_attracts", "x_200 = 0 from between −0.1226 and 0.1333", 1e-10)
        .assuming([quartic()])
        .on(Family::cases("starts", starts, |x| format!("from {x}")))
        .measuring_each(|x: &Case<f64>| Readings::at(200, trapped_after(**x, 200)))
        .predicting(|_, _| 0.0)
}

fn trap(name: &str, formula: &str, share: f64) -> Claim<Case<()>> {
    Claim::identity(name, formula, 1e-4)
        .assuming([Hypothesis::by_construction("one critical point", "f = x⁴/4 − x² + 2x")])
        .on(Family::cases("edges", [()], |()| "left, right, and where the right one leads".into()))
        .measuring_each(|_: &Case<()>| {
            let (left, right) = ends();
            let all = [left, right, trapped_after(right, 1)];
            Readings::over(1..=3usize, |i| all[i - 1])
        })
        .predicting(move |_, i| share * [-0.12263, 0.13335, 1.02497][i as usize - 1])
}

/// Of a grid, whose mesh leaves less than a hundredth open.
fn caught(name: &str) -> Claim<Case<u32>> {
    Claim::identity(name, "a share of 0.206 of [−3, 3] ends in the cycle", 1e-2)
        .assuming([Hypothesis::by_construction("one critical point", "f = x⁴/4 − x² + 2x")])
        .on(Family::cases("grids", [20_000, 30_011], |n| format!("{n} starts")))
        .measuring_each(|n: &Case<u32>| Readings::at(**n, share(**n)))
        .predicting(|_, _| 0.206)
}

fn least_share(name: &str, formula: &str, factor: f64) -> Claim<Profile> {
    Claim::lower_bound(name, formula)
        .assuming([curvature_between()])
        .measuring_each(|f: &Profile| Readings::at(1, f.first_share()))
        .predicting(move |f, _| {
            let (c, b) = f.backtracking;
            (factor * 2.0 * b * (1.0 - c) / f.condition()).min(1.0)
        })
}

fn damped_arrives() -> Claim<Profile> {
    Claim::identity("backtracking_converges", "x_400 = 0", 1e-10)
        .assuming([curvature_between()])
        .measuring_each(|f: &Profile| Readings::at(ARRIVED, f.damped_after(ARRIVED) / f.start))
        .predicting(|_, _| 0.0)
}

/// To ten digits: then f is flat in double precision.
fn damped_leaves_the_trap() -> Claim<Case<f64>> {
    let starts = [-1e3, -3.0, -0.1, 0.0, 0.1, 1.0, 2.0, 1e3];
    Claim::identity("backtracking_leaves_the_trap", "x_60 = −1.76929…", 1e-7)
        .assuming([quartic()])
        .on(Family::cases("starts", starts, |x| format!("from {x}")))
        .measuring_each(|x: &Case<f64>| Readings::at(60, freed_after(**x, 60)))
        .predicting(|_, _| MINIMISER)
}

type Counts = (f64, usize, usize);

/// At 1 the steps, at 2 the halvings.
fn predicted_counts(case: &Case<Counts>, what: f64) -> f64 {
    if what == 1.0 { case.1 as f64 } else { case.2 as f64 }
}

fn counts(name: &str) -> Claim<Case<Counts>> {
    Claim::identity(name, "5, 4, 5, 6, 14, 23 steps and 0, 1, 2, 11, 82, 433 halvings", 1e-12)
        .assuming([Hypothesis::by_construction("c = 10⁻⁴, b = 1/2", "on √(1 + x²), to 10⁻¹⁰")])
        .on(Family::cases("starts", STARTS, |(x, ..)| format!("from {x}")))
        .measuring_each(|case: &Case<Counts>| match Softened::new(0.0, case.0).damped() {
            Some((steps, halvings)) => Readings::over(1..=2, |what: i32| {
                Reading::new(if what == 1 { steps } else { halvings } as f64, 0.0)
            }),
            None => Readings::at(1, Reading::DIVERGED),
        })
        .predicting(predicted_counts)
}

/// How many steps backtracking takes to ten digits, from anywhere.
fn six_steps() -> Claim<Softened> {
    Claim::bound("digits_double_from_everywhere", "|x_6| ≤ 10⁻¹⁰ from every start")
        .on(Family::drawn("starts", |draw| Softened::new(0.0, draw.log_uniform(0.1, 1e6)))
            .hunted(200))
        .measuring_each(|f: &Softened| {
            let steps = f.damped().map_or(f64::NAN, |(steps, _)| steps as f64);
            Readings::at(1, Reading::new(steps, 0.0))
        })
        .predicting(|_, _| 6.0)
}

fn shares_of_decrease(name: &str, shares: &[f64]) -> Family<Case<f64>> {
    Family::cases(name, shares.to_vec(), |c| format!("c = {c}"))
}

/// eˣ − x from −3 and b = 1/2: the last ratio that has digits, or the one after forty steps.
fn ends_quadratically(name: &str) -> Claim<Case<f64>> {
    Claim::identity(name, "|x_{n+1}|/x_n² → |f‴(0)|/(2 f″(0)) = 1/2", 1e-9)
        .assuming([Hypothesis::new("c < 1/2", |c: &Case<f64>, _| {
            Check::that(**c < 0.5, format!("c = {}", **c))
        })])
        .measuring_each(|c: &Case<f64>| {
            let f = OneVariable::new(
                |x: &Long| x.clone().exp_m1() - x.clone(),
                |x| x.clone().exp_m1(),
                |x| x.clone().exp(),
            );
            let (mut damped, mut x) =
                (DampedNewton::new(**c, 0.5), DVector::from_element(1, Long::from(-3.0)));
            let mut ratio = f64::NAN;
            for _ in 0..40 {
                let before = x[0].ln_of_size();
                // f itself has lost its digits below this, half as many.
                if before < -300.0 {
                    break;
                }
                damped.step(&f, &mut x);
                ratio = exp(x[0].ln_of_size() - 2.0 * before);
            }
            Readings::at(1, ratio)
        })
        .predicting(|_, _| 0.5)
}

fn cobwebs(_: &mut Draw, _: Effort) -> Content {
    let starts = [(0.9, 6), (1.0, 4), (1.1, 1)];
    let from = |(x, steps)| cobweb(&format!("from {x}"), &Softened::new(0.0, x), steps);
    Content::Lines { lines: starts.map(from).into_iter().chain(map_and_diagonal()).collect() }
}

fn distances(_: &mut Draw, _: Effort) -> Content {
    let lines = STARTS.map(|(start, steps, _)| {
        let softened = Softened::new(0.0, start);
        let (f, mut damped) = (softened.function(), DampedNewton::new(1e-4, 0.5));
        let mut x = DVector::from_element(1, softened.start.clone());
        let mut points = vec![(0.0, start)];
        for n in 1..=steps {
            damped.step(&f, &mut x);
            points.push((n as f64, x[0].clone().abs().nearest()));
        }
        Line::measured(&format!("from {start}"), points)
    });
    Content::Lines { lines: lines.into() }
}
