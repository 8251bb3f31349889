//! Changing containers and arrays: `list.append(x)`, `table["name"] = x`, `x[mask] = 0`, `del d["name"]`.
//!
//! Containers and arrays are values here, while they are shared objects in Python: what the other names of what is
//! changed have afterwards is settled in `aliases.rs` and `views.rs`.

use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::{Expr, ExprAttribute, ExprCall, ExprSubscript, StmtAugAssign};
use ruff_text_size::{Ranged, TextRange};

use super::{Evaluator, Stream};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::functions::{self, Labels, set_methods};
use crate::language::item::{Dict, Item, Key, RowLabels, Sequence};

pub(super) const SHARED: &str = "this would change a list, table or array that has another name too (or is being looped over), \
                      which is not supported: make a new one instead, with `.copy()` for example";

/// Methods that change a list, and those that change a dictionary.
const OF_LISTS: &[&str] = &["append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"];
const OF_DICTIONARIES: &[&str] = &["update", "pop", "setdefault", "clear", "popitem", "move_to_end"];

impl<'a> Evaluator<'a> {
    /// A call that changes what it belongs to, such as `x.append(y)`; `None` for other calls.
    pub(super) fn change(&mut self, call: &'a ExprCall) -> Outcome<Option<Item>> {
        let Expr::Attribute(method) = &*call.func else {
            return Ok(None);
        };
        let name = method.attr.as_str();
        if name == "shuffle"
            && let Some(item) = self.shuffle(method, call)?
        {
            return Ok(Some(item));
        }
        if name == "at"
            && let Item::Function(function) = self.expression(&method.value)?
        {
            return self.accumulate_at(function, call).map(Some);
        }
        if name == "fill_diagonal"
            && let Item::Module(functions::Module::NumPy) = self.expression(&method.value)?
        {
            return self.fill_diagonal(call).map(Some);
        }
        let in_place =
            call.arguments.keywords.iter().any(|k| k.arg.as_ref().is_some_and(|a| a.as_str() == "inplace"));
        let of_containers = [OF_LISTS, OF_DICTIONARIES, set_methods::CHANGING];
        if !in_place && name != "fill" && !of_containers.iter().any(|names| names.contains(&name)) {
            return Ok(None);
        }
        self.own_table(&method.value)?;
        match self.expression(&method.value)? {
            Item::Dict(dict) if name == "update" && dict.missing.is_some() => fault(
                call.range(),
                "a dictionary with a default is not updated here: count all items at once, or assign its entries",
            ),
            Item::List(set) if set.is_set() && set_methods::CHANGING.contains(&name) => {
                drop(set);
                self.change_set(method, call).map(Some)
            }
            Item::List(list) if OF_LISTS.contains(&name) => {
                drop(list);
                self.change_list(method, call).map(Some)
            }
            Item::Dict(dict) if OF_DICTIONARIES.contains(&name) => {
                drop(dict);
                self.change_dictionary(method, call).map(Some)
            }
            Item::Table(table) if matches!(name, "insert" | "pop") => {
                self.change_columns(method, call, table).map(Some)
            }
            owner @ Item::Table(_) if in_place => self.change_table(method, call, owner).map(Some),
            Item::Number(value) if name == "sort" && value.rank() > 0 => {
                drop(value);
                self.sort_array(method, call).map(Some)
            }
            Item::Number(value) if name == "fill" && value.rank() > 0 => {
                self.fill_array(method, call, value).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `rng.shuffle(x)` and `np.random.shuffle(x)`
    fn shuffle(&mut self, method: &'a ExprAttribute, call: &'a ExprCall) -> Outcome<Option<Item>> {
        let stream = match self.expression(&method.value)? {
            Item::Generator(stream) => stream,
            Item::Module(functions::Module::Random) => Stream::GLOBAL,
            _ => return Ok(None),
        };
        let [Expr::Name(_) | Expr::Subscript(_)] = &*call.arguments.args else {
            return fault(call.range(), "`shuffle` takes one argument here, which has a name");
        };
        let target = &call.arguments.args[0];
        let given = self.arguments(call, ".shuffle".to_owned(), false)?;
        let [x] = given.bind(["x"])?;
        let shuffled = functions::shuffled(self, stream, given.required(x, "x")?)?;
        drop(given);
        self.put(target, shuffled)?;
        Ok(Some(Item::None))
    }

    fn change_set(&mut self, method: &'a ExprAttribute, call: &'a ExprCall) -> Outcome<Item> {
        let (range, name) = (call.range(), method.attr.as_str());
        let call = self.arguments(call, format!(".{name}"), false)?;
        let Item::List(place) = self.place(&method.value, 1)? else {
            return fault(range, "only a set can be changed like this");
        };
        if Rc::get_mut(place).is_none() {
            return fault(range, SHARED);
        }
        let before = place.clone();
        let (after, result) = set_methods::changed(self, &before, name, &call)?;
        drop(before);
        self.put(&method.value, Item::List(after))?;
        Ok(result)
    }

    fn change_list(&mut self, method: &'a ExprAttribute, call: &'a ExprCall) -> Outcome<Item> {
        let (range, name) = (call.range(), method.attr.as_str());
        let call = self.arguments(call, format!(".{name}"), false)?;
        let (mut inserted, mut at) = (Vec::new(), None);
        match name {
            "append" => {
                let [item] = call.bind(["object"])?;
                inserted.push(call.required(item, "object")?.item.clone());
            }
            "extend" => {
                let [items] = call.bind(["iterable"])?;
                let items = call.required(items, "iterable")?;
                inserted = self.iterate(&items.item, items.range)?;
            }
            "insert" => {
                let [place, item] = call.bind(["index", "object"])?;
                let place = call.required(place, "index")?;
                at = Some(self.integer(&place.item, "a place in a list", place.range)?);
                inserted.push(call.required(item, "object")?.item.clone());
            }
            "pop" => {
                let [place] = call.bind(["index"])?;
                at = Some(match place {
                    Some(place) => self.integer(&place.item, "a place in a list", place.range)?,
                    None => -1,
                });
            }
            _ => {}
        }
        let depth = inserted.iter().map(Item::depth).max().unwrap_or(0);
        let is_inside = self.frame.is_some();
        let Item::List(list) = self.place(&method.value, depth)? else {
            return fault(range, "only a list can be changed like this");
        };
        let Some(list) = Rc::get_mut(list) else {
            return Err(shared(range, is_inside));
        };
        if let "append" | "extend" = name {
            inserted.into_iter().try_for_each(|item| list.push(item, range))?;
            return Ok(Item::None);
        }
        let mut items = std::mem::take(list).into_items();
        let count = items.len() as i64;
        let place = at.map(|at| if at < 0 { at + count } else { at });
        let mut result = Item::None;
        match (name, place) {
            ("pop", Some(place)) if (0..count).contains(&place) => result = items.remove(place as usize),
            ("pop", _) => {
                return fault(range, format!("there is nothing at that place of a list of {count}"));
            }
            ("insert", Some(place)) => {
                let place = place.clamp(0, count) as usize;
                items.splice(place..place, inserted);
            }
            ("clear", _) => items.clear(),
            ("reverse", _) => items.reverse(),
            ("remove" | "sort", _) => {
                let whole = Item::List(Sequence::new(items, range)?);
                let changed = match name {
                    "sort" => functions::sorted(self, &call.with_receiver(whole))?,
                    _ => self.without(&whole, &call)?,
                };
                return self.put(&method.value, changed).map(|()| Item::None);
            }
            _ => {}
        }
        *list = Sequence::of(items, range)?;
        self.budget.work(count as usize, range)?;
        Ok(result)
    }

    /// A list without the first item that equals the call's argument.
    fn without(&mut self, list: &Item, call: &super::Call) -> Outcome<Item> {
        let [wanted] = call.bind(["value"])?;
        let wanted = call.required(wanted, "value")?;
        let mut items = self.iterate(list, call.range)?;
        for k in 0..items.len() {
            if self.equal(&items[k], &wanted.item, call.range)? {
                items.remove(k);
                return Ok(Item::List(Sequence::new(items, call.range)?));
            }
        }
        fault(wanted.range, format!("{} is not in the list", wanted.item.describe()))
    }

    fn change_dictionary(&mut self, method: &'a ExprAttribute, call: &'a ExprCall) -> Outcome<Item> {
        let (range, name) = (call.range(), method.attr.as_str());
        let call = self.arguments(call, format!(".{name}"), false)?;
        if name == "update" {
            let Item::Dict(more) = functions::dictionary(self, &call)? else {
                return Ok(Item::None);
            };
            let dict = self.dictionary_at(&method.value, Item::Dict(more.clone()).depth(), range)?;
            for (key, item) in more.entries() {
                dict.insert(key.clone(), item.clone(), range)?;
            }
            return Ok(Item::None);
        }
        if name == "clear" {
            *self.dictionary_at(&method.value, 0, range)? = Dict::default();
            return Ok(Item::None);
        }
        if name == "popitem" {
            let [] = call.bind([])?;
            let dict = self.dictionary_at(&method.value, 0, range)?;
            let Some((key, item)) = dict.entries().last().cloned() else {
                return fault(range, "the dictionary is empty");
            };
            dict.remove(&key);
            return Ok(Item::Tuple(Sequence::new(vec![key.item(), item], range)?));
        }
        if name == "move_to_end" {
            let [key, last] = call.bind(["key", "last"])?;
            let key = call.required(key, "key")?;
            let is_last = last.map_or(Ok(true), |last| self.truth(&last.item, last.range))?;
            let wanted = self.key(&key.item, key.range)?;
            let dict = self.dictionary_at(&method.value, 0, range)?;
            let Some(item) = dict.get(&wanted).cloned() else {
                return fault(key.range, format!("there is no key {}", wanted.display()));
            };
            let others: Vec<(Key, Item)> =
                dict.entries().iter().filter(|(key, _)| *key != wanted).cloned().collect();
            for (key, _) in &others {
                dict.remove(key);
            }
            if is_last {
                dict.remove(&wanted);
            }
            let back = others.into_iter().chain(is_last.then_some((wanted, item)));
            back.into_iter().try_for_each(|(key, item)| dict.insert(key, item, range))?;
            return Ok(Item::None);
        }
        let [key, default] = call.bind(["key", "default"])?;
        let key = call.required(key, "key")?;
        let (key, place) = (self.key(&key.item, key.range)?, key.range);
        let default = default.map(|default| default.item.clone());
        let dict = self.dictionary_at(&method.value, default.as_ref().map_or(0, Item::depth), range)?;
        match (name, dict.get(&key).cloned(), default) {
            ("pop", Some(item), _) => {
                dict.remove(&key);
                Ok(item)
            }
            ("pop", None, None) => fault(place, format!("there is no key {}", key.display())),
            ("pop", None, Some(default)) => Ok(default),
            (_, Some(item), _) => Ok(item),
            (_, None, default) => {
                let item = default.unwrap_or(Item::None);
                dict.insert(key, item.clone(), range)?;
                Ok(item)
            }
        }
    }

    fn dictionary_at(&mut self, place: &'a Expr, depth: usize, range: TextRange) -> Outcome<&mut Dict> {
        let is_inside = self.frame.is_some();
        match self.place(place, depth)? {
            Item::Dict(dict) | Item::Table(dict) => Rc::get_mut(dict).ok_or_else(|| shared(range, is_inside)),
            _ => fault(range, "only a dictionary can be changed like this"),
        }
    }

    /// `table.method(..., inplace=True)`: the table becomes what the method gives.
    fn change_table(&mut self, method: &'a ExprAttribute, call: &'a ExprCall, owner: Item) -> Outcome<Item> {
        let name = method.attr.as_str();
        let mut call = self.arguments(call, format!(".{name}"), false)?;
        let wanted = call.keywords.iter().position(|(name, _)| name == "inplace");
        let wanted = wanted.map(|k| call.keywords.remove(k).1);
        let result = functions::method(self, &owner, name, call)?;
        match wanted.map_or(Ok(false), |wanted| self.truth(&wanted.item, wanted.range))? {
            true => {
                drop(owner);
                self.put(&method.value, result)?;
                Ok(Item::None)
            }
            false => Ok(result),
        }
    }

    /// `table.insert(0, "x", column)` and `table.pop("x")`
    fn change_columns(
        &mut self,
        method: &'a ExprAttribute,
        call: &'a ExprCall,
        table: Rc<Dict>,
    ) -> Outcome<Item> {
        let range = call.range();
        let given = self.arguments(call, format!(".{}", method.attr.as_str()), false)?;
        let mut out = Dict::with_labels(table.labels.clone());
        let result = if method.attr.as_str() == "pop" {
            let [column] = given.bind(["item"])?;
            let column = self.text(given.required(column, "item")?, "the name of a column")?;
            let popped = self.labelled_column(&table, &column, range)?;
            out = (*table).clone();
            out.remove(&Key::Text(column));
            popped
        } else {
            let [at, column, value] = given.bind(["loc", "column", "value"])?;
            let (at, column) = (given.required(at, "loc")?, given.required(column, "column")?);
            let new = self.key(&column.item, column.range)?;
            let at = self.integer(&at.item, "the place of a column", at.range)?;
            let count = table.entries().len();
            let place = usize::try_from(at).ok().filter(|place| *place <= count);
            let (Some(place), None) = (place, table.get(&new)) else {
                let message = format!("{} cannot stand at place {at} of {count} columns", new.display());
                return fault(range, message);
            };
            let value = given.required(value, "value")?.item.clone();
            let item = self.new_column(&table, value, range)?;
            let (before, after) = table.entries().split_at(place);
            let own = [(new, item)];
            for (key, column) in before.iter().chain(&own).chain(after) {
                out.insert(key.clone(), column.clone(), range)?;
            }
            Item::None
        };
        drop((table, given));
        self.put(&method.value, Item::Table(Rc::new(out)))?;
        Ok(result)
    }

    /// `list += items`
    pub(super) fn extend(&mut self, assign: &'a StmtAugAssign) -> Outcome<()> {
        let range = assign.range;
        if assign.op != ruff_python_ast::Operator::Add {
            return fault(range, "a list is changed by `+=` alone: write `x = x * n` for `x *= n`");
        }
        let item = self.expression(&assign.value)?;
        let items = self.iterate(&item, assign.value.range())?;
        let depth = items.iter().map(Item::depth).max().unwrap_or(0);
        let Item::List(list) = self.place(&assign.target, depth)? else {
            return fault(range, "only a list can be changed like this");
        };
        let Some(list) = Rc::get_mut(list) else {
            return fault(range, SHARED);
        };
        items.into_iter().try_for_each(|item| list.push(item, range))
    }

    /// `del name`, `del table["name"]`
    pub(super) fn delete(&mut self, target: &'a Expr) -> Outcome<()> {
        match target {
            Expr::Name(name) => {
                self.restore(name.id.as_str(), None);
                Ok(())
            }
            Expr::Subscript(subscript) => {
                self.own_table(&subscript.value)?;
                let key = self.expression(&subscript.slice)?;
                let key = self.key(&key, subscript.slice.range())?;
                match self.dictionary_at(&subscript.value, 0, subscript.range)?.remove(&key) {
                    true => Ok(()),
                    false => Err(missing(subscript.slice.range())),
                }
            }
            other => fault(other.range(), "only names and entries of dictionaries and tables can be deleted"),
        }
    }

    /// Distinct items, as a set holds them: numbers in order, others in order of appearance.
    pub(in crate::language) fn distinct(&mut self, items: Vec<Item>, range: TextRange) -> Outcome<Item> {
        let mut known = std::collections::HashSet::new();
        let mut kept = Vec::new();
        for item in items {
            if known.insert(self.key(&item, range)?) {
                kept.push(item);
            }
        }
        let numbers = kept.iter().all(|item| matches!(item, Item::Number(_)));
        let set = Item::List(Sequence::set(kept, range)?);
        if !numbers {
            return Ok(set);
        }
        let argument = super::Argument { item: set, range };
        let labels = Labels::new(self, &argument)?;
        let items = self.iterate(&labels.take(&functions::order(&labels)), range)?;
        Ok(Item::List(Sequence::set(items, range)?))
    }

    /// A table of the data file becomes one of the model file before it is changed.
    pub(super) fn own_table(&mut self, target: &'a Expr) -> Outcome<()> {
        if let Expr::Name(name) = target
            && self.visible(name.id.as_str()).is_none()
            && let Ok(Item::Table(table)) = self.lookup(name.id.as_str(), name.range)
        {
            self.bind(name.id.as_str(), Item::Table(Rc::new((*table).clone())));
        }
        Ok(())
    }

    /// Puts an item where a name, or an entry of a container, says.
    pub(super) fn put(&mut self, target: &'a Expr, item: Item) -> Outcome<()> {
        let (depth, is_array) = (item.depth(), matches!(&item, Item::Number(array) if array.rank() > 0));
        let is_inside = self.frame.is_some();
        let place = self.place(target, depth)?;
        let is_shared = match place {
            Item::Number(array) if is_array => {
                array.as_data().is_some_and(|numbers| Arc::strong_count(numbers) > 1)
            }
            Item::List(list) => Rc::strong_count(list) > 1,
            _ => false,
        };
        if is_shared {
            return Err(shared(target.range(), is_inside));
        }
        *place = item;
        if is_array { self.carry_over(target) } else { Ok(()) }
    }

    /// `owner[key] = item`
    pub(super) fn assign_subscript(&mut self, target: &'a ExprSubscript, item: Item) -> Outcome<()> {
        let range = target.range;
        if let Expr::Attribute(locator) = &*target.value
            && matches!(locator.attr.as_str(), "loc" | "iloc" | "at" | "iat")
        {
            return self.assign_located(target, locator, item);
        }
        self.own_table(&target.value)?;
        let owner = self.expression(&target.value)?;
        match owner {
            Item::List(_) => {
                drop(owner);
                let key = self.expression(&target.slice)?;
                if let Item::Slice { start, stop, step: 1 } = key {
                    let items = self.iterate(&item, range)?;
                    let depth = item.depth();
                    let Item::List(list) = self.place(&target.value, depth)? else {
                        return fault(range, SHARED);
                    };
                    let Some(list) = Rc::get_mut(list) else { return fault(range, SHARED) };
                    let count = list.count() as i64;
                    let place = |bound: i64| if bound < 0 { bound + count } else { bound }.clamp(0, count);
                    let first = start.map_or(0, place);
                    let last = stop.map_or(count, place).max(first);
                    return list.splice(first as usize..last as usize, items, range);
                }
                let index = self.integer(&key, "the index of a list", target.slice.range())?;
                let is_inside = self.frame.is_some();
                let Item::List(list) = self.place(&target.value, item.depth())? else {
                    return fault(range, SHARED);
                };
                Rc::get_mut(list)
                    .map_or_else(|| Err(shared(range, is_inside)), |list| list.replace(index, item, range))
            }
            Item::Dict(_) => {
                drop(owner);
                let key = self.expression(&target.slice)?;
                let key = self.key(&key, target.slice.range())?;
                self.dictionary_at(&target.value, item.depth(), range)?.insert(key, item, range)
            }
            Item::Table(table) => {
                let key = self.expression(&target.slice)?;
                let columns = self.new_columns(&table, &key, item, range)?;
                drop(table);
                let depth = columns.iter().map(|(_, item)| item.depth()).max().unwrap_or(0);
                let dict = self.dictionary_at(&target.value, depth, range)?;
                columns.into_iter().try_for_each(|(key, item)| dict.insert(key, item, range))
            }
            Item::Number(value) | Item::Series(value) => {
                let (owner, positions) = match &*target.value {
                    Expr::Subscript(_) => self.places_in(target)?,
                    owner => (owner, self.positions(&value, &target.slice, range)?),
                };
                drop(value);
                let place = self.place(owner, 0)?;
                let mut array = std::mem::replace(place, Item::None);
                let outcome = self.assign_elements(&mut array, &positions, &item, range);
                self.put(owner, array)?;
                outcome
            }
            Item::Labelled(column) => {
                let places = self.places_of(&Item::Labelled(column), true, &target.slice)?;
                self.assign_rows(&target.value, &places, &item, range)
            }
            other => {
                if let Item::Object(_) = other {
                    let key = self.expression(&target.slice)?;
                    if self.special(&other, "__setitem__", vec![key, item], range)?.is_some() {
                        return Ok(());
                    }
                }
                fault(range, format!("{} cannot be changed; make a new one", other.describe()))
            }
        }
    }

    /// `table.column = item`, `table.columns = names`, `table.index = labels`
    pub(super) fn assign_attribute(&mut self, target: &'a ExprAttribute, item: Item) -> Outcome<()> {
        let (range, name) = (target.range, target.attr.as_str());
        if let (Expr::Attribute(index), "name", Item::Text(text)) = (&*target.value, name, &item)
            && index.attr.as_str() == "index"
        {
            return self.name_index(&index.value, text, range);
        }
        self.own_table(&target.value)?;
        let owner = self.expression(&target.value)?;
        if let Item::Object(object) = owner {
            self.set_attribute(object, name, item);
            return Ok(());
        }
        if let Item::Class(class) = owner {
            self.set_member(class, name, item);
            return Ok(());
        }
        if let Item::Model(which) = owner {
            self.of_model(which.number, |e| e.made.kept.insert(name.to_owned(), item));
            return Ok(());
        }
        let Item::Table(table) = owner else {
            return fault(
                range,
                "only names, attributes of objects, columns of tables, and entries of dictionaries and lists can be assigned to",
            );
        };
        let mut out = (*table).clone();
        match name {
            "columns" => {
                let names = self.iterate(&item, range)?;
                if names.len() != table.entries().len() {
                    return fault(
                        range,
                        format!("{} names for {} columns", names.len(), table.entries().len()),
                    );
                }
                out = Dict::with_labels(table.labels.clone());
                for (name, (_, column)) in names.iter().zip(table.entries()) {
                    out.insert(self.key(name, range)?, column.clone(), range)?;
                }
            }
            "index" => {
                out.labels =
                    Some(Rc::new(RowLabels::new(Vec::new(), functions::label_item(self, item, range)?)));
                functions::check_rows(&out, range)?;
            }
            name if table.get_text(name).is_some() => {
                let column = self.new_column(&table, item, range)?;
                out.insert(Key::Text(name.into()), column, range)?;
            }
            name => {
                return fault(
                    range,
                    format!("the table has no column `{name}`: a new one is `table[\"{name}\"]`"),
                );
            }
        }
        drop(table);
        self.put(&target.value, Item::Table(Rc::new(out)))
    }

    /// `table.index.name = "name"`
    fn name_index(&mut self, target: &'a Expr, name: &Rc<str>, range: TextRange) -> Outcome<()> {
        self.own_table(target)?;
        let Item::Table(table) = self.expression(target)? else {
            return fault(range, "only the index of a table is given a name");
        };
        let mut out = (*table).clone();
        let labels = functions::row_labels(&table);
        out.labels = Some(Rc::new(RowLabels::new(vec![name.clone()], labels)));
        drop(table);
        self.put(target, Item::Table(Rc::new(out)))
    }

    /// The container at `expression`, to be given an item of some depth.
    pub(super) fn place(&mut self, expression: &'a Expr, item_depth: usize) -> Outcome<&mut Item> {
        let (range, is_inside) = (expression.range(), self.frame.is_some());
        let mut keys = Vec::new();
        let mut root = expression;
        loop {
            let (owner, key) = match root {
                Expr::Subscript(subscript) => (&*subscript.value, &*subscript.slice),
                // `entries.setdefault(key, []).append(item)`: the entry is there once the call was evaluated.
                Expr::Call(call) => match (&*call.func, &*call.arguments.args) {
                    (Expr::Attribute(method), [key, _]) if method.attr.as_str() == "setdefault" => {
                        drop(self.expression(root)?);
                        (&*method.value, key)
                    }
                    _ => break,
                },
                _ => break,
            };
            let item = self.expression(key)?;
            keys.push(self.key(&item, key.range())?);
            root = owner;
        }
        keys.reverse();
        let root = match root {
            Expr::Name(name) => self.root_of_name(name.id.as_str()),
            Expr::Attribute(attribute) => Some(self.root_of_attribute(attribute)?),
            _ => return fault(range, "only what has a name can be changed"),
        };
        let Some(root) = root else {
            let message = "only what was made here can be changed: data of the data file need a `.copy()`";
            return fault(range, message);
        };
        self.make_own(root, &keys, range)?;
        let Some(mut item) = self.at_root(root) else { return Err(missing(range)) };
        keys.reverse();
        while let Some(key) = keys.pop() {
            item.deepen(item_depth + keys.len() + 2, range)?;
            item = match item {
                Item::List(list) | Item::Tuple(list) => match (Rc::get_mut(list), &key) {
                    (None, _) => return Err(shared(range, is_inside)),
                    (Some(list), Key::Number(bits)) => list.item_mut(f64::from_bits(*bits)),
                    (Some(_), _) => None,
                },
                Item::Dict(dict) | Item::Table(dict) => match Rc::get_mut(dict) {
                    None => return Err(shared(range, is_inside)),
                    Some(dict) => dict.get_mut(&key),
                },
                _ => None,
            }
            .ok_or_else(|| missing(range))?;
        }
        Ok(item)
    }
}

/// That something has another name too. In a function that is told wherever it is called: a call that is passed over
/// does not say what it would have changed.
fn shared(range: TextRange, is_inside: bool) -> Box<Fault> {
    let fault = Fault::new(range, SHARED);
    if is_inside { fault.fatal() } else { fault }
}

fn missing(range: TextRange) -> Box<Fault> {
    Fault::new(range, "there is no such entry")
}
