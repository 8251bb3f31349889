//! Generators of random numbers that a file makes: they change with every draw, under every name that they have.
//!
//! A statement that is passed over may have drawn numbers in Python. What its generators would give after it is then
//! unknown, and they give nothing.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{Body, Evaluator};
use crate::language::error::{Outcome, fault};
use crate::language::functions::Module;
use crate::language::item::Item;
use crate::language::random::Generator;

/// A generator of an evaluation, by number; the first is that of `np.random` itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::language) struct Stream(usize);

impl Stream {
    /// What `np.random.normal` and the like draw from.
    pub(in crate::language) const GLOBAL: Self = Self(0);
}

/// What is known of a generator.
#[derive(Debug)]
pub(super) enum State {
    Ready(Generator),
    Unseeded,
    /// Something that was passed over may have drawn from it.
    PassedOver(TextRange),
}

impl<'a> Evaluator<'a> {
    /// A generator that the file makes; `None` for one without a seed.
    pub(in crate::language) fn add_generator(&mut self, generator: Option<Generator>) -> Item {
        self.generators.push(generator.map_or(State::Unseeded, State::Ready));
        Item::Generator(Stream(self.generators.len() - 1))
    }

    /// `np.random.seed(...)` of a generator.
    pub(in crate::language) fn seed_generator(&mut self, stream: Stream, generator: Option<Generator>) {
        if let Some(state) = self.generators.get_mut(stream.0) {
            *state = generator.map_or(State::Unseeded, State::Ready);
        }
    }

    /// A generator to draw from.
    pub(in crate::language) fn generator(
        &mut self,
        stream: Stream,
        range: TextRange,
    ) -> Outcome<&mut Generator> {
        self.draws += 1;
        let source = self.source;
        match self.generators.get_mut(stream.0) {
            Some(State::Ready(generator)) => Ok(generator),
            Some(State::PassedOver(place)) => {
                let line = 1 + source[..place.start().to_usize()].matches('\n').count();
                fault(
                    range,
                    format!(
                        "what is drawn here is not known: line {line} may draw from the same generator, and was passed \
                         over; leave that line out, or move it below the model"
                    ),
                )
            }
            _ if stream == Stream::GLOBAL => fault(
                range,
                "random numbers without a seed differ every time: write `np.random.seed(1)` above (any number), or put \
                 the data in the data file",
            ),
            _ => fault(
                range,
                "random numbers of a generator without a seed differ every time: give it one, as in \
                 `np.random.default_rng(1)`, or put the data in the data file",
            ),
        }
    }

    /// Notes that a statement is passed over, which may draw from the generators that it names.
    pub(super) fn forget_draws(&mut self, statement: &'a Stmt) {
        let mut search = Search { evaluator: self, streams: Vec::new(), functions: HashSet::new() };
        search.visit_stmt(statement);
        for stream in search.streams {
            if let Some(state @ State::Ready(_)) = self.generators.get_mut(stream.0) {
                *state = State::PassedOver(statement.range());
            }
        }
    }
}

/// Generators that a statement, and the functions that it names, may draw from.
struct Search<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    streams: Vec<Stream>,
    functions: HashSet<usize>,
}

impl<'a> Visitor<'a> for Search<'_, 'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            match self.evaluator.visible(name.id.as_str()) {
                Some(Item::Generator(stream)) => self.streams.push(*stream),
                Some(Item::Module(Module::Random | Module::Statistics)) => self.streams.push(Stream::GLOBAL),
                Some(Item::Family(_) | Item::Frozen(_) | Item::Joint(_)) => self.streams.push(Stream::GLOBAL),
                Some(Item::Function(function)) if function.draws() => self.streams.push(Stream::GLOBAL),
                Some(Item::Foreign(module)) if module.starts_with("sklearn") => {
                    self.streams.push(Stream::GLOBAL);
                }
                Some(Item::Defined(number)) if self.functions.insert(*number) => {
                    match self.evaluator.functions.get(*number).map(|function| function.body) {
                        Some(Body::Statements(body)) => self.visit_body(body),
                        Some(Body::Expression(body)) => self.visit_expr(body),
                        None => {}
                    }
                }
                _ => {}
            }
        }
        if let Expr::Attribute(attribute) = expression
            && attribute.attr.as_str() == "random"
            && let Expr::Name(name) = &*attribute.value
            && let Some(Item::Module(Module::NumPy)) = self.evaluator.visible(name.id.as_str())
        {
            self.streams.push(Stream::GLOBAL);
        }
        walk_expr(self, expression);
    }
}
