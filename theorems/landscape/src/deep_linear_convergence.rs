#![doc = include_str!("deep_linear_convergence.md")]

use theoria_elementary::{exp, powf};
use theoria_instances::families::gaussian_matrix;
use theoria_instances::flow;
use theoria_instances::sequences::{evenly, geometric};
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Modes};
use theoria_models::numerics::{maximum, written};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Check, Claim, Constant, Draw, Family, Figure, Hypothesis, Instance, Reading, Readings, Theorem,
};

const TIMES: usize = 20;
/// What the integrator leaves undecided of a map, relative to its size.
const ACCURACY: f64 = 1e-11;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let attained = decay("linear_convergence").attained_on(nearly_there());
    let faster = attained
        .restated("two_per_cent_faster", "loss(t) ≤ loss(0) exp(−2.04 N c^(2(N−1)/N) t)")
        .predicting(|a, t| a.loss_at_start() * exp(-1.02 * a.rate() * t));
    let larger_power = decay("a_power_of_the_margin_five_per_cent_larger")
        .restated(
            "a_power_of_the_margin_five_per_cent_larger",
            "c > 1: loss(t) ≤ loss(0) exp(−2N c^(2.1 (N−1)/N) t)",
        )
        .on(far_from_zero())
        .predicting(|a, t| {
            let n = a.start.depth() as f64;
            let rate = a.rate() * powf(a.margin, 0.1 * (n - 1.0) / n);
            a.loss_at_start() * exp(-rate * t)
        });
    let above =
        invertible("singular_values_stay_above_the_margin").attained_on(weakest_mode_short());
    let higher = above
        .restated("singular_values_stay_higher", "σ_min(W(t)) ≥ 1.02 c")
        .predicting(|a, _| 1.02 * a.margin);
    Theorem::new("landscape/deep_linear_convergence", include_str!("deep_linear_convergence.md"))
        .uses(
            "landscape/balancedness",
            "a balanced start stays balanced, so that all factors share their singular values",
        )
        .uses(
            "convergence/gradient_flow",
            "under the Polyak–Łojasiewicz inequality the loss falls exponentially along the flow",
        )
        .claim(attained.on(with_margin()).on(far_from_zero()).tight_to(0.99))
        .claim(above.on(with_margin()).on(nearly_there()).tight_to(0.99))
        .claim(
            first_decay("linear_convergence_at_first", 1.0).on(small().hunted(300)).tight_to(0.95),
        )
        .claim(
            first_margin("singular_values_stay_above_the_margin_at_first", 1.0)
                .on(small().hunted(300))
                .tight_to(0.95),
        )
        .control(faster)
        .control(larger_power)
        .control(higher)
        .control(decay("through_a_singular_map").on(mirrored()).violating(DEFICIENCY_MARGIN))
        .control(decay("from_the_saddle_at_zero").on(at_zero()).violating(DEFICIENCY_MARGIN))
        .control(decay("from_an_unbalanced_start").on(unbalanced()).violating(BALANCED))
        .control(first_decay("five_per_cent_below_the_line", 0.95).on(small().hunted(300)))
        .control(first_margin("five_per_cent_above_the_margin", 1.05).on(small().hunted(300)))
        .control(
            first_decay("linear_convergence_without_the_margin", 1.0)
                .on(across_zero().hunted(300))
                .violating(DEFICIENCY_MARGIN),
        )
        .control(
            first_decay("linear_convergence_without_balance", 1.0)
                .on(small_and_unbalanced().hunted(300))
                .violating(BALANCED),
        )
        .figure(
            Figure::semilog("loss", "time t", "loss")
                .of("linear_convergence")
                .of("through_a_singular_map")
                .of("from_an_unbalanced_start")
                .caption(
                    "With a margin the loss stays below its straight line; from the wrong side of \
                 the singular maps it never comes down, and an unbalanced start is slower \
                 than the line.",
                ),
        )
        .figure(
            Figure::linear("tightness", "time t", "loss / bound")
                .of("linear_convergence")
                .as_ratio()
                .caption(
                    "The bound is attained in the limit of a start at the target; elsewhere the \
                 loss falls faster.",
                ),
        )
}

