//! Notes that are made of sentences, and names within them.

/// What stands between the sentences of a note.
pub(super) const BETWEEN: &str = "; ";

/// A name of a run or a group within a sentence: within backquotes where it holds what sentences and lists are made of.
pub(super) fn named(name: &str) -> String {
    let plain = |c: char| !matches!(c, ';' | ',' | ':' | '`');
    if !name.is_empty() && name.trim() == name && name.chars().all(plain) {
        return name.into();
    }
    format!("`{}`", name.replace('`', "'"))
}

/// The sentences of a finding's note. What stands within backquotes is a name, and not taken apart.
///
/// ```
/// use theoria_curves::judge::sentences;
/// assert_eq!(sentences("first by `lr=1; wd=0` at n = 3; 1 of 2 runs").len(), 2);
/// ```
pub fn sentences(note: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut begun, mut within) = (0, false);
    for (at, c) in note.char_indices() {
        within ^= c == '`';
        if !within && at >= begun && note[at..].starts_with(BETWEEN) {
            all.push(&note[begun..at]);
            begun = at + BETWEEN.len();
        }
    }
    all.push(&note[begun..]);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_like_sentences_are_quoted() {
        for name in ["adam-0", "lr=0.1 wd=0", "a/b"] {
            assert_eq!(named(name), name);
        }
        assert_eq!(named("lr=1; wd=0"), "`lr=1; wd=0`");
        assert_eq!(named("a,b"), "`a,b`");
        assert_eq!(named("a`; b"), "`a'; b`");
        assert_eq!(named(" "), "` `");
        let note = format!("{} by step 3; {}", named("x; y"), named("é; ü"));
        assert_eq!(sentences(&note), ["`x; y` by step 3", "`é; ü`"]);
        assert_eq!(sentences(""), [""]);
    }
}
