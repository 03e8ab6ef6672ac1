//! Whether the first row of a table has names or numbers.

use crate::{
    Column, Fault, Selection, delimited::Delimited, header::Header, number::looks_numeric,
    record::Record,
};

/// What the first row of a table is.
pub(crate) struct FirstRow {
    pub(crate) header: Header,
    /// Whether it is data: the names stand in a comment before it, or nowhere.
    pub(crate) is_data: bool,
    /// Whether the names stand in a comment.
    pub(crate) is_comment: bool,
}

/// Tells what the first row is. `comment` is the last comment before it, and its line.
pub(crate) fn tell(
    record: &Record,
    comment: Option<(u64, String)>,
    delimiter: u8,
    file: &str,
    selection: &Selection,
) -> Result<FirstRow, Fault> {
    let numbers = record.cells().any(|cell| !cell.is_empty() && looks_numeric(cell));
    if let Some((line, comment)) = comment.filter(|_| numbers) {
        let mut names = Record::default();
        let mut comment = Delimited::new(comment.trim().as_bytes(), delimiter, file);
        if comment.next(&mut names).unwrap_or(false)
            && names.len() == record.len()
            && !names.cells().any(|cell| !cell.is_empty() && looks_numeric(cell))
        {
            let header = Header::new(file, line, names.cells());
            return Ok(FirstRow { header, is_data: true, is_comment: true });
        }
    }
    let all_numbers = numbers && record.cells().all(looks_numeric);
    if !(all_numbers || are_numbers(record, selection)) {
        let header = Header::new(file, record.line, record.cells());
        return Ok(FirstRow { header, is_data: false, is_comment: false });
    }
    if record.len() > 1 && record.cells().enumerate().all(|(index, cell)| cell == index.to_string())
    {
        let fault = Fault::new(
            file,
            "these may be names or numbers. Put a header before them, as in `step,loss`",
        );
        return Err(fault.line_is(record.line));
    }
    let header = Header::new(file, record.line, record.cells().map(|_| ""));
    Ok(FirstRow { header, is_data: true, is_comment: false })
}

/// Whether there are numbers where steps and values are asked for by number.
fn are_numbers(record: &Record, selection: &Selection) -> bool {
    let is_number = |column: &Option<Column>| {
        let Some(Column::Number(number)) = column else { return false };
        let cell = number.checked_sub(1).map_or("", |index| record.get(index));
        !cell.is_empty() && looks_numeric(cell)
    };
    is_number(&selection.step) && is_number(&selection.value)
}
