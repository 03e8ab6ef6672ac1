//! Numeric tables from CSV.

mod error;
mod guess;
mod read;
mod standardised;

use std::path::Path;

use super::DataSet;
use crate::{Matrix, Vector};

pub use error::DataError;

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
    /// If the file cannot be read, or is not a table of finite numbers. The message says what the file seems to be
    /// (tabs, a comment, no header, row names ...) and what helps.
    pub fn read(path: &Path) -> Result<Self, DataError> {
        let bytes = std::fs::read(path)
            .map_err(|source| DataError::Unreadable { path: path.into(), source })?;
        read::table(&bytes, &path.display().to_string())
    }

    /// The same from a text; `name` is what errors call it.
    ///
    /// # Errors
    /// If it is not a table of finite numbers.
    pub fn parse(text: &str, name: &str) -> Result<Self, DataError> {
        read::table(text.as_bytes(), name)
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
    /// If there is no such column, or if a feature is constant but for rounding.
    pub fn standardised(&self, target: &str) -> Result<DataSet, DataError> {
        let targets = Vector::from_row_slice(self.column(target)?);
        let mut features = Vec::new();
        for (name, column) in self.names.iter().zip(&self.columns) {
            if name != target {
                features.push(standardised::standardised(column).ok_or_else(|| {
                    DataError::Constant {
                        name: self.name.clone(),
                        column: name.clone(),
                        value: column[0],
                    }
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

#[cfg(test)]
mod tests;
