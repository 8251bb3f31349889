//! The values of an `Enum` that a file defines: `class Color(Enum): RED = 1`.

use std::collections::HashMap;

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::TextRange;

use super::classes::{Class, Instance, Object};
use super::{Call, Evaluator};
use crate::language::error::{Outcome, fault};
use crate::language::item::Item;

impl<'a> Evaluator<'a> {
    /// A value of an `Enum` as an object of it.
    pub(super) fn choice(&mut self, class: usize, name: &'a str, value: Item) -> Item {
        if value.is_callable() {
            return value;
        }
        let object = Instance { number: self.objects.len(), below: None };
        let attributes = HashMap::from([("name", Item::text(name)), ("value", value)]);
        self.objects.push(Object { class, attributes, core: None, passed_over: None });
        Item::Object(object)
    }

    /// The value of an `Enum` that a call of it asks for.
    pub(super) fn chosen(&mut self, class: usize, call: &Call) -> Outcome<Item> {
        let [wanted] = call.bind(["value"])?;
        let wanted = call.required(wanted, "value")?;
        for item in self.choices(class) {
            if let Item::Object(object) = &item
                && let Some(value) =
                    self.objects.get(object.number).and_then(|known| known.attributes.get("value")).cloned()
                && self.equal(&value, &wanted.item, call.range)?
            {
                return Ok(item);
            }
        }
        fault(wanted.range, format!("`{}` has no such value", call.name))
    }

    /// The values of an `Enum` in order; none of other classes.
    pub(super) fn choices(&self, class: usize) -> Vec<Item> {
        let class = self.classes.get(class);
        let item = |class: &Class<'a>, name: &&str| Some(class.members.get(name)?.item.clone());
        class.map_or(Vec::new(), |class| class.choices.iter().filter_map(|name| item(class, name)).collect())
    }

    /// `Choices["NAME"]` of an `Enum`
    pub(super) fn named_choice(&mut self, class: usize, name: &Item, range: TextRange) -> Outcome<Item> {
        let known = self.classes.get(class).filter(|class| !class.choices.is_empty());
        let (Some(class), Item::Text(name)) = (known, name) else {
            return fault(range, "a class cannot be indexed");
        };
        match class.choices.iter().find(|known| **known == &**name).and_then(|name| class.members.get(name)) {
            Some(member) => Ok(member.item.clone()),
            None => fault(range, format!("there is no choice `{name}` ({})", class.choices.join(", "))),
        }
    }
}

/// The names that the body of a class gives values, in order.
pub(super) fn assigned_names(body: &[Stmt]) -> Vec<&str> {
    let mut names = Vec::new();
    for statement in body {
        if let Stmt::Assign(assign) = statement
            && let [Expr::Name(name)] = &*assign.targets
            && !name.id.starts_with('_')
        {
            names.push(name.id.as_str());
        }
    }
    names
}
