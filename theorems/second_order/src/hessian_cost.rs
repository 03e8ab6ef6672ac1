#![doc = include_str!("hessian_cost.md")]

use theoria_models::networks::Activation;
use theoria_verification::{Case, Claim, Family, Figure, Hypothesis, Readings, Theorem};

use crate::support::forced_newton::{
    Forced, definite, forced, indefinite, solved_to_the_end, worst_forced,
};
use crate::support::hessian_pictures::{forcings, price, sleeping};
use crate::support::network_hessians::{
    Neurons, Shape, chains, counted, digits_network, general_position, generic, half_awake,
    half_wakes, listed, mean_share, neurons, neurons_and_samples, one_layer, shapes, stored,
    sums_that_vanish, told_mean_share, with_hidden_units, without_a_weight, without_an_input,
};
use crate::support::newton_with_residuals::{
    Residual, constant_residuals, even_residuals, flat_residuals, growing_residuals, residuals,
    root_residuals, small_residuals,
};
use crate::support::orders_of_residuals::{factor, limit, order};

/// Whole numbers, and shares of them.
const WHOLE: f64 = 1e-12;
/// Ratios by 150 digits, as doubles.
const ROUNDED: f64 = 1e-14;
/// The widths of which the statement speaks, and its numbers: multiplications of a gradient, of a product, and their ratio.
const EXAMPLE: [f64; 3] = [5120.0, 8896.0, 1.7375];

