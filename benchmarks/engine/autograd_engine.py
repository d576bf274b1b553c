"""HIPS autograd, through its own NumPy namespace."""

import autograd.numpy as np
from autograd import grad as autograd_grad
from autograd import hessian, hessian_vector_product
from autograd.scipy.special import logsumexp


def f(x):
    return 3 * x**2 + 2 * x + 1


def W1(d):
    g = autograd_grad(f)
    return lambda: g(d.number)


def W2(d):
    g = autograd_grad(autograd_grad(f))
    return lambda: g(d.number)


def W3(d):
    g = autograd_grad(lambda x, y: np.sum((x - y) ** 2), (0, 1))
    return lambda: g(d.x2, d.y2)


def W4(d):
    g = autograd_grad(lambda a, b, y: np.sum((a / y - b) ** 2), (0, 1, 2))
    return lambda: g(d.triple.a, d.triple.b, d.divisor)


def W5(d):
    g = autograd_grad(lambda W, b: np.sum((d.y - (np.dot(W, d.x) + b)) ** 2), (0, 1))
    return lambda: g(d.W, d.b)


def W6(d):
    def loss(W1, b1, W2, b2):
        return np.sum((np.dot(W2, np.tanh(np.dot(W1, d.small_x) + b1)) + b2 - d.small_y) ** 2)

    g = autograd_grad(loss, (0, 1, 2, 3))
    return lambda: g(*d.small)


def mlp(parameters, x, y):
    def loss(parameters):
        h = x
        for W, b in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            h = np.maximum(np.dot(h, W.T) + b, 0)
        z = np.dot(h, parameters[-2].T) + parameters[-1]
        return np.mean(logsumexp(z, axis=1) - np.sum(z * y, axis=1))

    g = autograd_grad(loss)
    return lambda: g(parameters)


def W7(d):
    return mlp(d.mlp, d.mlp_x, d.mlp_y)


def W8(d):
    return mlp(d.big, d.big_x, d.big_y)


def W9(d):
    def loss(x):
        y = np.exp(np.sin(np.log(np.sqrt(x * x + 1))))
        y = 1 - np.tanh(y) * 0.5
        return np.sum(y * y)

    g = autograd_grad(loss)
    return lambda: (g(d.million),)


def W10(d):
    def loss(Wx, Wh, b):
        h = np.zeros(32)
        for x in d.rnn_x:
            h = np.tanh(np.dot(Wx, x) + np.dot(Wh, h) + b)
        return np.sum(h**2)

    g = autograd_grad(loss, (0, 1, 2))
    return lambda: g(*d.rnn)


def W11(d):
    def loss(v):
        total = 0.0
        for i in range(200):
            a = v[i]
            total = total + a * a
        return total

    g = autograd_grad(loss)
    return lambda: (g(d.reads),)


def W12(d):
    def loss(x):
        for _ in range(500):
            x = x * 1.001 + 0.001
        return x

    g = autograd_grad(loss)
    return lambda: g(d.number)


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def W13(d):
    h = hessian(rosenbrock)
    return lambda: (h(d.rosenbrock),)


def W13v(d):
    h = hessian_vector_product(rosenbrock)
    return lambda: (h(d.rosenbrock, d.direction),)


def W15(d):
    def loss(many):
        total = 0.0
        for p in many.values():
            total = total + np.sum(p * p)
        return total

    g = autograd_grad(loss)
    return lambda: list(g(d.many).values())
