//! One row of a table.

/// How the last row of a file ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// By the end of its line.
    #[default]
    Line,
    /// By the end of the file: its last cell may be cut.
    File,
    /// By the end of the file, after a closing quote: its last cell is whole.
    Quote,
    /// By the end of the file within quotes.
    WithinQuotes,
}

/// One row: its cells without surrounding blanks, and where it stood.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The line on which it begins, from 1.
    pub(crate) line: u64,
    pub(crate) end: End,
    /// The lines of the cells, where they differ.
    pub(crate) lines: Vec<u64>,
    text: String,
    ends: Vec<usize>,
}

impl Record {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.lines.clear();
        self.end = End::Line;
    }

    pub(crate) fn push(&mut self, cell: &str) {
        // A byte order mark stands before a header that was appended with the file that it began.
        self.text.push_str(cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
        self.ends.push(self.text.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; one that the row does not have is empty.
    pub(crate) fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..end]
    }

    /// The line of a cell.
    pub(crate) fn line_of(&self, index: usize) -> u64 {
        self.lines.get(index).copied().filter(|&line| line > 0).unwrap_or(self.line)
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index))
    }
}
