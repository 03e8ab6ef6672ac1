//! SGD with noise of two or three atoms on functions of one variable: few enough paths to walk them all, so that expectations are
//! exact, and a search finds the function and the law that are worst.

use theoria_algorithms::{GradientDescent, Method};
use theoria_instances::Problem;
use theoria_models::Vector;
use theoria_models::numerics::written;
use theoria_models::oracle::Oracle;
use theoria_models::stochastic::NoiseModel;
use theoria_verification::{
    Check, Claim, Constant, Draw, Family, Hypothesis, Instance, Reading, Readings, Theorem,
};

/// So many steps at most with two atoms, and with three.
const STEPS: [usize; 2] = [6, 4];
/// Stated σ², over that of the law, where the law is larger than it is said to be.
const UNDERSTATED: (f64, f64) = (0.1, 0.9);
/// From the longest step to the shortest one, at least so far where the mean of the noise is to count.
const LEAST_SHORTENED: f64 = 0.3;
/// σ, in its unit.
const LEAST_NOISE: f64 = 0.3;
const LARGEST_NOISE: f64 = 3.0;
/// Additive noise is compared with a slope that is at least so large, in units of L.
const LEAST_SLOPE: f64 = 0.01;
/// Relative error of a step's own operations.
const ROUNDING: f64 = 8.0 * f64::EPSILON;

const UNBIASED: &str = "unbiased";
const BOUNDED: &str = "bounded noise";
const INDEPENDENT: &str = "independent noise";

/// What is wrong with the noise, for controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Nothing.
    None,
    /// Its mean is not 0, but E ξ² ≤ σ².
    Biased,
    /// E ξ² > σ².
    Larger,
    /// One draw serves all steps.
    OneDraw,
}

/// g = f′(x) + ξ s(x), s(x) = 1, |f′(x)| or √(f(x) − f*), for `steps` steps.
#[derive(Clone)]
pub(crate) struct Enumerated {
    problem: Problem,
    model: NoiseModel,
    /// Values of ξ with their probabilities.
    atoms: Vec<(f64, f64)>,
    variance: f64,
    one_draw: bool,
    multiple: f64,
    steps: usize,
}

/// Where a path has come to.
pub(crate) struct Place<'a> {
    problem: &'a Problem,
    x: Vector,
    probability: f64,
    /// How far rounding may have carried it.
    drift: f64,
    /// The atom of the last step.
    last: Option<usize>,
}

