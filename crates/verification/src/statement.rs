//! The text of a theorem.

/// A statement in Markdown, taken apart by its headings: `# Title`, an introduction that says why
/// it matters, and sections such as `## Hypotheses`, `## Statement`, `## Source`.
///
/// ```
/// use theoria_verification::Statement;
/// let text = Statement::parse("# Descent\n\nWhy it matters.\n\n## Statement\n\nIt descends.\n");
/// assert_eq!(text.title(), "Descent");
/// assert_eq!(text.introduction(), "Why it matters.");
/// assert_eq!(text.section("Statement"), Some("It descends."));
/// assert_eq!(text.section("Source"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement<'a> {
    title: &'a str,
    introduction: &'a str,
    sections: Vec<(&'a str, &'a str)>,
}

impl<'a> Statement<'a> {
    /// Takes the text apart; a text without headings is all introduction.
    pub fn parse(text: &'a str) -> Self {
        let mut parts = text.split("\n## ");
        let head = parts.next().unwrap_or_default().trim();
        let (title, introduction) = match head.strip_prefix("# ") {
            Some(rest) => rest.split_once('\n').unwrap_or((rest, "")),
            None => ("", head),
        };
        Statement {
            title: title.trim(),
            introduction: introduction.trim(),
            sections: parts
                .map(|part| part.split_once('\n').unwrap_or((part, "")))
                .map(|(heading, body)| (heading.trim(), body.trim()))
                .collect(),
        }
    }

    /// The title.
    pub fn title(&self) -> &'a str {
        self.title
    }

    /// Why it matters.
    pub fn introduction(&self) -> &'a str {
        self.introduction
    }

    /// Headings and bodies, in order.
    pub fn sections(&self) -> &[(&'a str, &'a str)] {
        &self.sections
    }

    /// The body of the section with this heading.
    pub fn section(&self, heading: &str) -> Option<&'a str> {
        self.sections.iter().find(|(name, _)| *name == heading).map(|(_, body)| *body)
    }
}
