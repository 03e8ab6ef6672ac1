//! Fisher's matrix of a model whose outputs bend, and steps in two systems of coordinates.

use nalgebra::{DMatrix, DVector};
use theoria_algorithms::{GradientDescent, Method, ScaledGradientDescent};
use theoria_models::numerics::{Fraction, maximum};
use theoria_models::oracle::Oracle;
use theoria_models::point::SquareRoot;
use theoria_models::{
    BentResiduals, InCoordinates, Matrix, Residuals, SumOfSquares, Vector, elimination,
};
use theoria_verification::{Check, Draw, Family, Hypothesis, Instance};

use super::least_squares::{Column, Digits, long, long_matrix, shown};

/// Differences of losses are taken over this width, and are off by its square.
const WIDTH: f64 = 1e-30;

/// What is observed, given the output F of the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Law {
    /// F and noise of this deviation.
    Gaussian(f64),
    /// 1 with the probability 1/(1 + e^{-F}), else 0.
    Logistic,
}

/// Outputs F_i(x) = c_i + a_i·x + x·B_i x/2 near x = 0, what is observed, and a direction.
#[derive(Debug, Clone)]
pub(crate) struct Outputs {
    constants: Vector,
    slopes: Matrix,
    bends: Vec<Matrix>,
    law: Law,
    along: Vector,
    /// Labels that might have been observed.
    labels: Vec<bool>,
}

impl Instance for Outputs {
    fn description(&self) -> String {
        let rows: Vec<String> = self.slopes.row_iter().map(|row| shown(row.iter())).collect();
        let bends: Vec<String> = self.bends.iter().map(|bend| shown(bend.iter())).collect();
        let (rows, bends) = (rows.join(" "), bends.join(" "));
        format!("{:?}: c = {}; a = {rows}; B = {bends}", self.law, shown(self.constants.iter()))
    }
}

impl Outputs {
    fn outputs(&self, at: &Column) -> Column {
        let bends = self.bends.iter().map(long_matrix).collect();
        BentResiduals::new(long(&self.constants), long_matrix(&self.slopes), bends).values(at)
    }

    /// Minus the logarithm of the likelihood, but for a constant, at a multiple of the direction.
    fn loss(&self, seen: &Column, share: f64) -> Digits {
        let outputs = self.outputs(&(long(&self.along) * Digits::from(share)));
        let one = |(output, seen): (&Digits, &Digits)| match self.law {
            Law::Gaussian(deviation) => {
                let off = (output.clone() - seen.clone()) / Digits::from(deviation);
                off.clone() * off / Digits::from(2.0)
            }
            Law::Logistic => {
                (Digits::from(1.0) + output.clone().exp()).ln() - seen.clone() * output.clone()
            }
        };
        outputs.iter().zip(seen.iter()).map(one).sum()
    }

    /// Slope and second derivative of the loss along the direction, by differences.
    fn derivatives(&self, seen: &Column) -> [Digits; 2] {
        let [low, middle, high] = [-WIDTH, 0.0, WIDTH].map(|share| self.loss(seen, share));
        let (width, two) = (Digits::from(WIDTH), Digits::from(2.0));
        let slope = (high.clone() - low.clone()) / (two.clone() * width.clone());
        [slope, (high - two * middle + low) / (width.clone() * width)]
    }

    /// Everything that one output may show with its probability: of normal noise, the three places and weights that are exact for polynomials
    /// up to the fifth degree.
    fn outcomes(&self, output: f64) -> Vec<(Digits, Digits)> {
        let number = Digits::from;
        match self.law {
            Law::Gaussian(deviation) => {
                let far = number(deviation) * number(3.0).sqrt();
                [(2.0, 0.0), (0.5, 1.0), (0.5, -1.0)]
                    .map(|(weight, place)| {
                        let seen = number(output) + number(place) * far.clone();
                        (number(weight) / number(3.0), seen)
                    })
                    .to_vec()
            }
            Law::Logistic => {
                let wakes = self.probability(output);
                vec![(number(1.0) - wakes.clone(), number(0.0)), (wakes, number(1.0))]
            }
        }
    }

    fn probability(&self, output: f64) -> Digits {
        let one = Digits::from(1.0);
        one.clone() / (one + Digits::from(-output).exp())
    }

