//! One of each kind of objective, drawn: what tests over all of them run through.

use std::f64::consts::TAU;
use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_models::networks::*;
use theoria_models::objectives::*;
use theoria_models::stochastic::FiniteSum;
use theoria_models::{Matrix, Objective, Property, Vector};

pub(crate) fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

pub(crate) fn gaussian(d: usize, rng: &mut ChaCha8Rng) -> Vector {
    Vector::from_fn(d, |_, _| StandardNormal.sample(rng))
}

pub(crate) fn gaussian_matrix(n: usize, d: usize, rng: &mut ChaCha8Rng) -> Matrix {
    Matrix::from_fn(n, d, |_, _| StandardNormal.sample(rng))
}

/// A two-layer network of three neurons on five samples of the plane.
pub(crate) fn fit(activation: Activation, rng: &mut ChaCha8Rng) -> SquaredFit<TwoLayer> {
    let net = TwoLayer::new(gaussian_matrix(5, 2, rng), 3, activation).scaled(0.5);
    SquaredFit::new(net, gaussian(5, rng))
}

/// Every finite sum: add a new one here.
pub(crate) fn sums(seed: u64) -> Vec<Box<dyn FiniteSum>> {
    let rng = &mut generator(seed);
    let (n, d) = (5, 3);
    let features = gaussian_matrix(n, d, rng);
    // On a grid, so that products are not rounded and the rank is 2.
    let grid = |entry: f64| (entry * 1024.0).round() / 1024.0;
    let dependent = gaussian_matrix(n, 2, rng).map(grid) * gaussian_matrix(2, d, rng).map(grid);
    let targets = gaussian(n, rng);
    let signs = targets.map(f64::signum);
    let parabola = |rng: &mut ChaCha8Rng| Parabola {
        curvature: rng.random_range(0.1..3.0),
        centre: rng.random_range(-1.0..1.0),
    };
    let parabolas: Vec<Parabola> = (0..n).map(|_| parabola(rng)).collect();
    let mut shifted = parabolas.clone();
    shifted.iter_mut().for_each(|p| p.curvature = 2.0);
    let curvatures: Vec<f64> = parabolas.iter().map(|p| p.curvature).collect();
    let logistic = |r| LogisticRegression::new(&features, &signs, r);
    let tanh = fit(Activation::Tanh, rng);
    let start = gaussian(tanh.dimension(), rng);
    vec![
        Box::new(LeastSquares::new(features.clone(), targets.clone())),
        Box::new(LeastSquares::new(dependent, targets.clone())),
        Box::new(LeastSquares::with_ridge(features.clone(), targets.clone(), 0.3)),
        Box::new(LeastSquares::new(gaussian_matrix(3, 5, rng), gaussian(3, rng))),
        Box::new(logistic(Regularisation::None)),
        Box::new(logistic(Regularisation::Ridge(0.2))),
        Box::new(logistic(Regularisation::NonConvex(0.2))),
        Box::new(LeastAbsoluteDeviations::new(features.clone(), targets.clone())),
        Box::new(QuadraticPlusSine),
        Box::new(ParabolaSum::new(&parabolas)),
        Box::new(ParabolaSum::new(&shifted)),
        Box::new(ParabolaSum::centred(&curvatures)),
        Box::new(ParabolaSum::two_minima(&[(1.0, 0.1), (0.4, 1.9), (2.0, 0.5)])),
        Box::new(ScalarChain::new(2).with_target(rng.random_range(-1.0..1.0))),
        Box::new(ScalarChain::new(rng.random_range(3..6))),
        Box::new(DiagonalLinearNetwork::new(features, targets)),
        Box::new(tanh.clone().lazy(7.0, &start)),
        Box::new(tanh.clone().estimated_at(&[start])),
        Box::new(tanh),
        Box::new(fit(Activation::Relu, rng)),
        Box::new(fit(Activation::Swish, rng)),
    ]
}

