//! Equations on which iterations have their orders, and such as break one of the conditions each; and the conditions.

use theoria_elementary::{exp, ln};
use theoria_verification::{Check, Family, Hypothesis};

use super::iterations::{Approach, SUPERLINEAR, Scheme, Smooth};
use super::unknowns::Long;

/// c (eˣ − 1) + d x + b x²
fn exponential(c: f64, d: f64, b: f64) -> Smooth {
    let [weight, slope, bend] = [c, d, b].map(Long::from);
    let (w, s, v) = (weight.clone(), slope.clone(), bend.clone());
    let (u, t) = (weight.clone(), bend.clone());
    let two = || Long::from(2.0);
    Smooth::new(
        format!("{c} (eˣ − 1) + {d} x + {b} x²"),
        move |x| {
            weight.clone() * x.clone().exp_m1()
                + x.clone() * (slope.clone() + bend.clone() * x.clone())
        },
        move |x| w.clone() * x.clone().exp() + s.clone() + two() * v.clone() * x.clone(),
        move |x| u.clone() * x.clone().exp() + two() * t.clone(),
        c,
    )
}

/// eˣ − x with gradient descent of step 1/2 and the others.
pub(crate) fn worked_example() -> Family<Approach> {
    let all = std::iter::once(Scheme::Descent(0.5)).chain(SUPERLINEAR);
    Family::listed("eˣ − x", all.collect::<Vec<_>>(), |scheme| example(*scheme))
}

pub(crate) fn example(scheme: Scheme) -> Approach {
    Approach::new(exponential(1.0, 0.0, 0.0), scheme, 0.1)
}

/// 1/2 ≤ |A| ≤ 1 and B ≤ 1/6, so that no limit is near 0.
pub(crate) fn exponentials(
    scheme: impl Fn(f64) -> Scheme + Send + Sync + 'static,
) -> Family<Approach> {
    let name = format!("sums with {}", scheme(1.0).name());
    Family::drawn(&name, move |draw| {
        let (slope, share) = (draw.log_uniform(0.2, 5.0), draw.uniform(0.2, 1.0));
        let size = draw.uniform(0.5, 1.0);
        let bend = if draw.coin() { size } else { -size };
        let c = share * slope;
        let equation = exponential(c, slope - c, bend * slope - c / 2.0);
        let start = draw.uniform(0.01, 0.05);
        Approach::new(equation, scheme(slope), if draw.coin() { start } else { -start })
    })
    .with_draws(3)
}

/// Sums with each scheme; gradient descent leaves from a tenth to a half of the error.
pub(crate) fn all_schemes() -> Vec<Family<Approach>> {
    let descent = [0.5, 0.9].map(|part| exponentials(move |slope| Scheme::Descent(part / slope)));
    let others = SUPERLINEAR.map(|scheme| exponentials(move |_| scheme));
    descent.into_iter().chain(others).collect()
}

/// xᵖ
pub(crate) fn multiple_roots() -> Family<Approach> {
    let all = [3, 5].into_iter().flat_map(|p| SUPERLINEAR.map(|scheme| (p, scheme)));
    Family::listed("multiple roots", all.collect::<Vec<_>>(), |&(p, scheme)| {
        let power =
            |x: &Long, p: i32| (0..p).fold(Long::from(1.0), |product, _| product * x.clone());
        let equation = Smooth::new(
            format!("x^{p}"),
            move |x| power(x, p),
            move |x| Long::from(f64::from(p)) * power(x, p - 1),
            move |x| Long::from(f64::from(p * (p - 1))) * power(x, p - 2),
            if p == 3 { 6.0 } else { 0.0 },
        );
        Approach::new(equation, scheme, 0.5)
    })
}

/// x + a x² + b x³
fn cubic(a: f64, b: f64) -> Smooth {
    let number = Long::from;
    Smooth::new(
        format!("x + {a} x² + {b} x³"),
        move |x| x.clone() * (number(1.0) + x.clone() * (number(a) + number(b) * x.clone())),
        move |x| number(1.0) + x.clone() * (number(2.0 * a) + number(3.0 * b) * x.clone()),
        move |x| number(2.0 * a) + number(6.0 * b) * x.clone(),
        6.0 * b,
    )
}

