//! The list of a chapter's theorems.

/// Declares the theorems of a chapter at the root of its crate: one line a theorem, the name of its
/// module, which has a function `theorem()`; behind it, in brackets, the file of its worst instances
/// ([`Memory`](crate::Memory)), if any are known. It also declares `all()`, which gathers them, and says of each in which repository its source lies.
///
/// ```ignore
/// theoria_verification::chapter! {
///     gradient_descent_convex ["gradient_descent_convex.worst.json"],
///     gradient_descent_pl,
/// }
/// ```
#[macro_export]
macro_rules! chapter {
    ($($theorem:ident $([$memory:literal])?),* $(,)?) => {
        $(pub mod $theorem;)*

        /// The theorems of this chapter, in the order of the book.
        pub fn all() -> Vec<$crate::Theorem> {
            vec![$(
                $theorem::theorem()
                    .in_repository(env!("CARGO_PKG_REPOSITORY"))
                    $(.remembering(include_str!($memory)))?
            ),*]
        }
    };
}
