//! How far reading has come.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
    time::{Duration, Instant},
};

/// How far reading has come.
///
/// ```
/// # use theoria_curves::{Selection, read};
/// # let folder = tempfile::tempdir().unwrap();
/// # let file = folder.path().join("log.csv");
/// std::fs::write(&file, "step,loss\n1,0.5\n").unwrap();
/// let mut last = None;
/// read(&[file], &Selection::default(), &mut |progress| last = Some(progress)).unwrap();
/// assert_eq!(last.and_then(|progress| progress.total), Some(16));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read so far, of all files, as they lie on the disk.
    pub bytes: u64,
    /// Bytes of all files, where that is known.
    pub total: Option<u64>,
    /// Rows read so far.
    pub rows: u64,
}

const PAUSE: Duration = Duration::from_millis(500);

/// Reports progress twice a second.
pub(crate) struct Meter<'a> {
    half_bytes: Rc<Cell<u64>>,
    weight: Rc<Cell<u64>>,
    total: Option<u64>,
    rows: u64,
    last: Instant,
    report: &'a mut dyn FnMut(Progress),
}

impl<'a> Meter<'a> {
    pub(crate) fn new(total: Option<u64>, report: &'a mut dyn FnMut(Progress)) -> Self {
        Self {
            half_bytes: Rc::default(),
            weight: Rc::new(Cell::new(2)),
            total,
            rows: 0,
            last: Instant::now(),
            report,
        }
    }

    /// From here on each byte counts half, since all are read twice (or, again, whole).
    pub(crate) fn reads_twice(&self, twice: bool) {
        self.weight.set(if twice { 1 } else { 2 });
    }

    pub(crate) fn count<R: Read>(&self, reader: R) -> Counted<R> {
        Counted { reader, half_bytes: Rc::clone(&self.half_bytes), weight: Rc::clone(&self.weight) }
    }

    pub(crate) fn row(&mut self) {
        self.rows += 1;
        self.look(self.rows);
    }

    /// Reports, if it is time to, at some of the rows.
    pub(crate) fn look(&mut self, row: u64) {
        // The clock costs more than a row.
        if row.is_multiple_of(1024) && self.last.elapsed() >= PAUSE {
            self.report();
        }
    }

    pub(crate) fn report(&mut self) {
        self.last = Instant::now();
        (self.report)(Progress {
            bytes: self.half_bytes.get().div_ceil(2),
            total: self.total,
            rows: self.rows,
        });
    }
}

/// A reader whose bytes are counted.
pub(crate) struct Counted<R> {
    reader: R,
    half_bytes: Rc<Cell<u64>>,
    weight: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.half_bytes.set(self.half_bytes.get() + self.weight.get() * read as u64);
        Ok(read)
    }
}
