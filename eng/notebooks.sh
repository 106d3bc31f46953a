#!/usr/bin/env bash
# Opens the notebooks in Jupyter with everything in place: Jupyter, the .NET (C#) kernel and the packages of this checkout. Further arguments go to
# 'jupyter'; with --check nothing is opened: it only says whether everything is there (exit code 0), after bringing what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# The newest that runs on .NET 10.
version=1.0.712001

say() { printf 'notebooks: %s\n' "$*" >&2; }

if ! command -v jupyter-notebook >/dev/null 2>&1; then
    if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
        say "installing Jupyter."
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends jupyter-notebook jupyter-client jupyter-nbconvert >/dev/null
    else
        say "Jupyter is missing. On Debian and Ubuntu: sudo apt-get install jupyter-notebook jupyter-nbconvert; elsewhere: pip install notebook."
        exit 1
    fi
fi
export PATH="$PATH:$HOME/.dotnet/tools"
if ! command -v dotnet-interactive >/dev/null 2>&1; then
    say "installing the .NET kernel."
    dotnet tool install --global Microsoft.dotnet-interactive --version "$version" >/dev/null
fi
jupyter-kernelspec list 2>/dev/null | grep -q '\.net-csharp' || dotnet-interactive jupyter install >/dev/null
# Interrupting a cell stops a training, and keeps the kernel.
spec=$(jupyter-kernelspec list 2>/dev/null | awk '$1 == ".net-csharp" { print $2 }')
[ -n "$spec" ] || { say "the .NET kernel wasn't installed; see 'dotnet-interactive jupyter install'."; exit 1; }
cp eng/kernel.sh "$spec/kernel.sh"
if ! grep -q kernel.sh "$spec/kernel.json"; then
    sed "s|\"dotnet\",|\"bash\", \"$spec/kernel.sh\", \"dotnet\",|" "$spec/kernel.json" > "$spec/kernel.json.next"
    mv "$spec/kernel.json.next" "$spec/kernel.json"
fi

# What is packed already of this state of the checkout isn't packed again.
packages=$root/artifacts/packages
state=$(eng/version.sh)
if [ ! -e "$packages/FerMl.$state.nupkg" ]; then
    say "packing version $state."
    eng/pack.sh >/dev/null
fi
# The kernel restores packages with MSBuild, which takes this for one more source.
export RestoreAdditionalProjectSources=$packages
[ "${1:-}" != --check ] || { say "Jupyter, the kernel and the packages ($state) are there."; exit 0; }
# Where a person is root in a container, Jupyter wants to be told.
allow=()
[ "$(id -u)" -ne 0 ] || allow=(--allow-root)
exec jupyter "${@:-notebook}" ${allow[@]+"${allow[@]}"} notebooks
