"""PyTorch, eager, on one thread; tensors made once, as a PyTorch user has them."""

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def leaves(*arrays):
    return [torch.tensor(a, requires_grad=True) for a in arrays]


def grad_of(loss, tensors):
    return lambda: torch.autograd.grad(loss(*tensors), tensors)


def f(x):
    return 3 * x**2 + 2 * x + 1


def W1(d):
    x = torch.tensor(d.number, dtype=torch.float64, requires_grad=True)
    return lambda: torch.autograd.grad(f(x), x)[0]


def W2(d):
    x = torch.tensor(d.number, dtype=torch.float64, requires_grad=True)

    def second():
        (g,) = torch.autograd.grad(f(x), x, create_graph=True)
        return torch.autograd.grad(g, x)[0]

    return second


def W3(d):
    return grad_of(lambda x, y: torch.sum((x - y) ** 2), leaves(d.x2, d.y2))


def W4(d):
    return grad_of(lambda a, b, y: torch.sum((a / y - b) ** 2), leaves(d.triple.a, d.triple.b, d.divisor))


def W5(d):
    x, y = torch.tensor(d.x), torch.tensor(d.y)
    return grad_of(lambda W, b: torch.sum((y - (W @ x + b)) ** 2), leaves(d.W, d.b))


def W6(d):
    x, y = torch.tensor(d.small_x), torch.tensor(d.small_y)
    return grad_of(
        lambda W1, b1, W2, b2: torch.sum((W2 @ torch.tanh(W1 @ x + b1) + b2 - y) ** 2),
        leaves(*d.small),
    )


def mlp(parameters, x, y):
    x, labels = torch.tensor(x), torch.tensor(y.argmax(axis=1))

    def loss(*parameters):
        h = x
        for W, b in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            h = F.relu(F.linear(h, W, b))
        return F.cross_entropy(F.linear(h, parameters[-2], parameters[-1]), labels)

    return grad_of(loss, leaves(*parameters))


def W7(d):
    return mlp(d.mlp, d.mlp_x, d.mlp_y)


def W8(d):
    return mlp(d.big, d.big_x, d.big_y)


def W9(d):
    def loss(x):
        y = torch.exp(torch.sin(torch.log(torch.sqrt(x * x + 1))))
        y = 1 - torch.tanh(y) * 0.5
        return torch.sum(y * y)

    return grad_of(loss, leaves(d.million))


def W10(d):
    steps = torch.tensor(d.rnn_x)

    def loss(Wx, Wh, b):
        h = torch.zeros(32, dtype=torch.float64)
        for x in steps:
            h = torch.tanh(Wx @ x + Wh @ h + b)
        return torch.sum(h**2)

    return grad_of(loss, leaves(*d.rnn))


def W11(d):
    def loss(v):
        total = 0.0
        for i in range(200):
            a = v[i]
            total = total + a * a
        return total

    return grad_of(loss, leaves(d.reads))


def W12(d):
    x = torch.tensor(d.number, dtype=torch.float64, requires_grad=True)

    def loss(x):
        for _ in range(500):
            x = x * 1.001 + 0.001
        return x

    return lambda: torch.autograd.grad(loss(x), x)[0]


def rosenbrock(x):
    return torch.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def W13(d):
    x = torch.tensor(d.rosenbrock)
    return lambda: (torch.autograd.functional.hessian(rosenbrock, x),)


def W13v(d):
    x, v = torch.tensor(d.rosenbrock), torch.tensor(d.direction)
    return lambda: (torch.autograd.functional.vhp(rosenbrock, x, v)[1],)


def W15(d):
    def loss(*many):
        total = 0.0
        for p in many:
            total = total + torch.sum(p * p)
        return total

    return grad_of(loss, leaves(*d.many.values()))
