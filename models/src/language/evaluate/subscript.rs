//! Subscripts: entries of containers, and NumPy's basic and advanced indexing.

use std::collections::HashSet;
use std::rc::Rc;

use chainfire_engine::program::value::{Subscript, shape};
use chainfire_engine::program::{Kind, Value, ValueError};
use ruff_python_ast::{Expr, ExprSlice};
use ruff_text_size::{Ranged, TextRange};

use super::Evaluator;
use crate::finding::{Rule, Severity};
use crate::language::error::{Fault, Outcome, fault, hint};
use crate::language::functions;
use crate::language::functions::conditional::{self, Step};
use crate::language::item::{Dict, Item, Key, Sequence};

/// Subscripts of an array; `None` stands for `...`.
pub(in crate::language) type Subscripts = Vec<Option<Subscript>>;

/// A draw in a subscript: its place, and the draw.
type Drawn = (usize, Item);

const FULL: Subscript = Subscript::Range { start: None, stop: None, step: 1 };

/// Indices from which an array of them is one of the groups of rows.
const GROUPED: usize = 5;

/// An index outside of its axis, with what the other indices say of the slip.
fn outside(error: &ValueError, places: &[f64], index: i64, size: usize, range: TextRange) -> Box<Fault> {
    let least = places.iter().copied().fold(f64::INFINITY, f64::min);
    let most = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let distinct = places.iter().map(|place| place.to_bits()).collect::<HashSet<u64>>().len();
    let (why, fix) = if places.len() < 2 {
        match index == size as i64 {
            true => (
                "Python counts from 0: subtract 1 from indices that count from 1".to_owned(),
                "subtract 1 from the index".to_owned(),
            ),
            false => return Fault::new(range, error.to_string()).rule(Rule::IndexOutOfRange),
        }
    } else if least >= 1.0 && most == size as f64 {
        let why = "Python counts from 0: subtract 1 from indices that count from 1";
        (why.to_owned(), "subtract 1 from the indices".to_owned())
    } else if distinct <= size && most >= 2.0 * size as f64 {
        let why = format!("the {distinct} numbers from {least} to {most} name groups, and do not count them");
        (why, "count them with `codes, names = pd.factorize(...)`, and index with the codes".to_owned())
    } else {
        let why = format!("the indices go from {least} to {most}, which takes {} elements", most + 1.0);
        (
            why,
            format!(
                "give it that shape or length, {}, or index with the numbers of its own groups",
                most + 1.0
            ),
        )
    };
    Fault::new(range, format!("{error}; {why}")).rule(Rule::IndexOutOfRange).fix(fix)
}

