//! The models of a file. A script may make several, to compare them; one of them is the model of the file.
//!
//! Each has a scope of its own. The first reading finds them all, and chooses; in later readings the others are declared
//! at their starting points, and what is wrong in them is not told.

use std::collections::{HashMap, HashSet};
use std::iter;

use chainfire_engine::program::Value;
use ruff_text_size::TextRange;

use super::aliases::Root;
use super::{Evaluator, Factored, Predictor, Solved, Stage};
use crate::finding::{Rule, Severity};
use crate::language::error::{Fault, Outcome};
use crate::language::item::Item;
use crate::language::limits::DECLARATION;
use crate::model::{Change, Scope};

/// A model of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::language) struct Which {
    /// Models are counted as they are made.
    pub(in crate::language) number: usize,
    /// 0 as it is declared; others are what `pm.do` and the like make of it.
    version: usize,
}

/// What is known of a model besides its scope.
#[derive(Debug, Default)]
pub(in crate::language) struct Made {
    /// Where it is made.
    place: TextRange,
    /// What stands before the names of variables here: the names of the models that are open.
    pub(super) prefix: String,
    /// Where variables and dimensions are declared.
    pub(in crate::language) declared: HashMap<String, TextRange>,
    /// Variables whose density was added where they are declared, and is known at their values alone.
    pub(in crate::language) scored: HashSet<String>,
    /// What the file keeps as attributes of the model: `model.knots = knots`.
    pub(in crate::language) kept: HashMap<String, Item>,
    /// What variables become in the versions from 1 on.
    versions: Vec<Vec<(String, Change)>>,
    /// Data that are multiplied with parameters.
    pub(super) predictors: Vec<Predictor>,
    /// What data containers hold from the next run on.
    pub(super) next_data: Vec<(String, Value)>,
    /// Shapes of what `pm.set_data` would put into data containers, by their places.
    pub(super) new_data: HashMap<TextRange, Vec<usize>>,
    /// The differential equations that were solved, in order.
    pub(in crate::language) equations: Vec<Solved>,
    /// The matrices that are factored anew at every place.
    pub(in crate::language) factored: Vec<Factored>,
    /// Calls of functions of one argument that depends on parameters.
    pub(in crate::language) of_parameters: HashSet<TextRange>,
}

/// A model that is not the present one.
#[derive(Debug)]
pub(super) struct Apart {
    scope: Scope,
    made: Made,
}

impl Apart {
    fn new(scope: Scope) -> Self {
        Self { scope, made: Made::default() }
    }
}

/// Which model of a file is meant.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Choice<'a> {
    /// The name that it has in the file at the end.
    pub(crate) name: Option<&'a str>,
    /// Its number, once the file was read.
    pub(crate) number: Option<usize>,
}

/// Where a model is declared of which nothing is wanted.
pub(super) fn blank() -> Scope {
    Scope::preliminary()
}

impl<'a> Evaluator<'a> {
    /// Notes that a model has been made; gives its number.
    ///
    /// Inside of a model it is a nested one, whose variables are of that model under its name: `name::variable`.
    pub(in crate::language) fn make_model(&mut self, name: &str, range: TextRange) -> Outcome<Which> {
        self.budget.lift();
        self.budget.steps(DECLARATION, range)?;
        let above = if self.stage == Stage::Open { &*self.made.prefix } else { "" };
        let prefix = if name.is_empty() { above.to_owned() } else { format!("{above}{name}::") };
        match self.stage {
            Stage::Before => {
                (self.stage, self.made.prefix, self.made.place) = (Stage::Made, prefix, range);
            }
            Stage::Open => self.nested_prefix = Some(prefix),
            Stage::Made => {
                if self.apart.is_empty() {
                    self.apart.push(Apart::new(blank())); // the first one, while it is not the present one
                }
                let number = self.apart.len();
                let given =
                    self.choice.number.filter(|chosen| *chosen == number).and_then(|_| self.given.take());
                let mut another = Apart::new(given.unwrap_or_else(blank));
                (another.made.prefix, another.made.place) = (prefix, range);
                self.apart.push(another);
                return Ok(Which { number, version: 0 });
            }
        }
        Ok(self.present_model())
    }

    /// The present model: the one that is open, or was last.
    pub(in crate::language) fn present_model(&self) -> Which {
        Which { number: self.model, version: 0 }
    }

    /// The model that an item is, or that an object of a class below `pm.Model` is.
    pub(in crate::language) fn model_behind(&self, item: &Item) -> Option<Which> {
        match item {
            Item::Model(which) => Some(*which),
            Item::Object(object) => match self.core(*object) {
                Some(Item::Model(which)) => Some(*which),
                _ => None,
            },
            _ => None,
        }
    }

    /// Another version of a model, in which variables become something else.
    pub(in crate::language) fn changed_model(&mut self, of: Which, changes: Vec<(String, Change)>) -> Which {
        self.of_model(of.number, |e| {
            let mut all = e.version(of.version).to_vec();
            changes.into_iter().for_each(|(name, change)| change.replace_in(&mut all, &name));
            e.made.versions.push(all);
            Which { version: e.made.versions.len(), ..of }
        })
    }

    fn version(&self, version: usize) -> &[(String, Change)] {
        version.checked_sub(1).and_then(|k| self.made.versions.get(k)).map_or(&[], Vec::as_slice)
    }

