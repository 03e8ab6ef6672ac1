#![doc = include_str!("flatness_measures.md")]

use rand_distr::{Distribution, StandardNormal};
use theoria_instances::sequences::powers_of_two;
use theoria_models::flatness::{
    FlatBox, Krylov, NormalSpace, Probe, TraceEstimate, hutchinson, log_determinant,
};
use theoria_models::networks::{Activation, Model, SquaredFit, TwoLayer};
use theoria_models::{Matrix, Objective, Vector};
use theoria_references::largest_box;
use theoria_verification::{
    Claim, Content, Curve, Draw, Effort, Family, Figure, Instance, Line, Reading, Sample, Theorem,
    TrialClaim,
};

/// Loss by which a box may exceed the minimum.
const TOLERANCE: f64 = 1e-2;
/// Eigenvalues above this share of the largest belong to the normal space.
const NORMAL: f64 = 1e-9;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    Theorem::new(
        "implicit_bias/flatness_measures",
        include_str!("flatness_measures.md"),
    )
    .claim(networks(rescaled("rescaling_leaves_the_function", 1e-12, |at, c| {
        let outputs = at.fit.model().outputs(&at.minimiser);
        let same = at.fit.model().outputs(&at.rescaled(c));
        ((same - &outputs).amax() / outputs.amax(), 0.0)
    })))
    .claim(networks(rescaled("hessian_becomes_dhd", 1e-12, |at, c| {
        let d = Matrix::from_diagonal(&at.scaling(c));
        let expected = &d * at.hessian(1.0) * &d;
        ((at.hessian(c) - &expected).norm() / expected.norm(), 0.0)
    })))
    .claim(networks(rescaled("trace_is_weighted", 1e-10, |at, c| {
        let (hessian, d) = (at.hessian(1.0), at.scaling(c));
        let weighted = hessian.diagonal().component_mul(&d).dot(&d);
        (at.hessian(c).trace(), weighted)
    })))
    .claim(networks(sharpness("sharpness_grows_without_bound", 2.0)))
    .claim(networks(rescaled("log_determinant_shifts", 1e-5, |at, c| {
        (at.log_determinant(c), at.log_determinant(1.0) + at.determinant_shift(c))
    })))
    .claim(networks(rescaled("log_volume_of_the_box_shifts", 1e-9, |at, c| {
        (at.log_volume(c), at.log_volume(1.0) + (1.0 - at.inputs as f64) * c.ln())
    })))
    .claim(invariant("box_is_invariant_for_scalar_inputs", Network::log_volume).on(trained(1)))
    .claim(diagonal_box("box_of_a_diagonal_hessian"))
    .claim(
        corners("no_corner_exceeds_the_tolerance", 1.0)
            .on(hessians("any signs", |g| g))
            .attained_on(hessians("no negative entry", f64::abs)),
    )
    .claim(
        against_reference("box_is_within_the_largest", 1.0)
            .on(hessians("any signs", |g| g))
            .attained_on(hessians("no negative entry", f64::abs)),
    )
    .claim(lanczos("lanczos_finds_both_ends"))
    .claim(both_laws(probes("hutchinson_is_unbiased", |seen| seen.value, |h, _| h.trace())))
    .claim(both_laws(probes("probes_have_the_stated_variance", |seen| seen.variance, |h, law| {
        law.variance(h)
    })))
    .control(invariant("trace_is_a_property_of_the_function", |at, c| at.hessian(c).trace()).on(trained(2)))
    .control(invariant("log_determinant_is_a_property_of_the_function", Network::log_determinant).on(trained(3)))
    .control(invariant("box_is_invariant_for_planar_inputs", Network::log_volume).on(trained(2)))
    .control(sharpness("sharpness_stays", 0.0).on(trained(2)))
    .control(corners("box_has_room_to_spare", 0.9).on(hessians("no negative entry", f64::abs)))
    .control(probes("signs_vary_as_much_as_gaussians", |seen| seen.variance, |h, _| {
        Probe::Gaussians.variance(h)
    }).on(probed("signs", Probe::Signs)))
    .figure(
        Figure::log_log("sharpness", "factor c", "λ_max")
            .of("sharpness_grows_without_bound")
            .caption("One function, as sharp as one likes: λ_max grows like c² along a rescaling of one neuron."),
    )
    .figure(change("planar", 2).caption(
        "Change of four measures along parametrisations of one function with two inputs: each of them moves; the box \
         by one bit when c doubles.",
    ))
    .figure(change("scalar", 1).caption(
        "With scalar inputs the box says the same of every parametrisation, while the spectral measures still change.",
    ))
}

