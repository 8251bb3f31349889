//! The kernel of tiles: products of a shared matrix with the vectors of many chains, and what follows row by row.
//!
//! ```text
//! cube (strip, chains):  B = vectors of 32 chains                                  [columns, 32], shared
//!   for every tile of R rows of the strip:
//!     X = R rows of the matrix                                                     [R, columns],  shared
//!     Z = X B                                                                      [R, 32],       shared
//!     one turn of the row loop for every element of Z; its sums, compensated, in registers;
//!     what the transposed matrix is multiplied with replaces Z
//!     G += X' Z                                                                    [columns, 32], registers
//!   the sums and G go to the arena, where the next kernel adds those of all strips
//! ```
//!
//! 128 units in 16 groups of rows (columns for `G`) by 8 groups of chains: a unit makes every 16th row and every
//! eighth chain of a product. In the row loop a unit has one chain and every fourth row. `R` is the largest of 64, 32
//! and 16 whose tiles fit into shared memory. A gradient of `G` is summed over the rows of a tile, then over tiles, so
//! that its rounding does not grow with the rows.
//!
//! # Cost
//! The floor for `N` rows, `K` columns and `C` chains is `4 N K C` flops and one reading of the matrix, `4 N K` bytes.
//! The kernel does these flops, with `C` rounded up to 32 and, in `G`, `K` up to 16, and reads the matrix once for
//! every 32 chains: a byte for 32 flops, more flops than cards do in the time of a byte of memory, and all but the
//! first reading may come from a cache. A multiply-add reads 1/2 (`R` of 64) to 5/4 (`R` of 16) numbers of shared
//! memory; where a unit can read one number in the time of four multiply-adds, that bounds the kernel to 1/2 to 1/5 of
//! the peak. For N = 100,000, K = 50, C = 256: 5.1 GFLOP (5.8 done) and 160 MB, 20 of them distinct, against
//! 10 GB that chains read which multiply on their own. Counted, not measured: no card was at hand.
//!
//! # References
//! - Volkov and Demmel (2008), Benchmarking GPUs to tune dense linear algebra (products with a tile of registers)

#![allow(
    clippy::too_many_arguments,
    clippy::collapsible_if,
    clippy::needless_range_loop,
    reason = "kernels have no structures of slices, and conditions and loops are known when they are compiled or not"
)]

use cubecl::prelude::*;

use super::code::{Code, Place, TILE_CHAINS, TILE_UNITS};
use super::exact::{Pair, accumulate, joined};
use super::kernel::{Known, Seat, arena_element, read, read_memory, row_turn, run_scalars};

/// Groups of units by chain: a unit makes every eighth chain of a product.
const BY_CHAIN: usize = 8;

/// Groups of units by row.
const BY_ROW: usize = TILE_UNITS / BY_CHAIN;

/// Chains of a product that a unit makes.
const OF_UNIT: usize = TILE_CHAINS / BY_CHAIN;

/// The seat of a chain of the tile; the last chain's for lanes beyond it.
#[cube]
fn seat_of(lane: usize, chains: usize, zero: u32) -> Seat {
    let mut chain = CUBE_POS_Y as usize * TILE_CHAINS + lane;
    if chain >= chains {
        chain = chains - 1;
    }
    Seat { chain, chains, unit: UNIT_POS as usize, zero }
}

/// The chains' vectors, `[columns, 32]`, read in the order in which memory holds them.
#[cube]
fn load_vectors(
    position: &[f32],
    data: &[f32],
    arena: &[f32],
    vectors: &mut [f32],
    chains: usize,
    zero: u32,
    #[comptime] vector: Place,
    #[comptime] code: Code,
) {
    let columns = comptime!(code.tile().columns);
    let mut e = UNIT_POS as usize;
    while e < columns * TILE_CHAINS + zero as usize {
        let is_chain_inner = comptime!(code.team.units == 1);
        let lane = if is_chain_inner { e % TILE_CHAINS } else { e / columns };
        let column = if is_chain_inner { e / TILE_CHAINS } else { e % columns };
        let seat = seat_of(lane, chains, zero);
        vectors[column * TILE_CHAINS + lane] =
            read_memory(column, position, data, arena, &seat, vector, code.clone());
        e += TILE_UNITS;
    }
}

/// A tile of the matrix, zero beyond its last row.
#[cube]
fn load_matrix(data: &[f32], matrix: &mut [f32], first_row: usize, zero: u32, #[comptime] code: Code) {
    let columns = comptime!(code.tile().columns);
    let rows = comptime!(code.tile().rows);
    let all_rows = comptime!(code.plan().phases[0].loops[0].rows);
    let mut e = UNIT_POS as usize;
    while e < rows * columns + zero as usize {
        let row = e / columns;
        let mut x = 0.0f32;
        if first_row + row < all_rows {
            x = data[first_row * columns + e + comptime!(code.tile().matrix)];
        }
        matrix[e + row] = x;
        e += TILE_UNITS;
    }
}

