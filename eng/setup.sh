#!/usr/bin/env bash
# Installs what FerMl's native libraries need and this machine lacks; with --for-tests also what only tests need: a virtual X display,
# PostgreSQL, ffmpeg. If nothing is missing, it does nothing. Exit code 0: ready; packages that only video needs may be missing, which it
# reports. Exit code 1: something required is missing; the message says what, and how to install it.
set -euo pipefail

say()  { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$@" >&2; exit 1; }

# The .NET SDK that global.json requires.
command -v dotnet >/dev/null 2>&1 ||
    fail "the .NET SDK is missing." "Install .NET 10 from https://dotnet.microsoft.com/download and run this again."
sdks=$(dotnet --list-sdks 2>/dev/null || true)
grep -qE '^(1[0-9]|[2-9][0-9])\.' <<<"$sdks" ||
    fail "the .NET 10 SDK is missing; 'dotnet --list-sdks' shows: ${sdks:-none}." "Install .NET 10 from https://dotnet.microsoft.com/download and run this again."
say "the .NET SDK is installed."

if [ "$(uname -s)" != Linux ]; then
    say "nothing else is needed on $(uname -s)."
    exit 0
fi

export DEBIAN_FRONTEND=noninteractive

# TorchSharp's native library is built with GCC 13, whose C++ runtime has the symbol version GLIBCXX_3.4.32.
needed=GLIBCXX_3.4.32
runtime() { ldconfig -p 2>/dev/null | awk '/libstdc\+\+\.so\.6 .*=>/ {print $NF; exit}'; }
has_runtime() { local lib; lib=$(runtime); [ -n "$lib" ] && grep -qa "$needed" "$lib"; }

# Debian 13 (trixie) has the runtime. It is added with this machine's mirror and keys, at a priority at which apt installs nothing from it
# unless asked. The runtime needs Debian 13's C library, which also installs its base files: see
# docs/development/decisions/dependencies.md.
bring_runtime() {
    . /etc/os-release 2>/dev/null || true
    [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ] ||
        fail "the C++ runtime here is older than GCC 13 (it has no $needed), and this script can only bring a newer one on Debian 12; this is ${PRETTY_NAME:-an unknown system}." \
             "Install libstdc++ of GCC 13 or later with your system's own packages (Debian 13 and Ubuntu 24.04 have it), and run this again."
    [ "$(id -u)" -eq 0 ] ||
        fail "the C++ runtime has no $needed and installing one needs root." "Run: sudo $0"

    local sources mirror keys=/usr/share/keyrings/debian-archive-keyring.gpg
    sources=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true)
    mirror=$(grep -oE 'https?://[^ ]+/debian/?( |$)' <<<"$sources" | head -n 1 | tr -d ' ' || true)
    [ -n "$mirror" ] || fail "no Debian mirror is named in /etc/apt/sources.list or /etc/apt/sources.list.d." "Add one, or install libstdc++6 from Debian 13 by hand."
    [ -f "$keys" ] || fail "the Debian archive keys ($keys) are missing." "Install the package debian-archive-keyring and run this again."

    say "adding Debian 13 (trixie) from $mirror, for libstdc++6 and what it needs, at priority 100."
    printf 'Types: deb\nURIs: %s\nSuites: trixie\nComponents: main\nSigned-By: %s\n' "$mirror" "$keys" > /etc/apt/sources.list.d/ferml-trixie.sources
    printf 'Explanation: FerMl takes only libstdc++6 and what it needs from here\nPackage: *\nPin: release n=trixie\nPin-Priority: 100\n' > /etc/apt/preferences.d/ferml-trixie

    apt-get update -qq || fail "apt-get update failed; its message is above."
    install() { apt-get install -y -qq --no-install-recommends -t trixie "$@" libstdc++6; }
    say "installing from Debian 13: $(install --simulate | awk '/^Inst/ {printf "%s ", $2}')"
    say "with its base files this system will call itself Debian 13; your other packages stay those of Debian 12."
    install >/dev/null || fail "apt-get could not install libstdc++6; its message is above."
    ldconfig
    has_runtime || fail "libstdc++6 was installed, but $(runtime) still has no $needed." "Look at 'apt-cache policy libstdc++6'."
}

# Missing packages for video: OpenCV's library needs GTK 3 and the others to load, and the Haar detector its cascades.
lacking() {
    # Reads all output first: a pipe that grep closes early counts as a failure here.
    local libraries
    libraries=$(ldconfig -p 2>/dev/null || true)
    has_library() { grep -qF "$1 " <<<"$libraries"; }
    has_library libgtk-3.so.0 || echo libgtk-3-0
    has_library libatomic.so.1 || echo libatomic1
    has_library libdrm.so.2 || echo libdrm2
    has_library libharfbuzz.so.0 || echo libharfbuzz0b
    has_library libfreetype.so.6 || echo libfreetype6
    [ -e /usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml ] || [ -e /usr/local/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml ] || echo opencv-data
    [ "${1:-}" = --for-tests ] || return 0
    command -v Xvfb >/dev/null 2>&1 || echo xvfb
    command -v xdotool >/dev/null 2>&1 || echo xdotool
    command -v import >/dev/null 2>&1 || echo imagemagick
    command -v ffmpeg >/dev/null 2>&1 || echo ffmpeg
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql
}

bring_packages() {
    local packages
    packages=$(lacking "$@" | tr '\n' ' ')
    if [ -z "$packages" ]; then
        say "the packages for video${1:+ and the tests} are installed."
    elif ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" -ne 0 ]; then
        say "for video, the webcam demo and 'ferml predict --faces' these are missing: $packages(as Debian and Ubuntu call them)." \
            "Everything else works without. To install them: sudo apt-get install $packages"
    else
        say "installing for video${1:+ and the tests}: $packages"
        apt-get update -qq || fail "apt-get update failed; its message is above."
        # shellcheck disable=SC2086 # one word a package
        apt-get install -y -qq --no-install-recommends $packages >/dev/null || fail "apt-get could not install $packages; its message is above."
        ldconfig
    fi
}

if has_runtime; then say "the C++ runtime ($(runtime)) has $needed."; else bring_runtime; say "the C++ runtime ($(runtime)) has $needed now."; fi
bring_packages "$@"
