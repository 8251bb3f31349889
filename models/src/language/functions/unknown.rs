//! Names that a module does not have here.

use ruff_text_size::TextRange;

use super::{Module, foreign, pymc};
use crate::finding::Rule;
use crate::language::error::{Fault, Weight, hint};

impl Module {
    /// What is told of a name that the module does not have: what to write instead, or the nearest names.
    pub(super) fn unknown(self, name: &str, range: TextRange, weight: Weight) -> Box<Fault> {
        let full = format!("{}.{name}", self.name());
        let distributions =
            crate::distributions::REGISTRY.iter().flat_map(|e| e.aliases.iter().chain([&e.name]));
        let names: Vec<&str> = match self {
            Module::PyMc => {
                self.rows().map(|row| row.0).chain(distributions.copied()).chain(pymc::running()).collect()
            }
            _ => self.rows().map(|row| row.0).collect(),
        };
        let foreign = foreign::function(self, name);
        let hint = match &foreign {
            Some(new) => format!("; did you mean `{new}`?"),
            None => hint(name, names.iter().copied()),
        };
        if let Some(cure) = pymc::replacement(self, name) {
            let is_old = self == Module::PyMc && pymc::OLD.iter().any(|(old, _)| *old == name);
            let rule = if is_old { Rule::OldName } else { Rule::Unsupported };
            let message = match is_old {
                true => format!("`{full}` was removed from PyMC: {cure}"),
                false => format!("`{full}` cannot be used in a model file: {cure}"),
            };
            return Fault::weighing(range, message, weight).rule(rule).about(name).fix(cure);
        }
        if self == Module::PyMc && pymc::is_not_yet(name) {
            let message = format!("`{full}` is not supported yet");
            return Fault::weighing(range, message, weight).about(name);
        }
        let message = match self {
            // The names of `pymc.distributions` and of `pymc_extras`.
            Module::Distributions => format!("model files know no `{name}` of PyMC and pymc_extras{hint}"),
            _ => format!("model files know no `{full}`{hint}"),
        };
        let fault = Fault::weighing(range, message, weight).rule(Rule::UnknownFunction).near(name, names);
        match foreign {
            Some(new) => fault.nearest_is(&new).fix(format!("write `{new}`")),
            None => fault,
        }
    }
}
