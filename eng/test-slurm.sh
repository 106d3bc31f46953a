#!/usr/bin/env bash
# Runs the batch scripts of eng/deploy/slurm on a temporary Slurm cluster, three nodes on this machine, and interrupts them: shards of an
# archive, workers of a study, a training. For Debian, as root; installs Slurm and PostgreSQL if missing. The last line counts the checks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'test-slurm: %s\n' "$*" >&2; }
[ "$(id -u)" -eq 0 ] || { say "needs root for Slurm's daemons."; exit 1; }
missing=()
command -v slurmctld >/dev/null 2>&1 || missing+=(slurm-wlm munge)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]}."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
eng/ferml --version >/dev/null

passed=0 failed=0
check() { if [ "$2" = "$3" ]; then echo "ok $1: $3"; passed=$((passed + 1)); else echo "FAILED $1: $3 instead of $2"; failed=$((failed + 1)); fi; }
# Waits until a command succeeds, at most the given seconds.
until_true() { local end=$((SECONDS + $1)); shift; until "$@"; do [ "$SECONDS" -lt "$end" ] || return 1; sleep 0.2; done; }

work=$(mktemp -d)
chmod 755 "$work"
programs=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
as_postgres() { (cd / && runuser -u postgres -- "$programs/$@"); }
stop() {
    local status=$?
    scancel --full --user root 2>/dev/null || true
    # Waits for the jobs before ending the daemons, so that nothing remains.
    for _ in $(seq 50); do [ -n "$(squeue -h 2>/dev/null || true)" ] || break; sleep 0.2; done
    for name in slurmd-n1 slurmd-n2 slurmd-n3 slurmctld munged; do
        [ ! -e "$work/$name.pid" ] || kill "$(cat "$work/$name.pid")" 2>/dev/null || true
    done
    [ ! -e "$work/postgres/data" ] || as_postgres pg_ctl stop -D "$work/postgres/data" -m immediate -w >/dev/null || true
    if [ "$status" -ne 0 ]; then say "logs are in $work."; else sleep 1; rm -rf "$work"; fi
}
trap stop EXIT

# Slurm: several slurmd on one machine, each with its own name and port.
host=$(hostname)
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<END
ClusterName=ferml
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
MpiDefault=none
NodeName=n[1-3] NodeHostname=$host NodeAddr=127.0.0.1 Port=[16821-16823] CPUs=1
PartitionName=all Nodes=n[1-3] Default=YES MaxTime=INFINITE State=UP
END
mkdir "$work/state" "$work/logs"
(umask 077 && head -c 1024 /dev/urandom >"$work/munge.key")
# munged rejects a folder below a world-writable one, unless forced.
munged --force --socket "$work/munge.socket" --key-file "$work/munge.key" --pid-file "$work/munged.pid" --log-file "$work/munged.log" \
    --seed-file "$work/munged.seed" 2>/dev/null
slurmctld
for node in n1 n2 n3; do slurmd -N "$node"; done
idle() { [ "$(sinfo -h -N -o %t 2>/dev/null | grep -c '^idle')" -eq 3 ]; }
until_true 30 idle || { say "the nodes don't start."; sinfo -N >&2; exit 1; }
echo "ok three nodes of $(slurmctld -V)"
passed=$((passed + 1))

export PATH=$PWD/eng:$PATH
submit() { sbatch --parsable --cpus-per-task=1 --output="$work/logs/%x-%A_%a.log" "$@"; }
state() { squeue -h -j "$1" -t all -o %T 2>/dev/null | sort | uniq | tr '\n' ' '; }
running() { [[ "$(state "$1")" == *RUNNING* ]]; }
ended() { ! state "$1" | grep -qE 'PENDING|RUNNING|COMPLETING|CONFIGURING|REQUEUE|SUSPENDED'; }
# Slurm delays a requeued job by two minutes.
at_once() { scontrol update "JobId=$1" StartTime=now 2>/dev/null || true; }
restarts() { scontrol show job "$1" | grep -o 'Restarts=[0-9]*' | head -n 1; }
lines() { cat "$@" 2>/dev/null | wc -l; }
has_lines() { [ "$(lines "$2")" -ge "$1" ]; }

