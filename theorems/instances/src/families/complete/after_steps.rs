//! The number of steps as a choice.

use theoria_verification::Family;

use crate::families::AfterSteps;

/// Instances of this random family with a number of steps between 1 and `most`, evenly spread in logarithm: for claims on what happens
/// after exactly N steps, so that a search finds the worst N too.
pub fn after_any_steps<P: 'static>(family: Family<P>, most: usize) -> Family<AfterSteps<P>> {
    let name = format!("{}, any N", family.name());
    Family::drawn(&name, move |draw| {
        let steps = draw.log_uniform(1.0, most as f64).round() as usize;
        AfterSteps { problem: family.instance(draw, 0), steps }
    })
}
