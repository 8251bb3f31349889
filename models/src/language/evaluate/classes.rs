//! Classes that a file defines, and their objects.
//!
//! ```text
//! class Scaler:                        members by name, at most one class above
//!     def fit(self, x): ...            object.fit(x) is fit(object, x)
//! ```
//!
//! An object changes under every name that it has, as in Python. Above the classes of a file there may be a covariance
//! or mean function of `pm.gp`: what `super().__init__(...)` makes of it is the object's core, which lends the object the
//! methods and attributes that the file does not write.

use std::collections::HashMap;
use std::rc::Rc;

use ruff_python_ast::{Expr, ExprAttribute, ExprCall, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextRange};

use super::aliases::Root;
use super::choices::assigned_names;
use super::{Argument, Call, Evaluator, Frame, Stage, line_of};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, fault};
use crate::language::functions::{self, Function};
use crate::language::item::Item;
use crate::language::limits::PROGRAM_OPERATION;

/// A class that the file defines.
#[derive(Debug)]
pub(super) struct Class<'a> {
    name: &'a str,
    above: Above,
    pub(super) members: HashMap<&'a str, Member>,
    /// The names of the values of an `Enum`, in order.
    pub(super) choices: Vec<&'a str>,
    /// The attributes that objects are made of, in order, of a `@dataclass`.
    fields: Option<Vec<&'a str>>,
    /// What makes the default of an attribute of a `@dataclass`: `field(default_factory=...)`.
    factories: HashMap<&'a str, Item>,
}

/// What stands above a class.
#[derive(Clone, Copy, Debug)]
enum Above {
    Nothing,
    /// `enum.Enum`: the values of the class are objects of it.
    Enumeration,
    /// `enum.IntEnum`, `enum.StrEnum`: the values are themselves.
    Values,
    Class(usize),
    Known(Function),
}

/// A member of a class, and what it becomes as one of an object.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) item: Item,
    binding: Binding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binding {
    /// A method where it is a function.
    Plain,
    /// `@property`
    Property,
    /// `@staticmethod`
    Static,
    /// `@classmethod`
    Class,
}

/// An object of a class.
#[derive(Debug)]
pub(super) struct Object<'a> {
    pub(super) class: usize,
    pub(super) attributes: HashMap<&'a str, Item>,
    /// What the function above its classes made.
    pub(super) core: Option<Item>,
    /// Something that was passed over, and may have changed it.
    pub(super) passed_over: Option<TextRange>,
}

impl Class<'_> {
    pub(super) fn member_mut(&mut self, name: &str) -> Option<&mut Item> {
        self.members.get_mut(name).map(|member| &mut member.item)
    }

    /// What the class holds.
    pub(super) fn holds(&self) -> impl Iterator<Item = &Item> {
        self.members.values().map(|member| &member.item)
    }

    /// What the class holds, to be changed.
    pub(super) fn held(&mut self) -> impl Iterator<Item = &mut Item> {
        self.members.values_mut().map(|member| &mut member.item)
    }
}

impl Object<'_> {
    pub(super) fn attribute_mut(&mut self, name: &str) -> Option<&mut Item> {
        self.attributes.get_mut(name)
    }

    /// What the object holds.
    pub(super) fn holds(&self) -> impl Iterator<Item = &Item> {
        self.attributes.values().chain(&self.core)
    }

    /// What the object holds, to be changed.
    pub(super) fn held(&mut self) -> impl Iterator<Item = &mut Item> {
        self.attributes.values_mut().chain(&mut self.core)
    }
}

/// An object, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::language) struct Instance {
    pub(super) number: usize,
    /// The class whose members are not seen, nor those of the classes below: that of `super()`.
    pub(super) below: Option<usize>,
}