/// A start, a target, and the margin c that is claimed.
struct Approach {
    target: Matrix,
    start: DeepLinear,
    margin: f64,
}

impl Instance for Approach {
    fn description(&self) -> String {
        let (depth, n) = (self.start.depth(), self.target.nrows());
        if n > 2 {
            return format!("{depth} layers in dimension {n}");
        }
        let factors = self.start.factors().iter().rev().map(rows).collect::<Vec<_>>().join(" ");
        format!("{depth} layers, Φ = {}, W(0) = {factors}", rows(&self.target))
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("c", self.margin)]
    }
}

impl Approach {
    fn distance_at_start(&self) -> f64 {
        (self.start.end_to_end() - &self.target).norm()
    }

    fn loss_at_start(&self) -> f64 {
        self.distance_at_start().powi(2) / 2.0
    }

    /// 2 N c^(2(N-1)/N).
    fn rate(&self) -> f64 {
        let n = self.start.depth() as f64;
        2.0 * n * powf(self.margin, 2.0 * (n - 1.0) / n)
    }

    /// When the bound has fallen by exp(-10).
    fn end(&self) -> f64 {
        10.0 / self.rate()
    }

    /// What is seen of W(t) along gradient flow at these times.
    fn read(&self, times: Vec<f64>, seen: impl Fn(&Matrix) -> Reading) -> Readings {
        let loss = DeepLinearLoss::new(&self.start.widths(), self.target.clone());
        let points = flow(&loss as &dyn Objective, &self.start.flatten(), &times);
        let maps = points.iter().map(|x: &Vector| loss.network(x).end_to_end());
        times.into_iter().zip(maps).map(|(t, map)| (t, seen(&map))).collect()
    }
}

/// A matrix, row by row; a number where it is one.
fn rows(matrix: &Matrix) -> String {
    let row = |i: usize| matrix.row(i).iter().map(|x| written(*x)).collect::<Vec<_>>().join(", ");
    let all: Vec<String> = (0..matrix.nrows()).map(row).collect();
    format!("({})", all.join("; "))
}

fn smallest(map: &Matrix) -> f64 {
    map.singular_values().min()
}

/// The start is anywhere in the ball about the target whose radius leaves a margin between a fifth and nine tenths.
fn with_margin() -> Family<Approach> {
    Family::drawn("a start with a margin", |draw| {
        let n = draw.size(1..=4);
        let depth = draw.size(2..=4).max(2);
        let strengths: Vec<f64> = (0..n).map(|_| draw.uniform(0.5, 2.0)).collect();
        let target = Modes::draw(&strengths, draw.generator()).map();
        let margin = smallest(&target) * draw.uniform(0.2, 0.9);
        let away = gaussian_matrix(n, n, draw).normalize() * (smallest(&target) - margin);
        Approach {
            start: DeepLinear::balanced_rotated(&(&target + away), depth, draw.generator()),
            target,
            margin,
        }
    })
}

/// A diagonal target in one or two dimensions, and a map at a distance from it that leaves the margin.
fn small_start(draw: &mut Draw) -> (Matrix, Matrix, f64) {
    let n = draw.size(1..=2);
    let target = Matrix::from_diagonal(&Vector::from_fn(n, |_, _| draw.log_uniform(0.5, 2.0)));
    let away = Matrix::from_fn(n, n, |_, _| draw.including_ends(-1.0, 1.0));
    let away =
        away.try_normalize(1e-9).unwrap_or_else(|| Matrix::identity(n, n) / (n as f64).sqrt());
    let strength = smallest(&target);
    let margin = strength * (1.0 - draw.log_uniform(1e-4, 0.9));
    (&target - away * (strength - margin), target, margin)
}

/// Balanced factors of such a map.
fn small() -> Family<Approach> {
    Family::drawn("one or two dimensions", |draw| {
        let (map, target, margin) = small_start(draw);
        let depth = draw.size(1..=4);
        Approach { start: DeepLinear::balanced(&map, depth), target, margin }
    })
}

