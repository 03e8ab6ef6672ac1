#![doc = include_str!("label_noise.md")]

use rand::Rng;
use theoria_algorithms::{GradientDescent, Quantity, Trajectory};
use theoria_elementary::{exp, powf};
use theoria_models::Vector;
use theoria_models::networks::ScalarChain;
use theoria_models::stochastic::{LabelNoise, Noisy};
use theoria_verification::{
    Claim, Content, Curve, Family, Figure, Group, Line, Reading, Sample, Side, Theorem, TrialClaim,
};

use crate::support::hyperbolic_valley::{
    Coordinate, Drive, Valley, coarse_valley, corrected, fresh_labels, leading, stable,
    starts_at_a_minimiser, valleys,
};

/// Steps of a rung of a ladder are half as large as those of the one before.
const RUNGS: i32 = 6;
/// The share of x² − y² that is left on each rung is e^(−TIME).
const TIME: f64 = 0.125;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let mean = position(
        "mean_follows_the_corrected_equation",
        "E s_n = s(n)",
        Drive::Labels,
        Coordinate::Height,
        corrected,
    )
    .on(valleys());
    let faster = mean
        .restated("drift_is_faster_by_a_twentieth", "E s_n = s(1.05 n)")
        .predicting(|valley, n| corrected(valley, 1.05 * n));
    let in_the_step = speed("speed_is_quadratic_in_the_step", |rung| Valley::new(0.04 * rung, 1.0));
    let steeper_in_the_step = in_the_step
        .restated("speed_is_steeper_in_the_step", "E (s_0 − s_n)/n ~ η^2.2 (1 + O(η))")
        .predicting(|_, rung| speed_of(&Valley::new(0.04 * rung, 1.0)) * powf(rung, 0.2));
    let in_the_noise = speed("speed_is_quadratic_in_the_noise", |rung| Valley::new(0.04, rung));
    let steeper_in_the_noise = in_the_noise
        .restated("speed_is_steeper_in_the_noise", "E (s_0 − s_n)/n ~ σ^2.2")
        .predicting(|_, rung| speed_of(&Valley::new(0.04, rung)) * powf(rung, 0.2));
    let first_order = first_order("leading_equation_is_off_in_first_order");
    let second_order = first_order
        .restated(
            "leading_equation_is_off_in_order_one_and_a_half",
            "leading s(n) − E s_n ~ η^1.5 for n = 1/(8η²σ²)",
        )
        .predicting(|_, rung| off_by(&Valley::new(0.04 * rung, 1.0)) * powf(rung, 0.5));
    Theorem::new("implicit_bias/label_noise", include_str!("label_noise.md"))
        .uses(
            "landscape/balancedness",
            "a step changes the difference of squared factors in second order only, and exactly so",
        )
        .claim(shrinking("difference_of_squares_shrinks_exactly", "x² − y² is multiplied by 1 − η²g² at each step", |eta, g| 1.0 - (eta * g).powi(2)))
        .claim(mean)
        .claim(keeping("every_run_keeps_to_the_curve", "P(|s_n − s(n)| ≤ 0.04) ≥ 0.95, n = 1/(η²σ²)", Drive::Labels))
        .claim(in_the_step)
        .claim(in_the_noise)
        .claim(first_order)
        .control(faster)
        .control(steeper_in_the_step)
        .control(steeper_in_the_noise)
        .control(second_order)
        .control(shrinking("difference_of_squares_is_kept", "x² − y² stays", |_, _| 1.0))
        .control(position("leading_equation_at_finite_step", "E s_n = s(n) of the leading equation", Drive::Labels, Coordinate::Height, leading).on(coarse_valley()))
        .control(position("logarithm_of_the_ratio_as_coordinate", "E log(x/y)/2 = s(n)", Drive::Labels, Coordinate::Ratio, corrected).on(coarse_valley()))
        .control(position("drift_without_noise", "gradient descent: s_n = s(n)", Drive::Nothing, Coordinate::Height, corrected).on(coarse_valley()))
        .control(position("drift_to_sharper_minima", "E s_n = 2 s(0) − s(n)", Drive::Labels, Coordinate::Height, |v, n| 2.0 * v.start - corrected(v, n)).on(coarse_valley()))
        .control(keeping("isotropic_noise_keeps_to_it", "isotropic noise: P(|s_n − s(n)| ≤ 0.04) ≥ 0.95, n = 1/(η²σ²)", Drive::Isotropic))
        .figure(
            Figure::linear("position", "step n", "mean position s along the hyperbola")
                .of("mean_follows_the_corrected_equation")
                .of("leading_equation_at_finite_step")
                .caption("Label noise carries the iterates to the flattest minimiser, s = 0; the leading equation lags behind."),
        )
        .figure(
            Figure::linear("hyperbola", "x", "y")
                .caption(
                    "One run with label noise drifts down the curve of minimisers to x = y = 1, past the places that the \
                     corrected equation foretells.",
                )
                .showing(|draw, _| hyperbola(draw.generator())),
        )
}

