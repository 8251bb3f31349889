# numpyro, written in the language of model files: its statements, handlers and samplers.

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpyro.distributions import Distribution


class Context:
    # The plates and handlers around a statement.
    def __init__(self):
        self.plates, self.handlers, self.is_in_scan = [], [], False

    def shape(self):
        # The axes that the plates ask for.
        rank = max([-plate.dim for plate in self.plates] + [0])
        sizes = [1] * rank
        for plate in self.plates:
            sizes[plate.dim] = plate.size
        return tuple(sizes)

    def dims(self, name, shape, event_dim):
        # The names of the axes of a variable; none where no axis is one of a plate.
        named = {len(shape) - event_dim + plate.dim: plate for plate in self.plates}
        named = {k: plate.name for k, plate in named.items() if shape[k] == plate.size}
        if len(named) == 0:
            return None
        for k in range(len(shape)):
            if k not in named:
                named[k] = f"{name}_dim_{k}"
                pm.modelcontext(None).add_coord(named[k], np.arange(shape[k]))
        return [named[k] for k in range(len(shape))]

    def applied(self, name, fn, obs):
        # What the handlers make of a statement, the innermost first.
        for handler in self.handlers[::-1]:
            fn, obs = handler.process(name, fn, obs)
        return fn, obs


context = Context()


class plate:
    def __init__(self, name, size, subsample_size=None, dim=None):
        self.name, self.size = name, int(size)
        if subsample_size is not None and subsample_size != size:
            raise NotImplementedError("rows of a plate are not drawn at random: leave out `subsample_size`")
        taken = [other.dim for other in context.plates]
        self.dim = -1 if dim is None else dim
        while dim is None and self.dim in taken:
            self.dim = self.dim - 1
        if self.dim >= 0:
            raise ValueError(f"the `dim` of the plate {name!r} counts from the last axis: it is negative, not {dim}")

    def __enter__(self):
        for other in context.plates:
            if other.dim == self.dim:
                raise ValueError(f"the plates {other.name!r} and {self.name!r} both stand at the axis {self.dim}: give one a `dim`")
        known = pm.modelcontext(None).dim_lengths
        if known.get(self.name, self.size) != self.size:
            raise ValueError(f"the plate {self.name!r} has the size {self.size} here, and {known[self.name]} before")
        if self.name not in known:
            pm.modelcontext(None).add_coord(self.name, np.arange(self.size))
        context.plates = context.plates + [self]
        return np.arange(self.size)

    def __exit__(self, kind, raised, trace):
        context.plates = context.plates[:-1]


class plate_stack:
    def __init__(self, prefix, sizes, rightmost_dim=-1):
        self.prefix, self.sizes, self.rightmost = prefix, list(sizes), rightmost_dim

    def __enter__(self):
        for k, size in enumerate(self.sizes[::-1]):
            plate(f"{self.prefix}_{k}", size, dim=self.rightmost - k).__enter__()

    def __exit__(self, kind, raised, trace):
        context.plates = context.plates[: len(context.plates) - len(self.sizes)]


def sample(name, fn, obs=None, rng_key=None, sample_shape=(), infer=None, obs_mask=None):
    if not isinstance(fn, Distribution):
        raise TypeError(f"`numpyro.sample({name!r}, ...)` takes a distribution of `numpyro.distributions`")
    if obs_mask is not None:
        raise NotImplementedError(f"`obs_mask` of {name!r} is not supported: sample what is missing under a name of its own")
    if context.is_in_scan:
        raise NotImplementedError(f"`scan` with the variable {name!r} inside is not supported: sample all turns before it")
    fn = fn.expand_by(sample_shape) if len(sample_shape) > 0 else fn
    fn, obs = context.applied(name, fn, obs)
    if not isinstance(fn, Distribution):
        return deterministic(name, fn)
    fn = fn.expand(context.shape())
    if obs is None:
        if fn.masked_by is not None:
            raise NotImplementedError(f"the variable {name!r} has a mask, which is supported for observed ones alone")
        return fn.declared(name, context.dims(name, fn.shape(), fn.event_dim))
    obs = pt.as_tensor(obs)
    batch = joint([fn.batch_shape, obs.shape[: obs.ndim - fn.event_dim]])
    obs, fn = pt.broadcast_to(obs, batch + fn.event_shape), fn.expand(batch)
    if fn.masked_by is not None:
        fn, kept = fn.without(fn.masked_by, obs)
        fn.observed(name, kept, None)
    else:
        fn.observed(name, obs, context.dims(name, fn.shape(), fn.event_dim))
    return obs


def joint(shapes):
    return Distribution(None, {str(k): np.zeros(shape) for k, shape in enumerate(shapes)}).batch_shape


def deterministic(name, value):
    return pm.Deterministic(name, pt.as_tensor(value))


def factor(name, log_factor):
    pm.Potential(name, pt.as_tensor(log_factor))


def param(name, init_value=None, constraint=None):
    raise NotImplementedError(f"`numpyro.param({name!r}, ...)` is optimised, not sampled: give it a prior with `numpyro.sample`")