impl<'a> Evaluator<'a> {
    /// `owner[slice]`
    pub(super) fn subscript(&mut self, owner: &Item, slice: &'a Expr, range: TextRange) -> Outcome<Item> {
        match owner {
            Item::Dict(dict) => {
                let key = self.expression(slice).and_then(|item| self.key(&item, slice.range()))?;
                self.entry_of(dict, &key, slice.range())
            }
            Item::Table(table) => {
                let item = self.expression(slice)?;
                self.table_subscript(table, &item, slice.range())
            }
            Item::List(sequence) => match self.sequence_subscript(sequence, slice)? {
                Ok(items) => Ok(Item::List(Sequence::new(items, range)?)),
                Err(item) => Ok(item),
            },
            Item::Tuple(sequence) => match self.sequence_subscript(sequence, slice)? {
                Ok(items) => Ok(Item::Tuple(Sequence::new(items, range)?)),
                Err(item) => Ok(item),
            },
            Item::Range { .. } => {
                let value = self.item_value(owner, range)?;
                let subscripts = self.subscripts(slice)?;
                Ok(Item::Number(self.index(&value, subscripts, range)?))
            }
            Item::Texts(texts) => {
                let rows: Vec<f64> = (0..texts.len()).map(|i| i as f64).collect();
                let rows = Value::data(rows, vec![texts.len()], Kind::Int);
                let subscripts = self.subscripts(slice)?;
                let rows = self.index(&rows, subscripts, range)?;
                self.budget.texts(rows.len(), range)?;
                let Some(numbers) = rows.as_data() else {
                    return fault(range, "an index must be known from the data");
                };
                match rows.rank() {
                    0 => Ok(Item::text(&texts[numbers[0] as usize])),
                    1 => Ok(Item::Texts(numbers.iter().map(|&i| texts[i as usize].clone()).collect())),
                    _ => fault(range, "arrays of texts have one axis only"),
                }
            }
            Item::Number(value) | Item::Series(value) => {
                let (subscripts, drawn) = self.subscripts_and_draw(slice)?;
                if drawn.is_some() {
                    return self.taken_of_draw(owner, subscripts, drawn, slice.range());
                }
                let taken = self.index(value, subscripts.clone(), range)?;
                // Rows of a column keep their labels.
                if owner.is_series() && taken.rank() == 1 && subscripts.len() == 1 {
                    let rows: Vec<f64> = (0..value.len()).map(|row| row as f64).collect();
                    let rows = Value::data(rows, value.shape(), Kind::Int);
                    let rows = self.index(&rows, subscripts, range)?;
                    if let Some(rows) = rows.as_data() {
                        let places: Vec<usize> = rows.iter().map(|&row| row as usize).collect();
                        return functions::chosen(self, owner, &places, range);
                    }
                }
                Ok(Item::numbers(taken, owner.is_series()))
            }
            Item::Component(_) | Item::Conditional(_) => {
                let (subscripts, drawn) = self.subscripts_and_draw(slice)?;
                self.taken_of_draw(owner, subscripts, drawn, range)
            }
            Item::Text(text) => {
                let letters: Vec<Item> = text.chars().map(|c| Item::text(c.to_string())).collect();
                let letters = Sequence::new(letters, range)?;
                match self.sequence_subscript(&letters, slice)? {
                    Ok(letters) => {
                        let parts: Vec<String> =
                            letters.iter().map(|c| self.display(c, range)).collect::<Outcome<_>>()?;
                        Ok(Item::text(parts.concat()))
                    }
                    Err(letter) => Ok(letter),
                }
            }
            Item::Module(module @ (functions::Module::Rows | functions::Module::Columns)) => {
                let parts = match slice {
                    Expr::Tuple(tuple) => tuple.elts.as_slice(),
                    other => std::slice::from_ref(other),
                };
                let mut values = Vec::new();
                for part in parts {
                    let value = match part {
                        Expr::Slice(slice) => self.spaced(slice)?,
                        part => {
                            let item = self.expression(part)?;
                            self.item_value(&item, part.range())?
                        }
                    };
                    values.push(match (module, value.rank()) {
                        (functions::Module::Rows, 0) => value.reshape(&[1]),
                        (functions::Module::Columns, 0 | 1) => value.reshape(&[value.len(), 1]),
                        _ => value,
                    });
                }
                let axis = usize::from(*module == functions::Module::Columns);
                Ok(Item::Number(self.finish_value(Value::concatenate(&values, axis), range)?))
            }
            Item::Module(functions::Module::Slices) => self.expression(slice),
            Item::Module(module @ (functions::Module::Grid | functions::Module::OpenGrid)) => {
                self.grid(*module == functions::Module::OpenGrid, slice, range)
            }
            Item::Model(_) => {
                let name = self.expression(slice)?;
                self.variable_of(owner, name, slice.range())
            }
            Item::Class(class) => {
                let name = self.expression(slice)?;
                self.named_choice(*class, &name, range)
            }
            Item::Locator(locator) => self.locate(locator, slice, range),
            Item::Labelled(_) | Item::Indexed(_) => self.labelled_subscript(owner, slice, range),
            Item::Grouped(grouped) => {
                let names = self.expression(slice)?;
                functions::choose(self, grouped, &names, slice.range())
            }
            other => {
                if let Item::Object(_) = other {
                    let key = self.expression(slice)?;
                    if let Some(item) = self.special(other, "__getitem__", vec![key.clone()], range)? {
                        return Ok(item);
                    }
                    if self.model_behind(other).is_some() {
                        return self.variable_of(other, key, slice.range());
                    }
                }
                let message = format!("{} cannot be indexed", other.describe());
                let fault = Fault::new(range, message);
                Err(match other {
                    Item::Distribution(_) | Item::Function(_) => {
                        fault.fix("call it, with `(...)` for `[...]`")
                    }
                    _ => fault,
                })
            }
        }
    }

