#![doc = include_str!("flat_minima_generalise.md")]

use rand::RngExt;
use rand_distr::{Distribution, StandardNormal};
use theoria_elementary::{powf, sin};
use theoria_instances::sequences::powers_of_two;
use theoria_models::networks::Model;
use theoria_models::numerics::maximum;
use theoria_models::{Matrix, Objective, Svd, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Instance, Reading,
    Readings, Side, Theorem, TrialClaim,
};

use crate::support::noisy_network::SineFit;
use crate::support::rank_correlation::rank_correlation;
use crate::support::relu_network::ReluNetwork;
use crate::support::taught_regression::{Regression, Teacher};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let least_trace = least_trace("flattest_minimiser_solves_a_linear_programme")
        .attained_on(Family::drawn("flattest minimiser", Minimisers::flattest));
    let flatter_still = least_trace
        .restated("flattest_minimiser_is_flatter_still", "tr ∇²f ≥ 1.05 (4/n) min Σ_j |X_j|² |β_j|")
        .predicting_from(least, |least, _| 1.05 * least);
    let test_error = test_error("rescaling_keeps_the_test_error");
    let grows = test_error
        .restated(
            "test_error_grows_with_the_trace",
            "test error at (w/c, a c) = tr ∇²f at (w/c, a c) / tr ∇²f times that at (w, a)",
        )
        .predicting(|at, c| at.network.trace(c) / at.network.trace(1.0) * at.test_error(1.0));
    let sharpened = sharpened("rescaling_makes_as_sharp_as_one_likes");
    let larger_power = sharpened
        .restated("rescaling_sharpens_with_a_larger_power", "tr ∇²f at (w/c, a c) ≥ c^2.1 T")
        .predicting_from(Network::inner_trace, |inner, c| powf(c, 2.1) * inner);
    let shortest_error = shortest_error("shortest_misses_what_is_across_the_data");
    let smaller_error = shortest_error
        .restated(
            "shortest_misses_a_twentieth_less",
            "E test error of the shortest = 0.95 (1 − n/d)",
        )
        .predicting(|_, _| 0.95 * MISSED);
    Theorem::new("implicit_bias/flat_minima_generalise", include_str!("flat_minima_generalise.md"))
        .uses(
            "implicit_bias/flatness_measures",
            "rescaling a neuron changes the trace and not the function",
        )
        .uses(
            "implicit_bias/minimum_norm",
            "the shortest interpolator is the projection on the span of the samples",
        )
        .uses(
            "implicit_bias/label_noise_networks",
            "training with label noise makes networks flatter",
        )
        .uses(
            "sparse_low_rank/sparse_recovery",
            "the least l1 norm finds sparse vectors from few samples",
        )
        .claim(least_trace.on(Family::drawn("random minimisers", Minimisers::drawn)))
        .claim(error_below(
            "flattest_finds_a_sparse_teacher",
            "flattest",
            Teacher::Sparse,
            Regression::flattest,
        ))
        .claim(flattest_against_shortest(
            "flattest_loses_with_a_dense_teacher",
            Teacher::Dense,
            |flattest, shortest| flattest > shortest,
        ))
        .claim(shortest_error)
        .claim(test_error)
        .claim(sharpened)
        .control(flatter_still)
        .control(error_below(
            "shortest_finds_a_sparse_teacher",
            "shortest",
            Teacher::Sparse,
            Regression::shortest,
        ))
        .control(flattest_against_shortest(
            "flattest_wins_with_a_dense_teacher",
            Teacher::Dense,
            |flattest, shortest| flattest < shortest,
        ))
        .control(grows)
        .control(larger_power)
        .control(smaller_error)
        .figure(
            Figure::log_log("rescaled", "factor c", "tr ∇²f")
                .of("rescaling_makes_as_sharp_as_one_likes")
                .caption("One function with one test error, at minimisers as sharp as one likes."),
        )
        .figure(
            Figure::semilog(
                "teachers",
                "trace of the flattest / of the shortest",
                "test error of the flattest / of the shortest",
            )
            .caption(
                "The flattest minimiser against the shortest one: below 1 it \
                 generalises better. The teacher decides.",
            )
            .showing(teachers),
        )
        .figure(
            Figure::log_log("association", "tr ∇²f", "test error")
                .caption(
                    "Networks before and after training with label noise, with the rank \
                 correlation of trace and test error: a measured association, not a \
                 theorem.",
                )
                .showing(association),
        )
}

/// A regression with minimisers of its diagonal network.
struct Minimisers {
    regression: Regression,
    points: Vec<Vector>,
}

