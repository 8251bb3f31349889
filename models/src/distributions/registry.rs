//! The one list of distributions: names, arguments, constructors. Parsing, errors and tests are made from it.

use chainfire_engine::program::Value;

use super::{
    Distribution, DistributionError, bernoulli, beta, binomial, cauchy, exponential, flat, gamma,
    half_cauchy, half_flat, half_normal, half_student_t, inverse_gamma, laplace, log_normal,
    negative_binomial, normal, poisson, student_t, uniform,
};

/// Every distribution, in alphabetical order.
pub const REGISTRY: &[Entry] = &[
    bernoulli::ENTRY,
    beta::ENTRY,
    binomial::ENTRY,
    cauchy::ENTRY,
    exponential::ENTRY,
    flat::ENTRY,
    gamma::ENTRY,
    half_cauchy::ENTRY,
    half_flat::ENTRY,
    half_normal::ENTRY,
    half_student_t::ENTRY,
    inverse_gamma::ENTRY,
    laplace::ENTRY,
    log_normal::ENTRY,
    negative_binomial::ENTRY,
    normal::ENTRY,
    poisson::ENTRY,
    student_t::ENTRY,
    uniform::ENTRY,
];

/// A line of the registry.
#[derive(Debug)]
pub struct Entry {
    /// Name as in PyMC.
    pub name: &'static str,
    /// Other names of it.
    pub aliases: &'static [&'static str],
    /// Parameters in the order of PyMC's positional arguments.
    pub positional: &'static [&'static str],
    /// Parameters that PyMC takes by name only.
    pub keyword_only: &'static [&'static str],
    /// The alternatives as a reader sees them.
    pub signature: &'static str,
    /// Makes the distribution.
    pub build: fn(&Arguments) -> Result<Box<dyn Distribution>, DistributionError>,
}

/// The distribution of a name or alias.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|e| e.name == name || e.aliases.contains(&name))
}

/// Arguments of a distribution, named.
pub struct Arguments {
    entry: &'static Entry,
    values: Vec<(String, Value)>,
}

impl Entry {
    /// Makes the distribution from positional and keyword arguments.
    ///
    /// # Errors
    /// Unknown, missing or contradictory arguments, with what the distribution takes.
    pub fn make(
        &'static self,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Box<dyn Distribution>, DistributionError> {
        let seen = positional.len();
        if seen > self.positional.len() {
            return Err(DistributionError::TooManyArguments {
                distribution: self.name,
                seen,
                most: self.positional.len(),
                signature: self.signature,
            });
        }
        let mut values: Vec<(String, Value)> =
            self.positional.iter().map(ToString::to_string).zip(positional).collect();
        for (name, value) in keywords {
            if !self.names().any(|known| known == name) {
                let hint =
                    self.nearest(&name).map_or(String::new(), |best| format!(": did you mean `{best}`?"));
                return Err(DistributionError::UnknownArgument {
                    distribution: self.name,
                    argument: name,
                    signature: self.signature,
                    hint,
                });
            }
            if values.iter().any(|(known, _)| *known == name) {
                return Err(DistributionError::Parameterisation {
                    distribution: self.name,
                    reason: format!("`{name}` is given twice"),
                    signature: self.signature,
                });
            }
            values.push((name, value));
        }
        (self.build)(&Arguments { entry: self, values })
    }

    /// Names of all parameters.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.positional.iter().chain(self.keyword_only).copied()
    }

    fn nearest(&self, name: &str) -> Option<&'static str> {
        self.names()
            .map(|known| (strsim::jaro(name, known), known))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .and_then(|(likeness, known)| (likeness > 0.5).then_some(known))
    }
}

impl Arguments {
    /// The argument of a name, if given.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// The argument of a name.
    ///
    /// # Errors
    /// When it was not given.
    pub fn require(&self, name: &str) -> Result<Value, DistributionError> {
        self.get(name).ok_or_else(|| self.error(format!("`{name}` is missing")))
    }

    /// An error about the combination of arguments.
    pub fn error(&self, reason: impl Into<String>) -> DistributionError {
        DistributionError::Parameterisation {
            distribution: self.entry.name,
            reason: reason.into(),
            signature: self.entry.signature,
        }
    }
}
