//! The one list of distributions: names, arguments, constructors. Parsing, errors and tests are made from it.

use std::rc::Rc;

use chainfire_engine::program::Value;
use chainfire_engine::program::value::Subscript;

use super::{
    Distribution, DistributionError, ar, asymmetric_laplace, bernoulli, beta, beta_binomial,
    beta_negative_binomial, binomial, car, categorical, cauchy, censored, chi, chi_squared, dirac_delta,
    dirichlet, dirichlet_multinomial, discrete_markov_chain, discrete_uniform, discrete_weibull, ex_gaussian,
    exponential, flat, gamma, garch11, gen_extreme, gen_pareto, generalized_poisson, geometric, gumbel,
    half_cauchy, half_flat, half_normal, half_student_t, hurdle, hyper_geometric, icar, interpolated,
    inverse_gamma, kronecker_normal, kumaraswamy, laplace, lkj_cholesky_cov, lkj_corr, log_normal, logistic,
    logit_normal, matrix_normal, maxwell, mixture, moyal, multinomial, mv_normal, mv_student_t,
    negative_binomial, normal, normal_mixture, ordered_logistic, ordered_probit, pareto, poisson,
    polya_gamma, random_walk, rice, skellam, skew_normal, skew_student_t, stick_breaking_weights, student_t,
    triangular, truncated, uniform, von_mises, wald, weibull, wishart, zero_inflated, zero_sum_normal,
};
use crate::finding::Rule;

/// Every distribution, in alphabetical order.
pub const REGISTRY: &[Entry] = &[
    ar::ENTRY,
    asymmetric_laplace::ENTRY,
    bernoulli::ENTRY,
    beta::ENTRY,
    beta_binomial::ENTRY,
    beta_negative_binomial::ENTRY,
    binomial::ENTRY,
    car::ENTRY,
    categorical::ENTRY,
    cauchy::ENTRY,
    censored::ENTRY,
    chi::ENTRY,
    chi_squared::ENTRY,
    dirac_delta::ENTRY,
    dirichlet::ENTRY,
    dirichlet_multinomial::ENTRY,
    discrete_markov_chain::ENTRY,
    discrete_uniform::ENTRY,
    discrete_weibull::ENTRY,
    ex_gaussian::ENTRY,
    exponential::ENTRY,
    gen_pareto::EXTENDED,
    flat::ENTRY,
    garch11::ENTRY,
    gamma::ENTRY,
    gen_extreme::ENTRY,
    gen_pareto::ENTRY,
    generalized_poisson::ENTRY,
    random_walk::GAUSSIAN,
    geometric::ENTRY,
    gumbel::ENTRY,
    half_cauchy::ENTRY,
    half_flat::ENTRY,
    half_normal::ENTRY,
    half_student_t::ENTRY,
    hurdle::GAMMA,
    hurdle::LOG_NORMAL,
    hurdle::NEGATIVE_BINOMIAL,
    hurdle::POISSON,
    hyper_geometric::ENTRY,
    icar::ENTRY,
    interpolated::ENTRY,
    inverse_gamma::ENTRY,
    kronecker_normal::ENTRY,
    kumaraswamy::ENTRY,
    lkj_cholesky_cov::ENTRY,
    lkj_corr::ENTRY,
    laplace::ENTRY,
    log_normal::ENTRY,
    logistic::ENTRY,
    logit_normal::ENTRY,
    matrix_normal::ENTRY,
    maxwell::ENTRY,
    mixture::ENTRY,
    moyal::ENTRY,
    multinomial::ENTRY,
    random_walk::MV_GAUSSIAN,
    mv_normal::ENTRY,
    mv_student_t::ENTRY,
    random_walk::MV_STUDENT_T,
    negative_binomial::ENTRY,
    normal::ENTRY,
    normal_mixture::ENTRY,
    ordered_logistic::ENTRY,
    multinomial::ORDERED,
    ordered_probit::ENTRY,
    pareto::ENTRY,
    poisson::ENTRY,
    polya_gamma::ENTRY,
    random_walk::ENTRY,
    rice::ENTRY,
    skellam::ENTRY,
    skew_normal::ENTRY,
    skew_student_t::ENTRY,
    stick_breaking_weights::ENTRY,
    student_t::ENTRY,
    triangular::ENTRY,
    truncated::ENTRY,
    truncated::NORMAL,
    uniform::ENTRY,
    von_mises::ENTRY,
    wald::ENTRY,
    weibull::ENTRY,
    wishart::ENTRY,
    zero_inflated::BINOMIAL,
    zero_inflated::NEGATIVE_BINOMIAL,
    zero_inflated::POISSON,
    zero_sum_normal::ENTRY,
];

