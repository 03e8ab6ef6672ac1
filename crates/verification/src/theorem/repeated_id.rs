//! Whether theorems can be told apart.

use super::{Theorem, TheoremId};

impl Theorem {
    /// An id that two of these theorems have, if there is one: their tests and their evidence would bear one name.
    ///
    /// ```
    /// use theoria_verification::Theorem;
    /// let theorems = ["a/one", "a/two", "a/one"].map(|id| Theorem::new(id, "# Title"));
    /// assert_eq!(Theorem::repeated_id(&theorems[..2]), None);
    /// assert_eq!(Theorem::repeated_id(&theorems).unwrap().to_string(), "a/one");
    /// ```
    pub fn repeated_id(theorems: &[Theorem]) -> Option<&TheoremId> {
        let mut ids: Vec<&TheoremId> = theorems.iter().map(Theorem::id).collect();
        ids.sort();
        ids.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
    }
}
