//! Expressions.

use std::rc::Rc;

use ruff_python_ast::{
    BoolOp, CmpOp, Comprehension, ConversionFlag, Expr, ExprFString, ExprNumberLiteral, FStringPart,
    InterpolatedStringElement, InterpolatedStringFormatSpec, Number, Operator, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};

use chainfire_engine::program::{Kind, Value};

use super::library::is_of_library;
use super::{Argument, Body, Call, Evaluator, Stage};
use crate::distributions::derived::is_within;
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, Weight, fault};
use crate::language::functions;
use crate::language::item::{Dict, Item, Sequence};

/// How deep a draw may be made of draws: their densities are functions that call each other.
const LEVELS: usize = 100;

/// How many draws a draw may be made of.
const PARTS: usize = 10_000;

impl<'a> Evaluator<'a> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, expression: &'a Expr) -> Outcome<Item> {
        let range = expression.range();
        self.budget.steps(1, range)?;
        let item = self.nested(range, |evaluator| evaluator.expression_inside(expression, range))?;
        if let Item::Component(draw) = &item
            && !is_within(&**draw, LEVELS, &mut { PARTS })
        {
            return Err(Fault::new(
                range,
                format!(
                    "this draw is made of too many draws, more than {LEVELS} levels deep or more than {PARTS} of them; \
                     write its density with `logp=`"
                ),
            )
            .fatal());
        }
        Ok(item)
    }

    fn expression_inside(&mut self, expression: &'a Expr, range: TextRange) -> Outcome<Item> {
        match expression {
            Expr::Name(name) => self.lookup(name.id.as_str(), range),
            Expr::NumberLiteral(number) => literal(number),
            Expr::StringLiteral(text) => Ok(Item::text(text.value.to_str())),
            Expr::BooleanLiteral(literal) => Ok(Item::truth(literal.value)),
            Expr::NoneLiteral(_) => Ok(Item::None),
            Expr::EllipsisLiteral(_) => Ok(Item::Ellipsis),
            Expr::Slice(slice) => self.slice(slice),
            Expr::FString(text) => self.f_string(text),
            Expr::List(list) => {
                let items = self.items(&list.elts)?;
                Ok(Item::List(Sequence::new(items, range)?))
            }
            Expr::Tuple(tuple) => {
                let items = self.items(&tuple.elts)?;
                Ok(Item::Tuple(Sequence::new(items, range)?))
            }
            Expr::Dict(dict) => {
                let mut out = Dict::default();
                for entry in &dict.items {
                    match &entry.key {
                        Some(key) => {
                            let key = self.expression(key).and_then(|item| self.key(&item, key.range()))?;
                            let item = self.expression(&entry.value)?;
                            out.insert(key, item, range)?;
                        }
                        None => {
                            let Item::Dict(inner) = self.expression(&entry.value)? else {
                                return fault(entry.value.range(), "`**` here needs a dictionary");
                            };
                            for (key, item) in inner.entries() {
                                self.budget.steps(1, range)?;
                                out.insert(key.clone(), item.clone(), range)?;
                            }
                        }
                    }
                }
                Ok(Item::Dict(out.into()))
            }
            Expr::BinOp(_) => self.chain(expression),
            Expr::UnaryOp(unary) => {
                let operand = self.expression(&unary.operand)?;
                let op = if self.columnwise && unary.op == UnaryOp::Not { UnaryOp::Invert } else { unary.op };
                self.unary_operation(op, &operand, range)
            }
            Expr::BoolOp(operation) if self.columnwise => {
                let op = if operation.op == BoolOp::Or { Operator::BitOr } else { Operator::BitAnd };
                let (first, others) = operation.values.split_first().ok_or_else(|| unknown(range))?;
                let mut result = self.expression(first)?;
                for value in others {
                    let item = self.expression(value)?;
                    result = self.operation(op, &result, &item, range)?;
                }
                Ok(result)
            }
            Expr::BoolOp(operation) => {
                let (last, before) = operation.values.split_last().ok_or_else(|| unknown(range))?;
                for value in before {
                    let item = self.expression(value)?;
                    if self.truth(&item, value.range())? == (operation.op == BoolOp::Or) {
                        return Ok(item);
                    }
                }
                self.expression(last)
            }
            Expr::Compare(compare) => {
                let mut left = self.expression(&compare.left)?;
                let mut result = Item::truth(true);
                for (i, (op, right)) in compare.ops.iter().zip(&compare.comparators).enumerate() {
                    if i > 0 && !self.columnwise && !self.truth(&result, range)? {
                        break;
                    }
                    let right = self.expression(right)?;
                    let holds = self.comparison(*op, &left, &right, range)?;
                    result = match i > 0 && self.columnwise {
                        true => self.operation(Operator::BitAnd, &result, &holds, range)?,
                        false => holds,
                    };
                    left = right;
                }
                Ok(result)
            }
            Expr::If(branch) => {
                let taken = if self.condition(&branch.test)? { &branch.body } else { &branch.orelse };
                self.expression(taken)
            }
            Expr::Attribute(attribute) => {
                let owner = self.expression(&attribute.value)?;
                let name = attribute.attr.as_str();
                match &owner {
                    Item::Module(module) => self.member_of_module(*module, name, range),
                    _ if name == "__name__"
                        && let Some(known) = self.name_of(&owner) =>
                    {
                        Ok(Item::text(known))
                    }
                    Item::Object(_) | Item::Class(_) => self.attribute_of_object(&owner, name, range),
                    Item::Table(table) if table.get_text(name).is_some() => {
                        if functions::hides_column(table, name) {
                            return fault(
                                range,
                                format!("`.{name}` is of the table itself: its column is `[\"{name}\"]`"),
                            );
                        }
                        self.labelled_column(table, name, range)
                    }
                    _ => functions::attribute(self, &owner, name, range),
                }
            }
            Expr::Subscript(subscript) => {
                let owner = self.expression(&subscript.value)?;
                // `column.str[0]` is of every text, or list, of a column.
                match &*subscript.value {
                    Expr::Attribute(accessor) if accessor.attr.as_str() == "str" && owner.size() > 0 => {
                        let mut parts = Vec::with_capacity(owner.size());
                        for item in self.iterate(&owner, range)? {
                            parts.push(self.subscript(&item, &subscript.slice, range)?);
                        }
                        let count = parts.len();
                        let parts = Item::List(Sequence::new(parts, range)?);
                        let column = functions::column(self, parts, count, range)?;
                        Ok(functions::like(&owner, column))
                    }
                    _ => self.subscript(&owner, &subscript.slice, range),
                }
            }
            Expr::Call(call) => self.call(call),
            Expr::ListComp(comprehension) => {
                let items = self
                    .comprehension(&comprehension.generators, range, |e| e.expression(&comprehension.elt))?;
                Ok(Item::List(Sequence::new(items, range)?))
            }
            Expr::Generator(generator) => {
                let items =
                    self.comprehension(&generator.generators, range, |e| e.expression(&generator.elt))?;
                Ok(Item::List(Sequence::new(items, range)?))
            }
            Expr::DictComp(comprehension) => {
                let Some(key) = &comprehension.key else {
                    return fault(range, "`**` in a dictionary comprehension is not supported");
                };
                let mut out = Dict::default();
                self.comprehension(&comprehension.generators, range, |e| {
                    let key = e.expression(key).and_then(|item| e.key(&item, key.range()))?;
                    let item = e.expression(&comprehension.value)?;
                    out.insert(key, item, range)?;
                    Ok(Item::None)
                })?;
                Ok(Item::Dict(out.into()))
            }
            Expr::Named(named) => {
                self.note_change();
                let item = self.expression(&named.value)?;
                self.assign(&named.target, item.clone())?;
                Ok(item)
            }
            Expr::Lambda(lambda) => {
                self.function(lambda.parameters.as_deref(), Body::Expression(&lambda.body))
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => self.give(expression),
            Expr::Starred(_) => fault(range, "`*` is not supported here: write the elements"),
            Expr::Set(set) => {
                let items = self.items(&set.elts)?;
                self.distinct(items, range)
            }
            Expr::SetComp(comprehension) => {
                let items = self
                    .comprehension(&comprehension.generators, range, |e| e.expression(&comprehension.elt))?;
                self.distinct(items, range)
            }
            _ => Err(unknown(range)),
        }
    }

    fn items(&mut self, expressions: &'a [Expr]) -> Outcome<Vec<Item>> {
        let mut items = Vec::with_capacity(expressions.len());
        for expression in expressions {
            match expression {
                Expr::Starred(starred) => {
                    let item = self.expression(&starred.value)?;
                    items.extend(self.iterate(&item, starred.range)?);
                }
                _ => items.push(self.expression(expression)?),
            }
        }
        Ok(items)
    }

    /// `a + b + c + ...`: gone through in a loop, however long the chain.
    fn chain(&mut self, expression: &'a Expr) -> Outcome<Item> {
        let mut links = Vec::new();
        let mut first = expression;
        while let Expr::BinOp(operation) = first {
            links.push(operation);
            first = &operation.left;
        }
        let mut left = self.operand(first);
        for operation in links.into_iter().rev() {
            self.budget.steps(1, operation.range)?;
            left = match (left, self.operand(&operation.right)) {
                (Ok(left), Ok(right)) => self.operation(operation.op, &left, &right, operation.range),
                (Err(fault), _) | (_, Err(fault)) => Err(fault),
            };
            if left.as_ref().is_err_and(|fault| !fault.is_told) {
                return left;
            }
        }
        left
    }

    /// A part of a chain. An unknown name in the model is told at once, so that the other parts are looked at too.
    fn operand(&mut self, expression: &'a Expr) -> Outcome<Item> {
        self.expression(expression).map_err(|fault| {
            let is_plain = fault.rule == Rule::UndefinedName && fault.weight == Weight::OutsideTheModel;
            let is_told_here = self.stage == Stage::Open && !self.is_aside() && self.attempts == 0;
            if !is_plain || is_of_library(fault.range) || !is_told_here {
                return fault;
            }
            let told = Fault::told(fault.range);
            self.tell(*fault);
            told
        })
    }

    /// The items that `element` makes, for all items the generators run over.
    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        range: TextRange,
        mut element: impl FnMut(&mut Self) -> Outcome<Item>,
    ) -> Outcome<Vec<Item>> {
        let names: Vec<&'a str> =
            generators.iter().flat_map(|generator| target_names(&generator.target)).collect();
        let before: Vec<Option<Item>> = names.iter().map(|name| self.variable(name)).collect();
        let mut items = Vec::new();
        self.generate(generators, range, &mut |evaluator| {
            items.push(element(evaluator)?);
            Ok(())
        })?;
        for (name, item) in names.into_iter().zip(before) {
            self.restore(name, item);
        }
        Ok(items)
    }

    fn generate(
        &mut self,
        generators: &'a [Comprehension],
        range: TextRange,
        element: &mut dyn FnMut(&mut Self) -> Outcome<()>,
    ) -> Outcome<()> {
        let Some((generator, inner)) = generators.split_first() else {
            return element(self);
        };
        let over = self.expression(&generator.iter)?;
        for item in self.iterate(&over, generator.iter.range())? {
            self.budget.steps(1, range)?;
            self.assign(&generator.target, item)?;
            let mut wanted = true;
            for test in &generator.ifs {
                wanted = wanted && self.condition(test)?;
            }
            if wanted {
                self.nested(range, |evaluator| evaluator.generate(inner, range, element))?;
            }
        }
        Ok(())
    }

    fn f_string(&mut self, text: &'a ExprFString) -> Outcome<Item> {
        let mut out = String::new();
        for part in &text.value {
            match part {
                FStringPart::Literal(literal) => out.push_str(&literal.value),
                FStringPart::FString(inner) => {
                    for element in &inner.elements {
                        match element {
                            InterpolatedStringElement::Literal(literal) => out.push_str(&literal.value),
                            InterpolatedStringElement::Interpolation(hole) => {
                                let item = self.expression(&hole.expression)?;
                                if let Some(debug) = &hole.debug_text {
                                    let text = self.text_at(hole.expression.range());
                                    out.push_str(&format!("{}{text}{}", debug.leading(), debug.trailing()));
                                }
                                let quoted =
                                    matches!(hole.conversion, ConversionFlag::Repr | ConversionFlag::Ascii)
                                        || (hole.debug_text.is_some() && hole.format_spec.is_none());
                                out.push_str(&match (&hole.format_spec, &item) {
                                    (None, Item::Text(text)) if quoted => format!("'{text}'"),
                                    (None, _) => self.shown(&item, hole.range)?,
                                    (Some(spec), _) => {
                                        let format = self.format_text(spec)?;
                                        functions::formatted(self, &item, &format, spec.range)?
                                    }
                                });
                            }
                        }
                    }
                }
            }
            self.budget.elements(out.len(), text.range)?;
        }
        Ok(Item::text(out))
    }

    /// The text of a format, whose holes are filled.
    fn format_text(&mut self, spec: &'a InterpolatedStringFormatSpec) -> Outcome<String> {
        let mut out = String::new();
        for element in &spec.elements {
            match element {
                InterpolatedStringElement::Literal(literal) => out.push_str(&literal.value),
                InterpolatedStringElement::Interpolation(hole) => {
                    let item = self.expression(&hole.expression)?;
                    out.push_str(&self.shown(&item, hole.range)?);
                }
            }
        }
        Ok(out)
    }

    /// `a < b`, `a is None`, `a in b`.
    fn comparison(&mut self, op: CmpOp, left: &Item, right: &Item, range: TextRange) -> Outcome<Item> {
        match op {
            CmpOp::Is | CmpOp::IsNot => {
                let same = match (left, right) {
                    (Item::None, other) | (other, Item::None) => matches!(other, Item::None),
                    (Item::Ellipsis, other) | (other, Item::Ellipsis) => matches!(other, Item::Ellipsis),
                    (Item::Number(a), Item::Number(b))
                        if a.kind() == Kind::Bool && b.kind() == Kind::Bool =>
                    {
                        self.equal(left, right, range)?
                    }
                    (Item::Type(a), Item::Type(b)) => a == b,
                    (Item::Class(a), Item::Class(b)) => a == b,
                    (Item::Object(a), Item::Object(b)) => a == b,
                    (Item::List(a), Item::List(b)) => Rc::ptr_eq(a, b),
                    (Item::Dict(a) | Item::Table(a), Item::Dict(b) | Item::Table(b)) => Rc::ptr_eq(a, b),
                    _ => return fault(range, "`is` is supported with None, `...`, True and False: use `==`"),
                };
                Ok(Item::truth(same == (op == CmpOp::Is)))
            }
            CmpOp::In | CmpOp::NotIn if self.columnwise => {
                let argument = |item: &Item| Argument { item: item.clone(), range };
                let call = Call {
                    name: "in".into(),
                    range,
                    positional: vec![argument(left), argument(right)],
                    keywords: Vec::new(),
                };
                let found = functions::is_in(self, &call)?;
                match op {
                    CmpOp::In => Ok(found),
                    _ => self.unary_operation(UnaryOp::Invert, &found, range),
                }
            }
            CmpOp::In | CmpOp::NotIn => {
                let found = self.contains(right, left, range)?;
                Ok(Item::truth(found == (op == CmpOp::In)))
            }
            _ => self.compare(op, left, right, range),
        }
    }
}

fn unknown(range: TextRange) -> Box<crate::language::error::Fault> {
    crate::language::error::Fault::new(range, "this expression is not supported in model files")
}

fn literal(number: &ExprNumberLiteral) -> Outcome<Item> {
    match &number.value {
        Number::Int(int) => match int.as_i64() {
            Some(x) if x.unsigned_abs() <= 1 << 53 => Ok(Item::integer(x)),
            _ => fault(
                number.range,
                "whole numbers beyond 2^53 are not supported: write a float, such as 1e20",
            ),
        },
        Number::Float(x) => Ok(Item::Number(Value::data(vec![*x], vec![], Kind::Float))),
        Number::Complex { .. } => fault(number.range, "complex numbers are not supported"),
    }
}

fn target_names(target: &Expr) -> Vec<&str> {
    match target {
        Expr::Name(name) => vec![name.id.as_str()],
        Expr::Tuple(tuple) => tuple.elts.iter().flat_map(target_names).collect(),
        Expr::List(list) => list.elts.iter().flat_map(target_names).collect(),
        Expr::Starred(starred) => target_names(&starred.value),
        _ => Vec::new(),
    }
}
