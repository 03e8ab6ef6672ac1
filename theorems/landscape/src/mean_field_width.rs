#![doc = include_str!("mean_field_width.md")]

use std::f64::consts::{PI, TAU};
use std::sync::LazyLock;

use theoria_elementary::{atan2, powf};
use theoria_instances::sequences::evenly;
use theoria_models::networks::{Activation, Model, Particle, SquaredFit, TwoLayer, circle};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance, Line,
    Reading, Readings, Theorem, TrialClaim,
};

/// Points on the circle.
const POINTS: usize = 24;
/// Steps of gradient descent.
const STEPS: usize = 1000;
/// By how much each particle moves in a step of gradient descent, relative to its slope.
const STEP: f64 = 0.5;
/// The directions of the teacher's units and their outer weights.
const TEACHER: [(f64, f64); 3] = [(0.3, 3.0), (2.0, -3.0), (4.0, 3.0)];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let fluctuation = fluctuation("fluctuations_shrink_like_one_over_m");
    let larger = fluctuation
        .restated("fluctuations_are_larger", "m Var f_m(x) = 1.12 |x|²/4")
        .predicting(|_, _| 0.28);
    let slower = fluctuation
        .restated("fluctuations_shrink_more_slowly", "m^0.95 Var f_m(x) = |x|²/4")
        .predicting(|_, m| 0.25 * powf(m, 0.05));
    let learns = "loss of 32 particles at the end ≤ loss of the zero network / 1000";
    let gaps = "largest gap between neighbouring directions ≤ π/18";
    let stuck = "loss ≥ least loss of one unit";
    Theorem::new("landscape/mean_field_width", include_str!("mean_field_width.md"))
        .uses("initialization/duplicate_neurons", "neurons that are equal at the start stay equal")
        .claim(fluctuation)
        .claim(
            self::learns("wide_and_diverse_networks_learn", learns)
                .on(starts("directions all around", 32, PI))
                .tight_to(0.003),
        )
        .claim(copies("equal_particles_are_one_particle").on(starts("all equal", 16, 0.0)))
        .claim(
            self::stuck("equal_particles_stay_above_the_best_direction", stuck)
                .on(starts("all equal", 16, 0.0))
                .tight_to(0.9),
        )
        .claim(gap("directions_stay_dense", gaps).on(dense(512, PI)).tight_to(0.65))
        .control(larger)
        .control(slower)
        .control(
            self::learns(
                "two_particles_learn",
                "loss of 2 particles at the end ≤ loss of the zero network / 1000",
            )
            .on(starts("directions all around", 2, PI)),
        )
        .control(
            self::learns("width_alone_suffices", learns)
                .on(starts("all equal", 32, 0.0))
                .violating("independent directions"),
        )
        .control(
            copies("different_particles_are_one_particle")
                .on(starts("nearly equal", 16, 0.01))
                .violating("all equal"),
        )
        .control(
            self::stuck("different_particles_stay_above_the_best_direction", stuck)
                .on(starts("directions all around", 16, PI))
                .violating("all equal"),
        )
        .control(
            gap("half_a_circle_becomes_dense", gaps)
                .on(dense(512, PI / 2.0))
                .violating("directions of all kinds"),
        )
        .figure(
            Figure::log_log("width", "number of particles m", "loss after 1000 steps, median of 3")
                .caption(
                    "Spread over the circle, more particles learn more; all equal, they stay at \
                 the loss of the best single direction however many they are.",
                )
                .showing(widths),
        )
}

/// Particles of |w| = 1 and a = ±1 with directions on an arc, to learn the teacher.
struct Start {
    particles: Vec<Particle>,
    kind: String,
}

impl Instance for Start {
    fn description(&self) -> String {
        format!("{} particles, {}", self.particles.len(), self.kind)
    }
}

/// Directions uniform on an arc of this half-width; of half-width 0, all particles equal, with a = 1.
fn start(m: usize, half_width: f64, draw: &mut Draw) -> Start {
    let centre = draw.uniform(0.0, TAU);
    let (particles, kind) = if half_width == 0.0 {
        (vec![Particle::at_angle(centre, 1.0); m], "all equal".into())
    } else {
        let particles = Particle::on_arc(m, centre, half_width, draw.generator());
        (particles, format!("on an arc of half-width {half_width:.2}"))
    };
    Start { particles, kind }
}

fn starts(name: &str, m: usize, half_width: f64) -> Family<Start> {
    Family::drawn(name, move |draw| start(m, half_width, draw))
}

