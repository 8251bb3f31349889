//! What PyMC calls that which other packages, papers and earlier versions call otherwise.
//!
//! A name alone is replaced where the meaning is the same; where it is not, what is to be written holds the value too,
//! as `beta=1 / {}` does for the scale of a gamma distribution.

use super::Module;

/// Distributions (all that have the new argument, where none is said), names of an argument, and how it is written for
/// PyMC, with `{}` where its value stands. The first line that fits is meant.
const ARGUMENTS: &[(&str, &str, &str)] = &[
    ("Gamma", "scale theta", "beta=1 / {}"),
    ("Gamma InverseGamma", "a k concentration", "alpha={}"),
    ("InverseGamma", "scale", "beta={}"),
    ("Cauchy", "loc mu x0", "alpha={}"),
    ("Cauchy HalfCauchy", "sigma sd gamma", "beta={}"),
    ("Laplace", "scale sigma sd", "b={}"),
    ("Logistic", "scale sigma sd", "s={}"),
    ("Wald", "scale", "lam={}"),
    ("Weibull", "k c concentration a", "alpha={}"),
    ("Weibull", "lam lambda_ scale", "beta={}"),
    ("Beta BetaBinomial", "a concentration1 shape1", "alpha={}"),
    ("Beta BetaBinomial", "b concentration0 shape2", "beta={}"),
    ("Beta", "phi kappa precision", "nu={}"),
    ("Exponential", "mu mean theta", "scale={}"),
    ("Triangular", "mode", "c={}"),
    ("ZeroInflatedPoisson ZeroInflatedBinomial ZeroInflatedNegativeBinomial", "pi gate", "psi=1 - {}"),
    ("HurdlePoisson HurdleNegativeBinomial HurdleGamma HurdleLogNormal", "pi gate", "psi=1 - {}"),
    ("Poisson ZeroInflatedPoisson HurdlePoisson", "lam lambda_ rate theta", "mu={}"),
    ("NegativeBinomial ZeroInflatedNegativeBinomial HurdleNegativeBinomial", "phi concentration", "alpha={}"),
    ("Dirichlet DirichletMultinomial", "alpha concentration", "a={}"),
    ("VonMises", "concentration", "kappa={}"),
    ("SkewNormal", "skew a", "alpha={}"),
    ("LogNormal", "s", "sigma={}"),
    ("ExGaussian", "tau", "nu={}"),
    ("NormalMixture Mixture", "p pi probs weights", "w={}"),
    ("Mixture", "components dist dists distributions", "comp_dists={}"),
    ("OrderedLogistic OrderedProbit", "mu predictor", "eta={}"),
    ("OrderedLogistic OrderedProbit", "cuts thresholds cutpoint", "cutpoints={}"),
    ("AR", "phi coefs coefficients", "rho={}"),
    ("AR GaussianRandomWalk MvGaussianRandomWalk", "init", "init_dist={}"),
    ("MvNormal MvStudentT", "sigma Sigma covariance", "cov={}"),
    ("LKJCholeskyCov LKJCorr", "dim dimension", "n={}"),
    ("Pareto", "xm x_m scale", "m={}"),
    ("", "sd std stddev std_dev stdev scale sdlog", "sigma={}"),
    ("", "var variance", "sigma=pm.math.sqrt({})"),
    ("", "prec precision precision_matrix", "tau={}"),
    ("", "scale", "beta={}"),
    ("", "mean loc meanlog", "mu={}"),
    ("", "rate lambd lamda lambda_", "lam={}"),
    ("", "rate", "beta={}"),
    ("", "rate", "mu={}"),
    ("", "df", "nu={}"),
    ("", "prob probs", "p={}"),
    ("", "logits logit", "logit_p={}"),
    ("", "total_count trials N", "n={}"),
    ("", "concentration", "a={}"),
    ("", "covariance_matrix", "cov={}"),
    ("", "cov", "scale={}"),
    ("", "scale_tril", "chol={}"),
    ("", "low min minimum left a lower_bound", "lower={}"),
    ("", "high max maximum right b upper_bound", "upper={}"),
    ("", "testval test_value init start", "initval={}"),
    ("", "obs data", "observed={}"),
    ("", "sample_shape", "shape={}"),
    ("", "dim", "dims={}"),
    ("", "prior", "name={}"),
];

