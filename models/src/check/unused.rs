//! Data that a model does not use: columns of the data file and data containers that its file never mentions, or whose
//! values change nothing when they are changed.

use std::collections::HashSet;
use std::sync::Arc;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, ExprCall, Stmt};
use ruff_text_size::TextRange;

use super::Notes;
use super::influence::asymmetric_position;
use super::script::name_in_pymc;
use crate::data::{Dataset, Entry};
use crate::finding::{Details, Finding, Rule, Severity};
use crate::language::{Fault, ModelFile};
use crate::model::{Change, Record, Source};
use crate::{Kind, Role, Scope, Value};

/// Attributes that take all columns of a table.
const WHOLE: &[&str] =
    &["values", "to_numpy", "iloc", "columns", "drop", "select_dtypes", "items", "keys", "T", "filter"];

/// What a file mentions.
#[derive(Default)]
struct Mentions<'a> {
    /// Names that are read, and attributes.
    names: HashSet<&'a str>,
    /// Texts that index something, such as `x` of `df["x"]`.
    keys: HashSet<&'a str>,
    /// Texts other than the names of variables.
    texts: Vec<&'a str>,
    /// Whether columns may be taken that are not mentioned by name.
    takes_all: bool,
    /// Data containers: their name in the file, if they have one, their own name, and the place.
    containers: Vec<(Option<&'a str>, &'a str, TextRange)>,
}

