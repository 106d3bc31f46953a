#!/usr/bin/env bash
# Runs FerMl's networks outside .NET, in onnxruntime-node, and compares the outputs with FerMl's: exported models in int8 and float32, the
# folder for inference servers, and the face detector. Needs Node.js 20 with npm. The last line counts the checks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=1.30.0

for program in node npm unzip; do
    command -v "$program" >/dev/null 2>&1 || { echo "test-onnx: $program is missing." >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ferml=$PWD/eng/ferml
scripts=$PWD/eng/onnx

# Without the install script, which fetches CUDA's libraries; the CPU's are in the package.
(cd "$work" && npm init --yes >/dev/null && npm install --ignore-scripts --no-audit --no-fund --silent "onnxruntime-node@$version")
dotnet build eng/onnx/Reference.cs --configuration Release --output "$work/reference" --nologo --verbosity quiet
reference() { dotnet "$work/reference/FerMl.EndToEnd.Tests.dll" "$@"; }
# compare.mjs resolves packages from the working directory.
compare() {
    (cd "$work" && node "$scripts/compare.mjs" "$@") >>"$work/checks" 2>"$work/error" ||
        echo "FAILED $2: $(grep -m 1 "^[A-Za-z]*Error" "$work/error")" >>"$work/checks"
}

faces=$work/faces
reference faces "$faces" 64
(cd "$work" && node "$scripts/compare.mjs" pngs "$faces")
"$ferml" quickstart --out "$work/quickstart" >/dev/null 2>&1

# Exported networks, compared with 'ferml predict'.
for model in ferplus ferplus-fast fer7 fer7-fast fer3 "$work/quickstart/model.zip"; do
    name=$(basename "$model")
    [ "$name" != model.zip ] || name="a model trained in float32"
    "$ferml" export --model "$model" --out "$work/network.onnx" --overwrite >/dev/null
    "$ferml" predict --model "$model" --format json "$faces" >"$work/predictions.json" 2>/dev/null
    compare scores "$name" "$work/network.onnx" "$faces" "$work/predictions.json"
    [ "$name" = "a model trained in float32" ] && continue
    "$ferml" export --model "$model" --model-repository "$work/models" >/dev/null
    compare repository "$name for inference servers" "$work/models/$model" "$faces" "$work/predictions.json"
done

# Trained float32 networks, compared with Reference.cs: no command predicts with them.
for model in ferplus ferplus-fast fer7; do
    "$ferml" export --model "$model" --trained --out "$work/trained.onnx" --overwrite >/dev/null
    reference network "$work/trained.onnx" Pixels Score "$faces" 64 48 48 >"$work/numbers.json"
    compare numbers "$model --trained" "$work/trained.onnx" "$faces" "$work/numbers.json" Pixels Score 64 48 48
done

# The face detector's two networks, as trained and in int8, from its file.
unzip -q artifacts/models/face-detector.zip -d "$work/detector"
detector() {
    reference network "$work/detector/$1.onnx" pixels answers "$faces" "${@:2}" >"$work/numbers.json"
    compare numbers "face detector, $1" "$work/detector/$1.onnx" "$faces" "$work/numbers.json" pixels answers "${@:2}"
}
for format in "" int8/; do
    detector ${format}proposals 1 96 48
    detector ${format}proposals 1 192 256
    detector ${format}verification 1 48 48
    detector ${format}verification 16 48 48
done

cat "$work/checks"
passed=$(grep -c '^ok ' "$work/checks" || true)
failed=$(grep -c '^FAILED ' "$work/checks" || true)
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
