//! Stochastic experiments: trials run in blocks, recorded so that shards can be put together.
//!
//! A *trial* is one run of the experiment. Trials run in *blocks*: those of a block are moved together as
//! one ensemble and share one random stream, keyed by (seed, theorem, claim, family, instance, block), so
//! that no result depends on threads or order. A block leaves a [`BlockRecord`], a few numbers a checkpoint;
//! verdicts are a function of the records in the order of their blocks. Blocks run in rounds (looks), and
//! the first look that decides ends the experiment.

mod block;
mod record;

pub use block::{Block, Sample};
pub(crate) use record::Look;
pub use record::{BlockRecord, Contradiction, Plan, PointRecord};
