//! What a script says besides its model: calls that are not evaluated, looked at as they are written.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Keyword, Parameter, Stmt, StmtImport, StmtImportFrom};
use ruff_text_size::{Ranged, TextRange};

use super::{Notes, options};
use crate::Role;
use crate::finding::{Rule, Severity, nearest};
use crate::language::{Fault, ModelFile, argument, misspelt, new_values};
use crate::model::Record;

/// The calls of a file, and the names that it gives values and functions of PyMC.
#[derive(Default)]
struct Walk<'a> {
    calls: Vec<&'a ExprCall>,
    constants: Constants<'a>,
    /// Functions by the names that they are imported under.
    imported: HashMap<&'a str, &'a str>,
    /// Every name that something gets.
    bound: HashSet<&'a str>,
    /// How many `with`, functions and classes the walk is in, and the calls that are in none.
    depth: usize,
    alone: HashSet<TextRange>,
}

/// What names stand for that get a value once.
#[derive(Default)]
pub(super) struct Constants<'a>(HashMap<&'a str, Option<&'a Expr>>);

impl<'a> Constants<'a> {
    /// Those of a file.
    pub(super) fn of_file(file: &'a ModelFile) -> Self {
        walk(file).constants
    }

    /// Gives names a value: none where it is not known, or where they have one already.
    fn assign(&mut self, target: &'a Expr, value: Option<&'a Expr>) {
        match target {
            Expr::Name(name) => {
                self.0.entry(name.id.as_str()).and_modify(|known| *known = None).or_insert(value);
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.assign(target, None)),
            Expr::List(list) => list.elts.iter().for_each(|target| self.assign(target, None)),
            _ => {}
        }
    }

    /// The value of a name.
    pub(super) fn named(&self, name: &str) -> Option<&'a Expr> {
        self.0.get(name).copied().flatten()
    }

    /// The value of a name; what is no name is itself.
    pub(super) fn of(&self, value: &'a Expr) -> &'a Expr {
        match value {
            Expr::Name(name) => self.named(name.id.as_str()).unwrap_or(value),
            _ => value,
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.constants.assign(target, Some(&assign.value));
                }
            }
            Stmt::AnnAssign(assign) => self.constants.assign(&assign.target, assign.value.as_deref()),
            Stmt::AugAssign(assign) => self.constants.assign(&assign.target, None),
            Stmt::For(loops) => self.constants.assign(&loops.target, None),
            Stmt::ImportFrom(import) if import.module.as_ref().is_some_and(|name| name == "pymc") => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    self.imported.insert(alias.asname.as_ref().map_or(name, |own| own.as_str()), name);
                }
            }
            Stmt::FunctionDef(function) => drop(self.bound.insert(function.name.as_str())),
            _ => {}
        }
        if let Stmt::Import(StmtImport { names, .. }) | Stmt::ImportFrom(StmtImportFrom { names, .. }) =
            statement
        {
            let own = names.iter().map(|alias| alias.asname.as_ref().unwrap_or(&alias.name).as_str());
            self.bound.extend(own);
        }
        let is_around = matches!(statement, Stmt::With(_) | Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        self.depth += usize::from(is_around);
        walk_stmt(self, statement);
        self.depth -= usize::from(is_around);
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.bound.insert(parameter.name.as_str());
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Call(call) => {
                self.calls.push(call);
                if self.depth == 0 {
                    self.alone.insert(call.range());
                }
            }
            Expr::Name(name) if !name.ctx.is_load() => drop(self.bound.insert(name.id.as_str())),
            _ => {}
        }
        walk_expr(self, expression);
    }
}

fn walk(file: &ModelFile) -> Walk<'_> {
    let mut walk = Walk::default();
    walk.visit_body(file.body());
    walk
}

/// The place of an argument of the call at a place.
pub(super) fn argument_at(file: &ModelFile, range: TextRange, name: &str) -> Option<TextRange> {
    let call = walk(file).calls.into_iter().find(|call| call.range() == range)?;
    let keywords = &call.arguments.keywords;
    keywords.iter().find(|k| k.arg.as_ref().is_some_and(|known| known.as_str() == name)).map(Ranged::range)
}

