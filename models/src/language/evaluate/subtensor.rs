//! Tensors with some elements replaced: `pt.set_subtensor(x[1:], y)`, `x[mask].set(y)`, `x[idx].inc(y)`, and JAX's
//! `x.at[idx].set(y)` and `x.at[idx].add(y)`.
//!
//! ```text
//! set:  out[p] = y[k]  where p is the k-th (last wins) element that the index takes, else x[p]
//! inc:  out    = x + sum over the passes of  (y[k] at p, else 0)
//! ```
//!
//! Both are one gather from `[x, y]`; an index that takes an element several times adds with one pass for each time.
//! Where the index is not known from the data, every element is compared with it.

use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::{Expr, ExprCall, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};

use super::Evaluator;
use crate::language::error::{Outcome, fault};
use crate::language::item::Item;

/// Most times that one element may be added to.
const PASSES: usize = 256;

impl<'a> Evaluator<'a> {
    /// `pt.set_subtensor(x[...], y)` and `x[...].set(y)`, which need the index and not what it takes; `None` for other
    /// calls.
    pub(super) fn replace_elements(&mut self, call: &'a ExprCall) -> Outcome<Option<Item>> {
        let (target, accumulate) = match (&*call.func, &*call.arguments.args) {
            (Expr::Attribute(method), [_]) => match (method.attr.as_str(), &*method.value) {
                (name @ ("set" | "inc"), Expr::Subscript(target)) => (target, name == "inc"),
                ("add", Expr::Subscript(target)) if is_at(&target.value) => (target, true),
                _ => return Ok(None),
            },
            (Expr::Attribute(function), [Expr::Subscript(target), _]) => match function.attr.as_str() {
                name @ ("set_subtensor" | "inc_subtensor") => (target, name == "inc_subtensor"),
                _ => return Ok(None),
            },
            (Expr::Name(name), [Expr::Subscript(target), _]) => match self.visible(name.id.as_str()) {
                Some(Item::Function(function)) if function.replaces_elements() => {
                    (target, function.name().ends_with("inc_subtensor"))
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let Some(new) = call.arguments.args.last() else {
            return Ok(None);
        };
        let range = call.range();
        let owner = self.expression(&target.value)?;
        if let Item::Object(_) = owner {
            return Ok(None);
        }
        let new = self.expression(new)?;
        let new = self.item_value(&new, range)?;
        self.replaced(&owner, target, &new, accumulate, range).map(Some)
    }

    fn replaced(
        &mut self,
        owner: &Item,
        target: &'a ExprSubscript,
        new: &Value,
        accumulate: bool,
        range: TextRange,
    ) -> Outcome<Item> {
        let value = self.item_value(owner, range)?;
        let positions = self.positions(&value, &target.slice, range)?;
        let new = self.finish_value(new.broadcast_to(positions.shape()), range)?;
        let kind = value.kind().max(new.kind());
        let (count, shape) = (value.len(), value.shape().to_vec());
        let Some(places) = positions.as_data().map(|places| places.to_vec()) else {
            self.budget.elements(count.saturating_mul(positions.len()), range)?;
            let changed = value.with_kind(kind).with_elements(&positions, &new, accumulate);
            return Ok(Item::Number(self.finish_value(changed, range)?));
        };
        self.budget.elements(count + places.len(), range)?;
        let flat = [value.reshape(&[count]).with_kind(kind), new.reshape(&[places.len()]).with_kind(kind)];
        if !accumulate {
            let mut index: Vec<u32> = (0..count as u32).collect();
            places.iter().enumerate().for_each(|(k, &p)| index[p as usize] = (count + k) as u32);
            let joined = Value::concatenate(&flat, 0).take(index, shape);
            return Ok(Item::Number(self.finish_value(joined, range)?));
        }
        let zero_and_new = Value::concatenate(
            &[Value::data(vec![0.0], vec![1], Kind::Int).with_kind(kind), flat[1].clone()],
            0,
        );
        let mut passes: Vec<Vec<u32>> = Vec::new();
        let mut seen = vec![0_usize; count];
        for (k, &place) in places.iter().enumerate() {
            let place = place as usize;
            if seen[place] == passes.len() {
                if passes.len() == PASSES {
                    return fault(
                        range,
                        format!("an element is added to more than {PASSES} times; sum by groups first"),
                    );
                }
                self.budget.elements(count, range)?;
                passes.push(vec![0; count]);
            }
            passes[seen[place]][place] = k as u32 + 1;
            seen[place] += 1;
        }
        let mut total = value.with_kind(kind);
        for index in passes {
            total = self.finish_value(total + zero_and_new.take(index, shape.clone()), range)?;
        }
        Ok(Item::Number(total))
    }
}

/// Whether an expression is JAX's `x.at`.
fn is_at(expression: &Expr) -> bool {
    matches!(expression, Expr::Attribute(attribute) if attribute.attr.as_str() == "at")
}
