# numpyro.distributions, written in the language of model files.

import numpy as np
import pymc as pm
import pytensor.tensor as pt


def joint_shape(shapes):
    # The shape that arrays have together.
    rank = max([len(shape) for shape in shapes] + [0])
    joint = [1] * rank
    for shape in shapes:
        for k in range(len(shape)):
            place = rank - len(shape) + k
            if joint[place] != shape[k] and joint[place] != 1 and shape[k] != 1:
                raise ValueError(f"the shapes {tuple(shapes)} do not broadcast: each axis, counted from the last, must be equal or 1")
            joint[place] = max(joint[place], shape[k]) if shape[k] != 0 else 0
    return tuple(joint)


class Distribution:
    # A distribution of PyMC and its parameters; `cores` says how many axes of each parameter one draw takes whole.
    def __init__(self, make, parameters, cores=None, event_shape=(), fixed=None, location=None):
        self.make, self.location = make, location
        self.cores = {} if cores is None else cores
        self.fixed = {} if fixed is None else fixed
        self.parameters = {key: pt.as_tensor(x) for key, x in parameters.items() if x is not None}
        own = [x.shape[: x.ndim - self.cores.get(key, 0)] for key, x in self.parameters.items()]
        self.batch_shape, self.event_shape, self.masked_by = joint_shape(own), tuple(event_shape), None

    def changed(self, batch_shape, event_shape, masked_by):
        # The distribution with other axes, and with draws that do not count.
        out = self.remade(self.parameters)
        out.batch_shape, out.event_shape, out.masked_by = tuple(batch_shape), tuple(event_shape), masked_by
        return out

    def remade(self, parameters):
        return Distribution(self.make, parameters, self.cores, self.event_shape, self.fixed, self.location)

    def shape(self, sample_shape=()):
        return tuple(sample_shape) + self.batch_shape + self.event_shape

    @property
    def event_dim(self):
        return len(self.event_shape)

    @property
    def batch_dim(self):
        return len(self.batch_shape)

    def expand(self, batch_shape):
        return self.changed(joint_shape([tuple(batch_shape), self.batch_shape]), self.event_shape, self.masked_by)

    def expand_by(self, sample_shape):
        return self.expand(tuple(sample_shape) + self.batch_shape)

    def to_event(self, reinterpreted_batch_ndims=None):
        count = self.batch_dim if reinterpreted_batch_ndims is None else reinterpreted_batch_ndims
        if count > self.batch_dim:
            raise ValueError(f"`to_event({count})` of a distribution whose batch has the shape {self.batch_shape}")
        kept = self.batch_dim - count
        return self.changed(self.batch_shape[:kept], self.batch_shape[kept:] + self.event_shape, self.masked_by)

    def mask(self, mask):
        return self.changed(self.batch_shape, self.event_shape, mask)

    def unnamed(self):
        return self.make.dist(**self.parameters, **self.fixed)

    def log_prob(self, value, intermediates=None):
        density = pm.logp(self.unnamed(), value)
        own = self.event_dim - (density.ndim - self.batch_dim if density.ndim < self.batch_dim + self.event_dim else 0)
        for _ in range(max(density.ndim - self.batch_dim, 0) if own > 0 else 0):
            density = density.sum(axis=-1)
        return density

    def declared(self, name, dims):
        # A free variable of the model.
        named = {"shape": self.shape()} if dims is None else {"dims": dims}
        return self.make(name, **self.parameters, **self.fixed, **named)

    def observed(self, name, obs, dims):
        named = {} if dims is None else {"dims": dims}
        return self.make(name, **self.parameters, **self.fixed, **named, observed=obs)

    def without(self, mask, obs):
        # What is left where `mask` holds, of a distribution of single numbers.
        mask = np.broadcast_to(np.asarray(mask), obs.shape)
        parameters = {}
        for key, x in self.parameters.items():
            core = x.shape[x.ndim - self.cores.get(key, 0) :]
            parameters[key] = pt.broadcast_to(x, obs.shape + core)[mask]
        return self.remade(parameters), obs[mask]


def scalar(make, location=None, **parameters):
    return Distribution(make, parameters, location=location)


def AsymmetricLaplace(loc=0.0, scale=1.0, asymmetry=1.0, validate_args=None):
    return scalar(pm.AsymmetricLaplace, mu=loc, b=1 / scale, kappa=asymmetry)


def Bernoulli(probs=None, logits=None, validate_args=None):
    return scalar(pm.Bernoulli, p=probs, logit_p=logits)


def BernoulliProbs(probs, validate_args=None):
    return Bernoulli(probs)


def BernoulliLogits(logits, validate_args=None):
    return Bernoulli(None, logits)