    /// `model["name"]`
    fn variable_of(&mut self, model: &Item, name: Item, range: TextRange) -> Outcome<Item> {
        let name = self.text(&super::Argument { item: name, range }, "the name of a variable")?;
        let which = self.model_behind(model).unwrap_or_else(|| self.present_model());
        self.of_model(which.number, |e| functions::variable_of_model(e, &name, range))
    }

    pub(super) fn entry_of(&mut self, dict: &Dict, key: &Key, range: TextRange) -> Outcome<Item> {
        if let Some(item) = dict.get(key) {
            return item.clone().usable();
        }
        if let Some(item) = &dict.missing {
            return functions::deep_copy(self, item, range);
        }
        let hint = match key {
            Key::Text(text) => hint(text, dict.names()),
            _ => String::new(),
        };
        let known: Vec<String> = dict.entries().iter().take(20).map(|(key, _)| key.display()).collect();
        fault(range, format!("there is no key {} (keys: {}){hint}", key.display(), known.join(", ")))
    }

    fn table_subscript(&mut self, table: &Dict, item: &Item, range: TextRange) -> Outcome<Item> {
        match item {
            Item::Text(name) => match parts_of(table, name) {
                Some(parts) => Ok(Item::Table(Rc::new(parts))),
                None => self.labelled_column(table, name, range),
            },
            Item::Tuple(_) => {
                let key = self.key(item, range)?;
                let column = self.entry_of(table, &key, range)?;
                Ok(functions::of_table(table, &key, column))
            }
            run if run.is_callable() => {
                let chosen = self.called(run, Item::Table(Rc::new(table.clone())), range)?;
                match chosen.is_callable() {
                    true => fault(range, "the function gives another function, not a mask"),
                    false => self.table_subscript(table, &chosen, range),
                }
            }
            Item::List(_) | Item::Texts(_) | Item::Indexed(_) => {
                let mut out = Dict::with_labels(table.labels.clone());
                for name in self.iterate(item, range)? {
                    let Item::Text(name) = name else {
                        return fault(range, "the columns of a table are named by texts");
                    };
                    let column = self.column(table, &name, range)?;
                    out.insert(Key::Text(name), column, range)?;
                }
                Ok(Item::Table(out.into()))
            }
            Item::Number(code) if code.rank() == 0 => {
                let key = self.key(item, range)?;
                let column = self.entry_of(table, &key, range)?;
                Ok(functions::of_table(table, &key, column))
            }
            mask if is_mask(mask) => {
                let labels = functions::row_labels(table);
                let mask = self.mask_of_rows(mask, &labels, range)?;
                let places = self.held(&mask, functions::rows(table), range)?;
                Ok(Item::Table(Rc::new(functions::take_rows(self, table, &places, range)?)))
            }
            &Item::Slice { start, stop, step } => {
                let rows = functions::rows(table);
                let all = Value::data((0..rows).map(|k| k as f64).collect::<Vec<_>>(), vec![rows], Kind::Int);
                let places = self.index(&all, vec![Some(Subscript::Range { start, stop, step })], range)?;
                let places: Vec<usize> = places
                    .as_data()
                    .map_or(Vec::new(), |places| places.iter().map(|&k| k as usize).collect());
                Ok(Item::Table(Rc::new(functions::take_rows(self, table, &places, range)?)))
            }
            other => {
                let seen = other.describe();
                fault(
                    range,
                    format!(
                        "a table is indexed by a column's name, a list of names or a mask, not by {seen}"
                    ),
                )
            }
        }
    }

