"""MyGrad: tensors over NumPy. It has no second derivatives, so W2, W13 and W13v are not here."""

import mygrad as mg
import numpy as np
from mygrad.nnet.activations import relu
from mygrad.nnet.losses import softmax_crossentropy


def grads(loss, *arrays, back=None):
    tensors = [mg.tensor(a, copy=False) for a in arrays]
    loss(*tensors).backward()
    return [t.grad for t in tensors]


def W1(d):
    return lambda: float(grads(lambda x: 3 * x**2 + 2 * x + 1, d.number)[0])


def W3(d):
    return lambda: grads(lambda x, y: mg.sum((x - y) ** 2), d.x2, d.y2)


def W4(d):
    return lambda: grads(lambda a, b, y: mg.sum((a / y - b) ** 2), d.triple.a, d.triple.b, d.divisor)


def W5(d):
    return lambda: grads(lambda W, b: mg.sum((d.y - (mg.matmul(W, d.x) + b)) ** 2), d.W, d.b)


def W6(d):
    def loss(W1, b1, W2, b2):
        h = mg.tanh(mg.matmul(W1, d.small_x) + b1)
        return mg.sum((mg.matmul(W2, h) + b2 - d.small_y) ** 2)

    return lambda: grads(loss, *d.small)


def mlp(parameters, x, y):
    labels = y.argmax(axis=1)

    def loss(*parameters):
        h = x
        for W, b in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            h = relu(mg.matmul(h, W.T) + b)
        return softmax_crossentropy(mg.matmul(h, parameters[-2].T) + parameters[-1], labels)

    return lambda: grads(loss, *parameters)


def W7(d):
    return mlp(d.mlp, d.mlp_x, d.mlp_y)


def W8(d):
    return mlp(d.big, d.big_x, d.big_y)


def W9(d):
    def loss(x):
        y = mg.exp(mg.sin(mg.log(mg.sqrt(x * x + 1))))
        y = 1 - mg.tanh(y) * 0.5
        return mg.sum(y * y)

    return lambda: grads(loss, d.million)


def W10(d):
    def loss(Wx, Wh, b):
        h = np.zeros(32)
        for x in d.rnn_x:
            h = mg.tanh(mg.matmul(Wx, x) + mg.matmul(Wh, h) + b)
        return mg.sum(h**2)

    return lambda: grads(loss, *d.rnn)


def W11(d):
    def loss(v):
        total = 0.0
        for i in range(200):
            a = v[i]
            total = total + a * a
        return total

    return lambda: grads(loss, d.reads)


def W12(d):
    def loss(x):
        for _ in range(500):
            x = x * 1.001 + 0.001
        return x

    return lambda: float(grads(loss, d.number)[0])


def W15(d):
    def loss(*many):
        total = 0.0
        for p in many:
            total = total + mg.sum(p * p)
        return total

    return lambda: grads(loss, *d.many.values())
