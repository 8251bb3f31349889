//! Give a summary to programs: every number in full, what is not a number as null.

use chainfire_engine::diagnostics::SummaryRow;
use serde_json::{Map, Value, json};

use crate::summary_table::columns;

/// A list with an object for each row; the keys are the columns of [`summary_table`](crate::summary_table).
pub fn summary_json(rows: &[SummaryRow]) -> Value {
    let object = |row: &SummaryRow| {
        let mut object = Map::from_iter([("name".to_owned(), json!(row.name))]);
        object.extend(columns(rows).map(|(name, _, value)| (name.to_owned(), json!(value(row)))));
        object
    };
    rows.iter().map(object).collect()
}
