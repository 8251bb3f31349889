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


def is_known(x):
    # Whether an array is one of data, and not of the model's variables.
    x = pt.as_tensor(x)
    return isinstance(x if x.ndim > 0 else x.reshape((1,)), np.ndarray)


def diagonal(x):
    places = np.arange(x.shape[-1])
    return x[..., places, places]


class Distribution:
    # A distribution of PyMC and its parameters; `cores` says how many axes of each parameter one draw takes whole, and
    # `support` where the draws are: "real", "positive", "unit", "discrete", or with bounds, as `flat` has them.
    def __init__(self, make, parameters, cores=None, event_shape=(), fixed=None, location=None, support="real"):
        self.make, self.location, self.support = make, location, support
        self.cores = {} if cores is None else cores
        self.fixed = {} if fixed is None else fixed
        self.parameters = {key: pt.as_tensor(x) for key, x in parameters.items() if x is not None}
        own = [x.shape[: x.ndim - self.cores.get(key, 0)] for key, x in self.parameters.items()]
        self.batch_shape, self.event_shape, self.masked_by = joint_shape(own), tuple(event_shape), None
        self.own_dim = len(self.event_shape)

    def changed(self, batch_shape, event_shape, masked_by):
        # The distribution with other axes, and with draws that do not count.
        out = self.remade(self.parameters)
        out.batch_shape, out.event_shape, out.masked_by = tuple(batch_shape), tuple(event_shape), masked_by
        out.own_dim = self.own_dim
        return out

    def remade(self, parameters):
        return Distribution(self.make, parameters, self.cores, self.event_shape, self.fixed, self.location, self.support)

    def is_of_parameters(self):
        # Whether other parameters are all that another row of draws needs.
        return len(self.parameters) > 0 and "dist" not in self.fixed

    def shape(self, sample_shape=()):
        return tuple(sample_shape) + self.batch_shape + self.event_shape

    def element_shape(self):
        # The shape of the log densities of single draws.
        whole = self.batch_shape + self.event_shape
        return whole[: len(whole) - self.own_dim]

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
        # A mask is kept for the log densities of single draws.
        count = self.event_dim - self.own_dim
        mask = pt.as_tensor(mask)
        if count > 0:
            mask = mask.reshape(tuple(mask.shape) + (1,) * count)
        if self.masked_by is not None:
            mask = mask & self.masked_by
        batch = joint_shape([self.batch_shape, mask.shape[: max(mask.ndim - count, 0)]])
        return self.changed(batch, self.event_shape, mask)

    def unnamed(self):
        return self.make.dist(**self.parameters, **self.fixed)

    def element_log_prob(self, value):
        return pm.logp(self.unnamed(), value)

    def log_prob(self, value, intermediates=None):
        density = self.element_log_prob(value)
        density = pt.broadcast_to(density, joint_shape([density.shape, self.element_shape()]))
        if self.masked_by is not None:
            density = pt.switch(self.masked_by, density, 0.0)
        for _ in range(self.event_dim - self.own_dim):
            density = density.sum(axis=-1)
        return density

    def cdf(self, value):
        return pt.exp(pm.logcdf(self.unnamed(), value))

    def sample(self, key=None, sample_shape=()):
        raise NotImplementedError("numbers that JAX draws are not known here: put the data in a data file")

    def declared(self, name, dims):
        # A free variable of the model.
        named = {"shape": self.shape()} if dims is None else {"dims": dims}
        return self.make(name, **self.parameters, **self.fixed, **named)

    def observed(self, name, obs, dims):
        named = {} if dims is None else {"dims": dims}
        return self.make(name, **self.parameters, **self.fixed, **named, observed=obs)

    def where(self, mask, shape):
        # What is left where `mask` holds, of single draws of a shape.
        parameters = {}
        for key, x in self.parameters.items():
            core = x.shape[x.ndim - self.cores.get(key, 0) :]
            parameters[key] = pt.broadcast_to(x, tuple(shape) + tuple(core))[mask]
        out = self.remade(parameters)
        own = self.event_shape[self.event_dim - self.own_dim :]
        return out.changed((int(mask.sum()),), own, None)