    /// The truth values that a mask has for rows of some labels: those of a column meet them by label.
    pub(super) fn mask_of_rows(&mut self, mask: &Item, labels: &Item, range: TextRange) -> Outcome<Value> {
        if !mask.is_series() {
            return self.item_value(mask, range);
        }
        let mask = functions::reindexed(self, mask, labels, range)?;
        match mask.kind() {
            Kind::Bool => Ok(mask),
            _ => fault(range, "the mask says nothing of some rows: their labels are not its own"),
        }
    }

    /// The places where a mask of `rows` truth values holds.
    pub(in crate::language) fn held(
        &self,
        mask: &Value,
        rows: usize,
        range: TextRange,
    ) -> Outcome<Vec<usize>> {
        match mask.as_data() {
            Some(keep) if keep.len() == rows => Ok((0..rows).filter(|&i| keep[i] != 0.0).collect()),
            Some(keep) => fault(range, format!("the mask has {} elements for {rows} rows", keep.len())),
            None => {
                fault(range, "a mask must be known from the data, but this depends on the model's parameters")
            }
        }
    }

    /// The flat positions of the elements that `slice` takes of an array.
    pub(super) fn positions(&mut self, value: &Value, slice: &'a Expr, range: TextRange) -> Outcome<Value> {
        let subscripts = self.subscripts(slice)?;
        let mut at = Some(0);
        for (subscript, (&size, stride)) in
            subscripts.iter().zip(value.shape().iter().zip(shape::strides(value.shape())))
        {
            at = match (at, subscript) {
                (Some(at), Some(Subscript::At(k))) if (-(size as i64)..size as i64).contains(k) => {
                    Some(at + k.rem_euclid(size as i64) as usize * stride)
                }
                _ => None,
            };
        }
        if let Some(at) = at.filter(|_| subscripts.len() == value.rank()) {
            return Ok(Value::from(at as i64));
        }
        self.budget.elements(value.len(), range)?;
        let all: Vec<f64> = (0..value.len()).map(|k| k as f64).collect();
        self.index(&Value::data(all, value.shape(), Kind::Int), subscripts, range)
    }

    /// Several items of a sequence, or one.
    pub(super) fn sequence_subscript(
        &mut self,
        sequence: &Sequence,
        slice: &'a Expr,
    ) -> Outcome<Result<Vec<Item>, Item>> {
        let items = sequence.items();
        let item = self.expression(slice)?;
        if let Item::Slice { start, stop, step } = item {
            let rows: Vec<f64> = (0..items.len()).map(|i| i as f64).collect();
            let rows = Value::data(rows, vec![items.len()], Kind::Int);
            let subscript = Subscript::Range { start, stop, step };
            let rows = self.index(&rows, vec![Some(subscript)], slice.range())?;
            let rows = rows.as_data().map(|rows| rows.to_vec()).unwrap_or_default();
            return Ok(Ok(rows.iter().map(|&i| items[i as usize].clone()).collect()));
        }
        let index = self.integer(&item, "the index of a list", slice.range())?;
        let place = if index < 0 { index + items.len() as i64 } else { index };
        match usize::try_from(place).ok().and_then(|place| items.get(place)) {
            Some(item) => item.clone().usable().map(Err),
            None => fault(slice.range(), format!("index {index} is out of range for {} items", items.len())),
        }
    }

