#![doc = include_str!("label_noise_networks.md")]

use theoria_verification::{Check, Claim, Family, Figure, Hypothesis, Theorem, TrialClaim};

use crate::support::noisy_network::SineFit;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new("implicit_bias/label_noise_networks", include_str!("label_noise_networks.md"))
        .claim(trace(
            "trace_falls_as_the_effective_loss_says",
            "E tr H along label noise = tr H along the effective loss",
            1.0,
        ))
        .control(trace(
            "trace_falls_without_noise",
            "gradient descent: tr H = tr H along the effective loss",
            0.0,
        ))
        .figure(
            Figure::linear("trace", "step n", "tr H at the minimiser below")
                .of("trace_falls_as_the_effective_loss_says")
                .caption("The trace falls as gradient descent on the effective loss lets it fall."),
        )
}

fn fits() -> Hypothesis<SineFit> {
    Hypothesis::new("fits the samples", |fitted: &SineFit, _| {
        let loss = fitted.network.loss(&fitted.start);
        Check::at_most(loss, 1e-6, "loss at the start")
    })
}

fn stable() -> Hypothesis<SineFit> {
    Hypothesis::new("stable step size", |fitted: &SineFit, _| {
        let product = SineFit::ETA * fitted.network.sharpness(&fitted.start);
        Check::at_most(product, 2.0, "η λ_max at the start")
    })
}

fn trace(name: &str, formula: &str, noise: f64) -> TrialClaim<SineFit> {
    const CHECKPOINTS: [usize; 2] = [SineFit::STEPS / 2, SineFit::STEPS];
    Claim::expected_value(name, formula, 0.03)
        .trials(256)
        .assuming([fits(), stable()])
        .on(Family::drawn("networks", |draw| SineFit::drawn(draw.generator())))
        .sampling(move |fitted, block| {
            block.each(&CHECKPOINTS.map(|n| n as f64), |random| {
                let mut theta = fitted.start.clone();
                CHECKPOINTS
                    .iter()
                    .map(|_| {
                        fitted.walk(&mut theta, noise, SineFit::STEPS / 2, random);
                        fitted.network.trace(&fitted.settled(&theta))
                    })
                    .collect()
            })
        })
        .predicting(|fitted, n| {
            let mut theta = fitted.start.clone();
            let samples = fitted.network.samples() as f64;
            let weight = (SineFit::ETA * SineFit::SIGMA).powi(2) / samples;
            for _ in 0..n as usize {
                fitted.network.step(&mut theta, SineFit::ETA, None);
                fitted.network.flatten(&mut theta, SineFit::ETA, weight);
            }
            fitted.network.trace(&fitted.settled(&theta))
        })
}
