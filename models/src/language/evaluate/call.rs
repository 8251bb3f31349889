//! Calls: of known functions, of methods, and of functions that the file defines.

use std::collections::HashMap;

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::{Ranged, TextRange};

use chainfire_engine::program::Kind;

use super::library::is_of_library;
use super::names::unknown_member;
use super::{Body, Defined, Evaluator, Flow, Frame, Stage};
use crate::finding::{Rule, Severity};
use crate::language::error::{Fault, Outcome, Weight, fault, hint};
use crate::language::functions;
use crate::language::item::{Dict, Item, Key, Sequence};

/// An argument and its place.
#[derive(Clone, Debug)]
pub(in crate::language) struct Argument {
    pub(in crate::language) item: Item,
    pub(in crate::language) range: TextRange,
}

/// A call with its arguments evaluated.
#[derive(Clone, Debug)]
pub(in crate::language) struct Call {
    /// The function as the file writes it.
    pub(in crate::language) name: String,
    /// The name alone, and its place.
    pub(in crate::language) range: TextRange,
    pub(in crate::language) positional: Vec<Argument>,
    pub(in crate::language) keywords: Vec<(String, Argument)>,
}

impl Call {
    /// The arguments of parameters with these names, in their order.
    pub(in crate::language) fn bind<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Outcome<[Option<&Argument>; N]> {
        let mut bound = [None; N];
        bound.copy_from_slice(&self.bind_all(&names)?);
        Ok(bound)
    }

    /// The arguments of any number of parameters.
    pub(in crate::language) fn bind_all(&self, names: &[&str]) -> Outcome<Vec<Option<&Argument>>> {
        let count = names.len();
        if self.positional.len() > count {
            let seen = self.positional.len();
            let range = self.positional[count].range;
            let known = names.join(", ");
            let message =
                format!("`{}` takes at most {count} arguments here ({known}), not {seen}", self.name);
            return Err(Fault::new(range, message).rule(Rule::TooManyArguments));
        }
        let mut bound = vec![None; count];
        for (place, argument) in bound.iter_mut().zip(&self.positional) {
            *place = Some(argument);
        }
        for (name, argument) in &self.keywords {
            let Some(k) = names.iter().position(|known| known == name) else {
                let foreign = functions::foreign::parameter(names, name);
                let hint = match foreign {
                    Some(new) => format!("; did you mean `{new}`?"),
                    None => hint(name, names.iter().copied()),
                };
                let known = if count == 0 { "none".into() } else { names.join(", ") };
                let message =
                    format!("`{}` has no argument `{name}` here (it takes {known}){hint}", self.name);
                let fault = Fault::new(argument.range, message)
                    .rule(Rule::UnknownArgument)
                    .near(name, names.iter().copied());
                return Err(match foreign {
                    Some(new) => fault.nearest_is(new).fix(format!("write `{new}`")),
                    None => fault,
                });
            };
            if bound[k].is_some() {
                return fault(argument.range, format!("`{}` gets `{name}` twice", self.name));
            }
            bound[k] = Some(argument);
        }
        Ok(bound)
    }

    /// An argument that has to be there.
    pub(in crate::language) fn required<'c>(
        &self,
        argument: Option<&'c Argument>,
        name: &str,
    ) -> Outcome<&'c Argument> {
        argument.ok_or_else(|| {
            let message = format!("`{}` needs the argument `{name}`", self.name);
            Fault::new(self.range, message).rule(Rule::MissingArgument)
        })
    }

    /// A call of the same function with one argument.
    pub(in crate::language) fn alone(&self, item: Item) -> Self {
        self.nothing().with_receiver(item)
    }

    /// A call of the same function without arguments.
    pub(in crate::language) fn nothing(&self) -> Self {
        Self { name: self.name.clone(), range: self.range, positional: Vec::new(), keywords: Vec::new() }
    }

    /// The arguments, those with names last.
    pub(in crate::language) fn items(&self) -> impl Iterator<Item = &Argument> {
        self.positional.iter().chain(self.keywords.iter().map(|(_, argument)| argument))
    }

    /// The same, to be changed.
    pub(in crate::language) fn items_mut(&mut self) -> impl Iterator<Item = &mut Argument> {
        self.positional.iter_mut().chain(self.keywords.iter_mut().map(|(_, argument)| argument))
    }

    /// The call with its first argument put before the others.
    pub(in crate::language) fn with_receiver(mut self, item: Item) -> Self {
        self.positional.insert(0, Argument { item, range: self.range });
        self
    }
}

