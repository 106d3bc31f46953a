#!/usr/bin/env bash
# Runs FerMl as a Windows program on Linux, by Wine, without a display: publishes it for win-x64 into artifacts/windows and runs its
# commands as a user does. Prints a line per check; the last line counts them. --keep keeps the folder with the logs and Wine's files, as
# a failure does; --tests also runs test assemblies, which is slow. FERML_NO_BUILD=1 uses the published build. OpenCV is left out, since
# photographs and serve don't need it. Wine isn't Windows: what passes here may fail there. The variables in 'export' are only for Wine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
keep=false assemblies=()
for option in "$@"; do
    case $option in
        --keep) keep=true ;;
        --tests) assemblies=(FerMl.Tests FerMl.Cli.Tests) ;;
        *) echo "usage: eng/test-windows.sh [--keep] [--tests]" >&2; exit 2 ;;
    esac
done

say()  { printf 'test-windows: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# Debian doesn't put the 64-bit loader on the path.
find_wine() { command -v wine64 || { [ -x /usr/lib/wine/wine64 ] && echo /usr/lib/wine/wine64; }; }
lacking() {
    find_wine >/dev/null || echo wine64
    command -v python3 >/dev/null || echo python3
    command -v curl >/dev/null || echo curl
}
packages=$(lacking | tr '\n' ' ')
if [ -n "$packages" ]; then
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || fail "these are missing: $packages(as Debian calls them)."
    say "installing: $packages"
    apt-get update -qq || fail "apt-get update failed; its message is above."
    # shellcheck disable=SC2086 # one word a package
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null || fail "apt-get failed; its message is above."
fi
wine=$(find_wine)

# Publishes to separate folders: eng/ferml and eng/test.sh expect this system's builds in the projects' folders.
publish() {
    say "publishing $(basename "$1") for win-x64."
    dotnet publish "$1" --configuration Release --runtime win-x64 --self-contained --artifacts-path artifacts/windows/build \
        --output "artifacts/windows/$(basename "$1")" -p:OpenCv=none -p:RunAnalyzers=false --nologo --verbosity quiet "${@:2}"
}
if [ "${FERML_NO_BUILD:-}" != 1 ]; then
    publish src/FerMl.Cli
    # Publishes tests as programs that run themselves, since the .NET SDK for Windows is missing here.
    for name in ${assemblies[@]+"${assemblies[@]}"}; do publish "tests/$name" -p:EnableNUnitRunner=true; done
fi
program=$root/artifacts/windows/FerMl.Cli/FerMl.Cli.exe
[ -e "$program" ] || fail "$program is missing; run it without FERML_NO_BUILD."

temporary=$(mktemp -d)
export WINEPREFIX=$temporary/wine WINEDEBUG=-all
# .NET's runtime crashes in Wine's memory mapping and in a thread that Wine can't suspend; Wine doesn't answer OpenMP's processor queries.
export DOTNET_EnableWriteXorExecute=0 DOTNET_gcConcurrent=0 KMP_AFFINITY=disabled KMP_TOPOLOGY_METHOD=flat OMP_NUM_THREADS=1
export TESTINGPLATFORM_TELEMETRY_OPTOUT=1
unset DISPLAY
clean() {
    # Ends only the processes of this prefix.
    "$(dirname "$wine")/wineserver" -k 2>/dev/null || wineserver -k 2>/dev/null || true
    if $keep; then echo "kept: $temporary"; else rm -rf "$temporary"; fi
}
trap clean EXIT
# Without Mono, which Wine would offer: the program contains its own .NET.
WINEDLLOVERRIDES='mscoree,mshtml=' "$wine" wineboot --init >"$temporary/wineboot.log" 2>&1 || fail "Wine doesn't start: $(tail -n 1 "$temporary/wineboot.log")"
mkdir "$temporary/work" "$temporary/logs"
cd "$temporary/work"

ferml() { timeout 300 "$wine" "$program" "$@"; }
# For processes that are killed: the loader becomes the program, so the process ID is that of the started process.
begin() { "$wine" "$program" "$@" & process=$!; }
windows() { printf '%s' "Z:${1//\//\\}"; }
backslashed() { printf '%s' "${1//\//\\}"; }
has() { grep -qF -- "$1" "$2" || { echo "$2 lacks: $1"; head -c 2000 "$2"; return 1; }; }
# Checks a command's exit code.
ends() { local code=0; "${@:2}" || code=$?; [ "$code" -eq "$1" ] || { echo "exit code $code instead of $1: ${*:2}"; return 1; }; }
wait_for() { for _ in $(seq 600); do if "$@" 2>/dev/null; then return 0; fi; sleep 0.2; done; echo "timed out: $*"; return 1; }

passed=0 failed=0
check() {
    local name=$1 log=$temporary/logs/$1.log status=0
    # Not within a condition, in which bash wouldn't stop at the first failed command.
    set +e
    (set -e; "$@") >"$log" 2>&1
    status=$?
    set -e
    if [ "$status" -eq 0 ]; then passed=$((passed + 1)); echo "ok $name"; else failed=$((failed + 1)); keep=true; echo "FAILED $name ($log)"; fi
}

usage() { ferml --help >out.txt; has 'ferml [command] [options]' out.txt; ends 2 ferml predicted; }

# The checks below use its files.
quickstart() { ferml quickstart --out quick >out.txt; cat out.txt; test -s quick/model.zip; test -s quick/face.png; }

# In a console's code page, table borders and most names would be question marks.
tables() { ferml predict 'quick\face.png' >out.txt; has '│ quick\face.png │' out.txt; }

backslashes() {
    ferml predict --format csv --model 'quick\model.zip' 'quick\face.png' >out.txt
    has 'quick\face.png,' out.txt
    ferml predict --format csv --model quick/model.zip quick/face.png >out.txt
    has 'quick/face.png,' out.txt
    # Names are case-insensitive.
    ferml predict --format csv 'QUICK\Face.PNG' >out.txt
    has 'QUICK\Face.PNG,' out.txt
}

drives() { ferml predict --format csv --model "$(windows "$PWD")\\quick\\model.zip" "$(windows "$PWD")\\quick\\face.png" >out.txt; has "$(windows "$PWD")\\quick\\face.png," out.txt; }

patterns() {
    mkdir -p many/deep
    for name in a1 a2 b1 deep/c1; do cp quick/face.png "many/$name.png"; done
    ferml predict --format csv 'many\a?.png' >out.txt
    [ "$(wc -l <out.txt)" -eq 3 ]
    ferml predict --format csv 'many\**\*1.png' >out.txt
    [ "$(wc -l <out.txt)" -eq 4 ]
    ferml predict --format csv many >out.txt
    has 'many\deep\c1.png,' out.txt
}

names() {
    mkdir -p 'Fotos größe'
    cp quick/face.png 'Fotos größe/Gesicht ä ß 日本.png'
    ferml predict --format json 'Fotos größe\Gesicht ä ß 日本.png' >out.txt
    has '"Fotos größe\\Gesicht ä ß 日本.png"' out.txt
    ferml predict --format csv 'Fotos größe' >out.txt
    has 'Fotos größe\Gesicht ä ß 日本.png,' out.txt
}

# Names on standard input: in UTF-8, and in the console's code page, which is Latin-1 here.
names_on_input() {
    printf 'Fotos größe\\Gesicht ä ß 日本.png\r\nquick\\face.png\r\n' | ferml predict --format csv - >out.txt
    has 'Fotos größe\Gesicht ä ß 日本.png,' out.txt
    has 'quick\face.png,' out.txt
}

long_paths() {
    local long=long
    for i in 1 2 3 4 5 6 7 8; do long=$long/a-folder-with-quite-a-long-name-$i-ü; done
    mkdir -p "$long"
    cp quick/face.png "$long/face.png"
    ferml predict --format csv "$(backslashed "$long/face.png")" "$(windows "$PWD/$long/face.png")" >out.txt
    # The same file twice is one image.
    [ "$(wc -l <out.txt)" -eq 2 ]
    ferml train --data synthetic --preset tiny --epochs 1 --limit 200 --out "$(backslashed "$long/run")"
    ferml evaluate --data synthetic --model "$(backslashed "$long/run/model.zip")" >/dev/null
    ferml experiment run --data synthetic --limit 200 --preset tiny --epochs 1 --trials 1 --search Dropout=0..0.4 \
        --study "$(backslashed "$long/study.db")" --folder "$(backslashed "$long")" >/dev/null
    test -s "$long/study.db"
}

evaluate() { ferml evaluate --model 'quick\model.zip' --data synthetic --json >out.txt; has '"accuracy": 0.9' out.txt; }

train=(train --data synthetic --preset tiny --limit 700 --checkpoint-minutes 0.01)
losses() { grep -o '"loss": *[0-9.]*' "$1/history.jsonl"; }
resume() {
    ferml "${train[@]}" --epochs 4 --out whole
    begin "${train[@]}" --epochs 4 --out killed
    # Kills it twice, within an epoch and between two.
    wait_for test -s killed/checkpoint.previous.bin
    kill -9 "$process"; wait "$process" || true
    begin train --resume killed
    wait_for test -s killed/history.jsonl
    kill -9 "$process"; wait "$process" || true
    ferml train --resume killed
    [ "$(losses whole)" = "$(losses killed)" ]
    # No incomplete file remains.
    [ -z "$(find killed -name '.*.tmp' -o -name .lock)" ]
}

# Wine converts SIGINT to Ctrl+C.
interrupts() {
    begin "${train[@]}" --epochs 40 --out interrupted >out.txt 2>&1
    wait_for test -s interrupted/history.jsonl
    kill -INT "$process"
    ends 1 wait "$process"
    has 'the best of them is kept' out.txt
    test -s interrupted/model.zip
    test ! -e interrupted/.lock
}

locks() {
    begin "${train[@]}" --epochs 40 --out locked
    wait_for test -e locked/.lock
    ends 1 ferml train --data synthetic --preset tiny --epochs 1 --out locked 2>out.txt
    has 'another run is writing there' out.txt
    # A lock ends with its process.
    kill -9 "$process"; wait "$process" || true
    ferml train --data synthetic --preset tiny --epochs 1 --limit 200 --out locked --overwrite
}

study() {
    local study=(--study 'study\study.db' --folder study)
    begin experiment run --data synthetic --limit 300 --preset tiny --search LearningRate=0.001..0.01,log --trials 4 --epochs 2 "${study[@]}"
    wait_for test -s study/study.db
    # The table of studies is created a moment later.
    wait_for ferml experiment show "${study[@]:0:2}"
    ferml experiment worker "${study[@]}"
    wait "$process"
    ferml experiment export "${study[@]:0:2}" --out study.csv
    cat study.csv
    [ "$(grep -cE '^[0-9]+,(completed|paused),' study.csv)" -eq 4 ]
    ferml experiment best "${study[@]}" --out best.zip
    ferml predict --model best.zip 'quick\face.png'
}

export_network() {
    ferml export --model 'quick\model.zip' --out 'onnx\net.onnx'
    test -s onnx/net.onnx
    ferml export --model ferplus-fast --model-repository models
}

report() {
    ferml report whole --out 'reports\run.html' --data synthetic
    ferml report 'study\study.db' --out 'reports\study.html'
    has '<svg' reports/run.html
    has '<svg' reports/study.html
}

overwriting() {
    printf 'mine' >mine.onnx
    ends 1 ferml export --model 'quick\model.zip' --out mine.onnx 2>out.txt
    has 'already exists' out.txt
    [ "$(cat mine.onnx)" = mine ]
    ferml export --model 'quick\model.zip' --out mine.onnx --overwrite
    [ "$(head -c 4 mine.onnx)" != mine ]
    ends 1 ferml train --data synthetic --preset tiny --epochs 1 --out whole
    test -s whole/model.zip
    # The next process that writes there deletes the temporary files of a killed one.
    mkdir -p swept
    printf 'half' >swept/.net.onnx.999999999-0123456789abcdef0123456789abcdef.tmp
    ferml export --model 'quick\model.zip' --out 'swept\net.onnx'
    [ "$(ls -A swept)" = net.onnx ]
}

shards() {
    mkdir -p archive
    for i in $(seq 500); do cp quick/face.png "archive/$i.png"; done
    begin predict --shard 1/2 --out 'parts\1.jsonl' archive
    wait_for test -s parts/1.jsonl
    kill -9 "$process"; wait "$process" || true
    # Leaves an incomplete last line, as a kill may.
    truncate -s -20 parts/1.jsonl
    ferml predict --shard 1/2 --out 'parts\1.jsonl' archive
    ferml predict --shard 2/2 --out 'parts\2.jsonl' archive
    [ "$(cat parts/1.jsonl parts/2.jsonl | python3 -c 'import json, sys; print(len({json.loads(line)["file"] for line in sys.stdin}))')" -eq 500 ]
    [ "$(cat parts/1.jsonl parts/2.jsonl | wc -l)" -eq 500 ]
    ferml predict --shard 1/2 --out 'parts\1.jsonl' archive 2>out.txt
    has 'done already' out.txt
}

# Without OpenCV, which is needed only to draw on photographs.
photos() {
    cp "$root/src/FerMl.Service/Page/example.jpg" photo.jpg
    ferml predict --faces photo.jpg --format jsonl >out.txt
    has '"faceScore"' out.txt
    ends 1 ferml predict --faces photo.jpg --draw 'drawn\photo.png' 2>out.txt
    has "OpenCV can't be loaded" out.txt
}

serve() {
    begin serve --no-browser --host 127.0.0.1 --port 0 2>serve.txt
    trap 'kill -9 "$process" 2>/dev/null || true; cat serve.txt' EXIT
    wait_for eval 'grep -q "Ctrl+C ends it" serve.txt || ! kill -0 $process'
    kill -0 "$process" || return 1
    address=$(grep -oE 'http://[0-9.]+:[0-9]+' serve.txt | head -n 1)
    get() { curl --silent --show-error --max-time 60 "$@"; }
    [ "$(get "$address/health" --output /dev/null --write-out '%{http_code}')" = 200 ]
    get "$address/" >page.html
    has '<html' page.html
    get "$address/v1/model" >out.txt
    has ferplus out.txt
    get "$address/v1/emotion" --data-binary @quick/face.png >out.txt
    has happy out.txt
    [ "$(get "$address/v1/faces" --data-binary @quick/face.png --output out.txt --write-out '%{http_code}')" = 200 ]
    [ "$(get "$address/v1/faces" --data-binary 'no image' --output out.txt --write-out '%{http_code}')" = 422 ]
    [ "$(get "$address/v1/faces/batch" -F a=@quick/face.png -F b=@quick/face.png --output out.txt --write-out '%{http_code}')" = 200 ]
    get "$address/metrics" >out.txt
    has http_ out.txt
    # RFC 6455: a frame of two bytes of header, a length, a mask and the masked bytes; here the mask is zero. Answers aren't masked.
    python3 - "${address#http://}" quick/face.png <<'PYTHON'
import json, socket, struct, sys
host, port = sys.argv[1].split(":")
link = socket.create_connection((host, int(port)), timeout=60)
link.sendall((f"GET /v1/live HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
stream = link.makefile("rb")
assert b" 101 " in stream.readline()
while stream.readline().strip():
    pass
image = open(sys.argv[2], "rb").read()
for number in range(3):
    message = struct.pack("<Id", number, 40.0 * number) + image
    link.sendall(struct.pack(">BBH", 0x82, 0x80 | 126, len(message)) + bytes(4) + message)
    kind, length = stream.read(2)
    length = struct.unpack(">H", stream.read(2))[0] if length == 126 else length
    answer = json.loads(stream.read(length))
    print(answer)
    assert kind == 0x81 and answer["frame"] == number and not answer.get("error"), answer
PYTHON
    kill -INT "$process"
    ends 0 wait "$process"
}

for name in usage quickstart tables backslashes drives patterns names names_on_input long_paths evaluate resume interrupts locks study export_network report \
    overwriting shards photos serve; do
    check "$name"
done

run_tests() { cd "$root"; timeout 1800 "$wine" "$root/artifacts/windows/$1/$1.exe" --progress off; }
for name in ${assemblies[@]+"${assemblies[@]}"}; do
    eval "$name() { run_tests $name; }"
    check "$name"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
