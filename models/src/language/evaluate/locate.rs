//! `.loc` and `.iloc`: rows and columns of tables by labels or by places.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::{Expr, ExprAttribute, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};

use super::subscript::is_mask;
use super::{Argument, Evaluator};
use crate::dates;
use crate::language::error::{Outcome, fault};
use crate::language::functions;
use crate::language::item::{Dict, Item, Key, Labelled, Locator};

/// Rows, or columns, that a part of an index takes.
enum Taken {
    One(usize),
    Several(Vec<usize>),
}

/// Whether rows have several labels each.
fn is_joint(labels: &Item) -> bool {
    matches!(labels, Item::List(labels) if matches!(labels.items().first(), Some(Item::Tuple(_))))
}

impl<'a> Evaluator<'a> {
    /// `table.loc[rows, columns]`, `column.iloc[rows]`
    pub(super) fn locate(&mut self, locator: &Locator, slice: &'a Expr, range: TextRange) -> Outcome<Item> {
        match &locator.owner {
            Item::Table(table) => {
                functions::check_rows(table, range)?;
                let (rows, columns) = parts(slice);
                let labels = functions::row_labels(table);
                let taken = match self.mask_of(&locator.owner, rows)? {
                    Some(mask) => Taken::Several(self.held(&mask, functions::rows(table), rows.range())?),
                    None => self.taken(&labels, functions::rows(table), locator.by_label, rows)?,
                };
                let Some(columns) = columns else {
                    return self.table_rows(table, &taken, range);
                };
                let names: Vec<Item> = table.entries().iter().map(|(key, _)| key.item()).collect();
                let names = Item::List(crate::language::item::Sequence::new(names, range)?);
                match self.taken(&names, table.entries().len(), locator.by_label, columns)? {
                    Taken::One(place) => {
                        let column = self.column_at(table, place, columns.range())?;
                        let column = functions::of_table(table, &table.entries()[place].0, column);
                        self.rows_of(&column, &taken, range)
                    }
                    Taken::Several(columns) => {
                        let mut out = Dict::with_labels(table.labels.clone());
                        for column in columns {
                            let key = table.entries()[column].0.clone();
                            out.insert(key, self.column_at(table, column, range)?, range)?;
                        }
                        self.table_rows(&out, &taken, range)
                    }
                }
            }
            column => {
                let labels = functions::index_of(column);
                let taken = self.taken(&labels, column.size(), locator.by_label, slice)?;
                self.rows_of(column, &taken, range)
            }
        }
    }

    /// `counts["label"]`, `counts[labels]`, `counts[mask]`
    pub(super) fn labelled_subscript(
        &mut self,
        owner: &Item,
        slice: &'a Expr,
        range: TextRange,
    ) -> Outcome<Item> {
        let taken = self.taken(&functions::index_of(owner), owner.size(), true, slice)?;
        self.rows_of(owner, &taken, range)
    }

