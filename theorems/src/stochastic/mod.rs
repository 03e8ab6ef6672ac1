//! Stochastic and adaptive methods.

chapter! {}
