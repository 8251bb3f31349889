# pytensor, written in the language of model files.


class Print:
    # Prints a value where the graph is evaluated; the value is the same.
    def __init__(self, message="", attrs=("__str__",), global_fn=None):
        self.message = message

    def __call__(self, x):
        return x
