# pytensor, written in the language of model files.

import pytensor.tensor as pt


class Print:
    # Prints a value where the graph is evaluated; the value is the same.
    def __init__(self, message="", attrs=("__str__",), global_fn=None):
        self.message = message

    def __call__(self, x):
        return x


def shape(x):
    return pt.as_tensor(pt.as_tensor(x).shape)


def horizontal_stack(*tensors):
    return pt.concatenate(tensors, axis=1)


def vertical_stack(*tensors):
    return pt.concatenate(tensors, axis=0)


def atleast_1d(x):
    x = pt.as_tensor(x)
    return x[None] if x.ndim == 0 else x


def atleast_3d(x):
    x = pt.as_tensor(x)
    return x[(None,) * (3 - x.ndim)] if x.ndim < 3 else x


def alloc(value, *shape):
    return pt.as_tensor(value) * pt.ones(shape)


def matvec(a, b):
    return (a @ b[..., None])[..., 0]


def vecmat(a, b):
    return (a[..., None, :] @ b)[..., 0, :]


def max_and_argmax(a, axis=None, keepdims=False):
    return pt.max(a, axis=axis, keepdims=keepdims), pt.argmax(a, axis=axis, keepdims=keepdims)


def shape_padaxis(t, axis):
    return pt.expand_dims(t, axis)


def specify_broadcastable(x, *axes):
    return x


# Operations that a file writes itself, and functions that it wraps as one. What they compute is part of the program, so
# that it has the derivatives of what is computed; those that the file writes are not used.
#
# Reference: PyTensor 2.35, `pytensor/graph/op.py` and `pytensor/compile/ops.py`


class Variable:
    # A tensor of which only the type is known.
    def __init__(self, name=None):
        self.name = name


class TensorType:
    def __init__(self, dtype, shape=None, name=None, broadcastable=None):
        self.dtype = dtype

    def __call__(self, name=None, shape=None):
        return Variable(name)


def tensor(name=None, shape=None, dtype=None):
    return Variable(name)


scalar = vector = matrix = row = col = tensor3 = tensor4 = tensor
dscalar = dvector = dmatrix = drow = dcol = dtensor3 = dtensor4 = tensor
fscalar = fvector = fmatrix = frow = fcol = ftensor3 = ftensor4 = tensor
iscalar = ivector = imatrix = irow = icol = itensor3 = itensor4 = tensor
lscalar = lvector = lmatrix = lrow = lcol = ltensor3 = ltensor4 = tensor


class Apply:
    def __init__(self, op, inputs, outputs):
        self.op = op
        self.inputs = inputs
        self.outputs = outputs


class Cell:
    # Where an operation puts a result: `outputs[0][0] = x`.
    def __init__(self):
        self.content = None

    def __setitem__(self, place, content):
        self.content = content

    def __getitem__(self, place):
        return self.content


class Op:
    itypes = None
    otypes = None

    def make_node(self, *inputs):
        if self.otypes is None:
            raise ValueError("an operation says what it gives: by `otypes`, or by `make_node`, which returns `Apply(...)`")
        return Apply(self, [pt.as_tensor(x) for x in inputs], self.otypes)

    def __call__(self, *inputs):
        node = self.make_node(*inputs)
        outputs = [Cell() for _ in node.outputs]
        self.perform(node, node.inputs, outputs)
        results = [given(cell.content) for cell in outputs]
        return results[0] if len(results) == 1 else results


def given(result):
    if result is None:
        raise ValueError("`perform` puts what it computes into `outputs`, as in `outputs[0][0] = x`")
    return pt.as_tensor(result)


def as_op(itypes, otypes, infer_shape=None):
    def make(function):
        def op(*inputs):
            result = function(*[pt.as_tensor(x) for x in inputs])
            if len(otypes) == 1:
                return pt.as_tensor(result)
            return [pt.as_tensor(x) for x in result]

        return op

    return make


wrap_py = as_op
