// For eng/test-onnx.sh: runs networks in onnxruntime-node and compares what they give with what FerMl gave.
//   compare.mjs pngs <folder>                                        writes a PNG beside each raw face
//   compare.mjs scores <name> <onnx> <faces> <predictions.json>      FerMl's 'predict --format json'
//   compare.mjs numbers <name> <onnx> <faces> <numbers.json> <input> <output> <batch> <height> <width>
//   compare.mjs repository <name> <folder> <faces> <predictions.json>
// Prints 'ok ...' or 'FAILED ...' per check.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';

const tolerance = 1e-4, side = 48;
const [command, ...rest] = process.argv.slice(2);
const check = (good, what) => console.log(`${good ? 'ok' : 'FAILED'} ${what}`);
const facesOf = folder => readdirSync(folder).filter(name => name.endsWith('.gray')).sort().map(name => readFileSync(join(folder, name)));
const json = path => JSON.parse(readFileSync(path, 'utf8'));

function difference(a, b) {
    if (a.length !== b.length)
        return Infinity;
    // What is not finite makes it NaN, which is within no tolerance.
    return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

async function run(onnx, input, output, shape, pixels) {
    const ort = createRequire(join(process.cwd(), 'package.json'))('onnxruntime-node');
    const session = await ort.InferenceSession.create(onnx);
    if (session.inputNames.join() !== input || !session.outputNames.includes(output))
        throw new Error(`${onnx} has ${session.inputNames} and ${session.outputNames}, not ${input} and ${output}`);
    const result = await session.run({ [input]: new ort.Tensor('float32', Float32Array.from(pixels), shape) });
    return { data: Array.from(result[output].data), dims: result[output].dims };
}

async function compareScores(name, onnx, faces, predictions, batches, input = 'Pixels', output = 'Score') {
    const expected = predictions.map(prediction => Object.values(prediction.scores).map(Math.fround));
    for (const batch of batches) {
        let largest = 0;
        for (let first = 0; first < faces.length; first += batch) {
            const some = faces.slice(first, first + batch);
            const { data, dims } = await run(onnx, input, output, [some.length, 1, side, side], some.flatMap(face => Array.from(face)));
            if (dims.join() !== `${some.length},${expected[0].length}`)
                throw new Error(`${onnx} gives [${dims}]`);
            largest = Math.max(largest, difference(data, expected.slice(first, first + batch).flat()));
        }
        check(largest <= tolerance, `${name}: ${faces.length} faces, ${batch} at a time: scores differ by ${largest.toExponential(1)} at most`);
    }
}

// An eight-bit gray PNG, its rows unfiltered.
function png(pixels) {
    const chunk = (type, data) => {
        const bytes = Buffer.alloc(12 + data.length);
        bytes.writeUInt32BE(data.length, 0);
        bytes.write(type, 4, 'latin1');
        data.copy(bytes, 8);
        bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
        return bytes;
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(side, 0);
    header.writeUInt32BE(side, 4);
    header[8] = 8;
    const rows = Buffer.alloc(side * (side + 1));
    for (let row = 0; row < side; row++)
        pixels.copy(rows, row * (side + 1) + 1, row * side, (row + 1) * side);
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)),
        chunk('IEND', Buffer.alloc(0))]);
}

if (command === 'pngs') {
    for (const name of readdirSync(rest[0]).filter(name => name.endsWith('.gray')))
        writeFileSync(join(rest[0], name.replace('.gray', '.png')), png(readFileSync(join(rest[0], name))));
} else if (command === 'scores') {
    const [name, onnx, folder, predictions] = rest;
    await compareScores(name, onnx, facesOf(folder), json(predictions), [1, 16]);
} else if (command === 'numbers') {
    const [name, onnx, folder, numbers, input, output, ...shape] = rest;
    const [batch, height, width] = shape.map(Number);
    const bytes = Buffer.concat(facesOf(folder));
    const pixels = Array.from({ length: batch * height * width }, (_, i) => bytes[i % bytes.length]);
    const { data, dims } = await run(onnx, input, output, [batch, 1, height, width], pixels);
    const expected = json(numbers).map(Math.fround);
    // Logits have no upper end: the tolerance is relative above 1.
    const most = difference(data.map((value, i) => value / Math.max(1, Math.abs(expected[i]))),
        expected.map(value => value / Math.max(1, Math.abs(value))));
    check(most <= tolerance, `${name}: [${batch}, 1, ${height}, ${width}] to [${dims.join(', ')}]: numbers differ by ${most.toExponential(1)} at most`);
} else if (command === 'repository') {
    // A server of models reads nothing but this.
    const [name, folder, faces, predictions] = rest;
    const config = readFileSync(join(folder, 'config.pbtxt'), 'utf8');
    const [input, output] = ['input', 'output'].map(part => new RegExp(`${part} \\[\\s*\\{ name: "(\\w+)"`).exec(config)[1]);
    const most = Number(/max_batch_size: (\d+)/.exec(config)[1]);
    const labels = readFileSync(join(folder, /label_filename: "([^"]+)"/.exec(config)[1]), 'utf8').trim().split('\n');
    check(/input \[\s*\{[^}]*data_type: TYPE_FP32, dims: \[ 1, 48, 48 \]/.test(config), `${name}: config.pbtxt's input is [1, 48, 48]`);
    check(labels.join() === Object.keys(json(predictions)[0].scores).join(), `${name}: labels.txt has ${labels.length} labels in the order of the scores`);
    check(new RegExp(`output \\[\\s*\\{[^}]*dims: \\[ ${labels.length} \\]`).test(config), `${name}: config.pbtxt's output is [${labels.length}]`);
    await compareScores(name, join(folder, '1', 'model.onnx'), facesOf(faces), json(predictions), [most], input, output);
} else {
    throw new Error('usage: see the first lines of compare.mjs');
}
