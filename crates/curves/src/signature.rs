//! Files that are no text, by how they begin.

const SIGNATURES: [(&[u8], &str, &str); 11] = [
    (b"PK\x03\x04", "a zip archive (a spreadsheet, NumPy's npz)", "Unpack it, or export it as CSV"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "Type `zstd -dc FILE | theoria judge -`"),
    (b"BZh", "compressed by bzip2", "Type `bzip2 -dc FILE | theoria judge -`"),
    (b"\xfd7zXZ", "compressed by xz", "Type `xz -dc FILE | theoria judge -`"),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it first"),
    (
        b"PAR1",
        "a Parquet file",
        "Export it as CSV: `pandas.read_parquet('FILE').to_csv('log.csv')`",
    ),
    (
        b"\x93NUMPY",
        "an array of NumPy",
        "Export it as CSV: `numpy.savetxt('log.csv', numpy.load('FILE'), delimiter=',')`",
    ),
    (b"\x89HDF", "an HDF5 file", "Export it as CSV"),
    (
        b"SQLite format 3",
        "an SQLite database",
        "Export the table as CSV: `sqlite3 -csv -header FILE 'SELECT …'`",
    ),
    (b"\x80\x04", "a pickle of Python", "Export it as CSV"),
    (b"\x80\x05", "a pickle of Python", "Export it as CSV"),
];

/// What is wrong with a file that begins like this, and what to do; `None` where it may be text.
pub(crate) fn no_text(head: &[u8]) -> Option<String> {
    if let Some((_, what, cure)) = SIGNATURES.iter().find(|(start, ..)| head.starts_with(start)) {
        return Some(format!("this is {what}, which is not read. {cure}"));
    }
    let utf_16 = "Type `iconv -f utf-16 -t utf-8 FILE | theoria judge -`";
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Some(format!("this is text in UTF-16; UTF-8 is read. {utf_16}"));
    }
    let every = |from: usize, zero: bool| {
        head.iter().skip(from).step_by(2).take(64).all(|&byte| (byte == 0) == zero)
    };
    let even = |from: usize| head.len() >= 8 && every(from, true) && every(1 - from, false);
    if even(1) || even(0) {
        let end = if even(1) { "le" } else { "be" };
        return Some(format!(
            "this is text in UTF-16; UTF-8 is read. {}",
            utf_16.replace("utf-16", &format!("utf-16{end}"))
        ));
    }
    // A TensorBoard event file is a sequence of records, the first of which holds its version.
    if head.windows(12).take(64).any(|window| window == b"brain.Event:") {
        return Some(
            "this is an event file of TensorBoard, which is not read. Download the curve as CSV (in TensorBoard, \"Show data download \
             links\")"
                .to_owned(),
        );
    }
    None
}
