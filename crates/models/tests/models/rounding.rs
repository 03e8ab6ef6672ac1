//! Rounding floors, held against values in twice the precision.

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use theoria_models::objectives::*;
use theoria_models::{Constant, Matrix, Objective, Vector};

use crate::catalogue::{gaussian, gaussian_matrix, generator};
use crate::double_double::Double;

type Reference = Box<dyn Fn(&[Double]) -> Double>;

fn dot(a: &[f64], x: &[Double]) -> Double {
    a.iter().zip(x).map(|(a, x)| Double::from(*a) * *x).sum()
}

fn row(matrix: &Matrix, i: usize) -> Vec<f64> {
    matrix.row(i).iter().copied().collect()
}

fn square(x: Double) -> Double {
    x * x
}

/// An objective as a user writes it: a formula, its slope, and L if it is known.
struct Own<V, G> {
    dimension: usize,
    value: V,
    gradient: G,
    smoothness: Option<f64>,
}

impl<V: Fn(&Vector) -> f64 + Send + Sync, G: Fn(&Vector) -> Vector + Send + Sync> Objective
    for Own<V, G>
{
    fn describe(&self) -> String {
        format!("a formula in dimension {}", self.dimension)
    }
    fn dimension(&self) -> usize {
        self.dimension
    }
    fn value(&self, x: &Vector) -> f64 {
        (self.value)(x)
    }
    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.copy_from(&(self.gradient)(x));
    }
    fn smoothness(&self) -> Option<Constant> {
        self.smoothness.map(Constant::exact)
    }
}

/// Pieces (anchor, value, slope, curvature) up to their ends, each a parabola about an anchor of its own.
fn anchored(pieces: Vec<[f64; 5]>) -> impl Fn(f64) -> [f64; 4] + Clone + Send + Sync {
    move |x| {
        let piece = pieces.iter().find(|piece| x < piece[4]).unwrap_or(&pieces[pieces.len() - 1]);
        [piece[0], piece[1], piece[2], piece[3]]
    }
}

/// A smooth convex function with its minimum 0 at `minimiser`, each piece written about its far end.
fn far_anchors(
    rng: &mut ChaCha8Rng,
    minimiser: f64,
) -> impl Fn(f64) -> [f64; 4] + Clone + Send + Sync + use<> {
    let length = 10f64.powf(rng.random_range(-1.0..3.0));
    let (mut x, mut slope, mut value) = (minimiser, 0.0, 0.0);
    let mut pieces = Vec::new();
    for _ in 0..8 {
        let (curvature, step) = (rng.random_range(0.05..1.0), length * rng.random_range(0.2..1.0));
        value += slope * step + curvature * step * step / 2.0;
        slope += curvature * step;
        x += step;
        pieces.push([x, value, slope, curvature, x]);
    }
    anchored(pieces)
}