def Beta(concentration1, concentration0, validate_args=None):
    return scalar(pm.Beta, alpha=concentration1, beta=concentration0)


def BetaBinomial(concentration1, concentration0, total_count=1, validate_args=None):
    return scalar(pm.BetaBinomial, n=total_count, alpha=concentration1, beta=concentration0)


def BetaProportion(mean, concentration, validate_args=None):
    return scalar(pm.Beta, alpha=mean * concentration, beta=(1.0 - mean) * concentration)


def Binomial(total_count=1, probs=None, logits=None, validate_args=None):
    return scalar(pm.Binomial, n=total_count, p=probs, logit_p=logits)


def BinomialProbs(probs, total_count=1, validate_args=None):
    return Binomial(total_count, probs)


def BinomialLogits(logits, total_count=1, validate_args=None):
    return Binomial(total_count, None, logits)


def Categorical(probs=None, logits=None, validate_args=None):
    return Distribution(pm.Categorical, {"p": probs, "logit_p": logits}, {"p": 1, "logit_p": 1})


def CategoricalProbs(probs, validate_args=None):
    return Categorical(probs)


def CategoricalLogits(logits, validate_args=None):
    return Categorical(None, logits)


def Cauchy(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Cauchy, ("alpha", "beta"), alpha=loc, beta=scale)


def Chi2(df, validate_args=None):
    return scalar(pm.ChiSquared, nu=df)


def DiscreteUniform(low=0, high=1, validate_args=None):
    return scalar(pm.DiscreteUniform, lower=low, upper=high)


def Exponential(rate=1.0, validate_args=None):
    return scalar(pm.Exponential, lam=rate)


def Gamma(concentration, rate=1.0, validate_args=None):
    return scalar(pm.Gamma, alpha=concentration, beta=rate)


def GammaPoisson(concentration, rate=1.0, validate_args=None):
    return NegativeBinomial2(concentration / pt.as_tensor(rate), concentration)


def Geometric(probs=None, logits=None, validate_args=None):
    # NumPyro counts the failures before the first success.
    return scalar(pm.NegativeBinomial, n=1, p=pt.sigmoid(logits) if probs is None else probs)


def GeometricProbs(probs, validate_args=None):
    return Geometric(probs)


def GeometricLogits(logits, validate_args=None):
    return Geometric(None, logits)


def Gumbel(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Gumbel, ("mu", "beta"), mu=loc, beta=scale)


def HalfCauchy(scale=1.0, validate_args=None):
    return scalar(pm.HalfCauchy, beta=scale)


def HalfNormal(scale=1.0, validate_args=None):
    return scalar(pm.HalfNormal, sigma=scale)


def HurdleGamma(gate, concentration, rate=1.0, validate_args=None):
    return scalar(pm.HurdleGamma, psi=1 - pt.as_tensor(gate), alpha=concentration, beta=rate)


def HurdleLogNormal(gate, loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.HurdleLogNormal, psi=1 - pt.as_tensor(gate), mu=loc, sigma=scale)


def HurdleNegativeBinomial2(gate, mean, concentration, validate_args=None):
    return scalar(pm.HurdleNegativeBinomial, psi=1 - pt.as_tensor(gate), mu=mean, alpha=concentration)


def HurdlePoisson(gate, rate=1.0, validate_args=None):
    return scalar(pm.HurdlePoisson, psi=1 - pt.as_tensor(gate), mu=rate)


def InverseGamma(concentration, rate=1.0, validate_args=None):
    return scalar(pm.InverseGamma, alpha=concentration, beta=rate)


def Kumaraswamy(concentration1, concentration0, validate_args=None):
    return scalar(pm.Kumaraswamy, a=concentration1, b=concentration0)


def Laplace(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Laplace, ("mu", "b"), mu=loc, b=scale)


def LogNormal(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.LogNormal, mu=loc, sigma=scale)


def Logistic(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Logistic, ("mu", "s"), mu=loc, s=scale)


def NegativeBinomial(total_count, probs=None, logits=None, validate_args=None):
    odds = pt.exp(logits) if probs is None else probs / (1 - pt.as_tensor(probs))
    return NegativeBinomial2(total_count * odds, total_count)


def NegativeBinomialProbs(total_count, probs, validate_args=None):
    return NegativeBinomial(total_count, probs)


def NegativeBinomialLogits(total_count, logits, validate_args=None):
    return NegativeBinomial(total_count, None, logits)


def NegativeBinomial2(mean, concentration, validate_args=None):
    return scalar(pm.NegativeBinomial, mu=mean, alpha=concentration)


