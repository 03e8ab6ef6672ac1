//! The command `theoria`.

fn main() -> std::process::ExitCode {
    theoria::command::run(theoria::theorems::all())
}
