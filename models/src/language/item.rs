//! What an expression of a model file evaluates to.
//!
//! Containers are values: they are shared until one is changed, and a container that is known under two names is never
//! changed (that would show under both in Python).

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::error::{Fault, Outcome, fault};
use super::evaluate::{Instance, Stream, Which};
use super::functions::{
    Change, Curve, Derivation, Differential, Family, Frozen, Function, Gaussian, Joint, Module, Partial,
};
use super::limits::DEPTH;
use crate::distributions::Entry;

/// A value of the evaluator.
#[derive(Clone, Debug)]
pub(super) enum Item {
    None,
    Ellipsis,
    /// `start:stop:step` apart from what it takes elements of.
    Slice {
        start: Option<i64>,
        stop: Option<i64>,
        step: i64,
    },
    /// Numbers and arrays, known or part of the program.
    Number(Value),
    /// Numbers of a data frame's column: an array whose `std` and `var` divide by n - 1.
    Series(Value),
    Text(Rc<str>),
    /// A column of texts.
    Texts(Arc<[String]>),
    List(Rc<Sequence>),
    Tuple(Rc<Sequence>),
    Dict(Rc<Dict>),
    /// A data frame: a dictionary of columns.
    Table(Rc<Dict>),
    Range {
        start: i64,
        step: i64,
        count: usize,
    },
    /// Labels and the number of each element's label (-1 for none).
    Categorical(Rc<Categorical>),
    /// Numbers with labels, as counts of groups: `.index` and `.values`.
    Labelled(Rc<Labelled>),
    /// A column of texts, categories or spans of time whose rows have labels.
    Indexed(Rc<Indexed>),
    /// `.loc`, `.iloc`
    Locator(Rc<Locator>),
    /// A table, or a column of it, in groups.
    Grouped(Rc<Grouped>),
    Module(Module),
    Function(Function),
    /// A function that the file defines, by number.
    Defined(usize),
    /// A class that the file defines, by number.
    Class(usize),
    /// An object of such a class.
    Object(Instance),
    /// A function that the file defines, by number, with its first argument.
    Bound(Rc<(Item, usize)>),
    /// A method of a container or a text, which is not called yet.
    Method(Rc<(Item, Rc<str>)>),
    /// `int`, `np.float64` and so on.
    Type(Kind),
    /// `str` as a type.
    TextType,
    Distribution(&'static Entry),
    /// A distribution without a name, such as a component of a mixture.
    Component(Rc<dyn crate::Distribution>),
    /// A draw that is made of draws, and is a distribution once these have values.
    Conditional(Rc<Derivation>),
    /// What a loop draws turn by turn: the log density of every turn at the values that are asked for.
    Looped(Value),
    Transform(Change),
    /// A distribution of `scipy.stats`, and one with parameters.
    Family(&'static Family),
    Frozen(Rc<Frozen>),
    /// `stats.multivariate_normal(mean, cov)`
    Joint(Rc<Joint>),
    /// A function of data that is made of polynomials.
    Curve(Rc<Curve>),
    /// What `namedtuple` makes: the names of the items of tuples.
    Fields(Rc<[Rc<str>]>),
    /// `functools.partial(function, ...)`
    Partial(Rc<Partial>),
    /// Spans of time in seconds: one, or a column of them.
    Span(Value),
    /// Something of a Gaussian process.
    Gaussian(Rc<Gaussian>),
    /// A differential equation, or its solution.
    Differential(Rc<Differential>),
    /// A generator of random numbers.
    Generator(Stream),
    Model(Which),
    /// Something imported that model files do not know.
    Foreign(Rc<str>),
    /// What a statement that was passed over, or is wrong, would have defined.
    Unusable(Rc<Fault>),
    /// A list, a dictionary or a table that another place has while it is changed, by number.
    Moved(usize),
}

/// Items in order, and how deep containers are nested.
#[derive(Clone, Debug, Default)]
pub(super) struct Sequence {
    /// The items, which are made of `numbers` when they are first asked for.
    items: OnceCell<Vec<Item>>,
    /// The numbers of a list of nothing else, or of lists of one shape, as long as nobody changes it; a missing number
    /// is `None` as an item.
    numbers: Option<Value>,
    depth: usize,
    /// The names of a named tuple's items.
    names: Option<Rc<[Rc<str>]>>,
    /// Whether it is a set, whose items differ.
    is_set: bool,
}

/// Labels and codes of a column.
#[derive(Debug)]
pub(super) struct Categorical {
    pub(super) codes: Value,
    pub(super) categories: Item,
}

/// The index of a table in the sense of pandas.
#[derive(Debug)]
pub(super) struct RowLabels {
    /// Names of the columns that the labels are of.
    pub(super) names: Vec<Rc<str>>,
    /// A label for each row; tuples where there are several columns.
    pub(super) labels: Item,
    /// The categories of those columns that have some.
    pub(super) categories: Vec<Option<Item>>,
}

impl RowLabels {
    pub(super) fn new(names: Vec<Rc<str>>, labels: Item) -> Self {
        Self { names, labels, categories: Vec::new() }
    }
}

/// Numbers with a label each.
#[derive(Debug)]
pub(super) struct Labelled {
    pub(super) rows: Rc<RowLabels>,
    pub(super) name: Rc<str>,
    pub(super) values: Value,
}

/// A column that holds no numbers, with the labels of its rows.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) rows: Rc<RowLabels>,
    pub(super) name: Rc<str>,
    pub(super) column: Item,
}

/// What `.loc` and `.iloc` index.
#[derive(Debug)]
pub(super) struct Locator {
    pub(super) owner: Item,
    /// Whether rows are named by their labels, as `.loc` does, or counted.
    pub(super) by_label: bool,
}

/// `table.groupby(keys)`, perhaps with columns chosen.
#[derive(Debug)]
pub(super) struct Grouped {
    /// The columns that are summarised.
    pub(super) columns: Rc<Dict>,
    /// All columns, the keys among them, which can be chosen too.
    pub(super) whole: Rc<Dict>,
    /// Whether one column alone was chosen.
    pub(super) single: bool,
    /// Number of each row's group, from 0.
    pub(super) codes: Vec<usize>,
    /// A label for each group.
    pub(super) rows: Rc<RowLabels>,
    /// Whether the keys are columns of the result instead of its row labels.
    pub(super) flat: bool,
    /// The labels of all rows, where some are in no group.
    pub(super) all: Option<Item>,
    /// Whether the keys are a list, so that the label of a group is a tuple.
    pub(super) listed: bool,
}

/// A key of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Text(Rc<str>),
    /// Bits of a number; those of 1, 1.0 and True are the same.
    Number(u64),
    Tuple(Rc<[Key]>),
    None,
    /// An item that is equal to itself alone.
    Same(Identity),
}

