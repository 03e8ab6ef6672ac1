"""How many times faster ensembles of trials, and FISTA, move here than in NumPy and in JAX.

    python compare_with_peers.py PEERS.PY [--rounds 5] [w2 w3 w5]

PEERS.PY holds the same workloads for NumPy and JAX, and prints one JSON line per engine; it is run with the
Python that runs this script. The engines take turns in every round, so that a busy machine slows all of them;
of each the best round counts. Prints one line per workload.
"""
import argparse, json, os, pathlib, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
# These force OpenBLAS onto the kernels of another processor.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ('OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE')}


def lines(*command):
    out = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT)
    return [json.loads(line) for line in out.stdout.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('peers', type=pathlib.Path)
    parser.add_argument('workloads', nargs='*', default=['w2', 'w3', 'w5'])
    parser.add_argument('--rounds', type=int, default=5)
    arguments = parser.parse_args()
    subprocess.run(['cargo', 'build', '--quiet', '--release', '-p', 'theoria-algorithms', '--example', 'ensembles'], check=True, cwd=ROOT)
    ours = ROOT / 'target/release/examples/ensembles'
    for workload in arguments.workloads:
        best = {}
        for _ in range(arguments.rounds):
            for line in lines(ours, workload, 5) + lines(sys.executable, arguments.peers.resolve(), workload):
                best[line['engine']] = min(best.get(line['engine'], float('inf')), line['seconds'])
        own = best.pop('theoria')
        ratios = ', '.join(f'{seconds / own:.1f} times as fast as {engine} ({seconds:.3f} s)' for engine, seconds in best.items())
        print(f'{workload}: {own:.3f} s, {ratios}')


if __name__ == '__main__':
    main()
