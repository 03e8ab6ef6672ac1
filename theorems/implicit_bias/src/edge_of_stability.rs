#![doc = include_str!("edge_of_stability.md")]

use std::ops::ControlFlow;

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Trajectory, gradient_flow, iterate};
use theoria_instances::sequences::geometric;
use theoria_models::networks::ScalarChain;
use theoria_models::stochastic::draws::uniforms;
use theoria_models::{Ensemble, Objective, Vector};
use theoria_verification::{
    Axis, Case, Check, Claim, Content, Curve, Draw, Effort, Family, Figure, Hypothesis, Instance,
    Line, Reading, Readings, Scale, Theorem,
};

/// Random starts for each step size.
const STARTS: usize = 2048;
/// Steps of each run.
const STEPS: usize = 3000;
/// Most steps of a run that is to come to rest.
const LONG: usize = 300_000;
/// A run whose product is this close to 1 has converged.
const CONVERGED: f64 = 1e-9;
/// A start of depth 4 that is not balanced: the flow from it ends at sharpness 7.217.
const UNBALANCED: [f64; 4] = [0.1, 0.2, 1.5, 2.0];

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
        .predicting(|at, k| (1.0 - at.value).abs().powf(1.12 * k));
    Theorem::new("implicit_bias/edge_of_stability", include_str!("edge_of_stability.md"))
        .claim(sharpest.on(chains("deeper", [(3, &[0.2, 0.4, 0.55]), (4, &[0.2, 0.3, 0.4])])))
        .claim(local_rate)
        .claim(
            escapes("sharper_minimisers_repel").on(minimisers("beyond the edge", [2.02, 2.2, 2.5])),
        )
        .claim(rises_to_the_edge("sharpness_rises_beyond_the_edge").on(unbalanced_starts()))
        .claim(
            ends_below_the_edge("progressive_sharpening_ends_below_the_edge")
                .on(unbalanced_starts()),
        )
        .claim(
            flow_sharpness("sharpness_of_the_flow_never_rises")
                .on(Family::drawn("positive factors", positive_start))
                .on(unbalanced("unbalanced, depth 4", [0.1, 0.3, 0.35])),
        )
        .control(nineteen_twentieths)
        .control(other_rate)
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
            ends_as_sharp_as_the_flow("descent_ends_as_sharp_as_the_flow").on(unbalanced_starts()),
        )
        .control(
            flow_sharpness("sharpness_of_the_flow_never_rises_at_long_steps")
                .violating(WITHIN_THE_EDGE)
                .on(Family::drawn("two small factors, long steps", long_step)),
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

/// A product of factors, step sizes, and where the runs start.
struct Chains {
    depth: usize,
    steps: &'static [f64],
    starts: Starts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Starts {
    /// Half of them uniform in a cube, half close to minimisers about as sharp as 2/η.
    Density,
    /// (4, 1/4), a minimiser of sharpness 16.06.
    SharpMinimiser,
}

impl Instance for Chains {
    fn description(&self) -> String {
        format!("{}, starts: {:?}", ScalarChain::new(self.depth).describe(), self.starts)
    }
}

fn chains<const N: usize>(name: &str, parameters: [(usize, &'static [f64]); N]) -> Family<Chains> {
    Family::listed(name, parameters, |&(depth, steps)| Chains {
        depth,
        steps,
        starts: Starts::Density,
    })
}

fn sharp_minimiser() -> Family<Chains> {
    Family::single("start at a minimiser", || Chains {
        depth: 2,
        steps: &[0.2, 0.4, 0.6],
        starts: Starts::SharpMinimiser,
    })
}

/// The name of that hypothesis.
const FROM_A_DENSITY: &str = "starts drawn from a density";

fn from_a_density() -> Hypothesis<Chains> {
    Hypothesis::new(FROM_A_DENSITY, |chains: &Chains, _| {
        Check::that(chains.starts == Starts::Density, format!("{:?}", chains.starts))
    })
}

/// The cube is [-3, 3]² for two factors, [-2, 2]^L for more. The others start within about 1/1000 of
/// (e^s, e^-s, 1, ...), whose sharpness is 0.8 to 1.2 times 2/η.
fn starts(chains: &Chains, step: f64, random: &mut impl Rng) -> Ensemble {
    let depth = chains.depth;
    if chains.starts == Starts::SharpMinimiser {
        return Ensemble::repeat(&Vector::from_row_slice(&[4.0, 0.25]), 1);
    }
    let width = if depth == 2 { 3.0 } else { 2.0 };
    let mut block = Ensemble::repeat(&Vector::zeros(depth), STARTS);
    uniforms(random, block.numbers_mut());
    let others = (depth - 2) as f64;
    let mut trial = 0;
    block.for_each_trial(|w| {
        let wanted = (1.0 + 0.2 * w[0]) * 2.0 / step;
        let s = ((wanted - others) / 2.0).acosh() / 2.0;
        let close = trial % 2 == 1 && s.is_finite();
        trial += 1;
        if close {
            w.apply(|w| *w = 1.0 + 1e-3 * *w);
            w[0] *= s.exp();
            w[1] *= (-s).exp();
        } else {
            *w *= width;
        }
    });
    block
}

/// Where gradient descent from each start is after all steps.
fn descend(chain: ScalarChain, step: f64, starts: &Ensemble) -> Ensemble {
    let method = GradientDescent::new(step);
    EnsembleRun::of(method, &chain, starts.clone(), &[STEPS], &[]).last().clone()
}

/// Where the flow from the first starts is after a time of 100.
fn flow(chain: ScalarChain, _step: f64, starts: &Ensemble) -> Ensemble {
    let end = |trial| gradient_flow(&chain, &starts.trial(trial), &[100.0], 1e-10).ok()?.pop();
    Ensemble::from_trials(&(0..16).filter_map(end).collect::<Vec<_>>())
}

/// The sharpness at each end that is a minimum.
fn sharpness_of(chain: ScalarChain, ends: &Ensemble) -> Vec<f64> {
    let ends = (0..ends.trials()).map(|trial| ends.trial(trial));
    let minima = ends.filter(|w| (w.product() - 1.0).abs() <= CONVERGED);
    minima.map(|w| chain.sharpness(&w)).collect()
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
                let largest = reached.into_iter().fold(0.0, f64::max);
                Reading::new(largest, 1e-6 * largest)
            })
        })
        .predicting(|_, step| 2.0 / step)
}