/// A draw, or an array that has no name.
#[derive(Clone, Debug)]
pub(super) struct Identity(pub(super) Item);

impl Identity {
    /// Where the item is in memory.
    fn address(&self) -> usize {
        match &self.0 {
            Item::Component(draw) => Rc::as_ptr(draw).addr(),
            Item::Conditional(derivation) => Rc::as_ptr(derivation).addr(),
            Item::Number(value) => value.address(),
            _ => 0,
        }
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Item::Number(a), Item::Number(b)) => a.is_same(b),
            (Item::Object(a), Item::Object(b)) => a == b,
            (a, b) => {
                std::mem::discriminant(a) == std::mem::discriminant(b) && self.address() == other.address()
            }
        }
    }
}

impl Eq for Identity {}

impl Hash for Identity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

/// A dictionary in order of insertion.
#[derive(Clone, Debug, Default)]
pub(super) struct Dict {
    entries: Vec<(Key, Item)>,
    index: HashMap<Key, usize>,
    depth: usize,
    /// What stands for an entry that is not there, of `defaultdict` and `Counter`.
    pub(super) missing: Option<Item>,
    /// Labels of a table's rows, where they have other ones than 0, 1, 2, ...
    pub(super) labels: Option<Rc<RowLabels>>,
}

/// The items of a list of numbers, or of lists of them.
fn items_of(numbers: &Value) -> Vec<Item> {
    let Some(all) = numbers.as_data() else { return Vec::new() };
    let (count, kind) = (numbers.shape()[0], numbers.kind());
    if numbers.rank() == 1 {
        let item = |x: &f64| match x.is_nan() {
            true => Item::None,
            false => Item::Number(Value::data(vec![*x], vec![], kind)),
        };
        return all.iter().map(item).collect();
    }
    let inner = &numbers.shape()[1..];
    let width: usize = inner.iter().product();
    let row = |k: usize| Value::data(all[k * width..(k + 1) * width].to_vec(), inner.to_vec(), kind);
    (0..count).map(|k| Item::List(Sequence::of_numbers(row(k)))).collect()
}