def flat(name, support, shape, dims=None):
    # A free variable whose density is 1 all over its support.
    named = {"shape": tuple(shape)} if dims is None else {"dims": dims}
    kind = support if isinstance(support, str) else support[0]
    if kind == "real":
        return pm.Flat(name, **named)
    if kind == "positive":
        return pm.HalfFlat(name, **named)
    if kind == "unit":
        return pm.Uniform(name, 0.0, 1.0, **named)
    if kind == "ordered":
        start = np.broadcast_to(np.linspace(-1.0, 1.0, shape[-1]), tuple(shape))
        return pm.Flat(name, **named, transform=pm.distributions.transforms.ordered, initval=start)
    if kind == "interval":
        low, high = support[1], support[2]
        bounds = [x for x in (low, high) if x is not None]
        if not all([is_known(x) for x in bounds]):
            if low is None or high is None:
                raise NotImplementedError(f"the bound of {name!r} depends on other variables: sample what is above or below it")
            pm.Potential(f"{name}_width", pt.broadcast_to(pt.log(high - low), tuple(shape)))
            return pm.Uniform(name, low, high, **named)
        start = low + 1.0 if high is None else high - 1.0 if low is None else (low + high) / 2.0
        transform = pm.distributions.transforms.Interval(low, high)
        return pm.Flat(name, **named, transform=transform, initval=np.broadcast_to(start, tuple(shape)))
    if kind == "lower_cholesky" and len(shape) == 2:
        return pm.Deterministic(name, lower_factor(name, shape[0])[0])
    if kind == "positive_definite" and len(shape) == 2:
        # The Jacobian of factor @ factor.T is 2^n times a product of powers of the diagonal.
        size = shape[0]
        factor, logs = lower_factor(name, size)
        pm.Potential(f"{name}_jacobian", size * np.log(2.0) + (np.arange(size, 0, -1) * logs).sum())
        return pm.Deterministic(name, factor @ factor.T)
    raise NotImplementedError(f"{name!r}: a density that the model writes is not supported for variables of this kind ({kind})")


def log_slope(support, value):
    # The logarithm of the slope of the transform to the support, element by element; none where it is the identity.
    kind = support if isinstance(support, str) else support[0]
    if kind == "real":
        return None
    if kind == "positive":
        return pt.log(value)
    if kind == "unit":
        return pt.log(value) + pt.log1p(-value)
    if kind == "interval":
        low, high = support[1], support[2]
        if low is None or high is None:
            return pt.log(high - value if low is None else value - low)
        return pt.log(value - low) + pt.log(high - value) - pt.log(high - low)
    raise NotImplementedError(f"a handler's mask or scale is not supported for free variables of this kind ({kind})")


def lower_factor(name, size):
    # A lower triangular matrix with a positive diagonal, of a vector of numbers, and the logarithms of that.
    count = size * (size - 1) // 2
    vector = pm.Flat(f"{name}_vector", shape=count + size)
    logs = vector[count:]
    pm.Potential(f"{name}_diagonal", logs.sum())
    factor = pt.diag(pt.exp(logs))
    return (pt.set_subtensor(factor[np.tril_indices(size, -1)], vector[:count]) if count > 0 else factor), logs


class WrittenDistribution(Distribution):
    # A distribution by its log density, which takes the value and the parameters.
    def remade(self, parameters):
        return WrittenDistribution(self.make, parameters, self.cores, self.event_shape, self.fixed, self.location, self.support)

    def unnamed(self):
        density = self.make
        return pm.CustomDist.dist(*self.parameters.values(), logp=lambda value, *given: density(value, *given))

    def element_log_prob(self, value):
        return self.make(value, *self.parameters.values())

    def declared(self, name, dims):
        value = flat(name, self.support, self.shape(), dims)
        pm.Potential(f"{name}_log_density", self.log_prob(value))
        return value

    def observed(self, name, obs, dims):
        if self.own_dim > 0:
            pm.Potential(name, self.log_prob(obs))
            return obs
        density, named = self.make, {} if dims is None else {"dims": dims}
        return pm.CustomDist(name, *self.parameters.values(), logp=lambda value, *given: density(value, *given), observed=obs, **named)


def scalar(make, location=None, support="real", **parameters):
    return Distribution(make, parameters, location=location, support=support)


def AsymmetricLaplace(loc=0.0, scale=1.0, asymmetry=1.0, validate_args=None):
    return scalar(pm.AsymmetricLaplace, mu=loc, b=1 / scale, kappa=asymmetry)


def Bernoulli(probs=None, logits=None, validate_args=None):
    return scalar(pm.Bernoulli, support="discrete", p=probs, logit_p=logits)


def BernoulliProbs(probs, validate_args=None):
    return Bernoulli(probs)


def BernoulliLogits(logits, validate_args=None):
    return Bernoulli(None, logits)


def Beta(concentration1, concentration0, validate_args=None):
    return scalar(pm.Beta, support="unit", alpha=concentration1, beta=concentration0)


def BetaBinomial(concentration1, concentration0, total_count=1, validate_args=None):
    return scalar(pm.BetaBinomial, support="discrete", n=total_count, alpha=concentration1, beta=concentration0)


