//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use theoria_verification::{Settings, Shard};

#[cfg(feature = "assignments")]
use crate::command::assignment::AssignmentArguments;
use crate::command::error::CommandError;
use crate::command::format::Format;
#[cfg(feature = "curves")]
use crate::command::judge::JudgeArguments;
use crate::command::task::{shard_folder, shard_of};
use crate::command::values::{EffortName, Seed, ShardName};

/// More threads than any machine has cores only wait for each other.
const MOST_THREADS: i64 = 1024;
/// Verdicts of so many seeds fit into memory.
const MOST_SEEDS: u64 = 1_000_000;

/// Checks theorems of optimization by experiment.
#[derive(Debug, Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Verbs",
    after_help = "\
Without a verb: checks every theorem, then writes the report to reports/.

Examples:
  PROGRAM                            check all, write the report
  PROGRAM check CHAPTER              check one chapter
  PROGRAM check NAME --seed fresh    check one theorem with a new seed
  PROGRAM check --resume             go on with an interrupted run
  PROGRAM show THEOREM               statement, hypotheses, last evidence
  PROGRAM report reports/evidence --out site
                                     draw evidence
  PROGRAM compare old new            two runs side by side: what got worse
  PROGRAM calibrate CHAPTER --seeds 50
                                     count the verdicts of 50 seeds
  PROGRAM hunt CHAPTER --minutes 10  search the worst instance of each bound
  PROGRAM judge runs.csv --exponent -1
                                     judge curves that any framework logged
  PROGRAM check --shard 1/3          a third of the work, on one of three machines

Exit code: 0 all theorems hold, or a shard ran; 1 something was refuted or inconclusive or a control was not
refuted, 2 wrong use or a file that cannot be read or written, 130 interrupted, 143 terminated."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) main: MainJob,
    #[command(subcommand)]
    pub(crate) verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Check(Check),
    Seed(SeedOnly),
    List(List),
    Show(Show),
    Report(Report),
    Compare(Compare),
    Calibrate(Calibrate),
    Hunt(Hunt),
    #[cfg(feature = "curves")]
    Judge(Box<JudgeArguments>),
    #[cfg(feature = "assignments")]
    Assignment(AssignmentArguments),
}

#[derive(Debug, Args)]
pub(crate) struct MainJob {
    #[command(flatten)]
    pub(crate) run: RunOptions,
    /// Folder of the report
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub(crate) out: PathBuf,
}

/// Check theorems and print a table of verdicts
#[derive(Debug, Args)]
#[command(after_help = "\
A FILTER is a chapter, a theorem's id, or a part of one; several mean any of them; none means all.

Examples:
  PROGRAM check
  PROGRAM check CHAPTER --effort quick
  PROGRAM check NAME --seed 7
  PROGRAM check THEOREM --seed 7 --draw
  PROGRAM check --format junit > verdicts.xml        for continuous integration
  PROGRAM check --format json | jq .holds

On several machines, the same line on each but for the number of the shard; the seed is drawn once, on one of them:
  PROGRAM seed                                       prints a fresh seed, say 1234
  PROGRAM check --seed 1234 --shard 1/3 --resume     on the first machine
  PROGRAM check --seed 1234 --shard 2/3 --resume     on the second, and so on
  PROGRAM report reports/evidence                    merges all shards, and draws them
What is inconclusive for want of trials becomes clear with more of them:
  PROGRAM check --deepen reports/evidence            again and again, if need be
Trials go on where they ended. The first deepening may spend half as much of the error budget as was planned, the second a quarter, and
so on, so that all of them together spend a second share and no more; what is proved by betting spends nothing.

A shard writes to a folder of its own, reports/evidence/shard-1-of-3, so that all may share one disk. It gives no verdict, and
its exit code is 0 if it ran; the exit code of the report is the verdict.")]
pub(crate) struct Check {
    /// Chapter, theorem id, or a part of one
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    #[command(flatten)]
    pub(crate) run: RunOptions,
    /// Also draw what was checked, into reports/drawn
    #[arg(long)]
    pub(crate) draw: bool,
    /// How verdicts are printed; progress goes to the error stream
    #[arg(long, value_enum, default_value_t, conflicts_with_all = ["shard", "draw"])]
    pub(crate) format: Format,
    /// Add as many trials as there are to all in this folder of evidence that they leave open, instead of
    /// beginning anew; seed and effort are those of the evidence
    #[arg(long, value_name = "DIR", conflicts_with_all = ["seed", "effort", "evidence", "shard", "draw", "format"])]
    pub(crate) deepen: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Seed of all random streams: a whole number, or `fresh` for a new one
    #[arg(long, value_name = "N", default_value = "default", hide_default_value = true)]
    pub(crate) seed: Seed,
    /// How many instances are drawn from each family
    #[arg(long, value_enum, default_value_t = EffortName::Standard)]
    pub(crate) effort: EffortName,
    /// Folder of the evidence
    #[arg(long, value_name = "DIR", default_value = "reports/evidence")]
    pub(crate) evidence: PathBuf,
    /// Number of threads; all cores if not given. Results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub(crate) threads: Option<u16>,
    /// Keep the evidence of theorems that an interrupted run with the same seed and effort finished
    #[arg(long)]
    pub(crate) resume: bool,
    /// Print all claims and controls, not theorems alone
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Do only a share of the work, on one of several machines: 1/4 is the first of four. The verb `report`
    /// merges the evidence of all shares into what one machine would have said, to the byte
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<ShardName>,
}

