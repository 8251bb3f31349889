//! Give a summary to programs: every number in full, what is not a number as null.

use chainfire_engine::diagnostics::SummaryRow;
use serde_json::{Value, json};

/// A list with an object for each row; the keys are the columns of [`summary_table`](crate::summary_table).
pub fn summary_json(rows: &[SummaryRow]) -> Value {
    let object = |row: &SummaryRow| {
        json!({
            "name": row.name,
            "mean": row.mean,
            "sd": row.sd,
            "hdi_3%": row.hdi_low,
            "hdi_97%": row.hdi_high,
            "mcse_mean": row.mcse_mean,
            "mcse_sd": row.mcse_sd,
            "ess_bulk": row.ess_bulk,
            "ess_tail": row.ess_tail,
            "r_hat": row.r_hat,
        })
    };
    rows.iter().map(object).collect()
}
