//! What a program writes, read by threads of their own, so that nothing it does can block the grader.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::protocol::MOST_BYTES;

/// Lines that wait for the grader; a program that writes more has to wait itself.
const WAITING: usize = 64;
/// How much of standard error is kept.
const TAIL: usize = 4000;

/// What comes out of standard output.
#[derive(Debug)]
pub(super) enum Event {
    /// A line, without its end.
    Line(Vec<u8>),
    /// More than a line may hold.
    TooLong,
    /// More than all lines may hold.
    Flood,
    /// The end, after these bytes without an end of line.
    End(Vec<u8>),
}

/// Standard output, line by line.
pub(super) struct Lines {
    events: Receiver<Event>,
    /// What has come of the line that is being read.
    unfinished: Arc<Mutex<Vec<u8>>>,
}

impl Lines {
    /// Reads at most so many bytes.
    pub(super) fn of(output: impl Read + Send + 'static, most: u64) -> Self {
        let (send, events) = sync_channel(WAITING);
        let unfinished = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&unfinished);
        thread::spawn(move || read(output, most, &send, &shared));
        Lines { events, unfinished }
    }

    pub(super) fn events(&self) -> &Receiver<Event> {
        &self.events
    }

    /// The beginning of the line that has no end yet.
    pub(super) fn unfinished(&self) -> String {
        let bytes = self.unfinished.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Until the end, or until nobody listens.
fn read(output: impl Read, most: u64, send: &SyncSender<Event>, unfinished: &Mutex<Vec<u8>>) {
    let mut output = BufReader::new(output);
    let mut all: u64 = 0;
    let mut line = Vec::new();
    loop {
        let (taken, ended) = match output.fill_buf() {
            Ok([]) | Err(_) => break,
            Ok(bytes) => {
                let end = bytes.iter().position(|&byte| byte == b'\n');
                line.extend_from_slice(&bytes[..end.unwrap_or(bytes.len())]);
                (end.map_or(bytes.len(), |end| end + 1), end.is_some())
            }
        };
        output.consume(taken);
        all += taken as u64;
        let wrong = match (line.len() > MOST_BYTES, all > most) {
            (true, _) => Some(Event::TooLong),
            (_, true) => Some(Event::Flood),
            _ => None,
        };
        if let Some(wrong) = wrong {
            let _ = send.send(wrong);
            return;
        }
        if let Ok(mut unfinished) = unfinished.lock() {
            unfinished.clear();
            if !ended {
                unfinished.extend(line.iter().take(TAIL));
            }
        }
        if ended && send.send(Event::Line(std::mem::take(&mut line))).is_err() {
            return;
        }
    }
    let _ = send.send(Event::End(line));
}

/// The last that was written to standard error.
#[derive(Clone, Default)]
pub(super) struct Tail {
    bytes: Arc<Mutex<Vec<u8>>>,
}

impl Tail {
    /// Reads to the end and keeps the last of it.
    pub(super) fn of(mut errors: impl Read + Send + 'static) -> Self {
        let tail = Tail::default();
        let kept = tail.clone();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = errors.read(&mut buffer) {
                let Ok(mut bytes) = kept.bytes.lock() else { return };
                bytes.extend_from_slice(&buffer[..read]);
                let excess = bytes.len().saturating_sub(TAIL);
                bytes.drain(..excess);
            }
        });
        tail
    }

    /// As text, without what a terminal would act on.
    pub(super) fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        let visible = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        text.chars().filter(visible).collect::<String>().trim_end().into()
    }
}