/// Every objective that is no finite sum: add a new one here.
fn others(seed: u64) -> Vec<Box<dyn Objective>> {
    let rng = &mut generator(seed);
    let d = rng.random_range(2..6);
    let n = d + rng.random_range(1..6);
    let spectrum: Vec<f64> = (0..d).map(|_| rng.random_range(0.1..5.0)).collect();
    let singular: Vec<f64> = [vec![0.0], spectrum.clone()].concat();
    let centre = gaussian(d, rng);
    let features = gaussian_matrix(n, d, rng);
    let planted = gaussian(d, rng);
    let sides = (&features * &planted).map(f64::signum);
    let margin = (&features * &planted).map(f64::abs).min();
    let waves = (0..3).fold(Trigonometric::new(0.3, d), |sum, _| {
        sum.with_wave(rng.random_range(-1.0..1.0), gaussian(d, rng), rng.random())
    });
    let widths = (0..d).map(|_| Width {
        level: rng.random_range(0.2..3.0),
        amplitude: rng.random_range(-1.0..1.0),
        phase: rng.random_range(0.0..TAU),
    });
    let widths = widths.collect();
    let quadratic = Quadratic::rotated(&spectrum, rng);
    let square = gaussian_matrix(d, d, rng);
    let symmetric = &square + square.transpose();
    let composite = Composite::new(quadratic.clone(), L1Norm::new(0.3));
    vec![
        Box::new(quadratic.centred_at(centre.clone())),
        Box::new(Quadratic::rotated(&singular, rng)),
        Box::new(Tilted::new(Quadratic::rotated(&spectrum, rng), centre.clone(), gaussian(d, rng))),
        Box::new(composite.whole()),
        Box::new(SymmetricFactorisation::new(symmetric, 2)),
        Box::new(Completion::of(&square, 2, &[(0, 0), (0, 1), (1, 0), (1, 1)]).with_ridge(0.3)),
        Box::new(Completion::whole(&square, d)),
        Box::new(NonnegativeFactorisation::new(square.abs(), 2)),
        Box::new(Huber::new(rng.random_range(0.5..5.0), rng.random_range(0.1..2.0))),
        Box::new(Zigzag::new(rng.random_range(0.5..5.0), rng.random_range(0.5..2.0), 3)),
        Box::new(CyclingQuadratic),
        Box::new(PiecewiseQuadratic::with_curvatures(
            &[-1.0, 0.5, 2.0],
            &[0.3, 2.0, 0.1, rng.random_range(0.1..3.0)],
            rng.random_range(-2.0..2.0),
        )),
        Box::new(Separable::new(vec![
            PiecewiseQuadratic::with_curvatures(&[0.5], &[0.3, 2.0], 0.1),
            PiecewiseQuadratic::with_curvatures(&[-1.0], &[1.3, 0.2], -0.4),
        ])),
        Box::new(SmoothedMaximum::new(
            &[([1.0, 0.5], 0.3), ([-0.4, 1.0], 0.0), ([0.2, rng.random_range(-2.0..-0.5)], 0.1)],
            rng.random_range(1.5..5.0),
            0.0,
        )),
        Box::new(SmoothedMaximum::new(&[([1.0, -2.0], 0.5), ([3.0, 0.0], 1.0)], 3.0, 0.4)),
        // Said to be what it is, so that all that is asked of an objective holds.
        Box::new(Misstated::new(
            Arc::new(Quadratic::diagonal(&[1.0, 3.0])),
            Property::Smoothness,
            3.0,
        )),
        Box::new(PiecewiseQuadratic::new(&[
            Piece { from: 0.0, slope: -1.0, curvature: 0.5 },
            Piece { from: 1.0, slope: 0.7, curvature: -0.2 },
            Piece { from: rng.random_range(1.5..3.0), slope: 0.3, curvature: 1.0 },
        ])),
        Box::new(Quartic::new(10.0)),
        Box::new(RippledParabola),
        Box::new(SquaredNorm::new(d)),
        Box::new(NesterovWorst::new(2.0, d)),
        Box::new(StronglyConvexOfLinear::new(gaussian_matrix(2, d, rng), centre)),
        Box::new(waves),
        Box::new(Hinge::new(&features, &sides).separated_by(planted * (1.0001 / margin))),
        Box::new(ResistingMaximum::new(2.0, 1.5, d)),
        Box::new(MaximumOfAffine::new(&gaussian_matrix(n, d, rng), gaussian(d, rng))),
        Box::new(MaximumOfAffine::new(&gaussian_matrix(1, d, rng), gaussian(d, rng))),
        Box::new(MaximumOfAffine::with_offsets(gaussian_matrix(n, d, rng), gaussian(n, rng))),
        Box::new(
            MaximumOfAffine::with_offsets(
                Matrix::from_column_slice(3, 1, &[-1.0, 0.5, 3.0]),
                Vector::from_vec(vec![1.0, 0.25, -4.0]),
            )
            .minimal_with(
                Vector::from_element(1, 0.5),
                &Vector::from_vec(vec![1.0 / 3.0, 2.0 / 3.0, 0.0]),
            ),
        ),
        Box::new(
            Composite::new(SquaredNorm::new(d), L1Distance::new(0.4, gaussian(d, rng))).whole(),
        ),
        Box::new(Valley::new(rng.random_range(-0.9..0.9), d)),
        Box::new(CurvedValley::new(rng.random_range(0.5..20.0))),
        Box::new(PeriodicValley::new(widths)),
        Box::new(Linear::new(gaussian(d, rng))),
        Box::new(Ridge::new(&QuadraticPlusSine, 0.5)),
        Box::new(Negative::new(&QuadraticPlusSine)),
        Box::new(DoubleWells::new(d)),
        Box::new(DistanceCubed::new(
            rng.random_range(-2.0..2.0),
            rng.random_range(0.1..5.0),
            gaussian(d, rng),
        )),
        Box::new(TensorQuartic::gaussian(rng.random_range(0.0..2.0), d, rng)),
    ]
}

