# pymc.dims and pytensor.xtensor, written in the language of model files.

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from xarray import DataArray

OPTIONS = ["initval", "total_size", "transform", "default_transform", "rng"]


class XTensor(DataArray):
    # An array of the model whose axes have names, and no labels.
    def __init__(self, values, dims):
        self.values, self.dims = values, tuple(dims)
        self.shape, self.ndim, self.size = values.shape, values.ndim, values.size
        self.sizes = dict(zip(self.dims, self.shape))
        self.coords, self.name, self.taken_from = {}, None, None
        if len(self.sizes) != self.ndim:
            raise ValueError(f"an array of shape {self.shape} has the dims {self.dims}: write one name for each axis")

    def like(self, values, dims, coords=None):
        return XTensor(values, dims)

    def __array__(self):
        raise TypeError(f"an array with the dims {self.dims} stands where a plain one belongs: take its `.values`")

    def __getattr__(self, name):
        raise AttributeError(f"arrays with dims have no `{name}`")

    def sel(self, *indexers, **named):
        raise NotImplementedError("these arrays have no labels: count along a dim with `.isel(dim=...)`")

    def combined(self, other, run):
        return aligned(run, [self, other])

    def __array_ufunc__(self, function, method, *inputs):
        return aligned(function, inputs)

    def isel(self, indexers=None, drop=False, missing_dims="raise", **named):
        indexers = named if indexers is None else indexers
        if missing_dims == "raise":
            for dim in indexers:
                self.axis(dim)
        return self.indexed([indexers.get(dim, slice(None)) for dim in self.dims])

    def __getitem__(self, key):
        if isinstance(key, dict):
            return self.isel(key)
        places = list(key) if isinstance(key, tuple) else [key]
        if ... in places:
            start = places.index(...)
            rest = [slice(None)] * (self.ndim - len(places) + 1)
            places = places[:start] + rest + places[start + 1 :]
        if len(places) > self.ndim:
            raise IndexError(f"{len(places)} indices for an array with the dims {self.dims}")
        return self.indexed(places + [slice(None)] * (self.ndim - len(places)))

    def indexed(self, places):
        # What a place, a slice or an array of places takes of each axis. Arrays that share a dim go along it together,
        # and so does an axis whose dim they have.
        places = [place if isinstance(place, slice) else as_index(place, dim) for dim, place in zip(self.dims, places)]
        shared = joint([place for place in places if isinstance(place, XTensor)])
        for k, dim in enumerate(self.dims):
            if isinstance(places[k], slice) and dim in shared:
                places[k] = XTensor(np.arange(self.shape[k])[places[k]], [dim])
        shared = joint([place for place in places if isinstance(place, XTensor)])
        pointed = [k for k in range(self.ndim) if isinstance(places[k], XTensor)]
        sliced = [k for k in range(self.ndim) if k not in pointed]
        values = np.transpose(self.values, pointed + sliced)
        values = values[tuple([places[k].spread(shared) for k in pointed] + [places[k] for k in sliced])]
        out = XTensor(values, list(shared) + [self.dims[k] for k in sliced])
        order = []
        for dim, place in zip(self.dims, places):
            order = order + [new for new in (place.dims if isinstance(place, XTensor) else [dim]) if new not in order]
        out = out.transpose(*order) if out.ndim > 1 else out
        out.taken_from = (self, places)
        return out

    def set(self, value):
        return self.put_back(value, True)

    def inc(self, value):
        return self.put_back(value, False)

    def put_back(self, value, replaces):
        if self.taken_from is None:
            raise ValueError("`set` and `inc` stand behind an index, as in `x.isel(a=0).set(value)`")
        whole, places = self.taken_from
        flat = whole.values.ravel()
        at = XTensor(np.arange(whole.size).reshape(whole.shape), whole.dims).indexed(places)
        value = as_xtensor(value).spread(at.dims)
        if replaces:
            flat = pt.set_subtensor(flat[at.values], value)
        else:
            flat = pt.inc_subtensor(flat[at.values], value)
        return XTensor(flat.reshape(whole.shape), whole.dims)

    def head(self, indexers=None, **named):
        return self.isel({dim: slice(None, count) for dim, count in self.counts(indexers, named).items()})

    def tail(self, indexers=None, **named):
        counts = self.counts(indexers, named)
        return self.isel({dim: slice(max(self.sizes[dim] - count, 0), None) for dim, count in counts.items()})

    def thin(self, indexers=None, **named):
        return self.isel({dim: slice(None, None, step) for dim, step in self.counts(indexers, named).items()})

    def counts(self, indexers, named):
        indexers = named if len(named) > 0 else 5 if indexers is None else indexers
        return indexers if isinstance(indexers, dict) else {dim: indexers for dim in self.dims}

    def squeeze(self, dim=None, drop=None, axis=None):
        if axis is not None:
            dim = [self.dims[k] for k in (axis if isinstance(axis, (list, tuple)) else [axis])]
        gone = [known for known in self.dims if self.sizes[known] == 1] if dim is None else self.named(dim)
        for known in gone:
            if self.shape[self.axis(known)] != 1:
                raise ValueError(f"the dim {known!r} has the length {self.sizes[known]}, and only a length of 1 can go")
        return self.isel({known: 0 for known in gone})

    def expand_dims(self, dim=None, create_index_for_new_dim=None, axis=None, **sizes):
        new = sizes if dim is None else {dim: 1} if isinstance(dim, str) else dim
        new = new if isinstance(new, dict) else {known: 1 for known in new}
        new = {known: len(size) if isinstance(size, (list, tuple)) else size for known, size in new.items()}
        shape = list(new.values()) + list(self.shape)
        out = XTensor(pt.broadcast_to(self.values, shape), list(new) + list(self.dims))
        if axis is None:
            return out
        order = list(self.dims)
        for known, place in zip(new, axis if isinstance(axis, (list, tuple)) else [axis]):
            order.insert(place if place >= 0 else len(order) + place + 1, known)
        return out.transpose(*order)

    def clip(self, min, max):
        return clip(self, min, max)

    def astype(self, dtype):
        return XTensor(self.values.astype(dtype), self.dims)

    def copy(self, name=None):
        return self

    def sum(self, dim=None):
        return self.reduced(pt.sum, dim)

    def prod(self, dim=None):
        return self.reduced(pt.prod, dim)

    def mean(self, dim=None):
        return self.reduced(pt.mean, dim)

    def max(self, dim=None):
        return self.reduced(pt.max, dim)

    def min(self, dim=None):
        return self.reduced(pt.min, dim)

    def all(self, dim=None):
        return self.reduced(pt.all, dim)

    def any(self, dim=None):
        return self.reduced(pt.any, dim)

    def var(self, dim=None, ddof=0):
        count = np.prod([self.shape[self.axis(known)] for known in self.named(dim)])
        return ((self - self.mean(dim)) ** 2).sum(dim) / (count - ddof)

    def std(self, dim=None, ddof=0):
        return np.sqrt(self.var(dim, ddof))

    def along(self, run, dim):
        values = self.values
        for known in self.named(dim):
            values = run(values, axis=self.axis(known))
        return XTensor(values, self.dims)

    def cumsum(self, dim=None):
        return self.along(pt.cumsum, dim)

    def cumprod(self, dim=None):
        return self.along(pt.cumprod, dim)

    def diff(self, dim, n=1):
        out = self
        for _ in range(n):
            out = out.isel({dim: slice(1, None)}) - out.isel({dim: slice(None, -1)})
        return out

    def dot(self, other, dim=None):
        return dot(self, other, dim)

    def stack(self, dim=None, **dims):
        # In the order that is given, as in xarray; PyTensor keeps that of the array.
        out = self
        for new, old in (dims if dim is None else dim).items():
            out = out.transpose(..., *old)
            kept = list(out.dims)[: out.ndim - len(old)]
            out = XTensor(out.values.reshape([out.sizes[known] for known in kept] + [-1]), kept + [new])
        return out

    def unstack(self, dim=None, **dims):
        out = self
        for old, new in (dims if dim is None else dim).items():
            out = out.transpose(..., old)
            kept = list(out.dims)[:-1]
            shape = [out.sizes[known] for known in kept] + list(new.values())
            out = XTensor(out.values.reshape(shape), kept + list(new))
        return out

    def broadcast_like(self, other, exclude=None):
        return broadcast(other, self, exclude=exclude)[1]