/// A two-layer ReLU network at a minimum of loss 0.
struct Network {
    fit: SquaredFit<TwoLayer>,
    minimiser: Vector,
    inputs: usize,
    neurons: usize,
}

impl Network {
    fn drawn(inputs: usize, draw: &mut Draw) -> Self {
        let neurons = draw.size(1..=4);
        let random = draw.generator();
        let data = Matrix::from_fn(40, inputs, |_, _| StandardNormal.sample(random));
        let net = TwoLayer::new(data, neurons, Activation::Relu);
        let mut minimiser = Vector::from_fn(net.parameters(), |_, _| StandardNormal.sample(random));
        // λ_max grows like (c a)² once c is large against 1/a.
        for outer in minimiser.rows_mut(neurons * inputs, neurons).iter_mut() {
            *outer = draw.uniform(0.5, 1.5).copysign(*outer);
        }
        let targets = net.outputs(&minimiser);
        Network { fit: SquaredFit::new(net, targets), minimiser, inputs, neurons }
    }

    /// The minimiser with (w/c, a c) for the first neuron.
    fn rescaled(&self, c: f64) -> Vector {
        self.fit.model().rescaled(&self.minimiser, 0, c)
    }

    /// The diagonal of D, where the minimiser is D times the rescaled one.
    fn scaling(&self, c: f64) -> Vector {
        let outer = self.neurons * self.inputs;
        Vector::from_fn(self.minimiser.len(), |i, _| match i {
            i if i < self.inputs => c,
            i if i == outer => 1.0 / c,
            _ => 1.0,
        })
    }

    fn hessian(&self, c: f64) -> Matrix {
        let hessian = self.fit.hessian(&self.rescaled(c));
        hessian.unwrap_or_else(|| panic!("the Hessian exists"))
    }

    fn codimension(&self) -> usize {
        let found = log_determinant(&self.hessian(1.0), NormalSpace::AboveShare(NORMAL));
        found.unwrap_or_else(|error| panic!("{error}")).codimension
    }

    fn log_determinant(&self, c: f64) -> f64 {
        let normal = NormalSpace::Codimension(self.codimension());
        let found = log_determinant(&self.hessian(c), normal);
        found.unwrap_or_else(|error| panic!("{error}")).value
    }

    /// 2 log det D + log det(Vᵀ D⁻² V) for an orthonormal basis V of the null space.
    fn determinant_shift(&self, c: f64) -> f64 {
        let eigen = self.hessian(1.0).symmetric_eigen();
        let mut order: Vec<usize> = (0..self.minimiser.len()).collect();
        order.sort_by(|&i, &j| eigen.eigenvalues[i].total_cmp(&eigen.eigenvalues[j]));
        let null = &order[..order.len() - self.codimension()];
        let scaling = self.scaling(c);
        let mut moved = eigen.eigenvectors.select_columns(null);
        for (mut row, factor) in moved.row_iter_mut().zip(scaling.iter()) {
            row /= *factor;
        }
        let stretch = moved.tr_mul(&moved).determinant().ln();
        2.0 * scaling.iter().map(|factor| factor.ln()).sum::<f64>() + stretch
    }

    fn log_volume(&self, c: f64) -> f64 {
        let flat = FlatBox::new(&self.hessian(c), TOLERANCE);
        flat.unwrap_or_else(|error| panic!("{error}")).log_volume()
    }

    /// λ_max from Hessian-vector products alone.
    fn sharpness(&self, c: f64, start: &Vector) -> Reading {
        let at = self.rescaled(c);
        let product = |v: &Vector| {
            let image = self.fit.hessian_vector(&at, v);
            image.unwrap_or_else(|| panic!("the Hessian exists"))
        };
        let found = Krylov::new(product, start, start.len()).largest();
        Reading::new(found.value, found.residual)
    }
}

