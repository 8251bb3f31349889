//! Changing containers: `list.append(x)`, `table["name"] = x`, `list[i] = x`.
//!
//! Containers are values here, while they are shared objects in Python. The two agree as long as a container that is
//! changed has one name only; another name for it is an error.

use std::rc::Rc;

use ruff_python_ast::{Expr, ExprCall, ExprSubscript};
use ruff_text_size::{Ranged, TextRange};

use super::Evaluator;
use crate::language::error::{Outcome, fault};
use crate::language::item::{Item, Key};

const SHARED: &str = "this would change a list or table that has another name too (or is being looped over), which is \
                      not supported: make a new one instead";

impl<'a> Evaluator<'a> {
    /// A call that changes a list, `x.append(y)` or `x.extend(y)`; `None` for other calls.
    pub(super) fn change(&mut self, call: &'a ExprCall) -> Outcome<Option<Item>> {
        let Expr::Attribute(attribute) = &*call.func else {
            return Ok(None);
        };
        let name = attribute.attr.as_str();
        if !matches!(name, "append" | "extend")
            || !matches!(self.expression(&attribute.value)?, Item::List(_))
        {
            return Ok(None);
        }
        let [argument] = &*call.arguments.args else {
            return fault(call.range(), format!("`.{name}` takes one argument"));
        };
        let item = self.expression(argument)?;
        let items = match name {
            "append" => vec![item],
            _ => self.iterate(&item, argument.range())?,
        };
        let range = call.range();
        let depth = items.iter().map(Item::depth).max().unwrap_or(0);
        let Item::List(list) = self.place(&attribute.value, depth)? else {
            return Ok(None);
        };
        let Some(list) = Rc::get_mut(list) else {
            return fault(range, SHARED);
        };
        for item in items {
            list.push(item, range)?;
        }
        Ok(Some(Item::None))
    }

    /// `owner[key] = item`
    pub(super) fn assign_subscript(&mut self, target: &'a ExprSubscript, item: Item) -> Outcome<()> {
        let range = target.range;
        if let Expr::Name(name) = &*target.value
            && self.variable(name.id.as_str()).is_none()
            && let Item::Table(table) = self.lookup(name.id.as_str(), name.range)?
        {
            // A table of the data file becomes one of the model file.
            self.bind(name.id.as_str(), Item::Table(Rc::new((*table).clone())));
        }
        let key = self.expression(&target.slice)?;
        let owner = self.expression(&target.value)?;
        let (is_list, is_dict) =
            (matches!(owner, Item::List(_)), matches!(owner, Item::Dict(_) | Item::Table(_)));
        let described = owner.describe();
        drop(owner);
        if is_list {
            let index = self.integer(&key, "the index of a list", target.slice.range())?;
            if let Item::List(list) = self.place(&target.value, item.depth())? {
                let Some(list) = Rc::get_mut(list) else {
                    return fault(range, SHARED);
                };
                return list.replace(index, item, range);
            }
        }
        if is_dict {
            let key = self.key(&key, target.slice.range())?;
            if let Item::Dict(dict) | Item::Table(dict) = self.place(&target.value, item.depth())? {
                let Some(dict) = Rc::get_mut(dict) else {
                    return fault(range, SHARED);
                };
                return dict.insert(key, item, range);
            }
        }
        fault(range, format!("{described} cannot be changed; make a new array, with `np.where` for example"))
    }

    /// The container at `expression`, to be given an item of some depth.
    fn place(&mut self, expression: &'a Expr, item_depth: usize) -> Outcome<&mut Item> {
        let range = expression.range();
        let mut keys = Vec::new();
        let mut root = expression;
        while let Expr::Subscript(subscript) = root {
            let key = self.expression(&subscript.slice)?;
            keys.push(self.key(&key, subscript.slice.range())?);
            root = &subscript.value;
        }
        let Expr::Name(name) = root else {
            return fault(range, "only a list or table that has a name can be changed");
        };
        let Some(mut item) = self.variable_mut(name.id.as_str()) else {
            return fault(range, "only a list or table that was made here can be changed");
        };
        while let Some(key) = keys.pop() {
            item.deepen(item_depth + keys.len() + 2, range)?;
            item = match item {
                Item::List(list) => match (Rc::get_mut(list), &key) {
                    (None, _) => return fault(range, SHARED),
                    (Some(list), Key::Number(bits)) => list.item_mut(f64::from_bits(*bits)),
                    (Some(_), Key::Text(_)) => None,
                },
                Item::Dict(dict) | Item::Table(dict) => match Rc::get_mut(dict) {
                    None => return fault(range, SHARED),
                    Some(dict) => dict.get_mut(&key),
                },
                _ => None,
            }
            .ok_or_else(|| missing(range))?;
        }
        Ok(item)
    }
}

fn missing(range: TextRange) -> Box<crate::language::error::Fault> {
    crate::language::error::Fault::new(range, "there is no such entry")
}
