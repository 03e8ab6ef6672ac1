use std::path::Path;

use rand::RngExt;
use serde_json::{Value, json};

use super::store::{self, StoreError};
use super::{TheoremEvidence, read};
use crate::{
    Block, Claim, Curve, Family, Figure, Instance, Settings, Side, Standing, Theorem, Verdict,
};

struct Uniform;

impl Instance for Uniform {
    fn description(&self) -> String {
        "uniform on [0, 1]".into()
    }
}

fn uniforms() -> Family<Uniform> {
    Family::single("uniform", || Uniform)
}

fn squares(_: &Uniform, block: &mut Block) -> crate::Sample {
    block.each(&[1.0, 2.0], |random| vec![random.random::<f64>().powi(2); 2])
}

/// One claim of each kind on trials, one on a curve, and a control.
pub(super) fn theorem(statement: &str) -> Theorem {
    let halves = |name: &str, allowed: f64| {
        Claim::bound(name, "2⁻ᴺ ≤ 1").on(uniforms()).experiment(move |_| {
            Curve::over(1..=9, |n: i32| 0.5f64.powi(n), move |n| allowed * 0.5f64.powi(n))
        })
    };
    let mean = |name: &str, bound: f64| {
        Claim::expected_bound(name, &format!("E U² ≤ {bound}"))
            .on(uniforms())
            .sampling(squares)
            .predicting(move |_, _| bound)
            .within(0.2)
    };
    Theorem::new("examples/squares", statement)
        .claim(halves("halves", 1.0))
        .claim(mean("mean", 0.34))
        .claim(
            Claim::expected_value("value", "E U² = 1/3", 0.2)
                .on(uniforms())
                .sampling(squares)
                .predicting(|_, _| 1.0 / 3.0),
        )
        .claim(
            Claim::law("law", "U² is the square of a uniform", 0.2)
                .on(uniforms())
                .sampling(squares)
                .distributed_as(|_, _, value| value.clamp(0.0, 1.0).sqrt()),
        )
        .claim(
            Claim::probability("less_than_half", "P(U < 1/2) = 1/2", Side::Within(0.1))
                .on(uniforms())
                .sampling(|_, block| block.each_event(1.0, |random| random.random::<f64>() < 0.5))
                .predicting(|_, _| 0.5),
        )
        .control(mean("too_small", 0.2))
        .figure(Figure::linear("halves", "N", "2⁻ᴺ").of("halves").caption("It halves."))
}

pub(super) fn value() -> Value {
    let evidence = theorem("# Squares\n\nWhy.").check(&Settings::default());
    serde_json::to_value(evidence).unwrap()
}

fn parse(value: &Value) -> Result<TheoremEvidence, read::Fault> {
    read::parse(&serde_json::to_vec(value).unwrap())
}

fn told(value: &Value) -> String {
    match parse(value) {
        Err(fault) => format!("{fault:?}"),
        Ok(evidence) => format!("believed: {}", evidence.standing),
    }
}

#[test]
fn what_was_written_is_read_to_the_byte() {
    let value = value();
    let read = parse(&value).unwrap();
    let verdicts: Vec<Verdict> = read.claims.iter().map(|claim| claim.verdict).collect();
    assert_eq!(read.standing, Standing::Holds, "{verdicts:?}");
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
}

