//! Families that are complete for their class in one dimension: every convex function of the class (smooth, strongly convex,
//! Lipschitz) is as near as one likes to one that can be drawn, and what is often worst (curvatures at the ends of their range, flat
//! pieces, single parabolas) is likely. Not dense are: Polyak–Łojasiewicz functions, whose slopes never fall below a twentieth of the
//! steepest before; sums of a smooth function and a kink, of which there is one; sums over the coordinates in the plane.
//! [Envelopes](smooth_convex_envelopes) are complete for smooth convex functions in the plane and few steps.
//!
//! The class of functions f on R with a piecewise linear slope is dense in the smooth ones, and L, μ, G, the minimum and the
//! minimisers are exact. The outermost piece to the right has the largest curvature (or slope) that there may be, so that L (or G) is
//! attained, far away if the function does without it. Methods commute with moving, turning and mirroring a function, so the minimum is
//! at 0, and in the plane a function is a [sum over the coordinates](smooth_convex_in_the_plane).

mod after_steps;
mod composite;
mod constrained;
mod convex;
mod envelopes;
mod lipschitz;
mod misstated;
mod nonconvex;
mod plane;
mod quadratics;
mod sides;

pub use after_steps::after_any_steps;
pub use composite::{kinked_functions, kinked_smooth_functions};
pub use constrained::{functions_on_intervals, smooth_functions_on_intervals};
pub use convex::{smooth_convex_functions, strongly_convex_functions};
pub use envelopes::{smooth_convex_envelopes, strongly_convex_envelopes};
pub use lipschitz::{lipschitz_convex_functions, lipschitz_functions};
pub use misstated::{Stating, misstated};
pub use nonconvex::{lojasiewicz_functions, smooth_functions};
pub use plane::{
    lipschitz_convex_in_the_plane, smooth_convex_in_the_plane, smooth_in_the_plane,
    strongly_convex_in_the_plane,
};
pub use quadratics::diagonal_quadratics;
