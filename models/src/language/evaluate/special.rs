//! Special methods that a class writes: what operators, subscripts, lengths and loops mean for its objects.
//!
//! ```text
//! a + b    a.__add__(b), else b.__radd__(a)        a[k]    a.__getitem__(k)        for x in a    a.__iter__()
//! -a       a.__neg__()                             len(a)  a.__len__()             np.log(a)     a.__array__()
//! next(a)  a.__next__()                            abs(a)  a.__abs__()
//! ```

use ruff_python_ast::{CmpOp, Operator, UnaryOp};
use ruff_text_size::TextRange;

use super::Evaluator;
use crate::language::error::{Outcome, fault};
use crate::language::item::Item;

impl Evaluator<'_> {
    /// What a special method of an object gives; `None` for other items, and where the class does not write it.
    pub(in crate::language) fn special(
        &mut self,
        item: &Item,
        name: &str,
        others: Vec<Item>,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        if !matches!(item, Item::Object(_)) {
            return Ok(None);
        }
        match self.member(item, name, range)? {
            Some(method) => self.nested(range, |e| e.called_with(&method, others, range)).map(Some),
            None => Ok(None),
        }
    }

    /// `left op right` where one of the two is an object.
    pub(super) fn object_operation(
        &mut self,
        op: Operator,
        left: &Item,
        right: &Item,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        let name = match op {
            Operator::Add => "add",
            Operator::Sub => "sub",
            Operator::Mult => "mul",
            Operator::MatMult => "matmul",
            Operator::Div => "truediv",
            Operator::FloorDiv => "floordiv",
            Operator::Mod => "mod",
            Operator::Pow => "pow",
            Operator::BitAnd => "and",
            Operator::BitOr => "or",
            Operator::BitXor => "xor",
            Operator::LShift => "lshift",
            Operator::RShift => "rshift",
        };
        match self.special(left, &format!("__{name}__"), vec![right.clone()], range)? {
            Some(item) => Ok(Some(item)),
            None => self.special(right, &format!("__r{name}__"), vec![left.clone()], range),
        }
    }

    /// `left < right` where one of the two is an object.
    pub(super) fn object_comparison(
        &mut self,
        op: CmpOp,
        left: &Item,
        right: &Item,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        let (name, mirrored) = match op {
            CmpOp::Eq => ("__eq__", "__eq__"),
            CmpOp::NotEq => ("__ne__", "__ne__"),
            CmpOp::Lt => ("__lt__", "__gt__"),
            CmpOp::LtE => ("__le__", "__ge__"),
            CmpOp::Gt => ("__gt__", "__lt__"),
            CmpOp::GtE => ("__ge__", "__le__"),
            _ => return Ok(None),
        };
        match self.special(left, name, vec![right.clone()], range)? {
            Some(item) => Ok(Some(item)),
            None => self.special(right, mirrored, vec![left.clone()], range),
        }
    }

    /// `-object`, `+object`, `~object`
    pub(super) fn object_sign(
        &mut self,
        op: UnaryOp,
        operand: &Item,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        let name = match op {
            UnaryOp::USub => "__neg__",
            UnaryOp::UAdd => "__pos__",
            _ => "__invert__",
        };
        self.special(operand, name, Vec::new(), range)
    }

    /// `str(item)`, of objects by their own method.
    pub(super) fn shown(&mut self, item: &Item, range: TextRange) -> Outcome<String> {
        if let Item::Object(_) = item {
            for name in ["__str__", "__repr__"] {
                if let Some(text) = self.special(item, name, Vec::new(), range)? {
                    return self.display(&text, range);
                }
            }
        }
        self.display(item, range)
    }

    /// `len(object)`
    pub(in crate::language) fn object_length(
        &mut self,
        item: &Item,
        range: TextRange,
    ) -> Outcome<Option<usize>> {
        let Some(length) = self.special(item, "__len__", Vec::new(), range)? else { return Ok(None) };
        match usize::try_from(self.integer(&length, "a length", range)?) {
            Ok(length) => Ok(Some(length)),
            Err(_) => fault(range, "`__len__` gives a negative number"),
        }
    }

    /// The items that a loop over an object runs over.
    pub(super) fn object_items(&mut self, item: &Item, range: TextRange) -> Outcome<Vec<Item>> {
        match self.special(item, "__iter__", Vec::new(), range)? {
            Some(items) => self.nested(range, |e| e.iterate(&items, range)),
            None => fault(range, "this object has no `__iter__`, and cannot be looped over"),
        }
    }
}
