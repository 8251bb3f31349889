# Golf putting from first principles: angle and distance; data: trials.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

BALL_RADIUS = (1.68 / 2) / 12
CUP_RADIUS = (4.25 / 2) / 12
OVERSHOT = 1.0
DISTANCE_TOLERANCE = 3.0

def phi(x):
    """Calculates the standard normal cumulative distribution function."""
    return 0.5 + 0.5 * pt.erf(x / pt.sqrt(2.0))

def forward_angle_model(variance_of_shot, t):
    return 2 * phi(np.arcsin((CUP_RADIUS - BALL_RADIUS) / t) / variance_of_shot) - 1

with pm.Model() as distance_angle_model:
    variance_of_shot = pm.HalfNormal("variance_of_shot")
    variance_of_distance = pm.HalfNormal("variance_of_distance")
    p_good_angle = pm.Deterministic("p_good_angle", forward_angle_model(variance_of_shot, distance))
    p_good_distance = pm.Deterministic(
        "p_good_distance",
        phi((DISTANCE_TOLERANCE - OVERSHOT) / ((distance + OVERSHOT) * variance_of_distance))
        - phi((-OVERSHOT) / ((distance + OVERSHOT) * variance_of_distance)),
    )
    pm.Binomial("success", n=putts, p=p_good_angle * p_good_distance, observed=holed)
