#![doc = include_str!("flatness_measures.md")]

use rand_distr::{Distribution, StandardNormal};
use theoria_elementary::{exp, ln, powf};
use theoria_instances::sequences::powers_of_two;
use theoria_models::flatness::{Krylov, Probe, TraceEstimate, hutchinson};
use theoria_models::{Matrix, Objective, Vector};
use theoria_verification::{
    Check, Claim, Content, Draw, Effort, Family, Figure, Hypothesis, Line, Reading, Readings,
    Sample, Theorem, TrialClaim,
};

use crate::support::drawn_hessians::{
    DIFFERENT, Hessian, TOLERANCE, diagonal, diagonal_hessians, flat_box, half_width, hessians,
    largest_volume, positive_definite, probed, small_hessians, symmetric, symmetric_matrices,
};
use crate::support::relu_network::ReluNetwork;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let sharpness = networks(sharpness("sharpness_grows_without_bound"));
    let stays =
        sharpness.restated("sharpness_stays", "λ_max at (w/c, a c) ~ c^0").predicting(|_, _| 1.0);
    let faster = sharpness
        .restated("sharpness_grows_with_a_larger_power", "λ_max at (w/c, a c) ~ c^2.15")
        .predicting(|_, c| powf(c, 2.15));
    let corners = corners("no_corner_exceeds_the_tolerance")
        .attained_on(hessians("no negative entry", f64::abs));
    let room = corners
        .restated(
            "box_has_room_to_spare",
            "no negative entry: loss at every corner of the box ≤ 0.98 ε",
        )
        .predicting(|_, _| 0.98 * TOLERANCE);
    let volume = against_reference("box_is_within_the_largest")
        .attained_on(hessians("no negative entry", f64::abs));
    let smaller = volume
        .restated(
            "box_is_smaller_than_the_largest",
            "no negative entry: ∏ 2δ_i ≤ 0.98 times the volume of the largest box",
        )
        .predicting(|at, _| 0.98 * largest_volume(at));
    let diagonal = diagonal_box("box_of_a_diagonal_hessian");
    let mean = both_laws(probes(
        "hutchinson_is_unbiased",
        "E of the mean of zᵀHz over probes = tr H",
        |seen| seen.value,
        |h, _| h.trace(),
    ));
    let biased = mean
        .restated(
            "hutchinson_is_too_small_by_an_eighth",
            "E of the mean of zᵀHz over probes = 7/8 tr H",
        )
        .predicting(|at, _| 0.875 * at.matrix.trace());
    let variance = both_laws(probes(
        "probes_have_the_stated_variance",
        "E of the sample variance of zᵀHz = 2 (|H|² − Σ H_ii²) for signs, 2 |H|² for Gaussians",
        |seen| seen.variance,
        |h, law| law.variance(h),
    ));
    let smaller_variance = variance
        .restated("probes_vary_less_by_a_fifth", "E of the sample variance of zᵀHz = 4/5 of that")
        .predicting(|at, _| 0.8 * at.law.variance(&at.matrix));
    let mean_of_signs = mean_of_all_signs("all_signs_have_the_trace_as_mean");
    let larger_mean = mean_of_signs
        .restated("all_signs_have_a_larger_mean", "mean of zᵀHz over all z of signs = 1.02 tr H")
        .predicting(|at, _| 1.02 * at.matrix.trace());
    let signs = all_signs("all_signs_have_the_stated_variance");
    let gaussian_variance = signs
        .restated(
            "signs_vary_as_much_as_gaussians",
            "variance of zᵀHz over all z of signs = 2 |H|²",
        )
        .predicting(|at, _| Probe::Gaussians.variance(&at.matrix));
    let wider_box = diagonal
        .restated("box_of_a_diagonal_hessian_is_wider", "δ_i = 1.001 √(2ε/(d H_ii))")
        .predicting(|at, i| 1.001 * half_width(at, i));
    Theorem::new(
        "implicit_bias/flatness_measures",
        include_str!("flatness_measures.md"),
    )
    .uses("implicit_bias/dynamical_stability", "stability under SGD is one of the measures")
    .claim(rescaled(
        "rescaling_leaves_the_function",
        "the outputs at (w/c, a c) = those at (w, a)",
        1e-12,
        |at, c| {
            let outputs = at.outputs(1.0);
            (at.outputs(c) - &outputs).amax() / outputs.amax()
        },
        |_, _| 0.0,
    ))
    .claim(rescaled(
        "hessian_becomes_dhd",
        "H at (w/c, a c) = D H D",
        1e-12,
        |at, c| {
            let d = Matrix::from_diagonal(&at.scaling(c));
            let expected = &d * at.hessian(1.0) * &d;
            (at.hessian(c) - &expected).norm() / expected.norm()
        },
        |_, _| 0.0,
    ))
    .claim(rescaled(
        "trace_is_weighted",
        "tr H at (w/c, a c) = Σ_i D_ii² H_ii",
        1e-10,
        ReluNetwork::trace,
        |at, c| {
            let d = at.scaling(c);
            at.hessian(1.0).diagonal().component_mul(&d).dot(&d)
        },
    ))
    .claim(sharpness)
    .claim(rescaled("log_determinant_shifts", "log det H at (w/c, a c) = log det H + 2 (p − 1) log c + log det(Vᵀ D⁻² V)", 1e-5, ReluNetwork::log_determinant, |at, c| {
        at.log_determinant(1.0) + at.determinant_shift(c)
    }))
    .claim(rescaled("log_volume_of_the_box_shifts", "log volume at (w/c, a c) = log volume + (1 − p) log c", 1e-9, log_volume, |at, c| {
        log_volume(at, 1.0) + (1.0 - at.inputs() as f64) * ln(c)
    }))
    .claim(invariant("box_is_invariant_for_scalar_inputs", "p = 1: log volume", log_volume).on(trained(1)))
    .claim(diagonal)
    .claim(corners.on(hessians("any signs", |g| g)).on(small_hessians().hunted(500)))
    .claim(volume.on(hessians("any signs", |g| g)).on(small_hessians().hunted(100)))
    .claim(lanczos("lanczos_finds_both_ends", 0))
    .claim(mean)
    .claim(variance)
    .claim(mean_of_signs)
    .claim(signs)
    .control(invariant("trace_is_a_property_of_the_function", "tr H", ReluNetwork::trace).on(trained(2)))
    .control(invariant("log_determinant_is_a_property_of_the_function", "log det H", ReluNetwork::log_determinant).on(trained(3)))
    .control(invariant("box_is_invariant_for_planar_inputs", "p = 2: log volume", log_volume).on(trained(2)))
    .control(stays)
    .control(faster)
    .control(wider_box)
    .control(room)
    .control(smaller)
    .control(
        corners_within(0.95, "small_boxes_have_room_to_spare").on(small_hessians().hunted(500)),
    )
    .control(
        lanczos("lanczos_with_one_product_less_finds_both_ends", 1)
            .restated("lanczos_with_one_product_less_finds_both_ends", "after m − 1 products: outermost Ritz values = outermost eigenvalues"),
    )
    .control(biased)
    .control(larger_mean)
    .control(smaller_variance)
    .control(gaussian_variance)
    .figure(
        Figure::log_log("sharpness", "factor c", "λ_max")
            .of("sharpness_grows_without_bound")
            .caption(
                "One function, as sharp as one likes: λ_max grows like c² along a \
                 rescaling of one neuron.",
            ),
    )
    .figure(change("planar", 2).caption(
        "Change of four measures along parametrisations of one function with two inputs: each of them moves; the box \
         by one bit when c doubles.",
    ))
    .figure(change("scalar", 1).caption(
        "With scalar inputs the box says the same of every parametrisation, while the spectral measures still change.",
    ))
}

