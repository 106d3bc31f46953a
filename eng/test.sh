#!/usr/bin/env bash
# From a checkout to test results: installs what the machine needs, builds, and runs all tests; --fast leaves out the category Slow.
# The last line counts the tests from the result file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
fast=
case ${1:-} in
    "") ;;
    --fast) fast="TestCategory!=Slow" ;;
    *) echo "usage: eng/test.sh [--fast]" >&2; exit 2 ;;
esac
eng/setup.sh --for-tests
results=$PWD/TestResults
rm -rf "$results"
dotnet build FerMl.sln --configuration Release --nologo --verbosity quiet
status=0
dotnet format whitespace FerMl.sln --verify-no-changes --no-restore --verbosity quiet || {
    echo "test: the places above aren't formatted as .editorconfig says; 'dotnet format FerMl.sln' formats them." >&2
    status=1
}
# The tests of documents, notebooks and packages run alongside the other assemblies, of which one runs per processor, the longest first: many wait for
# other programs. Each computes on one thread, because the tests' networks are small.
assemblies=()
for name in EndToEnd Training Cli Vision Tests Service Detection Experiments Benchmarking Reporting; do
    project=FerMl.$name.Tests
    [ "$name" != Tests ] || project=FerMl.Tests
    assemblies+=("$(find "tests/$project/bin/Release" -name "$project.dll" -not -path '*/ref/*' | head -n 1)")
done
run() { # name, filter, assemblies
    OMP_NUM_THREADS=1 dotnet test "${@:3}" --nologo --filter "$2${fast:+&$fast}" --logger "trx;LogFileName=$1.trx" --results-directory "$results" \
        -- RunConfiguration.MaxCpuCount="$(getconf _NPROCESSORS_ONLN)"
}
documents="FullyQualifiedName~EndToEnd.Tests.DocumentTests|FullyQualifiedName~EndToEnd.Tests.NotebookTests"
documents+="|FullyQualifiedName~EndToEnd.Tests.KernelTests|FullyQualifiedName~EndToEnd.Tests.PackageTests"
# Job control: without it, bash makes background programs ignore interrupts, which some tests send.
set -m
run documents "($documents)" "${assemblies[0]}" &
trap 'kill -INT -- "-$!"' INT
run others "$(sed 's/~/!~/g; s/|/\&/g' <<<"$documents")" "${assemblies[@]}" || status=$?
wait "$!" || status=$?

# A .trx file has one line <Counters total="..." executed="..." passed="..." failed="..." .../>.
sum() { { grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null || true; } | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' | awk '{s += $1} END {print s + 0}'; }
total=$(sum total) passed=$(sum passed) executed=$(sum executed)
failed=$((executed - passed))
skipped=$((total - executed))
[ "$total" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
