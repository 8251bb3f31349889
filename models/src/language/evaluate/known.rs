//! Values that later readings of a file take from the first one.
//!
//! A file is read many times: at the starting point, under capture, at every place that a check looks at. Until its model
//! opens nothing depends on where the model is looked at, so what was dear to compute there (data that are simulated,
//! factors of matrices) is kept under the number of its assignment. Numbers alone are kept, and only where making them
//! changed nothing but generators of random numbers.

use std::collections::BTreeMap;

use chainfire_engine::program::{Kind, Value};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt, StmtAssign};
use ruff_text_size::{Ranged, TextRange};

use super::generators::State;
use super::library::is_of_library;
use super::{Evaluator, Flow, Stage};
use crate::language::error::{Fault, Outcome, Weight};
use crate::language::item::Item;

/// Work from which a value is kept, in elements.
const DEAR: usize = 1_000;
/// Most numbers that are kept of one file: 256 MiB.
const NUMBERS: usize = 1 << 25;
/// Most values that are kept of one file.
const VALUES: usize = 1_000;

/// What the assignments before a model gave, by their number in the order of evaluation.
#[derive(Debug, Default)]
pub(crate) struct Known {
    values: BTreeMap<usize, Kept>,
    /// Statements that take too many steps.
    long: Vec<Long>,
}

impl Known {
    /// What the values took to compute, in elements.
    pub(crate) fn work(&self) -> usize {
        let values = self.values.values().map(|kept| kept.work);
        values.chain(self.long.iter().map(|long| long.work)).sum()
    }

    /// Drops the numbers of names that only assignments read whose own values are known.
    pub(crate) fn drop_unread(&mut self, body: &[Stmt]) {
        let mut reads = Reads::default();
        reads.visit_body(body);
        let known: Vec<TextRange> = self.values.values().map(|kept| kept.range).collect();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let is_inside = |place: &TextRange| known.iter().any(|range| range.contains_range(*place));
        for kept in self.values.values_mut() {
            // What the library reads is not in the file.
            let is_read = is_of_library(kept.range)
                || reads.names.iter().any(|(name, place)| *name == kept.name && !is_inside(place))
                || reads.texts.iter().any(|text| text.split(|c| !is_word(c)).any(|word| word == kept.name));
            kept.is_unread = !is_read;
            if kept.is_unread {
                kept.numbers = Vec::new();
            }
        }
    }
}

/// The names that a file reads, with their places, and its texts, which may name something too.
#[derive(Default)]
struct Reads<'a> {
    names: Vec<(&'a str, TextRange)>,
    texts: Vec<&'a str>,
}

impl<'a> Visitor<'a> for Reads<'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_load() => self.names.push((name.id.as_str(), name.range)),
            Expr::StringLiteral(text) => self.texts.push(text.value.to_str()),
            _ => {}
        }
        walk_expr(self, expression);
    }
}

/// A statement of the file that takes too many steps, and is passed over.
#[derive(Debug)]
struct Long {
    range: TextRange,
    fault: Box<Fault>,
    /// The number of the last assignment in it.
    last: usize,
    work: usize,
}

/// The value of an assignment, and what the evaluation was left like.
#[derive(Debug)]
struct Kept {
    range: TextRange,
    name: String,
    /// Whether nothing reads it that is not known itself: then it has no numbers.
    is_unread: bool,
    numbers: Vec<f64>,
    shape: Vec<usize>,
    kind: Kind,
    is_series: bool,
    generators: Vec<State>,
    /// The number of the last assignment inside of functions that it called.
    last: usize,
    work: usize,
}

impl<'a> Evaluator<'a> {
    /// The value of an assignment: computed, or known from an earlier reading.
    pub(super) fn assigned(&mut self, assign: &'a StmtAssign) -> Outcome<Item> {
        if !self.is_before_model() {
            return self.expression(&assign.value);
        }
        self.assignments += 1;
        let number = self.assignments;
        let recalled = self.recalled.and_then(|known| known.values.get(&number));
        if let Some(kept) = recalled.filter(|kept| kept.range == assign.range) {
            self.assignments = kept.last;
            self.generators.clone_from(&kept.generators);
            if kept.is_unread {
                return Ok(Item::None);
            }
            let value = Value::data(kept.numbers.clone(), kept.shape.clone(), kept.kind);
            return Ok(Item::numbers(value, kept.is_series));
        }
        let before = (self.changes(), self.told.len(), self.incomplete.len());
        let spent = self.budget.spent();
        let item = self.expression(&assign.value)?;
        let work = self.budget.spent() - spent;
        let is_pure = before == (self.changes(), self.told.len(), self.incomplete.len());
        if self.recalled.is_none() && is_pure && work > DEAR && self.is_before_model() {
            self.keep(number, assign, &item, work);
        }
        Ok(item)
    }

    /// Evaluates a statement of the file itself, which may take half of the steps that are left unless it makes the model.
    /// One that takes more is passed over; later readings know that.
    pub(super) fn statement_of_file(&mut self, statement: &'a Stmt) -> Outcome<Flow> {
        let range = statement.range();
        if let Some(long) = self.recalled.and_then(|known| known.long.iter().find(|long| long.range == range))
        {
            self.assignments = long.last;
            return self.leave_out(statement, long.fault.clone());
        }
        let (spent, changes) = (self.budget.spent(), self.outer_changes);
        self.budget.halve();
        let outcome = self.block(std::slice::from_ref(statement));
        self.budget.lift();
        outcome.or_else(|fault| {
            if fault.weight != Weight::OfAStatement || changes != self.outer_changes {
                return Err(fault);
            }
            let work = self.budget.spent() - spent;
            self.kept.long.push(Long { range, fault: fault.clone(), last: self.assignments, work });
            self.leave_out(statement, fault)
        })
    }

    /// Whether nothing of the model has been declared, and nothing is being.
    fn is_before_model(&self) -> bool {
        self.stage != Stage::Open && self.apart.is_empty() && self.scope.is_empty()
    }

    /// How often the names of the present function, and objects, were changed in their place.
    fn changes(&self) -> (usize, usize) {
        (self.frame.map_or(self.own_changes, |frame| self.frames[frame].own_changes), self.object_changes)
    }

    /// Notes that a name of the present function is changed in its place.
    pub(super) fn note_change(&mut self) {
        match self.frame {
            Some(frame) => self.frames[frame].own_changes += 1,
            None => self.own_changes += 1,
        }
    }

    /// Notes that something changes that others than the present function see.
    pub(super) fn note_outer_change(&mut self) {
        self.object_changes += 1;
        if self.frame.is_some() {
            self.outer_changes += 1;
        }
    }

    fn keep(&mut self, number: usize, assign: &StmtAssign, item: &Item, work: usize) {
        let [Expr::Name(target)] = &assign.targets[..] else { return };
        let (Item::Number(value) | Item::Series(value)) = item else { return };
        let Some(numbers) = value.as_data() else { return };
        if self.kept.values.len() == VALUES {
            return;
        }
        // What it took of the functions that it called is in it.
        drop(self.kept.values.split_off(&number));
        let before: usize = self.kept.values.values().map(|kept| kept.numbers.len()).sum();
        if before + numbers.len() > NUMBERS {
            return;
        }
        let kept = Kept {
            range: assign.range,
            name: target.id.to_string(),
            is_unread: false,
            numbers: numbers.to_vec(),
            shape: value.shape().to_vec(),
            kind: value.kind(),
            is_series: item.is_series(),
            generators: self.generators.clone(),
            last: self.assignments,
            work,
        };
        self.kept.values.insert(number, kept);
    }
}