def module(name, nn_module):
    raise NotImplementedError(f"`numpyro.module({name!r}, ...)` is not supported: write the network's weights as variables")


def prng_key():
    return 0


def subsample(data, event_dim):
    return data


class Handler:
    # A change of statements, around a function or in a `with`.
    def __init__(self, fn=None):
        self.fn = fn

    def process(self, name, fn, obs):
        return fn, obs

    def __enter__(self):
        context.handlers = context.handlers + [self]
        return self

    def __exit__(self, kind, raised, trace):
        context.handlers = context.handlers[:-1]

    def __call__(self, *args, **kwargs):
        with self:
            return self.fn(*args, **kwargs)


class condition(Handler):
    def __init__(self, fn=None, data=None, condition_fn=None):
        if condition_fn is not None:
            raise NotImplementedError("`condition` takes values by name: give `data`, not `condition_fn`")
        self.fn, self.data = fn, data

    def process(self, name, fn, obs):
        return fn, self.data.get(name, obs)


class substitute(condition):
    def process(self, name, fn, obs):
        return (self.data[name], None) if name in self.data and obs is None else (fn, obs)


class do(substitute):
    pass


class seed(Handler):
    def __init__(self, fn=None, rng_seed=None, hide_types=None):
        self.fn = fn


class mask(Handler):
    def __init__(self, fn=None, mask=True):
        self.fn, self.holds = fn, mask

    def process(self, name, fn, obs):
        return fn.mask(self.holds), obs


class reparam(Handler):
    def __init__(self, fn=None, config=None):
        self.fn, self.config = fn, config

    def process(self, name, fn, obs):
        if obs is not None or not isinstance(fn, Distribution):
            return fn, obs
        chosen = self.config.get(name) if isinstance(self.config, dict) else self.config({"name": name, "fn": fn})
        return (fn, None) if chosen is None else (chosen(name, fn), None)


class LocScaleReparam:
    # value = loc + scale^(1 - centered) * (decentered - centered * loc)
    # What is neither location nor scale stays as it is, whether `shape_params` names it or not.
    def __init__(self, centered=None, shape_params=()):
        if centered is None:
            raise NotImplementedError("`LocScaleReparam()` learns how far it is centred: give a number, such as `LocScaleReparam(0)`")
        self.centered = centered

    def __call__(self, name, fn):
        if fn.location is None:
            raise ValueError(f"the distribution of {name!r} has no location and scale")
        parameters, (loc, scale) = dict(fn.parameters), fn.location
        loc, scale = parameters[loc], parameters[scale]
        parameters[fn.location[0]] = loc * self.centered
        parameters[fn.location[1]] = scale**self.centered
        shared = fn.expand(context.shape())
        decentered = fn.remade(parameters).changed(shared.batch_shape, fn.event_shape, None)
        drawn = decentered.declared(f"{name}_decentered", context.dims(f"{name}_decentered", decentered.shape(), fn.event_dim))
        return loc + scale ** (1 - self.centered) * (drawn - self.centered * loc)


class TransformReparam:
    # Transformed variables are those of their base already.
    def __call__(self, name, fn):
        return fn


def scan(f, init, xs, length=None, reverse=False, history=1):
    carry, out = init, []
    context.is_in_scan = True
    count = length if xs is None else len(xs[0] if isinstance(xs, tuple) else xs)
    for k in range(count)[:: -1 if reverse else 1]:
        x = None if xs is None else tuple([part[k] for part in xs]) if isinstance(xs, tuple) else xs[k]
        carry, y = f(carry, x)
        out.append(y)
    context.is_in_scan = False
    out = out[::-1] if reverse else out
    if len(out) == 0 or out[0] is None:
        return carry, None
    if isinstance(out[0], tuple):
        return carry, tuple([pt.stack([y[k] for y in out]) for k in range(len(out[0]))])
    return carry, pt.stack(out)


def declare(model, args, kwargs):
    # The model of the file is what the function samples.
    with pm.Model():
        model(*args, **kwargs)


class NUTS:
    def __init__(self, model=None, potential_fn=None, **options):
        if model is None:
            raise NotImplementedError("a sampler of a `potential_fn` is not supported: give it the function of the model")
        self.model = model


class HMC(NUTS):
    pass


class BarkerMH(NUTS):
    pass


class SA(NUTS):
    pass


class MCMC:
    def __init__(self, sampler, num_warmup=1000, num_samples=1000, num_chains=1, **options):
        self.sampler = sampler

    def run(self, rng_key, *args, extra_fields=(), init_params=None, **kwargs):
        declare(self.sampler.model, args, kwargs)


class SVI:
    def __init__(self, model, guide=None, optim=None, loss=None, **static_kwargs):
        self.model, self.static_kwargs = model, static_kwargs

    def run(self, rng_key, num_steps, *args, progress_bar=True, stable_update=False, **kwargs):
        declare(self.model, args, {**self.static_kwargs, **kwargs})
