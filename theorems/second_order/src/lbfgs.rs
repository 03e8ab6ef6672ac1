#![doc = include_str!("lbfgs.md")]

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::OnceLock;

use nalgebra::DVector;
use theoria_algorithms::{
    ConjugateGradients, ConstantStep, LBfgs, Method, Outcome, StrongWolfe, iterate,
};
use theoria_models::numerics::{Counted, Fraction};
use theoria_models::objectives::Quadratic;
use theoria_models::oracle::{Oracle, TwiceDifferentiable};
use theoria_models::{Objective, Vector};
use theoria_verification::{
    Case, Claim, Content, Draw, Effort, Family, Figure, Group, Hypothesis, Line, Readings, Theorem,
};

use crate::support::memories::{Remembering, compact, dense, memories, no_lucky_start, remembers};
use crate::support::quadratic_forms::Length;
use crate::support::updates::{Column, EXACT, sum};
use crate::support::waves::{Kept, Rule, Run, bends_down, runs};

/// The quadratic on which steps are counted: its dimension, ...
const DIMENSION: usize = 200;
/// ... the ratio of neighbouring curvatures, whose powers are products, since those of a library differ from machine to machine in the last
/// bit, and numbers of steps with them, ...
const RATIO: f64 = 22.0 / 21.0;
/// ... the starts, since the number of steps from one of them hangs on last bits, the period of their coordinates, ...
const STARTS: usize = 9;
const PERIOD: usize = 17;
/// ... the memories, ...
const MEMORIES: [usize; 9] = [1, 2, 4, 5, 10, 20, 50, 100, 200];
/// ... by what its gradient falls, and the steps that are waited for.
const ACCURACY: f64 = 1e-6;
const PATIENCE: usize = 10_000;

/// The theorem with its claims and controls.
pub fn theorem() -> Theorem {
    let products = products("products_of_the_loops");
    let fewer = products
        .restated("products_of_the_loops_are_fewer", "4md + d products")
        .predicting(|size, _| (4 * size.memory * size.dimension + size.dimension) as f64);
    let storage = storage("storage");
    let smaller = storage
        .restated("storage_is_smaller", "0.98 · 386 kilobytes")
        .predicting(|_, _| 0.98 * 386.0);
    let descent =
        kept("goes_down", "−Hg goes down, with pairs skipped", |kept| kept.lost_by_skipping);
    Theorem::new("second_order/lbfgs", include_str!("lbfgs.md"))
        .uses("second_order/bfgs", "the matrix that the pairs make")
        .uses("second_order/woodbury", "the inverse of that matrix in compact form")
        .claim(loops("two_loops", "two loops = BFGS of γI by the last m pairs", (1, 1)))
        .claim(inverse("compact_form", "(δI − W M⁻¹Wᵀ)⁻¹ = BFGS of γI by these pairs", (1, 1)))
        .claim(as_bfgs("iterates_of_bfgs", "x_n is that of BFGS, n ≤ m + 1", 0))
        .claim(
            krylov("iterates_of_conjugate_gradients", "x_n is least on x₀ + n vectors", Remembering::exactly)
                .on(memories(Length::Exact)),
        )
        .claim(products)
        .claim(storage)
        .claim(descent)
        .claim(
            Claim::bound("more_memory_takes_no_more_steps", "mean N(4m) ≤ mean N(m)")
                .assuming([finished()])
                .on(memory_sizes())
                .measuring_each(|m: &Case<usize>| Readings::at(**m, mean_steps(4 * **m)))
                .predicting(|m, _| mean_steps(**m))
                .tight_to(0.8),
        )
        .control(loops("two_loops_with_another_scale", "two loops = BFGS of 1.02 γI", (51, 50)))
        .control(inverse("another_compact_form", "(δI − W M⁻¹Wᵀ)⁻¹ with 1.02 D = BFGS", (51, 50)))
        .control(as_bfgs("iterates_of_bfgs_beyond", "x_{m+2} and x_{m+3} are those of BFGS", 2))
        .control(
            krylov(
                "iterates_of_conjugate_gradients_by_unit_steps",
                "x_n is least on x₀ + n vectors, for unit steps",
                Remembering::by_units,
            )
            .on(memories(Length::Unit)),
        )
        .control(fewer)
        .control(smaller)
        .control(kept("goes_down_with_all_pairs", "H of BFGS stays positive definite", |kept| {
            kept.lost_by_bfgs
        }))
        .control(
            Claim::bound("four_times_the_memory_halves_the_steps", "mean N(4m) ≤ mean N(m)/2")
                .on(memory_sizes())
                .measuring_each(|m: &Case<usize>| Readings::at(**m, mean_steps(4 * **m)))
                .predicting(|m, _| mean_steps(**m) / 2.0),
        )
        .figure(
            Figure::semilog_x("memory", "memory m", "steps until the gradient is 10⁻⁶ of its start")
                .caption(
                    "A quadratic in 200 dimensions with curvatures from 1 to 10⁴, from nine starts. A longer memory helps, but not much until it is nearly as long as the dimension, and with the shortest \
                     starts differ as much as memories do. The line: conjugate gradients, which rounding holds up here; all pairs together do better.",
                )
                .showing(memory_and_steps),
        )
}

