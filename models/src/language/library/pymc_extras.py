# pymc-extras, written in the language of model files.

from collections import namedtuple

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.transforms import Transform

R2D2M2CPOut = namedtuple("R2D2M2CPOut", ["eps", "beta"])


def R2D2M2CP(
    name,
    output_sigma,
    input_sigma,
    *,
    dims,
    r2,
    variables_importance=None,
    variance_explained=None,
    importance_concentration=None,
    r2_std=None,
    positive_probs=0.5,
    positive_probs_std=None,
    centered=False,
):
    # Coefficients of which each explains a share of the variance `r2 * output_sigma**2`.
    dims = list(dims) if isinstance(dims, (list, tuple)) else [dims]
    coords = pm.modelcontext(None).coords
    shape = tuple([len(coords[dim]) for dim in dims])
    input_sigma = pt.as_tensor_variable(input_sigma)
    with pm.Model(name):
        if r2_std is not None:
            r2 = pm.Beta("r2", mu=r2, sigma=r2_std, dims=dims[:-1])
        shares = shares_of_variance(
            variables_importance, variance_explained, importance_concentration, dims, shape
        )
        psi, is_open = directions(positive_probs, positive_probs_std, dims, shape)
    explained = shares * pt.expand_dims(pt.as_tensor_variable(r2 * output_sigma**2), -1)
    # A normal number of this mean and deviation is above zero with probability psi, and has mean square `explained`.
    quantile = pt.erfinv(2 * pt.where(is_open, psi, 0.5) - 1)
    sigma = pt.where(is_open, pt.sqrt(explained / (2 * quantile**2 + 1)), 0.0)
    mu = pt.where(is_open, sigma * quantile * np.sqrt(2.0), pt.sqrt(explained) * pt.sign(psi - 0.5))
    places = np.nonzero(is_open)
    count = len(places[0])
    if centered and count == len(is_open.ravel()):
        beta = pm.Normal(name, mu / input_sigma, sigma / input_sigma, dims=dims)
    elif centered and count == 0:
        beta = pm.Deterministic(name, mu / input_sigma, dims=dims)
    elif centered:
        mean, deviation = pt.broadcast_to(mu / input_sigma, shape), pt.broadcast_to(sigma / input_sigma, shape)
        with pm.Model(name):
            masked = pm.Normal("masked", mean[places], deviation[places], shape=count)
        beta = pm.Deterministic(name, pt.set_subtensor(mean[places], masked), dims=dims)
    else:
        with pm.Model(name):
            raw = raw_numbers(places, count, dims, shape)
        beta = pm.Deterministic(name, (raw * sigma + mu) / input_sigma, dims=dims)
    return R2D2M2CPOut(pt.sqrt(1 - r2) * output_sigma, beta)


def raw_numbers(places, count, dims, shape):
    # Standard normal numbers at these places, zero elsewhere.
    if count == np.prod(shape):
        return pm.Normal("raw", dims=dims)
    zeros = pt.zeros(shape)
    if count == 0:
        return zeros
    with pm.Model("raw"):
        masked = pm.Normal("masked", shape=count)
    return pm.Deterministic("raw", pt.set_subtensor(zeros[places], masked), dims=dims)


def shares_of_variance(importance, explained, concentration, dims, shape):
    if importance is not None or explained is not None:
        both = importance is not None and explained is not None
        assert not both, "give variables_importance or variance_explained, not both"
        assert shape[-1] > 1, "the importance of one variable alone says nothing: leave it out"
    if importance is not None:
        weights = pt.as_tensor_variable(importance)
        weights = weights if concentration is None else weights * concentration
        return pm.Dirichlet("phi", weights, dims=dims)
    shares = np.ones(shape) if explained is None else pt.as_tensor_variable(explained)
    if concentration is None:
        return shares
    return pm.Dirichlet("phi", concentration * shares, dims=dims)


def directions(probs, deviations, dims, shape):
    # The probabilities of positive coefficients, and which of them are neither 0 nor 1.
    probs = np.broadcast_to(np.asarray(probs, dtype=float), shape)
    is_open = (probs != 0) & (probs != 1)
    if deviations is None:
        return probs, is_open
    deviations = np.broadcast_to(np.asarray(deviations, dtype=float), shape)
    is_wrong = np.any(~is_open & (deviations != 0))
    assert not is_wrong, "a probability of 0 or 1 is certain: its positive_probs_std must be 0"
    if np.all(is_open):
        return pm.Beta("psi", mu=probs, sigma=deviations, dims=dims), is_open
    if not np.any(is_open):
        return probs, is_open
    places = np.nonzero(is_open)
    with pm.Model("psi"):
        masked = pm.Beta("masked", mu=probs[places], sigma=deviations[places], shape=len(places[0]))
    psi = pt.set_subtensor(pt.as_tensor_variable(probs)[places], masked)
    return pm.Deterministic("psi", psi, dims=dims), is_open


