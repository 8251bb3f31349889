//! A model: a function over a scope, and the programs it becomes.

use std::collections::HashMap;

use burn_tensor::Tensor;
use chainfire_engine::LogDensity;
use chainfire_engine::draws::Coordinate;
use chainfire_engine::program::{RowTapeDensity, TapeDensity, Value};
use chainfire_engine::program::{density_of_rows, density_tape, function_tape};
use chainfire_kernels::tape::{CpuProgram, Tape};

use super::layout::{Minibatch, Role, Variable};
use super::record::Record;
use super::scope::Scope;
use super::source::Source;
use crate::data::Dataset;
use crate::error::ModelError;
use crate::language::ModelFile;
use crate::prior::PriorDraw;

pub(super) type Function = Box<dyn Fn(&mut Scope) -> Result<(), ModelError> + Send + Sync>;

/// A model with its variables, in the order of declaration.
pub struct Model {
    function: Function,
    variables: Vec<Variable>,
    coordinates: Vec<(String, Coordinate)>,
    initial: Vec<f64>,
    data: Vec<(String, Value)>,
    minibatch: Option<Minibatch>,
}

/// One variable's part of the log density at a point.
#[derive(Clone, Debug)]
pub struct Term {
    /// Variable.
    pub name: String,
    /// Sum of its log density, Jacobian included.
    pub log_density: f64,
    /// Flat index of the first element whose log density is not finite.
    pub first_bad_row: Option<usize>,
    /// The rule of its distribution that the parameters break, such as a scale above zero.
    pub broken_rule: Option<String>,
}

/// A model at a point.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Unconstrained position, `[dim]`.
    pub position: Vec<f64>,
    /// Parts of the log density.
    pub terms: Vec<Term>,
    /// Total log density by the compiled program.
    pub log_density: f64,
    /// Gradient by the compiled program, `[dim]`.
    pub gradient: Vec<f64>,
}

/// Turns positions into draws of the variables that results hold.
pub struct DrawLayout {
    program: CpuProgram,
    /// Free variables, then deterministics, with their first row in a draw.
    pub variables: Vec<(Variable, usize)>,
}

impl DrawLayout {
    /// Numbers of one draw.
    pub fn rows(&self) -> usize {
        self.program.output_rows()
    }

    /// Constrained values and deterministics of positions.
    ///
    /// # Shapes
    /// `positions`: `[draws, dim]`; result: `[draws, rows]`
    pub fn draws(&self, positions: &[f64], draws: usize) -> Vec<f64> {
        let mut out = vec![0.0; draws * self.rows()];
        self.program.run(&mut self.program.workspace(), positions, &mut out);
        out
    }
}

impl Model {
    /// Reads a model: runs its function at the starting point to learn its variables.
    ///
    /// # Errors
    /// What the function returns; no free variables.
    pub fn new(
        function: impl Fn(&mut Scope) -> Result<(), ModelError> + Send + Sync + 'static,
    ) -> Result<Self, ModelError> {
        let mut scope = Scope::new(Source::Point(HashMap::new()));
        function(&mut scope)?;
        Self::with_scope(function, &scope)
    }

    /// The model of a function that left this scope at the starting point.
    ///
    /// # Errors
    /// No free variables.
    pub(crate) fn with_scope(
        function: impl Fn(&mut Scope) -> Result<(), ModelError> + Send + Sync + 'static,
        scope: &Scope,
    ) -> Result<Self, ModelError> {
        if scope.dim == 0 {
            return Err(ModelError::NoFreeVariables);
        }
        let initial = positions(&scope.records);
        let data = scope
            .records
            .iter()
            .filter(|r| matches!(r.variable.role, Role::Observed | Role::Data))
            .map(|r| (r.variable.name.clone(), r.value.clone()))
            .collect();
        let variables = scope.records.iter().map(|r| r.variable.clone()).collect();
        let (function, coordinates, minibatch) =
            (Box::new(function), scope.coordinates.clone(), scope.minibatch);
        Ok(Self { function, variables, coordinates, initial, data, minibatch })
    }

    /// Reads the model of a model file with its data.
    ///
    /// # Errors
    /// What the file gets wrong, with its place; no free variables.
    pub fn from_file(file: ModelFile, data: Dataset) -> Result<Self, ModelError> {
        Self::new(move |scope| Ok(file.run(&data, scope).map_err(Box::new)?))
    }

    pub(super) fn into_function(self) -> Function {
        self.function
    }

    /// Length of a position.
    pub fn dim(&self) -> usize {
        self.initial.len()
    }

