//! Each claim one test: the body of a test target with `harness = false`.
//!
//! ```no_run
//! // The body of `main` in tests/theorems.rs, which Cargo.toml declares by
//! // `[[test]] name = "theorems"  harness = false`.
//! let theorems = Vec::<theoria_verification::Theorem>::new(); // yours
//! theoria_verification::harness::run(theorems).exit();
//! ```

use libtest_mimic::{Arguments, Conclusion, Failed, Trial};

use crate::evidence::Run;
use crate::{Effort, Role, Settings, Theorem};

/// Runs every claim and control of `theorems` as a test named `chapter::theorem::claim`. The
/// arguments of `cargo test` apply (filters, `--exact`, `--list` ...), and so does `cargo nextest`.
///
/// The environment variable `THEORIA_SEED` replaces the default seed (a number), and
/// `THEORIA_EFFORT` the effort (`quick`, `standard`, `thorough`).
///
/// Two theorems of one id end the process with exit code 2, before anything is run. A reader who has seen enough
/// (`| head`) ends it without a word: with exit code 0 after `--list`, else, since not all tests were run, with 141, as
/// shells say it of a closed pipe.
pub fn run(theorems: Vec<Theorem>) -> Conclusion {
    let arguments = Arguments::from_args();
    if let Some(id) = Theorem::repeated_id(&theorems) {
        eprintln!("error: two theorems are called {id}: rename one of them");
        std::process::exit(2);
    }
    end_quietly_without_a_reader(if arguments.list { 0 } else { 141 });
    let settings = match from_environment() {
        Ok(settings) => settings,
        Err(message) => {
            eprintln!("error: {message}");
            std::process::exit(2);
        }
    };
    libtest_mimic::run(&arguments, trials(theorems, settings))
}

/// What prints the outcomes knows of a closed pipe only how to panic.
fn end_quietly_without_a_reader(exit_code: i32) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        let printing = message.starts_with("failed printing to stdout")
            || panic.location().is_some_and(|place| place.file().contains("libtest-mimic"));
        if printing && (message.contains("BrokenPipe") || message.contains("Broken pipe")) {
            std::process::exit(exit_code);
        }
        usual(panic);
    }));
}

fn from_environment() -> Result<Settings, String> {
    let mut settings = Settings::default();
    if let Ok(text) = std::env::var("THEORIA_SEED") {
        settings.seed = text
            .parse()
            .map_err(|_| format!("THEORIA_SEED is {text:?}, which is not a whole number"))?;
    }
    if let Ok(text) = std::env::var("THEORIA_EFFORT") {
        settings.effort = match text.as_str() {
            "quick" => Effort::Quick,
            "standard" => Effort::Standard,
            "thorough" => Effort::Thorough,
            _ => {
                return Err(format!(
                    "THEORIA_EFFORT is {text:?}; it can be quick, standard or thorough"
                ));
            }
        };
    }
    Ok(settings)
}

/// The tests, one a claim.
fn trials(theorems: Vec<Theorem>, settings: Settings) -> Vec<Trial> {
    theorems
        .into_iter()
        .flat_map(|theorem| {
            let names: Vec<(Role, String)> =
                theorem.claims().map(|(role, name)| (role, name.to_owned())).collect();
            names.into_iter().map(move |(role, claim)| {
                let id = theorem.id();
                let kind = match role {
                    Role::Claim => "",
                    Role::Control => "control_",
                };
                let name = format!("{}::{}::{kind}{claim}", id.chapter(), id.name());
                let theorem = theorem.clone();
                Trial::test(name.clone(), move || judge(&theorem, &claim, &name, &settings))
            })
        })
        .collect()
}

fn judge(theorem: &Theorem, claim: &str, test: &str, settings: &Settings) -> Result<(), Failed> {
    let evidence =
        theorem.check_claim(claim, settings).ok_or("the theorem no longer has this claim")?;
    if evidence.as_expected() {
        return Ok(());
    }
    Err(evidence.explain(&Run::with(settings).test_command(test)).into())
}
