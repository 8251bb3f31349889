# sklearn.preprocessing and sklearn.model_selection, written in the language of model files.

import itertools

import numpy as np
import pandas as pd


class StandardScaler:
    def __init__(self, with_mean=True, with_std=True):
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        self.mean_ = np.mean(X, axis=0)
        self.var_ = np.var(X, axis=0)
        spread = np.sqrt(self.var_)
        self.scale_ = np.where(spread == 0, 1.0, spread)
        return self

    def transform(self, X):
        X = np.asarray(X, dtype=float)
        if self.with_mean:
            X = X - self.mean_
        return X / self.scale_ if self.with_std else X

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        X = np.asarray(X, dtype=float)
        if self.with_std:
            X = X * self.scale_
        return X + self.mean_ if self.with_mean else X


class MinMaxScaler:
    def __init__(self, feature_range=(0, 1)):
        self.feature_range = feature_range

    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        low, high = self.feature_range
        self.data_min_ = np.min(X, axis=0)
        self.data_max_ = np.max(X, axis=0)
        self.data_range_ = self.data_max_ - self.data_min_
        self.scale_ = (high - low) / np.where(self.data_range_ == 0, 1.0, self.data_range_)
        self.min_ = low - self.data_min_ * self.scale_
        return self

    def transform(self, X):
        return np.asarray(X, dtype=float) * self.scale_ + self.min_

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        return (np.asarray(X, dtype=float) - self.min_) / self.scale_


class RobustScaler:
    def fit(self, X, y=None):
        X = np.asarray(X, dtype=float)
        self.center_ = np.median(X, axis=0)
        spread = np.percentile(X, 75, axis=0) - np.percentile(X, 25, axis=0)
        self.scale_ = np.where(spread == 0, 1.0, spread)
        return self

    def transform(self, X):
        return (np.asarray(X, dtype=float) - self.center_) / self.scale_

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        return np.asarray(X, dtype=float) * self.scale_ + self.center_


class LabelEncoder:
    def fit(self, y):
        self.classes_ = np.unique(y)
        return self

    def transform(self, y):
        known = list(self.classes_)
        return np.array([known.index(label) for label in y])

    def fit_transform(self, y):
        self.classes_, codes = np.unique(y, return_inverse=True)
        return codes

    def inverse_transform(self, y):
        return self.classes_[y]


class Indicators:
    # What an encoder gives where its matrix is sparse.
    def __init__(self, matrix):
        self.matrix = matrix
        self.shape = matrix.shape

    def toarray(self):
        return self.matrix

    def todense(self):
        return self.matrix


def columns_of(X):
    if isinstance(X, pd.DataFrame):
        return [X[name] for name in X.columns]
    if isinstance(X, list):
        return [[row[k] for row in X] for k in range(len(X[0]))]
    return [column for column in np.asarray(X).T]


class OrdinalEncoder:
    def fit(self, X, y=None):
        self.categories_ = [np.unique(column) for column in columns_of(X)]
        return self

    def transform(self, X):
        codes = []
        for column, labels in zip(columns_of(X), self.categories_):
            known = list(labels)
            codes.append(np.array([float(known.index(label)) for label in column]))
        return np.column_stack(codes)

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)


class OneHotEncoder:
    def __init__(self, drop=None, sparse_output=True):
        self.drop = drop
        self.sparse_output = sparse_output

    def fit(self, X, y=None):
        self.encoder = OrdinalEncoder().fit(X)
        self.categories_ = self.encoder.categories_
        return self

    def transform(self, X):
        first = 1 if self.drop == "first" else 0
        codes = self.encoder.transform(X)
        parts = []
        for k in range(len(self.categories_)):
            counted = np.arange(first, len(self.categories_[k]))
            parts.append((codes[:, k][:, None] == counted).astype(float))
        matrix = np.hstack(parts)
        return Indicators(matrix) if self.sparse_output else matrix

    def fit_transform(self, X, y=None):
        return self.fit(X).transform(X)


class PolynomialFeatures:
    def __init__(self, degree=2, interaction_only=False, include_bias=True):
        self.degree = degree
        self.interaction_only = interaction_only
        self.include_bias = include_bias

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        X = np.asarray(X, dtype=float)
        columns = [np.ones(len(X))] if self.include_bias else []
        for degree in range(1, self.degree + 1):
            places = range(X.shape[1])
            chosen = itertools.combinations_with_replacement(places, degree)
            if self.interaction_only:
                chosen = itertools.combinations(places, degree)
            for factors in chosen:
                columns.append(np.prod(X[:, list(factors)], axis=1))
        return np.column_stack(columns)

    def fit_transform(self, X, y=None):
        return self.transform(X)


def rows_at(data, places):
    if isinstance(data, pd.DataFrame) or isinstance(data, pd.Series):
        return data.iloc[places]
    if isinstance(data, list):
        return [data[k] for k in places]
    return np.asarray(data)[places]


def train_test_split(*arrays, test_size=None, train_size=None, random_state=None, shuffle=True):
    count = len(arrays[0])
    if test_size is None:
        test_size = 0.25 if train_size is None else 1 - train_size
        if train_size is not None and train_size >= 1:
            test_size = count - train_size
    tested = int(np.ceil(test_size * count)) if test_size < 1 else test_size
    trained = count - tested
    if train_size is not None:
        trained = int(np.floor(train_size * count)) if train_size < 1 else train_size
    train, test = np.arange(trained), np.arange(trained, trained + tested)
    if shuffle:
        order = np.random.RandomState(random_state).permutation(count)
        test, train = order[:tested], order[tested : tested + trained]
    parts = []
    for data in arrays:
        parts.append(rows_at(data, train))
        parts.append(rows_at(data, test))
    return parts


def scale(X, axis=0, with_mean=True, with_std=True, copy=True):
    assert axis == 0, "`scale` goes by columns here: leave `axis` out"
    X = np.asarray(X, dtype=float)
    if with_mean:
        X = X - np.nanmean(X, axis=0)
    if with_std:
        spread = np.nanstd(X, axis=0)
        X = X / np.where(spread == 0, 1.0, spread)
    return X


def make_moons(n_samples=100, *, shuffle=True, noise=None, random_state=None):
    outer = n_samples // 2
    inner = n_samples - outer
    above, below = np.linspace(0, np.pi, outer), np.linspace(0, np.pi, inner)
    x = np.append(np.cos(above), 1 - np.cos(below))
    y = np.append(np.sin(above), 1 - np.sin(below) - 0.5)
    X = np.column_stack([x, y])
    kinds = np.append(np.zeros(outer, dtype=int), np.ones(inner, dtype=int))
    state = np.random.RandomState(random_state)
    if shuffle:
        order = state.permutation(n_samples)
        X, kinds = X[order], kinds[order]
    if noise is not None:
        X = X + state.normal(scale=noise, size=X.shape)
    return X, kinds