/// A minimiser of xy = 1.
const MINIMISER: [f64; 2] = [2.0, 0.5];

/// The step size that makes this product with the sharpness of the minimiser.
fn step_size(product: f64) -> f64 {
    product / ScalarChain::new(2).sharpness(&Vector::from_row_slice(&MINIMISER))
}

/// |xy − 1| along gradient descent from close to the minimiser, by η times the sharpness.
fn residuals(product: f64, steps: usize) -> Vec<f64> {
    let start = Vector::from_row_slice(&MINIMISER).map(|w| w * (1.0 + 1e-8));
    let method = GradientDescent::new(step_size(product));
    let run = Trajectory::of(method, &ScalarChain::new(2), &start, steps);
    run.points().iter().map(|w| (w.product() - 1.0).abs()).collect()
}

/// By η times the sharpness of the minimiser.
fn minimisers<const N: usize>(name: &str, products: [f64; N]) -> Family<Case<f64>> {
    let [x, y] = MINIMISER;
    Family::cases(name, products, move |&product| {
        let step = step_size(product);
        format!("({x:.4}, {y:.4}), η = {step:.4}, η times sharpness {product}")
    })
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

fn close() -> Hypothesis<Case<f64>> {
    let why = "every run starts at 1 + 10⁻⁸ times the minimiser (2, 1/2)";
    Hypothesis::by_construction("start close to a minimiser", why)
}

/// The name of that hypothesis.
const BEYOND_THE_EDGE: &str = "η s > 2";

fn beyond_the_edge() -> Hypothesis<Case<f64>> {
    Hypothesis::new(BEYOND_THE_EDGE, |at: &Case<f64>, _| Check::at_least(at.value, 2.0, "η s"))
}

/// As long as the deviation is small.
fn escapes(name: &str) -> Claim<Case<f64>> {
    let formula = "|x_k y_k − 1| ≥ |x₀y₀ − 1| and growing, until it is 10⁻³";
    let claim = Claim::lower_bound(name, formula).assuming([close(), beyond_the_edge()]);
    claim.tight_to(0.95).experiment(|at: &Case<f64>| {
        let residuals = residuals(at.value, 400);
        let small = residuals.iter().take_while(|residual| **residual <= 1e-3).count();
        let reading = |k: usize| Reading::new(residuals[k], 4.0 * f64::EPSILON);
        Curve::over(1..small, reading, |k| residuals[k - 1])
    })
}

/// A run of gradient descent on a chain from a positive start.
struct Run {
    start: Vector,
    step: f64,
}

impl Run {
    fn edge(&self) -> f64 {
        2.0 / self.step
    }

    fn chain(&self) -> ScalarChain {
        ScalarChain::new(self.start.len())
    }

    fn flow_sharpness(&self) -> f64 {
        self.chain().flow_sharpness(&self.start)
    }

    /// Where a long run ends.
    fn end(&self) -> Vector {
        let mut w = self.start.clone();
        iterate(GradientDescent::new(self.step), &self.chain(), &mut w, LONG, |_, w: &Vector| {
            let converged = (w.product() - 1.0).abs() <= CONVERGED;
            if converged { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        w
    }

    fn descend(&self, steps: usize) -> Trajectory {
        Trajectory::of(GradientDescent::new(self.step), &self.chain(), &self.start, steps)
    }
}

impl Instance for Run {
    fn description(&self) -> String {
        let start: Vec<String> = self.start.iter().map(|w| format!("{w:.4}")).collect();
        format!("from ({}), η = {:.4}", start.join(", "), self.step)
    }
}

fn unbalanced<const N: usize>(name: &str, steps: [f64; N]) -> Family<Run> {
    Family::listed(name, steps, |&step| Run { start: Vector::from_row_slice(&UNBALANCED), step })
}

/// Two to five factors with a product below 1.
fn positive_factors(draw: &mut Draw) -> Vector {
    let depth = draw.size(2..=5);
    let mut start = Vector::from_fn(depth, |_, _| draw.log_uniform(0.1, 2.0));
    let product = start.product();
    if product > 1.0 {
        let wanted = draw.uniform(0.1, 1.0);
        start *= (wanted / product).powf(1.0 / depth as f64);
    }
    start
}

/// η between 1/2 and 1.1 times 2/(sharpness of the flow).
fn positive_start(draw: &mut Draw) -> Run {
    let start = positive_factors(draw);
    let sharpness = ScalarChain::new(start.len()).flow_sharpness(&start);
    Run { start, step: draw.uniform(0.5, 1.1) * 2.0 / sharpness }
}

/// The flow would end at a minimum half as sharp again as the flattest at least, and 1.1 to 1.35 times as sharp as 2/η;
/// 2/η is above the least sharpness.
fn unbalanced_starts() -> Family<Run> {
    Family::drawn("unbalanced factors", |draw| {
        let (start, sharpness) = loop {
            let start = positive_factors(draw);
            let sharpness = ScalarChain::new(start.len()).flow_sharpness(&start);
            if sharpness >= 1.5 * start.len() as f64 {
                break (start, sharpness);
            }
        };
        let step = draw.uniform(1.1, 1.35) * 2.0 / sharpness;
        Run { start, step }
    })
    .with_draws(12)
}

/// Small factors from which the first step multiplies x² − y² by 1 − η²r² < −1.
fn long_step(draw: &mut Draw) -> Run {
    let start = Vector::from_fn(2, |_, _| draw.uniform(0.1, 0.4));
    Run { start, step: draw.uniform(1.9, 2.4) }
}

fn positive() -> Hypothesis<Run> {
    Hypothesis::new("positive factors, product at most 1", |run: &Run, _| {
        let start = &run.start;
        Check::that(
            start.min() > 0.0 && start.product() <= 1.0,
            format!("least factor {:.4}, product {:.4}", start.min(), start.product()),
        )
    })
}

/// The name of that hypothesis.
const WITHIN_THE_EDGE: &str = "sharpness of the flow at most 2√2/η";

fn within_the_edge() -> Hypothesis<Run> {
    Hypothesis::new(WITHIN_THE_EDGE, |run: &Run, _| {
        let edge = std::f64::consts::SQRT_2 * run.edge();
        Check::at_most(run.flow_sharpness(), edge, "sharpness of the flow's minimum")
    })
}

fn flow_beyond_the_edge() -> Hypothesis<Run> {
    Hypothesis::new("sharpness of the flow beyond 2/η", |run: &Run, _| {
        Check::at_least(run.flow_sharpness(), run.edge(), "sharpness of the flow's minimum")
    })
}

/// A run comes to rest after up to some hundred thousand steps.
fn at_rest() -> Hypothesis<Run> {
    Hypothesis::new("the run converges", |run: &Run, _| {
        let residual = (run.end().product() - 1.0).abs();
        Check::at_most(residual, 1e-6, "|w_1 ⋯ w_L − 1| at the end")
    })
}

fn rises_to_the_edge(name: &str) -> Claim<Run> {
    let formula = "largest sharpness on the way ≥ 2/η";
    Claim::lower_bound(name, formula)
        .assuming([positive(), flow_beyond_the_edge(), within_the_edge()])
        .tight_to(0.6)
        .measuring_each(|run| {
            let trajectory = run.descend(2000);
            let largest = trajectory.points().iter().map(largest_eigenvalue).fold(0.0, f64::max);
            Readings::at(2000.0, largest)
        })
        .predicting(|run, _| run.edge())
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

/// As long as all factors stay positive.
fn flow_sharpness(name: &str) -> Claim<Run> {
    let formula = "φ(w_{k+1}) ≤ φ(w_k) for the sharpness φ at the flow's end";
    let claim = Claim::bound(name, formula).assuming([positive(), within_the_edge()]);
    claim.tight_to(0.99).experiment(|run: &Run| {
        let (chain, trajectory) = (run.chain(), run.descend(300));
        let positive = trajectory.points().iter().take_while(|w| w.min() > 0.0);
        let values: Vec<f64> = positive.map(|w| chain.flow_sharpness(w)).collect();
        Curve::over(
            1..values.len(),
            |k| Reading::new(values[k], 1e-12 * values[k]),
            |k| values[k - 1],
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
        let xs = (0..=60).map(move |k| sign * 3f64.powf(f64::from(k) / 30.0 - 1.0));
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

/// λ_max of the Hessian of a chain.
fn largest_eigenvalue(w: &Vector) -> f64 {
    let hessian = ScalarChain::new(w.len()).hessian(w);
    hessian.map_or(f64::NAN, |hessian| hessian.symmetric_eigenvalues().max())
}
