//! Initialization and depth.

chapter! {}
