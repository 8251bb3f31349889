# collections, written in the language of model files.

class deque:
    def __init__(self, iterable=(), maxlen=None):
        self.items = []
        self.maxlen = maxlen
        self.extend(iterable)

    def append(self, x):
        self.items.append(x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop(0)

    def appendleft(self, x):
        self.items.insert(0, x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop()

    def extend(self, iterable):
        for x in iterable:
            self.append(x)

    def extendleft(self, iterable):
        for x in iterable:
            self.appendleft(x)

    def pop(self):
        return self.items.pop()

    def popleft(self):
        return self.items.pop(0)

    def clear(self):
        self.items = []

    def reverse(self):
        self.items = self.items[::-1]

    def rotate(self, n=1):
        if len(self.items) > 0:
            first = -n % len(self.items)
            self.items = self.items[first:] + self.items[:first]

    def copy(self):
        return deque(self.items, self.maxlen)

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return self.items

    def __contains__(self, x):
        return x in self.items

    def __getitem__(self, k):
        return self.items[k]

    def __setitem__(self, k, x):
        self.items[k] = x

    def __array__(self):
        return self.items


class iterator:
    # The items of a sequence, each of which is given once.
    def __init__(self, items):
        self.items, self.place = items, 0

    def __iter__(self):
        rest = self.items[self.place :]
        self.place = len(self.items)
        return rest

    def __next__(self, *default):
        if self.place == len(self.items):
            assert len(default) > 0, "there is no next element"
            return default[0]
        self.place = self.place + 1
        return self.items[self.place - 1]


# functools: what a decorator is called does not matter here.
def wraps(wrapped, assigned=None, updated=None):
    return lambda wrapper: wrapper
