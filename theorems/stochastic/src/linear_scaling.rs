#![doc = include_str!("linear_scaling.md")]

use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity};
use theoria_elementary::{log2, powf};
use theoria_instances::families::{gaussian, gaussian_matrix};
use theoria_models::numerics::maximum;
use theoria_models::objectives::LeastSquares;
use theoria_models::stochastic::{
    MiniBatch, MomentMap, Noisy, Sampling, SecondMoments, gradient_maps,
};
use theoria_models::{Ensemble, Matrix, Objective, Property, Vector};
use theoria_verification::{
    Check, Claim, Constant, Content, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Sample, Theorem, TrialClaim,
};

use crate::support::{CentredMap, CentredMoments, FourthMap, FourthMoments};

/// The batch, and how many times it is enlarged.
const BATCH: usize = 2;
const FACTOR: usize = 4;
/// Step sizes of the exact curves are 2^-k/L for k from 6 to this.
const FINEST: u32 = 18;
/// The curves are compared at multiples of 1/(4L) up to 8/L.
const TIMES: usize = 32;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let means = curves("curves_of_means", "|E x − E x'|", distance_of_means).on(samples());
    let faster = means
        .restated("curves_of_means_come_together_faster", "max over t of |E x − E x'| ~ h^1.2")
        .predicting(|_, inverse| powf(inverse, -1.2));
    let larger_variance = larger_variance();
    let smaller_variance = larger_variance
        .restated(
            "variance_grows_two_percent_less",
            "V'(t)/V(t) = 0.98 m, x' with m h and b, as h → 0",
        )
        .on(samples())
        .predicting(|_, _| 0.98 * FACTOR as f64);
    let lag = lag();
    let no_lag = lag
        .restated("no_lag", "|E x'(t)| = |E x(t)|, x' with √m h and m b, as h → 0")
        .on(samples())
        .predicting_from(
            |i| i.curve(FINEST, BATCH),
            |fine, quarters| fine[quarters as usize - 1].mean().norm(),
        );
    Theorem::new("stochastic/linear_scaling", include_str!("linear_scaling.md"))
        .uses(
            "stochastic/sgd_noise_floor",
            "the variance of a mode depends on step and batch by their ratio, for small steps",
        )
        .uses("stochastic/minibatch_variance", "the variance of a batch drawn with replacement")
        .claim(means)
        .claim(curves("curves_of_variances", "|V − V'|/max V", distance_of_variances).on(samples()))
        .claim(
            trials("larger_batches_with_larger_steps", SMALL, linear).on(samples()),
        )
        .claim(larger_variance.on(samples()))
        .claim(lag.on(samples()))
        .control(
            trials("beyond_one_over_l", Scaled { small: 0.5, ..SMALL }, linear)
                .violating(SMALL_STEPS)
                .on(samples()),
        )
        .control(
            trials(
                "larger_steps_alone",
                Scaled { batch: BATCH, rule: ", x' with m h and b", ..SMALL },
                linear,
            )
            .on(samples()),
        )
        .control(
            trials(
                "steps_scaled_by_the_root",
                Scaled { rule: ", x' with √m h and m b", ..SMALL },
                |m| (m as f64).sqrt(),
            )
            .on(samples()),
        )
        .control(faster)
        .control(smaller_variance)
        .control(no_lag)
        .figure(
            Figure::log_log("distance", "1/(h L)", "distance of the curves")
                .of("curves_of_means")
                .of("curves_of_variances")
                .caption("The curves of mean and variance come together like h."),
        )
        .figure(
            Figure::semilog("batches", "time t = n h, in units of 1/L", "E|x − x*|²")
            .caption(
                "Batch and step size enlarged together leave the curve as it is, until the step \
                 size reaches 1/L.",
            )
            .showing(batches),
        )
}

/// Least squares with its exact moments.
struct Scaling {
    sum: LeastSquares,
    minimiser: Vector,
    /// See [`gradient_maps`].
    maps: Vec<Matrix>,
    smoothness: f64,
}

impl Scaling {
    fn new(sum: LeastSquares) -> Self {
        let minimiser = sum.nearest_minimiser(&Vector::zeros(sum.dimension()));
        let Some(minimiser) = minimiser else {
            panic!("least squares know their minimiser");
        };
        Scaling {
            maps: gradient_maps(&sum, &minimiser),
            minimiser,
            smoothness: sum.required(Property::Smoothness),
            sum,
        }
    }

    /// x_0 - x*.
    fn offset(&self) -> Vector {
        Vector::from_element(self.minimiser.len(), 1.0)
    }

