//! Whether the last cell of a line without an end may be cut.

/// How the cells of the last column are written.
#[derive(Debug, Default)]
pub(crate) struct LastCell {
    decimals: usize,
    seen: u64,
    differ: bool,
}

impl LastCell {
    fn decimals(text: &str) -> usize {
        text.bytes()
            .rposition(|byte| byte == b'.' || byte == b',')
            .map_or(0, |at| text.len() - at - 1)
    }

    /// Sees a cell that is whole.
    pub(crate) fn see(&mut self, text: &str) {
        let decimals = Self::decimals(text);
        self.differ |= self.seen > 0 && self.decimals != decimals;
        self.decimals = decimals;
        self.seen += 1;
    }

    /// Whether a cell cannot be cut, since all before it have as many decimals as it has.
    pub(crate) fn is_whole(&self, text: &str) -> bool {
        self.seen > 1 && !self.differ && self.decimals > 0 && Self::decimals(text) == self.decimals
    }
}