    /// Makes another model the present one.
    pub(super) fn enter(&mut self, number: usize) {
        if number != self.model {
            self.exchange(self.model);
            self.exchange(number);
            self.model = number;
        }
    }

    fn exchange(&mut self, number: usize) {
        if let Some(apart) = self.apart.get_mut(number) {
            std::mem::swap(self.scope, &mut apart.scope);
            std::mem::swap(&mut self.made, &mut apart.made);
        }
    }

    /// Does something with a model, whichever is the present one.
    pub(in crate::language) fn of_model<T>(&mut self, number: usize, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.model;
        self.enter(number);
        let result = run(self);
        self.enter(before);
        result
    }

    /// The name of the variable that a value is, of whichever model.
    pub(super) fn variable_name(&self, value: &Value) -> Option<&str> {
        let apart = self.apart.iter().map(|apart| &apart.scope);
        iter::once(&*self.scope).chain(apart).find_map(|scope| scope.name_of(value))
    }

    /// Whether a model is open that is not that of the file.
    pub(super) fn is_aside(&self) -> bool {
        self.stage == Stage::Open && self.choice.number.is_some_and(|chosen| chosen != self.model)
    }

    /// Notes which model a name of the file has its value of.
    pub(super) fn note_owner(&mut self, name: &'a str, item: &Item) {
        if item.is_random() {
            self.owners.insert(name, self.model);
        } else if !self.apart.is_empty() {
            self.owners.remove(name);
        }
    }

    /// Refuses variables of another model than the one that is open.
    pub(super) fn of_this_model(&self, name: &'a str, range: TextRange) -> Outcome<()> {
        if self.apart.is_empty() || self.stage != Stage::Open {
            return Ok(());
        }
        let is_of_file = || matches!(self.find_root(name), Some(Root::Name(None, _)));
        match self.owners.get(name) {
            Some(&owner) if owner != self.model && is_of_file() => {
                let message = format!("`{name}` is of another model: a model's variables are its own");
                Err(Fault::new(range, message).fatal())
            }
            _ => Ok(()),
        }
    }

    /// Makes the model of the file the present one: that of the wanted name, or else the last version of the one that is
    /// called `model`, or else of the last.
    pub(super) fn choose(&mut self) {
        let mut names: Vec<(Which, &'a str)> = Vec::new();
        for (name, item) in &self.globals {
            if let Some(which) = self.model_behind(item) {
                names.push((which, name));
            }
        }
        names.sort_unstable();
        let wanted = self.choice.name.unwrap_or("model");
        let found = names.iter().find(|(_, name)| *name == wanted).map(|(which, _)| *which);
        let last = self.apart.len().saturating_sub(1);
        let known = self.choice.number;
        let number = known.unwrap_or(found.map_or(last, |which| which.number));
        self.enter(number);
        let version = match (self.choice.name, found) {
            (Some(_), Some(which)) => which.version,
            _ => self.made.versions.len(),
        };
        for (name, change) in self.version(version).to_vec() {
            self.scope.change(&name, change);
        }
        match (self.given.take(), self.apart.first_mut()) {
            // It was not made this time, which its file said it would be.
            (Some(given), _) => *self.scope = given,
            // What is read next takes its values from where the first one took them.
            (None, Some(first)) if known.is_none() && number > 0 => {
                std::mem::swap(&mut self.scope.source, &mut first.scope.source);
            }
            _ => {}
        }
        self.choice.number = Some(number);
        match self.choice.name {
            None if self.apart.len() > 1 => self.tell_of_others(number, &names),
            Some(wanted) if found.is_none() => self.tell_unknown(wanted, &names),
            _ => {}
        }
    }

    fn tell_of_others(&mut self, number: usize, names: &[(Which, &str)]) {
        let count = self.apart.len();
        let this = match names.iter().find(|(which, _)| which.number == number) {
            Some((_, name)) if number + 1 == count => format!("`{name}`, the last one"),
            Some((_, name)) => format!("`{name}`"),
            None => "the last one".to_owned(),
        };
        let message = format!("the file makes {count} models, and this is {this}");
        let fix = match names.iter().find(|(which, _)| which.number != number) {
            Some((_, other)) => format!("for another one, give its name, as in `--model {other}`"),
            None => "give each model a name of its own, and choose it with `--model NAME`".to_owned(),
        };
        self.tell(*Fault::new(self.made.place, message).rule(Rule::SeveralModels).fix(fix));
    }

    fn tell_unknown(&mut self, wanted: &str, names: &[(Which, &str)]) {
        let is_wrong = self.told.iter().any(|fault| fault.severity == Severity::Error);
        if is_wrong || self.stage == Stage::Before {
            return;
        }
        let known: Vec<String> = names.iter().map(|(_, name)| format!("`{name}`")).collect();
        let known = if known.is_empty() { "none has a name".to_owned() } else { known.join(", ") };
        let message = format!("the file has no model that is called `{wanted}` ({known})");
        let fault = Fault::new(self.made.place, message).rule(Rule::NoModel);
        let fault = fault.near(wanted, names.iter().map(|(_, name)| *name));
        let is_like_one = fault.details.fix.is_some();
        self.tell(*if is_like_one {
            fault
        } else {
            fault.fix("give the name of a model, or leave `--model` out")
        });
    }
}