    /// The numbers of `start:stop:step` in `np.r_[...]` and `np.mgrid[...]`, as those of `np.arange`.
    fn spaced(&mut self, slice: &'a ExprSlice) -> Outcome<Value> {
        let mut bounds = [0.0, 0.0, 1.0];
        let mut kind = Kind::Int;
        for (bound, given) in bounds.iter_mut().zip([&slice.lower, &slice.upper, &slice.step]) {
            let Some(given) = given else { continue };
            let item = self.expression(given)?;
            kind = kind.max(item.as_value().map_or(Kind::Float, Value::kind));
            *bound = self.float(&item, "the bound of a slice", given.range())?;
        }
        let [start, stop, step] = bounds;
        if step == 0.0 {
            return fault(slice.range, "the step of a slice must not be 0");
        }
        let count = ((stop - start) / step).ceil().max(0.0) as usize;
        self.budget.elements(count, slice.range)?;
        let numbers: Vec<f64> = (0..count).map(|k| start + k as f64 * step).collect();
        Ok(Value::data(numbers, vec![count], kind))
    }

    /// `np.mgrid[a, b]`: the coordinates of a grid, one array for each axis; `np.ogrid[a, b]` leaves them short.
    fn grid(&mut self, is_open: bool, slice: &'a Expr, range: TextRange) -> Outcome<Item> {
        let parts = match slice {
            Expr::Tuple(tuple) => tuple.elts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let mut axes = Vec::new();
        for part in parts {
            let Expr::Slice(slice) = part else {
                return fault(part.range(), "a grid is made of slices, such as `0:3`");
            };
            axes.push(self.spaced(slice)?);
        }
        if let ([axis], false) = (axes.as_slice(), slice.is_tuple_expr()) {
            return Ok(Item::Number(axis.clone()));
        }
        let whole: Vec<usize> = axes.iter().map(Value::len).collect();
        let kind = axes.iter().map(Value::kind).max().unwrap_or(Kind::Int);
        let spread = |(k, axis): (usize, &Value)| {
            let shape: Vec<usize> = (0..whole.len()).map(|i| if i == k { whole[k] } else { 1 }).collect();
            axis.with_kind(kind).reshape(&shape)
        };
        let open: Vec<Value> = axes.iter().enumerate().map(spread).collect();
        if is_open {
            let open = open.into_iter().map(Item::Number).collect();
            return Ok(Item::Tuple(Sequence::new(open, range)?));
        }
        self.budget.shape(&[&[whole.len()], whole.as_slice()].concat(), range)?;
        let full: Vec<Value> = open.iter().map(|axis| axis.broadcast_to(&whole)).collect();
        Ok(Item::Number(self.finish_value(Value::stack(&full, 0), range)?))
    }

    /// `start:stop:step`
    pub(super) fn slice(&mut self, slice: &'a ExprSlice) -> Outcome<Item> {
        let mut bound = |expression: &'a Option<Box<Expr>>| match expression {
            None => Ok(None),
            Some(expression) => match self.expression(expression)? {
                Item::None => Ok(None),
                item => self.integer(&item, "the bound of a slice", expression.range()).map(Some),
            },
        };
        let (start, stop, step) = (bound(&slice.lower)?, bound(&slice.upper)?, bound(&slice.step)?);
        match step.unwrap_or(1) {
            0 => fault(slice.range, "the step of a slice must not be 0"),
            step => Ok(Item::Slice { start, stop, step }),
        }
    }

    /// What subscripts take of an array or a draw, one of them perhaps drawn.
    pub(in crate::language) fn taken_of_draw(
        &mut self,
        owner: &Item,
        subscripts: Subscripts,
        drawn: Option<Drawn>,
        range: TextRange,
    ) -> Outcome<Item> {
        let step = Step::Subscript(subscripts.clone(), drawn.as_ref().map(|(place, _)| *place));
        let index = drawn.as_ref().map(|(_, index)| index);
        let operands = || conditional::operands([owner].into_iter().chain(index), range);
        conditional::derived(self, step, operands, |e| match (owner, &drawn) {
            (Item::Component(draw), Some((place, Item::Component(index)))) => {
                let mut subscripts = subscripts;
                functions::derived_arrays::indexed(e, draw, index, range, |e, numbers, same| {
                    subscripts[*place] = Some(same);
                    e.index(numbers, subscripts.clone(), range)
                })
            }
            (Item::Component(draw), None) => {
                functions::derived_arrays::rearranged(e, draw, range, |e, numbers| {
                    Ok(Item::Number(e.index(&numbers, subscripts, range)?))
                })
            }
            (Item::Number(value), None) => Ok(Item::Number(e.index(value, subscripts, range)?)),
            _ => fault(range, "an array of numbers cannot be indexed by a draw"),
        })
    }