/// λ_max grows like (c a)² once c is large against 1/a.
fn drawn(inputs: usize, draw: &mut Draw) -> ReluNetwork {
    let neurons = draw.size(1..=4);
    let network = ReluNetwork::drawn(40, inputs, neurons, draw.generator());
    network.with_outer(|outer| draw.uniform(0.5, 1.5).copysign(outer))
}

fn log_volume(at: &ReluNetwork, c: f64) -> f64 {
    flat_box(&at.hessian(c)).log_volume()
}

fn trained(inputs: usize) -> Family<ReluNetwork> {
    Family::drawn(&format!("inputs of dimension {inputs}"), move |draw| drawn(inputs, draw))
}

fn at_a_minimum() -> Hypothesis<ReluNetwork> {
    Hypothesis::new("minimum of loss 0", |at: &ReluNetwork, _| {
        Check::at_most(at.fit.value(&at.minimiser), 1e-20, "loss")
    })
}

fn networks(claim: Claim<ReluNetwork>) -> Claim<ReluNetwork> {
    claim.on_all([1, 2, 3].map(trained))
}

/// 1/16, 1/8 ... 16.
fn factors() -> Vec<f64> {
    powers_of_two(-4..=4)
}

/// Measured and predicted at each factor c.
fn rescaled(
    name: &str,
    formula: &str,
    tolerance: f64,
    measured: fn(&ReluNetwork, f64) -> f64,
    predicted: fn(&ReluNetwork, f64) -> f64,
) -> Claim<ReluNetwork> {
    networks(Claim::identity(name, formula, tolerance).assuming([at_a_minimum()]))
        .measuring(factors(), move |at, factors| {
            factors.read(|c| Reading::new(measured(at, c), 0.0))
        })
        .predicting(predicted)
}