def as_xtensor(x, dims=None, name=None):
    dims = (dims,) if isinstance(dims, str) else dims
    if isinstance(x, DataArray):
        if dims is not None and tuple(dims) != x.dims:
            raise ValueError(f"the array has the dims {x.dims}, not {tuple(dims)}: `.transpose` or `.rename` them")
        return x if isinstance(x, XTensor) else XTensor(x.values, x.dims)
    values = pt.as_tensor(x)
    if dims is None and values.ndim > 0:
        raise ValueError(
            f"an array of shape {values.shape} has no names of its axes: `pmd.as_xtensor(array, dims=(...))` gives it some"
        )
    return XTensor(values, () if dims is None else dims)


def as_index(place, dim):
    # The places that an index of the axis `dim` means.
    if isinstance(place, tuple) and len(place) == 2 and not isinstance(place[0], (int, float)):
        place = as_xtensor(np.asarray(place[1]), place[0])
    if not isinstance(place, DataArray):
        place = np.asarray(place)
        if place.ndim > 1:
            raise IndexError("an index of several axes needs their names: give it with `pmd.as_xtensor(index, dims=(...))`")
        place = XTensor(place, [dim][: place.ndim])
    place = as_xtensor(place)
    if place.values.dtype == bool:
        return XTensor(np.flatnonzero(place.values), place.dims)
    return place


