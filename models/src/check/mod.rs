//! Checks a model without sampling it: everything that can be known of it in a moment, told with its place and the cure.
//!
//! ```text
//! read:      the file is evaluated once; every independent fault of it is a finding
//! script:    calls that are not evaluated (pm.sample, pm.set_data) are looked at as they are written
//! fragile:   forms that lose digits or overflow, as they are written
//! priors:    known parameters of priors
//! data:      data that are multiplied with parameters
//! unused:    data that the file never mentions, or that change nothing in the model
//! influence: one variable at a time is moved; what does not change does not depend on it
//! invariance: two variables are moved against each other; what does not change leaves a direction open
//! domain:    the model at draws from the prior: which parameters leave their domain, which data it expects
//! equations: differential equations at draws from the prior: how exact their steps are
//! start:     log density and gradient where sampling would start
//! ```
//!
//! # References
//! - Gelman et al. (2020), Bayesian workflow, sections 2 to 5. arXiv:2011.01808

mod data;
mod domain;
mod equations;
mod exchange;
mod fragile;
mod influence;
mod invariance;
mod options;
mod priors;
mod script;
mod sizes;
mod stored;
mod sums;
mod unused;

use std::collections::HashMap;
use std::sync::Arc;

use ruff_text_size::TextRange;

use self::stored::Stored;
use crate::data::Dataset;
use crate::distributions::Support;
use crate::finding::{Details, Finding, Rule, Severity};
use crate::language::{Fault, ModelFile, Predictor, Reading, Solved};
use crate::model::{Record, Source};
use crate::{Evaluation, Model, ModelError, Role, Scope};

/// Work of repeated evaluations of one model, in elements that are computed.
const WORK: usize = 10_000_000;

/// What is known of a model that was checked.
pub struct Checked {
    /// What was found, in the order of the file; what has no place comes last.
    pub findings: Vec<Finding>,
    /// What was not looked at, or not in full, for it takes many evaluations of a model of this size.
    pub left_out: Vec<&'static str>,
    /// The model, if nothing stands in its way.
    pub model: Option<Model>,
    /// The model where sampling would start, or at the point that was asked for.
    pub evaluation: Option<Evaluation>,
}

impl Checked {
    /// Whether the model runs.
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }
}

/// Findings in the making.
struct Notes<'a> {
    file: &'a ModelFile,
    declared: HashMap<String, TextRange>,
    found: Vec<Finding>,
    left_out: Vec<&'static str>,
}

impl Notes<'_> {
    /// Notes a finding at a place. Faults come boxed, as their makers give them.
    #[allow(clippy::boxed_local)]
    fn at(&mut self, fault: Box<Fault>) {
        if !self.file.is_broken(fault.range) {
            self.found.push(self.file.locate(*fault));
        }
    }

    /// Notes a finding about a variable, at its declaration.
    fn about(&mut self, variable: &str, rule: Rule, message: String, fix: &str) {
        match self.declared.get(variable) {
            Some(&range) => self.at(Fault::new(range, message).rule(rule).about(variable).fix(fix)),
            None => self.whole(rule, message, fix),
        }
    }

    /// Notes a finding about the model as a whole.
    fn whole(&mut self, rule: Rule, message: String, fix: &str) {
        let details = Details { fix: Some(fix.into()), ..Details::default() };
        self.found.push(Finding { rule, severity: rule.severity(), place: None, message, details });
    }
}

