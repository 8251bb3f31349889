//! Changing the elements of arrays in their place: `array.sort()`, `array.fill(0)`, `np.add.at(array, indices, 1)`.

use std::sync::Arc;

use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::{Expr, ExprAttribute, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use super::Evaluator;
use super::place::SHARED;
use crate::language::error::{Outcome, fault};
use crate::language::functions;
use crate::language::item::Item;

impl<'a> Evaluator<'a> {
    /// `array.fill(value)`
    pub(super) fn fill_array(
        &mut self,
        method: &'a ExprAttribute,
        call: &'a ExprCall,
        array: Value,
    ) -> Outcome<Item> {
        let given = self.arguments(call, ".fill".to_owned(), false)?;
        let [value] = given.bind(["value"])?;
        let value = given.required(value, "value")?.item.clone();
        let (owner, places) = match &*method.value {
            Expr::Subscript(part) if part.value.is_name_expr() => self.places_in(part)?,
            owner => (owner, self.all_places(&array, call.range())?),
        };
        drop((array, given));
        let mut array = std::mem::replace(self.place(owner, 0)?, Item::None);
        let outcome = self.assign_elements(&mut array, &places, &value, call.range());
        self.put(owner, array)?;
        outcome.map(|()| Item::None)
    }

    /// `np.add.at(a, indices, b)`: element after element, also where an index comes several times.
    pub(super) fn accumulate_at(
        &mut self,
        function: functions::Function,
        call: &'a ExprCall,
    ) -> Outcome<Item> {
        let range = call.range();
        let given = self.arguments(call, "at".to_owned(), false)?;
        let [array, indices, values] = given.bind(["a", "indices", "b"])?;
        let run = function.of_two(&given)?;
        let before = self.known_value(given.required(array, "a")?, "what is changed")?;
        let subscript = match &given.required(indices, "indices")?.item {
            Item::Tuple(each) => {
                let each = each.items().to_vec();
                each.iter().map(|item| self.subscript_of(item, range)).collect::<Outcome<Vec<_>>>()?
            }
            item => vec![self.subscript_of(item, range)?],
        };
        let all =
            Value::data((0..before.len()).map(|k| k as f64).collect::<Vec<_>>(), before.shape(), Kind::Int);
        let places = self.index(&all, subscript, range)?;
        let values = self.known_value(given.required(values, "b")?, "what is put there")?;
        let values = self.finish_value(values.broadcast_to(places.shape()), range)?;
        drop(given);
        self.budget.work(places.len().saturating_mul(20), range)?;
        let mut numbers = before.as_data().map(|x| x.to_vec()).unwrap_or_default();
        let (places, values) = (places.as_data(), values.as_data());
        for (&place, &value) in
            places.into_iter().flat_map(|x| x.iter()).zip(values.into_iter().flat_map(|x| x.iter()))
        {
            let made = run(&Value::from(numbers[place as usize]), &Value::from(value));
            numbers[place as usize] = made.as_data().map_or(f64::NAN, |x| x[0]);
        }
        let Some(target) = call.arguments.args.first() else {
            return fault(range, "`at` takes an array first");
        };
        let item = Item::Number(Value::data(numbers, before.shape(), before.kind()));
        drop(before);
        self.put(target, item).map(|()| Item::None)
    }

    /// `np.fill_diagonal(a, val)`, which changes `a`.
    pub(super) fn fill_diagonal(&mut self, call: &'a ExprCall) -> Outcome<Item> {
        let given = self.arguments(call, "np.fill_diagonal".to_owned(), false)?;
        let [array, value] = given.bind(["a", "val"])?;
        let shape = self.value(given.required(array, "a")?)?.shape().to_vec();
        let value = given.required(value, "val")?.item.clone();
        drop(given);
        let (Some(target), [rows, columns]) = (call.arguments.args.first(), &*shape) else {
            return fault(call.range(), "`fill_diagonal` takes a matrix that has a name first");
        };
        let places: Vec<f64> = (0..*rows.min(columns)).map(|k| (k * (columns + 1)) as f64).collect();
        let places = Value::data(places.clone(), vec![places.len()], Kind::Int);
        let mut array = std::mem::replace(self.place(target, 0)?, Item::None);
        let outcome = self.assign_elements(&mut array, &places, &value, call.range());
        self.put(target, array)?;
        outcome.map(|()| Item::None)
    }

    /// `array.sort()`: in its place.
    pub(super) fn sort_array(&mut self, method: &'a ExprAttribute, call: &'a ExprCall) -> Outcome<Item> {
        let range = call.range();
        self.place(&method.value, 0)?;
        let array = self.expression(&method.value)?;
        let call = self.arguments(call, "np.sort".to_owned(), false)?;
        match functions::Module::NumPy.member("sort", range)? {
            Item::Function(sort) => {
                let sorted = sort.run(self, &call.with_receiver(array))?;
                self.put(&method.value, sorted)?;
                Ok(Item::None)
            }
            _ => Ok(Item::None),
        }
    }

    /// Gives the elements of an array at flat positions new numbers.
    pub(super) fn assign_elements(
        &mut self,
        array: &mut Item,
        positions: &Value,
        item: &Item,
        range: TextRange,
    ) -> Outcome<()> {
        let new = self.item_value(item, range)?;
        let (Item::Number(value) | Item::Series(value)) = array else {
            return fault(range, "only arrays of numbers have elements that can be changed");
        };
        let Some(numbers) = value.as_data() else {
            return fault(
                range,
                "an array of the model's parameters cannot be changed: `pt.set_subtensor(x[...], y)` makes a new one",
            );
        };
        if new.is_random() || positions.is_random() {
            return fault(
                range,
                "an array of data cannot hold parameters: build it with `pt.stack` or `pt.set_subtensor`",
            );
        }
        if Arc::strong_count(numbers) > 1 {
            return fault(range, SHARED);
        }
        let new = self.cast(&new, value.kind(), range)?;
        let new = self.finish_value(new.broadcast_to(positions.shape()), range)?;
        if let (Some(positions), Some(new)) = (positions.as_data(), new.as_data()) {
            value.set(positions.iter().map(|&p| p as usize).zip(new.iter().copied()));
        }
        Ok(())
    }
}