/// Directions evenly spread over an arc, with a = 1 and a = -1 in turn.
fn dense(m: usize, half_width: f64) -> Family<Start> {
    Family::drawn("dense", move |draw| {
        let centre = draw.uniform(0.0, TAU);
        let spread = evenly(centre - half_width, centre + half_width, m + 1);
        let signs = [1.0, -1.0].into_iter().cycle();
        let particles =
            spread[..m].iter().zip(signs).map(|(angle, a)| Particle::at_angle(*angle, a));
        Start {
            particles: particles.collect(),
            kind: format!("evenly on an arc of half-width {half_width:.2}"),
        }
    })
}

/// Σ_i (a_i/m) relu(w_i·x) at the points on the circle, with m particles.
fn network(m: usize) -> TwoLayer {
    TwoLayer::new(circle(POINTS), m, Activation::Relu).scaled(1.0 / m as f64)
}

fn outputs(particles: &[Particle]) -> Vector {
    let network = network(particles.len());
    network.outputs(&network.parameters_of(particles))
}

fn targets() -> Vector {
    outputs(&TEACHER.map(|(angle, outer)| Particle::at_angle(angle, outer)))
}

/// Gradient descent from a start; shows the particles and the loss before each step, and after the last one.
fn train(particles: &[Particle], steps: usize, mut observe: impl FnMut(usize, &[Particle], f64)) {
    let m = particles.len();
    let loss = SquaredFit::new(network(m), targets());
    let mut x = loss.model().parameters_of(particles);
    let mut gradient = Vector::zeros(x.len());
    for step in 0..=steps {
        if step % 25 == 0 {
            observe(step, &loss.model().particles(&x), loss.value(&x));
        }
        loss.gradient_into(&x, &mut gradient);
        x.axpy(-STEP * m as f64, &gradient, 1.0);
    }
}

fn final_loss(particles: &[Particle]) -> f64 {
    let mut last = f64::INFINITY;
    train(particles, STEPS, |_, _, loss| last = loss);
    last
}

/// The loss of the zero network.
fn loss_of_zero() -> f64 {
    targets().norm_squared() / (2.0 * POINTS as f64)
}

fn unit_weights() -> Hypothesis<Start> {
    Hypothesis::new("|w| = 1, |a| = 1", |s: &Start, _| {
        let off = s
            .particles
            .iter()
            .map(|p| (p.inner.norm() - 1.0).abs().max((p.outer.abs() - 1.0).abs()));
        Check::at_most(off.fold(0.0, maximum), 1e-12, "largest deviation of |w| and |a| from 1")
    })
}

fn independent_directions() -> Hypothesis<Start> {
    Hypothesis::new("independent directions", |s: &Start, _| {
        let twice = s.particles.windows(2).any(|pair| pair[0].inner == pair[1].inner);
        Check::that(!twice, format!("no two of {} directions are the same", s.particles.len()))
    })
}

fn all_equal() -> Hypothesis<Start> {
    Hypothesis::new("all equal", |s: &Start, _| {
        let apart = s.particles.iter().map(|p| (&p.inner - &s.particles[0].inner).norm());
        Check::at_most(apart.fold(0.0, maximum), 0.0, "largest distance from the first particle")
    })
}

fn directions_of_all_kinds() -> Hypothesis<Start> {
    Hypothesis::new("directions of all kinds", |s: &Start, _| {
        Check::at_most(largest_gap(&s.particles), 0.05, "largest gap at the start")
    })
}

/// E f_m(x)² m for independent particles, a = ±1 and w uniform on the circle: 1/4 at |x| = 1.
fn fluctuation(name: &str) -> TrialClaim<Start> {
    Claim::expected_value(name, "m Var f_m(x) = Var(a relu(w·x)) = |x|²/4", 0.05)
        .assuming([
            unit_weights(),
            Hypothesis::by_construction(
                "independent particles",
                "Particle::on_arc draws each direction and each sign anew, uniformly",
            ),
        ])
        .trials(1 << 18)
        .on(Family::single("independent", || Start {
            particles: vec![Particle::at_angle(0.0, 1.0)],
            kind: "drawn anew for each trial".into(),
        }))
        .sampling(move |start: &Start, block| {
            let x = &start.particles[0].inner;
            block.each_over((0..6).map(|k| 1u32 << k), |random, width| {
                let (drawn, m) =
                    (Particle::on_arc(width as usize, 0.0, PI, random), f64::from(width));
                let sum: f64 = drawn.iter().map(|p| p.value(Activation::Relu, x)).sum();
                sum.powi(2) / m
            })
        })
        .ranging(|_, m| (0.0, m))
        // E (Σ y)⁴/m² = E y⁴/m + 3 (1 − 1/m) (E y²)², and E y⁴ = 3/16, E y² = 1/4.
        .second_moment_at_most(|_, _| 3.0 / 16.0)
        .predicting(|_, _| 0.25)
}

