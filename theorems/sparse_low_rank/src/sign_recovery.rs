#![doc = include_str!("sign_recovery.md")]

use rand_distr::{ChiSquared, Distribution};
use statrs::distribution::{ChiSquared as ChiSquareLaw, Continuous, ContinuousCDF, Normal};
use theoria_instances::families::gaussian_matrix;
use theoria_models::objectives::Lasso;
use theoria_models::{Matrix, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::{
    Block, Case, Check, Claim, Content, Draw, Effort, Family, Figure, Generator, Group, Hypothesis,
    Instance, Line, Reading, Readings, Side, Theorem, TrialClaim,
};

use crate::support::descent_cone::{Sparsity, normal};

/// Numbers of samples.
const SAMPLES: [usize; 2] = [24, 32];
/// Two samples more or less change the law by 0.07 there.
const MARGIN: f64 = 0.035;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let law = law();
    let shifted = |name: &str, formula: &str, shift: f64| {
        law.restated(name, formula).predicting(move |at: &Sparsity, n| probability(at, n + shift))
    };
    let more = shifted("law_with_two_more", "P = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k+3}", 2.0);
    let less = shifted("law_with_two_less", "P = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k−1}", -2.0);
    let third = third();
    let larger = third
        .restated("third_coefficient_larger", "a_3 = 1.05 λ max{2p − 1, 0}/(2(1 − 2p²))")
        .predicting(|at, _| 1.05 * at.third());
    Theorem::new("sparse_low_rank/sign_recovery", include_str!("sign_recovery.md"))
        .claim(
            agrees("irrepresentable", "signs at λ = 10⁻³ of the threshold are right exactly where the condition holds", Designs::condition)
                .on(designs()),
        )
        .claim(law)
        .claim(variance())
        .claim(third.on(correlated([0.52, 0.55, 0.6, 0.65])))
        .claim(safe("no_third_coefficient", "a_3 = 0 for p ≤ 1/2").on(correlated([0.0, 0.3, 0.49, 0.5])))
        .claim(least_norm())
        .control(more)
        .control(less)
        .control(twice())
        .control(safe("slightly_above_a_half_is_safe", "a_3 = 0 for p ≤ 0.51").on(correlated([0.51])))
        .control(larger.on(correlated([0.52, 0.55, 0.6, 0.65])))
        .control(
            agrees("signs_are_always_right", "signs at λ = 10⁻³ of the threshold are right for every X", |_| true)
                .on(failing()),
        )
        .figure(
            Figure::linear("success", "number of samples n", "share of successes")
                .caption(
                    "4 nonzeros of 64: shares of 400 trials in which the signs are right, the law for finite samples, and \
                     2k log(d − k), where half succeed for large d.",
                )
                .showing(success),
        )
}

/// max over j off S of |X_jᵀ X_S (X_Sᵀ X_S)⁻¹ s| for the first k columns and signs +.
fn incoherence(features: &Matrix, k: usize) -> f64 {
    let active = features.columns(0, k).into_owned();
    let Some(factors) = active.tr_mul(&active).cholesky() else {
        return f64::INFINITY;
    };
    let direction = &active * factors.solve(&Vector::from_element(k, 1.0));
    features.columns(k, features.ncols() - k).tr_mul(&direction).amax()
}

/// E (2Φ(√(q/k)) - 1)^(d-k) by Simpson's rule in the square root of q, where the density is smooth.
fn probability(at: &Sparsity, n: f64) -> f64 {
    let (k, d) = (at.nonzeros as f64, at.dimension as f64);
    let freedom = n - k + 1.0;
    let Ok(law) = ChiSquareLaw::new(freedom) else {
        return f64::NAN;
    };
    let normal = Normal::standard();
    let value = |root: f64| {
        let inside = 2.0 * normal.cdf(root / k.sqrt()) - 1.0;
        inside.powf(d - k) * law.pdf(root * root) * 2.0 * root
    };
    let (pieces, end) = (2000, freedom.sqrt() + 10.0);
    let width = end / f64::from(pieces);
    let weight = |i: i32| if i == 0 || i == pieces { 1.0 } else { 2.0 + 2.0 * f64::from(i % 2) };
    // At 0 the density may be infinite, and the integrand is 0.
    (1..=pieces).map(|i| weight(i) * value(f64::from(i) * width)).sum::<f64>() * width / 3.0
}

fn normal_entries() -> Hypothesis<Sparsity> {
    Hypothesis::by_construction(
        "independent normal entries",
        "the features of each trial are drawn so",
    )
}

