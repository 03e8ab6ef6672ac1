#![doc = include_str!("sign_recovery.md")]

use statrs::distribution::{ContinuousCDF, StudentsT};
use theoria_elementary::ln;
use theoria_instances::families::gaussian_matrix;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Generator, Group, Hypothesis,
    Line, Readings, Side, Theorem, TrialClaim,
};

use crate::support::signs::{Design, Regression};
use crate::support::three_columns::{Correlated, correlated, least_norm, safe, third};

/// Numbers of samples, without noise and with noise.
const SAMPLES: [usize; 2] = [24, 32];
const NOISY_SAMPLES: [usize; 2] = [32, 48];
/// Two samples more or less change the law by 0.07 there; half of the noise by 0.17 and more.
const MARGIN: f64 = 0.035;
/// `ProportionTest` needs 31 500 at most to see an error of that margin at the rates that a claim may spend at each look.
const TRIALS: usize = 32768;
/// For one column: one sample more or less changes the share by 2.7% and more there.
const FEW_SAMPLES: [usize; 2] = [10, 12];
const SHARE_MARGIN: f64 = 0.015;
/// With a weight so small that the noise decides: a deviation of the noise larger by a twentieth changes the probability by 2.3% and more there.
const FEW_NOISY_SAMPLES: [usize; 2] = [16, 20];
const NOISY_SHARE_MARGIN: f64 = 0.01;
/// Two samples more change the law of the large design by 4.9% at 77.
const LARGE_MARGIN: f64 = 0.025;