impl<'a> Evaluator<'a> {
    /// `class Name(Above): ...`
    pub(super) fn define_class(&mut self, definition: &'a StmtClassDef) -> Outcome<()> {
        let range = definition.name.range;
        let is_data = match &*definition.decorator_list {
            [] => false,
            [decorator] if last_name(&decorator.expression) == Some("dataclass") => true,
            [decorator, ..] => {
                return fault(
                    decorator.range,
                    "classes have no decorators here but `dataclass`: write `__init__`",
                );
            }
        };
        let above = self.above(definition)?;
        let fields = is_data.then(|| fields(&definition.body));
        let (frame, known, class) = (self.frames.len(), self.functions.len(), self.classes.len());
        self.frames.push(Frame { outer: self.frame, ..Frame::default() });
        let around = self.frame.replace(frame);
        let bindings = self.nested(range, |e| e.members(&definition.body));
        self.frame = around;
        let names = std::mem::take(&mut self.frames[frame].names);
        // Methods see the names around the class, not those in it.
        for function in &mut self.functions[known..] {
            if function.outer == Some(frame) {
                (function.outer, function.class) = (around, Some(class));
            }
        }
        if self.functions.len() == known {
            self.frames.truncate(frame);
        }
        let bindings = bindings?;
        let names = match above {
            Above::Enumeration => {
                names.into_iter().map(|(name, item)| (name, self.choice(class, name, item))).collect()
            }
            _ => names,
        };
        let member = |(name, item)| {
            (name, Member { item, binding: bindings.get(name).copied().unwrap_or(Binding::Plain) })
        };
        let members = names.into_iter().map(member).collect();
        let factories = std::mem::take(&mut self.factories);
        let choices = match above {
            Above::Enumeration | Above::Values => assigned_names(&definition.body),
            _ => Vec::new(),
        };
        let name = definition.name.as_str();
        self.classes.push(Class { name, above, members, choices, fields, factories });
        self.bind(definition.name.as_str(), Item::Class(class));
        Ok(())
    }

    fn above(&mut self, definition: &'a StmtClassDef) -> Outcome<Above> {
        let Some(arguments) = &definition.arguments else { return Ok(Above::Nothing) };
        match (&*arguments.args, &*arguments.keywords) {
            ([], []) => Ok(Above::Nothing),
            ([Expr::Name(name)], []) if matches!(name.id.as_str(), "object" | "ABC") => Ok(Above::Nothing),
            ([Expr::Attribute(above)], [])
                if let Expr::Name(module) = &*above.value
                    && matches!(self.visible(module.id.as_str()), Some(Item::Foreign(name)) if &**name == "enum") =>
            {
                match above.attr.as_str() {
                    "Enum" => Ok(Above::Enumeration),
                    "IntEnum" | "StrEnum" => Ok(Above::Values),
                    other => fault(above.range, format!("`enum.{other}` is not supported")),
                }
            }
            ([above], []) => match self.expression(above)? {
                Item::Class(class) => Ok(Above::Class(class)),
                Item::Foreign(name) if &*name == "enum.Enum" => Ok(Above::Enumeration),
                Item::Foreign(name) if matches!(&*name, "enum.IntEnum" | "enum.StrEnum") => Ok(Above::Values),
                Item::Function(function) if function.stands_above_classes() => Ok(Above::Known(function)),
                other => {
                    let seen = other.describe();
                    let message = format!(
                        "a class may stand below another one of the file, below `pm.Model`, those of `pm.gp.cov` and \
                         `pm.gp.mean`, or `pm.distributions.transforms.Transform`, not below {seen}"
                    );
                    fault(above.range(), message)
                }
            },
            _ => fault(definition.name.range, "a class has at most one class above it here"),
        }
    }

