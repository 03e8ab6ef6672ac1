//! The command line of `theoria judge`.

use std::path::PathBuf;

use clap::Args;
use theoria_curves::judge::{Claim, Comparison, Formula, Target, Terms};
use theoria_curves::{Column, Decimal, Keep, Selection};

/// Judge training curves that any framework logged
#[derive(Debug, Args)]
#[command(after_help = "\
Runs are the trials. Columns called run or seed, step or epoch, loss or value are found by themselves; what was left out, detected or
decided is said. A number may be claimed with each option more than once.

Examples:
  PROGRAM judge runs.csv --exponent -1
  PROGRAM judge metrics.csv --value val_loss --limit 0.2 --margin 0.01
  PROGRAM judge log.csv --rate 0.995 --keep last
  PROGRAM judge wandb.csv --lower adam,sgd --at 1000
  PROGRAM judge runs.csv --below '4 / sqrt(n)' --finite --out judged
  PROGRAM judge runs.csv --claims claims.toml

Exit code: 0 all claims are supported, 1 one is not, 2 wrong use or a file that cannot be read.")]
pub(crate) struct JudgeArguments {
    /// Files of logs: CSV, TSV, JSON, plain or gzip; - is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) claims: Claimed,
    #[command(flatten)]
    pub(crate) columns: Columns,
    /// Probability with which noise may lead to a wrong verdict on a claim
    #[arg(long, value_name = "P", default_value_t = 0.01)]
    pub(crate) error: f64,
    /// Claims on the long run speak of the runs alone that did not diverge
    #[arg(long)]
    pub(crate) finite_runs: bool,
    /// The first step that claims speak of: what comes before it is a warm-up
    #[arg(long, value_name = "N")]
    pub(crate) from: Option<f64>,
    /// Write evidence and a page with figures into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "What is claimed")]
pub(crate) struct Claimed {
    /// The value follows this power of the step
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    exponent: Vec<f64>,
    /// The value is multiplied by this factor at each step
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    rate: Vec<f64>,
    /// The value tends to this number
    #[arg(long, visible_alias = "floor", value_name = "C", allow_hyphen_values = true)]
    limit: Vec<f64>,
    /// What the value is above its limit follows this power of the step
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    approach: Vec<f64>,
    /// No run is anywhere above this formula in n: '4*n^(-1/2)'
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    below: Vec<Formula>,
    /// No run is anywhere below this formula in n
    #[arg(long, value_name = "FORMULA", allow_hyphen_values = true)]
    above: Vec<Formula>,
    /// Runs of the group A have lower values at step --at than those of B
    #[arg(long, visible_alias = "compare", value_name = "A,B", requires = "at", value_parser = pair)]
    lower: Option<(String, String)>,
    /// The step at which groups are compared
    #[arg(long, value_name = "N", requires = "lower")]
    at: Option<f64>,
    /// How far from it the step of a run may be [default: a hundredth of it]
    #[arg(long, value_name = "STEPS", requires = "lower")]
    within: Option<f64>,
    /// No run diverges
    #[arg(long)]
    finite: bool,
    /// How far off a claimed number may be [default: 0.05 of an exponent, a twentieth of a limit or of what a rate is off 1]
    #[arg(long, value_name = "M")]
    margin: Option<f64>,
    /// A TOML file of claims, each a table [[claim]]: exponent = { value = -1, margin = 0.02 }
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How the log is read")]
pub(crate) struct Columns {
    /// Column that tells runs apart, by name or number
    #[arg(long, value_name = "COLUMN")]
    run: Option<Column>,
    /// Column of steps
    #[arg(long, value_name = "COLUMN")]
    step: Option<Column>,
    /// Column of values
    #[arg(long, value_name = "COLUMN")]
    value: Option<Column>,
    /// Column of groups of runs
    #[arg(long, value_name = "COLUMN")]
    group: Option<Column>,
    /// What separates cells: a character, or `tab`
    #[arg(long, value_name = "C", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// The sign before decimals: point or comma
    #[arg(long, value_name = "SIGN")]
    decimal: Option<Decimal>,
    /// Which points count where steps fall back: first or last
    #[arg(long, value_name = "WHICH")]
    keep: Option<Keep>,
    /// Added to all steps: 1 counts epochs from 1 that were counted from 0
    #[arg(long, value_name = "N", default_value_t = 0.0, allow_hyphen_values = true)]
    shift_steps: f64,
}

impl JudgeArguments {
    pub(crate) fn selection(&self) -> Selection {
        let Columns { run, step, value, group, delimiter, decimal, keep, shift_steps } =
            &self.columns;
        Selection {
            run: run.clone(),
            step: step.clone(),
            value: value.clone(),
            group: group.clone(),
            delimiter: *delimiter,
            decimal: *decimal,
            keep: *keep,
            shift_steps: *shift_steps,
        }
    }

