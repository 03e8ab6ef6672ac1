//! Grading a folder of submissions.
//!
//! Every test stands in the results with its points before anything runs, so that nothing that happens later changes what
//! there is to earn. What the grader fails at is *not graded*, which is no mark. Marks do not depend on the number of jobs, nor on how busy
//! the machine is: each submission is asked by itself, in one order, and limited by steps and time on the processor.

mod one;
mod results;
mod submissions;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::assignment::Assignment;
use crate::isolation::{self, Launcher, Limits, NoTool, Tier};
use crate::judge::Mark;
use crate::submission::{self, SubmissionError};

pub use one::{Graded, Test};
pub use results::{Results, TestResult};
pub use submissions::Submission;

/// What is graded, and how.
pub struct Grading {
    /// The assignment; the teacher says which, never a file that a student wrote.
    pub assignment: Assignment,
    /// A folder of submissions, one a folder, or one submission.
    pub folder: PathBuf,
    /// Where results are written.
    pub out: PathBuf,
    /// How many submissions run at a time.
    pub jobs: usize,
    /// Seed of the instances.
    pub seed: u64,
    /// How solutions are started, where it is not by what is in their folders.
    pub program: Option<String>,
    /// The least isolation that is accepted.
    pub required: Option<Tier>,
    /// The most isolation that is used, where it is not all that the machine has.
    pub most: Option<Tier>,
    /// What a solution may use up.
    pub limits: Limits,
    /// What isolates.
    pub launcher: Launcher,
}

/// What grading came to.
#[derive(Debug)]
pub struct Graduation {
    /// The isolation that there was.
    pub tier: Tier,
    /// The submissions, by name.
    pub graded: Vec<Graded>,
}

impl Graduation {
    /// How many submissions have a test that is not graded.
    pub fn unfinished(&self) -> usize {
        self.graded.iter().filter(|graded| graded.score().is_none()).count()
    }
}

/// Why nothing is graded.
#[derive(Debug, thiserror::Error)]
pub enum GradeError {
    /// There is nothing to grade.
    #[error("{} holds no submission: it should hold one folder for each, or be one", folder.display())]
    NoSubmissions {
        /// The folder.
        folder: PathBuf,
    },
    /// The next run would take marks for a submission.
    #[error(
        "{} lies among the submissions, and would be taken for one of them: name another folder for the marks",
        out.display()
    )]
    OutAmongSubmissions {
        /// Where the marks would be written.
        out: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The machine isolates less than is required.
    #[error(
        "this machine isolates at the tier “{tier}” ({}), and “{required}” is required: grade on another one, or without \
         --require-isolation",
        tier.lacks()
    )]
    Isolation {
        /// What there is.
        tier: Tier,
        /// What is required.
        required: Tier,
    },
    /// An interpreter or compiler is missing.
    #[error(transparent)]
    Tool(#[from] NoTool),
    /// What was given as the program is none.
    #[error(transparent)]
    Program(#[from] SubmissionError),
}

/// Grades. `done` is told of each submission as it is finished.
///
/// # Errors
/// If nothing can be graded; then nothing was run. What happens to single submissions is no error.
pub fn grade(grading: &Grading, done: impl Fn(&Graded) + Sync) -> Result<Graduation, GradeError> {
    let found = submissions::find(&grading.folder, grading.program.is_some())?;
    if is_within(&grading.out, &grading.folder)? {
        return Err(GradeError::OutAmongSubmissions { out: grading.out.clone() });
    }
    let best = isolation::best_tier(&grading.launcher);
    let tier = grading.most.map_or(best, |most| best.min(most));
    if let Some(required) = grading.required.filter(|required| tier < *required) {
        return Err(GradeError::Isolation { tier, required });
    }
    let program = grading.program.as_deref().map(submission::words).transpose()?;
    let tools = one::Tools::of(&found, program, tier)?;
    let assignment = &grading.assignment;
    for submission in &found {
        let nothing = Graded::not_yet(submission.name.clone(), assignment);
        results::write(&grading.out, &nothing, assignment, tier)?;
    }
    isolation::adopt_orphans();
    let (next, graded) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..grading.jobs.clamp(1, found.len()) {
            scope.spawn(|| {
                while let Some((number, submission)) = numbered(&found, &next) {
                    let grade = || one::grade(grading, submission, number, tier, &tools);
                    let one = catch_unwind(AssertUnwindSafe(grade)).unwrap_or_else(|_| {
                        let failed = Mark::NotGraded("the grader panicked".into());
                        Graded::marked(submission.name.clone(), assignment, &failed)
                    });
                    let written = results::write(&grading.out, &one, assignment, tier);
                    done(&one);
                    if let (Err(error), Ok(mut failed)) = (written, failed.lock()) {
                        failed.get_or_insert(error);
                    }
                    if let Ok(mut graded) = graded.lock() {
                        graded.push((number, one));
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().ok().flatten() {
        return Err(error);
    }
    let mut graded = graded.into_inner().unwrap_or_default();
    graded.sort_by_key(|(number, _)| *number);
    let graded = graded.into_iter().map(|(_, one)| one).collect();
    let graduation = Graduation { tier, graded };
    table::write(&grading.out, &graduation, assignment, grading.seed)?;
    Ok(graduation)
}

fn numbered<'a>(all: &'a [Submission], next: &AtomicUsize) -> Option<(usize, &'a Submission)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    Some((number, all.get(number)?))
}

/// Whether a folder, which need not be there yet, lies in another one or is it.
fn is_within(inner: &Path, outer: &Path) -> Result<bool, GradeError> {
    let outer = outer.canonicalize().map_err(at(outer))?;
    let inner = std::path::absolute(inner).map_err(at(inner))?;
    let there = inner.ancestors().find_map(|folder| folder.canonicalize().ok());
    Ok(there.is_some_and(|there| there.starts_with(outer)))
}

/// The error of this file.
fn at(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> GradeError {
    let path = path.into();
    |source| GradeError::File { path, source }
}