def BetaProportion(mean, concentration, validate_args=None):
    return scalar(pm.Beta, support="unit", alpha=mean * concentration, beta=(1.0 - mean) * concentration)


def Binomial(total_count=1, probs=None, logits=None, validate_args=None):
    return scalar(pm.Binomial, support="discrete", n=total_count, p=probs, logit_p=logits)


def BinomialProbs(probs, total_count=1, validate_args=None):
    return Binomial(total_count, probs)


def BinomialLogits(logits, total_count=1, validate_args=None):
    return Binomial(total_count, None, logits)


def Categorical(probs=None, logits=None, validate_args=None):
    return Distribution(pm.Categorical, {"p": probs, "logit_p": logits}, {"p": 1, "logit_p": 1}, support="discrete")


def CategoricalProbs(probs, validate_args=None):
    return Categorical(probs)


def CategoricalLogits(logits, validate_args=None):
    return Categorical(None, logits)


def Cauchy(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Cauchy, ("alpha", "beta"), alpha=loc, beta=scale)


def Chi2(df, validate_args=None):
    return scalar(pm.ChiSquared, support="positive", nu=df)


def DiscreteUniform(low=0, high=1, validate_args=None):
    return scalar(pm.DiscreteUniform, support="discrete", lower=low, upper=high)


def Exponential(rate=1.0, validate_args=None):
    return scalar(pm.Exponential, support="positive", lam=rate)


def Gamma(concentration, rate=1.0, validate_args=None):
    return scalar(pm.Gamma, support="positive", alpha=concentration, beta=rate)


def GammaPoisson(concentration, rate=1.0, validate_args=None):
    return NegativeBinomial2(concentration / pt.as_tensor(rate), concentration)


def Geometric(probs=None, logits=None, validate_args=None):
    # NumPyro counts the failures before the first success.
    return scalar(pm.NegativeBinomial, support="discrete", n=1, p=pt.sigmoid(logits) if probs is None else probs)


def GeometricProbs(probs, validate_args=None):
    return Geometric(probs)


def GeometricLogits(logits, validate_args=None):
    return Geometric(None, logits)


def Gumbel(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Gumbel, ("mu", "beta"), mu=loc, beta=scale)


def HalfCauchy(scale=1.0, validate_args=None):
    return scalar(pm.HalfCauchy, support="positive", beta=scale)


def HalfNormal(scale=1.0, validate_args=None):
    return scalar(pm.HalfNormal, support="positive", sigma=scale)


def HurdleGamma(gate, concentration, rate=1.0, validate_args=None):
    return scalar(pm.HurdleGamma, support="mixed", psi=1 - pt.as_tensor(gate), alpha=concentration, beta=rate)


def HurdleLogNormal(gate, loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.HurdleLogNormal, support="mixed", psi=1 - pt.as_tensor(gate), mu=loc, sigma=scale)


def HurdleNegativeBinomial2(gate, mean, concentration, validate_args=None):
    return scalar(pm.HurdleNegativeBinomial, support="discrete", psi=1 - pt.as_tensor(gate), mu=mean, alpha=concentration)


def HurdlePoisson(gate, rate=1.0, validate_args=None):
    return scalar(pm.HurdlePoisson, support="discrete", psi=1 - pt.as_tensor(gate), mu=rate)


def InverseGamma(concentration, rate=1.0, validate_args=None):
    return scalar(pm.InverseGamma, support="positive", alpha=concentration, beta=rate)


def Kumaraswamy(concentration1, concentration0, validate_args=None):
    return scalar(pm.Kumaraswamy, support="unit", a=concentration1, b=concentration0)


def Laplace(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Laplace, ("mu", "b"), mu=loc, b=scale)


def LogNormal(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.LogNormal, support="positive", mu=loc, sigma=scale)


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
    return scalar(pm.NegativeBinomial, support="discrete", mu=mean, alpha=concentration)


def Normal(loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.Normal, ("mu", "sigma"), mu=loc, sigma=scale)


def OrderedLogistic(predictor, cutpoints, validate_args=None):
    return Distribution(pm.OrderedLogistic, {"eta": predictor, "cutpoints": cutpoints}, {"cutpoints": 1}, fixed={"compute_p": False}, support="discrete")


def Pareto(scale, alpha, validate_args=None):
    return scalar(pm.Pareto, support=("interval", scale, None), alpha=alpha, m=scale)


def Poisson(rate, is_sparse=False, validate_args=None):
    return scalar(pm.Poisson, support="discrete", mu=rate)


