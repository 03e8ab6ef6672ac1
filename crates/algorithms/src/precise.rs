//! Methods at points of higher precision.

use std::any::Any;

use theoria_models::numerics::DoubleDouble;
use theoria_models::{PreciseObjective, Wide};

use crate::Method;

/// A method that moves vectors of higher precision: what a method is [in higher precision](Method::in_higher_precision).
pub trait PreciseMethod: for<'f> Method<Wide, dyn PreciseObjective + 'f> {}

impl<M: for<'f> Method<Wide, dyn PreciseObjective + 'f> + ?Sized> PreciseMethod for M {}

/// Moves points of higher precision by a method whose step sizes are computed in doubles.
struct SteppedInDoubles<M>(M);

impl<M: Method<Wide<f64>, O>, O: ?Sized> Method<Wide, O> for SteppedInDoubles<M> {
    fn step(&mut self, oracle: &O, x: &mut Wide) {
        let mut own = std::mem::replace(x, Wide::new(Vec::new())).scaled_by();
        self.0.step(oracle, &mut own);
        *x = own.scaled_by();
    }
}

/// The method that moves points of higher precision, its own numbers being doubles.
pub(crate) fn stepped_in_doubles<M>(method: M) -> Option<Box<dyn PreciseMethod>>
where
    M: for<'f> Method<Wide<f64>, dyn PreciseObjective + 'f> + 'static,
{
    Some(Box::new(SteppedInDoubles(method)))
}

/// A parameter of a method, where its type `S` of scalars is `f64`: from the parameter of type `G` that of type `D`, which is the
/// same type then.
pub(crate) fn in_doubles<G: 'static, D: Clone + 'static>(parameter: &G) -> Option<D> {
    (parameter as &dyn Any).downcast_ref().cloned()
}

/// A number among the parameters, where scalars are `f64`.
pub(crate) fn precisely<S: 'static>(number: &S) -> Option<DoubleDouble> {
    in_doubles::<S, f64>(number).map(DoubleDouble::from)
}
