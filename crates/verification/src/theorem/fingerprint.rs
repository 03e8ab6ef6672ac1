//! Whether a theorem is still the one that evidence was made for.

use sha2::{Digest, Sha256};

use super::Theorem;

impl Theorem {
    /// A hash of all that is declared: the statement; of each claim and control its role, name, kind, formula,
    /// hypotheses and families; the figures; the theorems that it uses; the version of this program. Evidence keeps it, so that what was
    /// found for a theorem that was edited since is not taken for it. What experiments compute cannot be hashed.
    ///
    /// ```
    /// use theoria_verification::Theorem;
    /// let theorem = Theorem::new("examples/empty", "# Nothing");
    /// assert_ne!(theorem.fingerprint(), Theorem::new("examples/empty", "# Something").fingerprint());
    /// assert_eq!(theorem.fingerprint(), Theorem::new("examples/empty", "# Nothing").fingerprint());
    /// ```
    pub fn fingerprint(&self) -> String {
        let mut said = Said(Sha256::new());
        said.text(env!("CARGO_PKG_VERSION"));
        said.text(&self.id.to_string());
        said.text(&self.statement);
        for declared in self.declared() {
            said.text(&format!("{declared:?}"));
        }
        for (_, claim) in &self.claims {
            said.text(claim.header().origin);
            said.list(claim.families().iter().map(|family| {
                format!(
                    "{} {:?} {:?} {:?} {:?} {}",
                    family.name,
                    family.length,
                    family.attained,
                    family.hunted,
                    family.positions,
                    family.shows
                )
            }));
        }
        said.list(self.figures.iter().map(|figure| format!("{figure:?}")));
        let uses = self.prerequisites.iter();
        said.list(uses.flat_map(|used| [used.theorem.clone(), used.what.clone()]));
        said.list(self.alone.iter().cloned());
        said.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Texts, each with its length, so that no two lists of them read the same.
struct Said(Sha256);

impl Said {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
    }

    fn list(&mut self, texts: impl Iterator<Item = String>) {
        let texts: Vec<String> = texts.collect();
        self.0.update((texts.len() as u64).to_le_bytes());
        for text in &texts {
            self.text(text);
        }
    }
}