const SMALL: Design = Design::new(64, 4, 0.0);
const SMALL_WITH_NOISE: Design = Design::new(64, 4, 0.25);
const SMALL_WEIGHT: Design = SMALL_WITH_NOISE.with_share(0.3);
const LARGE: Design = Design::new(128, 8, 0.25);
const LARGE_WITHOUT_NOISE: Design = Design::new(128, 8, 0.0);
/// For the large design: samples, probability without noise and with noise.
const LAWS: [(f64, f64, f64); 2] = [(77.0, 0.644_74, 0.239_16), (154.0, 0.996_10, 0.797_47)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = law("law_of_the_condition", "P = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k+1}", SAMPLES)
        .on(single(SMALL));
    let shifted = |name: &str, formula: &str, shift: f64| {
        law.restated(name, formula).predicting(move |at: &Design, n| at.probability(n + shift))
    };
    let more = shifted("law_with_two_more", "P = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k+3}", 2.0);
    let less = shifted("law_with_two_less", "P = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k−1}", -2.0);
    let noisy = self::law(
        "law_with_noise",
        "P = E (2Φ(1/√(k/q + 4σ²w/λ²)) − 1)^(d−k), w ~ χ²_{n−k}",
        NOISY_SAMPLES,
    )
    .on(single(SMALL_WITH_NOISE));
    let halved = noisy
        .restated("law_with_half_of_the_noise", "P = E (2Φ(1/√(k/q + 2σ²w/λ²)) − 1)^(d−k)")
        .predicting(|at: &Design, n| at.law(n, at.others(), at.noise * 0.5f64.sqrt()));
    let share =
        share("share_of_one_column", "share of columns j off S = P(|t_{n−k+1}| < √((n−k+1)/k))");
    let single_with_noise = given_the_support(
        "single_column_with_noise",
        "mean given X_S and ε of P(|2X_j·r| < λ) = E (2Φ(1/√(k/q + 4σ²w/λ²)) − 1)",
        (SMALL_WEIGHT, FEW_NOISY_SAMPLES, NOISY_SHARE_MARGIN),
        |_| 1.0,
    )
    .predicting(|at: &Design, n| at.law(n, 1.0, at.noise));
    let large = given_the_support(
        "law_of_the_large_design",
        "k = 8, d = 128: mean given X_S of P(|2X_j·r| < λ)^(d−k) = E (2Φ(√(q/k)) − 1)^(d−k)",
        (LARGE_WITHOUT_NOISE, [77], LARGE_MARGIN),
        Design::others,
    )
    .predicting(Design::probability);
    let large_with_more = large
        .restated(
            "law_of_the_large_design_with_two_more",
            "k = 8, d = 128: mean given X_S of P(|2X_j·r| < λ)^(d−k) = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k+3}",
        )
        .predicting(|at: &Design, n| at.probability(n + 2.0));
    let of_larger_noise = single_with_noise
        .restated(
            "single_column_with_a_twentieth_more_noise",
            "mean given X_S and ε of P(|2X_j·r| < λ) = E (2Φ(1/√(k/q + 4(1.05σ)²w/λ²)) − 1)",
        )
        .predicting(|at: &Design, n| at.law(n, 1.0, 1.05 * at.noise));
    let spread = spread("variance_off_the_support", "4|r|²/λ² = sᵀ(X_SᵀX_S)⁻¹s + 4|P_⊥ε|²/λ²");
    let more_spread = spread
        .restated("variance_of_more_noise", "4|r|²/λ² = sᵀ(X_SᵀX_S)⁻¹s + 4.08|P_⊥ε|²/λ²")
        .predicting(|at, _| at.told_spread(4.08));
    let of_more = share
        .restated("share_with_one_more", "share of columns j off S = P(|t_{n−k+2}| < √((n−k+2)/k))")
        .predicting(|at: &Design, n| one_column(at, n + 1.0));
    let of_less = share
        .restated("share_with_one_less", "share of columns j off S = P(|t_{n−k}| < √((n−k)/k))")
        .predicting(|at: &Design, n| one_column(at, n - 1.0));
    let third_coefficient = third("third_coefficient");
    let larger = third_coefficient
        .restated("third_coefficient_larger", "a_3 = 1.05 λ max{2p − 1, 0}/(2(1 − 2p²))")
        .on(beyond_a_half())
        .predicting(|at, _| 1.05 * at.third());
    Theorem::new("sparse_low_rank/sign_recovery", include_str!("sign_recovery.md"))
        .uses(
            "sparse_low_rank/lasso_sparse_ridge_dense",
            "the minimiser on a support with given signs, and the conditions off it",
        )
        .claim(
            agrees("signs_of_the_lasso", "signs of a are right where |2X_j·r| < λ off S with a_S as below, and wrong where |2X_j·r| > λ", |at| at.largest() < 1.0)
                .on(without_noise())
                .on(with_noise()),
        )
        .claim(law)
        .claim(share)
        .claim(spread)
        .claim(noisy)
        .claim(single_with_noise)
        .claim(large)
        .claim(quadrature())
        .claim(laws("laws_without_noise", "k = 8, d = 128: P = 0.64474 at n = 77, 0.99610 at n = 154", 0.0, |row| row.1))
        .claim(laws("laws_with_noise_of_a_quarter", "k = 8, d = 128, σ = ¼: P = 0.23916 at n = 77, 0.79747 at n = 154", 0.25, |row| row.2))
        .claim(third_coefficient.on(beyond_a_half()))
        .claim(safe("no_third_coefficient", "a_3 = 0 for p ≤ 1/2").on(correlated([(0.0, 0.1), (0.3, 1.0), (0.49, 0.1), (0.5, 1.9)])))
        .claim(least_norm())
        .control(more)
        .control(less)
        .control(of_more)
        .control(of_less)
        .control(more_spread)
        .control(halved)
        .control(of_larger_noise)
        .control(large_with_more)
        .control(
            agrees("signs_with_a_large_weight", "signs of a are right where |2X_j·r| < λ off S with a_S as below, and wrong where |2X_j·r| > λ", |at| at.largest() < 1.0)
                .on(with_large_weights())
                .violating("signs on the support"),
        )
        .control(twice())
        .control(safe("slightly_above_a_half_is_safe", "a_3 = 0 for p ≤ 0.51").on(correlated([(0.51, 0.1)])))
        .control(larger)
        .control(third("third_coefficient_with_a_large_weight").on(correlated([(0.6, 1.6), (0.65, 1.0)])).violating("small weight"))
        .control(third("third_coefficient_of_opposite_columns").on(correlated([(-0.6, 0.1), (-0.65, 0.1)])).violating("0 ≤ p < 1/√2"))
        .control(
            agrees("signs_are_always_right", "signs of a are right for every X", |_| true)
                .on(failing()),
        )
        .figure(
            Figure::linear("success", "number of samples n", "share of successes")
                .caption(
                    "4 nonzeros of 64: shares of 400 trials in which the signs are right without noise and with noise of deviation ¼, the laws \
                     for finite samples, and 2k log(d − k), where half succeed for large d without noise.",
                )
                .showing(success),
        )
        .figure(
            Figure::semilog("condition", "number of samples n", "left side of the condition, largest off S")
                .caption(
                    "4 nonzeros of 64, no noise: each mark is one X, with the largest value that the condition asks to be below 1; the weight is a thousandth of the threshold. The side of the line alone decides whether the LASSO has the right signs: with few samples it may, and with more it need not.",
                )
                .showing(condition),
        )
}

