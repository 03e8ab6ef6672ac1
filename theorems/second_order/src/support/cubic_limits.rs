//! Cubic regularisation where it is fast, and where it is not.

use std::sync::Arc;

use nalgebra::DVector;
use theoria_algorithms::{CubicNewton, GradientDescent, Method};
use theoria_elementary::hypot;
use theoria_models::OneVariable;
use theoria_models::point::{Point, SquareRoot};
use theoria_verification::{Constant, Family, Instance};

use super::unknowns::Long;

/// Errors below this have no digits left for their successors.
const LAST: f64 = -290.0;

type Function = Arc<dyn Fn(&Long) -> Long + Send + Sync>;

/// f' and f'' with a minimum, M near it, and a start.
#[derive(Clone)]
pub(crate) struct Approach {
    name: &'static str,
    first: Function,
    second: Function,
    minimiser: f64,
    start: f64,
    lipschitz: f64,
    /// f'' and f''' at the minimum.
    curvature: f64,
    third: f64,
}

impl Instance for Approach {
    fn description(&self) -> String {
        format!("{} from {}", self.name, self.start)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![
            Constant::exact("M", self.lipschitz),
            Constant::exact("f″(x*)", self.curvature),
            Constant::exact("f‴(x*)", self.third),
        ]
    }
}

impl Approach {
    /// (M ± f‴)/(2f″), with the sign of the error.
    pub(crate) fn limit(&self) -> f64 {
        let side = (self.start - self.minimiser).signum();
        (self.lipschitz + side * self.third) / (2.0 * self.curvature)
    }

    /// |f‴|/(2f″)
    pub(crate) fn newtons_limit(&self) -> f64 {
        self.third.abs() / (2.0 * self.curvature)
    }

    /// (x_{n+1} − x*)/(x_n − x*)² with the sign of x_n − x*, for the last n that has digits.
    pub(crate) fn last_ratio(&self) -> (usize, f64) {
        let (first, second) = (Arc::clone(&self.first), Arc::clone(&self.second));
        // No value is asked for.
        let function =
            OneVariable::new(|x: &Long| x.clone(), move |x| first(x), move |x| second(x));
        let mut method = CubicNewton::new(Long::from(self.lipschitz));
        let mut x = DVector::from_element(1, Long::from(self.start));
        let error = |x: &DVector<Long>| x[0].clone() - Long::from(self.minimiser);
        let (mut steps, mut ratio) = (0, f64::NAN);
        while error(&x).log10_of_size() > LAST && steps < 60 {
            let before = error(&x);
            method.step(&function, &mut x);
            let size = before.clone().abs();
            ratio = (error(&x) / (before * size)).nearest();
            steps += 1;
        }
        (steps, ratio)
    }
}

/// From both sides; M bounds |f‴| on the way.
pub(crate) fn approaches() -> Family<Approach> {
    let exponential = Approach {
        name: "eˣ − x",
        first: Arc::new(|x| x.clone().exp() - Long::from(1.0)),
        second: Arc::new(|x| x.clone().exp()),
        minimiser: 0.0,
        start: 0.5,
        lipschitz: 1.65,
        curvature: 1.0,
        third: 1.0,
    };
    let one = || Long::from(1.0);
    let well = Approach {
        name: "(x² − 1)²/4",
        first: Arc::new(move |x| x.clone() * (x.clone() * x.clone() - one())),
        second: Arc::new(move |x| Long::from(3.0) * x.clone() * x.clone() - one()),
        minimiser: 1.0,
        start: 1.5,
        lipschitz: 10.0,
        curvature: 2.0,
        third: 6.0,
    };
    let root = |x: &Long| (Long::from(1.0) + x.clone() * x.clone()).sqrt();
    let soft = Approach {
        name: "√(1 + x²)",
        first: Arc::new(move |x| x.clone() / root(x)),
        second: Arc::new(move |x| {
            let s = root(x);
            Long::from(1.0) / (s.clone() * s.clone() * s)
        }),
        minimiser: 0.0,
        start: 2.0,
        lipschitz: root_lipschitz(),
        curvature: 1.0,
        third: 0.0,
    };
    let both = [
        exponential.clone(),
        Approach { start: -0.5, ..exponential },
        well.clone(),
        Approach { start: 0.8, ..well },
        soft,
    ];
    Family::listed("approaches to a minimum", both, Approach::clone)
}

/// 48/(25√5), the largest |f‴| of √(1 + x²), at x = 1/2.
pub(crate) fn root_lipschitz() -> f64 {
    48.0 / (25.0 * 5f64.sqrt())
}

/// √(1 + x²)
fn root() -> OneVariable<f64> {
    let size = |x: &f64| hypot(*x, 1.0);
    OneVariable::new(move |x: &f64| size(x), move |x| x / size(x), move |x| size(x).powi(-3))
}

/// From here until |x| ≤ 1e-10.
fn steps_down_the_root<M>(mut method: M, start: f64) -> usize
where
    M: Method<DVector<f64>, OneVariable<f64>>,
    DVector<f64>: Point,
{
    let (function, mut x) = (root(), DVector::from_element(1, start));
    let mut steps = 0;
    while x[0].abs() > 1e-10 && steps < 20_000 {
        method.step(&function, &mut x);
        steps += 1;
    }
    steps
}

/// Steps of cubic regularisation on √(1 + x²), and of gradient descent with the step size 1/L = 1.
pub(crate) fn root_steps(start: f64) -> [usize; 2] {
    let cubic = steps_down_the_root(CubicNewton::new(root_lipschitz()), start);
    let descent = steps_down_the_root(GradientDescent::new(1.0), start);
    [cubic, descent]
}