    /// `table.loc[rows, column] = item`
    pub(super) fn assign_located(
        &mut self,
        target: &'a ExprSubscript,
        locator: &'a ExprAttribute,
        item: Item,
    ) -> Outcome<()> {
        let range = target.range;
        let by_label = matches!(locator.attr.as_str(), "loc" | "at");
        let (rows, columns) = parts(&target.slice);
        self.own_table(&locator.value)?;
        let table = match self.expression(&locator.value)? {
            Item::Table(table) => {
                functions::check_rows(&table, range)?;
                table
            }
            column @ (Item::Series(_) | Item::Labelled(_)) => {
                let places = self.places_of(&column, by_label, &target.slice)?;
                let item = self.for_places(&functions::index_of(&column), &places, item, range)?;
                drop(column);
                return self.assign_rows(&locator.value, &places, &item, range);
            }
            other => {
                return fault(range, format!("{} has no rows to change: `x[...] = y`", other.describe()));
            }
        };
        let Some(columns) = columns else {
            return fault(range, "name the column that is changed: `.loc[rows, \"column\"]`");
        };
        let count = functions::rows(&table);
        let places = match self.taken(&functions::row_labels(&table), count, by_label, rows)? {
            Taken::One(row) => vec![row],
            Taken::Several(rows) => rows,
        };
        let item = self.for_places(&functions::row_labels(&table), &places, item, range)?;
        if let Expr::StringLiteral(name) = columns
            && table.get_text(name.value.to_str()).is_none()
        {
            let mut numbers = vec![f64::NAN; count];
            if places.len() == count {
                let mut out = (*table).clone();
                let column = functions::column(self, item, count, range)?;
                out.insert(Key::Text(name.value.to_str().into()), column, range)?;
                drop(table);
                return self.put(&locator.value, Item::Table(Rc::new(out)));
            }
            let new = self.item_value(&item, range)?;
            let new = self.finish_value(new.broadcast_to(&[places.len()]), range)?;
            let Some(new) = new.as_data() else {
                return fault(range, "a table holds data, but this depends on the model's parameters");
            };
            places.iter().zip(new.iter()).for_each(|(&place, &x)| numbers[place] = x);
            let mut out = (*table).clone();
            out.insert(Key::Text(name.value.to_str().into()), Item::Series(Value::from(numbers)), range)?;
            drop(table);
            return self.put(&locator.value, Item::Table(Rc::new(out)));
        }
        let names: Vec<Item> = table.entries().iter().map(|(key, _)| key.item()).collect();
        let names = Item::List(crate::language::item::Sequence::new(names, range)?);
        let Taken::One(column) = self.taken(&names, table.entries().len(), by_label, columns)? else {
            return fault(range, "one column is changed at a time");
        };
        let key = table.entries()[column].0.clone();
        let mut changed = match self.column_at(&table, column, range)? {
            Item::Texts(texts) => {
                let mut texts = texts.to_vec();
                let new = functions::column(self, item.clone(), places.len(), range)?;
                let Item::Texts(new) = new else {
                    return fault(range, format!("a column of texts cannot hold {}", new.describe()));
                };
                if new.len() != places.len() {
                    return fault(range, format!("{} texts for {} rows", new.len(), places.len()));
                }
                places.iter().zip(new.iter()).for_each(|(&place, text)| texts[place].clone_from(text));
                Item::Texts(texts.into())
            }
            other => {
                let mut value = self.item_value(&other, range)?;
                let new = self.item_value(&item, range)?;
                // pandas makes room for what a column cannot hold.
                let kind = value.kind().max(new.kind());
                value = value.with_kind(kind);
                let numbers = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
                Item::Series(Value::data(numbers, vec![count], kind))
            }
        };
        if !matches!(changed, Item::Texts(_)) {
            let positions: Vec<f64> = places.iter().map(|&place| place as f64).collect();
            let positions = Value::data(positions, vec![places.len()], Kind::Int);
            self.assign_elements(&mut changed, &positions, &item, range)?;
        }
        let mut out = (*table).clone();
        out.insert(key, changed, range)?;
        drop(table);
        self.put(&locator.value, Item::Table(Rc::new(out)))
    }

    /// What rows at some places are given: a column meets them by label.
    fn for_places(&mut self, labels: &Item, places: &[usize], item: Item, range: TextRange) -> Outcome<Item> {
        if !item.is_series() && item.rows().is_none() {
            return Ok(item);
        }
        let labels = functions::take(self, labels, places, range)?;
        functions::column_for(self, &item, &labels, range)
    }

    /// The mask that a function of the table gives, where the index is a function that is written there.
    fn mask_of(&mut self, owner: &Item, rows: &'a Expr) -> Outcome<Option<Value>> {
        let Expr::Lambda(lambda) = rows else { return Ok(None) };
        let run = self.expression(rows)?;
        let mask = self.called(&run, owner.clone(), lambda.range)?;
        self.item_value(&mask, lambda.range).map(Some)
    }

    /// The rows of a column that an index takes.
    pub(super) fn places_of(&mut self, column: &Item, by_label: bool, rows: &'a Expr) -> Outcome<Vec<usize>> {
        match self.taken(&functions::index_of(column), column.size(), by_label, rows)? {
            Taken::One(row) => Ok(vec![row]),
            Taken::Several(rows) => Ok(rows),
        }
    }

