# pathlib, written in the language of model files: a path is its parts, and no file is looked at.


class Path:
    def __init__(self, *parts):
        text = "/".join([str(part) for part in parts])
        self.text = text.replace("//", "/") if text != "" else "."

    def __str__(self):
        return self.text

    def __repr__(self):
        return self.text

    def __fspath__(self):
        return self.text

    def __truediv__(self, other):
        return Path(other) if str(other).startswith("/") else Path(self.text, other)

    def __rtruediv__(self, other):
        return Path(other, self.text)

    def joinpath(self, *others):
        return Path(self.text, *others)

    @property
    def parts(self):
        return tuple(self.text.split("/"))

    @property
    def name(self):
        return self.text.split("/")[-1]

    @property
    def stem(self):
        return self.name.rsplit(".", 1)[0]

    @property
    def suffix(self):
        return "." + self.name.rsplit(".", 1)[1] if "." in self.name else ""

    @property
    def parent(self):
        return Path("/".join(self.text.split("/")[:-1]))

    def resolve(self):
        return self

    def absolute(self):
        return self

    def expanduser(self):
        return self

    def as_posix(self):
        return self.text

    def exists(self):
        return True

    def is_file(self):
        return True


PurePath = Path
