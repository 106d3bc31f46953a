#!/usr/bin/env bash
# Packs a built checkout into artifacts/packages or the given folder: the libraries with symbols, and with --tool the ferml command for this
# system. Their version is that of eng/version.sh; packages of other versions stay in the folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tool=false
[ "${1:-}" != --tool ] || { tool=true; shift; }
out=${1:-artifacts/packages}
version=$(eng/version.sh)
# Parallel builds would write to the same folders.
build=(-p:Version="$version" -maxcpucount:1)
# Builds for .NET 8 too, in a separate folder, since the checkout itself builds only for .NET 10.
if [ "${FERML_NO_BUILD:-}" = 1 ]; then build+=(--no-build); else build+=(-p:WithNet8=true --artifacts-path artifacts/build); fi
for project in FerMl FerMl.Training FerMl.Experiments FerMl.Reporting FerMl.Vision FerMl.Detection; do
    dotnet pack "src/$project" --configuration Release --output "$out" --nologo --verbosity quiet "${build[@]}"
done
# The command contains libtorch, so it is large and runs on one system only.
[ "$tool" = false ] || dotnet pack src/FerMl.Cli --configuration Release --output "$out" --nologo --verbosity quiet -p:IsPackable=true "${build[@]}"
out=$(cd "$out" && pwd)
echo "Packed version $version into $out"
echo "  in a project:   dotnet nuget add source $out --name FerMl   (once)"
echo "                  dotnet add package FerMl --version $version"
echo "  in a notebook:  #i \"nuget:$out\""
echo "                  #r \"nuget: FerMl, $version\""
[ "$tool" = false ] || echo "  as a command:   dotnet tool install --global FerMl.Tool --version $version --source $out"