/// Arguments of functions, and what they are called here.
const PARAMETERS: &[(&str, &str)] = &[
    ("lengthscale lengthscales length_scale l", "ls"),
    ("kernel cov covariance", "cov_func"),
    ("mean", "mean_func"),
    ("value", "var"),
    ("dims", "coords"),
];

/// Functions and distributions: the modules that are meant, other names, and the name to write.
const FUNCTIONS: &[(&[Module], &str, &str)] = &[
    (PYMC, "HalfT HalfStudent", "pm.HalfStudentT"),
    (PYMC, "T Student Student_t", "pm.StudentT"),
    (PYMC, "MultivariateNormal MultiNormal MVN", "pm.MvNormal"),
    (PYMC, "MultivariateStudentT", "pm.MvStudentT"),
    (PYMC, "NegBinomial NegativeBinomial2 NegBin NB", "pm.NegativeBinomial"),
    (PYMC, "InverseGaussian InvGaussian", "pm.Wald"),
    (PYMC, "Chi2 Chisquare ChiSquare", "pm.ChiSquared"),
    (PYMC, "Delta Constant", "pm.DiracDelta"),
    (PYMC, "DoubleExponential", "pm.Laplace"),
    (PYMC, "ZIPoisson ZIP", "pm.ZeroInflatedPoisson"),
    (PYMC, "ZINegativeBinomial ZINB", "pm.ZeroInflatedNegativeBinomial"),
    (PYMC, "ZIBinomial", "pm.ZeroInflatedBinomial"),
    (PYMC, "ImproperUniform", "pm.Flat"),
    (PYMC, "LKJCholesky LKJCov", "pm.LKJCholeskyCov"),
    (PYMC, "MixtureSameFamily", "pm.Mixture"),
    (PYMC, "CategoricalLogits", "pm.Categorical"),
    (PYMC, "BernoulliLogits", "pm.Bernoulli"),
    (PYMC, "RandomWalk1 GaussianWalk", "pm.GaussianRandomWalk"),
    (MATHEMATICS, "expit logistic inv_logit logit_inv invlogit inverse_logit sigmoid", "pm.math.invlogit"),
    (MATHEMATICS, "pow power", "x ** y"),
    (MATHEMATICS, "square", "pm.math.sqr"),
    (MATHEMATICS, "relu", "pm.math.maximum(x, 0)"),
    (MATHEMATICS, "softplus", "pm.math.log1pexp"),
    (MATHEMATICS, "log_sum_exp logsumexp", "pm.math.logsumexp"),
    (MATHEMATICS, "ln", "pm.math.log"),
    (MATHEMATICS, "exponential", "pm.math.exp"),
    (MATHEMATICS, "array", "pm.math.stack"),
    (MATHEMATICS, "cat concat", "pm.math.concatenate"),
    (MATHEMATICS, "ifelse if_else", "pm.math.switch"),
    (TENSORS, "logistic inv_logit invlogit", "pt.sigmoid"),
    (TENSORS, "cat concat", "pt.concatenate"),
    (TENSORS, "ln", "pt.log"),
    (TENSORS, "relu", "pt.maximum(x, 0)"),
    (TENSORS, "array", "pt.stack"),
    (NUMPY, "sigmoid expit logistic invlogit", "pm.math.invlogit"),
    (NUMPY, "softmax", "pm.math.softmax"),
    (NUMPY, "logsumexp", "pm.math.logsumexp"),
    (NUMPY, "logit", "pm.math.logit"),
    (NUMPY, "exponential", "np.exp"),
    (NUMPY, "ln", "np.log"),
    (NUMPY, "cat", "np.concatenate"),
    (COVARIANCES, "RBF SquaredExponential SE Gaussian ExpQuadratic", "pm.gp.cov.ExpQuad"),
    (COVARIANCES, "RationalQuadratic", "pm.gp.cov.RatQuad"),
    (COVARIANCES, "Matern", "pm.gp.cov.Matern52"),
    (COVARIANCES, "White Noise", "pm.gp.cov.WhiteNoise"),
    (PROCESSES, "GP GaussianProcess", "pm.gp.Latent"),
    (PROCESSES, "GPR", "pm.gp.Marginal"),
];

