"""Fits every posterior that has a reference with every method of `chainfire fit`, and prints how far off each is.

    cargo build --release
    python fit_table.py                                  # numpy alone; a few minutes
    python fit_table.py --methods dadvi pathfinder --posteriors nes1980-nes

Columns: the worst error of a mean, in standard deviations of the reference; the smallest and the largest ratio of a
standard deviation to that of the reference (none for the mode); k-hat; gradients; seconds of the fit alone. The
references are draws of NUTS from posteriordb (Magnusson et al. 2024, arXiv:2407.04967), in `tests/data/posteriordb`.
"""

import argparse
import json
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "data" / "posteriordb"
METHODS = ("dadvi", "advi", "fullrank_advi", "svgd", "pathfinder", "laplace", "map")


def zero_based(name):
    """`beta[1]` of Stan is `beta[0]` here."""
    return re.sub(r"\[(.*)\]", lambda found: str([int(i) - 1 for i in found[1].split(",")]), name)


def fit(binary, posterior, method, draws, seed):
    command = [binary, "fit", FOLDER / f"{posterior}.py", "--data", FOLDER / f"{posterior}.data.json"]
    command += ["--method", method, "--draws", draws, "--seed", seed, "--json", "--quiet"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip()


def compare(found, reference):
    rows = {row["name"]: row for row in found["summary"]}
    errors, ratios = [], []
    for name, known in reference.items():
        row = rows[zero_based(name)]
        errors.append(abs(row["mean"] - known["mean"]) / known["sd"])
        ratios.append((row["sd"] or 0) / known["sd"])
    return max(errors), min(ratios), max(ratios)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=ROOT / "target" / "release" / "chainfire")
    parser.add_argument("--methods", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--posteriors", nargs="+", metavar="NAME")
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    known = [path.name.removesuffix(".reference.json") for path in sorted(FOLDER.glob("*.reference.json"))]
    print(f"{'posterior':40} {'method':14} {'error':>7} {'sd ratios':>13} {'k-hat':>6} {'gradients':>10} {'s':>7}")
    for posterior in arguments.posteriors or known:
        reference = json.loads((FOLDER / f"{posterior}.reference.json").read_text())
        reference = reference.get("parameters", reference)
        for method in arguments.methods:
            found = fit(arguments.binary, posterior, method, arguments.draws, arguments.seed)
            if isinstance(found, str):
                print(f"{posterior:40} {method:14} {found}", flush=True)
                continue
            error, least, most = compare(found, reference)
            ratios = "-" if found["draws"] == 1 else f"{least:.2f} to {most:.2f}"
            k_hat = "-" if found["k_hat"] is None else f"{found['k_hat']:.2f}"
            print(f"{posterior:40} {method:14} {error:7.3f} {ratios:>13} {k_hat:>6} {found['gradients']:10} "
                  f"{found['seconds']:7.2f}", flush=True)


if __name__ == "__main__":
    main()