fn trial(at: &Sparsity, n: usize, random: &mut Generator) -> bool {
    let features = Matrix::from_fn(n, at.dimension, |_, _| normal(random));
    incoherence(&features, at.nonzeros) < 1.0
}

fn law() -> TrialClaim<Sparsity> {
    Claim::probability(
        "law_of_the_condition",
        "P = E (2Φ(√(q/k)) − 1)^(d−k), q ~ χ²_{n−k+1}",
        Side::Within(MARGIN),
    )
    .assuming([normal_entries()])
    .on(Family::single("4 nonzeros of 64", || Sparsity { dimension: 64, nonzeros: 4 }))
    .trials(16384)
    .sampling(|at: &Sparsity, block: &mut Block| {
        block.each_over(SAMPLES, |random, n| f64::from(u8::from(trial(at, n, random))))
    })
    .predicting(probability)
}

/// k over sᵀ(X_Sᵀ X_S)⁻¹s has the law of q: by its mean.
fn variance() -> Claim<Sparsity> {
    Claim::identity("formula_by_simulation", "P by 10⁵ draws of q = P by quadrature", 0.05)
        .assuming([normal_entries()])
        .on(Family::single("4 nonzeros of 64", || Sparsity { dimension: 64, nonzeros: 4 }))
        .measuring_by_drawing(|at: &Sparsity, draw| {
            let law = Normal::standard();
            Readings::over([26usize, 38], |n| {
                let Ok(squares) = ChiSquared::new((n - at.nonzeros + 1) as f64) else {
                    return f64::NAN;
                };
                let one = |q: f64| {
                    let inside = 2.0 * law.cdf((q / at.nonzeros as f64).sqrt()) - 1.0;
                    inside.powi((at.dimension - at.nonzeros) as i32)
                };
                (0..10_000).map(|_| one(squares.sample(draw.generator()))).sum::<f64>() / 1e4
            })
        })
        .predicting(probability)
}

fn twice() -> TrialClaim<Sparsity> {
    Claim::probability(
        "twice_the_logarithm_suffices",
        "P ≥ 0.9 for n = 2k log(d − k)",
        Side::AtLeast,
    )
    .assuming([normal_entries()])
    .on(Family::single("8 nonzeros of 128", || Sparsity { dimension: 128, nonzeros: 8 }))
    .trials(1024)
    .sampling(|at: &Sparsity, block: &mut Block| {
        let (d, k) = (at.dimension as f64, at.nonzeros as f64);
        let n = (2.0 * k * (d - k).ln()).ceil() as usize;
        block.each_over([n], |random, n| f64::from(u8::from(trial(at, n, random))))
    })
    .predicting(|_, _| 0.9)
}

/// Features with the first k of the coefficients 1, the others 0.
struct Designs {
    features: Matrix,
    nonzeros: usize,
}

impl Instance for Designs {
    fn description(&self) -> String {
        let (n, d) = self.features.shape();
        let seen = incoherence(&self.features, self.nonzeros);
        format!(
            "{n} samples of {d} features, {} nonzeros, largest |X_jᵀX_S(X_SᵀX_S)⁻¹s| {seen:.4}",
            self.nonzeros
        )
    }
}

impl Designs {
    fn condition(&self) -> bool {
        incoherence(&self.features, self.nonzeros) < 1.0
    }

    /// Whether the signs of the LASSO are right at a thousandth of the threshold.
    fn right(&self) -> bool {
        let truth =
            Vector::from_fn(
                self.features.ncols(),
                |j, _| if j < self.nonzeros { 1.0 } else { 0.0 },
            );
        let targets = &self.features * truth;
        let lasso = Lasso::new(self.features.clone(), targets, 0.0);
        let weight = 1e-3 * lasso.threshold();
        let a = lasso.weighing(weight).solve().0;
        a.iter().enumerate().all(|(j, a)| if j < self.nonzeros { *a > 0.0 } else { *a == 0.0 })
    }
}

/// Not at the border, where a small λ is not small enough.
fn decided() -> Hypothesis<Designs> {
    Hypothesis::new("not at the border", |at: &Designs, _| {
        let seen = incoherence(&at.features, at.nonzeros);
        Check::at_least(
            (seen - 1.0).abs(),
            1e-3,
            "distance of the largest |X_jᵀX_S(X_SᵀX_S)⁻¹s| from 1",
        )
    })
}

fn designs() -> Family<Designs> {
    Family::drawn("4 nonzeros of 64", |draw| {
        let n = draw.size(20..=50);
        Designs { features: gaussian_matrix(n, 64, draw), nonzeros: 4 }
    })
    .with_draws(20)
}