    pub(super) fn subscripts(&mut self, slice: &'a Expr) -> Outcome<Subscripts> {
        match self.subscripts_and_draw(slice)? {
            (subscripts, None) => Ok(subscripts),
            _ => fault(slice.range(), "an array of numbers cannot be indexed by a draw"),
        }
    }

    /// The subscripts, and the place of one that is drawn.
    fn subscripts_and_draw(&mut self, slice: &'a Expr) -> Outcome<(Subscripts, Option<Drawn>)> {
        let elements = match slice {
            Expr::Tuple(tuple) => tuple.elts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut out, mut drawn) = (Vec::new(), None);
        for element in elements {
            let range = element.range();
            if let Expr::Starred(starred) = element {
                let items = self.expression(&starred.value)?;
                for item in self.iterate(&items, range)? {
                    out.push(self.subscript_or_rest(&item, range)?);
                }
                continue;
            }
            match self.expression(element)? {
                Item::Ellipsis => out.push(None),
                index @ (Item::Component(_) | Item::Conditional(_)) if drawn.is_none() => {
                    drawn = Some((out.len(), index));
                    out.push(Some(Subscript::At(0)));
                }
                Item::Tuple(items) => {
                    for item in items.items() {
                        out.push(self.subscript_or_rest(item, range)?);
                    }
                }
                item => out.push(Some(self.subscript_of(&item, range)?)),
            }
        }
        Ok((out, drawn))
    }

    /// An item of a tuple of subscripts; `None` stands for `...`.
    fn subscript_or_rest(&mut self, item: &Item, range: TextRange) -> Outcome<Option<Subscript>> {
        match item {
            Item::Ellipsis => Ok(None),
            item => self.subscript_of(item, range).map(Some),
        }
    }

    pub(in crate::language) fn subscript_of(&mut self, item: &Item, range: TextRange) -> Outcome<Subscript> {
        match item.bare() {
            Item::None => return Ok(Subscript::NewAxis),
            &Item::Slice { start, stop, step } => return Ok(Subscript::Range { start, stop, step }),
            Item::Texts(texts) => {
                let texts = self.describe_texts(texts);
                let message = format!(
                    "{texts} where indices are needed; `labels, idx = np.unique(x, return_inverse=True)` makes them"
                );
                let fix = "labels, idx = np.unique(x, return_inverse=True)";
                return Err(Fault::new(range, message).rule(Rule::IndexKind).fix(fix));
            }
            Item::Text(text) => {
                return fault(range, format!("\"{text}\" cannot index an array; use whole numbers"));
            }
            _ => {}
        }
        let value = self.item_value(item, range)?;
        let Some(numbers) = value.as_data() else {
            if value.kind() == Kind::Int {
                return Ok(Subscript::Array(value));
            }
            let message = "an index must be known from the data, but this depends on the model's parameters";
            return Err(Fault::new(range, message).rule(Rule::IndexKind));
        };
        match (value.kind(), value.rank()) {
            (Kind::Int, 0) => Ok(Subscript::At(numbers[0] as i64)),
            (Kind::Int, _) | (Kind::Bool, 1..) => Ok(Subscript::Array(value)),
            (Kind::Float, _) if value.is_empty() => Ok(Subscript::Array(value.with_kind(Kind::Int))),
            (Kind::Float, _) if numbers.iter().any(|x| x.is_nan()) => {
                self.complete(&value, range)?;
                Ok(Subscript::NewAxis)
            }
            (Kind::Float, _) => {
                let message =
                    "indices must be whole numbers, but these are floats; `.astype(int)` turns them";
                Err(Fault::new(range, message).rule(Rule::IndexKind).fix("`.astype(int)`"))
            }
            (Kind::Bool, _) => fault(range, "a single truth value cannot index an array"),
        }
    }

