//! What a person sees in the terminal. Colours go where the stream takes them (`NO_COLOR` and
//! pipes are respected by `anstream`).

mod formula;
mod hunt_progress;
mod progress;
mod statement;
mod table;

pub(crate) use hunt_progress::HuntProgress;
pub(crate) use progress::Progress;
pub(crate) use statement::statement;
pub(crate) use table::{standings, verdicts};

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

use anstyle::{AnsiColor, Style};
use theoria_verification::{Standing, printable};

use crate::command::error::CommandError;

/// No line is longer, where it can be helped; nor where nobody says how wide a line may be.
const WIDEST: usize = 100;
/// Narrower than this no row of numbers is.
const NARROWEST: usize = 70;

/// How wide lines may be: as the terminal is, if one is written to.
pub(crate) fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(std::io::stdout());
    terminal.map_or(WIDEST, |(width, _)| usize::from(width.0).clamp(NARROWEST, WIDEST))
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const UNSURE: Style = AnsiColor::Yellow.on_default();

/// Text over as many lines as it takes, the first of them after `first`, the others after `rest`.
pub(crate) fn wrapped(text: &str, first: &str, rest: &str) -> String {
    textwrap::fill(
        text,
        textwrap::Options::new(width())
            .initial_indent(first)
            .subsequent_indent(rest)
            // 4.0e-9 is one word.
            .word_splitter(textwrap::WordSplitter::NoHyphenation),
    )
}

pub(crate) fn style_of(standing: Standing) -> Style {
    match standing {
        Standing::Holds => GOOD,
        Standing::Refuted | Standing::NotEvidence => BAD,
        Standing::Inconclusive => UNSURE,
    }
}

/// Prints a line of output.
macro_rules! say {
    ($($text:tt)*) => {
        crate::command::terminal::print_line(format_args!($($text)*))
    };
}
pub(crate) use say;

/// A reader who has seen enough (`| head`) is no error; a disk that is full is one.
pub(crate) fn print_line(text: Arguments) -> Result<(), CommandError> {
    match writeln!(anstream::stdout(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CommandError::Output(error)),
        _ => Ok(()),
    }
}

/// Prints a line to the error stream; where that cannot be written there is nobody to tell.
pub(crate) fn remark(text: Arguments) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

pub(crate) fn report_error(error: &CommandError) {
    remark(format_args!("{BAD}error:{BAD:#} {}", printable(&error.to_string())));
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn numbers_are_not_broken() {
        for before in 80..100 {
            let text = wrapped(&format!("{} 4.0e-9", "x".repeat(before)), "", "");
            assert!(text.contains("4.0e-9"), "{text}");
        }
    }
}
