#![doc = include_str!("eckart_young.md")]

use theoria_models::{Matrix, RangeFinder, Svd, data};
use theoria_verification::{
    Axis, Case, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Reading,
    Readings, Scale, Theorem,
};

use crate::support::approximation::{
    Approximation, best_ones, equal_values, fitted, gap, longer, matrices, planar, rank_is_k,
    rank_of_sixteenths, turned,
};
use crate::support::range_finding::{
    range_finder, range_finder_by_columns, range_finder_far_above,
};
use crate::support::tiles::tiles;

/// Ranks, and the shares of the sum of squares that they keep of the digits without their mean, by NumPy.
const CENTRED: [(usize, f64); 7] = [
    (1, 0.148_905_935_840_638_6),
    (2, 0.285_093_648_236_993),
    (5, 0.544_963_526_726_897_9),
    (10, 0.738_226_768_845_953_2),
    (20, 0.894_303_116_598_526_3),
    (30, 0.959_085_404_245_717_2),
    (40, 0.988_202_733_661_143_6),
];
/// The same with the mean.
const WHOLE: [(usize, f64); 1] = [(1, 0.696_360_803_425_431_6)];
/// Angles of turned approximations.
const ANGLES: [f64; 4] = [1e-3, 0.3, 1.0, 1.5];
/// Powers of subspace iteration that have found a space by far: (0.95)^2000 is nothing.
const POWERS: usize = 1000;
/// Ranks that a picture shows.
const SHOWN: [usize; 6] = [1, 2, 5, 10, 20, 40];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let frobenius = frobenius("best_loses_the_tail", "|A − A_k|_F = √Σ_{j>k} s_j²", 0);
    let spectral = Claim::identity("best_in_the_spectral_norm", "|A − A_k|_2 = s_{k+1}", 1e-11)
        .assuming([rank_is_k()])
        .on(matrices())
        .measuring_each(|at: &Approximation| {
            let found = Svd::of(&at.target()).of_rank(at.rank);
            Readings::at(at.rank, norm_2(&(at.target() - found)))
        })
        .predicting(|at, k| at.value(k as usize + 1));
    let previous = spectral
        .restated("best_loses_the_last_that_is_kept", "|A − A_k|_2 = s_k")
        .predicting(|at, k| at.value(k as usize));
    let kept = stability("nearly_as_good_is_near").on(turned("turned", &ANGLES));
    let closer = kept
        .restated(
            "nearly_as_good_is_nearer",
            "|B − A_k|_F² ≤ 0.98 (|A − B|_F² − …)/(1 − s_{k+1}/s_k)",
        )
        .predicting(|at, _| 0.98 * allowed(at));
    let explained =
        explained("digits_explained", "share of k singular vectors, by another library", 0);
    let [range_finder, better_range_finder] = range_finder();
    let [far_above, takes_nothing] = range_finder_far_above();
    Theorem::new("sparse_low_rank/eckart_young", include_str!("eckart_young.md"))
        .claim(frobenius)
        .claim(spectral)
        .claim(
            loses("none_loses_less", "|A − B|_F² ≥ Σ_{j>k} s_j²", 1.0)
                .attained_on(best_ones())
                .on(fitted())
                .on(planar().hunted(1000))
                .tight_to(0.999),
        )
        .claim(every_value("every_singular_value_is_bounded", "s_i(A − B) ≥ s_{i+k}(A)", 1.0).attained_on(best_ones()).on(fitted()).on(planar().hunted(1000)).tight_to(0.999))
        .claim(
            stability("what_is_nearly_as_good_is_near")
                .attained_on(turned("turned", &ANGLES))
                .on(fitted())
                .on(planar().hunted(1000))
                .tight_to(0.999),
        )
        .claim(agreement("subspace_iterations_agree").on(matrices()))
        .claim(longer_ones("as_good_in_the_spectral_norm", "|A − A_k − t u₁v₁ᵀ|_2 = s_{k+1}", &[-1.0, -0.5, 0.5, 1.0]))
        .claim(range_finder)
        .claim(far_above)
        .claim(digits_rank("digits_have_this_rank", "rank of the digits = 61", 61.0))
        .claim(explained.clone())
        .control(self::frobenius("others_lose_the_tail", "without the first singular value: |A − B|_F = √Σ_{j>k} s_j²", 1))
        .control(previous)
        .control(
            loses("all_lose_more", "|A − B|_F² ≥ 1.02 Σ_{j>k} s_j²", 1.02)
                .on(best_ones())
                .on(planar().hunted(1000)),
        )
        .control(every_value("every_singular_value_is_larger", "s_i(A − B) ≥ 1.02 s_{i+k}(A)", 1.02).on(best_ones()))
        .control(closer)
        .control(agreement("subspace_iterations_agree_without_a_gap").on(equal_values()).violating("s_k > s_{k+1}"))
        .control(longer_ones("as_good_beyond", "|A − A_k − 1.05 s_{k+1} u₁v₁ᵀ|_2 = s_{k+1}", &[1.05]))
        .control(better_range_finder)
        .control(range_finder_by_columns())
        .control(takes_nothing)
        .control(digits_rank("digits_have_full_rank", "rank of the digits = 64", 64.0))
        .control(self::explained("digits_explained_by_one_more", "share of k + 1 singular vectors, as that of k", 1))
        .figure(
            Figure::semilog("tails", "rank k", "share of the sum of squares that is lost")
                .caption(
                    "The digits without their mean: what the best approximation of rank k loses (the tail of singular values), and what sketches with k + 6 random columns lose, below \
                     the bound of their mean; with a few columns more than k a sketch may even lose less.",
                )
                .showing(tails),
        )
        .figure(
            Figure::linear("reconstructions", "pixel", "pixel")
                .caption(
                    "Four digits at the ranks 1, 2, 5, 10, 20 and 40, from left to right, and as they are: five singular vectors make a 0 readable, an 8 takes twenty.",
                )
                .showing(reconstructions),
        )
}

