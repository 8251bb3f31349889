# numpyro, written in the language of model files: its statements, handlers and samplers.

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
from numpyro.distributions import Distribution, Known, TransformedDistribution, flat, is_known, log_slope


class Message:
    # What a statement says, and what the plates and handlers around it make of it.
    def __init__(self, kind, name, fn=None, obs=None, infer=None):
        self.kind, self.name, self.fn, self.obs, self.infer = kind, name, fn, obs, infer
        self.plates, self.scale, self.masked_by, self.is_hidden, self.is_compact = [], None, None, False, False
        # `value` is what a handler made of a variable, and `given` what the model gets in place of one.
        self.value, self.given = None, None

    def shape(self):
        # The axes that the plates ask for.
        rank = max([-plate.dim for plate in self.plates] + [0])
        sizes = [1] * rank
        for plate in self.plates:
            sizes[plate.dim] = plate.size
        return tuple(sizes)

    def dims(self, shape, event_dim):
        # The names of the axes of a variable; none where no axis is one of a plate.
        named = {len(shape) - event_dim + plate.dim: plate for plate in self.plates}
        named = {k: plate.label for k, plate in named.items() if k >= 0 and shape[k] == plate.size}
        if len(named) == 0:
            return None
        for k in range(len(shape)):
            if k not in named:
                named[k] = f"{self.name}_dim_{k}"
                if named[k] not in pm.modelcontext(None).coords:
                    pm.modelcontext(None).add_coord(named[k], np.arange(shape[k]))
        return [named[k] for k in range(len(shape))]


class Context:
    # The plates and handlers around a statement, the outermost first, and the loop that it is in.
    def __init__(self):
        self.stack, self.loop = [], None

    def sent(self, message):
        for entry in self.stack[::-1]:
            if not message.is_hidden:
                entry.process(message)
        return message


context = Context()


class plate:
    def __init__(self, name, size, subsample_size=None, dim=None):
        self.name, self.size = name, int(size)
        if subsample_size is not None and subsample_size != size:
            raise NotImplementedError("rows of a plate are not drawn at random: leave out `subsample_size`")
        taken = [other.dim for other in context.stack if isinstance(other, plate)]
        self.dim = -1 if dim is None else dim
        while dim is None and self.dim in taken:
            self.dim = self.dim - 1
        if self.dim >= 0:
            raise ValueError(f"the `dim` of the plate {name!r} counts from the last axis: it is negative, not {dim}")

    def process(self, message):
        if message.kind != "deterministic":
            message.plates = message.plates + [self]

    def __enter__(self):
        for other in context.stack:
            if isinstance(other, plate) and other.dim == self.dim:
                raise ValueError(f"the plates {other.name!r} and {self.name!r} both stand at the axis {self.dim}: give one a `dim`")
        self.label = context.sent(Message("plate", self.name)).name
        known = pm.modelcontext(None).dim_lengths
        if known.get(self.label, self.size) != self.size:
            raise ValueError(f"the plate {self.label!r} has the size {self.size} here, and {known[self.label]} before")
        if self.label not in known:
            pm.modelcontext(None).add_coord(self.label, np.arange(self.size))
        context.stack = context.stack + [self]
        return np.arange(self.size)

    def __exit__(self, kind, raised, trace):
        context.stack = context.stack[:-1]


class plate_stack:
    def __init__(self, prefix, sizes, rightmost_dim=-1):
        self.prefix, self.sizes, self.rightmost = prefix, list(sizes), rightmost_dim

    def __enter__(self):
        for k, size in enumerate(self.sizes[::-1]):
            plate(f"{self.prefix}_{k}", size, dim=self.rightmost - k).__enter__()

    def __exit__(self, kind, raised, trace):
        context.stack = context.stack[: len(context.stack) - len(self.sizes)]


def sample(name, fn, obs=None, rng_key=None, sample_shape=(), infer=None, obs_mask=None):
    if not isinstance(fn, Distribution):
        raise TypeError(f"`numpyro.sample({name!r}, ...)` takes a distribution of `numpyro.distributions`")
    fn = fn.expand_by(sample_shape) if len(sample_shape) > 0 else fn
    if obs is not None and obs_mask is not None:
        return partly_observed(name, fn, obs, obs_mask)
    return settled(context.sent(Message("sample", name, fn, obs, infer)))