/// The measure does not depend on c.
fn invariant(name: &str, what: &str, measure: fn(&ReluNetwork, f64) -> f64) -> Claim<ReluNetwork> {
    Claim::identity(name, &format!("{what} at (w/c, a c) = {what} at (w, a)"), 1e-9)
        .assuming([at_a_minimum()])
        .measuring(factors(), move |at, factors| factors.read(|c| measure(at, c)))
        .predicting_from(move |at| measure(at, 1.0), |own, _| *own)
}

fn sharpness(name: &str) -> Claim<ReluNetwork> {
    Claim::exponent(name, "λ_max at (w/c, a c) ~ c^2")
        .assuming([at_a_minimum()])
        .measuring_by_drawing(|at: &ReluNetwork, draw| {
            let start = gaussian(at.minimiser.len(), draw);
            Readings::over(powers_of_two(0..=16), |c| at.sharpness(c, &start))
        })
        .predicting(|_, c| powf(c, 2.0))
}

fn gaussian(d: usize, draw: &mut Draw) -> Vector {
    Vector::from_fn(d, |_, _| StandardNormal.sample(draw.generator()))
}

fn diagonal_box(name: &str) -> Claim<Hessian> {
    Claim::identity(name, "δ_i = √(2ε/(d H_ii))", 1e-9)
        .assuming([positive_definite(), diagonal()])
        .on(diagonal_hessians())
        .measuring_each(|at| {
            let flat = flat_box(&at.matrix);
            Readings::over(0..at.matrix.nrows(), |i| flat.half_widths()[i])
        })
        .predicting(half_width)
}

fn corners(name: &str) -> Claim<Hessian> {
    corners_within(1.0, name).tight_to(0.999)
}

/// `share` is 1 in the theorem.
fn corners_within(share: f64, name: &str) -> Claim<Hessian> {
    let times = if share == 1.0 { String::new() } else { format!("{share} ") };
    Claim::bound(name, &format!("loss at every corner of the box ≤ {times}ε"))
        .assuming([positive_definite()])
        .measuring_each(|at: &Hessian| {
            let largest = flat_box(&at.matrix).largest_corner(&at.matrix);
            Readings::at(at.matrix.nrows(), largest)
        })
        .predicting(move |_, _| share * TOLERANCE)
}

/// The volume against that of the largest box, found by an outside solver corner by corner.
fn against_reference(name: &str) -> Claim<Hessian> {
    Claim::bound(name, "∏ 2δ_i ≤ volume of the largest box")
        .assuming([positive_definite()])
        .tight_to(0.999)
        .measuring_each(|at: &Hessian| {
            let volume = exp(flat_box(&at.matrix).log_volume());
            // The solver leaves some 1e-8 of each half-width.
            Readings::at(at.matrix.nrows(), Reading::new(volume, 1e-5 * volume))
        })
        .predicting(|at, _| largest_volume(at))
}

