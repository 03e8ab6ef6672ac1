"""Trains a student network on a teacher's outputs with JAX, by SGD and by Adam, four seeds each, and logs the training loss.

    pip install jax optax
    python3 teacher_student.py > teacher_student.csv
"""

import jax
import jax.numpy as jnp
import optax

STEPS, WIDTH, SAMPLES, BATCH = 2000, 64, 512, 32


def network(weights, inputs):
    return jnp.tanh(inputs @ weights["first"]) @ weights["second"]


def start(key, width):
    one, two = jax.random.split(key)
    return {
        "first": jax.random.normal(one, (8, width)) / 8**0.5,
        "second": jax.random.normal(two, (width, 1)) / width**0.5,
    }


def run(name, optimizer, seed, inputs, targets):
    key, first = jax.random.split(jax.random.PRNGKey(seed))
    weights = start(first, WIDTH)
    state = optimizer.init(weights)

    def loss(weights, inputs, targets):
        return jnp.mean((network(weights, inputs) - targets) ** 2)

    @jax.jit
    def step(weights, state, key):
        rows = jax.random.choice(key, SAMPLES, (BATCH,), replace=False)
        gradient = jax.grad(loss)(weights, inputs[rows], targets[rows])
        update, state = optimizer.update(gradient, state)
        return optax.apply_updates(weights, update), state

    for n in range(1, STEPS + 1):
        key, own = jax.random.split(key)
        weights, state = step(weights, state, own)
        if n % 10 == 0:
            print(f"{name}-{seed},{n},{loss(weights, inputs, targets):.6g}")


if __name__ == "__main__":
    teacher, data = jax.random.split(jax.random.PRNGKey(2026))
    inputs = jax.random.normal(data, (SAMPLES, 8))
    targets = network(start(teacher, 4), inputs)
    print("run,step,loss")
    for seed in range(4):
        run("sgd", optax.sgd(0.05), seed, inputs, targets)
        run("adam", optax.adam(0.003), seed, inputs, targets)
