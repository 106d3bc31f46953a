#!/usr/bin/env bash
# From a checkout to test results: installs what the machine needs, builds, and runs all tests; --fast leaves out the category Slow, --locked
# refuses packages that the lock files don't have. The last line counts the tests from the result file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
filter=() locked=()
for option in "$@"; do
    case $option in
        --fast) filter=(--filter "TestCategory!=Slow") ;;
        --locked) locked=(-p:RestoreLockedMode=true) ;;
        *) echo "usage: eng/test.sh [--fast] [--locked]" >&2; exit 2 ;;
    esac
done
eng/setup.sh --for-tests
results=$PWD/TestResults
rm -rf "$results"
dotnet build FerMl.sln --configuration Release --nologo --verbosity quiet ${locked[@]+"${locked[@]}"}
status=0
dotnet format whitespace FerMl.sln --verify-no-changes --no-restore --verbosity quiet || {
    echo "test: the places above aren't formatted as .editorconfig says; 'dotnet format FerMl.sln' formats them." >&2
    status=1
}
# Runs several assemblies in parallel, a processor each, the longest first: the tests' networks are small and train nearly as fast on one
# thread as on all. .NET's JIT compiler uses threads of its own.
assemblies=()
for name in EndToEnd Training Cli Vision Tests Service Detection Experiments Benchmarking Reporting; do
    project=FerMl.$name.Tests
    [ "$name" != Tests ] || project=FerMl.Tests
    assemblies+=("$(find "tests/$project/bin/Release" -name "$project.dll" -not -path '*/ref/*' | head -n 1)")
done
OMP_NUM_THREADS=1 dotnet test "${assemblies[@]}" --nologo ${filter[@]+"${filter[@]}"} --logger "trx;LogFileName=results.trx" --results-directory "$results" \
    -- RunConfiguration.MaxCpuCount="$(getconf _NPROCESSORS_ONLN)" || status=$?

# A .trx file has one line <Counters total="..." executed="..." passed="..." failed="..." .../>.
sum() { { grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null || true; } | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' | awk '{s += $1} END {print s + 0}'; }
total=$(sum total) passed=$(sum passed) executed=$(sum executed)
failed=$((executed - passed))
skipped=$((total - executed))
[ "$total" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
