//! A search for the law on which a judge is wrong most often: random laws, then the best of them changed step by step.

use rand::RngExt;
use theoria_elementary::exp;
use theoria_verification::{Draw, Generator, Stream};

use super::law::{Atoms, Law};

/// Laws that are drawn at random ...
const STARTS: usize = 64;
/// ... and changes that are tried with the best of them.
const MOVES: usize = 128;

/// What the search chooses: the logarithms of the sizes and of the probabilities of a few values, how much they are smeared,
/// and how many such variables are multiplied.
#[derive(Debug, Clone)]
struct Choices {
    values: Vec<(f64, f64)>,
    jitter: f64,
    factors: u32,
}

impl Choices {
    fn drawn(random: &mut Generator) -> Self {
        let values = (0..random.random_range(2..=3)).map(|_| Self::value(random)).collect();
        let smeared = random.random::<bool>();
        Choices {
            values,
            jitter: if smeared { random.random_range(0.0..0.5) } else { 0.0 },
            factors: random.random_range(1..=2),
        }
    }

    fn value(random: &mut Generator) -> (f64, f64) {
        (random.random_range(-5.0..5.0), random.random_range(-9.0..0.0))
    }

    fn changed(&self, random: &mut Generator) -> Self {
        let mut next = self.clone();
        let which = random.random_range(0..next.values.len());
        match random.random_range(0..5u32) {
            0 | 1 => next.values[which].0 += random.random_range(-0.7..0.7),
            2 | 3 => {
                next.values[which].1 =
                    (next.values[which].1 + random.random_range(-0.7..0.7)).min(0.0);
            }
            _ => next.values[which] = Self::value(random),
        }
        next
    }

    fn law(&self) -> Law {
        let values: Vec<(f64, f64)> =
            self.values.iter().map(|(size, share)| (exp(*size), exp(*share))).collect();
        let mass: f64 = values.iter().map(|(_, p)| p).sum();
        let told: Vec<String> =
            values.iter().map(|(z, p)| format!("{z:.3} ({:.1e})", p / mass)).collect();
        let smeared = if self.jitter > 0.0 {
            format!(", smeared by {:.2}", self.jitter)
        } else {
            String::new()
        };
        let name = format!("product of {} of {}{smeared}, to scale", self.factors, told.join(", "));
        Law::Atoms(Atoms::new(&name, &values, self.jitter, self.factors))
    }
}

/// The law with the largest share of wrong verdicts that was found, and that share after each law that was tried.
pub(crate) fn worst_law(
    draw: &mut Draw,
    mut share_of_wrong: impl FnMut(&Law, &mut Generator) -> f64,
) -> (Law, Vec<f64>) {
    let random = &mut Stream::drawn(draw.generator()).trial(0);
    let mut best: Option<(f64, Choices)> = None;
    let mut course = Vec::with_capacity(STARTS + MOVES);
    for attempt in 0..STARTS + MOVES {
        let choices = match &best {
            // Where nothing is wrong yet there is nothing to climb.
            Some((share, choices)) if attempt >= STARTS && *share > 0.0 => choices.changed(random),
            _ => Choices::drawn(random),
        };
        let share = share_of_wrong(&choices.law(), random);
        if best.as_ref().is_none_or(|(most, _)| share >= *most) {
            best = Some((share, choices));
        }
        course.push(best.as_ref().map_or(0.0, |(most, _)| *most));
    }
    (best.map_or_else(Law::coin, |(_, choices)| choices.law()), course)
}
