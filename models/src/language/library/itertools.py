# itertools and types, written in the language of model files: what is lazy in Python is a list at once.


def islice(iterable, start, *rest):
    first, stop, step = 0, start, 1
    if len(rest) > 0:
        first, stop = (0 if start is None else start), rest[0]
    if len(rest) > 1 and rest[1] is not None:
        step = rest[1]
    return list(iterable)[first:stop:step]


def zip_longest(*iterables, fillvalue=None):
    columns = [list(items) for items in iterables]
    longest = max([len(items) for items in columns], default=0)
    return list(zip(*[items + [fillvalue] * (longest - len(items)) for items in columns]))


def groupby(iterable, key=None):
    groups, before = [], None
    for item in iterable:
        label = item if key is None else key(item)
        if len(groups) == 0 or label != before:
            groups.append((label, []))
        groups[-1][1].append(item)
        before = label
    return groups


def pairwise(iterable):
    items = list(iterable)
    return list(zip(items[:-1], items[1:]))


def takewhile(predicate, iterable):
    taken = []
    for item in iterable:
        if not predicate(item):
            break
        taken.append(item)
    return taken


def dropwhile(predicate, iterable):
    items = list(iterable)
    return items[len(takewhile(predicate, items)) :]


def filterfalse(predicate, iterable):
    return [item for item in iterable if not (item if predicate is None else predicate(item))]


def starmap(function, iterable):
    return [function(*arguments) for arguments in iterable]


def compress(data, selectors):
    return [item for item, chosen in zip(data, selectors) if chosen]


class SimpleNamespace:
    # The attribute has a name that no namespace gives one of its own.
    def __init__(self, **names):
        self.__names = names

    def __getattr__(self, name):
        return self.__names[name]
