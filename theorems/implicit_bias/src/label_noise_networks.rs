#![doc = include_str!("label_noise_networks.md")]

use theoria_verification::{
    Block, Check, Claim, Constant, Draw, Family, Figure, Hypothesis, Instance, Sample, Theorem,
    TrialClaim,
};

use crate::support::noisy_network::SineFit;

/// Where the trace is read off.
const CHECKPOINTS: [usize; 2] = [SineFit::STEPS / 2, SineFit::STEPS];
/// The loss of a network that fits.
const FITTED: f64 = 1e-12;
/// A trace is not negative, so that its relative change is −1 at least.
const AT_LEAST_NOTHING: (f64, f64) = (-1.0, f64::INFINITY);
/// The share of the trace that the effective loss is to take off.
const FALL: f64 = 0.3;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let formula = "E tr H/tr H₀ − 1 = that along the effective loss";
    let trace = trace("trace_falls_as_the_effective_loss_says", formula, 1.0);
    let farther = trace
        .restated(
            "trace_falls_a_sixth_farther",
            "E tr H/tr H₀ − 1 = 7/6 of that along the effective loss",
        )
        .ranging(|_, _| AT_LEAST_NOTHING)
        .predicting(|at, n| 7.0 / 6.0 * at.change(at.traces[place(n)]));
    let less_far = trace
        .restated(
            "trace_falls_a_seventh_less_far",
            "E tr H/tr H₀ − 1 = 6/7 of that along the effective loss",
        )
        .predicting(|at, n| 6.0 / 7.0 * at.change(at.traces[place(n)]));
    Theorem::new("implicit_bias/label_noise_networks", include_str!("label_noise_networks.md"))
        .uses("implicit_bias/label_noise", "the effective loss, and how fast it is descended")
        .claim(trace)
        .control(farther)
        .control(less_far)
        .control(
            self::trace(
                "trace_falls_without_noise",
                "gradient descent: tr H/tr H₀ − 1 = that along the effective loss",
                0.0,
            )
            .trials(128)
            .ranging(|_, _| AT_LEAST_NOTHING),
        )
        .figure(
            Figure::linear("trace", "step n", "change of tr H at the minimiser below")
                .of("trace_falls_as_the_effective_loss_says")
                .caption("The trace falls as gradient descent on the effective loss lets it fall."),
        )
}

/// A network, and the traces that are predicted at the checkpoints.
struct Predicted {
    network: SineFit,
    traces: [f64; 2],
}

impl Predicted {
    fn new(network: SineFit) -> Self {
        let traces = network.effective_traces(CHECKPOINTS);
        Predicted { network, traces }
    }

    /// The trace at the start.
    fn trace(&self) -> f64 {
        self.network.trace(self.network.start())
    }

    /// The change of the trace, in units of that at the start.
    fn change(&self, trace: f64) -> f64 {
        trace / self.trace() - 1.0
    }

    /// The share of the trace that is taken off in all.
    fn fall(&self) -> f64 {
        -self.change(self.traces[1])
    }
}

impl Instance for Predicted {
    fn description(&self) -> String {
        format!(
            "{}, the trace is to fall by {:.0}%",
            self.network.description(),
            100.0 * self.fall()
        )
    }

    fn constants(&self) -> Vec<Constant> {
        self.network.constants()
    }
}

/// The step is at most half as long as would be stable.
fn is_far_from_the_edge(network: &SineFit) -> bool {
    SineFit::ETA * network.sharpness() <= 1.0
}

/// Which checkpoint this is.
fn place(n: f64) -> usize {
    usize::from(n > CHECKPOINTS[0] as f64)
}

/// The first network drawn that fits, is stable, and is to become flatter.
fn networks() -> Family<Predicted> {
    /// How many are drawn, and how many of them are trained together.
    const TRIES: usize = 200;
    const TOGETHER: usize = 8;
    Family::drawn("networks that are to become flatter", |draw: &mut Draw| {
        let drawn = (0..TRIES / TOGETHER).flat_map(|_| SineFit::drawn(TOGETHER, draw.generator()));
        let usable =
            drawn.filter(|network| network.loss() <= FITTED && is_far_from_the_edge(network));
        let found = usable.map(Predicted::new).find(|at| at.fall() >= FALL);
        found.unwrap_or_else(|| panic!("of {TRIES} networks none is to become flatter"))
    })
}

fn fits() -> Hypothesis<Predicted> {
    Hypothesis::new("fits the samples", |at: &Predicted, _| {
        Check::at_most(at.network.loss(), FITTED, "loss at the start")
    })
}

fn stable() -> Hypothesis<Predicted> {
    Hypothesis::new("stable step size", |at: &Predicted, _| {
        Check::at_most(SineFit::ETA * at.network.sharpness(), 2.0, "η λ_max at the start")
    })
}

fn fresh_labels() -> Hypothesis<Predicted> {
    let why = "every step draws ±σ for each label anew, as a test of the models checks";
    Hypothesis::by_construction("independent label noise of mean 0", why)
}

fn trace(name: &str, formula: &str, noise: f64) -> TrialClaim<Predicted> {
    Claim::expected_value(name, formula, 0.05)
        .trials(1024)
        .assuming([fits(), stable(), fresh_labels()])
        .on(networks())
        .sampling(move |at: &Predicted, block: &mut Block| {
            let (trials, random) = (block.trials(), block.generator());
            let run = at.network.walk(noise, trials, &CHECKPOINTS, random);
            let sample = Sample::new(CHECKPOINTS, run.table(0).to_vec());
            sample.mapped(|_, trace| at.change(trace))
        })
        .predicting(|at, n| at.change(at.traces[place(n)]))
}
