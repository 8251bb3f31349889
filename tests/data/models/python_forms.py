# Python around the model: constants, comprehensions, loops, f-strings, functions of data; data: columns.json
import pymc as pm

n_groups = int(group.max()) + 1
centred = (x - x.mean()) / x.std()
names = ["first", "second"]

with pm.Model() as model:
    scales = [pm.HalfNormal(f"scale_{name}", 1) for name in names]
    effects = []
    for i, name in enumerate(names):
        effects.append(pm.Normal(f"effect_{name}", 0, scales[i], shape=n_groups))
    mu = 0.5
    for effect, column in zip(effects, [centred, y**2]):
        mu = mu + effect[group] * column
    pm.Normal("real_obs", mu, sum(scales), observed=y)
