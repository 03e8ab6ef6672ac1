#!/usr/bin/env bash
# A Slurm cluster of three nodes on this machine, to try cluster/ without one:
#
#     source <(cluster/one-machine.sh start DIR)     # then sbatch, squeue and their like work in this shell
#     cluster/one-machine.sh stop DIR
#
# DIR is an absolute path to a new folder. It needs munged, slurmctld, slurmd and Slurm's commands (on Debian the packages
# munge, slurmctld, slurmd and slurm-client), and no systemd. As root the daemons run as root, else as whoever starts them.
set -euo pipefail

usage() {
  sed -n '2,8s/^# \?//p' "$0" >&2
  exit 2
}

(($# == 2)) && [[ $2 = /* ]] || usage
verb=$1 dir=$2
PATH=$PATH:/usr/sbin:/sbin
nodes=3

# Ends the daemons and waits until they have written what they write last.
stop() {
  local file pid _ pids=()
  for file in "$dir"/slurmd-*.pid "$dir"/slurmctld.pid "$dir"/munged.pid; do
    if [[ -s $file ]]; then pids+=("$(<"$file")"); fi
  done
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  for _ in {1..100}; do
    for pid in ${pids[@]+"${pids[@]}"}; do
      if kill -0 "$pid" 2>/dev/null; then sleep 0.1; continue 2; fi
    done
    return
  done
}

# Repeats a command until it succeeds, for ten seconds.
wait_for() {
  local _
  for _ in {1..100}; do
    if "$@" > /dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "error: after ten seconds still not: $*; see the logs in $dir" >&2
  stop
  exit 1
}

all_idle() {
  [[ $(sinfo --noheader --Node --format=%t | grep -c '^idle$') == "$nodes" ]]
}

# A port that nobody listens at, and a second one each for the next nodes.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

start() {
  local program user
  for program in munged slurmctld slurmd sinfo; do
    if ! command -v "$program" > /dev/null; then
      echo "error: there is no $program: on Debian, apt-get install munge slurmctld slurmd slurm-client" >&2
      exit 2
    fi
  done
  if [[ -e $dir ]]; then
    echo "error: $dir is there already: take a new folder" >&2
    exit 2
  fi
  user=$(id -un)
  mkdir -p "$dir"/state
  chmod 755 "$dir"
  (umask 077 && head -c 1024 /dev/urandom > "$dir/munge.key")
  munged --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munged.pid" \
    --log-file="$dir/munged.log" --seed-file="$dir/munge.seed" 2>> "$dir/munged.log"
  {
    cat <<END
ClusterName=one-machine
SlurmctldHost=localhost
SlurmctldPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd-%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
END
    for ((node = 1; node <= nodes; node++)); do
      echo "NodeName=n$node NodeHostname=localhost NodeAddr=127.0.0.1 Port=$(free_port) CPUs=1 RealMemory=4096"
    done
    echo "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP"
  } > "$dir/slurm.conf"
  echo "CgroupAutomount=no" > "$dir/cgroup.conf"
  export SLURM_CONF=$dir/slurm.conf
  slurmctld -c -f "$SLURM_CONF"
  for ((node = 1; node <= nodes; node++)); do
    mkdir -p "$dir/spool-n$node"
    slurmd -f "$SLURM_CONF" -N "n$node"
  done
  wait_for all_idle
  echo "export SLURM_CONF=$SLURM_CONF"
}

case $verb in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
