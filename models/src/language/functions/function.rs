//! A function of a module as a value, and what calling it does.

use chainfire_engine::program::{Kind, Value};
use ruff_text_size::TextRange;

use super::conditional::{self, Step};
use super::{Module, Row, Run, alignment, derived, matrices, read_data, reduce, refused};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Stream};
use crate::language::item::Item;
use crate::language::limits;

/// A function as a value.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) struct Function {
    pub(super) module: Module,
    pub(super) row: &'static Row,
}

/// Functions of pandas whose arguments meet by label.
const ALIGNING: &[&str] = &["DataFrame", "Series", "concat", "crosstab"];

/// Functions of pandas that give an element for each row of a column.
const ROW_BY_ROW: &[&str] = &[
    "to_datetime",
    "to_timedelta",
    "to_numeric",
    "cut",
    "qcut",
    "isna",
    "isnull",
    "notna",
    "notnull",
    "get_dummies",
];

/// A result with the labels of the first column that has as many rows.
fn like_any<'i>(columns: impl Iterator<Item = &'i Item>, result: Item) -> Item {
    let mut columns = columns.filter(|item| item.rows().is_some() && item.size() == result.size());
    columns.next().map_or_else(|| result.clone(), |column| alignment::like(column, result.clone()))
}

impl Function {
    /// Name as users write it.
    pub(in crate::language) fn name(&self) -> String {
        match self.module {
            Module::Python => self.row.0.to_owned(),
            module => format!("{}.{}", module.name(), self.row.0),
        }
    }

