//! Evidence from anywhere does nothing but be read or refused.

mod evidence;
mod exercises;
mod markup;
mod mutation;
mod uses;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use serde_json::Value;
use theoria_report::About;
use theoria_verification::evidence::{Accepted, Piece, TheoremEvidence, merge, store};

use markup::{Markup, markup_of};

/// Mutations in a run of the tests; many more by `THEORIA_MUTATIONS`.
fn mutations() -> usize {
    std::env::var("THEORIA_MUTATIONS").map_or(2000, |text| text.parse().expect("a number"))
}

/// No reading and drawing takes nearly as long.
const LONGEST: Duration = Duration::from_secs(20);

fn read(folder: &Path, bytes: &[u8]) -> Option<TheoremEvidence> {
    let path = store::path_of(folder, evidence::ID);
    std::fs::create_dir_all(path.parent().expect("the chapter")).expect("its folder");
    std::fs::write(&path, bytes).expect("a file");
    // A message is for a terminal too; the command takes control characters out of what it cannot know.
    store::read(&path).ok()
}

/// What the pages of evidence without a fault consist of.
fn ours() -> Markup {
    let files = theoria_report::files(&uses::three("its steps", false), &About::default());
    let files = files.expect("it can be drawn");
    let mut all = Markup::default();
    for file in files.iter().filter(|file| is_markup(&file.path)) {
        all.add(markup_of(&file.content).unwrap_or_else(|fault| panic!("{}: {fault}", file.path)));
    }
    all.add(markup::of_prose());
    all
}

fn is_markup(path: &str) -> bool {
    path.ends_with(".html") || path.ends_with(".svg")
}

/// The words of the search are a list of texts, whatever they are.
fn assert_texts(script: &str) {
    let list = script.strip_prefix("theoriaSearch(").and_then(|rest| rest.strip_suffix(");\n"));
    let list = list.unwrap_or_else(|| panic!("{script:.200}"));
    let rows: Vec<[String; 5]> =
        serde_json::from_str(list).unwrap_or_else(|fault| panic!("{fault}: {list:.200}"));
    assert!(!rows.is_empty() && !list.contains('<'));
}

/// Draws evidence and looks whether anything in it became markup.
fn look_at(drawn: &TheoremEvidence, ours: &Markup) {
    let Ok(files) = theoria_report::files(std::slice::from_ref(drawn), &About::default()) else {
        return;
    };
    for file in files {
        if file.path == "glossary.html" {
            continue;
        }
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        };
        assert!(
            file.path.split('/').all(|part| plain(part) && !part.starts_with('.')),
            "{}",
            file.path
        );
        if file.path == "search-index.js" {
            assert_texts(&file.content);
        }
        if !is_markup(&file.path) {
            continue;
        }
        let found = markup_of(&file.content)
            .unwrap_or_else(|fault| panic!("{}: {fault}\n{}", file.path, file.content));
        let foreign: BTreeSet<_> = found.names.difference(&ours.names).collect();
        assert!(foreign.is_empty(), "{}: {foreign:?}", file.path);
        // Ours, which pages name and none holds: one of every page, and one for sliders.
        assert!(
            found.scripts <= 2 && !file.content.contains("<script>"),
            "{}: {} scripts",
            file.path,
            found.scripts
        );
        for address in &found.addresses {
            let harmless = [
                "https://",
                "http://",
                "#",
                "../",
                "figures/",
                "index.html",
                "glossary.html",
                "site.js",
                "style.css",
                "explorable.js",
            ];
            let inner = address.ends_with(".html") && !address.contains(':');
            let picture = address.strip_prefix("data:image/png;base64,");
            let picture = picture.is_some_and(|data| {
                data.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c))
            });
            assert!(
                inner || picture || harmless.iter().any(|start| address.starts_with(start)),
                "{address}"
            );
        }
    }
}