    /// The moments after each quarter of 1/L up to [`TIMES`], for steps of 2^-k/L.
    fn curve(&self, k: u32, batch: usize) -> Vec<CentredMoments> {
        let h = 0.5f64.powi(k as i32) / self.smoothness;
        let quarter = CentredMap::of_batches(&self.maps, h, batch).doubled(k - 2);
        std::iter::successors(Some(CentredMoments::at(&self.offset())), |now| {
            Some(quarter.after(now))
        })
        .skip(1)
        .take(TIMES)
        .collect()
    }

    /// The moments after n steps.
    fn after(&self, h: f64, batch: usize, steps: usize) -> SecondMoments {
        let step = MomentMap::of_batches(&self.maps, h, batch);
        step.times(steps).after(&SecondMoments::at(&self.offset()))
    }
}

impl Instance for Scaling {
    fn description(&self) -> String {
        self.sum.describe()
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("L", self.smoothness)]
    }
}

fn samples() -> Family<Scaling> {
    Family::drawn("least squares, 12 samples", draw_samples)
}

fn draw_samples(draw: &mut Draw) -> Scaling {
    let dimension = draw.size(1..=3);
    let features = gaussian_matrix(12, dimension, draw);
    Scaling::new(LeastSquares::new(features, gaussian(12, draw)))
}

fn distance_of_means(fine: &[CentredMoments], coarse: &[CentredMoments]) -> f64 {
    let pairs = fine.iter().zip(coarse);
    let distances = pairs.map(|(fine, coarse)| (fine.mean() - coarse.mean()).norm());
    distances.fold(0.0, maximum)
}

fn distance_of_variances(fine: &[CentredMoments], coarse: &[CentredMoments]) -> f64 {
    let most = fine.iter().map(CentredMoments::variance).fold(0.0, maximum);
    let pairs = fine.iter().zip(coarse);
    let distances = pairs.map(|(fine, coarse)| (fine.variance() - coarse.variance()).abs() / most);
    distances.fold(0.0, maximum)
}

/// Exact curves of (h, b) and (m h, m b).
fn curves(
    name: &str,
    what: &str,
    distance: fn(&[CentredMoments], &[CentredMoments]) -> f64,
) -> Claim<Scaling> {
    let formula = format!("max over t of {what} ~ h");
    Claim::exponent(name, &formula)
        .assuming([independent_batches()])
        .measuring((6..=FINEST).map(|k| 2f64.powi(k as i32)), move |i: &Scaling, inverses| {
            inverses.read(|inverse| {
                let k = log2(inverse) as u32;
                let fine = i.curve(k, BATCH);
                let coarse = i.curve(k - FACTOR.ilog2(), FACTOR * BATCH);
                // Moments are exact up to ε times the number of steps.
                Reading::new(distance(&fine, &coarse), 100.0 * f64::EPSILON * inverse)
            })
        })
        .predicting(|_, inverse| 1.0 / inverse)
}

/// Exact, with the finest steps, which leave about 1e-4 of the limit.
fn larger_variance() -> Claim<Scaling> {
    let formula = "V'(t)/V(t) = m, x' with m h and b, as h → 0";
    Claim::identity("variance_of_larger_steps_alone", formula, 2e-3)
        .assuming([independent_batches()])
        .measuring_each(|i: &Scaling| {
            let fine = i.curve(FINEST, BATCH);
            let coarse = i.curve(FINEST - FACTOR.ilog2(), BATCH);
            Readings::over(1..=TIMES, |quarters| {
                let at = quarters - 1;
                Reading::from(coarse[at].variance() / fine[at].variance())
            })
        })
        .predicting(|_, _| FACTOR as f64)
}

/// n/m steps of √m h lead as far as n/√m steps of h.
fn lag() -> Claim<Scaling> {
    let formula = "|E x'(t)| = |E x(t/√m)|, x' with √m h and m b, as h → 0";
    Claim::identity("mean_of_steps_scaled_by_the_root", formula, 1e-3)
        .assuming([independent_batches()])
        .measuring_each(|i: &Scaling| {
            let root = FACTOR.ilog2() / 2;
            // Its own time is t/√m.
            let scaled = i.curve(FINEST - root, FACTOR * BATCH);
            let later = 1 << root;
            Readings::over((1..=TIMES / later).map(|quarters| later * quarters), |quarters| {
                Reading::from(scaled[quarters / later - 1].mean().norm())
            })
        })
        .predicting_from(
            |i| i.curve(FINEST, BATCH),
            |fine, quarters| {
                let later = 1 << (FACTOR.ilog2() / 2);
                fine[quarters as usize / later - 1].mean().norm()
            },
        )
}

const SMALL_STEPS: &str = "small steps";

/// Two runs to be compared: the step size before it is enlarged, times L, and the batch after that.
#[derive(Debug, Clone, Copy)]
struct Scaled {
    small: f64,
    batch: usize,
    /// What the formula says of another rule.
    rule: &'static str,
}

const SMALL: Scaled = Scaled { small: 0.01, batch: FACTOR * BATCH, rule: "" };

