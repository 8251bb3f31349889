"""Writes the tables of NumPy's ziggurats.

    python ziggurat.py numpy/random/src/distributions/ziggurat_constants.h

The argument is the file of NumPy's sources. The tables do not follow to the bit from their definition in double
precision, so they are kept. The result is `../../src/language/random/tables.rs`.
"""

import pathlib
import re
import struct
import sys

TARGET = pathlib.Path(__file__).resolve().parents[2] / "src" / "language" / "random" / "tables.rs"

TABLES = {
    "NORMAL_ACCEPTED": ("ki_double", "Below these, the integer gives a normal number at once"),
    "NORMAL_WIDTH": ("wi_double", "Bits of the widths of layers under the normal density, per unit of the integer"),
    "NORMAL_DENSITY": ("fi_double", "Bits of the normal density at the edges of layers"),
    "EXPONENTIAL_ACCEPTED": ("ke_double", "Below these, the integer gives an exponential number at once"),
    "EXPONENTIAL_WIDTH": ("we_double", "Bits of the widths of layers under the exponential density"),
    "EXPONENTIAL_DENSITY": ("fe_double", "Bits of the exponential density at the edges of layers"),
}


def table(source, name):
    body = re.search(rf"\b{name}\[\] = \{{(.*?)\}}", source, re.S).group(1)
    integers = re.findall(r"0x([0-9A-Fa-f]+)", body)
    if integers:
        return [int(text, 16) for text in integers]
    return [struct.unpack("<Q", struct.pack("<d", float(text)))[0] for text in body.replace(",", " ").split()]


def main():
    source = pathlib.Path(sys.argv[1]).read_text()
    out = [
        "//! The tables of NumPy's ziggurats, as `tests/reference/ziggurat.py` writes them from NumPy's sources.",
        "//!",
        "//! # References",
        "//! - NumPy, `numpy/random/src/distributions/ziggurat_constants.h` (BSD licence)",
    ]
    for name, (of_numpy, meaning) in TABLES.items():
        numbers = table(source, of_numpy)
        assert len(numbers) == 256, (name, len(numbers))
        out += ["", f"/// {meaning}.", "#[rustfmt::skip]", f"pub(super) const {name}: [u64; 256] = ["]
        for k in range(0, 256, 5):
            out.append("    " + " ".join(f"0x{number:x}," for number in numbers[k : k + 5]))
        out.append("];")
    TARGET.write_text("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