/// The largest singular value.
fn norm_2(matrix: &Matrix) -> Reading {
    let svd = Svd::of(matrix);
    Reading::new(svd.values().max(), 4.0 * svd.rounding() + 1e-14)
}

/// With the singular values that follow the first `skipped`.
fn frobenius(name: &str, formula: &str, skipped: usize) -> Claim<Approximation> {
    Claim::identity(name, formula, 1e-11)
        .assuming([rank_is_k()])
        .on(matrices())
        .measuring_each(move |at: &Approximation| {
            let found = Svd::of(&at.target()).of_rank(at.rank);
            let approximation = if skipped == 0 { found } else { at.without_the_first() };
            Readings::at(at.rank, Reading::new((at.target() - approximation).norm(), 1e-14))
        })
        .predicting(|at, _| at.tail())
}

fn loses(name: &str, formula: &str, times: f64) -> Claim<Approximation> {
    Claim::lower_bound(name, formula)
        .assuming([rank_is_k()])
        .measuring_each(|at: &Approximation| {
            Readings::at(at.rank, Reading::new(at.left_over().norm_squared(), at.rounding()))
        })
        .predicting(move |at, _| times * at.tail().powi(2))
}

fn every_value(name: &str, formula: &str, times: f64) -> Claim<Approximation> {
    Claim::lower_bound(name, formula)
        .assuming([rank_is_k()])
        .measuring_each(|at: &Approximation| {
            let svd = Svd::of(&at.left_over());
            let count = at.values.len() - at.rank;
            let floor = 4.0 * svd.rounding() + 1e-14;
            (1..=count).map(|i| (i, Reading::new(svd.values()[i - 1], floor))).collect()
        })
        .predicting(move |at, i| times * at.value(i as usize + at.rank))
}

/// What the loss allows |B − A_k|² to be.
fn allowed(at: &Approximation) -> f64 {
    (at.left_over().norm_squared() - at.tail().powi(2)) / at.relative_gap()
}

fn stability(name: &str) -> Claim<Approximation> {
    Claim::bound(name, "|B − A_k|_F² ≤ (|A − B|_F² − |A − A_k|_F²)/(1 − s_{k+1}/s_k)")
        .assuming([rank_is_k(), gap()])
        .measuring_each(|at: &Approximation| {
            let distance = (at.competitor() - at.best()).norm_squared();
            Readings::at(at.rank, Reading::new(distance, at.rounding() / at.relative_gap()))
        })
        .predicting(|at, _| allowed(at))
}

