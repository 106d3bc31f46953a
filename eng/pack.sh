#!/usr/bin/env bash
# From a built checkout to packages in artifacts/packages, or in the folder given: the libraries, with symbols, and with --tool the ferml command for this system.
# Their version is that of eng/version.sh; packages of another version in the folder stay.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tool=false
[ "${1:-}" != --tool ] || { tool=true; shift; }
out=${1:-artifacts/packages}
version=$(eng/version.sh)
# Two at once would build into the same folders.
build=(-p:Version="$version" -maxcpucount:1)
# For .NET 8 too, in a folder of its own, where they are built here: the checkout itself builds for .NET 10 alone.
if [ "${FERML_NO_BUILD:-}" = 1 ]; then build+=(--no-build); else build+=(-p:WithNet8=true --artifacts-path artifacts/build); fi
for project in FerMl FerMl.Training FerMl.Experiments FerMl.Reporting FerMl.Vision FerMl.Detection; do
    dotnet pack "src/$project" --configuration Release --output "$out" --nologo --verbosity quiet "${build[@]}"
done
# The command holds libtorch, so it is large, and of one system only.
[ "$tool" = false ] || dotnet pack src/FerMl.Cli --configuration Release --output "$out" --nologo --verbosity quiet -p:IsPackable=true "${build[@]}"
out=$(cd "$out" && pwd)
echo "Packed version $version into $out"
echo "  in a project:   dotnet nuget add source $out --name FerMl   (once)"
echo "                  dotnet add package FerMl --version $version"
echo "  in a notebook:  #i \"nuget:$out\""
echo "                  #r \"nuget: FerMl, $version\""
[ "$tool" = false ] || echo "  as a command:   dotnet tool install --global FerMl.Tool --version $version --source $out"
