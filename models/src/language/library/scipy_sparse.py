# scipy.sparse, written in the language of model files.

import numpy as np
from scipy.interpolate import BSpline


class Sparse:
    # A matrix of SciPy's, held as an array. `*` multiplies elements of sparse arrays, and is `@` of sparse matrices.
    def __init__(self, dense, is_array=False, format="csr"):
        self.dense = dense
        self.is_array = is_array
        self.format = format
        self.shape = dense.shape
        self.ndim = 2

    def like(self, dense):
        return Sparse(dense, self.is_array, self.format)

    def result(self, dense):
        return dense if self.is_array else np.matrix(dense)

    @property
    def nnz(self):
        return np.count_nonzero(self.dense)

    def toarray(self):
        return self.dense.copy()

    def todense(self):
        return self.result(self.dense.copy())

    @property
    def A(self):
        return self.dense

    @property
    def T(self):
        return self.transpose()

    def transpose(self):
        return Sparse(self.dense.T, self.is_array, {"csr": "csc", "csc": "csr"}.get(self.format, self.format))

    def tocsr(self):
        return Sparse(self.dense, self.is_array, "csr")

    def tocsc(self):
        return Sparse(self.dense, self.is_array, "csc")

    def tocoo(self):
        return self

    def tolil(self):
        return self

    def copy(self):
        return self

    def nonzero(self):
        return np.nonzero(self.dense)

    def entries(self):
        if self.format == "csc":
            columns, rows = np.nonzero(self.dense.T)
            return rows, columns
        return np.nonzero(self.dense)

    @property
    def row(self):
        return self.entries()[0]

    @property
    def col(self):
        return self.entries()[1]

    @property
    def data(self):
        return self.dense[self.entries()]

    @property
    def indices(self):
        return self.entries()[0 if self.format == "csc" else 1]

    @property
    def indptr(self):
        counts = np.sum(self.dense != 0, axis=0 if self.format == "csc" else 1)
        return np.concatenate([[0], np.cumsum(counts)])

    def sum(self, axis=None):
        if axis is None:
            return np.sum(self.dense)
        return np.sum(self.dense, axis=axis) if self.is_array else np.matrix(np.sum(self.dense, axis=axis, keepdims=True))

    def mean(self, axis=None):
        if axis is None:
            return np.mean(self.dense)
        return self.sum(axis) / self.shape[axis]

    def diagonal(self, k=0):
        return np.diag(self.dense, k)

    def dot(self, other):
        return self @ other

    def multiply(self, other):
        return self.like(self.dense * np.asarray(other))

    def power(self, n):
        return self.like(self.dense**n)

    def __array__(self):
        return self.dense

    def __getitem__(self, key):
        part = self.dense[key]
        return part if np.ndim(part) == 0 else self.like(np.atleast_2d(part))

    def __neg__(self):
        return self.like(-self.dense)

    def __abs__(self):
        return self.like(np.abs(self.dense))

    def __add__(self, other):
        total = self.dense + np.asarray(other)
        return self.like(total) if issparse(other) else self.result(total)

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        rest = self.dense - np.asarray(other)
        return self.like(rest) if issparse(other) else self.result(rest)

    def __rsub__(self, other):
        return self.result(np.asarray(other) - self.dense)

    def __mul__(self, other):
        if np.ndim(other) == 0:
            return self.like(self.dense * other)
        return self.multiply(other) if self.is_array else self @ other

    def __rmul__(self, other):
        if np.ndim(other) == 0 or self.is_array:
            return self.like(self.dense * np.asarray(other))
        return np.asarray(other) @ self.dense

    def __truediv__(self, other):
        quotient = self.dense / np.asarray(other)
        return self.like(quotient) if np.ndim(other) == 0 else self.result(quotient)

    def __matmul__(self, other):
        product = self.dense @ np.asarray(other)
        if issparse(other):
            return self.like(product)
        return np.matrix(product) if isinstance(other, np.matrix) else product

    def __rmatmul__(self, other):
        return np.asarray(other) @ self.dense


def issparse(x):
    return isinstance(x, Sparse)


def array_of(arg1, shape, by_column=False):
    # The array of a sparse matrix that is made of an array, a shape, or entries with their places.
    if issparse(arg1):
        return arg1.dense
    if not isinstance(arg1, tuple):
        dense = np.asarray(arg1)
        return dense if np.ndim(dense) == 2 else np.atleast_2d(dense)
    if isinstance(arg1[0], int):
        return np.zeros(arg1)
    if len(arg1) == 2:
        data, (rows, columns) = arg1
        rows, columns = np.asarray(rows, dtype=int), np.asarray(columns, dtype=int)
    else:
        data, columns, starts = arg1
        columns = np.asarray(columns, dtype=int)
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        count = len(starts) - 1
        if by_column:
            rows, columns = columns, rows
            shape = (np.max(rows) + 1, count) if shape is None else shape
        shape = (count, np.max(columns) + 1) if shape is None else shape
    if shape is None:
        shape = (np.max(rows) + 1, np.max(columns) + 1)
    dense = np.zeros(shape)
    np.add.at(dense, (rows, columns), np.asarray(data))
    return dense


def csr_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape))


def csc_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape, True), False, "csc")


def coo_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), False, "coo")


def lil_matrix(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), False, "lil")


def csr_array(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), True)


def csc_array(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape, True), True, "csc")


def coo_array(arg1, shape=None, dtype=None):
    return Sparse(array_of(arg1, shape), True, "coo")


def diagonals_of(diagonals, offsets, shape):
    if np.ndim(offsets) == 0:
        offsets = [offsets]
        diagonals = [diagonals] if np.ndim(diagonals[0]) == 0 else diagonals
    parts = [np.atleast_1d(np.asarray(diagonal, dtype=float)) for diagonal in diagonals]
    if shape is None:
        size = len(parts[0]) + np.abs(offsets[0])
        shape = (size, size)
    dense = np.zeros(shape)
    for part, offset in zip(parts, offsets):
        count = min(shape[0] + min(offset, 0), shape[1] - max(offset, 0))
        places = np.arange(count)
        dense[places - min(offset, 0), places + max(offset, 0)] += part
    return dense


def diags(diagonals, offsets=0, shape=None, format="dia", dtype=None):
    return Sparse(diagonals_of(diagonals, offsets, shape), False, format)


def diags_array(diagonals, offsets=0, shape=None, format="dia", dtype=None):
    return Sparse(diagonals_of(diagonals, offsets, shape), True, format)


def eye(m, n=None, k=0, dtype=None, format="dia"):
    return Sparse(np.eye(m, m if n is None else n, k), False, format)


def eye_array(m, n=None, k=0, dtype=None, format="dia"):
    return Sparse(np.eye(m, m if n is None else n, k), True, format)


def identity(n, dtype=None, format="dia"):
    return Sparse(np.eye(n), False, format)


def kron(A, B, format=None):
    return Sparse(np.kron(np.asarray(A), np.asarray(B)))


def spsolve(A, b):
    solution = np.linalg.solve(np.asarray(A), np.asarray(b))
    return A.like(solution) if issparse(b) else np.squeeze(solution)


# scipy.interpolate.BSpline.design_matrix
def design_matrix(x, t, k, extrapolate=False):
    units = np.eye(len(t) - k - 1)
    return csr_matrix(np.stack([BSpline(t, unit, k)(x) for unit in units], axis=1))