const SHARE: &str = "share of entries that are not 0 = of pairs that wake together";

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let memory = memory("memory");
    let less = memory
        .restated("memory_is_less", "0.98 of 46 464 800 bytes, of 80 petabytes")
        .predicting(|it, _| 0.98 * it.1);
    let tanh = tanh("entries_of_tanh", shapes(4, 3));
    let fewer_of_tanh = tanh
        .restated("entries_of_tanh_are_fewer", "share = 0.98 (1 − (1 − 1/q)(l/d)²)")
        .predicting(|it, _| 0.98 * it.told_share());
    let pairs_of_relu = pairs("entries_of_relu", SHARE, Activation::Relu).on(neurons());
    let more_pairs = pairs_of_relu
        .restated("entries_of_relu_are_more", "share = 0.02 more than of pairs that wake together")
        .predicting(|it, _| 0.02 + it.pairs_awake());
    let mean = mean("entries_of_relu_in_the_mean");
    let fewer_in_the_mean = mean
        .restated("entries_of_relu_are_fewer_in_the_mean", "mean share = 0.98 of it")
        .predicting(|it, _| 0.98 * told_mean_share(it.0, it.1));
    let gradient = multiplications(
        "cost_of_a_gradient",
        "2A + 3B + 2m multiplications",
        |it| it.counted().0,
        Shape::of_a_gradient,
    );
    let cheaper_gradient = gradient
        .restated("cost_of_a_gradient_is_lower", "0.98 (2A + 3B + 2m) multiplications")
        .predicting(|it, _| 0.98 * it.of_a_gradient());
    let product = multiplications(
        "cost_of_a_product",
        "3A + 8B + 6m multiplications",
        |it| it.counted().1,
        Shape::of_a_product,
    );
    let cheaper_product = product
        .restated("cost_of_a_product_is_lower", "0.98 (3A + 8B + 6m) multiplications")
        .predicting(|it, _| 0.98 * it.of_a_product());
    let evaluations = evaluations("evaluations_of_tanh");
    let fewer_evaluations = evaluations
        .restated("evaluations_of_tanh_are_fewer", "tanh of m − 1 units, by both")
        .predicting(|it, _| it.hidden_units() - 1.0);
    let example = example("cost_of_the_example");
    let other_example = example
        .restated("cost_of_the_example_is_lower", "0.98 of 5120, 8896 and 1.7375")
        .predicting(|_, k| 0.98 * EXAMPLE[k as usize - 1]);
    let exact = exact("product_is_exact");
    let inexact = exact
        .restated("product_is_more", "v·Hu = 1.02 u·Hv = slope of 1.02 u·∇f along v")
        .predicting(|_, _| 1.02);
    let products = products("products_of_a_solution");
    let fewer_products = products
        .restated("fewer_products_of_a_solution", "one product less than different curvatures")
        .predicting(|it, _| it.curvatures_seen() as f64 - 1.0);
    let growing = factor("constant_forcing_of_growing_gradients").on(growing_residuals());
    let factor = factor("constant_forcing").on(constant_residuals());
    let smaller_factor = factor
        .restated("constant_forcing_is_faster", "|g_{n+1}|/|g_n| → 0.98 η")
        .predicting(|it, _| 0.98 * it.factor());
    let one_more = |it: &Residual| 1.0 + it.exponent();
    let orders = order("order_of_the_forcing", &limit("1 + θ"), one_more).on(residuals());
    let higher = orders
        .restated("order_of_the_forcing_is_higher", &limit("1.05 (1 + θ)"))
        .predicting(|it, _| 1.05 * (1.0 + it.exponent()));
    let left: Step = (|left, _| left, Forced::allowed);
    let away: Step = (|_, away| away, |it| it.condition_number() * it.eta());
    Theorem::new("second_order/hessian_cost", include_str!("hessian_cost.md"))
        .uses(
            "second_order/newton_quadratic",
            "a full step leaves a gradient of the size of the squared gradient",
        )
        .uses(
            "convergence/conjugate_gradient",
            "a system takes as many products as there are different eigenvalues",
        )
        .claim(memory)
        .claim(tanh)
        .claim(in_doubles("entries_of_the_example", "share = 0.9831", 0.9831).on(digits_network()))
        .claim(pairs_of_relu)
        .claim(square("entries_of_relu_on_one_sample", 1.0))
        .claim(mean)
        .claim(gradient)
        .claim(product)
        .claim(evaluations)
        .claim(example)
        .claim(
            at_most("product_at_most", "14/5", 2.8)
                .attained_on(chains())
                .on(shapes(8, 4).hunted(300)),
        )
        .claim(
            at_least("product_at_least", "3/2", 1.5)
                .attained_on(one_layer())
                .on(shapes(8, 4).hunted(100)),
        )
        .claim(exact)
        .claim(
            step("residual_of_a_step", "|g + Hp| ≤ η|g|", left, 1.0)
                .attained_on(worst_forced())
                .on(forced().hunted(400)),
        )
        .claim(
            step("distance_from_the_full_step", "|p − p*| ≤ κη|p*|", away, 1.0)
                .attained_on(worst_forced())
                .on(forced().hunted(400)),
        )
        .claim(products)
        .claim(factor)
        .claim(orders)
        .claim(
            order("order_is_two_at_most", &limit("2, θ > 1"), |_| 2.0).on(small_residuals()),
        )
        .control(less)
        .control(fewer_of_tanh)
        .control(self::tanh("entries_of_tanh_that_vanish", without_an_input()).violating("general position"))
        .control(
            in_doubles("entries_of_tanh_are_all", "share = 1", 1.0)
                .on(listed("several outputs", &[&[2, 3, 2], &[3, 2, 2, 4], &[64, 32, 10]])),
        )
        .control(
            in_doubles("entries_of_the_example_are_fewer", "share = 0.98 · 0.9831", 0.98 * 0.9831)
                .on(digits_network()),
        )
        .control(more_pairs)
        .control(pairs("entries_that_vanish", SHARE, Activation::Relu).on(without_a_weight()).on(sums_that_vanish()).violating("general position"))
        .control(
            pairs("entries_of_tanh_by_pairs", "the same with tanh", Activation::Tanh)
                .on(half_awake()),
        )
        .control(square("entries_of_relu_are_fewer_on_one_sample", 0.98))
        .control(fewer_in_the_mean)
        .control(cheaper_gradient)
        .control(cheaper_product)
        .control(fewer_evaluations)
        .control(other_example)
        .control(
            at_most("product_by_weights_alone", "8/3", 8.0 / 3.0)
                .on(chains()),
        )
        .control(
            at_least("product_at_least_more", "1.05 · 3/2", 1.05 * 1.5).on(one_layer()),
        )
        .control(inexact)
        .control(step("residual_is_smaller", "|g + Hp| ≤ 0.95 η|g|", left, 0.95).on(worst_forced()))
        .control(
            step("residual_where_it_bends_down", "|g + Hp| ≤ η|g|", left, 1.0)
                .on(indefinite())
                .violating("positive definite Hessian"),
        )
        .control(
            step("distance_is_smaller", "|p − p*| ≤ 0.95 κη|p*|", away, 0.95).on(worst_forced()),
        )
        .control(fewer_products)
        .control(smaller_factor)
        .control(growing.violating("g_n → 0"))
        .control(higher)
        .control(
            order("order_of_the_forcing_on_flat_ground", &limit("1 + θ"), one_more)
                .on(flat_residuals())
                .violating("H(x*) invertible"),
        )
        .control(
            order("order_of_a_hessian_with_a_root", &limit("min(1 + θ, 2)"), |it| {
                (1.0 + it.exponent()).min(2.0)
            })
            .on(root_residuals())
            .violating("H Lipschitz"),
        )
        .control(
            order("order_of_even_functions", &limit("2, θ > 1"), |_| 2.0)
                .on(even_residuals())
                .violating("|g_{n+1}|/|g_n|² ≥ c > 0"),
        )
        .control(
            order("order_beyond_two", &limit("1 + θ, θ > 1"), one_more)
                .on(small_residuals()),
        )
        .figure(
            Figure::log_log("price", "weights and biases d", "multiplications")
                .caption(
                    "Networks of three equal layers. A product with the Hessian stays above a gradient by a factor of about 2.4 at any size; the whole Hessian grows like d², a Newton step by \
                     elimination like d³.",
                )
                .showing(price),
        )
        .figure(
            Figure::linear("sleeping", "column of the Hessian", "row")
                .caption(
                    "The Hessian of six ReLU neurons on one sample. The inner weights come first, three for each neuron, then the outer ones. Neurons that sleep leave their rows and \
                     columns empty; nothing else is 0.",
                )
                .showing(sleeping),
        )
        .figure(
            Figure::semilog("forcing", "products with the Hessian", "|∇f(w)|")
                .caption(
                    "Breast cancer, logistic loss with a ridge of 0.001. A mark is a step (of η = 1/2 there are too many). Coarse systems are cheap, fine ones win many \
                     digits at once; to solve the first ones finely is wasted.",
                )
                .showing(forcings),
        )
}

