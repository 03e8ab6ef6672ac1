//! What runs are called, and of which group they are.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use crate::{Run, account::Finished, fault::harmless};

/// A run that has no name yet.
pub(crate) struct Nameless {
    /// The file that it comes from.
    pub(crate) file: usize,
    pub(crate) run: Finished,
}

/// What files are called: without folders and endings, unless two would be called the same.
pub(crate) fn labels(paths: &[&Path]) -> Vec<String> {
    let short = paths.iter().map(|path| {
        path.file_name().map_or_else(String::new, |name| plain(&name.to_string_lossy()))
    });
    let short = short.collect::<Vec<_>>();
    if short.iter().collect::<HashSet<_>>().len() == short.len() {
        return short;
    }
    paths.iter().map(|path| plain(&path.to_string_lossy())).collect()
}

fn plain(path: &str) -> String {
    if path == "-" {
        return "standard input".to_owned();
    }
    let path = path.strip_suffix(".gz").unwrap_or(path);
    let endings = [".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".log", ".dat"];
    let plain = endings
        .iter()
        .find_map(|ending| path.strip_suffix(ending))
        .filter(|plain| !plain.is_empty());
    harmless(plain.unwrap_or(path))
}

/// The group of a run `sgd-0` is `sgd`.
pub(crate) fn group(name: &str) -> Option<String> {
    let (group, digits) = name.rsplit_once('-')?;
    let group = group.trim_end();
    (!group.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| group.to_owned())
}

/// Gives each run a name of its own. `labels` are what the files are called.
pub(crate) fn name(runs: Vec<Nameless>, labels: &[String]) -> Vec<Run> {
    let plain = |at: &Nameless| {
        let run = &at.run;
        match (run.name.as_str(), &run.group) {
            ("", Some(group)) => harmless(group),
            ("", None) => labels[at.file].clone(),
            (name, _) => harmless(name),
        }
    };
    // A name in several groups, or in several files, says too little.
    let mut groups: HashMap<String, &Option<String>> = HashMap::new();
    let mut files: HashMap<String, usize> = HashMap::new();
    let (mut by_group, mut by_file) = (false, false);
    for at in &runs {
        by_group |= *groups.entry(plain(at)).or_insert(&at.run.group) != &at.run.group;
        by_file |= *files.entry(plain(at)).or_insert(at.file) != at.file;
    }
    let full = |at: &Nameless| {
        let mut name = plain(at);
        if let (true, Some(group), false) = (by_group, &at.run.group, at.run.name.is_empty()) {
            name = format!("{}-{name}", harmless(group));
        }
        if by_file && !(at.run.name.is_empty() && at.run.group.is_none()) {
            format!("{}-{name}", labels[at.file])
        } else {
            name
        }
    };
    let names = runs.iter().map(full).collect::<Vec<_>>();
    let mut taken = HashSet::new();
    let mut named = Vec::with_capacity(runs.len());
    for (at, full) in runs.into_iter().zip(names) {
        let mut number = at.run.earlier + 1;
        let numbered =
            |number: u64| if number == 1 { full.clone() } else { format!("{full} ({number})") };
        while !taken.insert(numbered(number)) {
            number += 1;
        }
        let grown = at.run.grown;
        named.push(Run {
            name: numbered(number),
            group: at.run.group.map(|group| harmless(&group)).or_else(|| group(&full)),
            steps: grown.steps,
            values: grown.values,
            diverged: grown.diverged,
        });
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stand_before_the_last_digits() {
        assert_eq!(group("sgd-0").as_deref(), Some("sgd"));
        assert_eq!(group("lr-0.1-seed-12").as_deref(), Some("lr-0.1-seed"));
        for none in ["sgd", "sgd-", "-1", "sgd-1a", "r0", "0"] {
            assert_eq!(group(none), None, "{none}");
        }
    }

    #[test]
    fn files_are_called_by_their_folders_only_where_they_must() {
        let labels = |paths: [&str; 2]| labels(&paths.map(Path::new));
        assert_eq!(labels(["a/sgd.csv.gz", "a/lr.0.1"]), ["sgd", "lr.0.1"]);
        assert_eq!(labels(["v0/metrics.csv", "v1/metrics.csv"]), ["v0/metrics", "v1/metrics"]);
    }
}
