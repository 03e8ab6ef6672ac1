#![doc = include_str!("matrix_factorisation_landscape.md")]

use theoria_algorithms::{GradientDescent, Method};
use theoria_elementary::powf;
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Claim, Content, Draw, Effort, Figure, Group, Line, Reading, Readings, Theorem,
};

use crate::support::factorisation::{
    FLAT, Factorisation, balanced_factors, balanced_saddles, critical_points, equal_values,
    gap_of_values, gaussian, positive_values, targets, unbalanced_saddles, worked_spectrum,
};
use crate::support::positive_part::positive_part;
use crate::support::weighted_square::{
    at_shares, basins, critical_with_weights, second_order_of_the_square, unweighted,
    weighted_curvature, weighted_losses,
};

/// Every kind of set of two of six: the best, others with two, with one, with none.
const SETS: [&[usize]; 7] = [&[0, 1], &[0, 2], &[1, 2], &[2, 4], &[4, 5], &[0], &[]];
/// The same where the first three are equal, so that {0, 2} is as good as {0, 1}.
const OF_EQUALS: [&[usize]; 6] = [&[0, 1], &[0, 2], &[1, 3], &[3, 4], &[0], &[]];
/// Step size of descent over the reciprocal of the largest singular value; curvatures are at most four of these.
const STEP: f64 = 0.1;
/// How far from a saddle descent begins, ...
const NUDGE: f64 = 1e-8;
/// ... and by how much it is followed away: so little that products of two deviations do not count.
const GROWTH: f64 = 1e3;
/// Steps of descent that have found a minimum by far.
const LONG: usize = 40_000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let spectrum = spectrum("hessian_has_this_spectrum");
    let larger = spectrum
        .restated("sums_are_larger_by_a_fiftieth", "λ(∇²f) = 1.02 (s_i + s_j), …")
        .on(balanced_saddles())
        .predicting_from(|f| f.predicted_spectrum(1.02), |values, i| values[i as usize]);
    let saddles = curvature("saddles_bend_down")
        .on(worked_spectrum(&SETS[1..]))
        .on(equal_values(&OF_EQUALS[2..]))
        .on(balanced_saddles());
    let bend_less = saddles
        .restated("saddles_bend_down_by_a_twentieth_less", "λ_min = 0.95 (min_S s − max s_t)")
        .predicting(|f, _| 0.95 * (f.weakest_chosen() - f.strongest_missing()));
    let unbalanced = unbalanced("unbalanced_saddles_are_flatter");
    let as_balanced = unbalanced
        .restated("unbalanced_saddles_bend_as_balanced_ones", "out of balance: λ_min = s_i − s_t")
        .predicting(|f, _| f.weakest_chosen() - f.strongest_missing());
    let escape = escape("descent_leaves_a_saddle_at_this_rate");
    let slower = escape
        .restated(
            "descent_leaves_a_saddle_more_slowly",
            "|x_n − x| = (1 + 0.95 h|λ_min|)ⁿ |x_0 − x|",
        )
        .predicting(|f, n| powf(1.0 + 0.95 * f.step() * f.gain(), n));
    let rate = approach("descent_approaches_at_this_rate").on(targets().map(|f| f.best()));
    let faster = rate
        .restated(
            "descent_approaches_faster",
            "|UV − A_k| / |U_0 V_0 − A_k| = (1 − 1.05 h (s_k − s_{k+1}))ⁿ",
        )
        .predicting(|f, n| f.approached(n, 1.05));
    let positive = positive_part("symmetric_descent_finds_the_positive_part");
    let best = positive
        .restated(
            "symmetric_descent_finds_the_best_matrix",
            "4 f → Σ over all but the k largest |λ|",
        )
        .predicting(|target, _| target.beyond_the_largest());
    let curvature_with_weights = weighted_curvature("curvature_with_weights");
    let other_threshold = curvature_with_weights
        .restated("curvature_with_weights_is_larger", "4 min{2p − 0.97, w (2p + 1.05 e)}")
        .predicting(|square, _| square.predicted_curvature(0.97));
    let losses = weighted_losses("losses_with_weights");
    let smaller = losses
        .restated("losses_with_weights_are_smaller", "0.98 · 2w (1 ± e)²/(1 + w)")
        .predicting(|square, k| 0.98 * square.predicted_loss(k));
    Theorem::new(
        "sparse_low_rank/matrix_factorisation_landscape",
        include_str!("matrix_factorisation_landscape.md"),
    )
    .uses("sparse_low_rank/eckart_young", "the global minimum is the best matrix of the rank")
    .uses(
        "landscape/deep_linear_landscape",
        "a chosen mode is exchanged for a stronger one: factors are a network of two layers",
    )
    .claim(gradient("gradient_vanishes_where_a_set_is_chosen", "|∇f|/|A|² = 0 at UV = Σ s_i u_i v_iᵀ", 1.0))
    .claim(spectrum.on(worked_spectrum(&SETS)).on(equal_values(&OF_EQUALS)).on(critical_points()))
    .claim(saddles)
    .claim(second_order("second_order_points_are_global"))
    .claim(unbalanced)
    .claim(escape)
    .claim(descent("descent_finds_a_global_minimum", "(f − min f)/|A|² = 0 after descent from random starts", 0.3))
    .claim(rate)
    .claim(positive)
    .claim(critical_with_weights())
    .claim(losses)
    .claim(curvature_with_weights)
    .claim(second_order_of_the_square("second_order_points_of_the_square_are_global").on(unweighted()))
    .control(gradient(
        "gradient_vanishes_near_a_set",
        "|∇f|/|A|² = 0 at UV = Σ 1.02² s_i u_i v_iᵀ",
        1.02,
    ))
    .control(larger)
    .control(bend_less)
    .control(as_balanced)
    .control(
        self::spectrum("spectrum_out_of_balance")
            .on(worked_spectrum(&SETS[..6]).map(|f| f.scaled(1.5)))
            .violating("balanced factors"),
    )
    .control(slower)
    .control(descent("descent_from_zero_finds_it", "(f − min f)/|A|² = 0 after descent from 0", 0.0))
    .control(faster)
    .control(
        approach("descent_approaches_as_fast_out_of_balance")
            .on(targets().map(|f| f.best().scaled(3.0)))
            .violating("balanced factors"),
    )
    .control(
        approach("descent_approaches_without_a_gap")
            .on(equal_values(&OF_EQUALS[..1]))
            .violating("s_k > s_{k+1}"),
    )
    .control(best)
    .control(other_threshold)
    .control(smaller)
    .control(
        second_order_of_the_square("second_order_points_are_global_with_weights")
            .on(at_shares("weights below the threshold", &[0.3, 0.6, 0.97]))
            .violating("equal weights"),
    )
    .figure(
        Figure::linear("ladder", "loss of the critical point − minimum", "eigenvalue of the Hessian")
            .caption(
                "Singular values 5, 4, 3, 2, 1, ½ and two columns: every eigenvalue of the Hessian at critical points (marks), and the smallest that \
                 is predicted (line: each saddle's own). Only the global minimum, at the left, has none below zero.",
            )
            .showing(ladder),
    )
    .figure(
        Figure::linear("basins", "weight w over its threshold 1/(1 + 2e)", "share of starts that end there")
            .caption(
                "e = ¼: how many of 100 random starts end at the local minimum that is not global. Above the threshold it is none any more.",
            )
            .showing(basins),
    )
}

