//! What is said of claims on logged runs: the right thing of logs as people have them, and a wrong one no more often than is said.

mod logs;
mod noise;
mod random_walk;
mod sense;
mod skewed;
