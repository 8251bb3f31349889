//! Other names of what is changed: a list, an array or a table changes under all of them in Python.
//!
//! Items are values here. While a list, a dictionary or a table is changed, all other places that have it hold
//! [`Item::Moved`] instead, and are given it again afterwards. An array that is changed under one name is made that
//! name's own: others may have the same memory without being it, such as those of a copy. What had it too is
//! unusable from then on, which is told where the model needs it.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use chainfire_engine::program::Value;
use ruff_python_ast::Expr;
use ruff_text_size::{Ranged, TextRange};

use super::classes::{Class, Object};
use super::{Evaluator, line_of};
use crate::data::{Dataset, Entry};
use crate::language::error::{Fault, Outcome};
use crate::language::functions;
use crate::language::item::{Item, Key, Labelled, Sequence};
use crate::language::limits::DEPTH;

/// How often the arrays of the data files are held by what is no part of a model file.
pub(super) fn held_by_data(data: &Dataset) -> HashMap<usize, usize> {
    let mut held = HashMap::new();
    let mut entries: Vec<&Entry> =
        data.entries().iter().chain(data.columns()).map(|(_, entry)| entry).collect();
    while let Some(entry) = entries.pop() {
        match entry {
            Entry::Numbers { value, .. } => {
                if let Some(array) = value.as_data() {
                    held.insert(array.as_ptr().addr(), Arc::strong_count(array));
                }
            }
            Entry::Members(members) => entries.extend(members.iter().map(|(_, entry)| entry)),
            Entry::Items(items) => entries.extend(items),
            Entry::Text(_) | Entry::TextColumn { .. } => {}
        }
    }
    held
}

/// Functions of NumPy that give a copy, also where nothing is to be done.
const COPYING: &[&str] = &["array", "copy", "full", "full_like", "nan_to_num", "repeat", "take", "tile"];

/// Items that are looked at in a step.
const LOOKED_AT: usize = 4;

/// A list that a loop goes through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looped<'a> {
    root: Root<'a>,
    /// Whether it is one of `enumerate`.
    is_counted: bool,
}

impl Looped<'_> {
    pub(super) fn is_of(&self, frame: Option<usize>, name: &str) -> bool {
        matches!(self.root, Root::Name(own, known) if own == frame && known == name)
    }
}