fn depth_above<'i>(items: impl IntoIterator<Item = &'i Item>, range: TextRange) -> Outcome<usize> {
    let depth = 1 + items.into_iter().map(Item::depth).max().unwrap_or(0);
    if depth > DEPTH { fault(range, format!("lists are nested more than {DEPTH} deep")) } else { Ok(depth) }
}

impl Sequence {
    pub(super) fn new(items: Vec<Item>, range: TextRange) -> Outcome<Rc<Self>> {
        Ok(Rc::new(Self::of(items, range)?))
    }

    /// The sequence itself.
    pub(super) fn of(items: Vec<Item>, range: TextRange) -> Outcome<Self> {
        let depth = depth_above(&items, range)?;
        Ok(Self { items: items.into(), depth, ..Self::default() })
    }

    /// A list of known numbers, or of lists of them.
    pub(super) fn of_numbers(numbers: Value) -> Rc<Self> {
        Rc::new(Self { depth: numbers.rank(), numbers: Some(numbers), ..Self::default() })
    }

    /// The numbers that it is known to be made of.
    pub(super) fn numbers(&self) -> Option<&Value> {
        self.numbers.as_ref()
    }

    /// How many items there are.
    pub(super) fn count(&self) -> usize {
        self.numbers.as_ref().map_or_else(|| self.items().len(), |numbers| numbers.shape()[0])
    }

    /// The items, to be changed.
    fn own_items(&mut self) -> &mut Vec<Item> {
        self.items();
        self.numbers = None;
        self.items.get_mut().expect("the items were made")
    }

    /// A set of items that differ.
    pub(super) fn set(items: Vec<Item>, range: TextRange) -> Outcome<Rc<Self>> {
        Ok(Rc::new(Self { is_set: true, ..Self::of(items, range)? }))
    }

    pub(super) fn is_set(&self) -> bool {
        self.is_set
    }

    /// The sequence as one whose items have names.
    pub(super) fn with_names(self, names: Rc<[Rc<str>]>) -> Self {
        Self { names: Some(names), ..self }
    }

    /// The sequence with the names of another.
    pub(super) fn named_as(self, other: &Self) -> Self {
        Self { names: other.names.clone(), ..self }
    }

    /// The item of a name.
    pub(super) fn named(&self, name: &str) -> Option<&Item> {
        let place = self.names.as_ref()?.iter().position(|known| **known == *name)?;
        self.items().get(place)
    }

    pub(super) fn into_items(mut self) -> Vec<Item> {
        std::mem::take(self.own_items())
    }

    pub(super) fn items(&self) -> &[Item] {
        self.items.get_or_init(|| self.numbers.as_ref().map(items_of).unwrap_or_default())
    }