    pub(crate) fn terms(&self) -> Terms {
        let from = self.from.unwrap_or(f64::NEG_INFINITY);
        Terms { error: self.error, finite_runs: self.finite_runs, from }
    }
}

impl Claimed {
    /// What the options claim, without the file.
    pub(crate) fn of_options(&self) -> Vec<Claim> {
        let target = |value: &f64| Target { value: *value, margin: self.margin };
        let mut all: Vec<Claim> = Vec::new();
        all.extend(self.exponent.iter().map(|value| Claim::Exponent(target(value))));
        all.extend(self.rate.iter().map(|value| Claim::Rate(target(value))));
        all.extend(self.limit.iter().map(|value| Claim::Limit(target(value))));
        all.extend(self.approach.iter().map(|value| Claim::Approach(target(value))));
        all.extend(self.below.iter().cloned().map(Claim::Below));
        all.extend(self.above.iter().cloned().map(Claim::Above));
        if let (Some((lower, higher)), Some(at)) = (&self.lower, self.at) {
            let (lower, higher) = (lower.clone(), higher.clone());
            all.push(Claim::Lower(Comparison { lower, higher, at, within: self.within }));
        }
        if self.finite {
            all.push(Claim::Finite {});
        }
        all
    }
}

/// Two groups with a comma between them, each within quotes if its name has a comma.
fn pair(text: &str) -> Result<(String, String), String> {
    let parts = match text.trim().strip_prefix('"') {
        Some(rest) => rest.split_once('"').and_then(|(lower, rest)| {
            let higher = rest.trim_start().strip_prefix(',')?;
            Some((lower, higher))
        }),
        None => text.split_once(','),
    };
    let parts = parts.map(|(lower, higher)| (lower.trim(), unquoted(higher.trim())));
    match parts {
        Some((lower, Some(higher))) if !lower.is_empty() && !higher.is_empty() => {
            Ok((lower.into(), higher.into()))
        }
        _ => Err("two groups with a comma between them: --lower adam,sgd; those whose names have commas within quotes: \
                  --lower '\"lr=1,wd=0\",\"lr=1,wd=1\"'"
            .into()),
    }
}

/// What stands within the quotes, or a name that has none and no comma.
fn unquoted(text: &str) -> Option<&str> {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').filter(|name| !name.contains('"')),
        None => (!text.contains(',')).then_some(text),
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        _ if text == "tab" || text == "\\t" => Ok(b'\t'),
        [one] if one.is_ascii() => Ok(*one),
        _ => Err("one character, or `tab`".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn groups_whose_names_have_commas_stand_within_quotes() {
        let of = |lower: &str, higher: &str| Ok((lower.to_owned(), higher.to_owned()));
        assert_eq!(pair("adam,sgd"), of("adam", "sgd"));
        assert_eq!(pair("adam, sgd"), of("adam", "sgd"));
        assert_eq!(pair("\"a,b\",\"a,c\""), of("a,b", "a,c"));
        assert_eq!(pair("\"a; b\" , sgd"), of("a; b", "sgd"));
        for wrong in ["adam", "a,", ",b", "a,b,c", "\"a,b\"", "\"a,b\" c", "\"a,b\",\"c"] {
            assert!(pair(wrong).unwrap_err().contains("within quotes"), "{wrong}");
        }
    }
}