/// 20 samples: the condition fails, or the next features are drawn.
fn failing() -> Family<Designs> {
    Family::drawn("4 nonzeros of 64, where the condition fails", |draw| {
        loop {
            let design = Designs { features: gaussian_matrix(20, 64, draw), nonzeros: 4 };
            if incoherence(&design.features, 4) > 1.05 {
                return design;
            }
        }
    })
}

fn agrees(name: &str, formula: &str, told: fn(&Designs) -> bool) -> Claim<Designs> {
    Claim::identity(name, formula, 1e-9)
        .assuming([decided()])
        .measuring_each(|at: &Designs| {
            Readings::at(at.features.nrows(), f64::from(u8::from(at.right())))
        })
        .predicting(move |at, _| f64::from(u8::from(told(at))))
}

/// Three columns of norm 1 with products 0, p, p; λ is a tenth.
#[derive(Clone, Copy)]
struct Correlated {
    p: f64,
    weight: f64,
}

impl Correlated {
    fn features(self) -> Matrix {
        let p = self.p;
        let rest = (1.0 - 2.0 * p * p).sqrt();
        Matrix::from_row_slice(3, 3, &[1.0, 0.0, p, 0.0, 1.0, p, 0.0, 0.0, rest])
    }

    fn third(self) -> f64 {
        let p = self.p;
        self.weight * (2.0 * p - 1.0).max(0.0) / (2.0 * (1.0 - 2.0 * p * p))
    }

    fn targets(self) -> Vector {
        self.features() * Vector::from_vec(vec![1.0, 1.0, 0.0])
    }
}

fn correlated<const N: usize>(correlations: [f64; N]) -> Family<Case<Correlated>> {
    let cases = correlations.map(|p| Correlated { p, weight: 0.1 });
    Family::cases("three columns", cases, |at| format!("p = {}, λ = {}", at.p, at.weight))
}

fn possible() -> Hypothesis<Case<Correlated>> {
    Hypothesis::new("independent columns", |at: &Case<Correlated>, _| {
        Check::at_most(at.p * at.p, 0.499, "p², 1/2")
    })
}

fn coefficient(claim: Claim<Case<Correlated>>) -> Claim<Case<Correlated>> {
    claim.assuming([possible()]).measuring([3usize], |at: &Case<Correlated>, once| {
        let lasso = Lasso::new(at.features(), at.targets(), at.weight);
        once.read(|_| Reading::new(lasso.solve().0[2], 1e-15))
    })
}

fn third() -> Claim<Case<Correlated>> {
    coefficient(Claim::identity("third_coefficient", "a_3 = λ max{2p − 1, 0}/(2(1 − 2p²))", 1e-9))
        .predicting(|at, _| at.third())
}

fn safe(name: &str, formula: &str) -> Claim<Case<Correlated>> {
    coefficient(Claim::identity(name, formula, 1e-9)).predicting(|_, _| 0.0)
}

fn least_norm() -> Claim<Case<Correlated>> {
    Claim::identity("least_norm_is_right", "of the least l1 norm with Xa = y: |a − a_0|₁ = 0", 1e-9)
        .assuming([possible()])
        .on(correlated([0.3, 0.55, 0.6, 0.65]))
        .measuring([0.0], |at: &Case<Correlated>, once| {
            let truth = Vector::from_vec(vec![1.0, 1.0, 0.0]);
            let off = basis_pursuit(&at.features(), &at.targets())
                .map_or(f64::INFINITY, |found| (found.minimiser - truth).lp_norm(1));
            once.read(|_| Reading::new(off, 1e-11))
        })
        .predicting(|_, _| 0.0)
}

fn success(draw: &mut Draw, _: Effort) -> Content {
    let at = Sparsity { dimension: 64, nonzeros: 4 };
    let mut block = Block::drawn(1, draw);
    let seen = (14..=56).step_by(3).map(|n| {
        let right = (0..400).filter(|_| trial(&at, n, block.generator())).count();
        (n as f64, right as f64 / 400.0)
    });
    let seen: Vec<(f64, f64)> = seen.collect();
    let law = (14..=56).map(|n| (f64::from(n), probability(&at, f64::from(n))));
    let half = 8.0 * 60f64.ln();
    Content::Points {
        groups: vec![Group::new("right signs, of 400", seen)],
        lines: vec![
            Line::predicted("law", law),
            Line::predicted("2k log(d − k)", [(half, 0.0), (half, 1.0)]),
        ],
    }
}
