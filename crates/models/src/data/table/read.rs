//! From bytes to columns.

use super::guess::guess;
use super::{DataError, Table};

/// A line of the file as fields.
struct Record {
    line: u64,
    fields: Vec<String>,
}

pub(super) fn table(bytes: &[u8], name: &str) -> Result<Table, DataError> {
    let guessed = |line, guess| DataError::Guessed { name: name.into(), line, guess };
    let text = text(bytes).map_err(|(line, guess)| guessed(line, guess))?;
    let records = records(text, name)?;
    let Some((header, rows)) = records.split_first().filter(|(_, rows)| !rows.is_empty()) else {
        return Err(match records.first().and_then(|only| guess(&only.fields, &[])) {
            Some(seen) => guessed(records[0].line, seen),
            None => DataError::Empty { name: name.into() },
        });
    };
    let first_rows: Vec<&[String]> = rows.iter().take(3).map(|row| &row.fields[..]).collect();
    if let Some(seen) = guess(&header.fields, &first_rows) {
        return Err(guessed(header.line, seen));
    }
    check_names(header, name)?;
    let names = header.fields.clone();
    let mut columns = vec![Vec::with_capacity(rows.len()); names.len()];
    for Record { line, fields } in rows {
        let line = *line;
        if fields.first().is_some_and(|field| field.starts_with('#')) {
            return Err(guessed(line, "this line looks like a comment: delete it".into()));
        }
        if fields.len() != names.len() {
            let (found, expected) = (fields.len(), names.len());
            return Err(DataError::Ragged { name: name.into(), line, found, expected });
        }
        for ((field, column), values) in fields.iter().zip(&names).zip(&mut columns) {
            values.push(number(field, name, line, column)?);
        }
    }
    Ok(Table { name: name.into(), names, columns })
}

/// The text, without a mark of byte order; else the line and what it is instead.
fn text(bytes: &[u8]) -> Result<&str, (u64, String)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line_of = |at: usize| 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
    let zeros = bytes.iter().take(64).filter(|byte| **byte == 0).count();
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || zeros > 1 {
        return Err((1, "this is UTF-16 (or no text): save it as CSV in UTF-8".into()));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        (line_of(error.valid_up_to()), "this is not UTF-8: save it as CSV in UTF-8".into())
    })?;
    let strange = |c: &(usize, char)| c.1.is_control() && !"\t\n\r".contains(c.1);
    match text.char_indices().find(strange) {
        None => Ok(text),
        Some((at, c)) => Err((
            line_of(at),
            format!(
                "a control character ({}) stands here: save it as plain CSV",
                c.escape_unicode()
            ),
        )),
    }
}

/// Lines that are not empty, with their numbers in the file: the reader itself does not count empty ones.
fn records(text: &str, name: &str) -> Result<Vec<Record>, DataError> {
    // Carriage returns alone ended lines once.
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(unified.as_bytes());
    let mut records = Vec::new();
    let mut raw = csv::StringRecord::new();
    // Byte and line of what has been counted so far.
    let (mut counted, mut line) = (0, 1);
    loop {
        let more = reader.read_record(&mut raw).map_err(|error| DataError::Malformed {
            name: name.into(),
            reason: error.to_string(),
        })?;
        if !more {
            return Ok(records);
        }
        let start = raw.position().map_or(0, |position| position.byte() as usize);
        let start = start.min(unified.len());
        // The position is where the line before ended: empty lines lie between.
        let blank = unified[start..].bytes().take_while(|byte| *byte == b'\n').count();
        line +=
            unified[counted..start + blank].bytes().filter(|byte| *byte == b'\n').count() as u64;
        counted = start + blank;
        if raw.iter().any(|field| !field.is_empty()) || raw.len() > 1 {
            records.push(Record { line, fields: raw.iter().map(str::to_owned).collect() });
        }
    }
}

fn check_names(header: &Record, name: &str) -> Result<(), DataError> {
    for (i, column) in header.fields.iter().enumerate() {
        let name = || name.to_owned();
        if column.is_empty() {
            return Err(DataError::Unnamed { name: name(), line: header.line, position: i + 1 });
        }
        if header.fields[..i].contains(column) {
            return Err(DataError::DuplicateColumn { name: name(), column: column.clone() });
        }
    }
    Ok(())
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
