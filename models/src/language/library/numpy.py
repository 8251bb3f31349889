# numpy, written in the language of model files.

import numpy as np


def apply_along_axis(func1d, axis, arr):
    arr = np.asarray(arr)
    assert arr.ndim == 2, "apply_along_axis is of matrices here"
    if axis in (0, -2):
        return np.array([func1d(column) for column in arr.T]).T
    return np.array([func1d(row) for row in arr])


class vectorize:
    def __init__(self, pyfunc):
        self.pyfunc = pyfunc

    def __call__(self, *arrays):
        whole = np.broadcast_arrays(*arrays) if len(arrays) > 1 else [np.asarray(arrays[0])]
        flat = [np.ravel(array) for array in whole]
        return np.array([self.pyfunc(*row) for row in zip(*flat)]).reshape(whole[0].shape)


def piecewise(x, condlist, funclist):
    pieces = [run(x) if callable(run) else run + 0 * x for run in funclist]
    default = pieces[-1] if len(pieces) > len(condlist) else 0
    return np.select(condlist, pieces[: len(condlist)], default)


def indices(dimensions):
    return np.stack(np.meshgrid(*[np.arange(size) for size in dimensions], indexing="ij"))


def block(arrays):
    if not isinstance(arrays[0], list):
        return np.hstack([np.atleast_1d(part) for part in arrays])
    return np.vstack([np.hstack([np.atleast_2d(part) for part in row]) for row in arrays])


class poly1d:
    def __init__(self, c_or_r):
        self.coefficients = np.asarray(c_or_r)
        self.order = len(self.coefficients) - 1

    def __call__(self, x):
        return np.polyval(self.coefficients, x)


class matrix:
    def __init__(self, data, dtype=None):
        self.A = np.atleast_2d(np.asarray(data))
        self.A1 = np.ravel(self.A)
        self.shape = self.A.shape
        self.size = self.A.size
        self.ndim = 2

    @property
    def T(self):
        return matrix(self.A.T)

    def __array__(self):
        return self.A

    def __len__(self):
        return len(self.A)

    def __getitem__(self, key):
        part = self.A[key]
        return part if np.ndim(part) == 0 else matrix(part)

    def __neg__(self):
        return matrix(-self.A)

    def __add__(self, other):
        return matrix(self.A + np.asarray(other))

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return matrix(self.A - np.asarray(other))

    def __rsub__(self, other):
        return matrix(np.asarray(other) - self.A)

    def __truediv__(self, other):
        return matrix(self.A / np.asarray(other))

    def __mul__(self, other):
        return matrix(self.A * other if np.ndim(other) == 0 else self.A @ matrix(other).A)

    def __rmul__(self, other):
        return matrix(self.A * other if np.ndim(other) == 0 else matrix(other).A @ self.A)

    def __matmul__(self, other):
        return matrix(self.A @ np.asarray(other))

    def __rmatmul__(self, other):
        return matrix(np.asarray(other) @ self.A)

    def sum(self, axis=None):
        return np.sum(self.A) if axis is None else matrix(np.sum(self.A, axis=axis, keepdims=True))

    def mean(self, axis=None):
        return np.mean(self.A) if axis is None else matrix(np.mean(self.A, axis=axis, keepdims=True))

    def ravel(self):
        return matrix(self.A1)

    def flatten(self):
        return matrix(self.A1)

    def transpose(self):
        return self.T

    def tolist(self):
        return self.A.tolist()


def issubdtype(arg1, arg2):
    return arg2 == "number" if isinstance(arg2, str) else arg1 == arg2


def angle(z, deg=False):
    turn = np.arctan2(z.imag, z.real)
    return turn * (180 / np.pi) if deg else turn


def rot90(m, k=1):
    m = np.asarray(m)
    for _ in range(k % 4):
        m = np.flip(m.T, 0)
    return m


def nancumsum(a, axis=None):
    a = np.asarray(a)
    return np.cumsum(np.where(np.isnan(a), 0, a), axis=axis)


def nancumprod(a, axis=None):
    a = np.asarray(a)
    return np.cumprod(np.where(np.isnan(a), 1, a), axis=axis)


def ndindex(*shape):
    sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    places = [()]
    for size in sizes:
        places = [place + (k,) for place in places for k in range(size)]
    return places


def ndenumerate(arr):
    arr = np.asarray(arr)
    return [(place, arr[place]) for place in ndindex(*arr.shape)]


def fromfunction(function, shape, dtype=float):
    return function(*[axis for axis in indices(shape)])


def choose(a, choices):
    a = np.asarray(a)
    return np.select([a == k for k in range(len(choices))], [np.asarray(choice) for choice in choices])


def sliding_window_view(x, window_shape, axis=None):
    x = np.asarray(x)
    size = window_shape if np.ndim(window_shape) == 0 else window_shape[0]
    assert x.ndim == 1 or axis is not None, "windows are along one axis here: give `axis`"
    moved = np.moveaxis(x, 0 if axis is None else axis, 0)
    count = len(moved) - size + 1
    assert count > 0, "the window is longer than the array"
    views = np.stack([moved[k : k + count] for k in range(size)], axis=-1)
    last = views.ndim - 1
    return np.moveaxis(views, 0, 0 if axis is None else axis % last)


def histogram_bin_edges(a, bins=10, range=None):
    return np.histogram(a, bins=bins)[1] if range is None else np.histogram(a, bins=bins, range=range)[1]


def divmod(x1, x2):
    x1, x2 = np.asarray(x1), np.asarray(x2)
    return x1 // x2, x1 % x2