    /// Every variable, in the order of declaration.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The free variables, in the order of the position.
    pub fn free_variables(&self) -> impl Iterator<Item = &Variable> {
        self.variables.iter().filter(|v| matches!(v.role, Role::Free { .. }))
    }

    /// Dimensions and their labels.
    pub fn coordinates(&self) -> &[(String, Coordinate)] {
        &self.coordinates
    }

    /// Starting point, unconstrained, `[dim]`.
    pub fn initial_position(&self) -> &[f64] {
        &self.initial
    }

    /// The batches in which the model's data may be read.
    pub fn minibatch(&self) -> Option<Minibatch> {
        self.minibatch
    }

    /// The data of an observed variable or a data container.
    pub fn data(&self, name: &str) -> Option<&Value> {
        self.data.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The tape of the log density and its gradient.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub fn density_tape(&self) -> Result<Tape, ModelError> {
        density_tape(self.dim(), |position| self.log_density(position))
    }

    /// The log density of a captured position.
    fn log_density(&self, position: Tensor<1>) -> Result<Tensor<1>, ModelError> {
        let mut scope = Scope::new(Source::Capture(Box::new(position.clone())));
        (self.function)(&mut scope)?;
        let terms = scope.records.iter().filter_map(Record::total);
        Ok(terms.reduce(|a, b| a + b).unwrap_or(Value::from(0.0)).as_tensor(&position))
    }

    /// The log density, ready to be estimated from batches of rows.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered, or is not a sum over the rows of its minibatch.
    pub fn row_density(&self, minibatch: Minibatch) -> Result<RowTapeDensity, ModelError> {
        let rows = density_of_rows(self.dim(), minibatch.rows, |position| self.log_density(position))?;
        Ok(RowTapeDensity::new(rows, minibatch.size))
    }

    /// The log density, ready to be sampled.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub fn density(&self) -> Result<TapeDensity, ModelError> {
        Ok(TapeDensity::new(&self.density_tape()?))
    }

