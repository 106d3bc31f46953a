#!/usr/bin/env bash
# From a built checkout to packages in artifacts/packages, or in the folder given: the libraries, with symbols, and with --tool the ferml command for this system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tool=false
[ "${1:-}" != --tool ] || { tool=true; shift; }
out=${1:-artifacts/packages}
build=()
[ "${FERML_NO_BUILD:-}" != 1 ] || build=(--no-build)
for project in FerMl FerMl.Training FerMl.Experiments FerMl.Reporting FerMl.Vision; do
    dotnet pack "src/$project" --configuration Release --output "$out" --nologo --verbosity quiet "${build[@]}"
done
# The command holds libtorch, so it is large, and of one system only.
[ "$tool" = false ] || dotnet pack src/FerMl.Cli --configuration Release --output "$out" --nologo --verbosity quiet -p:IsPackable=true
ls -1 "$out"