/// `values = matrix vectors`
#[cube]
fn multiply(
    matrix: &[f32],
    vectors: &[f32],
    values: &mut [f32],
    zero: u32,
    #[comptime] rows: usize,
    #[comptime] columns: usize,
) {
    let group = UNIT_POS as usize / BY_CHAIN;
    let lane = UNIT_POS as usize % BY_CHAIN;
    let of_unit = comptime!(rows / BY_ROW);
    let mut sums = Array::<f32>::new(comptime!(of_unit * OF_UNIT));
    #[unroll]
    for n in 0..comptime!(of_unit * OF_UNIT) {
        sums[n] = 0.0f32;
    }
    let mut k = 0usize.runtime();
    while k < columns + zero as usize {
        let mut b = Sequence::<f32>::new();
        #[unroll]
        for n in 0..OF_UNIT {
            b.push(vectors[k * TILE_CHAINS + lane + comptime!(BY_CHAIN * n)]);
        }
        #[unroll]
        for m in 0..of_unit {
            let a = matrix[(group + comptime!(BY_ROW * m)) * comptime!(columns + 1) + k];
            #[unroll]
            for n in 0..OF_UNIT {
                sums[comptime!(m * OF_UNIT + n)] += a * b[n];
            }
        }
        k += 1;
    }
    #[unroll]
    for m in 0..of_unit {
        #[unroll]
        for n in 0..OF_UNIT {
            let row = group + comptime!(BY_ROW * m);
            values[row * TILE_CHAINS + lane + comptime!(BY_CHAIN * n)] = sums[comptime!(m * OF_UNIT + n)];
        }
    }
}

/// `products += matrix' values`
#[cube]
fn multiply_transposed(
    matrix: &[f32],
    values: &[f32],
    products: &mut Array<f32>,
    zero: u32,
    #[comptime] rows: usize,
    #[comptime] columns: usize,
) {
    let group = UNIT_POS as usize / BY_CHAIN;
    let lane = UNIT_POS as usize % BY_CHAIN;
    let of_unit = comptime!(columns.div_ceil(BY_ROW));
    let mut sums = Array::<f32>::new(comptime!(of_unit * OF_UNIT));
    #[unroll]
    for n in 0..comptime!(of_unit * OF_UNIT) {
        sums[n] = 0.0f32;
    }
    // The last columns of some units do not exist: they repeat the last one, and are not stored.
    let mut last = group + comptime!(BY_ROW * (of_unit - 1));
    if last >= columns {
        last = comptime!(columns - 1).runtime();
    }
    let mut row = 0usize.runtime();
    while row < rows + zero as usize {
        let mut b = Sequence::<f32>::new();
        #[unroll]
        for n in 0..OF_UNIT {
            b.push(values[row * TILE_CHAINS + lane + comptime!(BY_CHAIN * n)]);
        }
        #[unroll]
        for m in 0..of_unit {
            let column = if comptime!(m + 1 == of_unit) { last } else { group + comptime!(BY_ROW * m) };
            let a = matrix[row * comptime!(columns + 1) + column];
            #[unroll]
            for n in 0..OF_UNIT {
                sums[comptime!(m * OF_UNIT + n)] += a * b[n];
            }
        }
        row += 1;
    }
    #[unroll]
    for n in 0..comptime!(of_unit * OF_UNIT) {
        products[n] += sums[n];
    }
}

/// One turn of the row loop for every element of the tile.
#[cube]
fn run_rows(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    values: &mut [f32],
    sums: &mut Array<f32>,
    known: &Known,
    seat: &Seat,
    first_row: usize,
    is_chain: bool,
    #[comptime] code: Code,
) {
    let rows = comptime!(code.tile().rows);
    let all_rows = comptime!(code.plan().phases[0].loops[0].rows);
    let residual = comptime!(code.tile().residual);
    let lane = seat.unit % TILE_CHAINS;
    let mut row = seat.unit / TILE_CHAINS;
    while row < rows + seat.zero as usize {
        let i = first_row + row;
        let at = row * TILE_CHAINS + lane;
        let mut value = 0.0f32;
        if i < all_rows {
            if is_chain {
                let given = values[at];
                let turn = row_turn(
                    i,
                    given,
                    position,
                    data,
                    index,
                    arena,
                    output,
                    sums,
                    known,
                    seat,
                    0usize,
                    0usize,
                    code.clone(),
                );
                if comptime!(residual.is_some()) {
                    let place = comptime!(residual.unwrap_or(Place::Turn(0)));
                    value = read(i, position, data, &*arena, known, &turn, seat, place, code.clone());
                }
            }
        }
        if comptime!(residual.is_some()) {
            values[at] = value;
        }
        row += comptime!(TILE_UNITS / TILE_CHAINS);
    }
}