    /// All that may be observed, with probabilities.
    fn observations(&self) -> Vec<(Digits, Vec<Digits>)> {
        let mut all = vec![(Digits::from(1.0), Vec::new())];
        for output in &self.constants {
            let outcomes = self.outcomes(*output);
            let longer = |(weight, seen): &(Digits, Vec<Digits>)| {
                let with = |(share, next): &(Digits, Digits)| {
                    let mut seen = seen.clone();
                    seen.push(next.clone());
                    (weight.clone() * share.clone(), seen)
                };
                outcomes.iter().map(with).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    /// The means of (w·∇ℓ)² and of w·∇²ℓ w.
    pub(crate) fn means(&self) -> [f64; 2] {
        let mut sums = [Digits::from(0.0), Digits::from(0.0)];
        for (weight, seen) in self.observations() {
            let [slope, second] = self.derivatives(&Column::from_vec(seen));
            sums[0] = sums[0].clone() + weight.clone() * slope.clone() * slope;
            sums[1] = sums[1].clone() + weight * second;
        }
        sums.map(|sum| sum.nearest())
    }

    /// w·∇²ℓ w for each observation.
    pub(crate) fn curvatures(&self) -> Vec<f64> {
        let all = self.observations().into_iter();
        all.map(|(_, seen)| self.derivatives(&Column::from_vec(seen))[1].nearest()).collect()
    }

    /// w·JᵀΛJ w
    pub(crate) fn told(&self) -> f64 {
        self.weighed(|i| match self.law {
            Law::Gaussian(deviation) => 1.0 / (deviation * deviation),
            Law::Logistic => {
                let wakes = self.probability(self.constants[i]).nearest();
                wakes * (1.0 - wakes)
            }
        })
    }

    /// w·(Σ_i (p_i − y_i)² J_iᵀJ_i) w for the labels that were drawn.
    pub(crate) fn empirical(&self) -> f64 {
        self.weighed(|i| {
            let wakes = self.probability(self.constants[i]).nearest();
            (wakes - f64::from(u8::from(self.labels[i]))).powi(2)
        })
    }

    fn weighed(&self, weight: impl Fn(usize) -> f64) -> f64 {
        let images = &self.slopes * &self.along;
        images.iter().enumerate().map(|(i, image)| weight(i) * image * image).sum()
    }

    fn drawn(draw: &mut Draw, law: Law, bent: f64) -> Self {
        let (n, d) = (draw.size(1..=3), draw.size(1..=2));
        let bends = (0..n).map(|_| {
            let half = Matrix::from_fn(d, d, |_, _| bent * draw.uniform(0.2, 1.0));
            &half + half.transpose()
        });
        let bends = bends.collect();
        Outputs {
            constants: Vector::from_fn(n, |_, _| draw.uniform(0.3, 1.5)),
            slopes: Matrix::from_fn(n, d, |_, _| draw.uniform(0.2, 1.0)),
            bends,
            law,
            along: Vector::from_fn(d, |_, _| draw.uniform(0.5, 1.5)),
            labels: (0..n).map(|_| draw.coin()).collect(),
        }
    }
}

/// Normal noise on outputs that bend.
pub(crate) fn noisy() -> Family<Outputs> {
    Family::drawn("normal noise", |draw| {
        let law = Law::Gaussian(draw.uniform(0.3, 2.0));
        Outputs::drawn(draw, law, 1.0)
    })
}

/// Labels whose odds bend.
pub(crate) fn labelled() -> Family<Outputs> {
    Family::drawn("labels", |draw| Outputs::drawn(draw, Law::Logistic, 1.0))
}

/// Labels whose odds are linear: logistic regression.
pub(crate) fn linearly_labelled() -> Family<Outputs> {
    Family::drawn("logistic regression", |draw| Outputs::drawn(draw, Law::Logistic, 0.0))
}

/// F is linear in x.
pub(crate) fn linear_outputs() -> Hypothesis<Outputs> {
    Hypothesis::new("linear outputs", |it: &Outputs, _| {
        let largest = it.bends.iter().map(Matrix::amax).fold(0.0, maximum);
        Check::that(largest == 0.0, format!("largest second derivative: {largest:.3}"))
    })
}

type Exact = DVector<Fraction>;

/// Residuals r with coordinates x = φ(u) = x_0 + P u + (u·C_k u)_k/2, and a step size, in fractions.
#[derive(Debug, Clone)]
pub(crate) struct TwoCoordinates {
    residuals: BentResiduals<Fraction>,
    origin: Exact,
    slopes: DMatrix<Fraction>,
    bends: Vec<DMatrix<Fraction>>,
    step: Fraction,
}

impl Instance for TwoCoordinates {
    fn description(&self) -> String {
        let numbers: Vec<f64> = self.slopes.iter().map(Fraction::nearest).collect();
        let bends: Vec<String> = self
            .bends
            .iter()
            .map(|bend| shown(bend.iter().map(Fraction::nearest).collect::<Vec<_>>().iter()))
            .collect();
        let step = self.step.nearest();
        format!("P = {} by columns; C = {}; h = {step:.3}", shown(numbers.iter()), bends.join(" "))
    }
}

impl TwoCoordinates {
    fn map(&self) -> BentResiduals<Fraction> {
        BentResiduals::new(self.origin.clone(), self.slopes.clone(), self.bends.clone())
    }

    fn here(&self) -> SumOfSquares<BentResiduals<Fraction>> {
        SumOfSquares(self.residuals.clone())
    }

    /// Where a step in x leads, and where φ carries one in u, from the same place.
    fn both(&self, natural: bool) -> [Exact; 2] {
        let there =
            SumOfSquares(InCoordinates { residuals: self.residuals.clone(), map: self.map() });
        let (mut x, mut u) = (self.origin.clone(), self.origin.map(|_| Fraction::from(0)));
        if natural {
            ScaledGradientDescent::<Exact>::new(self.step.clone()).step(&self.here(), &mut x);
            ScaledGradientDescent::<Exact>::new(self.step.clone()).step(&there, &mut u);
        } else {
            GradientDescent::<Exact>::new(self.step.clone()).step(&self.here(), &mut x);
            GradientDescent::<Exact>::new(self.step.clone()).step(&there, &mut u);
        }
        [x, self.map().values(&u)]
    }

    /// φ(u₊) − x₊ over h² for natural steps, and x₊ − φ(u₊) over h for gradient steps.
    pub(crate) fn apart(&self, natural: bool) -> Vec<f64> {
        let [x, carried] = self.both(natural);
        let h = self.step.clone();
        let unit = if natural { h.clone() * h } else { -h };
        (carried - x).iter().map(|part| (part.clone() / unit.clone()).nearest()).collect()
    }

    /// C[v, v]/2 for the direction v of the step, told from the step in x.
    pub(crate) fn bend(&self) -> Vec<f64> {
        let [x, _] = self.both(true);
        let along = (x - &self.origin).map(|entry| entry / self.step.clone());
        elimination::solve(&self.slopes, &along).map_or(vec![f64::NAN; along.len()], |v| {
            let bent = |bend: &DMatrix<Fraction>| (v.transpose() * bend * &v)[0].nearest() / 2.0;
            self.bends.iter().map(bent).collect()
        })
    }

    /// (PPᵀ − I)∇f
    pub(crate) fn stretch(&self) -> Vec<f64> {
        let mut gradient = self.origin.clone();
        self.here().gradient(&self.origin, &mut gradient);
        let image = &self.slopes * (self.slopes.transpose() * &gradient);
        (image - gradient).iter().map(Fraction::nearest).collect()
    }

    fn drawn(draw: &mut Draw, bent: f64) -> Self {
        let (d, n) = (draw.size(1..=2), 3);
        // Three decimal digits.
        let mut number = |low: f64, high: f64| {
            Fraction::ratio((1e3 * draw.uniform(low, high)).round() as i64, 1000)
        };
        let zero = Fraction::from(0);
        let residual_bends = (0..n).map(|_| symmetric(d, || number(-1.0, 1.0))).collect::<Vec<_>>();
        let slopes = DMatrix::from_fn(n, d, |i, j| {
            number(-1.0, 1.0) + if i == j { Fraction::from(2) } else { zero.clone() }
        });
        let constants = DVector::from_fn(n, |_, _| number(0.5, 2.0));
        let residuals = BentResiduals::new(constants, slopes, residual_bends);
        let origin = Exact::from_fn(d, |_, _| number(-0.2, 0.2));
        let slopes = DMatrix::from_fn(d, d, |i, j| {
            number(-0.5, 0.5) + if i == j { Fraction::from(2) } else { zero.clone() }
        });
        let bends = (0..d)
            .map(|_| symmetric(d, || number(0.2, 1.0)).map(|entry| entry * Fraction::from(bent)))
            .collect();
        TwoCoordinates { residuals, origin, slopes, bends, step: number(0.1, 0.9) }
    }
}

fn symmetric(d: usize, mut number: impl FnMut() -> Fraction) -> DMatrix<Fraction> {
    let half = DMatrix::from_fn(d, d, |_, _| number());
    &half + half.transpose()
}

/// Coordinates that bend.
pub(crate) fn bent_coordinates() -> Family<TwoCoordinates> {
    Family::drawn("bent coordinates", |draw| TwoCoordinates::drawn(draw, 1.0))
}

/// Affine ones.
pub(crate) fn affine_coordinates() -> Family<TwoCoordinates> {
    Family::drawn("affine coordinates", |draw| TwoCoordinates::drawn(draw, 0.0))
}

/// P and JᵀJ are invertible.
pub(crate) fn coordinates() -> Hypothesis<TwoCoordinates> {
    Hypothesis::new("coordinates, full rank", |it: &TwoCoordinates, _| {
        let map = elimination::determinant(&it.slopes).nearest();
        let normal = elimination::determinant(&it.here().gauss_newton_matrix(&it.origin)).nearest();
        Check::that(map != 0.0 && normal > 0.0, format!("det P = {map:.3}, det JᵀJ = {normal:.3}"))
    })
}

/// C = 0
pub(crate) fn affine() -> Hypothesis<TwoCoordinates> {
    Hypothesis::new("affine", |it: &TwoCoordinates, _| {
        let largest = it.bends.iter().flat_map(|bend| bend.iter()).map(|c| c.nearest().abs());
        let largest = largest.fold(0.0, maximum);
        Check::that(largest == 0.0, format!("largest bend of the coordinates: {largest:.3}"))
    })
}