/// What a place in a container starts from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Root<'a> {
    /// A name of a call in progress, or of the file.
    Name(Option<usize>, &'a str),
    /// An attribute of an object, by its number.
    Object(usize, &'a str),
    /// A member of a class.
    Class(usize, &'a str),
}

/// A list, a dictionary or a table that only one place has while it is changed.
#[derive(Debug)]
pub(super) struct Moved<'a> {
    root: Root<'a>,
    keys: Vec<Key>,
}

impl<'a> Evaluator<'a> {
    /// Makes unusable what is a container or an array, or holds it.
    pub(super) fn lose_everywhere(&mut self, item: &Item, why: &Rc<Fault>) {
        self.object_changes += 1;
        let mut looked_at = 0;
        self.all_held_mut()
            .filter(|other| other.holds(item, &mut looked_at))
            .for_each(|other| *other = Item::Unusable(why.clone()));
        self.budget.spend(looked_at / LOOKED_AT);
    }

    /// Everything that a file has given a name or has put somewhere.
    fn all_held(&self) -> impl Iterator<Item = &Item> {
        let frames = self.frames.iter().flat_map(|frame| frame.names.values());
        let objects = self.objects.iter().flat_map(Object::holds);
        let classes = self.classes.iter().flat_map(Class::holds);
        let functions = self.functions.iter().filter(|function| Rc::strong_count(&function.defaults) == 1);
        let defaults = functions.flat_map(|function| function.defaults.iter().flatten());
        let all = self.globals.values().chain(frames).chain(objects).chain(classes);
        all.chain(defaults).chain(self.looping.iter().flatten()).chain(self.columns.values())
    }

    fn all_held_mut(&mut self) -> impl Iterator<Item = &mut Item> {
        let frames = self.frames.iter_mut().flat_map(|frame| frame.names.values_mut());
        let objects = self.objects.iter_mut().flat_map(Object::held);
        let classes = self.classes.iter_mut().flat_map(Class::held);
        let all = self.globals.values_mut().chain(frames).chain(objects).chain(classes);
        let functions = self.functions.iter_mut();
        let defaults = functions.filter_map(|function| Rc::get_mut(&mut function.defaults));
        let all = all.chain(defaults.flatten().flatten()).chain(self.looping.iter_mut().flatten());
        all.chain(self.columns.values_mut())
    }

    /// The item at a root.
    pub(super) fn at_root(&mut self, root: Root<'a>) -> Option<&mut Item> {
        match root {
            Root::Name(None, name) => self.globals.get_mut(name),
            Root::Name(Some(frame), name) => self.frames.get_mut(frame)?.names.get_mut(name),
            Root::Object(number, name) => self.objects.get_mut(number)?.attribute_mut(name),
            Root::Class(class, name) => self.classes.get_mut(class)?.member_mut(name),
        }
    }

    /// Sees to it that what is at a place, and what it is in, has one holder while it is changed.
    ///
    /// What is held where it cannot be seen from here stays as it is: changing it is an error.
    pub(super) fn make_own(&mut self, root: Root<'a>, keys: &[Key], range: TextRange) -> Outcome<()> {
        for level in 0..=keys.len() {
            let Some(slot) = self.at_root(root).and_then(|item| follow(item, &keys[..level])) else { break };
            if is_shared(slot) {
                let item = std::mem::replace(slot, Item::None);
                let own = self.alone(item, root, &keys[..level], range);
                if let Some(slot) = self.at_root(root).and_then(|item| follow(item, &keys[..level])) {
                    *slot = own;
                }
            }
            if let Some(key) = keys.get(level) {
                self.add_absent(root, &keys[..level], key, range)?;
            }
        }
        self.budget.steps(1, range)
    }

    /// Gives a dictionary with a default, at a place, the entry that is asked for.
    fn add_absent(&mut self, root: Root<'a>, keys: &[Key], key: &Key, range: TextRange) -> Outcome<()> {
        let absent = match self.at_root(root).and_then(|item| follow(item, keys)) {
            Some(Item::Dict(dict)) if dict.get(key).is_none() => dict.missing.clone(),
            _ => None,
        };
        let Some(absent) = absent else { return Ok(()) };
        let own = functions::deep_copy(self, &absent, range)?;
        if let Some(Item::Dict(dict)) = self.at_root(root).and_then(|item| follow(item, keys))
            && let Some(dict) = Rc::get_mut(dict)
        {
            dict.insert(key.clone(), own, range)?;
        }
        Ok(())
    }

    /// An item that was taken out of its place, with no other holder if that can be.
    fn alone(&mut self, item: Item, root: Root<'a>, keys: &[Key], range: TextRange) -> Item {
        let Some((address, holders)) = memory_of(&item) else { return item };
        let is_copied = !matches!(item, Item::List(_) | Item::Dict(_) | Item::Table(_));
        let mut census = Census::new(address, is_copied);
        self.all_held().for_each(|item| census.count(item));
        let Census { found, looked_at, .. } = census;
        self.budget.spend(looked_at / LOOKED_AT);
        let of_data = self.of_data.get(&address).copied().unwrap_or(0);
        if found + of_data + 1 != holders {
            return item;
        }
        self.note_outer_change();
        let (own, left) = match copied(&item) {
            Some(own) => (own, Item::Unusable(Rc::new(self.changed_elsewhere(root, range)))),
            None => {
                self.moved.push(Moved { root, keys: keys.to_vec() });
                (item, Item::Moved(self.moved.len()))
            }
        };
        self.all_held_mut().for_each(|item| replace(item, address, is_copied, &left));
        own
    }

    /// Gives what was moved to be changed back to all that had it.
    pub(super) fn reunite(&mut self, range: TextRange) -> Outcome<()> {
        let mut outcome = Ok(());
        while let Some(Moved { root, keys }) = self.moved.pop() {
            let number = self.moved.len() + 1;
            let slot = self.at_root(root).and_then(|item| follow(item, &keys));
            let item = slot.map_or(Item::None, |item| item.clone());
            let (mut looked_at, mut depth) = (0, 0);
            for held in self.all_held_mut() {
                depth = depth.max(put_back(held, number, &item, &mut looked_at));
            }
            self.budget.spend(looked_at / LOOKED_AT);
            if depth > DEPTH {
                let fault = Fault::new(range, format!("lists are nested more than {DEPTH} deep"));
                outcome = Err(fault.fatal());
            }
        }
        outcome
    }

    /// The list that a loop goes through, if it has a name: `for x in list`, `for i, x in enumerate(list)`.
    pub(super) fn list_of_loop(&self, iter: &'a Expr, over: &Item) -> Option<Looped<'a>> {
        let (expression, is_counted) = match iter {
            Expr::Call(call) => match (&*call.func, &*call.arguments.args, &*call.arguments.keywords) {
                (Expr::Name(function), [list], []) if function.id.as_str() == "enumerate" => (list, true),
                _ => return None,
            },
            other => (other, false),
        };
        let Expr::Name(name) = expression else { return None };
        let root = self.find_root(name.id.as_str())?;
        let is_list = matches!((over, self.visible(name.id.as_str())), (Item::List(_), Some(Item::List(_))));
        is_list.then_some(Looped { root, is_counted })
    }

    /// The item of the list that the innermost loop goes through, as it is now; `None` where there is no such list, or
    /// its name was given to something else.
    pub(super) fn item_of_loop(&mut self, row: usize, range: TextRange) -> Option<Outcome<Option<Item>>> {
        let looped = (*self.looped.last()?)?;
        let Some(Item::List(list)) = self.at_root(looped.root) else { return None };
        let item = list.items().get(row).cloned();
        Some(match item {
            Some(item) if looped.is_counted => Sequence::new(vec![Item::integer(row as i64), item], range)
                .map(|pair| Some(Item::Tuple(pair))),
            item => Ok(item),
        })
    }

    /// Gives an array to what an expression makes that is a copy in NumPy, and has the memory of another one here.
    pub(super) fn with_own_array(&mut self, expression: &Expr, item: Item) -> Outcome<Item> {
        let is_copy = match expression {
            Expr::UnaryOp(_) => true,
            Expr::Subscript(part) => match &*part.value {
                Expr::Name(name) => matches!(self.visible(name.id.as_str()), Some(Item::Number(_))),
                _ => false,
            },
            Expr::Call(call) => {
                let is_copying = |name: &Expr| matches!(name, Expr::Attribute(function) if COPYING.contains(&function.attr.as_str()));
                // `column.to_numpy(copy=True)`
                let mut keywords = call.arguments.keywords.iter();
                is_copying(&call.func)
                    || keywords.any(|k| {
                        k.arg.as_ref().is_some_and(|name| name.as_str() == "copy")
                            && matches!(&k.value, Expr::BooleanLiteral(copy) if copy.value)
                    })
            }
            _ => false,
        };
        match &item {
            Item::Number(_) if is_copy && is_shared(&item) => {
                self.budget.elements(item.size(), expression.range())?;
                Ok(copied(&item).unwrap_or(item))
            }
            _ => Ok(item),
        }
    }

    fn changed_elsewhere(&self, root: Root<'a>, range: TextRange) -> Fault {
        let line = line_of(self.source, range);
        let (Root::Name(_, name) | Root::Object(_, name) | Root::Class(_, name)) = root;
        let message = format!(
            "line {line} changes this array under its other name `{name}`: give `{name}` a copy of its own there, \
             with `.copy()`"
        );
        *Fault::new(range, message)
    }
}

/// Where the memory of a container or an array is, and how many hold it; `None` of other items.
fn memory_of(item: &Item) -> Option<(usize, usize)> {
    match item {
        Item::List(items) => Some((Rc::as_ptr(items).addr(), Rc::strong_count(items))),
        Item::Dict(dict) | Item::Table(dict) => Some((Rc::as_ptr(dict).addr(), Rc::strong_count(dict))),
        Item::Number(value) | Item::Series(value) if value.rank() > 0 => {
            value.as_data().map(|array| (array.as_ptr().addr(), Arc::strong_count(array)))
        }
        // A column that has labels has one name if it has one itself, and its array too.
        Item::Labelled(column) => {
            let array = column.values.as_data()?;
            Some((array.as_ptr().addr(), Arc::strong_count(array)))
        }
        _ => None,
    }
}

fn is_shared(item: &Item) -> bool {
    memory_of(item).is_some_and(|(_, holders)| holders > 1)
        || matches!(item, Item::Labelled(column) if Rc::strong_count(column) > 1)
}

/// What is in a container under some keys, where all containers on the way have one holder.
fn follow<'i>(item: &'i mut Item, keys: &[Key]) -> Option<&'i mut Item> {
    keys.iter().try_fold(item, |item, key| match (item, key) {
        (Item::List(list) | Item::Tuple(list), Key::Number(bits)) => {
            Rc::get_mut(list)?.item_mut(f64::from_bits(*bits))
        }
        (Item::Dict(dict) | Item::Table(dict), key) => Rc::get_mut(dict)?.get_mut(key),
        _ => None,
    })
}

