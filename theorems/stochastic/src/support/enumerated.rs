//! SGD with noise of two or three atoms on functions of one variable: few enough paths to walk them all, so that expectations are
//! exact, and a search finds the function and the law that are worst.

use theoria_algorithms::{GradientDescent, Method};
use theoria_instances::Problem;
use theoria_models::Vector;
use theoria_models::numerics::{maximum, written};
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::NoiseModel;
use theoria_verification::{Constant, Instance, Reading, Readings};

/// Relative error of a step's own operations.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

/// g = f′(x) + ξ s(x), s(x) = 1, |f′(x)| or √(f(x) − f*), for `steps` steps.
#[derive(Clone)]
pub(crate) struct Enumerated {
    pub(super) problem: Problem,
    pub(super) model: NoiseModel,
    /// Values of ξ with their probabilities.
    pub(super) atoms: Vec<(f64, f64)>,
    /// The σ² that is stated.
    pub(super) variance: f64,
    pub(super) one_draw: bool,
    pub(super) multiple: f64,
    pub(super) steps: usize,
    /// Each step ends with the projection to [-r, r], if there is one.
    pub(super) radius: Option<f64>,
}

/// Where a path has come to.
pub(super) struct Place {
    pub(super) x: Vector,
    probability: f64,
    /// Steps before, and the sum of x_0, …, x_{n−1}.
    steps: usize,
    sum: f64,
    /// How far rounding may have carried it; where f is not smooth, all that rounding has added.
    drift: f64,
    /// The atom of the last step.
    last: Option<usize>,
}

/// The gradient with one of the atoms.
pub(crate) struct WithAtom<'a> {
    pub(super) instance: &'a Enumerated,
    pub(super) atom: f64,
}

impl Oracle<Vector> for WithAtom<'_> {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        self.instance.problem.objective().gradient_into(at, into);
        into[0] += self.atom * self.instance.scale(at, into[0]);
    }
}

impl Enumerated {
    /// The function and the start.
    pub(crate) fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The σ² that is stated.
    pub(crate) fn variance(&self) -> f64 {
        self.variance
    }

    /// The step size in the theorem's unit.
    pub(crate) fn multiple(&self) -> f64 {
        self.multiple
    }

    /// The number of steps N.
    pub(crate) fn steps(&self) -> usize {
        self.steps
    }

    fn scale(&self, x: &Vector, slope: f64) -> f64 {
        match self.model {
            NoiseModel::Additive => 1.0,
            NoiseModel::Multiplicative => slope.abs(),
            NoiseModel::Vanishing => self.above_minimum(x).sqrt(),
        }
    }

    fn above_minimum(&self, x: &Vector) -> f64 {
        (self.problem.objective().value(x) - self.problem.minimum().value).max(0.0)
    }

    /// E ξ to this power.
    pub(super) fn moment(&self, power: i32) -> f64 {
        self.atoms.iter().map(|(size, probability)| probability * size.powi(power)).sum()
    }

    /// The same for at least so many steps.
    #[must_use]
    pub(crate) fn over_at_least(self, steps: usize) -> Self {
        Enumerated { steps: self.steps.max(steps), ..self }
    }

    /// With a projection to [-r, r] at the end of each step.
    #[must_use]
    pub(crate) fn projected(self, radius: f64) -> Self {
        Enumerated { radius: Some(radius), ..self }
    }

    /// r
    pub(crate) fn radius(&self) -> f64 {
        self.radius.unwrap_or(f64::INFINITY)
    }

    /// E of what `quantity` is at x_0, …, x_N, with step size `step(k)` in step k.
    pub(super) fn expectations(
        &self,
        step: impl Fn(usize) -> f64,
        quantity: impl Fn(&Place) -> Reading,
    ) -> Vec<Reading> {
        let start = Place {
            x: self.problem.start().clone(),
            probability: 1.0,
            steps: 0,
            sum: 0.0,
            drift: 0.0,
            last: None,
        };
        let mut places = vec![start];
        let mut means = vec![mean(&places, &quantity)];
        for k in 0..self.steps {
            let h = step(k);
            places = places.iter().flat_map(|place| self.after(place, h)).collect();
            means.push(mean(&places, &quantity));
        }
        means
    }

    /// E f′(x_n)² for n = 0, …, N.
    pub(crate) fn squared_slopes(&self, step: impl Fn(usize) -> f64) -> Vec<Reading> {
        self.expectations(step, |place| self.squared_slope(place))
    }

    /// E f(x_n) - f* for n = 1, …, N.
    pub(crate) fn gaps(&self, step: impl Fn(usize) -> f64) -> Readings {
        let gaps = self.expectations(step, |place| self.gap(place));
        Readings::over(1..=self.steps, |n| gaps[n])
    }

    /// E f(mean of x_0, …, x_{N−1}) - f* for N = 1, …, of a convex function, with step size h.
    ///
    /// The run that is computed is a run with what rounding adds to its steps, which adds at most that times the largest distance from x* over
    /// hN to what theory says of it.
    pub(crate) fn gaps_of_means(&self, h: f64) -> Readings {
        let gaps = self.mean_gaps(h);
        Readings::over(1..=self.steps, |n| gaps[n])
    }

    /// The same for each N with a step size of its own.
    pub(crate) fn gaps_of_means_with(&self, step: impl Fn(f64) -> f64) -> Readings {
        Readings::over(1..=self.steps, |n| self.mean_gaps(step(n as f64))[n])
    }

