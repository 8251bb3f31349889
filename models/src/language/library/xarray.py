# xarray, written in the language of model files.

import itertools

import numpy as np
import pandas as pd


class DataArray:
    # An array whose axes have names, and perhaps labels.
    def __init__(self, data, coords=None, dims=None, name=None):
        self.values = np.asarray(data)
        self.name = name
        self.shape, self.ndim, self.size = self.values.shape, self.values.ndim, self.values.size
        labels = {}
        if isinstance(coords, dict):
            dims = list(coords.keys())[: self.ndim] if dims is None else dims
            for key, given in coords.items():
                labels[key] = given[1] if isinstance(given, tuple) else given
        elif coords is not None:
            for k, given in enumerate(coords):
                labels[given[0] if isinstance(given, tuple) else dims[k]] = given[1] if isinstance(given, tuple) else given
            dims = [given[0] for given in coords] if dims is None else dims
        if dims is None:
            dims = [f"dim_{k}" for k in range(self.ndim)]
        self.dims = (dims,) if isinstance(dims, str) else tuple(dims)
        assert len(self.dims) == self.ndim, "as many names of dimensions as the array has axes"
        self.coords = {dim: labels[dim] for dim in self.dims if dim in labels}
        self.sizes = dict(zip(self.dims, self.shape))

    def axis(self, dim):
        return self.dims.index(dim)

    def labels_of(self, dim):
        return self.coords[dim] if dim in self.coords else np.arange(self.sizes[dim])

    def to_numpy(self):
        return self.values

    def item(self):
        return float(self.values)

    def __array__(self):
        return self.values

    def __len__(self):
        return self.shape[0]

    def __iter__(self):
        return [self.isel(**{self.dims[0]: k}) for k in range(self.shape[0])]

    def __getitem__(self, key):
        if isinstance(key, str):
            return DataArray(self.labels_of(key), dims=[key])
        return self.isel(**{self.dims[0]: key})

    def __getattr__(self, name):
        return self[name]

    def taken(self, dim, places):
        values = np.take(self.values, places, axis=self.axis(dim))
        coords = dict(self.coords)
        if np.ndim(places) == 0:
            dims = [known for known in self.dims if known != dim]
            coords.pop(dim, None)
        else:
            dims = self.dims
            if dim in coords:
                coords[dim] = [list(self.coords[dim])[k] for k in places]
        return DataArray(values, coords, dims, self.name)

    def isel(self, drop=False, **indexers):
        out = self
        for dim, places in indexers.items():
            out = out.taken(dim, places)
        return out

    def sel(self, drop=False, **indexers):
        out = self
        for dim, wanted in indexers.items():
            known = list(self.labels_of(dim))
            single = isinstance(wanted, str) or np.ndim(wanted) == 0
            out = out.taken(dim, known.index(wanted) if single else [known.index(label) for label in wanted])
        return out

    def transpose(self, *dims):
        order = [self.axis(dim) for dim in (dims if len(dims) > 0 else self.dims[::-1])]
        return DataArray(np.transpose(self.values, order), self.coords, [self.dims[k] for k in order], self.name)

    @property
    def T(self):
        return self.transpose()

    def rename(self, new):
        if isinstance(new, str):
            return DataArray(self.values, self.coords, self.dims, new)
        coords = {new.get(dim, dim): labels for dim, labels in self.coords.items()}
        return DataArray(self.values, coords, [new.get(dim, dim) for dim in self.dims], self.name)

    def reduced(self, run, dim):
        gone = self.dims if dim is None else [dim] if isinstance(dim, str) else list(dim)
        values, kept = self.values, list(self.dims)
        if len(gone) == len(kept):
            return DataArray(run(values), None, [], self.name)
        order = [k for k in range(self.ndim) if kept[k] not in gone] + [self.axis(known) for known in gone]
        kept = [known for known in kept if known not in gone]
        shape = [self.sizes[known] for known in kept] + [-1]
        values = run(np.transpose(values, order).reshape(shape), axis=-1)
        return DataArray(values, self.coords, kept, self.name)

    def mean(self, dim=None):
        return self.reduced(np.nanmean, dim)

    def sum(self, dim=None):
        return self.reduced(np.nansum, dim)

    def std(self, dim=None):
        return self.reduced(np.nanstd, dim)

    def min(self, dim=None):
        return self.reduced(np.nanmin, dim)

    def max(self, dim=None):
        return self.reduced(np.nanmax, dim)

    def median(self, dim=None):
        return self.reduced(np.nanmedian, dim)

    def spread(self, dims):
        # The values with an axis for each of `dims`, which hold one's own in their order.
        order = [self.axis(dim) for dim in dims if dim in self.dims]
        shape = [self.sizes.get(dim, 1) for dim in dims]
        return np.transpose(self.values, order).reshape(shape)

    def combined(self, other, run):
        if not isinstance(other, DataArray):
            return DataArray(run(self.values, np.asarray(other)), self.coords, self.dims, self.name)
        dims = list(self.dims) + [dim for dim in other.dims if dim not in self.dims]
        for dim in self.coords:
            if dim in other.coords:
                same = list(self.coords[dim]) == list(other.coords[dim])
                assert same, "arrays with other labels are not aligned here: select the labels first"
        coords = dict(other.coords)
        coords.update(self.coords)
        return DataArray(run(self.spread(dims), other.spread(dims)), coords, dims)

    def __neg__(self):
        return self.combined(-1, np.multiply)

    def __add__(self, other):
        return self.combined(other, np.add)

    def __radd__(self, other):
        return self.combined(other, np.add)

    def __sub__(self, other):
        return self.combined(other, np.subtract)

    def __rsub__(self, other):
        return self.combined(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self.combined(other, np.multiply)

    def __rmul__(self, other):
        return self.combined(other, np.multiply)

    def __truediv__(self, other):
        return self.combined(other, lambda a, b: a / b)

    def __rtruediv__(self, other):
        return self.combined(other, lambda a, b: b / a)

    def __pow__(self, other):
        return self.combined(other, lambda a, b: a**b)

    def __gt__(self, other):
        return self.combined(other, lambda a, b: a > b)

    def __lt__(self, other):
        return self.combined(other, lambda a, b: a < b)

    def columns_by_dimension(self):
        labels = itertools.product(*[list(self.labels_of(dim)) for dim in self.dims])
        rows = list(labels)
        return {dim: [row[k] for row in rows] for k, dim in enumerate(self.dims)}

    def to_dataframe(self, name=None):
        columns = self.columns_by_dimension()
        columns[self.name if name is None else name] = np.ravel(self.values)
        return pd.DataFrame(columns).set_index(list(self.dims))


class Dataset:
    # Arrays whose axes have names, under names of their own.
    def __init__(self, data_vars=None, coords=None, attrs=None):
        self.coords = {}
        for dim, labels in ({} if coords is None else coords).items():
            self.coords[dim] = labels[1] if isinstance(labels, tuple) else labels
        self.data_vars = {}
        for name, given in ({} if data_vars is None else data_vars).items():
            self[name] = given

    def __setitem__(self, name, given):
        if isinstance(given, DataArray):
            dims, values = given.dims, given.values
            self.coords.update(given.coords)
        elif isinstance(given, tuple):
            dims, values = ([given[0]] if isinstance(given[0], str) else given[0]), given[1]
        else:
            dims, values = [], given
        self.data_vars[name] = DataArray(values, None, dims, name)

    def __getitem__(self, name):
        if name not in self.data_vars:
            return DataArray(self.coords[name], dims=[name])
        array = self.data_vars[name]
        coords = {dim: self.coords[dim] for dim in array.dims if dim in self.coords}
        return DataArray(array.values, coords, array.dims, name)

    def __getattr__(self, name):
        return self[name]

    def __contains__(self, name):
        return name in self.data_vars or name in self.coords

    def __iter__(self):
        return list(self.data_vars.keys())

    @property
    def sizes(self):
        sizes = {}
        for array in self.data_vars.values():
            sizes.update(array.sizes)
        return sizes

    def each(self, run):
        out = Dataset()
        for name in self.data_vars:
            out[name] = run(self[name])
        return out

    def isel(self, drop=False, **indexers):
        return self.each(lambda array: array.isel(**{k: v for k, v in indexers.items() if k in array.dims}))

    def sel(self, drop=False, **indexers):
        return self.each(lambda array: array.sel(**{k: v for k, v in indexers.items() if k in array.dims}))

    def mean(self, dim=None):
        return self.each(lambda array: array.mean(dim) if dim is None or dim in array.dims else array)

    def sum(self, dim=None):
        return self.each(lambda array: array.sum(dim) if dim is None or dim in array.dims else array)

    def to_dataframe(self):
        columns, dims = {}, []
        for name in self.data_vars:
            array = self[name]
            assert len(dims) == 0 or array.dims == dims, "a table is made of arrays with the same dimensions here"
            dims = array.dims
            columns.update(array.columns_by_dimension())
        columns = {dim: columns[dim] for dim in dims}
        for name in self.data_vars:
            columns[name] = np.ravel(self[name].values)
        return pd.DataFrame(columns).set_index(list(dims))
