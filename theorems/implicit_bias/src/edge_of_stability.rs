#![doc = include_str!("edge_of_stability.md")]

use std::f64::consts::SQRT_2;

use theoria_algorithms::{EnsembleRun, GradientDescent};
use theoria_elementary::powf;
use theoria_instances::sequences::geometric;
use theoria_models::networks::ScalarChain;
use theoria_models::numerics::maximum;
use theoria_models::{Ensemble, Vector};
use theoria_verification::{
    Axis, Case, Claim, Content, Curve, Draw, Effort, Family, Figure, Line, Reading, Readings,
    Scale, Theorem,
};

use crate::support::chains_from_many_starts::{
    Chains, FROM_A_DENSITY, Starts, chains, descend, flow, from_a_density, sharp_minimiser,
    sharpness_of, starts,
};
use crate::support::runs_on_chains::{
    CLEARLY, CLEARLY_BEYOND, LONG, Run, TWO_FACTORS, UNBALANCED, WITHIN_THE_EDGE, at_rest,
    clearly_beyond_the_edge, flow_beyond_the_edge, largest_eigenvalue, long_step, positive,
    positive_start, small_chains, unbalanced, unbalanced_starts, within_the_edge,
};
use crate::support::step_sizes_at_a_minimiser::{
    BELOW_THE_EDGE, BEYOND_THE_EDGE, FIRST, along, close, escapes, minimisers, residuals, returns,
};

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let reached = "largest sharpness reached ≤ 2/η";
    let sharpest = sharpest_minimum("no_run_ends_beyond_two_over_eta", reached, descend)
        .attained_to(0.97, chains("two factors", [(2, &[0.2, 0.4, 0.6, 0.8])]));
    let nineteen_twentieths = sharpest
        .restated(
            "no_run_ends_beyond_nineteen_twentieths_of_it",
            "largest sharpness reached ≤ 1.9/η",
        )
        .predicting(|_, step| 1.9 / step);
    let local_rate = local_rate("nearby_runs_converge_by_one_minus_eta_s")
        .on(minimisers("below the edge", [0.5, 1.5, 1.9]));
    let other_rate = local_rate
        .restated(
            "nearby_runs_converge_by_another_factor",
            "|xy − 1| shrinks by |1 − η s|^1.12 a step",
        )
        .predicting(|at, k| powf((1.0 - at.value).abs(), 1.12 * k));
    let returns = returns("flatter_minimisers_attract", "|x_k y_k − 1| ≤ |x₀y₀ − 1|", 1.0);
    let example = example("an_example_stays_below_the_edge");
    let other_example = example
        .restated(
            "an_example_with_other_numbers",
            "φ, 2/η, largest eigenvalue as stated, times 1.002",
        )
        .predicting(|_, place| 1.002 * EXAMPLE[place as usize]);
    Theorem::new("implicit_bias/edge_of_stability", include_str!("edge_of_stability.md"))
        .uses(
            "convergence/gradient_descent_strongly_convex",
            "beyond the step 2/L the mode of the largest curvature grows",
        )
        .uses(
            "landscape/balancedness",
            "the flow conserves the differences of squared factors, and a step changes them \
             exactly",
        )
        .claim(sharpest.on(chains("deeper", [(3, &[0.2, 0.4, 0.55]), (4, &[0.2, 0.3, 0.4])])))
        .claim(local_rate)
        .claim(returns.on(minimisers("below the edge", [0.5, 1.5, 1.9])).on(along()).tight_to(0.98))
        .claim(
            escapes("sharper_minimisers_repel")
                .on(minimisers("beyond the edge", [2.02, 2.2, 2.5]))
                .on(along()),
        )
        .claim(
            rises_to_the_edge("sharpness_rises_beyond_the_edge")
                .on(small_chains(2..=2, CLEARLY, SQRT_2).hunted(300))
                .tight_to(0.8),
        )
        .claim(
            ends_below_the_edge("progressive_sharpening_ends_below_the_edge")
                .on(unbalanced_starts()),
        )
        .claim(
            flow_sharpness("sharpness_of_the_flow_never_rises")
                .on(Family::drawn("positive factors", positive_start))
                .on(unbalanced("unbalanced, depth 4", [0.1, 0.3, 0.35])),
        )
        .claim(
            first_steps("sharpness_of_the_flow_never_rises_in_twenty_steps", 1.0).on(small_chains(
                2..=6,
                0.1,
                SQRT_2,
            )
            .hunted(1000)),
        )
        .claim(example)
        .control(nineteen_twentieths)
        .control(other_rate)
        .control(other_example)
        .control(
            sharpest_minimum(
                "the_flow_ends_below_it_too",
                "gradient flow: largest sharpness reached ≤ 2/η",
                flow,
            )
            .on(chains("two factors", [(2, &[0.8])])),
        )
        .control(
            sharpest_minimum("a_start_at_a_sharp_minimiser_ends_below_it", reached, descend)
                .violating(FROM_A_DENSITY)
                .on(sharp_minimiser()),
        )
        .control(
            escapes("flatter_minimisers_repel")
                .violating(BEYOND_THE_EDGE)
                .on(minimisers("below the edge", [0.5, 1.5, 1.9])),
        )
        .control(
            self::returns("flatter_minimisers_attract_more", "|x_k y_k − 1| ≤ 0.98 |x₀y₀ − 1|", 0.98)
                .on(minimisers("close to the edge", [1.985, 1.99, 1.995])),
        )
        .control(
            self::returns("sharper_minimisers_attract", "|x_k y_k − 1| ≤ |x₀y₀ − 1|", 1.0)
                .violating(BELOW_THE_EDGE)
                .on(minimisers("beyond the edge", [2.02, 2.2, 2.5])),
        )
        .control(
            ends_as_sharp_as_the_flow("descent_ends_as_sharp_as_the_flow").on(unbalanced_starts()),
        )
        .control(
            flow_sharpness("sharpness_of_the_flow_never_rises_at_long_steps")
                .violating(WITHIN_THE_EDGE)
                .on(Family::drawn("two small factors, long steps", long_step)),
        )
        .control(
            rises_to_the_edge("sharpness_rises_wherever_the_flow_ends_beyond_the_edge")
                .violating(CLEARLY_BEYOND)
                .on(small_chains(2..=2, 1.01, CLEARLY - 0.05).hunted(1000)),
        )
        .control(
            rises_to_the_edge("sharpness_of_three_factors_rises_beyond_the_edge")
                .violating(TWO_FACTORS)
                .on(small_chains(3..=4, CLEARLY, CLEARLY + 0.02).hunted(2000)),
        )
        .control(
            rises_to_the_edge("sharpness_of_more_factors_rises_beyond_the_edge")
                .violating(TWO_FACTORS)
                .on(small_chains(5..=6, 1.2, 1.22).hunted(2000)),
        )
        .control(
            first_steps("sharpness_of_the_flow_falls_by_a_twentieth", 0.95).on(small_chains(
                2..=6,
                0.1,
                SQRT_2,
            )
            .hunted(1000)),
        )
        .control(
            first_steps("sharpness_of_the_flow_never_rises_beyond_the_edge", 1.0)
                .violating(WITHIN_THE_EDGE)
                .on(small_chains(2..=6, 1.5, 3.0).hunted(1000)),
        )
        .figure(
            Figure::linear("basins", "start x", "start y")
                .caption(
                    "Colour is the sharpness of the minimum of (xy − 1)²/2 that gradient \
             descent with η = 0.4 ends at, blank where it does not converge: nothing is \
             sharper than 2/η = 5, wherever the run starts.",
                )
                .showing(basins),
        )
        .figure(
            Figure::linear("final_sharpness", "sharpness at the end", "density")
                .caption("Sharpness reached from random starts with η = 0.4 ends sharply at 2/η.")
                .showing(final_sharpness),
        )
        .figure(
            Figure::semilog("step_size", "step k", "|x_k y_k − 1|")
                .of("flatter_minimisers_attract")
                .of("sharper_minimisers_repel")
                .along("step size times sharpness η s", "step sizes along the slider", FIRST)
                .caption(
                    "From close to a minimum of sharpness s: a step below 2/s leads back to it, at once for η s near 1 and \
             slowly near 2; beyond, every run is driven away.",
                ),
        )
        .figure(
            Figure::semilog_x("sharpening", "step", "sharpness")
                .caption(
                    "With a small step the sharpness rises to that of the flow's minimum; with \
             larger ones it is thrown about and settles just below 2/η.",
                )
                .showing(sharpening),
        )
        .figure(
            Figure::log_log("largest", "step size η", "largest sharpness reached")
                .of("no_run_ends_beyond_two_over_eta")
                .of("the_flow_ends_below_it_too")
                .caption(
                    "The sharpest minimum reached follows 2/η; the flow knows no such \
                 limit.",
                ),
        )
}

