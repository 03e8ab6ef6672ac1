//! The launcher: makes the namespaces, starts the init in them, and leaves nothing behind.

use std::fs::write;

use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::set_child_subreaper;
use nix::unistd::{getgid, getuid};

use super::{StageError, code_of, end_with_the_parent, processes};
use crate::isolation::{Confinement, Launcher, Tier};

/// Ends as the program does.
pub(super) fn launch(confinement: &Confinement) -> Result<u8, StageError> {
    end_with_the_parent()?;
    set_child_subreaper(true)?;
    if confinement.tier == Tier::Namespaces {
        enter_namespaces()?;
    }
    // The stage is named by the last two arguments; those before lead here.
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let own = arguments.len().saturating_sub(2);
    let launcher = Launcher::of_this_program(arguments.into_iter().take(own))?;
    let status = launcher.stage("init", confinement).status()?;
    // Without a process tree of its own what the program has left is adopted here.
    processes::end_descendants(std::process::id());
    Ok(code_of(status))
}

/// A process tree, a view of the files, a network and shared memory of one's own. Without root that takes a user namespace, in
/// which one is root: with any other name the rights that mounting needs would be lost at the next start.
fn enter_namespaces() -> Result<(), StageError> {
    let (user, group) = (getuid(), getgid());
    let mut flags = CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWNET
        | CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWIPC;
    if !user.is_root() {
        flags |= CloneFlags::CLONE_NEWUSER;
    }
    unshare(flags)?;
    if !user.is_root() {
        write("/proc/self/setgroups", "deny")?;
        write("/proc/self/uid_map", format!("0 {user} 1"))?;
        write("/proc/self/gid_map", format!("0 {group} 1"))?;
    }
    Ok(())
}