/// The library's stochastic gradients; g is read off the steps.
fn shrinking(name: &str, formula: &str, factor: fn(f64, f64) -> f64) -> Claim<Valley> {
    Claim::identity(name, formula, 1e-9)
        .assuming([starts_at_a_minimiser(), fresh_labels()])
        .on(valleys())
        .drawing_experiment(move |valley, draw| {
            let source = LabelNoise::new(ScalarChain::new(2), 1, valley.sigma, valley.law);
            let oracle = Noisy::new(&source, draw.generator());
            let method = GradientDescent::new(valley.eta);
            let run = Trajectory::of(method, &oracle, &valley.minimiser(), 400);
            let points = run.points();
            let difference = |w: &Vector| w[0] * w[0] - w[1] * w[1];
            let factors = points.windows(2).map(|pair| {
                let g = (pair[0][0] - pair[1][0]) / (valley.eta * pair[0][1]);
                factor(valley.eta, g)
            });
            let predicted: Vec<f64> = factors
                .scan(difference(&points[0]), |left, factor| {
                    *left *= factor;
                    Some(*left)
                })
                .collect();
            let measured = |n: usize| {
                let floor = 1e-15 * n as f64 * points[n].norm_squared();
                Reading::new(difference(&points[n]), floor)
            };
            Curve::over(1..points.len(), measured, |n| predicted[n - 1])
        })
}

fn position(
    name: &str,
    formula: &str,
    drive: Drive,
    coordinate: Coordinate,
    predicted: fn(&Valley, f64) -> f64,
) -> TrialClaim<Valley> {
    Claim::expected_value(name, formula, 0.005)
        .assuming([starts_at_a_minimiser(), stable(), fresh_labels()])
        .trials(8192)
        .sampling(move |valley: &Valley, block| {
            let checkpoints = [0.25, 0.5, 1.0].map(|time| valley.steps(time));
            let (trials, seen) = (block.trials(), [coordinate.quantity()]);
            let run = valley.run(drive, trials, &checkpoints, &seen, block.generator());
            Sample::new(checkpoints, run.table(0).to_vec())
        })
        .ranging(move |valley, _| match (drive, coordinate) {
            (Drive::Labels, Coordinate::Height) => valley.range(),
            _ => (f64::NEG_INFINITY, f64::INFINITY),
        })
        .predicting(predicted)
}

fn keeping(name: &str, formula: &str, drive: Drive) -> TrialClaim<Valley> {
    Claim::probability(name, formula, Side::AtLeast)
        .assuming([starts_at_a_minimiser(), stable(), fresh_labels()])
        .trials(1024)
        .on(coarse_valley())
        .sampling(move |valley: &Valley, block| {
            let n = valley.steps(1.0);
            let curve = corrected(valley, n as f64);
            let (trials, seen) = (block.trials(), [Coordinate::Height.quantity()]);
            let run = valley.run(drive, trials, &[n], &seen, block.generator());
            Sample::at(n, run.at(0, 0).to_vec()).events(|_, s| (s - curve).abs() <= 0.04)
        })
        .predicting(|_, _| 0.95)
}

