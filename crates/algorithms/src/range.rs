//! What arguments may be: a number outside its range is refused where it is given, not where it ends in NaN.

use theoria_models::point::Scalar;

/// The number, if it is positive and finite.
///
/// # Panics
/// If it is not, with the argument's name.
#[track_caller]
pub(crate) fn positive<S: Scalar>(value: S, name: impl std::fmt::Display) -> S {
    assert!(
        is_finite(&value) && value > S::from(0.0),
        "{name} is positive and finite, not {value:?}"
    );
    value
}

/// The number, if it is finite and not negative.
///
/// # Panics
/// If it is not, with the argument's name.
#[track_caller]
pub(crate) fn not_negative<S: Scalar>(value: S, name: impl std::fmt::Display) -> S {
    assert!(
        is_finite(&value) && value >= S::from(0.0),
        "{name} is finite and not negative, not {value:?}"
    );
    value
}

/// The number, if it is at least 0 and below 1.
///
/// # Panics
/// If it is not, with the argument's name.
#[track_caller]
pub(crate) fn below_one<S: Scalar>(value: S, name: impl std::fmt::Display) -> S {
    let inside = value >= S::from(0.0) && value < S::from(1.0);
    assert!(inside, "{name} is at least 0 and below 1, not {value:?}");
    value
}

/// The number, if it is at least 0 and at most 1.
///
/// # Panics
/// If it is not, with the argument's name.
#[track_caller]
pub(crate) fn share<S: Scalar>(value: S, name: impl std::fmt::Display) -> S {
    let inside = value >= S::from(0.0) && value <= S::from(1.0);
    assert!(inside, "{name} is at least 0 and at most 1, not {value:?}");
    value
}

/// Both numbers, if they are positive and finite and the second is at most the first: L and mu.
///
/// # Panics
/// If they are not.
#[track_caller]
pub(crate) fn curvatures<S: Scalar>(smoothness: S, strong_convexity: S) -> (S, S) {
    let (l, mu) = (positive(smoothness, "L"), positive(strong_convexity, "μ"));
    assert!(mu <= l, "μ is at most L, not {mu:?} beside {l:?}");
    (l, mu)
}

/// False for infinities and NaN, whose difference to themselves is NaN; other numbers have none of these.
pub(crate) fn is_finite<S: Scalar>(value: &S) -> bool {
    value.clone() - value.clone() == S::from(0.0)
}
