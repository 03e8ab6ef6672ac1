//! Methods on a point without coordinates: three steps of each, from the start x0, against the
//! coefficients that a hand computes. g_k is the k-th gradient that is asked for, p_k a subgradient of the
//! regulariser at x_k, n_k a normal of the set at x_k, s_k the k-th minimiser of a linear function.

mod formal;
mod fraction;
mod symbol;

use theoria_algorithms::*;
use theoria_models::Vector;
use theoria_models::objectives::Quadratic;
use theoria_models::oracle::Oracle;
use theoria_models::point::{InnerProduct, Scalar};

use formal::Formal;
use fraction::{Fraction, fraction};
use symbol::Symbol;

const STEPS: usize = 3;

fn three_steps<S: Scalar + PartialEq>(
    oracle: &Formal<S>,
    method: impl Method<Symbol<S>, Formal<S>>,
) -> Trajectory<Symbol<S>> {
    Trajectory::of(method, oracle, &Formal::start(), STEPS)
}

/// Without rounding.
fn exactly(method: impl Method<Symbol<Fraction>, Formal<Fraction>>, by_hand: &[(&str, i64, i64)]) {
    let oracle = Formal::new();
    let found = oracle.terms(&three_steps(&oracle, method).last());
    let by_hand: Vec<_> =
        by_hand.iter().map(|&(name, p, q)| (name.to_string(), fraction(p, q))).collect();
    assert_eq!(found, by_hand);
}

/// Where momentum takes square roots.
fn nearly(method: impl Method<Symbol<f64>, Formal<f64>>, by_hand: &[(&str, f64)]) {
    let oracle = Formal::new();
    let found = oracle.terms(&three_steps(&oracle, method).last());
    assert_eq!(found.len(), by_hand.len(), "{found:?}");
    for ((name, a), (expected, b)) in found.iter().zip(by_hand) {
        assert!(name == expected && (a - b).abs() < 4.0 * f64::EPSILON * b.abs(), "{found:?}");
    }
}

#[test]
fn gradient_descent() {
    // Each step adds -h g_k; h = 1/2.
    let by_hand = [("x0", 1, 1), ("g0", -1, 2), ("g1", -1, 2), ("g2", -1, 2)];
    exactly(GradientDescent::new(fraction(1, 2)), &by_hand);
}

#[test]
fn subgradient_method() {
    // Each step adds -g_k/(k + 1).
    let by_hand = [("x0", 1, 1), ("g0", -1, 1), ("g1", -1, 2), ("g2", -1, 3)];
    exactly(GradientDescent::with_schedule(|k| fraction(1, k as i64 + 1)), &by_hand);
}

#[test]
fn averaged_gradient_descent() {
    // The mean of x0, x0 - h g0 and x0 - h g0 - h g1; h = 1/2.
    let method = Averaged::new(GradientDescent::new(fraction(1, 2)));
    exactly(method, &[("x0", 1, 1), ("g0", -1, 3), ("g1", -1, 6)]);
}

#[test]
fn heavy_ball() {
    // The step that g_k starts goes on with 1, β, β²: -h (1 + β + β²) g0 - h (1 + β) g1 - h g2; h = 1/4, β = 1/2.
    let by_hand = [("x0", 1, 1), ("g0", -7, 16), ("g1", -3, 8), ("g2", -1, 4)];
    exactly(HeavyBall::new(fraction(1, 4), fraction(1, 2)), &by_hand);
}

#[test]
fn projected_gradient_descent() {
    // Each step adds -h g_k, then -n_{k+1}; h = 1/2.
    let gradients = [("g0", -1, 2), ("n1", -1, 1), ("g1", -1, 2), ("n2", -1, 1)];
    let by_hand = [&[("x0", 1, 1)][..], &gradients, &[("g2", -1, 2), ("n3", -1, 1)]].concat();
    exactly(ProjectedGradient::new(fraction(1, 2)), &by_hand);
}

