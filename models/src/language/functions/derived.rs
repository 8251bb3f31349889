//! Functions of draws, such as `mu + sigma * pm.StudentT.dist(4)`: they are distributions again.
//!
//! # References
//! - PyMC 5.28, `pymc/logprob` (the functions whose densities it derives).

use std::collections::HashSet;
use std::f64::consts::{FRAC_1_SQRT_2, LN_2, LOG2_E, LOG10_E};
use std::rc::Rc;

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Kind, Value, ValueError};
use ruff_python_ast::{CmpOp, Operator};
use ruff_text_size::TextRange;

use super::{Module, derived_arrays, reduce};
use crate::Distribution;
use crate::distributions::derived::{has_distribution_function, share_a_draw};
use crate::distributions::{
    Censored, Chosen, Compared, Comparison, Cumulated, DiracDelta, Extreme, Map, Mapped, Multiplied, Normal,
    Rounded, Rounding, Shaped, Support,
};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::{Item, Sequence};

pub(super) type Draw = Rc<dyn Distribution>;

/// What a density can be derived of.
pub(super) const RULES: &str = "a density is known of sums and products of a draw with values, of powers, exp, log, sqrt, abs, \
                     sigmoid, softplus, erf, erfc and hyperbolic functions; of clip, floor, ceil, round, comparisons, \
                     max, min, cumsum, switch, stack, concatenate, indexing, of matrices times a draw and of sums of normal draws; write other \
                     densities with `logp=`";

/// Draws are independent only where each is used once.
pub(super) const USED_TWICE: &str = "one draw stands in several places of this: a draw may be used once";

/// Whether an item is a draw, or holds one.
fn is_drawn(item: &Item) -> bool {
    holds_draw(item, &mut HashSet::new())
}

/// The same but for sequences that were looked at before: one can stand in many places of another.
fn holds_draw(item: &Item, seen: &mut HashSet<*const Sequence>) -> bool {
    match item {
        Item::Component(_) | Item::Conditional(_) => true,
        Item::List(items) | Item::Tuple(items) => {
            seen.insert(Rc::as_ptr(items)) && items.items().iter().any(|item| holds_draw(item, seen))
        }
        _ => false,
    }
}

/// Whether one of two items is a draw.
pub(in crate::language) fn is_either(left: &Item, right: &Item) -> bool {
    [left, right].into_iter().any(|item| matches!(item, Item::Component(_) | Item::Conditional(_)))
}

/// The function of a module applied to draws; `None` where no argument is one, or the function takes distributions.
pub(super) fn function(
    e: &mut Evaluator<'_>,
    module: Module,
    name: &str,
    call: &Call,
) -> Outcome<Option<Item>> {
    let keywords = call.keywords.iter().map(|(_, argument)| argument);
    if !call.positional.iter().chain(keywords).any(|argument| is_drawn(&argument.item)) {
        return Ok(None);
    }
    if let Some(item) = derived_arrays::function(e, module, name, call)? {
        return Ok(Some(item));
    }
    let item = match name {
        "clip" => clip(e, call)?,
        "round" | "rint" => rounded(call, Rounding::Nearest)?,
        "floor" => rounded(call, Rounding::Floor)?,
        "ceil" => rounded(call, Rounding::Ceil)?,
        "max" | "amax" => extreme(e, call, true)?,
        "min" | "amin" => extreme(e, call, false)?,
        "sum" => sum(e, call)?,
        "mean" => mean(e, call)?,
        "cumsum" => cumsum(e, call)?,
        "dot" | "matmul" => {
            let [a, b] = call.bind(["a", "b"])?;
            let (a, b) = (call.required(a, "a")?, call.required(b, "b")?);
            operation(e, Operator::MatMult, &a.item, &b.item, call.range)?
        }
        "switch" | "where" | "ifelse" => switch(e, call)?,
        _ => match (maps(name), operator(name), comparison(name)) {
            (Some(maps), ..) => mapped(&draw_of(call)?, maps, call.range)?,
            (None, Some(op), _) => {
                let [a, b] = call.bind(["a", "b"])?;
                let (a, b) = (call.required(a, "a")?, call.required(b, "b")?);
                operation(e, op, &a.item, &b.item, call.range)?
            }
            (.., Some(op)) => {
                let [a, b] = call.bind(["a", "b"])?;
                let (a, b) = (call.required(a, "a")?, call.required(b, "b")?);
                compare(e, op, &a.item, &b.item, call.range)?
            }
            _ if matches!(
                module,
                Module::PyMc | Module::Distributions | Module::PyTensor | Module::Python
            ) =>
            {
                return Ok(None);
            }
            _ => return fault(call.range, format!("`{}` of a draw has no density: {RULES}", call.name)),
        },
    };
    Ok(Some(item))
}