def histogram_approximation(name, dist, *, observed, min_count=None, n_quantiles=1000, zero_inflation=False):
    # The density at the middles of the bins, as often as there are observations in each.
    observed = np.asarray(observed)
    if observed.dtype == int:
        middles, counts = np.unique(observed, return_counts=True)
        if min_count is not None:
            middles = middles[counts >= min_count]
        counts = counts_between(observed, np.concatenate([middles, [middles.max() + 1]]))
    else:
        spread = observed[observed > 0] if zero_inflation else observed.ravel()
        edges = np.percentile(spread, np.linspace(0, 100, n_quantiles))
        middles, counts = (edges[:-1] + edges[1:]) / 2, counts_between(observed, edges)
        if zero_inflation:
            middles = np.concatenate([[0.0], middles])
            counts = np.concatenate([np.sum(observed == 0, axis=0)[None], counts])
    middles = middles.reshape([-1] + [1 for k in range(observed.ndim - 1)])
    return pm.Potential(name, pm.logp(dist, middles) * counts)


def counts_between(observed, edges):
    if observed.ndim == 1:
        return np.histogram(observed, bins=edges)[0]
    return np.stack([counts_between(observed[:, k], edges) for k in range(observed.shape[1])], axis=1)


class PartialOrder(Transform):
    # Numbers of which some are below others; `adj_mat[i, j] = 1` says that number i is below number j. With a third axis
    # in front there is an order for each row of the numbers.
    name = "partial_order"

    def __init__(self, adj_mat):
        adj_mat = np.asarray(adj_mat)
        is_square = adj_mat.ndim in (2, 3) and adj_mat.shape[-2] == adj_mat.shape[-1]
        assert is_square, "adj_mat must be a square matrix, or several of them"
        assert adj_mat.min() == 0 and adj_mat.max() == 1, "adj_mat must contain 0 and 1 alone, and both"
        self.shape = adj_mat.shape[:-1]
        self.count = adj_mat.shape[-1]
        self.parents, self.orders = [], []
        for matrix in adj_mat.reshape((-1, self.count, self.count)):
            below = matrix > 0
            for k in range(self.count):
                below = below | (below[:, k, None] & below[None, k, :])
            assert not np.any(np.diag(below)), "adj_mat says of a number that it is below itself"
            ways = below.astype(int)
            direct = below & ((ways @ ways) == 0)
            self.parents.append([np.flatnonzero(direct[:, k]).tolist() for k in range(self.count)])
            self.orders.append(self.order(self.parents[-1]))
        has_parents = [[len(parents) > 0 for parents in several] for several in self.parents]
        self.has_parents = np.array(has_parents, dtype=float).reshape(self.shape)

    def order(self, parents):
        # Each number after those below it, the first ones first.
        order = []
        while len(order) < self.count:
            ready = [k for k in range(self.count) if k not in order and all(p in order for p in parents[k])]
            order.append(ready[0])
        return order

    def initvals(self, shape=None, lower=-1, upper=1):
        shape = self.shape if shape is None else tuple(shape)
        fits = shape[-len(self.shape) :] == self.shape
        assert fits, "the last axes of shape must be those of the matrices of the order"
        numbers = np.linspace(lower, upper, self.count)
        rows = [numbers[np.argsort(order)] for order in self.orders]
        return np.broadcast_to(np.array(rows).reshape(self.shape), shape)

    def each(self, value, function):
        if len(self.shape) == 1:
            return function(value, self.parents[0], self.orders[0])
        rows = [
            function(value[..., k, :], self.parents[k], self.orders[k]) for k in range(len(self.orders))
        ]
        return pt.stack(rows, axis=-2)

    def highest(self, numbers, parents):
        highest = numbers[parents[0]]
        for parent in parents[1:]:
            highest = pt.maximum(highest, numbers[parent])
        return highest

    def backward(self, value, *inputs):
        def one(value, parents, order):
            numbers = [value[..., k] for k in range(self.count)]
            for k in order:
                if parents[k]:
                    numbers[k] = self.highest(numbers, parents[k]) + pt.exp(numbers[k])
            return pt.stack(numbers, axis=-1)

        return self.each(value, one)

    def forward(self, value, *inputs):
        def one(value, parents, order):
            numbers = [value[..., k] for k in range(self.count)]
            steps = [
                pt.log(numbers[k] - self.highest(numbers, parents[k])) if parents[k] else numbers[k]
                for k in order
            ]
            return pt.stack([steps[order.index(k)] for k in range(self.count)], axis=-1)

        return self.each(value, one)

    def log_jac_det(self, value, *inputs):
        return pt.sum(value * self.has_parents, axis=-1)
