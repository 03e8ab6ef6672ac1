//! What the system says of its processes, and how they are ended.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{metadata, read_dir, read_to_string};
use std::os::unix::fs::MetadataExt;

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, SysconfVar, getuid, sysconf};

/// One process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Process {
    pub(super) id: u32,
    pub(super) parent: u32,
    /// On the processor, with its children that have ended.
    pub(super) cpu_seconds: f64,
    pub(super) memory: u64,
    pub(super) threads: u64,
}

/// All processes that can be seen.
pub(super) fn all() -> Vec<Process> {
    let ids = read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter_map(|id| parsed(id, &read_to_string(format!("/proc/{id}/stat")).ok()?)).collect()
}

/// A line of /proc/ID/stat. The name, in parentheses, may hold anything.
fn parsed(id: u32, stat: &str) -> Option<Process> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_ascii_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    let ticks: u64 = (11..15).map(|place| number(place).unwrap_or(0)).sum();
    let unit = |name, otherwise| sysconf(name).ok().flatten().unwrap_or(otherwise);
    Some(Process {
        id,
        parent: fields.get(1)?.parse().ok()?,
        cpu_seconds: ticks as f64 / unit(SysconfVar::CLK_TCK, 100) as f64,
        threads: number(17)?,
        memory: number(21)? * unit(SysconfVar::PAGE_SIZE, 4096) as u64,
    })
}

/// Threads of all processes of the user who runs this.
pub(super) fn of_this_user() -> u64 {
    let own = getuid().as_raw();
    let is_own = |process: &Process| {
        let data = metadata(format!("/proc/{}", process.id));
        data.is_ok_and(|data| data.uid() == own)
    };
    all().iter().filter(|process| is_own(process)).map(|process| process.threads).sum()
}

/// A process and all that came of it.
pub(super) fn tree(root: u32) -> Vec<Process> {
    let mut children: BTreeMap<u32, Vec<Process>> = BTreeMap::new();
    let mut found = Vec::new();
    for process in all() {
        if process.id == root {
            found.push(process);
        } else {
            children.entry(process.parent).or_default().push(process);
        }
    }
    let mut next = vec![root];
    while let Some(parent) = next.pop() {
        for process in children.remove(&parent).unwrap_or_default() {
            next.push(process.id);
            found.push(process);
        }
    }
    found
}

/// Kills what came of a process until nothing is left, and waits for what is this one's child. One that forks while it is killed is
/// met again in the next round.
pub(super) fn end_descendants(root: u32) {
    for _ in 0..1000 {
        let descendants: Vec<Process> =
            tree(root).into_iter().filter(|process| process.id != root).collect();
        if descendants.is_empty() {
            return;
        }
        end(descendants.iter().map(|process| process.id));
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

/// Kills these, and buries those of them that are this process's children.
pub(super) fn end(ids: impl IntoIterator<Item = u32>) {
    let ids: BTreeSet<i32> = ids.into_iter().filter_map(|id| i32::try_from(id).ok()).collect();
    for id in &ids {
        let _ = kill(Pid::from_raw(*id), Signal::SIGKILL);
    }
    for id in &ids {
        let _ = waitpid(Pid::from_raw(*id), Some(WaitPidFlag::WNOHANG));
    }
}
