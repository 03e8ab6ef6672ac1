#![doc = include_str!("polyak_ruppert.md")]

use statrs::distribution::{ChiSquared, Continuous, ContinuousCDF, Normal};
use theoria_algorithms::Quantity;
use theoria_elementary::powf;
use theoria_instances::sequences::octaves;
use theoria_models::objectives::Quadratic;
use theoria_models::stochastic::{Perturbed, Shape, StochasticOracle};
use theoria_models::{Matrix, Vector};
use theoria_verification::{
    Case, Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Sample, Stream,
    Theorem, TrialClaim,
};

use crate::support::{Averaging, Measured, variance_of_last, variance_of_sum};

const MEAN: &str = "√n (mean of x_k − x*) ~ N(0, H⁻¹ S H⁻¹)";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let exact = exact_variance("variance_of_the_mean").on(signs()).on(skewed());
    let larger = exact
        .restated("variance_larger_by_a_twentieth", "n tr Cov(mean of x_k) → 1.05 tr H⁻¹ S H⁻¹")
        .predicting(|_, _| 1.05);
    let noisier = last_iterate();
    let faster = noisier
        .restated("last_iterate_grows_faster", "n tr Cov(x_n) ~ n^(1.3 (1 − a))")
        .predicting(|i, n| powf(n, 1.3 * (1.0 - i.steps.1)));
    let forgotten = start_is_forgotten();
    let sooner = forgotten
        .restated("start_is_forgotten_sooner", "with h_k = c/k: |E mean of x_k − x*| ~ n^(−1/2)")
        .predicting(|_, n| powf(n, -0.5));
    Theorem::new("stochastic/polyak_ruppert", include_str!("polyak_ruppert.md"))
        .uses(
            "stochastic/robbins_monro",
            "how fast a mode forgets its start under steps that decrease",
        )
        .claim(
            normal_limit("mean_is_normal", MEAN, 0.04, Measured::Mean)
                .trials(1 << 15)
                .on(signs())
                .on(skewed()),
        )
        .claim(
            normal_limit("mean_is_normal_under_correlated_noise", MEAN, 0.06, Measured::Mean)
                .trials(1 << 14)
                .on(correlated()),
        )
        .claim(exact)
        .claim(noisier)
        .claim(forgotten)
        .control(
            normal_limit(
                "last_iterate_is_normal",
                "√n (x_n − x*) ~ N(0, H⁻¹ S H⁻¹)",
                0.04,
                Measured::Last,
            )
            .on(signs()),
        )
        .control(
            normal_limit("mean_with_short_steps_is_normal", MEAN, 0.04, Measured::Mean)
                .violating(STEPS)
                .on(short_steps()),
        )
        .control(
            normal_limit("mean_of_ever_rarer_noise_is_normal", MEAN, 0.04, Measured::Mean)
                .violating(IDENTICAL)
                .on(rarer()),
        )
        .control(larger)
        .control(faster)
        .control(sooner)
        .figure(
            Figure::linear(
                "distribution",
                "quantile of the normal limit",
                "share of trials below it",
            )
            .of("mean_is_normal")
            .of("last_iterate_is_normal")
            .of("mean_with_short_steps_is_normal")
            .caption(
                "The first coordinate of the mean of the iterates follows the limit law on the diagonal; \
                 the last iterate, or steps that decrease too fast, do not.",
            ),
        )
        .figure(
            Figure::linear("histogram", "√n (mean − x*), over its limiting deviation", "density")
            .caption(
                "The noise takes two values with probabilities 1/4 and 3/4; the mean of the iterates is \
                 normal with the predicted variance.",
            )
            .showing(histogram),
        )
        .figure(
            Figure::log_log("variances", "step n", "n E|· − x*|²")
            .caption(
                "Whatever the constant c of the step sizes, n times the error of the mean tends to the trace of \
                 the same matrix; for the last iterate it grows.",
            )
            .showing(variances),
        )
}

/// A Hessian with eigenvalues 1.5 and 2.5 whose axes are not those of the coordinates.
fn tilted() -> Quadratic {
    let mut generator = Stream::new(3).trial(0);
    Quadratic::rotated(&[1.5, 2.5], &mut generator)
}