/// The maps, one after the other, that a function of one number is.
fn maps(name: &str) -> Option<Vec<Map>> {
    let shift = |by: f64| Map::Shift(Value::from(by));
    let scale = |by: f64| Map::Scale(Value::from(by));
    Some(match name {
        "exp" => vec![Map::Exp],
        "exp2" => vec![scale(LN_2), Map::Exp],
        "expm1" => vec![Map::Exp, shift(-1.0)],
        "log" => vec![Map::Log],
        "log1p" => vec![shift(1.0), Map::Log],
        "log2" => vec![Map::Log, scale(LOG2_E)],
        "log10" => vec![Map::Log, scale(LOG10_E)],
        "sqrt" => vec![Map::Power(0.5)],
        "sqr" | "square" => vec![Map::Power(2.0)],
        "reciprocal" => vec![Map::Power(-1.0)],
        "abs" | "absolute" => vec![Map::Abs],
        "negative" | "neg" => vec![scale(-1.0)],
        "sinh" => vec![Map::Sinh],
        "cosh" => vec![Map::Cosh],
        "tanh" => vec![Map::Tanh],
        "arcsinh" => vec![Map::Asinh],
        "arccosh" => vec![Map::Acosh],
        "arctanh" => vec![Map::Atanh],
        "erf" => vec![Map::Erf],
        "erfc" => vec![Map::Erfc],
        "sigmoid" | "invlogit" | "expit" => vec![Map::Sigmoid],
        "softplus" | "log1pexp" => vec![Map::Softplus],
        "log1mexp" => vec![Map::Exp, scale(-1.0), shift(1.0), Map::Log],
        "invprobit" => vec![scale(-FRAC_1_SQRT_2), Map::Erfc, scale(0.5)],
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        "add" => Operator::Add,
        "sub" | "subtract" => Operator::Sub,
        "mul" | "multiply" => Operator::Mult,
        "divide" | "true_divide" => Operator::Div,
        "power" | "pow" => Operator::Pow,
        _ => return None,
    })
}

fn comparison(name: &str) -> Option<CmpOp> {
    Some(match name {
        "gt" | "greater" => CmpOp::Gt,
        "ge" | "greater_equal" => CmpOp::GtE,
        "lt" | "less" => CmpOp::Lt,
        "le" | "less_equal" => CmpOp::LtE,
        _ => return None,
    })
}

/// The draw that a function's first argument must be.
pub(super) fn draw_of(call: &Call) -> Outcome<Draw> {
    match call.positional.first().map(|argument| &argument.item) {
        Some(Item::Component(draw)) => Ok(draw.clone()),
        _ => fault(call.range, format!("the first argument of `{}` must be the draw", call.name)),
    }
}

/// A draw of single numbers.
fn numbers_of(call: &Call) -> Outcome<Draw> {
    let draw = draw_of(call)?;
    if draw.event_rank() > 0 {
        let name = draw.name();
        return fault(
            call.range,
            format!("`{}` of a draw of {name}, which is no number: {RULES}", call.name),
        );
    }
    Ok(draw)
}

/// A draw whose distribution function is known.
fn with_distribution_function(call: &Call) -> Outcome<Draw> {
    let draw = numbers_of(call)?;
    if !has_distribution_function(&*draw) {
        let name = draw.name();
        let text = format!("`{}` needs the distribution function of {name}, which is not known", call.name);
        return fault(call.range, text);
    }
    Ok(draw)
}

pub(super) fn made<D: Distribution + 'static>(
    distribution: Result<D, ValueError>,
    range: TextRange,
) -> Outcome<Item> {
    match distribution {
        Ok(distribution) => Ok(Item::Component(Rc::new(distribution))),
        Err(error) => fault(range, error.to_string()),
    }
}

