"""The workloads of `benches/workloads` as one would write them in NumPy and in JAX, or has them in SciPy
and in scikit-learn.

    python3 -m venv VENV
    VENV/bin/pip install -r benches/peers/requirements.txt
    VENV/bin/python benches/peers/peers.py w4 --engine numpy

Prints one JSON line for each size of the workload and engine: its seconds (the best of --repeat, compilation
excluded), the work done, and a statistic of the result with its standard error, 0 where nothing is drawn. The
statistics of all engines must agree; data are the same to the bit, random streams are each engine's own.
`benches/compare.py` runs this beside the Rust program, in turns.
"""
import argparse
import json
import math
import pathlib
import time

import numpy as np
from threadpoolctl import threadpool_limits

DATA = pathlib.Path(__file__).resolve().parents[2] / "crates" / "models" / "data"


def entries(seed, *shape):
    """Uniform numbers of mean 0 and variance 1 by SplitMix64 (Steele, Lea, Flood 2014), row after row."""
    count = math.prod(shape)
    state = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    state ^= state >> np.uint64(31)
    unit = (state >> np.uint64(11)).astype(float) / 2**53
    return ((2 * unit - 1) * math.sqrt(3)).reshape(shape)


def jax_modules():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    return jax, jnp


def mean(numbers):
    """The mean and its standard error."""
    numbers = np.asarray(numbers)
    return numbers.mean(), numbers.std(ddof=1) / math.sqrt(numbers.size)


# w1: fresh ReLU networks with He weights, a tangent u through each; the mean of ln |J u|² where it is not 0.


def w1_numpy(n, depth, nets):
    rng = np.random.default_rng(0)

    def run():
        x, u = np.ones((nets, n)), np.zeros((nets, n))
        u[:, 0] = 1
        for _ in range(depth):
            w = rng.standard_normal((nets, n, n)) * math.sqrt(2 / n)
            h = np.einsum("tij,tj->ti", w, x, optimize=True)
            u = np.einsum("tij,tj->ti", w, u, optimize=True) * (h > 0)
            x = np.maximum(h, 0)
        return (u * u).sum(1)

    return run, lambda squares: mean(np.log(squares[squares > 0]))


def w1_jax(n, depth, nets):
    jax, jnp = jax_modules()

    @jax.jit
    def go(key):
        def layer(carry, key):
            x, u = carry
            w = jax.random.normal(key, (nets, n, n), dtype=jnp.float64) * math.sqrt(2 / n)
            h = jnp.einsum("tij,tj->ti", w, x)
            u = jnp.einsum("tij,tj->ti", w, u) * (h > 0)
            return (jnp.maximum(h, 0), u), None

        start = jnp.ones((nets, n)), jnp.zeros((nets, n)).at[:, 0].set(1.0)
        (_, u), _ = jax.lax.scan(layer, start, jax.random.split(key, depth))
        return (u * u).sum(1)

    def statistic(squares):
        squares = np.asarray(squares)
        return mean(np.log(squares[squares > 0]))

    return lambda: go(jax.random.key(0)).block_until_ready(), statistic


# w2: trials of SGD with one sample a step on least squares; the mean of the last values.


def w2_data(n, d):
    x = entries(1, n, d)
    return x, x @ entries(2, d) + 0.1 * entries(3, n)


def w2_numpy(n, d, trials, steps):
    x, y = w2_data(n, d)
    rng = np.random.default_rng(2)

    def run():
        a = np.zeros((trials, d))
        for _ in range(steps):
            i = rng.integers(n, size=trials)
            xi = x[i]
            a -= 0.01 * xi * ((a * xi).sum(1) - y[i])[:, None]
        return ((a @ x.T - y) ** 2).mean(1) / 2

    return run, mean


def w2_jax(n, d, trials, steps):
    jax, jnp = jax_modules()
    x, y = map(jnp.asarray, w2_data(n, d))

    @jax.jit
    def go(key):
        def step(a, key):
            i = jax.random.randint(key, (trials,), 0, n)
            xi = x[i]
            return a - 0.01 * xi * ((a * xi).sum(1) - y[i])[:, None], None

        a, _ = jax.lax.scan(step, jnp.zeros((trials, d)), jax.random.split(key, steps))
        return ((a @ x.T - y) ** 2).mean(1) / 2

    return lambda: go(jax.random.key(0)).block_until_ready(), mean


