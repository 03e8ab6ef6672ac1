//! Families of equations on which the conditions of Newton's method hold, or one of them does not; and the conditions.

use theoria_elementary::{exp, ln};
use theoria_models::numerics::maximum;
use theoria_verification::{Check, Family, Hypothesis};

use super::unknowns::{Long, Unknown};

/// c (eˣ − 1) + d x = 0
pub(crate) fn exponentials() -> Family<Unknown> {
    Family::drawn("sums of exponentials and lines", |draw| {
        let (c, d) = (draw.log_uniform(0.1, 10.0), draw.including_ends(0.0, 5.0));
        let start = draw.uniform(0.1, 1.0);
        if d == 0.0 {
            draw.label("exponential alone");
        }
        exponential(c, d, start)
    })
    .with_draws(12)
}

pub(crate) fn exponential(c: f64, d: f64, start: f64) -> Unknown {
    let (weight, slope) = (Long::from(c), Long::from(d));
    let (other, line) = (weight.clone(), slope.clone());
    Unknown::new(
        format!("f′ = {c} (eˣ − 1) + {d} x"),
        move |x| weight.clone() * x.clone().exp_m1() + slope.clone() * x.clone(),
        move |x| other.clone() * x.clone().exp() + line.clone(),
        start,
        c / (2.0 * (c + d)),
    )
}

/// f″ = 1 + |x|ᵃ
pub(crate) fn hoelder_hessians() -> Family<Unknown> {
    Family::listed("f″ = 1 + |x|ᵃ", [0.25, 0.5, 0.75], |a| {
        let power = |x: &Long, a: f64| match x.clone().abs() {
            zero if zero == Long::from(0.0) => zero,
            size => (Long::from(a) * size.ln()).exp(),
        };
        let a = *a;
        Unknown::new(
            format!("f″ = 1 + |x|^{a}"),
            move |x| x.clone() * (Long::from(1.0) + power(x, a) / Long::from(1.0 + a)),
            move |x| Long::from(1.0) + power(x, a),
            0.5,
            a,
        )
    })
}

/// f′ = xᵖ, whose factor is 1 − 1/p.
pub(crate) fn multiple_roots() -> Family<Unknown> {
    Family::listed("multiple roots", [3, 5], |&p| {
        let power =
            |x: &Long, p: i32| (0..p).fold(Long::from(1.0), |product, _| product * x.clone());
        Unknown::new(
            format!("f′ = x^{p}"),
            move |x| power(x, p),
            move |x| Long::from(f64::from(p)) * power(x, p - 1),
            0.5,
            1.0 - 1.0 / f64::from(p),
        )
    })
}

/// c times the Hessian of eˣ − x, and that of the start.
pub(crate) fn scaled_hessians() -> Family<Unknown> {
    Family::listed("other Hessians", [1.1, 0.9, 2.0, f64::NAN], |&c| {
        let u = exponential(1.0, 0.0, 0.5);
        let of_the_start = u.second(&u.start);
        if c.is_nan() {
            let factor = 1.0 - exp(-0.5f64);
            return u.with_second(move |_| of_the_start.clone(), factor, "f″ at the start");
        }
        u.with_second(
            move |x| Long::from(c) * x.clone().exp(),
            (1.0 - 1.0 / c).abs(),
            &format!("f″ times {c}"),
        )
    })
}

/// The second derivative that is used is that of f, at the start and at the root.
pub(crate) fn exact_hessian() -> Hypothesis<Unknown> {
    Hypothesis::new("exact Hessian", |u: &Unknown, _| {
        let worst = [u.start.clone(), Long::from(1e-3)]
            .map(|x| u.error_of_the_second(&x))
            .into_iter()
            .fold(0.0, maximum);
        Check::that(worst < 1e-6, format!("differs from differences of f′ by {worst:.1e}"))
    })
}

pub(crate) fn invertible() -> Hypothesis<Unknown> {
    Hypothesis::new("invertible Hessian", |u: &Unknown, _| {
        let second = u.second(&Long::from(0.0)).nearest();
        Check::that(second != 0.0, format!("f″(x*) = {second}"))
    })
}

/// |f″(x) − f″(0)|/|x| stays bounded.
pub(crate) fn lipschitz_hessian() -> Hypothesis<Unknown> {
    Hypothesis::new("Lipschitz Hessian", |u: &Unknown, _| {
        let slope = |x: f64| {
            let change = u.second(&Long::from(x)) - u.second(&Long::from(0.0));
            change.ln_of_size() - ln(x)
        };
        let growth = exp(slope(1e-60) - slope(1e-6));
        Check::that(
            growth < 2.0,
            format!("|f″(x) − f″(0)|/|x| grows {growth:.1e} times from 1e-6 to 1e-60"),
        )
    })
}
