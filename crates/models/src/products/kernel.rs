//! How a product is cut into tiles that stay in registers.

use std::cell::RefCell;

use pulp::{Arch, Simd, WithSimd};

use super::Factor;

/// Terms of a sum that are taken at once: so many columns of a panel stay in the first cache.
const DEPTH: usize = 128;

thread_local! {
    /// Where rows of the left factor are laid out anew.
    static PANEL: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
}

/// into = factor · left · right, or what was there plus that, where `into` is as tall as `left`.
///
/// # Panics
/// If the sizes do not fit.
pub(super) fn multiply(into: &mut [f64], add: bool, factor: f64, left: Factor, right: Factor) {
    assert_eq!(left.columns, right.rows, "as many columns on the left as rows on the right");
    assert_eq!(into.len(), left.rows * right.columns, "the product fits its place");
    if left.columns == 0 && !add {
        into.fill(0.0);
    }
    PANEL.with_borrow_mut(|panel| {
        Arch::new().dispatch(Multiply { into, add, factor, left, right, panel });
    });
}

struct Multiply<'a> {
    into: &'a mut [f64],
    add: bool,
    factor: f64,
    left: Factor<'a>,
    right: Factor<'a>,
    panel: &'a mut Vec<f64>,
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Multiply { into, add, factor, left, right, panel } = self;
        let lanes = S::F64_LANES;
        panel.resize(2 * lanes * DEPTH, 0.0);
        for first in (0..left.columns).step_by(DEPTH) {
            let depth = DEPTH.min(left.columns - first);
            let start = if right.transposed { first * right.columns } else { first };
            let mut top = 0;
            while top < left.rows {
                let rows = (left.rows - top).min(2 * lanes);
                let height = if rows > lanes { 2 * lanes } else { lanes };
                let panel = &mut panel[..height * depth];
                simd.vectorize(Pack { left, top, rows, height, first, panel });
                let band = Band {
                    into: &mut *into,
                    all_rows: left.rows,
                    top,
                    rows,
                    add: add || first > 0,
                    factor,
                    panel,
                    right: right.numbers.get(start..).unwrap_or_default(),
                    columns: right.columns,
                    stride: right.stride(),
                };
                // Apart from each other, so that the compiler sees small functions.
                match (rows > lanes, right.transposed) {
                    (true, false) => simd.vectorize(Sums::<2, false>(band)),
                    (true, true) => simd.vectorize(Sums::<2, true>(band)),
                    (false, false) => simd.vectorize(Sums::<1, false>(band)),
                    (false, true) => simd.vectorize(Sums::<1, true>(band)),
                }
                top += rows;
            }
        }
    }
}

/// Lays `rows` rows of the left factor, from `top` on, into the panel: `height` numbers for each
/// term from `first` on, zeros below the rows.
struct Pack<'a> {
    left: Factor<'a>,
    top: usize,
    rows: usize,
    height: usize,
    first: usize,
    panel: &'a mut [f64],
}

impl WithSimd for Pack<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Pack { left, top, rows, height, first, panel } = self;
        let stride = left.stride();
        if left.transposed {
            if rows < height {
                panel.fill(0.0);
            }
            let mut row = 0;
            while row < rows {
                let stored = &left.numbers[(top + row) * stride + first..];
                row += if row + 8 <= rows {
                    lay_rows::<8>(stored, stride, row, height, panel)
                } else {
                    lay_rows::<1>(stored, stride, row, height, panel)
                };
            }
            return;
        }
        let columns = left.numbers[first * stride..].chunks_exact(stride);
        for (laid, column) in panel.chunks_exact_mut(height).zip(columns) {
            let column = &column[top..top + rows];
            if rows == height {
                let ((laid, _), (column, _)) = (S::as_mut_simd_f64s(laid), S::as_simd_f64s(column));
                laid.iter_mut().zip(column).for_each(|(to, from)| *to = *from);
            } else {
                let mut column = column.chunks(S::F64_LANES);
                for to in S::as_mut_simd_f64s(laid).0 {
                    *to = simd.partial_load_f64s(column.next().unwrap_or_default());
                }
            }
        }
    }
}

/// Lays N rows, which are stored `stride` apart, side by side, and says how many they were.
#[inline(always)]
fn lay_rows<const N: usize>(
    stored: &[f64],
    stride: usize,
    row: usize,
    height: usize,
    panel: &mut [f64],
) -> usize {
    let depth = panel.len() / height;
    let mut rows: [&[f64]; N] = [&[]; N];
    for (i, row) in rows.iter_mut().enumerate() {
        *row = &stored[i * stride..][..depth];
    }
    for (term, laid) in panel.chunks_exact_mut(height).enumerate() {
        if let Some(laid) = laid[row..].first_chunk_mut::<N>() {
            for i in 0..N {
                laid[i] = rows[i][term];
            }
        }
    }
    N
}

