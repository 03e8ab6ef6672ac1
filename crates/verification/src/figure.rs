//! Figures that a theorem declares; how they are drawn is the report's affair.

use std::sync::Arc;

use crate::evidence::{ComputedFigure, FigureOfClaims};
use crate::{Axis, Content, Draw, Effort, Scale};

type Compute = dyn Fn(&mut Draw, Effort) -> Content + Send + Sync;

/// A figure that a theorem declares: [of](Figure::of) the curves of claims, measured beside predicted, or
/// [showing](Figure::showing) anything else.
///
/// ```
/// use theoria_verification::{Content, Figure, Line};
/// let gap = Figure::log_log("gap", "step N", "f(x_N) − f*")
///     .of("one_over_n")
///     .caption("The gap stays below its bound.");
/// let parabola = Figure::linear("parabola", "x", "x²").caption("It opens upwards.").showing(|_, _| {
///     let points = (-5..=5).map(|x| (f64::from(x), f64::from(x * x)));
///     Content::Lines { lines: vec![Line::measured("x²", points)] }
/// });
/// ```
#[derive(Clone)]
pub struct Figure {
    name: String,
    caption: String,
    x: Axis,
    y: Axis,
    claims: Vec<String>,
    ratio: bool,
    compute: Option<Arc<Compute>>,
}

impl std::fmt::Debug for Figure {
    /// All that is declared; of what it computes only that it does.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Figure")
            .field("name", &self.name)
            .field("caption", &self.caption)
            .field("x", &self.x)
            .field("y", &self.y)
            .field("claims", &self.claims)
            .field("ratio", &self.ratio)
            .field("computes", &self.is_computed())
            .finish()
    }
}

impl Figure {
    /// A figure with these axes; `name` is part of the file's name, lower case with underscores.
    pub fn new(name: &str, x: Axis, y: Axis) -> Self {
        Figure {
            name: name.into(),
            caption: String::new(),
            x,
            y,
            claims: Vec::new(),
            ratio: false,
            compute: None,
        }
    }

    /// Both axes logarithmic: powers become straight lines.
    pub fn log_log(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, Axis::new(x, Scale::Logarithmic), Axis::new(y, Scale::Logarithmic))
    }

    /// Vertical axis logarithmic: geometric decay becomes a straight line.
    pub fn semilog(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, Axis::new(x, Scale::Linear), Axis::new(y, Scale::Logarithmic))
    }

    /// Horizontal axis logarithmic: for what settles over many orders of magnitude.
    pub fn semilog_x(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, Axis::new(x, Scale::Logarithmic), Axis::new(y, Scale::Linear))
    }

    /// Both axes linear.
    pub fn linear(name: &str, x: &str, y: &str) -> Self {
        Self::new(name, Axis::new(x, Scale::Linear), Axis::new(y, Scale::Linear))
    }

    /// Shows the curves of this claim too.
    #[must_use]
    pub fn of(mut self, claim: &str) -> Self {
        self.claims.push(claim.into());
        self
    }

    /// Draws measured divided by predicted, so that 1 is the bound.
    #[must_use]
    pub fn as_ratio(mut self) -> Self {
        self.ratio = true;
        self
    }

    /// Shows what is computed here, in place of the curves of claims. It must not take longer than a claim,
    /// and what it draws at random it draws from what it is handed.
    #[must_use]
    pub fn showing(
        mut self,
        compute: impl Fn(&mut Draw, Effort) -> Content + Send + Sync + 'static,
    ) -> Self {
        self.compute = Some(Arc::new(compute));
        self
    }

    /// The sentence that says what to see.
    #[must_use]
    pub fn caption(mut self, caption: &str) -> Self {
        self.caption = caption.into();
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The claims whose curves it shows.
    pub(crate) fn claims(&self) -> &[String] {
        &self.claims
    }

    /// Whether it shows something computed.
    pub(crate) fn is_computed(&self) -> bool {
        self.compute.is_some()
    }

    /// As evidence keeps it, if it shows claims.
    pub(crate) fn of_claims(&self) -> Option<FigureOfClaims> {
        self.compute.is_none().then(|| FigureOfClaims {
            name: self.name.clone(),
            caption: self.caption.clone(),
            x: self.x.clone(),
            y: self.y.clone(),
            claims: self.claims.clone(),
            ratio: self.ratio,
        })
    }

    /// As evidence keeps it, if it shows something computed.
    pub(crate) fn computed(&self, draw: &mut Draw, effort: Effort) -> Option<ComputedFigure> {
        self.compute.as_ref().map(|compute| ComputedFigure {
            name: self.name.clone(),
            caption: self.caption.clone(),
            x: self.x.clone(),
            y: self.y.clone(),
            content: compute(draw, effort),
        })
    }
}
