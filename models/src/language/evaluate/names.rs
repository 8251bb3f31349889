//! Names: those the file defines, then those of the data file, then Python's own.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ruff_python_ast::Identifier;
use ruff_text_size::TextRange;

use super::Evaluator;
use super::aliases::Root;
use crate::data::{Dataset, Entry, LABELS, Layout, MISSING_TEXT, is_table};
use crate::finding::Rule;
use crate::language::error::{Fault, Outcome, Weight, fault, hint};
use crate::language::functions;
use crate::language::item::{Dict, Item, Key, RowLabels, Sequence};

impl<'a> Evaluator<'a> {
    /// Gives a name a meaning.
    pub(super) fn bind(&mut self, name: &'a str, item: Item) {
        if !self.views.is_empty() {
            let frame = self.frame;
            self.views.retain(|view| !view.is_of(frame, name));
        }
        let outer = self.elsewhere(name);
        let frame = outer.unwrap_or(self.frame);
        if frame.is_none() {
            self.note_owner(name, &item);
        }
        for looped in &mut self.looped {
            looped.take_if(|looped| looped.is_of(frame, name));
        }
        if let Some(outer) = outer {
            self.note_change();
            self.note_outer_change();
            outer.map_or(&mut self.globals, |frame| &mut self.frames[frame].names).insert(name, item);
        } else {
            self.names().insert(name, item);
        }
    }

    /// Where `global` or `nonlocal` says that a name of the present function is.
    fn elsewhere(&self, name: &str) -> Option<Option<usize>> {
        self.frame.and_then(|frame| self.frames[frame].elsewhere.get(name).copied())
    }

    /// `global name`, `nonlocal name`
    pub(super) fn place_elsewhere(&mut self, name: &'a Identifier, is_global: bool) -> Outcome<()> {
        let Some(present) = self.frame else { return Ok(()) };
        let mut outer = if is_global { None } else { self.frames[present].outer };
        while let Some(frame) = outer {
            if self.frames[frame].names.contains_key(name.as_str()) {
                break;
            }
            outer = self.frames[frame].outer;
        }
        if !is_global && outer.is_none() {
            let message = format!(
                "no function around this one has the name `{name}`: `global` is for names of the file"
            );
            return Err(Fault::new(name.range, message).fatal());
        }
        self.frames[present].elsewhere.insert(name.as_str(), outer);
        Ok(())
    }

    /// The meaning that a name was given, in the present function if one is called.
    pub(super) fn variable(&self, name: &str) -> Option<Item> {
        self.frame.map_or(&self.globals, |frame| &self.frames[frame].names).get(name).cloned()
    }