impl<'a> Evaluator<'a> {
    /// The value of a call.
    pub(super) fn call(&mut self, call: &'a ExprCall) -> Outcome<Item> {
        let changed = self.change(call);
        if !self.moved.is_empty() {
            self.reunite(call.range())?;
        }
        if let Some(item) = changed? {
            return Ok(item);
        }
        if let Some(item) = self.replace_elements(call)? {
            return Ok(item);
        }
        if let Expr::Attribute(attribute) = &*call.func {
            let owner = self.expression(&attribute.value)?;
            let name = attribute.attr.as_str();
            let callee = match &owner {
                Item::Module(module) => self.member_of_module(*module, name, attribute.range)?,
                Item::Foreign(module) => return Err(unknown_member(module, name, attribute.range)),
                Item::Object(_) | Item::Class(_) => return self.call_member(&owner, attribute, call),
                Item::Function(function) if name == "__init__" && function.stands_above_classes() => {
                    return self.call_initialiser(call);
                }
                _ => {
                    let outer = self.table_of_call.clone();
                    if let Item::Table(table) = &owner {
                        self.table_of_call = Some(table.clone());
                    }
                    let arguments = self.arguments(call, format!(".{name}"), false);
                    self.table_of_call = outer;
                    // The names of the levels of an index are those of its table, or column.
                    if let ("get_level_values", Expr::Attribute(index)) = (name, &*attribute.value)
                        && index.attr.as_str() == "index"
                    {
                        let of = self.expression(&index.value)?;
                        return functions::level_values(self, &of, &arguments?);
                    }
                    // `column.str.replace(...)` is of the texts, `column.replace(...)` of the column.
                    return match &*attribute.value {
                        Expr::Attribute(accessor) if accessor.attr.as_str() == "str" => {
                            functions::text_method(self, &owner, name, arguments?)
                        }
                        _ => functions::method(self, &owner, name, arguments?),
                    };
                }
            };
            let call = self.arguments_of(&callee, call, self.text_at(attribute.range).to_owned())?;
            return self.apply(&callee, call);
        }
        let callee = match &*call.func {
            // A column does not hide the function of its name where that is called.
            Expr::Name(name) if self.is_of_data(name.id.as_str()) => {
                functions::builtin(name.id.as_str()).map_or_else(|| self.expression(&call.func), Ok)?
            }
            Expr::Name(name) if name.id.as_str() == "super" && self.visible("super").is_none() => {
                return self.object_above(call.range());
            }
            function => self.expression(function)?,
        };
        let call = self.arguments_of(&callee, call, self.text_at(call.func.range()).to_owned())?;
        self.apply(&callee, call)
    }

    /// The arguments of a call that may declare a variable, which is never passed over.
    pub(super) fn arguments_of(&mut self, callee: &Item, call: &'a ExprCall, name: String) -> Outcome<Call> {
        if matches!(callee, Item::Function(function) if function.reads_data()) {
            let function = if let Item::Function(function) = callee { function.plain_name() } else { "" };
            return self.options_of_data(call, name, function);
        }
        match callee {
            Item::Function(_)
            | Item::Distribution(_)
            | Item::Defined(_)
            | Item::Bound(_)
            | Item::Class(_)
            | Item::Object(_)
                if self.stage == Stage::Open && !is_of_library(call.range()) =>
            {
                self.arguments(call, name, true).map_err(Fault::fatal)
            }
            _ => self.arguments(call, name, false),
        }
    }