impl<'a> Visitor<'a> for Mentions<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assign(assign) => {
                if let [Expr::Name(name)] = &assign.targets[..] {
                    self.container(Some(name.id.as_str()), &assign.value, assign.range);
                }
            }
            Stmt::Expr(expression) => self.container(None, &expression.value, expression.range),
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_load() => drop(self.names.insert(name.id.as_str())),
            Expr::Attribute(attribute) => {
                self.takes_all |= WHOLE.contains(&attribute.attr.as_str());
                self.names.insert(attribute.attr.as_str());
            }
            Expr::FString(_) => self.takes_all = true,
            Expr::StringLiteral(text) => self.texts.push(text.value.to_str()),
            Expr::Call(call) if name_in_pymc(&call.func).is_some() => {
                // The first argument is the name of a variable.
                let names_it = matches!(call.arguments.args.first(), Some(Expr::StringLiteral(_)));
                call.arguments.args.iter().skip(usize::from(names_it)).for_each(|a| self.visit_expr(a));
                call.arguments.keywords.iter().for_each(|k| self.visit_expr(&k.value));
                return;
            }
            Expr::Subscript(subscript) => {
                let key = std::slice::from_ref(&*subscript.slice);
                let keys = match &*subscript.slice {
                    Expr::List(list) => &list.elts[..],
                    Expr::Tuple(tuple) => &tuple.elts[..],
                    _ => key,
                };
                let texts = keys.iter().filter_map(Expr::as_string_literal_expr);
                self.keys.extend(texts.map(|text| text.value.to_str()));
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

impl<'a> Mentions<'a> {
    /// Notes `pm.Data("name", ...)`.
    fn container(&mut self, name: Option<&'a str>, value: &'a Expr, range: TextRange) {
        if let Expr::Call(ExprCall { func, arguments, .. }) = value
            && name_in_pymc(func).is_some_and(|f| ["Data", "MutableData", "ConstantData"].contains(&f))
            && let Some(Expr::StringLiteral(own)) = arguments.args.first()
        {
            self.containers.push((name, own.value.to_str(), range));
        }
    }

    fn holds(&self, name: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        self.names.contains(name)
            || self
                .texts
                .iter()
                .any(|text| *text == name || text.split(|c| !is_word(c)).any(|word| word == name))
    }
}

/// Most columns and data containers whose values are changed.
const CHANGED: usize = 32;

/// Looks for data that the file mentions and nothing depends on: each is changed, and the model looked at again.
pub(super) fn check_values(
    notes: &mut Notes<'_>,
    file: &ModelFile,
    data: &Dataset,
    records: &[Record],
    runs: usize,
) {
    let position = asymmetric_position(records);
    let at = |data: &Dataset, changes: Vec<(String, Change)>| {
        let mut scope = Scope::new(Source::Position(position.clone()));
        scope.changes = changes;
        file.run(data, &mut scope).ok().map(|()| scope)
    };
    let Some(before) = at(data, Vec::new()).filter(|scope| scope.records.iter().all(is_finite)) else {
        return;
    };
    let known: HashSet<String> = notes.found.iter().filter_map(unused_names).flatten().collect();
    let source = file.source();
    let most = CHANGED.min(runs);
    let mut tried = 0;
    let mut may_try = |name: &str| {
        tried += 1;
        tried <= most && !known.contains(name)
    };
    for record in records.iter().filter(|r| matches!(r.variable.role, Role::Data)) {
        let name = &record.variable.name;
        // Its length may be what is used.
        let is_measured = source.contains(".shape") || source.contains("len(");
        let Some(changed) = different(&record.value).filter(|_| !is_measured && may_try(name)) else {
            continue;
        };
        let after = at(data, vec![(name.clone(), Change::Fixed(changed))]);
        if after.is_some_and(|after| is_same(&before, &after, name)) {
            let message =
                format!("nothing in the model depends on the values of the data container `{name}`");
            notes.about(name, Rule::UnusedData, message, Rule::UnusedData.cure());
        }
    }
    let mut mentions = Mentions::default();
    mentions.visit_body(file.body());
    let is_read = |name: &str| mentions.names.contains(name) || mentions.keys.contains(name);
    let unread = |(name, entry): &(String, Entry)| {
        if !is_read(name) {
            return None;
        }
        let changed = match entry {
            Entry::Numbers { value, missing: None } if value.rank() == 1 => {
                Entry::Numbers { value: different(value)?, missing: None }
            }
            Entry::TextColumn { values, missing, reason } => {
                let mut values: Vec<String> = values.iter().rev().cloned().collect();
                values.first_mut()?.push_str(" (changed)");
                Entry::TextColumn { values: Arc::from(values), missing: *missing, reason: reason.clone() }
            }
            _ => return None,
        };
        let after = may_try(name).then(|| at(&data.with(name, changed), Vec::new()))??;
        is_same(&before, &after, "").then(|| name.clone())
    };
    let unread: Vec<String> = data.columns().filter_map(unread).collect();
    if tried > most {
        notes.left_out.push("columns whose values change nothing");
    }
    if let Some(first) = unread.first() {
        let names = unread.join(", ");
        let message =
            format!("{} has columns that are read, but change nothing in the model: {names}", data.name());
        notes.whole(Rule::UnusedData, message, "use them in the model, or leave them out");
        if let Some(finding) = notes.found.last_mut() {
            finding.severity = Severity::Suggestion;
            finding.details.variable = Some(first.clone());
            finding.details.seen = Some(names);
        }
    }
}

/// The columns and data containers that a finding says are unused.
fn unused_names(finding: &Finding) -> Option<Vec<String>> {
    let Details { variable, seen, .. } = &finding.details;
    let names = seen.iter().flat_map(|seen| seen.split(", ")).chain(variable.as_deref());
    (finding.rule == Rule::UnusedData).then(|| names.map(str::to_owned).collect())
}

fn is_finite(record: &Record) -> bool {
    let numbers = record.log_density.as_ref().and_then(|density| density.as_numbers());
    numbers.is_none_or(|numbers| numbers.iter().all(|x| x.is_finite()))
}

/// Other numbers of the same shape: in reverse, the largest whole number one larger, others a little larger.
fn different(value: &Value) -> Option<Value> {
    let mut numbers: Vec<f64> = value.as_data()?.iter().rev().copied().collect();
    let largest = (0..numbers.len()).max_by(|&a, &b| numbers[a].total_cmp(&numbers[b]))?;
    match value.kind() {
        Kind::Int => numbers[largest] += 1.0,
        Kind::Bool => numbers[0] = 1.0 - numbers[0],
        Kind::Float => numbers.iter_mut().for_each(|x| *x = *x * 1.0009 + 1e-4),
    }
    Some(Value::data(numbers, value.shape(), value.kind()))
}

/// Whether two readings are the same but for a data container.
fn is_same(before: &Scope, after: &Scope, container: &str) -> bool {
    let bits = |value: &Value| value.as_numbers().map(|n| n.iter().map(|x| x.to_bits()).collect::<Vec<_>>());
    let same = |(a, b): (&Record, &Record)| {
        a.variable.name == container
            || (a.variable.name == b.variable.name
                && a.variable.shape == b.variable.shape
                && bits(&a.value) == bits(&b.value)
                && a.log_density.as_ref().map(bits) == b.log_density.as_ref().map(bits))
    };
    before.records.len() == after.records.len()
        && before.coordinates == after.coordinates
        && before.records.iter().zip(&after.records).all(same)
}

/// Looks for columns of the data file and data containers that nothing mentions.
pub(super) fn check(notes: &mut Notes<'_>, data: &Dataset) {
    let file = notes.file;
    let mut mentions = Mentions::default();
    mentions.visit_body(file.body());
    for (name, own, range) in &mentions.containers {
        let is_read = name.is_some_and(|name| mentions.names.contains(name)) || mentions.texts.contains(own);
        if !is_read {
            let message = format!("the data container `{own}` is declared and never used");
            notes.at(Fault::new(*range, message).rule(Rule::UnusedData).about(*own));
        }
    }
    if mentions.takes_all {
        return;
    }
    for file in data.files() {
        let is_unused =
            |(name, entry): &&(String, Entry)| entry.list_length().is_some() && !mentions.holds(name);
        let unused: Vec<&str> =
            file.entries().iter().filter(is_unused).map(|(name, _)| name.as_str()).collect();
        let Some(first) = unused.first() else { continue };
        let message =
            format!("{} has columns that the model does not use: {}", file.name(), unused.join(", "));
        notes.whole(Rule::UnusedData, message, "use them, or leave them out of the data file");
        if let Some(finding) = notes.found.last_mut() {
            finding.severity = Severity::Suggestion;
            finding.details.variable = Some((*first).to_owned());
            finding.details.seen = Some(unused.join(", "));
        }
    }
}