/// Formulas that say nothing of their rounding, with the minimiser about which they are looked at.
fn own(seed: u64) -> Vec<(Box<dyn Objective>, Reference, Vector)> {
    let rng = &mut generator(seed);
    let centre = 10f64.powf(rng.random_range(-3.0..3.0));
    let (linear, constant) = (2.0 * centre, centre * centre);
    let multiplied_out = Own {
        dimension: 1,
        value: move |x: &Vector| x[0] * x[0] - linear * x[0] + constant,
        gradient: move |x: &Vector| x.map(|x| 2.0 * x - linear),
        smoothness: Some(2.0),
    };
    let witch = Own {
        dimension: 1,
        value: |x: &Vector| 1.0 - 1.0 / (1.0 + x[0] * x[0]),
        gradient: |x: &Vector| x.map(|x| 2.0 * x / (1.0 + x * x).powi(2)),
        smoothness: None,
    };
    let minimiser = [0.0, rng.random_range(-5.0..5.0)][rng.random_range(0..2)];
    let piece = far_anchors(rng, minimiser);
    let (slope_piece, reference_piece) = (piece.clone(), piece.clone());
    let pieces = Own {
        dimension: 1,
        value: move |x: &Vector| {
            let [anchor, value, slope, curvature] = piece(x[0]);
            let h = x[0] - anchor;
            value + slope * h + curvature * h * h / 2.0
        },
        gradient: move |x: &Vector| {
            let [anchor, _, slope, curvature] = slope_piece(x[0]);
            x.map(|x| slope + curvature * (x - anchor))
        },
        smoothness: Some(1.0),
    };
    let piece_reference = move |x: &[Double]| {
        let [anchor, value, slope, curvature] = reference_piece(x[0].value());
        let h = x[0] - anchor.into();
        Double::from(value) + Double::from(slope) * h + Double::from(curvature) * h * h / 2.0.into()
    };
    // |A x - b|² multiplied out.
    let (d, a) = (3, gaussian_matrix(5, 3, rng));
    let (gram, solution) = (a.tr_mul(&a), gaussian(d, rng) * 10.0);
    let pull = &gram * &solution * 2.0;
    let rest = (&a * &solution).norm_squared();
    let (own_gram, own_pull) = (gram.clone(), pull.clone());
    let (slope_gram, slope_pull) = (gram.clone(), pull.clone());
    let normal = Own {
        dimension: d,
        value: move |x: &Vector| x.dot(&(&own_gram * x)) - own_pull.dot(x) + rest,
        gradient: move |x: &Vector| &slope_gram * x * 2.0 - &slope_pull,
        smoothness: Some(2.0 * gram.symmetric_eigenvalues().max()),
    };
    let normal_reference = move |x: &[Double]| {
        let square: Double = (0..d).map(|i| x[i] * dot(&row(&gram, i), x)).sum();
        square - dot(pull.as_slice(), x) + rest.into()
    };
    vec![
        (
            Box::new(multiplied_out),
            Box::new(move |x| x[0] * x[0] - Double::from(linear) * x[0] + constant.into()),
            Vector::from_element(1, centre),
        ),
        (
            Box::new(witch),
            Box::new(|x| Double::from(1.0) - Double::from(1.0) / (Double::from(1.0) + x[0] * x[0])),
            Vector::zeros(1),
        ),
        (Box::new(pieces), Box::new(piece_reference), Vector::from_element(1, minimiser)),
        (Box::new(normal), Box::new(normal_reference), solution),
    ]
}