# w3: paths of Euler–Maruyama in the valley (1 + 0.8 cos x) y²/2 at temperature 0.1; the mean of cos x at the end.

PACE, NOISE = 0.01, math.sqrt(2 * 0.1 * 0.01)


def w3_numpy(paths, steps):
    rng = np.random.default_rng(3)

    def run():
        x, y = rng.uniform(0, 2 * math.pi, paths), np.zeros(paths)
        for _ in range(steps):
            gx, gy = -0.4 * np.sin(x) * y * y, (1 + 0.8 * np.cos(x)) * y
            x += -PACE * gx + NOISE * rng.standard_normal(paths)
            y += -PACE * gy + NOISE * rng.standard_normal(paths)
        return np.cos(x)

    return run, mean


def w3_jax(paths, steps):
    jax, jnp = jax_modules()

    @jax.jit
    def go(key):
        def step(carry, key):
            x, y = carry
            z = jax.random.normal(key, (2, paths), dtype=jnp.float64)
            gx, gy = -0.4 * jnp.sin(x) * y * y, (1 + 0.8 * jnp.cos(x)) * y
            return (x - PACE * gx + NOISE * z[0], y - PACE * gy + NOISE * z[1]), None

        x = jax.random.uniform(key, (paths,), dtype=jnp.float64) * 2 * math.pi
        (x, _), _ = jax.lax.scan(step, (x, jnp.zeros(paths)), jax.random.split(key, steps))
        return jnp.cos(x)

    return lambda: go(jax.random.key(0)).block_until_ready(), mean


# w4: gradient descent on a deep linear network of three factors; the last loss.


def w4_data(d):
    start = [0.5 * np.eye(d) + 0.1 / math.sqrt(d) * entries(seed, d, d) for seed in (4, 5, 6)]
    return np.diag(np.linspace(0.5, 2, d)), start


def w4_numpy(d, steps):
    phi, start = w4_data(d)

    def run():
        a, b, c = start
        for _ in range(steps):
            ba = b @ a
            e = c @ ba - phi
            cte = c.T @ e
            a, b, c = a - 0.01 * b.T @ cte, b - 0.01 * cte @ a.T, c - 0.01 * e @ ba.T
        return ((c @ b @ a - phi) ** 2).sum() / 2

    return run, lambda loss: (loss, 0)


def w4_jax(d, steps):
    jax, jnp = jax_modules()
    phi, start = w4_data(d)
    phi, start = jnp.asarray(phi), tuple(map(jnp.asarray, start))

    @jax.jit
    def go(start):
        def step(carry, _):
            a, b, c = carry
            ba = b @ a
            e = c @ ba - phi
            cte = c.T @ e
            return (a - 0.01 * b.T @ cte, b - 0.01 * cte @ a.T, c - 0.01 * e @ ba.T), None

        (a, b, c), _ = jax.lax.scan(step, start, None, length=steps)
        return ((c @ b @ a - phi) ** 2).sum() / 2

    return lambda: go(start).block_until_ready(), lambda loss: (loss, 0)


# w5: FISTA on the LASSO |X a - y|² + λ |a|₁; the last value.


def w5_data(n, d):
    x = entries(7, n, d)
    y = x[:, :10].sum(1) + 0.1 * entries(8, n)
    return x, y, 2 * np.linalg.norm(x, 2) ** 2, 0.2 * np.abs(x.T @ y).max()


def w5_numpy(n, d, steps):
    x, y, smoothness, weight = w5_data(n, d)

    def run():
        a, z, t = np.zeros(d), np.zeros(d), 1.0
        for _ in range(steps):
            v = z - 2 * (x.T @ (x @ z - y)) / smoothness
            b = np.sign(v) * np.maximum(np.abs(v) - weight / smoothness, 0)
            s = (1 + math.sqrt(1 + 4 * t * t)) / 2
            z = b + (t - 1) / s * (b - a)
            a, t = b, s
        r = x @ a - y
        return r @ r + weight * np.abs(a).sum()

    return run, lambda value: (value, 0)


