//! Runs of BFGS on functions with many valleys, and what each of their steps did.

use nalgebra::DMatrix;
use theoria_algorithms::{
    Backtracking, ConstantStep, LBfgs, Method, QuasiNewton, StrongWolfe, Update,
};
use theoria_elementary::{cos, sin};
use theoria_models::Vector;
use theoria_models::oracle::{Oracle, Valued};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

/// Steps of a run at most.
const STEPS: usize = 30;
/// Gradients that are smaller have too few digits left for y.
const ARRIVED: f64 = 1e-7;

/// f(x) = c|x|²/2 + Σ b_i cos(k_i·x)
#[derive(Debug, Clone)]
pub(crate) struct Waves {
    curvature: f64,
    waves: Vec<(f64, Vector)>,
}

impl Oracle<Vector> for Waves {
    fn gradient(&self, at: &Vector, into: &mut Vector) {
        into.copy_from(&(at * self.curvature));
        for (height, wave) in &self.waves {
            into.axpy(-height * sin(wave.dot(at)), wave, 1.0);
        }
    }
}

impl Valued<Vector> for Waves {
    fn values(&self, at: &Vector, into: &mut [f64]) {
        let waves = self.waves.iter().map(|(height, wave)| height * cos(wave.dot(at)));
        into[0] = self.curvature * at.norm_squared() / 2.0 + waves.sum::<f64>();
    }
}

/// How far BFGS goes.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// To the strong Wolfe conditions with these c₁ and c₂.
    Wolfe(f64, f64),
    /// By halving until f has decreased enough.
    Armijo,
}

/// A function, a start, H₀ as a multiple of the identity, and a rule.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    function: Waves,
    start: Vector,
    inverse: f64,
    pub(crate) rule: Rule,
}

/// What a step did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Made {
    /// f after it less f before it, and the size of the values.
    rise: f64,
    size: f64,
    /// g·s before and after.
    before: f64,
    after: f64,
    /// y·s/|g·s| and what rounding may do to it.
    pub(crate) share: f64,
    pub(crate) rounding: f64,
    /// The smallest eigenvalue of H after the update.
    pub(crate) eigenvalue: f64,
}

impl Instance for Run {
    fn description(&self) -> String {
        let waves: Vec<String> = self
            .function
            .waves
            .iter()
            .map(|(height, wave)| format!(" + {height} cos({:?}·x)", wave.as_slice()))
            .collect();
        format!(
            "f = {}|x|²/2{} from {:?}, H₀ = {} I",
            self.function.curvature,
            waves.concat(),
            self.start.as_slice(),
            self.inverse
        )
    }

    fn constants(&self) -> Vec<Constant> {
        match self.rule {
            Rule::Wolfe(decrease, curvature) => {
                vec![Constant::exact("c₁", decrease), Constant::exact("c₂", curvature)]
            }
            Rule::Armijo => Vec::new(),
        }
    }
}

impl Run {
    /// A parabola, of which H₀ makes a step that leaves c₂ of the slope exactly.
    pub(crate) fn on_a_parabola(curvature: f64) -> Self {
        let function = Waves { curvature: 1.0, waves: Vec::new() };
        let start = Vector::from_element(1, 1.0);
        Run { function, start, inverse: 1.0 - curvature, rule: Rule::Wolfe(1e-4, curvature) }
    }

    /// 1 − c₂, where there is one.
    pub(crate) fn least_share(&self) -> f64 {
        match self.rule {
            Rule::Wolfe(_, curvature) => 1.0 - curvature,
            Rule::Armijo => 0.1,
        }
    }

    /// The steps until the gradient is small or no step is found.
    pub(crate) fn steps(&self) -> Vec<Made> {
        let size = self.start.len();
        let inverse = DMatrix::identity(size, size) * self.inverse;
        match self.rule {
            Rule::Wolfe(decrease, curvature) => {
                let wolfe = StrongWolfe::new(decrease, curvature);
                self.steps_of(QuasiNewton::new(Update::Bfgs, inverse, wolfe), |method| {
                    (method.pair(), method.inverse())
                })
            }
            Rule::Armijo => {
                let armijo = Backtracking::new(1e-4, 0.5);
                self.steps_of(QuasiNewton::new(Update::Bfgs, inverse, armijo), |method| {
                    (method.pair(), method.inverse())
                })
            }
        }
    }