/// With so many products fewer than there are different eigenvalues.
fn lanczos(name: &str, fewer: usize) -> Claim<Hessian> {
    Claim::identity(name, "after m products: outermost Ritz values = outermost eigenvalues", 1e-9)
        .assuming([symmetric()])
        .on(symmetric_matrices())
        .measuring_by_drawing(move |at, draw| {
            let (d, products) = (at.matrix.nrows(), DIFFERENT - fewer);
            let krylov = Krylov::new(|v: &Vector| &at.matrix * v, &gaussian(d, draw), products);
            let ends = [krylov.smallest(), krylov.largest()];
            Readings::over(0..2usize, |i| ends[i].value)
        })
        .predicting_from(
            |at| {
                let spectrum = at.matrix.symmetric_eigenvalues();
                [spectrum.min(), spectrum.max()]
            },
            |dense, i| dense[i as usize],
        )
}

fn both_laws(claim: TrialClaim<Hessian>) -> TrialClaim<Hessian> {
    claim.on(probed("signs", Probe::Signs)).on(probed("Gaussians", Probe::Gaussians))
}

/// A number of the estimate of the trace from this many probes, in the mean.
fn probes(
    name: &str,
    formula: &str,
    number: fn(&TraceEstimate) -> f64,
    expected: fn(&Matrix, Probe) -> f64,
) -> TrialClaim<Hessian> {
    const PROBES: usize = 32;
    Claim::expected_value(name, formula, 0.05)
        .trials(16_384)
        .assuming([positive_definite(), independent_probes()])
        .sampling(move |at: &Hessian, block| {
            let product = |v: &Vector| &at.matrix * v;
            let values = (0..block.trials())
                .map(|_| number(&hutchinson(product, 8, PROBES, at.law, block.generator())));
            Sample::at(8.0, values)
        })
        // Forms of a positive definite matrix, and their variances, are not negative.
        .ranging(|_, _| (0.0, f64::INFINITY))
        .predicting(move |at, _| expected(&at.matrix, at.law))
}

fn independent_probes() -> Hypothesis<Hessian> {
    let why = "each probe draws signs, or standard normal numbers, of its own";
    Hypothesis::by_construction("independent probes", why)
}

/// Over all 2⁸ vectors of signs, without sampling.
fn mean_of_all_signs(name: &str) -> Claim<Hessian> {
    Claim::identity(name, "mean of zᵀHz over all z of signs = tr H", 1e-9)
        .assuming([symmetric()])
        .on(probed("all signs", Probe::Signs))
        .measuring_each(|at| Readings::at(at.matrix.nrows(), at.forms_of_all_signs().mean()))
        .predicting(|at, _| at.matrix.trace())
}

fn all_signs(name: &str) -> Claim<Hessian> {
    let formula = "variance of zᵀHz over all z of signs = 2 (|H|² − Σ H_ii²)";
    Claim::identity(name, formula, 1e-9)
        .assuming([symmetric()])
        .on(probed("all signs", Probe::Signs))
        .measuring_each(|at| Readings::at(at.matrix.nrows(), at.forms_of_all_signs().variance()))
        .predicting(|at, _| Probe::Signs.variance(&at.matrix))
}

/// Changes of the measures from c = 1 on, in bits.
fn change(name: &str, inputs: usize) -> Figure {
    Figure::linear(name, "log₂ c", "change in bits").showing(move |draw: &mut Draw, _: Effort| {
        let at = drawn(inputs, draw);
        let start = gaussian(at.minimiser.len(), draw);
        let over = |measure: &dyn Fn(f64) -> f64| -> Vec<(f64, f64)> {
            let bits = |c: f64| (measure(c) - measure(1.0)) / std::f64::consts::LN_2;
            let at = |k: i32| f64::from(k) / 4.0;
            (-16..=16).map(|k| (at(k), bits(powf(2.0, at(k))))).collect()
        };
        let slope = inputs as f64 - 1.0;
        let ends = [-4.0, 4.0].map(|k| (k, slope * k));
        Content::Lines {
            lines: vec![
                Line::measured("log₂ λ_max", over(&|c| ln(at.sharpness(c, &start).value))),
                Line::measured("log₂ trace", over(&|c| ln(at.trace(c)))),
                Line::measured("log₂ det, normal", over(&|c| at.log_determinant(c))),
                Line::measured("bits for the box", over(&|c| -log_volume(&at, c))),
                Line::predicted("(p − 1) log₂ c", ends),
            ],
        }
    })
}
