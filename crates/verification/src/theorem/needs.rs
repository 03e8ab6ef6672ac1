//! What an instance of one's own must provide.

use std::any::TypeId;

use serde::{Deserialize, Serialize};

use super::Theorem;
use crate::Role;

/// What an instance of one's own must provide, so that claims of a theorem can be checked on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// The type of the instances, without its path.
    pub instance_type: String,
    /// What it consists of, as [`Instance::needs`](crate::Instance::needs) says; empty where the theorem alone makes
    /// instances of this type.
    pub provides: String,
    /// Names of the claims that are made on instances of this type.
    pub claims: Vec<String>,
    /// Names of the families that they are made on.
    pub families: Vec<String>,
    /// What is checked on each instance.
    pub hypotheses: Vec<NeededHypothesis>,
}

/// A hypothesis that is checked on an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededHypothesis {
    /// Its name.
    pub name: String,
    /// Names of the claims that assume it; empty if all on this type of instance do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only_for: Vec<String>,
}

impl Needs {
    /// For claims on instances of a type.
    fn of(name: &str, provides: String) -> Self {
        Needs {
            instance_type: without_paths(name),
            provides,
            claims: Vec::new(),
            families: Vec::new(),
            hypotheses: Vec::new(),
        }
    }

    fn take(&mut self, claim: &str, families: &[&str], hypotheses: &[&str]) {
        self.claims.push(claim.into());
        for family in families {
            if !self.families.iter().any(|known| known == family) {
                self.families.push((*family).into());
            }
        }
        for name in hypotheses {
            match self.hypotheses.iter_mut().find(|known| known.name == *name) {
                Some(known) => known.only_for.push(claim.into()),
                None => self
                    .hypotheses
                    .push(NeededHypothesis { name: (*name).into(), only_for: vec![claim.into()] }),
            }
        }
    }

    /// A hypothesis of all claims is not one of some.
    fn finished(mut self) -> Self {
        for hypothesis in &mut self.hypotheses {
            if hypothesis.only_for == self.claims {
                hypothesis.only_for.clear();
            }
        }
        self
    }
}

impl Theorem {
    /// What an instance of one's own must provide, for each type of instance that claims are made on.
    ///
    /// ```
    /// use theoria_verification::{Check, Claim, Curve, Family, Hypothesis, Instance, Theorem};
    /// struct Start(f64);
    /// impl Instance for Start {
    ///     fn description(&self) -> String { format!("from {}", self.0) }
    ///     fn needs() -> String { "a positive number to start from".into() }
    /// }
    /// let theorem = Theorem::new("examples/halving", "# Halving").claim(
    ///     Claim::bound("halves", "x_N ≤ 2⁻ᴺ x₀")
    ///         .assuming([Hypothesis::new("positive", |x: &Start, _| Check::that(x.0 > 0.0, "x₀"))])
    ///         .on(Family::single("from 1", || Start(1.0)))
    ///         .experiment(|start| Curve::at(1.0, start.0 / 2.0, start.0 / 2.0)),
    /// );
    /// let needs = &theorem.needs()[0];
    /// assert_eq!((&needs.instance_type[..], &needs.claims[0][..]), ("Start", "halves"));
    /// assert_eq!(needs.provides, "a positive number to start from");
    /// assert_eq!(needs.hypotheses[0].name, "positive");
    /// ```
    pub fn needs(&self) -> Vec<Needs> {
        let mut all: Vec<(TypeId, Needs)> = Vec::new();
        for (_, claim) in self.claims.iter().filter(|(role, _)| *role == Role::Claim) {
            let instance = claim.instance_type();
            let at = all.iter().position(|(id, _)| *id == instance.id).unwrap_or_else(|| {
                all.push((instance.id, Needs::of(instance.name, instance.needs)));
                all.len() - 1
            });
            let families: Vec<&str> = claim.families().iter().map(|family| family.name).collect();
            all[at].1.take(claim.header().name, &families, &claim.hypothesis_names());
        }
        all.into_iter().map(|(_, needs)| needs.finished()).collect()
    }
}

/// A type's name with the last segment of each path alone: `Case<Quadratic>`.
fn without_paths(name: &str) -> String {
    let mut short = String::new();
    // Where the path that is being read begins.
    let mut start = 0;
    for letter in name.chars() {
        if letter == ':' {
            short.truncate(start);
        } else {
            short.push(letter);
            if !letter.is_alphanumeric() && letter != '_' {
                start = short.len();
            }
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::{Needs, without_paths};

    #[test]
    fn types_are_named_without_their_paths() {
        assert_eq!(without_paths("a::b::Case<(f64, c_d::Quadratic)>"), "Case<(f64, Quadratic)>");
        assert_eq!(without_paths("a::ForEachN<&dyn b::C + d::E>"), "ForEachN<&dyn C + E>");
    }

    #[test]
    fn what_only_some_claims_assume_is_said_of_these() {
        let mut needs = Needs::of("Problem", String::new());
        needs.take("gap", &["bowls", "valleys"], &["convex", "smooth"]);
        needs.take("norm", &["bowls"], &["smooth"]);
        let needs = needs.finished();
        assert_eq!(
            (needs.claims.len(), needs.families),
            (2, vec!["bowls".into(), "valleys".into()])
        );
        let only_for: Vec<&[String]> = needs.hypotheses.iter().map(|h| &h.only_for[..]).collect();
        assert_eq!(only_for, [&["gap".to_owned()][..], &[]]);
    }
}