def StudentT(df, loc=0.0, scale=1.0, validate_args=None):
    return scalar(pm.StudentT, ("mu", "sigma"), nu=df, mu=loc, sigma=scale)


def TruncatedNormal(loc=0.0, scale=1.0, low=None, high=None, validate_args=None):
    return scalar(pm.TruncatedNormal, support=("interval", low, high), mu=loc, sigma=scale, lower=low, upper=high)


def Uniform(low=0.0, high=1.0, validate_args=None):
    return scalar(pm.Uniform, support=("interval", low, high), lower=low, upper=high)


def VonMises(loc, concentration, validate_args=None):
    return scalar(pm.VonMises, support="circular", mu=loc, kappa=concentration)


def Weibull(scale, concentration, validate_args=None):
    return scalar(pm.Weibull, support="positive", alpha=concentration, beta=scale)


def ZeroInflatedPoisson(gate, rate=1.0, validate_args=None):
    return scalar(pm.ZeroInflatedPoisson, support="discrete", psi=1 - pt.as_tensor(gate), mu=rate)


def ZeroInflatedNegativeBinomial2(mean, concentration, gate=None, gate_logits=None, validate_args=None):
    gate = pt.sigmoid(gate_logits) if gate is None else pt.as_tensor(gate)
    return scalar(pm.ZeroInflatedNegativeBinomial, support="discrete", psi=1 - gate, mu=mean, alpha=concentration)


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
    return Distribution(pm.Dirichlet, {"a": concentration}, {"a": 1}, concentration.shape[-1:], support="simplex")


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
    return Distribution(pm.ZeroSumNormal, {"sigma": scale}, cores, event_shape, {"n_zerosum_axes": axes}, support="zero-sum")


class GaussianRandomWalkDistribution(Distribution):
    # Its first step has the same scale as the others.
    def remade(self, parameters):
        fixed = {"init_dist": pm.Normal.dist(0.0, parameters["sigma"])}
        return GaussianRandomWalkDistribution(self.make, parameters, None, self.event_shape, fixed)

    def is_of_parameters(self):
        return False


def GaussianRandomWalk(scale=1.0, num_steps=1, validate_args=None):
    walk = GaussianRandomWalkDistribution(pm.GaussianRandomWalk, {"sigma": scale}, None, (num_steps,))
    return walk.remade(walk.parameters)


def multigammaln(x, size, constant=None):
    # The logarithm of the multivariate gamma function.
    constant = 0.25 * size * (size - 1) * np.log(np.pi) if constant is None else constant
    return constant + sum([pt.gammaln(x - 0.5 * k) for k in range(size)])


class CorrelationMatrix(Distribution):
    # A matrix of correlations of the LKJ distribution, or its factor.
    def remade(self, parameters):
        return CorrelationMatrix(self.make, parameters, None, self.event_shape, self.fixed, support="correlations")

    def is_of_parameters(self):
        return False

    def declared(self, name, dims):
        # Partial correlations are independent: (1 + z) / 2 is of a Beta distribution for each.
        size, batch = self.event_shape[0], self.batch_shape
        rows, columns = np.tril_indices(size, -1)
        shape = self.parameters["eta"][..., None] + (size - 2 - columns) / 2.0
        shares = pm.Beta(f"{name}_partial", shape, shape, shape=batch + (len(rows),))
        places = np.zeros((len(rows), size * size))
        places[np.arange(len(rows)), rows * size + columns] = 1.0
        partial = ((2.0 * shares - 1.0) @ places).reshape(batch + (size, size))
        left = pt.cumsum(pt.log1p(-(partial**2)), axis=-1)[..., :-1]
        left = pt.concatenate([pt.zeros(batch + (size, 1)), left], axis=-1)
        factor = (partial + np.eye(size)) * pt.exp(0.5 * left)
        return pm.Deterministic(name, factor if self.fixed["is_factor"] else factor @ pt.swapaxes(factor, -1, -2))

    def element_log_prob(self, value):
        # (eta - 1) log det of the matrix; a factor's density has its Jacobian, which is a product of its diagonal.
        size, eta = self.event_shape[0], self.parameters["eta"]
        others = size - 1
        shape = eta + 0.5 * others
        constants = 0.25 * others * (others + 1) * np.log(np.pi)
        normal = constants + multigammaln(shape - 0.5, others, 0.0) - others * pt.gammaln(shape)
        if self.fixed["is_factor"]:
            logs = pt.log(diagonal(value))[..., 1:]
            return ((2.0 * eta[..., None] - (3 - size + np.arange(1, size))) * logs).sum(axis=-1) - normal
        return (eta - 1.0) * pt.linalg.slogdet(value)[1] - normal

    def observed(self, name, obs, dims):
        pm.Potential(name, self.log_prob(obs))
        return obs