fn gradient(name: &str, formula: &str, scale: f64) -> Claim<Factorisation> {
    Claim::identity(name, formula, 1e-12)
        .assuming([positive_values()])
        .on(worked_spectrum(&SETS[..6]))
        .on(balanced_saddles())
        .measuring_each(move |f: &Factorisation| {
            let gradient = f.loss().gradient_at(&(f.critical_point() * scale));
            let size = f.values.iter().map(|s| s * s).sum::<f64>();
            Readings::at(f.chosen.len(), gradient.norm() / size)
        })
        .predicting(|_, _| 0.0)
}

fn spectrum(name: &str) -> Claim<Factorisation> {
    Claim::identity(name, "λ(∇²f) = s_i + s_j, s_i ± s_t, s_i, ±s_t, 0", 1e-9)
        .assuming([positive_values(), balanced_factors()])
        .measuring_each(|f: &Factorisation| {
            let eigenvalues = f.spectrum().into_iter().enumerate();
            eigenvalues.map(|(i, value)| (i, Reading::new(value, f.rounding()))).collect()
        })
        .predicting_from(|f| f.predicted_spectrum(1.0), |values, i| values[i as usize])
}

fn smallest(f: &Factorisation) -> Readings {
    Readings::at(f.chosen.len(), Reading::new(f.spectrum()[0], f.rounding()))
}

