//! Views: `row = X[0]` is a part of `X`, and what changes one of them changes the other, as in NumPy.
//!
//! Arrays are values here. So a name that is given a slice of the array of another name, or its transpose, is remembered,
//! and a change of either is carried over.

use chainfire_engine::program::value::Subscript;
use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::{Expr, ExprSubscript, StmtAssign, StmtFor};
use ruff_text_size::{Ranged, TextRange};

use super::Evaluator;
use super::subscript::Subscripts;
use crate::language::error::Outcome;
use crate::language::item::Item;

/// A name that stands for a part of the array of another one.
#[derive(Clone, Debug)]
pub(super) struct View<'a> {
    pub(super) frame: Option<usize>,
    name: &'a str,
    base: &'a str,
    part: Part,
}

/// What a view is of its array.
#[derive(Clone, Debug)]
enum Part {
    Slice(Subscripts),
    Transpose,
}

impl View<'_> {
    pub(super) fn is_of(&self, frame: Option<usize>, name: &str) -> bool {
        self.frame == frame && (self.name == name || self.base == name)
    }
}

impl<'a> Evaluator<'a> {
    /// Remembers what `name = array[1:3]` makes a view.
    pub(super) fn note_view(&mut self, assign: &'a StmtAssign) -> Outcome<()> {
        let [target] = &*assign.targets else { return Ok(()) };
        match (target, &*assign.value) {
            (Expr::Tuple(targets), Expr::Tuple(values)) if targets.elts.len() == values.elts.len() => {
                let mut pairs = targets.elts.iter().zip(&values.elts);
                pairs.try_for_each(|(target, value)| self.note_part(target, value))
            }
            (target, value) => self.note_part(target, value),
        }
    }

    fn note_part(&mut self, target: &'a Expr, value: &'a Expr) -> Outcome<()> {
        let Expr::Name(target) = target else { return Ok(()) };
        let (base, slice) = match value {
            Expr::Subscript(value) if is_plain(&value.slice) => (&*value.value, Some(&*value.slice)),
            Expr::Attribute(value) if value.attr.as_str() == "T" => (&*value.value, None),
            _ => return Ok(()),
        };
        let Expr::Name(base) = base else { return Ok(()) };
        let (target, base) = (target.id.as_str(), base.id.as_str());
        if target == base || !self.is_own_array(target) || !self.is_own_array(base) {
            return Ok(());
        }
        let part = match slice {
            Some(slice) => Part::Slice(self.subscripts(slice)?),
            None => Part::Transpose,
        };
        let is_copy = matches!(&part, Part::Slice(subscripts)
            if subscripts.iter().any(|subscript| matches!(subscript, Some(Subscript::Array(_)))));
        if !is_copy {
            self.add_view(target, base, part);
        }
        Ok(())
    }

    /// Remembers that the variable of `for row in array` is a view of its row, also with `enumerate`.
    pub(super) fn note_row(&mut self, statement: &'a StmtFor, row: usize) {
        let (target, base) = match (&*statement.target, &*statement.iter) {
            (Expr::Tuple(target), Expr::Call(call)) => {
                match (&*target.elts, &*call.func, &*call.arguments.args) {
                    ([_, target], Expr::Name(name), [base]) if name.id.as_str() == "enumerate" => {
                        (target, base)
                    }
                    _ => return,
                }
            }
            both => both,
        };
        let (Expr::Name(target), Expr::Name(base)) = (target, base) else { return };
        if target.id != base.id
            && matches!(self.visible(target.id.as_str()), Some(Item::Number(row)) if is_array(row))
            && self.is_own_array(base.id.as_str())
        {
            let part = Part::Slice(vec![Some(Subscript::At(row as i64))]);
            self.add_view(target.id.as_str(), base.id.as_str(), part);
        }
    }

    fn is_own_array(&self, name: &str) -> bool {
        matches!(self.visible(name), Some(Item::Number(array)) if is_array(array))
    }

    fn add_view(&mut self, name: &'a str, base: &'a str, part: Part) {
        self.views.push(View { frame: self.frame, name, base, part });
    }

    /// Whether a name is that of a view, or of an array that has some.
    pub(super) fn is_viewed(&self, name: &str) -> bool {
        self.views.iter().any(|view| view.is_of(self.frame, name))
    }