def settled(message):
    # Declares what a statement came to be.
    name, fn = message.name, message.fn
    if message.value is not None:
        return recorded(message, message.value)
    fn = fn.expand(message.shape())
    if message.obs is None:
        if message.is_hidden:
            raise NotImplementedError(f"`block` hides the free variable {name!r}, which NumPyro draws at random then: condition on it")
        if context.loop is not None:
            value = context.loop.free(name, fn, message)
        elif message.is_compact:
            value = where_masked(name, fn)
        elif fn.masked_by is None and message.scale is None:
            value = fn.declared(name, message.dims(fn.shape(), fn.event_dim))
        else:
            value = flat(name, fn.support, fn.shape(), message.dims(fn.shape(), fn.event_dim))
            density = counted(fn, value, message)
            if density is not None:
                pm.Potential(f"{name}_log_density", density)
        return value if message.given is None else message.given
    obs = pt.as_tensor(message.obs)
    if message.is_hidden:
        return obs
    batch = joint([fn.batch_shape, obs.shape[: max(obs.ndim - fn.event_dim, 0)]])
    obs, fn = pt.broadcast_to(obs, batch + fn.event_shape), fn.expand(batch)
    if context.loop is not None:
        context.loop.observed(name, fn, obs, message.scale)
    else:
        seen(name, fn, obs, message.dims(fn.shape(), fn.event_dim))
        if message.scale is not None:
            pm.Potential(f"{name}_scaled", (message.scale - 1.0) * fn.log_prob(obs))
    return obs if message.given is None else message.given


def seen(name, fn, obs, dims):
    # An observed variable, of what a mask leaves. What depends on other variables, as data with imputed values does,
    # has a density alone.
    if not is_known(obs):
        pm.Potential(name, fn.log_prob(obs))
    elif fn.masked_by is None:
        fn.observed(name, obs, dims)
    elif is_known(fn.masked_by) and fn.is_of_parameters():
        shape = fn.element_shape()
        mask = np.broadcast_to(np.asarray(fn.masked_by), shape)
        if mask.any():
            fn.where(mask, shape).observed(name, obs[mask], None)
    else:
        pm.Potential(name, fn.log_prob(obs))


def counted(fn, value, message):
    # What a free variable with a mask or a scale adds to a log density that holds the slope of its transform once:
    # NumPyro's handlers mask and scale that slope too.
    weight, held = 1.0 if message.scale is None else message.scale, message.masked_by
    density = None if fn.masked_by is not None and is_nowhere(fn.masked_by) else weight * fn.log_prob(value)
    if message.scale is None and (held is None or is_known(held) and np.all(np.asarray(held))):
        return density
    slope = log_slope(fn.support, value)
    if slope is None:
        return density
    change = weight - 1.0 if held is None else pt.switch(held, weight, 0.0) - 1.0
    slope = change * slope if held is None else pt.broadcast_to(pt.as_tensor(change), fn.batch_shape).reshape(fn.batch_shape + (1,) * fn.event_dim) * slope
    for _ in range(fn.event_dim):
        slope = slope.sum(axis=-1)
    return slope if density is None else density + slope


def is_nowhere(mask):
    return is_known(mask) and not np.any(np.asarray(mask))


def partly_observed(name, fn, obs, obs_mask):
    # A variable of which a mask says where it was observed; where it was not, it is free.
    if not is_known(obs_mask):
        raise NotImplementedError(f"the `obs_mask` of {name!r} depends on the model's variables: it is known from the data")
    mask = np.asarray(obs_mask).astype(bool)
    if context.loop is not None:
        raise NotImplementedError(f"`obs_mask` of {name!r} is not supported in a `scan`")
    settled(context.sent(Message("sample", f"{name}_observed", fn.mask(mask), obs)))
    message = Message("sample", f"{name}_unobserved", fn.mask(~mask))
    message.is_compact = True
    rest = settled(context.sent(message))
    obs = pt.as_tensor(obs)
    batch = rest.shape[: rest.ndim - fn.event_dim]
    mask = np.broadcast_to(mask, batch).reshape(tuple(batch) + (1,) * fn.event_dim)
    # What was not observed may be NaN.
    obs = pt.broadcast_to(obs, rest.shape)
    return deterministic(name, pt.switch(np.broadcast_to(mask, rest.shape), obs, rest))


