#!/usr/bin/env bash
# On the other machine: take FOLDER | smoke | train OUT 'name: options of ferml train' ... | ferml ARGUMENTS   (README.md explains)
set -euo pipefail
home=${FERML_HOME:-/tmp/ferml-remote}; mkdir -p "$home"

unpack() {
  [ -f "$home/unpacked" ] && return
  unxz() {
    if command -v xz >/dev/null; then xz -dc
    else python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.stdin.buffer), sys.stdout.buffer)'; fi
  }
  cat "$home"/part.?? | tar x -C "$home"
  unxz < "$home/app.tar.xz" | tar x -C "$home"
  chmod +x "$home/app/FerMl.Cli"; touch "$home/unpacked"
}

ferml() {
  # The folder with libtorch.so; by default that of Python's PyTorch.
  FERML_LIBTORCH=${FERML_LIBTORCH:-$(python3 -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')} \
    "$home/app/FerMl.Cli" "$@"
}

device=${FERML_DEVICE:-cuda}
case ${1:-} in
  take) cp "$2"/part.?? "$home/"; rm -f "$home/unpacked"; ls -l "$home" ;;
  ferml) unpack; shift; ferml "$@" ;;
  smoke)
    unpack
    ! command -v nvidia-smi >/dev/null || nvidia-smi --query-gpu=name,memory.total --format=csv,noheader
    nproc
    # shellcheck disable=SC2206
    options=(--data "$home/files/$(cat "$home/data-name")" --preset strong --epochs 2 --warm-up 0.2 --batch-size 256 --validation 0
      --device "$device" ${FERML_SMOKE:-})
    rm -rf "$home"/smoke*
    for precision in float32 bfloat16; do
      ferml train "${options[@]}" --precision $precision --out "$home/smoke-$precision" 2>&1 | tail -n 4
    done
    for k in 1 2 3 4; do
      ferml train "${options[@]}" --precision bfloat16 --seed $k --threads 1 --out "$home/smoke-$k" > "$home/smoke-$k.log" 2>&1 &
    done
    wait
    for k in 1 2 3 4; do tail -n 1 "$home/smoke-$k/history.jsonl" || tail -n 3 "$home/smoke-$k.log"; done ;;
  train)
    unpack; out=$2; shift 2; runs=$home/runs; mkdir -p "$out" "$runs"
    for job in "$@"; do
      name=${job%%:*}
      # A job's options are split into words.
      # shellcheck disable=SC2086
      (cd "$home/files" && ferml train --data "$(cat "$home/data-name")" --device "$device" ${job#*:} --out "$runs/$name") \
        > "$runs/$name.log" 2>&1 &
    done
    wait
    failed=0
    for job in "$@"; do
      name=${job%%:*}; echo "== $name"; tail -n 3 "$runs/$name.log"
      if [ -f "$runs/$name/model.zip" ]; then cp "$runs/$name/model.zip" "$out/$name.zip"; else failed=1; fi
    done
    (cd "$runs" && tar czf - ./*.log $(ls -d ./*/history.jsonl ./*/card.json 2>/dev/null)) > "$out/logs.tar.gz"
    exit $failed ;;
  *) sed -n 2p "$0" >&2; exit 2 ;;
esac