/// Adds the sums of the units that have the same chain, one sum after the other, and leaves them in the arena.
#[cube]
fn store_sums(
    arena: &mut [f32],
    partial: &mut [f32],
    sums: &Array<f32>,
    seat: &Seat,
    is_chain: bool,
    #[comptime] code: Code,
) {
    let strip = CUBE_POS_X as usize;
    let strips = comptime!(code.tile().strips);
    #[unroll]
    for n in 0..comptime!(code.plan().phases[0].totals) {
        sync_cube();
        partial[seat.unit] = sums[comptime!(2 * n)];
        partial[seat.unit + TILE_UNITS] = sums[comptime!(2 * n + 1)];
        sync_cube();
        if seat.unit < TILE_CHAINS {
            if is_chain {
                let mut high = partial[seat.unit];
                let mut low = partial[seat.unit + TILE_UNITS];
                #[unroll]
                for share in 1..comptime!(TILE_UNITS / TILE_CHAINS) {
                    let at = seat.unit + comptime!(share * TILE_CHAINS);
                    let sum = accumulate(Pair { high, low }, partial[at], seat.zero);
                    high = sum.high;
                    low = sum.low + partial[at + TILE_UNITS];
                }
                let sum = joined(high, low, seat.zero);
                let row = strip + comptime!(code.tile().totals_row + 2 * n * strips);
                arena[arena_element(row, seat, code.clone())] = sum.high;
                arena[arena_element(row + strips, seat, code.clone())] = sum.low;
            }
        }
    }
}

/// Leaves the transposed products of this strip in the arena.
#[cube]
fn store_products(arena: &mut [f32], products: &Array<f32>, seat: &Seat, #[comptime] code: Code) {
    let group = seat.unit / BY_CHAIN;
    let lane = seat.unit % BY_CHAIN;
    let columns = comptime!(code.tile().columns);
    let first_row = CUBE_POS_X as usize * columns + comptime!(code.tile().products_row);
    #[unroll]
    for n in 0..OF_UNIT {
        let chain = CUBE_POS_Y as usize * TILE_CHAINS + lane + comptime!(BY_CHAIN * n);
        if chain < seat.chains {
            let seat = Seat { chain, chains: seat.chains, unit: seat.unit, zero: seat.zero };
            #[unroll]
            for m in 0..comptime!(columns.div_ceil(BY_ROW)) {
                let column = group + comptime!(BY_ROW * m);
                if column < columns {
                    arena[arena_element(first_row + column, &seat, code.clone())] =
                        products[comptime!(m * OF_UNIT + n)];
                }
            }
        }
    }
}

/// Cube `(strip, chains)` takes the strip's rows for 32 chains.
#[cube(launch)]
pub(super) fn rows_by_chains(
    position: &[f32],
    data: &[f32],
    index: &[u32],
    arena: &mut [f32],
    output: &mut [f32],
    chains: u32,
    zero: u32,
    #[comptime] code: Code,
) {
    let rows = comptime!(code.tile().rows);
    let columns = comptime!(code.tile().columns);
    let vector = comptime!(code.tile().vector);
    let has_residual = comptime!(code.tile().residual.is_some());
    let totals = comptime!(code.plan().phases[0].totals);
    let mut matrix = Shared::<[f32]>::new_slice(comptime!(rows * (columns + 1)));
    let mut vectors = Shared::<[f32]>::new_slice(comptime!(columns * TILE_CHAINS));
    let mut values = Shared::<[f32]>::new_slice(comptime!(rows * TILE_CHAINS));
    let chains = chains as usize;
    let lane = UNIT_POS as usize % TILE_CHAINS;
    let is_chain = CUBE_POS_Y as usize * TILE_CHAINS + lane < chains;
    let seat = seat_of(lane, chains, zero);
    let mut known = Known {
        scalars: Sequence::new(),
        scalars_low: Sequence::new(),
        totals: Sequence::new(),
        totals_low: Sequence::new(),
    };
    run_scalars(position, data, index, &*arena, &mut known, &seat, 0usize, code.clone());
    let mut sums = Array::<f32>::new(comptime!((2 * totals).max(1)));
    #[unroll]
    for n in 0..comptime!(2 * totals) {
        sums[n] = 0.0f32;
    }
    let of_unit = comptime!(columns.div_ceil(BY_ROW) * OF_UNIT);
    let mut products = Array::<f32>::new(of_unit);
    #[unroll]
    for n in 0..of_unit {
        products[n] = 0.0f32;
    }
    if comptime!(vector.is_some()) {
        let vector = comptime!(vector.unwrap_or(Place::Position(0)));
        load_vectors(position, data, &*arena, &mut vectors, chains, zero, vector, code.clone());
    }
    let mut first_row = CUBE_POS_X as usize * rows;
    let end = comptime!(code.plan().phases[0].loops[0].rows) + zero as usize;
    while first_row < end {
        load_matrix(data, &mut matrix, first_row, zero, code.clone());
        sync_cube();
        if comptime!(vector.is_some()) {
            multiply(&matrix, &vectors, &mut values, zero, rows, columns);
            sync_cube();
        }
        run_rows(
            position,
            data,
            index,
            arena,
            output,
            &mut values,
            &mut sums,
            &known,
            &seat,
            first_row,
            is_chain,
            code.clone(),
        );
        if has_residual {
            sync_cube();
            multiply_transposed(&matrix, &values, &mut products, zero, rows, columns);
        }
        sync_cube();
        first_row += comptime!(code.tile().strips * rows);
    }
    store_sums(arena, &mut values, &sums, &seat, is_chain, code.clone());
    if has_residual {
        store_products(arena, &products, &seat, code);
    }
}
