#![doc = include_str!("minibatch_variance.md")]

use Sampling::{WithReplacement, WithoutReplacement};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::data::diabetes;
use theoria_models::objectives::LeastSquares;
use theoria_models::stochastic::{FiniteSum, MiniBatch, Sampling, StochasticOracle, every_batch};
use theoria_models::{Ensemble, Matrix, Objective, Vector};
use theoria_verification::{
    Check, Claim, Constant, Family, Figure, Hypothesis, Instance, Reading, Readings, Sample,
    Theorem, TrialClaim,
};

/// What sums of many batches leave of the last digits, relative to the variance.
const ROUNDING: f64 = 1e-13;
const TOLERANCE: f64 = 1e-10;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let without =
        enumerated("every_batch_without_replacement", WithoutReplacement, CORRECTED).on(sums(2, 8));
    let by_n = without
        .restated("correction_by_n", "mean over all batches |g_B − ∇f|² = (n − b)/(b n) s²")
        .predicting(|i, b| (i.samples() as f64 - b) / (b * i.samples() as f64) * i.variance());
    let drawn =
        sampled("batches_without_replacement", WithoutReplacement, CORRECTED).on(patients());
    let uncorrected = drawn
        .restated("batches_without_correction", "E|g_B − ∇f|² = s²/b without replacement")
        .predicting(|i, b| plain(b, i.samples() as f64) * i.variance());
    let replaced =
        enumerated("every_batch_with_replacement", WithReplacement, PLAIN).on(sums(2, 5));
    let more = replaced
        .restated(
            "batches_of_one_less",
            "mean over all batches with replacement |g_B − ∇f|² = s²/(b + 0.01)",
        )
        .predicting(|i, batch| i.variance() / (batch + 0.01));
    Theorem::new("stochastic/minibatch_variance", include_str!("minibatch_variance.md"))
        .claim(without)
        .claim(replaced)
        .claim(covariance("covariance_without_replacement", WithoutReplacement).on(sums(2, 8)))
        .claim(covariance("covariance_with_replacement", WithReplacement).on(sums(2, 5)))
        .claim(unbiased("unbiased_without_replacement", WithoutReplacement).on(sums(2, 8)))
        .claim(unbiased("unbiased_with_replacement", WithReplacement).on(sums(2, 5)))
        .claim(drawn)
        .claim(sampled("batches_with_replacement", WithReplacement, PLAIN).on(patients()))
        .control(
            enumerated("every_batch_without_correction", WithoutReplacement, UNCORRECTED)
                .on(sums(4, 8)),
        )
        .control(by_n)
        .control(more)
        .control(uncorrected)
        .figure(
            Figure::log_log("variance", "batch b", "E|g_B − ∇f|²")
                .of("batches_without_replacement")
                .of("batches_with_replacement")
                .caption(
                    "With replacement the variance falls like 1/b for ever; without it bends down \
                 and is 0 for the batch of all samples.",
                ),
        )
}

/// A sum of squared losses, and the point at which its gradients are looked at.
struct Gradients {
    sum: LeastSquares,
    at: Vector,
}

impl Gradients {
    fn samples(&self) -> usize {
        FiniteSum::samples(&self.sum)
    }

    /// s², the variance of one sample with weight 1/n.
    fn variance(&self) -> f64 {
        self.sum.moments(&self.at).variance
    }

    /// E|g_B - ∇f|⁴ with replacement, from the fourth moment of one sample. Without, it is less: a convex function of the mean has a
    /// smaller expectation (Hoeffding 1963).
    fn fourth_moment(&self, batch: f64) -> f64 {
        let (moments, gradient) = (self.sum.moments(&self.at), self.sum.gradient_at(&self.at));
        let one = (0..self.samples()).map(|i| {
            let mut own = Vector::zeros(self.at.len());
            self.sum.sample_gradient_into(i, &self.at, &mut own);
            (own - &gradient).norm_squared().powi(2)
        });
        let one = one.sum::<f64>() / self.samples() as f64;
        let pairs = moments.variance.powi(2) + 2.0 * moments.covariance.norm_squared();
        (one + (batch - 1.0) * pairs) / batch.powi(3)
    }

    /// The gradients of all equally likely batches.
    fn batches(&self, batch: usize, sampling: Sampling) -> Vec<Vector> {
        every_batch(self.samples(), batch, sampling)
            .iter()
            .map(|chosen| self.sum.batch_gradient(chosen, &self.at))
            .collect()
    }
}

impl Instance for Gradients {
    fn description(&self) -> String {
        self.sum.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("s²", self.variance())]
    }
}

fn sums(least: usize, most: usize) -> Family<Gradients> {
    let name = format!("least squares, {least} to {most} samples");
    Family::drawn(&name, move |draw| {
        let (samples, dimension) = (draw.size(least..=most), draw.size(1..=3));
        let features = gaussian_matrix(samples, dimension, draw);
        Gradients {
            sum: LeastSquares::new(features, gaussian(samples, draw)),
            at: gaussian(dimension, draw),
        }
    })
}

fn patients() -> Family<Gradients> {
    Family::single("diabetes", || {
        let data = diabetes();
        Gradients {
            sum: LeastSquares::new(data.features, data.targets).named("diabetes"),
            at: Vector::zeros(10),
        }
    })
}

