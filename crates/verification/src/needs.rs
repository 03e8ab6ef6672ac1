//! What an instance of one's own must provide.

use serde::{Deserialize, Serialize};

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
    pub(crate) fn of(name: &str, provides: String) -> Self {
        Needs {
            instance_type: without_paths(name),
            provides,
            claims: Vec::new(),
            families: Vec::new(),
            hypotheses: Vec::new(),
        }
    }

    pub(crate) fn take(&mut self, claim: &str, families: &[&str], hypotheses: &[&str]) {
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
    pub(crate) fn finished(mut self) -> Self {
        for hypothesis in &mut self.hypotheses {
            if hypothesis.only_for == self.claims {
                hypothesis.only_for.clear();
            }
        }
        self
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