    fn steps_of<M: Method<Vector, Waves>>(
        &self,
        mut method: M,
        seen: impl Fn(&M) -> (Option<(&Vector, &Vector)>, &DMatrix<f64>),
    ) -> Vec<Made> {
        let f = &self.function;
        let at = |x: &Vector| {
            let (mut gradient, mut value) = (x.clone(), [0.0]);
            f.gradient(x, &mut gradient);
            f.values(x, &mut value);
            (value[0], gradient)
        };
        let mut x = self.start.clone();
        let mut made = Vec::new();
        let (mut value, mut gradient) = at(&x);
        for _ in 0..STEPS {
            let from = x.clone();
            method.step(f, &mut x);
            let (Some((step, change)), inverse) = seen(&method) else { break };
            if x == from {
                break;
            }
            let (next_value, next) = at(&x);
            let (before, after) = (gradient.dot(step), next.dot(step));
            let terms =
                f.waves.iter().map(|(height, wave)| height.abs() * wave.norm()).sum::<f64>()
                    + f.curvature * (from.norm() + x.norm());
            made.push(Made {
                rise: next_value - value,
                size: value.abs() + next_value.abs(),
                before,
                after,
                share: change.dot(step) / before.abs(),
                rounding: 16.0 * f64::EPSILON * terms * step.norm() / before.abs(),
                eigenvalue: inverse.symmetric_eigenvalues().min(),
            });
            (value, gradient) = (next_value, next);
            if gradient.norm() < ARRIVED {
                break;
            }
        }
        made
    }
}

/// What L-BFGS and BFGS keep of a run with constant steps, through places where f bends down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept {
    /// How many pairs L-BFGS skipped.
    pub(crate) skipped: usize,
    /// After how many steps −H g did not go down, for the H that skips pairs.
    pub(crate) lost_by_skipping: usize,
    /// After how many steps the matrix of BFGS, which takes all, was not positive definite.
    pub(crate) lost_by_bfgs: usize,
}

impl Run {
    /// Both matrices over the same points, those of unit steps of L-BFGS.
    pub(crate) fn kept(&self) -> Kept {
        let (f, size) = (&self.function, self.start.len());
        let steepness: f64 = f.waves.iter().map(|(b, wave)| b.abs() * wave.norm_squared()).sum();
        let step = 0.5 / (f.curvature + steepness);
        let mut method = LBfgs::new(3, ConstantStep::new(1.0)).scaled(step);
        let mut dense = DMatrix::identity(size, size) * step;
        let (mut x, mut gradient) = (self.start.clone(), self.start.clone());
        f.gradient(&x, &mut gradient);
        let mut kept = Kept { skipped: 0, lost_by_skipping: 0, lost_by_bfgs: 0 };
        for _ in 0..STEPS {
            let (from, before) = (x.clone(), gradient.clone());
            method.step(f, &mut x);
            f.gradient(&x, &mut gradient);
            if gradient.norm() < ARRIVED || x == from || x.norm() > 1e6 {
                break;
            }
            let mut along = gradient.clone();
            method.inverse_times(&mut along);
            kept.lost_by_skipping += usize::from(along.dot(&gradient) <= 0.0);
            Update::Bfgs.apply(&mut dense, &(&x - &from), &(&gradient - &before));
            kept.lost_by_bfgs += usize::from(dense.symmetric_eigenvalues().min() <= 0.0);
        }
        kept.skipped = method.skipped();
        kept
    }
}

/// A pair was skipped.
pub(crate) fn bends_down() -> Hypothesis<Run> {
    Hypothesis::new("y·s ≤ 0 somewhere", |run: &Run, _| {
        let skipped = run.kept().skipped;
        Check::that(skipped > 0, format!("{skipped} pairs were skipped"))
    })
}

/// In one to three variables, not convex.
pub(crate) fn runs(name: &str, rule: fn(f64) -> Rule) -> Family<Run> {
    Family::drawn(name, move |draw| {
        let size = draw.size(1..=3);
        let count = draw.several();
        let curvature = draw.log_uniform(0.1, 2.0);
        let waves = (0..count)
            .map(|_| {
                let wave = Vector::from_fn(size, |_, _| draw.uniform(-3.0, 3.0));
                (draw.uniform(-2.0, 2.0), wave)
            })
            .collect();
        let start = Vector::from_fn(size, |_, _| draw.uniform(-3.0, 3.0));
        let inverse = draw.log_uniform(0.1, 10.0);
        let rule = rule(draw.including_ends(0.1, 0.9));
        Run { function: Waves { curvature, waves }, start, inverse, rule }
    })
}

/// Both conditions, looked at again after every step; near a minimiser, where values agree to twelve digits, by the trapezoid of slopes.
pub(crate) fn strong_wolfe() -> Hypothesis<Run> {
    Hypothesis::new("strong Wolfe", |run: &Run, _| {
        let (decrease, curvature) = match run.rule {
            Rule::Wolfe(decrease, curvature) => (decrease, curvature),
            Rule::Armijo => (1e-4, 0.9),
        };
        let steps = run.steps();
        let hold = |made: &&Made| {
            let resolved = made.rise.abs() > 1e-12 * made.size;
            let rise = if resolved { made.rise } else { (made.before + made.after) / 2.0 };
            let slack = 1e-9 * made.before.abs();
            rise <= decrease * made.before + slack
                && made.after.abs() <= -curvature * made.before + slack
        };
        let good = steps.iter().filter(hold).count();
        Check::that(
            good == steps.len() && good > 0,
            format!("both conditions hold after {good} of {} steps", steps.len()),
        )
    })
}