    /// The arguments of a call for a data file that mean something: its name, and how it is laid out.
    fn options_of_data(&mut self, call: &'a ExprCall, name: String, function: &str) -> Outcome<Call> {
        let mut keywords = Vec::new();
        for keyword in &call.arguments.keywords {
            if keyword.arg.is_none() {
                let (item, range) = (self.expression(&keyword.value)?, keyword.range);
                let (Item::Dict(options) | Item::Table(options)) = item else {
                    return fault(range, "`**` needs a dictionary");
                };
                for (key, item) in options.entries() {
                    if let Key::Text(name) = key
                        && !functions::is_of_no_account(name)
                    {
                        keywords.push((name.to_string(), Argument { item: item.clone(), range }));
                    }
                }
                continue;
            }
            if let Some(name) = keyword.arg.as_ref().filter(|name| !functions::is_of_no_account(name)) {
                let item = self.expression(&keyword.value)?;
                keywords.push((name.to_string(), Argument { item, range: keyword.range }));
            }
        }
        let places = functions::positions(function);
        for (k, argument) in call.arguments.args.iter().skip(1).enumerate() {
            let range = argument.range();
            match places.get(k) {
                Some(name) if functions::is_of_no_account(name) => {}
                Some(name) => {
                    let item = self.expression(argument)?;
                    keywords.push(((*name).to_owned(), Argument { item, range }));
                }
                None => {
                    return fault(
                        range,
                        format!("`{name}` takes one argument here, and others by their names"),
                    );
                }
            }
        }
        let is_path = |name: &str| ["filepath_or_buffer", "io", "fname", "file"].contains(&name);
        let by_name = call.arguments.keywords.iter().find(|k| k.arg.as_deref().is_some_and(is_path));
        if let Some(path) = call.arguments.args.first().or(by_name.map(|keyword| &keyword.value)) {
            let range = path.range();
            match self.expression(path) {
                // `pd.read_csv(io.StringIO(text))`: a text of several lines is no name of a file, nor is one of JSON.
                Ok(item @ Item::Text(_)) if matches!(&item, Item::Text(text) if text.trim().contains('\n') || is_json(text)) =>
                {
                    keywords.push(("contents".to_owned(), Argument { item, range }));
                }
                read => {
                    let read = match read {
                        Ok(path @ Item::Object(_)) => {
                            match self.special(&path, "__fspath__", Vec::new(), range) {
                                Ok(Some(text)) => Ok(text),
                                _ => Ok(path),
                            }
                        }
                        other => other,
                    };
                    let text = match read {
                        Ok(Item::Text(text)) => Some(text),
                        _ => last_text(path).map(Into::into),
                    };
                    let file = text.iter().flat_map(|text| text.rsplit(['/', '\\'])).next();
                    keywords.extend(
                        file.map(|file| ("file".to_owned(), Argument { item: Item::text(file), range })),
                    );
                }
            }
        }
        Ok(Call { name, range: call.range(), positional: Vec::new(), keywords })
    }

    /// One argument; where `going_on` a fault in it is told, and the others are looked at too.
    fn argument(
        &mut self,
        value: &'a Expr,
        going_on: bool,
        failed: &mut Option<Box<Fault>>,
    ) -> Outcome<Item> {
        self.expression(value).or_else(|fault| {
            // What goes wrong in the library is told at the call in the file.
            if !going_on || fault.is_final || self.is_aside() || is_of_library(fault.range) {
                return Err(fault);
            }
            failed.get_or_insert_with(|| Fault::told(fault.range));
            self.tell(*fault.fatal());
            Ok(Item::None)
        })
    }