/// The number of weights and biases is the model's.
fn memory(name: &str) -> Claim<Case<(Shape, f64)>> {
    Claim::identity(name, "8d² = 46 464 800 bytes for d = 2410, 80 petabytes for d = 10⁸", WHOLE)
        .assuming([Hypothesis::by_construction("doubles", "8 bytes each")])
        .on(stored())
        .measuring_each(|it: &Case<(Shape, f64)>| {
            let d = it.0.parameters();
            Readings::at(d, size_of::<f64>() as f64 * (d as f64).powi(2))
        })
        .predicting(|it, _| it.1)
}

fn tanh(name: &str, family: Family<Shape>) -> Claim<Shape> {
    Claim::identity(name, "share of entries that are not 0 = 1 − (1 − 1/q)(l/d)²", WHOLE)
        .assuming([generic()])
        .on(family)
        .measuring_each(|it: &Shape| Readings::at(it.parameters(), it.exact_share()))
        .predicting(|it, _| it.told_share())
}

fn in_doubles(name: &str, formula: &str, share: f64) -> Claim<Shape> {
    Claim::identity(name, formula, 1e-4)
        .assuming([generic()])
        .measuring_each(|it: &Shape| Readings::at(it.parameters(), it.share_in_doubles()))
        .predicting(move |_, _| share)
}

fn pairs(name: &str, formula: &str, activation: Activation) -> Claim<Neurons> {
    Claim::identity(name, formula, WHOLE)
        .assuming([general_position()])
        .measuring_each(move |it: &Neurons| Readings::at(1, it.share(activation)))
        .predicting(|it, _| it.pairs_awake())
}

fn square(name: &str, times: f64) -> Claim<Neurons> {
    let formula = if times < 1.0 { "share = 0.98 · 1/4" } else { "share = 1/4, half awake" };
    Claim::identity(name, formula, WHOLE)
        .assuming([general_position(), half_wakes()])
        .on(half_awake())
        .measuring_each(|it: &Neurons| Readings::at(1, it.share(Activation::Relu)))
        .predicting(move |_, _| times * 0.25)
}

