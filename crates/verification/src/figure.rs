//! Figures that a theorem declares; how they are drawn is the report's affair.

use std::sync::Arc;

use crate::evidence::{ComputedFigure, FigureOfClaims, Slider};
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
    slider: Option<Slider>,
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
            .field("slider", &self.slider)
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
            slider: None,
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

    /// Makes it an explorable: it shows one position after the other of this [family along a slider](crate::Family::along), on
    /// which its claims are made, each with the verdict of the claims there; first the position with the number `first`,
    /// from 0. `label` says what the positions are, with their unit.
    ///
    /// ```
    /// use theoria_verification::{Case, Check, Claim, Family, Figure, Hypothesis, Settings, Theorem};
    /// let below_one = Hypothesis::new("ρ < 1", |factor: &Case<f64>, _| {
    ///     Check::that(**factor < 1.0, format!("ρ = {}", **factor))
    /// });
    /// let fades = Claim::bound("fades", "ρⁿ ≤ 1/(n (1 − ρ))")
    ///     .assuming([below_one])
    ///     .on(Family::along("factors", [0.5, 0.9, 1.1], |factor| Case::new(format!("ρ = {factor}"), factor)))
    ///     .measuring(1..=9, |factor, powers| powers.read(|n: i32| factor.powi(n)))
    ///     .predicting(|factor, n| 1.0 / (n * (1.0 - **factor)));
    /// let theorem = Theorem::new("examples/powers", "# Powers").claim(fades).figure(
    ///     Figure::semilog("powers", "n", "ρⁿ").of("fades").along("factor ρ", "factors", 1).caption("Below 1 powers fade."),
    /// );
    /// let evidence = theorem.check(&Settings::default());
    /// let along = &evidence.claims[0].instances;
    /// assert_eq!(along.iter().map(|it| it.position).collect::<Vec<_>>(), [Some(0.5), Some(0.9), Some(1.1)]);
    /// assert!(along[0].finding.is_some());
    /// // The theorem does not speak of the last one; what is measured there is drawn, and not judged.
    /// assert!(along[2].finding.is_none() && along[2].curve.is_some());
    /// ```
    #[must_use]
    pub fn along(mut self, label: &str, family: &str, first: usize) -> Self {
        self.slider = Some(Slider { label: label.into(), family: family.into(), first });
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

    /// The slider, if it has one.
    pub(crate) fn slider(&self) -> Option<&Slider> {
        self.slider.as_ref()
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
            slider: self.slider.clone(),
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
