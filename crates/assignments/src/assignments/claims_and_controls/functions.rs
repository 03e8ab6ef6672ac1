//! Functions that gradient descent is run on, and those on which it is as slow as may be.

use theoria_instances::Problem;
use theoria_instances::families::{
    diabetes_least_squares, diagonal_quadratics, rank_deficient_least_squares, ridge_regression,
    smooth_convex_functions, strongly_convex_functions,
};
use theoria_instances::hypotheses;
use theoria_verification::{Check, Constant, Draw, Family, Hypothesis, Instance, Reading};

use super::setting::{Quantity, SIDES, Setting, huber, modes, scale};

/// The start is so far out on a slope that this share of the way is one step.
const NARROW: f64 = 1e-4;
/// h L of the steps where μ is told; 2/(L + μ) lies between.
const MULTIPLES: (f64, f64) = (0.5, 1.9);

/// What a student sees: some functions of each kind, with those that are as slow as may be.
pub(super) fn seen(quantity: Quantity, steps: &[usize]) -> Vec<Family<Setting>> {
    let some = [
        rank_deficient_least_squares().map(Setting::convex).with_draws(3),
        with_any_step(diagonal_quadratics(4.0..=50.0)).with_draws(3),
    ];
    worst(quantity, steps).into_iter().chain(some).collect()
}

/// What the adversary looks for worse ones in, among so many.
pub(super) fn hunted(evaluations: usize) -> [Family<Setting>; 2] {
    let convex = smooth_convex_functions().map(Setting::convex).hunted(evaluations);
    let strongly = with_any_step(strongly_convex_functions(4.0..=50.0)).hunted(evaluations);
    [convex, strongly]
}

/// What else only the grader runs.
pub(super) fn elsewhere(steps: &[usize]) -> Vec<Family<Setting>> {
    let some = [
        diabetes_least_squares().map(Setting::convex),
        with_any_step(ridge_regression()).with_draws(3),
    ];
    let worst = Quantity::ALL.into_iter().flat_map(|quantity| worst(quantity, steps));
    worst.chain(some).collect()
}

fn with_any_step(family: Family<Problem>) -> Family<Setting> {
    let name = format!("{}, with any step", family.name());
    let (shortest, longest) = MULTIPLES;
    Family::drawn(&name, move |draw| {
        let multiple = draw.uniform(shortest, longest);
        Setting::strongly_convex(family.instance(draw, 0), multiple)
    })
}

/// Those on which a quantity is as large as may be after so many steps, with constants on both sides of 1.
fn worst(quantity: Quantity, steps: &[usize]) -> Vec<Family<Setting>> {
    let family = |(side, kind, steps): (usize, Kind, usize)| {
        let name = format!("the {} after {steps} steps, {}", quantity.name(), kind.name());
        let extreme = move |draw: &mut Draw| Extreme::drawn(quantity, kind, side, draw);
        Family::drawn(&name, move |draw| extreme(draw).after(steps)).with_draws(1)
    };
    let of_a_kind = |kind: Kind| -> Vec<(usize, Kind, usize)> {
        match kind {
            Kind::Convex if quantity != Quantity::Distance => {
                steps.iter().enumerate().map(|(number, &steps)| (number, kind, steps)).collect()
            }
            // The same function is the worst after any number.
            _ => vec![(0, kind, 1), (3, kind, 2)],
        }
    };
    KINDS.into_iter().flat_map(of_a_kind).map(family).collect()
}

/// What is known of a function, and what makes it slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Convex,
    /// Strongly convex, with a step so short that the flattest mode is the slowest.
    ShortSteps,
    /// Strongly convex, with a step so long that the steepest one is.
    LongSteps,
}

const KINDS: [Kind; 3] = [Kind::Convex, Kind::ShortSteps, Kind::LongSteps];

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Convex => "convex",
            Kind::ShortSteps => "strongly convex, with short steps",
            Kind::LongSteps => "strongly convex, with long steps",
        }
    }
}

/// The functions on which one quantity is as large as may be, for some constants.
pub(super) struct Extreme {
    pub(super) quantity: Quantity,
    kind: Kind,
    scale: (f64, f64),
    /// μ/L and h L, where the function is strongly convex.
    ratio: f64,
    multiple: f64,
}

impl Instance for Extreme {
    fn description(&self) -> String {
        let kind = self.kind.name();
        format!("the functions on which the {} is largest ({kind})", self.quantity.name())
    }

    fn constants(&self) -> Vec<Constant> {
        self.after(1).constants()
    }
}

impl Extreme {
    fn drawn(quantity: Quantity, kind: Kind, side: usize, draw: &mut Draw) -> Self {
        let scale = scale(side, draw);
        let (ratio, multiple) = match kind {
            Kind::LongSteps => (draw.log_uniform(0.15, 0.25), draw.uniform(1.8, 1.9)),
            Kind::Convex | Kind::ShortSteps => {
                (draw.log_uniform(0.02, 0.25), draw.uniform(0.5, 1.5))
            }
        };
        Extreme { quantity, kind, scale, ratio, multiple }
    }

    /// The one that is worst after so many steps.
    pub(super) fn after(&self, steps: usize) -> Setting {
        let mode = |start: [f64; 2]| {
            let problem = modes(self.scale, [self.ratio, 1.0], start);
            Setting::strongly_convex(problem, self.multiple)
        };
        let steps = steps as f64;
        match (self.kind, self.quantity) {
            (Kind::ShortSteps, _) => mode([1.0, 0.0]),
            (Kind::LongSteps, _) => mode([0.0, 1.0]),
            (Kind::Convex, Quantity::Gap) => {
                Setting::convex(huber(self.scale, 1.0 / (2.0 * steps + 1.0)))
            }
            (Kind::Convex, Quantity::Gradient) => {
                Setting::convex(huber(self.scale, 1.0 / (steps + 1.0)))
            }
            (Kind::Convex, Quantity::Distance) => Setting::convex(huber(self.scale, NARROW)),
        }
    }

    /// The quantity there.
    pub(super) fn reading(&self, setting: &Setting, steps: usize) -> Reading {
        self.quantity.read(&setting.problem, setting.descent(steps).at(steps))
    }
}

/// For each quantity and each kind, with constants on all sides of 1.
pub(super) fn extremes() -> Vec<Family<Extreme>> {
    let kinds = Quantity::ALL.into_iter().flat_map(|quantity| KINDS.map(|kind| (quantity, kind)));
    let sides = kinds.flat_map(|(quantity, kind)| [0, 1, 2, 3].map(|side| (quantity, kind, side)));
    sides
        .map(|(quantity, kind, side)| {
            let name = format!("the {}, {}, {}", quantity.name(), kind.name(), SIDES[side]);
            Family::drawn(&name, move |draw| Extreme::drawn(quantity, kind, side, draw))
                .with_draws(1)
        })
        .collect()
}

/// The hypotheses of the theorem; μ counts where it is told.
pub(super) fn granted() -> [Hypothesis<Setting>; 4] {
    let strongly =
        Hypothesis::new("strongly convex where μ is told", |setting: &Setting, draw| match setting
            .strong_convexity
        {
            Some(_) => hypotheses::strongly_convex::<Setting>().check(setting, draw),
            None => Check::that(true, "μ is not told"),
        });
    [hypotheses::smooth(), hypotheses::convex(), hypotheses::minimiser(), strongly]
}