impl Minimisers {
    /// Four at random.
    fn drawn(draw: &mut Draw) -> Self {
        let teacher = if draw.size(0..=1) == 0 { Teacher::Sparse } else { Teacher::Dense };
        let random = draw.generator();
        let regression = Regression::drawn(teacher, random);
        let svd = Svd::of(regression.network.features());
        let rows = svd.row_space();
        let shortest = regression.shortest();
        let points = (0..4).map(|_| {
            let along = Vector::from_fn(Regression::FEATURES, |_, _| StandardNormal.sample(random));
            let null = &along - &rows * rows.tr_mul(&along);
            let spare = Vector::from_fn(Regression::FEATURES, |_, _| random.random::<f64>());
            Regression::point(&(&shortest + null), &spare)
        });
        let points = points.collect();
        Minimisers { regression, points }
    }

    /// The flattest one.
    fn flattest(draw: &mut Draw) -> Self {
        let regression = Regression::drawn(Teacher::Dense, draw.generator());
        let flattest = regression.flattest();
        Minimisers {
            points: vec![Regression::point(&flattest, &Vector::zeros(Regression::FEATURES))],
            regression,
        }
    }
}

impl Instance for Minimisers {
    fn description(&self) -> String {
        self.regression.network.describe()
    }
}

fn interpolate() -> Hypothesis<Minimisers> {
    Hypothesis::new("minimisers", |m: &Minimisers, _| {
        let network = &m.regression.network;
        let loss = m.points.iter().map(|point| network.value(point));
        Check::at_most(loss.fold(0.0, maximum), 1e-12, "largest loss")
    })
}

/// The least trace that the linear programme proves.
fn least(m: &Minimisers) -> f64 {
    let (_, certified) = m.regression.programme();
    4.0 / Regression::SAMPLES as f64 * certified
}

fn least_trace(name: &str) -> Claim<Minimisers> {
    Claim::lower_bound(name, "tr ∇²f ≥ (4/n) min Σ_j |X_j|² |β_j|")
        .assuming([interpolate()])
        .tight_to(0.999)
        .measuring_each(|m| {
            let floor = 1e-7 * least(m);
            let traces = m.points.iter().map(|point| m.regression.trace(point));
            traces
                .enumerate()
                .map(|(k, trace)| (k, Reading::new(trace, floor)))
                .collect::<Readings>()
        })
        .predicting_from(least, |least, _| *least)
}

fn error_below(
    name: &str,
    which: &str,
    teacher: Teacher,
    chosen: fn(&Regression) -> Vector,
) -> TrialClaim<Teacher> {
    let formula = format!("P(test error of the {which} ≤ 10⁻⁶) ≥ 0.95");
    share(name, &formula, 0.95, teacher, move |regression| {
        regression.error(&chosen(regression)) <= 1e-6
    })
}

fn flattest_against_shortest(
    name: &str,
    teacher: Teacher,
    counts: fn(f64, f64) -> bool,
) -> TrialClaim<Teacher> {
    let relation = if counts(0.0, 1.0) { '<' } else { '>' };
    let formula = format!("P(error of the flattest {relation} error of the shortest) ≥ 0.85");
    share(name, &formula, 0.85, teacher, move |regression| {
        let (flattest, shortest) = (regression.flattest(), regression.shortest());
        counts(regression.error(&flattest), regression.error(&shortest))
    })
}

fn gaussian_features() -> Hypothesis<Teacher> {
    let why = "each trial draws independent standard normal features, 16 samples of 48, and labels them by the teacher";
    Hypothesis::by_construction("Gaussian features, labels of a linear teacher", why)
}

/// 1 − n/d.
const MISSED: f64 = 1.0 - Regression::SAMPLES as f64 / Regression::FEATURES as f64;

/// The shortest interpolator is the projection of the teacher on the row space, which is uniform among the spaces of
/// dimension n.
fn shortest_error(name: &str) -> TrialClaim<Teacher> {
    Claim::expected_value(name, "E test error of the shortest = 1 − n/d", 0.02)
        .trials(16_384)
        .assuming([gaussian_features()])
        .on(Family::listed("teachers", [Teacher::Sparse, Teacher::Dense], |teacher| *teacher))
        .sampling(|teacher, block| {
            block.each_value(Regression::SAMPLES, |random| {
                let regression = Regression::drawn(*teacher, random);
                regression.error(&regression.shortest())
            })
        })
        .bounded_by(|_, _| 1.0)
        .predicting(|_, _| MISSED)
}

fn share(
    name: &str,
    formula: &str,
    least: f64,
    teacher: Teacher,
    counts: impl Fn(&Regression) -> bool + Send + Sync + 'static,
) -> TrialClaim<Teacher> {
    Claim::probability(name, formula, Side::AtLeast)
        .trials(1024)
        .assuming([gaussian_features()])
        .on(Family::single("teacher", move || teacher))
        .sampling(move |teacher, block| {
            block.each_event(Regression::SAMPLES, |random| {
                counts(&Regression::drawn(*teacher, random))
            })
        })
        .predicting(move |_, _| least)
}

