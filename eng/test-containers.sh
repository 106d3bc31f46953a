#!/usr/bin/env bash
# Builds the images of eng/deploy and runs them as intended: as a non-root user, with a read-only root file system. The base images are
# made from Debian 13 and the installed .NET, under the names that the Dockerfiles use: nothing is fetched from an image registry.
# For Debian, as root; installs Podman, Buildah and debootstrap if missing. A folder as argument keeps the images for the next run.
# The last line counts the checks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'test-containers: %s\n' "$*" >&2; }
[ "$(id -u)" -eq 0 ] || { say "needs root."; exit 1; }
missing=()
command -v podman >/dev/null 2>&1 || missing+=(podman)
# Podman's default runtime, crun, doesn't run if both versions of cgroups are mounted.
command -v runc >/dev/null 2>&1 || missing+=(runc)
command -v buildah >/dev/null 2>&1 || missing+=(buildah)
command -v debootstrap >/dev/null 2>&1 || missing+=(debootstrap)
command -v curl >/dev/null 2>&1 || missing+=(curl)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]}."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

passed=0 failed=0
check() { if [ "$2" = "$3" ]; then echo "ok $1: $3"; passed=$((passed + 1)); else echo "FAILED $1: $3 instead of $2"; failed=$((failed + 1)); fi; }
until_true() { local end=$((SECONDS + $1)); shift; until "$@"; do [ "$SECONDS" -lt "$end" ] || return 1; sleep 0.2; done; }

keep=${1:-}
work=${keep:-$(mktemp -d)}
mkdir -p "$work"
work=$(cd "$work" && pwd)
chmod 755 "$work"
storage=(--root "$work/storage" --runroot "$work/run" --storage-driver overlay)
buildah() { command buildah "${storage[@]}" "$@" 2> >(grep -v 'CNI config' >&2); }
podman() { command podman "${storage[@]}" --runtime runc --cgroup-manager cgroupfs "$@" 2> >(grep -v 'CNI config' >&2); }
programs=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
as_postgres() { (cd / && runuser -u postgres -- "$programs/$@"); }
stop() {
    for name in ferml-test ferml-worker-1 ferml-worker-2; do podman rm --force --time 0 "$name" >/dev/null 2>&1 || true; done
    if [ -e "$work/postgres/data" ]; then as_postgres pg_ctl stop -D "$work/postgres/data" -m immediate -w >/dev/null || true; fi
    rm -rf "$work/postgres" "$work/shared"
    [ -n "$keep" ] || { umount "$work/storage/overlay" 2>/dev/null || true; rm -rf "$work"; }
}
trap stop EXIT

# The base images, under the names in the Dockerfiles.
if [ ! -e "$work/rootfs/usr" ]; then
    say "creating a Debian 13 root file system."
    # Uses this machine's mirror.
    mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } | grep -oE 'https?://[^ ]+/debian/?( |$)' | head -n 1 | tr -d ' ')
    debootstrap --variant=minbase --include=ca-certificates,tzdata,libicu76,libssl3t64,zlib1g,libstdc++6 trixie "$work/rootfs" "$mirror" >"$work/debootstrap.log" || {
        say "debootstrap failed: $(tail -n 1 "$work/debootstrap.log")"
        exit 1
    }
fi
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
base() {
    local container folder
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$work/rootfs" / >/dev/null
    folder=$(buildah mount "$container")
    mkdir -p "$folder/usr/share/dotnet" "$folder/home/app"
    for part in "${@:2}"; do cp -r "$dotnet/$part" "$folder/usr/share/dotnet/"; done
    ln -s /usr/share/dotnet/dotnet "$folder/usr/bin/dotnet"
    # As in Microsoft's images of .NET.
    echo 'app:x:1654:1654::/home/app:/bin/sh' >>"$folder/etc/passwd"
    echo 'app:x:1654:' >>"$folder/etc/group"
    chown 1654:1654 "$folder/home/app"
    buildah umount "$container" >/dev/null
    buildah config --env APP_UID=1654 --env ASPNETCORE_HTTP_PORTS=8080 --env DOTNET_RUNNING_IN_CONTAINER=true \
        --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$container"
    buildah commit --quiet --rm "$container" "$1" >/dev/null
}
images=$(sed -n 's/^ARG [A-Z]*=\(.*\)/\1/p' eng/deploy/Dockerfile eng/deploy/Dockerfile.worker | sort -u)
for image in $images; do
    buildah inspect "$image" >/dev/null 2>&1 && continue
    say "creating the base image ${image##*/}."
    case $image in
        */sdk:*) base "$image" dotnet host shared sdk packs ;;
        *) base "$image" dotnet host shared ;;
    esac
done

