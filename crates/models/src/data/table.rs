//! Numeric tables from CSV.

use std::path::{Path, PathBuf};

use super::DataSet;
use crate::{Matrix, Vector};

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
    /// A feature that never changes cannot be standardised.
    #[error(
        "{name}, column {column}: every value (from line 2 on) is {value}, so it cannot be standardised: drop the column"
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

/// Named columns of finite numbers, all of one length, at least 1.
///
/// ```
/// use theoria_models::data::Table;
/// let table = Table::parse("x,y\n1,2\n3,5\n", "example")?;
/// assert_eq!(table.column("y")?, [2.0, 5.0]);
/// let error = Table::parse("x,y\n1,2\n3,\n", "example").unwrap_err();
/// assert_eq!(error.to_string(), "example, line 3, column y: the value is missing: fill it in or drop the line");
/// # Ok::<(), theoria_models::data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    name: String,
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
}

impl Table {
    /// Reads a CSV file: a line of column names, then lines of numbers.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a table of finite numbers.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let bytes = std::fs::read(path)
            .map_err(|source| DataError::Unreadable { path: path.into(), source })?;
        Self::from_bytes(&bytes, &path.display().to_string())
    }

    /// The same from a text; `name` is what errors call it.
    ///
    /// # Errors
    /// If it is not a table of finite numbers.
    pub fn parse(text: &str, name: &str) -> Result<Self, DataError> {
        Self::from_bytes(text.as_bytes(), name)
    }

    fn from_bytes(bytes: &[u8], name: &str) -> Result<Self, DataError> {
        let malformed = |error: csv::Error| DataError::Malformed {
            name: name.into(),
            reason: error.to_string(),
        };
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
        let names: Vec<String> =
            reader.headers().map_err(malformed)?.iter().map(str::to_owned).collect();
        for (i, column) in names.iter().enumerate() {
            if names[..i].contains(column) {
                return Err(DataError::DuplicateColumn {
                    name: name.into(),
                    column: column.clone(),
                });
            }
        }
        let mut columns = vec![Vec::new(); names.len()];
        for record in reader.records() {
            let record = record.map_err(malformed)?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != names.len() {
                return Err(DataError::Ragged {
                    name: name.into(),
                    line,
                    found: record.len(),
                    expected: names.len(),
                });
            }
            for ((field, column), values) in record.iter().zip(&names).zip(&mut columns) {
                values.push(number(field, name, line, column)?);
            }
        }
        if columns.first().is_none_or(Vec::is_empty) {
            return Err(DataError::Empty { name: name.into() });
        }
        Ok(Table { name: name.into(), names, columns })
    }

    /// Names of the columns, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The values of a column.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn column(&self, column: &str) -> Result<&[f64], DataError> {
        self.names
            .iter()
            .position(|name| name == column)
            .map(|position| self.columns[position].as_slice())
            .ok_or_else(|| DataError::NoColumn {
                name: self.name.clone(),
                column: column.into(),
                columns: self.names.clone(),
            })
    }

    /// All columns but `target` as features, standardised to mean 0 and mean square 1.
    ///
    /// # Errors
    /// If there is no such column, or if a feature is constant.
    pub fn standardised(&self, target: &str) -> Result<DataSet, DataError> {
        let targets = Vector::from_row_slice(self.column(target)?);
        let mut features = Vec::new();
        for (name, column) in self.names.iter().zip(&self.columns) {
            if name != target {
                features.push(standardised(column).ok_or_else(|| DataError::Constant {
                    name: self.name.clone(),
                    column: name.clone(),
                    value: column[0],
                })?);
            }
        }
        Ok(DataSet {
            name: self.name.clone(),
            features: Matrix::from_fn(targets.len(), features.len(), |i, j| features[j][i]),
            targets,
        })
    }
}

fn number(field: &str, name: &str, line: u64, column: &str) -> Result<f64, DataError> {
    let (name, column) = (name.to_owned(), column.to_owned());
    if field.is_empty() {
        return Err(DataError::Missing { name, line, column });
    }
    let field = field.to_owned();
    match field.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(DataError::NotFinite { name, line, column, field }),
        Err(_) => Err(DataError::NotANumber { name, line, column, field }),
    }
}

/// None if all values are equal.
fn standardised(column: &[f64]) -> Option<Vec<f64>> {
    if column.iter().all(|value| *value == column[0]) {
        return None;
    }
    let n = column.len() as f64;
    let mean = column.iter().sum::<f64>() / n;
    let square = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    Some(column.iter().map(|v| (v - mean) / square.sqrt()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> String {
        Table::parse(text, "t.csv").unwrap_err().to_string()
    }

    #[test]
    fn faults_name_line_and_column() {
        assert!(told("").contains("t.csv is empty"));
        assert!(told("a,b\n").contains("t.csv is empty"));
        assert!(told("a,b\n1,2\n3\n").contains("line 3: 1 fields, but the header has 2"));
        assert!(told("a,b\n1,2,3\n").contains("line 2: 3 fields"));
        assert!(told("a,b\n1,\n").contains("line 2, column b: the value is missing"));
        assert!(told("a,b\n1,high\n").contains("line 2, column b: \"high\" is not a number"));
        assert!(told("a,b\n1,2\nnan,2\n").contains("line 3, column a: nan is not finite"));
        assert!(told("a,b\n1,1e999\n").contains("line 2, column b: 1e999 is not finite"));
        assert!(told("a,a\n1,2\n").contains("two columns called \"a\""));
    }

    #[test]
    fn faults_of_use_name_the_column() {
        let table = Table::parse("a,b,c\n1,7,0\n2,7,1\n", "t.csv").unwrap();
        let constant = table.standardised("c").unwrap_err().to_string();
        assert!(constant.contains("column b: every value (from line 2 on) is 7"), "{constant}");
        let missing = table.standardised("d").unwrap_err().to_string();
        assert!(missing.contains("no column \"d\"; it has a, b, c"), "{missing}");
        let unreadable = Table::read(Path::new("no/such.csv")).unwrap_err().to_string();
        assert!(unreadable.contains("cannot read no/such.csv"), "{unreadable}");
    }

    proptest! {
        #[test]
        fn standardised_features_have_mean_0_and_mean_square_1(
            column in prop::collection::vec(-1e6..1e6f64, 2..50),
        ) {
            prop_assume!(column.iter().any(|v| (v - column[0]).abs() > 1e-3));
            let scaled = standardised(&column).unwrap();
            let n = scaled.len() as f64;
            prop_assert!((scaled.iter().sum::<f64>() / n).abs() < 1e-6);
            prop_assert!((scaled.iter().map(|v| v * v).sum::<f64>() / n - 1.0).abs() < 1e-6);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[0-9a,\\n\\.\"-]{0,60}") {
            let _ = Table::parse(&text, "t.csv");
        }
    }
}
