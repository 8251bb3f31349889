//! Operators, with Python's meaning for plain numbers and NumPy's for arrays.

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value};
use chainfire_kernels::tape::{Binary, Unary};
use ruff_python_ast::{CmpOp, Operator, UnaryOp};
use ruff_text_size::TextRange;

use super::Evaluator;
use crate::data::MISSING_TEXT;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::functions::conditional::{self, Step};
use crate::language::functions::{
    self, aligned, derived, differ, gaussian, like, percent, set_methods, times,
};
use crate::language::item::{Dict, Item, Sequence};

/// Whether a value is a number known from the data, as Python's own numbers are.
fn is_plain(value: &Value) -> bool {
    value.rank() == 0 && value.as_data().is_some()
}

/// Whether an operation is on truth values in arrays, where NumPy's `+` is "or" and `*` is "and".
fn is_logical(a: &Value, b: &Value) -> bool {
    a.kind() == Kind::Bool && b.kind() == Kind::Bool && !(is_plain(a) && is_plain(b))
}

/// `a + b`
pub(in crate::language) fn add(a: &Value, b: &Value) -> Value {
    if is_logical(a, b) { a.or(b) } else { a + b }
}

/// `a - b`
pub(in crate::language) fn subtract(a: &Value, b: &Value) -> Value {
    a - b
}

/// `a * b`
pub(in crate::language) fn multiply(a: &Value, b: &Value) -> Value {
    if is_logical(a, b) { a.and(b) } else { a * b }
}

/// `a / b`
pub(in crate::language) fn divide(a: &Value, b: &Value) -> Value {
    a / b
}

/// `a ** b`
pub(in crate::language) fn power(a: &Value, b: &Value) -> Value {
    let whole = a.kind() != Kind::Float && b.kind() != Kind::Float;
    let below_one = |value: &Value| value.as_numbers().is_none_or(|numbers| numbers.iter().any(|x| *x < 0.0));
    if whole && below_one(b) { a.with_kind(Kind::Float).pow(b) } else { a.pow(b) }
}

/// `a // b`
pub(in crate::language) fn floor_divide(a: &Value, b: &Value) -> Value {
    whole_if(a, b, (a / b).unary(Unary::Floor))
}

/// `a % b`, with the sign of `b`.
pub(in crate::language) fn remainder(a: &Value, b: &Value) -> Value {
    let exact = |x: f64, y: f64| {
        let rest = x % y;
        if rest != 0.0 && (rest < 0.0) != (y < 0.0) { rest + y } else { rest }
    };
    let result = within(a, b, exact).unwrap_or_else(|| a - (a / b).unary(Unary::Floor) * b);
    whole_if(a, b, result)
}

/// A bitwise operation on whole numbers; not a number where a shift has no result, or one beyond 2^53.
fn bits(op: Operator, x: i64, y: i64) -> f64 {
    let shift = u32::try_from(y).ok().filter(|&shift| shift < 53);
    match (op, shift) {
        (Operator::BitAnd, _) => (x & y) as f64,
        (Operator::BitOr, _) => (x | y) as f64,
        (Operator::BitXor, _) => (x ^ y) as f64,
        (Operator::LShift, Some(shift)) => Some(x as f64 * (1_i64 << shift) as f64)
            .filter(|x| x.abs() <= (1_i64 << 53) as f64)
            .unwrap_or(f64::NAN),
        (Operator::RShift, Some(shift)) => (x >> shift) as f64,
        _ => f64::NAN,
    }
}

/// Results of whole numbers are whole numbers.
fn whole_if(a: &Value, b: &Value, result: Value) -> Value {
    let whole = a.kind() != Kind::Float && b.kind() != Kind::Float;
    match result.as_data() {
        Some(_) if whole => result.with_kind(Kind::Int),
        None if whole => result.as_whole(),
        _ => result,
    }
}

