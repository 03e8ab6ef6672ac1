//! A function, a regulariser and a set of which nothing is known but what they are asked.

use std::cell::RefCell;

use theoria_algorithms::LineSearch;
use theoria_models::oracle::{LinearMinimisationOracle, Oracle, Projection, Proximal};
use theoria_models::point::{InnerProduct, Point, Scalar};

use crate::symbol::{Form, Symbol};

/// An oracle that answers with new elements of its basis.
pub(crate) struct Formal<S> {
    known: RefCell<Known<S>>,
}

struct Known<S> {
    /// What each element of the basis is: x0 is the start.
    names: Vec<String>,
    /// Points at which the gradient was asked for, with the gradient.
    gradients: Vec<(Symbol<S>, Symbol<S>)>,
    /// Forms that are 0.
    relations: Vec<Form<S>>,
}

impl<S: Scalar + PartialEq> Formal<S> {
    pub(crate) fn new() -> Self {
        let known =
            Known { names: vec!["x0".into()], gradients: Vec::new(), relations: Vec::new() };
        Formal { known: RefCell::new(known) }
    }

    pub(crate) fn start() -> Symbol<S> {
        Symbol::element(0)
    }

    /// A new element, the first of its kind with number `first`.
    fn append(&self, kind: &str, first: usize) -> Symbol<S> {
        let names = &mut self.known.borrow_mut().names;
        let number = first + names.iter().filter(|name| name.starts_with(kind)).count();
        names.push(format!("{kind}{number}"));
        Symbol::element(names.len() - 1)
    }

    /// The point in words: names of elements, with their coefficients.
    pub(crate) fn terms(&self, x: &Symbol<S>) -> Vec<(String, S)> {
        let names = &self.known.borrow().names;
        x.terms().map(|(element, a)| (names[element].clone(), a)).collect()
    }

    pub(crate) fn gradients(&self) -> Vec<(Symbol<S>, Symbol<S>)> {
        self.known.borrow().gradients.clone()
    }

    pub(crate) fn relations(&self) -> Vec<Form<S>> {
        self.known.borrow().relations.clone()
    }

    /// A form in words.
    pub(crate) fn entries(&self, form: &Form<S>) -> Vec<(String, S)> {
        let names = &self.known.borrow().names;
        let entries = form.entries.iter();
        entries.map(|(&(i, j), c)| (format!("{}·{}", names[i], names[j]), c.clone())).collect()
    }
}

/// The function has one gradient at a point, however often it is asked.
impl<S: Scalar + PartialEq> Oracle<Symbol<S>> for Formal<S> {
    fn gradient(&self, at: &Symbol<S>, into: &mut Symbol<S>) {
        let before = self.known.borrow().gradients.iter().find(|(x, _)| x == at).cloned();
        *into = before.map_or_else(
            || {
                let gradient = self.append("g", 0);
                self.known.borrow_mut().gradients.push((at.clone(), gradient.clone()));
                gradient
            },
            |(_, gradient)| gradient,
        );
    }
}

/// z + step p = at with p a subgradient at z.
impl<S: Scalar + PartialEq> Proximal<Symbol<S>> for Formal<S> {
    fn proximal(&self, step: S, at: &mut Symbol<S>) {
        at.axpy(-step, &self.append("p", 1));
    }
}

/// z + n = at with n normal to the set at z.
impl<S: Scalar + PartialEq> Projection<Symbol<S>> for Formal<S> {
    fn project(&self, at: &mut Symbol<S>) {
        at.axpy(S::from(-1.0), &self.append("n", 1));
    }
}

impl<S: Scalar + PartialEq> LinearMinimisationOracle<Symbol<S>> for Formal<S> {
    fn linear_minimiser(&self, _direction: &Symbol<S>, into: &mut Symbol<S>) {
        *into = self.append("s", 0);
    }
}

/// The next point is a new element: its gradient is orthogonal to the one before, and to the step.
impl<S: Scalar + PartialEq> LineSearch<Symbol<S>> for Formal<S> {
    fn search_along(
        &self,
        gradient: &Symbol<S>,
        _guess: Option<S>,
        at: &mut Symbol<S>,
    ) -> Option<S> {
        let next = self.append("x", 0);
        let mut there = next.zero_like();
        self.gradient(&next, &mut there);
        let mut step = next.clone();
        step.axpy(S::from(-1.0), at);
        let relations = &mut self.known.borrow_mut().relations;
        relations.push(there.inner_product(gradient));
        relations.push(there.inner_product(&step));
        *at = next;
        None
    }
}
