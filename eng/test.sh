#!/usr/bin/env bash
# From a checkout to test results: what the machine needs, the build, all tests. The last line counts them from the result files.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
eng/setup.sh --for-tests
results=$PWD/TestResults
rm -rf "$results"
dotnet build FerMl.sln --configuration Release --nologo --verbosity quiet
status=0
# Projects side by side, a processor each: the tests' networks are small, and on one thread they train nearly as fast as on all.
OMP_NUM_THREADS=1 dotnet test FerMl.sln --configuration Release --no-build --nologo --logger trx --results-directory "$results" -maxcpucount || status=$?

# Each .trx file has one line <Counters total="..." executed="..." passed="..." failed="..." .../>.
sum() { grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' | awk '{s += $1} END {print s + 0}'; }
total=$(sum total) passed=$(sum passed) executed=$(sum executed)
failed=$((executed - passed))
skipped=$((total - executed))
[ "$total" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
