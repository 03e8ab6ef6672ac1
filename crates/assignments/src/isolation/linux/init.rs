//! The init: hides what is not the program's, gives up every right, and starts the program.

use std::fs::{create_dir, create_dir_all};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::mount::{MsFlags, mount};
use nix::sys::prctl::set_no_new_privs;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Gid, Pid, Uid, chdir, setgid, setgroups, setuid};

use super::{FAILED, StageError, end_with_the_parent, filters, processes};
use crate::isolation::{Confinement, Limits, STARTED, Tier, WORK};

const NOTHING: Option<&str> = None;

/// Ends as the program does, or becomes it.
pub(super) fn begin(confinement: &Confinement) -> Result<u8, StageError> {
    end_with_the_parent()?;
    // Before the view of the processes is another one.
    let processes = most_processes(confinement);
    let folder: PathBuf = match confinement.tier {
        Tier::Namespaces => hide(confinement)?,
        _ => confinement.folder.clone(),
    };
    chdir(&folder)?;
    limit(&confinement.limits, processes)?;
    if let Some(user) = confinement.user {
        let group = Gid::from_raw(user);
        setgroups(&[group])?;
        setgid(group)?;
        setuid(Uid::from_raw(user))?;
        // A change of the user forgets it.
        end_with_the_parent()?;
    }
    set_no_new_privs()?;
    if confinement.tier >= Tier::Restricted {
        filters::restrict_files(confinement, &folder)?;
        filters::restrict_calls()?;
    }
    let (name, arguments) = confinement.command.split_first().ok_or("no program is named")?;
    let program = if name.contains('/') { folder.join(name) } else { PathBuf::from(name) };
    let mut command = Command::new(&program);
    command.args(arguments);
    println!("{STARTED}");
    if confinement.tier == Tier::Namespaces {
        return reap(command, &program);
    }
    Err(not_started(&program, &command.exec()))
}

fn not_started(program: &Path, error: &std::io::Error) -> StageError {
    format!("{} could not be started: {error}", program.display()).into()
}

/// The first process of a tree gets the orphans of all others; with its end all of them end.
fn reap(mut command: Command, program: &Path) -> Result<u8, StageError> {
    let child = command.spawn().map_err(|error| not_started(program, &error))?;
    let child = Pid::from_raw(i32::try_from(child.id())?);
    loop {
        match waitpid(None, None)? {
            WaitStatus::Exited(pid, code) if pid == child => return Ok(code as u8),
            WaitStatus::Signaled(pid, signal, _) if pid == child => {
                return Ok(u8::try_from(128 + signal as i32).unwrap_or(FAILED));
            }
            _ => {}
        }
    }
}

/// A view of the files in which the folder, the shown folders and the system are all there is; where the folder lies in it.
fn hide(confinement: &Confinement) -> Result<PathBuf, StageError> {
    mount(NOTHING, "/", NOTHING, MsFlags::MS_REC | MsFlags::MS_PRIVATE, NOTHING)?;
    mount(Some("proc"), "/proc", Some("proc"), MsFlags::MS_NOSUID | MsFlags::MS_NODEV, NOTHING)?;
    // What is shown may lie in a folder that is about to be hidden, so it is bound to one that stays, first.
    let shown = confinement.shown.iter().map(|(from, to)| (from.as_path(), to.as_path(), false));
    let work = (confinement.folder.as_path(), Path::new(WORK), confinement.writable);
    let all: Vec<(&Path, &Path, bool)> = shown.chain([work]).collect();
    // The old place of each is kept open as a working directory in turn, and bound from there.
    let opened: Vec<std::fs::File> =
        all.iter().map(|(from, _, _)| std::fs::File::open(from)).collect::<Result<_, _>>()?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    for place in ["/tmp", "/dev/shm"] {
        if Path::new(place).is_dir() {
            mount(Some("tmpfs"), place, Some("tmpfs"), flags, Some("size=16m,mode=1777"))?;
        }
    }
    for ((_, to, writable), opened) in all.iter().zip(&opened) {
        create_dir_all(to)?;
        nix::unistd::fchdir(opened)?;
        mount(Some("."), *to, NOTHING, MsFlags::MS_BIND, NOTHING)?;
        if !writable {
            let remount = MsFlags::MS_BIND | MsFlags::MS_REMOUNT | MsFlags::MS_RDONLY;
            // Where one may not change what another user mounted, the file permissions alone keep the folder.
            let locked = mount(NOTHING, *to, NOTHING, remount | flags, NOTHING);
            if confinement.user.is_some() {
                locked?;
            }
        }
    }
    let own = Path::new("/tmp/own");
    create_dir(own)?;
    if let Some(user) = confinement.user {
        std::os::unix::fs::chown(own, Some(user), Some(user))?;
    }
    Ok(WORK.into())
}

/// How many processes the user may have that the program runs as. Where the program has a user of its own, as many as it may have
/// itself; else a few times more than the user has now, since the others count too, and the [watch](super::Watch) counts the program's.
fn most_processes(confinement: &Confinement) -> u64 {
    let most = confinement.limits.processes;
    if confinement.user.is_some() { most } else { processes::of_this_user() + 4 * most }
}

fn limit(limits: &Limits, processes: u64) -> Result<(), StageError> {
    for (resource, most) in [
        // A process that ignores the first signal is killed two seconds later.
        (Resource::RLIMIT_CPU, limits.cpu_seconds + 2),
        // Address space is none of ours: some languages reserve much and use little.
        (Resource::RLIMIT_DATA, limits.memory),
        (Resource::RLIMIT_NPROC, processes),
        (Resource::RLIMIT_NOFILE, limits.files),
        (Resource::RLIMIT_FSIZE, limits.file_size),
        (Resource::RLIMIT_CORE, 0),
    ] {
        setrlimit(resource, most, most)?;
    }
    Ok(())
}
