#![doc = include_str!("deep_linear_landscape.md")]

use theoria_algorithms::{DeepLinearDescent, Method, Trajectory};
use theoria_models::networks::{DeepLinear, DeepLinearLoss, Initialization};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Claim, Content, Draw, Effort, Figure, Group, Reading, Readings, Theorem,
};

use crate::support::mode_landscape::{
    Landscape, distinct_strengths, equal_strengths, networks, of_full_rank, of_the_target,
    rotated_saddles, saddles, zero,
};

/// Starts from which critical points are looked for.
const SEARCHES: usize = 10;
/// Curvatures above this count as not negative; those of the saddles here are larger by far.
const FLAT: f64 = 1e-6;
/// Step size of gradient descent.
const STEP: f64 = 0.03;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let curvature = curvature("saddles_bend_down_by_the_gap");
    let bends = curvature.clone().on(saddles(2, true)).on(saddles(3, false)).on(saddles(4, false));
    let bends_less = bends
        .restated(
            "saddles_bend_down_by_a_hundredth_less",
            "λ_min(∇²f) = −0.99 max s_i^((N−2)/N) (s_k − s_i)",
        )
        .predicting(|l, _| 0.99 * l.curvature_at_the_saddle(2.0));
    let other_power = curvature
        .restated(
            "saddles_bend_down_by_another_power",
            "λ_min(∇²f) = −max s_i^((N−1.98)/N) (s_k − s_i)",
        )
        .on(saddles(3, false))
        .on(saddles(4, false))
        .predicting(|l, _| l.curvature_at_the_saddle(1.98));
    Theorem::new("landscape/deep_linear_landscape", include_str!("deep_linear_landscape.md"))
        .uses("landscape/deep_linear_expressivity", "the least loss that the width allows")
        .claim(
            vanishing_gradient("the_gradient_vanishes_where_a_set_is_learned")
                .on(saddles(2, true))
                .on(saddles(3, true))
                .on(saddles(4, true)),
        )
        .claim(learned_sets("critical_points_have_learned_a_set").on(networks(2)).on(networks(3)))
        .claim(bends)
        .claim(
            search(
                "second_order_points_are_global_minima",
                "(f − min f)/|Φ|² = 0 at critical points without negative curvature",
                second_order,
            )
            .on(networks(2))
            .on(networks(3)),
        )
        .claim(descent("gradient_descent_finds_the_minimum").on(networks(2)).on(networks(3)))
        .control(
            vanishing_gradient("the_gradient_vanishes_where_rotated_modes_are_learned")
                .on(rotated_saddles())
                .violating("modes of the target"),
        )
        .control(
            learned_sets("critical_points_have_learned_a_set_of_equal_modes")
                .on(equal_strengths())
                .violating("distinct strengths"),
        )
        .control(bends_less)
        .control(other_power)
        .control(
            curvature
                .restated(
                    "zero_is_a_strict_saddle_of_three_layers",
                    "λ_min(∇²f) = −max s_i^((N−2)/N) (s_k − s_i)",
                )
                .on(zero(3))
                .violating("inner layers of full rank"),
        )
        .control(
            search(
                "critical_points_are_global_minima",
                "(f − min f)/|Φ|² = 0 at critical points",
                |_, _| true,
            )
            .on(networks(2))
            .on(networks(3)),
        )
        .control(at_the_saddle("descent_leaves_every_saddle").on(zero(3)))
        .figure(
            Figure::linear("critical_points", "smallest curvature", "loss − minimum")
                .caption(
                    "Critical points found from random starts: those above the minimum bend down \
                 somewhere, except where the inner layers of a three-layer network have lost \
                 rank.",
                )
                .showing(critical_points),
        )
}

fn smallest_eigenvalue(loss: &DeepLinearLoss, x: &Vector) -> f64 {
    loss.hessian(x).map_or(f64::NAN, |hessian| hessian.symmetric_eigenvalues().min())
}

fn vanishing_gradient(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "|∇f| = 0 where W = Σ s_i u_i v_iᵀ, i ∈ S", 1e-12)
        .assuming(distinct_strengths())
        .assuming([of_the_target()])
        .measuring_each(|l: &Landscape| {
            let gradient = l.loss().gradient_at(&l.saddle().flatten());
            Readings::at(l.learned.len(), Reading::new(gradient.norm(), 0.0))
        })
        .predicting(|_, _| 0.0)
}

/// How far the critical points that are found, and zero, lie from the nearest map that has learned a set of modes.
fn learned_sets(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "|W − Σ s_i u_i v_iᵀ| / |Φ| = 0 at critical points, i ∈ S", 1e-6)
        .assuming(distinct_strengths())
        .measuring_by_drawing(|l: &Landscape, draw| {
            let found = critical_points_of(l, draw).into_iter().enumerate();
            let apart = found.map(|(i, x)| {
                let map = l.loss().network(&x).end_to_end();
                let strengths = l.modes.strengths().iter().enumerate();
                let learned: Vec<f64> = strengths
                    .map(|(k, &s)| if l.modes.strength_in(&map, k) > s / 2.0 { s } else { 0.0 })
                    .collect();
                let apart = (map - l.modes.with(&learned)).norm() / l.modes.map().norm();
                (i, Reading::new(apart, 0.0))
            });
            apart.collect()
        })
        .predicting(|_, _| 0.0)
}

