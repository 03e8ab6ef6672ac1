//! Projections and linear minimisers are what they claim to be.

use proptest::prelude::*;
use theoria_models::Vector;
use theoria_models::sets::{Ball, BoxSet, ConvexSet, L1Ball, Simplex};

fn sets() -> Vec<Box<dyn ConvexSet>> {
    vec![
        Box::new(Ball::new(1.3)),
        Box::new(BoxSet::new(-0.7, 1.1)),
        Box::new(Simplex::new(1.7)),
        Box::new(L1Ball::new(0.9)),
    ]
}

fn vectors() -> impl Strategy<Value = (Vector, Vector)> {
    (1usize..8).prop_flat_map(|d| {
        let one = || prop::collection::vec(-3.0..3.0f64, d).prop_map(Vector::from_vec);
        (one(), one())
    })
}

fn projected(set: &dyn ConvexSet, x: &Vector) -> Vector {
    let mut p = x.clone();
    set.project(&mut p);
    p
}

proptest! {
    #[test]
    fn a_projection_is_in_the_set_and_optimal((v, w) in vectors()) {
        for set in sets() {
            let p = projected(&*set, &v);
            prop_assert!(set.contains(&p, 1e-12), "{}", set.describe());
            // (v - p)·(q - p) <= 0 for every q of the set: it suffices to look at the q that makes
            // it largest, and at a random one.
            let normal = &v - &p;
            for q in [set.linear_minimiser(&-&normal), projected(&*set, &w)] {
                prop_assert!(normal.dot(&(q - &p)) <= 1e-12, "{}", set.describe());
            }
        }
    }

    #[test]
    fn projections_are_idempotent_and_do_not_expand((v, w) in vectors()) {
        for set in sets() {
            let (p, q) = (projected(&*set, &v), projected(&*set, &w));
            prop_assert!((projected(&*set, &p) - &p).norm() <= 1e-14);
            prop_assert!((p - q).norm() <= (&v - &w).norm() + 1e-14);
        }
    }

    #[test]
    fn linear_minimisers_are_minimal_and_within_the_diameter((v, w) in vectors()) {
        for set in sets() {
            let vertex = set.linear_minimiser(&v);
            let other = projected(&*set, &w);
            prop_assert!(set.contains(&vertex, 1e-12));
            prop_assert!(v.dot(&vertex) <= v.dot(&other) + 1e-12, "{}", set.describe());
            prop_assert!((vertex - other).norm() <= set.diameter(v.len()) + 1e-12);
        }
    }
}
