#!/usr/bin/env bash
# Prints the version of this checkout's packages, unique for every commit and change: NuGet caches packages by version.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
base=$(sed -n 's|.*<VersionPrefix>\(.*\)</VersionPrefix>.*|\1|p' Directory.Build.props)
# In a source archive without history, the version is the current minute.
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || { echo "$base-dev.0.t$(date -u +%Y%m%d%H%M)"; exit; }
if [ -z "$(git status --porcelain)" ] && git describe --exact-match --tags --match "v$base" >/dev/null 2>&1; then
  echo "$base"
  exit
fi
# Nested repositories are listed as folders; their content isn't part of this one.
untracked() { git ls-files --others --exclude-standard | { grep -v '/$' || true; } | while IFS= read -r file; do echo "$file"; git hash-object "$file"; done; }
version=$base-dev.$(git rev-list --count HEAD).g$(git rev-parse --short=8 HEAD)
if [ -n "$(git status --porcelain)" ]; then
  changes=$({ git diff HEAD; untracked; } | git hash-object --stdin | cut -c1-8)
  version=$version.d$changes
fi
echo "$version"