/// How often some memory is held, and where was looked.
struct Census {
    address: usize,
    /// Whether containers that have several holders themselves are looked into.
    is_copied: bool,
    found: usize,
    looked_at: usize,
    seen: HashSet<usize>,
}

impl Census {
    fn new(address: usize, is_copied: bool) -> Self {
        Self { address, is_copied, found: 0, looked_at: 0, seen: HashSet::new() }
    }

    fn count(&mut self, item: &Item) {
        self.looked_at += 1;
        if let Item::Labelled(column) = item
            && !self.seen.insert(Rc::as_ptr(column).addr())
        {
            return;
        }
        let Some((address, holders)) = memory_of(item) else {
            if let Item::Tuple(items) = item
                && (self.is_copied || Rc::strong_count(items) == 1)
                && self.seen.insert(Rc::as_ptr(items).addr())
            {
                items.items().iter().for_each(|item| self.count(item));
            }
            return;
        };
        if address == self.address {
            self.found += 1;
            return;
        }
        // Containers of what is no container have none of them in it.
        if item.depth() == 0
            || !self.is_copied && (holders > 1 || item.depth() < 2)
            || !self.seen.insert(address)
        {
            return;
        }
        match item {
            Item::List(items) => items.items().iter().for_each(|item| self.count(item)),
            Item::Dict(dict) | Item::Table(dict) => {
                dict.entries().iter().for_each(|(_, item)| self.count(item))
            }
            _ => {}
        }
    }
}