/// The gradient with one of the atoms.
struct WithAtom<'a> {
    instance: &'a Enumerated,
    atom: f64,
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

    fn moment(&self, power: i32) -> f64 {
        self.atoms.iter().map(|(size, probability)| probability * size.powi(power)).sum()
    }

    /// E of what `quantity` is at x_0, …, x_N, with step size `step(k)` in step k.
    pub(crate) fn expectations(
        &self,
        step: impl Fn(usize) -> f64,
        quantity: impl Fn(&Place<'_>) -> Reading,
    ) -> Vec<Reading> {
        let start = Place {
            problem: &self.problem,
            x: self.problem.start().clone(),
            probability: 1.0,
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

    /// E f(x_n) - f* for n = 1, …, N.
    pub(crate) fn gaps(&self, step: impl Fn(usize) -> f64) -> Readings {
        let gaps = self.expectations(step, |place| place.gap());
        Readings::over(1..=self.steps, |n| gaps[n])
    }

    /// Where a path may be one step later.
    fn after<'a>(&'a self, place: &Place<'a>, h: f64) -> Vec<Place<'a>> {
        let kept = place.last.filter(|_| self.one_draw);
        let atoms = self.atoms.iter().enumerate();
        let possible = atoms.filter(|(i, _)| kept.is_none_or(|kept| kept == *i));
        let moved = possible.map(|(i, &(atom, probability))| {
            let mut x = place.x.clone();
            GradientDescent::new(h).step(&WithAtom { instance: self, atom }, &mut x);
            Place {
                problem: &self.problem,
                x,
                probability: place.probability * if kept.is_some() { 1.0 } else { probability },
                drift: self.drift_after(place, h, atom.abs()),
                last: Some(i),
            }
        });
        moved.collect()
    }

    /// What rounding before is multiplied with at most, and what the step adds.
    fn drift_after(&self, place: &Place<'_>, h: f64, atom: f64) -> f64 {
        let (f, x) = (self.problem.objective(), &place.x);
        let (l, error) = (self.problem.smoothness(), f.gradient_rounding(x));
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
}

/// Over the places, with their probabilities.
fn mean(places: &[Place<'_>], quantity: impl Fn(&Place<'_>) -> Reading) -> Reading {
    let (mut value, mut floor) = (0.0, 0.0);
    for place in places {
        let reading = quantity(place);
        value += place.probability * reading.value;
        floor += place.probability * (reading.floor + ROUNDING * reading.value.abs());
    }
    Reading::new(value, floor)
}

impl Place<'_> {
    /// f(x) - f*
    pub(crate) fn gap(&self) -> Reading {
        let (f, minimum) = (self.problem.objective(), self.problem.minimum());
        let carried = self.drift * (self.slope() + self.problem.smoothness() * self.drift);
        let floor = f.rounding(&self.x) + minimum.error + carried;
        Reading::new(f.value(&self.x) - minimum.value, floor)
    }

    /// f′(x)²
    pub(crate) fn squared_slope(&self) -> Reading {
        let (slope, l) = (self.slope(), self.problem.smoothness());
        let error = self.problem.objective().gradient_rounding(&self.x) + l * self.drift;
        Reading::new(slope * slope, (2.0 * slope + error) * error)
    }

    fn slope(&self) -> f64 {
        self.problem.objective().gradient_at(&self.x)[0].abs()
    }
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
        let problem = self.problem.description();
        format!("{problem}, {draws} {}{step}, N = {}", atoms.join(" or "), self.steps)
    }

    fn constants(&self) -> Vec<Constant> {
        let mut constants = self.problem.constants();
        constants.push(Constant::exact("σ²", self.variance));
        constants
    }
}

/// These functions of one variable with noise of two or three atoms, of mean 0 and E ξ² = σ² but for the flaw, and one to six steps; the
/// step size is this part of the longest one that the theorem allows.
pub(crate) fn enumerated(
    functions: Family<Problem>,
    model: NoiseModel,
    (shortest, longest): (f64, f64),
    flaw: Flaw,
) -> Family<Enumerated> {
    let noise = match flaw {
        Flaw::None => "noise of two or three atoms",
        Flaw::Biased => "biased noise",
        Flaw::Larger => "more noise than stated",
        Flaw::OneDraw => "one draw for all steps",
    };
    Family::drawn(&format!("{}, {noise}", functions.name()), move |draw| {
        let problem = functions.instance(draw, 0);
        // What is tight since nothing moves, or with the longest step for biased noise too, shows no flaw.
        let shortened = match flaw {
            Flaw::None => draw.including_ends(0.0, 1.0),
            Flaw::Larger => 0.0,
            Flaw::Biased | Flaw::OneDraw => draw.including_ends(LEAST_SHORTENED, 1.0),
        };
        let multiple = longest - (longest - shortest) * shortened;
        let least = if flaw == Flaw::None { LEAST_NOISE } else { 1.0 };
        let size = draw.log_uniform(least, LARGEST_NOISE);
        let unit = size * unit(&problem, model);
        let bias = if flaw == Flaw::Biased { draw.including_ends(-1.0, 1.0) } else { 0.0 };
        let understated = match flaw {
            Flaw::Larger => draw.uniform(UNDERSTATED.0, UNDERSTATED.1),
            _ => 1.0,
        };
        let spread = (1.0 - bias * bias).sqrt();
        let atoms: Vec<(f64, f64)> = if spread == 0.0 {
            vec![(unit * bias, 1.0)]
        } else {
            let law = law(draw).into_iter();
            law.map(|(size, probability)| (unit * (bias + spread * size), probability)).collect()
        };
        let most = STEPS[usize::from(atoms.len() == 3)];
        let steps = draw.size(1..=most);
        let (variance, one_draw) = (understated * unit * unit, flaw == Flaw::OneDraw);
        Enumerated { problem, model, atoms, variance, one_draw, multiple, steps }
    })
}

/// What σ is compared with, so that the noise counts beside the slope at the start.
fn unit(problem: &Problem, model: NoiseModel) -> f64 {
    let l = problem.smoothness();
    match model {
        NoiseModel::Additive => {
            problem.objective().gradient_at(problem.start()).norm().max(LEAST_SLOPE * l)
        }
        NoiseModel::Multiplicative => 1.0,
        NoiseModel::Vanishing => l.sqrt(),
    }
}

/// Two or three atoms with mean 0 and variance 1; the third is 0.
fn law(draw: &mut Draw) -> Vec<(f64, f64)> {
    let share = 0.5 - draw.including_ends(0.0, 0.45);
    let sign = if draw.coin() { -1.0 } else { 1.0 };
    let calm = if draw.coin() { draw.uniform(0.05, 0.9) } else { 0.0 };
    let (high, low) = (((1.0 - share) / share).sqrt(), (share / (1.0 - share)).sqrt());
    let moving = 1.0 - calm;
    let larger = sign / moving.sqrt();
    let mut atoms = vec![(larger * high, moving * share), (-larger * low, moving * (1.0 - share))];
    if calm > 0.0 {
        atoms.push((0.0, calm));
    }
    atoms
}

/// That the noise is unbiased, bounded by σ² and independent from step to step.
pub(crate) fn noise_of_atoms() -> [Hypothesis<Enumerated>; 3] {
    [
        Hypothesis::new(UNBIASED, |p: &Enumerated, _| {
            Check::at_most(p.moment(1).abs(), 1e-12 * p.moment(2).sqrt(), "|E ξ|, rounding")
        }),
        Hypothesis::new(BOUNDED, |p: &Enumerated, _| {
            Check::at_most(p.moment(2), p.variance * (1.0 + 1e-12), "E ξ², σ² (+ rounding)")
        }),
        Hypothesis::new(INDEPENDENT, |p: &Enumerated, _| {
            let detail = if p.one_draw {
                "the noise of all steps is one draw"
            } else {
                "a path has the product of the probabilities of its atoms"
            };
            Check::that(!p.one_draw, detail)
        }),
    ]
}

/// The step size is at most the longest one that the theorem allows.
pub(crate) fn allowed_step() -> Hypothesis<Enumerated> {
    Hypothesis::new("step size", |p: &Enumerated, _| {
        Check::at_most(p.multiple, 1.0, "step size, over the longest one")
    })
}

/// With controls that drop one hypothesis on the noise after the other from this claim.
pub(crate) fn without_hypotheses(
    theorem: Theorem,
    claim: fn(&str) -> Claim<Enumerated>,
    family: fn(Flaw) -> Family<Enumerated>,
) -> Theorem {
    let dropped = [
        ("biased_noise_with_all_paths", Flaw::Biased, UNBIASED),
        ("more_noise_with_all_paths", Flaw::Larger, BOUNDED),
        ("one_draw_with_all_paths", Flaw::OneDraw, INDEPENDENT),
    ];
    dropped.into_iter().fold(theorem, |theorem, (name, flaw, hypothesis)| {
        theorem.control(claim(name).on(family(flaw)).violating(hypothesis))
    })
}
