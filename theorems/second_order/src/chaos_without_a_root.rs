#![doc = include_str!("chaos_without_a_root.md")]

use std::f64::consts::{LN_2, PI};

use statrs::distribution::{ContinuousCDF, Normal};
use theoria_elementary::{atan, powf};
use theoria_models::numerics::Fraction;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Readings,
    Theorem, TrialClaim,
};

use crate::support::rootless::{Cycle, Digits, Rational, Starts, orbit, stretch};

/// Steps in fractions, whose digits double in each; ...
const EXACT: u32 = 7;
/// ... of a long orbit, of which log(a + x²) is forgotten but for a fiftieth unless |x| > 10¹²; ...
const LONG: usize = 4000;
/// ... and until a law is forgotten: an interval of starts is wound around the circle hundreds of times.
const FORGOTTEN: usize = 14;
/// The band of Dvoretzky, Kiefer, Wolfowitz and Massart for so many trials is 0.0068, the distribution function is counted in cells of
/// 0.0025, and chance moves it by 0.003; a scale that is a quarter larger is 0.035 away.
const DISTANCE: f64 = 0.015;
const TRIALS: usize = 262_144;
/// A unit in the last place of doubles near 1.
const LAST_PLACE: f64 = f64::EPSILON;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let powers = powers("powers");
    let other_powers = powers
        .restated("larger_powers", "x_n = 1.02 √a Re(x₀ + i√a)^(2ⁿ)/Im(x₀ + i√a)^(2ⁿ)")
        .predicting(|at, n| 1.02 * at.by_powers(&at.start(), n as u32).nearest());
    let product = product("product_of_derivatives");
    let larger = product
        .restated(
            "product_of_derivatives_is_larger",
            "N′(x₀) ⋯ N′(x_{n−1}) = 2.04ⁿ (a + x_n²)/(a + x₀²)",
        )
        .predicting(|at, n| powf(1.02, n) * stretched(at, n));
    let difference = difference("difference_of_orbits");
    let other_difference = difference
        .restated("difference_of_orbits_is_larger", "d_n = 1.02 Nⁿ(d₀)")
        .predicting(|at, n| 1.02 * at.by_powers(&apart(at, &at.start()), n as u32).nearest());
    let errors = errors("errors_double");
    let faster = errors
        .restated("errors_more_than_double", "√a/d_n = 2.04ⁿ √a/d₀")
        .predicting(|_, n| powf(1.02, n));
    let exponent = exponent("lyapunov_exponent").on(chaotic());
    let smaller = exponent
        .restated("lyapunov_exponent_is_smaller", "(1/n) Σ log N′(x_k) → 0.95 log 2")
        .predicting(|_, _| 0.95 * LN_2);
    let cycles = cycles("cycles");
    let no_cycles = cycles
        .restated("cycles_drift", "x_m = 1.02 x₀ from √a cot(kπ/(2^m − 1))")
        .predicting(|_, _| 1.02);
    let repel = repel("cycles_repel");
    let repel_more = repel
        .restated("cycles_repel_more", "N′(x₀) ⋯ N′(x_{m−1}) = 2.04^m on a cycle")
        .predicting(|cycle, _| 2.04f64.powi(cycle.length as i32));
    let law = law("law").on(intervals());
    let wider = law
        .restated("law_is_wider", "P(x_n ≤ x) → 1/2 + arctan(x/(1.25 √a))/π")
        .distributed_as(|at, _, x| cauchy(x / (1.25 * at.scale())));
    let gaussian = law
        .restated("law_is_gaussian", "P(x_n ≤ x) → Φ(x/√a)")
        .distributed_as(|at, _, x| Normal::standard().cdf(x / at.scale()));
    let diverges = law
        .restated("diverges", "|x_n| → ∞: P(x_n ≤ x) → 1/2 for every x")
        .distributed_as(|_, _, _| 0.5);
    let kept = "ρ(x₊)/N′(x₊) + ρ(x₋)/N′(x₋) = ρ(y) for √a/(π(a + x²))";
    let wider_kept = "ρ(x₊)/N′(x₊) + ρ(x₋)/N′(x₋) = ρ(y) for 1.02 √a/(π(1.02² a + x²))";
    Theorem::new("second_order/chaos_without_a_root", include_str!("chaos_without_a_root.md"))
        .uses(
            "second_order/newton_quadratic",
            "the closed form of the iterates where there are roots",
        )
        .claim(powers)
        .claim(product)
        .claim(difference)
        .claim(errors)
        .claim(exponent)
        .claim(cycles)
        .claim(repel)
        .claim(density("law_is_kept", kept, |a, x| lorentzian(a.sqrt(), x)))
        .claim(law)
        .control(other_powers)
        .control(larger)
        .control(other_difference)
        .control(faster)
        .control(smaller)
        .control(
            self::exponent("lyapunov_exponent_with_a_root")
                .on(numbers("a < 0", &[(-1.0, 2.0), (-2.0, 0.3)]))
                .violating("a > 0"),
        )
        .control(no_cycles)
        .control(repel_more)
        .control(density("wider_law_is_kept", wider_kept, |a, x| lorentzian(1.02 * a.sqrt(), x)))
        .control(wider)
        .control(gaussian)
        .control(diverges)
        .control(
            self::law("law_of_a_cycle")
                .on(Family::listed("starts on cycles", [1.0, 2.0], |&a: &f64| Starts {
                    a,
                    centre: (a / 3.0).sqrt(),
                    half_width: 0.0,
                }))
                .violating("x₀ has a density"),
        )
        .control(
            self::law("law_with_a_root")
                .on(Family::listed("a < 0", [-1.0, -2.0], |&a| Starts {
                    a,
                    centre: 0.5,
                    half_width: 2.0,
                }))
                .violating("a > 0"),
        )
        .figure(
            Figure::linear("law", "x_14", "density")
                .caption(
                    "Newton's method on x³/3 + x after 14 steps, from starts between 0.9 and 1.1: bars are 50 000 runs, the line is Cauchy's density. Nothing is left of the interval.",
                )
                .showing(histogram),
        )
        .figure(
            Figure::semilog("doubles", "step n", "angle between the orbits")
                .caption(
                    "Doubles against 1200 digits from x₀ = 1/2: the error doubles in every step until, after some 52 steps, nothing is left of the orbit.",
                )
                .showing(lost),
        )
}