    /// Gives some rows of a column, which has a name or is an entry of a container, new numbers.
    pub(super) fn assign_rows(
        &mut self,
        column: &'a Expr,
        places: &[usize],
        item: &Item,
        range: TextRange,
    ) -> Outcome<()> {
        let count = places.len();
        let positions: Vec<f64> = places.iter().map(|&place| place as f64).collect();
        let positions = Value::data(positions, vec![count], Kind::Int);
        let place = self.place(column, 0)?;
        let owner = std::mem::replace(place, Item::None);
        let (mut numbers, rows) = match owner {
            Item::Labelled(labelled) => match Rc::try_unwrap(labelled) {
                Ok(labelled) => (Item::Series(labelled.values), Some((labelled.rows, labelled.name))),
                Err(shared) => {
                    self.put(column, Item::Labelled(shared))?;
                    return fault(range, super::place::SHARED);
                }
            },
            other => (other, None),
        };
        let outcome = self.assign_elements(&mut numbers, &positions, item, range);
        let changed = match (numbers, rows) {
            (Item::Series(values), Some((rows, name))) => {
                Item::Labelled(Rc::new(Labelled { rows, name, values }))
            }
            (numbers, _) => numbers,
        };
        self.put(column, changed)?;
        outcome
    }

    fn column_at(&mut self, table: &Dict, column: usize, range: TextRange) -> Outcome<Item> {
        match &table.entries()[column] {
            (Key::Text(name), _) => self.column(table, name, range),
            (_, item) => Ok(item.clone()),
        }
    }

    fn table_rows(&mut self, table: &Dict, taken: &Taken, range: TextRange) -> Outcome<Item> {
        match taken {
            Taken::Several(places) => {
                Ok(Item::Table(Rc::new(functions::take_rows(self, table, places, range)?)))
            }
            Taken::One(row) => {
                let mut out = Dict::default();
                for (key, column) in table.entries() {
                    out.insert(key.clone(), self.rows_of(column, taken, range)?, range)?;
                }
                let values: Option<Vec<f64>> =
                    out.entries().iter().map(|(_, item)| item.as_value()?.as_data().map(|x| x[0])).collect();
                match values {
                    Some(values) => {
                        let names = out.entries().iter().map(|(key, _)| key.item()).collect();
                        let names = Item::List(crate::language::item::Sequence::new(names, range)?);
                        let names = functions::label_item(self, names, range)?;
                        let name = format!("{row}");
                        Ok(functions::labelled(vec!["column".into()], names, name, Value::from(values)))
                    }
                    None => Ok(Item::Table(Rc::new(out))),
                }
            }
        }
    }

    fn rows_of(&mut self, column: &Item, taken: &Taken, range: TextRange) -> Outcome<Item> {
        match taken {
            Taken::Several(places) => functions::chosen(self, column, places, range),
            Taken::One(row) => {
                let one = functions::take(self, column, &[*row], range)?;
                match one.bare() {
                    Item::Texts(texts) => Ok(Item::text(&texts[0])),
                    _ => Ok(Item::Number(self.item_value(&one, range)?.reshape(&[]))),
                }
            }
        }
    }

