//! What pages show beside evidence.

/// What is worth telling of a run and is not evidence, and what else whoever draws has to say of theorems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// When, in words.
    pub date: Option<String>,
    /// Where, in words.
    pub machine: Option<String>,
    /// How long, in words.
    pub duration: Option<String>,
    /// What a reader may try for themselves; each stands on the page of its theorem, if that is drawn.
    pub exercises: Vec<Exercise>,
}

/// A task about a theorem, for a reader. No text in it becomes markup that Markdown does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exercise {
    /// The id of the theorem.
    pub theorem: String,
    /// In a few words.
    pub title: String,
    /// What a right solution earns.
    pub points: u32,
    /// What is to be done, in a sentence of Markdown, with formulas.
    pub asked: String,
    /// The command line that one begins with.
    pub command: String,
}