    /// `value[subscripts]`, as NumPy has it.
    pub(in crate::language) fn index<S: Into<Option<Subscript>>>(
        &mut self,
        value: &Value,
        subscripts: Vec<S>,
        range: TextRange,
    ) -> Outcome<Value> {
        let given: Vec<Option<Subscript>> = subscripts.into_iter().map(Into::into).collect();
        let takes = |subscript: &Subscript| !matches!(subscript, Subscript::NewAxis);
        if value.is_random() && value.rank() == 0 && given.iter().flatten().any(takes) {
            let name = self.text_at(range).split('[').next().unwrap_or_default().trim();
            let message = format!(
                "`{name}` is one number, and has no elements: give it `shape=` or `dims=` where it is made"
            );
            let fault = Fault::new(range, message).rule(Rule::ShapeMismatch);
            return Err(fault.fix("give it `shape=` or `dims=` where it is made, or leave out the index"));
        }
        let is_mask = |s: &Subscript, rank| matches!(s, Subscript::Array(a) if a.kind() == Kind::Bool && a.rank() == rank);
        if let [Some(Subscript::Array(mask))] = given.as_slice()
            && mask.kind() == Kind::Bool
            && mask.rank() > 1
            && mask.shape() == value.shape()
        {
            let flat = Subscript::Array(mask.reshape(&[mask.len()]));
            return self.finish_value(value.reshape(&[value.len()]).index(&[flat]), range);
        }
        let used = given.iter().flatten().filter(|s| !matches!(s, Subscript::NewAxis)).count();
        let mut subscripts = Vec::new();
        if given.iter().filter(|s| s.is_none()).count() > 1 {
            return fault(range, "an index can hold `...` only once");
        }
        for subscript in given {
            match subscript {
                Some(subscript) => subscripts.push(subscript),
                None => subscripts.extend(std::iter::repeat_n(FULL, value.rank().saturating_sub(used))),
            }
        }
        if let Some(Subscript::Array(mask)) = subscripts.iter().find(|s| (2..9).any(|rank| is_mask(s, rank)))
        {
            let shape = shape::display(mask.shape());
            return fault(
                range,
                format!("a mask of shape {shape} can only index an array of that shape, on its own"),
            );
        }
        let (value, subscripts) = self.unreversed(value, subscripts, range)?;
        self.budget.shape(&[result_size(&value, &subscripts)], range)?;
        let taken = value.index(&subscripts);
        let arrays = subscripts.iter().filter_map(|subscript| match subscript {
            Subscript::Array(places) if places.kind() != Kind::Bool => places.as_data(),
            _ => None,
        });
        if let Some(error @ ValueError::Index { index, size, .. }) = taken.error() {
            let wrong = arrays.into_iter().find(|places| places.contains(&(*index as f64)));
            return Err(outside(error, wrong.map_or(&[], |places| places), *index, *size, range));
        }
        for places in arrays {
            self.look_at_places(&value, places, range);
        }
        self.finish_value(taken, range)
    }

    /// Tells of places counted from the end among others, which are slips where they are numbers of groups; and of a
    /// vector that has an element for each row, and of which those of the groups are taken.
    fn look_at_places(&mut self, value: &Value, places: &[f64], range: TextRange) {
        let negative = places.iter().filter(|place| **place < 0.0).count();
        if value.is_random() && places.len() > GROUPED && negative > 0 && negative < places.len() {
            let message = format!(
                "{negative} of these {} indices are negative, and count from the end: missing labels have the code -1, and \
                 numbers that count from 0 lose nothing to `- 1`",
                places.len()
            );
            let fault = Fault::new(range, message).rule(Rule::IndexOutOfRange).severity(Severity::Warning);
            self.tell(*fault.fix("leave out the rows without a label, or leave out the `- 1`"));
        }
        let size = value.len();
        if value.is_random() && value.rank() == 1 && places.len() == size && size > GROUPED && negative == 0 {
            let mut is_taken = vec![false; size];
            for &place in places {
                if let Some(taken) = is_taken.get_mut(place as usize) {
                    *taken = true;
                }
            }
            let taken = is_taken.iter().filter(|taken| **taken).count();
            if 2 * taken <= size {
                let message = format!(
                    "only {taken} of these {size} elements are taken: it has one for each row, and is indexed by groups"
                );
                let fault = Fault::new(range, message).rule(Rule::UnusedVariable);
                self.tell(*fault.fix(format!("give it one element for each group, as with `shape={taken}`")));
            }
        }
    }

