//! Interpreters and compilers, found before grading begins: they often lie where only their owner may read.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Tier;
use super::confinement::is_root;

/// A program of the system, with the folder that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tool {
    /// As it is called from within.
    pub(crate) program: PathBuf,
    /// What it reads, as it is called from within.
    pub(crate) prefix: PathBuf,
    /// Where that lies outside, if it is shown elsewhere.
    pub(crate) shown: Option<(PathBuf, PathBuf)>,
}

/// Why a tool cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTool {
    /// It is not there.
    #[error("{name} is not there, which submissions in its language need")]
    Missing {
        /// What it is called.
        name: String,
    },
    /// Only its owner may read it.
    #[error(
        "{} can be read by its owner alone, and submissions run as users of their own: install it for all users (in /usr or /opt), or grade \
         as an ordinary user",
        program.display()
    )]
    Unreadable {
        /// Where it is.
        program: PathBuf,
    },
}

/// Python 3: the first on the path that submissions can run. A shim (pyenv) is followed to what it stands for.
pub(crate) fn python(tier: Tier) -> Result<Tool, NoTool> {
    let asked = "import sys; print(sys.executable); print(sys.base_prefix)";
    found("python3", &["-c", asked], tier, |lines| {
        Some((PathBuf::from(*lines.first()?), PathBuf::from(*lines.get(1)?)))
    })
}

/// Cargo, with the compiler that is the default here; a proxy (rustup) is followed to what it stands for.
pub(crate) fn rust(tier: Tier) -> Result<Tool, NoTool> {
    found("rustc", &["--print", "sysroot"], tier, |lines| {
        let prefix = PathBuf::from(*lines.first()?);
        Some((prefix.join("bin/cargo"), prefix))
    })
}

/// A program that a teacher names (`julia`): as the path has it.
pub(crate) fn resolved(name: &str) -> Result<Tool, NoTool> {
    let program = on_the_path(name).into_iter().next();
    let real = program.as_deref().map(Path::canonicalize).and_then(Result::ok);
    let Some(real) = real else {
        return Err(NoTool::Missing { name: name.into() });
    };
    if is_root() && !may_be_read_by_all(&real) {
        return Err(NoTool::Unreadable { program: real });
    }
    // What it needs lies beside the folder of programs: /opt/julia/bin/julia.
    let prefix = real.ancestors().nth(2).unwrap_or(&real).to_owned();
    Ok(Tool { program: real, prefix, shown: None })
}

fn found(
    name: &str,
    asked: &[&str],
    tier: Tier,
    read: impl Fn(&[&str]) -> Option<(PathBuf, PathBuf)>,
) -> Result<Tool, NoTool> {
    let mut unreadable = None;
    for candidate in on_the_path(name) {
        let Ok(output) = Command::new(&candidate).args(asked).output() else { continue };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        let Some((program, prefix)) = read(&lines).filter(|(program, _)| program.is_file()) else {
            continue;
        };
        let real = program.canonicalize().unwrap_or_else(|_| program.clone());
        let prefix = prefix.canonicalize().unwrap_or(prefix);
        if !is_root() || (may_be_read_by_all(&real) && may_be_read_by_all(&prefix)) {
            return Ok(Tool { program: real, prefix, shown: None });
        }
        // Shown elsewhere, its place is that of others; how its files are, root cannot change here.
        if let (Tier::Namespaces, Ok(within)) = (tier, real.strip_prefix(&prefix)) {
            let place = PathBuf::from("/tmp").join(name);
            return Ok(Tool {
                program: place.join(within),
                prefix: place.clone(),
                shown: Some((prefix, place)),
            });
        }
        unreadable.get_or_insert(real);
    }
    Err(unreadable
        .map_or(NoTool::Missing { name: name.into() }, |program| NoTool::Unreadable { program }))
}

/// All programs of this name, in the order of the path; those of the system last in any case.
fn on_the_path(name: &str) -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/local/bin".into(), "/usr/bin".into()]);
    folders.map(|folder| folder.join(name)).filter(|program| program.is_file()).collect()
}

/// Whether every folder on the way may be passed through by all.
#[cfg(unix)]
fn may_be_read_by_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| path.metadata().map_or(0, |data| data.permissions().mode());
    mode(path) & 0o005 == 0o005 && path.ancestors().skip(1).all(|folder| mode(folder) & 0o001 != 0)
}

#[cfg(not(unix))]
fn may_be_read_by_all(_: &Path) -> bool {
    true
}