/// m h L is at most 1/10.
fn small_steps(scaled: Scaled) -> Hypothesis<Scaling> {
    Hypothesis::new(SMALL_STEPS, move |_, _| {
        Check::at_most(scaled.small * FACTOR as f64, 0.1, "m h L")
    })
}

fn independent_batches() -> Hypothesis<Scaling> {
    Hypothesis::by_construction(
        "independent batches with replacement",
        "fresh samples from the block's generator in every step; exact moments of such steps",
    )
}

fn linear(factor: usize) -> f64 {
    factor as f64
}

/// Trials with enlarged batches against the exact moments with small ones: the mean square distance from the
/// exact mean is the variance, and more if the means differ.
fn trials(name: &str, scaled: Scaled, enlarged: fn(usize) -> f64) -> TrialClaim<Scaling> {
    const LATEST: [usize; 3] = [2, 4, 8];
    let small = scaled.small;
    // Numbers of enlarged steps up to t = 2/L, 4/L, 8/L.
    let steps = LATEST.map(|t| (t as f64 / (small * FACTOR as f64)).ceil() as usize);
    let formula = format!("E|x'(t) − E x(t)|² = E|x(t) − E x(t)|²{}", scaled.rule);
    Claim::expected_value(name, &formula, 0.2)
        .assuming([small_steps(scaled), independent_batches()])
        .trials(1 << 15)
        .second_moment_at_most(move |i, n| {
            let h = small / i.smoothness;
            let map = FourthMap::of_batches(&i.maps, h * enlarged(FACTOR), scaled.batch);
            let start = FourthMoments::at(&i.offset().push(1.0));
            let end = (0..n as usize).fold(start, |moments, _| moments.after(&map));
            let mean = i.after(h, BATCH, n as usize * FACTOR).mean();
            let mut centre = Matrix::identity(mean.len() + 1, mean.len() + 1);
            centre.view_mut((0, mean.len()), (mean.len(), 1)).copy_from(&-&mean);
            end.after(&FourthMap::mean_of(&[centre])).square_of_norm(mean.len())
        })
        .sampling(move |i: &Scaling, block| {
            let h = small / i.smoothness;
            let oracle = MiniBatch::new(i.sum.clone(), scaled.batch, Sampling::WithReplacement);
            let start = Ensemble::repeat(&(&i.minimiser + i.offset()), block.trials());
            let noisy = Noisy::new(&oracle, block.generator());
            let distances = steps.map(|n| {
                let mean = i.after(h, BATCH, n * FACTOR).mean();
                Quantity::distance_squared(&i.minimiser + mean)
            });
            let method = GradientDescent::new(h * enlarged(FACTOR));
            let run = EnsembleRun::of(method, &noisy, start, &steps, &distances);
            let rows = (0..steps.len()).map(|j| run.at(j, j).to_vec());
            Sample::new(steps, rows)
        })
        .predicting(move |i, n| {
            let steps = n as usize * FACTOR;
            i.after(small / i.smoothness, BATCH, steps).variance()
        })
}

fn batches(draw: &mut Draw, effort: Effort) -> Content {
    const SMALLEST: f64 = 1.0 / 64.0;
    let trials = 512 * effort.trials_factor();
    let features = gaussian_matrix(12, 2, draw);
    let i = Scaling::new(LeastSquares::new(features, gaussian(12, draw)));
    let mut lines: Vec<Line> = [1usize, 8, 32, 64, 128]
        .into_iter()
        .map(|factor| {
            let h = SMALLEST * factor as f64;
            let steps: Vec<usize> = (0..=(12.0 / h) as usize).collect();
            let oracle = MiniBatch::new(i.sum.clone(), factor, Sampling::WithReplacement);
            let start = Ensemble::repeat(&(&i.minimiser + i.offset()), trials);
            let noisy = Noisy::new(&oracle, draw.generator());
            let distance = [Quantity::distance_squared(i.minimiser.clone())];
            let method = GradientDescent::new(h / i.smoothness);
            let run = EnsembleRun::of(method, &noisy, start, &steps, &distance);
            let points = steps.iter().zip(run.table(0)).map(|(n, squares)| {
                let mean = squares.iter().sum::<f64>() / squares.len() as f64;
                (*n as f64 * h, mean)
            });
            Line::measured(&format!("h L = {h}, b = {factor}"), points)
        })
        .collect();
    let step = MomentMap::of_batches(&i.maps, SMALLEST / i.smoothness, 1);
    let exact =
        std::iter::successors(Some(SecondMoments::at(&i.offset())), |now| Some(step.after(now)));
    let exact = exact.enumerate().take(12 * 64 + 1);
    let exact = exact.map(|(n, moments)| (n as f64 * SMALLEST, moments.distance_squared()));
    lines.push(Line::predicted("exact, h L = 1/64, b = 1", exact));
    Content::Lines { lines }
}
