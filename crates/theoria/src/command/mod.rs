//! The verbs.

mod calibrate;
mod check;
mod list;
mod main_job;
mod report;
mod show;

pub(crate) use calibrate::calibrate;
pub(crate) use check::check;
pub(crate) use list::list;
pub(crate) use main_job::main_job;
pub(crate) use report::report;
pub(crate) use show::show;
