# Eigenvalues, singular values and exponentials of matrices of parameters, and their sorting, written in the language of model files.
#
# Jacobi's rotations of n / 2 pairs at once: neighbours are rotated, then all but the first change places, as players of
# a tournament do, so that n - 1 rounds meet all pairs and bring each back to its place. The last sweeps square the error
# of what is found, and that of its derivative, which is taken through all of them.
#
# References: Golub and Van Loan (2013), Matrix Computations, sections 8.5.4 (rotations), 8.5.8 (pairs at once) and 8.6.3
# (columns of a matrix).

import numpy as np
import pytensor
import pytensor.tensor as pt

# Under this, the sum of squares of two differences is nothing: its root has a derivative.
NOTHING = 1e-36

# Most numbers that are turned: a round is written out for each of them.
NUMBERS = 2 * 22**2


def check(rows, columns, what):
    if (rows + columns) * columns > NUMBERS:
        most = int(np.sqrt(NUMBERS / 2))
        raise ValueError(
            f"the {what} of a matrix of parameters are computed for up to {most} rows and columns; this one has the shape "
            f"{(rows, columns)}"
        )


class Rounds:
    # Pairs of neighbours among `size` places, an even number of them.
    def __init__(self, count):
        self.size = count + count % 2
        self.first = np.arange(0, self.size, 2)
        self.second = self.first + 1
        self.partners = np.stack([self.second, self.first], axis=1).flatten()
        self.signs = np.tile([-1.0, 1.0], self.size // 2)
        self.turns = (self.size - 1) * (7 + int(np.ceil(np.log2(self.size))))
        # The even places go forward, the odd ones back.
        forward = [0, 1] + list(range(2, self.size - 2, 2))
        self.places = np.zeros(self.size, dtype=int)
        self.places[self.first] = forward[: self.size // 2]
        self.places[self.second] = list(range(3, self.size, 2)) + [self.size - 2]
        if self.size == 2:
            self.places = np.arange(2)

    # Cosines and signed sines, by place, of the rotations after which products of pairs are 0: `gap` is the square of
    # the second less that of the first.
    def rotations(self, gap, product):
        root = pt.sqrt(gap**2 + 4 * product**2 + NOTHING)
        tangent = 2 * product * pt.switch(gap < 0, -1.0, 1.0) / (pt.abs(gap) + root)
        cosine = 1 / pt.sqrt(1 + tangent**2)
        return pt.repeat(cosine, 2), pt.repeat(tangent * cosine, 2) * self.signs

    # Columns rotated, and at their next places.
    def turned(self, matrix, cosines, sines):
        return (matrix * cosines + matrix[:, self.partners] * sines)[:, self.places]


# Zeros behind the columns, or the rows and columns, of a matrix.
def padded(matrix, columns, is_square):
    rows = columns if is_square else matrix.shape[0]
    return pt.set_subtensor(pt.zeros((rows, columns))[: matrix.shape[0], : matrix.shape[1]], matrix)


# [..., n, n]: column k has 1 where the k-th number of a vector in ascending order stands.
def ascending(numbers):
    count = numbers.shape[-1]
    before = np.tri(count, k=-1)
    one, other = numbers[..., :, None], numbers[..., None, :]
    ranks = (other < one).sum(axis=-1) + (pt.eq(other, one) * before).sum(axis=-1)
    return pt.eq(ranks[..., :, None], np.arange(count)) * 1.0


def sort(numbers):
    return pt.switch(ascending(numbers) > 0, numbers[..., :, None], 0.0).sum(axis=-2)


def argsort(numbers):
    return (ascending(numbers) * np.arange(numbers.shape[-1])[:, None]).sum(axis=-2)


# The place of the first of the largest.
def argmax(numbers):
    is_best = pt.eq(numbers, numbers.max(axis=-1, keepdims=True)) * 1.0
    is_first = is_best * pt.eq(pt.cumsum(is_best, axis=-1), 1.0)
    return (is_first * np.arange(numbers.shape[-1])).sum(axis=-1)


def argmin(numbers):
    return argmax(-numbers)


def median(numbers):
    count = numbers.shape[-1]
    ordered = sort(numbers)
    return (ordered[..., (count - 1) // 2] + ordered[..., count // 2]) / 2


# exp(a) - 1 of a matrix divided by 2^12 by its series, which is then squared as 2 x + x^2 for 12 times: that keeps its
# digits, and serves matrices with a norm of some hundreds.
def expm(a):
    small = a / 2.0**12
    total, term = small, small
    for k in range(2, 12):
        term = term @ small / k
        total = total + term
    for _ in range(12):
        total = 2 * total + total @ total
    return total + np.eye(a.shape[-1])


def eigh(a):
    count = a.shape[0]
    check(count, count, "eigenvalues")
    rounds = Rounds(count)

    def turn(matrix, vectors):
        squares = pt.diag(matrix)
        gap = squares[rounds.second] - squares[rounds.first]
        cosines, sines = rounds.rotations(gap, matrix[rounds.first, rounds.second])
        half = rounds.turned(matrix, cosines, sines)
        return rounds.turned(half.T, cosines, sines), rounds.turned(vectors, cosines, sines)

    lower = pt.tril(a)
    whole = padded(lower + pt.tril(a, -1).T, rounds.size, True)
    start = [whole, pt.as_tensor(np.eye(rounds.size))]
    matrices, vectors = pytensor.scan(turn, outputs_info=start, n_steps=rounds.turns, return_updates=False)
    values, vectors = pt.diag(matrices[-1])[:count], vectors[-1][:count, :count]
    order = ascending(values)
    return values @ order, vectors @ order


def eigvalsh(a):
    return eigh(a)[0]


def svd(a, full_matrices=True, compute_uv=True):
    rows, columns = a.shape
    if compute_uv and full_matrices and rows != columns:
        raise ValueError(f"the singular vectors of a matrix of parameters of shape {(rows, columns)} are those of `full_matrices=False`")
    if rows < columns:
        v, s, u = decomposed(a.T)
    else:
        u, s, v = decomposed(a)
    return (u, s, v.T) if compute_uv else s


def svdvals(a):
    return svd(a, compute_uv=False)


def pinv(a, rcond=1e-15):
    u, s, vt = svd(a, full_matrices=False)
    inverse = pt.switch(s > rcond * s.max(), 1 / s, 0.0)
    return (vt.T * inverse) @ u.T


def decomposed(a):
    rows, count = a.shape
    check(rows, count, "singular values")
    rounds = Rounds(count)

    def turn(matrix, vectors):
        squares = (matrix**2).sum(axis=0)
        gap = squares[rounds.second] - squares[rounds.first]
        product = (matrix[:, rounds.first] * matrix[:, rounds.second]).sum(axis=0)
        cosines, sines = rounds.rotations(gap, product)
        return rounds.turned(matrix, cosines, sines), rounds.turned(vectors, cosines, sines)

    start = [padded(a, rounds.size, False), pt.as_tensor(np.eye(rounds.size))]
    matrices, vectors = pytensor.scan(turn, outputs_info=start, n_steps=rounds.turns, return_updates=False)
    columns, vectors = matrices[-1][:, :count], vectors[-1][:count, :count]
    sizes = pt.sqrt((columns**2).sum(axis=0))
    order = ascending(-sizes)
    return columns / pt.switch(sizes > 0, sizes, 1.0) @ order, sizes @ order, vectors @ order


# The factor and whether it is lower triangular, as `cho_solve` takes them.
def cho_factor(a, lower=False, overwrite_a=False, check_finite=True):
    factor = pt.linalg.cholesky(a)
    return factor if lower else factor.T, lower
