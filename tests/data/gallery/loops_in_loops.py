# A dose that is given again and again: days are turns of a loop, and the hours of each day those of one inside it
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

given = np.array([2.0, 0.0, 1.0, 3.0, 0.5, 0.0])
seen = np.array([1.1, 0.45, 0.9, 1.9, 1.2, 0.4])

with pm.Model() as model:
    rate = pm.HalfNormal("rate", sigma=0.2)
    uptake = pm.Beta("uptake", alpha=2, beta=2)
    sigma = pm.HalfNormal("sigma", sigma=0.5)

    def day(dose, level, rate, uptake):
        def hour(level, gut, rate, uptake):
            moved = 0.25 * uptake * gut
            return level + moved - 0.25 * rate * level, gut - moved

        (levels, _), _ = pytensor.scan(hour, outputs_info=[level, dose], non_sequences=[rate, uptake], n_steps=4)
        return levels[-1]

    levels, _ = pytensor.scan(
        day, sequences=[pt.as_tensor_variable(given)], outputs_info=[pt.zeros(())], non_sequences=[rate, uptake]
    )
    pm.Normal("y", mu=levels, sigma=sigma, observed=seen)