def w5_jax(n, d, steps):
    jax, jnp = jax_modules()
    x, y, smoothness, weight = w5_data(n, d)
    x, y = jnp.asarray(x), jnp.asarray(y)

    @jax.jit
    def go():
        def step(carry, _):
            a, z, t = carry
            v = z - 2 * (x.T @ (x @ z - y)) / smoothness
            b = jnp.sign(v) * jnp.maximum(jnp.abs(v) - weight / smoothness, 0)
            s = (1 + jnp.sqrt(1 + 4 * t * t)) / 2
            return (b, b + (t - 1) / s * (b - a), s), None

        start = jnp.zeros(d), jnp.zeros(d), jnp.float64(1.0)
        (a, _, _), _ = jax.lax.scan(step, start, None, length=steps)
        r = x @ a - y
        return r @ r + weight * jnp.abs(a).sum()

    return lambda: go().block_until_ready(), lambda value: (value, 0)


# w6: coordinate descent on the same, λ a tenth of the threshold, to a duality gap of 1e-10 of the value; the last value.


def w6_data(data, n, d):
    if data == "drawn":
        x = entries(7, n, d)
        y = x[:, :20].sum(1) + entries(8, n)
    else:
        table = np.genfromtxt(DATA / "diabetes.csv", delimiter=",", skip_header=1)
        x, y = table[:, :-1] - table[:, :-1].mean(0), table[:, -1] - table[:, -1].mean()
        x /= np.linalg.norm(x, axis=0)
    return x, y, 0.2 * np.abs(x.T @ y).max()


def w6_sklearn(data, n, d):
    from sklearn.linear_model import Lasso

    x, y, weight = w6_data(data, n, d)
    x = np.asfortranarray(x)

    def relative_gap(a):
        r = y - x @ a
        value = r @ r + weight * np.abs(a).sum()
        t = 2 * r * min(1, weight / np.abs(2 * x.T @ r).max())
        return (value - t @ y + t @ t / 4) / value

    # scikit-learn minimises |X a - y|²/(2n) + alpha |a|₁, and stops at a gap of tol |y|²/n or, by version, of tol |y|²: the
    # largest tol that reaches the accuracy is taken.
    def model(tol):
        return Lasso(alpha=weight / (2 * n), fit_intercept=False, tol=tol, max_iter=100000)

    tol = 1e-6
    while relative_gap(model(tol).fit(x, y).coef_) > 1e-10:
        tol /= 2

    def run():
        a = model(tol).fit(x, y).coef_
        r = x @ a - y
        return r @ r + weight * np.abs(a).sum()

    return run, lambda value: (value, 0)


# w7: steps of L-BFGS with ten pairs, on logistic regression with a ridge and on the completion of w8; the last value.


def w7_data(data, n, d):
    """Value and gradient in one, and the start."""
    if data == "completion":
        u, v, value_and_gradient = completion_sparse(n, d, 20)
        return value_and_gradient, np.concatenate([u.ravel(), v.ravel()])
    x = entries(7, n, d)
    y = np.sign(x[:, :20].sum(1) + 3 * entries(8, n))
    signed = y[:, None] * x

    def value_and_gradient(w):
        margins = signed @ w
        value = np.logaddexp(0, -margins).mean() + 1e-3 * (w @ w) / 2
        return value, -(signed.T @ (1 / (1 + np.exp(margins)))) / n + 1e-3 * w

    return value_and_gradient, np.zeros(d)


def w7_scipy(data, n, d, steps):
    from scipy.optimize import minimize

    f, start = w7_data(data, n, d)
    options = dict(maxcor=10, maxiter=steps, maxfun=100 * steps, ftol=0, gtol=0)

    def run():
        return minimize(f, start, jac=True, method="L-BFGS-B", options=options).fun

    return run, lambda value: (value, 0)


# w8: gradient descent on both factors of a matrix of which some entries are seen, with a ridge; the last value. Where few are seen
# SciPy's sparse matrices are faster, else NumPy's with zeros: the faster one is the peer.