impl Instance for Network {
    fn description(&self) -> String {
        self.fit.describe()
    }
}

fn trained(inputs: usize) -> Family<Network> {
    Family::drawn(&format!("inputs of dimension {inputs}"), move |draw| {
        Network::drawn(inputs, draw)
    })
}

fn networks(claim: Claim<Network>) -> Claim<Network> {
    claim.on_all([1, 2, 3].map(trained))
}

/// 1/16, 1/8 ... 16.
fn factors() -> Vec<f64> {
    powers_of_two(-4..=4)
}

/// Measured and predicted at each factor c.
fn rescaled(name: &str, tolerance: f64, pair: fn(&Network, f64) -> (f64, f64)) -> Claim<Network> {
    let formula = "measured at (w/c, a c) = predicted from c = 1";
    Claim::identity(name, formula, tolerance).experiment(move |at: &Network| {
        Curve::over(factors(), |c| Reading::new(pair(at, c).0, 0.0), |c| pair(at, c).1)
    })
}

/// The measure does not depend on c.
fn invariant(name: &str, measure: fn(&Network, f64) -> f64) -> Claim<Network> {
    let formula = "measured at (w/c, a c) = measured at (w, a)";
    Claim::identity(name, formula, 1e-9).experiment(move |at: &Network| {
        let own = measure(at, 1.0);
        Curve::over(factors(), |c| measure(at, c), |_| own)
    })
}

fn sharpness(name: &str, power: f64) -> Claim<Network> {
    let formula = format!("λ_max at (w/c, a c) ~ c^{power}");
    Claim::exponent(name, &formula).drawing_experiment(move |at: &Network, draw| {
        let start = gaussian(at.minimiser.len(), draw);
        Curve::over(powers_of_two(0..=16), |c| at.sharpness(c, &start), |c| c.powf(power))
    })
}

fn gaussian(d: usize, draw: &mut Draw) -> Vector {
    Vector::from_fn(d, |_, _| StandardNormal.sample(draw.generator()))
}

/// A positive definite matrix.
struct Hessian {
    matrix: Matrix,
    law: Probe,
}

impl Hessian {
    /// G Gᵀ/d with entries `entry(z)` of G for standard normal z.
    fn drawn(d: usize, entry: fn(f64) -> f64, law: Probe, draw: &mut Draw) -> Self {
        let random = draw.generator();
        let g = Matrix::from_fn(d, d + 4, |_, _| entry(StandardNormal.sample(random)));
        Hessian { matrix: &g * g.transpose() / d as f64, law }
    }
}

impl Instance for Hessian {
    fn description(&self) -> String {
        format!("random Hessian of dimension {}, {:?}", self.matrix.nrows(), self.law)
    }
}

fn hessians(name: &str, entry: fn(f64) -> f64) -> Family<Hessian> {
    Family::drawn(name, move |draw| {
        let d = draw.size(2..=6);
        Hessian::drawn(d, entry, Probe::Signs, draw)
    })
}

fn flat_box(hessian: &Matrix) -> FlatBox {
    FlatBox::new(hessian, TOLERANCE).unwrap_or_else(|error| panic!("{error}"))
}

fn diagonal_box(name: &str) -> Claim<Hessian> {
    Claim::identity(name, "δ_i = √(2ε/(d H_ii))", 1e-9)
        .on(Family::drawn("diagonal", |draw| {
            let d = draw.size(1..=12);
            let diagonal = Vector::from_fn(d, |_, _| draw.log_uniform(1e-3, 1e3));
            Hessian { matrix: Matrix::from_diagonal(&diagonal), law: Probe::Signs }
        }))
        .experiment(|at| {
            let d = at.matrix.nrows();
            let flat = flat_box(&at.matrix);
            Curve::over(
                0..d,
                |i| flat.half_widths()[i],
                |i| (2.0 * TOLERANCE / (d as f64 * at.matrix[(i, i)])).sqrt(),
            )
        })
}

fn corners(name: &str, share: f64) -> Claim<Hessian> {
    Claim::bound(name, "loss at every corner of the box ≤ ε").experiment(move |at: &Hessian| {
        let largest = flat_box(&at.matrix).largest_corner(&at.matrix);
        Curve::at(at.matrix.nrows() as f64, largest, share * TOLERANCE)
    })
}