/// Looks at the calls of a file; `new_data` are the shapes of the known values that data containers get.
pub(super) fn check(
    notes: &mut Notes<'_>,
    records: &[Record],
    new_data: &HashMap<TextRange, Vec<usize>>,
    is_readable: bool,
) {
    let has_potential = records.iter().any(|r| matches!(r.variable.role, Role::Potential));
    let mut containers = Containers { records, new_data, lengths: HashMap::new() };
    let Walk { calls, constants, imported, bound, alone, .. } = walk(notes.file);
    for call in calls {
        if is_readable {
            containers.check(notes, call, &constants);
        }
        let by_import = || imported.get(call.func.as_name_expr()?.id.as_str()).copied();
        let Some(name) = name_in_pymc(&call.func).or_else(by_import) else { continue };
        linked_twice(notes, call, &constants);
        if let Some(meant) = misspelt(name) {
            let message = format!("PyMC has no `{name}`; did you mean `{meant}`?");
            let mut fault = Fault::new(call.func.range(), message).rule(Rule::UnknownFunction).about(name);
            fault.details.nearest = vec![meant.clone()];
            unless_told(notes, fault.fix(format!("write `pm.{meant}`")));
        }
        if ON_A_MODEL.contains(&name) {
            model_of(notes, call, name, &bound, alone.contains(&call.range()));
        }
        options::check(notes, call, name, &constants, if is_readable { records } else { &[] });
        if has_potential && ["sample_prior_predictive", "sample_posterior_predictive"].contains(&name) {
            let message = "the model has a potential, which predictions do not take into account";
            notes.at(Fault::new(call.range(), message).rule(Rule::PotentialIgnored));
        }
    }
}

/// Tells where `logit_p=` is given a probability.
fn linked_twice(notes: &mut Notes<'_>, call: &ExprCall, constants: &Constants<'_>) {
    let is_it = |k: &&Keyword| k.arg.as_ref().is_some_and(|name| name == "logit_p");
    let Some(keyword) = call.arguments.keywords.iter().find(is_it) else { return };
    let link = match &keyword.value {
        Expr::Name(name) => constants.named(name.id.as_str()),
        value => Some(value),
    };
    let Some(Expr::Call(link)) = link else { return };
    if ["invlogit", "sigmoid", "expit", "softmax"].contains(&last_name(&link.func)) {
        let message = "`logit_p=` takes the logit, and this is the probability already";
        let fault = Fault::new(keyword.range, message).rule(Rule::LinkMissing);
        notes.at(fault.fix("write `p=` for `logit_p=`, or leave out the link"));
    }
}

/// Functions that need a model: that of the `with` around them, or `model=`.
const ON_A_MODEL: &[&str] = &[
    "sample",
    "sample_smc",
    "fit",
    "find_MAP",
    "sample_prior_predictive",
    "sample_posterior_predictive",
    "compute_log_likelihood",
    "compute_log_prior",
];

/// Notes a finding, unless the place has one against the same rule.
fn unless_told(notes: &mut Notes<'_>, fault: Box<Fault>) {
    let place = notes.file.locate((*fault).clone()).place;
    if !notes.found.iter().any(|found| found.rule == fault.rule && found.place == place) {
        notes.at(fault);
    }
}

/// Looks at the model that a call is about: what `model=` names must be there, and without it one must be open.
fn model_of(notes: &mut Notes<'_>, call: &ExprCall, function: &str, bound: &HashSet<&str>, is_alone: bool) {
    let keywords = &call.arguments.keywords;
    let named = |name: &str| keywords.iter().find(|k| k.arg.as_ref().is_some_and(|known| known == name));
    if let Some(model) = named("model") {
        if let Some(name) = model.value.as_name_expr().filter(|name| !bound.contains(name.id.as_str())) {
            let name = name.id.as_str();
            let near = nearest(name, bound.iter().copied());
            let hint = near.first().map_or(String::new(), |best| format!("; did you mean `{best}`?"));
            let fix =
                near.first().map_or("give the name of the model".into(), |best| format!("write `{best}`"));
            let message = format!("`{name}` is not defined in {}{hint}", notes.file.name());
            let mut fault = Fault::new(model.value.range(), message).rule(Rule::UndefinedName).about(name);
            fault.details.nearest = near;
            unless_told(notes, fault.fix(fix));
        }
        return;
    }
    let is_open = keywords.iter().any(|keyword| keyword.arg.is_none()) || call.arguments.args.len() > 1;
    let is_entered = ["__enter__", "ExitStack"].iter().any(|word| notes.file.source().contains(word));
    if is_alone && !is_open && !is_entered {
        let message = format!(
            "`pm.{function}` stands outside of the model, and PyMC would not know which one is meant"
        );
        let fault =
            Fault::new(call.func.range(), message).rule(Rule::OutsideModel).severity(Severity::Warning);
        notes.at(fault.fix("move it into the `with` block of the model, or give it `model=`"));
    }
}

pub(super) fn last_name(function: &Expr) -> &str {
    match function {
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        Expr::Name(name) => name.id.as_str(),
        _ => "",
    }
}

