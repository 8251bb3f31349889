"""Opens a file that chainfire wrote in ArviZ and checks groups, coords, dims, and that `az.summary` agrees.

    chainfire sample examples/radon.py --data examples/radon.csv --seed 1 -o radon.nc --json > radon.json
    python open_in_arviz.py radon.nc radon.json
"""
import json
import sys
import warnings

warnings.simplefilter("ignore")
import arviz as az
import numpy as np

path, summary_path = sys.argv[1:]
data = az.from_netcdf(path)
expected = {"posterior", "sample_stats", "observed_data", "constant_data"}
assert expected <= set(data.groups()), data.groups()

posterior = data.posterior
assert posterior.sizes["chain"] == 4 and posterior.sizes["draw"] == 1000, posterior.sizes
assert posterior["alpha"].dims == ("chain", "draw", "county"), posterior["alpha"].dims
assert posterior["alpha"].sel(county="St Louis").shape == (4, 1000)
assert posterior.attrs["inference_library"] == "chainfire" and "created_at" in posterior.attrs
assert data.sample_stats["diverging"].dtype == bool
assert data.observed_data["log_radon_obs"].shape == (919,)
assert set(data.constant_data.data_vars) == {"floor", "log_uranium", "county_idx"}

ours = {row["name"]: row for row in json.load(open(summary_path))["summary"]}
theirs = az.summary(data, round_to="none")
assert list(theirs.index) == list(ours), "rows differ"
for name, row in theirs.iterrows():
    for column, value in row.items():
        seen = ours[name][column]
        assert np.isclose(seen, value, rtol=1e-6, atol=1e-12), (name, column, seen, value)
print(f"ArviZ {az.__version__} opens {path}; {len(theirs)} rows of its summary agree to 1e-6")
