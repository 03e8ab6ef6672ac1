//! Points that are linear combinations of named elements, and their inner products.

use std::collections::BTreeMap;

use theoria_models::point::{InnerProduct, Point, Scalar};

/// Σ a_i e_i over a basis that grows: coefficients that are not there are 0.
#[derive(Debug, Clone)]
pub(crate) struct Symbol<S> {
    coefficients: Vec<S>,
}

impl<S: Scalar + PartialEq> Symbol<S> {
    pub(crate) fn element(number: usize) -> Self {
        let mut coefficients = vec![S::from(0.0); number];
        coefficients.push(S::from(1.0));
        Symbol { coefficients }
    }

    /// The elements that occur, with their coefficients.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (usize, S)> {
        let occurring = self.coefficients.iter().cloned().enumerate();
        occurring.filter(|(_, a)| *a != S::from(0.0))
    }
}

impl<S: Scalar + PartialEq> PartialEq for Symbol<S> {
    fn eq(&self, other: &Self) -> bool {
        self.terms().eq(other.terms())
    }
}

impl<S: Scalar + PartialEq> Point for Symbol<S> {
    type Scalar = S;

    fn axpy(&mut self, a: S, other: &Self) {
        let size = self.coefficients.len().max(other.coefficients.len());
        self.coefficients.resize(size, S::from(0.0));
        for (own, its) in self.coefficients.iter_mut().zip(&other.coefficients) {
            *own = own.clone() + a.clone() * its.clone();
        }
    }

    fn scale(&mut self, a: S) {
        for own in &mut self.coefficients {
            *own = a.clone() * own.clone();
        }
    }

    fn zero_like(&self) -> Self {
        Symbol { coefficients: Vec::new() }
    }
}

/// A linear form of Gram entries: Σ c_ij ⟨e_i, e_j⟩ with i <= j.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Form<S> {
    pub(crate) entries: BTreeMap<(usize, usize), S>,
}

impl<S: Scalar + PartialEq> InnerProduct for Symbol<S> {
    type Product = Form<S>;

    fn inner_product(&self, other: &Self) -> Form<S> {
        let mut entries = BTreeMap::new();
        for (i, a) in self.terms() {
            for (j, b) in other.terms() {
                let entry = entries.entry((i.min(j), i.max(j))).or_insert(S::from(0.0));
                *entry = entry.clone() + a.clone() * b;
            }
        }
        Form { entries }
    }
}