    /// What a part of an index takes of `count` rows or columns with labels.
    fn taken(&mut self, labels: &Item, count: usize, by_label: bool, part: &'a Expr) -> Outcome<Taken> {
        let range = part.range();
        self.budget.work(count, range)?;
        let all = Value::data((0..count).map(|k| k as f64).collect::<Vec<_>>(), vec![count], Kind::Int);
        let several = |value: Value| {
            let places = value.as_data().map(|x| x.to_vec()).unwrap_or_default();
            Ok(Taken::Several(places.into_iter().map(|x| x as usize).collect()))
        };
        if let Expr::Slice(slice) = part {
            if !by_label || (slice.lower.is_none() && slice.upper.is_none()) {
                let slice = self.slice(slice)?;
                let subscript = self.subscript_of(&slice, range)?;
                return several(self.index(&all, vec![subscript], range)?);
            }
            let bound = |e: &mut Self, bound: &'a Option<Box<Expr>>, default: usize| match bound {
                None => Ok(default),
                Some(bound) => {
                    let item = e.expression(bound)?;
                    e.row_of(labels, &item, bound.range())
                }
            };
            if let Some(texts) = in_order(labels) {
                let mut text = |bound: &'a Option<Box<Expr>>| match bound {
                    None => Ok(None),
                    Some(bound) => {
                        let item = self.expression(bound)?;
                        self.text(&Argument { item, range: bound.range() }, "a label").map(Some)
                    }
                };
                let (lower, upper) = (text(&slice.lower)?, text(&slice.upper)?);
                let is_before = |label: &String, end: &str| **label <= *end || label.starts_with(end);
                let first = lower.map_or(0, |start| texts.partition_point(|label| **label < *start));
                let last = upper.map_or(count, |end| texts.partition_point(|label| is_before(label, &end)));
                return Ok(Taken::Several((first..last).collect()));
            }
            let first = bound(self, &slice.lower, 0)?;
            let last = bound(self, &slice.upper, count.saturating_sub(1))?;
            return Ok(Taken::Several((first..count.min(last + 1)).collect()));
        }
        let item = self.expression(part)?;
        if is_mask(&item) {
            let mask = match by_label {
                true => self.mask_of_rows(&item, labels, range)?,
                false => self.item_value(&item, range)?,
            };
            return Ok(Taken::Several(self.held(&mask, count, range)?));
        }
        match (&item, by_label) {
            (Item::List(_) | Item::Texts(_) | Item::Indexed(_), true) => {
                let wanted = self.iterate(&item, range)?;
                self.rows_named(labels, &wanted, range).map(Taken::Several)
            }
            (Item::Labelled(_), true) => {
                let wanted = self.iterate(&item, range)?;
                self.rows_named(labels, &wanted, range).map(Taken::Several)
            }
            (Item::Number(value) | Item::Series(value), true) if value.rank() == 1 => {
                let wanted = self.iterate(&item, range)?;
                self.rows_named(labels, &wanted, range).map(Taken::Several)
            }
            // Years and months of dates: `column["2020-02"]`.
            (Item::Text(part), true)
                if matches!(part.len(), 4 | 7)
                    && in_order(labels)
                        .is_some_and(|texts| texts.iter().any(|label| dates::is_date(label))) =>
            {
                let texts = in_order(labels).unwrap_or_default();
                let places = (0..count).filter(|&k| texts[k].starts_with(&**part)).collect();
                Ok(Taken::Several(places))
            }
            // The first of several labels of a row.
            (Item::Text(_) | Item::Number(_), true) if is_joint(labels) => {
                let mut places = Vec::new();
                for (place, label) in self.iterate(labels, range)?.iter().enumerate() {
                    if let Item::Tuple(parts) = label
                        && let Some(first) = parts.items().first()
                        && self.equal(first, &item, range)?
                    {
                        places.push(place);
                    }
                }
                match places.is_empty() {
                    true => fault(range, format!("no row is labelled {}", item.describe())),
                    false => Ok(Taken::Several(places)),
                }
            }
            (_, true) => match &*self.rows_named(labels, std::slice::from_ref(&item), range)? {
                [row] => Ok(Taken::One(*row)),
                several => Ok(Taken::Several(several.to_vec())),
            },
            (_, false) => match self.subscript_of(&item, range)? {
                Subscript::At(k) if (-(count as i64)..count as i64).contains(&k) => {
                    Ok(Taken::One(k.rem_euclid(count as i64) as usize))
                }
                subscript => several(self.index(&all, vec![subscript], range)?),
            },
        }
    }

    fn row_of(&mut self, labels: &Item, wanted: &Item, range: TextRange) -> Outcome<usize> {
        let rows = self.rows_named(labels, std::slice::from_ref(wanted), range)?;
        Ok(rows[0])
    }

    fn rows_named(&mut self, labels: &Item, wanted: &[Item], range: TextRange) -> Outcome<Vec<usize>> {
        let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
        for (k, label) in self.iterate(labels, range)?.iter().enumerate() {
            if let Ok(key) = self.key(label, range) {
                places.entry(key).or_default().push(k);
            }
        }
        let mut rows = Vec::with_capacity(wanted.len());
        for item in wanted {
            let key = self.key(item, range)?;
            match places.get(&key) {
                Some(found) => {
                    self.budget.steps(found.len(), range)?;
                    rows.extend(found);
                }
                None => return fault(range, format!("there is no row or column labelled {}", key.display())),
            }
        }
        Ok(rows)
    }
}

/// Labels that are texts in order, as dates are.
fn in_order(labels: &Item) -> Option<&[String]> {
    match labels {
        Item::Texts(texts) if texts.windows(2).all(|pair| pair[0] <= pair[1]) => Some(texts),
        _ => None,
    }
}

/// The rows and columns of an index.
fn parts(slice: &Expr) -> (&Expr, Option<&Expr>) {
    match slice {
        Expr::Tuple(tuple) if tuple.elts.len() == 2 => (&tuple.elts[0], Some(&tuple.elts[1])),
        other => (other, None),
    }
}
