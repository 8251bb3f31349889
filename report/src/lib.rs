//! Show draws and what is known about them; no statistics of its own.

mod float_column;
mod summary_json;
mod summary_table;
#[cfg(test)]
mod tests;

pub use summary_json::summary_json;
pub use summary_table::summary_table;
