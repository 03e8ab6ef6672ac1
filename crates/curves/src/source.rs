//! Where bytes come from: a file or standard input, plain or compressed by gzip (which its content says, not its name).

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read},
    path::{Path, PathBuf},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;

use crate::{Fault, fault::harmless, progress::Meter, signature};

/// How much of a file is looked at before it is read.
const HEAD: u64 = 1 << 16;
const BUFFER: usize = 1 << 18;
/// Standard input that has to be read twice is kept, up to this size.
const KEPT: u64 = 1 << 30;

/// A file as it was asked for, or standard input.
pub(crate) struct Source {
    path: PathBuf,
    /// What it is called in sentences.
    pub(crate) shown: String,
    kept: Option<Rc<[u8]>>,
}

/// Text that has been opened.
pub(crate) struct Opened {
    /// How it begins, without a byte order mark.
    pub(crate) head: Vec<u8>,
    /// Whether `head` is all of it.
    pub(crate) whole: bool,
    rest: Box<dyn BufRead>,
}

impl Opened {
    pub(crate) fn into_reader(self) -> Chain<Cursor<Vec<u8>>, Box<dyn BufRead>> {
        Cursor::new(self.head).chain(self.rest)
    }
}

impl Source {
    pub(crate) fn new(path: &Path) -> Self {
        let shown = if path == Path::new("-") {
            "standard input".to_owned()
        } else {
            harmless(&path.display().to_string())
        };
        Self { path: path.to_owned(), shown, kept: None }
    }

    pub(crate) fn is_standard_input(&self) -> bool {
        self.path == Path::new("-")
    }

    /// How long it is, where that is known before it is read.
    pub(crate) fn size(&self) -> Option<u64> {
        let metadata =
            if self.is_standard_input() { None } else { std::fs::metadata(&self.path).ok() };
        metadata.filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
    }

    /// Opens it and looks at how it begins.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, is empty, or is no text.
    pub(crate) fn open(&self, meter: &Meter<'_>) -> Result<Opened, Fault> {
        if let Some(kept) = &self.kept {
            let mut rest = Cursor::new(Rc::clone(kept));
            let mut head = Vec::new();
            rest.by_ref()
                .take(HEAD)
                .read_to_end(&mut head)
                .map_err(|error| self.cannot_read(&error, None))?;
            return self.look(head, Box::new(rest));
        }
        let bytes: Box<dyn Read> = if self.is_standard_input() {
            Box::new(meter.count(io::stdin()))
        } else {
            let file = File::open(&self.path).map_err(|error| self.cannot_open(&error))?;
            if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
                return Err(self.fault("this is a directory. Name the files in it, as in `theoria judge DIRECTORY/*.csv`"));
            }
            Box::new(meter.count(file))
        };
        let mut bytes = BufReader::with_capacity(BUFFER, bytes);
        let start = bytes.fill_buf().map_err(|error| self.cannot_read(&error, None))?;
        let mut rest: Box<dyn BufRead> = if start.starts_with(b"\x1f\x8b") {
            Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(bytes)))
        } else {
            Box::new(bytes)
        };
        let mut head = Vec::new();
        rest.by_ref()
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(|error| self.cannot_read(&error, None))?;
        self.look(head, rest)
    }

    fn look(&self, mut head: Vec<u8>, rest: Box<dyn BufRead>) -> Result<Opened, Fault> {
        if let Some(text) = signature::no_text(&head) {
            return Err(self.fault(text.replace("FILE", &crate::fault::typed(&self.shown))));
        }
        let whole = (head.len() as u64) < HEAD;
        if head.starts_with("\u{feff}".as_bytes()) {
            head.drain(..3);
        }
        if whole && head.trim_ascii().is_empty() {
            return Err(self.fault("the file is empty: nothing was logged"));
        }
        let old_mac = head.contains(&b'\r') && !head.contains(&b'\n');
        if old_mac && head.iter().position(|&byte| byte == b'\r') != Some(head.len() - 1) {
            return Err(self.fault(format!(
                "lines end in a carriage return alone. Type `tr '\\r' '\\n' < {} | theoria judge -`",
                crate::fault::typed(&self.shown)
            )));
        }
        Ok(Opened { head, whole, rest })
    }

    /// Keeps what was opened, so that it can be opened again; a file need not be kept.
    pub(crate) fn keep(&mut self, opened: Opened) -> Result<(), Fault> {
        if !self.is_standard_input() || self.kept.is_some() {
            return Ok(());
        }
        let mut kept = Vec::new();
        opened
            .into_reader()
            .take(KEPT + 1)
            .read_to_end(&mut kept)
            .map_err(|error| self.cannot_read(&error, None))?;
        if kept.len() as u64 > KEPT {
            return Err(self.fault("more than 1 GiB of JSON from standard input. Write it to a file, and name the file"));
        }
        self.kept = Some(kept.into());
        Ok(())
    }

    pub(crate) fn fault(&self, text: impl Into<String>) -> Fault {
        Fault::new(&self.shown, text)
    }

    fn cannot_open(&self, error: &io::Error) -> Fault {
        self.fault(match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::PermissionDenied => "permission to read it is denied".to_owned(),
            _ => format!("cannot be opened ({error})"),
        })
    }

    /// A failure while reading, after a line where that is known.
    pub(crate) fn cannot_read(&self, error: &io::Error, line: Option<u64>) -> Fault {
        cannot_read(&self.shown, error, line)
    }
}

/// A failure while reading `file`, after a line where that is known.
pub(crate) fn cannot_read(file: &str, error: &io::Error, line: Option<u64>) -> Fault {
    let gzip = "Type `gzip -dc FILE > log.csv` and look at what it has unpacked";
    let text = match error.kind() {
        ErrorKind::UnexpectedEof => {
            format!("what gzip compressed ends too early: the file is cut off. {gzip}")
        }
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            format!("what gzip compressed is damaged ({error}). {gzip}")
        }
        ErrorKind::IsADirectory => {
            "this is a directory. Name the files in it, as in `theoria judge DIRECTORY/*.csv`"
                .to_owned()
        }
        _ => format!("cannot be read ({error})"),
    };
    let fault = Fault::new(file, text.replace("FILE", &crate::fault::typed(file)));
    match line {
        Some(line) => fault.line_is(line),
        None => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_opened_again_and_again() {
        let mut report = |_| ();
        let meter = Meter::new(None, &mut report);
        let mut source = Source::new(Path::new("-"));
        let bytes = b"0123456789".repeat(10_000);
        let (head, rest) = bytes.split_at(HEAD as usize);
        let rest = Box::new(Cursor::new(rest.to_vec()));
        source.keep(Opened { head: head.to_vec(), whole: false, rest }).expect("kept");
        for _ in 0..2 {
            let mut read = Vec::new();
            let opened = source.open(&meter).expect("it is kept");
            opened.into_reader().read_to_end(&mut read).expect("in memory");
            assert!(read == bytes);
        }
    }
}