def Normal(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Normal, ("mu", "sigma"), mu=loc, sigma=scale)


def OrderedLogistic(predictor, cutpoints, validate_args=None):
    return Distribution(pm.OrderedLogistic, {"eta": predictor, "cutpoints": cutpoints}, {"cutpoints": 1}, fixed={"compute_p": False})


def Pareto(scale, alpha, validate_args=None):
    return scalar(pm.Pareto, alpha=alpha, m=scale)


def Poisson(rate, is_sparse=False, validate_args=None):
    return scalar(pm.Poisson, mu=rate)


def StudentT(df, loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.StudentT, ("mu", "sigma"), nu=df, mu=loc, sigma=scale)


def TruncatedNormal(loc=0.0, scale=1.0, low=None, high=None, validate_args=None):
    return scalar(pm.TruncatedNormal, mu=loc, sigma=scale, lower=low, upper=high)


def Uniform(low=0.0, high=1.0, validate_args=None):
    return scalar(pm.Uniform, lower=low, upper=high)


def VonMises(loc, concentration, validate_args=None):
    return scalar(pm.VonMises, mu=loc, kappa=concentration)


def Weibull(scale, concentration, validate_args=None):
    return scalar(pm.Weibull, alpha=concentration, beta=scale)


def ZeroInflatedPoisson(gate, rate=1.0, validate_args=None):
    return scalar(pm.ZeroInflatedPoisson, psi=1 - pt.as_tensor(gate), mu=rate)


def ZeroInflatedNegativeBinomial2(mean, concentration, gate=None, gate_logits=None, validate_args=None):
    gate = pt.sigmoid(gate_logits) if gate is None else pt.as_tensor(gate)
    return scalar(pm.ZeroInflatedNegativeBinomial, psi=1 - gate, mu=mean, alpha=concentration)


def CAR(loc, correlation, conditional_precision, adj_matrix, is_sparse=False, validate_args=None):
    adjacency = np.asarray(adj_matrix)
    size = adjacency.shape[0]
    parameters = {"mu": with_axes(loc, [size]), "alpha": correlation, "tau": conditional_precision}
    return Distribution(pm.CAR, parameters, {"mu": 1}, (size,), {"W": adjacency})


def with_axes(x, shape):
    # An array whose last axes have a shape, those that are missing too.
    x = pt.as_tensor(x)
    return pt.broadcast_to(x, joint_shape([x.shape, tuple(shape)]))


def Dirichlet(concentration, validate_args=None):
    concentration = pt.as_tensor(concentration)
    return Distribution(pm.Dirichlet, {"a": concentration}, {"a": 1}, concentration.shape[-1:])


def DirichletMultinomial(concentration, total_count=1, total_count_max=None, validate_args=None):
    concentration = pt.as_tensor(concentration)
    return Distribution(pm.DirichletMultinomial, {"n": total_count, "a": concentration}, {"a": 1}, concentration.shape[-1:])


def Multinomial(total_count=1, probs=None, logits=None, total_count_max=None, validate_args=None):
    probs = pt.softmax(logits, axis=-1) if probs is None else pt.as_tensor(probs)
    return Distribution(pm.Multinomial, {"n": total_count, "p": probs}, {"p": 1}, probs.shape[-1:])


def MultinomialProbs(probs, total_count=1, total_count_max=None, validate_args=None):
    return Multinomial(total_count, probs)


def MultinomialLogits(logits, total_count=1, total_count_max=None, validate_args=None):
    return Multinomial(total_count, None, logits)