/// Noise of ±1 in each coordinate, with two constants c.
fn signs() -> Family<Averaging> {
    Family::listed("noise ±1", [(1.0, 0.55), (1.5, 0.55)], |&steps| {
        Averaging::new(tilted(), signed, steps, 512)
    })
}

fn signed(objective: Quadratic) -> Perturbed<Quadratic> {
    Perturbed::additive(objective, 2f64.sqrt()).shaped(Shape::Signs)
}

/// Noise √3 or −1/√3 on the line.
fn skewed() -> Family<Averaging> {
    Family::single("noise of two values, skewed", || {
        let perturb = |f| Perturbed::additive(f, 1.0).shaped(Shape::Skewed);
        Averaging::new(Quadratic::diagonal(&[2.0]), perturb, (1.5, 0.7), 512)
    })
}

/// Normal noise whose covariance has other axes than the Hessian.
fn correlated() -> Family<Averaging> {
    Family::single("correlated normal noise", || {
        let perturb = |f| {
            let covariance = Matrix::from_row_slice(2, 2, &[1.0, 0.6, 0.6, 0.5]);
            let Some(oracle) = Perturbed::with_covariance(f, covariance) else {
                panic!("the covariance is positive definite");
            };
            oracle
        };
        Averaging::new(tilted(), perturb, (1.5, 0.55), 256)
    })
}

/// h_k = c/k with c less than half of the least that the smallest eigenvalue asks for.
fn short_steps() -> Family<Averaging> {
    Family::single("steps 0.2/k", || Averaging::new(tilted(), signed, (0.2, 1.0), 512))
}

/// x²/2 with noise of variance 1 of which in the long run nothing is left.
fn rarer() -> Family<Averaging> {
    Family::single("noise ±k with probability 1/k²", || {
        let perturb = |f| Perturbed::additive(f, 1.0).shaped(Shape::Signs);
        let own = Averaging::new(Quadratic::diagonal(&[1.0]), perturb, (1.0, 0.6), 4096);
        Averaging { rarer: true, ..own }
    })
}

const STEPS: &str = "steps between 1/k and 1/√k";

fn steps() -> Hypothesis<Averaging> {
    Hypothesis::new(STEPS, |i: &Averaging, _| {
        let a = i.steps.1;
        Check::that(0.5 < a && a < 1.0, format!("1/2 < {a} < 1"))
    })
}

const IDENTICAL: &str = "identically distributed noise";

fn assumed() -> [Hypothesis<Averaging>; 5] {
    [
        steps(),
        Hypothesis::new("strongly convex", |i: &Averaging, _| {
            let least = i.oracle.objective().strong_convexity().map_or(0.0, |mu| mu.value);
            Check::that(least > 0.0, format!("smallest eigenvalue of H {least:.3e} > 0"))
        }),
        Hypothesis::new("invertible covariance", |i: &Averaging, _| {
            let covariance = i.oracle.covariance(&i.start);
            let smallest = covariance.symmetric_eigenvalues().min();
            Check::that(smallest > 0.0, format!("smallest eigenvalue of S {smallest:.3e} > 0"))
        }),
        Hypothesis::new(IDENTICAL, |i: &Averaging, _| {
            Check::that(
                !i.rarer,
                if i.rarer { "±k with probability 1/k²" } else { "one law for all steps" },
            )
        }),
        Hypothesis::by_construction(
            "independent noise",
            "an oracle has no state, and draws fresh numbers from the block's generator in every step",
        ),
    ]
}

/// n times the trace of the covariance of the mean over its limit, for a number of steps that no trial could take: exact, mode by mode,
/// for noise of the same variance in all directions.
fn exact_variance(name: &str) -> Claim<Averaging> {
    const STEPS: usize = 1 << 22;
    Claim::identity(name, "n tr Cov(mean of x_k) → tr H⁻¹ S H⁻¹", 0.02)
        .assuming(assumed())
        .measuring([STEPS], |i: &Averaging, once| {
            let variance = i.oracle.covariance(&i.start)[(0, 0)];
            once.read(|n: usize| {
                let total: f64 =
                    i.spectrum.iter().map(|mode| variance_of_sum(*mode, i.steps, n)).sum();
                variance * total / n as f64 / i.limit.trace()
            })
        })
        .predicting(|_, _| 1.0)
}