def where_masked(name, fn):
    # A free variable of the draws that count alone.
    shape = fn.element_shape()
    mask = np.broadcast_to(np.asarray(fn.masked_by), shape)
    whole = pt.zeros(fn.shape())
    if not mask.any():
        return whole
    if not fn.is_of_parameters():
        raise NotImplementedError(f"`obs_mask` is not supported for the distribution of {name!r}")
    free = fn.where(mask, shape)
    return pt.set_subtensor(whole[mask], free.declared(name, None))


def joint(shapes):
    return Distribution(None, {str(k): np.zeros(shape) for k, shape in enumerate(shapes)}).batch_shape


def deterministic(name, value):
    return recorded(context.sent(Message("deterministic", name)), pt.as_tensor(value))


def recorded(message, value):
    if message.is_hidden:
        return value
    if context.loop is not None:
        return context.loop.recorded(message.name, value)
    return pm.Deterministic(message.name, value)


def factor(name, log_factor):
    # A factor counts for every draw of the plates around it.
    log_factor = pt.as_tensor(log_factor)
    message = context.sent(Message("sample", name, Known(pt.zeros(log_factor.shape), log_factor), 0.0))
    fn = message.fn.expand(message.shape())
    if message.is_hidden:
        return None
    density = fn.log_prob(None) if message.scale is None else message.scale * fn.log_prob(None)
    if context.loop is not None:
        context.loop.counted(message.name, density)
    else:
        pm.Potential(message.name, density)


def param(name, init_value=None, constraint=None, event_dim=None):
    raise NotImplementedError(f"`numpyro.param({name!r}, ...)` is optimised, not sampled: give it a prior with `numpyro.sample`")


def module(name, nn_module):
    raise NotImplementedError(f"`numpyro.module({name!r}, ...)` is not supported: write the network's weights as variables")


def prng_key():
    return None


def get_mask():
    return None


def subsample(data, event_dim):
    return data


class Handler:
    # A change of statements, around a function or in a `with`.
    def __init__(self, fn=None):
        self.fn = fn

    def process(self, message):
        pass

    def __enter__(self):
        context.stack = context.stack + [self]
        return self

    def __exit__(self, kind, raised, trace):
        context.stack = context.stack[:-1]

    def __call__(self, *args, **kwargs):
        if self.fn is None:
            self.fn = args[0]
            return self
        with self:
            return self.fn(*args, **kwargs)


class condition(Handler):
    def __init__(self, fn=None, data=None, condition_fn=None):
        self.fn, self.data, self.condition_fn = fn, data, condition_fn

    def process(self, message):
        if message.kind != "sample" or message.obs is not None:
            return None
        if self.condition_fn is not None:
            found = self.condition_fn({"name": message.name, "type": message.kind, "fn": message.fn})
        else:
            found = self.data.get(message.name)
        if found is not None and context.loop is not None:
            found = context.loop.row_of(message.name, found)
        if found is not None:
            message.obs, message.value = found, None


class uncondition(Handler):
    def process(self, message):
        if message.kind == "sample":
            message.obs = None


class substitute(Handler):
    # Says where variables start: a sampler puts its own values in their place.
    def __init__(self, fn=None, data=None, substitute_fn=None):
        self.fn = fn


class do(Handler):
    # What follows gets the values that are given; the variable stays as it is.
    def __init__(self, fn=None, data=None):
        self.fn, self.data = fn, data

    def process(self, message):
        if message.kind == "sample" and message.name in self.data and message.given is None:
            message.given = pt.as_tensor(self.data[message.name])


