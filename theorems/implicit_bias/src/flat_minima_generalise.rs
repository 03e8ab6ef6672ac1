#![doc = include_str!("flat_minima_generalise.md")]

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use theoria_instances::sequences::powers_of_two;
use theoria_models::data::sparse_regression;
use theoria_models::networks::{Activation, DiagonalLinearNetwork, Model, SquaredFit, TwoLayer};
use theoria_models::{Matrix, Objective, Svd, Vector};
use theoria_references::basis_pursuit;
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Group, Hypothesis, Instance,
    Reading, Side, Theorem, TrialClaim,
};

use crate::support::noisy_network::SineFit;

const SAMPLES: usize = 16;
const FEATURES: usize = 48;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "implicit_bias/flat_minima_generalise",
        include_str!("flat_minima_generalise.md"),
    )
    .claim(least_trace("flattest_minimiser_solves_a_linear_programme", 1.0))
    .claim(error_below(
        "flattest_finds_a_sparse_teacher",
        Teacher::Sparse,
        Regression::flattest,
    ))
    .claim(flattest_against_shortest(
        "flattest_loses_with_a_dense_teacher",
        Teacher::Dense,
        |flattest, shortest| flattest > shortest,
    ))
    .claim(test_error("rescaling_keeps_the_test_error", |_, _| 1.0))
    .claim(sharpened("rescaling_makes_as_sharp_as_one_likes", 1.0))
    .control(least_trace("flattest_minimiser_is_flatter_still", 1.05))
    .control(error_below(
        "shortest_finds_a_sparse_teacher",
        Teacher::Sparse,
        Regression::shortest,
    ))
    .control(flattest_against_shortest(
        "flattest_wins_with_a_dense_teacher",
        Teacher::Dense,
        |flattest, shortest| flattest < shortest,
    ))
    .control(test_error("test_error_grows_with_the_trace", |at, c| {
        at.trace(c) / at.trace(1.0)
    }))
    .control(sharpened("rescaling_sharpens_without_end_in_fourth_power", 2.0))
    .figure(
        Figure::log_log("rescaled", "factor c", "tr ∇²f")
            .of("rescaling_makes_as_sharp_as_one_likes")
            .caption("One function with one test error, at minimisers as sharp as one likes."),
    )
    .figure(
        Figure::semilog("teachers", "trace of the flattest / of the shortest", "test error of the flattest / of the shortest")
            .caption(
                "The flattest minimiser against the shortest one: below 1 it generalises better. The teacher decides.",
            )
            .showing(teachers),
    )
    .figure(
        Figure::log_log("association", "tr ∇²f", "test error")
            .caption(
                "Networks before and after training with label noise, with the rank correlation of trace and test error: a \
                 measured association, not a theorem.",
            )
            .showing(association),
    )
}

/// What labels the samples of a diagonal network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Teacher {
    Sparse,
    Dense,
}

impl Instance for Teacher {
    fn description(&self) -> String {
        let kind = match self {
            Teacher::Sparse => "sparse",
            Teacher::Dense => "dense",
        };
        format!("{kind} teacher, {SAMPLES} samples of {FEATURES} features")
    }
}

/// A diagonal network and its teacher.
struct Regression {
    network: DiagonalLinearNetwork,
    teacher: Vector,
}

impl Regression {
    fn drawn(teacher: Teacher, random: &mut impl Rng) -> Self {
        let (data, sparse) = sparse_regression(SAMPLES, FEATURES, 2, random);
        let teacher = match teacher {
            Teacher::Sparse => sparse,
            Teacher::Dense => Vector::from_fn(FEATURES, |_, _| StandardNormal.sample(random)),
        };
        let targets = &data.features * &teacher;
        Regression { network: DiagonalLinearNetwork::new(data.features, targets), teacher }
    }

    /// |X_j|², d.
    fn weights(&self) -> Vector {
        let columns = self.network.features().column_iter();
        Vector::from_iterator(FEATURES, columns.map(|column| column.norm_squared()))
    }

    /// The β with the least Σ_j |X_j|² |β_j| among the interpolators.
    fn flattest(&self) -> Vector {
        self.programme().0
    }

