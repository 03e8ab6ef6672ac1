//! Tests of the instances from outside, in one binary: it links once.

mod floors;
mod hypotheses;