def completion_data(size, rank, one_in):
    planted = entries(9, size, rank) @ entries(10, rank, size) / math.sqrt(rank)
    matrix = planted + 0.1 * entries(11, size, size)
    i, j = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    seen = (7 * i * i + 3 * j + i * j) % one_in == 0
    return matrix, seen, 0.5 * entries(12, size, rank), 0.5 * entries(13, rank, size)


def completion_sparse(size, rank, one_in):
    """Both factors at the start, and value and gradient of a point (U, V), by SciPy's sparse matrices."""
    from scipy.sparse import csr_matrix

    matrix, seen, u, v = completion_data(size, rank, one_in)
    rows, columns = np.nonzero(seen)
    residual = csr_matrix((matrix[rows, columns], (rows, columns)), shape=(size, size))
    known = residual.data.copy()

    def value_and_gradient(x):
        u, v = x[: size * rank].reshape(size, rank), x[size * rank :].reshape(rank, size)
        residual.data = np.einsum("ek,ek->e", u[rows], v.T[columns]) - known
        value = (residual.data @ residual.data + 0.1 * (x @ x)) / 2
        return value, np.concatenate([(residual @ v.T + 0.1 * u).ravel(), ((residual.T @ u).T + 0.1 * v).ravel()])

    return u, v, value_and_gradient


def w8_scipy(size, rank, one_in, steps):
    u, v, value_and_gradient = completion_sparse(size, rank, one_in)
    step = 0.2 * one_in / size

    def run():
        x = np.concatenate([u.ravel(), v.ravel()])
        for _ in range(steps):
            x = x - step * value_and_gradient(x)[1]
        return value_and_gradient(x)[0]

    return run, lambda value: (value, 0)


def w8_numpy(size, rank, one_in, steps):
    matrix, seen, first, second = completion_data(size, rank, one_in)
    mask, known, step = seen.astype(float), matrix * seen, 0.2 * one_in / size

    def run():
        u, v = first.copy(), second.copy()
        for _ in range(steps):
            residual = mask * (u @ v) - known
            u, v = u - step * (residual @ v.T + 0.1 * u), v - step * (u.T @ residual + 0.1 * v)
        residual = mask * (u @ v) - known
        return ((residual**2).sum() + 0.1 * ((u**2).sum() + (v**2).sum())) / 2

    return run, lambda value: (value, 0)


SIZES = {
    "w1": [dict(n=16, depth=200, nets=500), dict(n=64, depth=50, nets=200), dict(n=256, depth=50, nets=10)],
    "w2": [dict(n=20, d=10, trials=4096, steps=1000)],
    "w3": [dict(paths=10000, steps=1000)],
    "w4": [dict(d=64, steps=2000)],
    "w5": [dict(n=200, d=1000, steps=1000)],
    "w6": [dict(data="diabetes", n=442, d=10), dict(data="drawn", n=2000, d=500)],
    "w7": [dict(data="logistic", n=2000, d=500, steps=60), dict(data="completion", n=1000, d=10, steps=300)],
    "w8": [dict(size=300, rank=5, one_in=4, steps=500), dict(size=1000, rank=10, one_in=20, steps=200)],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", choices=SIZES)
    parser.add_argument("--engine", choices=["numpy", "jax", "sklearn", "scipy"], required=True)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    for work in SIZES[arguments.workload]:
        run, statistic = globals()[f"{arguments.workload}_{arguments.engine}"](**work)
        result = run()
        seconds = math.inf
        # Threads that wait for each other cost small products more than they win: the faster of both is the peer.
        for threads in [None, 1]:
            with threadpool_limits(limits=threads, user_api="blas"):
                for _ in range(arguments.repeat):
                    begun = time.perf_counter()
                    result = run()
                    seconds = min(seconds, time.perf_counter() - begun)
        value, error = map(float, statistic(result))
        line = dict(workload=arguments.workload, engine=arguments.engine, work=work)
        print(json.dumps({**line, "seconds": seconds, "statistic": value, "error": error}), flush=True)


if __name__ == "__main__":
    main()
