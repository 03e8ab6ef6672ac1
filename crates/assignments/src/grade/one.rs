//! One submission: copied, built where its language is built, asked, and marked.

use std::path::{Path, PathBuf};

use super::{Grading, Submission, submissions};
use crate::assignment::{Assignment, Check};
use crate::handout::Language;
use crate::isolation::{
    self, Confinement, Limits, NoTool, SYSTEM_PATH, Scratch, Tier, Tool, user_of,
};
use crate::judge::{Mark, judge, settings};
use crate::play::{Launch, Player, Program, Student, run_to_the_end};
use crate::protocol::Fault;
use crate::submission;
use crate::words::explain;

/// A submission with its marks.
#[derive(Debug, Clone)]
pub struct Graded {
    /// The name of its folder.
    pub name: String,
    /// All tests, in the order of the assignment.
    pub tests: Vec<Test>,
}

/// A test of a submission.
#[derive(Debug, Clone)]
pub struct Test {
    /// The check.
    pub check: &'static Check,
    /// Whether only the grader sees its numbers.
    pub hidden: bool,
    /// Its mark.
    pub mark: Mark,
    /// The numbers: for the student where the check is public, else for the teacher alone.
    pub explanation: String,
}

impl Test {
    /// Its points; none where it is not graded.
    pub fn score(&self) -> Option<u32> {
        match self.mark {
            Mark::Passed => Some(self.check.points),
            Mark::NotGraded(_) => None,
            Mark::Refuted | Mark::NotShown | Mark::Fault(_) => Some(0),
        }
    }
}

impl Graded {
    /// With every test, and none of them graded.
    pub(super) fn not_yet(name: String, assignment: &Assignment) -> Self {
        Self::marked(name, assignment, &Mark::NotGraded("it has not been graded yet".into()))
    }

    /// With the same mark everywhere.
    pub(super) fn marked(name: String, assignment: &Assignment, mark: &Mark) -> Self {
        let parts = [(&assignment.public, false), (&assignment.hidden, true)];
        let explanation = match mark {
            Mark::NotGraded(reason) => reason.clone(),
            Mark::Fault(fault) => fault.to_string(),
            _ => String::new(),
        };
        let tests = parts.into_iter().flat_map(|(part, hidden)| {
            let explanation = explanation.clone();
            let test = move |check| Test {
                check,
                hidden,
                mark: mark.clone(),
                explanation: explanation.clone(),
            };
            part.checks.iter().map(test)
        });
        Graded { name, tests: tests.collect() }
    }

    /// The sum of its points; none where a test is not graded.
    pub fn score(&self) -> Option<u32> {
        self.tests.iter().map(Test::score).sum()
    }
}

/// What starts solutions, found before anything is graded.
pub(super) struct Tools {
    program: Option<(Vec<String>, Option<Tool>)>,
    python: Option<Tool>,
    rust: Option<Tool>,
}

impl Tools {
    /// Those that these submissions need.
    pub(super) fn of(
        submissions: &[Submission],
        program: Option<Vec<String>>,
        tier: Tier,
    ) -> Result<Self, NoTool> {
        if let Some(words) = program {
            let name = words.first().map_or("", String::as_str);
            let tool = match name {
                "python3" => Some(isolation::python(tier)?),
                inside if inside.contains('/') => None,
                name => Some(isolation::resolved(name)?),
            };
            return Ok(Tools { program: Some((words, tool)), python: None, rust: None });
        }
        let any = |language| {
            submissions.iter().any(|one| submission::language(&one.folder) == Ok(language))
        };
        let python = any(Language::Python).then(|| isolation::python(tier)).transpose()?;
        let rust = any(Language::Rust).then(|| isolation::rust(tier)).transpose()?;
        Ok(Tools { program: None, python, rust })
    }
}

/// Never fails: what goes wrong is a mark, or is not graded, with a reason.
pub(super) fn grade(
    grading: &Grading,
    submission: &Submission,
    number: usize,
    tier: Tier,
    tools: &Tools,
) -> Graded {
    let marked = |mark: &Mark| Graded::marked(submission.name.clone(), &grading.assignment, mark);
    let place = match Place::new(number, tier) {
        Ok(place) => place,
        Err(error) => return marked(&Mark::NotGraded(format!("no folder to grade in: {error}"))),
    };
    if let Err(what) = submissions::copy(&submission.folder, &place.folder, place.user) {
        return marked(&Mark::Fault(Fault::Refused { reason: what }));
    }
    match place.prepared(tools, grading) {
        Err(mark) => marked(&mark),
        Ok(confinement) => asked(grading, submission, &confinement),
    }
}

/// First what the student sees, then, with another start of the program, what only the grader does: nothing that the program is told
/// there can come back in what the student sees.
fn asked(grading: &Grading, submission: &Submission, confinement: &Confinement) -> Graded {
    let assignment = &grading.assignment;
    let settings = settings(grading.seed, false);
    let mut hopeless: Option<Fault> = None;
    let mut tests = Vec::new();
    for (part, hidden) in [(&assignment.public, false), (&assignment.hidden, true)] {
        let launch = Launch::confined(grading.launcher.clone(), confinement.clone());
        let name = assignment.name;
        let student = Student::started_by(move || {
            Program::start(&launch, name).map(|program| Box::new(program) as Box<dyn Player>)
        });
        if let Some(fault) = hopeless.clone() {
            student.is_at_fault(fault);
        }
        for judged in judge(part, &student, &settings, |_| true) {
            let explanation = explain(assignment, &judged);
            tests.push(Test { check: judged.check, hidden, mark: judged.mark, explanation });
        }
        hopeless = student.fault().filter(Fault::is_final);
    }
    Graded { name: submission.name.clone(), tests }
}