/// `sample` of `pm.sample`.
pub(super) fn name_in_pymc(function: &Expr) -> Option<&str> {
    match function {
        Expr::Attribute(attribute) => match &*attribute.value {
            Expr::Name(module) if ["pm", "pymc"].contains(&module.id.as_str()) => {
                Some(attribute.attr.as_str())
            }
            _ => None,
        },
        _ => None,
    }
}

/// The data containers of a model, and how `pm.set_data` changes them.
struct Containers<'a> {
    records: &'a [Record],
    new_data: &'a HashMap<TextRange, Vec<usize>>,
    /// Lengths of dimensions that got new labels; `None` where they are not known.
    lengths: HashMap<String, Option<usize>>,
}

impl<'a> Containers<'a> {
    fn find(&self, name: &str) -> Option<&'a Record> {
        self.records.iter().find(|r| r.variable.name == name)
    }

    /// Looks at `pm.set_data({"x": ...}, coords={...})` and `model.set_data("x", ..., coords={...})`.
    fn check<'c>(&mut self, notes: &mut Notes<'_>, call: &'c ExprCall, constants: &Constants<'c>) {
        let values = new_values(call, |value| constants.of(value));
        let coords = argument(&call.arguments, "coords", 2);
        let key =
            |key: &Expr, dim: &str| matches!(key, Expr::StringLiteral(text) if text.value.to_str() == dim);
        let is_given = |dim: &str| match coords {
            Some(Expr::Dict(dict)) => {
                dict.items.iter().any(|item| item.key.as_ref().is_none_or(|k| key(k, dim)))
            }
            Some(other) => !other.is_none_literal_expr(),
            None => false,
        };
        for (name, value) in values {
            let Expr::StringLiteral(text) = name else { continue };
            match self.find(text.value.to_str()) {
                Some(record) if matches!(record.variable.role, Role::Data) => {
                    self.fit(notes, record, value.range(), is_given);
                }
                other => self.no_container(notes, name.range(), text.value.to_str(), other),
            }
        }
    }

    /// Data of another length need new labels for their dimension.
    fn fit(
        &mut self,
        notes: &mut Notes<'_>,
        record: &Record,
        range: TextRange,
        is_given: impl Fn(&str) -> bool,
    ) {
        let variable = &record.variable;
        let name = variable.name.as_str();
        let Some(shape) = self.new_data.get(&range) else {
            for dim in variable.dims.iter().filter(|dim| is_given(dim)) {
                self.lengths.insert(dim.clone(), None);
            }
            return;
        };
        let rule = |message: String| Fault::new(range, message).rule(Rule::UnknownData).about(name);
        if shape.len() != variable.shape.len() {
            let (seen, axes) = (shape.len(), variable.shape.len());
            let message = format!("`{name}` has {axes} axes, and gets data of {seen}");
            let fix = format!("give it data of {axes} axes");
            notes.at(rule(message).seen(format!("{seen} axes"), format!("{axes} axes")).fix(fix));
            return;
        }
        for ((dim, &length), &rows) in variable.dims.iter().zip(&variable.shape).zip(shape) {
            if is_given(dim) {
                self.lengths.insert(dim.clone(), Some(rows));
                continue;
            }
            let length = self.lengths.get(dim).copied().unwrap_or(Some(length));
            // A dimension without labels of its own has the length of its data.
            let has_labels = notes.declared.contains_key(dim);
            if let Some(length) = length.filter(|length| *length != rows && has_labels) {
                let message = format!(
                    "`{name}` gets {rows} rows, but its dimension `{dim}` has {length} labels: give it new ones too"
                );
                let fix = format!("coords={{\"{dim}\": [...]}} after the data");
                notes.at(rule(message).seen(format!("{rows} rows"), format!("{length} rows")).fix(fix));
            }
        }
    }

    fn no_container(&self, notes: &mut Notes<'_>, range: TextRange, name: &str, other: Option<&Record>) {
        let is_container = |r: &&Record| matches!(r.variable.role, Role::Data);
        let names: Vec<&str> =
            self.records.iter().filter(is_container).map(|r| r.variable.name.as_str()).collect();
        let known = if names.is_empty() { "none".into() } else { names.join(", ") };
        let what = match other.map(|record| &record.variable.role) {
            Some(Role::Free { .. }) => "a random variable and no data container",
            Some(Role::Observed) => "an observed variable and no data container",
            Some(_) => "computed and no data container",
            None => "no data container",
        };
        let message = format!("`set_data` names `{name}`, which is {what}; those are: {known}");
        let mut fault = Fault::new(range, message).rule(Rule::UnknownData).about(name);
        fault.details.nearest = nearest(name, names.iter().copied());
        notes.at(fault.seen(name, known));
    }
}
