//! Sparse and low-rank models, constraints and duality: optimization in other areas.

theoria_verification::chapter! {}