    /// `function.__name__`
    pub(in crate::language) fn plain_name(&self) -> &'static str {
        self.row.0
    }

    /// Whether it makes covariance or mean functions of Gaussian processes.
    pub(in crate::language) fn is_of_processes(&self) -> bool {
        matches!(self.module, Module::Covariances | Module::Means)
    }

    /// Whether classes of a file may stand below it.
    pub(in crate::language) fn stands_above_classes(&self) -> bool {
        self.is_of_processes()
            || self.makes_models()
            || (self.module == Module::Transforms && self.row.0 == "Transform")
    }

    /// Whether it is `pm.Model`.
    pub(in crate::language) fn makes_models(&self) -> bool {
        self.module == Module::PyMc && self.row.0 == "Model"
    }

    /// Whether it makes variables of distributions that the file writes.
    pub(in crate::language) fn makes_distributions(&self) -> bool {
        matches!(self.row.0, "CustomDist" | "DensityDist")
    }

    /// Whether it makes mean functions.
    pub(in crate::language) fn is_of_means(&self) -> bool {
        self.module == Module::Means
    }

    /// Whether it gives elements of a tensor new numbers, so that the index of its first argument is meant.
    pub(in crate::language) fn replaces_elements(&self) -> bool {
        matches!(self.row.0, "set_subtensor" | "inc_subtensor")
    }

    /// What the library defines under its name, where it is of the library.
    pub(in crate::language) fn as_written(&self, e: &mut Evaluator<'_>, range: TextRange) -> Outcome<Item> {
        match self.row.2 {
            Run::Written(library) => e.written(library, self.row.0, range),
            _ => Ok(Item::Function(*self)),
        }
    }

    /// Whether it draws from the generator of `np.random`.
    pub(in crate::language) fn draws(&self) -> bool {
        matches!(self.row.2, Run::Draw(_))
    }

    /// Whether it reads the data file, so that some of its [options](super::read_options) mean nothing.
    pub(in crate::language) fn reads_data(&self) -> bool {
        matches!(self.row.2, Run::DataFile(_))
    }

    /// `np.subtract.outer(a, b)`: a function of two arrays for all pairs of their elements.
    pub(super) fn outer(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let run = self.of_two(call)?;
        let [a, b] = call.bind(["a", "b"])?;
        let (a, b) = (e.value(call.required(a, "a")?)?, e.value(call.required(b, "b")?)?);
        let wide = a.reshape(&[a.shape(), &vec![1; b.rank()]].concat());
        Ok(Item::Number(e.binary(run, &wide, &b, call.range)?))
    }

    pub(in crate::language) fn of_two(&self, call: &Call) -> Outcome<fn(&Value, &Value) -> Value> {
        match self.row.2 {
            Run::Binary(run) => Ok(run),
            _ => fault(call.range, format!("`{}` is not a function of two arrays", self.name())),
        }
    }

    /// `np.maximum.reduce(x, axis)` and `np.maximum.accumulate(x, axis)`: from one element of an axis to the next.
    pub(super) fn folded(&self, e: &mut Evaluator<'_>, call: &Call, keeps: bool) -> Outcome<Item> {
        let run = self.of_two(call)?;
        let [x, along] = call.bind(["array", "axis"])?;
        let x = e.value(call.required(x, "array")?)?;
        if x.is_empty() || x.rank() == 0 {
            return fault(call.range, "this is for arrays with elements");
        }
        let axis = match along {
            Some(along) if matches!(along.item, Item::None) => None,
            Some(along) => Some(reduce::axis(e, &along.item, x.rank(), along.range)?),
            None => Some(0),
        };
        let x = if axis.is_some() { x } else { x.reshape(&[x.len()]) };
        let axis = axis.unwrap_or(0);
        let shape = [&x.shape()[..axis], &x.shape()[axis + 1..]].concat();
        e.budget.steps(x.shape()[axis], call.range)?;
        let mut all: Vec<Value> = Vec::new();
        for k in 0..x.shape()[axis] {
            let next = x.narrow(axis, k, k + 1).reshape(&shape);
            let whole = match all.last() {
                Some(before) => e.binary(run, before, &next, call.range)?,
                None => next,
            };
            if !keeps {
                all.clear();
            }
            all.push(whole);
        }
        match (keeps, all.pop()) {
            (false, Some(last)) => Ok(Item::Number(last)),
            (_, last) => {
                all.extend(last);
                Ok(Item::Number(e.finish_value(Value::stack(&all, axis), call.range)?))
            }
        }
    }

    /// What an elementwise function of an object gives, where its class says that in `__array_ufunc__`.
    fn of_objects(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Option<Item>> {
        let is_object = |argument: &&Argument| matches!(argument.item, Item::Object(_));
        let Some(object) = call.positional.iter().find(is_object) else { return Ok(None) };
        if !self.is_elementwise() {
            return Ok(None);
        }
        let inputs = call.positional.iter().map(|argument| argument.item.clone());
        let others = [Item::Function(*self), Item::text("__call__")].into_iter().chain(inputs).collect();
        e.special(&object.item, "__array_ufunc__", others, call.range)
    }

    /// `stack(a, b)`: what takes a list of arrays has been given them one by one.
    fn without_list(&self, e: &Evaluator<'_>, call: &Call) -> Option<Box<Fault>> {
        let [
            Argument { item: Item::Number(first), range },
            Argument { item: Item::Number(second), range: last },
            ..,
        ] = &*call.positional
        else {
            return None;
        };
        let takes_a_list = ["stack", "concatenate", "hstack", "vstack", "column_stack"].contains(&self.row.0);
        if !takes_a_list || !(first.rank() == 0 || second.rank() > 0 || second.is_random()) {
            return None;
        }
        let message = format!("`{}` takes a list of arrays: put them in brackets", self.name());
        let (first, second) = (e.text_at(*range), e.text_at(*last));
        let rest = if call.positional.len() > 2 { ", ..." } else { "" };
        let fix = format!("write `{}([{first}, {second}{rest}])`", call.name);
        Some(Fault::new(call.range, message).fix(fix))
    }

    /// Whether it goes through the elements of one array or two.
    pub(super) fn is_elementwise(&self) -> bool {
        matches!(self.row.2, Run::Unary(_) | Run::Binary(_))
    }

    /// Calls the function.
    pub(in crate::language) fn run(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        match self.module {
            // Functions of distributions, not of draws.
            Module::PyMc | Module::Distributions => self.run_inside(e, call),
            _ => {
                conditional::derived(e, Step::Function(*self), || call.clone(), |e| self.run_inside(e, call))
            }
        }
    }

    /// Calls the function with columns whose rows have labels, which the result keeps where it has a row for each.
    fn run_inside(&self, e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        let first = || call.positional.iter().chain(call.keywords.iter().map(|(_, argument)| argument));
        let Some(column) = first().map(|argument| &argument.item).find(|item| item.rows().is_some()) else {
            return self.run_plainly(e, call);
        };
        if self.module == Module::Pandas && ALIGNING.contains(&self.row.0) {
            return self.run_plainly(e, call);
        }
        if let (Run::Binary(_), [a, b]) = (self.row.2, call.positional.as_slice())
            && let Some((left, right)) = alignment::aligned(e, &a.item, &b.item, call.range)?
        {
            let (mut inner, range) = (call.clone(), call.range);
            inner.positional = vec![Argument { item: left, range }, Argument { item: right, range }];
            return self.run_inside(e, &inner);
        }
        let mut inner = call.clone();
        inner.positional.iter_mut().for_each(|argument| argument.item = argument.item.bare().clone());
        inner.keywords.iter_mut().for_each(|(_, argument)| argument.item = argument.item.bare().clone());
        let result = self.run_plainly(e, &inner)?;
        Ok(match (self.module, result) {
            (Module::Pandas, result) if ROW_BY_ROW.contains(&self.row.0) => {
                alignment::as_column(column, result)
            }
            (Module::NumPy, result @ Item::Series(_)) => {
                like_any(first().map(|argument| &argument.item), result)
            }
            // Functions of SciPy give arrays.
            (Module::Pandas | Module::Python, result) => result,
            (_, Item::Series(values)) => Item::Number(values),
            (_, result) => result,
        })
    }

    fn run_plainly(&self, evaluator: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
        // What a Gaussian process needs takes many operations, whatever its size.
        let steps = if matches!(self.module, Module::Processes | Module::Covariances | Module::Means) {
            limits::PROCESS
        } else {
            0
        };
        evaluator.budget.steps(steps, call.range)?;
        if let Some(item) = derived::function(evaluator, self.module, self.row.0, call)? {
            return Ok(item);
        }
        refused::tell(evaluator, self, call);
        if let Some(fault) = self.without_list(evaluator, call) {
            return Err(fault);
        }
        if let Some(item) = self.of_objects(evaluator, call)? {
            return Ok(item);
        }
        if let ("abs" | "absolute", [x]) = (self.row.0, call.positional.as_slice())
            && let Some(size) = evaluator.special(&x.item, "__abs__", Vec::new(), call.range)?
        {
            return Ok(size);
        }
        match self.row.2 {
            // Python rounds to whole numbers, NumPy to floats.
            Run::Unary(_)
                if self.module == Module::PlainMath && ["floor", "ceil", "trunc"].contains(&self.row.0) =>
            {
                let [x] = call.bind(["x"])?;
                let x = call.required(x, "x")?;
                let number = evaluator.float(&x.item, "what is rounded", x.range)?;
                let whole = match self.row.0 {
                    "floor" => number.floor(),
                    "ceil" => number.ceil(),
                    _ => number.trunc(),
                };
                Ok(Item::Number(evaluator.cast(&Value::from(whole), Kind::Int, call.range)?))
            }
            Run::Call(run) => run(evaluator, call),
            Run::Matrices(run) => matrices::run(evaluator, call, run),
            Run::Written(_) => {
                let callee = self.as_written(evaluator, call.range)?;
                evaluator.apply(&callee, call.clone())
            }
            Run::Draw(draw) => draw.run(evaluator, call, Stream::GLOBAL),
            Run::DataFile(contents) => read_data::data_file(evaluator, call, contents, self.row.0),
            Run::Unary(run) => {
                let [x] = call.bind(["x"])?;
                let argument = call.required(x, "x")?;
                let value = evaluator.value(argument)?;
                let series = argument.item.is_series();
                if value.is_random() {
                    evaluator.made.of_parameters.insert(call.range);
                }
                let result = evaluator.finish_value(run(&value), call.range)?;
                if let (Item::Table(table), Module::NumPy) = (&argument.item, self.module) {
                    return evaluator.table_like(table, result, call.range);
                }
                Ok(Item::numbers(result, series))
            }
            // `pt.add` and `pt.mul` take any number of arrays.
            Run::Binary(run)
                if call.positional.len() > 2
                    && matches!((self.module, self.row.0), (Module::Tensor, "add" | "mul")) =>
            {
                let mut whole = evaluator.value(&call.positional[0])?;
                for part in &call.positional[1..] {
                    let part = evaluator.value(part)?;
                    whole = evaluator.binary(run, &whole, &part, call.range)?;
                }
                Ok(Item::Number(whole))
            }
            Run::Binary(run) => {
                let [a, b] = call.bind(["a", "b"])?;
                let (a, b) = (call.required(a, "a")?, call.required(b, "b")?);
                let series = a.item.is_series() || b.item.is_series();
                let (a, b) = (evaluator.value(a)?, evaluator.value(b)?);
                let value = evaluator.binary(run, &a, &b, call.range)?;
                Ok(Item::numbers(value, series))
            }
        }
    }
}
