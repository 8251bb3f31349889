//! `conditional_logp({x: a, y: b})`: densities of draws, each given the values of the others that it is made of.
//!
//! A draw that is made of draws remembers how it was made; with values in the place of those draws it is made anew.
//! Files that do not name the function remember nothing: there, a draw has no use as a parameter.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob/basic.py`

use std::collections::HashMap;
use std::rc::Rc;

use ruff_python_ast::{CmpOp, Operator, UnaryOp};
use ruff_text_size::TextRange;

use super::derived::Draw;
use super::variables::parameter;
use super::{Function, PMC, Row, Run, methods};
use crate::distributions::derived::is_made_of;
use crate::distributions::possible_density;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Subscripts};
use crate::language::item::{Dict, Item, Key, Sequence};

pub(super) const ROWS: &[Row] = &[(NAME, PMC, Run::Call(densities))];

/// Name of the function.
const NAME: &str = "conditional_logp";

/// How deep draws may be made of draws.
const LEVELS: usize = 100;

/// Whether a file's draws remember what they were made of.
pub(in crate::language) fn is_named_in(source: &str) -> bool {
    source.contains(NAME)
}

/// What makes an item of other ones.
#[derive(Clone, Debug)]
pub(in crate::language) enum Step {
    Operator(Operator),
    Sign(UnaryOp),
    Comparison(CmpOp),
    Function(Function),
    Attribute(Rc<str>),
    /// Of the first operand; `dist` is one of distributions.
    Method(Rc<str>),
    /// The subscripts of the first operand; the last operand stands at that place, if there is one.
    Subscript(Subscripts, Option<usize>),
}

/// How an item was made of draws.
#[derive(Debug)]
pub(in crate::language) struct Derivation {
    step: Step,
    operands: Call,
    levels: usize,
}

/// The derivations of draws, by where the draws are in memory; each holds its draw, so that no other comes there.
pub(in crate::language) type Derivations = HashMap<*const (), (Draw, Rc<Derivation>)>;

impl Derivation {
    /// How deep containers are nested in it.
    pub(in crate::language) fn depth(&self) -> usize {
        1 + self.operands.items().map(|argument| argument.item.depth()).max().unwrap_or(0)
    }
}

fn address(draw: &Draw) -> *const () {
    Rc::as_ptr(draw).cast()
}

/// Operands without names.
pub(in crate::language) fn operands<'i>(items: impl IntoIterator<Item = &'i Item>, range: TextRange) -> Call {
    let positional = items.into_iter().map(|item| Argument { item: item.clone(), range }).collect();
    Call { name: String::new(), range, positional, keywords: Vec::new() }
}