fn sharpest_minimum(
    name: &str,
    formula: &str,
    run: fn(ScalarChain, f64, &Ensemble) -> Ensemble,
) -> Claim<Chains> {
    Claim::bound(name, formula)
        .assuming([from_a_density()])
        .tight_to(0.97)
        .measuring_by_drawing(move |chains: &Chains, draw| {
            let chain = ScalarChain::new(chains.depth);
            Readings::over(chains.steps.iter().copied(), |step| {
                let starts = starts(chains, step, draw.generator());
                let reached = sharpness_of(chain, &run(chain, step, &starts));
                let largest = reached.into_iter().fold(0.0, maximum);
                Reading::new(largest, 1e-6 * largest)
            })
        })
        .predicting(|_, step| 2.0 / step)
}

fn local_rate(name: &str) -> Claim<Case<f64>> {
    Claim::linear_rate(name, "|xy − 1| shrinks by |1 − η s| a step")
        .assuming([close()])
        .measuring(0..=60usize, |at: &Case<f64>, steps| {
            let residuals = residuals(at.value, 60);
            steps.read(|k| Reading::new(residuals[k], 4.0 * f64::EPSILON))
        })
        .predicting(|at, k| (1.0 - at.value).abs().powi(k as i32))
}

fn rises_to_the_edge(name: &str) -> Claim<Run> {
    const STEPS: usize = 300;
    let formula = "largest sharpness on the way ≥ 2/η";
    Claim::lower_bound(name, formula)
        .assuming([positive(), within_the_edge()])
        .assuming(clearly_beyond_the_edge())
        .measuring_each(|run: &Run| {
            let trajectory = run.descend(STEPS);
            let largest = trajectory.points().iter().map(largest_eigenvalue).fold(0.0, maximum);
            Readings::at(STEPS, largest)
        })
        .predicting(|run, _| run.edge())
}