    /// Applies slices with negative steps one at a time, and makes integers beside index arrays index arrays.
    fn unreversed(
        &mut self,
        value: &Value,
        mut subscripts: Vec<Subscript>,
        range: TextRange,
    ) -> Outcome<(Value, Vec<Subscript>)> {
        let mut value = value.clone();
        let mut axis = 0;
        for subscript in &mut subscripts {
            if let Subscript::Range { step: ..0, .. } = subscript {
                let mut alone = vec![FULL; axis];
                alone.push(std::mem::replace(subscript, FULL));
                value = self.finish_value(value.index(&alone), range)?;
            }
            axis += usize::from(!matches!(subscript, Subscript::NewAxis));
        }
        if subscripts.iter().any(|s| matches!(s, Subscript::Array(_))) {
            for subscript in &mut subscripts {
                if let Subscript::At(index) = subscript {
                    *subscript = Subscript::Array(Value::from(*index));
                }
            }
        }
        Ok((value, subscripts))
    }
}

/// An upper bound on the elements of `value[subscripts]`; shapes that do not fit are left to the indexing itself.
fn result_size(value: &Value, subscripts: &[Subscript]) -> usize {
    let mut joint: Option<Vec<usize>> = Some(Vec::new());
    let mut size = 1_usize;
    let mut axes = value.shape().iter().copied();
    for subscript in subscripts {
        if let Subscript::NewAxis = subscript {
            continue;
        }
        let axis = axes.next().unwrap_or(1);
        match subscript {
            Subscript::At(_) | Subscript::NewAxis => {}
            Subscript::Range { .. } => size = size.saturating_mul(axis),
            Subscript::Array(index) if index.kind() == Kind::Bool => {
                joint = joint.and_then(|joint| shape::broadcast(&joint, &[1])).map(|joint| {
                    let rows = index.as_data().map_or(0, |mask| mask.iter().filter(|m| **m != 0.0).count());
                    if joint.last() == Some(&1) || joint.is_empty() { vec![rows] } else { joint }
                });
            }
            Subscript::Array(index) => {
                joint = joint.and_then(|joint| shape::broadcast(&joint, index.shape()));
                // Every element that an index could mean is looked at where the index is not known.
                size = size.saturating_mul(if index.is_random() { axis } else { 1 });
            }
        }
    }
    let joint = joint.map_or(1, |joint| joint.iter().fold(1_usize, |product, n| product.saturating_mul(*n)));
    axes.fold(size.saturating_mul(joint), usize::saturating_mul)
}

/// Whether an item is a row of truth values.
pub(super) fn is_mask(item: &Item) -> bool {
    item.as_value().is_some_and(|value| value.kind() == Kind::Bool && value.rank() == 1)
}

/// The columns of a table whose names are tuples that begin with a text, by what follows; `None` where there are none.
fn parts_of(table: &Dict, first: &str) -> Option<Dict> {
    let mut out = Dict::with_labels(table.labels.clone());
    for (key, column) in table.entries() {
        if let Key::Tuple(parts) = key
            && let [Key::Text(own), rest] = &**parts
            && **own == *first
        {
            out.insert(rest.clone(), column.clone(), TextRange::default()).ok()?;
        }
    }
    (!out.entries().is_empty()).then_some(out)
}
