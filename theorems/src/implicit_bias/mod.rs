//! Implicit bias and flatness: which minimiser an algorithm picks.

chapter! {}