#[test]
fn proximal_gradient_descent() {
    // Each step adds -h g_k - h p_{k+1}; h = 1/3.
    let names = ["g0", "p1", "g1", "p2", "g2", "p3"];
    let by_hand = [&[("x0", 1, 1)][..], &names.map(|name| (name, -1, 3))].concat();
    exactly(ProximalGradient::new(fraction(1, 3)), &by_hand);
}

#[test]
fn proximal_point() {
    // Each step adds -h p_{k+1}: the subgradient at its end; h = 5.
    exactly(
        ProximalPoint::new(fraction(5, 1)),
        &[("x0", 1, 1), ("p1", -5, 1), ("p2", -5, 1), ("p3", -5, 1)],
    );
}

#[test]
fn frank_wolfe() {
    // γ = 1, 2/3, 1/2: x1 = s0, x2 = s0/3 + 2 s1/3, x3 = x2/2 + s2/2; gradients only point the way.
    exactly(FrankWolfe::new(), &[("s0", 1, 6), ("s1", 1, 3), ("s2", 1, 2)]);
}

/// β_1 = (t_1 - 1)/t_2 with t_1 = (1 + √5)/2 the golden ratio and 4 t_1² = 6 + 2√5.
fn second_momentum() -> f64 {
    (5f64.sqrt() - 1.0) / (1.0 + (7.0 + 2.0 * 5f64.sqrt()).sqrt())
}

#[test]
fn nesterovs_method() {
    // β_0 = 0, so y1 = x1; y2 = x2 + β_1 (x2 - x1) = x2 - β_1 h g1: g1 counts 1 + β_1 times; h = 1/2.
    let g1 = -(1.0 + second_momentum()) / 2.0;
    let by_hand = [("x0", 1.0), ("g0", -0.5), ("g1", g1), ("g2", -0.5)];
    nearly(Nesterov::new(0.5, Momentum::Sequence), &by_hand);
    // The simplified sequence has β_1 = 1/4, and AGNES without noise is that method.
    let by_hand = [("x0", 1.0), ("g0", -1.0), ("g1", -1.25), ("g2", -1.0)];
    nearly(Nesterov::new(1.0, Momentum::Simplified), &by_hand);
    nearly(Agnes::new(1.0, 0.0), &by_hand);
}

#[test]
fn fista() {
    // As Nesterov's method, with g_k + p_{k+1} in place of g_k; h = 1/2.
    let twice = -(1.0 + second_momentum()) / 2.0;
    let by_hand = [
        [("x0", 1.0)].as_slice(),
        &[("g0", -0.5), ("p1", -0.5), ("g1", twice), ("p2", twice), ("g2", -0.5), ("p3", -0.5)],
    ];
    nearly(Fista::new(0.5, Momentum::Sequence), &by_hand.concat());
}

#[test]
fn optimized_gradient_method() {
    // x_{i+1} = (1 - 1/θ_{i+1}) (x_i - g_i) + (x0 - 2 Σ_{k<=i} θ_k g_k)/θ_{i+1} (Kim, Fessler 2016, OGM2), L = 1.
    let root = 5f64.sqrt();
    let (first, second) = ((1.0 + root) / 2.0, (1.0 + (7.0 + 2.0 * root).sqrt()) / 2.0);
    let third = (1.0 + (1.0 + 8.0 * second * second).sqrt()) / 2.0;
    // In x1, g0 counts 1 - 1/θ_1 + 2/θ_1 = 1 + 1/θ_1 = θ_1; in x2, g1 counts 1 + (2 θ_1 - 1)/θ_2 = 1 + √5/θ_2.
    let [g0, g1] = [(1.0 - 1.0 / second) * first + 2.0 / second, 1.0 + root / second];
    let [g0, g1] = [(g0, 1.0), (g1, first)].map(|(g, t)| (1.0 - 1.0 / third) * g + 2.0 * t / third);
    let g2 = 1.0 + (2.0 * second - 1.0) / third;
    let by_hand = [("x0", 1.0), ("g0", -g0), ("g1", -g1), ("g2", -g2)];
    nearly(OptimizedGradient::new(1.0, STEPS), &by_hand);
}

