# jax, written in the language of model files.

import numpy as np
import pytensor.tensor as pt


def softmax(x, axis=-1):
    return pt.softmax(x, axis=axis)


def log_softmax(x, axis=-1):
    return pt.log_softmax(x, axis=axis)


def logsumexp(a, axis=None, keepdims=False):
    return pt.logsumexp(a, axis=axis, keepdims=keepdims)


def relu(x):
    return pt.maximum(x, 0)


def silu(x):
    return x * pt.sigmoid(x)


def one_hot(x, num_classes, axis=-1):
    if axis != -1:
        raise NotImplementedError("`one_hot` puts the classes at the last axis here: leave out `axis`")
    return np.eye(num_classes)[x]


def log_sigmoid(x):
    return -pt.softplus(-x)


def PRNGKey(seed=0):
    return seed


def key(seed=0, impl=None):
    return seed


def fold_in(key, data):
    return key + data


def split(key, num=2):
    return [key + k for k in range(num)]


def drawn(*args, **options):
    raise NotImplementedError("numbers that JAX draws are not known here: put the data in a data file")


normal = uniform = bernoulli = randint = choice = permutation = drawn
categorical = poisson = exponential = gamma = beta = multivariate_normal = truncated_normal = binomial = drawn


def device_put(x, device=None):
    return x


def stop_gradient(x):
    return x


def jit(fun, **options):
    return fun


def parts_along(x, axis, k):
    # What turn `k` of a loop along an axis gets.
    if axis is None:
        return x
    if isinstance(x, (tuple, list)):
        axes = axis if isinstance(axis, (tuple, list)) else [axis] * len(x)
        return tuple([parts_along(part, own, k) for part, own in zip(x, axes)])
    return pt.moveaxis(pt.as_tensor(x), axis, 0)[k]


def length_along(x, axis):
    if axis is None:
        return None
    if isinstance(x, (tuple, list)) and isinstance(axis, (tuple, list)):
        return next([n for n in [length_along(part, own) for part, own in zip(x, axis)] if n is not None])
    return pt.as_tensor(x).shape[axis]


def vmap(fun, in_axes=0, out_axes=0):
    def mapped(*args):
        axes = in_axes if isinstance(in_axes, (tuple, list)) else [in_axes] * len(args)
        counts = [length_along(x, axis) for x, axis in zip(args, axes)]
        count = [n for n in counts if n is not None][0]
        rows = [fun(*[parts_along(x, axis, k) for x, axis in zip(args, axes)]) for k in range(count)]
        if isinstance(rows[0], tuple):
            return tuple([pt.stack([row[j] for row in rows], axis=out_axes) for j in range(len(rows[0]))])
        return pt.stack(rows, axis=out_axes)

    return mapped


def fori_loop(lower, upper, body_fun, init_val):
    value = init_val
    for k in range(lower, upper):
        value = body_fun(k, value)
    return value


def cond(pred, true_fun, false_fun, *operands):
    return true_fun(*operands) if pred else false_fun(*operands)
