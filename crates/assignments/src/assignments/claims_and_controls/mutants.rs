//! Wrong solutions, each wrong in one place.

use super::reference::{Known, answer};
use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

const GAP: usize = 0;
const DISTANCE: usize = 1;
const GRADIENT: usize = 2;

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "three_times_too_weak",
        fails: &["controls", "controls_elsewhere", "caught", "subtle", "conditions"],
        because: "nothing comes near to the claims, neither the right run nor most wrong ones",
        make: || Flawed::boxed(Flaw::Times(3.0)),
    },
    Mutant {
        name: "five_percent_too_strong",
        fails: &["gap", "distance", "gradient", "adversary"],
        because: "each bound is attained or nearly so, and five percent less is broken by the right run",
        make: || Flawed::boxed(Flaw::Times(0.95)),
    },
    Mutant {
        name: "half_a_percent_too_strong",
        fails: &["gap", "adversary"],
        because: "the bound of the gap is attained, on Huber's function to the last digit",
        make: || Flawed::boxed(Flaw::Times(0.995)),
    },
    Mutant {
        name: "six_percent_too_weak",
        fails: &["controls", "subtle"],
        because: "a control five percent below is kept still, and a step five percent short keeps the claim",
        make: || Flawed::boxed(Flaw::Times(1.06)),
    },
    Mutant {
        name: "gradient_forgotten",
        fails: &["near", "controls", "caught"],
        because: "the run that stops as soon as its gap is small is caught by its gradient alone",
        make: || Flawed::boxed(Flaw::Forgets(GRADIENT)),
    },
    Mutant {
        name: "distance_forgotten",
        fails: &["near", "controls", "caught"],
        because: "the run that climbs in the flattest coordinate is caught by its distance alone",
        make: || Flawed::boxed(Flaw::Forgets(DISTANCE)),
    },
    Mutant {
        name: "gap_forgotten",
        fails: &["near", "controls", "caught", "subtle"],
        because: "a run that stops after three steps, or makes short ones, is caught by its gap alone",
        make: || Flawed::boxed(Flaw::Forgets(GAP)),
    },
    Mutant {
        name: "true_controls",
        fails: &["controls", "controls_elsewhere"],
        because: "a control that is the claim itself is never broken",
        make: || Flawed::boxed(Flaw::Controls(1.0)),
    },
    Mutant {
        name: "controls_far_below",
        fails: &["near"],
        because: "half of a claim is broken whether or not the claim is sharp",
        make: || Flawed::boxed(Flaw::Controls(0.5)),
    },
    Mutant {
        name: "one_step_ahead",
        fails: &["gap", "gradient", "distance", "adversary"],
        because: "what holds after N + 1 steps is claimed after N",
        make: || Flawed::boxed(Flaw::Later(1.0)),
    },
    Mutant {
        name: "one_step_behind",
        fails: &["controls", "subtle"],
        because: "what holds after N − 1 steps already is claimed after N, and a run with an old gradient is no later",
        make: || Flawed::boxed(Flaw::Later(-1.0)),
    },
    Mutant {
        name: "smoothness_squared",
        fails: &["gap", "gradient", "controls"],
        because: "with L² the bound is too small where L < 1, and too large where L > 1",
        make: || Flawed::boxed(Flaw::SquaresSmoothness),
    },
    Mutant {
        name: "textbook_constant",
        fails: &["controls", "caught", "subtle"],
        because: "L R²/(2N) is true and twice what it need be: a run that stops after three steps keeps it",
        make: || Flawed::boxed(Flaw::Textbook),
    },
    Mutant {
        name: "best_step_always",
        fails: &["distance", "adversary"],
        because: "(L − μ)/(L + μ) is the factor of one step size, and smaller than that of any other",
        make: || Flawed::boxed(Flaw::BestStep),
    },
    Mutant {
        name: "flat_mode_alone",
        fails: &["distance", "gap", "gradient", "adversary"],
        because: "with long steps the mode of curvature L is the slow one",
        make: || Flawed::boxed(Flaw::FlatModeAlone),
    },
    Mutant {
        name: "gap_by_the_factor_once",
        fails: &["controls", "controls_elsewhere"],
        because: "the gap falls by ρ² a step, so that a bound with ρ is sharp nowhere",
        make: || Flawed::boxed(Flaw::FactorOnce),
    },
    Mutant {
        name: "rate_of_momentum",
        fails: &["gap", "adversary"],
        because: "2 L R²/(N + 1)² is Nesterov's rate; after many steps gradient descent is slower",
        make: || Flawed::boxed(Flaw::Momentum),
    },
    Mutant {
        name: "strong_convexity_ignored",
        fails: &["controls", "conditions"],
        because: "the bounds for convex functions do not fall by a factor a step, and whether μ is right they do not see",
        make: || Flawed::boxed(Flaw::IgnoresStrongConvexity),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Times(f64),
    Forgets(usize),
    /// Controls are this part of the claims.
    Controls(f64),
    Later(f64),
    SquaresSmoothness,
    Textbook,
    BestStep,
    FlatModeAlone,
    FactorOnce,
    Momentum,
    IgnoresStrongConvexity,
}

struct Flawed {
    flaw: Flaw,
}

impl Flawed {
    fn boxed(flaw: Flaw) -> Box<dyn Solution + Send> {
        Box::new(Flawed { flaw })
    }

    fn claims(&self, known: &Known, n: f64) -> [f64; 3] {
        let [mut gap, mut distance, mut gradient] = match self.flaw {
            Flaw::Later(by) => known.bounds(n + by),
            _ => known.bounds(n),
        };
        let (l, r) = (known.smoothness, known.distance);
        match (self.flaw, known.strong_convexity) {
            (Flaw::Times(factor), _) => return [gap, distance, gradient].map(|own| factor * own),
            (Flaw::Forgets(place), _) => {
                let mut claims = [gap, distance, gradient];
                claims[place] = f64::INFINITY;
                return claims;
            }
            (Flaw::SquaresSmoothness, None) => (gap, gradient) = (l * gap, l * gradient),
            (Flaw::Textbook, None) => gap = l * r * r / (2.0 * n),
            (Flaw::Momentum, None) => gap = 2.0 * l * r * r / (n + 1.0).powi(2),
            (Flaw::FactorOnce, Some(_)) => gap = known.gap * distance / r,
            (Flaw::BestStep, Some(mu)) => {
                let power = ((l - mu) / (l + mu)).powf(n);
                (gap, distance, gradient) =
                    (power * power * known.gap, power * r, power * known.gradient);
            }
            (Flaw::FlatModeAlone, Some(mu)) => {
                let power = (1.0 - known.step * mu).abs().powf(n);
                (gap, distance, gradient) =
                    (power * power * known.gap, power * r, power * known.gradient);
            }
            _ => {}
        }
        [gap, distance, gradient]
    }
}

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let mut known = Known::of(instance);
        if self.flaw == Flaw::IgnoresStrongConvexity {
            known.strong_convexity = None;
        }
        let share = match self.flaw {
            Flaw::Controls(share) => share,
            _ => 0.95,
        };
        let claims = instance.vector("steps").into_iter().map(|n| self.claims(&known, n));
        answer(&claims.map(|own| (own, own.map(|claim| share * claim))).collect::<Vec<_>>())
    }
}
