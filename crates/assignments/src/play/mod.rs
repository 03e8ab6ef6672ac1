//! Solutions at work: in this process, or as programs of their own; and how claims measure them.

mod descent;
mod in_process;
mod launch;
mod output;
mod program;
mod student;

use crate::protocol::{Answer, Fault};
use crate::theoria::Fields;

pub use descent::Descent;
pub use in_process::InProcess;
pub use launch::Launch;
pub use program::Program;
pub(crate) use program::run_to_the_end;
pub use student::Student;

/// Whoever answers messages, in whatever language.
pub trait Player: Send {
    /// The answer to a message.
    ///
    /// # Errors
    /// If there is none, or none that can be understood; the player is of no use any more.
    fn answer(&mut self, message: &Fields) -> Result<Answer, Fault>;
}