    /// The flattest β, and what its dual solution proves the least Σ_j |X_j|² |β_j| to be at least.
    fn programme(&self) -> (Vector, f64) {
        let weights = self.weights();
        let mut features = self.network.features().clone();
        for (mut column, weight) in features.column_iter_mut().zip(weights.iter()) {
            column /= *weight;
        }
        let found = basis_pursuit(&features, self.network.targets())
            .unwrap_or_else(|error| panic!("Gaussian features have interpolators: {error}"));
        let certified = self.network.targets().dot(&found.dual);
        (found.minimiser.component_div(&weights), certified)
    }

    /// The interpolator of least Euclidean norm.
    fn shortest(&self) -> Vector {
        Svd::of(self.network.features())
            .with_values(|s| if s > 0.0 { 1.0 / s } else { 0.0 })
            .tr_mul(self.network.targets())
    }

    /// (u, v) with u∘u − v∘v = β and min(u_j², v_j²) = `spare_j`.
    fn point(beta: &Vector, spare: &Vector) -> Vector {
        Vector::from_fn(2 * FEATURES, |k, _| {
            let (j, sign) = if k < FEATURES { (k, 1.0) } else { (k - FEATURES, -1.0) };
            ((sign * beta[j]).max(0.0) + spare[j]).sqrt()
        })
    }

    /// The trace of the Hessian at a point.
    fn trace(&self, point: &Vector) -> f64 {
        self.network.hessian(point).map_or(f64::NAN, |hessian| hessian.trace())
    }

    /// That of the flattest (u, v) with this β.
    fn flat_trace(&self, beta: &Vector) -> f64 {
        self.trace(&Self::point(beta, &Vector::zeros(FEATURES)))
    }

    fn error(&self, beta: &Vector) -> f64 {
        (beta - &self.teacher).norm_squared() / self.teacher.norm_squared()
    }
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
            let along = Vector::from_fn(FEATURES, |_, _| StandardNormal.sample(random));
            let null = &along - &rows * rows.tr_mul(&along);
            let spare = Vector::from_fn(FEATURES, |_, _| random.random::<f64>());
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
            points: vec![Regression::point(&flattest, &Vector::zeros(FEATURES))],
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
        Check::at_most(loss.fold(0.0, f64::max), 1e-12, "largest loss")
    })
}

/// `times` the optimum of the linear programme as a lower bound of traces.
fn least_trace(name: &str, times: f64) -> Claim<Minimisers> {
    Claim::lower_bound(name, "tr ∇²f ≥ (4/n) min Σ_j |X_j|² |β_j|")
        .assuming([interpolate()])
        .on(Family::drawn("random minimisers", Minimisers::drawn))
        .attained_on(Family::drawn("flattest minimiser", Minimisers::flattest))
        .experiment(move |m| {
            let (_, certified) = m.regression.programme();
            let least = 4.0 / SAMPLES as f64 * certified;
            let traces: Vec<f64> = m.points.iter().map(|point| m.regression.trace(point)).collect();
            Curve::over(
                0..traces.len(),
                |k| Reading::new(traces[k], 1e-7 * least),
                |_| times * least,
            )
        })
}

