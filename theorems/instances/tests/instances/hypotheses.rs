//! What the checks of hypotheses see: on functions of one variable with eight pieces, in several dimensions, and on
//! noise that is not what it says.

use rand::{Rng, RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};
use theoria_instances::hypotheses::*;
use theoria_instances::{ConstrainedProblem, Problem, StochasticProblem, families};
use theoria_models::numerics::{maximum, minimum};
use theoria_models::objectives::{
    Constrained, LeastSquares, Piece, PiecewiseQuadratic, Quadratic, SquaredNorm,
};
use theoria_models::sets::Ball;
use theoria_models::stochastic::*;
use theoria_models::{Constant, Ensemble, Matrix, Minimum, Objective, Vector};
use theoria_verification::{Draw, Hypothesis, Stream};

fn draw(seed: u64) -> Draw {
    Draw::new(Stream::new(seed).trial(0))
}

fn accepts<I>(hypothesis: &Hypothesis<I>, instance: &I, seed: u64) -> bool {
    hypothesis.check(instance, &mut draw(seed)).satisfied
}

/// A function that states other constants than it has.
#[derive(Clone)]
struct Misstated<F> {
    f: F,
    smoothness: f64,
    strong_convexity: f64,
}

impl<F: Objective> Objective for Misstated<F> {
    fn describe(&self) -> String {
        format!("{}, misstated", self.f.describe())
    }
    fn dimension(&self) -> usize {
        self.f.dimension()
    }
    fn value(&self, x: &Vector) -> f64 {
        self.f.value(x)
    }
    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.f.gradient_into(x, into);
    }
    fn rounding(&self, x: &Vector) -> f64 {
        self.f.rounding(x)
    }
    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(self.smoothness))
    }
    fn strong_convexity(&self) -> Option<Constant> {
        Some(Constant::exact(self.strong_convexity))
    }
    fn minimum(&self) -> Option<Minimum> {
        self.f.minimum()
    }
    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        self.f.nearest_minimiser(x)
    }
}

/// Eight pieces of random lengths and curvatures about a random minimiser, and a start on either side.
struct Pieces {
    knots: Vec<f64>,
    curvatures: Vec<f64>,
    minimiser: f64,
    start: f64,
}

impl Pieces {
    fn drawn(seed: u64) -> Self {
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut at = -4.0;
        let knots: Vec<f64> = (0..7)
            .map(|_| {
                at += rng.random_range(0.2..2.0);
                at
            })
            .collect();
        let curvatures = (0..8).map(|_| 10f64.powf(rng.random_range(-1.5..0.0))).collect();
        let minimiser = rng.random_range(knots[0]..knots[6]);
        let start = minimiser + 2.0 * rng.random_range(-3.0..3.0);
        Pieces { knots, curvatures, minimiser, start }
    }

    /// The curvatures within the ball at which checks look, about the minimiser with half as much again as the
    /// distance of the start.
    fn within_reach(&self) -> Vec<f64> {
        let reach = 1.5 * (self.start - self.minimiser).abs();
        let (low, high) = (self.minimiser - reach, self.minimiser + reach);
        let place = |i: usize| self.knots.get(i).copied();
        let inside = (0..8).filter(|&i| {
            let left = if i == 0 { f64::NEG_INFINITY } else { self.knots[i - 1] };
            left < high && place(i).unwrap_or(f64::INFINITY) > low
        });
        inside.map(|i| self.curvatures[i]).collect()
    }

    fn problem(&self, smoothness: f64, strong_convexity: f64) -> Problem {
        let f = PiecewiseQuadratic::with_curvatures(&self.knots, &self.curvatures, self.minimiser);
        let [l, mu] = [f.smoothness(), f.strong_convexity()].map(|c| c.expect("stated").value);
        let stated =
            Misstated { f, smoothness: smoothness * l, strong_convexity: strong_convexity * mu };
        Problem::new(stated, Vector::from_element(1, self.start))
    }

    fn extremes(curvatures: &[f64]) -> (f64, f64) {
        let largest = curvatures.iter().copied().fold(0.0, maximum);
        (largest, curvatures.iter().copied().fold(f64::INFINITY, minimum))
    }
}

