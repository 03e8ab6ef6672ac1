//! Where the source of a theorem lies.

/// The file and the line that declare a theorem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// As the compiler was told of it: in a workspace, from its root.
    pub file: &'static str,
    /// Counted from 1.
    pub line: u32,
    /// The repository that the manifest of its crate names.
    pub repository: Option<&'static str>,
}

impl Place {
    /// The file from the root of its repository, with slashes; none of a file that lies elsewhere, as those of dependencies do.
    ///
    /// ```
    /// use theoria_verification::Theorem;
    /// let place = Theorem::new("examples/empty", "# Nothing").place();
    /// assert!(place.line > 0 && place.repository.is_none());
    /// ```
    pub fn path(&self) -> Option<String> {
        let file = self.file.replace('\\', "/");
        let inside =
            file.split('/').all(|part| !["", ".", ".."].contains(&part) && !part.contains(':'));
        inside.then_some(file)
    }

    /// The address of the line, as GitHub and GitLab have them on the branch `main`.
    pub fn address(&self) -> Option<String> {
        let repository = self.repository?.trim_end_matches('/');
        Some(format!("{repository}/blob/main/{}#L{}", self.path()?, self.line))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn only_a_file_of_the_repository_has_an_address() {
        let repository = Some("https://example.org/a/b/");
        let place = |file| Place { file, line: 7, repository };
        let address = Some("https://example.org/a/b/blob/main/src/c.rs#L7".to_owned());
        assert_eq!(place("src/c.rs").address(), address);
        assert_eq!(place(r"src\c.rs").address(), address);
        for outside in ["/root/c.rs", "../c.rs", r"C:\c.rs", ""] {
            assert_eq!(place(outside).address(), None, "{outside}");
        }
        assert_eq!(Place { repository: None, ..place("src/c.rs") }.address(), None);
    }
}