/// The rungs, and one trial of each by `rung`.
fn ladder(
    name: &str,
    formula: &str,
    valley_of: impl Fn(f64) -> Valley + Send + Sync + Copy + 'static,
    measured: fn(&Valley, f64, usize) -> f64,
) -> TrialClaim<Valley> {
    let rungs = (0..RUNGS).map(|k| 0.5f64.powi(k)).collect::<Vec<_>>();
    Claim::expected_exponent(name, formula)
        .assuming([starts_at_a_minimiser(), stable(), fresh_labels()])
        .trials(256)
        .on(Family::single("hyperbola", move || valley_of(1.0)))
        .sampling(move |_, block| {
            let trials = block.trials();
            let rows = rungs.iter().map(|&rung| {
                let valley = valley_of(rung);
                let (n, seen) = (valley.steps(TIME), [Coordinate::Height.quantity()]);
                let run = valley.run(Drive::Labels, trials, &[n], &seen, block.generator());
                run.at(0, 0).iter().map(|s| measured(&valley, *s, n)).collect()
            });
            Sample::new(rungs.iter().copied(), rows.collect::<Vec<Vec<f64>>>())
        })
        .predicting(move |_, rung| {
            let valley = valley_of(rung);
            let n = valley.steps(TIME);
            measured(&valley, corrected(&valley, n as f64), n)
        })
}

fn speed(
    name: &str,
    valley_of: impl Fn(f64) -> Valley + Send + Sync + Copy + 'static,
) -> TrialClaim<Valley> {
    ladder(name, "E (s_0 − s_n)/n ~ η²σ² (1 + O(η))", valley_of, |valley, s, n| {
        (valley.start - s) / n as f64
    })
}

/// The mean speed on a rung.
fn speed_of(valley: &Valley) -> f64 {
    let n = valley.steps(TIME) as f64;
    (valley.start - corrected(valley, n)) / n
}

fn first_order(name: &str) -> TrialClaim<Valley> {
    ladder(
        name,
        "leading s(n) − E s_n ~ η for n = 1/(8η²σ²)",
        |rung| Valley::new(0.04 * rung, 1.0),
        |valley, s, n| leading(valley, n as f64) - s,
    )
    .within(0.1)
    .trials(2048)
}

/// What the leading equation misses on a rung.
fn off_by(valley: &Valley) -> f64 {
    let n = valley.steps(TIME) as f64;
    leading(valley, n) - corrected(valley, n)
}

fn hyperbola(generator: &mut impl Rng) -> Content {
    const MARKS: usize = 8;
    let valley = Valley { start: 1.2, ..Valley::new(0.02, 0.5) };
    let part = valley.steps(0.25);
    let checkpoints: Vec<usize> = (0..=MARKS * part).step_by(100).collect();
    let seen = [Quantity::coordinate(0), Quantity::coordinate(1)];
    let run = valley.run(Drive::Labels, 1, &checkpoints, &seen, generator);
    let seen = (0..checkpoints.len()).map(|k| (run.at(0, k)[0], run.at(1, k)[0]));
    let seen: Vec<(f64, f64)> = seen.collect();
    let places = (0..=MARKS).map(|mark| {
        let s = corrected(&valley, (mark * part) as f64);
        (exp(s), exp(-s))
    });
    let curve = (-6..=26).map(|i| {
        let s = f64::from(i) / 20.0;
        (exp(s), exp(-s))
    });
    Content::Points {
        groups: vec![
            Group::new("iterates, every 100 steps", seen),
            Group::new("predicted at equal intervals", places),
        ],
        lines: vec![Line::predicted("minimisers xy = 1", curve)],
    }
}
