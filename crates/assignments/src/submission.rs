//! From a folder to a program that can be started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use crate::handout::Language;
use crate::play::Launch;

/// Why a folder yields no program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmissionError {
    /// It is in no language that is known.
    #[error(
        "{} holds neither solution.py nor Cargo.toml: put the solution there, or say how it is started (--program)",
        folder.display()
    )]
    NoSolution {
        /// The folder.
        folder: PathBuf,
    },
    /// What was given as the program is none.
    #[error("the program {given:?} cannot be taken apart: {reason}")]
    Words {
        /// As it was given.
        given: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// Cargo is not there.
    #[error("cargo, which builds a solution in Rust, could not be started: {reason}")]
    NoCargo {
        /// What the system says.
        reason: String,
    },
    /// It does not compile.
    #[error("the project does not compile:\n{output}")]
    Build {
        /// What the compiler says.
        output: String,
    },
}

/// The language of the solution in a folder.
///
/// # Errors
/// If there is none.
pub fn language(folder: &Path) -> Result<Language, SubmissionError> {
    if folder.join("solution.py").is_file() {
        Ok(Language::Python)
    } else if folder.join("Cargo.toml").is_file() {
        Ok(Language::Rust)
    } else {
        Err(SubmissionError::NoSolution { folder: folder.into() })
    }
}

/// How the solution in a folder is started: as it is said, or as its language has it; a project in Rust is built first.
///
/// # Errors
/// If there is no solution, or it cannot be built.
pub fn launch(folder: &Path, program: Option<&str>) -> Result<Launch, SubmissionError> {
    let command: Vec<OsString> = match program {
        Some(given) => words(given)?.into_iter().map(Into::into).collect(),
        None => match language(folder)? {
            Language::Python => vec![python().into(), "solution.py".into()],
            Language::Rust => vec![built(folder)?.into()],
        },
    };
    Ok(Launch::new(command, folder))
}

fn python() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

/// Builds a project, without the network, and says where its program is.
fn built(folder: &Path) -> Result<PathBuf, SubmissionError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--offline", "--quiet", "--message-format=json-render-diagnostics"])
        .arg("--target-dir")
        .arg("target")
        .current_dir(folder)
        .output()
        .map_err(|error| SubmissionError::NoCargo { reason: error.to_string() })?;
    let said = || String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(SubmissionError::Build { output: said() });
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = messages.lines().find_map(|line| {
        let message: Json = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    program.ok_or_else(|| SubmissionError::Build {
        output: format!("{}it has no program: where is src/main.rs?", said()),
    })
}

/// The words of a command line: apart where there is space, but for what stands in quotes.
pub(crate) fn words(given: &str) -> Result<Vec<String>, SubmissionError> {
    let wrong = |reason| SubmissionError::Words { given: given.into(), reason };
    let mut words: Vec<String> = Vec::new();
    let (mut quote, mut within) = (None, false);
    for letter in given.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                if !within {
                    words.push(String::new());
                }
                within = true;
            }
            (None, space) if space.is_whitespace() => within = false,
            (_, letter) => match words.last_mut().filter(|_| within) {
                Some(word) => word.push(letter),
                None => {
                    words.push(letter.into());
                    within = true;
                }
            },
        }
    }
    if quote.is_some() {
        return Err(wrong("a quote is not closed"));
    }
    if words.is_empty() { Err(wrong("it is empty")) } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_line_is_taken_apart_at_spaces_but_not_within_quotes() {
        let taken = |given| words(given).unwrap();
        assert_eq!(taken("python3 my_optimizer.py"), ["python3", "my_optimizer.py"]);
        assert_eq!(taken(" julia  'my file.jl' \"a b\"c ''"), ["julia", "my file.jl", "a bc", ""]);
        assert!(words("python3 'open").unwrap_err().to_string().contains("not closed"));
        assert!(words("  ").unwrap_err().to_string().contains("empty"));
    }

    #[test]
    fn a_folder_without_a_solution_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let error = launch(folder.path(), None).unwrap_err().to_string();
        assert!(error.contains("solution.py") && error.contains("--program"), "{error}");
    }
}