/// Objectives of the library whose formula can be written again.
fn ours(seed: u64) -> Vec<(Box<dyn Objective>, Reference, Vector)> {
    let rng = &mut generator(seed);
    let (n, d) = (rng.random_range(4..40), rng.random_range(1..12));
    let spectrum: Vec<f64> = (0..d).map(|_| rng.random_range(0.01..5.0)).collect();
    let centre = gaussian(d, rng) * 10.0;
    let quadratic = Quadratic::rotated(&spectrum, rng).centred_at(centre.clone());
    let (matrix, middle) = (quadratic.matrix().clone(), centre.clone());
    let quadratic_reference = move |x: &[Double]| {
        let z: Vec<Double> = x.iter().zip(&middle).map(|(x, c)| *x - (*c).into()).collect();
        (0..d).map(|i| z[i] * dot(&row(&matrix, i), &z)).sum::<Double>() / 2.0.into()
    };
    let tilt = gaussian(d, rng);
    let tilted = Tilted::new(quadratic.clone(), centre.clone(), tilt.clone());
    let (untilted, slope, middle) = (quadratic_reference.clone(), tilt.clone(), centre.clone());
    let tilted_reference = move |x: &[Double]| {
        let z: Vec<Double> = x.iter().zip(&middle).map(|(x, c)| *x - (*c).into()).collect();
        untilted(x) + dot(slope.as_slice(), &z)
    };
    let (features, targets) = (gaussian_matrix(n, d, rng), gaussian(n, rng) * 5.0);
    let residuals = move |features: &Matrix, targets: &Vector, x: &[Double]| -> Vec<Double> {
        (0..n).map(|i| dot(&row(features, i), x) - targets[i].into()).collect()
    };
    let samples = Double::from(n as f64);
    let least_squares = LeastSquares::new(features.clone(), targets.clone());
    let solution =
        least_squares.nearest_minimiser(&Vector::zeros(d)).expect("a minimiser is known");
    let data = (features.clone(), targets.clone());
    let squares = move |x: &[Double]| {
        let squares = residuals(&data.0, &data.1, x).into_iter().map(square);
        squares.sum::<Double>() / (samples + samples)
    };
    let absolute = LeastAbsoluteDeviations::new(features.clone(), targets.clone());
    let data = (features.clone(), targets.clone());
    let deviations = move |x: &[Double]| {
        residuals(&data.0, &data.1, x).into_iter().map(Double::abs).sum::<Double>() / samples
    };
    let signs = targets.map(f64::signum);
    let hinge = Hinge::new(&features, &signs);
    let (data, labels) = (features.clone(), signs);
    let losses = move |x: &[Double]| {
        let margin = |i| Double::from(labels[i]) * dot(&row(&data, i), x);
        (0..n).map(|i| (Double::from(1.0) - margin(i)).max(0.0.into())).sum::<Double>() / samples
    };
    let affine = MaximumOfAffine::new(&features, centre.clone());
    let (data, middle) = (features.clone(), centre.clone());
    let largest = move |x: &[Double]| {
        let z: Vec<Double> = x.iter().zip(&middle).map(|(x, c)| *x - (*c).into()).collect();
        let values: Vec<Double> = (0..n).map(|i| dot(&row(&data, i), &z)).collect();
        let last = -values.iter().copied().sum::<Double>();
        values.into_iter().fold(last, Double::max)
    };
    let worst = NesterovWorst::new(3.0, d);
    let nesterov = move |x: &[Double]| {
        let ends = square(x[0]) + square(x[d - 1]);
        let between: Double = (1..d).map(|i| square(x[i] - x[i - 1])).sum();
        Double::from(0.75) * ((ends + between) / 2.0.into() - x[0])
    };
    let parabolas: Vec<Parabola> = (0..n)
        .map(|_| Parabola {
            curvature: rng.random_range(0.0..2.0),
            centre: rng.random_range(-9.0..9.0),
        })
        .collect();
    let own = parabolas.clone();
    let parabola_sum = move |x: &[Double]| {
        let each = own.iter().map(|p| Double::from(p.curvature) * square(x[0] - p.centre.into()));
        each.sum::<Double>() / (samples + samples)
    };
    let sum = ParabolaSum::new(&parabolas);
    let bottom = sum.nearest_minimiser(&Vector::zeros(1)).expect("a minimiser is known");
    let knots = [-3.0, -0.3, 2.1, 7.7].map(|k: f64| k * 3.3);
    let curvatures = [1.0, 0.1, 3.0, 0.2, 0.7];
    let pieces = PiecewiseQuadratic::with_curvatures(&knots, &curvatures, 5.0 / 3.0);
    let piecewise = move |x: &[Double]| {
        // ∫∫ f'': every piece adds c ∫ (x - t) over what of it lies between the minimiser and x.
        let (m, x) = (Double::from(5.0 / 3.0), x[0]);
        let part = |i: usize| {
            let left = if i == 0 { f64::NEG_INFINITY } else { knots[i - 1] };
            let right = knots.get(i).copied().unwrap_or(f64::INFINITY);
            let bound = |t: Double| {
                let low = if left.is_finite() { t.max(left.into()) } else { t };
                if right.is_finite() { -((-low).max((-right).into())) } else { low }
            };
            let (near, far) = (bound(m), bound(x));
            Double::from(curvatures[i]) * (square(x - near) - square(x - far)) / 2.0.into()
        };
        (0..5).map(part).sum::<Double>()
    };
    let zigzag = Zigzag::new(2.0, 1.5, 6);
    let huber = Huber::new(3.0, 0.7);
    vec![
        (Box::new(quadratic), Box::new(quadratic_reference), centre.clone()),
        (Box::new(tilted), Box::new(tilted_reference), centre.clone()),
        (Box::new(least_squares), Box::new(squares), solution),
        (
            Box::new(absolute.clone()),
            Box::new(deviations),
            absolute.nearest_minimiser(&centre).unwrap_or(centre.clone()),
        ),
        (Box::new(hinge), Box::new(losses), gaussian(d, rng)),
        (Box::new(affine), Box::new(largest), centre),
        (
            Box::new(worst),
            Box::new(nesterov),
            worst.nearest_minimiser(&Vector::zeros(d)).expect("a minimiser is known"),
        ),
        (Box::new(sum), Box::new(parabola_sum), bottom),
        (Box::new(pieces), Box::new(piecewise), Vector::from_element(1, 5.0 / 3.0)),
        (
            Box::new(SquaredNorm::new(d)),
            Box::new(|x| x.iter().copied().map(square).sum()),
            Vector::zeros(d),
        ),
        (
            Box::new(Linear::new(tilt.clone())),
            Box::new(move |x| dot(tilt.as_slice(), x)),
            Vector::zeros(d),
        ),
        (Box::new(Quartic::new(3.0)), Box::new(|x| square(square(x[0]))), Vector::zeros(1)),
        (
            Box::new(huber),
            Box::new(|x| {
                let (size, width) = (x[0].abs(), Double::from(0.7));
                let inner = size - width;
                let outside = Double::from(3.0) * width * (size - width / 2.0.into());
                if inner.value() <= 0.0 { Double::from(1.5) * square(size) } else { outside }
            }),
            Vector::zeros(1),
        ),
        (
            Box::new(CyclingQuadratic),
            Box::new(|x| {
                let (x, place) = (x[0], x[0].value());
                let outer = Double::from(12.5) * square(x);
                if place < 1.0 {
                    outer
                } else if place < 2.0 {
                    square(x) / 2.0.into() + Double::from(24.0) * x - 12.0.into()
                } else {
                    outer - Double::from(24.0) * x + 36.0.into()
                }
            }),
            Vector::zeros(1),
        ),
        (
            Box::new(zigzag),
            Box::new(|x| {
                // Depth in strides of 3/4; each falls by 27/32.
                let depth = (-x[0]) / 0.75.into();
                let whole = depth.value().floor().clamp(0.0, 7.0);
                let (stride_fall, unit) = (Double::from(0.84375), Double::from(1.125));
                let part = (depth - whole.into()).max(0.0.into());
                if depth.value() < 0.0 {
                    return -(depth * unit);
                }
                let level = -(Double::from(whole.min(6.0)) * stride_fall);
                let half_square = square(part) / 2.0.into();
                if whole >= 7.0 {
                    return level - unit / 2.0.into();
                }
                let fallen = if whole >= 6.0 || part.value() <= 0.5 {
                    part - half_square
                } else {
                    Double::from(0.25) + half_square
                };
                level - unit * fallen
            }),
            Vector::from_element(1, -5.25),
        ),
    ]
}