/// Arguments that are distributions.
const DISTRIBUTIONS: &[&str] = &["dist", "comp_dists", "sd_dist", "init_dist", "innovation_dist"];

/// Arguments that are lists of arrays, or of pairs of arrays one after the other.
pub(crate) const LISTS: &[&str] = &["covs", "chols", "evds"];

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
    /// What it is, in a few words.
    pub summary: &'static str,
    /// Where its mass is, in words.
    pub support: &'static str,
    /// What every parameter means.
    pub parameters: &'static [(&'static str, &'static str)],
    /// A variable of it, as a line of a model file.
    pub example: &'static str,
    /// Makes the distribution.
    pub build: fn(&Arguments) -> Result<Box<dyn Distribution>, DistributionError>,
}

/// The distribution of a name or alias.
pub fn find(name: &str) -> Option<&'static Entry> {
    REGISTRY.iter().find(|e| e.name == name || e.aliases.contains(&name))
}

/// The name or alias most like one that there is not, if one is like it.
pub fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &str| strsim::jaro_winkler(&name.to_lowercase(), &known.to_lowercase());
    let known = REGISTRY.iter().flat_map(|entry| entry.aliases.iter().chain([&entry.name])).copied();
    let best = known.map(|known| (likeness(known), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.and_then(|(likeness, known)| (likeness > 0.7).then_some(known))
}

/// What an argument of a distribution can be.
#[derive(Clone, Debug)]
pub enum Argument {
    /// A number or an array.
    Value(Value),
    /// Arrays, such as the factors of a product.
    Values(Vec<Value>),
    /// A distribution, such as what is truncated.
    Distribution(Rc<dyn Distribution>),
    /// Distributions, such as the components of a mixture.
    Distributions(Vec<Rc<dyn Distribution>>),
}

impl From<Value> for Argument {
    fn from(value: Value) -> Self {
        Argument::Value(value)
    }
}

impl From<Vec<Value>> for Argument {
    fn from(values: Vec<Value>) -> Self {
        Argument::Values(values)
    }
}

impl From<Rc<dyn Distribution>> for Argument {
    fn from(distribution: Rc<dyn Distribution>) -> Self {
        Argument::Distribution(distribution)
    }
}

impl From<Vec<Rc<dyn Distribution>>> for Argument {
    fn from(distributions: Vec<Rc<dyn Distribution>>) -> Self {
        Argument::Distributions(distributions)
    }
}

/// Arguments of a distribution, named.
pub struct Arguments {
    entry: &'static Entry,
    values: Vec<(String, Argument)>,
}

impl Entry {
    /// Makes the distribution from positional and keyword arguments.
    ///
    /// # Errors
    /// Unknown, missing or contradictory arguments, with what the distribution takes.
    pub fn make<A: Into<Argument>>(
        &'static self,
        positional: Vec<A>,
        keywords: Vec<(String, A)>,
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
        let positional = positional.into_iter().map(Into::into);
        let mut values: Vec<(String, Argument)> =
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
                    rule: Rule::ConflictingArguments,
                    signature: self.signature,
                });
            }
            values.push((name, value.into()));
        }
        let arguments = Arguments { entry: self, values };
        arguments.refuse_compounds()?;
        (self.build)(&arguments)
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
    /// Name of the distribution.
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    fn argument(&self, name: &str) -> Option<&Argument> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, argument)| argument)
    }

    /// Whether an argument was given.
    pub fn has(&self, name: &str) -> bool {
        self.argument(name).is_some()
    }

    /// The number or array of a name, if given.
    pub fn get(&self, name: &str) -> Option<Value> {
        match self.argument(name)? {
            Argument::Value(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The number or array of a name, or a number for it.
    pub fn get_or(&self, name: &str, default: f64) -> Value {
        self.get(name).unwrap_or(Value::from(default))
    }

    /// The arrays of a name.
    ///
    /// # Errors
    /// When they were not given.
    pub fn values(&self, name: &str) -> Result<Vec<Value>, DistributionError> {
        match self.argument(name) {
            Some(Argument::Values(values)) => Ok(values.clone()),
            // A list of matrices of one shape may have become one array.
            Some(Argument::Value(all)) if all.rank() == 3 => {
                Ok((0..all.shape()[0] as i64).map(|k| all.index(&[Subscript::At(k)])).collect())
            }
            _ => Err(self.error(format!("`{name}` must be a list of matrices"))),
        }
    }

    /// The whole number of a name, from 0 on.
    ///
    /// # Errors
    /// When it is missing, depends on parameters or is not such a number.
    pub fn whole(&self, name: &str) -> Result<usize, DistributionError> {
        match self.require(name)?.as_data().map(|numbers| numbers[..].to_vec()) {
            Some(numbers) if numbers.len() == 1 && numbers[0] >= 0.0 && numbers[0].fract() == 0.0 => {
                Ok(numbers[0] as usize)
            }
            _ => Err(self.error(format!("`{name}` must be a whole number that is known from the data"))),
        }
    }

    /// The argument `steps`, if given.
    ///
    /// # Errors
    /// When it is not a whole number that is known from the data.
    pub fn steps(&self) -> Result<Option<usize>, DistributionError> {
        if self.has("steps") { self.whole("steps").map(Some) } else { Ok(None) }
    }

    /// The distribution of a name.
    ///
    /// # Errors
    /// When it was not given.
    pub fn distribution(&self, name: &str) -> Result<Rc<dyn Distribution>, DistributionError> {
        match self.argument(name) {
            Some(Argument::Distribution(distribution)) => Ok(distribution.clone()),
            Some(Argument::Value(value)) if value.is_random() => Err(self.registered(name)),
            _ => {
                let reason = format!("`{name}` must be a distribution, such as pm.Normal.dist(0, 1)");
                Err(self.breach(Rule::DistributionNeeded, reason))
            }
        }
    }

    /// The distributions of a name; one stands for a list of one.
    ///
    /// # Errors
    /// When they were not given.
    pub fn distributions(&self, name: &str) -> Result<Vec<Rc<dyn Distribution>>, DistributionError> {
        match self.argument(name) {
            Some(Argument::Distributions(distributions)) => Ok(distributions.clone()),
            Some(Argument::Distribution(distribution)) => Ok(vec![distribution.clone()]),
            Some(Argument::Value(value)) if value.is_random() => Err(self.registered(name)),
            _ => {
                let reason =
                    format!("`{name}` must be a list of distributions, such as [pm.Normal.dist(0, 1), ...]");
                Err(self.breach(Rule::DistributionNeeded, reason))
            }
        }
    }

    /// The error of a variable where a distribution belongs.
    fn registered(&self, name: &str) -> DistributionError {
        let reason = format!(
            "`{name}` is a variable of the model; a distribution without a name belongs there, such as \
             pm.Normal.dist(0, 1)"
        );
        self.breach(Rule::RegisteredComponent, reason)
    }

    /// Refuses distributions and lists where numbers belong.
    fn refuse_compounds(&self) -> Result<(), DistributionError> {
        let takes = |name: &str| DISTRIBUTIONS.contains(&name) || LISTS.contains(&name);
        match self.values.iter().find(|(name, a)| !matches!(a, Argument::Value(_)) && !takes(name)) {
            Some((name, _)) => Err(self.error(format!("`{name}` must be a number or an array"))),
            None => Ok(()),
        }
    }

    /// The argument of a name.
    ///
    /// # Errors
    /// When it was not given.
    pub fn require(&self, name: &str) -> Result<Value, DistributionError> {
        self.get(name).ok_or_else(|| self.breach(Rule::MissingArgument, format!("`{name}` is missing")))
    }

    /// An error about the combination or the shape of arguments.
    pub fn error(&self, reason: impl Into<String>) -> DistributionError {
        let reason = reason.into();
        let is_combination =
            ["Incompatible", "Can't", "must specify", "is missing"].iter().any(|p| reason.contains(p));
        let rule = match is_combination {
            true if self.fit_one_alternative() => Rule::MissingArgument,
            true => Rule::ConflictingArguments,
            false => Rule::EventShape,
        };
        self.breach(rule, reason)
    }

    /// Whether the signature has an alternative with every argument that was given.
    fn fit_one_alternative(&self) -> bool {
        let name = |part: &str| part.split('=').next().unwrap_or_default().trim().to_owned();
        self.entry.signature.split(['|', ';']).any(|alternative| {
            let names: Vec<String> = alternative.split(',').map(name).collect();
            self.values.iter().all(|(given, _)| names.contains(given))
        })
    }

    /// An error against a rule.
    pub fn breach(&self, rule: Rule, reason: impl Into<String>) -> DistributionError {
        DistributionError::Parameterisation {
            distribution: self.entry.name,
            reason: reason.into(),
            rule,
            signature: self.entry.signature,
        }
    }
}
