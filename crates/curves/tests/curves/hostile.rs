//! Logs that are damaged are read or refused; those that are cut off lose points, and none is another.

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use theoria_curves::{Keep, Log, Selection};

use crate::support::{LOGS, is_sound, path, read_bytes, value};

/// Mutations of each log in a run of the tests; many more by `THEORIA_MUTATIONS`.
fn mutations() -> usize {
    std::env::var("THEORIA_MUTATIONS").map_or(60, |text| text.parse().expect("a number"))
}

fn selections(name: &str) -> Vec<Selection> {
    let named = match name {
        "decimal_comma.csv" => {
            Selection { run: "Lauf".parse().ok(), step: "Schritt".parse().ok(), ..value("Verlust") }
        }
        "padded_header.csv" => value("train/box_loss"),
        "resumed_overlap.csv" => Selection { keep: Some(Keep::Last), ..Selection::default() },
        _ => Selection { keep: Some(Keep::First), ..Selection::default() },
    };
    vec![named, Selection::default()]
}

fn mutate(bytes: &mut Vec<u8>, random: &mut TestRng) {
    const ODD: &[u8] = b"\"\"\n\r,;#.-e+ \0\xff{}[]:N0\xef\xbb\xbf\t";
    let mut below = |bound: usize| random.next_u64() as usize % bound.max(1);
    for _ in 0..=below(4) {
        let at = below(bytes.len());
        let length = below(40).min(bytes.len() - at);
        match below(6) {
            0 if !bytes.is_empty() => bytes[at] = below(256) as u8,
            1 => bytes.insert(at, ODD[below(ODD.len())]),
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let piece = bytes[at..at + length].to_vec();
                let to = below(bytes.len());
                bytes.splice(to..to, piece);
            }
            4 => bytes.truncate(at),
            _ if !bytes.is_empty() => bytes[at] = ODD[below(ODD.len())],
            _ => {}
        }
    }
}

#[test]
fn mutations_are_read_or_refused() {
    let mut random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut read = 0;
    for name in LOGS {
        let bytes = std::fs::read(path(name)).expect("a log");
        for _ in 0..mutations() {
            let mut bytes = bytes.clone();
            mutate(&mut bytes, &mut random);
            for selection in selections(name) {
                match read_bytes(&bytes, &selection) {
                    Ok(log) => {
                        is_sound(&log);
                        read += 1;
                    }
                    Err(fault) => assert!(!fault.to_string().contains(['\0', '\u{1b}'])),
                }
            }
        }
    }
    assert!(read > 0);
}

/// Whether each run of `cut` is the beginning of one of `whole`.
fn is_beginning(cut: &Log, whole: &Log) -> bool {
    cut.runs.iter().all(|cut| {
        let Some(whole) = whole.runs.iter().find(|run| run.name == cut.name) else { return false };
        whole.steps.starts_with(&cut.steps)
            && whole.values.starts_with(&cut.values)
            && cut.diverged.is_none_or(|diverged| whole.diverged == Some(diverged))
    })
}

#[test]
fn a_log_that_is_cut_off_anywhere_has_no_other_points() {
    for name in LOGS {
        let bytes = std::fs::read(path(name)).expect("a log");
        let selection = &selections(name)[0];
        let selection = &Selection { keep: None, ..selection.clone() };
        let Ok(whole) = read_bytes(&bytes, selection) else {
            assert_eq!(name, "resumed_overlap.csv");
            continue;
        };
        let mut read = 0;
        for end in (0..bytes.len()).rev().step_by(bytes.len() / 150) {
            if let Ok(cut) = read_bytes(&bytes[..end], selection) {
                assert!(is_beginning(&cut, &whole), "{name} cut at {end}");
                read += 1;
            }
        }
        // Without its last line end JSON is whole, without its last brace it is not.
        assert_eq!(read <= 1, name.ends_with("json"), "{name}");
    }
}