/// The predicted variance as a multiple of s², and how it is written.
#[derive(Clone, Copy)]
struct Factor {
    of: fn(f64, f64) -> f64,
    written: &'static str,
}

const CORRECTED: Factor = Factor {
    of: |batch, samples| (samples - batch) / (batch * (samples - 1.0)),
    written: "(n − b)/(b (n − 1))",
};
const PLAIN: Factor = Factor { of: plain, written: "1/b with replacement" };
const UNCORRECTED: Factor = Factor { of: plain, written: "1/b without replacement" };

/// 1/b
fn plain(batch: f64, _samples: f64) -> f64 {
    1.0 / batch
}

fn uniform_batches() -> [Hypothesis<Gradients>; 2] {
    [
        Hypothesis::by_construction(
            "uniform batches",
            "every batch once, or drawn uniformly from the block's generator",
        ),
        Hypothesis::new("more samples than one", |i: &Gradients, _| {
            Check::at_least(i.samples() as f64, 2.0, "n")
        }),
    ]
}

/// The mean over all batches.
fn enumerated(name: &str, sampling: Sampling, factor: Factor) -> Claim<Gradients> {
    let formula = format!("mean over all batches |g_B − ∇f|² = s² {}", factor.written);
    Claim::identity(name, &formula, TOLERANCE)
        .assuming(uniform_batches())
        .measuring_each(move |i: &Gradients| {
            let (mean, variance) = (i.sum.gradient_at(&i.at), i.variance());
            Readings::over(1..=i.samples(), |batch| {
                let gradients = i.batches(batch, sampling);
                let squares = gradients.iter().map(|g| (g - &mean).norm_squared());
                let measured = squares.sum::<f64>() / gradients.len() as f64;
                Reading::new(measured, ROUNDING * variance)
            })
        })
        .predicting(move |i, batch| (factor.of)(batch, i.samples() as f64) * i.variance())
}

/// Entry by entry, for half of the samples, against what the mini-batch says of itself.
fn covariance(name: &str, sampling: Sampling) -> Claim<Gradients> {
    let formula = "mean over all batches (g_B − ∇f)(g_B − ∇f)ᵀ = factor(b, n) S";
    let half = |i: &Gradients| i.samples().div_ceil(2);
    Claim::identity(name, formula, TOLERANCE)
        .assuming(uniform_batches())
        .measuring_each(move |i: &Gradients| {
            let mean = i.sum.gradient_at(&i.at);
            let gradients = i.batches(half(i), sampling);
            let mut measured = Matrix::zeros(mean.len(), mean.len());
            for gradient in &gradients {
                let deviation = gradient - &mean;
                measured += &deviation * deviation.transpose() / gradients.len() as f64;
            }
            Readings::over(0..measured.len(), |entry| {
                Reading::new(measured[entry], ROUNDING * i.variance())
            })
        })
        .predicting_from(
            move |i| MiniBatch::new(i.sum.clone(), half(i), sampling).covariance(&i.at),
            |covariance, entry| covariance[entry as usize],
        )
}

fn unbiased(name: &str, sampling: Sampling) -> Claim<Gradients> {
    Claim::identity(name, "|mean over all batches g_B − ∇f| = 0", TOLERANCE)
        .assuming(uniform_batches())
        .measuring_each(move |i: &Gradients| {
            let gradient = i.sum.gradient_at(&i.at);
            Readings::over(1..=i.samples(), |batch| {
                let gradients = i.batches(batch, sampling);
                let mean = gradients.iter().sum::<Vector>() / gradients.len() as f64;
                Reading::new((mean - &gradient).norm(), ROUNDING)
            })
        })
        .predicting(|_, _| 0.0)
}

/// Batches drawn at random.
fn sampled(name: &str, sampling: Sampling, factor: Factor) -> TrialClaim<Gradients> {
    const BATCHES: [usize; 4] = [4, 16, 64, 221];
    Claim::expected_value(name, &format!("E|g_B − ∇f|² = s² {}", factor.written), 0.1)
        .trials(1 << 16)
        .assuming(uniform_batches())
        .second_moment_at_most(|i: &Gradients, batch| i.fourth_moment(batch))
        .sampling(move |i: &Gradients, block| {
            let trials = block.trials();
            let at = Ensemble::repeat(&i.at, trials);
            let gradient = i.sum.gradient_at(&i.at);
            let rows = BATCHES.map(|batch| {
                let oracle = MiniBatch::new(i.sum.clone(), batch, sampling);
                let mut drawn = at.clone();
                oracle.sample(&at, block.generator(), &mut drawn);
                distances_squared(&drawn, &gradient)
            });
            Sample::new(BATCHES, rows)
        })
        .predicting(move |i, batch| (factor.of)(batch, i.samples() as f64) * i.variance())
}

/// |x - `to`|² for each trial.
fn distances_squared(points: &Ensemble, to: &Vector) -> Vec<f64> {
    let mut squares = vec![0.0; points.trials()];
    for (coordinate, centre) in to.iter().enumerate() {
        for (square, number) in squares.iter_mut().zip(points.coordinate(coordinate)) {
            *square += (number - centre).powi(2);
        }
    }
    squares
}
