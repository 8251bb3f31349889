//! Transforms of free variables, by the names that `pm.distributions.transforms` gives them.

use std::rc::Rc;
use std::sync::Arc;

use chainfire_engine::program::{Value, value::shape};
use ruff_text_size::TextRange;

use super::pymc::whole;
use super::{Row, Run, TR};
use crate::language::error::{Outcome, fault};
use crate::language::evaluate::{Argument, Call, Evaluator, Instance};
use crate::language::item::Item;
use crate::model::{Asked, Evaluated, Questions, Written};
use crate::{Distribution, Site, Transform};

/// Longest chain: beyond any use, and far below what would take memory.
const MOST_IN_CHAIN: usize = 20;

/// Classes of transforms, which are called.
pub(super) const ROWS: &[Row] = &[
    ("Interval", TR, Run::Call(interval)),
    ("ZeroSumTransform", TR, Run::Call(zero_sum)),
    ("Chain", TR, Run::Call(chain)),
    ("Ordered", TR, Run::Call(ordered)),
    ("LogExpM1", TR, Run::Call(|_, call| plain(call, "log_exp_m1"))),
    ("SumTo1", TR, Run::Call(|_, call| plain(call, "sum_to_1"))),
    ("LogTransform", TR, Run::Call(|_, call| plain(call, "log"))),
    ("LogOddsTransform", TR, Run::Call(|_, call| plain(call, "logodds"))),
    ("SimplexTransform", TR, Run::Call(|_, call| plain(call, "simplex"))),
    ("CircularTransform", TR, Run::Call(|_, call| plain(call, "circular"))),
    ("CholeskyCovPacked", TR, Run::Call(cholesky)),
    // What stands above the classes of transforms that a file writes.
    (
        "Transform",
        TR,
        Run::Call(|_, call| {
            let [] = call.bind([])?;
            Ok(Item::None)
        }),
    ),
];

/// A transform that has no arguments.
pub(super) fn find(name: &str) -> Option<Item> {
    Some(known(match name {
        "log" => Transform::Log,
        "logodds" => Transform::LogOdds,
        "ordered" | "univariate_ordered" | "multivariate_ordered" => Transform::ordered(),
        "log_exp_m1" => Transform::LogExpM1,
        "sum_to_1" => Transform::SumTo1,
        "simplex" => Transform::Simplex,
        "circular" => Transform::Circular,
        _ => return None,
    }))
}

fn known(transform: Transform) -> Item {
    Item::Transform(Change::Known(transform))
}

/// A transform as the file says it.
#[derive(Clone, Debug)]
pub(in crate::language) enum Change {
    Known(Transform),
    /// `Interval(bounds_fn=f)`: the bounds are `f(rng, size, *parameters)`.
    Bounded(Box<Argument>),
    /// An object of the file with `name`, `forward`, `backward` and `log_jac_det`.
    Written(Instance, TextRange),
    /// One after the other, from constrained to unconstrained.
    Chain(Rc<[Change]>),
}

impl Change {
    fn parts(&self) -> usize {
        match self {
            Change::Known(transform) => transform.parts(),
            Change::Bounded(_) | Change::Written(..) => 1,
            Change::Chain(changes) => changes.iter().map(Change::parts).sum(),
        }
    }

    /// The transform of a variable.
    fn of(&self, e: &mut Evaluator<'_>, variable: &mut Variable<'_>) -> Outcome<Transform> {
        match self {
            Change::Known(transform) => Ok(transform.clone()),
            Change::Written(object, range) => variable.written(e, *object, *range),
            Change::Chain(changes) => changes
                .iter()
                .try_fold(Transform::Identity, |whole, change| Ok(whole.then(change.of(e, variable)?))),
            Change::Bounded(function) => {
                let range = function.range;
                let bounds = e.called_with(&function.item, variable.inputs.clone(), range)?;
                let parts = match &bounds {
                    Item::Tuple(_) | Item::List(_) => e.iterate(&bounds, range)?,
                    _ => Vec::new(),
                };
                let [lower, upper] = &parts[..] else {
                    let seen = bounds.describe();
                    return fault(
                        range,
                        format!("`bounds_fn` must return the pair (lower, upper), not {seen}"),
                    );
                };
                let mut bound = |item: &Item, none: f64| match item {
                    Item::None => Ok(none.into()),
                    item => e.item_value(item, range),
                };
                let (lower, upper) = (bound(lower, f64::NEG_INFINITY)?, bound(upper, f64::INFINITY)?);
                Ok(Transform::Interval { lower, upper })
            }
        }
    }
}

