"""fluxrepl: plain NumPy code, and layers where a learner would use them."""

import numpy as np

from fluxrepl import Chain, Dense, gradient, hessian, logitcrossentropy, relu


def f(x):
    return 3 * x**2 + 2 * x + 1


def W1(d):
    return lambda: gradient(f, d.number)[0]


def W2(d):
    df = lambda x: gradient(f, x)[0]
    return lambda: gradient(df, d.number)[0]


def W3(d):
    return lambda: gradient(lambda x, y: np.sum((x - y) ** 2), d.x2, d.y2)


def W4(d):
    def grad():
        g, gy = gradient(lambda x, y: np.sum((x.a / y - x.b) ** 2), d.triple, d.divisor)
        return g.a, g.b, gy

    return grad


def W5(d):
    return lambda: gradient(lambda W, b: np.sum((d.y - (W @ d.x + b)) ** 2), d.W, d.b)


def W6(d):
    def loss(W1, b1, W2, b2):
        return np.sum((W2 @ np.tanh(W1 @ d.small_x + b1) + b2 - d.small_y) ** 2)

    return lambda: gradient(loss, *d.small)


def mlp(parameters, x, y):
    pairs = list(zip(parameters[::2], parameters[1::2], strict=True))
    model = Chain(*[Dense(W, b, relu) for W, b in pairs[:-1]], Dense(*pairs[-1]))

    def grad():
        (g,) = gradient(lambda m: logitcrossentropy(m(x), y), model)
        return [part for layer in g.layers for part in (layer.weight, layer.bias)]

    return grad


def W7(d):
    return mlp(d.mlp, d.mlp_x, d.mlp_y)


def W8(d):
    return mlp(d.big, d.big_x, d.big_y)


def W9(d):
    def loss(x):
        y = np.exp(np.sin(np.log(np.sqrt(x * x + 1))))
        y = 1 - np.tanh(y) * 0.5
        return np.sum(y * y)

    return lambda: gradient(loss, d.million)


def W10(d):
    def loss(Wx, Wh, b):
        h = np.zeros(32)
        for x in d.rnn_x:
            h = np.tanh(Wx @ x + Wh @ h + b)
        return np.sum(h**2)

    return lambda: gradient(loss, *d.rnn)


def W11(d):
    def loss(v):
        total = 0.0
        for i in range(200):
            a = v[i]
            total = total + a * a
        return total

    return lambda: gradient(loss, d.reads)


def W12(d):
    def loss(x):
        for _ in range(500):
            x = x * 1.001 + 0.001
        return x

    return lambda: gradient(loss, d.number)[0]


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def W13(d):
    return lambda: (hessian(rosenbrock, d.rosenbrock),)


def W13v(d):
    return lambda: gradient(lambda x: np.sum(gradient(rosenbrock, x)[0] * d.direction), d.rosenbrock)


def W15(d):
    def loss(many):
        total = 0.0
        for p in many.values():
            total = total + np.sum(p * p)
        return total

    return lambda: list(gradient(loss, d.many)[0].values())
