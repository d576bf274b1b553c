"""JAX without `jit`, operation by operation: what a learner meets in its REPL. Arrays are on the device already."""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def ready(call):
    return lambda: jax.block_until_ready(call())


def f(x):
    return 3 * x**2 + 2 * x + 1


def W1(d):
    g = jax.grad(f)
    return ready(lambda: g(d.number))


def W2(d):
    g = jax.grad(jax.grad(f))
    return ready(lambda: g(d.number))


def W3(d):
    g = jax.grad(lambda x, y: jnp.sum((x - y) ** 2), (0, 1))
    x, y = jnp.asarray(d.x2), jnp.asarray(d.y2)
    return ready(lambda: g(x, y))


def W4(d):
    g = jax.grad(lambda a, b, y: jnp.sum((a / y - b) ** 2), (0, 1, 2))
    args = [jnp.asarray(a) for a in (d.triple.a, d.triple.b, d.divisor)]
    return ready(lambda: g(*args))


def W5(d):
    x, y = jnp.asarray(d.x), jnp.asarray(d.y)
    g = jax.grad(lambda W, b: jnp.sum((y - (W @ x + b)) ** 2), (0, 1))
    args = [jnp.asarray(d.W), jnp.asarray(d.b)]
    return ready(lambda: g(*args))


def W6(d):
    x, y = jnp.asarray(d.small_x), jnp.asarray(d.small_y)
    g = jax.grad(lambda W1, b1, W2, b2: jnp.sum((W2 @ jnp.tanh(W1 @ x + b1) + b2 - y) ** 2), (0, 1, 2, 3))
    args = [jnp.asarray(a) for a in d.small]
    return ready(lambda: g(*args))


def mlp(parameters, x, y):
    x, y = jnp.asarray(x), jnp.asarray(y)

    def loss(parameters):
        h = x
        for W, b in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
            h = jax.nn.relu(h @ W.T + b)
        z = h @ parameters[-2].T + parameters[-1]
        return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.sum(z * y, axis=1))

    g = jax.grad(loss)
    parameters = [jnp.asarray(p) for p in parameters]
    return ready(lambda: g(parameters))


def W7(d):
    return mlp(d.mlp, d.mlp_x, d.mlp_y)


def W8(d):
    return mlp(d.big, d.big_x, d.big_y)


def W9(d):
    def loss(x):
        y = jnp.exp(jnp.sin(jnp.log(jnp.sqrt(x * x + 1))))
        y = 1 - jnp.tanh(y) * 0.5
        return jnp.sum(y * y)

    g = jax.grad(loss)
    x = jnp.asarray(d.million)
    return ready(lambda: (g(x),))


def W10(d):
    steps = [jnp.asarray(x) for x in d.rnn_x]

    def loss(Wx, Wh, b):
        h = jnp.zeros(32)
        for x in steps:
            h = jnp.tanh(Wx @ x + Wh @ h + b)
        return jnp.sum(h**2)

    g = jax.grad(loss, (0, 1, 2))
    args = [jnp.asarray(a) for a in d.rnn]
    return ready(lambda: g(*args))


def W11(d):
    def loss(v):
        total = 0.0
        for i in range(200):
            a = v[i]
            total = total + a * a
        return total

    g = jax.grad(loss)
    v = jnp.asarray(d.reads)
    return ready(lambda: (g(v),))


def W12(d):
    def loss(x):
        for _ in range(500):
            x = x * 1.001 + 0.001
        return x

    g = jax.grad(loss)
    return ready(lambda: g(d.number))


def rosenbrock(x):
    return jnp.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def W13(d):
    h = jax.hessian(rosenbrock)
    x = jnp.asarray(d.rosenbrock)
    return ready(lambda: (h(x),))


def W13v(d):
    x, v = jnp.asarray(d.rosenbrock), jnp.asarray(d.direction)
    return ready(lambda: (jax.jvp(jax.grad(rosenbrock), (x,), (v,))[1],))


def W15(d):
    def loss(many):
        total = 0.0
        for p in many.values():
            total = total + jnp.sum(p * p)
        return total

    g = jax.grad(loss)
    many = {k: jnp.asarray(v) for k, v in d.many.items()}

    def in_order():  # JAX sorts the keys of a dict
        answer = jax.block_until_ready(g(many))
        return [answer[k] for k in d.many]

    return in_order
