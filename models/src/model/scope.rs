//! What a model's function sees: the place where variables are declared, in order.
//!
//! A scope runs in one of two ways. *At a point* every free variable has known numbers, so shapes, log densities and
//! faults can be told variable by variable. *Under capture* free variables are slices of the position tensor, and
//! the same declarations become the program.

use std::collections::HashMap;
use std::rc::Rc;

use chainfire_engine::draws::Coordinate;
use chainfire_engine::program::{Value, value::shape};

use super::change::Change;
use super::layout::{Minibatch, Role, Variable};
use super::record::Record;
use super::rules::{check_observed, check_rules, first_broken_rule, guarded};
use super::shapes::{misfit, texts};
use super::site::Site;
use super::source::Source;
use super::written::{Question, Questions};
use crate::distributions::{Distribution, Missing, Part, Present, Stream, Support, Whole, density_anywhere};
use crate::error::ModelError;
use crate::finding::Rule;
use crate::transform::joined;

/// Most parameters of a model: the position and its gradient are columns in memory for every chain.
const PARAMETERS: usize = 1 << 21;

/// The rules of a site that have one truth value and depend on parameters.
fn scalar_rules(site: &Site) -> Vec<Value> {
    let rules = site.distribution.conditions().into_iter().map(|condition| condition.holds);
    rules.filter(|holds| holds.len() == 1 && holds.is_random()).collect()
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope").field("dim", &self.dim).finish_non_exhaustive()
    }
}

/// The place where a model's variables are declared, in order.
pub struct Scope {
    pub(crate) source: Source,
    pub(crate) coordinates: Vec<(String, Coordinate)>,
    pub(crate) records: Vec<Record>,
    pub(crate) dim: usize,
    pub(super) minibatch: Option<Minibatch>,
    /// What variables become in place of what is declared.
    pub(crate) changes: Vec<(String, Change)>,
    /// How often the steps of every differential equation are halved, as its starting point told.
    pub(crate) halvings: Vec<u32>,
    /// Whether this finds what changes the model: variables that are discrete until then stand in by where they start.
    pub(crate) is_preliminary: bool,
    /// At a probe, how much halving the steps of every differential equation changes its states; `None` where they are
    /// not finite.
    pub(crate) changes_by_halving: Vec<Option<f64>>,
}