    /// The other names whose arrays change with that of a name.
    pub(super) fn viewed_with(&self, name: &str) -> Vec<&'a str> {
        let (own, mut names) = (self.frame, Vec::new());
        for view in self.views.iter().filter(|view| view.is_of(own, name)) {
            names.push(if view.name == name { view.base } else { view.name });
        }
        names
    }

    /// Carries a change of the array of a name over to those that share elements with it.
    pub(super) fn carry_over(&mut self, target: &'a Expr) -> Outcome<()> {
        let Expr::Name(name) = target else { return Ok(()) };
        let (mut changed, mut next) = (vec![name.id.as_str()], 0);
        while next < changed.len() {
            let name = changed[next];
            next += 1;
            let views: Vec<View<'a>> =
                self.views.iter().filter(|view| view.is_of(self.frame, name)).cloned().collect();
            for View { name: view, base, part, .. } in views {
                if view == name && !changed.contains(&base) {
                    self.write_back(view, base, part, target.range())?;
                    changed.push(base);
                } else if base == name && !changed.contains(&view) {
                    let Some(Item::Number(array)) = self.visible(base).cloned() else { continue };
                    let part = self.part_of(&array, part, target.range())?;
                    if let Some(place) = self.variable_mut(view) {
                        *place = Item::Number(part);
                    }
                    changed.push(view);
                }
            }
        }
        Ok(())
    }

    fn write_back(&mut self, view: &'a str, base: &'a str, part: Part, range: TextRange) -> Outcome<()> {
        let (Some(new @ Item::Number(_)), Some(Item::Number(array))) =
            (self.visible(view).cloned(), self.visible(base).cloned())
        else {
            return Ok(());
        };
        let places = self.all_places(&array, range)?;
        let places = self.part_of(&places, part, range)?;
        drop(array);
        let Some(place) = self.variable_mut(base) else { return Ok(()) };
        let mut array = std::mem::replace(place, Item::None);
        let outcome = self.assign_elements(&mut array, &places, &new, range);
        if let Some(place) = self.variable_mut(base) {
            *place = array;
        }
        outcome
    }

    fn part_of(&mut self, array: &Value, part: Part, range: TextRange) -> Outcome<Value> {
        match part {
            Part::Slice(subscripts) => self.index(array, subscripts, range),
            Part::Transpose => {
                self.budget.elements(array.len(), range)?;
                Ok(array.transpose())
            }
        }
    }

    /// The places of all elements of an array, in its shape.
    pub(super) fn all_places(&mut self, array: &Value, range: TextRange) -> Outcome<Value> {
        self.budget.elements(array.len(), range)?;
        let places: Vec<f64> = (0..array.len()).map(|place| place as f64).collect();
        Ok(Value::data(places, array.shape(), Kind::Int))
    }

    /// `array[i][j]`: the array, and the flat places of the elements.
    pub(super) fn places_in(&mut self, target: &'a ExprSubscript) -> Outcome<(&'a Expr, Value)> {
        let range = target.range;
        if let Expr::Subscript(owner) = &*target.value
            && is_plain(&owner.slice)
            && let Item::Number(_) = self.expression(&owner.value)?
        {
            let (array, places) = self.places_in(owner)?;
            let part = self.subscripts(&target.slice)?;
            return Ok((array, self.index(&places, part, range)?));
        }
        let array = self.expression(&target.value)?;
        let array = self.item_value(&array, range)?;
        Ok((&target.value, self.positions(&array, &target.slice, range)?))
    }
}

fn is_array(value: &Value) -> bool {
    value.rank() > 0 && value.as_data().is_some()
}

/// Whether subscripts are such as give a view, as far as can be seen: those of arrays and masks give a copy.
fn is_plain(slice: &Expr) -> bool {
    match slice {
        Expr::Tuple(tuple) => tuple.elts.iter().all(is_plain),
        Expr::List(_) | Expr::Compare(_) | Expr::Call(_) | Expr::Starred(_) | Expr::Named(_) => false,
        Expr::Slice(slice) => {
            [&slice.lower, &slice.upper, &slice.step].into_iter().flatten().all(|bound| is_plain(bound))
        }
        _ => true,
    }
}
