//! A model: a function over a scope, and the programs it becomes.

use std::collections::HashMap;

use chainfire_engine::LogDensity;
use chainfire_engine::draws::Coordinate;
use chainfire_engine::program::{TapeDensity, Value, density_tape, function_tape};
use chainfire_kernels::tape::{CpuProgram, Tape};

use super::layout::{Role, Variable};
use super::scope::{Record, Scope, Source};
use crate::data::Dataset;
use crate::error::ModelError;
use crate::language::ModelFile;

type Function = Box<dyn Fn(&mut Scope) -> Result<(), ModelError> + Send + Sync>;

/// A model with its variables, in the order of declaration.
pub struct Model {
    function: Function,
    variables: Vec<Variable>,
    coordinates: Vec<(String, Coordinate)>,
    initial: Vec<f64>,
    data: Vec<(String, Value)>,
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
        let variables = scope.records.into_iter().map(|r| r.variable).collect();
        Ok(Self { function: Box::new(function), variables, coordinates: scope.coordinates, initial, data })
    }

    /// Reads the model of a model file with its data.
    ///
    /// # Errors
    /// What the file gets wrong, with its place; no free variables.
    pub fn from_file(file: ModelFile, data: Dataset) -> Result<Self, ModelError> {
        Self::new(move |scope| Ok(file.run(&data, scope).map_err(Box::new)?))
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

    /// The data of an observed variable or a data container.
    pub fn data(&self, name: &str) -> Option<&Value> {
        self.data.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The tape of the log density and its gradient.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub fn density_tape(&self) -> Result<Tape, ModelError> {
        density_tape(self.dim(), |position| {
            let mut scope = Scope::new(Source::Capture(Box::new(position.clone())));
            (self.function)(&mut scope)?;
            let total = scope
                .records
                .iter()
                .filter_map(|r| r.log_density.as_ref())
                .map(Value::sum)
                .reduce(|a, b| a + b)
                .unwrap_or(Value::from(0.0));
            Ok(total.as_tensor(&position))
        })
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
        let known = |name: &String| self.free_variables().any(|v| v.name == *name || v.value_name() == *name);
        if let Some(name) = point.keys().find(|name| !known(name)) {
            let names: Vec<String> = self.free_variables().map(|v| v.name.clone()).collect();
            return Err(ModelError::UnknownVariable { name: name.clone(), known: names.join(", ") });
        }
        let mut scope = Scope::new(Source::Point(point));
        (self.function)(&mut scope)?;
        Ok(positions(&scope.records))
    }

    /// Log density, gradient and every variable's part of it at an unconstrained position `[dim]`.
    ///
    /// # Errors
    /// When the model cannot be captured or lowered.
    pub fn evaluate(&self, position: &[f64]) -> Result<Evaluation, ModelError> {
        let density = self.density()?;
        let (mut log_density, mut gradient) = ([0.0], vec![0.0; self.dim()]);
        density.evaluator().evaluate(position, &mut log_density, &mut gradient);
        let terms = self.terms(position)?;
        Ok(Evaluation { position: position.to_vec(), terms, log_density: log_density[0], gradient })
    }

    fn terms(&self, position: &[f64]) -> Result<Vec<Term>, ModelError> {
        let mut scope = Scope::new(Source::Position(position.to_vec()));
        (self.function)(&mut scope)?;
        let terms = scope.records.iter().filter_map(|record| {
            let numbers = record.log_density.as_ref()?.as_numbers()?;
            Some(Term {
                name: record.variable.name.clone(),
                log_density: numbers.iter().sum(),
                first_bad_row: numbers.iter().position(|x| !x.is_finite()),
            })
        });
        Ok(terms.collect())
    }

    /// Says why sampling cannot start at a position: which variable, which row, and what to do.
    pub fn explain_bad_start(&self, position: &[f64]) -> ModelError {
        let evaluation = match self.evaluate(position) {
            Ok(evaluation) => evaluation,
            Err(error) => return error,
        };
        let bad = evaluation.terms.iter().find(|t| t.first_bad_row.is_some());
        let message = match bad {
            Some(term) => {
                let row = term.first_bad_row.unwrap_or(0);
                let variable = self.variables.iter().find(|v| v.name == term.name);
                let element = variable.map_or(term.name.clone(), |v| v.element(row));
                let observed = variable.is_some_and(|v| matches!(v.role, Role::Observed));
                let datum = self.data(&term.name).and_then(|d| d.as_data().map(|d| d[row.min(d.len() - 1)]));
                let datum = datum.map_or(String::new(), |x| format!(", observed value {x}"));
                format!(
                    "sampling cannot start: the log density of `{}` is {} at the starting point, first at {element} \
                     (row {row}{datum}). {}",
                    term.name,
                    term.log_density,
                    if observed {
                        "The starting values make this observation impossible: check the data there, the link \
                         between parameters and observation, or give other starting values with `initval=`."
                    } else {
                        "Check the parameters of its prior, or give it a starting value with `initval=`."
                    }
                )
            }
            None => {
                let row = evaluation.gradient.iter().position(|g| !g.is_finite()).unwrap_or(0);
                let variable = self.free_variables().find(|v| match v.role {
                    Role::Free { offset, .. } => (offset..offset + v.len()).contains(&row),
                    _ => false,
                });
                let name = variable.map_or("?".to_string(), |v| match v.role {
                    Role::Free { offset, .. } => v.element(row - offset),
                    _ => v.name.clone(),
                });
                format!(
                    "sampling cannot start: the derivative of the log density with respect to `{name}` is not finite \
                     at the starting point. Give it another starting value with `initval=`, or rewrite the \
                     expression so that it is smooth there."
                )
            }
        };
        ModelError::BadStart { message }
    }
}

/// The unconstrained values of the free variables, one after the other.
fn positions(records: &[Record]) -> Vec<f64> {
    records
        .iter()
        .filter_map(|r| r.unconstrained.as_ref()?.as_numbers())
        .flat_map(|numbers| numbers.iter().copied())
        .collect()
}
