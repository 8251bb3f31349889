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

    def like(self, values, dims, coords=None):
        # An array of the same kind.
        return DataArray(values, coords, dims, self.name)

    def axis(self, dim):
        if dim not in self.dims:
            raise ValueError(f"there is no dimension {dim!r}; this array has {self.dims}")
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
        return self.like(values, dims, coords)

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
        wanted = list(dims) if len(dims) > 0 else list(self.dims)[::-1]
        if ... in wanted:
            place = wanted.index(...)
            wanted = wanted[:place] + [dim for dim in self.dims if dim not in wanted] + wanted[place + 1 :]
        order = [self.axis(dim) for dim in wanted]
        if len(order) != self.ndim:
            raise ValueError(f"the dimensions are {self.dims}, not {tuple(wanted)}: name all, or write `...` for the others")
        return self.like(np.transpose(self.values, order), wanted, self.coords)

    @property
    def T(self):
        return self.transpose()

    def rename(self, new=None, **names):
        if isinstance(new, str):
            return DataArray(self.values, self.coords, self.dims, new)
        new = names if new is None else new
        for dim in new:
            self.axis(dim)
        coords = {new.get(dim, dim): labels for dim, labels in self.coords.items()}
        return self.like(self.values, [new.get(dim, dim) for dim in self.dims], coords)

    def reduced(self, run, dim):
        gone = self.named(dim)
        places = [self.axis(known) for known in gone]
        kept = [known for known in self.dims if known not in gone]
        if len(kept) == 0:
            return self.like(run(self.values), [])
        order = [self.axis(known) for known in kept] + places
        shape = [self.sizes[known] for known in kept] + [-1]
        values = run(np.transpose(self.values, order).reshape(shape), axis=-1)
        return self.like(values, kept, self.coords)

    def named(self, dim):
        # The dimensions that an argument `dim` stands for.
        if dim is None or dim is ...:
            return self.dims
        return [dim] if isinstance(dim, str) else list(dim)

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
            return self.like(run(self.values, np.asarray(other)), self.dims, self.coords)
        dims = list(self.dims) + [dim for dim in other.dims if dim not in self.dims]
        for dim in self.coords:
            if dim in other.coords:
                same = list(self.coords[dim]) == list(other.coords[dim])
                assert same, "arrays with other labels are not aligned here: select the labels first"
        coords = dict(other.coords)
        coords.update(self.coords)
        return DataArray(run(self.spread(dims), other.spread(dims)), coords, dims)

    def __array_ufunc__(self, function, method, *inputs):
        if len(inputs) == 1:
            return self.like(function(self.values), self.dims, self.coords)
        first, second = inputs
        if isinstance(first, DataArray):
            return first.combined(second, function)
        return self.combined(first, lambda a, b: function(b, a))

    def __neg__(self):
        return self.combined(-1, np.multiply)

    def __abs__(self):
        return np.abs(self)

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

    def __rpow__(self, other):
        return self.combined(other, lambda a, b: b**a)

    def __floordiv__(self, other):
        return self.combined(other, lambda a, b: a // b)

    def __mod__(self, other):
        return self.combined(other, lambda a, b: a % b)

    def __gt__(self, other):
        return self.combined(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self.combined(other, lambda a, b: a >= b)

    def __lt__(self, other):
        return self.combined(other, lambda a, b: a < b)

    def __le__(self, other):
        return self.combined(other, lambda a, b: a <= b)

    def __and__(self, other):
        return self.combined(other, lambda a, b: a & b)

    def __or__(self, other):
        return self.combined(other, lambda a, b: a | b)

    def __invert__(self):
        return np.invert(self)

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

    def to_array(self, dim="variable", name=None):
        # All arrays along a new first axis; what one lacks there is missing.
        sizes = self.sizes
        dims, values = list(sizes.keys()), []
        for known in self.data_vars:
            array = self[known]
            shape = [sizes[other] if other in array.dims else 1 for other in dims]
            kept = [other for other in dims if other in array.dims]
            values.append(np.broadcast_to(array.transpose(*kept).values.reshape(shape), [sizes[other] for other in dims]))
        coords = {dim: list(self.data_vars.keys())}
        coords.update({other: self.coords[other] for other in dims if other in self.coords})
        return DataArray(np.stack(values), coords, [dim] + dims, name)

    to_dataarray = to_array

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