def LKJ(dimension, concentration=1.0, sample_method="onion", validate_args=None):
    return CorrelationMatrix(None, {"eta": concentration}, None, (dimension, dimension), {"is_factor": False}, support="correlations")


def LKJCholesky(dimension, concentration=1.0, sample_method="onion", validate_args=None):
    return CorrelationMatrix(None, {"eta": concentration}, None, (dimension, dimension), {"is_factor": True}, support="correlations")


class MixtureDistribution(Distribution):
    # Weights along the last axis, and components.
    def __init__(self, weights, components, event_shape=()):
        shapes = [weights.shape[:-1]]
        for component in components:
            is_single = len(components) == 1
            shapes.append(component.batch_shape[:-1] if is_single else component.batch_shape)
        self.make, self.location, self.parameters, self.cores, self.fixed = pm.Mixture, None, {"w": weights}, {"w": 1}, {}
        self.components, self.masked_by, self.support = components, None, components[0].support
        self.batch_shape, self.event_shape = joint_shape(shapes), tuple(event_shape)
        self.own_dim = len(self.event_shape)
        inside = [component.unnamed() for component in components]
        self.fixed["comp_dists"] = inside[0] if len(inside) == 1 else inside

    def remade(self, parameters):
        return MixtureDistribution(parameters["w"], self.components, self.event_shape)

    def is_of_parameters(self):
        return False


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
    is_whole = base_dist.support == "real"
    support = ("interval", low, high) if is_whole else base_dist.support if base_dist.support == "discrete" else "truncated"
    out = Distribution(pm.Truncated, {}, fixed={"dist": base_dist.unnamed(), **fixed}, support=support)
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
        given = {"value": value, "log_density": 0.0 if log_density is None else log_density}
        super().__init__(None, given, {"value": len(event_shape)}, event_shape, support="known")

    def remade(self, parameters):
        return Known(parameters["value"], parameters["log_density"], self.event_shape)

    def is_of_parameters(self):
        return False

    def element_log_prob(self, value):
        return self.parameters["log_density"]

    def declared(self, name, dims):
        pm.Potential(f"{name}_log_density", self.log_prob(None))
        return pm.Deterministic(name, pt.broadcast_to(self.parameters["value"], self.shape()))

    def observed(self, name, obs, dims):
        return self.declared(name, dims)


def Delta(v=0.0, log_density=None, event_dim=0, validate_args=None):
    v = pt.as_tensor(v)
    return Known(v, log_density, v.shape[v.ndim - event_dim :])


def Unit(log_factor, validate_args=None):
    log_factor = pt.as_tensor(log_factor)
    return Known(pt.zeros(log_factor.shape), log_factor)


def ExpandedDistribution(base_dist, batch_shape=()):
    return base_dist.expand(batch_shape)


def Independent(base_dist, reinterpreted_batch_ndims, validate_args=None):
    return base_dist.to_event(reinterpreted_batch_ndims)


def MaskedDistribution(base_dist, mask):
    return base_dist.mask(mask)


def written(density, support, *parameters):
    given = {str(k): x for k, x in enumerate(parameters)}
    return WrittenDistribution(density, given, support=support)


def LogUniform(low, high, validate_args=None):
    def density(x, low, high):
        is_inside = (x >= low) & (x <= high)
        return pt.switch(is_inside, -pt.log(x) - pt.log(pt.log(high) - pt.log(low)), -np.inf)

    return written(density, ("interval", low, high), low, high)


def Gompertz(concentration, rate=1.0, validate_args=None):
    def density(x, concentration, rate):
        return pt.log(concentration) + pt.log(rate) + x * rate - concentration * pt.expm1(x * rate)

    return written(density, "positive", concentration, rate)


def Levy(loc, scale, validate_args=None):
    def density(x, loc, scale):
        above = x - loc
        return -0.5 * (pt.log(2.0 * np.pi) - pt.log(scale) + scale / above) - 1.5 * pt.log(above)

    return written(density, ("interval", loc, None), loc, scale)


def LowerTruncatedPowerLaw(alpha, low, validate_args=None):
    def density(x, alpha, low):
        inside = alpha * pt.log(x) + pt.log(-1.0 - alpha) - (1.0 + alpha) * pt.log(low)
        return pt.switch(x >= low, inside, -np.inf)

    return written(density, ("interval", low, None), alpha, low)


