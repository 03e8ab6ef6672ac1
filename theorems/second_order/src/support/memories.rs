//! L-BFGS on quadratics in fractions, and the matrices that it stands for.

use nalgebra::DMatrix;
use theoria_algorithms::{ConstantStep, LBfgs, Method, QuadraticStep, StepLength, Update};
use theoria_models::numerics::Fraction;
use theoria_models::{elimination, woodbury};
use theoria_verification::{Check, Constant, Family, Hypothesis, Instance};

use super::changed::Exact;
use super::quadratic_forms::{Length, Linear, System, quadratic};
use super::updates::{Column, whole};

/// A quadratic, a memory of so many pairs, and a vector on which matrices are compared.
#[derive(Debug, Clone)]
pub(crate) struct Remembering {
    pub(crate) system: System,
    pub(crate) memory: usize,
    /// γ, where it is the same at every step.
    scale: Option<Fraction>,
    pub(crate) vector: Column,
}

impl Instance for Remembering {
    fn description(&self) -> String {
        let scale = self.scale.as_ref().map_or("y·s/|y|²".into(), ToString::to_string);
        format!("{}; m = {}, γ = {scale}", self.system.description(), self.memory)
    }

    fn constants(&self) -> Vec<Constant> {
        vec![Constant::exact("m", self.memory as f64)]
    }
}

/// Constant steps that go down slowly, so that every step is another one.
fn short() -> ConstantStep<Fraction> {
    ConstantStep::new(Fraction::ratio(1, 16))
}

type Short = LBfgs<Column, ConstantStep<Fraction>>;

impl Remembering {
    fn method<L>(&self, length: L) -> LBfgs<Column, L> {
        let method = LBfgs::new(self.memory, length);
        match &self.scale {
            Some(scale) => method.scaled(scale.clone()),
            None => method,
        }
    }

    fn run<L: StepLength<Column, Linear<Fraction>>>(
        &self,
        method: &mut LBfgs<Column, L>,
        steps: usize,
    ) -> Vec<Column> {
        let mut x = self.system.start.clone();
        let mut iterates = vec![x.clone()];
        for _ in 0..steps {
            method.step(&self.system.oracle, &mut x);
            iterates.push(x.clone());
        }
        iterates
    }

    /// After so many steps that the oldest pair is gone.
    pub(crate) fn full(&self) -> Short {
        let mut method = self.method(short());
        self.run(&mut method, self.memory + 1);
        method
    }

    /// The iterates with exact line search.
    pub(crate) fn exactly(&self, steps: usize) -> Vec<Column> {
        self.run(&mut self.method(QuadraticStep::default()), steps)
    }

    /// Those with unit steps and γ = 1/16.
    pub(crate) fn by_units(&self, steps: usize) -> Vec<Column> {
        let mut method =
            LBfgs::new(self.memory, ConstantStep::unit()).scaled(Fraction::ratio(1, 16));
        self.run(&mut method, steps)
    }

    /// Those of BFGS from the same γ I.
    pub(crate) fn by_bfgs(&self, steps: usize) -> Vec<Column> {
        let size = self.system.dimension();
        let inverse = Exact::identity(size, size) / Fraction::from(16);
        let mut system = self.system.clone();
        system.inverse = inverse;
        system.run(Update::Bfgs, steps).iterates
    }
}

/// What BFGS makes of so many times γ I by the pairs that are kept.
pub(crate) fn dense(method: &Short, times: &Fraction) -> Option<Exact> {
    let size = method.pairs().next()?.0.len();
    let mut inverse = Exact::identity(size, size) * (times.clone() * method.scale());
    method
        .pairs()
        .all(|(step, change)| Update::Bfgs.apply(&mut inverse, step, change))
        .then_some(inverse)
}

/// The compact form of its inverse, δ I − W M⁻¹ Wᵀ with δ = 1/γ, inverted by Woodbury's formula; D comes so many times.
pub(crate) fn compact(method: &Short, times: &Fraction) -> Option<Exact> {
    let (steps, changes): (Vec<&Column>, Vec<&Column>) = method.pairs().unzip();
    let (size, count) = (steps.first()?.len(), steps.len());
    let delta = Fraction::from(1) / method.scale();
    let sides = DMatrix::from_fn(size, 2 * count, |i, j| {
        if j < count { delta.clone() * steps[j][i].clone() } else { changes[j - count][i].clone() }
    });
    let lower = |i: usize, j: usize| {
        if i > j { steps[i].dot(changes[j]) } else { Fraction::from(0) }
    };
    let middle = DMatrix::from_fn(2 * count, 2 * count, |i, j| match (i < count, j < count) {
        (true, true) => delta.clone() * steps[i].dot(steps[j]),
        (true, false) => lower(i, j - count),
        (false, true) => lower(j, i - count),
        (false, false) if i == j => -(times.clone() * steps[i - count].dot(changes[i - count])),
        (false, false) => Fraction::from(0),
    });
    let core = -elimination::inverse(&middle)?;
    let identity = Exact::identity(size, size) * method.scale();
    woodbury::inverse(&identity, &sides, &core, &sides.transpose())
}

/// In three to five dimensions, with memories of one to three pairs.
pub(crate) fn memories(length: Length) -> Family<Remembering> {
    Family::drawn("quadratics with memories", move |draw| {
        let mut system = quadratic(3, 5, length, draw);
        let size = system.dimension();
        system.inverse = Exact::identity(size, size);
        let memory = draw.size(1..=3);
        let scale = draw.coin().then(|| Fraction::ratio(draw.size(1..=5) as i64, 16));
        if scale.is_none() {
            draw.label("γ of the newest pair");
        }
        let mut vector = Column::from_fn(size, |_, _| whole(draw));
        vector[0] = Fraction::from(1);
        Remembering { system, memory, scale, vector }
    })
}

/// The memory is full after its steps.
pub(crate) fn remembers() -> Hypothesis<Remembering> {
    Hypothesis::new("y·s > 0", |it: &Remembering, _| {
        let method = it.full();
        Check::that(
            method.skipped() == 0 && method.pairs().count() == it.memory,
            format!("{} pairs are kept, {} were skipped", method.pairs().count(), method.skipped()),
        )
    })
}

/// As [`takes_all_steps`](super::quadratic_forms::takes_all_steps) says it of the quadratic.
pub(crate) fn no_lucky_start() -> Hypothesis<Remembering> {
    Hypothesis::new("no lucky start", |it: &Remembering, _| {
        let rank = it.system.krylov_rank();
        Check::that(rank == it.system.dimension(), format!("Krylov space of dimension {rank}"))
    })
}