# (a) An archive of photos in four shards. One is requeued, the node of another is lost.
mkdir "$work/archive"
for i in $(seq -w 1 160); do cp docs/images/serve.png "$work/archive/photo-$i.png"; done
echo "no image" >"$work/archive/broken.png"
job=$(submit --array=1-4 eng/deploy/slurm/archives.sbatch "$work/archive" "$work/results" 4 --model ferplus-fast)
both_began() { has_lines 5 "$work/results/part-1.jsonl" && has_lines 5 "$work/results/part-2.jsonl"; }
until_true 120 both_began || say "the archive's jobs don't start."
scontrol requeue "${job}_1"
node=$(squeue -h -j "${job}_2" -o %N)
scontrol update "NodeName=$node" State=DOWN Reason=test
sleep 1
before_1=$(lines "$work/results/part-1.jsonl") before_2=$(lines "$work/results/part-2.jsonl")
echo "   requeued after $before_1 images, node lost after $before_2"
# A running slurmd brings its node back by itself.
scontrol update "NodeName=$node" State=RESUME 2>/dev/null || true
go_on() { at_once "${job}_1"; at_once "${job}_2"; ended "$job"; }
until_true 300 go_on || say "the archive's jobs don't end."
cat "$work"/results/part-*.jsonl >"$work/lines.jsonl"
check "each image has a line" 161 "$(wc -l <"$work/lines.jsonl")"
check "no image has two" 161 "$(grep -o '"file":"[^"]*"' "$work/lines.jsonl" | sort -u | wc -l)"
check "two faces in each photo" 320 "$(grep -o '"face":' "$work/lines.jsonl" | wc -l)"
check "the requeued task and that of the lost node started twice" "Restarts=1 Restarts=1" "$(restarts "${job}_1") $(restarts "${job}_2")"
check "both were interrupted before their end" yes "$([ "$before_1" -lt 35 ] && [ "$before_2" -lt 35 ] && echo yes || echo no)"
check "only the shard with the broken image failed" "COMPLETED FAILED " "$(state "$job")"

# (b) Two workers of a study in PostgreSQL; one is requeued.
mkdir "$work/postgres"
chown postgres "$work/postgres"
as_postgres initdb -D "$work/postgres/data" -U ferml --auth=trust --encoding=UTF8 --no-sync >/dev/null
port=16830
as_postgres pg_ctl start -D "$work/postgres/data" -w -l "$work/postgres/log" \
    -o "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p $port" >/dev/null
export FERML_STUDY="Host=127.0.0.1;Port=$port;Username=ferml;Database=postgres"
trials=8
ferml experiment run --study "$FERML_STUDY" --folder "$work/models" --data synthetic --preset tiny --limit 700 --search LearningRate=0.001..0.01,log \
    --trials $trials --epochs 3 --schedule none --minutes 0.0001 >/dev/null 2>&1 || true
job=$(submit --array=1-2 eng/deploy/slurm/study.sbatch study "$work/models" --lease 5)
both_train() { [ "$(ferml experiment show --study "$FERML_STUDY" --json 2>/dev/null | grep -ci '"state": *"running"')" -ge 2 ]; }
until_true 120 both_train || say "the workers don't start."
scontrol requeue "${job}_1"
sleep 1
go_on() { at_once "${job}_1"; ended "$job"; }
until_true 400 go_on || say "the workers don't end."
ferml experiment show --study "$FERML_STUDY" --json >"$work/study.json"
check "all trials are complete" $trials "$(grep -ci '"state": *"complete' "$work/study.json")"
check "no trial exists twice" $trials "$(grep -oi '"number": *[0-9]*' "$work/study.json" | sort -u | wc -l)"
check "the requeued worker started twice" Restarts=1 "$(restarts "${job}_1")"
check "both workers completed" "COMPLETED " "$(state "$job")"

# (c) A training, requeued after its second epoch; and the same without interruption.
options=(--data synthetic --preset tiny --limit 700 --epochs 6 --seed 3 --threads 1)
job=$(submit eng/deploy/slurm/train.sbatch "$work/run" "${options[@]}")
until_true 120 has_lines 2 "$work/run/history.jsonl" || say "the training doesn't start."
scontrol requeue "$job"
gone() { [[ "$(state "$job")" == *PENDING* ]]; }
until_true 30 gone || true
before=$(lines "$work/run/history.jsonl")
echo "   requeued after $before epochs"
go_on() { at_once "$job"; ended "$job"; }
until_true 300 go_on || say "the training doesn't end."
check "the training was interrupted before its end" yes "$([ "$before" -lt 6 ] && echo yes || echo no)"
check "the training started twice and completed" "Restarts=1 COMPLETED " "$(restarts "$job") $(state "$job")"
check "its history has each epoch once" 6 "$(lines "$work/run/history.jsonl")"
OMP_NUM_THREADS=1 ferml train --out "$work/whole" "${options[@]}" >/dev/null 2>&1
ferml export --model "$work/run/model.zip" --out "$work/run.onnx" >/dev/null
ferml export --model "$work/whole/model.zip" --out "$work/whole.onnx" >/dev/null
check "its network is that of an uninterrupted training" same "$(cmp -s "$work/run.onnx" "$work/whole.onnx" && echo same || echo another)"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