fn curvature(name: &str) -> Claim<Factorisation> {
    Claim::identity(name, "λ_min(∇²f) = min_S s − max s_t", 1e-9)
        .assuming([positive_values(), balanced_factors()])
        .measuring_each(smallest)
        .predicting(|f, _| f.weakest_chosen() - f.strongest_missing())
}

fn unbalanced(name: &str) -> Claim<Factorisation> {
    Claim::identity(name, "λ_min(∇²f) = (a + b)/2 − √((a − b)²/4 + s_t²)", 1e-8)
        .assuming([positive_values()])
        .on(unbalanced_saddles())
        .measuring_each(smallest)
        .predicting(|f, _| f.unbalanced_curvature(f.strongest_missing()))
}

/// Of all critical points of a matrix those without negative curvature.
fn second_order(name: &str) -> Claim<Factorisation> {
    Claim::identity(name, "(f − min f)/|A|² = 0 where ∇f = 0 and λ_min(∇²f) ≥ 0", 1e-10)
        .assuming([positive_values()])
        .on(worked_spectrum(&SETS[..1]))
        .on(equal_values(&OF_EQUALS[..1]))
        .on(targets())
        .measuring_each(|f: &Factorisation| {
            let kept =
                f.all_critical_points().into_iter().filter(|point| point.spectrum()[0] >= -FLAT);
            kept.enumerate()
                .map(|(i, point)| (i, f.gap(f.loss().value(&point.critical_point()))))
                .collect()
        })
        .predicting(|_, _| 0.0)
}

impl Factorisation {
    /// What an eigenvalue of the Hessian may be off by.
    fn rounding(&self) -> f64 {
        let largest = 2.0 * self.values[0] * self.scale.max(1.0 / self.scale).powi(2);
        16.0 * f64::EPSILON * self.predicted_spectrum(1.0).len() as f64 * largest
    }

    fn step(&self) -> f64 {
        STEP / self.values[0]
    }

    /// What is left of a deviation after n steps that are shorter where the factors are out of balance, for a rate so many times the true
    /// one.
    fn approached(&self, n: f64, times: f64) -> f64 {
        let step = self.step() / self.scale.powi(2);
        powf(1.0 - times * step * self.distance_to_the_next(), n)
    }

    /// |λ_min| of a balanced saddle.
    fn gain(&self) -> f64 {
        self.strongest_missing() - self.weakest_chosen()
    }
}

/// Descent from near a saddle, along its most negative curvature.
fn escape(name: &str) -> Claim<Factorisation> {
    Claim::identity(name, "|x_n − x| = (1 + h|λ_min|)ⁿ |x_0 − x|", 1e-3)
        .assuming([positive_values(), balanced_factors()])
        .on(worked_spectrum(&SETS[1..]))
        .on(balanced_saddles())
        .measuring_each(|f: &Factorisation| {
            let (loss, saddle) = (f.loss(), f.critical_point());
            let Some(hessian) = loss.hessian(&saddle) else { return Readings::at(0, f64::NAN) };
            let eigen = hessian.symmetric_eigen();
            let steepest = eigen.eigenvectors.column(eigen.eigenvalues.imin());
            let mut x = &saddle + steepest * NUDGE;
            let mut method = GradientDescent::new(f.step());
            let mut readings = Vec::new();
            for n in 0.. {
                let grown = (&x - &saddle).norm() / NUDGE;
                readings.push((n, grown));
                if grown > GROWTH || n > LONG || grown.is_nan() {
                    break;
                }
                method.step(&loss, &mut x);
            }
            readings.into_iter().step_by(8).collect()
        })
        .predicting(|f, n| powf(1.0 + f.step() * f.gain(), n))
}

