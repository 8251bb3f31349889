//! Models with some of their variables fixed or observed: interventions and conditioning.
//!
//! ```text
//! do:       x has a value, whatever it was distributed as; the density loses its term
//! observe:  x has data; its term of the density stays, and x is no longer a parameter
//! ```
//!
//! # References
//! - Pearl (2009), Causality, section 3.2.1 (interventions); PyMC 5.28, `pm.do`, `pm.observe`.

use chainfire_engine::program::Value;

use super::definition::Model;
use super::scope::Scope;
use super::site::Site;
use crate::error::ModelError;
use crate::transform::Transform;

/// What a variable becomes in place of what its declaration says.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// A value, kept as a data container.
    Fixed(Value),
    /// Data.
    Observed(Value),
    /// Where it starts (constrained).
    Start(Value),
    /// Its transform, in place of that of its support.
    Transform(Transform),
}

impl Change {
    /// Takes the place of a change of the same kind of a variable, if there is one.
    pub(crate) fn replace_in(self, changes: &mut Vec<(String, Change)>, name: &str) {
        let is_same = |known: &Change| std::mem::discriminant(known) == std::mem::discriminant(&self);
        match changes.iter_mut().find(|(known, other)| known == name && is_same(other)) {
            Some((_, known)) => *known = self,
            None => changes.push((name.to_owned(), self)),
        }
    }
}

impl Scope {
    /// Says what a variable becomes, before it is declared.
    pub(crate) fn change(&mut self, name: &str, change: Change) {
        change.replace_in(&mut self.changes, name);
    }

    /// What a variable becomes.
    pub(super) fn change_of(&self, name: &str) -> Option<Change> {
        let replaces = |change: &Change| matches!(change, Change::Fixed(_) | Change::Observed(_));
        let found = self.changes.iter().find(|(known, change)| known == name && replaces(change));
        found.map(|(_, change)| change.clone())
    }

    /// A free variable as it starts and is transformed now.
    pub(super) fn changed(&self, name: &str, mut site: Site) -> Site {
        for (_, change) in self.changes.iter().filter(|(known, _)| known == name) {
            site = match change {
                Change::Start(value) => site.initial(value.clone()),
                Change::Transform(transform) => site.only_transform(transform.clone()),
                Change::Fixed(_) | Change::Observed(_) => site,
            };
        }
        site
    }
}

impl Model {
    /// The model with variables fixed at values (PyMC's `do`): each becomes a data container, and its density goes.
    ///
    /// # Errors
    /// A name that the model does not have, a value that does not fit the variable, no free variables left.
    pub fn fixed<N: Into<String>, V: Into<Value>>(
        self,
        values: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ModelError> {
        let fixed = |(name, value): (N, V)| (name.into(), Change::Fixed(value.into()));
        self.changed(values.into_iter().map(fixed).collect())
    }

    /// The model with data for variables that were free (PyMC's `observe`).
    ///
    /// # Errors
    /// A name that the model does not have, data that do not fit the variable, no free variables left.
    pub fn observing<N: Into<String>, V: Into<Value>>(
        self,
        data: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, ModelError> {
        let observed = |(name, value): (N, V)| (name.into(), Change::Observed(value.into()));
        self.changed(data.into_iter().map(observed).collect())
    }

    fn changed(self, changes: Vec<(String, Change)>) -> Result<Self, ModelError> {
        let known: Vec<&str> = self.variables().iter().map(|variable| variable.name.as_str()).collect();
        if let Some((name, _)) = changes.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(ModelError::UnknownVariable { name: name.clone(), known: known.join(", ") });
        }
        let function = self.into_function();
        Self::new(move |scope| {
            changes.iter().for_each(|(name, change)| scope.change(name, change.clone()));
            function(scope)
        })
    }
}