    /// The arguments of a call, evaluated.
    pub(super) fn arguments(&mut self, call: &'a ExprCall, name: String, going_on: bool) -> Outcome<Call> {
        let mut failed = None;
        let mut positional = Vec::with_capacity(call.arguments.args.len());
        let mut keywords = Vec::new();
        let mut elements = 0;
        for argument in &call.arguments.args {
            match argument {
                Expr::Starred(starred) => {
                    let item = self.expression(&starred.value)?;
                    let items = self.iterate(&item, starred.range)?;
                    positional.extend(items.into_iter().map(|item| Argument { item, range: starred.range }));
                }
                _ => {
                    let item = self.argument(argument, going_on, &mut failed)?;
                    positional.push(Argument { item, range: argument.range() });
                }
            }
        }
        for keyword in &call.arguments.keywords {
            let is_start = keyword.arg.as_ref().is_some_and(|name| name.as_str() == "initval");
            let item = match self.argument(
                &keyword.value,
                going_on && keyword.arg.is_some() && !is_start,
                &mut failed,
            ) {
                Err(fault) if is_start && fault.weight == Weight::InStarts => {
                    self.tell_start(*fault, keyword.range);
                    Item::None
                }
                item => item?,
            };
            match &keyword.arg {
                Some(name) => keywords.push((name.to_string(), Argument { item, range: keyword.range })),
                None => {
                    let Item::Dict(dict) = item else {
                        return fault(keyword.range, "`**` needs a dictionary");
                    };
                    for (key, item) in dict.entries() {
                        let Key::Text(name) = key else {
                            return fault(keyword.range, "`**` needs a dictionary whose keys are texts");
                        };
                        self.budget.steps(1, keyword.range)?;
                        keywords
                            .push((name.to_string(), Argument { item: item.clone(), range: keyword.range }));
                    }
                }
            }
        }
        if let Some(failed) = failed {
            return Err(failed);
        }
        for argument in positional.iter().chain(keywords.iter().map(|(_, argument)| argument)) {
            elements += argument.item.size();
        }
        self.budget.work(elements, call.range())?;
        Ok(Call { name, range: call.range(), positional, keywords })
    }

    /// Notes that a starting value is random, and the usual one takes its place.
    fn tell_start(&mut self, fault: Fault, range: TextRange) {
        let message = format!("{}; the chains start where they would without `initval`", fault.message);
        self.tell(*Fault::new(range, message).severity(Severity::Warning).fix("leave `initval` out"));
    }

    /// Calls a function that was given as an argument.
    pub(in crate::language) fn call_item(
        &mut self,
        function: &Argument,
        positional: Vec<Argument>,
    ) -> Outcome<Item> {
        let name = self.text_at(function.range).to_owned();
        let call = Call { name, range: function.range, positional, keywords: Vec::new() };
        self.apply(&function.item, call)
    }

    /// Calls a function that was given as a value.
    pub(in crate::language) fn called_with(
        &mut self,
        function: &Item,
        items: Vec<Item>,
        range: TextRange,
    ) -> Outcome<Item> {
        let positional = items.into_iter().map(|item| Argument { item, range }).collect();
        self.call_item(&Argument { item: function.clone(), range }, positional)
    }

    /// Calls a function that was given as a value with one argument.
    pub(in crate::language) fn called(
        &mut self,
        function: &Item,
        item: Item,
        range: TextRange,
    ) -> Outcome<Item> {
        self.called_with(function, vec![item], range)
    }

    /// Calls something. What goes wrong inside of the library is told at the call in the file.
    pub(in crate::language) fn apply(&mut self, callee: &Item, call: Call) -> Outcome<Item> {
        let range = call.range;
        if is_of_library(range) {
            return self.apply_inside(callee, call);
        }
        let outer = std::mem::replace(&mut self.called_at, range);
        let outcome = self.apply_inside(callee, call);
        self.called_at = outer;
        outcome.map_err(|fault| match is_of_library(fault.range) {
            true => Box::new(Fault { range, ..*fault }),
            false => fault,
        })
    }

