//! Processes whose parents are gone come to the grader, which ends them.

use std::collections::BTreeSet;
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};

use nix::sys::prctl::{get_child_subreaper, set_child_subreaper};

use super::processes;

/// The children that this process has started itself, by this module.
static OWN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// From now on whatever a submission leaves behind becomes a child of this process, and is ended when a program ends. For a
/// process that grades and starts no other children: they would be ended too.
pub fn adopt_orphans() {
    let _ = set_child_subreaper(true);
}

/// Starts a child that is not taken for an orphan.
pub(crate) fn spawn(command: &mut Command) -> std::io::Result<Child> {
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    let child = command.spawn()?;
    own.insert(child.id());
    Ok(child)
}

/// Ends the orphans that have come, if any are adopted. `ended` is a child whose end has been seen.
pub(super) fn end_orphans(ended: u32) {
    let mut own = OWN.lock().unwrap_or_else(PoisonError::into_inner);
    own.remove(&ended);
    if !get_child_subreaper().unwrap_or(false) {
        return;
    }
    let here = std::process::id();
    for _ in 0..1000 {
        let is_orphan =
            |process: &processes::Process| process.parent == here && !own.contains(&process.id);
        let orphans: Vec<u32> =
            processes::all().iter().filter(|process| is_orphan(process)).map(|p| p.id).collect();
        if orphans.is_empty() {
            return;
        }
        // What came of them first, lest it gets away meanwhile.
        orphans.iter().for_each(|orphan| processes::end_descendants(*orphan));
        processes::end(orphans);
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}
