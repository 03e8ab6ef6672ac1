//! Rows of delimited text.
//!
//! Its own reader rather than a general one, since a log must tell more than its cells: the line of each, quotes that never close,
//! a last line that was cut, and how many comments were passed over.

use std::io::{BufRead, Read};

use crate::{
    Fault,
    record::{End, Record},
    source::cannot_read,
};

/// A line longer than this is none.
const LONGEST_LINE: u64 = 1 << 24;
/// A quoted cell over more lines than this is taken for a quote that never closes.
const LONGEST_CELL: u64 = 1000;

/// Reads rows of delimited text.
pub(crate) struct Delimited<'a, R> {
    reader: R,
    delimiter: u8,
    file: &'a str,
    buffer: Vec<u8>,
    /// Whether the line in the buffer had an end.
    ended: bool,
    line: u64,
    /// Lines that begin with `#`.
    pub(crate) comments: u64,
    /// The last of them, without its `#`, and its line.
    pub(crate) comment: Option<(u64, String)>,
}

impl<'a, R: BufRead> Delimited<'a, R> {
    pub(crate) fn new(reader: R, delimiter: u8, file: &'a str) -> Self {
        Self {
            reader,
            delimiter,
            file,
            buffer: Vec::new(),
            ended: true,
            line: 0,
            comments: 0,
            comment: None,
        }
    }

    /// Reads the next row; `false` at the end.
    pub(crate) fn next(&mut self, record: &mut Record) -> Result<bool, Fault> {
        loop {
            if !self.fill()? {
                return Ok(false);
            }
            if let Some(comment) = self.buffer.strip_prefix(b"#") {
                self.comments += 1;
                self.comment = Some((self.line, String::from_utf8_lossy(comment).into_owned()));
            } else if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        record.clear();
        record.line = self.line;
        let mut at = 0;
        loop {
            at = self.cell(at, record)?;
            if at >= self.buffer.len() {
                break;
            }
            at += 1;
        }
        if !self.ended && record.end == End::Line {
            record.end = End::File;
        }
        Ok(true)
    }

    /// Reads the next line into the buffer, without its end.
    fn fill(&mut self) -> Result<bool, Fault> {
        self.buffer.clear();
        let read = self.reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|error| cannot_read(self.file, &error, Some(self.line + 1)))?;
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        self.ended = self.buffer.last() == Some(&b'\n');
        if !self.ended && read as u64 == LONGEST_LINE {
            return Err(self.fault("this line is longer than 16 MiB: is this a log?"));
        }
        if self.ended {
            self.buffer.pop();
        }
        while self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        if self.delimiter == b' ' {
            let whole = self.buffer.trim_ascii_end().len();
            self.buffer.truncate(whole);
        }
        if self.buffer.contains(&0) {
            return Err(self.fault("there are zero bytes, as a crash leaves them. Type `tr -d '\\000' < FILE | theoria judge -`"));
        }
        if let Err(error) = std::str::from_utf8(&self.buffer) {
            let valid = error.valid_up_to();
            // The last character of a file that was cut off.
            if !self.ended && error.error_len().is_none() {
                self.buffer.truncate(valid);
                return Ok(true);
            }
            return Err(self.fault(&format!(
                "byte {} of the line is not text in UTF-8. If it is Latin-1, type `iconv -f latin1 -t utf-8 FILE | theoria judge -`",
                valid + 1
            )));
        }
        Ok(true)
    }

    /// Reads the cell that begins at `at` and returns where its delimiter is, or the end of the line.
    fn cell(&mut self, at: usize, record: &mut Record) -> Result<usize, Fault> {
        let blank = |byte: u8| byte == b' ' || (byte == b'\t' && self.delimiter != b'\t');
        let start = at + self.buffer[at..].iter().take_while(|&&byte| blank(byte)).count();
        if self.buffer.get(start) == Some(&b'"') {
            return self.quoted(start + 1, record);
        }
        let is_end =
            |&byte: &u8| byte == self.delimiter || (self.delimiter == b' ' && byte == b'\t');
        let end = self.buffer[start..]
            .iter()
            .position(is_end)
            .map_or(self.buffer.len(), |length| start + length);
        record.push(self.text(start, end)?);
        Ok(end)
    }

    /// The same from behind an opening quote.
    fn quoted(&mut self, mut at: usize, record: &mut Record) -> Result<usize, Fault> {
        let opened = self.line;
        let mut cell = String::new();
        loop {
            let Some(length) = self.buffer[at..].iter().position(|&byte| byte == b'"') else {
                cell.push_str(self.text(at, self.buffer.len())?);
                cell.push('\n');
                let (ended, line) = (self.ended, self.line);
                if ended && line - opened < LONGEST_CELL && self.fill()? {
                    at = 0;
                    continue;
                }
                if !ended && line == opened {
                    record.push(&cell);
                    record.end = End::WithinQuotes;
                    return Ok(self.buffer.len());
                }
                self.line = opened;
                return Err(self.fault("a quote is opened here and not closed. Close it, or put `#` before the line to leave it out"));
            };
            cell.push_str(self.text(at, at + length)?);
            at += length + 1;
            if self.buffer.get(at) != Some(&b'"') {
                break;
            }
            cell.push('"');
            at += 1;
        }
        let end = at
            + self.buffer[at..]
                .iter()
                .take_while(|&&byte| byte == b' ' && self.delimiter != b' ')
                .count();
        match self.buffer.get(end) {
            None => record.end = if self.ended { End::Line } else { End::Quote },
            Some(&byte) if byte == self.delimiter => {}
            Some(_) => {
                return Err(self.fault(
                    "text follows a closing quote before the next delimiter. Type `--delimiter` with the character that separates cells, \
                     or put `#` before the line to leave it out",
                ));
            }
        }
        record.push(&cell);
        Ok(end)
    }

    fn text(&self, start: usize, end: usize) -> Result<&str, Fault> {
        // Lines are valid, and delimiters and quotes are ASCII; what is not ASCII as a delimiter is refused here.
        std::str::from_utf8(&self.buffer[start..end]).map_err(|_| {
            self.fault(
                "the delimiter cuts a character in two. Type `--delimiter` with an ASCII character",
            )
        })
    }

    fn fault(&self, text: &str) -> Fault {
        Fault::new(self.file, text.replace("FILE", &crate::fault::typed(self.file)))
            .line_is(self.line)
    }
}
