//! Sizes that take much memory or time.

use super::Notes;
use crate::Role;
use crate::finding::Rule;
use crate::language::{Factored, Fault};
use crate::model::Record;

/// Rows of a matrix from which factoring it in every step is slow.
const LARGE_MATRIX: usize = 2_000;
/// Bytes of the log likelihoods of 4 chains of 1,000 draws that are called much.
const MUCH: usize = 4 << 30;

/// Looks at the number of observations, and at the matrices that are factored anew at every place.
pub(super) fn check(notes: &mut Notes<'_>, records: &[Record], factored: &[Factored]) {
    let elements: usize =
        records.iter().filter(|r| matches!(r.variable.role, Role::Observed)).map(|r| r.variable.len()).sum();
    if elements.saturating_mul(8 * 4_000) > MUCH {
        let gigabytes = (elements * 8 * 4_000) >> 30;
        let message = format!(
            "the model has {elements} observations: their log likelihoods for 4 chains of 1000 draws take \
             {gigabytes} GiB"
        );
        notes.whole(Rule::MuchMemory, message, "thin the draws before comparing models");
    }
    // A call in a loop is told once.
    let mut largest: Vec<Factored> = Vec::new();
    for one in factored.iter().filter(|one| one.rows > LARGE_MATRIX) {
        match largest.iter_mut().find(|known| known.range == one.range) {
            Some(known) => known.rows = known.rows.max(one.rows),
            None => largest.push(*one),
        }
    }
    for Factored { range, rows, .. } in largest {
        let declared =
            notes.declared.iter().filter(|(_, place)| **place == range).map(|(name, _)| name.as_str());
        // A process declares the normal numbers that it is made of too.
        let name = declared.min_by_key(|name| (name.ends_with("_rotated_"), name.len())).map(str::to_owned);
        let of = name.as_ref().map_or(String::new(), |name| format!(" of `{name}`"));
        let message = format!(
            "the covariance{of} has {rows} rows: each gradient factors it anew, which takes {} MiB and about {:.1} \
             seconds",
            rows.saturating_mul(8 * rows) >> 20,
            (rows as f64).powi(3) / 1.6e10
        );
        let fix = "an approximation with a basis, as in a Hilbert space Gaussian process (pm.gp.HSGP)";
        let fault = Fault::new(range, message).rule(Rule::MuchMemory).fix(fix);
        let fault = fault.seen(format!("{rows} rows"), format!("at most {LARGE_MATRIX} rows"));
        notes.at(match name {
            Some(name) => fault.about(name),
            None => fault,
        });
    }
}
