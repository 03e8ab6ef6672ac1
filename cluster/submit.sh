#!/usr/bin/env bash
# Submits a run as N shards, and the merge that waits for them:
#
#     cluster/submit.sh N RUN [FILTER ...]
#
# RUN is a new folder that all nodes see: seed, evidence, logs and the report come there. SEED=NUMBER takes a seed that
# was drawn before, SBATCH_PARTITION, SBATCH_ACCOUNT and their like are Slurm's own, and THEORIA names the program.
set -euo pipefail

if (($# < 2)) || ! [[ $1 =~ ^[1-9][0-9]*$ ]]; then
  sed -n '2,7s/^# \?//p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
shards=$1 run=$2
shift 2
program=${THEORIA:-theoria}
if ! THEORIA=$(command -v "$program"); then
  echo "error: there is no program $program: cargo build --release, then THEORIA=\$PWD/target/release/theoria" >&2
  exit 2
fi
if [[ -e $run/seed ]]; then
  echo "error: $run holds a run already: take another folder, or submit what it lacks by cluster/array.sbatch" >&2
  exit 2
fi
mkdir -p "$run"
run=$(cd "$run" && pwd)
export THEORIA
seed=${SEED:-$("$THEORIA" seed)}
echo "$seed" > "$run/seed"
cd "$run"
array=$(sbatch --parsable --array="1-$shards" "$here/array.sbatch" "$shards" "$seed" "$run/evidence" "$@")
array=${array%%;*}
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes "$here/merge.sbatch" \
  "$run/evidence" "$run/site")
merge=${merge%%;*}
cat <<END
shards:  job $array, tasks 1 to $shards (seed $seed)
merge:   job $merge, after them
report:  $run/site/index.html; its exit code in $run/site/exit-code
a shard failed? $run/theoria-$array-I.log says why; then, for shard I, in $run:
  export THEORIA=$THEORIA
  again=\$(sbatch --parsable --array=I $here/array.sbatch $shards $seed $run/evidence${*:+ $*})
  sbatch --dependency=afterok:\$again $here/merge.sbatch $run/evidence $run/site
END