impl Scope {
    /// Names of the variables, potentials and deterministics so far.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.records.iter().map(|record| record.variable.name.as_str())
    }

    /// Whether nothing has been declared, not even a dimension.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.coordinates.is_empty() && self.minibatch.is_none()
    }

    /// Whether this is a place that a check looks at.
    pub(crate) fn is_probe(&self) -> bool {
        matches!(self.source, Source::Probe(..))
    }

    /// Number of variables, potentials and deterministics so far.
    pub(crate) fn declared(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn new(source: Source) -> Self {
        Self {
            source,
            coordinates: Vec::new(),
            records: Vec::new(),
            dim: 0,
            minibatch: None,
            changes: Vec::new(),
            halvings: Vec::new(),
            is_preliminary: false,
            changes_by_halving: Vec::new(),
        }
    }

    /// A scope at the starting point of a model that may be changed before it is used.
    pub(crate) fn preliminary() -> Self {
        Self { is_preliminary: true, ..Self::new(Source::Point(HashMap::new())) }
    }

    /// The random numbers of the next variable, where variables are drawn from the prior.
    pub(crate) fn prior_stream(&self) -> Option<Stream> {
        match self.source {
            Source::Prior(draw) => Some(draw.stream(self.records.len())),
            _ => None,
        }
    }

    /// Declares a dimension and its labels.
    ///
    /// # Errors
    /// A reserved name, or a dimension declared twice with other labels.
    pub fn coordinate(&mut self, dim: &str, labels: impl Into<Coordinate>) -> Result<(), ModelError> {
        let labels = labels.into();
        if ["chain", "draw", "__sample__"].contains(&dim) {
            let reason = "chain, draw and __sample__ are reserved for the results";
            return Err(ModelError::InvalidName { name: dim.into(), reason });
        }
        match self.coordinates.iter().find(|(known, _)| known == dim) {
            Some((_, known)) if *known == labels => Ok(()),
            Some(_) => Err(ModelError::DuplicateName { name: dim.into() }),
            None => {
                self.coordinates.push((dim.into(), labels));
                Ok(())
            }
        }
    }

    /// The name under which an array was declared.
    pub(crate) fn name_of(&self, value: &Value) -> Option<&str> {
        self.records.iter().find(|record| record.value.is_same(value)).map(|record| &*record.variable.name)
    }

    /// The distribution of the variable that an array is.
    pub(crate) fn distribution_of(&self, value: &Value) -> Option<Rc<dyn Distribution>> {
        let record = self.records.iter().find(|record| record.value.is_same(value))?;
        record.distribution.clone()
    }

    /// Length of a dimension.
    pub fn dim_length(&self, dim: &str) -> Option<usize> {
        self.coordinates.iter().find(|(known, _)| known == dim).map(|(_, labels)| labels.len())
    }

    /// Says that the rows of these data may be read in batches of `batch_size`: methods that take batches
    /// (`FitMethod::takes_batches`) draw rows anew in each step; the others, and everything that is said of the model,
    /// take all rows. What observes the data needs a `total_size`.
    ///
    /// # Errors
    /// Data without rows, with different numbers of rows, or that depend on parameters; a batch that is empty or has
    /// more rows than there are.
    pub fn minibatch(&mut self, data: &[&Value], batch_size: usize) -> Result<(), ModelError> {
        let fault =
            |seen: String, expected: &str| Err(ModelError::Minibatch { seen, expected: expected.into() });
        for value in data {
            if value.as_data().is_none() {
                return fault("data that depend on parameters".into(), "its rows must be known");
            }
            let Some(&rows) = value.shape().first().filter(|&&rows| rows > 1) else {
                let seen = format!("data of shape {}", shape::display(value.shape()));
                return fault(seen, "they need at least two rows");
            };
            let new = Minibatch { rows, size: batch_size };
            match self.minibatch {
                Some(known) if known.rows != rows => {
                    let expected =
                        format!("other data in batches have {} rows: all need as many", known.rows);
                    return fault(format!("data of {rows} rows"), &expected);
                }
                Some(known) if known != new => {
                    let expected = format!("other data have {}: all need one size", known.size);
                    return fault(format!("batch_size={batch_size}"), &expected);
                }
                _ if !(1..=rows).contains(&batch_size) => {
                    return fault(
                        format!("batch_size={batch_size}"),
                        &format!("it must be 1 to {rows}, the rows"),
                    );
                }
                _ => self.minibatch = Some(new),
            }
        }
        Ok(())
    }

    /// A named container of data, stored with the results.
    ///
    /// # Errors
    /// A name or dims that cannot be used, data that depends on parameters or is not a number.
    pub fn data(&mut self, name: &str, value: impl Into<Value>, dims: &[&str]) -> Result<Value, ModelError> {
        let value = match self.change_of(name) {
            Some(Change::Fixed(value) | Change::Observed(value)) => value,
            _ => value.into(),
        };
        self.container(name, value, dims)
    }

    fn container(&mut self, name: &str, value: Value, dims: &[&str]) -> Result<Value, ModelError> {
        let value = checked(name, value)?;
        if let Some(row) = value.as_data().and_then(|d| d.iter().position(|x| x.is_nan())) {
            return Err(ModelError::ObservedData {
                name: name.into(),
                seen: "a missing value (NaN)".into(),
                row,
                expected: "data containers cannot hold missing values; drop or fill the row".into(),
                rule: Rule::MissingPredictor,
            });
        }
        self.fit_dims(name, value.shape(), dims)?;
        self.declare(name, Role::Data, &value, dims, None)?;
        Ok(value)
    }

    /// A free variable; gives its constrained value.
    ///
    /// # Errors
    /// A name, dims, shape or parameters that cannot be used.
    pub fn sample(&mut self, name: &str, site: impl Into<Site>) -> Result<Value, ModelError> {
        let site = site.into();
        match self.change_of(name) {
            Some(Change::Observed(data)) => return self.observe(name, site, data),
            Some(Change::Fixed(value)) => {
                let parameters = self.parameter_shape(name, &site)?;
                let shape = self.site_shape(name, &site, &parameters)?;
                return self.container(name, value.broadcast_to(&shape), &texts(&site.dims));
            }
            _ => {}
        }
        let site = self.changed(name, site);
        if let Some(&seen) = site.total_sizes.iter().flatten().next() {
            let expected = "it is not observed: only observed data stand for more rows";
            return Err(ModelError::TotalSize { name: name.into(), seen, expected });
        }
        let parameters = self.parameter_shape(name, &site)?;
        check_rules(name, &site)?;
        let shape = self.site_shape(name, &site, &parameters)?;
        if self.dim + shape::elements(&shape) > PARAMETERS {
            return Err(ModelError::ShapeMismatch {
                name: name.into(),
                seen: shape::display(&shape),
                expected: format!("a model takes at most {PARAMETERS} parameters"),
            });
        }
        let transform = match site.whole_transform() {
            Some(transform) => transform,
            None if self.is_preliminary => {
                let start = site.initial.clone().unwrap_or_else(|| site.distribution.typical(&shape));
                let start = checked(name, start.broadcast_to(&shape))?;
                let numbers = start.as_numbers().map(|numbers| numbers.to_vec()).unwrap_or_default();
                let value = Value::at_point(numbers, &*shape).as_whole();
                self.declare(name, Role::Deterministic, &value, &texts(&site.dims), Some(&site))?;
                return Ok(value);
            }
            None => {
                let distribution = site.distribution.name();
                return Err(ModelError::DiscreteFree { name: name.into(), distribution });
            }
        };
        let free = transform.unconstrained_shape(&shape);
        let unconstrained = self.unconstrained(name, &site, &transform, &shape, &free)?;
        let value = checked(name, transform.constrain(&unconstrained).broadcast_to(&shape))?;
        let density = self.density(name, &site, &value, transform.log_jacobian(&unconstrained))?;
        let role = Role::Free { transform, offset: self.dim };
        let record = self.declare(name, role, &value, &texts(&site.dims), Some(&site))?;
        record.unconstrained = Some(unconstrained);
        record.log_density = density;
        record.broken_rule = first_broken_rule(&site);
        record.rules = scalar_rules(&site);
        self.dim += shape::elements(&free);
        Ok(value)
    }

    /// What a transform of the file is asked first where [`Scope::sample`] will put the variable; `None` where all are
    /// known, or the variable is not free.
    pub(crate) fn question(
        &mut self,
        name: &str,
        site: &Site,
        questions: &Questions,
    ) -> Result<Option<Question>, ModelError> {
        let Some(transform) = site.whole_transform().filter(|_| self.change_of(name).is_none()) else {
            return Ok(None);
        };
        let parameters = self.parameter_shape(name, site)?;
        let shape = self.site_shape(name, site, &parameters)?;
        let free = transform.unconstrained_shape(&shape);
        if questions.is_empty() {
            // A wrong answer is no fault while there are questions.
            let unconstrained = self.unconstrained(name, site, &transform, &shape, &free);
            if questions.is_empty() {
                transform.constrain(&unconstrained?);
            }
        }
        Ok(questions.take())
    }

    /// An observed variable; gives the observed data.
    ///
    /// # Errors
    /// A name, dims or parameters that cannot be used; data with missing values or outside the support.
    pub fn observe(
        &mut self,
        name: &str,
        site: impl Into<Site>,
        observed: impl Into<Value>,
    ) -> Result<Value, ModelError> {
        let site = site.into();
        let observed = match self.change_of(name) {
            Some(Change::Observed(data)) => data,
            Some(Change::Fixed(value)) => {
                let whole = value.broadcast_to(observed.into().shape());
                return self.container(name, whole, &texts(&site.dims));
            }
            _ => observed.into(),
        };
        let observed = checked(name, observed)?;
        let parameters = self.parameter_shape(name, &site)?;
        check_rules(name, &site)?;
        if observed.is_empty() {
            return Err(ModelError::ShapeMismatch {
                name: name.into(),
                seen: format!("{} in its observed data", shape::display(observed.shape())),
                expected: "there must be at least one observation".into(),
            });
        }
        if shape::broadcast(&parameters, observed.shape()).as_deref() != Some(observed.shape()) {
            return Err(misfit(name, &site, &parameters, observed.shape(), " in its observed data"));
        }
        if let Some(shape) = &site.shape
            && shape != observed.shape()
        {
            return Err(ModelError::ShapeMismatch {
                name: name.into(),
                seen: format!("{} in its observed data", shape::display(observed.shape())),
                expected: format!("`shape` says {}", shape::display(shape)),
            });
        }
        self.fit_dims(name, observed.shape(), &texts(&site.dims))?;
        let is_missing = |data: &std::sync::Arc<[f64]>| data.iter().any(|x| x.is_nan());
        if observed.as_data().is_some_and(is_missing) && site.distribution.event_rank() == 0 {
            return self.impute(name, &site, &observed);
        }
        let is_real = matches!(site.distribution.support(), Support::Real);
        if observed.as_data().is_some_and(is_missing) && is_real {
            return self.impute_vectors(name, &site, &observed);
        }
        let weight = self.weight(name, &site, &observed)?;
        check_observed(name, &observed, &*site.distribution)?;
        let density = self.density(name, &site, &observed, None)?;
        let record = self.declare(name, Role::Observed, &observed, &texts(&site.dims), Some(&site))?;
        record.log_density = density;
        record.broken_rule = first_broken_rule(&site);
        record.rules = scalar_rules(&site);
        record.weight = weight;
        Ok(observed)
    }

    /// How often each row of observed data counts.
    fn weight(&self, name: &str, site: &Site, observed: &Value) -> Result<f64, ModelError> {
        let axes = observed.shape();
        if site.total_sizes.len() > axes.len().max(1) {
            return Err(ModelError::ShapeMismatch {
                name: name.into(),
                seen: format!("{} in its observed data", shape::display(axes)),
                expected: format!("`total_size` has {} axes", site.total_sizes.len()),
            });
        }
        let rows = axes.first().copied().unwrap_or(1);
        if site.total_sizes.is_empty() && self.minibatch.is_some_and(|batches| batches.rows == rows) {
            return Err(ModelError::NoTotalSize { name: name.into(), rows });
        }
        let mut weight = 1.0;
        for (axis, total) in site.total_sizes.iter().enumerate() {
            match total {
                Some(0) => {
                    let expected = "it must be the number of rows that the data stand for";
                    return Err(ModelError::TotalSize { name: name.into(), seen: 0, expected });
                }
                Some(total) => weight *= *total as f64 / axes.get(axis).copied().unwrap_or(1) as f64,
                None => {}
            }
        }
        Ok(weight)
    }

    /// An observed variable with missing values: they become parameters, `<name>_unobserved`; the others stay observed,
    /// `<name>_observed`; both together are the deterministic `<name>`.
    fn impute(&mut self, name: &str, site: &Site, observed: &Value) -> Result<Value, ModelError> {
        let shape = observed.shape().to_vec();
        let data = observed.as_data().map(|data| data.to_vec()).unwrap_or_default();
        let (missing, present): (Vec<u32>, Vec<u32>) =
            (0..data.len() as u32).partition(|&k| data[k as usize].is_nan());
        let part = |places: &[u32]| Site {
            dims: Vec::new(),
            shape: None,
            initial: None,
            ..Site::from(Part::new(site.distribution.clone(), shape.clone(), places.to_vec()))
        };
        let free = Site {
            transform: site.transform.clone(),
            default_transform: site.default_transform.clone(),
            ..part(&missing)
        };
        let filled = self.sample(&format!("{name}_unobserved"), free)?;
        let known = observed.take(present.clone(), vec![present.len()]);
        let mut joined = filled.clone();
        if !present.is_empty() {
            let known = self.observe(&format!("{name}_observed"), part(&present), known)?;
            joined = Value::concatenate(&[filled, known], 0);
        }
        let mut index = vec![0; data.len()];
        missing.iter().chain(&present).enumerate().for_each(|(k, &place)| index[place as usize] = k as u32);
        self.deterministic(name, joined.take(index, shape), &texts(&site.dims))
    }

    /// Observed vectors of real numbers with missing elements: these become parameters, `<name>_unobserved`, and the
    /// density of the whole vectors is that of the others, `<name>_observed`.
    fn impute_vectors(&mut self, name: &str, site: &Site, observed: &Value) -> Result<Value, ModelError> {
        let data = observed.as_data().map(|data| data.to_vec()).unwrap_or_default();
        let (missing, present): (Vec<u32>, Vec<u32>) =
            (0..data.len() as u32).partition(|&k| data[k as usize].is_nan());
        let shape = observed.shape().to_vec();
        let known = observed.take(present.clone(), vec![present.len()]);
        let whole = Whole::new(site.distribution.clone(), shape, missing, present);
        let filled = self.sample(&format!("{name}_unobserved"), Missing(whole.clone()))?;
        let joined = whole.joined(&filled, &known);
        self.observe(&format!("{name}_observed"), Present { whole, beside: filled }, known)?;
        self.deterministic(name, joined, &texts(&site.dims))
    }

    /// A quantity stored for every draw; gives its value.
    ///
    /// # Errors
    /// A name, dims or value that cannot be used.
    pub fn deterministic(
        &mut self,
        name: &str,
        value: impl Into<Value>,
        dims: &[&str],
    ) -> Result<Value, ModelError> {
        let value = checked(name, value.into())?;
        if let Some(Change::Fixed(fixed) | Change::Observed(fixed)) = self.change_of(name) {
            return self.container(name, fixed.broadcast_to(value.shape()), dims);
        }
        self.fit_dims(name, value.shape(), dims)?;
        self.declare(name, Role::Deterministic, &value, dims, None)?;
        Ok(value)
    }

    /// A term added to the log density, summed over its elements.
    ///
    /// # Errors
    /// A name or value that cannot be used.
    pub fn potential(&mut self, name: &str, value: impl Into<Value>) -> Result<(), ModelError> {
        let value = checked(name, value.into())?;
        if let Source::Prior(_) = self.source {
            let reason = "it is a potential, which adds to the density without saying how to draw".into();
            return Err(ModelError::NoPriorDraw { name: name.into(), reason });
        }
        let record = self.declare(name, Role::Potential, &value, &[], None)?;
        record.log_density = Some(value);
        Ok(())
    }

    /// Adds a term to the log density of a variable that was declared before; gives the variable's value.
    ///
    /// # Errors
    /// A term that cannot be computed, a name that is not declared.
    pub fn add_density(&mut self, name: &str, term: impl Into<Value>) -> Result<Value, ModelError> {
        let term = checked(name, term.into())?;
        let Some(record) = self.records.iter_mut().find(|record| record.variable.name == name) else {
            let known: Vec<&str> = self.records.iter().map(|r| r.variable.name.as_str()).collect();
            return Err(ModelError::UnknownVariable { name: name.into(), known: known.join(", ") });
        };
        if let (Source::Prior(_), Role::Free { .. }) = (&self.source, &record.variable.role) {
            let reason = "its density has a term that does not say how to draw".into();
            return Err(ModelError::NoPriorDraw { name: name.into(), reason });
        }
        record.log_density = Some(match record.log_density.take() {
            Some(density) => joined(density, term),
            None => term,
        });
        Ok(record.value.clone())
    }

    /// Log density of every element, that of the transform included, where it is wanted.
    fn density(
        &self,
        name: &str,
        site: &Site,
        value: &Value,
        jacobian: Option<Value>,
    ) -> Result<Option<Value>, ModelError> {
        if let Source::Prior(_) = self.source {
            return Ok(None);
        }
        // Only the transform of the support is sure to stay in it.
        let density = match site.default_transform {
            Some(_) => density_anywhere(&*site.distribution, value),
            None => site.distribution.log_density(value),
        };
        let density = guarded(site, density);
        let density = jacobian.into_iter().fold(density, joined);
        checked(name, density).map(Some)
    }

    fn declare(
        &mut self,
        name: &str,
        role: Role,
        value: &Value,
        dims: &[&str],
        site: Option<&Site>,
    ) -> Result<&mut Record, ModelError> {
        let invalid = |reason| Err(ModelError::InvalidName { name: name.into(), reason });
        if name.is_empty() {
            return invalid("it is empty");
        }
        if name.contains('/') {
            return invalid("it contains `/`, which separates groups in result files");
        }
        if name.contains(char::is_control) {
            return invalid("it contains a control character");
        }
        if name.ends_with(':') {
            return invalid("it ends with `:`, which separates the names of models");
        }
        if ["chain", "draw"].contains(&name) {
            return Err(ModelError::NameIsDim { name: name.into() });
        }
        // Data are stored apart: among them, only the dims of data count.
        let is_data = matches!(role, Role::Data);
        let data = || self.records.iter().filter(|r| matches!(r.variable.role, Role::Data));
        let is_dim = match is_data {
            true => dims.contains(&name) || data().any(|r| r.variable.dims.iter().any(|dim| dim == name)),
            false => self.coordinates.iter().any(|(dim, _)| dim == name),
        };
        let clash = is_dim.then_some(name);
        let clash = clash
            .or_else(|| dims.iter().copied().find(|dim| is_data && data().any(|r| r.variable.name == *dim)));
        if let Some(name) = clash {
            return Err(ModelError::NameIsDim { name: name.into() });
        }
        if self.records.iter().any(|r| r.variable.name == name) {
            return Err(ModelError::DuplicateName { name: name.into() });
        }
        let variable = Variable {
            name: name.into(),
            role,
            shape: value.shape().to_vec(),
            dims: dims.iter().map(ToString::to_string).collect(),
            distribution: site.map(|s| s.distribution.name()),
            kind: value.kind(),
        };
        self.records.push(Record {
            variable,
            value: value.clone(),
            unconstrained: None,
            log_density: None,
            broken_rule: None,
            distribution: site.map(|site| site.distribution.clone()),
            rules: Vec::new(),
            weight: 1.0,
        });
        let last = self.records.len() - 1;
        Ok(&mut self.records[last])
    }
}

/// The value, or what is wrong with it under the name of its variable.
pub(super) fn checked(name: &str, value: Value) -> Result<Value, ModelError> {
    match value.error() {
        Some(error) => Err(ModelError::Value { name: name.into(), source: error.clone() }),
        None => Ok(value),
    }
}