/// A function of two numbers, element by element, of arrays that are known from the data and broadcast.
fn within(a: &Value, b: &Value, run: impl Fn(f64, f64) -> f64) -> Option<Value> {
    let shape = shape::broadcast(a.shape(), b.shape())?;
    let (left, right) = (a.broadcast_to(&shape), b.broadcast_to(&shape));
    let numbers: Vec<f64> =
        left.as_data()?.iter().zip(right.as_data()?.iter()).map(|(&x, &y)| run(x, y)).collect();
    Some(Value::data(numbers, shape, a.kind().max(b.kind())))
}

impl Evaluator<'_> {
    /// `left op right`
    pub(in crate::language) fn operation(
        &mut self,
        op: Operator,
        left: &Item,
        right: &Item,
        range: TextRange,
    ) -> Outcome<Item> {
        if let Some(item) = self.object_operation(op, left, right, range)? {
            return Ok(item);
        }
        if derived::is_either(left, right) {
            let operands = || conditional::operands([left, right], range);
            return conditional::derived(self, Step::Operator(op), operands, |e| {
                derived::operation(e, op, left, right, range)
            });
        }
        if let Some((left, right)) = aligned(self, left, right, range)? {
            return self.operation(op, &left, &right, range);
        }
        if let (Item::Indexed(_), _) | (_, Item::Indexed(_)) = (left, right) {
            let rows = if left.rows().is_some() { left } else { right };
            let result = match self.operation(op, left.bare(), right.bare(), range)? {
                Item::Number(numbers) => Item::numbers(numbers, true),
                other => other,
            };
            return Ok(like(rows, result));
        }
        if gaussian::is_either(self, left, right) {
            return gaussian::operation(self, op, left, right, range);
        }
        if let Some(item) = times::operation(self, op, left, right, range)? {
            return Ok(item);
        }
        if let Some(item) = self.container_operation(op, left, right, range)? {
            return Ok(item);
        }
        // A product goes along the columns of its left side alone.
        let is_product = op == Operator::MatMult;
        let met = match (left, right) {
            (_, Item::Table(_)) if is_product => None,
            _ => self.columns_met(left, right, range)?,
        };
        let (left, right) = met.as_ref().map_or((left, right), |(left, right)| (left, right));
        let series = left.is_series() || right.is_series();
        let (a, b) = (self.item_value(left, range)?, self.item_value(right, range)?);
        // NumPy divides arrays of floats by zero; Python's numbers and whole numbers have no result.
        let whole = a.kind() != Kind::Float && b.kind() != Kind::Float && op != Operator::Div;
        let zeros = b.as_data().is_some_and(|b| b.contains(&0.0));
        let by_zero = zeros && a.as_data().is_some() && (whole || (is_plain(&a) && is_plain(&b)));
        let run = match op {
            Operator::Add => add,
            Operator::Sub if is_logical(&a, &b) => {
                return fault(
                    range,
                    "truth values cannot be subtracted: turn them to numbers with `.astype(int)`",
                );
            }
            Operator::Sub => subtract,
            Operator::Mult => {
                // The rows of a matrix are no columns of predictors here.
                if [&a, &b].iter().all(|value| value.as_data().is_none() || value.rank() < 2) {
                    self.note_predictor(&a, &b, range);
                }
                multiply
            }
            Operator::Div | Operator::FloorDiv | Operator::Mod if by_zero => {
                return fault(range, format!("division by zero in `{}`", self.text_at(range)));
            }
            Operator::Div => divide,
            Operator::FloorDiv => floor_divide,
            Operator::Mod => remainder,
            Operator::Pow => {
                let whole = a.kind() != Kind::Float && b.kind() != Kind::Float && !is_plain(&a);
                if whole && a.as_data().is_some() && b.as_data().is_some_and(|b| b.iter().any(|x| *x < 0.0)) {
                    return fault(
                        range,
                        "whole numbers cannot take negative powers in NumPy: write `1.0 * x` for `x`",
                    );
                }
                power
            }
            Operator::MatMult => return Ok(Item::numbers(self.matrix_product(&a, &b, range)?, false)),
            Operator::BitAnd | Operator::BitOr | Operator::BitXor => {
                let labelled = if left.rows().is_some() { left } else { right };
                return Ok(like(labelled, Item::numbers(self.bitwise(op, &a, &b, range)?, series)));
            }
            Operator::LShift | Operator::RShift => {
                return Ok(Item::numbers(self.bitwise(op, &a, &b, range)?, series));
            }
        };
        let result = self.binary(run, &a, &b, range)?;
        if let (Item::Table(table), _) | (_, Item::Table(table)) = (left, right) {
            return self.table_like(table, result, range);
        }
        let labelled = if let Item::Labelled(_) = left { left } else { right };
        Ok(like(labelled, Item::numbers(result, series)))
    }

    /// A table beside numbers labelled with the names of its columns, in their order; `None` where they are in it.
    ///
    /// # Errors
    ///
    /// The labels are other ones, or two tables have other rows or columns.
    fn columns_met(&mut self, left: &Item, right: &Item, range: TextRange) -> Outcome<Option<(Item, Item)>> {
        let (table, other) = match (left, right) {
            (Item::Table(a), Item::Table(b)) => {
                let (rows, others) = (functions::row_labels(a), functions::row_labels(b));
                let are_same =
                    a.entries().iter().map(|(key, _)| key).eq(b.entries().iter().map(|(key, _)| key));
                return match are_same && functions::is_same(self, &rows, &others, range)? {
                    true => Ok(None),
                    false => {
                        fault(range, "the two tables have other rows or columns: `.reindex` one as the other")
                    }
                };
            }
            (Item::Table(table), other) | (other, Item::Table(table)) => (table, other),
            _ => return Ok(None),
        };
        if other.rows().is_none() {
            return Ok(None);
        }
        let names = table.entries().iter().map(|(key, _)| key.item()).collect();
        let names = functions::label_item(self, Item::List(Sequence::new(names, range)?), range)?;
        let labels = functions::index_of(other);
        if functions::is_same(self, &labels, &names, range)? {
            return Ok(None);
        }
        let met = functions::column_for(self, other, &names, range);
        let is_whole = |met: &Item| match (met.as_value(), other.as_value()) {
            (Some(met), Some(other)) => met.kind() == other.kind() && met.len() == other.len(),
            _ => false,
        };
        let met = match met {
            Ok(met) if is_whole(&met) => Item::Number(self.item_value(&met, range)?),
            _ => {
                let message = "a table and a column meet by the names of the table's columns here: \
                               `.sub(column, axis=0)` and so on go by its rows";
                return fault(range, message);
            }
        };
        Ok(Some(match left {
            Item::Table(_) => (left.clone(), met),
            _ => (met, right.clone()),
        }))
    }

    /// What comes of a table, as a table of the same columns and rows.
    pub(in crate::language) fn table_like(
        &mut self,
        table: &Dict,
        result: Value,
        range: TextRange,
    ) -> Outcome<Item> {
        let columns = table.entries();
        let is_same = result.rank() == 2 && result.shape()[1] == columns.len() && !columns.is_empty();
        if !is_same
            || result.as_data().is_none()
            || columns.iter().any(|(_, column)| column.size() != result.shape()[0])
        {
            return Ok(Item::Number(result));
        }
        let mut out = Dict::with_labels(table.labels.clone());
        for ((key, _), column) in columns.iter().zip(self.iterate(&Item::Number(result.transpose()), range)?)
        {
            out.insert(key.clone(), Item::Series(self.item_value(&column, range)?), range)?;
        }
        Ok(Item::Table(std::rc::Rc::new(out)))
    }

    /// Joining and repeating texts and lists; `None` for numbers.
    fn container_operation(
        &mut self,
        op: Operator,
        left: &Item,
        right: &Item,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        let count = |item: &Item| match item {
            Item::Number(value) if is_plain(value) && value.kind() != Kind::Float => {
                value.as_data().map(|x| x[0].max(0.0) as usize)
            }
            _ => None,
        };
        if let (Item::List(a), Item::List(b)) = (left, right)
            && a.is_set()
            && b.is_set()
            && let Some(item) = set_methods::operation(self, op, a, b, range)?
        {
            return Ok(Some(item));
        }
        let joined = match (op, left, right) {
            (Operator::Add, Item::Text(a), Item::Text(b)) => {
                self.budget.elements(a.len() + b.len(), range)?;
                Item::text(format!("{a}{b}"))
            }
            (Operator::Add, Item::Texts(_), Item::Texts(_) | Item::Text(_))
            | (Operator::Add, Item::Text(_), Item::Texts(_)) => self.joined_texts(left, right, range)?,
            (Operator::Add | Operator::Sub, Item::Dict(a), Item::Dict(b))
                if a.missing.is_some() && b.missing.is_some() =>
            {
                functions::combined(self, op, a, b, range)?
            }
            (Operator::BitOr, Item::Dict(a), Item::Dict(b)) => {
                self.budget.steps(a.entries().len() + b.entries().len(), range)?;
                let mut whole = (**a).clone();
                for (key, item) in b.entries() {
                    whole.insert(key.clone(), item.clone(), range)?;
                }
                Item::Dict(whole.into())
            }
            (Operator::Add, Item::List(a), Item::List(b)) => {
                self.budget.steps(a.items().len() + b.items().len(), range)?;
                Item::List(Sequence::new([a.items(), b.items()].concat(), range)?)
            }
            (Operator::Add, Item::Tuple(a), Item::Tuple(b)) => {
                self.budget.steps(a.items().len() + b.items().len(), range)?;
                Item::Tuple(Sequence::new([a.items(), b.items()].concat(), range)?)
            }
            (Operator::Mult, Item::List(list), other) | (Operator::Mult, other, Item::List(list))
                if count(other).is_some() =>
            {
                let times = count(other).unwrap_or(0) * usize::from(!list.items().is_empty());
                self.budget.steps(list.items().len().saturating_mul(times), range)?;
                Item::List(Sequence::new(vec![list.items(); times].concat(), range)?)
            }
            (Operator::Mult, Item::Tuple(tuple), other) | (Operator::Mult, other, Item::Tuple(tuple))
                if count(other).is_some() =>
            {
                let times = count(other).unwrap_or(0) * usize::from(!tuple.items().is_empty());
                self.budget.steps(tuple.items().len().saturating_mul(times), range)?;
                Item::Tuple(Sequence::new(vec![tuple.items(); times].concat(), range)?)
            }
            (Operator::Mod, Item::Text(text), holes) => percent(self, text, holes, range)?,
            (_, Item::Text(_), other) | (_, other, Item::Text(_)) => {
                return fault(
                    range,
                    format!("a text and {} cannot be combined; use f\"...{{name}}\"", other.describe()),
                );
            }
            (_, Item::List(_) | Item::Tuple(_), other) | (_, other, Item::List(_) | Item::Tuple(_))
                if !other.is_array() =>
            {
                let seen = other.describe();
                return fault(
                    range,
                    format!("a list and {seen} cannot be combined; make the list an array: np.array(...)"),
                );
            }
            _ => return Ok(None),
        };
        Ok(Some(joined))
    }

    /// Columns of texts, or a column and a text, joined row by row. A missing text joined stays missing.
    fn joined_texts(&mut self, left: &Item, right: &Item, range: TextRange) -> Outcome<Item> {
        let count = match (left, right) {
            (Item::Texts(a), Item::Texts(b)) if a.len() != b.len() => {
                return fault(range, format!("{} texts and {} texts cannot be joined", a.len(), b.len()));
            }
            (Item::Texts(texts), _) | (_, Item::Texts(texts)) => texts.len(),
            _ => 1,
        };
        let length = |item: &Item| match item {
            Item::Texts(texts) => texts.iter().map(String::len).sum(),
            Item::Text(text) => text.len().saturating_mul(count),
            _ => 0,
        };
        self.budget.elements(length(left).saturating_add(length(right)), range)?;
        self.budget.texts(count, range)?;
        let row = |item: &'_ Item, k: usize| match item {
            Item::Texts(texts) => texts[k].clone(),
            Item::Text(text) => text.to_string(),
            _ => String::new(),
        };
        let joined = |k: usize| match (row(left, k), row(right, k)) {
            (a, b) if a == MISSING_TEXT || b == MISSING_TEXT => MISSING_TEXT.to_owned(),
            (a, b) => a + &b,
        };
        Ok(Item::Texts((0..count).map(joined).collect()))
    }

    fn bitwise(&mut self, op: Operator, a: &Value, b: &Value, range: TextRange) -> Outcome<Value> {
        if a.kind() == Kind::Bool && b.kind() == Kind::Bool {
            return match op {
                Operator::BitAnd => self.binary(Value::and, a, b, range),
                Operator::BitOr => self.binary(Value::or, a, b, range),
                _ => self.binary(|a, b| a.binary(Binary::NotEqual, b), a, b, range),
            };
        }
        if a.kind() != Kind::Float
            && b.kind() != Kind::Float
            && let Some(value) = within(a, b, |x, y| bits(op, x as i64, y as i64))
        {
            self.budget.elements(value.len(), range)?;
            if value.as_data().is_some_and(|numbers| numbers.iter().any(|x| x.is_nan())) {
                return fault(range, "this shift of whole numbers has no result here");
            }
            return Ok(value.with_kind(Kind::Int));
        }
        if op == Operator::BitXor {
            let message = "`^` combines truth values; a power is written with `**`";
            return Err(Fault::new(range, message).fix("write `**` for `^`"));
        }
        fault(
            range,
            "`&`, `|` and `^` combine truth values; put comparisons in parentheses, as in `(x > 0) & (y > 0)`",
        )
    }

    /// `a @ b`
    pub(in crate::language) fn matrix_product(
        &mut self,
        a: &Value,
        b: &Value,
        range: TextRange,
    ) -> Outcome<Value> {
        if (a.rank() > 2 && b.rank() > 0) || (b.rank() > 2 && a.rank() > 0) {
            return self.matrix_products(a, b, range);
        }
        let columns = if b.rank() == 2 { b.shape()[1] } else { 1 };
        self.budget.work(a.len().saturating_mul(columns), range)?;
        if a.is_random() || b.is_random() {
            self.complete(a, range)?;
            self.complete(b, range)?;
        }
        self.note_predictor(a, b, range);
        self.finish_value(a.matmul(b), range)
    }

    /// `a @ b` of arrays of matrices, whose other axes broadcast.
    fn matrix_products(&mut self, a: &Value, b: &Value, range: TextRange) -> Outcome<Value> {
        let last = |value: &Value| value.shape()[value.rank() - 1];
        let inner = if b.rank() == 1 { b.len() } else { b.shape()[b.rank() - 2] };
        if last(a) != inner {
            let (a, b) = (shape::display(a.shape()), shape::display(b.shape()));
            return fault(
                range,
                format!("a product of matrices of the shapes {a} and {b}: the axes between must be as long"),
            );
        }
        if b.rank() <= 2 {
            let rows = a.reshape(&[a.len() / inner.max(1), inner]);
            let shape = [&a.shape()[..a.rank() - 1], &b.shape()[1..]].concat();
            return Ok(self.matrix_product(&rows, b, range)?.reshape(&shape));
        }
        let left = if a.rank() == 1 { a.insert_axis(0) } else { a.clone() };
        let pairs =
            self.binary(multiply, &left.insert_axis(left.rank()), &b.insert_axis(b.rank() - 2), range)?;
        let product = self.finish_value(pairs.sum_axis(pairs.rank() - 2), range)?;
        match a.rank() {
            1 => {
                let mut shape = product.shape().to_vec();
                shape.remove(product.rank() - 2);
                Ok(product.reshape(&shape))
            }
            _ => Ok(product),
        }
    }

    /// `-x`, `~x`, `not x`
    pub(in crate::language) fn unary_operation(
        &mut self,
        op: UnaryOp,
        operand: &Item,
        range: TextRange,
    ) -> Outcome<Item> {
        if op == UnaryOp::Not {
            return Ok(Item::truth(!self.truth(operand, range)?));
        }
        if let Item::List(_) | Item::Tuple(_) = operand {
            return fault(range, "a list has no sign; make it an array: np.array(...)");
        }
        if let Item::Component(_) | Item::Conditional(_) = operand
            && op != UnaryOp::UAdd
        {
            let operands = || conditional::operands([operand], range);
            return conditional::derived(self, Step::Sign(op), operands, |_| {
                derived::turned(operand, op == UnaryOp::Invert, range)
            });
        }
        if let Some(item) = self.object_sign(op, operand, range)? {
            return Ok(item);
        }
        if let Item::Table(table) = operand {
            let mut out = Dict::with_labels(table.labels.clone());
            for (key, column) in table.entries() {
                let column = self.unary_operation(op, column, range)?;
                out.insert(key.clone(), column, range)?;
            }
            return Ok(Item::Table(out.into()));
        }
        let value = self.item_value(operand, range)?;
        let result = match op {
            UnaryOp::UAdd => value,
            UnaryOp::USub => -value,
            _ if value.kind() == Kind::Bool && !is_plain(&value) => value.unary(Unary::Not),
            _ => return fault(range, "`~` is for arrays of truth values; for a single one write `not`"),
        };
        Ok(like(operand, Item::numbers(self.finish_value(result, range)?, operand.is_series())))
    }

    /// `left == right` and the other comparisons.
    pub(in crate::language) fn compare(
        &mut self,
        op: CmpOp,
        left: &Item,
        right: &Item,
        range: TextRange,
    ) -> Outcome<Item> {
        if let Some(item) = self.object_comparison(op, left, right, range)? {
            return Ok(item);
        }
        if let (Item::List(a), Item::List(b)) = (left, right)
            && a.is_set()
            && b.is_set()
            && let Some(item) = set_methods::comparison(self, op, a, b, range)?
        {
            return Ok(item);
        }
        if differ(self, left, right, range)? {
            return fault(
                range,
                "columns are compared row by row, but the rows of these two have other labels: \
                 `.eq`, `.lt` and so on meet by label",
            );
        }
        if let (Item::Indexed(_), _) | (_, Item::Indexed(_)) = (left, right) {
            let rows = if left.rows().is_some() { left } else { right };
            let result = match self.compare(op, left.bare(), right.bare(), range)? {
                Item::Number(truths) => Item::numbers(truths, true),
                other => other,
            };
            return Ok(like(rows, result));
        }
        let equality = matches!(op, CmpOp::Eq | CmpOp::NotEq);
        let truth = |equal: bool| Item::truth(equal == (op == CmpOp::Eq));
        match (left, right) {
            (Item::Categorical(categorical), label) | (label, Item::Categorical(categorical))
                if !matches!(label, Item::Categorical(_)) =>
            {
                let labels = self.iterate(&categorical.categories, range)?;
                let mut code = -2.0;
                for (k, known) in labels.iter().enumerate() {
                    if self.equal(known, label, range)? {
                        code = k as f64;
                    }
                }
                if !equality && code < 0.0 {
                    return fault(range, format!("{} is none of the categories", label.describe()));
                }
                let codes = &categorical.codes;
                let op = if let Item::Categorical(_) = left { op } else { turned(op) };
                let place = Value::from(code);
                let is_present = codes.greater_equal(&Value::from(0_i64));
                let truth = match op {
                    CmpOp::Eq => codes.equal(&place),
                    CmpOp::NotEq => codes.equal(&place).unary(Unary::Not),
                    CmpOp::Lt => codes.lower(&place).and(&is_present),
                    CmpOp::LtE => codes.lower_equal(&place).and(&is_present),
                    CmpOp::Gt => codes.greater(&place),
                    _ => codes.greater_equal(&place),
                };
                return Ok(Item::numbers(self.finish_value(truth, range)?, true));
            }
            (Item::Texts(texts), Item::Text(text)) | (Item::Text(text), Item::Texts(texts)) if equality => {
                self.budget.elements(texts.len(), range)?;
                return Ok(truths(texts.iter().map(|t| (**t == **text) == (op == CmpOp::Eq))));
            }
            (Item::Texts(a), Item::Texts(b)) if equality && a.len() == b.len() => {
                self.budget.elements(a.len(), range)?;
                let is_equal = |(a, b): (&String, &String)| a == b && a != MISSING_TEXT;
                return Ok(truths(a.iter().zip(b.iter()).map(|pair| is_equal(pair) == (op == CmpOp::Eq))));
            }
            (Item::Texts(texts), other) | (other, Item::Texts(texts))
                if equality && other.as_value().is_some() =>
            {
                let texts = self.describe_texts(texts);
                return fault(range, format!("{texts}, which is never equal to {}", other.describe()));
            }
            (Item::None, other) | (other, Item::None) if equality => {
                return Ok(truth(matches!(other, Item::None)));
            }
            (Item::Text(a), Item::Text(b)) if !equality => {
                let holds = match op {
                    CmpOp::Lt => a < b,
                    CmpOp::LtE => a <= b,
                    CmpOp::Gt => a > b,
                    _ => a >= b,
                };
                return Ok(Item::truth(holds));
            }
            (a, b) if derived::is_either(a, b) => {
                let operands = || conditional::operands([a, b], range);
                return conditional::derived(self, Step::Comparison(op), operands, |e| {
                    derived::compare(e, op, a, b, range)
                });
            }
            (Item::Table(_), Item::Number(_)) | (Item::Number(_), Item::Table(_)) => {}
            (a, b) if equality && !a.is_array() && !b.is_array() => {
                return Ok(truth(self.equal(a, b, range)?));
            }
            _ => {}
        }
        if let Some((left, right)) = times::compared(left, right) {
            self.budget.elements(left.size().max(right.size()), range)?;
            return self.compare(op, &left, &right, range);
        }
        let series = left.is_series() || right.is_series();
        let (a, b) = (self.item_value(left, range)?, self.item_value(right, range)?);
        let run: fn(&Value, &Value) -> Value = match op {
            CmpOp::Eq => Value::equal,
            CmpOp::NotEq => |a, b| a.binary(Binary::NotEqual, b),
            CmpOp::Lt => Value::lower,
            CmpOp::LtE => Value::lower_equal,
            CmpOp::Gt => Value::greater,
            _ => Value::greater_equal,
        };
        let result = self.binary(run, &a, &b, range)?;
        match (left, right) {
            (Item::Table(table), _) | (_, Item::Table(table)) => self.table_like(table, result, range),
            _ => {
                let labelled = if left.rows().is_some() { left } else { right };
                Ok(like(labelled, Item::numbers(result, series)))
            }
        }
    }
}

/// The comparison with its sides the other way round.
fn turned(op: CmpOp) -> CmpOp {
    match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::LtE => CmpOp::GtE,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::GtE => CmpOp::LtE,
        same => same,
    }
}

fn truths(truths: impl Iterator<Item = bool>) -> Item {
    let numbers: Vec<f64> = truths.map(f64::from).collect();
    let shape = vec![numbers.len()];
    Item::Number(Value::data(numbers, shape, Kind::Bool))
}
