//! Pictures of what Hessians cost.

use theoria_algorithms::{ConstantStep, Forcing, Method, NewtonCg};
use theoria_elementary::log10;
use theoria_models::networks::Activation;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_verification::{Axis, Content, Draw, Effort, Group, Line, Scale};

use super::network_hessians::{Neurons, Shape};
use super::ridge_classifier::RidgeClassifier;

/// What a gradient, a product, a Hessian and an elimination cost.
pub(crate) fn price(_: &mut Draw, _: Effort) -> Content {
    let shapes = || [2usize, 4, 8, 16, 32, 64, 128].map(|w| Shape::new(vec![w; 4], 1.0));
    let group = |label: &str, cost: fn(f64, (f64, f64)) -> f64| {
        let point = |it: Shape| {
            let d = it.parameters() as f64;
            (d, cost(d, it.counted()))
        };
        Group::new(label, shapes().map(point))
    };
    let elimination = |it: Shape| {
        let d = it.parameters() as f64;
        (d, d.powi(3) / 3.0 + d * d - d / 3.0)
    };
    Content::Points {
        groups: vec![
            group("gradient", |_, (gradient, _)| gradient),
            group("product H v", |_, (_, product)| product),
            group("H by d products", |d, (_, product)| d * product),
        ],
        lines: vec![
            Line::predicted(
                "2A + 3B + 2m",
                shapes().map(|it| (it.parameters() as f64, it.of_a_gradient())),
            ),
            Line::predicted("elimination, d³/3 + …", shapes().map(elimination)),
        ],
    }
}

/// Entries of a Hessian of ReLU neurons.
pub(crate) fn sleeping(_: &mut Draw, _: Effort) -> Content {
    let hessian = Neurons::six().hessian(Activation::Relu);
    let entries = hessian.map_or(Vec::new(), |hessian| {
        let logarithm = |entry: &f64| if *entry == 0.0 { f64::NAN } else { log10(entry.abs()) };
        hessian.iter().map(logarithm).collect()
    });
    let places: Vec<f64> = (1..=entries.len().isqrt()).map(|k| k as f64).collect();
    Content::HeatMap {
        x: places.clone(),
        y: places,
        values: entries,
        colour: Axis::new("log₁₀ |entry|", Scale::Linear),
        middle: None,
        lines: Vec::new(),
    }
}

/// Gradients of Newton-CG against products.
pub(crate) fn forcings(_: &mut Draw, _: Effort) -> Content {
    let rules = [
        ("η = 10⁻⁶", Forcing::Constant(1e-6)),
        ("η = 1/2", Forcing::Constant(0.5)),
        ("η = √|g|", Forcing::SquareRoot),
        ("η = |g|", Forcing::Linear),
    ];
    let problem = RidgeClassifier::cancer(1e-3);
    let f = problem.objective();
    let line = |(label, forcing): (&str, Forcing)| {
        let mut w = problem.start();
        let mut points = vec![(0.0, f.gradient_at(&w).norm())];
        if let Ok(oracle) = TwiceDifferentiable::new(f, &w) {
            let mut method = NewtonCg::new(forcing, ConstantStep::unit());
            while points.len() < 40 && points[points.len() - 1].1 > 1e-13 {
                method.step(&oracle, &mut w);
                points.push((method.products() as f64, f.gradient_at(&w).norm()));
            }
        }
        Line::measured(label, points)
    };
    Content::Lines { lines: rules.map(line).to_vec() }
}
