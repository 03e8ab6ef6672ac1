#![doc = include_str!("edge_of_stability.md")]

use rand::Rng;
use theoria_algorithms::{EnsembleRun, GradientDescent, Trajectory, gradient_flow};
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
/// A run whose product is this close to 1 has converged.
const CONVERGED: f64 = 1e-9;
/// A start of depth 4 that is not balanced: the flow from it ends at sharpness 7.217.
const UNBALANCED: [f64; 4] = [0.1, 0.2, 1.5, 2.0];

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let sharpest = sharpest_minimum(
        "no_run_ends_beyond_two_over_eta",
        "largest sharpness reached ≤ 2/η",
        descend,
    )
    .attained_to(0.9, chains("two factors", [(2, &[0.2, 0.4, 0.6, 0.8])]))
    .on(chains("deeper", [(3, &[0.2, 0.4, 0.55]), (4, &[0.2, 0.3, 0.4])]));
    let nine_tenths = sharpest
        .restated("no_run_ends_beyond_nine_tenths_of_it", "largest sharpness reached ≤ 1.8/η")
        .predicting(|_, step| 1.8 / step);
    Theorem::new("implicit_bias/edge_of_stability", include_str!("edge_of_stability.md"))
        .claim(sharpest)
        .claim(
            local_rate("nearby_runs_converge_by_one_minus_eta_s")
                .on(minimisers("below the edge", [0.5, 1.5, 1.9])),
        )
        .claim(
            escapes("sharper_minimisers_repel").on(minimisers("beyond the edge", [2.05, 2.2, 2.5])),
        )
        .claim(
            ends_at_the_edge("progressive_sharpening_ends_at_the_edge")
                .attained_to(0.95, unbalanced("unbalanced, depth 4", [0.3, 0.35, 0.4])),
        )
        .claim(
            flow_sharpness("sharpness_of_the_flow_never_rises")
                .assuming([positive(), within_the_edge()])
                .on(Family::drawn("positive factors", positive_start))
                .on(unbalanced("unbalanced, depth 4", [0.1, 0.3, 0.35])),
        )
        .control(nine_tenths)
        .control(
            sharpest_minimum(
                "the_flow_ends_below_it_too",
                "gradient flow: largest sharpness reached ≤ 2/η",
                flow,
            )
            .on(chains("two factors", [(2, &[0.8])])),
        )
        .control(
            escapes("flatter_minimisers_repel")
                .violating("η s > 2")
                .on(minimisers("below the edge", [1.5, 1.9])),
        )
        .control(
            ends_as_sharp_as_the_flow("descent_ends_as_sharp_as_the_flow")
                .on(unbalanced("unbalanced, depth 4", [0.35])),
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

/// Depths of products, and step sizes.
type Chains = Case<(usize, &'static [f64])>;

fn chains<const N: usize>(name: &str, parameters: [(usize, &'static [f64]); N]) -> Family<Chains> {
    Family::cases(name, parameters, |&(depth, _)| ScalarChain::new(depth).describe())
}

/// Uniform in [-3, 3] for two factors, in [-2, 2] for more.
fn starts(depth: usize, count: usize, random: &mut impl Rng) -> Ensemble {
    let width = if depth == 2 { 3.0 } else { 2.0 };
    let mut block = Ensemble::repeat(&Vector::zeros(depth), count);
    uniforms(random, block.numbers_mut());
    block.numbers_mut().iter_mut().for_each(|number| *number *= width);
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
        .measuring_by_drawing(move |&Case { value: (depth, steps), .. }: &Chains, draw| {
            let chain = ScalarChain::new(depth);
            Readings::over(steps.iter().copied(), |step| {
                let starts = starts(depth, STARTS, draw.generator());
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
        .measuring(0..=60usize, |at: &Case<f64>, steps| {
            let residuals = residuals(at.value, 60);
            steps.read(|k| Reading::new(residuals[k], 4.0 * f64::EPSILON))
        })
        .predicting(|at, k| (1.0 - at.value).abs().powi(k as i32))
}

fn beyond_the_edge() -> Hypothesis<Case<f64>> {
    Hypothesis::new("η s > 2", |at: &Case<f64>, _| Check::at_least(at.value, 2.0, "η s"))
}

fn escapes(name: &str) -> Claim<Case<f64>> {
    let formula = "|xy − 1| grows 100 fold where η s > 2";
    Claim::lower_bound(name, formula).assuming([beyond_the_edge()]).experiment(|at: &Case<f64>| {
        let residuals = residuals(at.value, 400);
        let largest = residuals.iter().copied().fold(0.0, f64::max);
        Curve::at(at.value, largest, 100.0 * residuals[0])
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

/// Two to five factors with a product below 1, and η between 1/2 and 1.1 times 2/(sharpness of the
/// flow).
fn positive_start(draw: &mut Draw) -> Run {
    let depth = draw.size(2..=5);
    let mut start = Vector::from_fn(depth, |_, _| draw.log_uniform(0.1, 2.0));
    let product = start.product();
    if product > 1.0 {
        let wanted = draw.uniform(0.1, 1.0);
        start *= (wanted / product).powf(1.0 / depth as f64);
    }
    let step = draw.uniform(0.5, 1.1) * 2.0 / ScalarChain::new(depth).flow_sharpness(&start);
    Run { start, step }
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

fn within_the_edge() -> Hypothesis<Run> {
    Hypothesis::new("sharpness of the flow at most 2√2/η", |run: &Run, _| {
        Check::at_most(
            run.flow_sharpness(),
            std::f64::consts::SQRT_2 * run.edge(),
            "sharpness of the flow's minimum",
        )
    })
}

/// The sharpness at the end of a long run.
fn final_sharpness_of(run: &Run) -> Readings {
    let trajectory = run.descend(STEPS);
    let reached = run.chain().sharpness(&trajectory.last());
    Readings::at(STEPS, Reading::new(reached, 1e-9))
}

fn ends_at_the_edge(name: &str) -> Claim<Run> {
    Claim::bound(name, "sharpness at the end ≤ 2/η, and close to it")
        .measuring_each(final_sharpness_of)
        .predicting(|run, _| run.edge())
}

fn ends_as_sharp_as_the_flow(name: &str) -> Claim<Run> {
    Claim::lower_bound(name, "sharpness at the end ≥ 0.95 times that of the flow")
        .measuring_each(final_sharpness_of)
        .predicting(|run, _| 0.95 * run.flow_sharpness())
}

/// As long as all factors stay positive.
fn flow_sharpness(name: &str) -> Claim<Run> {
    Claim::bound(name, "φ(w_{k+1}) ≤ φ(w_k) for the sharpness φ at the flow's end").experiment(
        |run: &Run| {
            let (chain, trajectory) = (run.chain(), run.descend(300));
            let positive = trajectory.points().iter().take_while(|w| w.min() > 0.0);
            let values: Vec<f64> = positive.map(|w| chain.flow_sharpness(w)).collect();
            Curve::over(
                1..values.len(),
                |k| Reading::new(values[k], 1e-12 * values[k]),
                |k| values[k - 1],
            )
        },
    )
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
    let starts = starts(2, 2 * STARTS * effort.trials_factor(), draw.generator());
    let reached = sharpness_of(chain, &descend(chain, 0.4, &starts));
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
