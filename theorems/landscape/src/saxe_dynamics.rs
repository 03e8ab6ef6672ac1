#![doc = include_str!("saxe_dynamics.md")]

use std::ops::ControlFlow;

use theoria_algorithms::{DeepLinearDescent, Method, Trajectory, iterate};
use theoria_elementary::{ln, powf};
use theoria_instances::sequences::{evenly, octaves};
use theoria_models::Matrix;
use theoria_models::networks::{DeepLinear, Modes};
use theoria_models::numerics::maximum;
use theoria_verification::judgement::Exponent;
use theoria_verification::{Claim, Content, Draw, Effort, Figure, Line, Reading, Theorem};

use crate::support::learning_stages::{odds_of_the_weaker, stages};
use crate::support::mode_growth::{sigmoid, time_to, time_to_half};
use crate::support::mode_learners::{
    FIRST, Learner, aligned, correlated, depths, from_one_to_four, hypotheses,
};
use crate::support::silent_alignment::silent_alignment;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let depths = separable("every_depth_has_its_equation", None).on(aligned(2..=5));
    let slower_at_every_depth = depths
        .restated("every_depth_a_hundredth_slower", "∫ du / (N u^(2−2/N) (s − u)) = t/1.01")
        .predicting(|_, t| t / 1.01);
    let half_times = half_time("stronger_modes_are_learned_first");
    let later = half_times
        .restated("half_times_two_per_cent_later", "u(t) = s/2 at t = 1.02 log((s − u₀)/u₀) / (2s)")
        .predicting(|l, s| 1.02 * time_to_half(2.0, s, l.at_start));
    let stages = stages("stages_become_sharp");
    let sharper = stages
        .restated(
            "stages_two_per_cent_sharper",
            "u_weak/(s_weak − u_weak) = 0.98 (u₀/(s_weak − u₀)) ((s − u₀)/u₀)^(s_weak/s)",
        )
        .predicting(|modes, inverse| 0.98 * odds_of_the_weaker(modes, inverse, 1.0));
    let steeper = stages
        .restated(
            "stages_with_a_larger_power",
            "u_weak/(s_weak − u_weak) = (u₀/(s_weak − u₀)) ((s − u₀)/u₀)^(1.02 s_weak/s)",
        )
        .predicting(|modes, inverse| odds_of_the_weaker(modes, inverse, 1.02));
    let alignment = silent_alignment("small_random_starts_align");
    let faster_alignment = alignment
        .restated("alignment_of_a_larger_power", "max_t |u₁ᵀ W(t) v₁ − u(t)| ~ ε^2.2")
        .predicting(|_, inverse| powf(inverse, -2.2));
    Theorem::new("landscape/saxe_dynamics", include_str!("saxe_dynamics.md"))
        .uses("landscape/balancedness", "a balanced start stays balanced")
        .uses(
            "convergence/gradient_flow",
            "Euler's method follows the flow at a distance proportional to the step",
        )
        .claim(
            closed_form("exact_learning_curves", "|W(t) − Σ u_i(t) u_i v_iᵀ| / |Φ| = 0", 2.0)
                .on(aligned(2..=2)),
        )
        .claim(depths.on(self::depths()))
        .claim(half_times)
        .claim(stages)
        .claim(euler(
            "gradient_descent_lags_to_first_order",
            "|W_N − W(T) + h Σ d_i u_i v_iᵀ| ~ N^-2, h = T/N",
            1.0,
        ))
        .claim(alignment)
        .control(
            closed_form(
                "independent_modes_without_whitening",
                "|W(t) − Σ u_i(t) u_i v_iᵀ| / |Φ| = 0",
                2.0,
            )
            .on(correlated())
            .violating("whitened"),
        )
        .control(
            closed_form(
                "a_hundredth_slower",
                "|W(t) − Σ u_i(0.99 t) u_i v_iᵀ| / |Φ| = 0",
                1.98,
            )
            .on(aligned(2..=2)),
        )
        .control(slower_at_every_depth)
        .control(
            separable("three_layers_learn_like_two", Some(2))
                .restated("three_layers_learn_like_two", "N = 3: ∫ du / (2 u (s − u)) = t")
                .on(aligned(3..=3)),
        )
        .control(later)
        .control(sharper)
        .control(steeper)
        .control(euler(
            "gradient_descent_lags_by_a_twentieth_more",
            "|W_N − W(T) + 1.05 h Σ d_i u_i v_iᵀ| ~ N^-2, h = T/N",
            1.05,
        ))
        .control(faster_alignment)
        .figure(
            Figure::linear("learning_curves", "time t", "strength of the mode")
                .caption(
                    "Gradient descent learns mode after mode, each along its exact sigmoid.",
                )
                .showing(learning_curves),
        )
        .figure(
            Figure::linear("depth", "time t", "strength of the mode")
                .of("every_depth_has_its_equation")
                .along("number of layers N", "depths along the slider", FIRST)
                .caption(
                    "Two modes learned by networks of two to thirteen layers from the same small map: the rise comes \
                     later up to three or four layers, and earlier again in deeper ones, and it is always sharper.",
                ),
        )
        .figure(
            Figure::linear("half_time", "strength s", "time until s/2 is learned")
                .of("stronger_modes_are_learned_first")
                .caption("The time to learn half of a mode falls like log(s/u₀)/(2s)."),
        )
        .figure(
            Figure::log_log("stages", "1/u₀", "odds u/(s − u) of the weaker mode")
                .of("stages_become_sharp")
                .caption(
                    "The smaller the start, the less weak mode when the strong one is half learned.",
                ),
        )
        .figure(
            Figure::log_log("alignment", "1/ε", "largest deviation from the sigmoid")
                .of("small_random_starts_align")
                .caption(
                    "The smaller a random start, the better the mode follows its sigmoid.",
                ),
        )
}

