#![doc = include_str!("training_deep_networks.md")]

use theoria_models::networks::Activation::{self, Relu, Tanh};
use theoria_models::Vector;
use theoria_verification::{
    Axis, Block, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Sample, Scale,
    Side, Theorem, TrialClaim,
};

use crate::support::deep_networks::{DeepNetwork, OUTPUTS, Shape};
use crate::support::deep_training::{PASSES, Training};
use crate::support::hypotheses;
use crate::support::moments::relative_square;

/// x
pub fn theorem() -> Theorem {
    let shallow = trains("shallow", PASSES / 2)
        .on(shapes("depth 2", [Shape::plain(Relu, 2, 2.0), Shape::plain(Tanh, 2, 1.0)]));
    let base = trains("train", PASSES);
    let a = base.clone()
        .on(shapes("relu twice", [Shape::plain(Relu, 6, 4.0)]))
        .on(shapes("tanh", [Shape::plain(Tanh, 8, 1.0), Shape::plain(Tanh, 8, 2.0)]))
        .on(shapes("residual", [Shape::residual(Relu, 30, 1.0), Shape::residual(Relu, 30, 4.0)]));
    let b = base.restated("fail", "f").predicting(|_, _| 0.0)
        .on(shapes("half", [Shape::plain(Relu, 6, 1.0), Shape::plain(Tanh, 8, 0.5)]))
        .on(shapes("critical", [Shape::plain(Relu, 8, 2.0)]));
    let exact = gradients("exact").on(shapes("relu", [1.0, 4.0].map(|c| Shape::plain(Relu, 6, c))))
        .trials(16384)
        .ranging(|_, _| (0.0, f64::INFINITY))
        .second_moment_at_most(|shape, layer| {
            let mean = mean(shape, layer);
            mean * mean * relative_square(&vec![shape.width; shape.depth - 1])
        });
    let field = gradients("field").trials(8192)
        .on(shapes("tanh", [0.5, 1.0, 2.0].map(|c| Shape::plain(Tanh, 6, c).of_width(64))))
        .on(shapes("res", [1.0, 4.0].map(|c| Shape::residual(Relu, 12, c).of_width(32))));
    Theorem::new("initialization/training_deep_networks", include_str!("training_deep_networks.md"))
        .claim(shallow).claim(a).claim(b).claim(exact).claim(field)
}

fn shapes<const N: usize>(name: &str, shapes: [Shape; N]) -> Family<Shape> {
    Family::listed(name, shapes, |shape| *shape)
}

fn trains(name: &str, passes: usize) -> TrialClaim<Shape> {
    Claim::probability(name, "P(95% within 8 passes) ≥ 1/2", Side::Within(0.5))
        .assuming([hypotheses::independent_normal_weights()])
        .trials(88)
        .sampling(move |shape: &Shape, block| {
            let it = Training::read();
            block.each_event(passes, |random| it.trains(*shape, passes, random))
        })
        .predicting(|_, _| 1.0)
}

fn gradients(name: &str) -> TrialClaim<Shape> {
    Claim::expected_value(name, "E |∂(v·f)/∂Wˡ|²", 0.08)
        .assuming([hypotheses::independent_normal_weights()])
        .sampling(|shape: &Shape, block: &mut Block| -> Sample {
            let layers: Vec<f64> = (1..=shape.depth).map(|l| l as f64).collect();
            let (image, cotangent) = seen();
            block.each(&layers, |random| {
                DeepNetwork::draw(*shape, random).gradients(&image, &cotangent)
            })
        })
        .predicting(mean)
}

fn seen() -> (Vector, Vector) {
    let image = Training::read().images.column(0).into_owned();
    (image, Vector::from_element(OUTPUTS, (OUTPUTS as f64).sqrt().recip()))
}

fn mean(shape: &Shape, layer: f64) -> f64 {
    let image = seen().0;
    shape.predicted(image.norm_squared() / image.len() as f64)[layer as usize - 1]
}
