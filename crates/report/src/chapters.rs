//! What chapters ask and show, in words: read from the text that the project's documents share.

use std::sync::LazyLock;

use theoria_verification::Statement;

use crate::entry::is_file_name;

const TEXT: &str = include_str!("../../../docs/chapters.md");

/// All chapters that have a text, and what the first page begins with.
pub(crate) struct Texts {
    pub(crate) title: &'static str,
    /// What all of this is, in Markdown.
    pub(crate) lead: &'static str,
    /// The figure that is shown first.
    pub(crate) shown_first: Option<Picture>,
    pub(crate) chapters: Vec<Text>,
}

/// The text of a chapter.
pub(crate) struct Text {
    /// The chapter as ids have it.
    pub(crate) id: String,
    pub(crate) name: &'static str,
    /// In Markdown.
    pub(crate) question: &'static str,
    pub(crate) picture: Option<Picture>,
    /// In Markdown.
    pub(crate) introduction: String,
    pub(crate) corrections: Vec<Correction>,
}

/// A figure of a theorem, and the family whose curve is meant where it shows several.
pub(crate) struct Picture {
    pub(crate) theorem: &'static str,
    pub(crate) figure: &'static str,
    pub(crate) family: Option<&'static str>,
}

/// What circulates, and what holds, in one paragraph of Markdown; its last link leads to the theorem that it rests on.
pub(crate) struct Correction {
    pub(crate) text: &'static str,
    pub(crate) theorem: String,
}

/// The texts, read once.
pub(crate) fn texts() -> &'static Texts {
    static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::parse(TEXT));
    &TEXTS
}

impl Texts {
    /// Each section below `## ` is a chapter: its question in emphasis, `Picture: …`, its introduction, and a list below `### Corrections`.
    fn parse(text: &'static str) -> Self {
        let parts = Statement::parse(text);
        let (lead, first) =
            parts.introduction().split_once("\n\n").unwrap_or((parts.introduction(), ""));
        let chapter = |&(name, body): &(&'static str, &'static str)| Text::parse(name, body);
        Texts {
            title: parts.title(),
            lead,
            shown_first: first.strip_prefix("Shown first: ").and_then(Picture::parse),
            chapters: parts.sections().iter().map(chapter).collect(),
        }
    }

    pub(crate) fn of(&self, chapter: &str) -> Option<&Text> {
        self.chapters.iter().find(|text| text.id == chapter)
    }
}

impl Text {
    fn parse(name: &'static str, body: &'static str) -> Self {
        let (body, list) = body.split_once("\n### Corrections\n").unwrap_or((body, ""));
        let mut question = "";
        let mut picture = None;
        let mut introduction = Vec::new();
        for paragraph in body.split("\n\n").map(str::trim) {
            if let Some(named) = paragraph.strip_prefix("Picture: ") {
                picture = Picture::parse(named);
            } else if question.is_empty() && paragraph.starts_with('*') {
                question = paragraph.trim_matches('*');
            } else {
                introduction.push(paragraph);
            }
        }
        let corrections = list.lines().filter_map(|line| line.strip_prefix("- "));
        Text {
            id: name.to_lowercase().replace(' ', "_"),
            name,
            question,
            picture,
            introduction: introduction.join("\n\n"),
            corrections: corrections.filter_map(Correction::parse).collect(),
        }
    }
}

impl Picture {
    /// Names between backquotes: a theorem, a figure, and perhaps a family.
    fn parse(text: &'static str) -> Option<Self> {
        let mut names = text.split('`').skip(1).step_by(2);
        Some(Picture { theorem: names.next()?, figure: names.next()?, family: names.next() })
    }
}

impl Correction {
    fn parse(text: &'static str) -> Option<Self> {
        let (_, address) = text.rsplit_once("](")?;
        let (address, _) = address.split_once(')')?;
        Some(Correction { text, theorem: theorem_at(address)? })
    }
}

/// The theorem whose statement lies at this address, as documents write it: `../theorems/CHAPTER/src/NAME.md`.
pub(crate) fn theorem_at(address: &str) -> Option<String> {
    let (chapter, file) = address.strip_prefix("../theorems/")?.split_once("/src/")?;
    let name = file.strip_suffix(".md")?;
    (is_file_name(chapter) && is_file_name(name)).then(|| format!("{chapter}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chapter_has_a_question_a_picture_an_introduction_and_corrections() {
        let texts = texts();
        assert!(!texts.title.is_empty() && !texts.lead.is_empty());
        assert!(texts.shown_first.as_ref().is_some_and(|picture| picture.family.is_some()));
        assert_eq!(texts.chapters.len(), 8);
        for text in &texts.chapters {
            assert!(text.question.ends_with('?'), "{}", text.name);
            assert!(text.picture.is_some(), "{}", text.name);
            let sentences =
                text.introduction.matches(". ").count() + text.introduction.matches(".\n").count();
            assert!((3..=10).contains(&sentences), "{}: {sentences}", text.name);
            assert!(!text.corrections.is_empty(), "{}", text.name);
            assert!(text.corrections.iter().all(|it| it.text.starts_with('*')), "{}", text.name);
        }
    }

    #[test]
    fn every_correction_rests_on_a_theorem() {
        let listed = TEXT.lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(
            texts().chapters.iter().map(|text| text.corrections.len()).sum::<usize>(),
            listed
        );
    }

    #[test]
    fn an_address_of_a_statement_names_its_theorem() {
        assert_eq!(theorem_at("../theorems/a/src/b_c.md").as_deref(), Some("a/b_c"));
        for other in
            ["../theorems/a/src/../b.md", "https://example.org/a/src/b.md", "../theorems/a/b.md"]
        {
            assert_eq!(theorem_at(other), None, "{other}");
        }
    }
}