/// √n (x_n − x*) has a variance that grows: by its exact recursion on each mode, with noise of the same variance in all directions.
fn last_iterate() -> Claim<Averaging> {
    Claim::exponent("last_iterate_is_noisier", "n tr Cov(x_n) ~ n^(1 − a)")
        .assuming(assumed())
        .on(signs())
        .on(skewed())
        .measuring(octaves(10..=18), |i: &Averaging, checkpoints| {
            let unit = i.oracle.covariance(&i.start)[(0, 0)];
            checkpoints.read(|n: usize| {
                let modes = i.spectrum.iter().map(|mode| variance_of_last(*mode, i.steps, n));
                n as f64 * unit * modes.sum::<f64>()
            })
        })
        .predicting(|i, n| powf(n, 1.0 - i.steps.1))
}

/// On x²/2 with steps c/k from 1: the mean of Π (1 − c/j), which is all that is left of the start.
fn start_is_forgotten() -> Claim<Case<f64>> {
    let formula = "on x²/2 with h_k = c/k: |E mean of x_k − x*| ~ n^(−c)";
    Claim::exponent("start_is_forgotten_slowly", formula)
        .assuming([Hypothesis::by_construction("unbiased noise", "the mean does not depend on it")])
        .on(Family::listed("h_k = c/k", [0.1, 0.2, 0.3], |&c| {
            Case::new(format!("c = {c}, λ = 1"), c)
        }))
        .measuring(octaves(10..=20), |c: &Case<f64>, checkpoints| {
            checkpoints.read(|n: usize| {
                let (mut mean, mut sum) = (1.0, 0.0);
                for k in 1..=n {
                    sum += mean;
                    mean *= 1.0 - c.value / k as f64;
                }
                sum / n as f64
            })
        })
        .predicting(|c, n| powf(n, -c.value))
}

/// At checkpoint j ≤ d coordinate j is normal; at d + 1 the norm has the law of chi-square.
fn normal_limit(
    name: &str,
    formula: &str,
    distance: f64,
    measured: Measured,
) -> TrialClaim<Averaging> {
    Claim::law(name, formula, distance)
        .assuming(assumed())
        .sampling(move |i: &Averaging, block| {
            let trials = block.trials();
            let rows = i.scores(measured, trials, block.generator());
            Sample::new(1..=rows.len(), rows)
        })
        .distributed_as(|i, j, z| {
            let dimension = i.start.len() as f64;
            if j <= dimension {
                return Normal::standard().cdf(z);
            }
            ChiSquared::new(dimension).map_or(f64::NAN, |law| law.cdf(z))
        })
}

fn histogram(draw: &mut Draw, _: Effort) -> Content {
    let i = Averaging::new(
        Quadratic::diagonal(&[2.0]),
        |f| Perturbed::additive(f, 1.0).shaped(Shape::Skewed),
        (1.5, 0.7),
        512,
    );
    let rows = i.scores(Measured::Mean, 8192, draw.generator());
    let density = (-40..=40).map(|k| {
        let z = 0.1 * f64::from(k);
        (z, Normal::standard().pdf(z))
    });
    Content::histogram(&rows[0], 40, vec![Line::predicted("normal", density)])
}

fn variances(draw: &mut Draw, _: Effort) -> Content {
    let checkpoints: Vec<usize> = octaves(4..=12);
    let mut lines = Vec::new();
    let mut limit = 0.0;
    for (label, c, measured) in [
        ("mean, c = 0.5", 0.5, Measured::Mean),
        ("mean, c = 1", 1.0, Measured::Mean),
        ("mean, c = 1.5", 1.5, Measured::Mean),
        ("last iterate, c = 1", 1.0, Measured::Last),
    ] {
        let i = Averaging::new(tilted(), signed, (c, 0.55), 0);
        limit = i.limit.trace();
        let distance = [Quantity::distance_squared(Vector::zeros(2))];
        let run = i.run(measured, &checkpoints, &distance, (512, draw.generator()));
        let points = checkpoints.iter().zip(run.table(0)).map(|(n, squares)| {
            let mean = squares.iter().sum::<f64>() / squares.len() as f64;
            (*n as f64, *n as f64 * mean)
        });
        lines.push(Line::measured(label, points));
    }
    let ends = [checkpoints[0], checkpoints[checkpoints.len() - 1]];
    lines.push(Line::predicted("tr H⁻¹SH⁻¹", ends.map(|n| (n as f64, limit))));
    Content::Lines { lines }
}
