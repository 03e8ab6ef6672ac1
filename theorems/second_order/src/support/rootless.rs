//! Newton's method on x³/3 + a x, which has no critical point for a > 0.

use std::f64::consts::PI;

use nalgebra::DVector;
use rand::RngExt;
use theoria_algorithms::{Method, Newton};
use theoria_elementary::tan;
use theoria_models::Equation;
use theoria_models::numerics::{Fraction, LongFloat};
use theoria_models::point::{Point, Scalar};
use theoria_verification::{Block, Constant, Instance, Sample};

/// A bit is lost in every step, so that these last for 4000 of them.
pub(crate) type Digits = LongFloat<4096>;

/// x² + a = 0
pub(crate) fn equation<S: Scalar + Send + Sync>(a: S) -> Equation<S> {
    Equation::new(move |x: &S| x.clone() * x.clone() + a.clone(), |x: &S| S::from(2.0) * x.clone())
}

/// x_0, …, x_n
pub(crate) fn orbit<S: Scalar + Send + Sync>(a: S, start: S, steps: usize) -> Vec<S>
where
    DVector<S>: Point<Scalar = S>,
{
    let (equation, mut newton) = (equation(a), Newton::default());
    let mut x = DVector::from_element(1, start.clone());
    let mut all = vec![start];
    for _ in 0..steps {
        newton.step(&equation, &mut x);
        all.push(x[0].clone());
    }
    all
}

/// The derivative f′ f‴/f″² of a step.
pub(crate) fn stretch<S: Scalar>(a: &S, x: &S) -> S {
    let [value, slope, bend] =
        [x.clone() * x.clone() + a.clone(), S::from(2.0) * x.clone(), S::from(2.0)];
    value * bend / (slope.clone() * slope)
}

/// Rational a and x_0.
#[derive(Debug, Clone)]
pub(crate) struct Rational {
    pub(crate) a: (i64, i64),
    pub(crate) start: (i64, i64),
}

impl Instance for Rational {
    fn description(&self) -> String {
        let ((p, q), (r, s)) = (self.a, self.start);
        format!("a = {p}/{q} from {r}/{s}, in fractions")
    }
}

impl Rational {
    pub(crate) fn a(&self) -> Fraction {
        Fraction::ratio(self.a.0, self.a.1)
    }

    pub(crate) fn start(&self) -> Fraction {
        Fraction::ratio(self.start.0, self.start.1)
    }

    pub(crate) fn orbit(&self, steps: usize) -> Vec<Fraction> {
        orbit(self.a(), self.start(), steps)
    }

    /// √a times real over imaginary part of (x + i √a)^(2ⁿ), by 2ⁿ products.
    pub(crate) fn by_powers(&self, x: &Fraction, n: u32) -> Fraction {
        let (a, one) = (self.a(), (Fraction::from(1), Fraction::from(0)));
        // u + i √a v
        let (u, v) = (0..2u32.pow(n)).fold(one, |(u, v), _| {
            let real = u.clone() * x.clone() - a.clone() * v.clone();
            (real, u + v * x.clone())
        });
        u / v
    }
}

/// √a cot(kπ/(2^m − 1))
#[derive(Clone, Copy)]
pub(crate) struct Cycle {
    pub(crate) a: f64,
    pub(crate) length: u32,
    pub(crate) number: u32,
}

impl Cycle {
    /// x_0, …, x_m
    pub(crate) fn orbit(self) -> Vec<f64> {
        let angle = f64::from(self.number) * PI / f64::from(2u32.pow(self.length) - 1);
        orbit(self.a, self.a.sqrt() / tan(angle), self.length as usize)
    }
}

/// Starts x_0 with the uniform law on an interval.
#[derive(Debug, Clone)]
pub(crate) struct Starts {
    pub(crate) a: f64,
    pub(crate) centre: f64,
    pub(crate) half_width: f64,
}

impl Instance for Starts {
    fn description(&self) -> String {
        let Starts { a, centre, half_width } = self;
        format!("a = {a}, x₀ uniform within {half_width} of {centre}")
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("scale √|a|", self.scale())]
    }
}

impl Starts {
    /// Where there is no √a, of |a|.
    pub(crate) fn scale(&self) -> f64 {
        self.a.abs().sqrt()
    }

    /// x_n for each trial.
    pub(crate) fn sample(&self, block: &mut Block, steps: usize) -> Sample {
        let equation = equation(self.a);
        let mut x = DVector::from_element(1, 0.0);
        block.each_value(steps, |random| {
            x[0] = self.centre + self.half_width * random.random_range(-1.0..1.0);
            let mut newton = Newton::default();
            (0..steps).for_each(|_| newton.step(&equation, &mut x));
            x[0]
        })
    }
}
