//! Calibrations on several machines, trials that are added, and runs that are killed.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ID, evidence, run};

fn calibrate(folder: &Path, shard: &str, code: i32, more: &[&str]) -> (String, String) {
    let file = format!("{}.json", &shard[..1]);
    let all = ["calibrate", "--effort", "quick", "--seeds", "5", "--shard", shard, "--out", &file];
    run(folder, &[&all[..], more].concat(), code)
}

pub(super) fn shards_of_a_calibration_count_what_one_machine_counts() {
    let folder = TempDir::new().unwrap();
    for shard in ["1/2", "2/2"] {
        let (output, _) = calibrate(folder.path(), shard, 0, &["--first", "9"]);
        assert!(output.contains(&format!("shard {} of 2:", &shard[..1])), "{output}");
    }
    let whole = ["calibrate", "--effort", "quick", "--seeds", "5", "--first", "9"];
    let (whole, _) = run(folder.path(), &whole, 0);
    for files in [["1.json", "2.json"], ["2.json", "1.json"]] {
        let (merged, _) = run(folder.path(), &[&["calibrate", "--merge"][..], &files].concat(), 0);
        assert_eq!(merged, whole);
    }
    assert!(whole.contains("0 wrong verdicts in 2 claims, 5 seeds from 9 on"), "{whole}");
    assert!(whole.contains("at most 52.18% of all seeds"), "{whole}");

    let (_, errors) = run(folder.path(), &["calibrate", "--merge", "1.json"], 2);
    assert!(errors.contains("--shard 2/2") && errors.contains("--first 9 --seeds 5"), "{errors}");
    let twice = ["calibrate", "--merge", "1.json", "2.json", "1.json"];
    let (_, errors) = run(folder.path(), &twice, 2);
    assert!(errors.contains("leave one of them out"), "{errors}");
    let (_, errors) = calibrate(folder.path(), "1/2", 2, &[]);
    assert!(errors.contains("draw one once") && errors.contains("--first"), "{errors}");
    let other = ["--first", "9", "--effort", "quick", "--seeds", "5", "--shard", "2/2"];
    let other = [&["calibrate"][..], &other, &["--out", "1.json"]].concat();
    let (_, errors) = run(folder.path(), &other, 2);
    assert!(errors.contains("a file of its own"), "{errors}");
    calibrate(folder.path(), "2/2", 0, &["--first", "8"]);
    let (_, errors) = run(folder.path(), &["calibrate", "--merge", "1.json", "2.json"], 2);
    assert!(errors.contains("different seeds"), "{errors}");
}

pub(super) fn counts_of_others_are_not_trusted() {
    let folder = TempDir::new().unwrap();
    calibrate(folder.path(), "1/1", 0, &["--first", "9"]);
    let path = folder.path().join("1.json");
    let sound: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let changes: [fn(&mut Value); 10] = [
        |v| *v = json!({}),
        |v| v["format"] = json!(9),
        |v| v["shard"] = json!({"index": u64::MAX, "of": 1}),
        |v| v["shard"] = json!({"index": 0, "of": 0}),
        |v| v["claims"][0]["supported"] = json!(u64::MAX),
        |v| v["claims"][0]["wrong"] = json!(["\u{1b}[31m"]),
        |v| v["claims"][0]["theorem"] = json!("mine/other"),
        |v| v["plan"]["seeds"] = json!(u64::MAX),
        |v| v["claims"] = json!([]),
        |v| {
            // One wrong verdict, of a seed that is none of them.
            v["claims"][0]["supported"] = json!(4);
            v["claims"][0]["inconclusive"] = json!(1);
            v["claims"][0]["wrong"] = json!(["999999"]);
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = sound.clone();
        change(&mut changed);
        std::fs::write(&path, serde_json::to_vec(&changed).unwrap()).unwrap();
        let (output, errors) = run(folder.path(), &["calibrate", "--merge", "1.json"], 2);
        let text = output + &errors;
        assert!(text.contains("1.json") && !text.contains('\u{1b}'), "{number}: {text}");
    }
}

pub(super) fn what_is_decided_is_not_deepened_and_what_is_wrong_is_named() {
    let folder = TempDir::new().unwrap();
    let (_, errors) = run(folder.path(), &["check", "--deepen", "nowhere"], 2);
    assert!(errors.contains("nowhere does not exist"), "{errors}");
    for conflict in [["--seed", "3"], ["--effort", "quick"], ["--shard", "1/2"]] {
        run(folder.path(), &[&["check", "--deepen", "x"][..], &conflict].concat(), 2);
    }
    run(folder.path(), &["check", "--effort", "quick", "--seed", "7"], 0);
    let before = std::fs::read(evidence(folder.path())).unwrap();
    let (output, errors) = run(folder.path(), &["check", "--deepen", "reports/evidence"], 0);
    assert!(errors.contains("nothing is open"), "{errors}");
    assert!(output.contains("seed 7, effort quick"), "{output}");
    assert!(std::fs::read(evidence(folder.path())).unwrap() == before);
}

pub(super) fn a_killed_run_leaves_a_journal_that_the_next_takes_up_or_drops() {
    let folder = TempDir::new().unwrap();
    let all = ["check", "--effort", "quick"];
    run(folder.path(), &all, 0);
    let whole = std::fs::read(evidence(folder.path())).unwrap();
    let journal = evidence(folder.path()).with_file_name(".heavy_ball.journal");
    assert!(!journal.exists(), "what is finished needs none");
    // One of nobody, cut off, edited: no line of it is believed.
    std::fs::write(&journal, "{\"key\": \"/claims/0/0\", \"value\": \"[]\", \"seal\": \"00\"}\n{")
        .unwrap();
    std::fs::remove_file(evidence(folder.path())).unwrap();
    run(folder.path(), &[&all[..], &["--resume"]].concat(), 0);
    assert!(std::fs::read(evidence(folder.path())).unwrap() == whole, "{ID}");
    assert!(!journal.exists());
}