    /// Goes through the body of a class; the members that are more than plain ones.
    fn members(&mut self, body: &'a [Stmt]) -> Outcome<HashMap<&'a str, Binding>> {
        let mut bindings = HashMap::new();
        for statement in body {
            if self.is_field(statement)? {
                continue;
            }
            let Stmt::FunctionDef(definition) = statement else {
                self.block(std::slice::from_ref(statement))?;
                continue;
            };
            let binding = match &*definition.decorator_list {
                [] => Binding::Plain,
                [decorator] => match last_name(&decorator.expression) {
                    Some("property") => Binding::Property,
                    Some("staticmethod") => Binding::Static,
                    Some("classmethod") => Binding::Class,
                    Some("abstractmethod") => Binding::Plain,
                    _ => return Err(unknown_decorator(decorator.range)),
                },
                [_, other, ..] => return Err(unknown_decorator(other.range)),
            };
            self.define_plain(definition)?;
            bindings.insert(definition.name.as_str(), binding);
        }
        Ok(bindings)
    }

    /// `name: type = field(default=..., default_factory=...)`
    fn is_field(&mut self, statement: &'a Stmt) -> Outcome<bool> {
        let Stmt::AnnAssign(assign) = statement else { return Ok(false) };
        let (Expr::Name(name), Some(Expr::Call(call))) = (&*assign.target, assign.value.as_deref()) else {
            return Ok(false);
        };
        if last_name(&call.func) != Some("field") {
            return Ok(false);
        }
        for keyword in &call.arguments.keywords {
            match keyword.arg.as_ref().map(|name| name.as_str()) {
                Some("default") => {
                    let default = self.expression(&keyword.value)?;
                    self.bind(name.id.as_str(), default);
                }
                Some("default_factory") => {
                    let factory = self.expression(&keyword.value)?;
                    self.factories.insert(name.id.as_str(), factory);
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// What makes the default of an attribute of an object.
    fn factory(&self, object: Instance, name: &str) -> Option<Item> {
        let mut class = self.first_class(object);
        while let Some(present) = class {
            if let Some(factory) = self.classes.get(present)?.factories.get(name) {
                return Some(factory.clone());
            }
            class = self.class_above(present);
        }
        None
    }

    /// Makes an object of a class.
    pub(super) fn instantiate(&mut self, class: usize, call: Call) -> Outcome<Item> {
        self.budget.steps(PROGRAM_OPERATION, call.range)?;
        if matches!(self.classes.get(class).map(|class| class.above), Some(Above::Enumeration)) {
            return self.chosen(class, &call);
        }
        let object = Instance { number: self.objects.len(), below: None };
        self.objects.push(Object { class, attributes: HashMap::new(), core: None, passed_over: None });
        let is_model = self.known_above(object).is_some_and(|above| above.makes_models());
        if is_model && self.stage == Stage::Open {
            return fault(
                call.range,
                "an object of a class below `pm.Model` is made outside of other models here",
            );
        }
        let initialised = self.initialise_object(object, class, call);
        if is_model && self.stage == Stage::Open {
            self.stage = Stage::Made;
        }
        initialised?;
        Ok(Item::Object(object))
    }

    fn initialise_object(&mut self, object: Instance, class: usize, call: Call) -> Outcome<()> {
        match self.member(&Item::Object(object), "__init__", call.range)? {
            Some(init) => drop(self.apply(&init, call)?),
            None => match self.all_fields(class) {
                Some(fields) => self.fill(object, &fields, call)?,
                None => self.initialise(object, &call)?,
            },
        }
        Ok(())
    }

    /// The attributes of a `@dataclass`, those of the classes above first.
    fn all_fields(&self, class: usize) -> Option<Vec<&'a str>> {
        let mut all: Vec<&'a str> = self.classes.get(class)?.fields.clone()?;
        let mut above = self.class_above(class);
        while let Some(present) = above {
            let mut fields = self.classes.get(present)?.fields.clone().unwrap_or_default();
            fields.extend(all.into_iter().filter(|name| !fields.contains(name)).collect::<Vec<_>>());
            all = fields;
            above = self.class_above(present);
        }
        Some(all)
    }

    /// Gives an object of a `@dataclass` its attributes.
    fn fill(&mut self, object: Instance, fields: &[&'a str], call: Call) -> Outcome<()> {
        let given: Vec<Option<Item>> =
            call.bind_all(fields)?.into_iter().map(|argument| argument.map(|a| a.item.clone())).collect();
        for (name, item) in fields.iter().zip(given) {
            let item = match item {
                Some(item) => item,
                None if let Some(factory) = self.factory(object, name) => {
                    self.apply(&factory, call.nothing())?
                }
                None => match self.member(&Item::Object(object), name, call.range)? {
                    Some(default) => default,
                    None => {
                        let message = format!("`{}` needs the argument `{name}`", call.name);
                        return Err(Fault::new(call.range, message).rule(Rule::MissingArgument));
                    }
                },
            };
            self.set_attribute(object, name, item);
        }
        match self.member(&Item::Object(object), "__post_init__", call.range)? {
            Some(last) => self.apply(&last, call.nothing()).map(drop),
            None => Ok(()),
        }
    }

    /// Whether an object is one of a class, or of a class below it.
    pub(in crate::language) fn is_instance(&self, object: Instance, wanted: usize) -> bool {
        let mut class = self.objects.get(object.number).map(|object| object.class);
        while let Some(present) = class {
            if present == wanted {
                return true;
            }
            class = self.class_above(present);
        }
        false
    }

    /// What `super().__init__(...)` does where no class above is one of the file.
    fn initialise(&mut self, object: Instance, call: &Call) -> Outcome<()> {
        let core = match self.known_above(object) {
            Some(function) => Some(function.run(self, call)?),
            None => {
                let [] = call.bind([])?;
                None
            }
        };
        // What stands in `__init__` is in the context of the model.
        if let Some(Item::Model(which)) = core {
            self.enter(which.number);
            self.stage = Stage::Open;
        }
        if let Some(object) = self.objects.get_mut(object.number) {
            object.core = core;
        }
        Ok(())
    }

    /// `super()` in a method.
    pub(super) fn object_above(&self, range: TextRange) -> Outcome<Item> {
        let mut frame = self.frame;
        while let Some(present) = frame.and_then(|frame| self.frames.get(frame)) {
            if let (Some(class), Some(Item::Object(object))) = (present.class, &present.receiver) {
                return Ok(Item::Object(Instance { below: Some(class), ..*object }));
            }
            frame = present.outer;
        }
        fault(range, "`super()` stands in methods only")
    }

    /// The class that the members of an object are first looked for in.
    fn first_class(&self, object: Instance) -> Option<usize> {
        match object.below {
            None => self.objects.get(object.number).map(|object| object.class),
            Some(class) => self.class_above(class),
        }
    }

    fn class_above(&self, class: usize) -> Option<usize> {
        match self.classes.get(class)?.above {
            Above::Class(above) => Some(above),
            _ => None,
        }
    }

    /// The function above the classes of an object.
    pub(in crate::language) fn known_above(&self, object: Instance) -> Option<Function> {
        let mut class = self.objects.get(object.number)?.class;
        loop {
            match self.classes.get(class)?.above {
                Above::Class(above) => class = above,
                Above::Known(function) => return Some(function),
                Above::Nothing | Above::Enumeration | Above::Values => return None,
            }
        }
    }

    /// What the function above the classes of an object made.
    pub(in crate::language) fn core(&self, object: Instance) -> Option<&Item> {
        self.objects.get(object.number)?.core.as_ref()
    }

    /// A member that the file gives an object or a class.
    pub(in crate::language) fn member(
        &mut self,
        owner: &Item,
        name: &str,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        let mut class = match owner {
            Item::Object(object) => {
                let known = self.objects.get(object.number);
                if let Some(place) = known.and_then(|known| known.passed_over) {
                    let line = line_of(self.source, place);
                    let message = format!(
                        "what this object holds is not known: line {line} may have changed it, and was passed over; \
                         leave that line out, or move it below the model"
                    );
                    return fault(range, message);
                }
                let attribute = known.and_then(|known| known.attributes.get(name));
                if let (Some(item), None) = (attribute, object.below) {
                    return item.clone().usable().map(Some);
                }
                self.first_class(*object)
            }
            Item::Class(class) => Some(*class),
            _ => None,
        };
        while let Some(present) = class {
            if let Some(Member { item, binding }) =
                self.classes.get(present).and_then(|class| class.members.get(name)).cloned()
            {
                let receiver = match (owner, binding) {
                    (Item::Object(object), Binding::Class) => {
                        self.objects.get(object.number).map(|object| Item::Class(object.class))
                    }
                    (Item::Object(object), Binding::Plain | Binding::Property) => {
                        Some(Item::Object(Instance { below: None, ..*object }))
                    }
                    (Item::Class(class), Binding::Class) => Some(Item::Class(*class)),
                    _ => None,
                };
                let (Item::Defined(function), Some(receiver)) = (&item, receiver) else {
                    return item.usable().map(Some);
                };
                let bound = Item::Bound(Rc::new((receiver, *function)));
                if binding == Binding::Property {
                    let name = name.to_owned();
                    let call = Call { name, range, positional: Vec::new(), keywords: Vec::new() };
                    return self.apply(&bound, call).map(Some);
                }
                return Ok(Some(bound));
            }
            class = self.class_above(present);
        }
        Ok(None)
    }

    /// `function.__name__`, `Class.__name__`; `None` of what has no name.
    pub(super) fn name_of(&self, item: &Item) -> Option<&'a str> {
        match item {
            Item::Defined(number) => self.functions.get(*number).map(|function| function.name),
            Item::Bound(bound) => self.functions.get(bound.1).map(|function| function.name),
            Item::Class(class) => self.classes.get(*class).map(|class| class.name),
            Item::Function(function) => Some(function.plain_name()),
            _ => None,
        }
    }

    /// `object.name`
    pub(in crate::language) fn attribute_of_object(
        &mut self,
        owner: &Item,
        name: &str,
        range: TextRange,
    ) -> Outcome<Item> {
        if let Some(item) = self.member(owner, name, range)? {
            return Ok(item);
        }
        match owner {
            Item::Object(object) => match self.core(*object).cloned() {
                Some(core) => functions::attribute(self, &core, name, range),
                None => match self.special(owner, "__getattr__", vec![Item::text(name)], range)? {
                    Some(item) => Ok(item),
                    None => fault(range, format!("this object has no attribute `{name}` yet")),
                },
            },
            _ => fault(range, format!("this class has no member `{name}`")),
        }
    }

    /// `object.name(...)`
    pub(super) fn call_member(
        &mut self,
        owner: &Item,
        attribute: &'a ExprAttribute,
        call: &'a ExprCall,
    ) -> Outcome<Item> {
        let (name, range) = (attribute.attr.as_str(), attribute.range);
        if let Some(callee) = self.member(owner, name, range)? {
            let call = self.arguments_of(&callee, call, self.text_at(range).to_owned())?;
            return self.apply(&callee, call);
        }
        let Item::Object(object) = owner else {
            return fault(range, format!("this class has no member `{name}`"));
        };
        let call = self.arguments(call, format!(".{name}"), false)?;
        if name == "__init__" {
            return self.initialise(*object, &call).map(|()| Item::None);
        }
        match self.core(*object).cloned() {
            Some(core) => functions::method(self, &core, name, call),
            None => fault(range, format!("this object has no method `{name}`")),
        }
    }

    /// `Above.__init__(self, ...)` of a function above classes.
    pub(super) fn call_initialiser(&mut self, call: &'a ExprCall) -> Outcome<Item> {
        let mut call = self.arguments(call, "__init__".to_owned(), false)?;
        match call.positional.first() {
            Some(Argument { item: Item::Object(object), .. }) => {
                let object = *object;
                call.positional.remove(0);
                self.initialise(object, &call).map(|()| Item::None)
            }
            _ => fault(call.range, "`__init__` takes the object first, `self`"),
        }
    }

    /// Calls an object.
    pub(super) fn call_object(&mut self, object: Instance, call: Call) -> Outcome<Item> {
        match self.member(&Item::Object(object), "__call__", call.range)? {
            Some(method) => self.apply(&method, call),
            None => match functions::part_of(self, &Item::Object(object)) {
                Some(part) => part.call(self, &call),
                None => fault(call.range, "this object has no `__call__`, and cannot be called"),
            },
        }
    }

    /// `Class.name = item`
    pub(super) fn set_member(&mut self, class: usize, name: &'a str, item: Item) {
        self.note_outer_change();
        if let Some(class) = self.classes.get_mut(class) {
            class.members.insert(name, Member { item, binding: Binding::Plain });
        }
    }

    /// `object.name = item`
    pub(super) fn set_attribute(&mut self, object: Instance, name: &'a str, item: Item) {
        self.note_outer_change();
        if let Some(object) = self.objects.get_mut(object.number) {
            object.attributes.insert(name, item);
        }
    }

    /// An attribute that an object holds itself, or a class of it.
    pub(super) fn attribute(&self, object: Instance, name: &str) -> Option<Item> {
        if let Some(item) = self.objects.get(object.number)?.attributes.get(name) {
            return Some(item.clone());
        }
        let mut class = self.first_class(object);
        while let Some(present) = class {
            if let Some(member) = self.classes.get(present)?.members.get(name) {
                return Some(member.item.clone());
            }
            class = self.class_above(present);
        }
        None
    }

    /// Where the attribute of an object or a class is that is to be changed.
    pub(super) fn root_of_attribute(&mut self, attribute: &'a ExprAttribute) -> Outcome<Root<'a>> {
        let range = attribute.range;
        let mut root = &*attribute.value;
        while let Expr::Attribute(inner) = root {
            root = &inner.value;
        }
        let owner = match root {
            Expr::Name(_) => self.expression(&attribute.value)?,
            _ => return fault(range, "only what has a name can be changed"),
        };
        self.note_outer_change();
        let name = attribute.attr.as_str();
        let mut class = match owner {
            Item::Object(object) => {
                if let Some(known) = self.objects.get(object.number)
                    && known.attributes.contains_key(name)
                {
                    return Ok(Root::Object(object.number, name));
                }
                self.first_class(object)
            }
            Item::Class(class) => Some(class),
            _ => None,
        };
        while let Some(present) = class {
            if self.classes.get(present).is_some_and(|class| class.members.contains_key(name)) {
                return Ok(Root::Class(present, name));
            }
            class = self.class_above(present);
        }
        fault(range, "only attributes of objects of the file can be changed")
    }

    /// The functions that the file gives a class or an object, and what the object holds.
    pub(super) fn inside(&self, item: &Item) -> Vec<Item> {
        let (mut class, attributes) = match item {
            Item::Class(class) => (Some(*class), None),
            Item::Object(object) => {
                (self.first_class(*object), self.objects.get(object.number).map(|o| o.attributes.values()))
            }
            _ => (None, None),
        };
        let mut all: Vec<Item> = attributes.into_iter().flatten().cloned().collect();
        while let Some(present) = class {
            let members = self.classes.get(present).map(|class| class.members.values());
            all.extend(members.into_iter().flatten().map(|member| member.item.clone()));
            class = self.class_above(present);
        }
        all
    }

    /// Notes that a statement that is passed over may have changed an object.
    pub(super) fn lose(&mut self, object: Instance, range: TextRange) {
        self.object_changes += 1;
        if let Some(object) = self.objects.get_mut(object.number) {
            object.passed_over.get_or_insert(range);
        }
    }
}

/// The name that `name`, `module.name` and `module.name(...)` end in.
fn last_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
        Expr::Call(call) => last_name(&call.func),
        _ => None,
    }
}

/// The names that are annotated in the body of a class, in order.
fn fields(body: &[Stmt]) -> Vec<&str> {
    let mut names = Vec::new();
    for statement in body {
        if let Stmt::AnnAssign(assign) = statement
            && let Expr::Name(name) = &*assign.target
        {
            names.push(name.id.as_str());
        }
    }
    names
}

fn unknown_decorator(range: TextRange) -> Box<Fault> {
    Fault::new(range, "methods have no decorators here but `property`, `staticmethod` and `classmethod`")
}
