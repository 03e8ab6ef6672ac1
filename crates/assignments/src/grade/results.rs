//! Results in the format of Gradescope (its `results.json`), and what only the teacher reads.

use std::fmt::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};
use theoria_verification::evidence::store::write_atomically;

use super::{GradeError, Graded, Test, at};
use crate::assignment::Assignment;
use crate::isolation::Tier;
use crate::judge::Mark;

/// A `results.json`. Where something is not graded there is no sum and that test has no score: Gradescope refuses such a file and
/// shows the submission as not graded, instead of with a wrong sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Results {
    /// The sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// For the whole submission.
    pub output: String,
    /// How texts are to be read.
    pub output_format: String,
    /// Whether what the grader printed is shown to the student.
    pub stdout_visibility: String,
    /// Whether results are.
    pub visibility: String,
    /// All tests.
    pub tests: Vec<TestResult>,
    /// What Gradescope keeps and does not read.
    pub extra_data: Extra,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// Its points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u32>,
    /// What it is worth.
    pub max_score: u32,
    /// `passed` or `failed`; none where it is not graded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its name, with what must hold.
    pub name: String,
    /// Its number, from 1.
    pub number: String,
    /// For the student.
    pub output: String,
    /// How that is to be read.
    pub output_format: String,
    /// `public` or `hidden`.
    pub tags: Vec<String>,
    /// Whether the student sees it.
    pub visibility: String,
}

/// How it was graded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extra {
    /// The assignment.
    pub assignment: String,
    /// The isolation.
    pub isolation: Tier,
    /// What that lacks.
    pub isolation_lacks: String,
    /// The version of the grader.
    pub version: String,
}

impl Results {
    /// What a student may see.
    pub fn of(graded: &Graded, assignment: &Assignment, tier: Tier) -> Self {
        let score = graded.score();
        let output = match score {
            Some(score) if score == assignment.points() => assignment.success.to_owned(),
            Some(score) => format!("{score} of {} points", assignment.points()),
            None => "not all of this was graded; that is no mark, and no fault of yours".into(),
        };
        let tests = graded.tests.iter().enumerate().map(|(number, test)| of_test(number + 1, test));
        Results {
            score,
            output,
            output_format: "text".into(),
            stdout_visibility: "hidden".into(),
            visibility: "visible".into(),
            tests: tests.collect(),
            extra_data: Extra {
                assignment: assignment.name.into(),
                isolation: tier,
                isolation_lacks: tier.lacks().into(),
                version: env!("CARGO_PKG_VERSION").into(),
            },
        }
    }
}

fn of_test(number: usize, test: &Test) -> TestResult {
    let score = test.score();
    let output = match (&test.mark, test.hidden) {
        (Mark::NotGraded(_), _) => {
            "not graded: the grader failed, or has not come to it. That is no mark.".into()
        }
        (Mark::Passed, false) if !test.explanation.is_empty() => {
            format!("holds\n{}", test.explanation)
        }
        (Mark::Passed, _) => "holds".into(),
        (_, true) => {
            "does not hold. Only the grader runs this check; its numbers are not shown.".into()
        }
        (_, false) => test.explanation.clone(),
    };
    let status = score.map(|_| if test.mark == Mark::Passed { "passed" } else { "failed" });
    TestResult {
        score,
        max_score: test.check.points,
        status: status.map(Into::into),
        name: format!("{}: {}", test.check.name, test.check.title),
        number: number.to_string(),
        output,
        output_format: "text".into(),
        tags: vec![if test.hidden { "hidden" } else { "public" }.into()],
        visibility: "visible".into(),
    }
}

/// Writes `OUT/submissions/NAME/results.json`, and `teacher.txt` beside it, each whole or not at all.
pub(super) fn write(
    out: &Path,
    graded: &Graded,
    assignment: &Assignment,
    tier: Tier,
) -> Result<(), GradeError> {
    let results = Results::of(graded, assignment, tier);
    let text = serde_json::to_string_pretty(&results).unwrap_or_default() + "\n";
    for (name, text) in [("results.json", text), ("teacher.txt", for_the_teacher(graded))] {
        let path = out.join("submissions").join(&graded.name).join(name);
        let written = write_atomically(&path, text.as_bytes());
        written.map_err(|error| at(&path)(std::io::Error::other(error.to_string())))?;
    }
    Ok(())
}

/// All numbers, also those of hidden checks, and what the program printed there.
fn for_the_teacher(graded: &Graded) -> String {
    let mut text = String::from("For the teacher alone: it tells the numbers of hidden checks.\n");
    for test in &graded.tests {
        let score = test.score().map_or("not graded".into(), |score| score.to_string());
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n{} ({score} of {}): {}",
            test.check.name, test.check.points, test.check.title
        );
        for line in test.explanation.lines() {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}