/// Points at distances of every size from a place.
fn around(place: &Vector, rng: &mut ChaCha8Rng) -> Vec<Vector> {
    let exponents: Vec<f64> = (0..8).map(|_| rng.random_range(-17.0..1.5)).collect();
    let near = exponents.into_iter().map(|e| place + gaussian(place.len(), rng) * 10f64.powf(e));
    near.chain([place.clone()]).collect()
}

fn errors(f: &dyn Objective, reference: &Reference, x: &Vector) -> (f64, f64) {
    let exact: Vec<Double> = x.iter().map(|x| Double::from(*x)).collect();
    ((Double::from(f.value(x)) - reference(&exact)).value().abs(), f.rounding(x))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn floors_of_own_formulas_hold(seed: u64) {
        let rng = &mut generator(seed ^ 1);
        for (f, reference, place) in own(seed) {
            for x in around(&place, rng) {
                let (error, floor) = errors(&*f, &reference, &x);
                prop_assert!(error <= floor, "{} at {x}: {error} {floor}", f.describe());
            }
        }
    }

    #[test]
    fn floors_of_our_objectives_hold(seed: u64) {
        let rng = &mut generator(seed ^ 2);
        for (f, reference, place) in ours(seed) {
            for x in around(&place, rng) {
                let (error, floor) = errors(&*f, &reference, &x);
                prop_assert!(error <= floor, "{} at {x}: {error} {floor}", f.describe());
            }
        }
    }
}

#[test]
fn floors_are_not_much_larger_than_what_rounding_does() {
    // The largest error over many points, in units of the floor: within a factor of a thousand.
    let rng = &mut generator(3);
    for kind in 0..4 {
        let mut largest: f64 = 0.0;
        for seed in 0..40 {
            let (f, reference, place) = own(seed).swap_remove(kind);
            for x in around(&place, rng) {
                let (error, floor) = errors(&*f, &reference, &x);
                largest = largest.max(error / floor);
            }
        }
        assert!(largest > 1e-3, "{kind}: {largest}");
        println!("{kind}: the largest error is {largest} of its floor");
    }
}
