//! On how many instances a verdict rests.

use crate::Verdict;

/// How many instances say what the verdict on a claim says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// What they say: what the verdict says; of an inconclusive claim support, of an inconclusive control refutation.
    pub said: Verdict,
    /// How many of those that count say so.
    pub on: usize,
    /// How many count.
    pub counted: usize,
    /// How many were drawn and do not count.
    pub left_out: usize,
}

impl std::fmt::Display for Agreement {
    /// "4 of 6 instances refute it; 2 more do not count".
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (plural, one) = match self.said {
            Verdict::Refuted => ("refute", "refutes"),
            Verdict::Supported | Verdict::Inconclusive => ("support", "supports"),
        };
        let (things, verb) =
            if self.counted == 1 { ("instance", one) } else { ("instances", plural) };
        write!(f, "{} of {} {things} {verb} it", self.on, self.counted)?;
        match self.left_out {
            0 => Ok(()),
            1 => f.write_str("; 1 more does not count"),
            more => write!(f, "; {more} more do not count"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_says_what() {
        let of =
            |said, on, counted, left_out| Agreement { said, on, counted, left_out }.to_string();
        assert_eq!(of(Verdict::Refuted, 4, 6, 0), "4 of 6 instances refute it");
        assert_eq!(
            of(Verdict::Supported, 1, 1, 2),
            "1 of 1 instance supports it; 2 more do not count"
        );
    }
}