    pub(super) fn push(&mut self, item: Item, range: TextRange) -> Outcome<()> {
        self.depth = self.depth.max(depth_above([&item], range)?);
        self.own_items().push(item);
        Ok(())
    }

    /// Puts other items where some are.
    pub(super) fn splice(
        &mut self,
        places: std::ops::Range<usize>,
        items: Vec<Item>,
        range: TextRange,
    ) -> Outcome<()> {
        self.depth = self.depth.max(depth_above(&items, range)?);
        self.own_items().splice(places, items);
        Ok(())
    }

    /// The items, to be changed to such as are no deeper.
    pub(super) fn items_mut(&mut self) -> impl Iterator<Item = &mut Item> {
        self.own_items().iter_mut()
    }

    /// The item at an index as Python counts, from the end when negative.
    pub(super) fn item_mut(&mut self, index: f64) -> Option<&mut Item> {
        let place = if index < 0.0 { index + self.count() as f64 } else { index };
        let is_whole = place >= 0.0 && place.fract() == 0.0;
        if is_whole { self.own_items().get_mut(place as usize) } else { None }
    }

    pub(super) fn replace(&mut self, index: i64, item: Item, range: TextRange) -> Outcome<()> {
        self.depth = self.depth.max(depth_above([&item], range)?);
        let count = self.count();
        match self.item_mut(index as f64) {
            Some(place) => {
                *place = item;
                Ok(())
            }
            None => fault(range, format!("index {index} is out of range for {count} items")),
        }
    }
}

impl Key {
    /// The item that the key was made of.
    pub(super) fn item(&self) -> Item {
        match self {
            Key::None => Item::None,
            Key::Tuple(parts) => {
                let items: Vec<Item> = parts.iter().map(Key::item).collect();
                let depth = 1 + items.iter().map(Item::depth).max().unwrap_or(0);
                Item::Tuple(Rc::new(Sequence { items: items.into(), depth, ..Sequence::default() }))
            }
            Key::Text(text) => Item::Text(text.clone()),
            Key::Same(Identity(item)) => item.clone(),
            Key::Number(bits) => {
                let x = f64::from_bits(*bits);
                let kind = if x.fract() == 0.0 { Kind::Int } else { Kind::Float };
                Item::Number(Value::data(vec![x], vec![], kind))
            }
        }
    }

    /// As the name of a column.
    pub(super) fn label(&self) -> String {
        match self {
            Key::Text(text) => text.to_string(),
            other => other.display(),
        }
    }

    /// As it is written in Python.
    pub(super) fn display(&self) -> String {
        match self {
            Key::Text(text) => format!("\"{text}\""),
            Key::Same(Identity(item)) => item.describe(),
            Key::None => "None".into(),
            Key::Tuple(parts) => {
                let parts: Vec<String> = parts.iter().map(Key::display).collect();
                format!("({})", parts.join(", "))
            }
            Key::Number(bits) => f64::from_bits(*bits).to_string(),
        }
    }
}

impl Dict {
    /// A table without columns, whose rows have labels.
    pub(super) fn with_labels(labels: Option<Rc<RowLabels>>) -> Self {
        Self { labels, ..Self::default() }
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Item> {
        self.index.get(key).map(|&i| &self.entries[i].1)
    }

    pub(super) fn get_text(&self, key: &str) -> Option<&Item> {
        self.get(&Key::Text(key.into()))
    }

    pub(super) fn get_mut(&mut self, key: &Key) -> Option<&mut Item> {
        self.index.get(key).map(|&i| &mut self.entries[i].1)
    }

    pub(super) fn insert(&mut self, key: Key, item: Item, range: TextRange) -> Outcome<()> {
        self.depth = self.depth.max(depth_above([&item], range)?);
        match self.index.get(&key) {
            Some(&i) => self.entries[i].1 = item,
            None => {
                self.index.insert(key.clone(), self.entries.len());
                self.entries.push((key, item));
            }
        }
        Ok(())
    }

    /// Removes an entry; whether there was one.
    pub(super) fn remove(&mut self, key: &Key) -> bool {
        let Some(place) = self.index.remove(key) else {
            return false;
        };
        self.entries.remove(place);
        self.index.values_mut().filter(|k| **k > place).for_each(|k| *k -= 1);
        true
    }

    pub(super) fn entries(&self) -> &[(Key, Item)] {
        &self.entries
    }

    /// The items, to be changed to such as are no deeper.
    pub(super) fn items_mut(&mut self) -> impl Iterator<Item = &mut Item> {
        self.entries.iter_mut().map(|(_, item)| item)
    }

    /// The keys that are texts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|(key, _)| match key {
            Key::Text(text) => Some(&**text),
            _ => None,
        })
    }
}

