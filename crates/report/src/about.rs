//! The run that is reported.

/// What is worth telling of a run and is not evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// When, in words.
    pub date: Option<String>,
    /// Where, in words.
    pub machine: Option<String>,
    /// How long, in words.
    pub duration: Option<String>,
}