/// What `run` makes of operands, remembered where it is a draw; where it is a fault, the draws must have values first.
pub(in crate::language) fn derived(
    e: &mut Evaluator<'_>,
    step: Step,
    operands: impl FnOnce() -> Call,
    run: impl FnOnce(&mut Evaluator<'_>) -> Outcome<Item>,
) -> Outcome<Item> {
    if e.derivations.is_none() {
        return run(e);
    }
    let operands = operands();
    let Some(below) = operands.items().map(|argument| levels(e, &argument.item)).max().filter(|&n| n > 0)
    else {
        return run(e);
    };
    if below > LEVELS {
        let message = format!("draws are made of draws more than {LEVELS} levels deep");
        return Err(Fault::new(operands.range, message).fatal());
    }
    let result = run(e);
    let derivation = || Rc::new(Derivation { step, operands: operands.clone(), levels: below });
    match (&result, &mut e.derivations) {
        (Ok(Item::Component(draw)), Some(all)) => {
            let is_operand =
                |argument: &Argument| matches!(&argument.item, Item::Component(own) if Rc::ptr_eq(own, draw));
            if !operands.items().any(is_operand) {
                all.entry(address(draw)).or_insert_with(|| (draw.clone(), derivation()));
            }
            result
        }
        (Err(_), _) => Ok(Item::Conditional(derivation())),
        _ => result,
    }
}

/// How many levels of draws an item has: 0 for what holds none.
fn levels(e: &Evaluator<'_>, item: &Item) -> usize {
    match item {
        Item::Component(draw) => {
            let derivation = e.derivations.as_ref().and_then(|all| all.get(&address(draw)));
            1 + derivation.map_or(0, |(_, derivation)| derivation.levels)
        }
        Item::Conditional(derivation) => 1 + derivation.levels,
        Item::List(items) | Item::Tuple(items) => {
            items.items().iter().map(|item| levels(e, item)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// Values in the place of draws.
struct Given {
    values: HashMap<Key, Item>,
    /// What stands for items that were made anew.
    made: HashMap<Key, Option<Item>>,
}

/// `conditional_logp({x: a, y: b})`: the log density of each draw at its value, by the values.
fn densities(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [pairs, warns] = call.bind(["rv_values", "warn_rvs"])?;
    if let Some(warns) = warns {
        e.truth(&warns.item, warns.range)?;
    }
    let pairs = call.required(pairs, "rv_values")?;
    let Item::Dict(dict) = &pairs.item else {
        let seen = pairs.item.describe();
        return fault(
            pairs.range,
            format!("`{NAME}` takes a dictionary of draws and their values, not {seen}"),
        );
    };
    let mut given = Given { values: HashMap::new(), made: HashMap::new() };
    for (key, value) in dict.entries() {
        if !matches!(key.item(), Item::Component(_) | Item::Conditional(_)) {
            let seen = key.display();
            return fault(
                pairs.range,
                format!(
                    "the keys of `{NAME}` are draws, such as `x` of `x = pm.Normal.dist(0, 1)`, not {seen}"
                ),
            );
        }
        let value = parameter(e, &Argument { item: value.clone(), range: pairs.range })?;
        given.values.insert(key.clone(), Item::Number(value));
    }
    let mut out = Dict::default();
    for (key, value) in dict.entries() {
        let of = key.item();
        let made = given.operands_of(e, &of, pairs.range)?.unwrap_or(of);
        let Item::Component(draw) = made else {
            return fault(
                pairs.range,
                format!(
                    "a draw of the dictionary is made of draws that have no value in it: `{NAME}` needs the values of all \
                     of them"
                ),
            );
        };
        for (other, _) in dict.entries().iter().filter(|(other, _)| other != key) {
            if let Item::Component(other) = other.item()
                && is_made_of(&*draw, &*other)
            {
                return fault(
                    pairs.range,
                    "a draw is made of another one in a way that this does not follow",
                );
            }
        }
        let x = given.values[key].clone();
        let density = possible_density(&*draw, &e.item_value(&x, pairs.range)?);
        let density = Item::Number(e.finish_value(density, call.range)?);
        out.insert(e.key(value, pairs.range)?, density, call.range)?;
    }
    Ok(Item::Dict(Rc::new(out)))
}

impl Given {
    /// An item with values in the place of draws; `None` where it holds none of these.
    fn replaced(&mut self, e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<Option<Item>> {
        e.budget.steps(1, range)?;
        match item {
            Item::Component(_) | Item::Conditional(_) => {
                let key = e.key(item, range)?;
                if let Some(value) = self.values.get(&key) {
                    return Ok(Some(value.clone()));
                }
                if let Some(made) = self.made.get(&key) {
                    return Ok(made.clone());
                }
                let made = self.operands_of(e, item, range)?;
                self.made.insert(key, made.clone());
                Ok(made)
            }
            Item::List(items) | Item::Tuple(items) => {
                let mut all = Vec::with_capacity(items.items().len());
                let mut is_other = false;
                for item in items.items() {
                    let other = self.replaced(e, item, range)?;
                    is_other |= other.is_some();
                    all.push(other.unwrap_or_else(|| item.clone()));
                }
                let all = Sequence::new(all, range)?;
                Ok(is_other.then_some(if matches!(item, Item::List(_)) {
                    Item::List(all)
                } else {
                    Item::Tuple(all)
                }))
            }
            _ => Ok(None),
        }
    }

    /// An item made anew of its operands with values in the place of draws; `None` where none of these stands there.
    fn operands_of(&mut self, e: &mut Evaluator<'_>, item: &Item, range: TextRange) -> Outcome<Option<Item>> {
        let derivation = match item {
            Item::Conditional(derivation) => derivation.clone(),
            Item::Component(draw) => match e.derivations.as_ref().and_then(|all| all.get(&address(draw))) {
                Some((_, derivation)) => derivation.clone(),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let mut operands = derivation.operands.clone();
        let mut is_other = false;
        for argument in operands.items_mut() {
            if let Some(other) = self.replaced(e, &argument.item, range)? {
                argument.item = other;
                is_other = true;
            }
        }
        if !is_other {
            return Ok(None);
        }
        e.nested(range, |e| derivation.step.take(e, operands)).map(Some)
    }
}

impl Step {
    /// What it makes of operands.
    fn take(&self, e: &mut Evaluator<'_>, mut operands: Call) -> Outcome<Item> {
        let range = operands.range;
        let item = |k: usize| operands.positional.get(k).map_or(Item::None, |argument| argument.item.clone());
        match self {
            Step::Operator(op) => e.operation(*op, &item(0), &item(1), range),
            Step::Sign(op) => e.unary_operation(*op, &item(0), range),
            Step::Comparison(op) => e.compare(*op, &item(0), &item(1), range),
            Step::Function(function) => function.run(e, &operands),
            Step::Attribute(name) => methods::attribute(e, &item(0), name, range),
            Step::Method(name) => {
                let owner = operands.positional.remove(0);
                methods::method(e, &owner.item, name, operands)
            }
            Step::Subscript(subscripts, None) => e.taken_of_draw(&item(0), subscripts.clone(), None, range),
            Step::Subscript(subscripts, Some(place)) => {
                let mut subscripts = subscripts.clone();
                let drawn = match item(1) {
                    index @ (Item::Component(_) | Item::Conditional(_)) => Some((*place, index)),
                    index => {
                        subscripts[*place] = Some(e.subscript_of(&index, range)?);
                        None
                    }
                };
                e.taken_of_draw(&item(0), subscripts, drawn, range)
            }
        }
    }
}