/// A two-layer ReLU network, and the test error of its function.
struct Network {
    network: ReluNetwork,
    fresh: Matrix,
    truth: Vector,
}

impl Network {
    /// Its own outputs are the labels; the truth is a sine between.
    fn drawn(draw: &mut Draw) -> Self {
        let (inputs, neurons) = (draw.size(1..=3), draw.size(2..=5));
        let random = draw.generator();
        let network = ReluNetwork::drawn(12, inputs, neurons, random);
        let fresh = Matrix::from_fn(200, inputs, |_, _| StandardNormal.sample(random));
        let truth = Vector::from_iterator(200, fresh.row_iter().map(|row| sin(2.0 * row[0])));
        Network { network, fresh, truth }
    }

    fn test_error(&self, c: f64) -> f64 {
        let model = self.network.fit.model().on(self.fresh.clone());
        let outputs = model.outputs(&self.network.rescaled(c));
        (outputs - &self.truth).norm_squared() / self.truth.len() as f64
    }

    /// The part of the trace that belongs to the inner weights of the first neuron.
    fn inner_trace(&self) -> f64 {
        let inputs = self.fresh.ncols();
        self.network.hessian(1.0).diagonal().rows(0, inputs).sum()
    }
}

impl Instance for Network {
    fn description(&self) -> String {
        self.network.description()
    }
}

fn at_a_minimum() -> Hypothesis<Network> {
    Hypothesis::new("minimisers", |at: &Network, _| {
        let loss = |c: f64| at.network.fit.value(&at.network.rescaled(c));
        Check::at_most(factors().into_iter().map(loss).fold(0.0, maximum), 1e-20, "largest loss")
    })
}

/// No neuron that is dead on all samples, whose inner weights have no curvature.
fn alive() -> Hypothesis<Network> {
    Hypothesis::new("T > 0", |at: &Network, _| {
        let share = at.inner_trace() / at.network.trace(1.0);
        Check::at_least(share, 1e-4, "T/tr ∇²f at (w, a)")
    })
}

fn networks() -> Family<Network> {
    Family::drawn("ReLU networks", Network::drawn)
}

/// 1, 2, 4 ... 256.
fn factors() -> Vec<f64> {
    powers_of_two(0..=8)
}

fn test_error(name: &str) -> Claim<Network> {
    Claim::identity(name, "test error at (w/c, a c) = test error at (w, a)", 1e-10)
        .assuming([at_a_minimum(), alive()])
        .on(networks())
        .measuring(factors(), |at, factors| factors.read(|c| at.test_error(c)))
        .predicting_from(|at| at.test_error(1.0), |own, _| *own)
}

fn sharpened(name: &str) -> Claim<Network> {
    Claim::lower_bound(name, "tr ∇²f at (w/c, a c) ≥ c^2 T")
        .assuming([at_a_minimum(), alive()])
        .tight_to(0.999)
        .on(networks())
        .measuring(factors(), |at, factors| factors.read(|c| at.network.trace(c)))
        .predicting_from(Network::inner_trace, |inner, c| powf(c, 2.0) * inner)
}

fn teachers(draw: &mut Draw, effort: Effort) -> Content {
    let groups = [Teacher::Sparse, Teacher::Dense].map(|teacher| {
        let points = (0..40 * effort.trials_factor()).map(|_| {
            let regression = Regression::drawn(teacher, draw.generator());
            let (flattest, shortest) = (regression.flattest(), regression.shortest());
            let ratio = |of: &dyn Fn(&Vector) -> f64| of(&flattest) / of(&shortest);
            // What is exact to rounding has no place on a logarithmic axis.
            let error = ratio(&|beta| regression.error(beta).max(1e-6));
            (ratio(&|beta| regression.flat_trace(beta)), error)
        });
        Group::new(&format!("{teacher:?} teacher"), points.collect::<Vec<_>>())
    });
    Content::Points { groups: groups.into(), lines: Vec::new() }
}

fn association(draw: &mut Draw, effort: Effort) -> Content {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for fit in SineFit::drawn(40 * effort.trials_factor(), draw.generator()) {
        let seen = |theta: &Vector| (fit.trace(theta), fit.test_error(theta));
        before.push(seen(fit.start()));
        let run = fit.walk(1.0, 1, &[SineFit::STEPS], draw.generator());
        after.push(seen(&fit.settled(run.last()).trial(0)));
    }
    let groups = [("before", before), ("after label noise", after)].map(|(label, points)| {
        let [low, middle, high] = rank_correlation(&points);
        let label = format!("{label}: {middle:.2} ({low:.2} to {high:.2})");
        Group::new(&label, points)
    });
    Content::Points { groups: groups.into(), lines: Vec::new() }
}
