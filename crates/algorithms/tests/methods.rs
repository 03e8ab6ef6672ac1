//! What every method promises: the order in which its file is read, and what it may be lent.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use theoria_algorithms::*;
use theoria_models::objectives::{Linear, Quadratic};
use theoria_models::oracle::TwiceDifferentiable;
use theoria_models::{Objective, Vector};

/// Module line; struct with its update rule and an example; constructors; the step; private helpers; tests.
#[test]
fn the_file_of_a_method_has_one_order() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut methods = 0;
    for entry in fs::read_dir(sources).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let first = |found: &dyn Fn(&str) -> bool| lines.iter().position(|line| found(line));
        let step = first(&|line| line.starts_with("impl") && line.contains(" Method<P, O> for "))
            .or(first(&|line| {
                line.starts_with("impl") && line.contains(" Method<Ensemble, O> for ")
            }));
        let (Some(step), false) = (step, path.ends_with("method.rs")) else { continue };
        methods += 1;
        let name = path.display();
        assert!(
            text.starts_with("//! ") && lines[1].is_empty(),
            "{name}: one line says what it is"
        );
        let structure = first(&|line| line.starts_with("pub struct ")).unwrap();
        let example = first(&|line| line.starts_with("/// ```")).unwrap_or(usize::MAX);
        assert!(example < structure, "{name}: an example stands above the struct");
        let constructors = first(&|line| line.starts_with("impl")).unwrap();
        assert!(
            structure < constructors && constructors <= step,
            "{name}: constructors, if there is anything to construct, then the step"
        );
        let private = ["fn ", "enum ", "struct ", "const ", "type ", "static "];
        let helper = first(&|line| private.iter().any(|item| line.starts_with(item)));
        assert!(helper.is_none_or(|helper| step < helper), "{name}: helpers stand below the step");
    }
    assert!(methods > 15, "{methods} methods were found");
}

/// An objective that lives no longer than what it borrows.
struct Counted<'a> {
    objective: &'a dyn Objective,
    asked: &'a AtomicUsize,
}

impl Objective for Counted<'_> {
    fn describe(&self) -> String {
        self.objective.describe()
    }

    fn dimension(&self) -> usize {
        self.objective.dimension()
    }

    fn value(&self, x: &Vector) -> f64 {
        self.objective.value(x)
    }

    fn gradient_into(&self, x: &Vector, into: &mut Vector) {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.objective.gradient_into(x, into);
    }
}

fn after_three_steps(f: &dyn Objective, start: &Vector, method: impl VectorMethod) -> Vector {
    Trajectory::of(method, f, start, 3).last().clone()
}

#[test]
fn a_method_runs_on_an_objective_that_is_only_borrowed() {
    let asked = AtomicUsize::new(0);
    let quadratic = Quadratic::diagonal(&[1.0]);
    let counted = Counted { objective: &quadratic, asked: &asked };
    let start = Vector::from_element(1, 1.0);
    assert_eq!(after_three_steps(&counted, &start, GradientDescent::new(0.5))[0], 0.125);
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[test]
fn a_method_that_was_lent_knows_afterwards_what_it_did() {
    let f = Quadratic::diagonal(&[4.0]);
    let start = Vector::from_element(1, 1.0);
    let mut method = AdaGradNorm::new(1.0, 3.0);
    Trajectory::of(&mut method, &f, &start, 1);
    assert_eq!(method.accumulated(), [5.0]);
    let mut method = ExactLineSearch::default();
    after_three_steps(&f, &start, &mut method);
    assert_eq!(method.step_size(), Some(0.25));
}

#[test]
fn an_objective_without_a_hessian_is_refused_before_the_run() {
    let start = Vector::from_element(2, 1.0);
    let plane = Linear::new(start.clone());
    let Err(refused) = TwiceDifferentiable::new(&plane, &start) else {
        panic!("linear functions give no products with a Hessian");
    };
    let sentence = "linear function in dimension 2 gives no products with a Hessian at the start";
    assert_eq!(refused.to_string(), sentence);
}
