//! The partial evaluator: goes through the statements of a file once and declares what it finds in a scope.

mod aliases;
mod call;
mod cases;
mod choices;
mod classes;
mod columns;
mod convert;
mod cycle;
mod elements;
mod expression;
mod generators;
mod imports;
mod iterators;
mod known;
mod library;
mod locate;
mod maker;
mod models;
mod names;
mod new_data;
mod operator;
mod pass_over;
mod place;
mod query;
mod special;
mod starts;
mod statement;
mod subscript;
mod subtensor;
mod views;

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use chainfire_engine::program::Value;
use chainfire_engine::program::value::shape;
use ruff_python_ast::{Expr, Parameters, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::error::{Fault, Outcome, fault};
use super::functions::conditional::{self, Derivations};
use super::item::{Dict, Item};
use super::limits::{Budget, Nesting, PROGRAM_OPERATION};
use super::syntax::Syntax;
use crate::data::{Dataset, Entry};
use crate::finding::{Rule, Severity};
use crate::{ModelError, Scope};

pub(super) use call::{Argument, Call};
pub(super) use classes::Instance;
pub(super) use generators::Stream;
pub(crate) use known::Known;
pub(super) use library::Library;
pub(crate) use models::Choice;
pub(super) use models::Which;
pub(super) use names::{Table, unknown_member};
pub(crate) use new_data::{argument, new_values};
pub(super) use operator::{add, divide, floor_divide, multiply, power, remainder, subtract};
pub(super) use subscript::Subscripts;

/// Most errors of one file that are told.
const FAULTS: usize = 100;

/// Most predictors that are looked at.
const PREDICTORS: usize = 200;

/// Data that are multiplied with parameters.
#[derive(Debug)]
pub(crate) struct Predictor {
    /// Where the product is.
    pub(crate) range: TextRange,
    pub(crate) data: Value,
    /// Whether each column has one coefficient for all rows.
    pub(crate) has_one_coefficient: bool,
    /// Whether the same data were multiplied before.
    pub(crate) is_repeated: bool,
}

/// A differential equation that was solved.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solved {
    /// Where it is called.
    pub(crate) range: TextRange,
    /// Steps in all.
    pub(crate) steps: usize,
    /// Steps between the two times that are furthest apart.
    pub(crate) longest: usize,
}

/// Matrices that depend on parameters, and of which factors are taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Factored {
    /// The call that takes the factors.
    pub(crate) range: TextRange,
    /// Rows of each.
    pub(crate) rows: usize,
    /// Number of matrices.
    pub(crate) count: usize,
}

impl Factored {
    /// Multiplications, which are several for the work of one element.
    fn work(&self) -> usize {
        self.rows.saturating_pow(3).saturating_mul(self.count) / 10
    }
}

/// What an evaluation leaves besides the scope.
#[derive(Debug)]
pub(crate) struct Reading {
    /// What was found, in the order of the file.
    pub(crate) faults: Vec<Fault>,
    /// Where variables of the model are declared.
    pub(crate) declared: HashMap<String, TextRange>,
    /// Data that are multiplied with parameters.
    pub(crate) predictors: Vec<Predictor>,
    /// Shapes of what `pm.set_data` would put into data containers, by their places.
    pub(crate) new_data: HashMap<TextRange, Vec<usize>>,
    /// The differential equations that were solved, in order.
    pub(crate) equations: Vec<Solved>,
    /// The matrices that are factored anew at every place.
    pub(crate) factored: Vec<Factored>,
    /// Calls of functions of one argument that depends on parameters.
    pub(crate) of_parameters: HashSet<TextRange>,
    /// What evaluating the file again takes, in elements that are computed.
    pub(crate) work: usize,
    /// The number of the model, where the file makes several.
    pub(crate) model: Option<usize>,
}

/// How far the file's model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Before,
    Made,
    Open,
}

/// What a statement does to the statements around it.
#[derive(Debug)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
    Return(Item),
}

/// A function that the file defines.
#[derive(Clone, Debug)]
struct Defined<'a> {
    name: &'a str,
    parameters: Option<&'a Parameters>,
    /// Values of the parameters that have one, in the order of the parameters.
    defaults: Rc<[Option<Item>]>,
    body: Body<'a>,
    /// The names around its definition.
    outer: Option<usize>,
    /// The class that it is a method of.
    class: Option<usize>,
    /// Whether it gives its results by `yield`.
    yields: bool,
}

