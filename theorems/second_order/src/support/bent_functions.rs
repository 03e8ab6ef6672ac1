//! Functions of one variable that become convex when a parabola is taken off, with their proximal points in closed form.

use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance, Reading};

/// At a knot: f' jumps by so much and then rises more steeply by so much.
#[derive(Debug, Clone, Copy)]
struct Kink {
    at: f64,
    jump: f64,
    bend: f64,
}

/// f'(y) = c + μ y + the kinks to the left of y, with f(0) = 0; a start and a step size.
#[derive(Debug, Clone)]
pub(crate) struct Bent {
    slope: f64,
    /// μ, of any sign.
    pub(crate) curvature: f64,
    kinks: Vec<Kink>,
    pub(crate) start: f64,
    pub(crate) step: f64,
}

impl Instance for Bent {
    fn description(&self) -> String {
        let kinks: Vec<String> = self
            .kinks
            .iter()
            .map(|k| format!(" + ({} + {} (y − {})) for y > {}", k.jump, k.bend, k.at, k.at))
            .collect();
        format!(
            "f′(y) = {} + {} y{}; from {}, h = {}",
            self.slope,
            self.curvature,
            kinks.concat(),
            self.start,
            self.step
        )
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("μ", self.curvature), Constant::exact("h", self.step)]
    }
}

impl Bent {
    /// w |y| on the right of 0.
    pub(crate) fn absolute(slope: f64, start: f64, step: f64) -> Self {
        Bent { slope, curvature: 0.0, kinks: Vec::new(), start, step }.flat_on_the_left()
    }

    /// μ y²/2
    pub(crate) fn parabola(curvature: f64, start: f64, step: f64) -> Self {
        Bent { slope: 0.0, curvature, kinks: Vec::new(), start, step }
    }

    /// With the slope at 0 as a jump there, so that 0 is a minimiser.
    fn flat_on_the_left(self) -> Self {
        let jump = Kink { at: 0.0, jump: self.slope, bend: 0.0 };
        Bent { slope: 0.0, kinks: [vec![jump], self.kinks].concat(), ..self }
    }

    /// f(y), and the size of the terms that it is made of.
    fn value(&self, y: f64) -> (f64, f64) {
        let bent = self.kinks.iter().filter(|k| y > k.at).flat_map(|k| {
            let beyond = y - k.at;
            [k.jump * beyond, k.bend * beyond * beyond / 2.0]
        });
        [self.slope * y, self.curvature * y * y / 2.0]
            .into_iter()
            .chain(bent)
            .fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()))
    }

    /// The y with y + h f'(y) = x, which is one because 1 + h μ > 0.
    pub(crate) fn step_from(&self, x: f64) -> f64 {
        let h = self.step;
        let mut kinks = self.kinks.clone();
        kinks.sort_by(|a, b| a.at.total_cmp(&b.at));
        // On the current piece y + h f'(y) = offset + rate y.
        let (mut offset, mut rate) = (h * self.slope, 1.0 + h * self.curvature);
        for k in &kinks {
            let before = offset + rate * k.at;
            if x <= before {
                break;
            }
            if x <= before + h * k.jump {
                return k.at;
            }
            offset += h * (k.jump - k.bend * k.at);
            rate += h * k.bend;
        }
        (x - offset) / rate
    }

    /// f(x) − f(x_+) of the first step.
    pub(crate) fn decrease(&self) -> Reading {
        let (x, y) = (self.start, self.step_from(self.start));
        let ((before, one), (after, other)) = (self.value(x), self.value(y));
        let terms = one + other + self.slope.abs() * (x - y).abs();
        let count = 8.0 + 4.0 * self.kinks.len() as f64;
        Reading::new(before - after, count * f64::EPSILON * (terms + self.sensitivity(y)))
    }

    /// What the rounding of y may do to f(y) and to the square of the step, in units of ε.
    fn sensitivity(&self, y: f64) -> f64 {
        let size = self.start.abs() + y.abs() + self.kinks.iter().map(|k| k.at.abs()).sum::<f64>();
        let slope = (self.start - y).abs() / self.step;
        let amplified = size / (1.0 + self.step * self.curvature.min(0.0));
        4.0 * (slope + (1.0 / self.step + self.curvature.abs()) * (self.start - y).abs())
            * amplified
    }

    /// |x_+ − x| of the first step.
    pub(crate) fn length(&self) -> f64 {
        (self.step_from(self.start) - self.start).abs()
    }

    /// f(x_n) − f(0) after each of these numbers of steps.
    pub(crate) fn gap_after(&self, steps: usize) -> Reading {
        let x = (0..steps).fold(self.start, |x, _| self.step_from(x));
        let (value, size) = self.value(x);
        let slope = self.start / self.step;
        Reading::new(value, 8.0 * f64::EPSILON * (size + (1 + steps) as f64 * slope * self.start))
    }
}

fn kinks(draw: &mut Draw, from: f64, to: f64) -> Vec<Kink> {
    let count = draw.several();
    (0..count)
        .map(|_| Kink {
            at: draw.uniform(from, to),
            jump: draw.including_ends(0.0, 2.0),
            bend: draw.including_ends(0.0, 2.0),
        })
        .collect()
}

/// f − μ y²/2 is convex, with μ h between −0.95 and 4, or between −0.95 and −0.5.
pub(crate) fn bent_functions(convex: bool) -> Family<Bent> {
    let name = if convex {
        "functions that a parabola makes convex"
    } else {
        "functions that are not convex"
    };
    Family::drawn(name, move |draw| {
        let step = draw.log_uniform(0.1, 10.0);
        let most = if convex { 4.0 } else { -0.5 };
        let curvature = draw.uniform(-0.95, most) / step;
        let (slope, start) = (draw.uniform(-2.0, 2.0), draw.uniform(-3.0, 3.0));
        let kinks = kinks(draw, -4.0, 4.0);
        if curvature < 0.0 {
            draw.label("concave where it has no kink");
        }
        Bent { slope, curvature, kinks, start, step }
    })
}

/// Convex functions with the minimum 0 at 0, seen from the right.
pub(crate) fn convex_functions() -> Family<Bent> {
    Family::drawn("convex functions", |draw| {
        let (step, start) = (draw.log_uniform(0.1, 10.0), draw.log_uniform(0.1, 10.0));
        let slope = draw.log_uniform(0.01, 2.0) * start / step;
        let curvature = draw.including_ends(0.0, 2.0) / step;
        let kinks = kinks(draw, 0.0, start);
        Bent { slope, curvature, kinks, start, step }.flat_on_the_left()
    })
}

/// f is convex: μ ≥ 0.
pub(crate) fn convex() -> Hypothesis<Bent> {
    Hypothesis::new("convex", |f: &Bent, _| Check::at_least(f.curvature, 0.0, "curvature"))
}

/// μ > −1/h, so that the step has one solution.
pub(crate) fn solvable() -> Hypothesis<Bent> {
    Hypothesis::new("μ > −1/h", |f: &Bent, _| {
        let kinks = f.kinks.iter().all(|k| k.jump >= 0.0 && k.bend >= 0.0);
        let product = f.curvature * f.step;
        Check::that(
            kinks && product > -1.0,
            format!("h μ = {product:.4}, slopes jump and bend upwards"),
        )
    })
}