/// Of either sign: what is algebra needs no positive a.
fn rationals() -> Family<Rational> {
    let all = [
        ((1, 1), (1, 2)),
        ((1, 1), (7, 3)),
        ((2, 3), (-3, 5)),
        ((5, 1), (1, 9)),
        ((-1, 1), (3, 1)),
        ((-2, 1), (1, 1)),
    ];
    Family::listed("fractions", all, |&(a, start)| Rational { a, start })
}

fn goes_on() -> Hypothesis<Rational> {
    Hypothesis::new("x_k ≠ 0", |at: &Rational, _| {
        let zeros = at.orbit(EXACT as usize).iter().filter(|x| **x == Fraction::from(0)).count();
        Check::at_most(zeros as f64, 0.0, "iterates at 0, none")
    })
}

fn powers(name: &str) -> Claim<Rational> {
    Claim::identity(name, "x_n = √a Re(x₀ + i√a)^(2ⁿ)/Im(x₀ + i√a)^(2ⁿ)", 1e-15)
        .assuming([goes_on()])
        .on(rationals())
        .measuring_each(|at: &Rational| {
            let orbit = at.orbit(EXACT as usize);
            Readings::over(1..=EXACT as usize, |n| orbit[n].nearest())
        })
        .predicting(|at, n| at.by_powers(&at.start(), n as u32).nearest())
}

/// 2ⁿ (a + x_n²)/(a + x_0²), with x_n by powers.
fn stretched(at: &Rational, n: f64) -> f64 {
    let (a, start) = (at.a(), at.start());
    let x = at.by_powers(&start, n as u32);
    let ratio = (a.clone() + x.clone() * x) / (a + start.clone() * start);
    powf(2.0, n) * ratio.nearest()
}

fn product(name: &str) -> Claim<Rational> {
    Claim::identity(name, "N′(x₀) ⋯ N′(x_{n−1}) = 2ⁿ (a + x_n²)/(a + x₀²)", 1e-14)
        .assuming([goes_on()])
        .on(rationals())
        .measuring_each(|at: &Rational| {
            let (a, mut product) = (at.a(), Fraction::from(1));
            let orbit = at.orbit(EXACT as usize);
            Readings::over(1..=EXACT as usize, |n| {
                product = product.clone() * stretch(&a, &orbit[n - 1]);
                product.nearest()
            })
        })
        .predicting(stretched)
}

/// (a + x y)/(y − x) with y = x + 1/3.
fn apart(at: &Rational, x: &Fraction) -> Fraction {
    let third = Fraction::ratio(1, 3);
    (at.a() + x.clone() * (x.clone() + third.clone())) / third
}

