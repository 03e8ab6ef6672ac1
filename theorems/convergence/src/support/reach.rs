//! How far momentum carries.

use theoria_algorithms::Momentum;

/// S_N: how far N steps of size 1 go down a slope of 1. From the recursion of the displacements alone,
/// d_1 = 1, d_{k+2} = 1 + β_k d_{k+1}, and not from a run of the method.
pub(crate) fn reach(momentum: Momentum, steps: usize) -> f64 {
    let (mut reached, mut displacement, mut carried, mut t) = (0.0, 0.0, 0.0, 1.0f64);
    for k in 0..steps {
        displacement = 1.0 + carried * displacement;
        reached += displacement;
        carried = match momentum {
            Momentum::Sequence => {
                let before = t;
                t = (1.0 + (1.0 + 4.0 * before * before).sqrt()) / 2.0;
                (before - 1.0) / t
            }
            Momentum::Simplified => k as f64 / (k as f64 + 3.0),
            Momentum::Constant(factor) => factor,
        };
    }
    reached
}