    /// The names of the present function, or of the file.
    fn names(&mut self) -> &mut HashMap<&'a str, Item> {
        match self.frame {
            Some(frame) => &mut self.frames[frame].names,
            None => &mut self.globals,
        }
    }

    /// The meaning of a name here: of the present function, of those around its definition, of the file.
    pub(super) fn visible(&self, name: &str) -> Option<&Item> {
        let mut frame = self.elsewhere(name).unwrap_or(self.frame);
        while let Some(present) = frame {
            if let Some(item) = self.frames[present].names.get(name) {
                return Some(item);
            }
            frame = self.frames[present].outer;
        }
        self.globals.get(name)
    }

    /// Gives a name back the meaning it had, or none.
    pub(super) fn restore(&mut self, name: &'a str, before: Option<Item>) {
        match before {
            Some(item) => self.bind(name, item),
            None => drop(self.names().remove(name)),
        }
    }

    /// Where the variable of a name is: of this function, or around it.
    pub(super) fn find_root(&self, name: &'a str) -> Option<Root<'a>> {
        let mut frame = self.elsewhere(name).unwrap_or(self.frame);
        while let Some(present) = frame {
            if self.frames[present].names.contains_key(name) {
                return Some(Root::Name(frame, name));
            }
            frame = self.frames[present].outer;
        }
        self.globals.contains_key(name).then_some(Root::Name(None, name))
    }

    /// Where the variable of a name is that is to be changed.
    pub(super) fn root_of_name(&mut self, name: &'a str) -> Option<Root<'a>> {
        let root = self.find_root(name)?;
        self.note_change();
        if !matches!(root, Root::Name(frame, _) if frame == self.frame) {
            self.note_outer_change();
        }
        Some(root)
    }

    /// The variable of a name, of this function or around it, to be changed.
    pub(super) fn variable_mut(&mut self, name: &'a str) -> Option<&mut Item> {
        let root = self.root_of_name(name)?;
        self.at_root(root)
    }

    /// The meaning of a name.
    pub(super) fn lookup(&mut self, name: &'a str, range: TextRange) -> Outcome<Item> {
        if let Some(item) = self.visible(name) {
            let item = item.clone().usable()?;
            self.of_this_model(name, range)?;
            return Ok(item);
        }
        if name == "__name__" {
            return Ok(Item::text("__main__"));
        }
        if let Some(item) = self.columns.get(name) {
            return item.clone().usable();
        }
        let data = self.data;
        if let Some(entry) = data.get(name) {
            if let Entry::TextColumn { values, .. } = entry {
                self.complete_texts(values, range)?;
            }
            let item = self.entry(entry, false, range)?;
            self.note_use(name);
            self.columns.insert(name, item.clone());
            return Ok(item);
        }
        if let Some(item) = functions::builtin(name) {
            return Ok(item);
        }
        if matches!(name, "df" | "data") && !data.entries().is_empty() {
            let item = self.table(data.entries(), name == "df" || data.is_table_file(), range)?;
            self.columns.insert(name, item.clone());
            return Ok(item);
        }
        if name == "__file__" {
            return Ok(Item::Foreign("__file__".into()));
        }
        let weight = match name {
            "print" | "display" => Weight::AfterTheModel,
            _ => Weight::OutsideTheModel,
        };
        let mut names: Vec<&str> = self.known_names().collect();
        names.sort_unstable();
        let message = self.unknown_name(name, &names);
        let mut fault = Fault::weighing(range, message, weight).rule(Rule::UndefinedName).near(name, names);
        let is_imported =
            fault.details.nearest.iter().any(|near| ["pm", "np", "pd", "pt"].contains(&&**near));
        if let Some(new) = functions::foreign::alone(name).filter(|_| !is_imported) {
            fault.details.nearest.clear();
            fault.details.fix = Some(new);
        }
        if data.name().is_empty() {
            fault
                .details
                .fix
                .get_or_insert_with(|| "define it above, or give the data file with `--data`".into());
        }
        Err(fault)
    }

    /// What a name stands for in the file or in the data file.
    pub(super) fn named(&mut self, name: &str, range: TextRange) -> Outcome<Option<Item>> {
        if let Some(item) = self.visible(name) {
            return Ok(Some(item.clone()));
        }
        let data = self.data;
        data.get(name).map(|entry| self.entry(entry, false, range)).transpose()
    }

    /// Whether a name stands for a column of the data file here.
    pub(super) fn is_of_data(&self, name: &str) -> bool {
        self.visible(name).is_none() && self.data.get(name).is_some()
    }

    /// A whole data file as a data frame.
    pub(in crate::language) fn whole_table(&mut self, file: &Dataset, range: TextRange) -> Outcome<Item> {
        if file.is_only_text() {
            return fault(range, format!("{} is no table as it looks: say how it is laid out", file.name()));
        }
        self.table(file.entries(), true, range)
    }

    /// The data file, or of several that of a name: its own, or its own but for the ending.
    pub(in crate::language) fn data_file(
        &self,
        name: Option<&str>,
        range: TextRange,
    ) -> Outcome<&'a Dataset> {
        let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
        let several = match self.data.files() {
            [] => return Err(Fault::new(range, "there is no data file").fix("give it with `--data`")),
            // Whatever it is called, unless the model file reads it elsewhere.
            [file]
                if name.is_none_or(|name| stem(name) == stem(file.name()) || !self.mentions_file(file)) =>
            {
                return Ok(file);
            }
            several => several,
        };
        let files: Vec<&str> = several.iter().map(Dataset::name).collect();
        let Some(name) = name else {
            let message = format!("which of the data files is meant ({})?", files.join(", "));
            return Err(Fault::new(range, message).fix("write its name"));
        };
        let found = several.iter().find(|file| file.name() == name);
        let found = found.or_else(|| several.iter().find(|file| stem(file.name()) == stem(name)));
        found.ok_or_else(|| {
            let message = format!("`{name}` is none of the data files ({})", files.join(", "));
            let fault = Fault::new(range, message).near(name, files);
            if fault.details.fix.is_some() { fault } else { fault.fix("give it with `--data` too") }
        })
    }

    /// Whether the model file has the name of a data file in quotes.
    fn mentions_file(&self, file: &Dataset) -> bool {
        let places = self.source.match_indices(file.name());
        let is_whole = |before: &str| before.ends_with(['"', '\'', '/', '\\']);
        places.into_iter().any(|(place, _)| is_whole(&self.source[..place]))
    }

    /// A table of text as a data frame; `None` where a data file is no text.
    pub(in crate::language) fn laid_out(
        &mut self,
        table: Table<'_>,
        layout: &Layout,
        range: TextRange,
    ) -> Outcome<Option<Item>> {
        let entries = match table {
            Table::Written(text) => {
                self.budget.elements(text.len(), range)?;
                Dataset::columns_of(text, layout)
            }
            Table::File(file) => {
                let elements = file.entries().iter().map(|(_, entry)| entry.elements()).sum();
                self.budget.elements(elements, range)?;
                let Some(entries) = file.laid_out(layout) else { return Ok(None) };
                entries
            }
        };
        let entries = entries.or_else(|error| fault(range, error.to_string()))?;
        let table = self.table(&entries, true, range)?;
        let (Some(false), None, Item::Table(columns)) = (layout.header, &layout.names, &table) else {
            return Ok(Some(table));
        };
        let mut numbered = Dict::default();
        for (i, (_, column)) in columns.entries().iter().enumerate() {
            numbered.insert(Key::Number((i as f64).to_bits()), column.clone(), range)?;
        }
        Ok(Some(Item::Table(Rc::new(numbered))))
    }

    /// A whole data file as arrays by name; or the array of a name, where the file has one or is one.
    pub(in crate::language) fn stored(
        &mut self,
        file: &Dataset,
        array: Option<&str>,
        range: TextRange,
    ) -> Outcome<Item> {
        let entries = file.entries();
        let Some(array) = array else {
            return self.table(entries, false, range);
        };
        let is_asked = |(name, _): &&(String, Entry)| name == array || entries.len() == 1;
        match entries.iter().find(is_asked) {
            Some((_, entry)) => self.entry(entry, false, range),
            None => fault(
                range,
                format!(
                    "{} has no array `{array}`: put the arrays that the model loads into one `.npz` file, \
                     `np.savez(\"data.npz\", {array}={array})`, and give that with `--data`",
                    file.name()
                ),
            ),
        }
    }

    /// Entries of a data file as a table; of a data frame where that is asked for and they are columns of one length.
    fn table(&mut self, entries: &[(String, Entry)], is_frame: bool, range: TextRange) -> Outcome<Item> {
        let series = is_frame && is_table(entries);
        let mut dict = Dict::default();
        for (name, entry) in entries {
            let item = self.entry(entry, series, range)?;
            if series && name == LABELS {
                let labels = match item {
                    Item::Series(labels) => Item::Number(labels),
                    other => other,
                };
                dict.labels = Some(Rc::new(RowLabels::new(Vec::new(), labels)));
                continue;
            }
            dict.insert(Key::Text(name.as_str().into()), item, range)?;
        }
        Ok(Item::Table(Rc::new(dict)))
    }

    /// A column of a data frame, or an entry of a nested object.
    pub(in crate::language) fn column(
        &mut self,
        table: &Dict,
        name: &str,
        range: TextRange,
    ) -> Outcome<Item> {
        match table.get_text(name) {
            Some(item) => {
                self.note_use(name);
                item.clone().usable()
            }
            None => {
                let names: Vec<&str> = table.names().collect();
                let hint = hint(name, names.iter().copied());
                let message = format!("there is no column `{name}` (columns: {}){hint}", names.join(", "));
                let mut fault = Fault::new(range, message).rule(Rule::UndefinedName).near(name, names);
                fault.details.fix.get_or_insert_with(|| "take one of the columns".into());
                Err(fault)
            }
        }
    }

    /// A column with the labels of the table's rows, where they have some.
    pub(super) fn labelled_column(&mut self, table: &Dict, name: &str, range: TextRange) -> Outcome<Item> {
        let column = self.column(table, name, range)?;
        Ok(functions::of_table(table, &Key::Text(name.into()), column))
    }

    /// Notes the use of a column of the data file that has missing numbers.
    pub(in crate::language) fn note_use(&mut self, name: &str) {
        if let Some((name, Entry::Numbers { missing: Some(_), .. })) =
            self.data.columns().find(|(known, _)| known == name)
            && !self.incomplete.contains(&name.as_str())
        {
            self.incomplete.push(name);
        }
    }

    /// Refuses missing texts where labels or names are needed.
    pub(in crate::language) fn complete_texts(&self, texts: &[String], range: TextRange) -> Outcome<()> {
        let Some(row) = texts.iter().position(|text| text == MISSING_TEXT) else { return Ok(()) };
        let of_file = self.data.columns().find_map(|(name, entry)| match entry {
            Entry::TextColumn { values, missing: Some(location), .. } if std::ptr::eq(&**values, texts) => {
                Some((name, location))
            }
            _ => None,
        });
        let (what, name) = match of_file {
            Some((name, location)) => {
                (format!("the column `{name}` of texts has an empty cell ({location})"), Some(name))
            }
            None => (format!("a column of texts has a missing one (row {row})"), None),
        };
        let fault =
            Fault::new(range, format!("{what}; fill it, or leave out the row")).rule(Rule::MissingPredictor);
        Err(match name {
            Some(name) => fault.about(name),
            None => fault,
        })
    }

    pub(super) fn entry(&mut self, entry: &Entry, series: bool, range: TextRange) -> Outcome<Item> {
        match entry {
            Entry::Numbers { value, .. } => Ok(Item::numbers(value.clone(), series)),
            Entry::Text(text) => Ok(Item::text(text)),
            Entry::TextColumn { values, .. } => Ok(Item::Texts(values.clone())),
            Entry::Members(members) => self.nested(range, |evaluator| evaluator.table(members, true, range)),
            Entry::Items(_) => self.plain(entry, range),
        }
    }

    /// An entry of a JSON file as Python has it: lists and dictionaries.
    fn plain(&mut self, entry: &Entry, range: TextRange) -> Outcome<Item> {
        Ok(match entry {
            Entry::Numbers { value, .. } if value.rank() > 0 => {
                Item::List(Sequence::of_numbers(value.clone()))
            }
            Entry::Numbers { missing: Some(_), .. } => Item::None,
            Entry::Numbers { value, .. } => Item::Number(value.clone()),
            Entry::Text(text) => Item::text(text),
            Entry::TextColumn { values, .. } => {
                self.budget.texts(values.len(), range)?;
                let item = |text: &String| if text == MISSING_TEXT { Item::None } else { Item::text(text) };
                Item::List(Sequence::new(values.iter().map(item).collect(), range)?)
            }
            Entry::Items(items) => self.nested(range, |e| {
                e.budget.steps(items.len(), range)?;
                let items = items.iter().map(|item| e.plain(item, range)).collect::<Outcome<_>>()?;
                Ok(Item::List(Sequence::new(items, range)?))
            })?,
            Entry::Members(members) => self.nested(range, |e| e.dictionary(members, range))?,
        })
    }

    /// What `json.load` makes of the entries of a file.
    pub(in crate::language) fn dictionary(
        &mut self,
        entries: &[(String, Entry)],
        range: TextRange,
    ) -> Outcome<Item> {
        let mut dict = Dict::default();
        for (name, entry) in entries {
            let item = self.plain(entry, range)?;
            dict.insert(Key::Text(name.as_str().into()), item, range)?;
        }
        Ok(Item::Dict(dict.into()))
    }

    /// Names that a file can use at this point, for messages.
    fn known_names(&self) -> impl Iterator<Item = &str> {
        let locals = self.frame.iter().flat_map(|&frame| self.frames[frame].names.keys().copied());
        locals.chain(self.globals.keys().copied()).chain(self.data.names())
    }

    fn unknown_name(&self, name: &str, names: &[&str]) -> String {
        let hint = hint(name, names.iter().copied());
        if let "print" | "display" | "open" | "exec" | "eval" | "input" | "__import__" = name {
            return format!(
                "`{name}` has no place in a model file, which says what the model is; leave this line out"
            );
        }
        let module = match name {
            "pm" => Some("import pymc as pm"),
            "np" => Some("import numpy as np"),
            "pd" => Some("import pandas as pd"),
            "pt" => Some("import pytensor.tensor as pt"),
            _ => None,
        };
        if let Some(line) = module {
            return format!("`{name}` is not imported; write `{line}` at the top of the file");
        }
        let mut columns: Vec<&str> = self.data.names().take(21).collect();
        if columns.len() == 21 {
            columns[20] = "...";
        }
        match columns.as_slice() {
            [] if self.data.name().is_empty() => {
                format!("`{name}` is not defined in {} (and there is no data file){hint}", self.file)
            }
            _ => format!(
                "`{name}` is neither defined in the file nor a column of {} (columns: {}){hint}",
                self.data.name(),
                columns.join(", ")
            ),
        }
    }

    /// How texts become numbers.
    pub(super) fn cure_texts(&self, texts: &Arc<[String]>) -> &'static str {
        let is_reason = |entry: &Entry| match entry {
            Entry::TextColumn { values, reason, .. } if Arc::ptr_eq(values, texts) => Some(reason.1.clone()),
            _ => None,
        };
        let first = self.data.columns().find_map(|(_, entry)| is_reason(entry));
        let first = first.or_else(|| texts.first().cloned()).unwrap_or_default();
        match first.trim_start().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
            true => {
                "in the data file, write numbers such as 1234.5 (a decimal point, no unit, no thousands separator) \
                 and dates as a number of days; for labels, np.unique(..., return_inverse=True) gives indices"
            }
            false => "np.unique(..., return_inverse=True) turns labels to indices",
        }
    }

    /// Name, first text and its place of the column of the data file that `texts` are, if they are one.
    pub(super) fn describe_texts(&self, texts: &Arc<[String]>) -> String {
        for (name, entry) in self.data.columns() {
            if let Entry::TextColumn { values, reason: (location, text), .. } = entry
                && Arc::ptr_eq(values, texts)
            {
                let text: String = text.chars().take(40).collect();
                return format!("the column `{name}` holds text ({location}: \"{text}\")");
            }
        }
        match texts.first() {
            Some(first) => format!("an array of texts (the first is \"{first}\")"),
            None => "an array of texts".into(),
        }
    }
}

/// A table of text.
#[derive(Clone, Copy)]
pub(in crate::language) enum Table<'t> {
    /// One that the model file holds.
    Written(&'t str),
    /// A data file.
    File(&'t Dataset),
}

/// Modules whose calls show or store things and have no part in a model.
const FOR_SHOW: &[&str] = &["arviz", "matplotlib", "seaborn", "warnings", "logging", "time"];

/// The fault of a use of a module that model files do not know.
pub(in crate::language) fn unknown_member(module: &str, name: &str, range: TextRange) -> Box<Fault> {
    let weight = match FOR_SHOW.contains(&module.split('.').next().unwrap_or(module)) {
        true => Weight::AfterTheModel,
        false => Weight::OutsideTheModel,
    };
    let message = format!(
        "`{module}.{name}`: model files do not know the module `{module}`; prepare what it gives in the data file"
    );
    Fault::weighing(range, message, weight)
}