    fn apply_inside(&mut self, callee: &Item, mut call: Call) -> Outcome<Item> {
        // Functions have no name in the library but their own.
        if let (Item::Function(function), true) = (callee, call.name.is_empty()) {
            call.name = function.name();
        }
        match callee {
            Item::Function(function) => function.run(self, &call),
            Item::Distribution(entry) => functions::declare(self, entry, &call),
            Item::Family(family) => family.freeze(self, &call),
            Item::Gaussian(part) => part.call(self, &call),
            Item::Partial(partial) => {
                let mut keywords = partial.keywords.clone();
                keywords.retain(|(name, _)| !call.keywords.iter().any(|(given, _)| given == name));
                keywords.extend(call.keywords);
                let positional = partial.positional.iter().cloned().chain(call.positional).collect();
                let whole = Call { name: call.name, range: call.range, positional, keywords };
                self.nested(call.range, |e| e.apply(&partial.function, whole))
            }
            Item::Curve(curve) => {
                let [x] = call.bind(["x"])?;
                let x = call.required(x, "x")?;
                curve.at(self, x, call.range)
            }
            Item::Fields(names) => functions::fill(names, &call),
            Item::Differential(part) => part.call(self, &call),
            Item::Defined(number) => self.call_defined(*number, call),
            Item::Bound(bound) => self.call_defined(bound.1, call.with_receiver(bound.0.clone())),
            Item::Method(method) => functions::method(self, &method.0, &method.1, call),
            Item::Class(class) => self.instantiate(*class, call),
            Item::Object(object) => self.call_object(*object, call),
            Item::Type(kind) => self.make_number(*kind, &call),
            Item::TextType => {
                let [x] = call.bind(["object"])?;
                let x = call.required(x, "object")?;
                Ok(Item::text(self.shown(&x.item, x.range)?))
            }
            other @ (Item::Number(_)
            | Item::Series(_)
            | Item::Table(_)
            | Item::Dict(_)
            | Item::List(_)
            | Item::Tuple(_)) => {
                let name = call.name;
                let message =
                    format!("{} cannot be called: elements are taken with brackets", other.describe());
                Err(Fault::new(call.range, message).fix(format!("write `{name}[...]` for `{name}(...)`")))
            }
            other => fault(call.range, format!("{} cannot be called", other.describe())),
        }
    }

    /// `int(x)`, `float(x)`, `bool(x)`, `np.float64(x)`
    fn make_number(&mut self, kind: Kind, call: &Call) -> Outcome<Item> {
        let [x, base] = call.bind(["x", "base"])?;
        let x = call.required(x, "x")?;
        if let (Item::Text(text), Kind::Int, Some(base)) = (&x.item, kind, base) {
            let base = self.integer(&base.item, "a base", base.range)?;
            let digits = text.trim().to_lowercase();
            let prefix = match base {
                2 => "0b",
                8 => "0o",
                16 => "0x",
                _ => "",
            };
            let digits = digits.strip_prefix(prefix).unwrap_or(&digits);
            let number = u32::try_from(base).ok().filter(|base| (2..=36).contains(base));
            return match number.and_then(|base| i64::from_str_radix(digits, base).ok()) {
                Some(number) => Ok(Item::integer(number)),
                None => fault(x.range, format!("\"{text}\" is no whole number of base {base}")),
            };
        }
        if let Some(base) = base {
            return fault(base.range, "only a text has a base");
        }
        if let Item::Text(text) = &x.item {
            if kind == Kind::Bool {
                return Ok(Item::truth(!text.is_empty()));
            }
            return match text.trim().parse::<f64>() {
                Ok(number) if kind != Kind::Int || number.fract() == 0.0 => {
                    let value = self.cast(&number.into(), kind, x.range)?;
                    Ok(Item::Number(value))
                }
                _ => fault(x.range, format!("\"{text}\" is not such a number")),
            };
        }
        if kind == Kind::Bool {
            return Ok(Item::truth(self.truth(&x.item, x.range)?));
        }
        let value = self.known_value(x, "what becomes a plain number")?;
        let value = self.cast(&value, kind, x.range)?;
        let plain = value.len() == 1;
        if plain {
            Ok(Item::Number(value.reshape(&[])))
        } else {
            fault(x.range, "only a single number can become a plain number")
        }
    }