def DoublyTruncatedPowerLaw(alpha, low, high, validate_args=None):
    def density(x, alpha, low, high):
        is_inverse = pt.eq(alpha, -1.0)
        power = pt.switch(is_inverse, 1.0, 1.0 + alpha)
        whole = alpha * pt.log(x) + pt.log(power / (high**power - low**power))
        inverse = -pt.log(x) - pt.log(pt.log(high) - pt.log(low))
        return pt.switch((x >= low) & (x <= high), pt.switch(is_inverse, inverse, whole), -np.inf)

    return written(density, ("interval", low, high), alpha, low, high)


def Dagum(concentration, sharpness, scale, validate_args=None):
    def density(x, concentration, sharpness, scale):
        log_ratio = sharpness * (pt.log(x) - pt.log(scale))
        shapes = pt.log(sharpness) + pt.log(concentration) - pt.log(x)
        return shapes + concentration * log_ratio - (concentration + 1.0) * pt.softplus(log_ratio)

    return written(density, "positive", concentration, sharpness, scale)


def SoftLaplace(loc, scale, validate_args=None):
    def density(x, loc, scale):
        z = (x - loc) / scale
        return np.log(2.0 / np.pi) - pt.log(scale) - pt.logaddexp(z, -z)

    return written(density, "real", loc, scale)


def AsymmetricLaplaceQuantile(loc=0.0, scale=1.0, quantile=0.5, validate_args=None):
    asymmetry = pt.sqrt(quantile / (1.0 - pt.as_tensor(quantile)))
    return AsymmetricLaplace(loc, scale * asymmetry / quantile, asymmetry)


def RelaxedBernoulliLogits(temperature, logits, validate_args=None):
    base = Logistic(logits / pt.as_tensor(temperature), 1.0 / pt.as_tensor(temperature))
    return TransformedDistribution(base, SigmoidTransform())


def RelaxedBernoulli(temperature, probs=None, logits=None, validate_args=None):
    return RelaxedBernoulliLogits(temperature, pt.log(probs) - pt.log1p(-pt.as_tensor(probs)) if logits is None else logits)


class FoldedDistribution(Distribution):
    # The size of a number, whatever its sign.
    def __init__(self, base_dist, validate_args=None):
        super().__init__(None, {}, support="positive")
        self.base, self.batch_shape = base_dist, base_dist.batch_shape

    def remade(self, parameters):
        return FoldedDistribution(self.base)

    def unnamed(self):
        return pm.CustomDist.dist(logp=lambda value: self.element_log_prob(value))

    def element_log_prob(self, value):
        return pt.logaddexp(self.base.log_prob(value), self.base.log_prob(-value))

    def declared(self, name, dims):
        value = flat(name, "positive", self.shape(), dims)
        pm.Potential(f"{name}_log_density", self.log_prob(value))
        return value

    def observed(self, name, obs, dims):
        pm.Potential(name, self.log_prob(obs))
        return obs


class CensoredDistribution(Distribution):
    # Values of which some are only known to be below or above what was seen.
    def __init__(self, base_dist, is_censored, is_left):
        super().__init__(None, {"censored": is_censored}, support=base_dist.support)
        self.base, self.is_left = base_dist, is_left
        self.batch_shape = joint_shape([self.batch_shape, base_dist.batch_shape])

    def remade(self, parameters):
        return CensoredDistribution(self.base, parameters["censored"], self.is_left)

    def is_of_parameters(self):
        return False

    def element_log_prob(self, value):
        below = pm.logcdf(self.base.unnamed(), value)
        beyond = below if self.is_left else pt.log1mexp(below)
        return pt.switch(self.parameters["censored"] > 0, beyond, self.base.log_prob(value))

    def declared(self, name, dims):
        raise NotImplementedError(f"{name!r} is censored, and not observed: give it `obs`")

    def observed(self, name, obs, dims):
        pm.Potential(name, self.log_prob(obs))
        return obs


def LeftCensoredDistribution(base_dist, censored=False, validate_args=None):
    return CensoredDistribution(base_dist, censored, True)


def RightCensoredDistribution(base_dist, censored=False, validate_args=None):
    return CensoredDistribution(base_dist, censored, False)


def wishart_parameters(concentration, scale_matrix, rate_matrix, scale_tril):
    given = [x for x in (scale_matrix, rate_matrix, scale_tril) if x is not None]
    if len(given) != 1:
        raise ValueError("a Wishart distribution takes one of `scale_matrix`, `rate_matrix` and `scale_tril`")
    if scale_tril is None:
        scale_tril = pt.linalg.cholesky(scale_matrix if rate_matrix is None else pt.linalg.inv(rate_matrix))
    scale_tril = pt.as_tensor(scale_tril)
    return [concentration, scale_tril], scale_tril.shape[-2:]


