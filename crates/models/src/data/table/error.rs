//! Why a table cannot be used.

use std::path::PathBuf;

/// Why a table cannot be used; each message names file, line and column, and the cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no header, or no row under it.
    #[error("{name} is empty: it needs a line of column names and at least one line of numbers")]
    Empty {
        /// Name of the table.
        name: String,
    },
    /// Two columns have one name.
    #[error("{name} has two columns called {column:?}: rename one of them")]
    DuplicateColumn {
        /// Name of the table.
        name: String,
        /// Name of the columns.
        column: String,
    },
    /// A column has no name.
    #[error(
        "{name}, line {line}: column {position} has no name: is it a row number? Name it, or drop the column"
    )]
    Unnamed {
        /// Name of the table.
        name: String,
        /// Line of the header, from 1.
        line: u64,
        /// The column, from 1.
        position: usize,
    },
    /// The file is not what a table of numbers looks like; what it seems to be, and what helps.
    #[error("{name}, line {line}: {guess}")]
    Guessed {
        /// Name of the table.
        name: String,
        /// Line, from 1.
        line: u64,
        /// What it seems to be, and what helps.
        guess: String,
    },
    /// A line has more or fewer fields than the header.
    #[error(
        "{name}, line {line}: {found} fields, but the header has {expected}: complete the line"
    )]
    Ragged {
        /// Name of the table.
        name: String,
        /// Line, from 1.
        line: u64,
        /// Fields of the line.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A field is empty.
    #[error(
        "{name}, line {line}, column {column}: the value is missing: fill it in or drop the line"
    )]
    Missing {
        /// Name of the table.
        name: String,
        /// Line, from 1.
        line: u64,
        /// Column.
        column: String,
    },
    /// A field is not a number.
    #[error(
        "{name}, line {line}, column {column}: {field:?} is not a number: encode it as one or drop the column"
    )]
    NotANumber {
        /// Name of the table.
        name: String,
        /// Line, from 1.
        line: u64,
        /// Column.
        column: String,
        /// What stands there.
        field: String,
    },
    /// A field is infinite or NaN.
    #[error(
        "{name}, line {line}, column {column}: {field} is not finite: correct it or drop the line"
    )]
    NotFinite {
        /// Name of the table.
        name: String,
        /// Line, from 1.
        line: u64,
        /// Column.
        column: String,
        /// What stands there.
        field: String,
    },
    /// A feature that never changes, but for rounding, cannot be standardised.
    #[error(
        "{name}, column {column}: every value is {value}, up to rounding, so it cannot be standardised: drop the column"
    )]
    Constant {
        /// Name of the table.
        name: String,
        /// Column.
        column: String,
        /// The value.
        value: f64,
    },
    /// There is no such column.
    #[error("{name} has no column {column:?}; it has {}", columns.join(", "))]
    NoColumn {
        /// Name of the table.
        name: String,
        /// What was asked for.
        column: String,
        /// What there is.
        columns: Vec<String>,
    },
    /// The text is not CSV.
    #[error("{name} is not CSV: {reason}")]
    Malformed {
        /// Name of the table.
        name: String,
        /// What is wrong, with the line.
        reason: String,
    },
}