/// What PyMC gives the functions of a transform beside the value: a generator, a size, and the parameters of the
/// distribution, as its draws take them.
fn inputs(distribution: &dyn Distribution) -> Vec<Item> {
    let parameters = distribution.parameters();
    let first = matches!(distribution.name(), "HalfNormal" | "HalfCauchy").then(|| Value::from(0.0));
    let value = |(name, value): (&str, &Value)| match (distribution.name(), name) {
        ("Gamma", "beta") => value.recip(),
        _ => value.clone(),
    };
    let values = first.into_iter().chain(parameters.into_iter().map(value)).map(Item::Number);
    [Item::None, Item::None].into_iter().chain(values).collect()
}

/// A variable whose transforms are asked for.
struct Variable<'c> {
    call: &'c Call,
    name: &'c str,
    inputs: Vec<Item>,
    /// The transforms that the file writes, in the order in which they are named.
    written: Vec<(Written, Instance, TextRange)>,
    questions: Questions,
}

/// The site of a variable with `default_transform=` and `transform=`; `transform=None` is for none at all.
pub(super) fn given(
    e: &mut Evaluator<'_>,
    call: &Call,
    name: &str,
    mut site: Site,
    default: Option<&Argument>,
    transform: Option<&Argument>,
) -> Outcome<Site> {
    let inputs = inputs(site.distribution());
    let mut variable = Variable { call, name, inputs, written: Vec::new(), questions: Questions::default() };
    let (default, last) = match (default, transform) {
        (_, Some(transform)) if matches!(transform.item, Item::None) => (Some(transform), None),
        both => both,
    };
    for (argument, put) in
        [(default, Site::default_transform as fn(Site, Transform) -> Site), (last, Site::transform)]
    {
        let Some(argument) = argument else { continue };
        let transform = match &argument.item {
            Item::None => Transform::Identity,
            item => change(item, argument.range)?.of(e, &mut variable)?,
        };
        site = put(site, transform);
    }
    variable.evaluate(e, &site)?;
    Ok(site)
}

/// The transform that replaces that of a variable; None for no transform.
pub(super) fn replacing(argument: &Argument) -> Outcome<Transform> {
    match &argument.item {
        Item::None => Ok(Transform::Identity),
        item => match change(item, argument.range)? {
            Change::Known(transform) => Ok(transform),
            _ => fault(
                argument.range,
                "a transform that functions of the file make is for `transform=` of the variable itself",
            ),
        },
    }
}

impl Variable<'_> {
    /// A transform of the file, which [`Variable::evaluate`] asks its functions of.
    fn written(&mut self, e: &mut Evaluator<'_>, object: Instance, range: TextRange) -> Outcome<Transform> {
        let name: Arc<str> = match e.member(&Item::Object(object), "name", range)? {
            Some(Item::Text(name)) => (&*name).into(),
            _ => return fault(range, "a transform needs a `name`, which is a text"),
        };
        let written = Written::new(name, self.written.len(), self.questions.clone());
        self.written.push((written.clone(), object, range));
        Ok(Transform::Custom(Arc::new(written)))
    }

    /// Has the file's functions answer what their transforms are asked where the variable is.
    fn evaluate(&self, e: &mut Evaluator<'_>, site: &Site) -> Outcome<()> {
        let is_probe = e.scope().is_probe();
        // Each is asked for a shape and for a value.
        for _ in 0..2 * self.written.len() {
            let scope = e.open_scope(&self.call.name, self.call.range)?;
            let question = scope.question(self.name, site, &self.questions);
            let Some((number, asked)) = question.map_err(|error| e.refused_call(self.call, error))? else {
                return Ok(());
            };
            let (written, object, range) = &self.written[number];
            let mut run = |method: &str, value: &Value| self.run(e, *object, method, value, *range);
            let mut unconstrained = match asked {
                Asked::Shape(shape) => {
                    let anywhere = Value::at_point(vec![0.5; shape::elements(&shape)], shape.clone());
                    let made = run("forward", &anywhere)?;
                    written.answer_shape(shape, made.shape().to_vec());
                    continue;
                }
                Asked::Forward(value) => run("forward", &value)?,
                Asked::Backward(value) => value,
            };
            let is_finite = |numbers: &Arc<[f64]>| numbers.iter().all(|x| x.is_finite());
            if is_probe && !unconstrained.as_numbers().is_none_or(is_finite) {
                // What was drawn is outside of the transform: any place will do.
                unconstrained = Value::at_point(vec![0.0; unconstrained.len()], unconstrained.shape());
            }
            let (constrained, log_jacobian) =
                (run("backward", &unconstrained)?, run("log_jac_det", &unconstrained)?);
            written.answer(Evaluated { unconstrained, constrained, log_jacobian });
        }
        Ok(())
    }

    /// What a method of a transform of the file makes of a value.
    fn run(
        &self,
        e: &mut Evaluator<'_>,
        object: Instance,
        method: &str,
        value: &Value,
        range: TextRange,
    ) -> Outcome<Value> {
        let Some(function) = e.member(&Item::Object(object), method, range)? else {
            return fault(range, format!("this transform has no method `{method}`"));
        };
        let items = [&[Item::Number(value.clone())], &self.inputs[..]].concat();
        let made = e.called_with(&function, items, range)?;
        e.item_value(&made, range)
    }
}

