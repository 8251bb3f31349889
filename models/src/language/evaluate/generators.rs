//! Generators of random numbers that a file makes: they change with every draw, under every name that they have.
//!
//! A statement that is passed over may have drawn numbers in Python. What its generators would give after it is then
//! unknown, and they give nothing.

use std::collections::HashSet;

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::{Body, Evaluator, Instance, line_of};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, Weight, fault};
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
#[derive(Clone, Debug)]
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
        self.draws += usize::from(stream.0 < self.lasting);
        let source = self.source;
        match self.generators.get_mut(stream.0) {
            Some(State::Ready(generator)) => Ok(generator),
            Some(State::PassedOver(place)) => {
                let line = line_of(source, *place);
                fault(
                    range,
                    format!(
                        "what is drawn here is not known: line {line} may draw from the same generator, and was passed \
                         over; leave that line out, or move it below the model"
                    ),
                )
            }
            _ => {
                let message = match stream == Stream::GLOBAL {
                    true => {
                        "random numbers without a seed differ every time: write `np.random.seed(1)` above (any number), or put \
                         the data in the data file"
                    }
                    false => {
                        "random numbers of a generator without a seed differ every time: give it one, as in \
                         `np.random.default_rng(1)`, or put the data in the data file"
                    }
                };
                Err(Fault::weighing(range, message, Weight::InStarts))
            }
        }
    }

    /// Notes that a statement is passed over, which may draw from the generators that it names.
    pub(super) fn forget_draws(&mut self, statement: &'a Stmt) {
        let mut search = Search::new(self);
        search.visit_stmt(statement);
        search.finish();
        let Search { streams, changed, .. } = search;
        for object in changed {
            self.lose(object, statement.range());
        }
        for stream in streams {
            if let Some(state @ State::Ready(_)) = self.generators.get_mut(stream.0) {
                *state = State::PassedOver(statement.range());
            }
        }
    }
}

/// Modules that model files do not know and that draw nothing from NumPy's global generator.
const DRAWING_NOTHING: &[&str] = &[
    "__file__",
    "arviz",
    "bambi",
    "blackjax",
    "cartopy",
    "context",
    "daft",
    "datetime",
    "file",
    "formulae",
    "gc",
    "geopandas",
    "glob",
    "graphviz",
    "io",
    "IPython",
    "ipywidgets",
    "json",
    "logging",
    "matplotlib",
    "multiprocessing",
    "numba",
    "nutpie",
    "os",
    "pickle",
    "plotly",
    "pprint",
    "preliz",
    "pyreadr",
    "random",
    "rich",
    "seaborn",
    "shutil",
    "statsmodels",
    "subprocess",
    "sys",
    "textwrap",
    "threading",
    "time",
    "tqdm",
    "typing",
    "urllib",
    "requests",
    "warnings",
    "watermark",
    "xarray",
    "zipfile",
];

/// Whether what a module does may draw from NumPy's global generator, as far as is known.
fn may_draw(module: &str) -> bool {
    let first = module.split('.').next().unwrap_or(module);
    !DRAWING_NOTHING.contains(&first) && !first.starts_with("arviz")
}

/// What a statement, and the functions that it names, may draw from and change.
struct Search<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    streams: Vec<Stream>,
    /// Objects whose methods are called, or that are given to functions of the file.
    changed: Vec<Instance>,
    /// What was named, and is yet to be looked at.
    named: Vec<Item>,
    functions: HashSet<usize>,
    classes: HashSet<usize>,
    objects: HashSet<Instance>,
}

impl<'e, 'a> Search<'e, 'a> {
    fn new(evaluator: &'e Evaluator<'a>) -> Self {
        Self {
            evaluator,
            streams: Vec::new(),
            changed: Vec::new(),
            named: Vec::new(),
            functions: HashSet::new(),
            classes: HashSet::new(),
            objects: HashSet::new(),
        }
    }

    /// Looks at what was named, at what that names, and so on.
    fn finish(&mut self) {
        while let Some(item) = self.named.pop() {
            match item {
                Item::Generator(stream) => self.streams.push(stream),
                Item::Module(Module::Random | Module::Statistics) => self.streams.push(Stream::GLOBAL),
                Item::Family(_) | Item::Frozen(_) | Item::Joint(_) => self.streams.push(Stream::GLOBAL),
                Item::Function(function) if function.draws() => self.streams.push(Stream::GLOBAL),
                Item::Foreign(module) if may_draw(&module) => self.streams.push(Stream::GLOBAL),
                Item::Defined(number) if self.functions.insert(number) => {
                    match self.evaluator.functions.get(number).map(|function| function.body) {
                        Some(Body::Statements(body)) => self.visit_body(body),
                        Some(Body::Expression(body)) => self.visit_expr(body),
                        None => {}
                    }
                }
                Item::Partial(partial) => {
                    self.named.push(partial.function.clone());
                    let given = partial.positional.iter().chain(partial.keywords.iter().map(|(_, x)| x));
                    self.named.extend(given.map(|argument| argument.item.clone()));
                }
                Item::Bound(bound) => self.named.extend([bound.0.clone(), Item::Defined(bound.1)]),
                Item::Class(class) if self.classes.insert(class) => {
                    self.named.extend(self.evaluator.inside(&item));
                }
                Item::Object(object) if self.objects.insert(object) => {
                    self.named.extend(self.evaluator.inside(&item));
                }
                _ => {}
            }
        }
    }

    fn item(&self, expression: &Expr) -> Option<&'e Item> {
        match expression {
            Expr::Name(name) => self.evaluator.visible(name.id.as_str()),
            _ => None,
        }
    }
}

impl<'a> Visitor<'a> for Search<'_, 'a> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Some(item) = self.item(expression) {
            self.named.push(item.clone());
        }
        if let Expr::Attribute(attribute) = expression
            && attribute.attr.as_str() == "random"
            && let Some(Item::Module(Module::NumPy)) = self.item(&attribute.value)
        {
            self.streams.push(Stream::GLOBAL);
        }
        // Points are moved at random.
        if let Expr::Attribute(attribute) = expression
            && let "stripplot" | "catplot" = attribute.attr.as_str()
        {
            self.streams.push(Stream::GLOBAL);
        }
        if let Expr::Call(call) = expression
            && let Some(Item::Unusable(why)) = self.item(&call.func)
            && why.rule == Rule::UnknownFunction
        {
            self.streams.push(Stream::GLOBAL);
        }
        if let Expr::Call(call) = expression {
            let object = |expression: &Expr| match self.item(expression) {
                Some(Item::Object(object)) => Some(*object),
                _ => None,
            };
            // A method that there is not changes nothing.
            let has = |object: &Instance, method: &str| {
                self.evaluator.core(*object).is_some() || self.evaluator.attribute(*object, method).is_some()
            };
            let changed: Vec<Instance> = match &*call.func {
                Expr::Attribute(method) => object(&method.value)
                    .filter(|object| has(object, method.attr.as_str()))
                    .into_iter()
                    .collect(),
                function if self.item(function).is_some_and(Item::is_of_file) => {
                    call.arguments.args.iter().filter_map(object).collect()
                }
                _ => Vec::new(),
            };
            self.changed.extend(changed);
        }
        walk_expr(self, expression);
    }
}