fn closed_form(name: &str, formula: &str, speed: f64) -> Claim<Learner> {
    Claim::identity(name, formula, 1e-8)
        .assuming(hypotheses())
        .measuring_each(move |l: &Learner| {
            let times = l.times();
            let maps = times.iter().zip(l.maps(&times));
            maps.map(|(&t, map)| {
                let apart = (map - l.along_sigmoids(speed, t)).norm() / l.modes.map().norm();
                (t, Reading::new(apart, 0.0))
            })
            .collect()
        })
        .predicting(|_, _| 0.0)
}

/// The time that the equation needs for what the flow has learned, against the time that it took: for the mode
/// that agrees least, among those that still move.
fn separable(name: &str, depth: Option<usize>) -> Claim<Learner> {
    Claim::identity(name, "∫ du / (N u^(2−2/N) (s − u)) = t", 1e-6)
        .assuming(hypotheses())
        .measuring_each(move |l: &Learner| {
            let times = l.times();
            let depth = depth.unwrap_or(l.start.depth());
            let needed = |(&t, map): (&f64, Matrix)| {
                let each = l.modes.strengths().iter().enumerate();
                each.map(|(k, &s)| (l.modes.strength_in(&map, k), s))
                    .filter(|(u, s)| *u < 0.9 * s)
                    .map(|(u, s)| time_to(u, s, l.at_start, depth))
                    .max_by(|a, b| (a - t).abs().total_cmp(&(b - t).abs()))
                    .map(|time| (t, time))
            };
            times.iter().zip(l.maps(&times)).filter_map(needed).collect()
        })
        .predicting(|_, t| t)
}

