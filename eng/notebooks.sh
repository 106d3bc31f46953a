#!/usr/bin/env bash
# Opens the notebooks in Jupyter, with the .NET (C#) kernel and the packages of this checkout; installs what is missing. Further arguments
# go to 'jupyter'. With --check it opens nothing: it installs what is missing, and exits with 0 if everything is installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
# The newest version that runs on .NET 10.
version=1.0.712001

case ${1:-} in -h | --help)
    echo "usage: eng/notebooks.sh [--check | jupyter's arguments]"
    exit 0
esac

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
# With kernel.sh, interrupting a cell stops a training, but not the kernel.
spec=$(jupyter-kernelspec list 2>/dev/null | awk '$1 == ".net-csharp" { print $2 }')
[ -n "$spec" ] || { say "the .NET kernel wasn't installed; see 'dotnet-interactive jupyter install'."; exit 1; }
sed "s|@packages@|$root/artifacts/packages|" eng/kernel.sh > "$spec/kernel.sh"
if ! grep -q kernel.sh "$spec/kernel.json"; then
    sed "s|\"dotnet\",|\"bash\", \"$spec/kernel.sh\", \"dotnet\",|" "$spec/kernel.json" > "$spec/kernel.json.next"
    mv "$spec/kernel.json.next" "$spec/kernel.json"
fi

# Skips packing if this state of the checkout is packed already.
packages=$root/artifacts/packages
state=$(eng/version.sh)
if [ ! -e "$packages/FerMl.$state.nupkg" ]; then
    say "packing version $state."
    eng/pack.sh >/dev/null
fi
# The kernel restores packages with MSBuild, which uses this as an additional source.
export RestoreAdditionalProjectSources=$packages
[ "${1:-}" != --check ] || { say "Jupyter, the kernel and the packages ($state) are installed."; exit 0; }
# Jupyter runs as root, as in a container, only with this option.
allow=()
[ "$(id -u)" -ne 0 ] || allow=(--allow-root)
exec jupyter "${@:-notebook}" ${allow[@]+"${allow[@]}"} notebooks
