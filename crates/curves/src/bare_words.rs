//! `NaN` and `Infinity`, which Python writes into JSON although JSON has none, as strings.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// How much is read at once; then bytes are handed out one by one.
const BUFFER: usize = 1 << 16;

/// Bytes of JSON in which bare words for numbers stand within quotes; counts lines as they are read.
///
/// It hands out one byte at a time, so that whoever asks for no more than that knows on which line it is.
pub(crate) struct BareWords<R> {
    reader: R,
    buffer: Vec<u8>,
    at: usize,
    within_string: bool,
    escaped: bool,
    within_word: bool,
    /// A byte that comes before the next of `reader`.
    held: Option<u8>,
    line: Rc<Cell<u64>>,
}

impl<R: Read> BareWords<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::with_capacity(BUFFER),
            at: 0,
            within_string: false,
            escaped: false,
            within_word: false,
            held: None,
            line: Rc::new(Cell::new(1)),
        }
    }

    /// The line of what was read last.
    pub(crate) fn line(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.line)
    }

    /// The next byte of the reader, which stays the next.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.buffer.len() {
            self.buffer.clear();
            self.at = 0;
            self.reader.by_ref().take(BUFFER as u64).read_to_end(&mut self.buffer)?;
        }
        Ok(self.buffer.get(self.at).copied())
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        let Some(byte) = self.peek()? else {
            return Ok(if std::mem::take(&mut self.within_word) { Some(b'"') } else { None });
        };
        if self.within_word && !byte.is_ascii_alphabetic() {
            self.within_word = false;
            return Ok(Some(b'"'));
        }
        self.at += 1;
        if byte == b'\n' {
            self.line.set(self.line.get() + 1);
        }
        if self.within_string {
            self.within_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return Ok(Some(byte));
        }
        self.within_string = byte == b'"';
        let infinite = byte == b'-' && self.peek()? == Some(b'I');
        if !self.within_word && (infinite || byte == b'N' || byte == b'I') {
            self.within_word = true;
            self.held = Some(byte);
            return Ok(Some(b'"'));
        }
        Ok(Some(byte))
    }
}

impl<R: Read> Read for BareWords<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        let Some(byte) = self.byte()? else { return Ok(0) };
        *first = byte;
        Ok(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_outside_of_strings_are_quoted() {
        let mut text = String::new();
        let json = br#"[NaN,-Infinity, {"NaN\"I": "I", "x":Infinity}, -1, null] NaN"#;
        BareWords::new(json.as_slice()).read_to_string(&mut text).expect("valid text");
        assert_eq!(text, r#"["NaN","-Infinity", {"NaN\"I": "I", "x":"Infinity"}, -1, null] "NaN""#);
    }
}
