//! What separates cells and what decimals, found from how a file begins.

use crate::{
    Decimal, Fault,
    columns::Columns,
    delimited::Delimited,
    fault::shown,
    header::Header,
    number::looks_numeric,
    record::{End, Record},
};

/// How many rows are looked at.
const ROWS: usize = 200;

/// The first rows of delimited text, as far as they stand in `head` as whole lines.
pub(crate) fn sample(
    head: &[u8],
    whole: bool,
    delimiter: u8,
    file: &str,
) -> Result<Vec<Record>, Fault> {
    let end = head.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let lines = if whole || end == 0 { head } else { &head[..end] };
    let mut reader = Delimited::new(lines, delimiter, file);
    let mut rows = Vec::new();
    let mut record = Record::default();
    while rows.len() < ROWS {
        match reader.next(&mut record) {
            Ok(true) => rows.push(std::mem::take(&mut record)),
            Ok(false) => break,
            // What is wrong further on is said when it is read.
            Err(fault) if rows.is_empty() => return Err(fault),
            Err(_) => break,
        }
    }
    Ok(rows)
}

/// How well a delimiter explains the rows: how many have as many cells as the first, and how many cells are numbers.
fn fit(rows: &[Record]) -> Option<(f64, f64)> {
    let (header, rows) = rows.split_first()?;
    if header.len() < 2 {
        return None;
    }
    let rows = rows.iter().filter(|row| row.end == End::Line).collect::<Vec<_>>();
    let share = |part: usize, of: usize| if of == 0 { 1.0 } else { part as f64 / of as f64 };
    let fitting = rows.iter().filter(|row| row.len() == header.len()).count();
    let cells = rows.iter().map(|row| row.len()).sum();
    let numbers =
        rows.iter().flat_map(|row| row.cells()).filter(|cell| looks_numeric(cell)).count();
    Some((share(fitting, rows.len()), share(numbers, cells)))
}

/// What separates cells; a comma where nothing does.
///
/// # Errors
///
/// If two delimiters explain the rows equally well.
pub(crate) fn delimiter(head: &[u8], whole: bool, file: &str) -> Result<u8, Fault> {
    let mut best: Option<(u8, (f64, f64))> = None;
    let mut tie = None;
    for delimiter in *b",\t;| " {
        // Blanks pad cells, and stand within names: they separate only where nothing else does.
        if delimiter == b' ' && best.is_some() {
            break;
        }
        let Some(fit) = sample(head, whole, delimiter, file).ok().and_then(|rows| fit(&rows))
        else {
            continue;
        };
        if delimiter == b' ' && fit.0 < 1.0 {
            continue;
        }
        match best {
            Some((_, other)) if fit < other => {}
            Some((first, other)) if fit == other => tie = Some((first, delimiter)),
            _ => (best, tie) = (Some((delimiter, fit)), None),
        }
    }
    if let Some((first, second)) = tie {
        return Err(Fault::new(
            file,
            format!(
                "cells may be separated by {} or by {}. Type `--delimiter` with the right one",
                named(first),
                named(second)
            ),
        )
        .line_is(1));
    }
    Ok(best.map_or(b',', |(delimiter, _)| delimiter))
}

/// A delimiter as it is named in a sentence.
pub(crate) fn named(delimiter: u8) -> String {
    match delimiter {
        b'\t' => "tabs".to_owned(),
        b' ' => "blanks".to_owned(),
        other => shown(&char::from(other).to_string()),
    }
}

/// The decimal sign of steps and values.
///
/// # Errors
///
/// If all commas of a column may as well stand between thousands, or all points of the steps where cells are separated by semicolons, as they
/// are in countries of decimal commas.
pub(crate) fn decimal(
    rows: &[Record],
    header: &Header,
    columns: &Columns,
    delimiter: u8,
) -> Result<Decimal, Fault> {
    let values = columns.values();
    let all = || values.iter().copied().chain([columns.step]);
    let points = all().find(|&column| signed(rows, column, '.').next().is_some());
    let doubtful = match points {
        Some(column) if column == columns.step && delimiter == b';' => Some((column, '.')),
        Some(_) => return Ok(Decimal::Point),
        None => None,
    };
    let doubtful = doubtful.into_iter().chain(all().map(|column| (column, ',')));
    let mut comma = false;
    for (column, sign) in doubtful {
        let mut cells = signed(rows, column, sign);
        let Some((line, cell)) = cells.next() else { continue };
        comma |= sign == ',';
        if may_be_thousands(cell, sign) && cells.all(|(_, cell)| may_be_thousands(cell, sign)) {
            let name = if sign == ',' { "comma" } else { "point" };
            let text = format!(
                "{} may have a decimal {name}, or one between thousands. Type `--decimal {name}` if it is the decimal sign; numbers with a \
                 sign between thousands are not read",
                shown(cell)
            );
            return Err(Fault::new(&header.file, text)
                .line_is(line)
                .column_is(header.quoted(column)));
        }
    }
    Ok(if comma { Decimal::Comma } else { Decimal::Point })
}

/// The cells of a column that are numbers with this sign, and their lines.
fn signed(rows: &[Record], column: usize, sign: char) -> impl Iterator<Item = (u64, &str)> {
    let number = |text: &str| text.replace(',', ".").parse::<f64>().is_ok();
    let whole = rows.iter().filter(|row| row.end == End::Line);
    let cells = whole.map(move |row| (row.line, row.get(column)));
    cells.filter(move |(_, text)| text.contains(sign) && number(text))
}

/// Whether a sign stands where one between thousands would.
fn may_be_thousands(text: &str, sign: char) -> bool {
    let text = text.trim_start_matches(['+', '-']);
    let mut parts = text.split(sign);
    let first = parts.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && !first.starts_with('0') && parts.all(|part| part.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Result<u8, Fault> {
        delimiter(text.as_bytes(), true, "log")
    }

    #[test]
    fn delimiters_are_found_by_how_rows_fit() {
        assert_eq!(found("a;b\n1;0,5\n2;0,25\n"), Ok(b';'));
        assert_eq!(found("a,x\tb\n1\t0.5\n"), Ok(b'\t'));
        assert_eq!(found("step loss\n1   0.5\n 10 0.25\n"), Ok(b' '));
        assert_eq!(found("\"a;b\",c\n1,2\n"), Ok(b','));
        assert_eq!(found("just one\n1\n"), Ok(b','));
        assert!(found("a;b,c\nx;y,z\n").is_err());
    }
}
