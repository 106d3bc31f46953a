#!/usr/bin/env bash
# Writes the documentation site to artifacts/site: the pages of docs/, and the API from the doc comments. Warnings, such as a broken link,
# are errors. To view it: dotnet docfx serve artifacts/site
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source=artifacts/site-source
rm -rf artifacts/site "$source"
dotnet tool restore --verbosity quiet >/dev/null
# The command's output folder contains all libraries, their references and their doc comments.
dotnet build src/FerMl.Cli --configuration Release --nologo --verbosity quiet
# docfx needs the pages below its configuration; with the checkout's layout, the links between them stay valid.
mkdir -p "$source"
cp -r eng/site/. "$source"
git ls-files -z '*.md' LICENSE docs/images notebooks eng/deploy artifacts/reports src/FerMl.Vision/Clips/NoisyClips.cs |
    grep -zv -e '^\.github/' -e '^tests/' -e '^eng/site/' | xargs -0 cp --parents -t "$source"
dotnet docfx "$source/docfx.json" | tee "$source/log"
# ML.NET references an assembly that has no package for this processor.
warnings=$(grep 'warning' "$source/log" | grep -v -e 'Microsoft\.ML\.OneDal' -e 'warning(s)' -e 'with warning' || true)
[ -z "$warnings" ] || { printf 'docs: docfx warns:\n%s\n' "$warnings" >&2; exit 1; }
echo "docs: artifacts/site has $(find artifacts/site -name '*.html' | wc -l) pages."