/// Descent from Gaussian entries of this size, over √s_1, until the loss has come to rest.
fn descend(f: &Factorisation, size: f64, draw: &mut Draw) -> Vector {
    let loss = f.loss();
    let entry = size * f.values[0].sqrt();
    let mut x = gaussian(loss.dimension(), entry, draw);
    let mut method = GradientDescent::new(f.step());
    for n in 0..LONG {
        let has_ended = || f.gap(loss.value(&x)) < 1e-12 || loss.gradient_at(&x).norm() == 0.0;
        if n % 64 == 0 && has_ended() {
            break;
        }
        method.step(&loss, &mut x);
    }
    x
}

fn descent(name: &str, formula: &str, size: f64) -> Claim<Factorisation> {
    Claim::identity(name, formula, 1e-10)
        .assuming([positive_values()])
        .on(targets())
        .measuring_by_drawing(move |f: &Factorisation, draw| {
            Readings::over(1..=3, |_| f.gap(f.loss().value(&descend(f, size, draw))))
        })
        .predicting(|_, _| 0.0)
}

/// Descent to the best factors, which the instance has chosen, along their smallest positive curvature.
fn approach(name: &str) -> Claim<Factorisation> {
    let formula = "|UV − A_k| / |U_0 V_0 − A_k| = (1 − h (s_k − s_{k+1}))ⁿ";
    Claim::identity(name, formula, 1e-3)
        .assuming([positive_values(), gap_of_values(), balanced_factors()])
        .measuring_each(|f: &Factorisation| {
            let (loss, found) = (f.loss(), f.critical_point());
            let Some(hessian) = loss.hessian(&found) else { return Readings::at(0, f64::NAN) };
            let eigen = hessian.symmetric_eigen();
            let positive = eigen.eigenvalues.iter().enumerate().filter(|(_, e)| **e > 1e3 * FLAT);
            let Some((slowest, _)) = positive.min_by(|a, b| a.1.total_cmp(b.1)) else {
                return Readings::at(0, f64::NAN);
            };
            let best = f.matrix(&found);
            let mut x = found + eigen.eigenvectors.column(slowest) * (1e2 * NUDGE);
            let first = (f.matrix(&x) - &best).norm();
            let mut method = GradientDescent::new(f.step() / f.scale.powi(2));
            let mut readings = Vec::new();
            for n in 0..LONG {
                let left = (f.matrix(&x) - &best).norm() / first;
                readings.push((n, left));
                if left < 1.0 / GROWTH {
                    break;
                }
                method.step(&loss, &mut x);
            }
            readings.into_iter().step_by(8).collect()
        })
        .predicting(|f, n| f.approached(n, 1.0))
}

fn ladder(draw: &mut Draw, _: Effort) -> Content {
    let family = worked_spectrum(&SETS);
    let points: Vec<Factorisation> = (0..SETS.len()).map(|i| family.instance(draw, i)).collect();
    let at = |f: &Factorisation| {
        let left: f64 = f
            .values
            .iter()
            .enumerate()
            .filter(|(i, _)| !f.chosen.contains(i))
            .map(|(_, s)| s * s)
            .sum();
        (left - f.values[f.width..].iter().map(|s| s * s).sum::<f64>()) / 2.0
    };
    let measured = points.iter().flat_map(|f| f.spectrum().into_iter().map(|value| (at(f), value)));
    let mut lowest: Vec<(f64, f64)> = points
        .iter()
        .map(|f| (at(f), (f.weakest_chosen() - f.strongest_missing()).min(0.0)))
        .collect();
    lowest.sort_by(|a, b| a.0.total_cmp(&b.0));
    Content::Points {
        groups: vec![Group::new("eigenvalues", measured)],
        lines: vec![Line::predicted("predicted smallest", lowest)],
    }
}