fn change(item: &Item, range: TextRange) -> Outcome<Change> {
    match item {
        Item::Transform(change) => Ok(change.clone()),
        Item::Object(object) => Ok(Change::Written(*object, range)),
        other => fault(
            range,
            format!(
                "a transform is needed here, such as `pm.distributions.transforms.ordered`, not {}",
                other.describe()
            ),
        ),
    }
}

fn plain(call: &Call, name: &str) -> Outcome<Item> {
    let [] = call.bind([])?;
    Ok(find(name).unwrap_or(Item::None))
}

fn ordered(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [positive, ascending] = call.bind(["positive", "ascending"])?;
    let is_set = |argument: Option<&Argument>, default: bool| {
        argument.map_or(Ok(default), |argument| e.truth(&argument.item, argument.range))
    };
    Ok(known(Transform::Ordered { positive: is_set(positive, false)?, ascending: is_set(ascending, true)? }))
}

/// `Chain([first, second, ...])`: from constrained to unconstrained.
fn chain(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [list] = call.bind(["transform_list"])?;
    let list = call.required(list, "transform_list")?;
    let mut changes = Vec::new();
    for item in e.iterate(&list.item, list.range)? {
        changes.push(change(&item, list.range)?);
        if changes.iter().map(Change::parts).sum::<usize>() > MOST_IN_CHAIN {
            return fault(list.range, format!("at most {MOST_IN_CHAIN} transforms can follow one another"));
        }
    }
    Ok(Item::Transform(Change::Chain(changes.into())))
}

fn interval(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [lower, upper, function] = call.bind(["lower", "upper", "bounds_fn"])?;
    if let Some(function) = function.filter(|function| !matches!(function.item, Item::None)) {
        if lower.or(upper).is_some() {
            return fault(function.range, "give `bounds_fn`, or `lower` and `upper`, not both");
        }
        return Ok(Item::Transform(Change::Bounded(Box::new(function.clone()))));
    }
    let mut bound = |argument: Option<&Argument>, none: f64| match argument {
        Some(argument) if !matches!(argument.item, Item::None) => e.value(argument),
        _ => Ok(none.into()),
    };
    let (lower, upper) = (bound(lower, f64::NEG_INFINITY)?, bound(upper, f64::INFINITY)?);
    Ok(known(Transform::Interval { lower, upper }))
}

/// `CholeskyCovPacked(n)`: the packed factor of a matrix of `n` rows.
fn cholesky(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [size] = call.bind(["n"])?;
    let size = whole(e, call.required(size, "n")?, "n")?;
    e.budget.shape(&[size, size], call.range)?;
    Ok(known(Transform::CholeskyPacked { size }))
}

fn zero_sum(e: &mut Evaluator<'_>, call: &Call) -> Outcome<Item> {
    let [axes] = call.bind(["zerosum_axes"])?;
    let axes = call.required(axes, "zerosum_axes")?;
    let mut places = Vec::new();
    for item in e.iterate(&axes.item, axes.range)? {
        places.push(e.integer(&item, "an axis", axes.range)?);
    }
    places.sort_unstable();
    if places.iter().rev().zip(1..).any(|(place, k)| *place != -k) {
        return fault(axes.range, "the axes must be the last ones, counted from the end: [-1] or [-2, -1]");
    }
    Ok(known(Transform::ZeroSum { axes: places.len() }))
}
