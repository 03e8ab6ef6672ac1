//! Which theorems a user means.

use theoria_verification::Theorem;

use crate::command::error::CommandError;

/// The theorems that any of the filters means, in the order of the book; all without a filter. A
/// test's name (`chapter::theorem::claim`) means its theorem.
pub(crate) fn select(
    theorems: &[Theorem],
    filters: &[String],
) -> Result<Vec<Theorem>, CommandError> {
    if let Some(empty) = filters.iter().find(|filter| !filter.contains(char::is_alphanumeric)) {
        return Err(CommandError::EmptyFilter { filter: empty.clone() });
    }
    let filters: Vec<String> = filters.iter().map(|filter| normalised(filter)).collect();
    for filter in &filters {
        if !theorems.iter().any(|theorem| meant(theorems, theorem, filter)) {
            return Err(unknown(theorems, filter));
        }
    }
    Ok(theorems
        .iter()
        .filter(|theorem| filters.is_empty() || filters.iter().any(|f| meant(theorems, theorem, f)))
        .cloned()
        .collect())
}

/// The one theorem that `text` means.
pub(crate) fn select_one(theorems: &[Theorem], text: &str) -> Result<Theorem, CommandError> {
    let text = normalised(text);
    let exact =
        |theorem: &&Theorem| theorem.id().to_string() == text || theorem.id().name() == text;
    if let Some(theorem) = theorems.iter().find(exact) {
        return Ok(theorem.clone());
    }
    let mut found = select(theorems, std::slice::from_ref(&text))?;
    match found.pop() {
        Some(only) if found.is_empty() => Ok(only),
        last => Err(CommandError::Ambiguous {
            text,
            ids: found.iter().chain(&last).map(|t| t.id().to_string()).collect(),
        }),
    }
}

fn normalised(filter: &str) -> String {
    let parts: Vec<&str> = filter.trim().trim_end_matches('/').split("::").collect();
    match parts[..] {
        [chapter, theorem, ..] => format!("{chapter}/{theorem}"),
        _ => parts.concat(),
    }
}

/// The name of a chapter means the chapter, an id its theorem, and neither what merely has it in its name.
fn meant(theorems: &[Theorem], theorem: &Theorem, filter: &str) -> bool {
    let is_chapter = |theorem: &Theorem| theorem.id().chapter() == filter;
    let is_id = |theorem: &Theorem| theorem.id().to_string() == filter;
    if theorems.iter().any(is_chapter) {
        is_chapter(theorem)
    } else if theorems.iter().any(is_id) {
        is_id(theorem)
    } else {
        theorem.id().to_string().contains(filter)
    }
}

/// The error for a filter that means nothing, with the ids and chapters nearest to it.
fn unknown(theorems: &[Theorem], filter: &str) -> CommandError {
    let mut names: Vec<String> = theorems
        .iter()
        .flat_map(|theorem| [theorem.id().to_string(), theorem.id().chapter().to_owned()])
        .collect();
    names.sort();
    names.dedup();
    let likeness = |name: &String| {
        let short = name.rsplit('/').next().unwrap_or(name);
        strsim::jaro_winkler(name, filter).max(strsim::jaro_winkler(short, filter))
    };
    let mut ranked: Vec<(f64, String)> = names
        .into_iter()
        .map(|name| (likeness(&name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    CommandError::Unknown {
        filter: filter.into(),
        nearest: ranked.into_iter().take(2).map(|(_, name)| name).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theorems() -> Vec<Theorem> {
        ["convergence/heavy_ball", "convergence/nesterov_convex", "stochastic/heavy_tail"]
            .map(|id| Theorem::new(id, "# Title"))
            .to_vec()
    }

    fn ids(filters: &[&str]) -> Vec<String> {
        let filters: Vec<String> = filters.iter().map(|&f| f.to_owned()).collect();
        select(&theorems(), &filters)
            .unwrap()
            .iter()
            .map(|theorem| theorem.id().to_string())
            .collect()
    }

    #[test]
    fn a_filter_is_a_chapter_an_id_a_part_or_the_name_of_a_test() {
        assert_eq!(ids(&[]).len(), 3);
        assert_eq!(ids(&["convergence"]).len(), 2);
        assert_eq!(ids(&["convergence/"]).len(), 2);
        assert_eq!(ids(&["heavy"]), ["convergence/heavy_ball", "stochastic/heavy_tail"]);
        assert_eq!(ids(&["convergence::heavy_ball::cycle"]), ["convergence/heavy_ball"]);
        assert_eq!(ids(&["tail", "nesterov"]).len(), 2);
    }

    #[test]
    fn a_chapter_or_an_id_means_itself_alone() {
        let all = ["convergence/sgd", "convergence/sgd_slow", "landscape/deep_convergence"]
            .map(|id| Theorem::new(id, "# Title"));
        let ids = |filter: &str| -> Vec<String> {
            let selected = select(&all, &[filter.into()]).unwrap();
            selected.iter().map(|theorem| theorem.id().to_string()).collect()
        };
        assert_eq!(ids("convergence"), ["convergence/sgd", "convergence/sgd_slow"]);
        assert_eq!(ids("convergence/sgd"), ["convergence/sgd"]);
        assert_eq!(ids("_convergence"), ["landscape/deep_convergence"]);
    }

    #[test]
    fn a_filter_that_names_nothing_does_not_mean_everything() {
        for empty in ["", " ", "/", "::", "//", "_"] {
            let error = select(&theorems(), &[empty.into()]).err().unwrap().to_string();
            assert!(error.contains("names nothing"), "{error}");
            assert!(select_one(&theorems(), empty).is_err());
        }
    }

    #[test]
    fn an_unknown_filter_suggests_the_nearest() {
        let error = select(&theorems(), &["convergence/hevy_ball".into()]).err().unwrap();
        assert!(error.to_string().contains("did you mean convergence/heavy_ball"), "{error}");
        let error = select(&theorems(), &["nestrov_convex".into()]).err().unwrap();
        assert!(error.to_string().contains("convergence/nesterov_convex"), "{error}");
        let error = select(&theorems(), &["zzz".into()]).err().unwrap();
        assert!(error.to_string().contains("the verb `list`"), "{error}");
    }

    #[test]
    fn a_part_of_several_ids_is_ambiguous_for_one() {
        let error = select_one(&theorems(), "heavy").err().unwrap();
        assert!(error.to_string().contains("stochastic/heavy_tail"), "{error}");
        assert_eq!(select_one(&theorems(), "heavy_ball").unwrap().id().name(), "heavy_ball");
    }
}
