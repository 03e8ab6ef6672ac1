//! Landscapes, wide and deep linear networks.

chapter! {}
