//! Training curves that any framework logged, read into runs.
//!
//! A log is a table of text (CSV, TSV, semicolons, columns of blanks) or JSON (`trainer_state.json` of Hugging Face, an array of
//! objects, an object a line), plain or compressed by gzip. [`read`] finds its columns, or takes those of a [`Selection`], and
//! returns each run as steps in order with finite values, and the step from which on it had diverged.
//!
//! What is read is either exact or refused by a [`Fault`] that names file, line and column and says what to type instead. Nothing is
//! guessed in silence and nothing left out uncounted: each decision is a [`Note`].
//!
//! # How a table is understood
//!
//! **Columns.** Names are compared without surrounding blanks and in any case. Steps are the column called `step`, `iteration`,
//! `iter`, `global_step` and the like, else `epoch`. Values are `loss`, `value`, `train_loss` and the like; where there are two, it
//! is refused. Runs are told apart by `run`, `trial` and the like, else by `seed`; without such a column a file is one run, named
//! after the file.
//!
//! Rows that a column `split`, `phase`, `metric` or the like calls different are not one run, and are refused unless it is asked for.
//!
//! **Objects within rows of JSON.** A key within an object is a column named by the keys that lead to it: `{"step": 1, "metrics":
//! {"loss": 0.3}}` has `metrics.loss`, which may be asked for as `metrics/loss` too. Where no column is found by its name, the one
//! whose last key has such a name is; where several have, it is refused.
//!
//! **No header.** Where the first row has numbers, or has them where steps and values are asked for by number, it is data; names may
//! stand in a comment (`#`) before it.
//!
//! **Wide tables.** Columns `<run> - <metric>`, as Weights & Biases exports them, are a run each; those that end in `__MIN` or `__MAX`
//! are left out. If there are none of these and no value is found by its name, and *every* named column but that of the steps is
//! numbered (`0`, `sgd-0`, `seed 2`), each is a run.
//!
//! **Groups.** A run `sgd-0` is of the group `sgd` (what stands before the last `-` followed by digits alone), unless a column of
//! groups is named.
//!
//! **Several files.** A file without a column of runs is one run. Runs of the same name in different files are different runs, and
//! are called `<file>-<run>`.
//!
//! **Divergence.** From the first value on that is no finite number (`NaN`, `inf`) or beyond 1e150 in size, a run has diverged, and
//! what follows is left out. `None`, `null` and `NA` are a divergence too where no finite value follows, else nothing was logged
//! there. An empty cell is no point.
//!
//! **Restarts.** Where steps fall back, a `Selection` must say which points count ([`Keep`]). After a header in the middle, runs go
//! on if their steps do; if they start over they are runs of their own, `<run> (2)`.
//!
//! **A last line without its end** may be cut: it is left out where cells are missing, or where its last number could go on.
//!
//! ```
//! use theoria_curves::{Selection, read};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let file = folder.path().join("log.csv");
//! std::fs::write(&file, "seed,step,loss\n0,1,0.5\n0,2,0.25\n1,1,0.75\n1,2,nan\n")?;
//!
//! let log = read(&[file], &Selection::default(), &mut |_| ())?;
//! assert_eq!(log.runs[0].values, [0.5, 0.25]);
//! assert_eq!((log.runs[1].steps.as_slice(), log.runs[1].diverged), ([1.0].as_slice(), Some(2.0)));
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod account;
mod apart;
mod bare_words;
mod columns;
mod delimited;
mod detection;
mod fault;
mod file;
mod first_row;
mod header;
mod json;
pub mod judge;
mod last_line;
mod log;
mod naming;
mod note;
mod number;
mod progress;
mod read;
mod record;
mod run;
mod runs;
mod selection;
mod signature;
mod source;

pub use fault::Fault;
pub use log::{Log, Run};
pub use note::Note;
pub use progress::Progress;
pub use read::read;
pub use selection::{Column, Decimal, Keep, Selection};
