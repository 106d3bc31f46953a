#!/usr/bin/env bash
# From a checkout to a trained model: installs what the machine needs, builds, and runs 'ferml quickstart' with the given options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
eng/setup.sh
echo "quickstart: building (the first time this fetches the packages, about 300 MB)."
dotnet build src/FerMl.Cli --configuration Release --nologo --verbosity quiet
[ $# -gt 0 ] || set -- --out artifacts/runs/quickstart
exec eng/ferml quickstart "$@"
