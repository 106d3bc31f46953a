#!/usr/bin/env bash
# Writes the documentation site to artifacts/site: the pages of docs/, and the API from the doc comments. A warning, such as a broken link, is an
# error. To look at it: dotnet docfx serve artifacts/site
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source=artifacts/site-source
rm -rf artifacts/site "$source"
dotnet tool restore --verbosity quiet >/dev/null
# The command's folder holds all libraries, what they refer to, and their comments.
dotnet build src/FerMl.Cli --configuration Release --nologo --verbosity quiet
# docfx wants pages below its configuration; where they lie as in the checkout, links between them hold.
mkdir -p "$source"
cp -r eng/site/. "$source"
git ls-files -z '*.md' LICENSE docs/images notebooks eng/deploy artifacts/reports src/FerMl.Vision/Clips/NoisyClips.cs |
    grep -zv -e '^\.github/' -e '^tests/' -e '^eng/site/' | xargs -0 cp --parents -t "$source"
dotnet docfx "$source/docfx.json" | tee "$source/log"
# ML.NET refers to an assembly that it has no package of on this processor.
warnings=$(grep 'warning' "$source/log" | grep -v -e 'Microsoft\.ML\.OneDal' -e 'warning(s)' -e 'with warning' || true)
[ -z "$warnings" ] || { printf 'docs: docfx warns:\n%s\n' "$warnings" >&2; exit 1; }
echo "docs: artifacts/site has $(find artifacts/site -name '*.html' | wc -l) pages."