/// φ, 2/η and the largest eigenvalue on the way, in the statement's example.
const EXAMPLE: [f64; 3] = [2.236, 2.033, 2.019];

fn example(name: &str) -> Claim<Run> {
    Claim::identity(name, "φ, 2/η, largest eigenvalue as stated", 3e-4)
        .assuming([positive(), within_the_edge()])
        .on(Family::single("the example", || Run {
            start: Vector::from_row_slice(&[1.0, 0.01]),
            step: 0.984,
        }))
        .measuring([0usize, 1, 2], |run, places| {
            let way = run.descend(300);
            let largest = way.points().iter().map(largest_eigenvalue).fold(0.0, maximum);
            let numbers = [run.flow_sharpness(), run.edge(), largest];
            places.read(|place| Reading::new(numbers[place], 1e-12))
        })
        .predicting(|_, place| EXAMPLE[place as usize])
}

/// The sharpness at the end of a long run.
fn final_sharpness_of(run: &Run) -> Readings {
    Readings::at(LONG, Reading::new(run.chain().sharpness(&run.end()), 1e-9))
}

fn ends_below_the_edge(name: &str) -> Claim<Run> {
    Claim::bound(name, "sharpness at the end ≤ 2/η")
        .assuming([positive(), flow_beyond_the_edge(), within_the_edge(), at_rest()])
        .tight_to(0.9)
        .measuring_each(final_sharpness_of)
        .predicting(|run, _| run.edge())
}

fn ends_as_sharp_as_the_flow(name: &str) -> Claim<Run> {
    Claim::lower_bound(name, "sharpness at the end ≥ 0.95 times that of the flow")
        .assuming([positive(), flow_beyond_the_edge(), within_the_edge(), at_rest()])
        .measuring_each(final_sharpness_of)
        .predicting(|run, _| 0.95 * run.flow_sharpness())
}

