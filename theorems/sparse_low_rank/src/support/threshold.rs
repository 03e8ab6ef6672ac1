//! The least number from which on something succeeds.

/// How far from the guess it is looked at first.
const STRIDE: usize = 2;

/// The least number up to `most` with which it succeeds, where more never fail again and `most` succeed: from a guess outwards, by strides that double,
/// and then by bisection. None where a trial decides nothing.
pub(crate) fn threshold(
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