#[test]
fn what_was_tampered_with_contradicts_itself() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 37] = [
        ("instances", |v| v["claims"][0]["instances"][0]["index"] = json!(usize::MAX)),
        ("shard", |v| v["runs"][0]["shard"] = json!({"index": usize::MAX, "of": 2})),
        ("standing", |v| v["standing"] = json!("refuted")),
        ("verdict", |v| v["claims"][0]["verdict"] = json!("refuted")),
        ("findings say", |v| {
            v["claims"][0]["instances"][0]["finding"]["verdict"] = json!("refuted");
        }),
        ("findings say", |v| v["claims"][0]["instances"] = json!([])),
        ("findings", |v| v["claims"][0]["level"] = json!("nominal")),
        ("findings", |v| v["claims"][0]["severity"] = json!("none")),
        ("decided", |v| v["claims"][0]["decisive"] = json!(7)),
        ("by its hypotheses", |v| {
            v["claims"][0]["instances"][0]["hypotheses"] =
                json!([{"name": "smooth", "satisfied": false, "detail": ""}]);
        }),
        ("if and only if", |v| {
            v["claims"][0]["counterexample"] = v["claims"][0]["instances"][0].clone();
            v["claims"][0]["counterexample"]["finding"] = Value::Null;
        }),
        ("trials say", |v| {
            let blocks = &mut v["claims"][1]["instances"][0]["trials"]["blocks"];
            for block in blocks.as_array_mut().unwrap() {
                block["points"][0]["wealth"] = json!(vec![99; crate::statistics::LAMBDAS.len()]);
            }
        }),
        ("other numbers", |v| v["claims"][2]["instances"][0]["finding"]["measured"] = json!(0.1)),
        ("error budget", |v| v["claims"][1]["instances"][0]["trials"]["alpha"] = json!(0.5)),
        ("error probability", |v| v["claims"][1]["instances"][0]["trials"]["alpha"] = json!(-1)),
        ("error probability", |v| v["claims"][1]["instances"][0]["trials"]["alpha"] = json!("nan")),
        ("error probability", |v| v["claims"][1]["instances"][0]["trials"]["alpha"] = json!(1e300)),
        ("rounding floors", |v| v["claims"][1]["instances"][0]["trials"]["floor"] = json!([])),
        ("predictions", |v| v["claims"][1]["instances"][0]["trials"]["predicted"] = json!([1.0])),
        ("checkpoints", |v| v["claims"][1]["instances"][0]["trials"]["x"] = json!([1, 2, 3])),
        ("records", |v| {
            v["claims"][1]["instances"][0]["trials"]["blocks"][1]["points"] = json!([]);
        }),
        ("trials are missing", |v| {
            v["claims"][1]["instances"][0].as_object_mut().unwrap().remove("trials");
        }),
        ("the curve of the instance that decided", |v| {
            v["claims"][0]["instances"][0].as_object_mut().unwrap().remove("curve");
        }),
        ("more than once", |v| {
            let again = v["claims"][0]["instances"][0].clone();
            v["claims"][0]["instances"].as_array_mut().unwrap().push(again);
        }),
        ("its kind", |v| v["claims"][0]["kind"] = json!("proof")),
        ("constant L", |v| {
            v["claims"][0]["instances"][0]["constants"] =
                json!([{"name": "L", "value": -5.0, "provenance": "exact"}]);
        }),
        ("no run has its seed", |v| v["claims"][0]["instances"][0]["seed"] = json!("77")),
        ("violates the bound", |v| {
            v["claims"][0]["instances"][0]["curve"]["measured"][4] = json!(0.9);
        }),
        ("severity is not that", |v| v["claims"][0]["kind"] = json!("identity")),
        ("no point at", |v| v["claims"][0]["instances"][0]["finding"]["measured"] = json!(1e-9)),
        ("tightness is recorded", |v| {
            v["claims"][0]["severity"]["tightness"]["value"] = json!(0.5);
            v["claims"][0]["instances"][0]["finding"]["severity"]["tightness"]["value"] =
                json!(0.5);
        }),
        ("exceeds the bound", |v| {
            v["claims"][0]["instances"][0]["finding"]["closeness"] = json!(2.0);
        }),
        ("error rates", |v| {
            let rates = json!({"wrong_refutation": 0.1, "wrong_support": 0.0});
            v["claims"][0]["errors"] = rates.clone();
            v["claims"][0]["instances"][0]["finding"]["errors"] = rates;
        }),
        ("its level", |v| {
            v["claims"][0]["level"] = json!("proved");
            v["claims"][0]["instances"][0]["finding"]["level"] = json!("proved");
        }),
        ("id of a theorem", |v| v["id"] = json!("../../etc/passwd")),
        ("name of a claim", |v| v["claims"][0]["name"] = json!("<b>")),
        ("program", |v| v["program"] = json!({"name": "x; rm -rf ~", "kind": "binary"})),
    ];
    for (expected, change) in changes {
        let mut value = value();
        change(&mut value);
        let told = told(&value);
        assert!(told.contains("Contradiction") && told.contains(expected), "{expected}: {told}");
    }
}