#[test]
fn wrong_constants_of_eight_pieces_are_seen_wherever_the_check_looks() {
    let mut accepted = [[0; 2]; 4];
    let mut in_reach = [0; 2];
    for seed in 0..100 {
        let pieces = Pieces::drawn(seed);
        let whole = Pieces::extremes(&pieces.curvatures);
        let near = Pieces::extremes(&pieces.within_reach());
        let right = pieces.problem(1.0, 1.0);
        assert!(
            accepts(&smooth(), &right, seed) && accepts(&strongly_convex(), &right, seed),
            "{seed}"
        );
        assert!(
            accepts(&convex(), &right, seed) && accepts(&lojasiewicz(), &right, seed),
            "{seed}"
        );
        let seen = [near.0 == whole.0, near.1 == whole.1];
        (0..2).for_each(|i| in_reach[i] += usize::from(seen[i]));
        let wrong = [
            (0, accepts(&smooth(), &pieces.problem(0.9, 1.0), seed)),
            (0, accepts(&smooth(), &pieces.problem(0.999, 1.0), seed)),
            (1, accepts(&strongly_convex(), &pieces.problem(1.0, 1.001), seed)),
            (1, accepts(&strongly_convex(), &pieces.problem(1.0, 2.0), seed)),
        ];
        for (count, (kind, accepts)) in accepted.iter_mut().zip(wrong) {
            count[usize::from(!seen[kind])] += usize::from(accepts);
        }
    }
    println!("accepted (in reach, out of reach) {accepted:?} of {in_reach:?} in reach");
    // Where the extreme piece lies in the ball nothing wrong is accepted, not even by a thousandth.
    assert!(accepted.iter().all(|[near, _]| *near == 0), "{accepted:?}");
    assert!(in_reach.iter().all(|count| *count >= 60), "{in_reach:?}");
    // The line goes on beyond the ball, and is looked along up to sixteen times as far.
    assert!(accepted.iter().all(|[_, far]| *far <= 2), "{accepted:?}");
}

#[test]
fn concave_pieces_and_kinks_are_seen() {
    for seed in 0..100 {
        let rng = &mut Xoshiro256PlusPlus::seed_from_u64(seed);
        let (length, bend) = (rng.random_range(0.02..1.0), rng.random_range(0.05..0.5));
        let from = rng.random_range(0.1..2.0);
        let slope = from;
        let concave = PiecewiseQuadratic::new(&[
            Piece { from: 0.0, slope: 0.0, curvature: 1.0 },
            Piece { from, slope, curvature: -bend },
            Piece { from: from + length, slope: slope - bend * length, curvature: 1.0 },
        ]);
        let start = Vector::from_element(1, from + length + rng.random_range(0.0..2.0));
        let problem = Problem::new(concave.clone(), start.clone());
        assert!(!accepts(&convex(), &problem, seed), "{seed}");
        // A slope that jumps has no L.
        let kink = PiecewiseQuadratic::new(&[
            Piece { from: 0.0, slope: 0.0, curvature: 1.0 },
            Piece { from, slope: slope + 1e-3, curvature: 1.0 },
        ]);
        let stated = Misstated { f: kink, smoothness: 1.0, strong_convexity: 1.0 };
        assert!(!accepts(&smooth(), &Problem::new(stated, start), seed), "{seed}");
    }
}

#[test]
fn constants_of_quadratics_are_seen_exactly() {
    for seed in 0..20 {
        let mut draw = draw(seed);
        let f = families::quadratic(20, 1000.0, &mut draw);
        let [l, mu] = [f.smoothness(), f.strong_convexity()].map(|c| c.unwrap().value);
        let start = families::gaussian(20, &mut draw);
        let stating = |smoothness: f64, strong_convexity: f64| {
            let (smoothness, strong_convexity) = (smoothness * l, strong_convexity * mu);
            let f = WithHessian { hessian: f.matrix().clone(), smoothness, strong_convexity };
            Problem::new(f, start.clone())
        };
        let [smooth, convex, strong] = [smooth(), convex(), strongly_convex()];
        assert!([&smooth, &convex, &strong].iter().all(|h| accepts(h, &stating(1.0, 1.0), seed)));
        assert!(accepts(&lojasiewicz(), &stating(1.0, 1.0), seed));
        assert!(!accepts(&smooth, &stating(0.999_999, 1.0), seed));
        assert!(!accepts(&strong, &stating(1.0, 1.0001), seed));
        assert!(!accepts(&lojasiewicz(), &stating(1.0, 1.0001), seed));
    }
}

