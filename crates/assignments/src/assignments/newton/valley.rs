//! Functions of one variable, with a start and the two numbers of backtracking.

use theoria_algorithms::{DampedNewton, Method};
use theoria_models::numerics::written;
use theoria_models::{OneVariable, Vector};
use theoria_verification::{Constant, Draw, Family, Instance};

use crate::play::Student;
use crate::theoria::Fields;

/// A function with its only minimum.
pub(super) struct Valley {
    name: String,
    function: OneVariable<f64>,
    pub(super) minimiser: f64,
    pub(super) start: f64,
    decrease: f64,
    shrink: f64,
}

impl Instance for Valley {
    fn description(&self) -> String {
        format!("{}, from {}", self.name, written(self.start))
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("c", self.decrease), Constant::exact("b", self.shrink)]
    }
}

impl Valley {
    /// a √(1 + (x − m)²) + w (x − m)²/2, strongly convex where w is not 0.
    fn root(height: f64, weight: f64, minimiser: f64, start: f64) -> Self {
        let from = move |x: &f64| x - minimiser;
        let length = move |x: &f64| (1.0 + from(x) * from(x)).sqrt();
        let plain = height == 1.0 && weight == 0.0 && minimiser == 0.0;
        let [height_told, weight_told, least] = [height, weight, minimiser].map(written);
        let name = format!("{height_told} √(1 + u²) + {weight_told} u²/2 with u = x − ({least})");
        Valley {
            name: if plain { "√(1 + x²)".into() } else { name },
            function: OneVariable::new(
                move |x| height * length(x) + weight * from(x) * from(x) / 2.0,
                move |x| from(x) * (height / length(x) + weight),
                move |x| height / length(x).powi(3) + weight,
            ),
            minimiser,
            start,
            decrease: 1e-4,
            shrink: 0.5,
        }
    }

    /// x⁴/4 − x² + 2x, whose minimiser is known by Cardano's formula.
    fn quartic(start: f64) -> Self {
        let root = (19f64 / 27.0).sqrt();
        Valley {
            name: "x⁴/4 − x² + 2x".into(),
            function: OneVariable::new(
                |x: &f64| x * (x * (x * x / 4.0 - 1.0) + 2.0),
                |x| x * (x * x - 2.0) + 2.0,
                |x| 3.0 * x * x - 2.0,
            ),
            minimiser: -(1.0 + root).cbrt() - (1.0 - root).cbrt(),
            start,
            decrease: 1e-4,
            shrink: 0.5,
        }
    }

    fn with(self, decrease: f64, shrink: f64) -> Self {
        Valley { decrease, shrink, ..self }
    }

    /// What the solution calls its iterate after so many messages about the function; no numbers where it fails.
    pub(super) fn iterates_by(&self, student: &Student, messages: usize) -> Vec<f64> {
        let known = Fields::new()
            .with("start", self.start)
            .with("decrease", self.decrease)
            .with("shrink", self.shrink);
        let begun = student.begin(&known);
        let mut point = begun.and_then(|answer| student.take(answer.number("point")));
        let mut iterates = Vec::with_capacity(messages);
        for _ in 0..messages {
            let next = point.and_then(|x| {
                let told = Fields::new()
                    .with("value", self.function.value(&x))
                    .with("slope", self.function.first(&x))
                    .with("curvature", self.function.second(&x));
                let answer = student.tell(&told)?;
                let iterate = student.take(answer.number("iterate"))?;
                Some((iterate, student.take(answer.number("point"))?))
            });
            iterates.push(next.map_or(f64::NAN, |(iterate, _)| iterate));
            point = next.map(|(_, point)| point);
        }
        iterates
    }

    /// The iterates message by message, by the project's own method, as long as what a step gains is far above rounding, so that
    /// there is no doubt which candidate is the first.
    pub(super) fn expected(&self) -> Vec<f64> {
        let mut method = DampedNewton::new(self.decrease, self.shrink);
        let mut x = Vector::from_element(1, self.start);
        let mut iterates = Vec::new();
        let gains = |x: f64| {
            let (slope, curvature) = (self.function.first(&x), self.function.second(&x));
            let step = if curvature > 0.0 { slope / curvature } else { slope };
            step * slope > 1e-6 * (1.0 + self.function.value(&x).abs())
        };
        while iterates.len() < 80 && gains(x[0]) {
            let before = x[0];
            method.step(&self.function, &mut x);
            iterates.extend(std::iter::repeat_n(before, method.cuts() + 1));
        }
        iterates.push(x[0]);
        iterates
    }
}

/// √(1 + x²) from nearby.
pub(super) fn near() -> Family<Valley> {
    Family::listed("√(1 + x²) from nearby", [0.7, -0.8, 0.9], |start| {
        Valley::root(1.0, 0.0, 0.0, *start)
    })
}

/// √(1 + x²) from where whole steps run away.
pub(super) fn far() -> Family<Valley> {
    Family::listed("√(1 + x²) from further away", [1.1, -2.0, 10.0], |start| {
        Valley::root(1.0, 0.0, 0.0, *start)
    })
}

/// The quartic from the cycle, and from where whole steps are drawn to it.
pub(super) fn trapped() -> Family<Valley> {
    Family::listed("x⁴/4 − x² + 2x", [0.0, 1.0, -0.1, 0.1, 0.5, 2.5, -0.6], |start| {
        Valley::quartic(*start)
    })
}

/// Softened roots of all sizes with their own c and b.
pub(super) fn softened() -> Family<Valley> {
    let draw = |draw: &mut Draw| {
        let (height, weight) = (draw.log_uniform(0.5, 5.0), draw.log_uniform(1e-3, 0.1));
        let (minimiser, away) = (draw.uniform(-3.0, 3.0), draw.log_uniform(1.2, 30.0));
        let start = minimiser + if draw.coin() { away } else { -away };
        let valley = Valley::root(height, weight, minimiser, start);
        valley.with(draw.uniform(0.1, 0.45), draw.uniform(0.6, 0.9))
    };
    Family::drawn("softened roots", draw).with_draws(16)
}

/// The quartic with other c and b.
pub(super) fn quartics() -> Family<Valley> {
    Family::drawn("quartics", |draw| {
        let valley = Valley::quartic(draw.uniform(-0.7, 3.0));
        valley.with(draw.uniform(0.1, 0.45), draw.uniform(0.3, 0.9))
    })
    .with_draws(12)
}
