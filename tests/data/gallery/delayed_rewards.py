# Choices between three options whose values are learned, by two learners, and a rate for the state of every trial
import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

choice = np.array([[0, 2], [0, 1], [1, 1], [2, 0], [2, 2], [0, -1], [1, 0], [2, 1], [2, 0], [2, 1]])
reward = np.array([[1, 0], [0, 1], [1, 1], [1, 0], [1, 0], [0, 0], [0, 1], [1, 1], [1, 1], [1, 1]])
state = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 0])
learner = np.arange(2)

def learn(chosen, rewarded, place, values, times, rate, decay):
    values = values * decay[place]
    error = rewarded - values[learner, chosen]
    values = pt.inc_subtensor(values[learner, chosen], rate[place] * error)
    times = times[chosen[0]].inc(1)
    first = pt.set_subtensor(values[0, chosen[0]], values[0, chosen[0]] * decay[1])
    return first, times

with pm.Model() as delayed_rewards:
    rate = pm.Beta("rate", 2, 2, shape=2)
    decay = pm.Beta("decay", 8, 2, shape=2)
    slope = pm.HalfNormal("slope", 3)
    values, times = pytensor.scan(
        learn,
        sequences=[pt.as_tensor(choice), pt.as_tensor(reward), pt.as_tensor(state)],
        outputs_info=[pt.zeros((2, 3)), pt.zeros(3)],
        non_sequences=[rate, decay],
        return_updates=False,
    )
    pm.Deterministic("learned", values[-1])
    pm.Deterministic("times", times[-1] + 0.0)
    scores = slope * values[:-1]
    shares = scores - pt.logsumexp(scores, axis=2, keepdims=True)
    trials = np.arange(9)[:, None]
    pm.Potential("choices", shares[trials, learner, choice[1:] % 3].sum())
