//! What cargo knows of the packages that are compiled in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A package from elsewhere.
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) licence: String,
    pub(super) authors: Vec<String>,
    /// The texts of licences and notices that it ships.
    pub(super) texts: Vec<String>,
}

/// What the command is compiled from, by name and version; none on another system than Linux on x86-64, or if cargo
/// would have to ask the network.
pub(super) fn compiled_in() -> Option<Vec<Package>> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return None;
    }
    let asked = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .ok()?;
    let known: Value =
        serde_json::from_slice(&asked.stdout).ok().filter(|_| asked.status.success())?;
    let nodes = known["resolve"]["nodes"].as_array()?;
    let packages = known["packages"].as_array()?;
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let root = packages.iter().find(|package| package["name"] == "theoria")?["id"].as_str()?;
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            let node = nodes.iter().find(|node| node["id"] == id)?;
            let normal = node["deps"].as_array()?.iter().filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array();
                kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
            });
            open.extend(normal.filter_map(|dependency| dependency["pkg"].as_str()));
        }
    }
    let from_elsewhere = packages.iter().filter(|package| {
        !package["source"].is_null()
            && package["id"].as_str().is_some_and(|id| reached.contains(id))
    });
    let mut found: Vec<Package> = from_elsewhere.map(package).collect();
    found.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Some(found)
}

fn package(value: &Value) -> Package {
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let folder = PathBuf::from(text("manifest_path"));
    let authors = value["authors"].as_array().into_iter().flatten();
    Package {
        name: text("name"),
        version: text("version"),
        licence: text("license"),
        authors: authors.filter_map(Value::as_str).map(str::to_owned).collect(),
        texts: folder.parent().map(texts).unwrap_or_default(),
    }
}

/// Files that bear the names of licences, in the folder and in one called `licenses`, in the order of their names.
fn texts(folder: &Path) -> Vec<String> {
    let begins = ["license", "licence", "copying", "notice", "copyright", "unlicense"];
    let is_licence = |path: &Path| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase());
        name.is_some_and(|name| begins.iter().any(|begin| name.starts_with(begin)))
    };
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
    };
    let mut files: Vec<PathBuf> =
        list(folder).into_iter().filter(|path| is_licence(path)).collect();
    files.extend(list(&folder.join("licenses")));
    files.sort();
    files.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}