/// Of modes that are learned by gradient descent.
fn half_time(name: &str) -> Claim<Learner> {
    Claim::identity(name, "u(t) = s/2 at t = log((s − u₀)/u₀) / (2s)", 0.01)
        .on(from_one_to_four())
        .assuming(hypotheses())
        .measuring_each(|l: &Learner| {
            let strengths = l.modes.strengths();
            let step = 1e-3;
            let mut network = l.start.clone();
            let (target, mut descent) = (l.modes.map(), DeepLinearDescent::new(step));
            let mut reached = vec![None; strengths.len()];
            let mut before = vec![l.at_start; strengths.len()];
            let mut k = 0u32;
            while reached.contains(&None) && k < 100_000 {
                descent.step(&target, &mut network);
                let map = network.end_to_end();
                for (i, &s) in strengths.iter().enumerate() {
                    let u = l.modes.strength_in(&map, i);
                    if reached[i].is_none() && u >= s / 2.0 {
                        let part = (s / 2.0 - before[i]) / (u - before[i]);
                        reached[i] = Some(step * (f64::from(k) + part));
                    }
                    before[i] = u;
                }
                k += 1;
            }
            let reached =
                reached.into_iter().map(|time| time.map_or(Reading::NEVER, Reading::from));
            strengths.iter().copied().zip(reached).collect()
        })
        .predicting(|l, s| time_to_half(2.0, s, l.at_start))
}

/// At the time at which the strongest mode is half learned. For a mode x = √u with x' = v(x), v(x) = x (s − x²), Euler's
/// method lags by (h/2) v log(v/v₀) in x, hence by d h in u with d = √u v log(v/v₀); `share` of that is taken off.
fn euler(name: &str, formula: &str, share: f64) -> Claim<Learner> {
    let speed = |u: f64, s: f64| u.sqrt() * (s - u);
    // Beyond these octaves rounding shows.
    Claim::new(name, formula, Exponent::default().over_octaves(4))
        .on(aligned(2..=2))
        .assuming(hypotheses())
        .measuring(octaves(9..=13), move |l: &Learner, numbers| {
            let s = l.modes.strengths().iter().copied().fold(0.0, maximum);
            let time = time_to_half(2.0, s, l.at_start);
            let exact = l.along_sigmoids(2.0, time);
            let lags = l.modes.strengths().iter().map(|&s| {
                let u = sigmoid(2.0, s, l.at_start, time);
                u.sqrt() * speed(u, s) * ln(speed(u, s) / speed(l.at_start, s))
            });
            let lag = l.modes.with(&lags.collect::<Vec<_>>()) * share;
            numbers.read(|steps| {
                let h = time / steps as f64;
                let descent = DeepLinearDescent::new(h);
                let run = Trajectory::keeping(descent, &l.modes.map(), &l.start, steps, |_| false);
                Reading::new((run.last().end_to_end() - &exact + &lag * h).norm(), 1e-12)
            })
        })
        .predicting(|_, steps| powf(steps, -2.0))
}

fn learning_curves(draw: &mut Draw, _: Effort) -> Content {
    const STEP: f64 = 0.01;
    let strengths = [3.0, 2.0, 1.0];
    let modes = Modes::draw(&strengths, draw.generator());
    let at_start = 1e-3;
    let mut network =
        DeepLinear::balanced_rotated(&modes.with(&[at_start; 3]), 2, draw.generator());
    let mut measured = vec![Vec::new(); 3];
    iterate(DeepLinearDescent::new(STEP), &modes.map(), &mut network, 599, |k, network| {
        if k % 5 == 0 {
            let map = network.end_to_end();
            for (i, points) in measured.iter_mut().enumerate() {
                points.push((STEP * k as f64, modes.strength_in(&map, i)));
            }
        }
        ControlFlow::Continue(())
    });
    let exact = strengths.map(|s| {
        let points = evenly(0.0, 6.0, 150).into_iter().map(|t| (t, sigmoid(2.0, s, at_start, t)));
        Line::predicted(&format!("exact, s = {s}"), points)
    });
    let seen = strengths
        .iter()
        .zip(measured)
        .map(|(s, points)| Line::measured(&format!("gradient descent, s = {s}"), points));
    Content::Lines { lines: seen.chain(exact).collect() }
}
