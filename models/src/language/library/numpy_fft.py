# numpy.fft, written in the language of model files.

import numpy as np


class Complex:
    # An array of complex numbers, which has a real and an imaginary part.
    def __init__(self, real, imag):
        self.real, self.imag = real, imag
        self.shape, self.size, self.ndim = real.shape, real.size, real.ndim

    def __abs__(self):
        return np.sqrt(self.real**2 + self.imag**2)

    def __len__(self):
        return len(self.real)

    def __getitem__(self, key):
        return Complex(self.real[key], self.imag[key])

    def __neg__(self):
        return Complex(-self.real, -self.imag)

    def __add__(self, other):
        other = as_complex(other)
        return Complex(self.real + other.real, self.imag + other.imag)

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + -as_complex(other)

    def __rsub__(self, other):
        return -self + other

    def __mul__(self, other):
        other = as_complex(other)
        return Complex(
            self.real * other.real - self.imag * other.imag, self.real * other.imag + self.imag * other.real
        )

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        other = as_complex(other)
        return self * other.conj() * (1 / (other.real**2 + other.imag**2))

    def conj(self):
        return Complex(self.real, -self.imag)

    def conjugate(self):
        return self.conj()


def as_complex(x):
    if isinstance(x, Complex):
        return x
    x = np.asarray(x)
    return Complex(x, np.zeros(x.shape))


def transform(real, imag):
    # The sum of x[t] e^(-2 pi i k t / n) over t, for k below n: by halves while n is even.
    n = real.shape[0]
    if n % 2 == 1 or n < 16:
        angle = 2 * np.pi / n * (np.arange(n)[:, None] * np.arange(n)[None, :] % n)
        c, s = np.cos(angle), np.sin(angle)
        return c @ real + s @ imag, c @ imag - s @ real
    even_real, even_imag = transform(real[::2], imag[::2])
    odd_real, odd_imag = transform(real[1::2], imag[1::2])
    angle = 2 * np.pi / n * np.arange(n // 2)
    c, s = np.cos(angle), np.sin(angle)
    turned_real, turned_imag = c * odd_real + s * odd_imag, c * odd_imag - s * odd_real
    return (
        np.concatenate([even_real + turned_real, even_real - turned_real]),
        np.concatenate([even_imag + turned_imag, even_imag - turned_imag]),
    )


def resized(x, n):
    assert x.ndim == 1, "numpy.fft takes arrays of one axis here"
    if n is None or n == x.size:
        return x
    if n < x.size:
        return Complex(x.real[:n], x.imag[:n])
    zeros = np.zeros(n - x.size)
    return Complex(np.concatenate([x.real, zeros]), np.concatenate([x.imag, zeros]))


def weighted(x, weight):
    return Complex(x.real * weight, x.imag * weight)


def weight_of(norm, n, forward):
    if norm == "ortho":
        return 1 / np.sqrt(n)
    return 1 / n if forward == (norm == "forward") else 1.0


def fft(a, n=None, axis=-1, norm=None):
    x = resized(as_complex(a), n)
    real, imag = transform(x.real, x.imag)
    return weighted(Complex(real, imag), weight_of(norm, x.size, True))


def ifft(a, n=None, axis=-1, norm=None):
    x = resized(as_complex(a), n)
    real, imag = transform(x.real, -x.imag)
    return weighted(Complex(real, -imag), weight_of(norm, x.size, False))


def rfft(a, n=None, axis=-1, norm=None):
    x = fft(a, n, axis, norm)
    count = x.size // 2 + 1
    return Complex(x.real[:count], x.imag[:count])


def irfft(a, n=None, axis=-1, norm=None):
    x = as_complex(a)
    n = 2 * (x.size - 1) if n is None else n
    x = resized(x, n // 2 + 1)
    # The other half is the same mirrored; the first number, and the middle one of an even count, are real.
    last = (n + 1) // 2
    real = np.concatenate([x.real, x.real[1:last][::-1]])
    imag = np.concatenate([[0.0], x.imag[1:last], np.zeros(x.size - last), -x.imag[1:last][::-1]])
    return ifft(Complex(real, imag), None, axis, norm).real


def fftfreq(n, d=1.0):
    return np.concatenate([np.arange((n + 1) // 2), np.arange(-(n // 2), 0)]) / (n * d)


def rfftfreq(n, d=1.0):
    return np.arange(n // 2 + 1) / (n * d)


def fftshift(x):
    x = np.asarray(x)
    assert x.ndim == 1, "numpy.fft takes arrays of one axis here"
    return np.roll(x, x.size // 2)


def ifftshift(x):
    x = np.asarray(x)
    assert x.ndim == 1, "numpy.fft takes arrays of one axis here"
    return np.roll(x, -(x.size // 2))
