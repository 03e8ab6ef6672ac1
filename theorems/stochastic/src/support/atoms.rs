//! Laws of two or three atoms for the noise of gradients, right ones and flawed ones.

use std::ops::RangeInclusive;

use theoria_instances::Problem;
use theoria_instances::families::misstated;
use theoria_models::Property;
use theoria_models::stochastic::NoiseModel;
use theoria_verification::{Check, Claim, Draw, Family, Hypothesis, Theorem};

use super::enumerated::{Enumerated, curvature};

/// So many steps at most with two atoms, and with three.
const STEPS: [usize; 2] = [6, 4];
/// Stated σ², over that of the law, where the law is larger than it is said to be.
const UNDERSTATED: (f64, f64) = (0.1, 0.9);
/// From the longest step to the shortest one, at least so far where the mean of the noise is to count.
const LEAST_SHORTENED: f64 = 0.3;
/// What constants of functions are said to be where they are wrong, over L or G.
const MISSTATED: RangeInclusive<f64> = 0.1..=0.9;
/// σ, in its unit.
const LEAST_NOISE: f64 = 0.3;
const LARGEST_NOISE: f64 = 3.0;
/// Additive noise is compared with a slope that is at least so large, in units of L.
const LEAST_SLOPE: f64 = 0.01;

pub(crate) const UNBIASED: &str = "unbiased";
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
        Enumerated { problem, model, atoms, variance, one_draw, multiple, steps, radius: None }
    })
}

/// What σ is compared with, so that the noise counts beside the slope at the start.
fn unit(problem: &Problem, model: NoiseModel) -> f64 {
    let l = curvature(problem);
    match model {
        NoiseModel::Additive => {
            let slope = problem.objective().gradient_at(problem.start()).norm();
            slope.max(LEAST_SLOPE * l)
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
            Check::at_most(p.bias(), 1e-12 * p.moment(2).sqrt(), "|E ξ|, rounding")
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

/// With controls that say another constant of the functions than they have, with right noise.
pub(crate) fn without_constants(
    theorem: Theorem,
    claim: fn(&str) -> Claim<Enumerated>,
    (model, steps): (NoiseModel, (f64, f64)),
    dropped: impl IntoIterator<Item = (Property, Family<Problem>)>,
) -> Theorem {
    dropped.into_iter().fold(theorem, |theorem, (property, functions)| {
        let (name, hypothesis) = match property {
            Property::Smoothness => ("too_small_a_smoothness", "smooth"),
            Property::Lipschitz => ("too_small_a_slope", "Lipschitz"),
            Property::StrongConvexity => ("too_much_strong_convexity", "strongly convex"),
            Property::Lojasiewicz => ("too_large_a_lojasiewicz_constant", "Polyak–Łojasiewicz"),
        };
        let functions = misstated(functions, property, MISSTATED);
        let family = enumerated(functions, model, steps, Flaw::None).hunted(1000);
        theorem.control(claim(&format!("{name}_with_all_paths")).on(family).violating(hypothesis))
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
