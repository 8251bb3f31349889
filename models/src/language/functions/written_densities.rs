//! `pm.CustomDist.dist(..., logp=function)`: a distribution without a name whose density is a function of the file.
//!
//! The function is written down for one draw: numbers, or arrays of the axes that `ndim_supp=` and `ndims_params=` (or
//! `signature=`) say, so that what asks for the density may do so at any values, of any shape.
//!
//! # References
//! - PyMC 5.28, `pymc/distributions/custom.py`

use chainfire_engine::program::value::shape;
use chainfire_engine::program::{Function, Kind, Value};

use super::custom::{Functions, typical};
use super::scan::Stop;
use super::variables::{Usage, parameter};
use crate::distributions::{CustomDist, Support};
use crate::language::error::{Fault, Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator};
use crate::language::item::Item;

/// The distribution of a density of the file, whose draws have `axes` axes.
pub(super) fn distribution(
    e: &mut Evaluator<'_>,
    call: &Call,
    density: &Argument,
    functions: &Functions<'_>,
    usage: &Usage<'_>,
    axes: usize,
) -> Outcome<CustomDist> {
    let kind = if is_whole(call) { Kind::Int } else { Kind::Float };
    let (mut parameters, mut batch, mut cores) = (Vec::new(), Vec::new(), vec![(Vec::new(), kind)]);
    for (argument, axes) in call.positional.iter().zip(parameter_axes(e, call)?) {
        let value = parameter(e, argument)?;
        let Some(front) = value.rank().checked_sub(axes) else {
            let seen = shape::display(value.shape());
            return fault(argument.range, format!("this parameter has {axes} axes, not shape {seen}"));
        };
        let (front, core) = value.shape().split_at(front);
        let Some(joint) = shape::broadcast(&batch, front) else {
            let (a, b) = (shape::display(&batch), shape::display(front));
            return fault(argument.range, format!("parameters of shapes {a} and {b} do not fit together"));
        };
        batch = joint;
        cores.push((core.to_vec(), value.kind()));
        parameters.push(value);
    }
    let point = match functions.start {
        Some(start) => Some(typical(e, start, &call.positional, usage, axes)?),
        None => None,
    };
    let given = usage.shape_before(e, axes)?;
    let whole = match (&given, &point) {
        (Some((shape, held)), _) if *held == axes => shape.clone(),
        (_, Some(point)) => shape::broadcast(&batch, point.shape()).unwrap_or(batch),
        _ if axes == 0 => batch,
        _ => match event(call, &cores[1..]) {
            Some(event) => [batch, event].concat(),
            None => {
                let text = "nothing says how large a draw is: give `shape=`, or `support_point=`";
                return fault(call.range, text);
            }
        },
    };
    let Some(front) = whole.len().checked_sub(axes) else {
        let seen = shape::display(&whole);
        return fault(call.range, format!("a draw has {axes} axes, and the shape is {seen}"));
    };
    cores[0].0 = whole[front..].to_vec();
    let point = point.unwrap_or(Value::from(0.0));
    let density = written(e, density, &cores)?;
    let applied = |function: Function| {
        move |x: &Value, parameters: &[Value]| function.apply(&[std::slice::from_ref(x), parameters].concat())
    };
    let mut made = CustomDist::new(parameters, applied(density)).shape(whole, axes);
    if let Some(below) = functions.below {
        made = made.log_cdf(applied(written(e, below, &cores)?));
    }
    let infinity = f64::INFINITY;
    Ok(match kind {
        Kind::Float => made.support(Support::Real, point),
        _ => made.support(
            Support::IntegerBetween { lower: Value::from(-infinity), upper: Value::from(infinity) },
            point,
        ),
    })
}

