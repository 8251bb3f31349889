//! `groups.agg(...)`: summaries of groups by name, by column, or several for each column.

use std::rc::Rc;

use ruff_text_size::TextRange;

use super::groups::{finish, summarised};
use super::tables::unlabelled;
use crate::language::error::{Outcome, fault, hint};
use crate::language::evaluate::{Call, Evaluator};
use crate::language::item::{Dict, Grouped, Item, Key};

/// `.agg("mean")`, `.agg(["mean", "std"])`, `.agg({"y": "mean"})`, `.agg(level=("y", "mean"))`
pub(super) fn aggregate(
    e: &mut Evaluator<'_>,
    grouped: &Grouped,
    members: &[Vec<usize>],
    call: &Call,
) -> Outcome<Item> {
    let range = call.range;
    let find = |name: &str| match grouped.columns.get_text(name) {
        Some(column) => Ok(column.clone()),
        None => {
            fault(range, format!("the groups have no column `{name}`{}", hint(name, grouped.columns.names())))
        }
    };
    let mut made = Vec::new();
    if let ([], keywords) = (&*call.positional, &*call.keywords)
        && !keywords.is_empty()
        && keywords[0].0 != "func"
    {
        for (name, argument) in keywords {
            let (column, run) = match &argument.item {
                Item::Tuple(pair) if pair.items().len() == 2 => {
                    (find(&e.display(&pair.items()[0], argument.range)?)?, pair.items()[1].clone())
                }
                run => match grouped.columns.entries() {
                    [(_, column)] => (column.clone(), run.clone()),
                    _ => return fault(argument.range, "say which column: `name=(\"column\", \"mean\")`"),
                },
            };
            made.push((name.as_str().into(), summarised(e, &column, members, &run, call)?));
        }
        return finish(e, grouped, made, false, range);
    }
    let [run] = call.bind(["func"])?;
    let run = call.required(run, "func")?;
    match &run.item {
        Item::Dict(runs) => {
            if runs.entries().iter().any(|(_, run)| matches!(run, Item::List(_))) {
                let mut wanted = Vec::new();
                for (key, runs) in runs.entries() {
                    let runs =
                        if let Item::List(runs) = runs { runs.items().to_vec() } else { vec![runs.clone()] };
                    wanted.extend(runs.into_iter().map(|run| (key.clone(), run)));
                }
                return by_pairs(e, grouped, members, wanted, call);
            }
            for (key, run) in runs.entries() {
                let name = e.display(&key.item(), range)?;
                made.push((name.as_str().into(), summarised(e, &find(&name)?, members, run, call)?));
            }
            finish(e, grouped, made, false, range)
        }
        Item::List(runs) => {
            let (true, [(_, column)]) = (grouped.single, grouped.columns.entries()) else {
                let keys = grouped.columns.entries().iter().filter(|(_, column)| column.as_value().is_some());
                let pairs =
                    keys.flat_map(|(key, _)| runs.items().iter().map(|run| (key.clone(), run.clone())));
                return by_pairs(e, grouped, members, pairs.collect(), call);
            };
            for run in runs.items() {
                made.push((name_of(e, run, range)?, summarised(e, column, members, run, call)?));
            }
            finish(e, grouped, made, false, range)
        }
        single => {
            for (key, column) in grouped.columns.entries() {
                if let (Key::Text(key), true) = (key, column.as_value().is_some()) {
                    made.push((key.clone(), summarised(e, column, members, single, call)?));
                }
            }
            finish(e, grouped, made, grouped.single, range)
        }
    }
}

/// Several summaries of columns, which are named by a column and a summary.
fn by_pairs(
    e: &mut Evaluator<'_>,
    grouped: &Grouped,
    members: &[Vec<usize>],
    pairs: Vec<(Key, Item)>,
    call: &Call,
) -> Outcome<Item> {
    let range = call.range;
    let mut out = Dict::with_labels(Some(grouped.rows.clone()));
    for (key, run) in pairs {
        let Some(column) = grouped.columns.get(&key).cloned() else {
            let name = key.label();
            let hint = hint(&name, grouped.columns.names());
            return fault(range, format!("the groups have no column `{name}`{hint}"));
        };
        let name = Key::Text(name_of(e, &run, range)?);
        let made = summarised(e, &column, members, &run, call)?;
        out.insert(Key::Tuple([key, name].into()), made, range)?;
    }
    match grouped.flat {
        true => Ok(Item::Table(Rc::new(unlabelled(e, &out, range)?))),
        false => Ok(Item::Table(Rc::new(out))),
    }
}

/// The name that a summary has in the columns of the result.
fn name_of(e: &mut Evaluator<'_>, run: &Item, range: TextRange) -> Outcome<Rc<str>> {
    Ok(match run {
        Item::Function(function) => function.name().rsplit('.').next().unwrap_or_default().into(),
        run if run.is_callable() => "<lambda>".into(),
        run => e.display(run, range)?.into(),
    })
}