/// The loops against the dense matrix of so many times γI.
fn loops(name: &str, formula: &str, times: (i64, i64)) -> Claim<Remembering> {
    let factor = Fraction::ratio(times.0, times.1);
    Claim::identity(name, formula, EXACT)
        .assuming([remembers()])
        .on(memories(Length::Unit))
        .measuring_each(move |it: &Remembering| {
            let mut method = it.full();
            let dense = dense(&method, &factor);
            let mut by_loops = it.vector.clone();
            method.inverse_times(&mut by_loops);
            let left = dense.map(|dense| sum((by_loops - dense * &it.vector).iter().cloned()));
            Readings::at(it.memory, left.unwrap_or(f64::NAN))
        })
        .predicting(|_, _| 0.0)
}

fn inverse(name: &str, formula: &str, times: (i64, i64)) -> Claim<Remembering> {
    let factor = Fraction::ratio(times.0, times.1);
    Claim::identity(name, formula, EXACT)
        .assuming([remembers()])
        .on(memories(Length::Unit))
        .measuring_each(move |it: &Remembering| {
            let method = it.full();
            let pair = dense(&method, &Fraction::from(1)).zip(compact(&method, &factor));
            let left = pair.map(|(dense, compact)| sum((dense - compact).iter().cloned()));
            Readings::at(it.memory, left.unwrap_or(f64::NAN))
        })
        .predicting(|_, _| 0.0)
}

/// Unit steps of both from the same γ I, this many steps beyond what the memory holds.
fn as_bfgs(name: &str, formula: &str, beyond: usize) -> Claim<Remembering> {
    Claim::identity(name, formula, EXACT)
        .assuming([no_lucky_start()])
        .on(memories(Length::Unit))
        .measuring_each(move |it: &Remembering| {
            let last = it.memory + 1 + beyond;
            let (limited, full) = (it.by_units(last), it.by_bfgs(last));
            let first = if beyond == 0 { 1 } else { it.memory + 2 };
            Readings::over(first..=last, |n| sum((&limited[n] - &full[n]).iter().cloned()))
        })
        .predicting(|_, _| 0.0)
}

/// The iterates against minimisers on spaces of growing dimension.
fn krylov(
    name: &str,
    formula: &str,
    iterates: fn(&Remembering, usize) -> Vec<Column>,
) -> Claim<Remembering> {
    Claim::identity(name, formula, EXACT)
        .assuming([no_lucky_start()])
        .measuring_each(move |it: &Remembering| {
            let last = it.system.dimension();
            let iterates = iterates(it, last);
            Readings::over(1..=last, |n| {
                let least = it.system.least(n);
                least.map_or(f64::NAN, |least| sum((&iterates[n] - least).iter().cloned()))
            })
        })
        .predicting(|_, _| 0.0)
}

/// d and m.
#[derive(Debug, Clone, Copy)]
struct Size {
    dimension: usize,
    memory: usize,
}

fn products(name: &str) -> Claim<Case<Size>> {
    let sizes = [(10, 1), (10, 5), (300, 3), (2410, 10)];
    let sizes = sizes.map(|(dimension, memory)| Size { dimension, memory });
    Claim::identity(name, "4md + d + 2m + 1 products", 1e-12)
        .assuming([Hypothesis::by_construction("full memory", "after m steps")])
        .on(Family::cases("sizes", sizes, |size| {
            format!("d = {}, m = {}", size.dimension, size.memory)
        }))
        .measuring_each(|size: &Case<Size>| {
            let (mut method, mut x) = diagonal(size.value);
            let count = Counted::products_of(|| method.inverse_times(&mut x)).1;
            let full = method.pairs().count() == size.memory;
            Readings::at(size.memory, if full { count as f64 } else { f64::NAN })
        })
        .predicting(|size, _| {
            let (d, m) = (size.dimension as f64, size.memory as f64);
            4.0 * m * d + d + 2.0 * m + 1.0
        })
}

type Counting = LBfgs<DVector<Counted>, ConstantStep<Counted>>;

/// x ↦ D x with the diagonal 1, 2, 1, 2, …
struct Alternating;