fn single(design: Design) -> Family<Design> {
    let s = design.sparsity;
    Family::single(&format!("{} nonzeros of {}", s.nonzeros, s.dimension), move || design)
}

fn normal_entries() -> Hypothesis<Design> {
    Hypothesis::by_construction(
        "independent normal entries",
        "the features of each trial are drawn so, and the noise",
    )
}

/// Whether |2X_j·r| < λ for all j off S.
fn law(name: &str, formula: &str, samples: [usize; 2]) -> TrialClaim<Design> {
    Claim::probability(name, formula, Side::Within(MARGIN))
        .assuming([normal_entries()])
        .trials(TRIALS)
        .sampling(move |at: &Design, block: &mut Block| {
            block.each_over(samples, |random, n| recovers(at, n, random))
        })
        .predicting(Design::probability)
}

/// P(|t| < √((n-k+1)/k)), t of Student's law with n - k + 1 degrees of freedom.
fn one_column(at: &Design, n: f64) -> f64 {
    let freedom = n - at.sparsity.nonzeros as f64 + 1.0;
    StudentsT::new(0.0, 1.0, freedom)
        .map_or(f64::NAN, |law| 2.0 * law.cdf((freedom / at.sparsity.nonzeros as f64).sqrt()) - 1.0)
}

fn share(name: &str, formula: &str) -> TrialClaim<Design> {
    Claim::expected_value(name, formula, SHARE_MARGIN)
        .assuming([normal_entries()])
        .on(single(SMALL))
        .trials(TRIALS)
        .bounded_by(|_, _| 1.0)
        .sampling(|at: &Design, block: &mut Block| {
            block.each_over(FEW_SAMPLES, |random, n| {
                let seen = at.correlations(n, random);
                seen.iter().map(|c| below_one(c.abs())).sum::<f64>() / at.others()
            })
        })
        .predicting(one_column)
}

/// For this design and these numbers of samples, up to this margin, for so many columns. Those need not be drawn: given X_S and ε they are
/// independent.
fn given_the_support<const N: usize>(
    name: &str,
    formula: &str,
    (design, samples, margin): (Design, [usize; N], f64),
    columns: fn(&Design) -> f64,
) -> TrialClaim<Design> {
    Claim::expected_value(name, formula, margin)
        .assuming([normal_entries()])
        .on(single(design))
        .trials(TRIALS)
        .bounded_by(|_, _| 1.0)
        .sampling(move |at: &Design, block: &mut Block| {
            block.each_over(samples, |random, n| at.given_the_support(n, columns(at), random))
        })
}

fn spread(name: &str, formula: &str) -> Claim<Regression> {
    Claim::identity(name, formula, 1e-9)
        .assuming([signs_stay()])
        .on(with_noise())
        .measuring_each(|at: &Regression| Readings::at(at.samples(), at.spread_of_the_residual()))
        .predicting(|at, _| at.told_spread(4.0))
}

fn quadrature() -> Claim<Design> {
    Claim::identity(
        "quadrature_for_one_column",
        "E (2Φ(√(q/k)) − 1) by quadrature = P(|t_{n−k+1}| < √((n−k+1)/k))",
        1e-8,
    )
    .assuming([normal_entries()])
    .on(single(SMALL))
    .on(single(LARGE))
    .measuring([12usize, 24, 48, 77], |at: &Design, samples| {
        samples.read(|n| at.law(n as f64, 1.0, 0.0))
    })
    .predicting(one_column)
}

fn laws(name: &str, formula: &str, noise: f64, told: fn(&(f64, f64, f64)) -> f64) -> Claim<Design> {
    Claim::identity(name, formula, 3e-5)
        .assuming([normal_entries()])
        .on(single(LARGE))
        .measuring([77usize, 154], move |at: &Design, samples| {
            samples.read(|n| at.law(n as f64, at.others(), noise))
        })
        .predicting(move |_, n| LAWS.iter().find(|row| row.0 == n).map_or(0.0, told))
}

/// 1 or 0; what is no number is no event.
fn below_one(correlation: f64) -> f64 {
    if correlation.is_nan() { f64::NAN } else { f64::from(u8::from(correlation < 1.0)) }
}

/// Whether all correlations off the support are below 1.
fn recovers(at: &Design, samples: usize, random: &mut Generator) -> f64 {
    below_one(at.correlations(samples, random).amax())
}

