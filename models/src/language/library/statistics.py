# statistics, written in the language of model files.

import numpy as np


def mean(data):
    return np.mean(np.array(list(data)))


def fmean(data, weights=None):
    return np.average(np.array(list(data)), weights=weights)


def median(data):
    return np.median(np.array(list(data)))


def median_low(data):
    items = sorted(data)
    return items[(len(items) - 1) // 2]


def median_high(data):
    items = sorted(data)
    return items[len(items) // 2]


def mode(data):
    items = list(data)
    counts = [items.count(item) for item in items]
    return items[counts.index(max(counts))]


def variance(data, xbar=None):
    items = np.array(list(data))
    middle = np.mean(items) if xbar is None else xbar
    return np.sum((items - middle) ** 2) / (len(items) - 1)


def pvariance(data, mu=None):
    items = np.array(list(data))
    middle = np.mean(items) if mu is None else mu
    return np.mean((items - middle) ** 2)


def stdev(data, xbar=None):
    return np.sqrt(variance(data, xbar))


def pstdev(data, mu=None):
    return np.sqrt(pvariance(data, mu))


def geometric_mean(data):
    return np.exp(np.mean(np.log(np.array(list(data)))))


def harmonic_mean(data):
    return 1 / np.mean(1 / np.array(list(data)))
