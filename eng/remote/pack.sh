#!/usr/bin/env bash
# Packs everything that a machine with PyTorch but without .NET needs for training: the program with its own .NET, data, votes, teachers.
# Usage: eng/remote/pack.sh --data FILE [--votes FILE] [--file FILE]... [--part-size 31M] [--out .remote]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd); root=$here/../..
files=(); data=; size=31M; out=.remote
while [ $# -gt 0 ]; do
  case $1 in
    --data) data=$2; files+=("$2") ;;
    --votes|--file) files+=("$2") ;;
    --part-size) size=$2 ;;
    --out) out=$2 ;;
    *) sed -n 3p "$0" >&2; exit 2 ;;
  esac
  [ $# -gt 1 ] || { echo "pack.sh: $1 needs a value" >&2; exit 2; }
  shift 2
done
[ -n "$data" ] || { sed -n 3p "$0" >&2; exit 2; }
for file in "${files[@]}"; do [ -f "$file" ] || { echo "pack.sh: $file: no such file" >&2; exit 2; }; done
for command in xz split tar; do
  command -v $command >/dev/null || { echo "pack.sh: $command is missing; on Debian: apt-get install xz-utils coreutils tar" >&2; exit 2; }
done
if [ -e "$out" ]; then
  [ -f "$out/1/run.sh" ] || { echo "pack.sh: $out exists and wasn't written by this script; give another --out" >&2; exit 2; }
  rm -rf "$out"
fi
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
# The other machine has its own libtorch; OpenCV is needed only for pictures and video.
dotnet publish "$root/src/FerMl.Cli" --configuration Release --runtime linux-x64 --self-contained --nologo --verbosity quiet \
  -p:PackAsTool=false -p:LibTorch=external -p:UseCurrentRuntimeIdentifier=false -p:OutputPath="$work/bin/" -o "$work/app"
(cd "$work/app" && rm -f libOpenCvSharpExtern.so ./*.pdb ./*.xml ./*.dbg libmscordaccore.so libmscordbi.so)
tar c -C "$work" app | xz -6 -T0 > "$work/app.tar.xz"
mkdir "$work/files"
for file in "${files[@]}"; do cp "$file" "$work/files/"; done
basename "$data" > "$work/data-name"
tar c -C "$work" app.tar.xz files data-name | split -b "$size" -d -a 2 - "$work/part."
number=0
for part in "$work"/part.??; do
  number=$((number + 1)); mkdir -p "$out/$number"; cp "$part" "$here/run.sh" "$out/$number/"
done
du -sm "$out"/*
echo "On the other machine, for each N of 1..$number: bash $out/N/run.sh take $out/N; then: bash $out/$number/run.sh smoke"
