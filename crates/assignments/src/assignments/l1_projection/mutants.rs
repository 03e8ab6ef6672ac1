//! Wrong solutions, each wrong in one place.

use crate::assignment::Mutant;
use crate::theoria::{Fields, Solution};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "rescaling",
        fails: &["example", "nearest", "threshold"],
        because: "v t/|v|₁ lies on the sphere and is not the nearest point of it; it never has a zero",
        make: || Box::new(Flawed(Flaw::Rescales)),
    },
    Mutant {
        name: "euclidean_ball",
        fails: &["sphere", "nearest"],
        because: "v t/|v|₂ lies on another sphere",
        make: || Box::new(Flawed(Flaw::Euclidean)),
    },
    Mutant {
        name: "signs_lost",
        fails: &["nearest", "threshold"],
        because: "negative coordinates come out positive",
        make: || Box::new(Flawed(Flaw::LosesSigns)),
    },
    Mutant {
        name: "no_case_inside",
        fails: &["inside"],
        because: "with θ < 0 a point inside is moved outward to the sphere",
        make: || Box::new(Flawed(Flaw::MovesInside)),
    },
    Mutant {
        name: "threshold_once",
        fails: &["sphere", "threshold"],
        because: "θ is the mean over all coordinates, also over those that become zero",
        make: || Box::new(Flawed(Flaw::Once)),
    },
    Mutant {
        name: "sorts_without_sizes",
        fails: &["nearest", "threshold"],
        because: "large negative coordinates come last and are not counted",
        make: || Box::new(Flawed(Flaw::SortsSigned)),
    },
    Mutant {
        name: "loop_ends_one_early",
        fails: &["nearest", "threshold"],
        because: "θ is the mean over one coordinate too few",
        make: || Box::new(Flawed(Flaw::OneEarly)),
    },
    Mutant {
        name: "radius_as_threshold",
        fails: &["sphere", "threshold"],
        because: "θ = t is the proximal map of t|x|₁, another problem",
        make: || Box::new(Flawed(Flaw::RadiusAsThreshold)),
    },
    Mutant {
        name: "clips_coordinates",
        fails: &["example", "sphere"],
        because: "it projects onto a cube",
        make: || Box::new(Flawed(Flaw::Clips)),
    },
];

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    Rescales,
    Euclidean,
    LosesSigns,
    MovesInside,
    Once,
    SortsSigned,
    OneEarly,
    RadiusAsThreshold,
    Clips,
}

struct Flawed(Flaw);

impl Solution for Flawed {
    fn begin(&mut self, instance: &Fields) -> Fields {
        let (vector, radius) = (instance.vector("vector"), instance.number("radius"));
        let norm: f64 = vector.iter().map(|v| v.abs()).sum();
        if norm <= radius && self.0 != Flaw::MovesInside {
            return Fields::new().with("projection", &vector);
        }
        let euclidean = vector.iter().map(|v| v * v).sum::<f64>().sqrt();
        let theta = self.threshold(&vector, radius);
        let moved = |v: &f64| match self.0 {
            Flaw::Rescales => v * radius / norm,
            Flaw::Euclidean => v * (radius / euclidean).min(1.0),
            Flaw::Clips => v.clamp(-radius, radius),
            Flaw::LosesSigns => (v.abs() - theta).max(0.0),
            _ => v.signum() * (v.abs() - theta).max(0.0),
        };
        let projection: Vec<f64> = vector.iter().map(moved).collect();
        Fields::new().with("projection", &projection)
    }
}

impl Flawed {
    fn threshold(&self, vector: &[f64], radius: f64) -> f64 {
        let mut sizes: Vec<f64> = match self.0 {
            Flaw::SortsSigned => vector.to_vec(),
            _ => vector.iter().map(|v| v.abs()).collect(),
        };
        sizes.sort_by(|a, b| b.total_cmp(a));
        let mean = |count: usize| (sizes[..count].iter().sum::<f64>() - radius) / count as f64;
        match self.0 {
            Flaw::Once => mean(sizes.len()),
            Flaw::RadiusAsThreshold => radius,
            _ => {
                let mut above = (1..=sizes.len()).filter(|&count| sizes[count - 1] > mean(count));
                let last = above.next_back().unwrap_or(1);
                mean(if self.0 == Flaw::OneEarly { (last - 1).max(1) } else { last })
            }
        }
    }
}
