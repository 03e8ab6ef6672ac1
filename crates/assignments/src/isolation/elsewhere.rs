//! Away from Linux there is no isolation.

use std::process::{Child, Command, ExitCode};

use super::Limits;

/// There are no stages here.
pub fn enter(_: &str, _: &str) -> ExitCode {
    ExitCode::from(2)
}

/// Nothing is adopted.
pub fn adopt_orphans() {}

/// Starts a child.
pub(crate) fn spawn(command: &mut Command) -> std::io::Result<Child> {
    command.spawn()
}

/// Watches nothing.
pub(crate) struct Watch;

impl Watch {
    pub(crate) fn over(_: &Child, _: Limits) -> Self {
        Watch
    }

    pub(crate) fn reason(&self) -> Option<String> {
        None
    }

    pub(crate) fn kill(&self) {}
}