/// Functions of a draw, one after the other.
fn mapped(draw: &Draw, maps: Vec<Map>, range: TextRange) -> Outcome<Item> {
    let mut draw = draw.clone();
    for map in maps {
        let stays_whole = match &map {
            Map::Shift(by) => by.kind() != Kind::Float || is_known(by, |x| x.fract() == 0.0),
            Map::Scale(by) => is_known(by, |x| x == -1.0),
            _ => false,
        };
        if draw.support().is_discrete() && !stays_whole {
            return fault(
                range,
                "of draws of whole numbers, densities are known of sums with whole numbers and of their negatives; \
                 write other densities with `logp=`",
            );
        }
        draw = match Mapped::new(draw, map) {
            Ok(mapped) => Rc::new(mapped),
            Err(error) => return fault(range, error.to_string()),
        };
    }
    Ok(Item::Component(draw))
}

fn is_known(value: &Value, holds: impl Fn(f64) -> bool) -> bool {
    value.as_data().is_some_and(|numbers| numbers.iter().all(|&x| holds(x)))
}

/// `left op right`, where one is a draw.
pub(in crate::language) fn operation(
    e: &mut Evaluator<'_>,
    op: Operator,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let (draw, other, is_left) = match (left, right) {
        (Item::Component(_), Item::Component(_)) => {
            return fault(range, format!("two draws cannot be combined by an operator: {RULES}"));
        }
        (Item::Component(draw), other) => (draw, e.item_value(other, range)?, true),
        (other, Item::Component(draw)) => (draw, e.item_value(other, range)?, false),
        _ => return fault(range, "neither side is a draw"),
    };
    let negative = || Map::Scale(Value::from(-1.0));
    let maps = match (op, is_left) {
        (Operator::MatMult, _) => {
            let n = other.shape().first().copied().unwrap_or(0);
            e.budget.work(n.saturating_mul(n).saturating_mul(n), range)?;
            let matrix = if is_left { other.transpose() } else { other };
            return made(Multiplied::new(&matrix, draw.clone()), range);
        }
        (Operator::Add, _) => vec![Map::Shift(other)],
        (Operator::Sub, true) => vec![Map::Shift(-other)],
        (Operator::Sub, false) => vec![negative(), Map::Shift(other)],
        (Operator::Mult, _) => vec![Map::Scale(other)],
        (Operator::Div, true) => vec![Map::Scale(other.recip())],
        (Operator::Div, false) => vec![Map::Power(-1.0), Map::Scale(other)],
        (Operator::Pow, true) => match other.as_data().map(|numbers| &numbers[..]) {
            Some([p]) if *p != 0.0 && p.is_finite() => vec![Map::Power(*p)],
            _ => return fault(range, "the power of a draw must be one number that is known, and not 0"),
        },
        (Operator::Pow, false) => vec![Map::Scale(other.log()), Map::Exp],
        _ => return fault(range, format!("this operator has no density with a draw: {RULES}")),
    };
    mapped(draw, maps, range)
}

/// `-x` and `~x` of a draw.
pub(in crate::language) fn turned(operand: &Item, is_not: bool, range: TextRange) -> Outcome<Item> {
    let Item::Component(draw) = operand else {
        return fault(range, format!("{} has no sign", operand.describe()));
    };
    let negative = Map::Scale(Value::from(-1.0));
    match is_not {
        false => mapped(draw, vec![negative], range),
        true if matches!(draw.support(), Support::Binary) => {
            mapped(draw, vec![negative, Map::Shift(Value::from(1_i64))], range)
        }
        true => fault(range, "`~` is for draws of truth values, such as comparisons"),
    }
}

