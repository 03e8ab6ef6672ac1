"""How many times faster the workloads run here than in NumPy, JAX, SciPy and scikit-learn.

    python3 -m venv VENV
    VENV/bin/pip install -r benches/peers/requirements.txt
    VENV/bin/python benches/compare.py [--rounds 5] [w1 ... w8]

It builds the Rust program (`benches/workloads`) and runs it and `benches/peers/peers.py` under
this interpreter, in turns, so that whatever else the machine does falls on all of them. Each has all cores, and uses
as many as it wants. A line of the table gives for each peer the ratio of the best times of all rounds, and in
brackets the smallest and the largest ratio within a round. Statistics of the results must agree, up to five standard
errors where numbers are drawn; else the script fails.
"""
import argparse
import collections
import json
import math
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORKLOADS = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"]
PEERS = {"numpy": "NumPy", "jax": "JAX", "scipy": "SciPy", "sklearn": "scikit-learn"}
# Those that have no line here are written in NumPy and in JAX.
WRITTEN_IN = {"w6": ["sklearn"], "w7": ["scipy"], "w8": ["numpy", "scipy"]}
# These make OpenBLAS use the kernels of another processor.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}


def peers_of(workload):
    return WRITTEN_IN.get(workload, ["numpy", "jax"])


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=ROOT).stdout


def program():
    output("cargo", "build", "--quiet", "--release", "-p", "theoria-benches", "--bin", "workloads")
    metadata = json.loads(output("cargo", "metadata", "--no-deps", "--format-version", "1"))
    return str(pathlib.Path(metadata["target_directory"]) / "release" / "workloads")


def agree(one, other):
    noise = 5 * math.hypot(one["error"], other["error"])
    return abs(one["statistic"] - other["statistic"]) <= noise + 1e-5 * abs(one["statistic"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help="w1, ..., w8; all of them if none is named")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each engine in a round, of which the best counts")
    arguments = parser.parse_args()
    own = program()
    peers = ROOT / "benches" / "peers" / "peers.py"
    heads = "".join(f" to {name} |" for name in PEERS.values())
    print(f"| workload | size |{heads}\n|---|---|{'---|' * len(PEERS)}")
    for workload in arguments.workloads or WORKLOADS:
        # Size, then engine: one line of output a round.
        lines = collections.defaultdict(lambda: collections.defaultdict(list))
        for _ in range(arguments.rounds):
            text = output(own, workload, str(arguments.repeat))
            for engine in peers_of(workload):
                repeat = str(arguments.repeat)
                text += output(sys.executable, str(peers), workload, "--engine", engine, "--repeat", repeat)
            for line in map(json.loads, text.splitlines()):
                lines[json.dumps(line["work"], sort_keys=True)][line["engine"]].append(line)
        for work, engines in lines.items():
            cells = []
            for engine in PEERS:
                if engine not in engines:
                    cells.append("")
                    continue
                pairs = list(zip(engines["theoria"], engines[engine]))
                apart = [pair for pair in pairs if not agree(*pair)]
                if apart:
                    sys.exit(f"{workload} {work}: the statistics differ: {apart[0]}")
                best = [min(line["seconds"] for line in side) for side in zip(*pairs)]
                ratios = [peer["seconds"] / ours["seconds"] for ours, peer in pairs]
                cells.append(f"{best[1] / best[0]:.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
            size = ", ".join(f"{key} = {value}" for key, value in json.loads(work).items())
            print(f"| {workload} | {size} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