/// Checks the model of a file with its data; `point` is where it is evaluated in place of the starting point.
///
/// # Errors
/// A point that does not fit the model.
pub fn check(
    file: ModelFile,
    data: Dataset,
    point: Option<HashMap<String, Vec<f64>>>,
) -> Result<Checked, ModelError> {
    let (file, data) = (Arc::new(file), Arc::new(data));
    let mut scope = Scope::new(Source::Point(HashMap::new()));
    let Read { mut notes, is_readable, work, equations } = read(&file, &data, &mut scope);
    let (mut model, mut evaluation, mut influence) = (None, None, None);
    if is_readable && scope.dim == 0 {
        notes.whole(
            Rule::NoFreeVariables,
            ModelError::NoFreeVariables.to_string(),
            "leave out an `observed=`",
        );
    } else if is_readable {
        let runs = WORK / (work.saturating_add(scope.dim + 1_000));
        let function = (file.clone(), data.clone());
        let run = move |scope: &mut Scope| Ok(function.0.run(&function.1, scope).map_err(Box::new)?);
        let built = Model::with_scope(run, &scope)?;
        let evaluated = match &point {
            Some(point) => built.evaluate(&built.position_of(point.clone())?),
            None => built.evaluate_with(built.initial_position(), &scope.records),
        };
        match evaluated {
            Ok(at) => {
                let place = if point.is_some() { "the given point" } else { "the starting point" };
                // Where the log density is no number, nothing can be seen of what depends on what.
                let broken = |name: &str| domain::broken_from_prior(&file, &data, &scope, runs, name);
                let is_finite = check_start(&mut notes, &built, &scope.records, &at, place, broken);
                if is_finite && runs == 0 {
                    notes
                        .left_out
                        .push("everything that takes several evaluations, such as draws from the prior");
                } else if is_finite {
                    influence = influence::check(&mut notes, &file, &data, &scope, runs);
                    invariance::check(&mut notes, &file, &data, &scope, runs);
                    domain::check(&mut notes, &file, &data, &scope, runs);
                    unused::check_values(&mut notes, &file, &data, &scope.records, runs);
                }
                equations::check(&mut notes, &file, &data, &equations, runs);
                evaluation = Some(at);
            }
            Err(error) => {
                notes.whole(error.rule(), error.to_string(), "write it with operations that are supported")
            }
        }
        model = Some(built);
    }
    priors::check(&mut notes, &scope.records, influence.as_ref());
    let mut findings = std::mem::take(&mut notes.found);
    findings.sort_by_key(|finding| match &finding.place {
        Some(place) => (0, place.line, place.column),
        None => (1, 0, 0),
    });
    Ok(Checked { findings, left_out: notes.left_out, model, evaluation })
}

/// What reading a model once says that does not keep it from running, for those who are about to run it.
pub fn warnings(file: &ModelFile, data: &Dataset) -> Vec<Finding> {
    let mut scope = Scope::new(Source::Point(HashMap::new()));
    let mut notes = read(file, data, &mut scope).notes;
    priors::check(&mut notes, &scope.records, None);
    notes.found.into_iter().filter(|finding| finding.severity == Severity::Warning).collect()
}

/// A model that was read once.
struct Read<'a> {
    notes: Notes<'a>,
    /// Whether there is no error.
    is_readable: bool,
    /// What reading it again takes, in elements that are computed.
    work: usize,
    /// The differential equations that it solves.
    equations: Vec<Solved>,
}

/// Reads a model once, and looks at what it is made of.
fn read<'a>(file: &'a ModelFile, data: &Dataset, scope: &mut Scope) -> Read<'a> {
    let Reading { faults, declared, predictors, new_data, equations, factored, of_parameters, work, model } =
        file.read_into(data, scope);
    let stored = Stored::of(file);
    let is_meant = |fault: &Fault| fault.rule == Rule::OuterBroadcast && stored.is_of_pairs(fault.range);
    let found = faults.into_iter().filter(|fault| !is_meant(fault)).map(|fault| file.locate(fault)).collect();
    let mut notes = Notes { file, declared, found, left_out: Vec::new() };
    let is_readable = notes.found.iter().all(|finding| finding.severity != Severity::Error);
    // Of several models, it is not known which one a call is about.
    script::check(&mut notes, &scope.records, &new_data, is_readable && model.is_none());
    fragile::check(&mut notes, &of_parameters);
    if is_readable {
        unused::check(&mut notes, data);
    }
    sizes::check(&mut notes, &scope.records, &factored);
    let is_used = |predictor: &Predictor| !stored.holds(predictor.range);
    let predictors: Vec<Predictor> = predictors.into_iter().filter(is_used).collect();
    data::check_predictors(&mut notes, &predictors);
    Read { notes, is_readable, work, equations }
}