    fn call_defined(&mut self, number: usize, call: Call) -> Outcome<Item> {
        let Some(Defined { parameters: declared, defaults, body, outer, class, yields, .. }) =
            self.functions.get(number).cloned()
        else {
            return fault(call.range, "functions of the file cannot be called here");
        };
        let parameters: Vec<_> = declared.map_or(Vec::new(), |p| p.iter_non_variadic_params().collect());
        let rest = declared.and_then(|p| p.vararg.as_deref());
        let named_rest = declared.and_then(|p| p.kwarg.as_deref());
        let places = declared.map_or(0, |p| p.posonlyargs.len() + p.args.len());
        let mut locals: HashMap<&'a str, Item> = HashMap::new();
        if call.positional.len() > places && rest.is_none() {
            let seen = call.positional.len();
            let message = format!("`{}` takes {places} arguments, not {seen}", call.name);
            return Err(Fault::new(call.range, message).rule(Rule::TooManyArguments));
        }
        let mut given = call.positional.into_iter().map(|argument| argument.item);
        for (parameter, item) in parameters[..places].iter().zip(given.by_ref()) {
            locals.insert(parameter.name().as_str(), item);
        }
        if let Some(rest) = rest {
            locals.insert(rest.name.as_str(), Item::Tuple(Sequence::new(given.collect(), call.range)?));
        }
        let mut others = Dict::default();
        for (name, argument) in call.keywords {
            match parameters.iter().find(|p| p.name().as_str() == name) {
                Some(parameter) if !locals.contains_key(name.as_str()) => {
                    locals.insert(parameter.name().as_str(), argument.item);
                }
                Some(_) => return fault(argument.range, format!("`{}` gets `{name}` twice", call.name)),
                None if named_rest.is_some() => {
                    others.insert(Key::Text(name.into()), argument.item, argument.range)?;
                }
                None => {
                    let hint = hint(&name, parameters.iter().map(|p| p.name().as_str()));
                    let message = format!("`{}` has no argument `{name}`{hint}", call.name);
                    return Err(Fault::new(argument.range, message).rule(Rule::UnknownArgument).about(name));
                }
            }
        }
        if let Some(named_rest) = named_rest {
            locals.insert(named_rest.name.as_str(), Item::Dict(others.into()));
        }
        for (parameter, default) in parameters.iter().zip(defaults.iter()) {
            let name = parameter.name().as_str();
            if !locals.contains_key(name) {
                let Some(default) = default else {
                    let message = format!("`{}` needs the argument `{name}`", call.name);
                    return Err(Fault::new(call.range, message).rule(Rule::MissingArgument).about(name));
                };
                locals.insert(name, default.clone());
            }
        }
        drop(defaults); // the function may change what it has by default
        let (frame, known) = (self.frames.len(), self.functions.len());
        let receiver = class.and_then(|_| locals.get(parameters.first()?.name().as_str()).cloned());
        let yielded = yields.then(Vec::new);
        self.frames.push(Frame { names: locals, outer, class, receiver, yielded, ..Frame::default() });
        let caller = self.frame.replace(frame);
        let loops = std::mem::take(&mut self.loops);
        let flow = self.nested(call.range, |evaluator| match body {
            Body::Statements(body) => evaluator.block(body),
            Body::Expression(body) => evaluator.expression(body).map(Flow::Return),
        });
        self.views.retain(|view| view.frame != self.frame);
        self.frame = caller;
        self.loops = loops;
        let yielded = self.frames[frame].yielded.take();
        // Functions that were defined by the call keep its names.
        if self.functions.len() == known {
            self.frames.truncate(frame);
        }
        match (flow?, yielded) {
            (_, Some(items)) => self.iterator(items, call.range),
            (Flow::Return(item), None) => Ok(item),
            _ => Ok(Item::None),
        }
    }
}

/// Whether a text looks like an object or a list of JSON.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The text that an expression for a path ends in, as `Path(...) / "x.npy"` and `join(..., "x.npy")` do.
fn last_text(path: &Expr) -> Option<&str> {
    match path {
        Expr::StringLiteral(text) => Some(text.value.to_str()),
        Expr::BinOp(joined) => last_text(&joined.right),
        Expr::Call(call) => {
            let mut texts = call.arguments.args.iter().rev().filter_map(last_text).peekable();
            let last = texts.peek().copied();
            texts.find(|text| text.contains('.')).or(last)
        }
        _ => None,
    }
}
