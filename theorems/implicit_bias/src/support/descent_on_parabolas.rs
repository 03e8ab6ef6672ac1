//! SGD on finite sums of parabolas.

use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity};
use theoria_models::flatness::SampleCurvatures;
use theoria_models::numerics::{maximum, minimum};
use theoria_models::objectives::ParabolaSum;
use theoria_models::stochastic::{FiniteSum, MiniBatch, Noisy, Sampling, every_batch};
use theoria_models::{Ensemble, Vector};
use theoria_verification::{Block, Case, Constant, Family, Sample};

/// The finite sum of these curvatures.
pub(crate) fn parabolas(curvatures: &SampleCurvatures) -> ParabolaSum {
    ParabolaSum::centred(curvatures.as_slice())
}

/// SGD with batches drawn without replacement.
pub(crate) struct Run {
    pub(crate) curvatures: SampleCurvatures,
    pub(crate) batch: usize,
    pub(crate) step: f64,
}

impl AsRef<SampleCurvatures> for Run {
    fn as_ref(&self) -> &SampleCurvatures {
        &self.curvatures
    }
}

impl Run {
    pub(crate) fn case(
        numbers: &[f64],
        batch: usize,
        step: impl Fn(&SampleCurvatures) -> f64,
    ) -> Case<Self> {
        let curvatures = SampleCurvatures::new(numbers.to_vec());
        let step = step(&curvatures);
        let constants = [
            Constant::exact("sharpness", curvatures.mean()),
            Constant::exact("s²", curvatures.variance()),
            Constant::exact("η of the mean square", curvatures.mean_square_threshold(batch)),
        ];
        let words = format!("curvatures {numbers:?}, batches of {batch}, η = {step:.4}");
        constants.into_iter().fold(Case::new(words, Run { curvatures, batch, step }), Case::with)
    }

    /// The largest |1 − η a_B|, by enumeration.
    pub(crate) fn largest_factor(&self) -> f64 {
        self.factors().into_iter().fold(0.0, maximum)
    }

    /// The smallest |1 − η a_B|.
    pub(crate) fn least_factor(&self) -> f64 {
        self.factors().into_iter().fold(f64::INFINITY, minimum)
    }

    fn factors(&self) -> Vec<f64> {
        let (f, one) = (parabolas(&self.curvatures), Vector::from_element(1, 1.0));
        let batches = every_batch(f.samples(), self.batch, Sampling::WithoutReplacement);
        let slopes = batches.iter().map(|chosen| f.batch_gradient(chosen, &one)[0]);
        slopes.map(|slope| (1.0 - self.step * slope).abs()).collect()
    }

    /// E (1 − η a_B)².
    pub(crate) fn factor(&self) -> f64 {
        self.curvatures.mean_square_factor(self.step, self.batch)
    }

    /// x after each number of steps, from x = 1.
    pub(crate) fn sample(&self, steps: &[usize], block: &mut Block) -> Sample {
        let start = Ensemble::repeat(&Vector::from_element(1, 1.0), block.trials());
        let sampling = Sampling::WithoutReplacement;
        let batches = MiniBatch::new(parabolas(&self.curvatures), self.batch, sampling);
        let noisy = Noisy::new(&batches, block.generator());
        let method = GradientDescent::new(self.step);
        let run = EnsembleRun::of(method, &noisy, start, steps, &[Quantity::coordinate(0)]);
        Sample::new(steps, run.table(0).to_vec())
    }
}

/// Curvatures shared unevenly, with step sizes of this multiple of the mean-square threshold.
pub(crate) fn runs(name: &str, multiple: f64) -> Family<Case<Run>> {
    let five = vec![0.5, 1.0, 1.5, 3.0, 6.0];
    let uneven = [(vec![0.2, 3.8], 1), (five.clone(), 1), (five.clone(), 2), (five, 4)];
    Family::listed(name, uneven, move |(numbers, batch)| {
        Run::case(numbers, *batch, |all| multiple * all.mean_square_threshold(*batch))
    })
}