/// Two factors of it that need not be balanced.
fn small_and_unbalanced() -> Family<Approach> {
    Family::drawn("two factors of any sizes", |draw| {
        let (map, target, margin) = small_start(draw);
        let n = target.nrows();
        let below = Vector::from_fn(n, |_, _| draw.log_uniform(0.2, 5.0));
        let above = map * Matrix::from_diagonal(&below.map(f64::recip));
        let start = DeepLinear::new(vec![Matrix::from_diagonal(&below), above]);
        Approach { start, target, margin }
    })
}

/// Balanced factors of any map in one or two dimensions, with a margin that is said to be some part of the least singular value of
/// the target.
fn across_zero() -> Family<Approach> {
    Family::drawn("any balanced start", |draw| {
        let (_, target, _) = small_start(draw);
        let n = target.nrows();
        let map = Matrix::from_fn(n, n, |_, _| draw.uniform(-1.0, 1.0));
        let depth = draw.size(2..=4);
        let margin = smallest(&target) * draw.uniform(0.1, 0.9);
        Approach { start: DeepLinear::balanced(&map, depth), target, margin }
    })
}

/// Φ = s I and W(0) = (s - δ) I with a small δ.
fn nearly_there() -> Family<Approach> {
    Family::drawn("just short of a multiple of the identity", |draw| {
        let (depth, s) = (draw.size(1..=4), draw.uniform(0.5, 2.0));
        just_short(s, depth, draw)
    })
}

/// The same with several layers and s > 3/2.
fn far_from_zero() -> Family<Approach> {
    Family::drawn("just short of a large multiple of the identity", |draw| {
        let (depth, s) = (draw.size(2..=4).max(2), draw.uniform(1.5, 2.5));
        just_short(s, depth, draw)
    })
}

fn just_short(s: f64, depth: usize, draw: &mut Draw) -> Approach {
    let n = draw.size(1..=4);
    let short = 1e-5 * s;
    let map = Matrix::identity(n, n) * (s - short);
    Approach {
        start: DeepLinear::balanced_rotated(&map, depth, draw.generator()),
        target: Matrix::identity(n, n) * s,
        margin: s - short * (n as f64).sqrt(),
    }
}

/// Only the weakest mode is short of the target, by as much as the margin allows.
fn weakest_mode_short() -> Family<Approach> {
    Family::drawn("the weakest mode is short", |draw| {
        let (n, depth) = (draw.size(1..=4), draw.size(2..=4).max(2));
        let mut strengths: Vec<f64> = (0..n).map(|_| draw.uniform(1.0, 2.0)).collect();
        strengths[0] = draw.uniform(0.5, 1.0);
        let modes = Modes::draw(&strengths, draw.generator());
        let margin = strengths[0] * draw.uniform(0.5, 0.9);
        strengths[0] = margin;
        Approach {
            start: DeepLinear::balanced_rotated(&modes.with(&strengths), depth, draw.generator()),
            target: modes.map(),
            margin,
        }
    })
}

/// The determinants of start and target differ in sign.
fn mirrored() -> Family<Approach> {
    Family::drawn("the determinant has the wrong sign", |draw| {
        let n = draw.size(1..=4);
        let depth = draw.size(2..=4).max(2);
        let strengths: Vec<f64> = (0..n).map(|_| draw.uniform(0.5, 2.0)).collect();
        let modes = Modes::draw(&strengths, draw.generator());
        let mut mirrored = strengths;
        mirrored[0] *= -1.0;
        let target = modes.map();
        Approach {
            start: DeepLinear::balanced_rotated(&modes.with(&mirrored), depth, draw.generator()),
            margin: smallest(&target) / 2.0,
            target,
        }
    })
}

fn at_zero() -> Family<Approach> {
    Family::drawn("all factors zero", |draw| {
        let n = draw.size(1..=4);
        let depth = draw.size(2..=4).max(2);
        let target = Modes::draw(&vec![1.0; n], draw.generator()).map();
        Approach { start: DeepLinear::new(vec![Matrix::zeros(n, n); depth]), target, margin: 0.5 }
    })
}