    fn mean_gaps(&self, h: f64) -> Vec<Reading> {
        let (f, minimum) = (self.problem.objective(), self.problem.minimum());
        let fastest = self.atoms.iter().map(|atom| atom.0.abs()).fold(0.0, maximum);
        self.expectations(
            |_| h,
            |place| {
                let n = place.steps.max(1) as f64;
                let mean = Vector::from_element(1, place.sum / n);
                let fastest = self.problem.lipschitz() + fastest;
                let farthest = self.problem.distance_at_start() + n * h * fastest;
                let floor = f.rounding(&mean) + minimum.error + place.drift * farthest / (h * n);
                Reading::new(f.value(&mean) - minimum.value, floor)
            },
        )
    }

    /// |E ξ|
    pub(crate) fn bias(&self) -> f64 {
        self.moment(1).abs()
    }

    /// Where a path may be one step later.
    fn after(&self, place: &Place, h: f64) -> Vec<Place> {
        let kept = place.last.filter(|_| self.one_draw);
        let atoms = self.atoms.iter().enumerate();
        let possible = atoms.filter(|(i, _)| kept.is_none_or(|kept| kept == *i));
        let moved = possible.map(|(i, &(atom, probability))| {
            let mut x = place.x.clone();
            GradientDescent::new(h).step(&WithAtom { instance: self, atom }, &mut x);
            if let Some(radius) = self.radius {
                x[0] = x[0].clamp(-radius, radius);
            }
            Place {
                x,
                probability: place.probability * if kept.is_some() { 1.0 } else { probability },
                steps: place.steps + 1,
                sum: place.sum + place.x[0],
                drift: self.drift_after(place, h, atom.abs()),
                last: Some(i),
            }
        });
        moved.collect()
    }

    /// What rounding before is multiplied with at most, and what the step adds.
    fn drift_after(&self, place: &Place, h: f64, atom: f64) -> f64 {
        let (f, x) = (self.problem.objective(), &place.x);
        let (l, error) = (curvature(&self.problem), f.gradient_rounding(x));
        let slope = f.gradient_at(x)[0].abs();
        let (steeper, error) = match self.model {
            NoiseModel::Additive => (l, error),
            NoiseModel::Multiplicative => (l * (1.0 + atom), error * (1.0 + atom)),
            NoiseModel::Vanishing => {
                // |f′| ≤ √(2L(f − f*)).
                let (value, lost) = (self.above_minimum(x), f.rounding(x));
                let of_the_root = (lost / value.sqrt()).min(lost.sqrt());
                (l + atom * (l / 2.0).sqrt(), error + atom * of_the_root)
            }
        };
        let added = x.norm() + h * (slope + atom * self.scale(x, slope));
        (1.0 + h * steeper) * place.drift + h * error + ROUNDING * added
    }

    /// f(x) - f*
    pub(super) fn gap(&self, place: &Place) -> Reading {
        let (f, minimum) = (self.problem.objective(), self.problem.minimum());
        let carried = place.drift * (self.slope(place) + self.problem.smoothness() * place.drift);
        let floor = f.rounding(&place.x) + minimum.error + carried;
        Reading::new(f.value(&place.x) - minimum.value, floor)
    }

    /// f′(x)²
    fn squared_slope(&self, place: &Place) -> Reading {
        let (slope, l) = (self.slope(place), self.problem.smoothness());
        let error = self.problem.objective().gradient_rounding(&place.x) + l * place.drift;
        Reading::new(slope * slope, (2.0 * slope + error) * error)
    }

    pub(super) fn slope(&self, place: &Place) -> f64 {
        self.problem.objective().gradient_at(&place.x)[0].abs()
    }
}

/// L, or 0 where f is not smooth.
pub(super) fn curvature(problem: &Problem) -> f64 {
    problem.objective().smoothness().map_or(0.0, |l| l.value)
}

/// Over the places, with their probabilities.
fn mean(places: &[Place], quantity: impl Fn(&Place) -> Reading) -> Reading {
    let (mut value, mut floor) = (0.0, 0.0);
    for place in places {
        let reading = quantity(place);
        value += place.probability * reading.value;
        floor += place.probability * (reading.floor + ROUNDING * reading.value.abs());
    }
    Reading::new(value, floor)
}

impl AsRef<Problem> for Enumerated {
    fn as_ref(&self) -> &Problem {
        &self.problem
    }
}

impl Instance for Enumerated {
    fn description(&self) -> String {
        let unit = match self.model {
            NoiseModel::Additive => "",
            NoiseModel::Multiplicative => " |f′|",
            NoiseModel::Vanishing => " √(f − f*)",
        };
        let atoms = self.atoms.iter().map(|(size, probability)| {
            format!("{}{unit} with probability {}", written(*size), written(*probability))
        });
        let atoms: Vec<String> = atoms.collect();
        let draws = if self.one_draw { "one draw for all steps of noise" } else { "noise" };
        let step = match self.multiple {
            1.0 => String::new(),
            multiple => format!(", step size times {}", written(multiple)),
        };
        let stated = if self.moment(2) > self.variance * (1.0 + 1e-9) {
            format!(", σ² said to be {}", written(self.variance))
        } else {
            String::new()
        };
        let (problem, atoms) = (self.problem.description(), atoms.join(" or "));
        let set = match self.radius {
            Some(radius) => format!(", projected to ±{}", written(radius)),
            None => String::new(),
        };
        format!("{problem}, {draws} {atoms}{stated}{step}, N = {}{set}", self.steps)
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.problem.constants();
        constants.push(Constant::exact("σ²", self.variance));
        constants
    }
}