/// Every loss of a network that is no finite sum: add a new one here.
pub(crate) fn networks(seed: u64) -> Vec<Box<dyn Objective>> {
    let rng = &mut generator(seed);
    let widths: Vec<usize> = (0..rng.random_range(2..5)).map(|_| rng.random_range(1..5)).collect();
    let (n_in, n_out) = (widths[0], widths[widths.len() - 1]);
    let truth = gaussian_matrix(n_out, n_in, rng);
    let (inputs, targets) = (gaussian_matrix(n_in, 6, rng), gaussian_matrix(n_out, 6, rng));
    let corners = [(0, 0), (n_out - 1, n_in - 1)];
    let network = FullyConnected::new(&widths, Activation::Swish).with_biases();
    vec![
        Box::new(DeepLinearLoss::new(&widths, truth.clone())),
        Box::new(DeepLinearLoss::with_samples(&widths, inputs.clone(), targets.clone())),
        Box::new(MatrixSensing::gaussian(&widths, &truth, 5, rng)),
        Box::new(MatrixSensing::completion(&widths, &truth, &corners)),
        Box::new(NetworkLoss::new(network, inputs, targets)),
    ]
}

/// All of them.
pub(crate) fn objectives(seed: u64) -> Vec<Box<dyn Objective>> {
    let sums = sums(seed).into_iter().map(|sum| sum as Box<dyn Objective>);
    sums.chain(others(seed)).chain(networks(seed)).collect()
}

/// A point at which to look at f.
pub(crate) fn point(f: &dyn Objective, rng: &mut ChaCha8Rng) -> Vector {
    gaussian(f.dimension(), rng) * rng.random_range(0.1..2.0)
}