def MultivariateNormal(loc=0.0, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
    given = {"cov": covariance_matrix, "tau": precision_matrix, "chol": scale_tril}
    given = {key: pt.as_tensor(x) for key, x in given.items() if x is not None}
    if len(given) != 1:
        raise ValueError("`MultivariateNormal` takes one of `covariance_matrix`, `precision_matrix` and `scale_tril`")
    size = [x.shape[-1] for x in given.values()]
    given["mu"] = with_axes(loc, size)
    return Distribution(pm.MvNormal, given, {"mu": 1, "cov": 2, "tau": 2, "chol": 2}, size, None, None)


def LowRankMultivariateNormal(loc, cov_factor, cov_diag, validate_args=None):
    factor = pt.as_tensor(cov_factor)
    return MultivariateNormal(loc, factor @ pt.swapaxes(factor, -1, -2) + pt.diag(pt.as_tensor(cov_diag)))


def MultivariateStudentT(df, loc=0.0, scale_tril=None, validate_args=None):
    size = [pt.as_tensor(scale_tril).shape[-1]]
    parameters = {"nu": df, "mu": with_axes(loc, size), "chol": scale_tril}
    return Distribution(pm.MvStudentT, parameters, {"mu": 1, "chol": 2}, size)


def MatrixNormal(loc, scale_tril_row, scale_tril_column, validate_args=None):
    loc = pt.as_tensor(loc)
    parameters = {"mu": loc, "rowchol": scale_tril_row, "colchol": scale_tril_column}
    return Distribution(pm.MatrixNormal, parameters, {"mu": 2, "rowchol": 2, "colchol": 2}, loc.shape[-2:])


def ZeroSumNormal(scale, event_shape, validate_args=None):
    scale = pt.as_tensor(scale)
    axes = len(event_shape)
    scale = scale.reshape(tuple(scale.shape) + (1,) * axes) if scale.ndim > 0 else scale
    cores = {"sigma": axes} if scale.ndim > 0 else {}
    return Distribution(pm.ZeroSumNormal, {"sigma": scale}, cores, event_shape, {"n_zerosum_axes": axes})


class GaussianRandomWalkDistribution(Distribution):
    # Its first step has the same scale as the others.
    def remade(self, parameters):
        fixed = {"init_dist": pm.Normal.dist(0.0, parameters["sigma"])}
        return GaussianRandomWalkDistribution(self.make, parameters, None, self.event_shape, fixed)


def GaussianRandomWalk(scale=1.0, num_steps=1, validate_args=None):
    walk = GaussianRandomWalkDistribution(pm.GaussianRandomWalk, {"sigma": scale}, None, (num_steps,))
    return walk.remade(walk.parameters)


class CorrelationMatrix(Distribution):
    # A matrix of correlations of the LKJ distribution, or its factor.
    def remade(self, parameters):
        return CorrelationMatrix(self.make, parameters, None, self.event_shape, self.fixed)

    def declared(self, name, dims):
        if self.batch_shape != ():
            raise ValueError(f"a batch of correlation matrices of shape {self.batch_shape} is not supported: sample each by itself")
        correlations = pm.LKJCorr(f"{name}_correlations", n=self.event_shape[0], eta=self.parameters["eta"], return_matrix=True)
        value = pt.linalg.cholesky(correlations) if self.fixed["is_factor"] else correlations
        return pm.Deterministic(name, value)

    def observed(self, name, obs, dims):
        raise NotImplementedError("observed correlation matrices are not supported")


def LKJ(dimension, concentration=1.0, sample_method="onion", validate_args=None):
    return CorrelationMatrix(None, {"eta": concentration}, None, (dimension, dimension), {"is_factor": False})


def LKJCholesky(dimension, concentration=1.0, sample_method="onion", validate_args=None):
    return CorrelationMatrix(None, {"eta": concentration}, None, (dimension, dimension), {"is_factor": True})


class MixtureDistribution(Distribution):
    # Weights along the last axis, and components.
    def __init__(self, weights, components, event_shape=()):
        shapes = [weights.shape[:-1]]
        for component in components:
            is_single = len(components) == 1
            shapes.append(component.batch_shape[:-1] if is_single else component.batch_shape)
        self.make, self.location, self.parameters, self.cores, self.fixed = pm.Mixture, None, {"w": weights}, {"w": 1}, {}
        self.components, self.masked_by = components, None
        self.batch_shape, self.event_shape = joint_shape(shapes), tuple(event_shape)
        inside = [component.unnamed() for component in components]
        self.fixed["comp_dists"] = inside[0] if len(inside) == 1 else inside

    def remade(self, parameters):
        return MixtureDistribution(parameters["w"], self.components, self.event_shape)

    def without(self, mask, obs):
        raise NotImplementedError("a mask of a mixture is not supported: leave the rows out of the data")


def weights_of(mixing_distribution):
    given = mixing_distribution.parameters
    return given["p"] if "p" in given else pt.softmax(given["logit_p"], axis=-1)


def MixtureSameFamily(mixing_distribution, component_distribution, validate_args=None):
    return MixtureDistribution(weights_of(mixing_distribution), [component_distribution], component_distribution.event_shape)


def MixtureGeneral(mixing_distribution, component_distributions, support=None, validate_args=None):
    components = list(component_distributions)
    return MixtureDistribution(weights_of(mixing_distribution), components, components[0].event_shape)


def Mixture(mixing_distribution, component_distributions, validate_args=None):
    if isinstance(component_distributions, Distribution):
        return MixtureSameFamily(mixing_distribution, component_distributions)
    return MixtureGeneral(mixing_distribution, component_distributions)


def TruncatedDistribution(base_dist, low=None, high=None, validate_args=None):
    fixed = {key: x for key, x in {"lower": low, "upper": high}.items() if x is not None}
    out = Distribution(pm.Truncated, {}, fixed={"dist": base_dist.unnamed(), **fixed})
    return out.expand(joint_shape([base_dist.batch_shape] + [pt.as_tensor(x).shape for x in fixed.values()]))


def LeftTruncatedDistribution(base_dist, low=0.0, validate_args=None):
    return TruncatedDistribution(base_dist, low)


def RightTruncatedDistribution(base_dist, high=0.0, validate_args=None):
    return TruncatedDistribution(base_dist, None, high)


def TwoSidedTruncatedDistribution(base_dist, low=0.0, high=1.0, validate_args=None):
    return TruncatedDistribution(base_dist, low, high)


def TruncatedCauchy(loc=0.0, scale=1.0, low=None, high=None, validate_args=None):
    return TruncatedDistribution(Cauchy(loc, scale), low, high)


def ZeroInflatedDistribution(base_dist, gate=None, gate_logits=None, validate_args=None):
    gate = pt.sigmoid(gate_logits) if gate is None else pt.as_tensor(gate)
    at_zero = Distribution(pm.DiracDelta, {"c": np.zeros(base_dist.batch_shape, dtype=int)})
    return MixtureDistribution(pt.stack([gate, 1 - gate], axis=-1), [at_zero, base_dist])


class Known(Distribution):
    # A value that is known, and what it adds to the log density.
    def __init__(self, value, log_density, event_shape=()):
        super().__init__(None, {"value": value}, {"value": len(event_shape)}, event_shape, {"log_density": log_density})

    def remade(self, parameters):
        return Known(parameters["value"], self.fixed["log_density"], self.event_shape)

    def declared(self, name, dims):
        log_density = self.fixed["log_density"]
        if log_density is not None:
            pm.Potential(f"{name}_log_density", pt.broadcast_to(log_density, self.batch_shape))
        return pm.Deterministic(name, pt.broadcast_to(self.parameters["value"], self.shape()))

    def observed(self, name, obs, dims):
        return self.declared(name, dims)


def Delta(v=0.0, log_density=None, event_dim=0, validate_args=None):
    v = pt.as_tensor(v)
    return Known(v, log_density, v.shape[v.ndim - event_dim :])


def Unit(log_factor, validate_args=None):
    log_factor = pt.as_tensor(log_factor)
    return Known(pt.zeros(log_factor.shape), log_factor)


class real:
    make = pm.Flat


class positive:
    make = pm.HalfFlat


real_vector, real_matrix, nonnegative = real, real, positive


def ImproperUniform(support, batch_shape, event_shape, validate_args=None):
    if not hasattr(support, "make"):
        raise NotImplementedError("`ImproperUniform` is supported for `constraints.real` and `constraints.positive`")
    return Distribution(support.make, {}, None, tuple(event_shape)).expand(batch_shape)


class AffineTransform:
    def __init__(self, loc, scale, domain=None):
        self.loc, self.scale = loc, scale

    def __call__(self, x):
        return self.loc + self.scale * x

    def inverse(self, y):
        return (y - self.loc) / self.scale, -pt.log(pt.abs(self.scale))


class ExpTransform:
    def __init__(self, domain=None):
        self.domain = domain

    def __call__(self, x):
        return pt.exp(x)

    def inverse(self, y):
        return pt.log(y), -pt.log(y)


class SigmoidTransform:
    def __call__(self, x):
        return pt.sigmoid(x)

    def inverse(self, y):
        return pt.log(y) - pt.log1p(-y), -pt.log(y) - pt.log1p(-y)


class TransformedDistribution(Distribution):
    # A free variable is that of the base, and what the transforms make of it.
    def __init__(self, base_distribution, transforms, validate_args=None):
        self.base = base_distribution
        self.transforms = list(transforms) if isinstance(transforms, (list, tuple)) else [transforms]
        self.batch_shape, self.event_shape = self.base.batch_shape, self.base.event_shape
        self.parameters, self.masked_by, self.location = {}, None, None

    def remade(self, parameters):
        return TransformedDistribution(self.base, self.transforms)

    def declared(self, name, dims):
        base = self.base.changed(self.batch_shape, self.event_shape, None)
        value = base.declared(f"{name}_base", dims)
        for transform in self.transforms:
            value = transform(value)
        return pm.Deterministic(name, value)

    def log_prob(self, value, intermediates=None):
        correction = 0.0
        for transform in self.transforms[::-1]:
            value, slope = transform.inverse(value)
            correction = correction + slope
        return self.base.log_prob(value) + correction

    def observed(self, name, obs, dims):
        pm.Potential(name, self.log_prob(obs))
        return obs