/// A copy of an array or a column; `None` of other items.
fn copied(item: &Item) -> Option<Item> {
    let copy = |value: &Value| match value.as_data() {
        Some(array) => Value::data(array.to_vec(), value.shape(), value.kind()),
        None => value.clone(),
    };
    match item {
        Item::Number(value) => Some(Item::Number(copy(value))),
        Item::Series(value) => Some(Item::Series(copy(value))),
        Item::Labelled(column) => {
            let (rows, name) = (column.rows.clone(), column.name.clone());
            Some(Item::Labelled(Rc::new(Labelled { rows, name, values: copy(&column.values) })))
        }
        _ => None,
    }
}

/// Puts `left` where some memory is held; in place of the whole container where that has several holders.
fn replace(item: &mut Item, address: usize, is_copied: bool, left: &Item) {
    if memory_of(item).is_some_and(|(own, _)| own == address) {
        *item = left.clone();
        return;
    }
    let is_own = match item {
        Item::List(items) | Item::Tuple(items) => Rc::get_mut(items)
            .map(|items| items.items_mut().for_each(|item| replace(item, address, is_copied, left)))
            .is_some(),
        Item::Dict(dict) | Item::Table(dict) => Rc::get_mut(dict)
            .map(|dict| dict.items_mut().for_each(|item| replace(item, address, is_copied, left)))
            .is_some(),
        _ => true,
    };
    if !is_own && is_copied {
        let mut census = Census::new(address, is_copied);
        census.count(item);
        if census.found > 0 {
            *item = left.clone();
        }
    }
}

/// Puts an item back where it was moved from. How deep the containers that hold it are now.
fn put_back(item: &mut Item, number: usize, back: &Item, looked_at: &mut usize) -> usize {
    *looked_at += 1;
    if matches!(item, Item::Moved(own) if *own == number) {
        *item = back.clone();
        return back.depth();
    }
    if item.depth() < 2 {
        return item.depth();
    }
    let mut depth = 0;
    match item {
        Item::List(items) | Item::Tuple(items) => {
            if let Some(items) = Rc::get_mut(items) {
                items.items_mut().for_each(|item| depth = depth.max(put_back(item, number, back, looked_at)));
            }
        }
        Item::Dict(dict) | Item::Table(dict) => {
            if let Some(dict) = Rc::get_mut(dict) {
                dict.items_mut().for_each(|item| depth = depth.max(put_back(item, number, back, looked_at)));
            }
        }
        _ => {}
    }
    item.be_as_deep_as(depth + 1);
    item.depth()
}
