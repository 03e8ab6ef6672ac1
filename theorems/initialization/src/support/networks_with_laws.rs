//! Random ReLU networks beside the exact law of log |J u|² that is expected of them.

use theoria_instances::random_networks::{RandomNetworks, constant_width};
use theoria_models::networks::{Activation, LogNorm};
use theoria_verification::{Family, Instance};

/// Networks with the law that is expected of them.
pub(crate) struct WithLaw {
    pub(crate) networks: RandomNetworks,
    pub(crate) law: LogNorm,
}

impl Instance for WithLaw {
    fn description(&self) -> String {
        self.networks.description()
    }
}

/// Networks of some widths, expected to have the law of others.
pub(crate) fn with_law(name: &str, widths: &[usize], expected: &[usize]) -> Family<WithLaw> {
    let he = |widths: &[usize]| RandomNetworks::new(Activation::Relu, 2.0, widths);
    let (networks, expected) = (he(widths), he(expected));
    Family::single(name, move || WithLaw { networks: networks.clone(), law: expected.law() })
}

pub(crate) fn deep() -> Family<WithLaw> {
    with_law("20 layers of width 16", &constant_width(16, 20), &constant_width(16, 20))
}