/// W₂ W₁ = I with W₁ = W₂⁻¹ = diag(α, 1/α), and the target off in an entry that only the small entries reach.
fn unbalanced() -> Family<Approach> {
    Family::listed("unbalanced factors", [3.0, 5.0, 8.0], |&alpha: &f64| {
        let below = Matrix::from_row_slice(2, 2, &[alpha, 0.0, 0.0, 1.0 / alpha]);
        let above = Matrix::from_row_slice(2, 2, &[1.0 / alpha, 0.0, 0.0, alpha]);
        let target = Matrix::from_row_slice(2, 2, &[1.0, 0.2, 0.0, 1.0]);
        Approach {
            start: DeepLinear::new(vec![below, above]),
            margin: smallest(&target) - 0.2,
            target,
        }
    })
}

/// The names of two hypotheses.
const BALANCED: &str = "balanced";
const DEFICIENCY_MARGIN: &str = "deficiency margin";

fn hypotheses() -> [Hypothesis<Approach>; 3] {
    [
        Hypothesis::new("square factors", |a: &Approach, _| {
            let widths = a.start.widths();
            let equal = widths.iter().all(|width| *width == widths[0]);
            Check::that(equal, format!("widths {widths:?}"))
        }),
        Hypothesis::new(BALANCED, |a: &Approach, _| {
            let imbalance = a.start.imbalances().iter().map(Matrix::amax).fold(0.0, maximum);
            Check::at_most(imbalance, 1e-12, "largest imbalance")
        }),
        Hypothesis::new(DEFICIENCY_MARGIN, |a: &Approach, _| {
            let allowed = smallest(&a.target) - a.margin;
            let rounding = 1e-14 * a.target.norm();
            Check::at_most(a.distance_at_start(), allowed + rounding, "|W(0) − Φ|, σ_min(Φ) − c")
        }),
    ]
}

fn decay(name: &str) -> Claim<Approach> {
    Claim::bound(name, "loss(t) ≤ loss(0) exp(−2N c^(2(N−1)/N) t)")
        .assuming(hypotheses())
        .measuring_each(|a: &Approach| {
            let off = ACCURACY * a.target.norm();
            a.read(evenly(a.end() / TIMES as f64, a.end(), TIMES), |map| {
                let distance = (map - &a.target).norm();
                Reading::new(distance.powi(2) / 2.0, off * (distance + off))
            })
        })
        .predicting(|a, t| a.loss_at_start() * exp(-a.rate() * t))
}

/// How often, and how far, a searched run is looked at: until the bound has fallen by exp(-2).
const LOOKS: usize = 4;
const SHARE: f64 = 0.2;

/// `share` is 1 in the theorem.
fn first_decay(name: &str, share: f64) -> Claim<Approach> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::bound(name, &format!("loss(t) ≤ {times}loss(0) exp(−2N c^(2(N−1)/N) t)"))
        .assuming(hypotheses())
        .measuring_each(|a: &Approach| {
            let (off, end) = (ACCURACY * a.target.norm(), SHARE * a.end());
            a.read(evenly(end / LOOKS as f64, end, LOOKS), |map| {
                let distance = (map - &a.target).norm();
                Reading::new(distance.powi(2) / 2.0, off * (distance + off))
            })
        })
        .predicting(move |a, t| share * a.loss_at_start() * exp(-a.rate() * t))
}

/// `share` is 1 in the theorem.
fn first_margin(name: &str, share: f64) -> Claim<Approach> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::lower_bound(name, &format!("σ_min(W(t)) ≥ {times}c"))
        .assuming(hypotheses())
        .measuring_each(|a: &Approach| {
            let times = geometric(1e-3 * a.end(), SHARE * a.end(), LOOKS);
            a.read(times, |map| Reading::new(smallest(map), ACCURACY * a.target.norm()))
        })
        .predicting(move |a, _| share * a.margin)
}

fn invertible(name: &str) -> Claim<Approach> {
    Claim::lower_bound(name, "σ_min(W(t)) ≥ c")
        .assuming(hypotheses())
        .measuring_each(|a: &Approach| {
            // From early on, when it has hardly grown.
            let times = geometric(1e-4 * a.end(), a.end(), TIMES);
            a.read(times, |map| Reading::new(smallest(map), ACCURACY * a.target.norm()))
        })
        .predicting(|a, _| a.margin)
}