/// Most items that are looked at for another one.
const LOOKED_AT: usize = 100_000;

/// Most items that are looked at where a glance will do.
const GLANCE: usize = 32;

impl Item {
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        Item::Text(text.as_ref().into())
    }

    pub(super) fn truth(truth: bool) -> Self {
        Item::Number(Value::data(vec![f64::from(truth)], vec![], Kind::Bool))
    }

    pub(super) fn integer(x: i64) -> Self {
        Item::Number(Value::from(x))
    }

    /// Numbers under the name `Series` or not.
    pub(super) fn numbers(value: Value, series: bool) -> Self {
        if series && value.rank() == 1 && value.as_data().is_some() {
            Item::Series(value)
        } else {
            Item::Number(value)
        }
    }

    pub(super) fn is_series(&self) -> bool {
        matches!(self, Item::Series(_) | Item::Labelled(_))
    }

    /// The column itself, without the labels of its rows.
    pub(super) fn bare(&self) -> &Item {
        match self {
            Item::Indexed(indexed) => &indexed.column,
            other => other,
        }
    }

    /// The column as a table keeps it, which has the labels of its rows itself.
    pub(super) fn unlabelled(&self) -> Item {
        match self {
            Item::Labelled(labelled) => Item::Series(labelled.values.clone()),
            other => other.bare().clone(),
        }
    }

    /// The labels that the rows of a column have, where it keeps some.
    pub(super) fn rows(&self) -> Option<&Rc<RowLabels>> {
        match self {
            Item::Labelled(labelled) => Some(&labelled.rows),
            Item::Indexed(indexed) => Some(&indexed.rows),
            _ => None,
        }
    }

    /// The numbers of a number or an array.
    pub(super) fn as_value(&self) -> Option<&Value> {
        match self {
            Item::Number(value) | Item::Series(value) => Some(value),
            Item::Labelled(labelled) => Some(&labelled.values),
            _ => None,
        }
    }

    /// Whether it is an array in NumPy's sense, rather than a Python number, text or container.
    pub(super) fn is_array(&self) -> bool {
        match self {
            Item::Number(value) => value.rank() > 0 || value.is_random(),
            Item::Series(_) | Item::Texts(_) | Item::Labelled(_) | Item::Indexed(_) => true,
            _ => false,
        }
    }

    /// The item, or why it is none.
    pub(super) fn usable(self) -> Outcome<Self> {
        match self {
            Item::Unusable(why) => Err(Box::new((*why).clone())),
            item => Ok(item),
        }
    }

    /// Whether it is a container or an array that `item` is too, and that changes under both names, or holds it. That
    /// of which too much would be looked at counts as such a container.
    pub(super) fn holds(&self, item: &Self, looked_at: &mut usize) -> bool {
        *looked_at += 1;
        match (self, item) {
            _ if *looked_at > LOOKED_AT => true,
            (Item::List(a) | Item::Tuple(a), Item::List(b) | Item::Tuple(b)) if Rc::ptr_eq(a, b) => true,
            (Item::Dict(a) | Item::Table(a), Item::Dict(b) | Item::Table(b)) if Rc::ptr_eq(a, b) => true,
            (Item::Number(a) | Item::Series(a), Item::Number(b) | Item::Series(b)) => {
                a.rank() > 0 && matches!((a.as_data(), b.as_data()), (Some(a), Some(b)) if Arc::ptr_eq(a, b))
            }
            (Item::List(items), _) if items.numbers().is_some() => false,
            (Item::List(items) | Item::Tuple(items), _) => {
                items.items().iter().any(|own| own.holds(item, looked_at))
            }
            (Item::Dict(dict) | Item::Table(dict), _) => {
                dict.entries().iter().any(|(_, own)| own.holds(item, looked_at))
            }
            _ => false,
        }
    }

    /// Whether it depends on parameters of a model, or is seen to hold what does.
    pub(super) fn is_random(&self) -> bool {
        let mut next = vec![self];
        for _ in 0..GLANCE {
            match next.pop() {
                None => return false,
                Some(Item::Number(value) | Item::Series(value)) if value.is_random() => return true,
                Some(Item::List(items)) if items.numbers().is_some() => {}
                Some(Item::List(items) | Item::Tuple(items)) => {
                    next.extend(items.items().iter().take(GLANCE))
                }
                Some(Item::Dict(dict) | Item::Table(dict)) => {
                    next.extend(dict.entries().iter().take(GLANCE).map(|(_, item)| item));
                }
                Some(_) => {}
            }
        }
        false
    }

    /// Whether it can be called with data.
    pub(super) fn is_callable(&self) -> bool {
        matches!(
            self,
            Item::Function(_)
                | Item::Defined(_)
                | Item::Bound(_)
                | Item::Method(_)
                | Item::Class(_)
                | Item::Type(_)
                | Item::TextType
                | Item::Curve(_)
                | Item::Partial(_)
                | Item::Fields(_)
        )
    }

    /// Whether it is a function, class or object of the file, which its evaluation alone knows.
    pub(super) fn is_of_file(&self) -> bool {
        match self {
            Item::Defined(_) | Item::Bound(_) | Item::Class(_) | Item::Object(_) => true,
            Item::Partial(partial) => partial.function.is_of_file(),
            _ => false,
        }
    }

    /// How deep containers are nested in it.
    pub(super) fn depth(&self) -> usize {
        match self {
            Item::List(sequence) | Item::Tuple(sequence) => sequence.depth.max(1),
            Item::Dict(dict) | Item::Table(dict) => dict.depth.max(1),
            Item::Conditional(derivation) => derivation.depth(),
            _ => 0,
        }
    }

    /// Notes that something inside of a container, which has one name only, is going to be deeper.
    pub(super) fn deepen(&mut self, depth: usize, range: TextRange) -> Outcome<()> {
        if depth > DEPTH {
            return fault(range, format!("lists are nested more than {DEPTH} deep"));
        }
        self.be_as_deep_as(depth);
        Ok(())
    }

    /// Notes how deep a container, which has one name only, is at least.
    pub(super) fn be_as_deep_as(&mut self, depth: usize) {
        match self {
            Item::List(sequence) | Item::Tuple(sequence) => {
                if let Some(sequence) = Rc::get_mut(sequence) {
                    sequence.depth = sequence.depth.max(depth);
                }
            }
            Item::Dict(dict) | Item::Table(dict) => {
                if let Some(dict) = Rc::get_mut(dict) {
                    dict.depth = dict.depth.max(depth);
                }
            }
            _ => {}
        }
    }

    /// Elements that an operation on the item may go through.
    pub(super) fn size(&self) -> usize {
        match self {
            Item::Number(value) | Item::Series(value) => value.len(),
            Item::Text(text) => text.len(),
            Item::Texts(texts) => texts.len(),
            Item::List(sequence) | Item::Tuple(sequence) => sequence.count(),
            Item::Dict(dict) | Item::Table(dict) => dict.entries.len(),
            Item::Categorical(categorical) => categorical.codes.len(),
            Item::Labelled(labelled) => labelled.values.len(),
            Item::Indexed(indexed) => indexed.column.size(),
            Item::Range { count, .. } => *count,
            Item::Span(span) => span.len(),
            Item::Frozen(frozen) => frozen.size(),
            _ => 1,
        }
    }

    /// What it is, for messages.
    pub(super) fn describe(&self) -> String {
        match self {
            Item::None => "None".into(),
            Item::Ellipsis => "`...`".into(),
            Item::Slice { .. } => "a slice".into(),
            Item::Number(value) | Item::Series(value) => {
                let kind = match value.kind() {
                    Kind::Bool => "truth value",
                    Kind::Int => "whole number",
                    Kind::Float => "number",
                };
                let what = match value.rank() {
                    0 => format!("a {kind}"),
                    _ => format!("an array of {kind}s of shape {}", shape::display(value.shape())),
                };
                if value.is_random() {
                    format!("{what} that depends on the model's parameters")
                } else {
                    what
                }
            }
            Item::Text(text) if text.len() <= 40 => format!("the text \"{text}\""),
            Item::Text(_) => "a text".into(),
            Item::Texts(texts) => format!("an array of {} texts", texts.len()),
            Item::List(sequence) if sequence.is_set => format!("a set of {}", sequence.count()),
            Item::List(sequence) => format!("a list of {}", sequence.count()),
            Item::Tuple(sequence) => format!("a tuple of {}", sequence.count()),
            Item::Dict(_) => "a dictionary".into(),
            Item::Table(dict) => format!("a table of {} columns", dict.entries.len()),
            Item::Range { .. } => "a range".into(),
            Item::Categorical(_) => "a categorical column".into(),
            Item::Labelled(labelled) => format!("a column of {} numbers with labels", labelled.values.len()),
            Item::Indexed(indexed) => indexed.column.describe(),
            Item::Locator(_) => "`.loc`, which needs an index".into(),
            Item::Grouped(grouped) => format!("a table in {} groups", grouped.rows.labels.size()),
            Item::Module(module) => format!("the module `{}`", module.name()),
            Item::Function(function) => format!("the function `{}`", function.name()),
            Item::Defined(_) => "a function".into(),
            Item::Class(_) => "a class".into(),
            Item::Object(_) => "an object".into(),
            Item::Bound(_) => "a method".into(),
            Item::Method(method) => format!("the method `.{}`", method.1),
            Item::Type(_) | Item::TextType => "a type".into(),
            Item::Distribution(entry) => format!("the distribution `pm.{}`", entry.name),
            Item::Component(distribution) => format!("a {} distribution", distribution.name()),
            Item::Conditional(_) => {
                "a draw whose parameters are draws, which has a density by `conditional_logp` alone".into()
            }
            Item::Looped(_) => {
                "what a loop draws, whose density is known of all of it as it is: return it unchanged".into()
            }
            Item::Transform(_) => "a transform".into(),
            Item::Family(family) => format!("the distributions `scipy.stats.{}`", family.name),
            Item::Frozen(frozen) => format!("a distribution `scipy.stats.{}`", frozen.family.name),
            Item::Joint(_) => "a distribution `scipy.stats.multivariate_normal`".into(),
            Item::Curve(_) => "a curve".into(),
            Item::Fields(_) => "a function that makes named tuples".into(),
            Item::Partial(_) => "a function with some of its arguments".into(),
            Item::Span(span) => format!("{} spans of time", span.len()),
            Item::Gaussian(part) => part.describe().into(),
            Item::Differential(part) => part.describe().into(),
            Item::Generator(_) => "a generator of random numbers".into(),
            Item::Model(_) => "the model".into(),
            Item::Foreign(name) => format!("`{name}`, which model files do not know"),
            Item::Unusable(_) | Item::Moved(_) => "something that was passed over".into(),
        }
    }
}