fn difference(name: &str) -> Claim<Rational> {
    Claim::identity(name, "d_n = Nⁿ(d₀), d = (a + x y)/(y − x)", 1e-15)
        .assuming([goes_on()])
        .on(rationals())
        .measuring_each(|at: &Rational| {
            let steps = EXACT as usize - 1;
            let other = at.start() + Fraction::ratio(1, 3);
            let (x, y) = (at.orbit(steps), orbit(at.a(), other, steps));
            Readings::over(1..=steps, |n| {
                let (x, y) = (x[n].clone(), y[n].clone());
                ((at.a() + x.clone() * y.clone()) / (y - x)).nearest()
            })
        })
        .predicting(|at, n| at.by_powers(&apart(at, &at.start()), n as u32).nearest())
}

type Start = (f64, f64);

fn numbers(name: &str, all: &[Start]) -> Family<Case<Start>> {
    Family::cases(name, all.to_vec(), |(a, x)| format!("a = {a} from {x}"))
}

fn chaotic() -> Family<Case<Start>> {
    Family::drawn("a and starts", |draw| {
        let (a, x) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(0.1, 10.0));
        Case::new(format!("a = {a} from {x}"), (a, x))
    })
    .with_draws(6)
}

fn positive() -> Hypothesis<Case<Start>> {
    Hypothesis::new("a > 0", |at: &Case<Start>, _| Check::that(at.0 > 0.0, format!("a = {}", at.0)))
}

/// The tangent of the angle between the orbits from x_0 and from a last place beside it.
fn errors(name: &str) -> Claim<Case<Start>> {
    Claim::identity(name, "√a/d_n = 2ⁿ √a/d₀ up to n = 40, y₀ = x₀ + 2⁻⁵²", 1e-6)
        .assuming([positive()])
        .on(chaotic())
        .measuring_each(|at: &Case<Start>| {
            let [a, x, place] = [at.0, at.1, LAST_PLACE].map(Digits::from);
            let (one, other) = (orbit(a.clone(), x.clone(), 40), orbit(a.clone(), x + place, 40));
            let inverse = |n: usize| {
                let (x, y) = (one[n].clone(), other[n].clone());
                (y.clone() - x.clone()) / (a.clone() + x * y)
            };
            let first = inverse(0);
            Readings::over(1..=40usize, |n| {
                (inverse(n) / first.clone()).nearest() / 2f64.powi(n as i32)
            })
        })
        .predicting(|_, _| 1.0)
}

fn exponent(name: &str) -> Claim<Case<Start>> {
    Claim::identity(name, "(1/n) Σ log N′(x_k) → log 2", 0.02)
        .assuming([positive()])
        .measuring_each(|at: &Case<Start>| {
            let [a, x] = [at.0, at.1].map(Digits::from);
            let all = orbit(a.clone(), x, LONG);
            let sum: f64 = all[..LONG].iter().map(|x| stretch(&a, x).ln_of_size()).sum();
            Readings::at(LONG, sum / LONG as f64)
        })
        .predicting(|_, _| LN_2)
}

fn all_cycles() -> Family<Case<Cycle>> {
    let all = [(1.0, 2, 1), (3.0, 3, 1), (0.2, 3, 3), (1.0, 4, 7), (2.0, 5, 3), (1.0, 6, 5)];
    let cycles = all.map(|(a, length, number)| Cycle { a, length, number });
    Family::cases("cycles", cycles, |Cycle { a, length, number }| {
        format!("a = {a}, m = {length}, k = {number}")
    })
}

fn on_a_cycle() -> Hypothesis<Case<Cycle>> {
    Hypothesis::by_construction("on a cycle", "x₀ = √a cot(kπ/(2^m − 1)), a > 0")
}

/// Rounding grows by 2^m at most.
fn cycles(name: &str) -> Claim<Case<Cycle>> {
    Claim::identity(name, "x_m = x₀ from √a cot(kπ/(2^m − 1))", 1e-12)
        .assuming([on_a_cycle()])
        .on(all_cycles())
        .measuring_each(|cycle: &Case<Cycle>| {
            let all = cycle.orbit();
            Readings::at(cycle.length, all[all.len() - 1] / all[0])
        })
        .predicting(|_, _| 1.0)
}

fn repel(name: &str) -> Claim<Case<Cycle>> {
    Claim::identity(name, "N′(x₀) ⋯ N′(x_{m−1}) = 2^m on a cycle", 1e-12)
        .assuming([on_a_cycle()])
        .on(all_cycles())
        .measuring_each(|cycle: &Case<Cycle>| {
            let all = cycle.orbit();
            let stretches = all[..all.len() - 1].iter().map(|x| stretch(&cycle.a, x));
            Readings::at(cycle.length, stretches.product::<f64>())
        })
        .predicting(|cycle, _| 2f64.powi(cycle.length as i32))
}