/// Print a fresh seed, for all machines of a run
#[derive(Debug, Args)]
#[command(after_help = "\
A shard takes no `fresh` seed, for each would draw its own. It is drawn once and handed to all.

Examples:
  PROGRAM seed
  SEED=$(PROGRAM seed)")]
pub(crate) struct SeedOnly {}

/// List theorems with their ids
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  PROGRAM list\n  PROGRAM list CHAPTER")]
pub(crate) struct List {
    /// Chapter, theorem id, or a part of one
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
}

/// Show a theorem: statement, hypotheses, last evidence
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  PROGRAM show THEOREM
  PROGRAM show NAME")]
pub(crate) struct Show {
    /// Id of the theorem, or a part that only one has
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Folder of the evidence
    #[arg(long, value_name = "DIR", default_value = "reports/evidence")]
    pub(crate) evidence: PathBuf,
}

/// Write the report from evidence, also from other machines
#[derive(Debug, Args)]
#[command(after_help = "\
Evidence for one theorem from several files is merged: all shards of a run into the bytes of that run, in any order. Refused
(exit code 2) are shards that are missing, doubled, or of another run, and seeds, efforts, versions or builds that are mixed, and runs
that contradict each other beyond rounding; the message names the files and what to run again. Nothing in a file is
trusted: verdicts are derived again. Exit code 1 if any theorem that is drawn does not hold.

Examples:
  PROGRAM report
  PROGRAM report DIR                 with DIR/shard-1-of-3 and so on in it
  PROGRAM report one/shard-1-of-2 other/shard-2-of-2 --merged reports/evidence
  PROGRAM report reports/evidence ../other-machine/evidence --out site
  PROGRAM report reports/evidence/CHAPTER --out site
  PROGRAM report reports/evidence/THEOREM.json --out site")]
pub(crate) struct Report {
    /// Evidence files, or folders of them
    #[arg(value_name = "EVIDENCE", default_value = "reports/evidence")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Folder of the report
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub(crate) out: PathBuf,
    /// Also write the merged evidence into this folder: the bytes of one run
    #[arg(long, value_name = "DIR", conflicts_with = "incomplete")]
    pub(crate) merged: Option<PathBuf>,
    /// Draw what is there although shards are missing. Nothing of it is supported, and the exit code is never 0
    #[arg(long)]
    pub(crate) incomplete: bool,
    /// Put whole runs of several seeds together; each spends the error budget once more
    #[arg(long)]
    pub(crate) several_seeds: bool,
}

/// Set two runs side by side: what changed, and whether it got worse
#[derive(Debug, Args)]
#[command(after_help = "\
Of two versions, machines or seeds. Worse are a verdict that is lost (supported to inconclusive, inconclusive to refuted), a
theorem or claim that is gone, a level of assurance that falls, and a severity that falls: a bound that is seen less closely, or a deviation that
would no longer be seen. Exit code 1 if anything got worse.

Examples:
  PROGRAM compare before/evidence after/evidence
  PROGRAM compare one.json other.json --out side-by-side
  PROGRAM compare seed-1 seed-2 --tolerance 0.3")]
pub(crate) struct Compare {
    /// A file or folder of evidence
    #[arg(value_name = "A")]
    pub(crate) before: PathBuf,
    /// What it is compared with
    #[arg(value_name = "B")]
    pub(crate) after: PathBuf,
    /// The share by which a severity may fall; between two seeds it falls by chance
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = share)]
    pub(crate) tolerance: f64,
    /// Also draw the curves of both runs over each other, into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

fn share(text: &str) -> Result<f64, String> {
    let share: Option<f64> = text.parse().ok();
    share
        .filter(|share| (0.0..=1.0).contains(share))
        .ok_or_else(|| "a share lies between 0 (any change) and 1".into())
}

/// Check with many seeds and count the verdicts of each claim
#[derive(Debug, Args)]
#[command(after_help = "\
Writes no evidence. Exit code 1 if any verdict of any seed is not the one that its theorem needs.

Examples:
  PROGRAM calibrate CHAPTER --seeds 50
  PROGRAM calibrate NAME --seeds 200 --first 1000 --effort quick

On several machines, the same line on each but for the number of the shard and the file; the first seed is drawn once:
  PROGRAM seed                                                                prints one, say 1234
  PROGRAM calibrate --seeds 200 --first 1234 --shard 1/2 --out 1.json --resume
  PROGRAM calibrate --seeds 200 --first 1234 --shard 2/2 --out 2.json --resume
  PROGRAM calibrate --merge 1.json 2.json
