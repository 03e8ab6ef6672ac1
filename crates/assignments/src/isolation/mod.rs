//! Other people's programs, run so that they can harm neither the machine nor each other.
//!
//! The binary starts itself: as a *launcher*, which makes a process tree of its own with namespaces, and in it as an *init*,
//! which hides what is not the program's, gives up every right, and starts the program. All by safe calls. What a tier covers, and
//! what it does not, stands in `docs/teaching.md`; away from Linux there is none, and the tier says so.

mod confinement;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
mod tools;

use serde::{Deserialize, Serialize};

pub use confinement::{Confinement, Launcher, Limits, STARTED, WORK};
pub(crate) use confinement::{SYSTEM_PATH, Scratch, give_to, set_mode, user_of};
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{adopt_orphans, enter};
#[cfg(target_os = "linux")]
pub use linux::{adopt_orphans, enter};
pub use tools::NoTool;
pub(crate) use tools::{Tool, python, resolved, rust};

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Watch, spawn};
#[cfg(target_os = "linux")]
pub(crate) use linux::{Watch, spawn};

/// How well a program is kept apart, from nothing to all that the machine can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// No isolation at all: the system offers none that is known here.
    Nothing,
    /// Limits on time, memory, files and processes, and as root a user of its own.
    Limits,
    /// The same, and no file to be written but its own, no network, no way to look at other processes (Landlock, seccomp).
    Restricted,
    /// The same, in a process tree, file system view and network of its own (namespaces).
    Namespaces,
}

impl Tier {
    /// From the best to the least.
    pub const ALL: [Tier; 4] = [Tier::Namespaces, Tier::Restricted, Tier::Limits, Tier::Nothing];

    /// What is missing at this tier, for whoever reads the marks.
    pub fn lacks(self) -> &'static str {
        match self {
            Tier::Nothing => {
                "no isolation: programs run with all rights of whoever grades, and nothing but the time of an answer is limited"
            }
            Tier::Limits => {
                "limits alone: programs can read what whoever grades can read, use the network, and as the same user end other programs"
            }
            Tier::Restricted => {
                "no namespaces: where whoever grades is not root, programs can end others of that user, their launcher too"
            }
            Tier::Namespaces => {
                "nothing that this grader knows of, but for faults of the kernel itself"
            }
        }
    }
}

impl std::fmt::Display for Tier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Tier::Nothing => "nothing",
            Tier::Limits => "limits",
            Tier::Restricted => "restricted",
            Tier::Namespaces => "namespaces",
        })
    }
}

/// The best tier that this machine has for whoever runs this: each is tried with a program that does nothing.
pub fn best_tier(launcher: &Launcher) -> Tier {
    let works = |tier: &Tier| *tier == Tier::Nothing || launcher.works_at(*tier);
    Tier::ALL.into_iter().find(works).unwrap_or(Tier::Nothing)
}