/// Cauchy's density of this scale.
fn lorentzian(scale: f64, x: f64) -> f64 {
    scale / (PI * (scale * scale + x * x))
}

/// What a step makes of a density, over that density: at several places y, from both points that lead there.
fn density(name: &str, formula: &str, rho: fn(f64, f64) -> f64) -> Claim<Case<f64>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("a > 0", "a = 1/2, 1, 7")])
        .on(Family::cases("a", [0.5, 1.0, 7.0], |a| format!("a = {a}")))
        .measuring_each(move |a: &Case<f64>| {
            let a = **a;
            Readings::over(-3..=6, |y: i32| {
                let y = f64::from(y) / 2.0;
                let far = y.abs() + (y * y + a).sqrt();
                // Its product with the other one is −a.
                let both = [far.copysign(y), -a / far.copysign(y)];
                let lead = both.iter().all(|x| (orbit(a, *x, 1)[1] - y).abs() < 1e-12);
                let sum: f64 = both.iter().map(|x| rho(a, *x) / stretch(&a, x)).sum();
                if lead { sum / rho(a, y) } else { f64::NAN }
            })
        })
        .predicting(|_, _| 1.0)
}

/// The distribution function of scale 1.
fn cauchy(x: f64) -> f64 {
    0.5 + atan(x) / PI
}

fn intervals() -> Family<Starts> {
    Family::drawn("intervals of starts", |draw| Starts {
        a: draw.log_uniform(0.2, 5.0),
        centre: draw.uniform(-2.0, 2.0),
        half_width: draw.uniform(0.2, 2.0),
    })
    .with_draws(3)
}

fn law(name: &str) -> TrialClaim<Starts> {
    Claim::law(name, "P(x_n ≤ x) → 1/2 + arctan(x/√a)/π", DISTANCE)
        .assuming([
            Hypothesis::new("a > 0", |at: &Starts, _| {
                Check::that(at.a > 0.0, format!("a = {}", at.a))
            }),
            Hypothesis::new("x₀ has a density", |at: &Starts, _| {
                Check::that(at.half_width > 0.0, format!("half width {}", at.half_width))
            }),
        ])
        .trials(TRIALS)
        .sampling(|at: &Starts, block: &mut Block| at.sample(block, FORGOTTEN))
        .distributed_as(|at, _, x| cauchy(x / at.scale()))
}

fn histogram(draw: &mut Draw, _: Effort) -> Content {
    let (edge, bars, trials) = (6, 48, 50_000);
    let starts = Starts { a: 1.0, centre: 1.0, half_width: 0.1 };
    let sample = starts.sample(&mut Block::drawn(trials, draw), FORGOTTEN);
    let width = f64::from(2 * edge) / f64::from(bars);
    let edges: Vec<f64> = (0..=bars).map(|i| f64::from(-edge) + width * f64::from(i)).collect();
    let count = |low: f64| {
        sample.rows()[0].iter().filter(|x| **x >= low && **x < low + width).count() as f64
    };
    let density = edges[..edges.len() - 1].iter();
    let density = density.map(|low| count(*low) / (trials as f64 * width)).collect();
    let grid = (-60..=60).map(|i| f64::from(i) / 10.0);
    let lines = vec![Line::predicted("1/(π(1 + x²))", grid.map(|x| (x, lorentzian(1.0, x))))];
    Content::Histogram { edges, density, lines }
}

fn lost(_: &mut Draw, _: Effort) -> Content {
    let steps = 75;
    let exact = orbit(Digits::from(1.0), Digits::from(0.5), steps);
    let doubles = orbit(1.0, 0.5, steps);
    let angle = |n: usize| {
        let (x, y) = (exact[n].nearest(), Digits::from(doubles[n]));
        let difference = (y - exact[n].clone()).nearest();
        atan(difference / (1.0 + x * doubles[n])).abs()
    };
    let points = (1..=steps).map(|n| (n as f64, angle(n))).filter(|(_, angle)| *angle > 0.0);
    let doubling = (1..=53).map(|n| (f64::from(n), 2f64.powi(n - 54)));
    let lines = vec![Line::measured("doubles", points), Line::predicted("2ⁿ⁻⁵⁴", doubling)];
    Content::Lines { lines }
}