# FerMl's images, with this machine's NuGet packages and certificates.
build() {
    say "building $2."
    buildah bud --isolation chroot --network host --pull-never --layers --file "eng/deploy/$1" --ignorefile "eng/deploy/$1.dockerignore" --tag "$2" \
        --volume "$HOME/.nuget/packages:/root/.nuget/packages" --volume /etc/ssl/certs:/etc/ssl/certs:ro . >"$work/$2.log" 2>&1 ||
        { tail -n 20 "$work/$2.log" >&2; say "$2 can't be built."; exit 1; }
    echo "ok $2 is built: $(podman image inspect --format '{{.Size}}' "$2" | awk '{printf "%.0f MB", $1 / 1e6}')"
    passed=$((passed + 1))
}
# Without these limits Podman raises them, which isn't allowed everywhere, even for root.
safe=(--ulimit nofile=1024:4096 --ulimit nproc=4096:4096 --network host --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges)

# (a) The service.
build Dockerfile ferml
port=16840 key=test-key
podman run --detach --name ferml-test "${safe[@]}" --memory 2g --env "FERML_API_KEY=$key" ferml --port $port >/dev/null
status() { curl --silent --output "$work/answer" --write-out '%{http_code}' "$@" || true; }
up() { [ "$(status "http://localhost:$port/health")" = 200 ]; }
until_true 60 up || podman logs ferml-test >&2
check "/health" 200 "$(status "http://localhost:$port/health")"
check "/health/live" 200 "$(status "http://localhost:$port/health/live")"
check "the service's user" 1654 "$(podman exec ferml-test id -u)"
check "the root file system is writable" no "$(podman exec ferml-test sh -c 'touch /app/x /home/app/x 2>/dev/null && echo yes || echo no')"
check "a photo without the key" 401 "$(status --data-binary @docs/images/serve.png "http://localhost:$port/v1/faces")"
check "a photo" 200 "$(status -H "X-Api-Key: $key" --data-binary @docs/images/serve.png "http://localhost:$port/v1/faces")"
check "faces in it" 2 "$(grep -o '"box"' "$work/answer" | wc -l)"
check "one face" 200 "$(status -H "X-Api-Key: $key" --data-binary @docs/images/icon.png "http://localhost:$port/v1/emotion?model=ferplus-fast")"
check "a damaged photo" 422 "$(head -c 3000 docs/images/serve.png | status -H "X-Api-Key: $key" --data-binary @- "http://localhost:$port/v1/faces")"
check "the page" 200 "$(status "http://localhost:$port/")"
check "the metrics" 200 "$(status -H "X-Api-Key: $key" "http://localhost:$port/metrics")"
podman stop --time 20 ferml-test >/dev/null
check "exit code after a stop" 0 "$(podman inspect --format '{{.State.ExitCode}}' ferml-test)"

# (b) Two workers of a study in PostgreSQL; one is killed.
build Dockerfile.worker ferml-worker
mkdir -p "$work/postgres" "$work/shared"
chown postgres "$work/postgres"
chown 1654:1654 "$work/shared"
as_postgres initdb -D "$work/postgres/data" -U ferml --auth=trust --encoding=UTF8 --no-sync >/dev/null
as_postgres pg_ctl start -D "$work/postgres/data" -w -l "$work/postgres/log" \
    -o "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p 16841" >/dev/null
study="Host=127.0.0.1;Port=16841;Username=ferml;Database=postgres"
shared=(--volume "$work/shared:/shared")
command=(podman run --rm "${safe[@]}" "${shared[@]}" --entrypoint '["dotnet", "/app/FerMl.Cli.dll"]' ferml-worker)
"${command[@]}" experiment run --study "$study" --folder /shared --data synthetic --preset tiny --limit 700 --search LearningRate=0.001..0.01,log \
    --trials 8 --epochs 3 --schedule none --minutes 0.0001 >/dev/null 2>&1 || true
for i in 1 2; do
    podman run --detach --name "ferml-worker-$i" "${safe[@]}" "${shared[@]}" --env OMP_NUM_THREADS=1 ferml-worker \
        --study "$study" --name study --folder /shared --lease 5 >/dev/null
done
# As soon as a trial has written a file.
started() { [ -n "$(find "$work/shared" -type f -print -quit)" ]; }
until_true 60 started
podman kill ferml-worker-1 >/dev/null
check "the killed worker's exit code" 137 "$(podman wait ferml-worker-1)"
check "the other worker's exit code" 0 "$(podman wait ferml-worker-2)"
"${command[@]}" experiment show --study "$study" --json >"$work/study.json" 2>/dev/null
check "all trials are complete" 8 "$(grep -ci '"state": *"complete' "$work/study.json")"
check "the models' owner" 1654 "$(find "$work/shared" -name '*.zip' -printf '%U\n' | sort -u | tr -d '\n')"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