/// x·Hx/2, which states what it is told.
struct WithHessian {
    hessian: Matrix,
    smoothness: f64,
    strong_convexity: f64,
}

impl Objective for WithHessian {
    fn describe(&self) -> String {
        "x·Hx/2".into()
    }
    fn dimension(&self) -> usize {
        self.hessian.nrows()
    }
    fn value(&self, x: &Vector) -> f64 {
        x.dot(&(&self.hessian * x)) / 2.0
    }
    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        into.copy_from(&(&self.hessian * x));
    }
    fn hessian_vector(&self, _x: &Vector, direction: &Vector) -> Option<Vector> {
        Some(&self.hessian * direction)
    }
    fn rounding(&self, x: &Vector) -> f64 {
        64.0 * f64::EPSILON * self.hessian.norm() * x.norm_squared()
    }
    fn smoothness(&self) -> Option<Constant> {
        Some(Constant::exact(self.smoothness))
    }
    fn strong_convexity(&self) -> Option<Constant> {
        Some(Constant::exact(self.strong_convexity))
    }
    fn minimum(&self) -> Option<Minimum> {
        Some(Minimum::exact(0.0))
    }
    fn nearest_minimiser(&self, x: &Vector) -> Option<Vector> {
        Some(Vector::zeros(x.len()))
    }
}

/// Noise whose draws are scaled and shifted, while it states the moments of the original.
struct Crooked<S> {
    source: S,
    scale: f64,
    shift: f64,
}

impl<S: StochasticOracle> StochasticOracle for Crooked<S> {
    fn describe(&self) -> String {
        format!("{}, crooked", self.source.describe())
    }
    fn objective(&self) -> &dyn Objective {
        self.source.objective()
    }
    fn sample(&self, at: &Ensemble, generator: &mut dyn Rng, into: &mut Ensemble) {
        let mut exact = at.clone();
        self.objective().gradient_block(at, &mut exact);
        self.source.sample(at, generator, into);
        for (own, exact) in into.numbers_mut().iter_mut().zip(exact.numbers()) {
            *own = exact + self.scale * (*own - exact) + self.shift;
        }
    }
    fn covariance(&self, x: &Vector) -> Matrix {
        self.source.covariance(x)
    }
    fn atoms(&self, x: &Vector) -> Option<Vec<Atom>> {
        let exact = self.objective().gradient_at(x);
        let mut atoms = self.source.atoms(x)?;
        for atom in &mut atoms {
            let noise = (&atom.gradient - &exact) * self.scale;
            atom.gradient = (&exact + noise).add_scalar(self.shift);
        }
        Some(atoms)
    }
    fn noise(&self, model: NoiseModel) -> Option<Constant> {
        self.source.noise(model)
    }
}

#[test]
fn noise_that_is_not_what_it_states_is_seen() {
    let models = [NoiseModel::Additive, NoiseModel::Multiplicative, NoiseModel::Vanishing];
    let shapes = [Shape::Gaussian, Shape::Signs, Shape::Uniform, Shape::TwoAtoms(0.01)];
    for (seed, (model, shape)) in
        models.iter().flat_map(|m| shapes.iter().map(move |s| (*m, s))).enumerate()
    {
        let seed = seed as u64;
        let problem = |scale: f64, shift: f64| {
            let f = families::quadratic(3, 10.0, &mut draw(seed));
            let start = families::gaussian(3, &mut draw(seed + 100)) * 2.0;
            StochasticProblem::new(f, start, |f| {
                let source = match model {
                    NoiseModel::Additive => Perturbed::additive(f, 0.7),
                    NoiseModel::Multiplicative => Perturbed::multiplicative(f, 0.7),
                    NoiseModel::Vanishing => Perturbed::vanishing(f, 0.7),
                };
                Crooked { source: source.shaped(shape.clone()), scale, shift }
            })
        };
        let straight = problem(1.0, 0.0);
        assert!(
            accepts(&noise(model), &straight, seed) && accepts(&unbiased(), &straight, seed),
            "{shape:?}"
        );
        assert!(!accepts(&noise(model), &problem(1.5, 0.0), seed), "{model:?} {shape:?}");
        assert!(!accepts(&unbiased(), &problem(1.0, 0.5), seed), "{model:?} {shape:?}");
        // Where all atoms are known, the slightest.
        if matches!(shape, Shape::Signs | Shape::TwoAtoms(_)) {
            assert!(!accepts(&noise(model), &problem(1.001, 0.0), seed), "{model:?} {shape:?}");
            assert!(!accepts(&unbiased(), &problem(1.0, 1e-6), seed), "{model:?} {shape:?}");
        }
    }
}

