#![doc = include_str!("label_noise.md")]

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Quantity, Trajectory};
use theoria_models::networks::ScalarChain;
use theoria_models::numerics::bisect;
use theoria_models::stochastic::{LabelLaw, LabelNoise, Noisy, Perturbed};
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{
    Check, Claim, Constant, Content, Curve, Family, Figure, Group, Hypothesis, Instance, Line,
    Reading, Sample, Side, Theorem, TrialClaim,
};

/// Steps of a rung of a ladder are half as large as those of the one before.
const RUNGS: i32 = 6;
/// The share of x² − y² that is left on each rung is e^(−TIME).
const TIME: f64 = 0.125;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let mean = position(
        "mean_follows_the_corrected_equation",
        "E s_n = s(n)",
        Drive::Labels,
        Coordinate::Height,
        corrected,
    )
    .on(valleys());
    let faster = mean
        .restated("drift_is_faster_by_a_twentieth", "E s_n = s(1.05 n)")
        .predicting(|valley, n| corrected(valley, 1.05 * n));
    let in_the_step = speed("speed_is_quadratic_in_the_step", |rung| Valley::new(0.04 * rung, 1.0));
    let steeper_in_the_step = in_the_step
        .restated("speed_is_steeper_in_the_step", "E (s_0 − s_n)/n ~ η^2.2 (1 + O(η))")
        .predicting(|_, rung| speed_of(&Valley::new(0.04 * rung, 1.0)) * rung.powf(0.2));
    let in_the_noise = speed("speed_is_quadratic_in_the_noise", |rung| Valley::new(0.04, rung));
    let steeper_in_the_noise = in_the_noise
        .restated("speed_is_steeper_in_the_noise", "E (s_0 − s_n)/n ~ σ^2.2")
        .predicting(|_, rung| speed_of(&Valley::new(0.04, rung)) * rung.powf(0.2));
    let first_order = first_order("leading_equation_is_off_in_first_order");
    let second_order = first_order
        .restated(
            "leading_equation_is_off_in_order_one_and_a_half",
            "leading s(n) − E s_n ~ η^1.5 for n = 1/(8η²σ²)",
        )
        .predicting(|_, rung| off_by(&Valley::new(0.04 * rung, 1.0)) * rung.powf(0.5));
    Theorem::new("implicit_bias/label_noise", include_str!("label_noise.md"))
        .claim(shrinking("difference_of_squares_shrinks_exactly", "x² − y² is multiplied by 1 − η²g² at each step", |eta, g| 1.0 - (eta * g).powi(2)))
        .claim(mean)
        .claim(keeping("every_run_keeps_to_the_curve", "P(|s_n − s(n)| ≤ 0.04) ≥ 0.95, n = 1/(η²σ²)", Drive::Labels))
        .claim(in_the_step)
        .claim(in_the_noise)
        .claim(first_order)
        .control(faster)
        .control(steeper_in_the_step)
        .control(steeper_in_the_noise)
        .control(second_order)
        .control(shrinking("difference_of_squares_is_kept", "x² − y² stays", |_, _| 1.0))
        .control(position("leading_equation_at_finite_step", "E s_n = s(n) of the leading equation", Drive::Labels, Coordinate::Height, leading).on(coarse_valley()))
        .control(position("logarithm_of_the_ratio_as_coordinate", "E log(x/y)/2 = s(n)", Drive::Labels, Coordinate::Ratio, corrected).on(coarse_valley()))
        .control(position("drift_without_noise", "gradient descent: s_n = s(n)", Drive::Nothing, Coordinate::Height, corrected).on(coarse_valley()))
        .control(position("drift_to_sharper_minima", "E s_n = 2 s(0) − s(n)", Drive::Labels, Coordinate::Height, |v, n| 2.0 * v.start - corrected(v, n)).on(coarse_valley()))
        .control(keeping("isotropic_noise_keeps_to_it", "isotropic noise: P(|s_n − s(n)| ≤ 0.04) ≥ 0.95, n = 1/(η²σ²)", Drive::Isotropic))
        .figure(
            Figure::linear("position", "step n", "mean position s along the hyperbola")
                .of("mean_follows_the_corrected_equation")
                .of("leading_equation_at_finite_step")
                .caption("Label noise carries the iterates to the flattest minimiser, s = 0; the leading equation lags behind."),
        )
        .figure(
            Figure::linear("hyperbola", "x", "y")
                .caption(
                    "One run with label noise drifts down the curve of minimisers to x = y = 1, past the places that the \
                     corrected equation foretells.",
                )
                .showing(|draw, _| hyperbola(draw.generator())),
        )
}

