//! What a program may do, handed from the grader to the launcher and from there to the init.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::Tier;

/// Where the folder of a program lies in its own view of the files.
pub const WORK: &str = "/tmp/work";

/// The line that comes out just before the program begins. Where it does not come the grader failed; after it nothing that the program
/// writes is taken for a failure of the grader's.
pub const STARTED: &str = "theoria: started";

/// What a program may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Seconds on the processor, of all its processes together.
    pub cpu_seconds: u64,
    /// Bytes of memory, of all its processes together.
    pub memory: u64,
    /// Processes and threads.
    pub processes: u64,
    /// Open files of a process.
    pub files: u64,
    /// Bytes of a file that it writes.
    pub file_size: u64,
    /// Seconds by the clock until an answer: a program that computes for so long has used up its time on the processor, and one that
    /// does not waits for ever.
    pub answer_seconds: u64,
    /// Seconds by the clock from its start, a backstop: generous, since a busy machine is no fault of the program's.
    pub wall_seconds: u64,
}

impl Default for Limits {
    /// For a solution.
    fn default() -> Self {
        Limits {
            cpu_seconds: 30,
            memory: 1 << 30,
            processes: 64,
            files: 256,
            file_size: 16 << 20,
            answer_seconds: 60,
            wall_seconds: 600,
        }
    }
}

impl Limits {
    /// For a compiler.
    pub fn of_a_build() -> Self {
        Limits {
            cpu_seconds: 300,
            memory: 3 << 30,
            processes: 256,
            files: 1024,
            file_size: 512 << 20,
            answer_seconds: 1800,
            wall_seconds: 1800,
        }
    }
}

/// A program with all that it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// How well it is kept apart.
    pub tier: Tier,
    /// Its folder, absolute; the program begins there.
    pub folder: PathBuf,
    /// Whether it may write there.
    pub writable: bool,
    /// A folder of its own for temporary files, absolute.
    pub temporary: PathBuf,
    /// The user that it runs as, where whoever grades is root.
    pub user: Option<u32>,
    /// What it may use up.
    pub limits: Limits,
    /// Folders that it may read beside the system's: interpreters.
    pub readable: Vec<PathBuf>,
    /// Folders that are shown to it elsewhere, with namespaces alone: interpreters that only root may read.
    pub shown: Vec<(PathBuf, PathBuf)>,
    /// Program and arguments; a relative program lies in the folder.
    pub command: Vec<String>,
    /// The whole of its environment.
    pub environment: Vec<(String, String)>,
}

/// The program that serves as launcher and init: the one that runs now, with the arguments that lead it there.
#[derive(Debug, Clone)]
pub struct Launcher {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Launcher {
    /// This program, which calls [`enter`](super::enter) when it is started with these arguments and two more.
    ///
    /// # Errors
    /// If the system does not say which program this is.
    pub fn of_this_program(
        arguments: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> std::io::Result<Self> {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Ok(Launcher { program: std::env::current_exe()?, arguments })
    }

    /// A command that becomes this stage for the confinement, with a clean environment.
    pub(crate) fn stage(&self, stage: &str, confinement: &Confinement) -> Command {
        let mut command = Command::new(&self.program);
        // What is made of numbers, texts and paths alone can be written.
        let spec = serde_json::to_string(confinement).unwrap_or_default();
        command.args(&self.arguments).arg(stage).arg(spec);
        command.env_clear().envs(confinement.environment.iter().cloned());
        command
    }

    /// Whether a program that does nothing comes back at this tier.
    pub(super) fn works_at(&self, tier: Tier) -> bool {
        let Ok(folder) = Scratch::new() else {
            return false;
        };
        let confinement = Confinement {
            tier,
            folder: folder.path().into(),
            writable: false,
            temporary: folder.path().into(),
            user: user_of(0),
            limits: Limits::default(),
            readable: Vec::new(),
            shown: Vec::new(),
            command: vec!["true".into()],
            environment: vec![("PATH".into(), SYSTEM_PATH.into())],
        };
        let mut command = self.stage("launch", &confinement);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    }
}

/// Where programs of the system lie.
pub(crate) const SYSTEM_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The first of the users that submissions run as, where whoever grades is root: beyond those that systems give to people.
const FIRST_USER: u32 = 210_000;

/// The user of the submission with this number, where whoever grades may change to one.
pub(crate) fn user_of(submission: u32) -> Option<u32> {
    is_root().then_some(FIRST_USER + submission)
}

#[cfg(target_os = "linux")]
pub(crate) fn is_root() -> bool {
    nix::unistd::Uid::effective().is_root()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn is_root() -> bool {
    false
}

/// A new folder that is removed in the end, which others may pass through and not read.
pub(crate) struct Scratch {
    path: PathBuf,
}

impl Scratch {
    pub(crate) fn new() -> std::io::Result<Self> {
        let name = format!("theoria-{}-{:016x}", std::process::id(), rand::random::<u64>());
        let path = std::env::temp_dir().canonicalize()?.join(name);
        std::fs::create_dir(&path)?;
        let scratch = Scratch { path };
        set_mode(&scratch.path, 0o711)?;
        Ok(scratch)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A folder in it that belongs to this user, and that no other may enter.
    pub(crate) fn folder_of(&self, name: &str, user: Option<u32>) -> std::io::Result<PathBuf> {
        let path = self.path.join(name);
        std::fs::create_dir(&path)?;
        set_mode(&path, 0o700)?;
        give_to(&path, user)?;
        Ok(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Makes it the user's, where there is one.
#[cfg(unix)]
pub(crate) fn give_to(path: &Path, user: Option<u32>) -> std::io::Result<()> {
    match user {
        Some(user) => std::os::unix::fs::lchown(path, Some(user), Some(user)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
pub(crate) fn give_to(_: &Path, _: Option<u32>) -> std::io::Result<()> {
    Ok(())
}
