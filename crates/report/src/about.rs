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
    /// Where the sources of theorems lie.
    pub places: Vec<Place>,
    /// The folder of the evidence from the root of the site, with slashes, if it lies within it: pages link to its files.
    pub evidence: Option<String>,
}

/// Where the source of a theorem lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The id of the theorem.
    pub theorem: String,
    /// File and line, as they are shown.
    pub file: String,
    /// Where they can be read: an address of the web.
    pub address: Option<String>,
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
    /// What is checked and may be known beforehand, each as it is typed in one line.
    pub checks: Vec<String>,
    /// The command line that one begins with.
    pub command: String,
}
