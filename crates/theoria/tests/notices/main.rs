//! `THIRD-PARTY-NOTICES` names what is compiled into the command, with its licences. Cargo is asked without the network;
//! the list is that of Linux on x86-64, and is looked at there alone.

mod packages;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use packages::{Package, compiled_in};

/// What writes the file anew.
const COMMAND: &str = "THEORIA_WRITE_NOTICES=1 cargo test -p theoria --test notices";

/// For crates that name the licence and ship no text of it.
const MIT: &str = include_str!("mit.txt");

/// The typeface of figures, which is no package.
const TYPEFACE: &str = include_str!("../../../report/src/figure/sheet/DejaVuSans.LICENSE");

#[test]
fn the_notices_name_all_that_is_compiled_in() {
    let Some(packages) = compiled_in() else {
        println!("cargo cannot say what is compiled in: nothing is compared");
        return;
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../THIRD-PARTY-NOTICES");
    let text = notices(&packages);
    if std::env::var_os("THEORIA_WRITE_NOTICES").is_some() {
        std::fs::write(&path, &text).expect("the file can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "THIRD-PARTY-NOTICES is not what the dependencies ask for: {COMMAND}");
}

fn notices(packages: &[Package]) -> String {
    let mut text = format!(
        "What is compiled into the command `theoria` beside its own code, and under which licences.\n\
         Written by `{COMMAND}`.\n\n"
    );
    for package in packages {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{} {}: {}", package.name, package.version, package.licence);
    }
    text.push_str("the typeface DejaVu Sans 2.37: Bitstream Vera\n");
    // Each text once, with all that it is the licence of.
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages {
        for licence in licences(package) {
            texts.entry(licence).or_default().push(format!("{} {}", package.name, package.version));
        }
    }
    texts.entry(normalised(TYPEFACE)).or_default().push("the typeface DejaVu Sans 2.37".into());
    let mut texts: Vec<(Vec<String>, String)> =
        texts.into_iter().map(|(licence, packages)| (packages, licence)).collect();
    texts.sort();
    for (packages, licence) in texts {
        let _ = write!(text, "\n{}\n{}\n\n{licence}\n", "=".repeat(100), packages.join(", "));
    }
    text
}

/// The texts of the licences that are chosen: of several that may be, MIT.
fn licences(package: &Package) -> Vec<String> {
    let chosen: Vec<&String> =
        match package.texts.iter().filter(|text| is_mit(text)).collect::<Vec<_>>() {
            mit if !mit.is_empty() && !package.licence.contains("AND") => mit,
            _ => package.texts.iter().collect(),
        };
    if chosen.is_empty() {
        let authors = match &package.authors[..] {
            [] => format!("the authors of {}", package.name),
            some => some.join(", "),
        };
        assert!(package.licence.contains("MIT"), "{} ships no text of its licence", package.name);
        return vec![format!("Copyright (c) {authors}\n\n{}", MIT.trim_end())];
    }
    chosen.into_iter().map(|text| normalised(text)).collect()
}

fn is_mit(text: &str) -> bool {
    text.contains("Permission is hereby granted, free of charge")
        && !text.contains("Apache License")
}

/// Without what editors leave at the ends of lines.
fn normalised(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}
