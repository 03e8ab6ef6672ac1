//! From a counterexample to a small counterexample.

/// Sizes that are tried, smallest first.
const SIZES: [usize; 10] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32];

/// Draws at each size.
const ATTEMPTS: usize = 8;

/// The first success of `refutes(size, attempt)`, smallest sizes first: what a person can look at
/// is found by drawing small instances, not by mutilating the large one, whose hypotheses would
/// have to be mended at every cut.
pub(crate) fn smallest<T>(refutes: impl Fn(usize, usize) -> Option<T>) -> Option<T> {
    SIZES
        .iter()
        .flat_map(|&size| (0..ATTEMPTS).map(move |attempt| (size, attempt)))
        .find_map(|(size, attempt)| refutes(size, attempt))
}

#[cfg(test)]
mod tests {
    use super::smallest;

    quickcheck::quickcheck! {
        fn finds_the_least_size_that_refutes(threshold: usize) -> bool {
            let threshold = threshold % 40;
            let found = smallest(|size, _| (size >= threshold).then_some(size));
            found == super::SIZES.into_iter().find(|size| *size >= threshold)
        }
    }
}