impl Oracle<DVector<Counted>> for Alternating {
    fn gradient(&self, at: &DVector<Counted>, into: &mut DVector<Counted>) {
        for i in 0..at.len() {
            into[i] = if i % 2 == 0 { at[i] } else { at[i] + at[i] };
        }
    }
}

/// After so many steps that the memory is full.
fn diagonal(size: Size) -> (Counting, DVector<Counted>) {
    let mut method = LBfgs::new(size.memory, ConstantStep::new(Counted::from(0.125)));
    let mut x = DVector::from_fn(size.dimension, |i, _| Counted::from(1.0 + i as f64));
    (0..=size.memory).for_each(|_| method.step(&Alternating, &mut x));
    (method, x)
}

/// In kB of doubles.
fn storage(name: &str) -> Claim<Case<Size>> {
    let size = Size { dimension: 2410, memory: 10 };
    Claim::identity(name, "386 kilobytes for ten pairs in dimension 2410", 2e-3)
        .assuming([Hypothesis::by_construction("full memory", "after m steps")])
        .on(Family::cases("ten pairs", [size], |_| "d = 2410, m = 10".into()))
        .measuring_each(|size: &Case<Size>| {
            let (method, _) = diagonal(size.value);
            let numbers: usize = method.pairs().map(|(s, y)| s.len() + y.len()).sum();
            Readings::at(size.memory, (8 * numbers) as f64 / 1e3)
        })
        .predicting(|_, _| 386.0)
}

fn kept(name: &str, formula: &str, lost: fn(&Kept) -> usize) -> Claim<Run> {
    Claim::identity(name, formula, EXACT)
        .assuming([bends_down()])
        .on(runs("runs through places that bend down", |_| Rule::Armijo).with_draws(24))
        .measuring_each(move |run: &Run| Readings::at(1, lost(&run.kept()) as f64))
        .predicting(|_, _| 0.0)
}

fn spread() -> Quadratic {
    let curvatures = std::iter::successors(Some(1.0), |last| Some(RATIO * last));
    Quadratic::diagonal(&curvatures.take(DIMENSION).collect::<Vec<f64>>())
}

/// 1 + (i j mod 17)/17
fn start(j: usize) -> Vector {
    Vector::from_fn(DIMENSION, |i, _| 1.0 + (i * j % PERIOD) as f64 / PERIOD as f64)
}

/// Until the gradient is small; no number where it does not become so.
fn steps_by<O>(method: impl Method<Vector, O>, oracle: &O, f: &Quadratic, start: &Vector) -> f64 {
    let mut x = start.clone();
    let enough = ACCURACY * f.gradient_at(&x).norm();
    let outcome = iterate(method, oracle, &mut x, PATIENCE, |_, x: &Vector| {
        if f.gradient_at(x).norm() <= enough {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    match outcome {
        Outcome::Stopped { step } => step as f64,
        Outcome::Finished | Outcome::Diverged { .. } => f64::NAN,
    }
}

/// From each start, by the memory; counted once.
fn steps() -> &'static BTreeMap<usize, Vec<f64>> {
    static STEPS: OnceLock<BTreeMap<usize, Vec<f64>>> = OnceLock::new();
    STEPS.get_or_init(|| {
        let f = spread();
        let count =
            |memory, j| steps_by(LBfgs::new(memory, StrongWolfe::default()), &f, &f, &start(j));
        let by_memory = |memory| (memory, (0..STARTS).map(|j| count(memory, j)).collect());
        MEMORIES.into_iter().map(by_memory).collect()
    })
}

fn mean_steps(memory: usize) -> f64 {
    let of_this = steps().get(&memory);
    of_this.map_or(f64::NAN, |steps| steps.iter().sum::<f64>() / steps.len() as f64)
}

fn memory_sizes() -> Family<Case<usize>> {
    Family::cases("memories", [1, 5, 50], |m| format!("m = {m}"))
}

fn finished() -> Hypothesis<Case<usize>> {
    Hypothesis::by_construction("quadratic", "200 curvatures, 1, 22/21, (22/21)², …")
}

fn memory_and_steps(_: &mut Draw, _: Effort) -> Content {
    let measured = steps().iter().flat_map(|(m, steps)| steps.iter().map(|n| (*m as f64, *n)));
    let (f, start) = (spread(), start(0));
    let conjugate = TwiceDifferentiable::new(&f, &start)
        .map_or(f64::NAN, |oracle| steps_by(ConjugateGradients::default(), &oracle, &f, &start));
    Content::Points {
        groups: vec![Group::new("L-BFGS", measured)],
        lines: vec![Line::measured("conjugate gradients", [(1.0, conjugate), (200.0, conjugate)])],
    }
}
