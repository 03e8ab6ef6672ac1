//! What a theorem rests on: other theorems, each with what is used of it.

use serde::{Deserialize, Serialize};

use super::{Theorem, TheoremId};

/// A theorem that another one uses, and what of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    /// The id of the theorem that is used.
    pub theorem: String,
    /// What is used, in a few words that begin in lower case: “the descent lemma bounds each step”.
    pub what: String,
}

/// No theorem rests on nearly as many.
pub(crate) const MOST_PREREQUISITES: usize = 64;

impl Theorem {
    /// Says that its statement or its proof uses another theorem, which is to be read before, and what of it. Whether that one
    /// exists, and whether all of them can be read in some order, only who has all theorems can know.
    ///
    /// ```
    /// use theoria_verification::Theorem;
    /// let theorem = Theorem::new("examples/quarter", "# Quartering")
    ///     .uses("examples/halving", "a quarter is half of a half");
    /// assert_eq!(theorem.prerequisites()[0].theorem, "examples/halving");
    /// ```
    ///
    /// # Panics
    /// If the id is none, its own, or that of a theorem that it says to use already; if nothing is said of what it uses; if it
    /// says to stand alone; if there are more than 64.
    #[must_use]
    pub fn uses(mut self, theorem: &str, what: &str) -> Self {
        let id = &self.id;
        let used = TheoremId::parse(theorem);
        assert!(used.is_some(), "{id} uses {theorem:?}, which is no id of a theorem");
        assert!(used.as_ref() != Some(id), "{id} uses itself");
        assert!(
            self.prerequisites.iter().all(|other| other.theorem != theorem),
            "{id} says twice that it uses {theorem}"
        );
        assert!(!what.trim().is_empty(), "{id} does not say what it uses of {theorem}");
        assert!(self.alone.is_none(), "{id} uses {theorem}, and says to stand alone");
        assert!(self.prerequisites.len() < MOST_PREREQUISITES, "{id} uses too many theorems");
        self.prerequisites.push(Prerequisite { theorem: theorem.into(), what: what.into() });
        self
    }

    /// Says that it uses no other theorem and is used by none, and what it rests on instead.
    ///
    /// # Panics
    /// If nothing is said, or it uses another theorem.
    #[must_use]
    pub fn stands_alone(mut self, rests_on: &str) -> Self {
        let id = &self.id;
        assert!(!rests_on.trim().is_empty(), "{id} does not say what it rests on");
        assert!(self.prerequisites.is_empty(), "{id} says to stand alone, and uses others");
        self.alone = Some(rests_on.into());
        self
    }

    /// The theorems that it uses, in the order in which it names them.
    pub fn prerequisites(&self) -> &[Prerequisite] {
        &self.prerequisites
    }

    /// What it rests on, if it stands alone.
    pub fn alone(&self) -> Option<&str> {
        self.alone.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theorem() -> Theorem {
        Theorem::new("examples/one", "# One").uses("examples/two", "all of it")
    }

    #[test]
    fn what_is_used_is_declared_and_kept_in_evidence() {
        let evidence = theorem().check(&crate::Settings::default());
        assert_eq!(evidence.uses, theorem().prerequisites());
        assert_ne!(evidence.fingerprint, Theorem::new("examples/one", "# One").fingerprint());
        let alone = Theorem::new("examples/one", "# One").stands_alone("arithmetic");
        assert_ne!(alone.fingerprint(), Theorem::new("examples/one", "# One").fingerprint());
        let evidence = alone.check(&crate::Settings::default());
        assert_eq!((evidence.uses.len(), evidence.alone.as_deref()), (0, Some("arithmetic")));
    }

    #[test]
    #[should_panic(expected = "uses itself")]
    fn no_theorem_uses_itself() {
        let _ = theorem().uses("examples/one", "what it says");
    }

    #[test]
    #[should_panic(expected = "twice")]
    fn none_is_used_twice() {
        let _ = theorem().uses("examples/two", "again");
    }

    #[test]
    #[should_panic(expected = "no id of a theorem")]
    fn what_is_used_is_an_id() {
        let _ = theorem().uses("two", "all of it");
    }

    #[test]
    #[should_panic(expected = "does not say what")]
    fn what_is_used_is_said() {
        let _ = theorem().uses("examples/three", " ");
    }

    #[test]
    #[should_panic(expected = "stand alone")]
    fn what_uses_others_does_not_stand_alone() {
        let _ = theorem().stands_alone("arithmetic");
    }
}