#[test]
fn texts_lose_what_a_terminal_acts_on() {
    let mut value = value();
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[31mred\u{9b}2J\u{202e}x\r\nforged line";
    value["statement"] = json!(format!("# Title {evil}"));
    value["version"] = json!(evil);
    value["claims"][0]["formula"] = json!(evil);
    value["claims"][0]["instances"][0]["description"] = json!(evil);
    value["claims"][0]["instances"][0]["finding"]["note"] = json!(evil);
    let read = parse(&value).unwrap();
    let text = serde_json::to_string(&read).unwrap();
    assert!(!text.contains("\\u001b") && !text.contains('\u{9b}') && !text.contains('\u{202e}'));
    assert!(!read.claims[0].formula.contains('\n') && read.statement.contains('\n'));
    let mut schema = value.clone();
    schema["schema"] = json!(77);
    let Err(read::Fault::OtherSchema { version, .. }) = parse(&schema) else {
        panic!("another schema")
    };
    assert!(!version.chars().any(char::is_control), "{version:?}");
}

#[test]
fn marks_of_byte_order_and_depth_are_known() {
    let bytes = serde_json::to_vec(&value()).unwrap();
    let marked = [&[0xef, 0xbb, 0xbf], &bytes[..]].concat();
    assert!(read::parse(&marked).is_ok());
    let wide: Vec<u8> =
        String::from_utf8(bytes).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    let told = format!("{:?}", read::parse(&[&[0xff, 0xfe], &wide[..]].concat()));
    assert!(told.contains("save it as UTF-8"), "{told}");
    let began = std::time::Instant::now();
    for open in ["{\"a\":", "["] {
        assert!(read::parse(open.repeat(100_000).as_bytes()).is_err());
        assert!(read::is_foreign(open.repeat(100_000).as_bytes()));
    }
    assert!(began.elapsed().as_secs() < 5);
}

fn put(path: &Path, content: impl AsRef<[u8]>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

#[test]
fn a_folder_is_read_whatever_lies_beside_the_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| folder.path().join(path);
    let text = serde_json::to_vec(&value()).unwrap();
    put(&at("all/examples/squares.json"), &text);
    put(&at("all/examples/package.json"), r#"{"name": "x", "version": "1"}"#);
    put(&at("all/examples/settings.json"), "// no JSON at all");
    put(&at("all/notes.json"), "[1, 2]");
    put(&at("all/run.json"), "{}");
    for whole in ["all", "all/examples"] {
        let found = store::read_all(&at(whole)).unwrap();
        assert_eq!(found.evidence.len(), 1, "{whole}");
        assert!(found.foreign.len() >= 2, "{:?}", found.foreign);
    }
    // What was evidence and is broken is never left out in silence.
    put(&at("all/examples/other.json"), &text[..text.len() / 2]);
    assert!(matches!(store::read_all(&at("all")), Err(StoreError::Truncated { .. })));
    put(&at("all/examples/other.json"), &text);
    let told = store::read_all(&at("all")).unwrap_err().to_string();
    assert!(told.contains("is evidence for examples/squares"), "{told}");
    std::fs::remove_file(at("all/examples/other.json")).unwrap();
    put(&at("all/elsewhere/squares.json"), &text);
    assert!(matches!(store::read_all(&at("all")), Err(StoreError::Misplaced { .. })));
    put(&at("one/another/squares.json"), &text);
    let told = store::read_of(&at("one"), "another/squares").unwrap_err().to_string();
    assert!(told.contains("is evidence for examples/squares"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("examples/pipe.json");
    std::fs::create_dir_all(pipe.parent().unwrap()).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert!(matches!(store::read(&pipe), Err(StoreError::NoPlainFile { .. })));
    assert!(matches!(store::read_all(folder.path()), Err(StoreError::Empty { .. })));
}

#[test]
fn what_a_theorem_uses_is_looked_through() {
    let read_with = |changes: &[(&str, Value)]| {
        let mut changed = value();
        for (field, to) in changes {
            changed[*field] = to.clone();
        }
        read::parse(&serde_json::to_vec(&changed).unwrap())
    };
    let uses = |id: &str| json!({"theorem": id, "what": "all of it"});
    let read = read_with(&[("uses", json!([uses("examples/other"), uses("a/b")]))]).unwrap();
    assert_eq!(read.uses.len(), 2);
    assert!(read_with(&[("alone", json!("arithmetic"))]).unwrap().alone.is_some());
    for refused in [
        json!([uses("examples/squares")]),
        json!([uses("a/b"), uses("a/b")]),
        json!([uses("../../outside")]),
        (0..65).map(|number| uses(&format!("a/b{number}"))).collect(),
    ] {
        assert!(read_with(&[("uses", refused.clone())]).is_err(), "{refused}");
    }
    let both = [("uses", json!([uses("a/b")])), ("alone", json!("arithmetic"))];
    assert!(read_with(&both).is_err());
}

#[test]
fn two_theorems_of_one_id_do_not_replace_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let [one, other] = ["# One", "# Other"]
        .map(|text| Theorem::new("examples/same", text).check(&Settings::default()));
    let path = store::write(folder.path(), &one).unwrap();
    store::write(folder.path(), &one).unwrap();
    let told = store::write(folder.path(), &other).unwrap_err().to_string();
    assert!(told.contains("two theorems of this run are called examples/same"), "{told}");
    assert_eq!(store::read(&path).unwrap().statement, "# One");
    let outside = TheoremEvidence { id: "../../outside".into(), ..one };
    assert!(matches!(store::write(folder.path(), &outside), Err(StoreError::Id { .. })));
}