/// Subspace iterations from two random starts.
fn agreement(name: &str) -> Claim<Approximation> {
    Claim::identity(name, "|B − B'|_F/|A|_F = 0 for two subspace iterations", 1e-9)
        .assuming([gap()])
        .measuring_by_drawing(|at: &Approximation, draw| {
            let target = at.target();
            let finder = RangeFinder::new(at.rank).with_powers(POWERS);
            let mut found = || {
                let basis = finder.basis(&target, draw.generator());
                &basis * basis.tr_mul(&target)
            };
            let apart = (found() - found()).norm() / target.norm();
            Readings::at(at.rank, Reading::new(apart, 1e-12))
        })
        .predicting(|_, _| 0.0)
}

fn longer_ones(name: &str, formula: &str, shares: &[f64]) -> Claim<Approximation> {
    Claim::identity(name, formula, 1e-11)
        .assuming([rank_is_k()])
        .on(longer("with a longer first", shares))
        .measuring_each(|at: &Approximation| Readings::at(at.rank, norm_2(&at.left_over())))
        .predicting(|at, k| at.value(k as usize + 1))
}

/// The digits, and the shares that another library finds.
type Digits = Case<(Matrix, Vec<(usize, f64)>)>;

fn digits() -> Family<Digits> {
    Family::listed("digits", [true, false], |centred| {
        let mut images = data::digits().features;
        if *centred {
            for mut pixel in images.column_iter_mut() {
                let mean = pixel.mean();
                pixel.add_scalar_mut(-mean);
            }
            Case::new("digits without their mean", (images, CENTRED.to_vec()))
        } else {
            Case::new("digits", (images, WHOLE.to_vec()))
        }
    })
}

fn digits_rank(name: &str, formula: &str, rank: f64) -> Claim<Case<Matrix>> {
    Claim::identity(name, formula, 1e-12)
        .assuming([Hypothesis::by_construction("exact", "pixels are whole sixteenths")])
        .on(Family::single("digits", || Case::new("digits", data::digits().features)))
        .measuring_each(|at: &Case<Matrix>| Readings::at(64, rank_of_sixteenths(at)))
        .predicting(move |_, _| rank)
}

fn explained(name: &str, formula: &str, more: usize) -> Claim<Digits> {
    Claim::identity(name, formula, 1e-9)
        .assuming([Hypothesis::by_construction(
            "the same images",
            "the data that ship with the crate",
        )])
        .on(digits())
        .measuring_each(move |at: &Digits| {
            let (images, shares) = &at.value;
            // The residual itself, not the singular values that it is to agree with.
            let svd = Svd::of(images);
            let lost = |k: usize| (images - svd.of_rank(k + more)).norm_squared();
            Readings::over(shares.iter().map(|(k, _)| *k), |k| {
                1.0 - lost(k) / images.norm_squared()
            })
        })
        .predicting(|at, k| {
            at.value.1.iter().find(|(rank, _)| *rank as f64 == k).map_or(f64::NAN, |row| row.1)
        })
}

fn tails(draw: &mut Draw, _: Effort) -> Content {
    let images = &digits().instance(draw, 0).value.0;
    let all = images.norm_squared();
    let values = Svd::of(images).values().clone();
    let tail = |k: usize| values.iter().skip(k).map(|s| s * s).sum::<f64>() / all;
    let sketched = |k: usize, draw: &mut Draw| {
        let basis = RangeFinder::new(k + 6).basis(images, draw.generator());
        (images - &basis * basis.tr_mul(images)).norm_squared() / all
    };
    let ranks = (1..=50).step_by(7);
    let sketches: Vec<(f64, f64)> = ranks.map(|k| (k as f64, sketched(k, draw))).collect();
    let bound = (1..=50).map(|k| (k as f64, (1.0 + k as f64 / 5.0) * tail(k)));
    Content::Points {
        groups: vec![Group::new("a sketch with k + 6 random columns", sketches)],
        lines: vec![
            Line::measured("the best of rank k", (1..=50).map(|k| (k as f64, tail(k)))),
            Line::predicted("bound for the mean of sketches", bound),
        ],
    }
}

fn reconstructions(_: &mut Draw, _: Effort) -> Content {
    let images = data::digits().features;
    let svd = Svd::of(&images);
    let mut columns: Vec<Matrix> = SHOWN.iter().map(|k| svd.of_rank(*k)).collect();
    columns.push(images);
    let rows = [0, 3, 5, 8].map(|image| {
        columns.iter().map(|column| column.row(image).iter().copied().collect()).collect()
    });
    tiles(&rows, Axis::new("brightness", Scale::Linear), None)
}