def wishart_factor_density(factor, concentration, scale_tril):
    # Of the Cholesky factor of a matrix: the Jacobian of the factor's square is in it, but for its powers of two.
    size = scale_tril.shape[-1]
    logs = pt.log(diagonal(factor))
    scales = pt.log(diagonal(scale_tril)).sum(axis=-1)
    trace = (pt.linalg.solve_triangular(scale_tril, factor, lower=True) ** 2).sum(axis=(-1, -2))
    constants = size * (1.0 - concentration / 2.0) * np.log(2.0) - multigammaln(concentration / 2.0, size)
    powers = (concentration - size - 1.0) * logs.sum(axis=-1) + (np.arange(size, 0, -1) * logs).sum(axis=-1)
    return powers - trace / 2.0 + constants - concentration * scales


def WishartCholesky(concentration, scale_matrix=None, rate_matrix=None, scale_tril=None, validate_args=None):
    given, event = wishart_parameters(concentration, scale_matrix, rate_matrix, scale_tril)
    parameters = {"concentration": given[0], "scale_tril": given[1]}
    return WrittenDistribution(wishart_factor_density, parameters, {"scale_tril": 2}, event, support="lower_cholesky")


def Wishart(concentration, scale_matrix=None, rate_matrix=None, scale_tril=None, validate_args=None):
    given, event = wishart_parameters(concentration, scale_matrix, rate_matrix, scale_tril)
    parameters = {"concentration": given[0], "scale_tril": given[1]}

    def density(matrix, concentration, scale_tril):
        size = scale_tril.shape[-1]
        factor = pt.linalg.cholesky(matrix)
        logs = pt.log(diagonal(factor))
        jacobian = size * np.log(2.0) + (np.arange(size, 0, -1) * logs).sum(axis=-1)
        return wishart_factor_density(factor, concentration, scale_tril) - jacobian

    return WrittenDistribution(density, parameters, {"scale_tril": 2}, event, support="positive_definite")


class Constraint:
    # Where values may be, as `flat` takes it.
    def __init__(self, *support):
        self.support = support if len(support) > 1 else support[0]


real, positive, unit_interval = Constraint("real"), Constraint("positive"), Constraint("unit")
real_vector, real_matrix, nonnegative, softplus_positive = real, real, positive, positive
ordered_vector, simplex = Constraint("ordered"), Constraint("simplex")
lower_cholesky, positive_definite = Constraint("lower_cholesky"), Constraint("positive_definite")


def interval(lower_bound, upper_bound):
    return Constraint("interval", lower_bound, upper_bound)


def greater_than(lower_bound):
    return Constraint("interval", lower_bound, None)


def less_than(upper_bound):
    return Constraint("interval", None, upper_bound)


def ImproperUniform(support, batch_shape, event_shape, validate_args=None):
    if not isinstance(support, Constraint):
        raise TypeError("`ImproperUniform` takes a constraint, such as `constraints.positive`")
    density = lambda value: pt.zeros(())
    return WrittenDistribution(density, {}, None, tuple(event_shape), support=support.support).expand(batch_shape)


class IdentityTransform:
    # A transform: the value, its inverse with the logarithm of the slope of that, and where its values are; `own_dim`
    # says how many axes it takes whole.
    own_dim = 0

    def __init__(self, domain=None):
        self.domain = domain

    def __call__(self, x):
        return x

    def inverse(self, y):
        return y, 0.0

    def codomain(self, support):
        return support


class AffineTransform(IdentityTransform):
    def __init__(self, loc, scale, domain=None):
        self.loc, self.scale = loc, scale

    def __call__(self, x):
        return self.loc + self.scale * x

    def inverse(self, y):
        return (y - self.loc) / self.scale, -pt.log(pt.abs(self.scale))

    def codomain(self, support):
        return "real" if support == "real" else "transformed"


class ExpTransform(IdentityTransform):
    def __call__(self, x):
        return pt.exp(x)

    def inverse(self, y):
        return pt.log(y), -pt.log(y)

    def codomain(self, support):
        return "positive" if support == "real" else "transformed"


class SoftplusTransform(IdentityTransform):
    def __call__(self, x):
        return pt.softplus(x)

    def inverse(self, y):
        return y + pt.log(-pt.expm1(-y)), -pt.log(-pt.expm1(-y))

    def codomain(self, support):
        return "positive" if support == "real" else "transformed"