fn error_below(
    name: &str,
    teacher: Teacher,
    chosen: fn(&Regression) -> Vector,
) -> TrialClaim<Teacher> {
    share(name, "P(test error ≤ 10⁻⁶) ≥ 0.95", 0.95, teacher, move |regression| {
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

fn share(
    name: &str,
    formula: &str,
    least: f64,
    teacher: Teacher,
    counts: impl Fn(&Regression) -> bool + Send + Sync + 'static,
) -> TrialClaim<Teacher> {
    Claim::probability(name, formula, Side::AtLeast)
        .trials(1024)
        .on(Family::single("teacher", move || teacher))
        .sampling(move |teacher, block| {
            block.each_event(SAMPLES, |random| counts(&Regression::drawn(*teacher, random)))
        })
        .predicting(move |_, _| least)
}

/// A two-layer ReLU network at a minimum of loss 0, and the test error of its function.
struct Network {
    fit: SquaredFit<TwoLayer>,
    minimiser: Vector,
    fresh: Matrix,
    truth: Vector,
}

impl Network {
    /// Its own outputs are the labels; the truth is a sine between.
    fn drawn(draw: &mut Draw) -> Self {
        let (inputs, neurons) = (draw.size(1..=3), draw.size(2..=5));
        let random = draw.generator();
        let data = Matrix::from_fn(12, inputs, |_, _| StandardNormal.sample(random));
        let net = TwoLayer::new(data, neurons, Activation::Relu);
        let minimiser = Vector::from_fn(net.parameters(), |_, _| StandardNormal.sample(random));
        let targets = net.outputs(&minimiser);
        let fresh = Matrix::from_fn(200, inputs, |_, _| StandardNormal.sample(random));
        let truth = Vector::from_iterator(200, fresh.row_iter().map(|row| (2.0 * row[0]).sin()));
        Network { fit: SquaredFit::new(net, targets), minimiser, fresh, truth }
    }

    fn rescaled(&self, c: f64) -> Vector {
        self.fit.model().rescaled(&self.minimiser, 0, c)
    }

    fn test_error(&self, c: f64) -> f64 {
        let outputs = self.fit.model().on(self.fresh.clone()).outputs(&self.rescaled(c));
        (outputs - &self.truth).norm_squared() / self.truth.len() as f64
    }

    fn hessian(&self, at: &Vector) -> Matrix {
        self.fit.hessian(at).unwrap_or_else(|| panic!("the Hessian exists"))
    }

    fn trace(&self, c: f64) -> f64 {
        self.hessian(&self.rescaled(c)).trace()
    }

    /// The part of the trace that belongs to the inner weights of the first neuron.
    fn inner_trace(&self) -> f64 {
        let inputs = self.fresh.ncols();
        self.hessian(&self.minimiser).diagonal().rows(0, inputs).sum()
    }
}

impl Instance for Network {
    fn description(&self) -> String {
        self.fit.describe()
    }
}

fn networks() -> Family<Network> {
    Family::drawn("ReLU networks", Network::drawn)
}

/// 1, 2, 4 ... 256.
fn factors() -> Vec<f64> {
    powers_of_two(0..=8)
}

fn test_error(name: &str, times: fn(&Network, f64) -> f64) -> Claim<Network> {
    Claim::identity(name, "test error at (w/c, a c) = test error at (w, a)", 1e-10)
        .on(networks())
        .experiment(move |at: &Network| {
            let own = at.test_error(1.0);
            Curve::over(factors(), |c| at.test_error(c), |c| times(at, c) * own)
        })
}

fn sharpened(name: &str, power: f64) -> Claim<Network> {
    Claim::lower_bound(name, &format!("tr ∇²f at (w/c, a c) ≥ c^{} T", 2.0 * power))
        .on(networks())
        .experiment(move |at: &Network| {
            let inner = at.inner_trace();
            Curve::over(factors(), |c| at.trace(c), |c| c.powf(2.0 * power) * inner)
        })
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
    for _ in 0..40 * effort.trials_factor() {
        let fit = SineFit::drawn(draw.generator());
        let seen = |theta: &Vector| (fit.network.trace(theta), fit.test_error(theta));
        let mut theta = fit.start.clone();
        before.push(seen(&theta));
        fit.walk(&mut theta, 1.0, SineFit::STEPS, draw.generator());
        after.push(seen(&fit.settled(&theta)));
    }
    let groups = [("before", before), ("after label noise", after)].map(|(label, points)| {
        let [low, middle, high] = rank_correlation(&points);
        let label = format!("{label}: {middle:.2} ({low:.2} to {high:.2})");
        Group::new(&label, points)
    });
    Content::Points { groups: groups.into(), lines: Vec::new() }
}

/// Spearman's rank correlation between the ends of its interval of 95% (Fisher's transformation, with
/// the variance of Bonett, Wright 2000).
fn rank_correlation(points: &[(f64, f64)]) -> [f64; 3] {
    let ranks = |of: fn(&(f64, f64)) -> f64| {
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|&i, &j| of(&points[i]).total_cmp(&of(&points[j])));
        let mut ranks = Vector::zeros(points.len());
        for (rank, &i) in order.iter().enumerate() {
            ranks[i] = rank as f64;
        }
        let mean = ranks.mean();
        ranks.add_scalar(-mean)
    };
    let (x, y) = (ranks(|p| p.0), ranks(|p| p.1));
    let r = x.dot(&y) / (x.norm() * y.norm());
    let width = 1.96 * ((1.0 + r * r / 2.0) / (points.len() as f64 - 3.0)).sqrt();
    [-1.0, 0.0, 1.0].map(|side| (r.atanh() + side * width).tanh())
}
