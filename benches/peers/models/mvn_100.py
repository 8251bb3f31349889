# A normal of 100 dimensions and condition number 1000; data: mvn_100.json of make_data.py
import pymc as pm

with pm.Model() as model:
    x = pm.Flat("x", shape=P.shape[0])
    pm.Potential("density", -0.5 * pm.math.dot(x, pm.math.dot(P, x)))
