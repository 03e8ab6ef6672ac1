//! The least number from which on something succeeds.

/// How far from the guess it is looked at first.
const STRIDE: usize = 2;

/// The least number from 1 to `most` with which it succeeds, where more never fail again and `most` succeed: from a guess outwards, by strides that
/// double, and then by bisection. None where a trial decides nothing. The guess decides how many trials it takes, and not what comes out.
///
/// ```
/// use theoria_models::numerics::threshold;
/// assert_eq!(threshold(100, 9, |n| Some(n * n >= 200)), Some(15));
/// assert_eq!(threshold(100, 9, |n| (n > 20).then_some(true)), None);
/// ```
pub fn threshold(
    most: usize,
    guess: usize,
    mut succeeds: impl FnMut(usize) -> Option<bool>,
) -> Option<usize> {
    let (mut fails, mut finds) = (0, most);
    let (mut at, mut stride) = (guess, STRIDE);
    while finds - fails > 1 {
        at = at.clamp(fails + 1, finds - 1);
        if succeeds(at)? {
            finds = at;
        } else {
            fails = at;
        }
        at = match (fails > 0, finds < most) {
            (true, true) => usize::midpoint(fails, finds),
            (true, false) => fails + stride,
            _ => finds.saturating_sub(stride),
        };
        stride *= 2;
    }
    Some(finds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_from_every_guess_in_few_trials() {
        for most in 1..=60 {
            for least in 1..=most {
                for guess in 0..=most + 1 {
                    let mut trials = 0;
                    let found = threshold(most, guess, |n| {
                        trials += 1;
                        Some(n >= least)
                    });
                    assert_eq!(found, Some(least), "{most}, from {guess}");
                    assert!(trials <= 12, "{trials} trials: {least} of {most}, from {guess}");
                }
            }
        }
    }
}