#[test]
fn mutated_evidence_does_nothing() {
    let whole = serde_json::to_value(evidence::sound()).expect("JSON");
    let ours = ours();
    let folder = tempfile::tempdir().expect("a folder");
    let random = &mut ChaCha8Rng::seed_from_u64(12);
    let (mut believed, mut refused) = (0, 0);
    for number in 0..mutations() {
        let mut value: Value = whole.clone();
        for _ in 0..random.random_range(1..4) {
            mutation::of_value(&mut value, random);
        }
        let mut bytes = serde_json::to_vec(&value).expect("JSON");
        if random.random::<f64>() < 0.1 {
            mutation::of_bytes(&mut bytes, random);
        }
        let began = Instant::now();
        match read(folder.path(), &bytes) {
            Some(evidence) => {
                look_at(&evidence, &ours);
                believed += 1;
            }
            None => refused += 1,
        }
        assert!(began.elapsed() < LONGEST, "mutation {number} took {:?}", began.elapsed());
    }
    println!("{believed} mutations were drawn, {refused} refused");
    assert!(believed > mutations() / 20 && refused > mutations() / 20, "{believed} {refused}");
}

#[test]
fn mutated_shards_are_merged_or_refused() {
    let ours = ours();
    let folder = tempfile::tempdir().expect("a folder");
    let random = &mut ChaCha8Rng::seed_from_u64(15);
    let shards: Vec<TheoremEvidence> = (0..3).map(evidence::sound_shard).collect();
    let whole = serde_json::to_value(&shards[1]).expect("JSON");
    let piece = |number: usize, evidence: &TheoremEvidence| Piece {
        file: format!("{number}.json"),
        evidence: evidence.clone(),
    };
    let (mut merged, mut refused) = (0, 0);
    for number in 0..mutations() {
        let mut value: Value = whole.clone();
        for _ in 0..random.random_range(1..3) {
            mutation::of_value(&mut value, random);
        }
        let bytes = serde_json::to_vec(&value).expect("JSON");
        let began = Instant::now();
        if let Some(changed) = read(folder.path(), &bytes) {
            let accepted = Accepted { incomplete: random.random(), several_seeds: random.random() };
            let mut pieces = vec![piece(0, &shards[0]), piece(1, &changed), piece(2, &shards[2])];
            pieces.truncate(random.random_range(1..=3));
            match merge(pieces, accepted) {
                Ok(evidence) => {
                    look_at(&evidence, &ours);
                    merged += 1;
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
        assert!(began.elapsed() < LONGEST, "mutation {number} took {:?}", began.elapsed());
    }
    assert!(merged > 0 && refused > 0, "{merged} {refused}");
}

#[test]
fn mutated_statements_do_nothing() {
    let ours = ours();
    let sound = evidence::sound();
    let random = &mut ChaCha8Rng::seed_from_u64(13);
    for number in 0..mutations() {
        let statement = mutation::statement(random);
        let began = Instant::now();
        look_at(&TheoremEvidence { statement, ..sound.clone() }, &ours);
        assert!(began.elapsed() < LONGEST, "statement {number} took {:?}", began.elapsed());
    }
}

#[test]
fn nothing_is_written_outside_of_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("deep/inside/out");
    let random = &mut ChaCha8Rng::seed_from_u64(14);
    let names = ["../../x", "/tmp/x", "a/b", "..", "", "con", "x/../../y", "C:\\x", "a\0b", "é"];
    for _ in 0..50 {
        let mut evidence = evidence::sound();
        let name = |random: &mut ChaCha8Rng| names[random.random_range(0..names.len())].to_owned();
        match random.random_range(0..3) {
            0 => evidence.id = name(random),
            1 => evidence.figures[0].name = name(random),
            _ => evidence.computed_figures[0].name = name(random),
        }
        let _ = theoria_report::write(&[evidence.clone()], &About::default(), &out);
        let _ = store::write(&out, &evidence);
    }
    let beside: Vec<_> = std::fs::read_dir(folder.path()).expect("it is there").flatten().collect();
    assert!(beside.iter().all(|entry| entry.file_name() == "deep"), "{beside:?}");
    assert!(!folder.path().join("deep/x").exists() && !Path::new("/tmp/x.html").exists());
}
