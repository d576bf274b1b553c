"""The floor: forward and backward written by hand in NumPy, step by step, as one reasonably would.

(The outer products of W10 could be done as one matrix product for all steps; the floor then takes half the time.)
"""

import numpy as np


def W1(d):
    x = d.number
    return lambda: 3 * x**2 + 2 * x + 1 and 6 * x + 2


def W2(d):
    x = d.number
    return lambda: 3 * x**2 + 2 * x + 1 and 6 * x + 2 and 6.0


def W3(d):
    def grad():
        e = d.x2 - d.y2
        np.sum(e * e)
        g = 2 * e
        return g, -g

    return grad


def W4(d):
    def grad():
        z = d.triple.a / d.divisor
        e = z - d.triple.b
        np.sum(e * e)
        g = 2 * e
        return g / d.divisor, -g, -g * (z / d.divisor)

    return grad


def W5(d):
    def grad():
        e = d.y - (d.W.dot(d.x) + d.b)
        np.sum(e * e)
        g = -2 * e
        return g[:, None] * d.x, g

    return grad


def W6(d):
    W1, b1, W2, b2 = d.small

    def grad():
        h = np.tanh(W1.dot(d.small_x) + b1)
        e = W2.dot(h) + b2 - d.small_y
        np.sum(e * e)
        g2 = 2 * e
        g1 = W2.T.dot(g2) * (1 - h * h)
        return g1[:, None] * d.small_x, g1, g2[:, None] * h, g2

    return grad


def mlp(parameters, x, y):
    weights, biases = parameters[::2], parameters[1::2]

    def grad():
        activations = [x]
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            z = activations[-1] @ W.T
            z += b
            activations.append(np.maximum(z, 0, out=z))
        z = activations[-1] @ weights[-1].T
        z += biases[-1]
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        (np.log(total[:, 0]) - (z * y).sum(axis=1)).mean()
        p /= total
        p -= y
        p *= np.float32(1 / len(x))
        grads = []
        g = p
        for k in range(len(weights) - 1, -1, -1):
            grads[:0] = [g.T @ activations[k], g.sum(axis=0)]
            if k:
                g = g @ weights[k]
                g *= activations[k] > 0
        return grads

    return grad


def W7(d):
    return mlp(d.mlp, d.mlp_x, d.mlp_y)


def W8(d):
    return mlp(d.big, d.big_x, d.big_y)


def W9(d):
    def grad():
        x = d.million
        r = np.sqrt(x * x + 1)
        n = np.log(r)
        s = np.sin(n)
        e = np.exp(s)
        t = np.tanh(e)
        u = 1 - t * 0.5
        np.sum(u * u)
        g = 2 * u
        g *= -0.5
        g *= 1 - t * t
        g *= e
        g *= np.cos(n)
        g /= r
        g *= 0.5 / r
        g *= 2 * x
        return (g,)

    return grad


def W10(d):
    Wx, Wh, b = d.rnn

    def grad():
        hs = [np.zeros(32)]
        for x in d.rnn_x:
            hs.append(np.tanh(Wx.dot(x) + Wh.dot(hs[-1]) + b))
        np.sum(hs[-1] ** 2)
        g = 2 * hs[-1]
        dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
        for k in range(len(d.rnn_x) - 1, -1, -1):
            g = g * (1 - hs[k + 1] * hs[k + 1])
            dWx += g[:, None] * d.rnn_x[k]
            dWh += g[:, None] * hs[k]
            db += g
            g = Wh.T.dot(g)
        return dWx, dWh, db

    return grad


def W11(d):
    v = d.reads

    def grad():
        total = 0.0
        for i in range(200):
            a = v[i]
            total = total + a * a
        g = np.zeros_like(v)
        for i in range(199, -1, -1):
            g[i] += 2 * v[i]
        return (g,)

    return grad


def W12(d):
    def grad():
        x = d.number
        for _ in range(500):
            x = x * 1.001 + 0.001
        g = 1.0
        for _ in range(500):
            g = g * 1.001
        return g

    return grad


def W13(d):
    def hessian():
        x = d.rosenbrock
        H = np.diag(-400 * x[:-1], 1) + np.diag(-400 * x[:-1], -1)
        H[np.arange(9), np.arange(9)] += 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
        H[np.arange(1, 10), np.arange(1, 10)] += 200
        return (H,)

    return hessian


def W13v(d):
    def product():
        x, v = d.rosenbrock, d.direction
        out = np.zeros_like(x)
        out[:-1] = (1200 * x[:-1] ** 2 - 400 * x[1:] + 2) * v[:-1] - 400 * x[:-1] * v[1:]
        out[1:] += 200 * v[1:] - 400 * x[:-1] * v[:-1]
        return (out,)

    return product


def W15(d):
    def grad():
        total = 0.0
        for p in d.many.values():
            total += (p * p).sum()
        return [2 * p for p in d.many.values()]

    return grad
