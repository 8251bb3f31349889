# A small neural network with two hidden layers; data: tables.json
import numpy as np
import pymc as pm
import pytensor.tensor as pt

n_hidden = 3

coords = {
    "hidden_layer_1": np.arange(n_hidden),
    "hidden_layer_2": np.arange(n_hidden),
    "train_cols": np.arange(xy.shape[1]),
    "obs_id": np.arange(xy.shape[0]),
}

with pm.Model(coords=coords) as neural_network:
    ann_input = pm.Data("ann_input", xy, dims=("obs_id", "train_cols"))
    ann_output = pm.Data("ann_output", inside, dims="obs_id")

    # weights from input to hidden layer
    weights_in_1 = pm.Normal("w_in_1", 0, sigma=1, dims=("train_cols", "hidden_layer_1"))
    # weights from 1st to 2nd layer
    weights_1_2 = pm.Normal("w_1_2", 0, sigma=1, dims=("hidden_layer_1", "hidden_layer_2"))
    # weights from hidden layer to output
    weights_2_out = pm.Normal("w_2_out", 0, sigma=1, dims="hidden_layer_2", initval=[0.3, -0.2, 0.1])

    # build neural network using tanh activation function
    act_1 = pm.math.tanh(pm.math.dot(ann_input, weights_in_1))
    act_2 = pm.math.tanh(pm.math.dot(act_1, weights_1_2))
    act_out = pm.math.sigmoid(pm.math.dot(act_2, weights_2_out))

    out = pm.Bernoulli("out", act_out, observed=ann_output)