A shard exits with 0 if it ran. Files that are missing, doubled or of another calibration are refused (exit code 2).")]
pub(crate) struct Calibrate {
    /// Chapter, theorem id, or a part of one
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    /// Number of seeds
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=MOST_SEEDS))]
    pub(crate) seeds: u64,
    /// The first seed, the others follow it: a whole number, or `fresh` for a new one
    #[arg(long, value_name = "N", default_value = "fresh")]
    pub(crate) first: Seed,
    /// How many instances are drawn from each family
    #[arg(long, value_enum, default_value_t = EffortName::Standard)]
    pub(crate) effort: EffortName,
    /// Number of threads; all cores if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub(crate) threads: Option<u16>,
    /// Only a share of the seeds, on one of several machines: 1/4 is the first of four
    #[arg(long, value_name = "I/N", requires = "out")]
    pub(crate) shard: Option<ShardName>,
    /// Write what was counted to this file, theorem by theorem
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with what an interrupted calibration has counted in its file
    #[arg(long, requires = "out")]
    pub(crate) resume: bool,
    /// Put together what the shards of one calibration have counted, and print it
    #[arg(long, value_name = "FILES", num_args = 1.., conflicts_with_all = ["filters", "seeds", "first", "effort", "threads", "shard", "resume"])]
    pub(crate) merge: Vec<PathBuf>,
}

/// Search for the worst instance of each bound
#[derive(Debug, Args)]
#[command(after_help = "\
Searches the choices that instances are drawn from, in longer and longer rounds, for those that come nearest to a bound or
break it. The worst of each claim is written at once, and the next hunt begins with it; a folder that holds the sources of the
chapters gets the files beside their theorems. Exit code 1 if a bound was broken.

Examples:
  PROGRAM hunt
  PROGRAM hunt CHAPTER --minutes 10
  PROGRAM hunt NAME --minutes 0.5 --seed 7")]
pub(crate) struct Hunt {
    /// Chapter, theorem id, or a part of one
    #[arg(value_name = "FILTER")]
    pub(crate) filters: Vec<String>,
    /// How long to hunt; one round is always finished
    #[arg(long, value_name = "M", default_value = "1", value_parser = minutes)]
    pub(crate) minutes: f64,
    /// Seed of the first round, the next rounds have the ones after it: a whole number, or `fresh` for a new one
    #[arg(long, value_name = "N", default_value = "fresh")]
    pub(crate) seed: Seed,
    /// Folder of the worst instances
    #[arg(long, value_name = "DIR", default_value = "reports/worst")]
    pub(crate) memory: PathBuf,
    /// Number of threads; all cores if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    pub(crate) threads: Option<u16>,
}

/// A week is longer than anybody hunts.
const MOST_MINUTES: f64 = 10_080.0;

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: Option<f64> = text.parse().ok();
    minutes.filter(|minutes| *minutes > 0.0 && *minutes <= MOST_MINUTES).ok_or_else(|| {
        format!("a hunt takes more than 0 and at most {MOST_MINUTES} minutes: without any it looks at nothing")
    })
}

impl RunOptions {
    /// The settings that these options mean; a fresh seed is drawn here.
    pub(crate) fn settings(&self) -> Result<Settings, CommandError> {
        let shard = self.shard.map(ShardName::shard);
        if shard.is_some() && matches!(self.seed, Seed::Fresh) {
            return Err(CommandError::FreshShard { option: "--seed" });
        }
        let (seed, effort) = (self.seed.number(), self.effort.effort());
        Ok(Settings { seed, effort, shard, ..Settings::default() })
    }

    /// Where the evidence is written: a shard has a folder of its own within the folder of the evidence, or that is its own.
    ///
    /// # Errors
    /// If it is the folder of another shard, or of one and this run is none: evidence of two runs would lie in it.
    pub(crate) fn folder(&self) -> Result<PathBuf, CommandError> {
        let shard = self.shard.map(ShardName::shard);
        match (shard, shard_of(&self.evidence)) {
            (Some(shard), None) => Ok(self.evidence.join(shard_folder(shard))),
            (own, found) if own == found => Ok(self.evidence.clone()),
            (_, found) => {
                let shard = found.unwrap_or(Shard { index: 0, of: 1 });
                let (path, holder) = (self.evidence.clone(), self.holder());
                Err(CommandError::FolderOfAShard { path, shard, holder })
            }
        }
    }

    /// The folder that holds those of all shards.
    pub(crate) fn holder(&self) -> PathBuf {
        if shard_of(&self.evidence).is_none() {
            return self.evidence.clone();
        }
        match self.evidence.parent() {
            _ if self.evidence.file_name().is_none() => self.evidence.join(".."),
            Some(parent) if !parent.as_os_str().is_empty() => parent.into(),
            _ => ".".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