class seed(Handler):
    def __init__(self, fn=None, rng_seed=None, hide_types=None):
        self.fn = fn


class mask(Handler):
    def __init__(self, fn=None, mask=True):
        self.fn, self.holds = fn, mask

    def process(self, message):
        if message.kind == "sample" and message.value is None:
            message.fn = message.fn.mask(self.holds)
            message.masked_by = self.holds if message.masked_by is None else pt.as_tensor(self.holds) & message.masked_by


class scale(Handler):
    def __init__(self, fn=None, scale=1.0):
        self.fn, self.scale = fn, scale

    def process(self, message):
        if message.kind == "sample":
            message.scale = self.scale if message.scale is None else self.scale * message.scale


class scope(Handler):
    def __init__(self, fn=None, prefix="", divider="/", hide_types=None):
        self.fn, self.prefix, self.divider = fn, prefix, divider
        self.hide_types = [] if hide_types is None else hide_types

    def process(self, message):
        # A `/` separates groups in result files.
        if message.kind not in self.hide_types:
            message.name = f"{self.prefix}{self.divider}{message.name}".replace("/", ".")


class block(Handler):
    def __init__(self, fn=None, hide_fn=None, hide=None, expose_types=None, expose=None):
        self.fn, self.hide_fn, self.hide, self.expose_types, self.expose = fn, hide_fn, hide, expose_types, expose

    def process(self, message):
        if self.hide_fn is not None:
            message.is_hidden = self.hide_fn({"name": message.name, "type": message.kind, "fn": message.fn})
        elif self.hide is not None:
            message.is_hidden = message.name in self.hide
        elif self.expose_types is not None:
            message.is_hidden = message.kind not in self.expose_types
        else:
            message.is_hidden = self.expose is None or message.name not in self.expose


class trace(Handler):
    def get_trace(self, *args, **kwargs):
        raise NotImplementedError("what `trace` would note is not known: a model file is not run")


class infer_config(Handler):
    def __init__(self, fn=None, config_fn=None):
        self.fn = fn


def config_enumerate(fn=None, default="parallel"):
    # Says how discrete variables are summed out.
    return config_enumerate if fn is None else fn


class reparam(Handler):
    def __init__(self, fn=None, config=None):
        self.fn, self.config = fn, config

    def process(self, message):
        if message.kind != "sample" or message.obs is not None or message.value is not None:
            return None
        if isinstance(self.config, dict):
            chosen = self.config.get(message.name)
        else:
            chosen = self.config({"name": message.name, "type": "sample", "fn": message.fn, "is_observed": False, "infer": message.infer})
        if chosen is not None:
            message.value = chosen(message.name, message.fn)


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
        decentered = fn.remade(parameters).changed(fn.batch_shape, fn.event_shape, fn.masked_by)
        drawn = sample(f"{name}_decentered", decentered)
        return loc + scale ** (1 - self.centered) * (drawn - self.centered * loc)


class TransformReparam:
    # The variable before the transforms, in the place of what they make of it.
    def __call__(self, name, fn):
        if not isinstance(fn, TransformedDistribution):
            return None
        value = sample(f"{name}_base", fn.base.expand(fn.element_shape()))
        for transform in fn.transforms:
            value = transform(value)
        return value


class ExplicitReparam:
    # The variable before a transform, in its place.
    def __init__(self, transform):
        self.transform = transform

    def __call__(self, name, fn):
        raise NotImplementedError(f"`ExplicitReparam` of {name!r} is not supported: sample the variable before the transform")


class Leaves:
    # The arrays of a nested structure, one after the other, and the way back.
    def __init__(self, values):
        self.values = list(values)

    def next(self):
        first, self.values = self.values[0], self.values[1:]
        return first

    def like(self, structure):
        if structure is None:
            return None
        if isinstance(structure, dict):
            return {key: self.like(part) for key, part in structure.items()}
        if isinstance(structure, tuple):
            return tuple([self.like(part) for part in structure])
        if isinstance(structure, list):
            return [self.like(part) for part in structure]
        return self.next()


