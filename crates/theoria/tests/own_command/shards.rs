//! One run dealt out among machines, as whoever runs it meets it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{ID, evidence, run};

const ALL: [&str; 3] = ["1/3", "2/3", "3/3"];

/// The file of a shard.
fn of_shard(folder: &Path, shard: &str) -> PathBuf {
    let name = format!("shard-{}", shard.replace('/', "-of-"));
    folder.join("reports/evidence").join(name).join(ID).with_extension("json")
}

fn shard(folder: &Path, shard: &str, seed: &str) -> String {
    let arguments = ["check", "--effort", "quick", "--seed", seed, "--shard", shard];
    run(folder, &arguments, 0).0
}

fn sharded() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for name in ALL {
        shard(folder.path(), name, "7");
    }
    folder
}

pub(super) fn shards_exit_with_0_and_merge_to_the_bytes_of_one_run() {
    let folder = TempDir::new().unwrap();
    for name in ALL {
        let output = shard(folder.path(), name, "7");
        let said = format!("shard {} of 3:", &name[..1]);
        assert!(output.contains(&said) && output.contains("There is no verdict"), "{output}");
    }
    assert!(!evidence(folder.path()).exists(), "each shard has a folder of its own");
    let merge = ["report", "reports/evidence", "--out", "site", "--merged", "merged"];
    run(folder.path(), &merge, 0);

    let whole = TempDir::new().unwrap();
    run(whole.path(), &["check", "--effort", "quick", "--seed", "7"], 0);
    run(whole.path(), &["report", "--out", "site"], 0);
    let bytes = |path: PathBuf| std::fs::read(path).unwrap();
    let merged = folder.path().join("merged").join(ID).with_extension("json");
    assert!(bytes(merged) == bytes(evidence(whole.path())));
    for page in ["site/verdicts.md", "site/index.html", "site/mine/heavy_ball.html"] {
        let [ours, theirs] = [&folder, &whole].map(|it| it.path().join(page));
        if page.ends_with("verdicts.md") {
            assert!(bytes(ours) == bytes(theirs), "{page}");
        } else {
            assert!(ours.exists() && theirs.exists(), "{page}");
        }
    }
    // In any order, and named one by one.
    let folders = ALL.map(|name| format!("reports/evidence/shard-{}", name.replace('/', "-of-")));
    let [a, b, c] = &folders;
    run(folder.path(), &["report", c, a, b, "--out", "other"], 0);
}

pub(super) fn missing_doubled_and_foreign_shards_are_refused_with_what_to_run() {
    let folder = sharded();
    let gone = of_shard(folder.path(), "2/3");
    let kept = std::fs::read(&gone).unwrap();
    std::fs::remove_file(&gone).unwrap();
    // The shard was killed: its record says what it owes.
    let (_, errors) = run(folder.path(), &["report", "--out", "site"], 2);
    for part in
        ["shard 2 of 3", "check --seed 7 --effort quick --shard 2/3", "--resume", "--incomplete"]
    {
        assert!(errors.contains(part), "{part}: {errors}");
    }
    std::fs::remove_dir_all(gone.parent().unwrap().parent().unwrap()).unwrap();
    let (_, errors) = run(folder.path(), &["report", "--out", "site"], 2);
    assert!(errors.contains("--shard 2/3"), "{errors}");
    assert!(!folder.path().join("site").exists(), "nothing is drawn");

    let (_, errors) = run(folder.path(), &["report", "--incomplete", "--out", "look"], 1);
    assert!(errors.contains("incomplete"), "{errors}");
    let page = folder.path().join("look").join(ID).with_extension("html");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("Incomplete") && page.contains("shard 3 of 3"), "{page}");

    std::fs::create_dir_all(gone.parent().unwrap()).unwrap();
    std::fs::write(&gone, kept).unwrap();
    run(folder.path(), &["report", "--out", "site"], 0);
    let again = "reports/evidence/shard-2-of-3";
    let (_, errors) = run(folder.path(), &["report", "reports/evidence", again, "--out", "x"], 2);
    assert!(
        errors.contains("leave one of them out") && errors.contains("shard 2 of 3"),
        "{errors}"
    );
    shard(folder.path(), "4/4", "7");
    let (_, errors) = run(folder.path(), &["report", "--out", "x"], 2);
    assert!(errors.contains("shard-4-of-4") && errors.contains("one division"), "{errors}");
    std::fs::remove_dir_all(folder.path().join("reports/evidence/shard-4-of-4")).unwrap();
    shard(folder.path(), "2/3", "8");
    let (_, errors) = run(folder.path(), &["report", "--out", "x"], 2);
    assert!(errors.contains("seed 7") && errors.contains("seed 8"), "{errors}");
    assert!(!folder.path().join("x").exists(), "nothing is drawn");
}