fn twice() -> TrialClaim<Design> {
    Claim::probability(
        "twice_the_logarithm_suffices",
        "P ≥ 0.9 for n = 2k log(d − k)",
        Side::AtLeast,
    )
    .assuming([normal_entries()])
    .on(single(Design::new(128, 8, 0.0)))
    .trials(1024)
    .sampling(|at: &Design, block: &mut Block| {
        let n = (2.0 * at.sparsity.nonzeros as f64 * ln(at.others())).ceil() as usize;
        block.each_over([n], |random, n| recovers(at, n, random))
    })
    .predicting(|_, _| 0.9)
}

fn beyond_a_half() -> Family<Case<Correlated>> {
    correlated([(0.52, 0.1), (0.55, 1.0), (0.6, 0.1), (0.6, 1.39), (0.65, 0.1)])
}

fn without_noise() -> Family<Regression> {
    Family::drawn("4 nonzeros of 64", |draw| {
        let n = draw.size(20..=50);
        Regression::at_share(gaussian_matrix(n, 64, draw), 4, 1e-3)
    })
    .with_draws(20)
}

fn with_noise() -> Family<Regression> {
    Family::drawn("4 nonzeros of 64, noise", |draw| {
        let n = draw.size(40..=80);
        Regression::noisy(SMALL_WITH_NOISE, n, draw)
    })
    .with_draws(20)
}

/// So large that nothing is found, though the condition holds.
fn with_large_weights() -> Family<Regression> {
    Family::drawn("4 nonzeros of 64, λ near the threshold", |draw| {
        loop {
            let design = Regression::at_share(gaussian_matrix(60, 64, draw), 4, 0.95);
            if design.largest() < 0.95 {
                return design;
            }
        }
    })
}

/// 20 samples: the condition fails, or the next features are drawn.
fn failing() -> Family<Regression> {
    Family::drawn("4 nonzeros of 64, where the condition fails", |draw| {
        loop {
            let design = Regression::at_share(gaussian_matrix(20, 64, draw), 4, 1e-3);
            if design.largest() > 1.05 {
                return design;
            }
        }
    })
}

/// Not at the border, where the condition decides nothing.
fn decided() -> Hypothesis<Regression> {
    Hypothesis::new("not at the border", |at: &Regression, _| {
        let off = (at.largest() - 1.0).abs();
        Check::at_least(off, 1e-3, "distance of the largest |2X_j·r|/λ off S from 1")
    })
}

fn signs_stay() -> Hypothesis<Regression> {
    Hypothesis::new("signs on the support", |at: &Regression, _| {
        Check::at_least(at.smallest_on_the_support(), 1e-9, "smallest of (X_SᵀX_S)⁻¹(X_Sᵀy − λs/2)")
    })
}

fn agrees(name: &str, formula: &str, told: fn(&Regression) -> bool) -> Claim<Regression> {
    Claim::identity(name, formula, 1e-9)
        .assuming([decided(), signs_stay()])
        .measuring_each(|at: &Regression| {
            Readings::at(at.samples(), f64::from(u8::from(at.is_right())))
        })
        .predicting(move |at, _| f64::from(u8::from(told(at))))
}

fn success(draw: &mut Draw, _: Effort) -> Content {
    let mut block = Block::drawn(1, draw);
    let mut shares = |design: Design| {
        let seen = (14..=80).step_by(3).map(|n| {
            let right =
                (0..400).filter(|_| design.correlations(n, block.generator()).amax() < 1.0).count();
            (n as f64, right as f64 / 400.0)
        });
        seen.collect::<Vec<_>>()
    };
    let groups = vec![
        Group::new("right signs, of 400", shares(SMALL)),
        Group::new("with noise", shares(SMALL_WITH_NOISE)),
    ];
    let law = |design: Design| {
        (14..=80).step_by(2).map(move |n| (f64::from(n), design.probability(f64::from(n))))
    };
    let half = 8.0 * ln(60.0);
    Content::Points {
        groups,
        lines: vec![
            Line::predicted("law", law(SMALL)),
            Line::predicted("law with noise", law(SMALL_WITH_NOISE)),
            Line::predicted("2k log(d − k)", [(half, 0.0), (half, 1.0)]),
        ],
    }
}

/// Whether the LASSO is right, beside what the condition says.
fn condition(draw: &mut Draw, _: Effort) -> Content {
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    for n in (16..=64).step_by(4) {
        for _ in 0..12 {
            let at = Regression::at_share(gaussian_matrix(n, 64, draw), 4, 1e-3);
            let place = (n as f64, at.largest());
            if at.is_right() { right.push(place) } else { wrong.push(place) }
        }
    }
    Content::Points {
        groups: vec![Group::new("right signs", right), Group::new("wrong signs", wrong)],
        lines: vec![Line::predicted("1", [(16.0, 1.0), (64.0, 1.0)])],
    }
}