/// `left < right` and the like, where one is a draw.
pub(in crate::language) fn compare(
    e: &mut Evaluator<'_>,
    op: CmpOp,
    left: &Item,
    right: &Item,
    range: TextRange,
) -> Outcome<Item> {
    let (draw, limit, is_left) = match (left, right) {
        (Item::Component(draw), other) if !is_drawn(other) => (draw, e.item_value(other, range)?, true),
        (other, Item::Component(draw)) if !is_drawn(other) => (draw, e.item_value(other, range)?, false),
        _ => return fault(range, format!("two draws cannot be compared: {RULES}")),
    };
    let comparison = match (op, is_left) {
        (CmpOp::Gt, true) | (CmpOp::Lt, false) => Comparison::Greater,
        (CmpOp::GtE, true) | (CmpOp::LtE, false) => Comparison::GreaterEqual,
        (CmpOp::Lt, true) | (CmpOp::Gt, false) => Comparison::Lower,
        (CmpOp::LtE, true) | (CmpOp::GtE, false) => Comparison::LowerEqual,
        _ => return fault(range, format!("this comparison with a draw has no density: {RULES}")),
    };
    let whole = draw.shape().or_else(|error| fault(range, error.to_string()))?;
    if shape::broadcast(&whole, limit.shape()).as_deref() != Some(&whole) {
        return fault(range, "one draw would be compared with several limits; give it `size=size`");
    }
    if !has_distribution_function(&**draw) {
        let text = format!("the distribution function of {}, which this needs, is not known", draw.name());
        return fault(range, text);
    }
    Ok(Item::Component(Rc::new(Compared::new(draw.clone(), comparison, limit))))
}

fn rounded(call: &Call, rounding: Rounding) -> Outcome<Item> {
    Ok(Item::Component(Rc::new(Rounded::new(with_distribution_function(call)?, rounding))))
}

fn clip(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let draw = with_distribution_function(call)?;
    let [_, low, high] = call.bind(["x", "min", "max"])?;
    let mut limit = |argument: Option<&Argument>, none: f64| match argument {
        Some(argument) if !matches!(argument.item, Item::None) => e.value(argument),
        _ => Ok(Value::from(none)),
    };
    let (low, high) = (limit(low, f64::NEG_INFINITY)?, limit(high, f64::INFINITY)?);
    Ok(Item::Component(Rc::new(Censored::new(draw, low, high))))
}

/// The axis that an argument says, of a draw of a rank; `None` for all of them.
pub(super) fn axis_of(e: &Evaluator<'_>, axis: Option<&Argument>, rank: usize) -> Outcome<Option<usize>> {
    match axis {
        Some(axis) if !matches!(axis.item, Item::None) => {
            reduce::axis(e, &axis.item, rank, axis.range).map(Some)
        }
        _ => Ok(None),
    }
}

pub(super) fn shape_of(draw: &Draw, range: TextRange) -> Outcome<Vec<usize>> {
    draw.shape().or_else(|error| fault(range, error.to_string()))
}

fn extreme(e: &mut Evaluator<'_>, call: &Call, is_largest: bool) -> Outcome<Item> {
    let [_, axis] = call.bind(["a", "axis"])?;
    let draw = with_distribution_function(call)?;
    let rank = shape_of(&draw, call.range)?.len();
    if axis_of(e, axis, rank)?.is_some() && rank > 1 {
        return fault(call.range, format!("`{}` of draws goes over all of their axes", call.name));
    }
    made(Extreme::new(draw, is_largest), call.range)
}

/// The sum of normal draws is normal.
fn sum(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [_, axis] = call.bind(["a", "axis"])?;
    let draw = numbers_of(call)?;
    let whole = shape_of(&draw, call.range)?;
    let axis = axis_of(e, axis, whole.len())?;
    let parameter = |name: &str| draw.parameters().into_iter().find(|(known, _)| *known == name);
    let (Some((_, mu)), Some((_, sigma)), "Normal") = (parameter("mu"), parameter("sigma"), draw.name())
    else {
        return fault(call.range, "sums of draws have a density here when the draws are of pm.Normal");
    };
    let over = |value: &Value| {
        let value = value.broadcast_to(&whole);
        axis.map_or_else(|| value.sum(), |axis| value.sum_axis(axis))
    };
    Ok(Item::Component(Rc::new(Normal::new(over(mu), over(&sigma.square()).sqrt()))))
}

/// The mean of normal draws is normal.
fn mean(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let count = |draw: &Draw| shape_of(draw, call.range).map(|shape| shape::elements(&shape) as f64);
    let sum = match sum(e, call)? {
        Item::Component(sum) => sum,
        other => return Ok(other),
    };
    let share = count(&sum)? / count(&draw_of(call)?)?;
    mapped(&sum, vec![Map::Scale(Value::from(share))], call.range)
}