/// Log density and gradient must be finite where sampling starts; tells whether they are.
fn check_start(
    notes: &mut Notes<'_>,
    model: &Model,
    records: &[Record],
    evaluation: &Evaluation,
    place: &str,
    broken_from_prior: impl Fn(&str) -> Option<&'static str>,
) -> bool {
    if evaluation.log_density.is_finite() && evaluation.gradient.iter().all(|g| g.is_finite()) {
        return true;
    }
    if let Some(cause) = notes.found.iter_mut().find(|f| data::is_infinite(f)) {
        cause.severity = Severity::Error;
        return false;
    }
    let message = model.explain_evaluation(evaluation, place);
    let term = evaluation.terms.iter().find(|term| term.first_bad_row.is_some());
    let Some(term) = term else {
        // Data on an edge may have a density, and no derivative.
        let on_edge = records.iter().find_map(|record| Some((record, edge_row(record)?)));
        if let Some((record, row)) = on_edge {
            let name = &record.variable.name;
            let message =
                format!("{message}; the data of `{name}` are on an edge of its support at row {row}");
            let range = notes.declared.get(name).map(|&declared| observed_at(notes.file, declared));
            match range {
                Some(range) => notes.at(Fault::new(range, message).rule(Rule::EdgeOfSupport).about(name)),
                None => notes.whole(Rule::EdgeOfSupport, message, Rule::EdgeOfSupport.cure()),
            }
            return false;
        }
        let row = evaluation.gradient.iter().position(|g| !g.is_finite()).unwrap_or(0);
        let name = model
            .free_variables()
            .find(|v| matches!(v.role, Role::Free { offset, .. } if offset + v.unconstrained_len() > row))
            .map_or("", |v| v.name.as_str());
        notes.about(name, Rule::BadStart, message, "give another starting value with `initval=`");
        return false;
    };
    let bad_row = term.first_bad_row.unwrap_or(0);
    let is_on_edge = |record: &Record| record.variable.name == term.name && is_edge(record, bad_row);
    let record = records.iter().find(|record| record.variable.name == term.name);
    let family = record.and_then(|record| record.distribution.as_ref()).map_or("", |d| d.name());
    let is_edge = records.iter().any(is_on_edge);
    // A parameter on the edge of what is allowed breaks no rule there, but close to it.
    let from_prior = match &term.broken_rule {
        None if !is_edge && term.log_density == f64::NEG_INFINITY => broken_from_prior(&term.name),
        _ => None,
    };
    let broken = term.broken_rule.as_deref().or(from_prior);
    let rule = match broken {
        Some(rule) if rule.contains("posdef") => Rule::NotPositiveDefinite,
        Some(broken) if domain::cure(broken, family).0 == Rule::Unnormalised => Rule::Unnormalised,
        _ if is_edge => Rule::EdgeOfSupport,
        _ => Rule::BadStart,
    };
    let fix = match broken {
        Some(broken) if matches!(rule, Rule::BadStart | Rule::Unnormalised) => domain::cure(broken, family).1,
        _ => rule.cure(),
    };
    let finite = if matches!(rule, Rule::BadStart | Rule::Unnormalised) { finite_around(model) } else { 0 };
    let message = match from_prior {
        Some(broken) => {
            format!("{message}; {family} needs {broken}, which does not hold in draws from the prior")
        }
        None => message,
    };
    // What breaks a rule at the start alone, or beside it, breaks it elsewhere too.
    let rule = match broken {
        Some(broken) if finite > 0 || from_prior.is_some() => domain::cure(broken, family).0,
        _ => rule,
    };
    let (severity, message) = match finite {
        0 => (Severity::Error, message),
        _ => (
            Severity::Warning,
            format!(
                "{message}; chains start within 1 of it, where it is finite in {finite} of {TRIES} tries"
            ),
        ),
    };
    let range = notes.declared.get(&term.name).map(|&declaration| match rule {
        Rule::EdgeOfSupport => observed_at(notes.file, declaration),
        _ => declaration,
    });
    match range {
        Some(range) => {
            notes.at(Fault::new(range, message).rule(rule).about(&*term.name).fix(fix).severity(severity));
        }
        None => notes.whole(rule, message, fix),
    }
    false
}

/// Places around the starting point that are tried.
const TRIES: usize = 10;

/// At how many places where chains may start log density and gradient are finite: they start within 1 of the starting
/// point in every parameter.
fn finite_around(model: &Model) -> usize {
    // The fractions of multiples of these fill the unit square evenly.
    let offset = |k: usize, i: usize| {
        2.0 * (k as f64 * 0.754_877_666_246_692_8 + i as f64 * 0.569_840_290_998_053_3).fract() - 1.0
    };
    let is_finite = |k: &usize| {
        let start = model.initial_position().iter().enumerate();
        let position: Vec<f64> = start.map(|(i, start)| start + offset(*k, i + 1)).collect();
        let at = model.evaluate(&position);
        at.is_ok_and(|at| at.log_density.is_finite() && at.gradient.iter().all(|g| g.is_finite()))
    };
    (1..=TRIES).filter(is_finite).count()
}

/// The place of the observed data of a declaration, if it has some.
fn observed_at(file: &ModelFile, declaration: TextRange) -> TextRange {
    script::argument_at(file, declaration, "observed").unwrap_or(declaration)
}

/// Whether an observation is 0 or 1 under a distribution between them, or 0 under a positive one.
fn is_edge(record: &Record, row: usize) -> bool {
    let datum = record.value.as_data().and_then(|data| data.get(row).copied());
    match (record.distribution.as_ref().map(|d| d.support()), datum) {
        (Some(Support::UnitInterval), Some(x)) => x == 0.0 || x == 1.0,
        (Some(Support::Positive | Support::NonNegative), Some(x)) => x == 0.0,
        _ => false,
    }
}

/// The first observation on an edge.
fn edge_row(record: &Record) -> Option<usize> {
    let is_observed = matches!(record.variable.role, Role::Observed);
    (0..record.variable.len()).find(|&row| is_observed && is_edge(record, row))
}