fn flow_sharpness(name: &str) -> Claim<Run> {
    let formula = "φ(w_{k+1}) ≤ φ(w_k) for the sharpness φ at the flow's end";
    flow_sharpness_over(300, name, formula, 1.0)
}

/// `share` is 1 in the theorem.
fn first_steps(name: &str, share: f64) -> Claim<Run> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    flow_sharpness_over(20, name, &format!("φ(w_{{k+1}}) ≤ {times}φ(w_k), k < 20"), share)
}

/// As long as all factors stay positive.
fn flow_sharpness_over(steps: usize, name: &str, formula: &str, share: f64) -> Claim<Run> {
    let claim = Claim::bound(name, formula).assuming([positive(), within_the_edge()]);
    claim.tight_to(0.99).experiment(move |run: &Run| {
        let (chain, trajectory) = (run.chain(), run.descend(steps));
        let positive = trajectory.points().iter().take_while(|w| w.min() > 0.0);
        let values: Vec<f64> = positive.map(|w| chain.flow_sharpness(w)).collect();
        Curve::over(
            1..values.len(),
            |k| Reading::new(values[k], 1e-12 * values[k]),
            |k| share * values[k - 1],
        )
    })
}

fn basins(_draw: &mut Draw, _effort: Effort) -> Content {
    const SIDE: usize = 101;
    let at = |i: usize| 6.0 * i as f64 / (SIDE - 1) as f64 - 3.0;
    let axis: Vec<f64> = (0..SIDE).map(at).collect();
    let start = |place: usize| Vector::from_vec(vec![at(place % SIDE), at(place / SIDE)]);
    let starts: Vec<Vector> = (0..SIDE * SIDE).map(start).collect();
    let chain = ScalarChain::new(2);
    let method = GradientDescent::new(0.4);
    let run = EnsembleRun::of(method, &chain, Ensemble::from_trials(&starts), &[500], &[]);
    let values = (0..starts.len()).map(|trial| {
        let end = run.last().trial(trial);
        // Close to the edge convergence is slow: the sharpness is known long before the loss is 0.
        let near = (end.product() - 1.0).abs() <= 1e-3;
        if near { chain.sharpness(&end) } else { f64::NAN }
    });
    let minima = |sign: f64| {
        let xs = (0..=60).map(move |k| sign * powf(3.0, f64::from(k) / 30.0 - 1.0));
        Line::predicted("minima", xs.map(|x| (x, 1.0 / x)))
    };
    Content::HeatMap {
        x: axis.clone(),
        y: axis,
        values: values.collect(),
        colour: Axis::new("sharpness at the end", Scale::Linear),
        middle: None,
        lines: vec![minima(1.0), minima(-1.0)],
    }
}

fn final_sharpness(draw: &mut Draw, effort: Effort) -> Content {
    let chain = ScalarChain::new(2);
    let chains = Chains { depth: 2, steps: &[0.4], starts: Starts::Density };
    let runs = (0..2 * effort.trials_factor()).flat_map(|_| {
        let starts = starts(&chains, 0.4, draw.generator());
        sharpness_of(chain, &descend(chain, 0.4, &starts))
    });
    let reached: Vec<f64> = runs.collect();
    let edge = Line::predicted("2/η", [(5.0, 0.0), (5.0, 1.5)]);
    Content::histogram(&reached, 40, vec![edge])
}

fn sharpening(_draw: &mut Draw, _effort: Effort) -> Content {
    let steps = [0.1, 0.3, 0.35, 0.4];
    let mut lines = Vec::new();
    for step in steps {
        let run = Run { start: Vector::from_row_slice(&UNBALANCED), step };
        let trajectory = run.descend(1000);
        let shown = geometric(1.0, 1000.0, 121).into_iter().map(|n| n.round() as usize);
        let trace =
            shown.filter_map(|k| Some((k as f64, largest_eigenvalue(trajectory.at(k)?.point()))));
        lines.push(Line::measured(&format!("η = {step}"), trace));
        let edge = run.edge();
        if edge < 10.0 {
            let label = format!("2/η, η = {step}");
            lines.push(Line::predicted(&label, [(1.0, edge), (1000.0, edge)]));
        }
    }
    Content::Lines { lines }
}