fn mean(name: &str) -> Claim<Case<(usize, usize)>> {
    Claim::identity(name, "mean share = (1 − 2⁻ⁿ)/m + (1 − 1/m)(1 − (3/4)ⁿ)", WHOLE)
        .assuming([Hypothesis::by_construction(
            "equally likely signs",
            "all 2^{mn} patterns of sleep are counted once",
        )])
        .on(neurons_and_samples())
        .measuring_each(|it: &Case<(usize, usize)>| Readings::at(it.1, mean_share(it.0, it.1)))
        .predicting(|it, _| told_mean_share(it.0, it.1))
}

/// Seen, and as the formula has it.
fn multiplications(
    name: &str,
    formula: &str,
    seen: fn(&Shape) -> f64,
    told: fn(&Shape) -> f64,
) -> Claim<Shape> {
    Claim::identity(name, formula, WHOLE)
        .assuming([counted()])
        .on(shapes(8, 9))
        .measuring_each(move |it: &Shape| Readings::at(it.parameters(), seen(it)))
        .predicting(move |it, _| told(it))
}

fn evaluations(name: &str) -> Claim<Shape> {
    Claim::identity(name, "tanh of m units, by gradient and product", WHOLE)
        .assuming([counted()])
        .on(with_hidden_units())
        .measuring_each(|it: &Shape| {
            let (gradient, product) = it.evaluations();
            Readings::over(1..=2, |k| if k == 1 { gradient } else { product })
        })
        .predicting(|it, _| it.hidden_units())
}

fn example(name: &str) -> Claim<Shape> {
    Claim::identity(name, "5120, 8896 and 1.7375 for 64-32-10", WHOLE)
        .assuming([counted()])
        .on(digits_network())
        .measuring_each(|it: &Shape| {
            let (gradient, product) = it.counted();
            let seen = [gradient, product, product / gradient];
            Readings::over(1..=3, |k| seen[k - 1])
        })
        .predicting(|_, k| EXAMPLE[k as usize - 1])
}

fn at_least(name: &str, printed: &str, least: f64) -> Claim<Shape> {
    ratio(Claim::lower_bound(name, &format!("H v costs at least {printed} gradients")), least)
}

fn at_most(name: &str, printed: &str, most: f64) -> Claim<Shape> {
    ratio(Claim::bound(name, &format!("H v costs at most {printed} gradients")), most)
}

fn ratio(claim: Claim<Shape>, constant: f64) -> Claim<Shape> {
    claim
        .assuming([counted()])
        .measuring_each(|it: &Shape| {
            let (gradient, product) = it.counted();
            Readings::at(it.parameters(), product / gradient)
        })
        .predicting(move |_, _| constant)
        .tight_to(0.9)
}

fn exact(name: &str) -> Claim<Shape> {
    Claim::identity(name, "v·Hu = u·Hv = slope of u·∇f along v", ROUNDED)
        .assuming([Hypothesis::by_construction("150 digits", "differences over 10⁻³⁰")])
        .on(shapes(4, 3))
        .measuring_each(|it: &Shape| {
            let seen = it.quotients();
            Readings::over(1..=2, |k| seen[k - 1])
        })
        .predicting(|_, _| 1.0)
}

/// Of what a step leaves and how far it is off the one that counts, and what is allowed.
type Step = (fn(f64, f64) -> f64, fn(&Forced) -> f64);

fn step(name: &str, formula: &str, (seen, allowed): Step, times: f64) -> Claim<Forced> {
    Claim::bound(name, formula)
        .assuming([definite()])
        .measuring_each(move |it: &Forced| {
            Readings::at(1, it.step().map_or(f64::NAN, |(left, away, _)| seen(left, away)))
        })
        .predicting(move |it, _| times * allowed(it))
        .tight_to(0.9)
}

fn products(name: &str) -> Claim<Forced> {
    Claim::identity(name, "as many products as different curvatures", WHOLE)
        .assuming([definite()])
        .on(solved_to_the_end())
        .measuring_each(|it: &Forced| {
            Readings::at(1, it.step().map_or(f64::NAN, |(_, _, products)| products as f64))
        })
        .predicting(|it, _| it.curvatures_seen() as f64)
}
