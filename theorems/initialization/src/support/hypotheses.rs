//! What theorems on random networks assume, and how it is seen of an instance.

use theoria_instances::random_networks::RandomNetworks;
use theoria_models::networks::Activation;
use theoria_verification::{Check, Hypothesis};

/// Of networks that are drawn in law or with their weights.
pub(crate) fn independent_normal_weights<I>() -> Hypothesis<I> {
    Hypothesis::by_construction(
        "independent normal weights",
        "layers are drawn with N(0, c/n) weights, or from the law that these give them, which the tests of \
         models::networks::FreshNetworks compare",
    )
}

/// Of products of matrices that are drawn one by one.
pub(crate) fn independent_factors<I>() -> Hypothesis<I> {
    Hypothesis::by_construction(
        "independent factors",
        "each factor is drawn anew, Haar orthogonal or normal: the tests of models::networks look at their moments",
    )
}

pub(crate) fn without_biases() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("no biases", |n: &RandomNetworks, _| {
        Check::at_most(n.bias_variance, 0.0, "variance of the biases")
    })
}

pub(crate) fn relu() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("ReLU", |n: &RandomNetworks, _| {
        Check::that(n.activation == Activation::Relu, n.activation.describe())
    })
}

/// ReLU or linear: the layers of which the exact law is known.
pub(crate) fn piecewise_linear() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("ReLU or linear", |n: &RandomNetworks, _| {
        let known = [Activation::Relu, Activation::Linear].contains(&n.activation);
        Check::that(known, n.activation.describe())
    })
}

/// A tangent in the direction of the input is a signal, whatever the activation does to others.
pub(crate) fn a_tangent_of_its_own() -> Hypothesis<RandomNetworks> {
    Hypothesis::new("a tangent of its own", |n: &RandomNetworks, _| {
        let cosine = n.input.dot(&n.tangent) / n.input.norm() / n.tangent.norm();
        Check::at_most(cosine.abs(), 0.99, "|cos| of the angle between input and tangent")
    })
}
