//! Conditions of a theorem, checked on every instance.

use std::sync::Arc;

use crate::Draw;

/// How a hypothesis came out on one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Whether the instance satisfies it.
    pub satisfied: bool,
    /// What was looked at and what was seen; why it holds, if it does by construction.
    pub detail: String,
    /// Whether it holds by construction, so that nothing was looked at.
    pub by_construction: bool,
}

impl Check {
    /// Satisfied if `seen <= allowed` up to the relative slack of rounding, 1e-9.
    /// NaN satisfies nothing.
    ///
    /// ```
    /// use theoria_verification::Check;
    /// assert!(Check::at_most(1.0, 1.0, "curvature").satisfied);
    /// assert!(!Check::at_most(f64::NAN, 1.0, "curvature").satisfied);
    /// ```
    pub fn at_most(seen: f64, allowed: f64, what: &str) -> Self {
        Check {
            satisfied: seen <= allowed + 1e-9 * allowed.abs(),
            detail: format!("{what}: {seen:.6e} ≤ {allowed:.6e}"),
            by_construction: false,
        }
    }

    /// Satisfied if `seen >= needed` up to the relative slack of rounding, 1e-9.
    /// NaN satisfies nothing.
    pub fn at_least(seen: f64, needed: f64, what: &str) -> Self {
        Check {
            satisfied: seen >= needed - 1e-9 * needed.abs(),
            detail: format!("{what}: {seen:.6e} ≥ {needed:.6e}"),
            by_construction: false,
        }
    }

    /// A condition that is a plain yes or no.
    pub fn that(satisfied: bool, detail: impl Into<String>) -> Self {
        Check { satisfied, detail: detail.into(), by_construction: false }
    }
}

type CheckOne<I> = dyn Fn(&I, &mut Draw) -> Check + Send + Sync;

/// A condition of a theorem. An instance that violates one is never counted as support.
///
/// ```
/// use theoria_verification::{Check, Draw, Hypothesis, Instance, Stream};
/// struct Side(f64);
/// impl Instance for Side {
///     fn description(&self) -> String {
///         format!("side {}", self.0)
///     }
/// }
/// let short = Hypothesis::new("short", |side: &Side, _| Check::at_most(side.0, 1.0, "side, 1"));
/// let mut draw = Draw::new(Stream::new(7).trial(0));
/// assert!(short.check(&Side(0.5), &mut draw).satisfied);
/// assert!(!short.check(&Side(1.5), &mut draw).satisfied);
/// ```
pub struct Hypothesis<I> {
    name: String,
    /// What its check looks at: the name of the stream that it draws from.
    looks_at: String,
    check: Arc<CheckOne<I>>,
}

impl<I> Clone for Hypothesis<I> {
    fn clone(&self) -> Self {
        Hypothesis {
            name: self.name.clone(),
            looks_at: self.looks_at.clone(),
            check: Arc::clone(&self.check),
        }
    }
}

impl<I> Hypothesis<I> {
    /// A hypothesis with the check that decides it; the draw serves checks at random points.
    pub fn new(name: &str, check: impl Fn(&I, &mut Draw) -> Check + Send + Sync + 'static) -> Self {
        Hypothesis { name: name.into(), looks_at: name.into(), check: Arc::new(check) }
    }

    /// In place of its name this says which numbers its check draws: hypotheses that look at the same thing draw the same
    /// numbers, so that what they see can be kept for all of them.
    #[must_use]
    pub fn looking_at(mut self, what: &str) -> Self {
        self.looks_at = what.into();
        self
    }

    /// A hypothesis that every instance satisfies because of how instances are made, and why. It is shown as such;
    /// that the making does what it says is for a test to establish.
    ///
    /// ```
    /// # use theoria_verification::{Draw, Hypothesis, Instance, Stream};
    /// # struct Coin;
    /// # impl Instance for Coin {
    /// #     fn description(&self) -> String { "a coin".into() }
    /// # }
    /// let independent = Hypothesis::by_construction("independent", "each trial has a stream of its own");
    /// let check = independent.check(&Coin, &mut Draw::new(Stream::new(1).trial(0)));
    /// assert!(check.satisfied && check.by_construction);
    /// ```
    pub fn by_construction(name: &str, why: &str) -> Self {
        let why = why.to_owned();
        Self::new(name, move |_, _| Check {
            satisfied: true,
            detail: why.clone(),
            by_construction: true,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the stream that its check draws from.
    pub(crate) fn looks_at(&self) -> &str {
        &self.looks_at
    }

    /// The same for clones, and for no other hypothesis.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.check).addr()
    }

    /// Checks it on an instance.
    pub fn check(&self, instance: &I, draw: &mut Draw) -> Check {
        (self.check)(instance, draw)
    }
}
