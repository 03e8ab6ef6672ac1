//! Hostile programs, at every tier that the machine has, as whoever runs this and, where that is root, as an ordinary user too. Each ends as
//! a mark with a reason, and the rest is graded. `cargo test -p theoria-assignments --test hostile -- --ignored`

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod programs;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

/// There is no isolation to be tried.
#[cfg(not(target_os = "linux"))]
fn main() {}