/// A function of the file that makes a number of arrays of these shapes and kinds.
fn written(
    e: &mut Evaluator<'_>,
    function: &Argument,
    arguments: &[(Vec<usize>, Kind)],
) -> Outcome<Function> {
    let (range, declared) = (function.range, e.scope().declared());
    if arguments.iter().any(|(core, _)| core.contains(&0)) {
        return fault(range, "a draw and its parameters need at least one element");
    }
    let around = std::mem::replace(&mut e.is_in_scan, true);
    let made = Function::new(arguments, |values| {
        let items = values.iter().map(|value| Item::Number(value.clone()));
        let item = e.call_item(function, items.map(|item| Argument { item, range }).collect())?;
        let value = e.item_value(&item, range)?;
        match value.shape() {
            [] => Ok(value),
            seen => {
                let seen = shape::display(seen);
                let text = format!("the function must make one number of one draw, not shape {seen}");
                Err(Stop::Fault(Fault::new(range, text)))
            }
        }
    });
    e.is_in_scan = around;
    if e.scope().declared() != declared {
        return fault(
            range,
            "variables cannot be declared in the function of a density: declare them before it",
        );
    }
    made.map_err(|stop| match stop {
        Stop::Fault(fault) => fault,
        Stop::Value(error) => Fault::new(range, error.to_string()),
    })
}

/// Whether `dtype=` is one of whole numbers.
fn is_whole(call: &Call) -> bool {
    let dtype = call.keywords.iter().find(|(keyword, _)| keyword == "dtype");
    dtype.is_some_and(|(_, argument)| match &argument.item {
        Item::Text(name) => ["int", "uint", "bool"].iter().any(|kind| name.starts_with(kind)),
        Item::Type(kind) => *kind != Kind::Float,
        _ => false,
    })
}

/// The names of the axes of each group of one side of `signature="(n),()->(n)"`.
pub(super) fn groups(side: &str) -> Vec<Vec<&str>> {
    let inside = side.split(')').filter_map(|group| group.split_once('('));
    inside.map(|(_, axes)| axes.split(',').map(str::trim).filter(|axis| !axis.is_empty()).collect()).collect()
}

/// The two sides of `signature=`.
pub(super) fn signature(call: &Call) -> Option<(&str, &str)> {
    let (_, argument) = call.keywords.iter().find(|(keyword, _)| keyword == "signature")?;
    match &argument.item {
        Item::Text(text) => text.split_once("->"),
        _ => None,
    }
}

/// The shape of one draw whose axes the signature names among those of parameters with these shapes.
fn event(call: &Call, cores: &[(Vec<usize>, Kind)]) -> Option<Vec<usize>> {
    let (parameters, draw) = signature(call)?;
    let lengths: Vec<(&str, usize)> = groups(parameters)
        .into_iter()
        .zip(cores)
        .flat_map(|(names, (core, _))| names.into_iter().zip(core.iter().copied()))
        .collect();
    let length = |name: &str| lengths.iter().find(|(known, _)| *known == name).map(|(_, length)| *length);
    groups(draw).pop()?.into_iter().map(length).collect()
}

/// Axes of each parameter of one draw: `ndims_params=`, or what stands before the arrow of `signature=`.
fn parameter_axes(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Vec<usize>> {
    let count = call.positional.len();
    for (keyword, argument) in &call.keywords {
        let axes = match (keyword.as_str(), &argument.item) {
            (_, Item::None) => continue,
            ("ndims_params", item) => {
                let items = e.iterate(item, argument.range)?;
                let axes = items.iter().map(|item| e.integer(item, "`ndims_params`", argument.range));
                axes.map(|axes| Ok(axes?.max(0) as usize)).collect::<Outcome<Vec<usize>>>()?
            }
            ("signature", _) => match signature(call) {
                Some((parameters, _)) => groups(parameters).iter().map(Vec::len).collect(),
                None => continue,
            },
            _ => continue,
        };
        if axes.len() < count {
            let text = format!("{count} parameters are given, and axes of {}", axes.len());
            return fault(argument.range, text);
        }
        return Ok(axes);
    }
    Ok(vec![0; count])
}
