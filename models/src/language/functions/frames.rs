//! `pd.DataFrame(...)`: tables of columns, of rows, or of a matrix.

use std::collections::HashMap;
use std::rc::Rc;

use ruff_text_size::TextRange;

use super::alignment::{all_labels, column_for, is_column, is_same, of_table};
use super::tables::{given_labels, index_of};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Dict, Item, Key, RowLabels, Sequence};

/// `pd.DataFrame({"x": x})`, `pd.DataFrame(matrix, columns=names)`
pub(super) fn data_frame(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [x, index, columns, _dtype] = call.bind(["data", "index", "columns", "dtype"])?;
    let range = call.range;
    let mut entries: Vec<(Key, Item)> = match x.map(|x| &x.item) {
        None => Vec::new(),
        Some(Item::Dict(dict)) => dict.entries().to_vec(),
        Some(Item::Table(table)) => {
            let column = |(key, column): &(Key, Item)| (key.clone(), of_table(table, key, column.clone()));
            table.entries().iter().map(column).collect()
        }
        Some(Item::Labelled(column)) => {
            vec![(Key::Text(column.name.clone()), Item::Labelled(column.clone()))]
        }
        Some(Item::Indexed(column)) => vec![(Key::Text(column.name.clone()), Item::Indexed(column.clone()))],
        Some(Item::List(rows))
            if rows
                .items()
                .iter()
                .all(|row| matches!(row, Item::Dict(_) | Item::List(_) | Item::Tuple(_)))
                && !rows.items().is_empty() =>
        {
            records(e, rows.items(), range)?
        }
        Some(rows) => {
            let value = e.item_value(rows, range)?;
            let columns = match value.rank() {
                1 => vec![Item::Number(value)],
                2 => e.iterate(&Item::Number(value.transpose()), range)?,
                _ => return fault(range, "a table is made of a dictionary of columns, or of a matrix"),
            };
            columns.into_iter().enumerate().map(|(k, c)| (Key::Number((k as f64).to_bits()), c)).collect()
        }
    };
    if let Some(columns) = columns {
        let mut names = Vec::new();
        for name in e.iterate(&columns.item, columns.range)? {
            names.push(e.key(&name, columns.range)?);
        }
        if x.is_none() {
            entries = names.iter().map(|name| (name.clone(), Item::Texts([].into()))).collect();
        }
        let by_name = !entries.is_empty() && entries.iter().all(|(key, _)| matches!(key, Key::Text(_)));
        if by_name {
            entries.retain(|(key, _)| names.contains(key));
        } else if names.len() != entries.len() {
            return fault(columns.range, format!("{} names for {} columns", names.len(), entries.len()));
        } else {
            entries.iter_mut().zip(names).for_each(|((key, _), name)| *key = name);
        }
    }
    let own = match x.map(|x| &x.item) {
        Some(Item::Table(table)) => table.labels.clone(),
        _ => None,
    };
    let labels = match index {
        Some(index) => Some(Rc::new(given_labels(e, &index.item, index.range)?)),
        None => own,
    };
    let labels = met(e, &mut entries, labels, range)?;
    let mut rows = labels.as_ref().map(|rows| rows.labels.size());
    let mut made = Vec::new();
    for (key, item) in entries {
        let single = match &item {
            Item::Text(_) => true,
            Item::Number(value) => value.rank() == 0,
            _ => false,
        };
        if !single {
            let count = *rows.get_or_insert(item.size());
            if item.size() != count {
                return fault(
                    range,
                    format!("the column {} is shorter or longer than the others", key.display()),
                );
            }
        }
        made.push((key, item));
    }
    let mut out = Dict::default();
    for (key, item) in made {
        out.insert(key, super::column(e, item, rows.unwrap_or(1), range)?, range)?;
    }
    out.labels = labels;
    Ok(Item::Table(Rc::new(out)))
}

/// Rows, each of them a list or a dictionary, as columns.
fn records(e: &mut Evaluator<'_>, rows: &[Item], range: TextRange) -> Outcome<Vec<(Key, Item)>> {
    let mut columns: Vec<(Key, Vec<Item>)> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for (k, row) in rows.iter().enumerate() {
        let cells: Vec<(Key, Item)> = match row {
            Item::Dict(dict) => dict.entries().to_vec(),
            row => {
                let cells = e.iterate(row, range)?;
                cells
                    .into_iter()
                    .enumerate()
                    .map(|(k, cell)| (Key::Number((k as f64).to_bits()), cell))
                    .collect()
            }
        };
        e.budget.steps(cells.len(), range)?;
        for (key, cell) in cells {
            let place = *places.entry(key.clone()).or_insert_with(|| {
                columns.push((key, vec![Item::None; k]));
                columns.len() - 1
            });
            columns[place].1.push(cell);
        }
        // A row says nothing of the cells that it does not name.
        e.budget.steps(columns.len(), range)?;
        columns.iter_mut().for_each(|(_, cells)| cells.resize(k + 1, Item::None));
    }
    let column = |(key, cells)| Ok((key, Item::List(Sequence::new(cells, range)?)));
    columns.into_iter().map(column).collect()
}

/// The labels of a table's rows, where columns with labels meet: those that are given, or all of the columns'.
fn met(
    e: &mut Evaluator<'_>,
    entries: &mut [(Key, Item)],
    given: Option<Rc<RowLabels>>,
    range: TextRange,
) -> Outcome<Option<Rc<RowLabels>>> {
    let columns = entries.iter().map(|(_, column)| column).filter(|column| is_column(column));
    let columns: Vec<Item> = columns.cloned().collect();
    let labels: Vec<Item> = columns.iter().map(index_of).collect();
    let Some(first) = labels.first() else { return Ok(given) };
    let known = columns.iter().find_map(|column| column.rows().cloned());
    let mut differ = false;
    for other in &labels[1..] {
        differ |= !is_same(e, first, other, range)?;
    }
    let rows = match (given, known) {
        (Some(rows), _) => rows,
        (None, known) if differ => {
            let names = known.map_or_else(Vec::new, |rows| rows.names.clone());
            Rc::new(RowLabels::new(names, all_labels(e, &labels, true, range)?))
        }
        (None, Some(rows)) => rows,
        (None, None) => return Ok(None),
    };
    for (_, column) in entries {
        if is_column(column) {
            *column = column_for(e, column, &rows.labels, range)?;
        }
    }
    Ok(Some(rows))
}

/// `pd.DataFrame.from_dict(data, orient=..., columns=...)`
pub(super) fn from_dict(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [data, orient, _dtype, columns] = call.bind(["data", "orient", "dtype", "columns"])?;
    let data = call.required(data, "data")?;
    let by_row = match orient.map(|orient| e.text(orient, "`orient`")).transpose()?.as_deref() {
        None | Some("columns") => false,
        Some("index") => true,
        Some(other) => {
            return fault(call.range, format!("`orient` is columns or index here, not \"{other}\""));
        }
    };
    let mut inner = call.nothing();
    match (&data.item, by_row) {
        (Item::Dict(dict), true) => {
            let rows = dict.entries().iter().map(|(_, row)| row.clone()).collect();
            let labels = dict.entries().iter().map(|(key, _)| key.item()).collect();
            let list = |items| -> Outcome<Argument> {
                Ok(Argument { item: Item::List(Sequence::new(items, call.range)?), range: call.range })
            };
            inner.positional = vec![list(rows)?, list(labels)?];
        }
        _ => inner.positional = vec![data.clone()],
    }
    inner.keywords.extend(columns.map(|columns| ("columns".to_owned(), columns.clone())));
    data_frame(e, &inner)
}