    /// The program that turns positions into constrained values and deterministics.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub fn draw_layout(&self) -> Result<DrawLayout, ModelError> {
        let stored = |r: &Record| matches!(r.variable.role, Role::Free { .. } | Role::Deterministic);
        let mut variables = Vec::new();
        let tape = function_tape(self.dim(), |position| {
            let mut scope = Scope::new(Source::Capture(Box::new(position.clone())));
            (self.function)(&mut scope)?;
            let (free, derived): (Vec<_>, Vec<_>) = scope
                .records
                .into_iter()
                .filter(stored)
                .partition(|r| matches!(r.variable.role, Role::Free { .. }));
            let (mut tensors, mut row) = (Vec::new(), 0);
            for record in free.into_iter().chain(derived) {
                tensors.push(record.value.as_tensor(&position));
                let len = record.variable.len();
                variables.push((record.variable, row));
                row += len;
            }
            Ok::<_, ModelError>(tensors)
        })?;
        Ok(DrawLayout { program: CpuProgram::new(&tape), variables })
    }

    /// An unconstrained position from values under the names of variables (constrained) or of their value variables
    /// (unconstrained); variables left out take their starting values.
    ///
    /// # Errors
    /// Names that the model does not have, wrong lengths, values outside the support.
    pub fn position_of(&self, point: HashMap<String, Vec<f64>>) -> Result<Vec<f64>, ModelError> {
        for (name, values) in &point {
            let Some(variable) = self.free_variables().find(|v| v.name == *name || v.value_name() == *name)
            else {
                let both = |v: &Variable| match v.value_name() {
                    value_name if value_name == v.name => value_name,
                    value_name => format!("{} (or {value_name})", v.name),
                };
                let known: Vec<String> = self.free_variables().map(both).collect();
                return Err(ModelError::UnknownVariable { name: name.clone(), known: known.join(", ") });
            };
            let is_value = variable.value_name() == *name && variable.name != *name;
            let expected = if is_value { variable.unconstrained_len() } else { variable.len() };
            if values.len() != expected {
                return Err(ModelError::PointLength {
                    name: name.clone(),
                    seen: values.len(),
                    expected,
                    shape: variable.shape.clone(),
                });
            }
        }
        let mut scope = Scope::new(Source::Point(point));
        (self.function)(&mut scope)?;
        Ok(positions(&scope.records))
    }

    /// The unconstrained position `[dim]` of a draw from the prior.
    pub(crate) fn prior_position(&self, draw: PriorDraw) -> Result<Vec<f64>, ModelError> {
        let mut scope = Scope::new(Source::Prior(draw));
        (self.function)(&mut scope)?;
        Ok(positions(&scope.records))
    }

    /// Log density, gradient and every variable's part of it at an unconstrained position `[dim]`.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub fn evaluate(&self, position: &[f64]) -> Result<Evaluation, ModelError> {
        let mut scope = Scope::new(Source::Position(position.to_vec()));
        (self.function)(&mut scope)?;
        self.evaluate_with(position, &scope.records)
    }

    /// The same, with what running the function at the position left.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub(crate) fn evaluate_with(
        &self,
        position: &[f64],
        records: &[Record],
    ) -> Result<Evaluation, ModelError> {
        let density = self.density()?;
        let (mut log_density, mut gradient) = ([0.0], vec![0.0; self.dim()]);
        density.evaluator().evaluate(position, &mut log_density, &mut gradient);
        let terms = records.iter().filter_map(term).collect();
        Ok(Evaluation { position: position.to_vec(), terms, log_density: log_density[0], gradient })
    }

    /// Says why sampling cannot start at a position: which variable, which row, and what to do; `place` is what the
    /// position is called in the text.
    pub fn explain(&self, position: &[f64], place: &str) -> String {
        let evaluation = match self.evaluate(position) {
            Ok(evaluation) => evaluation,
            Err(error) => return error.to_string(),
        };
        self.explain_evaluation(&evaluation, place)
    }

    /// The same of what is known of the position.
    pub(crate) fn explain_evaluation(&self, evaluation: &Evaluation, place: &str) -> String {
        match evaluation.terms.iter().find_map(|term| Some((term, term.first_bad_row?))) {
            Some((term, row)) => self.explain_term(term, row, place),
            None => self.explain_gradient(&evaluation.gradient, place),
        }
    }

    fn explain_term(&self, term: &Term, row: usize, place: &str) -> String {
        let Term { name, log_density, .. } = term;
        let variable = self.variables.iter().find(|v| v.name == *name);
        let element = variable
            .filter(|v| !v.shape.is_empty())
            .map_or(String::new(), |v| format!(", first at {} (row {row}, counted from 0)", v.element(row)));
        let datum = self.data(name).and_then(|d| d.as_data().map(|d| d[row.min(d.len() - 1)]));
        let datum = datum.map_or(String::new(), |x| format!(", where the data is {x:?}"));
        let cure = match (&term.broken_rule, variable.map(|v| &v.role)) {
            (Some(rule), _) => format!("{rule}: keep the parameter inside with a link such as pm.math.exp"),
            (None, _) if log_density.is_nan() => {
                "an operation gives no number there, such as the logarithm of a negative number: check the expressions \
                 it is made of"
                    .into()
            }
            (None, Some(Role::Observed)) => {
                "this observation is impossible with these values: check the data there and the link between \
                 parameters and observation"
                    .into()
            }
            (None, Some(Role::Potential)) => "check its expression".into(),
            (None, _) => "check the parameters of its prior".into(),
        };
        format!(
            "the log density of `{name}` is {log_density} at {place}{element}{datum}; {cure}, or give its parameters \
             other starting values with `initval=`"
        )
    }

    fn explain_gradient(&self, gradient: &[f64], place: &str) -> String {
        let row = gradient.iter().position(|g| !g.is_finite()).unwrap_or(0);
        let element = self.free_variables().find_map(|v| match v.role {
            Role::Free { offset, .. } if (offset..offset + v.unconstrained_len()).contains(&row) => {
                Some(v.element(row - offset))
            }
            _ => None,
        });
        format!(
            "the derivative of the log density with respect to `{}` is {} at {place}; give it another starting value \
             with `initval=`, or rewrite the expression so that it is smooth there",
            element.unwrap_or_default(),
            gradient[row]
        )
    }
}

/// A record's part of the log density, if it has one.
fn term(record: &Record) -> Option<Term> {
    let numbers = record.log_density.as_ref()?.as_numbers()?;
    let log_density = record.total()?.as_numbers()?[0];
    // A vector has one density: its first element stands for it.
    let elements = (record.variable.len() / numbers.len().max(1)).max(1);
    let first = numbers.iter().position(|x| !x.is_finite()).map(|row| row * elements);
    Some(Term {
        name: record.variable.name.clone(),
        log_density,
        // A broken rule can leave every row finite.
        first_bad_row: first.or((!log_density.is_finite()).then_some(0)),
        broken_rule: record.broken_rule.as_ref().map(ToString::to_string),
    })
}

/// The unconstrained values of the free variables, one after the other.
fn positions(records: &[Record]) -> Vec<f64> {
    records
        .iter()
        .filter_map(|r| r.unconstrained.as_ref()?.as_numbers())
        .flat_map(|numbers| numbers.iter().copied())
        .collect()
}
