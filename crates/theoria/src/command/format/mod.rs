//! What a check prints: for people, or for other programs.

mod json;
mod junit;

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use theoria_verification::Settings;
use theoria_verification::evidence::TheoremEvidence;

use crate::command::catalogue::Catalogue;
use crate::command::error::CommandError;
use crate::command::terminal::say;

/// How verdicts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object: verdicts, numbers and reasons, without the curves that the evidence keeps
    Json,
    /// JUnit's XML, as continuous integration reads it: a suite a theorem, a case a claim or control
    Junit,
}

/// A run that has ended.
pub(crate) struct Ended<'a> {
    pub(crate) evidence: &'a [TheoremEvidence],
    pub(crate) settings: &'a Settings,
    pub(crate) folder: &'a Path,
    /// Seconds that each theorem took, by its id.
    pub(crate) seconds: &'a BTreeMap<String, f64>,
}

/// Prints the verdicts for another program.
pub(crate) fn print(
    catalogue: &Catalogue,
    ended: &Ended<'_>,
    format: Format,
) -> Result<(), CommandError> {
    let text = match format {
        Format::Json => json::text(catalogue, ended).map_err(unprintable),
        Format::Junit => junit::text(catalogue, ended).map_err(unprintable),
        Format::Text => return Ok(()),
    }?;
    say!("{}", text.trim_end())
}

fn unprintable(error: impl std::error::Error + Send + Sync + 'static) -> CommandError {
    CommandError::Output(std::io::Error::other(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use theoria_verification::{Claim, Curve, Family, Instance, Theorem};

    struct One;
    impl Instance for One {
        fn description(&self) -> String {
            "one".into()
        }
    }

    /// A bound that is exceeded by a quarter.
    fn false_claim() -> TheoremEvidence {
        let claim = Claim::bound("too_small", "N ≤ 0.8 N")
            .on(Family::single("one", || One))
            .experiment(|_| Curve::over(1..=9, f64::from, |n| 0.8 * f64::from(n)));
        Theorem::new("mine/false", "# A").claim(claim).check(&Settings::default())
    }

    #[test]
    fn what_is_refuted_is_a_failure_for_other_programs() {
        let (evidence, settings) = ([false_claim()], Settings::default());
        let (folder, seconds) = (Path::new("evidence"), &BTreeMap::new());
        let ended = Ended { evidence: &evidence, settings: &settings, folder, seconds };
        let catalogue = Catalogue::of(Vec::new()).ok().unwrap();
        let xml = junit::text(&catalogue, &ended).unwrap();
        assert!(xml.contains("tests=\"1\"") && xml.contains("failures=\"1\""), "{xml}");
        assert!(xml.contains("type=\"refuted\"") && xml.contains("reproduce"), "{xml}");
        let json = json::text(&catalogue, &ended).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let claim = &json["theorems"][0]["claims"][0];
        assert_eq!((&json["holds"], &claim["as_expected"]), (&false.into(), &false.into()));
        assert!(claim["explanation"].as_str().unwrap().contains("came out refuted"), "{claim}");
    }

    #[test]
    fn a_theorem_that_claims_nothing_is_a_failure() {
        let evidence = [Theorem::new("mine/empty", "# A").check(&Settings::default())];
        let (settings, seconds) = (Settings::default(), BTreeMap::new());
        let folder = Path::new("evidence");
        let ended = Ended { evidence: &evidence, settings: &settings, folder, seconds: &seconds };
        let xml = junit::text(&Catalogue::of(Vec::new()).ok().unwrap(), &ended).unwrap();
        assert_ne!(evidence[0].standing, theoria_verification::Standing::Holds);
        assert!(xml.contains("failures=\"1\""), "{xml}");
    }
}