/// Cubics on which the limit of the scheme is 0.
pub(crate) fn without_a_limit() -> Family<Approach> {
    let all = [
        (0.0, 1.0, Scheme::Secant),
        (0.0, 1.0, Scheme::Steffensen),
        (0.0, 1.0, Scheme::Newton),
        (1.0, 1.0, Scheme::Halley),
        (1.0, 2.0, Scheme::Chebyshev),
        (1.0, 1.0, Scheme::Descent(1.0)),
    ];
    Family::listed("limits that vanish", all, |&(a, b, scheme)| {
        Approach::new(cubic(a, b), scheme, 0.1)
    })
}

/// x + x²/2 + x²|x|^½, which has no third derivative at the root.
pub(crate) fn kinks() -> Family<Approach> {
    Family::listed("x + x²/2 + x²|x|^½", [Scheme::Halley, Scheme::Chebyshev], |scheme| {
        let root = |x: &Long| match x.clone().abs() {
            zero if zero == Long::from(0.0) => zero,
            size => (size.ln() / Long::from(2.0)).exp(),
        };
        let equation = Smooth::new(
            "x + x²/2 + x²|x|^½",
            move |x| x.clone() * (Long::from(1.0) + x.clone() * (Long::from(0.5) + root(x))),
            move |x| Long::from(1.0) + x.clone() * (Long::from(1.0) + Long::from(2.5) * root(x)),
            move |x| Long::from(1.0) + Long::from(3.75) * root(x),
            0.0,
        );
        Approach::new(equation, *scheme, 0.1)
    })
}

/// Gradient descent on eˣ − x with steps beyond 2/g′, which ends in a cycle of two.
pub(crate) fn cycling() -> Family<Approach> {
    Family::listed("steps that are too long", [2.1, 2.3], |step| example(Scheme::Descent(*step)))
}

/// eˣ − 1 with a derivative that is a tenth too large.
pub(crate) fn mistaken_derivatives() -> Family<Approach> {
    let all = [(1, Scheme::Newton), (2, Scheme::Halley), (2, Scheme::Chebyshev)];
    Family::listed("other derivatives", all, |&(derivative, scheme)| {
        let mistaken = exponential(1.0, 0.0, 0.0).mistaken(derivative, 1.1);
        Approach::new(mistaken, scheme, 0.1)
    })
}

pub(crate) fn simple_root() -> Hypothesis<Approach> {
    Hypothesis::new("simple root", |at: &Approach, _| {
        let slope = at.equation.slope();
        Check::that(slope != 0.0, format!("g′(x*) = {slope}"))
    })
}

/// |g″(x) − g″(0)|/|x| stays as it is towards the root.
pub(crate) fn three_derivatives() -> Hypothesis<Approach> {
    Hypothesis::new("three derivatives", |at: &Approach, _| {
        let g = &at.equation;
        let slope = |x: f64| {
            let change = g.derivative(2, &Long::from(x)) - g.derivative(2, &Long::from(0.0));
            change.ln_of_size() - ln(x)
        };
        let growth = exp(slope(1e-60) - slope(1e-6));
        Check::that(
            growth < 2.0,
            format!("|g″(x) − g″(0)|/|x| grows {growth:.1e} times from 1e-6 to 1e-60"),
        )
    })
}

/// g' and g'' are those of g, by differences.
pub(crate) fn exact_derivatives() -> Hypothesis<Approach> {
    Hypothesis::new("exact derivatives", |at: &Approach, _| {
        let (g, x) = (&at.equation, at.start());
        let width = x.clone() * Long::from(1e-20);
        let error = |i: usize| {
            let [ahead, behind] = [width.clone(), -width.clone()]
                .map(|step| g.derivative(i - 1, &(x.clone() + step)));
            let difference = (ahead - behind) / (width.clone() * Long::from(2.0));
            ((g.derivative(i, x) - difference.clone()) / difference).nearest().abs()
        };
        let worst = error(1).max(error(2));
        Check::that(worst < 1e-6, format!("differ from differences by {worst:.1e}"))
    })
}

pub(crate) fn arrives() -> Hypothesis<Approach> {
    Hypothesis::new("x_n → x*, x_n ≠ x*", |at: &Approach, _| {
        let last = at.logarithms().last().map_or(f64::NAN, |log| log / std::f64::consts::LN_10);
        Check::that(last.is_finite() && last < -20.0, format!("ends at e_n = 10^{last:.0}"))
    })
}

pub(crate) fn limit_is_not_zero() -> Hypothesis<Approach> {
    Hypothesis::new("C ≠ 0", |at: &Approach, _| {
        let limit = at.limit();
        Check::that(limit != 0.0, format!("C = {limit}"))
    })
}
