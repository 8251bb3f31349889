//! The columns that a table is given: those that have labels meet its rows by label.

use ruff_text_size::TextRange;

use super::Evaluator;
use crate::language::error::{Outcome, fault};
use crate::language::functions;
use crate::language::item::{Dict, Item, Key};

impl Evaluator<'_> {
    /// The columns that `table[key] = item` gives a table.
    pub(super) fn new_columns(
        &mut self,
        table: &Dict,
        key: &Item,
        item: Item,
        range: TextRange,
    ) -> Outcome<Vec<(Key, Item)>> {
        match key {
            Item::List(_) | Item::Texts(_) => {
                let names = self.iterate(key, range)?;
                let parts = match &item {
                    Item::Table(values) => {
                        let part = |(key, part): &(Key, Item)| functions::of_table(values, key, part.clone());
                        values.entries().iter().map(part).collect()
                    }
                    Item::Number(value) if value.rank() == 2 => {
                        self.iterate(&Item::Number(value.transpose()), range)?
                    }
                    single => vec![single.clone(); names.len()],
                };
                if parts.len() != names.len() {
                    return fault(range, format!("{} columns for {} names", parts.len(), names.len()));
                }
                let column = |(name, part): (Item, Item)| {
                    Ok((self.key(&name, range)?, self.new_column(table, part, range)?))
                };
                names.into_iter().zip(parts).map(column).collect()
            }
            key => {
                let key = self.key(key, range)?;
                Ok(vec![(key, self.new_column(table, item, range)?)])
            }
        }
    }

    /// A column for a table of some rows.
    ///
    /// Columns meet the rows of the same labels; arrays and lists go row by row.
    pub(in crate::language) fn new_column(
        &mut self,
        table: &Dict,
        item: Item,
        range: TextRange,
    ) -> Outcome<Item> {
        let rows = functions::rows(table);
        let item = match item.is_series() || item.rows().is_some() {
            true if rows > 0 => {
                let labels = functions::row_labels(table);
                functions::column_for(self, &item, &labels, range)?
            }
            _ => item.bare().clone(),
        };
        let column = functions::column(self, item, rows, range)?;
        match &column {
            Item::Number(value) | Item::Series(value) if rows > 0 && value.shape().first() != Some(&rows) => {
                let count = value.shape().first().unwrap_or(&1);
                fault(range, format!("a column of {count} elements for a table of {rows} rows"))
            }
            _ => Ok(column),
        }
    }
}