def joint(tensors, exclude=()):
    # The dims of arrays in the order of their first appearance, with their sizes.
    sizes = {}
    for tensor in tensors:
        for dim, size in tensor.sizes.items():
            if dim in exclude:
                continue
            if sizes.get(dim, size) != size:
                raise ValueError(f"the dim {dim!r} has the length {sizes[dim]} in one array, and {size} in another")
            sizes[dim] = size
    return sizes


def aligned(run, inputs):
    # A function of arrays, as one of arrays with dims.
    tensors = [as_xtensor(x) for x in inputs]
    dims = list(joint(tensors))
    return XTensor(run(*[tensor.spread(dims) for tensor in tensors]), dims)


def broadcast(*args, exclude=None):
    tensors = [as_xtensor(x) for x in args]
    exclude = [] if exclude is None else [exclude] if isinstance(exclude, str) else list(exclude)
    sizes = joint(tensors, exclude)
    out = []
    for tensor in tensors:
        dims = list(sizes) + [dim for dim in exclude if dim in tensor.dims]
        shape = [sizes[dim] if dim in sizes else tensor.sizes[dim] for dim in dims]
        out.append(XTensor(pt.broadcast_to(tensor.spread(dims), shape), dims))
    return tuple(out)


def concat(xtensors, dim):
    tensors = [as_xtensor(x) for x in xtensors]
    tensors = [tensor if dim in tensor.dims else tensor.expand_dims(dim) for tensor in tensors]
    given = [[known for known in as_xtensor(x).dims] for x in xtensors]
    order = []
    for dims in given if any(dim in dims for dims in given) else [[dim]] + given:
        order = order + [known for known in dims if known not in order]
    parts = [tensor.transpose(*order) for tensor in broadcast(*tensors, exclude=dim)]
    return XTensor(pt.concatenate([part.values for part in parts], axis=order.index(dim)), order)


def dot(x, y, dim=None):
    x, y = as_xtensor(x), as_xtensor(y)
    sizes = joint([x, y])
    gone = [known for known in x.dims if known in y.dims] if dim is None else list(sizes) if dim is ... else x.named(dim)
    for known in gone:
        if known not in sizes:
            raise ValueError(f"neither array has the dim {known!r}; they have {tuple(sizes)}")
    kept = [known for known in sizes if known not in gone]
    letters = {known: chr(97 + k) for k, known in enumerate(sizes)}
    written = ["".join([letters[known] for known in dims]) for dims in (x.dims, y.dims, kept)]
    return XTensor(pt.einsum(f"{written[0]},{written[1]}->{written[2]}", x.values, y.values), kept)


def full_like(x, fill_value, dtype=None):
    x = as_xtensor(x)
    filled = XTensor(pt.broadcast_to(as_xtensor(fill_value).spread(x.dims), x.shape), x.dims)
    return filled.astype(x.values.dtype if dtype is None else dtype)


def ones_like(x, dtype=None):
    return full_like(x, 1, dtype)


def zeros_like(x, dtype=None):
    return full_like(x, 0, dtype)


def softmax(x, dim=None):
    return np.exp(as_xtensor(x) - logsumexp(x, dim))


def logsumexp(x, dim=None):
    return as_xtensor(x).reduced(pt.logsumexp, dim)


def where(cond, ift, iff):
    return aligned(pt.where, [cond, ift, iff])


def clip(x, min, max):
    return aligned(pt.clip, [x, min, max])


def cast(x, dtype):
    return as_xtensor(x).astype(dtype)


def Data(name, value, dims=None, model=None):
    tensor = as_xtensor(value, dims)
    lengths_of(tensor.dims)
    return XTensor(pm.Data(name, tensor.values, dims=tensor.dims), tensor.dims)


def arranged(value, dims):
    if isinstance(value, XTensor) and dims is not None:
        return value.transpose(*([dims] if isinstance(dims, str) else dims))
    return as_xtensor(value, dims)


