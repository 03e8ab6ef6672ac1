//! What 100 steps of a method cost on a vector, and on an ensemble for each of its trials.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use theoria_algorithms::{
    AdaGradNorm, ConjugateGradients, GradientDescent, HeavyBall, Method, Momentum, Nesterov,
};
use theoria_models::objectives::LeastSquares;
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Ensemble, Matrix, Objective, Property, Vector};

const STEPS: usize = 100;
const TRIALS: usize = 256;

fn least_squares() -> LeastSquares {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut normal = || StandardNormal.sample(&mut rng);
    let features = Matrix::from_fn(100, 30, |_, _| normal());
    let targets = Vector::from_fn(100, |_, _| normal());
    LeastSquares::new(features, targets)
}

fn go<P: Clone, O>(f: &O, start: &P, mut method: impl Method<P, O>) -> P {
    let mut x = start.clone();
    for _ in 0..STEPS {
        method.step(f, &mut x);
    }
    x
}

fn methods(criterion: &mut Criterion) {
    let f = least_squares();
    let smoothness = f.required(Property::Smoothness);
    let h = 1.0 / smoothness;
    let point = Vector::from_element(30, 1.0);
    let ensemble = Ensemble::repeat(&point, TRIALS);
    let curved = TwiceDifferentiable::new(&f, &point).expect("least squares have a Hessian");
    for (size, elements) in [("a vector", 1), ("an ensemble", TRIALS)] {
        let mut group = criterion.benchmark_group(format!("methods, {size}"));
        group.sample_size(20).throughput(Throughput::Elements(elements as u64));
        macro_rules! bench {
            ($name:literal, $f:expr, $method:expr) => {
                group.bench_function($name, |bencher| {
                    bencher.iter(|| {
                        if elements == 1 {
                            black_box(go($f, &point, $method));
                        } else {
                            black_box(go($f, &ensemble, $method));
                        }
                    });
                });
            };
        }
        bench!("gradient descent", &f, GradientDescent::new(h));
        bench!("Nesterov", &f, Nesterov::new(h, Momentum::Sequence));
        bench!("heavy ball", &f, HeavyBall::new(h, 0.8));
        bench!("AdaGrad-norm", &f, AdaGradNorm::new(1.0, 0.1));
        bench!("conjugate gradients", &curved, ConjugateGradients::default());
        group.finish();
    }
}

criterion_group!(benches, methods);
criterion_main!(benches);
