//! What a file is that is no table as it should be.

/// What the first lines seem to be instead of a header with numbers under it, and what helps; none if they may be that.
pub(super) fn guess(header: &[String], rows: &[&[String]]) -> Option<String> {
    let first = header.first().map(String::as_str).unwrap_or_default();
    if first.to_ascii_lowercase().starts_with("sep=") {
        return Some("a spreadsheet wrote this line to name its separator: delete it".into());
    }
    if first.starts_with(['#', '%']) || first.starts_with("//") {
        let commented = first.trim_start_matches(['#', '%', '/']).trim();
        let as_wide = rows.first().is_some_and(|row| row.len() == header.len());
        return Some(if header.len() > 1 && as_wide && !commented.is_empty() {
            format!("a header behind a comment sign? Delete the sign before {commented:?}")
        } else {
            "this line looks like a comment: delete it, so that the file begins with the column names".into()
        });
    }
    if header.len() == 1
        && let Some(seen) = other_separator(first, rows)
    {
        return Some(seen);
    }
    if header.iter().all(|field| is_number(field)) {
        return Some(
            "this is a line of numbers where the column names should stand: is there no header? Write one above it"
                .into(),
        );
    }
    let more = |row: &&[String]| row.len() == header.len() + 1 && !is_number(&row[0]);
    let counted = |row: &&[String]| row.len() == header.len() + 1;
    if !rows.is_empty() && rows.iter().all(more) {
        return Some(
            "each row has a name, which the header has none for: drop the row names".into(),
        );
    }
    if rows.len() > 1
        && rows.iter().all(counted)
        && !rows.iter().any(|row| row.last().is_some_and(String::is_empty))
    {
        return Some(
            "each row has one field more than the header: are there row numbers? Drop them, or name their column"
                .into(),
        );
    }
    let open_ended = |row: &&[String]| row.last().is_some_and(String::is_empty);
    if rows.len() > 1 && rows.iter().all(counted) && rows.iter().all(open_ended) {
        return Some("each row ends with a comma: drop it".into());
    }
    let named = |row: &&[String]| row.len() == header.len() && row.len() > 1 && is_name(&row[0]);
    if rows.len() > 1 && rows.iter().all(named) {
        return Some(format!("the column {first:?} holds names, not numbers: drop it"));
    }
    None
}

/// Whether a table whose lines are one field each has its columns apart by something else.
fn other_separator(header: &str, rows: &[&[String]]) -> Option<String> {
    let everywhere = |separator: char| {
        header.contains(separator)
            && rows.iter().all(|row| row.iter().any(|field| field.contains(separator)))
    };
    [('\t', "tabs"), (';', "semicolons"), ('|', "bars"), (' ', "blanks")]
        .into_iter()
        .find(|(separator, _)| everywhere(*separator))
        .map(|(_, word)| {
            format!(
                "the columns seem to be separated by {word}, not by commas: save it with commas"
            )
        })
}

fn is_number(field: &str) -> bool {
    field.parse::<f64>().is_ok()
}

fn is_name(field: &str) -> bool {
    !is_number(field) && field.starts_with(|c: char| c.is_alphabetic())
}