/// Rows `top`, ..., `top + rows - 1` of the product, over the terms that lie in the panel.
struct Band<'a> {
    into: &'a mut [f64],
    all_rows: usize,
    top: usize,
    rows: usize,
    add: bool,
    factor: f64,
    panel: &'a [f64],
    /// The right factor as it is stored, from the first of these terms on.
    right: &'a [f64],
    columns: usize,
    stride: usize,
}

/// A band of V vectors' height, with the right factor as it lies (`TRANSPOSED` or not).
struct Sums<'a, const V: usize, const TRANSPOSED: bool>(Band<'a>);

impl<const V: usize, const TRANSPOSED: bool> WithSimd for Sums<'_, V, TRANSPOSED> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Sums(band) = self;
        // Apart again: a tile that is put by masks does not stay in registers.
        if band.rows == V * S::F64_LANES {
            columns::<S, V, TRANSPOSED, true>(simd, band);
        } else {
            columns::<S, V, TRANSPOSED, false>(simd, band);
        }
    }
}

#[inline(always)]
fn columns<S: Simd, const V: usize, const TRANSPOSED: bool, const WHOLE: bool>(
    simd: S,
    mut band: Band,
) {
    let mut column = 0;
    while S::REGISTER_COUNT >= 32 && column + 8 <= band.columns {
        let sums = tile::<S, V, 8, TRANSPOSED>(simd, &band, column);
        band.put::<S, V, 8, WHOLE>(simd, column, &sums);
        column += 8;
    }
    while column + 4 <= band.columns {
        let sums = tile::<S, V, 4, TRANSPOSED>(simd, &band, column);
        band.put::<S, V, 4, WHOLE>(simd, column, &sums);
        column += 4;
    }
    while column < band.columns {
        let sums = tile::<S, V, 1, TRANSPOSED>(simd, &band, column);
        band.put::<S, V, 1, WHOLE>(simd, column, &sums);
        column += 1;
    }
}

/// The band's sums for N columns. Nothing in its loops can panic: with a way out to a panic the
/// compiler keeps the sums in memory.
#[inline(always)]
fn tile<S: Simd, const V: usize, const N: usize, const TRANSPOSED: bool>(
    simd: S,
    band: &Band,
    column: usize,
) -> [[S::f64s; V]; N] {
    let mut sums = [[simd.splat_f64s(0.0); V]; N];
    let panel = S::as_simd_f64s(band.panel).0.as_chunks::<V>().0;
    let stride = band.stride;
    let start = if TRANSPOSED { column } else { column * stride };
    let mut right = band.right.get(start..).unwrap_or_default();
    if TRANSPOSED {
        for left in panel {
            let Some(row) = right.first_chunk::<N>() else { break };
            right = right.get(stride..).unwrap_or_default();
            for (sums, number) in sums.iter_mut().zip(row) {
                add_term(simd, sums, left, *number);
            }
        }
    } else {
        'terms: for (term, left) in panel.iter().enumerate() {
            for (j, sums) in sums.iter_mut().enumerate() {
                let Some(number) = right.get(j * stride + term) else { break 'terms };
                add_term(simd, sums, left, *number);
            }
        }
    }
    sums
}

#[inline(always)]
fn add_term<S: Simd, const V: usize>(
    simd: S,
    sums: &mut [S::f64s; V],
    left: &[S::f64s; V],
    number: f64,
) {
    let number = simd.splat_f64s(number);
    for (sum, left) in sums.iter_mut().zip(left) {
        *sum = simd.mul_add_e_f64s(*left, number, *sum);
    }
}

impl Band<'_> {
    /// Puts the sums for N columns where they belong.
    #[inline(always)]
    fn put<S: Simd, const V: usize, const N: usize, const WHOLE: bool>(
        &mut self,
        simd: S,
        column: usize,
        sums: &[[S::f64s; V]; N],
    ) {
        let (add, factor) = (self.add, simd.splat_f64s(self.factor));
        let merged = |number: S::f64s, sum: S::f64s| {
            if add { simd.mul_add_e_f64s(factor, sum, number) } else { simd.mul_f64s(factor, sum) }
        };
        for (j, sums) in sums.iter().enumerate() {
            let begin = (column + j) * self.all_rows + self.top;
            let place = &mut self.into[begin..begin + self.rows];
            if WHOLE {
                let numbers = S::as_mut_simd_f64s(place).0.iter_mut();
                numbers.zip(sums).for_each(|(number, sum)| *number = merged(*number, *sum));
            } else {
                for (numbers, sum) in place.chunks_mut(S::F64_LANES).zip(sums) {
                    let merged = merged(simd.partial_load_f64s(numbers), *sum);
                    simd.partial_store_f64s(numbers, merged);
                }
            }
        }
    }
}