fn cumsum(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [_, axis] = call.bind(["a", "axis"])?;
    let draw = draw_of(call)?;
    let rank = shape_of(&draw, call.range)?.len();
    let axis = match axis_of(e, axis, rank)? {
        Some(axis) => axis,
        None if rank == 1 => 0,
        None => return fault(call.range, "the running sums of a draw need an `axis=`, or one axis"),
    };
    if axis + draw.event_rank() > rank.saturating_sub(1) && draw.event_rank() > 0 {
        return fault(
            call.range,
            "running sums go along an axis of independent draws, not along that of a vector",
        );
    }
    made(Cumulated::new(draw, axis), call.range)
}

fn switch(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [condition, a, b] = call.bind(["condition", "x", "y"])?;
    let condition = call.required(condition, "condition")?;
    let drawn = match &condition.item {
        Item::Component(drawn) if matches!(drawn.support(), Support::Binary) => Some(drawn.clone()),
        Item::Component(_) => {
            let text = "the condition must be a value, or a draw of truth values, such as of pm.Bernoulli";
            return fault(condition.range, text);
        }
        _ => None,
    };
    let mut of = |argument: &Argument| -> Outcome<Draw> {
        match &argument.item {
            Item::Component(draw) if draw.event_rank() > 0 => {
                fault(argument.range, format!("a draw of {} is no number: {RULES}", draw.name()))
            }
            Item::Component(draw) => Ok(draw.clone()),
            _ => Ok(Rc::new(DiracDelta::new(e.value(argument)?.with_kind(Kind::Float)))),
        }
    };
    let (a, b) = (of(call.required(a, "x")?)?, of(call.required(b, "y")?)?);
    if let Some(drawn) = drawn {
        if share_a_draw(&[drawn.clone(), a.clone(), b.clone()]) {
            return fault(call.range, USED_TWICE);
        }
        let whole = shape_of(&drawn, call.range)?;
        let mut parts = Vec::with_capacity(2);
        for part in [b, a] {
            let own = shape_of(&part, call.range)?;
            let is_point =
                part.name() == "DiracDelta" && shape::broadcast(&own, &whole).as_ref() == Some(&whole);
            if own != whole && !is_point {
                return fault(
                    call.range,
                    format!(
                        "a condition of shape {} chooses between draws of shape {}, and a number would stand in several \
                         places; give all of them `size=size`",
                        shape::display(&whole),
                        shape::display(&own)
                    ),
                );
            }
            parts.push(Rc::new(Shaped::new(part, whole.clone())) as Draw);
        }
        return derived_arrays::mixture(&drawn, parts, call.range);
    }
    let condition = e.value(condition)?;
    made(Chosen::new(condition, a, b), call.range)
}

/// `draw.name`
pub(super) fn attribute(
    e: &mut Evaluator<'_>,
    owner: &Item,
    name: &str,
    range: TextRange,
) -> Outcome<Option<Item>> {
    let Item::Component(draw) = owner else {
        return match name {
            "T" => fault(range, owner.describe()),
            _ => Ok(None),
        };
    };
    let whole = shape_of(draw, range)?;
    Ok(Some(match name {
        "T" => {
            derived_arrays::rearranged(e, draw, range, |_, numbers| Ok(Item::Number(numbers.transpose())))?
        }
        "shape" => {
            let sizes = whole.iter().map(|&n| Item::integer(n as i64)).collect();
            Item::Tuple(Sequence::new(sizes, range)?)
        }
        "size" => Item::integer(shape::elements(&whole) as i64),
        "ndim" => Item::integer(whole.len() as i64),
        _ => return Ok(None),
    }))
}

/// `draw.name(...)`: the function of that name.
pub(super) fn method(e: &mut Evaluator<'_>, owner: &Item, name: &str, call: Call) -> Outcome<Item> {
    let Item::Component(draw) = owner else {
        return fault(call.range, format!("{} has no method `{name}`", owner.describe()));
    };
    match name {
        "astype" | "copy" => Ok(owner.clone()),
        "dimshuffle" => derived_arrays::rearranged(e, draw, call.range, |e, numbers| {
            super::rearrange::shuffle(e, &numbers, &call)
        }),
        _ => match function(e, Module::Tensor, name, &call.with_receiver(owner.clone()))? {
            Some(item) => Ok(item),
            None => fault(TextRange::default(), RULES),
        },
    }
}