def leaves(structure):
    if structure is None:
        return []
    if isinstance(structure, dict):
        structure = list(structure.values())
    if isinstance(structure, (tuple, list)):
        return sum([leaves(part) for part in structure], [])
    return [pt.as_tensor(structure)]


class Loop:
    # The statements of a `scan`. A first turn finds its variables, which have an axis for the turns; then the loop goes
    # over them, and hands on what it makes and what every turn adds to the log density.
    def __init__(self, length):
        # `is_of_numbers` says whether the densities are those of single numbers, which a compiled loop can do.
        self.length, self.index, self.is_first, self.is_of_numbers = length, 0, True, True
        self.variables, self.rows, self.sites, self.kept = {}, {}, {}, {}

    def checked(self, name):
        if name in self.kept:
            raise ValueError(f"the variable {name!r} is sampled twice in one turn of a `scan`")

    def keep(self, name, value):
        self.kept = {**self.kept, name: value}

    def free(self, name, fn, message):
        self.checked(name)
        if self.is_first:
            if isinstance(fn.support, tuple) and not all([x is None or is_known(x) for x in fn.support[1:]]):
                raise NotImplementedError(f"the bounds of {name!r} depend on other variables, which is not supported in a `scan`: sample it between known ones")
            shape = (self.length,) + fn.shape()
            self.variables = {**self.variables, name: flat(name, fn.support, shape)}
            self.sites = {**self.sites, name: "free"}
        self.is_of_numbers = self.is_of_numbers and fn.own_dim == 0
        value = self.rows[name] if name in self.rows else self.variables[name][self.index]
        density = counted(fn, value, message)
        self.keep(name, pt.zeros(()) if density is None else density)
        return value

    def observed(self, name, fn, obs, scale):
        self.checked(name)
        self.is_of_numbers = self.is_of_numbers and fn.own_dim == 0
        density = fn.log_prob(obs)
        if self.is_first:
            self.sites = {**self.sites, name: "observed"}
        self.keep(name, density if scale is None else scale * density)

    def counted(self, name, density):
        self.checked(name)
        self.sites = {**self.sites, name: "observed"}
        self.keep(name, density)

    def recorded(self, name, value):
        self.checked(name)
        self.sites = {**self.sites, name: "deterministic"}
        self.keep(name, value)
        return value

    def row_of(self, name, data):
        data = pt.as_tensor(data)
        if data.ndim == 0 or data.shape[0] != self.length:
            raise ValueError(f"the values of {name!r} need a row for each of the {self.length} turns of the `scan`")
        return data[self.index]


def scan(f, init, xs=None, length=None, reverse=False, history=1, unroll=1, **options):
    if context.loop is not None:
        raise NotImplementedError("a `scan` inside of another one is not supported: write the inner one as a `for` loop")
    rows = leaves(xs)
    count = int(rows[0].shape[0] if length is None else length)
    rows = [part[::-1] for part in rows] if reverse else rows
    places = np.arange(count)[::-1] if reverse else np.arange(count)
    loop = Loop(count)
    context.loop = loop
    loop.index = int(places[0])
    carried, made = f(init, Leaves([part[0] for part in rows]).like(xs))
    names, structure = list(loop.kept.keys()), made
    outputs, start = leaves(made), leaves(init)
    free = [name for name in names if loop.sites[name] == "free"]
    loop.is_first = False
    values = [loop.variables[name][::-1] if reverse else loop.variables[name] for name in free]

    def turn(*given):
        loop.index, loop.kept = given[0], {}
        parts = list(given[1:])
        seen, drawn = parts[: len(rows)], parts[len(rows) : len(rows) + len(free)]
        loop.rows = {name: value for name, value in zip(free, drawn)}
        state = Leaves(parts[len(rows) + len(free) :]).like(init)
        following, y = f(state, Leaves(seen).like(xs))
        after = [pt.broadcast_to(new, old.shape) for new, old in zip(leaves(following), start)]
        return after + leaves(y) + [pt.as_tensor(loop.kept[name]) for name in names]

    def turns():
        # One turn after the other.
        state, made = start, []
        for k in range(count):
            loop.rows = {}
            made.append(turn(int(places[k]), *[part[k] for part in rows], *[part[k] for part in values], *state))
            state = made[k][: len(start)]
        return [pt.stack([parts[k] for parts in made]) for k in range(len(made[0]))]

    blank = [None] * (len(outputs) + len(names))
    if loop.is_of_numbers:
        try:
            results = pytensor.scan(turn, sequences=[places] + rows + values, outputs_info=start + blank, n_steps=count, return_list=True)[0]
        except NotImplementedError:
            results = turns()
    else:
        results = turns()
    context.loop = None
    last = Leaves([part[-1] for part in results[: len(start)]]).like(init)
    results = [part[::-1] if reverse else part for part in results[len(start) :]]
    for name, value in zip(names, results[len(outputs) :]):
        if loop.sites[name] == "deterministic":
            pm.Deterministic(name, value)
        else:
            pm.Potential(f"{name}_log_density" if loop.sites[name] == "free" else name, value)
    return last, Leaves(results[: len(outputs)]).like(structure)