const PYMC: &[Module] = &[Module::PyMc, Module::Distributions];
const MATHEMATICS: &[Module] = &[Module::PyMc, Module::Math];
const TENSORS: &[Module] = &[Module::Tensor];
const NUMPY: &[Module] = &[Module::NumPy];
const COVARIANCES: &[Module] = &[Module::Covariances];
const PROCESSES: &[Module] = &[Module::Processes];

fn is_among(names: &str, name: &str) -> bool {
    names.split(' ').any(|known| known == name)
}

/// What is written for an argument of a distribution that has the arguments `known`: with `{}` for its value.
pub(super) fn argument(distribution: &str, known: &[&str], other: &str) -> Option<&'static str> {
    let fits = |&&(distributions, names, written): &&(&str, &str, &str)| {
        is_among(names, other)
            && (distributions.is_empty() || is_among(distributions, distribution))
            && written.split_once('=').is_some_and(|(name, _)| known.contains(&name))
    };
    ARGUMENTS.iter().find(fits).map(|&(_, _, written)| written)
}

/// The new name, where that is all that changes.
pub(super) fn renamed(written: &str) -> Option<&str> {
    written.strip_suffix("={}")
}

/// What an argument of a function is called that has the arguments `known`.
pub(in crate::language) fn parameter(known: &[&str], other: &str) -> Option<&'static str> {
    let fits = |(names, new): &&(&str, &str)| is_among(names, other) && known.contains(new);
    PARAMETERS.iter().find(fits).map(|(_, new)| *new)
}

/// What to write for a name that a module does not have.
pub(super) fn function(module: Module, name: &str) -> Option<String> {
    let fits =
        |(modules, names, _): &&(&[Module], &str, &str)| modules.contains(&module) && is_among(names, name);
    if let Some((_, _, new)) = FUNCTIONS.iter().find(fits) {
        return Some((*new).to_owned());
    }
    let elsewhere = [(Module::Math, "pm.math"), (Module::Tensor, "pt")];
    let other = elsewhere.iter().find(|(other, _)| *other != module && has(*other, name));
    other
        .filter(|(other, _)| match module {
            Module::PyMc | Module::Math => true,
            Module::PyTensor => *other == Module::Tensor,
            _ => false,
        })
        .map(|(_, path)| format!("{path}.{name}"))
}

/// What to write for a name that stands alone and that nothing defines: that of a distribution or function, or of a
/// package that was not imported.
pub(in crate::language) fn alone(name: &str) -> Option<String> {
    let import = |package: &str, short: &str| Some(format!("write `import {package} as {short}` at the top"));
    match name {
        "pm" | "pymc" => return import("pymc", "pm"),
        "np" | "numpy" => return import("numpy", "np"),
        "pd" | "pandas" => return import("pandas", "pd"),
        "pt" | "pytensor" => return import("pytensor.tensor", "pt"),
        "az" | "arviz" => return import("arviz", "az"),
        "xr" => return import("xarray", "xr"),
        "scipy" | "math" | "numpyro" => return Some(format!("write `import {name}` at the top")),
        _ => {}
    }
    if is_distribution(name) {
        return Some(format!("write `pm.{name}`"));
    }
    function(Module::Math, name)
        .or_else(|| has(Module::Math, name).then(|| format!("pm.math.{name}")))
        .map(|new| format!("write `{new}`"))
}

/// Whether PyMC has a distribution of a name.
pub(in crate::language) fn is_distribution(name: &str) -> bool {
    crate::distributions::REGISTRY.iter().any(|entry| entry.name == name || entry.aliases.contains(&name))
}

/// Whether a module has a function of a name.
pub(super) fn has(module: Module, name: &str) -> bool {
    module.rows().any(|row| row.0 == name)
}
