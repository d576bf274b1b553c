"""Layers, and what trains them: ordinary Python classes and functions over NumPy arrays.

Read the files in this order:

1. `activations.py`   relu, sigmoid, softmax: the functions between the layers;
2. `initialisers.py`  where the first weights come from, `patterns.py`, `sizes.py` and `chance.py` with it;
3. `dense.py`         the layer: `activation(W @ x + b)`, and `weights.py`, what it can be made of;
4. `layer.py`         what turns a class into a layer: `@layer`, and which of its arrays are trainable;
5. `chain.py`         one layer after another, and `compose.py`, the same as mathematicians write it;
6. `summary.py`       the text of a layer, with its parameters counted;
7. `losses.py`        how far a prediction is from the truth;
8. `optimise.py`      how a gradient changes a model, and `train.py`, which does it again and again;
   `untrained.py` and `views.py` tell of what would go wrong in silence;
9. `device.py`        to the GPU and back; other precisions.
"""
