# argparse, written in the language of model files: nobody gives a model file arguments, so all have their defaults.


class Namespace:
    def __init__(self, **given):
        self.given = given

    def __getattr__(self, name):
        return self.given[name]


class ArgumentParser:
    def __init__(self, *texts, **options):
        self.given = {}

    def add_argument(self, *flags, action=None, default=None, type=None, dest=None, nargs=None, **options):
        long = [flag for flag in flags if flag.startswith("--")]
        name = dest if dest is not None else (long + list(flags))[0].strip("-").replace("-", "_")
        if default is None and action in ("store_true", "store_false"):
            default = action == "store_false"
        if type is not None and isinstance(default, str):
            default = type(default)
        self.given = {**self.given, name: default}

    def add_argument_group(self, *texts, **options):
        return self

    def add_mutually_exclusive_group(self, **options):
        return self

    def set_defaults(self, **given):
        self.given = {**self.given, **given}

    def parse_args(self, args=None, namespace=None):
        return Namespace(**self.given)

    def parse_known_args(self, args=None, namespace=None):
        return Namespace(**self.given), []


class ArgumentDefaultsHelpFormatter:
    pass


class RawDescriptionHelpFormatter:
    pass