fn learns(name: &str, formula: &str) -> Claim<Start> {
    Claim::bound(name, formula)
        .assuming([unit_weights(), independent_directions()])
        .measuring_each(|s: &Start| Readings::at(s.particles.len(), final_loss(&s.particles)))
        .predicting(|_, _| loss_of_zero() / 1000.0)
}

/// The loss of m equal particles against that of one.
fn copies(name: &str) -> Claim<Start> {
    Claim::identity(name, "loss of m particles = loss of the first, at every step", 1e-9)
        .assuming([unit_weights(), all_equal()])
        .experiment(|s: &Start| {
            let (mut many, mut one) = (Vec::new(), Vec::new());
            train(&s.particles, 500, |step, _, loss| many.push((step, loss)));
            train(&s.particles[..1], 500, |_, _, loss| one.push(loss));
            Curve::over(0..many.len(), |i| many[i].1, |i| one[i])
        })
}

/// The least loss of a single unit c relu(v·x), over directions v, a tenth of a degree apart, and numbers c.
static BEST_DIRECTION: LazyLock<f64> = LazyLock::new(|| {
    let targets = targets();
    let least = |angle: f64| {
        let output = outputs(&[Particle::at_angle(angle, 1.0)]);
        let c = output.dot(&targets) / output.norm_squared();
        (output * c - &targets).norm_squared() / (2.0 * POINTS as f64)
    };
    evenly(0.0, TAU, 4000).into_iter().map(least).fold(f64::INFINITY, minimum)
});

fn stuck(name: &str, formula: &str) -> Claim<Start> {
    Claim::lower_bound(name, formula)
        .assuming([unit_weights(), all_equal()])
        .measuring_each(|s: &Start| {
            // The least over a grid of directions lies above the least by the square of its width.
            let floor = 1e-4 * *BEST_DIRECTION;
            let mut losses = Vec::new();
            train(&s.particles, STEPS, |step, _, loss| {
                losses.push((step, Reading::new(loss, floor)));
            });
            losses.into_iter().collect()
        })
        .predicting(|_, _| *BEST_DIRECTION)
}

/// The largest angle between neighbouring directions.
fn largest_gap(particles: &[Particle]) -> f64 {
    let mut angles: Vec<f64> = particles.iter().map(|p| atan2(p.inner[1], p.inner[0])).collect();
    angles.sort_by(f64::total_cmp);
    let around = angles[0] + TAU - angles[angles.len() - 1];
    angles.windows(2).map(|pair| pair[1] - pair[0]).fold(around, maximum)
}

fn gap(name: &str, formula: &str) -> Claim<Start> {
    Claim::bound(name, formula)
        .assuming([unit_weights(), directions_of_all_kinds()])
        .measuring_each(|s: &Start| {
            let mut gaps = Vec::new();
            train(&s.particles, 100, |step, particles, _| {
                gaps.push((step, largest_gap(particles)));
            });
            // The start itself says nothing.
            gaps.into_iter().skip(1).collect()
        })
        .predicting(|_, _| PI / 18.0)
}

fn widths(draw: &mut Draw, _: Effort) -> Content {
    let mut median = |m: usize, half_width: f64| {
        let mut losses: Vec<f64> =
            (0..3).map(|_| final_loss(&start(m, half_width, draw).particles)).collect();
        losses.sort_by(f64::total_cmp);
        losses[1]
    };
    let kinds = [("all around the circle", PI), ("arc of half-width 0.1", 0.1), ("all equal", 0.0)];
    let mut lines: Vec<Line> = kinds
        .into_iter()
        .map(|(label, half_width)| {
            let points = [1, 2, 4, 8, 16].map(|m| (m as f64, median(m, half_width)));
            Line::measured(label, points)
        })
        .collect();
    let best = *BEST_DIRECTION;
    lines.push(Line::predicted("best single direction", [(1.0, best), (16.0, best)]));
    Content::Lines { lines }
}
