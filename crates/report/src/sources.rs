//! Where a source can be read: identifiers in a text become links.

/// A text of sources in which `doi:10…` and `arXiv:…` are links of Markdown.
pub(crate) fn with_links(sources: &str) -> String {
    let mut text = String::with_capacity(sources.len());
    let mut rest = sources;
    while let Some((place, kind)) = next(rest) {
        let (before, after) = rest.split_at(place);
        text += before;
        let length = kind.length(after);
        let (whole, after) = after.split_at(length);
        match kind.address(whole) {
            Some(address) => text += &format!("[{whole}](<{address}>)"),
            None => text += whole,
        }
        rest = after;
    }
    text + rest
}

#[derive(Clone, Copy)]
enum Kind {
    Doi,
    Arxiv,
}

impl Kind {
    const fn prefix(self) -> &'static str {
        match self {
            Kind::Doi => "doi:",
            Kind::Arxiv => "arXiv:",
        }
    }

    /// How long the identifier at the beginning of this text is: to a blank, without what ends a sentence.
    fn length(self, text: &str) -> usize {
        let word = text.split(char::is_whitespace).next().unwrap_or_default();
        let mut word = word.trim_end_matches(['.', ',', ';', ':', '*']);
        // A parenthesis that was opened before it.
        while word.ends_with(')') && word.matches(')').count() > word.matches('(').count() {
            word = word[..word.len() - 1].trim_end_matches(['.', ',', ';']);
        }
        word.len().max(self.prefix().len())
    }

    /// None if it is none.
    fn address(self, whole: &str) -> Option<String> {
        let name = whole.strip_prefix(self.prefix())?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._;()/".contains(c);
        let sound = name.chars().all(plain) && name.len() <= 100;
        match self {
            Kind::Doi => (sound && name.starts_with("10.") && name.contains('/'))
                .then(|| format!("https://doi.org/{name}")),
            Kind::Arxiv => (sound && name.starts_with(|c: char| c.is_ascii_alphanumeric()))
                .then(|| format!("https://arxiv.org/abs/{name}")),
        }
    }
}

fn next(text: &str) -> Option<(usize, Kind)> {
    let found = [Kind::Doi, Kind::Arxiv].into_iter();
    found.filter_map(|kind| Some((text.find(kind.prefix())?, kind))).min_by_key(|(place, _)| *place)
}

#[cfg(test)]
mod tests {
    use super::with_links;

    #[test]
    fn identifiers_become_links_and_nothing_else_does() {
        for (text, linked) in [
            (
                "A, 2016, arXiv:1608.04636. B",
                "A, 2016, [arXiv:1608.04636](<https://arxiv.org/abs/1608.04636>). B",
            ),
            (
                "(doi:10.1016/0041-5553(63)90382-3).",
                "([doi:10.1016/0041-5553(63)90382-3](<https://doi.org/10.1016/0041-5553(63)90382-3>)).",
            ),
            (
                "arXiv:math/0506113, 2005",
                "[arXiv:math/0506113](<https://arxiv.org/abs/math/0506113>), 2005",
            ),
            ("doi: none", "doi: none"),
            ("doi:10.1/<script>", "doi:10.1/<script>"),
            ("", ""),
        ] {
            assert_eq!(with_links(text), linked);
        }
    }
}
