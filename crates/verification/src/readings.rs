//! What is measured, before it is held against anything.

/// A measured value and its rounding floor: the error with which it was computed.
///
/// A value that is not finite means that the run had *diverged*: such a reading contradicts every claim, bounds in
/// either direction, identities, exponents and rates. What is infinite by itself, a waiting time that never comes,
/// is [`Reading::NEVER`], and compares as the number that it is.
///
/// ```
/// use theoria_verification::Reading;
/// let exact = Reading::new(2.0, 0.0);
/// assert_eq!(exact.scaled(3.0).value, 6.0);
/// assert!(Reading::from(2.0).floor < 1e-14, "a few units in the last place");
/// assert!(Reading::from(f64::INFINITY).has_diverged());
/// assert!(!Reading::NEVER.has_diverged());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The measured value; not finite where the run had diverged, or where what is waited for never comes.
    pub value: f64,
    /// The true value lies within `value ± floor`. A floor that is negative, infinite or NaN says nothing.
    pub floor: f64,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Measured,
    Never,
}

impl Reading {
    /// A value with this rounding floor, finite and not negative. A value that is infinite or NaN has
    /// [diverged](Reading::DIVERGED), whatever the floor.
    pub const fn new(value: f64, floor: f64) -> Self {
        Reading { value, floor, kind: Kind::Measured }
    }

    /// What is read off a run that had already diverged.
    pub const DIVERGED: Reading = Reading::new(f64::INFINITY, 0.0);

    /// An honest infinity: a time that is waited for in vain, a number of steps that no run reaches. It exceeds every
    /// upper bound and satisfies every lower one.
    pub const NEVER: Reading = Reading { value: f64::INFINITY, floor: 0.0, kind: Kind::Never };

    /// Whether it was read off a run that had diverged: the value is not finite, and not because what is waited for
    /// [never](Reading::NEVER) comes.
    pub fn has_diverged(&self) -> bool {
        match self.kind {
            Kind::Measured => !self.value.is_finite(),
            Kind::Never => self.value.is_nan() || self.value == f64::NEG_INFINITY,
        }
    }

    /// The same reading in units of `1 / factor`, for a positive factor.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Reading { value: self.value * factor, floor: self.floor * factor, ..self }
    }

    /// Whether the floor is an error at all.
    pub(crate) fn has_floor(&self) -> bool {
        self.floor.is_finite() && self.floor >= 0.0
    }

    /// Whether rounding is at most this share of the value.
    pub(crate) fn is_resolved_to(&self, share: f64) -> bool {
        self.has_floor() && self.floor <= share * self.value.abs()
    }
}

impl From<f64> for Reading {
    /// A value whose error is a few units in its last place; diverged if it is not finite.
    fn from(value: f64) -> Self {
        Reading::new(value, if value.is_finite() { 4.0 * f64::EPSILON * value.abs() } else { 0.0 })
    }
}

/// Measured values along an abscissa (steps, time, dimension): what a claim
/// [measures](crate::Claim::measuring) on an instance, or a curve from elsewhere that is to be
/// [judged](crate::Claim::judge).
///
/// They are put into the order of their abscissae, however they come. Of several at one abscissa each counts. An
/// abscissa that is NaN leaves every claim inconclusive.
///
/// ```
/// use theoria_verification::Readings;
/// let halving = Readings::over(1..=3, |n: i32| 0.5f64.powi(n));
/// assert_eq!(halving.points()[2].0, 3.0);
/// assert_eq!(halving.points()[2].1.value, 0.125);
/// // The lines of a file, say.
/// let logged: Readings = [(3.0, 0.125), (1.0, 0.5), (2.0, 0.25)].into_iter().collect();
/// assert_eq!(logged, halving);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    points: Vec<(f64, Reading)>,
}

impl Readings {
    /// Measures at each of `xs`.
    pub fn over<X: Copy + Abscissa, R: Into<Reading>>(
        xs: impl IntoIterator<Item = X>,
        mut measured: impl FnMut(X) -> R,
    ) -> Self {
        xs.into_iter().map(|x| (x, measured(x))).collect()
    }

    /// A single value.
    pub fn at(x: impl Abscissa, measured: impl Into<Reading>) -> Self {
        Readings { points: vec![(x.position(), measured.into())] }
    }

    /// Abscissae with what was measured there.
    pub fn points(&self) -> &[(f64, Reading)] {
        &self.points
    }
}

impl<X: Abscissa, R: Into<Reading>> FromIterator<(X, R)> for Readings {
    fn from_iter<T: IntoIterator<Item = (X, R)>>(points: T) -> Self {
        let points = points.into_iter().map(|(x, measured)| (x.position(), measured.into()));
        Readings { points: in_order(points.collect(), |(x, _)| *x) }
    }
}

/// The points, by their abscissae; those of one abscissa as they came.
pub(crate) fn in_order<P>(mut points: Vec<P>, x: impl Fn(&P) -> f64) -> Vec<P> {
    points.sort_by(|a, b| x(a).total_cmp(&x(b)));
    points
}

/// The abscissae at which a claim is [measured](crate::Claim::measuring) on every instance, as its
/// measurement is handed them.
#[derive(Debug, Clone, Copy)]
pub struct Abscissae<'a, X> {
    xs: &'a [X],
}

impl<'a, X: Copy + Abscissa> Abscissae<'a, X> {
    pub(crate) fn new(xs: &'a [X]) -> Self {
        Abscissae { xs }
    }

    /// Measures at each of them, in their order.
    pub fn read<R: Into<Reading>>(&self, measured: impl FnMut(X) -> R) -> Readings {
        Readings::over(self.xs.iter().copied(), measured)
    }
}

impl<X> std::ops::Deref for Abscissae<'_, X> {
    type Target = [X];

    fn deref(&self) -> &[X] {
        self.xs
    }
}

/// What can serve as the abscissa of a curve: numbers of steps, times.
pub trait Abscissa {
    /// Its position on the axis.
    fn position(self) -> f64;
}

impl<X: Abscissa + Copy> Abscissa for &X {
    fn position(self) -> f64 {
        (*self).position()
    }
}

impl Abscissa for f64 {
    fn position(self) -> f64 {
        self
    }
}

impl Abscissa for usize {
    fn position(self) -> f64 {
        self as f64
    }
}

impl Abscissa for u32 {
    fn position(self) -> f64 {
        f64::from(self)
    }
}

impl Abscissa for i32 {
    fn position(self) -> f64 {
        f64::from(self)
    }
}