def Deterministic(name, value, dims=None, model=None):
    tensor = arranged(value, dims)
    return XTensor(pm.Deterministic(name, tensor.values, dims=tensor.dims), tensor.dims)


def Potential(name, value, dims=None, model=None):
    tensor = arranged(value, dims)
    return XTensor(pm.Potential(name, tensor.values), tensor.dims)


def lengths_of(dims):
    # The lengths of dims that the model has.
    known = pm.modelcontext(None).dim_lengths
    for dim in dims:
        if dim not in known:
            raise ValueError(f"the model has no dim {dim!r}: name it in the `coords` of the model; it has {tuple(known)}")
    return {dim: known[dim] for dim in dims}


class Unnamed:
    # A distribution of arrays with dims, without a name. `inner` says which dims of each parameter it takes whole, in
    # order, and `core` which dims, all last, its draws have besides those that the parameters share.
    def __init__(self, make, positional, named, inner=None, core=None, fixed=None):
        self.make = make
        self.positional = [as_xtensor(x) for x in positional]
        self.named = {key: as_xtensor(x) for key, x in named.items() if x is not None}
        self.inner = {} if inner is None else inner
        self.core = [] if core is None else core
        self.fixed = {} if fixed is None else fixed
        taken = [dim for dims in self.inner.values() for dim in dims]
        self.sizes = joint(self.positional + list(self.named.values()))
        self.dims = [dim for dim in self.sizes if dim not in taken]

    def parameters(self, dims):
        # The parameters with an axis for each of `dims`.
        positional = [tensor.spread(dims) for tensor in self.positional]
        named = {key: tensor.spread(dims + self.inner.get(key, [])) for key, tensor in self.named.items()}
        return positional, named

    def unnamed(self, dims):
        positional, named = self.parameters(dims)
        return self.make.dist(*positional, **named, **self.fixed)

    def declared(self, name, dims, observed, options):
        options = dict(options)
        wanted = None if dims is None else [dims] if isinstance(dims, str) else list(dims)
        observed = None if observed is None else as_xtensor(observed)
        named = [dim for dim in ([] if wanted is None else wanted) if dim is not ...]
        named = named + [dim for dim in ([] if observed is None else observed.dims) if dim not in named]
        own = self.dims + self.core
        batch = [dim for dim in named if dim not in own] + self.dims
        order = batch + self.core
        for dim, length in lengths_of(order).items():
            if self.sizes.get(dim, length) != length:
                raise ValueError(f"a parameter has the length {self.sizes[dim]} along {dim!r}, which has {length} labels")
        if wanted is not None:
            place = wanted.index(...) if ... in wanted else None
            if place is not None:
                order = wanted[:place] + [dim for dim in order if dim not in wanted] + wanted[place + 1 :]
            elif sorted(wanted) != sorted(order):
                raise ValueError(
                    f"`dims` are {tuple(wanted)}, and the variable has the dims {tuple(order)}: name all of them, or "
                    "write `...` for the others"
                )
            else:
                order = wanted
        # The variable keeps the dims of a draw last.
        batch = [dim for dim in order if dim not in self.core]
        stored = batch + self.core
        if observed is not None:
            if sorted(observed.dims) != sorted(stored):
                raise ValueError(f"the observed data have the dims {observed.dims}, and the variable has {tuple(stored)}")
            options["observed"] = observed.transpose(*stored).values
        if isinstance(options.get("initval"), DataArray):
            options["initval"] = as_xtensor(options["initval"]).transpose(*stored).values
        positional, parameters = self.parameters(batch)
        value = self.make(name, *positional, dims=stored, **parameters, **self.fixed, **options)
        return XTensor(value, stored).transpose(*order)


class Distribution:
    # A distribution of single numbers.
    def __init__(self, make):
        self.make = make

    def dist(self, *parameters, **named):
        return Unnamed(self.make, parameters, named)

    def __call__(self, name, *parameters, dims=None, observed=None, model=None, **named):
        options = {key: x for key, x in named.items() if key in OPTIONS}
        named = {key: x for key, x in named.items() if key not in OPTIONS}
        return self.dist(*parameters, **named).declared(name, dims, observed, options)


def core_of(name, core_dims, count=None):
    # The dims that a distribution of vectors takes whole.
    core = [] if core_dims is None else [core_dims] if isinstance(core_dims, str) else list(core_dims)
    if len(core) == 0 or (count is not None and len(core) != count):
        needed = "one dim or several" if count is None else f"{count} dim" if count == 1 else f"{count} dims"
        raise ValueError(f"`{name}` needs `core_dims`, {needed} that its draws or parameters have whole, not {core_dims!r}")
    return core