/// The volume against that of the largest box, found by an outside solver corner by corner.
fn against_reference(name: &str, share: f64) -> Claim<Hessian> {
    Claim::bound(name, "∏ 2δ_i ≤ volume of the largest box").experiment(move |at: &Hessian| {
        let largest = largest_box(&at.matrix, TOLERANCE).unwrap_or_else(|error| panic!("{error}"));
        let volume = flat_box(&at.matrix).log_volume().exp();
        let possible: f64 = largest.iter().map(|half| 2.0 * half).product();
        // The solver leaves some 1e-8 of each half-width.
        let reading = Reading::new(volume, 1e-5 * volume);
        Curve::at(at.matrix.nrows() as f64, reading, share * possible)
    })
}

fn lanczos(name: &str) -> Claim<Hessian> {
    Claim::identity(name, "Ritz values = dense eigenvalues", 1e-9)
        .on(Family::drawn("symmetric", |draw| {
            let d = draw.size(2..=40);
            let g = Matrix::from_fn(d, d, |_, _| StandardNormal.sample(draw.generator()));
            Hessian { matrix: &g + g.transpose(), law: Probe::Signs }
        }))
        .drawing_experiment(|at, draw| {
            let d = at.matrix.nrows();
            let krylov = Krylov::new(|v: &Vector| &at.matrix * v, &gaussian(d, draw), d);
            let ends = [krylov.smallest(), krylov.largest()];
            let spectrum = at.matrix.symmetric_eigenvalues();
            let dense = [spectrum.min(), spectrum.max()];
            Curve::over(0..2usize, |i| ends[i].value, |i| dense[i])
        })
}

/// Eight-dimensional Hessians, to be probed by this law.
fn probed(name: &str, law: Probe) -> Family<Hessian> {
    Family::drawn(name, move |draw| Hessian::drawn(8, |g| g, law, draw))
}

fn both_laws(claim: TrialClaim<Hessian>) -> TrialClaim<Hessian> {
    claim.on(probed("signs", Probe::Signs)).on(probed("Gaussians", Probe::Gaussians))
}

/// A number of the estimate of the trace from 8 probes, in the mean.
fn probes(
    name: &str,
    number: fn(&TraceEstimate) -> f64,
    expected: fn(&Matrix, Probe) -> f64,
) -> TrialClaim<Hessian> {
    Claim::expected_value(name, "mean over estimates = predicted", 0.08)
        .trials(32_768)
        .sampling(move |at: &Hessian, block| {
            let product = |v: &Vector| &at.matrix * v;
            let values = (0..block.trials())
                .map(|_| number(&hutchinson(product, 8, 8, at.law, block.generator())));
            Sample::at(8.0, values)
        })
        .predicting(move |at, _| expected(&at.matrix, at.law))
}

/// Changes of the measures from c = 1 on, in bits.
fn change(name: &str, inputs: usize) -> Figure {
    Figure::linear(name, "log₂ c", "change in bits").showing(move |draw: &mut Draw, _: Effort| {
        let at = Network::drawn(inputs, draw);
        let start = gaussian(at.minimiser.len(), draw);
        let over = |measure: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
            let bits = |c: f64| (measure(c) - measure(1.0)) / std::f64::consts::LN_2;
            let at = |k: i32| f64::from(k) / 4.0;
            (-16..=16).map(|k| (at(k), bits(2f64.powf(at(k))))).collect()
        };
        let slope = inputs as f64 - 1.0;
        let ends = [-4.0, 4.0].map(|k| (k, slope * k));
        Content::Lines {
            lines: vec![
                Line::measured("log₂ λ_max", over(&|c| at.sharpness(c, &start).value.ln())),
                Line::measured("log₂ trace", over(&|c| at.hessian(c).trace().ln())),
                Line::measured("log₂ det, normal", over(&|c| at.log_determinant(c))),
                Line::measured("bits for the box", over(&|c| -at.log_volume(c))),
                Line::predicted("(p − 1) log₂ c", ends),
            ],
        }
    })
}
