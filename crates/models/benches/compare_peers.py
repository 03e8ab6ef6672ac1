"""Holds the benchmarks of this crate against the same work in NumPy and JAX, as ratios.

    python3 crates/models/benches/compare_peers.py PEERS.py [--rounds 3]

PEERS.py is a script that takes a workload name (w1: fresh random networks, w4: deep linear descent)
and prints one JSON line for each engine and size, with its best time in seconds. It runs under this
interpreter, which needs what it imports. Both sides alternate, so that whatever else the machine does
falls on both, and the best time of each counts.
"""
import argparse
import json
import pathlib
import subprocess
import sys

# Workload, a number that names its size, benchmark target, and where Criterion leaves its sample.
PAIRS = [
    ("w1", "n", 64, "fresh_networks", "fresh_networks/literal_n=64"),
    ("w1", "n", 16, "fresh_networks", "fresh_networks/literal_n=16"),
    ("w1", "n", 256, "fresh_networks", "fresh_networks/literal_n=256"),
    ("w4", "d", 64, "deep_linear", "deep_linear/descent_d=64"),
]


def ours(target_directory, bench, filter):
    command = ["cargo", "bench", "--quiet", "-p", "theoria-models", "--bench", bench, "--", filter]
    subprocess.run(command + ["--warm-up-time", "1", "--measurement-time", "3"], check=True, stdout=subprocess.DEVNULL)
    for workload, key, size, name, place in PAIRS:
        if name == bench:
            sample = json.loads((target_directory / "criterion" / place / "new" / "sample.json").read_text())
            yield (workload, size), min(t / n / 1e9 for t, n in zip(sample["times"], sample["iters"]))


def peers(script, workload):
    command = [sys.executable, script, workload]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for line in map(json.loads, out.splitlines()):
        size = line["work"]["n" if workload == "w1" else "d"]
        yield (workload, size, line["engine"]), line["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers", help="path of the script with the same work in NumPy and JAX")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    metadata = subprocess.run(["cargo", "metadata", "--no-deps", "--format-version", "1"], check=True, capture_output=True)
    target_directory = pathlib.Path(json.loads(metadata.stdout)["target_directory"])
    best = {}
    for _ in range(arguments.rounds):
        for workload, bench, filter in [("w1", "fresh_networks", "literal"), ("w4", "deep_linear", "descent")]:
            for key, seconds in [*ours(target_directory, bench, filter), *peers(arguments.peers, workload)]:
                best[key] = min(seconds, best.get(key, seconds))
    for workload, key, size, _, _ in PAIRS:
        own = best[workload, size]
        ratios = {engine: best[workload, size, engine] / own for engine in ("numpy", "jax")}
        told = ", ".join(f"{ratio:.2f} times as fast as {engine}" for engine, ratio in ratios.items())
        print(f"{workload} {key}={size}: {told}")


if __name__ == "__main__":
    main()
