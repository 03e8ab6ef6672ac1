//! Logs as people have them, and as nobody should have them.

mod hostile;
mod logs;
mod refusals;
mod round_trip;
mod support;
mod tables;