/// f = (xy − 1)²/2 with fresh label noise.
#[derive(Debug, Clone, Copy)]
struct Valley {
    eta: f64,
    sigma: f64,
    /// s at the start, a minimiser.
    start: f64,
    law: LabelLaw,
}

impl Valley {
    fn new(eta: f64, sigma: f64) -> Self {
        Valley { eta, sigma, start: 1.0, law: LabelLaw::Signs }
    }

    /// Steps in which e^(−time) is the share left of x² − y².
    fn steps(&self, time: f64) -> usize {
        (time / (self.eta * self.sigma).powi(2)).round() as usize
    }

    fn minimiser(&self) -> Vector {
        Vector::from_vec(vec![self.start.exp(), (-self.start).exp()])
    }

    /// Between which s stays. With labels 1 ± σ, σ ≤ 1 and η ≤ 0.04 the residual xy − 1 stays within ±3: beyond 2 it falls by
    /// ηh(|xy − 1| − σ), h = x² + y² ≥ 2|xy|, and rises by η²g²|xy| at most, which is less. So |g| ≤ 4, each step multiplies x² − y²
    /// by 1 − η²g² in (0, 1), and s stays between 0 and its start.
    fn range(&self) -> (f64, f64) {
        match self.law {
            LabelLaw::Signs if self.sigma <= 1.0 && self.eta <= 0.04 => (0.0, self.start),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    /// Runs from the minimiser, driven by this.
    fn run(
        &self,
        drive: Drive,
        trials: usize,
        checkpoints: &[usize],
        quantities: &[Quantity<'_>],
        random: &mut impl Rng,
    ) -> EnsembleRun {
        let (chain, method) = (ScalarChain::new(2), GradientDescent::new(self.eta));
        let start = Ensemble::repeat(&self.minimiser(), trials);
        match drive {
            Drive::Labels => {
                let labels = LabelNoise::new(chain, 1, self.sigma, self.law);
                let noisy = Noisy::new(&labels, random);
                EnsembleRun::of(method, &noisy, start, checkpoints, quantities)
            }
            Drive::Isotropic => {
                let isotropic = Perturbed::additive(chain, self.sigma * 2f64.sqrt());
                let noisy = Noisy::new(&isotropic, random);
                EnsembleRun::of(method, &noisy, start, checkpoints, quantities)
            }
            Drive::Nothing => EnsembleRun::of(method, &chain, start, checkpoints, quantities),
        }
    }
}

impl Instance for Valley {
    fn description(&self) -> String {
        let labels = match self.law {
            LabelLaw::Signs => "labels 1 ± σ",
            LabelLaw::Gaussian => "normal labels",
        };
        format!("(xy − 1)²/2 from the minimiser s = {}, {labels}", self.start)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("η", self.eta), Constant::exact("σ", self.sigma)]
    }
}

/// What drives the iterates.
#[derive(Debug, Clone, Copy)]
enum Drive {
    /// Noise of the label.
    Labels,
    /// Independent normal noise of each coordinate of the gradient.
    Isotropic,
    /// The gradient alone.
    Nothing,
}

fn starts_at_a_minimiser() -> Hypothesis<Valley> {
    Hypothesis::new("start at a minimiser", |valley: &Valley, _| {
        Check::at_most(ScalarChain::new(2).value(&valley.minimiser()), 1e-30, "loss at the start")
    })
}

fn stable() -> Hypothesis<Valley> {
    Hypothesis::new("stable step size", |valley: &Valley, _| {
        let sharpness = ScalarChain::new(2).sharpness(&valley.minimiser());
        Check::at_most(valley.eta * sharpness, 2.0, "η λ_max")
    })
}

fn fresh_labels() -> Hypothesis<Valley> {
    let why = "every step draws the label anew; a test of the models checks its moments";
    Hypothesis::by_construction("independent label noise of mean 0", why)
}

fn valleys() -> Family<Valley> {
    let fine = Valley::new(0.02, 0.5);
    let normal = Valley { law: LabelLaw::Gaussian, ..Valley::new(0.04, 0.5) };
    let all = [fine, Valley::new(0.04, 0.5), Valley::new(0.04, 1.0), normal];
    Family::listed("hyperbola", all, |valley| *valley)
}

fn coarse_valley() -> Family<Valley> {
    Family::single("hyperbola", || Valley::new(0.04, 1.0))
}

/// Where an iterate is along the hyperbola.
#[derive(Debug, Clone, Copy)]
enum Coordinate {
    /// s = arsinh((x² − y²)/2)/2, which is s at the minimiser (e^s, e^−s).
    Height,
    /// log(x/y)/2, which is s there as well.
    Ratio,
}

impl Coordinate {
    fn of(self, x: f64, y: f64) -> f64 {
        match self {
            Coordinate::Height => ((x * x - y * y) / 2.0).asinh() / 2.0,
            Coordinate::Ratio => (x / y).ln() / 2.0,
        }
    }

    fn quantity(self) -> Quantity<'static> {
        Quantity::new(move |w, into| {
            let pairs = w.coordinate(0).iter().zip(w.coordinate(1));
            into.iter_mut().zip(pairs).for_each(|(seen, (x, y))| *seen = self.of(*x, *y));
        })
    }
}

/// s after n steps by ds/dn = −(η²σ²/2) tanh 2s.
fn leading(valley: &Valley, n: f64) -> f64 {
    let left = (-n * (valley.eta * valley.sigma).powi(2)).exp();
    ((2.0 * valley.start).sinh() * left).asinh() / 2.0
}

/// s after n steps by ds/dn = −(η²σ²/2) tanh 2s/(1 − η cosh 2s), whose n(s) is known.
fn corrected(valley: &Valley, n: f64) -> f64 {
    let Valley { eta, sigma, start, .. } = *valley;
    let clock = |s: f64| (2.0 * s).sinh().ln() - eta * (s.tanh().ln() + (2.0 * s).cosh());
    let end = clock(start) - n * (eta * sigma).powi(2);
    bisect(0.0, start, 0.0, |s| clock(s) < end).1
}

/// The library's stochastic gradients; g is read off the steps.
fn shrinking(name: &str, formula: &str, factor: fn(f64, f64) -> f64) -> Claim<Valley> {
    Claim::identity(name, formula, 1e-9)
        .assuming([starts_at_a_minimiser(), fresh_labels()])
        .on(valleys())
        .drawing_experiment(move |valley, draw| {
            let source = LabelNoise::new(ScalarChain::new(2), 1, valley.sigma, valley.law);
            let oracle = Noisy::new(&source, draw.generator());
            let method = GradientDescent::new(valley.eta);
            let run = Trajectory::of(method, &oracle, &valley.minimiser(), 400);
            let points = run.points();
            let difference = |w: &Vector| w[0] * w[0] - w[1] * w[1];
            let factors = points.windows(2).map(|pair| {
                let g = (pair[0][0] - pair[1][0]) / (valley.eta * pair[0][1]);
                factor(valley.eta, g)
            });
            let predicted: Vec<f64> = factors
                .scan(difference(&points[0]), |left, factor| {
                    *left *= factor;
                    Some(*left)
                })
                .collect();
            let measured = |n: usize| {
                let floor = 1e-15 * n as f64 * points[n].norm_squared();
                Reading::new(difference(&points[n]), floor)
            };
            Curve::over(1..points.len(), measured, |n| predicted[n - 1])
        })
}

fn position(
    name: &str,
    formula: &str,
    drive: Drive,
    coordinate: Coordinate,
    predicted: fn(&Valley, f64) -> f64,
) -> TrialClaim<Valley> {
    Claim::expected_value(name, formula, 0.005)
        .assuming([starts_at_a_minimiser(), stable(), fresh_labels()])
        .trials(8192)
        .sampling(move |valley: &Valley, block| {
            let checkpoints = [0.25, 0.5, 1.0].map(|time| valley.steps(time));
            let (trials, seen) = (block.trials(), [coordinate.quantity()]);
            let run = valley.run(drive, trials, &checkpoints, &seen, block.generator());
            Sample::new(checkpoints, run.table(0).to_vec())
        })
        .ranging(move |valley, _| match (drive, coordinate) {
            (Drive::Labels, Coordinate::Height) => valley.range(),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        })
        .predicting(predicted)
}

fn keeping(name: &str, formula: &str, drive: Drive) -> TrialClaim<Valley> {
    Claim::probability(name, formula, Side::AtLeast)
        .assuming([starts_at_a_minimiser(), stable(), fresh_labels()])
        .trials(1024)
        .on(coarse_valley())
        .sampling(move |valley: &Valley, block| {
            let n = valley.steps(1.0);
            let curve = corrected(valley, n as f64);
            let (trials, seen) = (block.trials(), [Coordinate::Height.quantity()]);
            let run = valley.run(drive, trials, &[n], &seen, block.generator());
            Sample::at(n, run.at(0, 0).to_vec()).events(|_, s| (s - curve).abs() <= 0.04)
        })
        .predicting(|_, _| 0.95)
}

/// The rungs, and one trial of each by `rung`.
fn ladder(
    name: &str,
    formula: &str,
    valley_of: impl Fn(f64) -> Valley + Send + Sync + Copy + 'static,
    measured: fn(&Valley, f64, usize) -> f64,
) -> TrialClaim<Valley> {
    let rungs = (0..RUNGS).map(|k| 0.5f64.powi(k)).collect::<Vec<_>>();
    Claim::expected_exponent(name, formula)
        .assuming([starts_at_a_minimiser(), stable(), fresh_labels()])
        .trials(256)
        .on(Family::single("hyperbola", move || valley_of(1.0)))
        .sampling(move |_, block| {
            let trials = block.trials();
            let rows = rungs.iter().map(|&rung| {
                let valley = valley_of(rung);
                let (n, seen) = (valley.steps(TIME), [Coordinate::Height.quantity()]);
                let run = valley.run(Drive::Labels, trials, &[n], &seen, block.generator());
                run.at(0, 0).iter().map(|s| measured(&valley, *s, n)).collect()
            });
            Sample::new(rungs.iter().copied(), rows.collect::<Vec<Vec<f64>>>())
        })
        .predicting(move |_, rung| {
            let valley = valley_of(rung);
            let n = valley.steps(TIME);
            measured(&valley, corrected(&valley, n as f64), n)
        })
}

fn speed(
    name: &str,
    valley_of: impl Fn(f64) -> Valley + Send + Sync + Copy + 'static,
) -> TrialClaim<Valley> {
    ladder(name, "E (s_0 − s_n)/n ~ η²σ² (1 + O(η))", valley_of, |valley, s, n| {
        (valley.start - s) / n as f64
    })
}

/// The mean speed on a rung.
fn speed_of(valley: &Valley) -> f64 {
    let n = valley.steps(TIME) as f64;
    (valley.start - corrected(valley, n)) / n
}

fn first_order(name: &str) -> TrialClaim<Valley> {
    ladder(
        name,
        "leading s(n) − E s_n ~ η for n = 1/(8η²σ²)",
        |rung| Valley::new(0.04 * rung, 1.0),
        |valley, s, n| leading(valley, n as f64) - s,
    )
    .within(0.1)
}

/// What the leading equation misses on a rung.
fn off_by(valley: &Valley) -> f64 {
    let n = valley.steps(TIME) as f64;
    leading(valley, n) - corrected(valley, n)
}

fn hyperbola(generator: &mut impl Rng) -> Content {
    const MARKS: usize = 8;
    let valley = Valley { start: 1.2, ..Valley::new(0.02, 0.5) };
    let part = valley.steps(0.25);
    let checkpoints: Vec<usize> = (0..=MARKS * part).step_by(100).collect();
    let seen = [Quantity::coordinate(0), Quantity::coordinate(1)];
    let run = valley.run(Drive::Labels, 1, &checkpoints, &seen, generator);
    let seen = (0..checkpoints.len()).map(|k| (run.at(0, k)[0], run.at(1, k)[0]));
    let seen: Vec<(f64, f64)> = seen.collect();
    let places = (0..=MARKS).map(|mark| {
        let s = corrected(&valley, (mark * part) as f64);
        (s.exp(), (-s).exp())
    });
    let curve = (-6..=26).map(|i| {
        let s = f64::from(i) / 20.0;
        (s.exp(), (-s).exp())
    });
    Content::Points {
        groups: vec![
            Group::new("iterates, every 100 steps", seen),
            Group::new("predicted at equal intervals", places),
        ],
        lines: vec![Line::predicted("minimisers xy = 1", curve)],
    }
}
