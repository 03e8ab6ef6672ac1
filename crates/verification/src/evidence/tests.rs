//! Evidence that was tampered with.