/// ⟨∇f(x_{k+1}), ∇f(x_k)⟩ for k = 0, 1, 2, whatever the point is.
fn successive<P: InnerProduct, O: Oracle<P>>(oracle: &O, run: &Trajectory<P>) -> Vec<P::Product> {
    let gradient = |x: &P| {
        let mut gradient = x.zero_like();
        oracle.gradient(x, &mut gradient);
        gradient
    };
    run.points().windows(2).map(|x| gradient(&x[1]).inner_product(&gradient(&x[0]))).collect()
}

#[test]
fn exact_line_search() {
    let oracle = Formal::new();
    let mut method = ExactLineSearch::default();
    let run = three_steps(&oracle, &mut method);
    assert_eq!(method.step_size(), None);
    // The new points are elements of their own: where they lie is said by what is orthogonal.
    let one = fraction(1, 1);
    for (k, x) in run.points().iter().enumerate() {
        assert_eq!(oracle.terms(x), [(format!("x{k}"), one)]);
    }
    let said = |form| oracle.entries(form);
    let relations = oracle.relations();
    for k in 0..STEPS {
        let next = k + 1;
        assert_eq!(said(&relations[2 * k]), [(format!("g{k}·g{next}"), one)]);
        let step = [(format!("x{k}·g{next}"), -one), (format!("x{next}·g{next}"), one)];
        assert_eq!(said(&relations[2 * k + 1]), step);
    }
    // The same code on numbers finds what it states on symbols.
    assert_eq!(successive(&oracle, &run), relations.iter().step_by(2).cloned().collect::<Vec<_>>());
    let f = Quadratic::diagonal(&[1.0, 3.0, 10.0]);
    let start = Vector::from_vec(vec![1.0, -1.0, 0.5]);
    let run = Trajectory::of(ExactLineSearch::default(), &f, &start, STEPS);
    for product in successive(&f, &run) {
        assert!(product.abs() < 1e-12, "{product}");
    }
}

/// x with numbers for its elements: the gradients of a quadratic where they were asked for.
fn with_numbers(oracle: &Formal<f64>, f: &Quadratic, start: &Vector, x: &Symbol<f64>) -> Vector {
    let mut elements = vec![start.clone()];
    let filled = |x: &Symbol<f64>, elements: &[Vector]| -> Vector {
        x.terms().map(|(element, a)| &elements[element] * a).sum()
    };
    for (at, _) in oracle.gradients() {
        let mut gradient = start.clone();
        f.gradient(&filled(&at, &elements), &mut gradient);
        elements.push(gradient);
    }
    filled(x, &elements)
}

fn agree(name: &str, symbolic: impl Method<Symbol<f64>, Formal<f64>>, numeric: impl VectorMethod) {
    let f = Quadratic::diagonal(&[0.2, 1.0, 2.0]);
    let start = Vector::from_vec(vec![1.0, -1.0, 0.5]);
    let oracle = Formal::new();
    let run = three_steps(&oracle, symbolic);
    let on_numbers = Trajectory::of(numeric, &f, &start, STEPS);
    for (x, y) in run.points().iter().zip(on_numbers.points()) {
        let apart = (with_numbers(&oracle, &f, &start, x) - y).amax();
        assert!(apart < 1e-14, "{name}: {apart}");
    }
}

#[test]
fn a_symbolic_run_filled_with_numbers_is_the_run_on_numbers() {
    macro_rules! agree {
        ($($method:expr),+ $(,)?) => { $(agree(stringify!($method), $method, $method);)+ };
    }
    agree! {
        GradientDescent::new(0.3),
        HeavyBall::optimal(2.0, 0.2),
        Nesterov::strongly_convex(2.0, 0.2),
        Nesterov::new(0.5, Momentum::Sequence),
        OptimizedGradient::new(2.0, STEPS),
        Agnes::new(2.0, 0.5),
        AgnesEstimate::convex(2.0, 0.5),
        AgnesEstimate::strongly_convex(2.0, 0.2, 0.5),
        Averaged::new(GradientDescent::new(0.3)),
    }
}