#[test]
fn batches_are_enumerated() {
    let rng = &mut draw(1);
    let features = families::gaussian_matrix(6, 3, rng);
    let targets = families::gaussian(6, rng);
    for (batch, sampling) in [
        (1, Sampling::WithReplacement),
        (3, Sampling::WithReplacement),
        (4, Sampling::WithoutReplacement),
    ] {
        let f = LeastSquares::new(features.clone(), targets.clone());
        let oracle = MiniBatch::new(f, batch, sampling);
        let x = families::gaussian(3, rng);
        let atoms = oracle.atoms(&x).unwrap();
        let mean = atoms.iter().fold(Vector::zeros(3), |m, a| m + &a.gradient * a.probability);
        let exact = oracle.objective().gradient_at(&x);
        assert!((&mean - &exact).norm() < 1e-12);
        let variance: f64 =
            atoms.iter().map(|a| a.probability * (&a.gradient - &exact).norm_squared()).sum();
        assert!((variance / oracle.variance(&x) - 1.0).abs() < 1e-12);
    }
}

/// Steps draw fresh noise: the noises of two steps from one point are uncorrelated over many trials, and no two
/// trials share theirs.
#[test]
fn noise_is_independent_by_construction() {
    let trials = 20_000;
    let start = Vector::from_element(1, 1.0);
    let problem = StochasticProblem::new(Quadratic::diagonal(&[1.0]), start.clone(), |f| {
        Perturbed::additive(f, 1.0)
    });
    let stated = independent_noise::<StochasticProblem>().check(&problem, &mut draw(1));
    assert!(stated.satisfied && stated.by_construction);
    assert!(!accepts(&independent_noise(), &problem.clone().with_one_draw(), 1));
    let at = Ensemble::repeat(&start, trials);
    let (mut first, mut second) = (at.clone(), at.clone());
    let mut generator = Stream::new(5).trial(0);
    problem.oracle().sample(&at, &mut generator, &mut first);
    problem.oracle().sample(&at, &mut generator, &mut second);
    let noise = |drawn: &Ensemble| drawn.numbers().iter().map(|g| g - 1.0).collect::<Vec<_>>();
    let (a, b) = (noise(&first), noise(&second));
    let correlation = a.iter().zip(&b).map(|(a, b)| a * b).sum::<f64>() / trials as f64;
    let neighbours = a.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / trials as f64;
    // Products of independent standard normal numbers have variance 1.
    let limit = 6.0 / (trials as f64).sqrt();
    assert!(correlation.abs() < limit && neighbours.abs() < limit, "{correlation} {neighbours}");
}

#[test]
fn starts_outside_a_set_and_dependent_rows_are_seen() {
    let problem = |start: f64| {
        let objective = Constrained::new(SquaredNorm::new(1), Ball::new(1.0))
            .minimal_at(Vector::zeros(1), Minimum::exact(0.0));
        ConstrainedProblem::new(objective, Vector::from_element(1, start))
    };
    assert!(accepts(&starts_inside(), &problem(1.0), 1));
    assert!(!accepts(&starts_inside(), &problem(1.1), 1));
    let rank = full_row_rank::<Rows>(|rows| &rows.0);
    let dependent = Matrix::from_row_slice(2, 3, &[0.1, 0.2, 0.3, 0.2, 0.4, 0.6]);
    assert!(!accepts(&rank, &Rows(dependent.clone()), 1));
    let mut other = dependent;
    other[(1, 2)] += 1e-15;
    assert!(accepts(&rank, &Rows(other), 1));
}

struct Rows(Matrix);