/// The names of a call of a function that the file defines.
#[derive(Debug, Default)]
struct Frame<'a> {
    names: HashMap<&'a str, Item>,
    /// The names around the function's definition; the file's own when there are none.
    outer: Option<usize>,
    /// Names that `global` and `nonlocal` say are those of the file, or of a function around this one.
    elsewhere: HashMap<&'a str, Option<usize>>,
    /// The class that the function is a method of, and what it is called for.
    class: Option<usize>,
    receiver: Option<Item>,
    /// How often one of the names was changed in its place.
    own_changes: usize,
    /// What was given by `yield`, in a function that does so.
    yielded: Option<Vec<Item>>,
}

/// What stands for a draw that a turn of a loop makes.
#[derive(Clone, Debug, Default)]
pub(super) enum Turns {
    /// Nothing: draws have no place in loops here.
    #[default]
    Fixed,
    /// A typical value of the draw; whether there was one.
    Typical(bool),
    /// The row of these values, whose density is asked for.
    Given(Value),
}

/// What a function does: `def` has statements, `lambda` an expression.
#[derive(Clone, Copy, Debug)]
enum Body<'a> {
    Statements(&'a [Stmt]),
    Expression(&'a Expr),
}

/// The state of an evaluation.
#[derive(Debug)]
pub(super) struct Evaluator<'a> {
    file: &'a str,
    source: &'a str,
    syntax: &'a Syntax,
    starts: starts::Starts<'a>,
    /// That of a nested model that was made and not yet opened.
    nested_prefix: Option<String>,
    pub(super) data: &'a Dataset,
    scope: &'a mut Scope,
    /// What is known of the present model besides, its number, and the models by number where there are several.
    pub(in crate::language) made: models::Made,
    model: usize,
    apart: Vec<models::Apart>,
    /// Which model is that of the file, and the scope that waits for it.
    choice: Choice<'a>,
    given: Option<Scope>,
    /// The models that names of the file have their values of.
    owners: HashMap<&'a str, usize>,
    /// Whether something is wrong in another model than that of the file.
    is_wrong_aside: bool,
    globals: HashMap<&'a str, Item>,
    /// Names of the calls in progress, and of those that defined a function.
    frames: Vec<Frame<'a>>,
    /// The call that the evaluation is in, if it is in one.
    frame: Option<usize>,
    functions: Vec<Defined<'a>>,
    classes: Vec<classes::Class<'a>>,
    /// What the class that is read gives as defaults by functions.
    factories: std::collections::HashMap<&'a str, Item>,
    objects: Vec<classes::Object<'a>>,
    /// What loops have yet to go through, the last item first.
    looping: Vec<Vec<Item>>,
    /// The lists that loops go through, where those have a name.
    looped: Vec<Option<aliases::Looped<'a>>>,
    /// What only one place has while it is changed.
    moved: Vec<aliases::Moved<'a>>,
    /// How often the arrays of the data files are held by what is no part of the model file, by their places.
    of_data: HashMap<usize, usize>,
    /// Names that stand for parts of the arrays of other names.
    views: Vec<views::View<'a>>,
    /// Items made of the names of the data file, which are made once.
    columns: HashMap<&'a str, Item>,
    /// Columns with missing numbers that the file has used, in order.
    incomplete: Vec<&'a str>,
    /// The first faults that were passed over, and their statements, for files that turn out to have no model.
    passed_over: Vec<pass_over::Passed>,
    /// What was found so far.
    told: Vec<Fault>,
    /// Where something was found, and against which rule.
    places_told: HashSet<(TextRange, Rule)>,
    /// How draws were made of draws, in files that ask for densities given the values of draws.
    pub(super) derivations: Option<Derivations>,
    /// How many loops of the present function the evaluation is in.
    loops: usize,
    stage: Stage,
    /// Why the first call of a method `run` that was passed over could not be evaluated.
    not_run: Option<Box<Fault>>,
    /// The last call of the file, which what goes wrong in the library is told at.
    called_at: TextRange,
    /// How many `try` the evaluation is in: a fault there is not passed over but ends it.
    attempts: usize,
    /// Whether `and`, `or`, `not` and `in` go through columns, as in `table.query("...")`.
    columnwise: bool,
    /// The table whose method has its arguments evaluated, which `pl.col` is of.
    pub(super) table_of_call: Option<Rc<Dict>>,
    /// The names of the library, once something of it was used.
    libraries: library::Frames,
    /// Generators of random numbers, that of `np.random` first.
    generators: Vec<generators::State>,
    /// How often something was drawn from a generator that is there for longer.
    draws: usize,
    /// How many generators were there before what is evaluated, where that counts.
    lasting: usize,
    /// Values of an earlier reading.
    recalled: Option<&'a Known>,
    /// Values for later readings.
    kept: Known,
    /// How many assignments there were before the model.
    assignments: usize,
    /// How often a name of the file, or an object, was changed in its place.
    own_changes: usize,
    object_changes: usize,
    /// How often a function that was called changed what others see.
    outer_changes: usize,
    /// What stands for draws in loops, inside of the function of a `CustomDist`.
    pub(super) turns: Turns,
    /// Whether the evaluation is in the body of a loop of the program.
    pub(super) is_in_scan: bool,
    pub(super) budget: Budget,
    nesting: Nesting,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        file: &'a str,
        source: &'a str,
        syntax: &'a Syntax,
        data: &'a Dataset,
        scope: &'a mut Scope,
        recalled: Option<&'a Known>,
        choice: Choice<'a>,
    ) -> Self {
        let is_later = choice.number.is_some_and(|number| number > 0);
        let given = is_later.then(|| std::mem::replace(scope, models::blank()));
        let elements = data.entries().iter().map(|(_, entry)| entry.elements()).sum();
        Self {
            file,
            source,
            syntax,
            starts: starts::Starts::of(&syntax.body),
            nested_prefix: None,
            data,
            scope,
            made: models::Made::default(),
            model: 0,
            apart: Vec::new(),
            choice,
            given,
            owners: HashMap::new(),
            is_wrong_aside: false,
            globals: HashMap::new(),
            looping: Vec::new(),
            looped: Vec::new(),
            moved: Vec::new(),
            of_data: aliases::held_by_data(data),
            views: Vec::new(),
            frames: Vec::new(),
            frame: None,
            functions: Vec::new(),
            classes: Vec::new(),
            factories: std::collections::HashMap::new(),
            objects: Vec::new(),
            columns: HashMap::new(),
            incomplete: Vec::new(),
            passed_over: Vec::new(),
            told: syntax.faults.clone(),
            places_told: HashSet::new(),
            derivations: conditional::is_named_in(source).then(Derivations::new),
            loops: 0,
            stage: Stage::Before,
            not_run: None,
            called_at: TextRange::default(),
            attempts: 0,
            columnwise: false,
            table_of_call: None,
            libraries: library::Frames::default(),
            generators: vec![generators::State::Unseeded],
            draws: 0,
            lasting: usize::MAX,
            recalled,
            kept: Known::default(),
            assignments: 0,
            own_changes: 0,
            object_changes: 0,
            outer_changes: 0,
            turns: Turns::default(),
            is_in_scan: false,
            budget: Budget::new(elements),
            nesting: Nesting::default(),
        }
    }

    /// Evaluates a whole file; gives what later readings need not compute too.
    pub(super) fn whole(mut self) -> (Reading, Known) {
        let mut outcome = Ok(());
        let (mut most, mut heaviest) = (0, TextRange::default());
        for statement in &self.syntax.body {
            let before = self.budget.spent();
            let flow = self.statement_of_file(statement);
            let spent = self.budget.spent() - before;
            if spent > most {
                (most, heaviest) = (spent, statement.range());
            }
            match flow {
                Ok(Flow::Next) => {}
                other => {
                    outcome = other.map(drop);
                    break;
                }
            }
        }
        // A limit may be met long after the statement that took most.
        if let Err(fault) = &mut outcome
            && fault.rule == Rule::TooLarge
            && !heaviest.contains_range(fault.range)
        {
            let line = line_of(self.source, heaviest);
            fault.message.push_str(&format!(" (most of it is spent on line {line})"));
        }
        if self.stage == Stage::Before && self.told.is_empty() && outcome.is_ok() {
            outcome = self.make();
        }
        let is_without = self.stage == Stage::Before && self.told.is_empty() && outcome.is_ok();
        let missing = is_without.then(|| {
            self.why_no_model().unwrap_or_else(|| {
                let message =
                    "the file has no model: write `with pm.Model() as model:` and its variables below";
                Fault::new(TextRange::default(), message).rule(Rule::NoModel)
            })
        });
        if let Some(fault) = outcome.err().or(missing) {
            self.tell(*fault);
        }
        for fault in self.told.iter_mut().filter(|fault| fault.rule == Rule::UndefinedName) {
            let name = fault.details.variable.as_deref().unwrap_or_default();
            // Columns and variables of the model are not defined by lines either.
            let of_names = [format!("`{name}` is not defined"), format!("`{name}` is neither defined")];
            if !of_names.iter().any(|start| fault.message.starts_with(start.as_str())) {
                continue;
            }
            if cycle::is_name_of_variable(&self.syntax.body, fault.range) {
                fault.message = format!("the name of a variable is a text: put `{name}` in quotes");
                fault.details.fix = Some(format!("write `\"{name}\"`"));
                fault.details.nearest.clear();
                fault.rule = Rule::NameNeeded;
                continue;
            }
            if self.globals.contains_key(name)
                || cycle::is_defined_later(&self.syntax.body, name, fault.range)
            {
                fault.message = match cycle::cycle(&self.syntax.body, name, fault.range) {
                    Some(way) => format!(
                        "`{name}` is used here, and is itself made from what is defined here ({}): variables cannot \
                         depend on each other in a circle",
                        way.join(" -> ")
                    ),
                    None => format!("`{name}` is used here, and defined on a later line: move that line up"),
                };
                fault.details.fix = None;
                fault.details.nearest.clear();
                fault.rule = Rule::UsedBeforeDefined;
            }
        }
        self.choose();
        self.told.sort_by_key(|fault| (fault.range.start(), fault.range.end()));
        let factors = self.made.factored.iter().map(Factored::work).fold(0, usize::saturating_add);
        let work = self.budget.spent().saturating_add(factors);
        let reading = Reading {
            model: self.choice.number.filter(|_| !self.apart.is_empty()),
            faults: self.told,
            declared: self.made.declared,
            predictors: self.made.predictors,
            new_data: self.made.new_data,
            equations: self.made.equations,
            factored: self.made.factored,
            of_parameters: self.made.of_parameters,
            work,
        };
        (reading, self.kept)
    }

    /// Notes data that are multiplied with parameters.
    pub(super) fn note_predictor(&mut self, a: &Value, b: &Value, range: TextRange) {
        let (data, coefficients) = match (a.as_data(), b.as_data()) {
            (Some(_), None) => (a, b),
            (None, Some(_)) => (b, a),
            _ => return,
        };
        let is_same = |known: &&Predictor| match (known.data.as_data(), data.as_data()) {
            (Some(known), Some(data)) => Arc::ptr_eq(known, data),
            _ => false,
        };
        if data.len() < 3 || self.made.predictors.len() >= PREDICTORS || library::is_of_library(range) {
            return;
        }
        let same = || self.made.predictors.iter().filter(is_same);
        if !same().any(|known| known.range == range) {
            let has_one_coefficient = data.rank() == 2 || coefficients.len() == 1;
            let is_repeated = same().next().is_some();
            self.made.predictors.push(Predictor {
                range,
                data: data.clone(),
                has_one_coefficient,
                is_repeated,
            });
        }
    }

    /// Notes a fault, once for a place, and not where the file is not Python. Errors in the library are told at the call
    /// of the file; what else is found there says nothing of the file.
    pub(super) fn tell(&mut self, mut fault: Fault) {
        if library::is_of_library(fault.range) {
            if fault.severity != Severity::Error {
                return;
            }
            fault.range = self.place_in_file(fault.range);
        }
        if self.is_aside() {
            self.is_wrong_aside |= fault.severity == Severity::Error;
            return;
        }
        let is_new = !fault.is_told && !self.syntax.touches(fault.range);
        if is_new && self.places_told.insert((fault.range, fault.rule)) {
            self.told.push(fault);
        }
    }

    /// A place of the file; that of the call that stands for it where it is one of the library.
    pub(super) fn place_in_file(&self, range: TextRange) -> TextRange {
        if library::is_of_library(range) { self.called_at } else { range }
    }

    /// Whether the evaluation may be where parameters are arrays of NumPy: in functions of a file that has operations of
    /// its own, and in files of NumPyro.
    pub(in crate::language) fn is_apart_from_tensors(&self) -> bool {
        let is_named = |names: &[&str]| names.iter().any(|name| self.source.contains(name));
        is_named(&["numpyro", "hibayes"])
            || (self.frame.is_some() && is_named(&["as_op", "wrap_py", "def perform"]))
    }

    /// Whether there are too many faults to go on.
    fn is_enough(&self) -> bool {
        self.told.iter().filter(|fault| fault.severity == Severity::Error).count() >= FAULTS
    }

    /// Goes on after a statement that is wrong: what it would have defined becomes unknown, and its uses are not told
    /// again. In a function that is called outside of the model, the call is what is wrong.
    pub(super) fn recover(&mut self, statement: &'a Stmt, fault: Box<Fault>) -> Outcome<Flow> {
        let is_inside = library::is_of_library(statement.range());
        if fault.is_final || is_inside || (self.frame.is_some() && self.stage != Stage::Open) {
            return Err(fault);
        }
        if self.is_aside() {
            self.is_wrong_aside = true;
            self.forget(statement, &fault);
            return if statement.is_return_stmt() { Err(fault) } else { Ok(Flow::Next) };
        }
        let told = Fault::told(fault.range);
        let is_without_errors = || self.told.iter().all(|fault| fault.severity != Severity::Error);
        if fault.is_told && self.is_wrong_aside && is_without_errors() {
            let message = "this uses what could not be read in another model of the file";
            self.tell(*Fault::new(fault.range, message).fix("put each model in a file of its own"));
        }
        self.tell(*fault);
        if self.is_enough() {
            return Err(told.last());
        }
        self.forget(statement, &told);
        match statement {
            Stmt::Return(_) => Err(told),
            _ => Ok(Flow::Next),
        }
    }

    /// Whether a variable of this name was to be declared.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.made.declared.contains_key(name)
            || self
                .made
                .declared
                .keys()
                .any(|known| known.strip_suffix(name).is_some_and(|above| above.ends_with("::")))
    }

    /// The name of a variable of the model that is open.
    pub(super) fn full_name(&self, name: Rc<str>) -> Rc<str> {
        if self.made.prefix.is_empty() { name } else { format!("{}{name}", self.made.prefix).into() }
    }

    /// The scope, where variables may be declared.
    pub(super) fn open_scope(&mut self, what: &str, range: TextRange) -> Outcome<&mut Scope> {
        match self.stage {
            Stage::Open => Ok(self.scope),
            _ => Err(Fault::new(
                range,
                format!(
                    "`{what}` stands outside of the model: move it into the `with pm.Model() as model:` block"
                ),
            )
            .rule(Rule::OutsideModel)
            .fatal()),
        }
    }

    /// The scope, for coordinates.
    pub(super) fn scope(&mut self) -> &mut Scope {
        self.scope
    }

    /// The text of a place in the source.
    pub(super) fn text_at(&self, range: TextRange) -> &'a str {
        self.source.get(std::ops::Range::<usize>::from(range)).unwrap_or_default()
    }

    /// Turns an error of the model into a fault at a place.
    pub(super) fn refused(&self, range: TextRange, error: ModelError) -> Box<Fault> {
        let fault = Fault::refused(range, &error);
        match error {
            ModelError::DuplicateName { name } if self.made.declared.contains_key(&name) => {
                let line = line_of(self.source, self.made.declared[&name]);
                let message = format!("{}; the first stands on line {line}", fault.message);
                Box::new(Fault { message, ..*fault })
            }
            _ => fault,
        }
    }

    /// Turns an error of the model into a fault at the argument of a call that it is about.
    pub(super) fn refused_call(&self, call: &Call, error: ModelError) -> Box<Fault> {
        let argument = |name: &str| {
            call.keywords.iter().find(|(known, _)| known == name).map(|(_, argument)| argument.range)
        };
        let range = match &error {
            ModelError::UnknownDim { dim, .. } | ModelError::DimLength { dim, .. } => {
                // `pm.Data` and `pm.Deterministic` take dims in the third place.
                let dims = argument("dims").or_else(|| Some(call.positional.get(2)?.range));
                dims.map(|dims| self.label(dims, dim))
            }
            ModelError::ObservedData { .. } => {
                argument("observed").or_else(|| Some(call.positional.get(1)?.range))
            }
            ModelError::OutsideSupport { .. } => argument("initval"),
            _ => None,
        };
        self.refused(range.unwrap_or(call.range), error)
    }

    /// The place of a text inside of a place where it is written in quotes, or else the whole place.
    fn label(&self, range: TextRange, label: &str) -> TextRange {
        let written = self.text_at(range);
        let found = ['"', '\''].iter().find_map(|quote| {
            let quoted = format!("{quote}{label}{quote}");
            Some((written.find(&quoted)?, quoted.len()))
        });
        found.map_or(range, |(at, length)| {
            TextRange::at(range.start() + TextSize::new(at as u32), TextSize::new(length as u32))
        })
    }

    /// Checks a value that was just computed, and counts its elements.
    pub(super) fn finish_value(&mut self, value: Value, range: TextRange) -> Outcome<Value> {
        match value.error() {
            Some(error) => Err(Fault::new(range, error.to_string()).rule(crate::error::value_rule(error))),
            None if value.is_random() && value.is_empty() => fault(
                range,
                "this takes no element of the model's parameters; leave it out where there is none",
            ),
            None => {
                self.budget.elements(value.len(), range)?;
                if value.is_random() {
                    self.budget.steps(PROGRAM_OPERATION, range)?;
                }
                Ok(value)
            }
        }
    }

    /// An elementwise operation, after a look at the size of its result and at missing numbers.
    pub(super) fn binary(
        &mut self,
        run: fn(&Value, &Value) -> Value,
        a: &Value,
        b: &Value,
        range: TextRange,
    ) -> Outcome<Value> {
        if let Some(shape) = shape::broadcast(a.shape(), b.shape()) {
            self.budget.shape(&shape, range)?;
        }
        if a.is_random() || b.is_random() {
            if let ([n, 1], [m]) | ([m], [n, 1]) = (a.shape(), b.shape())
                && n == m
                && *n > 1
            {
                let message = format!(
                    "a column of shape ({n}, 1) and a row of shape ({n},) make a matrix of shape ({n}, {n}): make the \
                     column a row with `[:, 0]` unless the matrix is meant"
                );
                self.tell(
                    *Fault::new(range, message).rule(Rule::OuterBroadcast).fix("`[:, 0]` on the column"),
                );
            }
            self.complete(a, range)?;
            self.complete(b, range)?;
        }
        self.finish_value(run(a, b), range)
    }

    /// Refuses data with missing numbers where it meets parameters.
    pub(super) fn complete(&self, value: &Value, range: TextRange) -> Outcome<()> {
        let Some(row) = value.as_data().and_then(|numbers| numbers.iter().position(|x| x.is_nan())) else {
            return Ok(());
        };
        // The column itself, if it is one; else the columns with missing numbers that were used so far.
        let is_this = |column: &Value| matches!((column.as_data(), value.as_data()), (Some(a), Some(b)) if Arc::ptr_eq(a, b));
        let mut from = Vec::new();
        for name in &self.incomplete {
            if let Some(Entry::Numbers { value: column, missing: Some(location) }) = self.data.column(name) {
                if is_this(column) {
                    from.clear();
                }
                from.push(format!("`{name}` ({location})"));
                if is_this(column) {
                    break;
                }
            }
        }
        let message = if from.is_empty() {
            format!(
                "`{}` holds NaN at row {row} where numbers are needed; look for a logarithm or root of a negative \
                 number, or a division of zero by zero",
                self.text_at(range)
            )
        } else {
            format!(
                "missing values in {} reach the model, which does not fill them in: leave these rows out of the data \
                 file, or out of every column with a mask such as `x[~np.isnan(x)]`",
                from.join(", ")
            )
        };
        Err(Fault::new(range, message).rule(Rule::MissingPredictor))
    }

    /// Runs `run` one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        range: TextRange,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        self.nesting.enter(range)?;
        let result = run(self);
        self.nesting.leave();
        result
    }
}

/// The line of a place in a file, from 1.
fn line_of(source: &str, place: TextRange) -> usize {
    1 + source.get(..place.start().to_usize()).map_or(0, |before| before.matches('\n').count())
}
