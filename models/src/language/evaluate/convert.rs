//! Items turned to what an operation needs: arrays, integers, shapes, texts, truth values.

use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::Unary;
use ruff_text_size::TextRange;

use super::{Argument, Evaluator};
use crate::data::MISSING_TEXT;
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::functions;
use crate::language::item::{Identity, Item, Key};

/// Most letters of a list in a text.
const LISTED: usize = 10_000;

/// Elements that an array made of a list counts as besides its own.
const LIST: usize = 20;

/// A float as Python writes it: the shortest digits, with an exponent below -4 and from 16 on.
fn written(x: f64) -> String {
    let text = format!("{x:e}");
    match text.split_once('e').and_then(|(digits, power)| Some((digits, power.parse::<i32>().ok()?))) {
        Some((digits, power)) if !(-4..16).contains(&power) => {
            let sign = if power < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", power.abs())
        }
        _ if x.is_nan() => "nan".into(),
        _ => format!("{x:?}"),
    }
}

impl Evaluator<'_> {
    /// The numbers of an argument.
    pub(in crate::language) fn value(&mut self, argument: &Argument) -> Outcome<Value> {
        self.item_value(&argument.item, argument.range)
    }

    /// The numbers of an item: lists become arrays.
    pub(in crate::language) fn item_value(&mut self, item: &Item, range: TextRange) -> Outcome<Value> {
        match item {
            Item::Number(value) | Item::Series(value) => Ok(value.clone()),
            Item::Labelled(labelled) => Ok(labelled.values.clone()),
            Item::List(sequence) if let Some(numbers) = sequence.numbers() => {
                self.budget.elements(numbers.len(), range)?;
                Ok(numbers.clone())
            }
            Item::Indexed(indexed) => self.item_value(&indexed.column, range),
            Item::List(sequence) | Item::Tuple(sequence) => self.list_value(sequence.items(), range),
            Item::Range { start, step, count } => {
                self.budget.elements(*count, range)?;
                let numbers: Vec<f64> = (0..*count as i64).map(|k| (start + k * step) as f64).collect();
                Ok(Value::data(numbers, vec![*count], Kind::Int))
            }
            Item::Table(table) => {
                let columns: Outcome<Vec<Value>> =
                    table.entries().iter().map(|(_, column)| self.item_value(column, range)).collect();
                let columns = columns?;
                self.budget.elements(columns.iter().map(Value::len).sum(), range)?;
                if columns.is_empty() {
                    return fault(range, "the table has no columns");
                }
                self.finish_value(Value::stack(&columns, 1), range)
            }
            Item::Texts(texts) => {
                let (texts, cure) = (self.describe_texts(texts), self.cure_texts(texts));
                let message = format!("{texts} where numbers are needed; {cure}");
                Err(Fault::new(range, message).rule(Rule::TextData).fix(cure))
            }
            Item::Categorical(categorical) if categorical.categories.as_value().is_some() => {
                let labels = functions::Labels::new(self, &Argument { item: item.clone(), range })?;
                let column = labels.take(&(0..labels.len()).collect::<Vec<_>>());
                self.item_value(&column, range)
            }
            Item::Categorical(_) => {
                fault(range, "a categorical column where numbers are needed; use its `.codes`")
            }
            Item::Distribution(entry) => {
                let message = format!("{} where numbers are needed", Item::Distribution(entry).describe());
                let fix = format!("pm.{}.dist(...)", entry.name);
                Err(Fault::new(range, message).rule(Rule::DistributionNeeded).fix(fix))
            }
            Item::Text(text) => {
                let is_known = self.visible(text).is_some() || self.data.get(text).is_some();
                let fault = Fault::new(range, format!("{} where numbers are needed", item.describe()));
                Err(match is_known || text.parse::<f64>().is_ok() {
                    true => fault.fix(format!("write `{text}` without quotes")),
                    false => fault,
                })
            }
            other => match self.special(other, "__array__", Vec::new(), range)? {
                Some(numbers) => self.nested(range, |e| e.item_value(&numbers, range)),
                None => fault(range, format!("{} where numbers are needed", other.describe())),
            },
        }
    }

    fn list_value(&mut self, items: &[Item], range: TextRange) -> Outcome<Value> {
        self.budget.elements(items.len() + LIST, range)?;
        // A number that is missing, as pandas has it.
        let missing = |item: &Item| {
            matches!(item, Item::None) && items.iter().any(|other| matches!(other, Item::Number(_)))
        };
        let values: Outcome<Vec<Value>> = items
            .iter()
            .map(|item| if missing(item) { Ok(f64::NAN.into()) } else { self.item_value(item, range) })
            .collect();
        let values = values?;
        let numbers: Option<Vec<f64>> =
            values.iter().map(|v| v.as_data().filter(|_| v.rank() == 0).map(|x| x[0])).collect();
        if let Some(numbers) = numbers {
            let kind = values.iter().map(Value::kind).max().unwrap_or(Kind::Float);
            return Ok(Value::data(numbers, vec![values.len()], kind));
        }
        if let Some(k) = values.iter().position(|v| v.shape() != values[0].shape()) {
            let (first, other) = (values[0].shape(), values[k].shape());
            return fault(
                range,
                format!("element 0 of this list has shape {first:?}, element {k} has shape {other:?}"),
            );
        }
        self.budget.elements(values.iter().map(Value::len).sum(), range)?;
        self.finish_value(Value::stack(&values, 0), range)
    }

    /// The items of a container or array, one after the other.
    pub(in crate::language) fn iterate(&mut self, item: &Item, range: TextRange) -> Outcome<Vec<Item>> {
        let count = match item {
            Item::Range { count, .. } => *count,
            Item::Number(value) | Item::Series(value) if value.rank() > 0 => value.shape()[0],
            Item::Number(_) | Item::Series(_) => {
                return fault(range, format!("cannot loop over {}", item.describe()));
            }
            other => other.size(),
        };
        self.budget.steps(count, range)?;
        let items = match item {
            Item::List(sequence) | Item::Tuple(sequence) => sequence.items().to_vec(),
            Item::Range { start, step, count } => {
                (0..*count as i64).map(|k| Item::integer(start + k * step)).collect()
            }
            Item::Number(value) | Item::Series(value) => {
                let mut rows = Vec::with_capacity(count);
                for k in 0..count {
                    rows.push(Item::Number(
                        self.finish_value(value.index(&[Subscript::At(k as i64)]), range)?,
                    ));
                }
                rows
            }
            Item::Labelled(labelled) => return self.iterate(&Item::Number(labelled.values.clone()), range),
            Item::Indexed(indexed) => return self.iterate(&indexed.column, range),
            Item::Grouped(grouped) => return functions::pairs(self, grouped, range),
            Item::Text(text) => text.chars().map(|c| Item::text(c.to_string())).collect(),
            Item::Categorical(_) => {
                let labels = functions::Labels::new(self, &Argument { item: item.clone(), range })?;
                let column = labels.take(&(0..count).collect::<Vec<_>>());
                return self.iterate(&column, range);
            }
            Item::Texts(texts) => texts.iter().map(Item::text).collect(),
            Item::Dict(dict) | Item::Table(dict) => {
                dict.entries().iter().map(|(key, _)| key.item()).collect()
            }
            Item::Object(_) => return self.object_items(item, range),
            Item::Class(class) if !self.choices(*class).is_empty() => self.choices(*class),
            Item::Component(draw) => return functions::derived_arrays::items(self, draw, range),
            other => return fault(range, format!("cannot loop over {}", other.describe())),
        };
        Ok(items)
    }

    /// Whether an item counts as true; it must be known from the data.
    pub(in crate::language) fn truth(&self, item: &Item, range: TextRange) -> Outcome<bool> {
        match item {
            Item::None => Ok(false),
            Item::Number(value) | Item::Series(value) => {
                self.known(value, "a condition", range)?;
                match value.as_data().map(|numbers| &**numbers) {
                    Some([x]) => Ok(*x != 0.0),
                    _ => fault(
                        range,
                        "the truth of an array is ambiguous: use `.any()` or `.all()`, and `&`, `|`, `~` for and, or, not",
                    ),
                }
            }
            Item::Text(_) | Item::List(_) | Item::Tuple(_) | Item::Dict(_) => Ok(item.size() > 0),
            Item::Range { count, .. } => Ok(*count > 0),
            other => fault(range, format!("{} is neither true nor false", other.describe())),
        }
    }

    /// Refuses numbers that depend on parameters where they have to be known.
    fn known(&self, value: &Value, what: &str, range: TextRange) -> Outcome<()> {
        if !value.is_random() {
            return Ok(());
        }
        let cure = if what == "a condition" { "; choose between values with `pm.math.switch`" } else { "" };
        let message =
            format!("{what} must be known from the data, but this depends on the model's parameters{cure}");
        Err(Fault::new(range, message).rule(Rule::RandomCondition))
    }

    /// A whole number that is known from the data.
    pub(in crate::language) fn integer(&self, item: &Item, what: &str, range: TextRange) -> Outcome<i64> {
        if let Some(value) = item.as_value() {
            self.known(value, what, range)?;
            if let (Some([x]), 0, Kind::Int | Kind::Bool) =
                (value.as_data().map(|x| &**x), value.rank(), value.kind())
            {
                return Ok(*x as i64);
            }
        }
        fault(range, format!("{what} must be a whole number, not {}; `int(...)` makes one", item.describe()))
    }

    /// A plain number that is known from the data.
    pub(in crate::language) fn float(&self, item: &Item, what: &str, range: TextRange) -> Outcome<f64> {
        if let Some(value) = item.as_value() {
            self.known(value, what, range)?;
            if let Some([x]) = value.as_data().map(|x| &**x) {
                return Ok(*x);
            }
        }
        fault(range, format!("{what} must be a single number, not {}", item.describe()))
    }

    /// An array that is known from the data.
    pub(in crate::language) fn known_value(&mut self, argument: &Argument, what: &str) -> Outcome<Value> {
        let value = self.value(argument)?;
        self.known(&value, what, argument.range)?;
        Ok(value)
    }

    /// A shape: a whole number, or several.
    pub(in crate::language) fn shape(&mut self, argument: &Argument) -> Outcome<Vec<usize>> {
        let range = argument.range;
        let items = match &argument.item {
            Item::List(sequence) | Item::Tuple(sequence) => sequence.items().to_vec(),
            Item::Number(value) if value.rank() == 1 => self.iterate(&argument.item, range)?,
            other => vec![other.clone()],
        };
        let mut shape = Vec::with_capacity(items.len());
        for item in &items {
            let size = self.integer(item, "a shape", range)?;
            let size = usize::try_from(size);
            let Ok(size) = size else {
                return fault(range, "a shape must not be negative");
            };
            shape.push(size);
        }
        self.budget.shape(&shape, range)?;
        Ok(shape)
    }

    /// A text.
    pub(in crate::language) fn text(&self, argument: &Argument, what: &str) -> Outcome<std::rc::Rc<str>> {
        match &argument.item {
            Item::Text(text) => Ok(text.clone()),
            other => {
                fault(argument.range, format!("{what} must be a text in quotes, not {}", other.describe()))
            }
        }
    }

    /// Texts: one, or a list or tuple of them.
    pub(in crate::language) fn texts(&mut self, argument: &Argument, what: &str) -> Outcome<Vec<String>> {
        match argument.item.bare() {
            Item::None => Ok(Vec::new()),
            Item::Text(text) => Ok(vec![text.to_string()]),
            item @ (Item::List(_) | Item::Tuple(_) | Item::Texts(_)) => {
                if let Item::Texts(texts) = item {
                    self.complete_texts(texts, argument.range)?;
                }
                let items = self.iterate(item, argument.range)?;
                let one = |item: &Item| match item {
                    Item::Text(text) => Ok(text.to_string()),
                    other => fault(
                        argument.range,
                        format!("{what} must be texts, but there is {}", other.describe()),
                    ),
                };
                let texts = items.iter().map(one).collect::<Outcome<Vec<String>>>()?;
                self.complete_texts(&texts, argument.range)?;
                Ok(texts)
            }
            other => fault(
                argument.range,
                format!("{what} must be a text or a tuple of texts, not {}", other.describe()),
            ),
        }
    }

    /// Kind of numbers that a `dtype` names.
    pub(in crate::language) fn kind(&self, argument: &Argument) -> Outcome<Kind> {
        match &argument.item {
            Item::Type(kind) => Ok(*kind),
            Item::Text(text) => match text.trim_end_matches(|c: char| c.is_ascii_digit()) {
                "float" => Ok(Kind::Float),
                "int" | "uint" => Ok(Kind::Int),
                "bool" => Ok(Kind::Bool),
                _ => fault(
                    argument.range,
                    format!("unknown type of numbers \"{text}\"; use float, int or bool"),
                ),
            },
            Item::Number(_) => {
                let message = "a number is not a type of numbers; a shape of several axes is a tuple";
                Err(Fault::new(argument.range, message)
                    .fix("put the shape in parentheses, as in `np.zeros((3, 4))`"))
            }
            other => fault(
                argument.range,
                format!("{} is not a type of numbers; use float, int or bool", other.describe()),
            ),
        }
    }

    /// Numbers turned to another kind, as `astype` does.
    pub(in crate::language) fn cast(
        &mut self,
        value: &Value,
        kind: Kind,
        range: TextRange,
    ) -> Outcome<Value> {
        if kind == Kind::Int && value.as_data().is_some_and(|numbers| numbers.iter().any(|x| !x.is_finite()))
        {
            return fault(range, "missing or infinite numbers have no whole number; leave them out first");
        }
        if kind == Kind::Int && value.is_random() && value.kind() == Kind::Float {
            let whole = value.abs().unary(Unary::Floor) * value.unary(Unary::Sign);
            return self.finish_value(whole.as_whole(), range);
        }
        self.finish_value(value.with_kind(kind), range)
    }

    /// The key of a dictionary that an item stands for.
    pub(in crate::language) fn key(&self, item: &Item, range: TextRange) -> Outcome<Key> {
        match item {
            Item::Text(text) => Ok(Key::Text(text.clone())),
            Item::Number(value) => match self.variable_name(value) {
                // Where a model is read at a point, its variables are numbers.
                Some(name) => Ok(Key::Text(name.into())),
                None if value.is_random() || (value.rank() > 0 && self.derivations.is_some()) => {
                    Ok(Key::Same(Identity(item.clone())))
                }
                None if value.rank() > 0 => fault(
                    range,
                    format!("the key of a dictionary must be a text or a number, not {}", item.describe()),
                ),
                None => {
                    let x = self.float(item, "a key", range)?;
                    Ok(Key::Number((x + 0.0).to_bits()))
                }
            },
            Item::Tuple(parts) => {
                let parts = parts.items().iter().map(|part| self.key(part, range)).collect::<Outcome<_>>()?;
                Ok(Key::Tuple(parts))
            }
            Item::None => Ok(Key::None),
            Item::Component(_) | Item::Conditional(_) | Item::Object(_) => {
                Ok(Key::Same(Identity(item.clone())))
            }
            other => fault(
                range,
                format!("the key of a dictionary must be a text or a number, not {}", other.describe()),
            ),
        }
    }

    /// `str(item)`
    pub(in crate::language) fn display(&self, item: &Item, range: TextRange) -> Outcome<String> {
        match item {
            Item::Text(text) if &**text == MISSING_TEXT => Ok("nan".into()),
            Item::Text(text) => Ok(text.to_string()),
            Item::None => Ok("None".into()),
            Item::Number(value) if value.rank() == 0 => {
                let x = self.float(item, "what stands in a text", range)?;
                Ok(match value.kind() {
                    Kind::Bool => if x != 0.0 { "True" } else { "False" }.into(),
                    Kind::Int => format!("{x:.0}"),
                    Kind::Float => written(x),
                })
            }
            Item::Ellipsis => Ok("Ellipsis".into()),
            Item::List(items) => Ok(format!("[{}]", self.display_all(items.items(), range)?)),
            Item::Tuple(items) => {
                let comma = if items.items().len() == 1 { "," } else { "" };
                Ok(format!("({}{comma})", self.display_all(items.items(), range)?))
            }
            other => fault(range, format!("{} cannot be put into a text", other.describe())),
        }
    }

    /// The items of a list as Python writes them.
    fn display_all(&self, items: &[Item], range: TextRange) -> Outcome<String> {
        let (mut texts, mut length) = (Vec::with_capacity(items.len()), 0);
        for item in items {
            let text = match item {
                Item::Text(text) => format!("'{text}'"),
                other => self.display(other, range)?,
            };
            length += text.len();
            if length > LISTED {
                return fault(
                    range,
                    format!("a list of more than {LISTED} letters cannot be put into a text"),
                );
            }
            texts.push(text);
        }
        Ok(texts.join(", "))
    }

    /// Whether two items are equal, as `==` of Python's own types.
    pub(in crate::language) fn equal(&mut self, a: &Item, b: &Item, range: TextRange) -> Outcome<bool> {
        self.budget.steps(1, range)?;
        match (a, b) {
            (Item::None, Item::None) | (Item::Ellipsis, Item::Ellipsis) => Ok(true),
            (Item::Text(a), Item::Text(b)) => Ok(a == b),
            (Item::Type(a), Item::Type(b)) => Ok(a == b),
            (Item::TextType, Item::TextType) => Ok(true),
            (Item::Object(a), Item::Object(b)) => Ok(a == b),
            // Counters have entries that are not there.
            (Item::Dict(a), Item::Dict(b)) if a.missing.is_none() && b.missing.is_none() => {
                if a.entries().len() != b.entries().len() {
                    return Ok(false);
                }
                for (key, item) in a.entries() {
                    match b.get(key) {
                        Some(other) if self.equal(item, other, range)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            (Item::Dict(_), Item::Dict(_)) => {
                fault(range, "dictionaries with a default are not compared here")
            }
            (Item::Function(a), Item::Function(b)) => Ok(a.name() == b.name()),
            (Item::Type(kind), Item::Text(_)) | (Item::Text(_), Item::Type(kind)) => {
                let text = if let Item::Text(_) = a { a } else { b };
                Ok(self.kind(&Argument { item: text.clone(), range }).is_ok_and(|named| named == *kind))
            }
            (Item::List(a), Item::List(b)) | (Item::Tuple(a), Item::Tuple(b)) => {
                if a.items().len() != b.items().len() {
                    return Ok(false);
                }
                for (a, b) in a.items().iter().zip(b.items()) {
                    if !self.equal(a, b, range)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Item::Number(a), Item::Number(b)) if a.rank() == 0 && b.rank() == 0 => {
                self.known(a, "what is compared here", range)?;
                self.known(b, "what is compared here", range)?;
                Ok(a.as_data().zip(b.as_data()).is_some_and(|(a, b)| a[0] == b[0]))
            }
            (a, b) if a.is_array() || b.is_array() => {
                fault(range, "arrays cannot be compared here; use `.all()` or indices")
            }
            _ => Ok(false),
        }
    }

    /// `item in container`
    pub(super) fn contains(&mut self, container: &Item, item: &Item, range: TextRange) -> Outcome<bool> {
        self.budget.elements(container.size(), range)?;
        match (container, item) {
            (Item::Dict(dict) | Item::Table(dict), _) => Ok(dict.get(&self.key(item, range)?).is_some()),
            (Item::Text(text), Item::Text(part)) => Ok(text.contains(&**part)),
            (Item::Texts(texts), Item::Text(text)) => Ok(texts.iter().any(|known| **known == **text)),
            (Item::Model(which), Item::Text(name)) => {
                Ok(self.of_model(which.number, |e| functions::named_variable(e, name)).is_some())
            }
            (Item::Labelled(_) | Item::Indexed(_), _) => {
                self.contains(&functions::index_of(container), item, range)
            }
            (Item::Number(array) | Item::Series(array), _) if array.rank() > 0 => {
                self.known(array, "what is searched", range)?;
                let x = self.float(item, "what is looked for", range)?;
                Ok(array.as_data().is_some_and(|numbers| numbers.contains(&x)))
            }
            (Item::List(_) | Item::Tuple(_) | Item::Range { .. }, _) => {
                for known in self.iterate(container, range)? {
                    if self.equal(&known, item, range)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (other, _) => {
                if let Some(found) = self.special(other, "__contains__", vec![item.clone()], range)? {
                    return self.truth(&found, range);
                }
                fault(range, format!("nothing can be in {}", other.describe()))
            }
        }
    }
}