fn curvature(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "λ_min(∇²f) = −max s_i^((N−2)/N) (s_k − s_i)", 1e-7)
        .assuming(distinct_strengths())
        .assuming([of_full_rank()])
        .measuring_each(|l: &Landscape| {
            let smallest = smallest_eigenvalue(&l.loss(), &l.saddle().flatten());
            Readings::at(l.learned.len(), Reading::new(smallest, 1e-12))
        })
        .predicting(|l, _| l.curvature_at_the_saddle(2.0))
}

/// A critical point near where gradient descent is after `steps` steps from a random start, by Levenberg's method on
/// the gradient: it is drawn to saddles as well as to minima. None if it does not come to rest.
fn critical_point(l: &Landscape, steps: usize, draw: &mut Draw) -> Option<Vector> {
    let loss = l.loss();
    let law = Initialization::Gaussian { variance: 2.0 };
    let start = DeepLinear::draw(loss.widths(), law, draw.generator());
    let descent = DeepLinearDescent::new(STEP);
    let run = Trajectory::keeping(descent, &l.modes.map(), &start, steps, |_| false);
    let mut x = run.last().flatten();
    let mut gradient = loss.gradient_at(&x);
    for _ in 0..80 {
        let size = gradient.norm();
        if size < 1e-12 {
            return Some(x);
        }
        let eigen = loss.hessian(&x)?.symmetric_eigen();
        let mut coefficients = eigen.eigenvectors.tr_mul(&gradient);
        let damping = size.min(1.0).powi(2);
        for (coefficient, e) in coefficients.iter_mut().zip(&eigen.eigenvalues) {
            *coefficient *= e / (e * e + damping);
        }
        let step = eigen.eigenvectors * coefficients;
        let mut share = 1.0;
        loop {
            let next = &x - &step * share;
            let slope = loss.gradient_at(&next);
            if slope.norm() < size {
                (x, gradient) = (next, slope);
                break;
            }
            share /= 2.0;
            if share < 1e-6 {
                return None;
            }
        }
    }
    None
}

/// Not negative anywhere, and none of the known exceptions.
fn second_order(landscape: &Landscape, x: &Vector) -> bool {
    landscape.inner_rank_is_full(x) && smallest_eigenvalue(&landscape.loss(), x) >= -FLAT
}

/// The critical points that are found from random starts, and zero, which is one.
fn critical_points_of(l: &Landscape, draw: &mut Draw) -> Vec<Vector> {
    let mut found: Vec<Vector> =
        (0..SEARCHES).filter_map(|k| critical_point(l, k % 2 * 1000, draw)).collect();
    found.push(l.saddle().flatten() * 0.0);
    found
}

/// The gaps of those critical points that satisfy the condition.
fn search(
    name: &str,
    formula: &str,
    condition: fn(&Landscape, &Vector) -> bool,
) -> Claim<Landscape> {
    Claim::identity(name, formula, 1e-10)
        .assuming(distinct_strengths())
        .measuring_by_drawing(move |l: &Landscape, draw| {
            let loss = l.loss();
            let kept = critical_points_of(l, draw).into_iter().filter(|x| condition(l, x));
            kept.enumerate().map(|(i, x)| (i, Reading::new(l.gap(loss.value(&x)), 0.0))).collect()
        })
        .predicting(|_, _| 0.0)
}

/// The gap after gradient descent from this network.
fn gap_after_descent(l: &Landscape, mut network: DeepLinear) -> f64 {
    let (target, mut descent) = (l.modes.map(), DeepLinearDescent::new(STEP));
    let minimum = l.loss().minimum().map_or(f64::NAN, |minimum| minimum.value);
    let enough = minimum + 1e-11 * target.norm_squared();
    let mut loss = f64::INFINITY;
    for _ in 0..20_000 {
        descent.step(&target, &mut network);
        loss = descent.loss().unwrap_or(loss);
        if loss < enough {
            break;
        }
    }
    l.gap(loss)
}

fn descent(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "(f − min f)/|Φ|² = 0 after gradient descent from random starts", 1e-10)
        .assuming(distinct_strengths())
        .measuring_by_drawing(|l: &Landscape, draw| {
            let widths = l.widths();
            Readings::over(1..=3, |_| {
                let start = DeepLinear::draw(&widths, Initialization::Glorot, draw.generator());
                Reading::new(gap_after_descent(l, start), 0.0)
            })
        })
        .predicting(|_, _| 0.0)
}

fn at_the_saddle(name: &str) -> Claim<Landscape> {
    Claim::identity(name, "(f − min f)/|Φ|² = 0 after gradient descent from 0", 1e-10)
        .assuming(distinct_strengths())
        .measuring([0.0], |l: &Landscape, once| {
            once.read(|_| Reading::new(gap_after_descent(l, l.saddle()), 0.0))
        })
        .predicting(|_, _| 0.0)
}

fn critical_points(draw: &mut Draw, _: Effort) -> Content {
    let labels = ["two layers", "three layers", "three layers, inner rank lost"];
    let mut groups = labels.map(|label| Group::new(label, []));
    for depth in [2, 3] {
        let landscape = Landscape { width: 2, ..Landscape::draw(depth, draw) };
        let loss = landscape.loss();
        for x in (0..60).filter_map(|k| critical_point(&landscape, k % 2 * 1000, draw)) {
            let group = match (depth, landscape.inner_rank_is_full(&x)) {
                (2, _) => 0,
                (_, true) => 1,
                (_, false) => 2,
            };
            groups[group].x.push(smallest_eigenvalue(&loss, &x));
            groups[group].y.push(landscape.gap(loss.value(&x)));
        }
    }
    Content::Points { groups: groups.into(), lines: Vec::new() }
}
