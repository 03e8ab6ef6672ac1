//! What can go wrong with a solution, in words for whoever wrote it.

/// Why a solution could not be asked any further. A wrong answer is none: that is for the claims to say.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Fault {
    /// It could not be started.
    #[error("the program {program} could not be started: {reason}")]
    NotStarted {
        /// Its command line.
        program: String,
        /// What the system says.
        reason: String,
    },
    /// A project that is built first does not compile.
    #[error("your project does not compile:\n{output}")]
    NotBuilt {
        /// What the compiler said last.
        output: String,
    },
    /// What was handed in is not even tried.
    #[error("the submission is refused: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// Nothing came in time.
    #[error(
        "your program said nothing for {seconds} s after the message {asked:?}. Does it flush its output after each line? Does it \
         wait for a line that never comes, or loop for ever?"
    )]
    Silent {
        /// How long was waited.
        seconds: u64,
        /// The kind of the message that was not answered.
        asked: String,
    },
    /// A line without its end.
    #[error(
        "your program wrote {written:?} and no end of line after it: an answer is one whole line, ended by a newline and flushed"
    )]
    HalfALine {
        /// What came.
        written: String,
    },
    /// The program ended where an answer was due.
    #[error(
        "your program ended ({status}) where the message {asked:?} should have been answered{}",
        said(stderr)
    )]
    Ended {
        /// How it ended.
        status: String,
        /// The kind of the message that was not answered.
        asked: String,
        /// The last that it wrote to standard error.
        stderr: String,
    },
    /// It closed its output and went on.
    #[error(
        "your program closed its standard output where the message {asked:?} should have been answered"
    )]
    Closed {
        /// The kind of the message that was not answered.
        asked: String,
    },
    /// It panicked in process.
    #[error("the solution panicked: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// Bytes that are no text.
    #[error("byte {at} of the answer is not UTF-8: write text, or plain ASCII")]
    NotUtf8 {
        /// Counted from 1.
        at: usize,
    },
    /// A mark of the byte order.
    #[error(
        "the answer begins with a byte order mark (an invisible character that some editors and Windows encodings put first): \
         write UTF-8 without it"
    )]
    ByteOrderMark,
    /// A number that JSON does not have.
    #[error(
        "the answer holds a bare {word}, which JSON does not have: write the text \"{}\" if your method has diverged; the \
         helper files do so",
        word.trim_end_matches("inity").to_lowercase()
    )]
    BareNumber {
        /// As it was written.
        word: String,
    },
    /// Not JSON.
    #[error(
        "the answer is not a JSON object in one line ({reason}): {line:?}. Text that you print for yourself goes to standard error"
    )]
    NotJson {
        /// What the reader says.
        reason: String,
        /// The beginning of the line.
        line: String,
    },
    /// An answer that lacks what is asked.
    #[error("the answer has no {field:?}{}: {line}", others(names))]
    Missing {
        /// The name that is asked for.
        field: String,
        /// The names that are there.
        names: Vec<String>,
        /// The answer, its beginning.
        line: String,
    },
    /// A value of another kind.
    #[error("{field:?} should be {expected}, and is {found}")]
    WrongKind {
        /// The name.
        field: String,
        /// What is asked for.
        expected: String,
        /// What is there.
        found: String,
    },
    /// A list of another length.
    #[error("{field:?} should have {expected} numbers, and has {found}")]
    WrongDimension {
        /// The name.
        field: String,
        /// How many it should have.
        expected: usize,
        /// How many it has.
        found: usize,
    },
    /// Another version of the protocol, or another one altogether.
    #[error(
        "your program answered the greeting with {answered} and not with {{\"protocol\": 1}}: this grader speaks version 1 of the \
         protocol; take its helper file, or see docs/assignment-protocol.md"
    )]
    WrongProtocol {
        /// What it answered.
        answered: String,
    },
    /// More than a line may hold.
    #[error(
        "the answer is longer than {most} bytes: one answer is one short line, and what you print goes to standard error"
    )]
    TooLong {
        /// What a line may hold.
        most: usize,
    },
    /// The grader could not isolate it: no fault of the program's.
    #[error("the program could not be isolated: {reason}")]
    Isolation {
        /// What went wrong.
        reason: String,
    },
    /// Something that a limit forbids.
    #[error("your program {what}")]
    Limit {
        /// What it did, as the end of the sentence.
        what: String,
    },
}

impl Fault {
    /// Whether the same again would only cost the same time: then it is not tried again.
    pub fn is_final(&self) -> bool {
        matches!(self, Fault::Silent { .. } | Fault::Limit { .. } | Fault::NotStarted { .. })
    }
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() {
        String::new()
    } else {
        format!(". The last that it wrote to standard error:\n{stderr}")
    }
}

fn others(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(", only {}", names.join(", ")) }
}
