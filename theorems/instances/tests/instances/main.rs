//! Tests of the instances from outside, in one binary: it links once.

mod complete;
mod floors;
mod hypotheses;
mod precision;
