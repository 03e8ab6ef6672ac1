use theoria_algorithms::{Fista, Method, Momentum, ScreenedCoordinateDescent, Trajectory};
use theoria_models::objectives::{Composite, L1Norm, Lasso, LeastSquares};
use theoria_models::{Matrix, Vector, data};

use super::{Statistic, Workload, entries, entries_of_vector};

/// FISTA on the LASSO |X a - y|² + λ |a|₁ with n samples of d features; the last value.
pub(super) fn fista(n: usize, d: usize, steps: usize) -> Workload {
    let features = entries(7, n, d);
    let planted = Vector::from_fn(d, |j, _| f64::from(u8::from(j < 10)));
    let targets = &features * planted + entries_of_vector(8, n) * 0.1;
    let samples = n as f64;
    // The objective here is |X a - y|²/(2n) + weight |a|₁.
    let weight = 0.1 * features.tr_mul(&targets).amax() / samples;
    let problem = Composite::new(LeastSquares::new(features, targets), L1Norm::new(weight));
    let smoothness = problem.smooth().smoothness().map_or(1.0, |l| l.value);
    Workload {
        name: "w5",
        work: format!(r#"{{"n": {n}, "d": {d}, "steps": {steps}}}"#),
        run: Box::new(move || {
            let method = Fista::new(1.0 / smoothness, Momentum::Sequence);
            let run = Trajectory::keeping(method, &problem, &Vector::zeros(d), steps, |_| false);
            Statistic::exact(2.0 * samples * problem.value(&run.last()))
        }),
    }
}

/// Coordinate descent with safe screening on |X a - y|² + λ |a|₁ with λ a tenth of the threshold, until the duality gap is 10⁻¹⁰ of the value;
/// the last value.
fn coordinate_descent(data: &str, features: Matrix, targets: Vector) -> Workload {
    let (n, d) = features.shape();
    let problem = Lasso::new(features, targets, 0.0);
    let problem = problem.weighing(0.1 * problem.threshold());
    Workload {
        name: "w6",
        work: format!(r#"{{"data": "{data}", "n": {n}, "d": {d}}}"#),
        run: Box::new(move || {
            let (mut method, mut a) = (ScreenedCoordinateDescent::default(), Vector::zeros(d));
            loop {
                method.step(&problem, &mut a);
                let value = problem.value(&a);
                if method.gap().is_some_and(|gap| gap <= 1e-10 * value) {
                    return Statistic::exact(value);
                }
            }
        }),
    }
}

/// On the diabetes data, columns of norm 1.
pub(super) fn diabetes() -> Workload {
    let data = data::diabetes();
    let root = (data.features.nrows() as f64).sqrt();
    coordinate_descent("diabetes", data.features / root, data.targets)
}

/// On n samples of d features, twenty of which matter.
pub(super) fn drawn(n: usize, d: usize) -> Workload {
    let features = entries(7, n, d);
    let planted = Vector::from_fn(d, |j, _| f64::from(u8::from(j < 20)));
    let targets = &features * planted + entries_of_vector(8, n);
    coordinate_descent("drawn", features, targets)
}