pub(super) fn a_shard_that_was_deepened_belongs_to_its_run() {
    let folder = sharded();
    let path = of_shard(folder.path(), "2/3");
    let mut deepened: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    deepened["runs"][0]["deepened"] = json!(1);
    std::fs::write(&path, serde_json::to_vec(&deepened).unwrap()).unwrap();
    run(folder.path(), &["report", "--out", "site", "--merged", "merged"], 0);
    let (_, errors) = run(folder.path(), &["report", "--merged", "reports/evidence"], 2);
    assert!(errors.contains("name another folder"), "{errors}");
    let (_, errors) = run(folder.path(), &["check", "--deepen", "reports/evidence"], 2);
    assert!(errors.contains("holds shards") && errors.contains("--merged"), "{errors}");
    let (output, _) =
        run(folder.path(), &["check", "--deepen", "reports/evidence/shard-1-of-3"], 0);
    assert!(output.contains("0 of 1 theorems of this shard"), "{output}");
}

pub(super) fn a_fresh_seed_is_drawn_once() {
    let folder = TempDir::new().unwrap();
    let arguments = ["check", "--seed", "fresh", "--shard", "1/2"];
    let (_, errors) = run(folder.path(), &arguments, 2);
    assert!(errors.contains("draw one once") && errors.contains("`seed`"), "{errors}");
    assert!(!folder.path().join("reports").exists());
    let (seed, _) = run(folder.path(), &["seed"], 0);
    let seed = seed.trim();
    assert!(seed.parse::<u64>().is_ok(), "{seed}");
    shard(folder.path(), "1/1", seed);
    run(folder.path(), &["report", "--out", "site"], 0);
}

pub(super) fn whole_runs_of_several_seeds_have_to_be_asked_for() {
    let folder = TempDir::new().unwrap();
    for seed in ["1", "2"] {
        let arguments = ["check", "--effort", "quick", "--seed", seed, "--evidence", seed];
        run(folder.path(), &arguments, 0);
    }
    let (_, errors) = run(folder.path(), &["report", "1", "2", "--out", "site"], 2);
    assert!(errors.contains("--several-seeds") && errors.contains("1/mine"), "{errors}");
    let asked = ["report", "1", "2", "--several-seeds", "--out", "site"];
    let (_, errors) = run(folder.path(), &asked, 0);
    assert!(errors.contains("error budget once more"), "{errors}");
    let page = folder.path().join("site").join(ID).with_extension("html");
    assert!(std::fs::read_to_string(page).unwrap().contains("error budget once more"));
}

pub(super) fn records_of_shards_are_not_trusted() {
    let folder = sharded();
    let record = folder.path().join("reports/evidence/shard-1-of-3/shard.json");
    let sound: Value = serde_json::from_slice(&std::fs::read(&record).unwrap()).unwrap();
    let changes: [fn(&mut Value); 5] = [
        |v| *v = json!([]),
        |v| v["run"]["seed"] = json!(-1),
        |v| v["run"]["shard"] = json!({"index": u64::MAX, "of": 0}),
        |v| v["theorems"] = json!(["\u{1b}[31m", "mine/other"]),
        |v| v["filters"] = json!(["; rm -rf ~", "$(x)"]),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut changed = sound.clone();
        change(&mut changed);
        std::fs::write(&record, serde_json::to_vec(&changed).unwrap()).unwrap();
        std::fs::remove_file(of_shard(folder.path(), "3/3")).ok();
        let (output, errors) = run(folder.path(), &["report", "--out", "site"], 2);
        let text = output + &errors;
        assert!(!text.contains("rm -rf") && !text.contains('\u{1b}'), "{number}: {text}");
    }
}