def with_core(name, parameter, x, core):
    x = as_xtensor(x)
    for dim in core:
        if dim not in x.dims:
            raise ValueError(f"`{parameter}` of `{name}` has the dims {x.dims}, without {dim!r} of `core_dims`")
    return x


class CategoricalDistribution(Distribution):
    def dist(self, p=None, logit_p=None, core_dims=None):
        core = core_of("Categorical", core_dims, 1)
        if (p is None) == (logit_p is None):
            raise ValueError("`Categorical` takes either `p` or `logit_p`")
        key, x = ("logit_p", logit_p) if p is None else ("p", p)
        return Unnamed(self.make, [], {key: with_core("Categorical", key, x, core)}, {key: core})


class DirichletDistribution(Distribution):
    def dist(self, a, core_dims=None):
        core = core_of("Dirichlet", core_dims, 1)
        return Unnamed(self.make, [], {"a": with_core("Dirichlet", "a", a, core)}, {"a": core}, core)


class MvNormalDistribution(Distribution):
    def dist(self, mu, cov=None, chol=None, lower=True, core_dims=None):
        core = core_of("MvNormal", core_dims, 2)
        mu = as_xtensor(mu)
        own = [dim for dim in core if dim in mu.dims]
        if len(own) != 1:
            raise ValueError(f"`mu` of `MvNormal` has the dims {mu.dims}, and needs exactly one of the `core_dims` {core}")
        if (cov is None) == (chol is None):
            raise ValueError("`MvNormal` takes either `cov` or `chol`")
        key, matrix = ("chol", chol) if cov is None else ("cov", cov)
        rows = core if key == "cov" or lower else core[::-1]
        matrix = with_core("MvNormal", key, matrix, core)
        return Unnamed(self.make, [], {"mu": mu, key: matrix}, {"mu": own, key: rows}, own)


class ZeroSumNormalDistribution(Distribution):
    def dist(self, sigma=1.0, core_dims=None):
        core = core_of("ZeroSumNormal", core_dims)
        sigma = as_xtensor(sigma)
        if any(dim in sigma.dims for dim in core):
            raise ValueError(f"`sigma` of `ZeroSumNormal` has the dims {sigma.dims}, and may have none of its `core_dims`")
        return Unnamed(self.make, [], {"sigma": sigma}, {"sigma": core}, core, {"n_zerosum_axes": len(core)})


class CensoredDistribution(Distribution):
    def dist(self, dist, lower=None, upper=None):
        if not isinstance(dist, Unnamed):
            raise TypeError("`Censored` takes a distribution without a name first, such as `pmd.Normal.dist(mu, sigma)`")
        return Bounded(self.make, dist, {"lower": lower, "upper": upper})


class Bounded(Unnamed):
    # A distribution whose draws are cut off at bounds.
    def __init__(self, make, inside, bounds):
        super().__init__(make, [], bounds)
        self.inside = inside
        self.dims = [dim for dim in self.dims if dim not in inside.dims] + inside.dims
        for dim, size in inside.sizes.items():
            if self.sizes.get(dim, size) != size:
                raise ValueError(f"the bounds have the length {self.sizes[dim]} along {dim!r}, and the distribution {size}")
            self.sizes[dim] = size

    def parameters(self, dims):
        positional, named = super().parameters(dims)
        return [self.inside.unnamed(dims)] + positional, named


Flat = Distribution(pm.Flat)
HalfFlat = Distribution(pm.HalfFlat)
Uniform = Distribution(pm.Uniform)
Normal = Distribution(pm.Normal)
HalfNormal = Distribution(pm.HalfNormal)
TruncatedNormal = Distribution(pm.TruncatedNormal)
LogNormal = Distribution(pm.LogNormal)
StudentT = Distribution(pm.StudentT)
HalfStudentT = Distribution(pm.HalfStudentT)
Cauchy = Distribution(pm.Cauchy)
HalfCauchy = Distribution(pm.HalfCauchy)
Beta = Distribution(pm.Beta)
Laplace = Distribution(pm.Laplace)
Exponential = Distribution(pm.Exponential)
Gamma = Distribution(pm.Gamma)
InverseGamma = Distribution(pm.InverseGamma)
Weibull = Distribution(pm.Weibull)
Categorical = CategoricalDistribution(pm.Categorical)
Dirichlet = DirichletDistribution(pm.Dirichlet)
MvNormal = MvNormalDistribution(pm.MvNormal)
ZeroSumNormal = ZeroSumNormalDistribution(pm.ZeroSumNormal)
Censored = CensoredDistribution(pm.Censored)
