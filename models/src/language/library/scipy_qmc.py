# scipy.stats.qmc, written in the language of model files.

import numpy as np

# Degree, coefficients and first numbers of the primitive polynomials of Sobol sequences after the first, by Joe and Kuo
# (2008), Constructing Sobol sequences with better two-dimensional projections, doi:10.1137/070709359.
POLYNOMIALS = [
    (1, 0, [1]),
    (2, 1, [1, 3]),
    (3, 1, [1, 3, 1]),
    (3, 2, [1, 1, 1]),
    (4, 1, [1, 1, 3, 3]),
    (4, 4, [1, 3, 5, 13]),
    (5, 2, [1, 1, 5, 5, 17]),
    (5, 4, [1, 1, 5, 5, 5]),
    (5, 7, [1, 1, 7, 11, 19]),
]
BITS = 30


def digits(number, count):
    # Binary digits, the lowest first.
    return [number // 2**k % 2 for k in range(count)]


def directions(d):
    # For each dimension a matrix whose row k has the binary digits, after the point, of direction number k.
    all = [np.eye(BITS)]
    for degree, coefficients, first in POLYNOMIALS[: d - 1]:
        rows = []
        for k in range(BITS):
            if k < degree:
                row = digits(first[k], k + 1)[::-1]
                rows.append(np.array(row + [0] * (BITS - k - 1)))
                continue
            row = rows[k - degree] + np.concatenate([np.zeros(degree), rows[k - degree][: BITS - degree]])
            for j in range(1, degree):
                if coefficients // 2 ** (degree - 1 - j) % 2 == 1:
                    row = row + rows[k - j]
            rows.append(row % 2)
        all.append(np.array(rows))
    return all


class Engine:
    def __init__(self, d):
        self.d, self.num_generated = d, 0

    def random(self, n=1):
        points = self.points(np.arange(self.num_generated, self.num_generated + n))
        self.num_generated = self.num_generated + n
        return points

    def fast_forward(self, n):
        self.num_generated = self.num_generated + n
        return self

    def reset(self):
        self.num_generated = 0
        return self


class Sobol(Engine):
    def __init__(self, d, *, scramble=True, bits=None, rng=None, seed=None, optimization=None):
        assert not scramble, "scrambled points are random numbers of SciPy's own: write scramble=False"
        assert optimization is None and bits in (None, BITS), "Sobol has no optimization and 30 bits here"
        assert d <= len(POLYNOMIALS) + 1, "Sobol sequences have at most 10 dimensions here"
        self.d, self.num_generated = d, 0
        self.matrices = directions(d)

    def points(self, places):
        bits = np.stack([places // 2**k % 2 for k in range(BITS + 1)], axis=1)
        gray = (bits[:, :-1] + bits[:, 1:]) % 2
        weights = 0.5 ** np.arange(1, BITS + 1)
        return np.stack([gray @ matrix % 2 @ weights for matrix in self.matrices], axis=1)

    def random_base2(self, m):
        return self.random(2**m)


class Halton(Engine):
    def __init__(self, d, *, scramble=True, optimization=None, rng=None, seed=None):
        assert not scramble, "scrambled points are random numbers of SciPy's own: write scramble=False"
        assert optimization is None, "Halton has no optimization here"
        self.d, self.num_generated = d, 0
        self.primes = []
        number = 2
        while len(self.primes) < d:
            if all(number % prime != 0 for prime in self.primes):
                self.primes.append(number)
            number = number + 1

    def points(self, places):
        columns = []
        for prime in self.primes:
            rest, weight, column = places, 1.0, np.zeros(len(places))
            while np.any(rest > 0):
                weight = weight / prime
                column = column + weight * (rest % prime)
                rest = rest // prime
            columns.append(column)
        return np.stack(columns, axis=1)


class LatinHypercube:
    def __init__(self, d, *, scramble=True, strength=1, optimization=None, rng=None, seed=None):
        assert strength == 1 and optimization is None, "LatinHypercube has strength=1 and no optimization here"
        self.d, self.scramble = d, scramble
        given = seed if rng is None else rng
        # Of a generator that is given, SciPy takes a child.
        is_seed = given is None or isinstance(given, int)
        self.generator = np.random.default_rng(given) if is_seed else given.spawn(1)[0]

    def random(self, n=1):
        inside = self.generator.uniform(size=(n, self.d)) if self.scramble else 0.5
        columns = [self.generator.permutation(np.arange(1, n + 1)) for k in range(self.d)]
        return (np.stack(columns, axis=1) - inside) / n


def scale(sample, l_bounds, u_bounds, *, reverse=False):
    low, high = np.asarray(l_bounds, dtype=float), np.asarray(u_bounds, dtype=float)
    return (sample - low) / (high - low) if reverse else sample * (high - low) + low
