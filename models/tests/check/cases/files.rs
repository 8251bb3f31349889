//! Imports, blocks and syntax.

use super::Case;

/// Whole files.
pub const FILES: &[Case] = &[
    Case {
        code: "M002",
        at: (1, 1),
        part: "the file has no model",
        wrong: "x = 1\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M107",
        at: (1, 8),
        part: "import pytensor.tensor as pt",
        wrong: "import theano.tensor as tt\nimport pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pytensor.tensor as tt\nimport pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M107",
        at: (1, 8),
        part: "import pymc as pm",
        wrong: "import pymc3 as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M111",
        at: (4, 5),
        part: "stands outside of the model",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    pass\na = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (2, 15),
        part: "`)` is missing before `:`",
        wrong: "import pymc as pm\nwith pm.Model(:\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (2, 25),
        part: "end the line with `:`",
        wrong: "import pymc as pm\nwith pm.Model() as model\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 18),
        part: "`(` is never closed",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 19),
        part: "a text is never closed",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b, 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 23),
        part: "`,` is missing before `0`",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\" 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 33),
        part: "has no name, but stands after",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", sigma=1, 0)\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, sigma=1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 7),
        part: "write `b = pm.Normal(\"b\", ...)`",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b ~ pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 12),
        part: "call it `lam`",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    lambda = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    lam = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 29),
        part: "`)` closes nothing",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1))\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = pm.Normal(\"b\", 0, 1)\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (4, 1),
        part: "indented otherwise",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n      b = pm.Normal(\"b\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n    b = pm.Normal(\"b\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 1),
        part: "nothing is indented",
        wrong: "import pymc as pm\nwith pm.Model() as model:\na = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
    Case {
        code: "M110",
        at: (3, 8),
        part: "an expression is missing before the end of the line",
        wrong: "import pymc as pm\nwith pm.Model() as model:\n    b =\n    a = pm.Normal(\"a\", 0, 1)\n",
        right: "import pymc as pm\nwith pm.Model() as model:\n    b = 1\n    a = pm.Normal(\"a\", 0, 1)\n",
    },
];
