#!/usr/bin/env bash
# Runs three shards as an array job of a real Slurm on this machine, loses one, and repeats it: the merged report must be
# that of one run, and a merge that lacks a shard must be refused.
#
#     cluster/test.sh PROGRAM [FILTER ...]
#
# Where there is no Slurm it says so and passes.
set -euo pipefail

if (($# < 1)); then
  sed -n '2,7s/^# \?//p' "$0" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
THEORIA=$(realpath "$1")
export THEORIA
shift
filters=("${@:-gradient_descent_pl}")
PATH=$PATH:/usr/sbin:/sbin
for program in munged slurmctld slurmd sbatch; do
  if ! command -v "$program" > /dev/null; then
    echo "left out: there is no $program (on Debian: munge slurmctld slurmd slurm-client)"
    exit 0
  fi
done

work=$(mktemp -d)
end() {
  "$here/one-machine.sh" stop "$work/slurm"
  rm -rf "$work"
}
trap end EXIT

fail() {
  echo "FAILED: $*" >&2
  tail -n 20 "$run"/*.log >&2 || true
  exit 1
}

# Until no job of these is left, two minutes at most.
wait_for_jobs() {
  local _
  for _ in {1..1200}; do
    if [[ -z $(squeue --noheader) ]]; then return; fi
    sleep 0.1
  done
  fail "after two minutes still in the queue: $(squeue)"
}

merge_ends_with() {
  [[ $(cat "$run/site/exit-code" 2> /dev/null) == "$1" ]] || fail "the merge ended with $(cat "$run/site/exit-code"), not with $1"
}

# Where its daemons are not allowed to run there is nothing to try.
if ! settings=$("$here/one-machine.sh" start "$work/slurm"); then
  echo "left out: Slurm does not start on this machine"
  exit 0
fi
eval "$settings"
run=$work/run
SEED=$("$THEORIA" seed)
export SEED
"$here/submit.sh" 3 "$run" "${filters[@]}"
wait_for_jobs
merge_ends_with 0

"$THEORIA" check "${filters[@]}" --seed "$SEED" --evidence "$work/one/evidence" > /dev/null
"$THEORIA" report "$work/one/evidence" --out "$work/one/site" > /dev/null
same_as_one_run() {
  cmp "$run/site/verdicts.md" "$work/one/site/verdicts.md" || fail "the table is not that of one run"
}
same_as_one_run

echo "a shard is lost"
rm -r "$run/evidence/shard-2-of-3" "$run/site"
cd "$run"
sbatch --wait "$here/merge.sbatch" "$run/evidence" "$run/site" > /dev/null || true
merge_ends_with 2
again=$(sbatch --parsable --array=2 "$here/array.sbatch" 3 "$SEED" "$run/evidence" "${filters[@]}")
sbatch --dependency="afterok:${again%%;*}" "$here/merge.sbatch" "$run/evidence" "$run/site" > /dev/null
wait_for_jobs
merge_ends_with 0
same_as_one_run
echo "three shards as an array job, one of them lost and repeated: the report is that of one run"