def declare(model, args, kwargs):
    # The model of the file is what the function samples.
    with pm.Model():
        model(*args, **kwargs)


class Kernel:
    # A sampler, of which the model alone is of use here.
    def __init__(self, model=None, potential_fn=None, **options):
        if model is None:
            raise NotImplementedError("a sampler of a `potential_fn` is not supported: give it the function of the model")
        self.model = model


class NUTS(Kernel):
    pass


class HMC(Kernel):
    pass


class BarkerMH(Kernel):
    pass


class SA(Kernel):
    pass


class ESS(Kernel):
    pass


class AIES(Kernel):
    pass


class KernelOf(Kernel):
    # A sampler around another one.
    def __init__(self, inner_kernel, *args, **options):
        self.model = inner_kernel.model


class DiscreteHMCGibbs(KernelOf):
    pass


class MixedHMC(KernelOf):
    pass


class HMCGibbs(KernelOf):
    pass


class HMCECS(KernelOf):
    pass


class MCMC:
    def __init__(self, sampler, num_warmup=1000, num_samples=1000, num_chains=1, **options):
        self.sampler = sampler

    def run(self, rng_key, *args, extra_fields=(), init_params=None, **kwargs):
        declare(self.sampler.model, args, kwargs)

    def warmup(self, rng_key, *args, extra_fields=(), collect_warmup=False, init_params=None, **kwargs):
        return None


class SVI:
    def __init__(self, model, guide=None, optim=None, loss=None, **static_kwargs):
        self.model, self.static_kwargs = model, static_kwargs

    def run(self, rng_key, num_steps, *args, progress_bar=True, stable_update=False, init_state=None, init_params=None, **kwargs):
        declare(self.model, args, {**self.static_kwargs, **kwargs})


def passed(*args, **options):
    # What says how to run, or with what, and not what the model is.
    return None


set_platform = set_host_device_count = enable_x64 = enable_validation = render_model = passed

init_to_feasible = init_to_mean = init_to_median = init_to_sample = init_to_uniform = passed
init_to_value = Trace_ELBO = TraceMeanField_ELBO = TraceEnum_ELBO = TraceGraph_ELBO = RenyiELBO = passed
AutoNormal = AutoDelta = AutoDiagonalNormal = AutoMultivariateNormal = passed
AutoLowRankMultivariateNormal = AutoLaplaceApproximation = AutoBNAFNormal = AutoIAFNormal = passed
AutoDAIS = AutoSemiDAIS = AutoSurrogateLikelihoodDAIS = AutoGuideList = passed
AutoBatchedMultivariateNormal = AutoBatchedLowRankMultivariateNormal = Adam = ClippedAdam = SGD = passed
Momentum = Adagrad = RMSProp = RMSPropMomentum = SM3 = Minimize = optax_to_numpyro = passed


class Version:
    # Whatever version a file asks for is taken.
    def startswith(self, text):
        return True

    def __str__(self):
        return "0.22.0"


__version__ = Version()