class SigmoidTransform(IdentityTransform):
    def __call__(self, x):
        return pt.sigmoid(x)

    def inverse(self, y):
        return pt.log(y) - pt.log1p(-y), -pt.log(y) - pt.log1p(-y)

    def codomain(self, support):
        return "unit" if support == "real" else "transformed"


class PowerTransform(IdentityTransform):
    def __init__(self, exponent):
        self.exponent = exponent

    def __call__(self, x):
        return x**self.exponent

    def inverse(self, y):
        x = y ** (1.0 / self.exponent)
        return x, -pt.log(pt.abs(self.exponent * y / x))

    def codomain(self, support):
        return "positive" if support == "positive" else "transformed"


class OrderedTransform(IdentityTransform):
    own_dim = 1

    def __call__(self, x):
        return pt.cumsum(pt.concatenate([x[..., :1], pt.exp(x[..., 1:])], axis=-1), axis=-1)

    def inverse(self, y):
        logs = pt.log(y[..., 1:] - y[..., :-1])
        return pt.concatenate([y[..., :1], logs], axis=-1), -logs.sum(axis=-1)

    def codomain(self, support):
        return "ordered"


class SimplexToOrderedTransform(IdentityTransform):
    own_dim = 1

    def __init__(self, anchor_point=0.0):
        self.anchor = pt.as_tensor(anchor_point)

    def __call__(self, x):
        below = pt.cumsum(x[..., :-1], axis=-1)
        return pt.log(below) - pt.log1p(-below) + self.anchor[..., None]

    def inverse(self, y):
        y = y - self.anchor[..., None]
        below = pt.sigmoid(y)
        edge = pt.zeros(tuple(y.shape[:-1]) + (1,))
        x = pt.concatenate([below, edge + 1.0], axis=-1) - pt.concatenate([edge, below], axis=-1)
        return x, -(pt.softplus(y) + pt.softplus(-y)).sum(axis=-1)

    def codomain(self, support):
        return "ordered"


class ComposeTransform(IdentityTransform):
    def __init__(self, parts):
        self.parts = list(parts)


class LowerCholeskyAffine(IdentityTransform):
    own_dim = 1

    def __init__(self, loc, scale_tril):
        self.loc, self.factor = pt.as_tensor(loc), pt.as_tensor(scale_tril)

    def __call__(self, x):
        return self.loc + (self.factor @ x[..., None])[..., 0]

    def inverse(self, y):
        slope = pt.log(diagonal(self.factor)).sum(axis=-1)
        return pt.linalg.solve_triangular(self.factor, (y - self.loc)[..., None], lower=True)[..., 0], -slope


class TransformedDistribution(Distribution):
    # A free variable is that of the base, and what the transforms make of it.
    def __init__(self, base_distribution, transforms, validate_args=None):
        given = list(transforms) if isinstance(transforms, (list, tuple)) else [transforms]
        self.transforms = []
        for transform in given:
            self.transforms = self.transforms + (transform.parts if isinstance(transform, ComposeTransform) else [transform])
        needed = max([transform.own_dim for transform in self.transforms])
        missing = max(needed - base_distribution.event_dim, 0)
        self.base = base_distribution.to_event(missing) if missing > 0 else base_distribution
        self.batch_shape, self.event_shape, self.support = self.base.batch_shape, self.base.event_shape, self.base.support
        for transform in self.transforms:
            self.support = transform.codomain(self.support)
            if isinstance(transform, SimplexToOrderedTransform):
                self.event_shape = self.event_shape[:-1] + (self.event_shape[-1] - 1,)
        self.parameters, self.cores, self.fixed, self.make = {}, {}, {}, None
        self.masked_by, self.location, self.own_dim = None, None, len(self.event_shape)

    def remade(self, parameters):
        return TransformedDistribution(self.base, self.transforms)

    def declared(self, name, dims):
        base = self.base.expand(self.element_shape())
        value = base.declared(f"{name}_base", dims if base.shape() == self.shape() else None)
        for transform in self.transforms:
            value = transform(value)
        return pm.Deterministic(name, value)

    def unnamed(self):
        return pm.CustomDist.dist(logp=lambda value: self.element_log_prob(value))

    def element_log_prob(self, value):
        correction = 0.0
        for transform in self.transforms[::-1]:
            value, slope = transform.inverse(value)
            slope = pt.as_tensor(slope)
            if transform.own_dim == 0:
                slope = pt.broadcast_to(slope, joint_shape([slope.shape, value.shape]))
            for _ in range(self.base.event_dim - transform.own_dim):
                slope = slope.sum(axis=-1)
            correction = correction + slope
        return self.base.log_prob(value) + correction

    def observed(self, name, obs, dims):
        pm.Potential(name, self.log_prob(obs))
        return obs
