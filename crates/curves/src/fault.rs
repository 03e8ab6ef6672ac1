//! Why a log is refused.

use std::{error::Error, fmt};

/// Why a log is refused: file, line and column, what is wrong there, and what to type instead.
///
/// ```
/// # use theoria_curves::{Selection, read};
/// # let folder = tempfile::tempdir().unwrap();
/// # let file = folder.path().join("log.csv");
/// std::fs::write(&file, "step,loss\n1,0.5\n2,0.4\n1,0.3\n").unwrap();
/// let fault = read(&[file], &Selection::default(), &mut |_| ()).unwrap_err();
/// assert_eq!((fault.line(), fault.column()), (Some(4), Some("`step`")));
/// assert!(fault.to_string().contains("Type `--keep last`"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    file: String,
    line: Option<u64>,
    column: Option<String>,
    text: String,
}

impl Fault {
    pub(crate) fn new(file: &str, text: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, column: None, text: text.into() }
    }

    pub(crate) fn line_is(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }

    /// `column` as it is to be shown, with its quotes.
    pub(crate) fn column_is(self, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..self }
    }

    /// The file as it was asked for; `standard input` for `-`.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }

    /// The column as it is shown: a name within backquotes, or a number.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(to, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(to, ", column {column}")?;
        }
        write!(to, ": {}", self.text)
    }
}

impl Error for Fault {}

/// Text of a log without what a terminal would act on.
pub(crate) fn harmless(text: &str) -> String {
    let acts = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|c| if acts(c) { '\u{fffd}' } else { c }).collect()
}

/// A cell as it is shown in a sentence: harmless, and short.
pub(crate) fn shown(text: &str) -> String {
    let text = harmless(text);
    if text.chars().count() <= 40 {
        return format!("`{text}`");
    }
    format!("`{}…`", text.chars().take(39).collect::<String>())
}

/// `text` as a shell takes it for one word.
pub(crate) fn typed(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./-%+:@".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
