//! How the grader and a solution talk: one JSON object a line, see `docs/assignment-protocol.md`.
//!
//! What is said is made of [`Fields`], the same that a solution in Rust is handed. A solution is trusted in nothing:
//! each way to go wrong is a [`Fault`] with a sentence of its own.

mod answer;
mod fault;
mod line;

use crate::theoria::Fields;

pub use answer::Answer;
pub use fault::Fault;
pub use line::{MOST_BYTES, line_of, read_line};

/// The version that is spoken here. It changes when a solution that was written before would no longer be understood.
pub const PROTOCOL: u32 = 1;

/// The first message: which protocol is spoken, and about which assignment.
pub fn hello(assignment: &str) -> Fields {
    Fields::new()
        .with("message", "hello")
        .with("protocol", f64::from(PROTOCOL))
        .with("assignment", assignment)
}

/// A new instance, with what is known of it.
pub fn begin(instance: &Fields) -> Fields {
    of_kind("begin", instance)
}

/// What the oracle answered.
pub fn tell(told: &Fields) -> Fields {
    of_kind("tell", told)
}

fn of_kind(kind: &str, fields: &Fields) -> Fields {
    fields.all().fold(Fields::new().with("message", kind), |all, (name, value)| {
        all.with(name, value.clone())
    })
}
