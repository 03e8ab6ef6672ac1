//! What a solution answered.

use super::Fault;
use super::line::beginning;
use crate::theoria::{Fields, Value};

/// Named values that a solution answered, of which nothing is known yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    fields: Fields,
    /// The beginning of its line, where there was one.
    line: Option<String>,
}

impl Answer {
    pub(crate) fn new(fields: Fields, line: String) -> Self {
        Answer { fields, line: Some(line) }
    }

    /// Of a solution that runs in this process.
    pub fn of(fields: Fields) -> Self {
        Answer { fields, line: None }
    }

    /// The answer as it was written, or would be, its beginning.
    pub fn line(&self) -> String {
        self.line.clone().unwrap_or_else(|| beginning(&self.fields.to_line()))
    }

    /// A number, which may be infinite or NaN.
    ///
    /// # Errors
    /// If there is none of this name, or it is something else.
    pub fn number(&self, name: &str) -> Result<f64, Fault> {
        match self.value(name)? {
            Value::Number(number) => Ok(*number),
            other => Err(wrong(name, "a number".into(), other)),
        }
    }

    /// A list of so many numbers.
    ///
    /// # Errors
    /// If there is none of this name, or it is something else, or of another length.
    pub fn vector(&self, name: &str, dimension: usize) -> Result<Vec<f64>, Fault> {
        match self.value(name)? {
            Value::Vector(vector) => of_length(name, dimension, vector).cloned(),
            other => Err(wrong(name, format!("a list of {dimension} numbers"), other)),
        }
    }

    /// So many rows of so many numbers.
    ///
    /// # Errors
    /// If there is none of this name, or it is something else, or of another size.
    pub fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Vec<Vec<f64>>, Fault> {
        self.lists(name, &vec![columns; rows])
    }

    /// Rows of so many numbers, however many rows there are.
    ///
    /// # Errors
    /// If there is none of this name, or it is something else, or a row is of another length.
    pub fn rows(&self, name: &str, columns: usize) -> Result<Vec<Vec<f64>>, Fault> {
        match self.value(name)? {
            Value::Matrix(rows) => {
                rows.iter().map(|row| of_length(name, columns, row).cloned()).collect()
            }
            Value::Vector(none) if none.is_empty() => Ok(Vec::new()),
            other => Err(wrong(name, format!("a list of lists of {columns} numbers"), other)),
        }
    }

    /// One list for each of these lengths.
    ///
    /// # Errors
    /// If there is none of this name, or it is something else, or of other lengths.
    pub fn lists(&self, name: &str, lengths: &[usize]) -> Result<Vec<Vec<f64>>, Fault> {
        match self.value(name)? {
            Value::Matrix(lists) if lists.len() == lengths.len() => lists
                .iter()
                .zip(lengths)
                .map(|(list, &length)| of_length(name, length, list).cloned())
                .collect(),
            other => {
                Err(wrong(name, format!("a list of {} lists of numbers", lengths.len()), other))
            }
        }
    }

    fn value(&self, name: &str) -> Result<&Value, Fault> {
        self.fields.get(name).ok_or_else(|| Fault::Missing {
            field: name.into(),
            names: self.fields.all().map(|(name, _)| name.into()).collect(),
            line: self.line(),
        })
    }
}

fn of_length<'a>(name: &str, length: usize, list: &'a Vec<f64>) -> Result<&'a Vec<f64>, Fault> {
    if list.len() == length {
        return Ok(list);
    }
    Err(Fault::WrongDimension { field: name.into(), expected: length, found: list.len() })
}

fn wrong(field: &str, expected: String, found: &Value) -> Fault {
    let found = match found {
        Value::Number(number) => format!("the number {number}"),
        Value::Text(text) => format!("the text {:?}", beginning(text)),
        Value::Vector(vector) => format!("a list of {} numbers", vector.len()),
        Value::Matrix(rows) => format!("a list of {} lists", rows.len()),
    };
    Fault::WrongKind { field: field.into(), expected, found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_with_the_lengths_that_were_asked_for() {
        let lists = vec![vec![1.0, 2.0], vec![3.0]];
        let answer = Answer::of(Fields::new().with("weights", lists.clone()).with("point", 1.0));
        assert_eq!(answer.lists("weights", &[2, 1]).unwrap(), lists);
        let shorter = answer.lists("weights", &[2, 2]).unwrap_err().to_string();
        assert!(shorter.contains('2') && shorter.contains("weights"), "{shorter}");
        let fewer = answer.lists("weights", &[2]).unwrap_err().to_string();
        assert!(fewer.contains("a list of 1 lists"), "{fewer}");
        assert!(answer.rows("weights", 2).is_err() && answer.rows("point", 2).is_err());
        let missing = answer.rows("path", 2).unwrap_err().to_string();
        assert!(missing.contains("weights") && missing.contains("path"), "{missing}");
    }

    #[test]
    fn there_may_be_any_number_of_rows() {
        let answer = |rows: Vec<Vec<f64>>| Answer::of(Fields::new().with("path", rows));
        assert_eq!(answer(vec![vec![1.0]; 3]).rows("path", 1).unwrap().len(), 3);
        let none = Answer::of(Fields::new().with("path", Vec::<f64>::new()));
        assert_eq!(none.rows("path", 1).unwrap().len(), 0);
        assert_eq!(answer(Vec::new()).rows("path", 1).unwrap().len(), 0);
    }
}