/// Where a submission runs.
struct Place {
    _scratch: Scratch,
    folder: PathBuf,
    temporary: PathBuf,
    user: Option<u32>,
    tier: Tier,
}

impl Place {
    fn new(number: usize, tier: Tier) -> std::io::Result<Self> {
        let scratch = Scratch::new()?;
        let user = user_of(number as u32);
        let folder = scratch.folder_of("work", user)?;
        let temporary = scratch.folder_of("own", user)?;
        Ok(Place { _scratch: scratch, folder, temporary, user, tier })
    }

    /// Ready to be started: built, where its language is built.
    fn prepared(&self, tools: &Tools, grading: &Grading) -> Result<Confinement, Mark> {
        let fault = |reason: String| Mark::Fault(Fault::Refused { reason });
        if let Some((words, tool)) = &tools.program {
            let mut command = words.clone();
            if let (None, Some(own)) = (tool, command.first()) {
                let data = self.folder.join(own).metadata();
                if !data.is_ok_and(|data| data.is_file() && submissions::is_executable(&data)) {
                    return Err(fault(format!("it holds no {own} that can be executed")));
                }
            }
            if let (Some(tool), Some(first)) = (tool, command.first_mut()) {
                *first = tool.program.display().to_string();
            }
            return Ok(self.confinement(command, tool.as_ref(), grading.limits));
        }
        match submission::language(&self.folder).map_err(|error| fault(error.to_string()))? {
            Language::Python => {
                let tool = tools.python.as_ref();
                let program =
                    tool.map_or("python3".into(), |tool| tool.program.display().to_string());
                Ok(self.confinement(vec![program, "solution.py".into()], tool, grading.limits))
            }
            Language::Rust => self.built(tools.rust.as_ref(), grading).map_err(fault_or_not_graded),
        }
    }

    /// Built by cargo, in the same isolation: build scripts and macros are the student's too.
    fn built(&self, tool: Option<&Tool>, grading: &Grading) -> Result<Confinement, Fault> {
        let cargo = tool.map_or("cargo".into(), |tool| tool.program.display().to_string());
        let words = [&cargo, "build", "--offline", "--quiet", "--target-dir", "target"];
        let words = words.map(str::to_owned).to_vec();
        let mut build = self.confinement(words, tool, Limits::of_a_build());
        build.writable = true;
        run_to_the_end(&Launch::confined(grading.launcher.clone(), build))?;
        let program = program_in(&self.folder.join("target/debug")).ok_or_else(|| {
            Fault::NotBuilt { output: "the project has no program: where is src/main.rs?".into() }
        })?;
        Ok(self.confinement(vec![format!("target/debug/{program}")], tool, grading.limits))
    }

    fn confinement(
        &self,
        command: Vec<String>,
        tool: Option<&Tool>,
        limits: Limits,
    ) -> Confinement {
        let within = self.tier == Tier::Namespaces;
        let temporary = if within { PathBuf::from("/tmp/own") } else { self.temporary.clone() };
        let shown_temporary = temporary.display().to_string();
        let folders = tool.map(|tool| format!("{}:", tool.prefix.join("bin").display()));
        let mut environment: Vec<(String, String)> = [
            ("PATH", format!("{}{SYSTEM_PATH}", folders.unwrap_or_default())),
            ("HOME", shown_temporary.clone()),
            ("TMPDIR", shown_temporary.clone()),
            ("CARGO_HOME", format!("{shown_temporary}/cargo")),
            ("LANG", "C.UTF-8".into()),
            ("PYTHONDONTWRITEBYTECODE", "1".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        // A program that computes in as many threads as the machine has cores would be slowed down by its neighbours.
        environment.extend(
            ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "JULIA_NUM_THREADS"]
                .map(|name| (name.into(), "1".into())),
        );
        Confinement {
            tier: self.tier,
            folder: self.folder.clone(),
            writable: false,
            temporary: self.temporary.clone(),
            user: self.user,
            limits,
            readable: tool
                .filter(|tool| tool.shown.is_none())
                .map(|tool| tool.prefix.clone())
                .into_iter()
                .collect(),
            shown: tool.and_then(|tool| tool.shown.clone()).into_iter().collect(),
            command,
            environment,
        }
    }
}

fn fault_or_not_graded(fault: Fault) -> Mark {
    match fault {
        Fault::Isolation { reason } => Mark::NotGraded(reason),
        fault => Mark::Fault(fault),
    }
}

/// The name of the program in a folder of cargo's: a file that may be executed.
fn program_in(folder: &Path) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = entries
        .filter(|entry| {
            entry.metadata().is_ok_and(|data| data.is_file() && submissions::is_executable(&data))
        })
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.contains('.'))
        .collect();
    names.sort();
    names.into_iter().next()
}
