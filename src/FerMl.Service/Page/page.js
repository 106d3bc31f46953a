// Looks at a camera, a video or photos: sends them to the service and shows what it answers. Nothing is kept but the table that can be
// downloaded, and that only here in the page.

const $ = id => document.getElementById(id);
const [video, picture, overlay, stage] = [$("video"), $("picture"), $("overlay"), $("stage")];
const three = ["happy", "sad", "neutral"];
const longestSide = 640, mostInFlight = 2, mostRows = 200_000, shownSeconds = 60, patience = 3000;

let colors = new Map(), labels = [];
let mode = "none";              // none, camera, video or photos
let isPaused = false, stream = null, socket = null, wantsSocket = false, retry = 1;
let number = 0, answered = 0, isGrabbing = false, sentAt = new Map(), lastAnswer = 0;
let faces = [], size = [0, 0];  // what was answered last, and the size of the picture it is about
let times = [], begun = 0, rows = [];
let photos = [], photo = 0;
let run = 0;                    // counts starts and stops: what belongs to an earlier one has nothing to say any more
// What the page asks for is below its own address, also behind a proxy that serves it under a path.
const at = path => new URL(path, location.href.split(/[?#]/)[0]).href;
let key = new URLSearchParams(location.hash.slice(1)).get("key") ?? sessionStorage.getItem("key");

// --- the service -------------------------------------------------------------------------------------------------------------------

const headers = () => key ? { "X-Api-Key": key } : {};

async function meet() {
  const answer = await fetch(at("v1/model"), { headers: headers() });
  if (answer.status === 401) {
    $("wrong").hidden = !key;
    if (!$("lock").open) $("lock").showModal();
    return;
  }
  if (key) sessionStorage.setItem("key", key);
  const model = await answer.json();
  labels = model.labels.map(label => label.label);
  colors = new Map(model.labels.map(label => [label.label, label.color]));
  $("accuracy").textContent = model.about;
  $("about").textContent = `FerMl ${model.version}; live video by ${model.liveModel}, photos by ${model.model}.`;
  document.querySelector(".switch").hidden = !three.every(label => labels.includes(label)) || labels.length === three.length;
  legend();
}

const lost = () => say("The service doesn't answer.");

$("lock").addEventListener("close", () => {
  key = $("key").value;
  meet().catch(lost);
});

function connect() {
  wantsSocket = true;
  const protocols = ["ferml.v1"];
  if (key)
    protocols.push("key." + btoa(String.fromCharCode(...new TextEncoder().encode(key)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
  const mine = socket = new WebSocket(at("v1/live").replace(/^http/, "ws"), protocols);
  mine.onopen = () => {
    if (socket !== mine) return;
    retry = 1;
    number = answered = 0;
    sentAt.clear();
    say(null);
  };
  mine.onmessage = event => socket === mine && hear(JSON.parse(event.data));
  mine.onclose = () => {
    if (socket !== mine) return;
    socket = null;
    if (!wantsSocket) return;
    say(`The service doesn't answer; trying again in ${retry} s.`);
    setTimeout(() => wantsSocket && !socket && connect(), retry * 1000);
    retry = Math.min(retry * 2, 10);
  };
}

function hear(answer) {
  const now = performance.now(), sent = sentAt.get(answer.frame);
  // Frames that were skipped are never answered; a later answer settles them.
  for (const one of [...sentAt.keys()]) if (one <= answer.frame) sentAt.delete(one);
  answered = Math.max(answered, answer.frame);
  lastAnswer = now;
  if (answer.error) { say(answer.error); return; }
  if (mode !== "camera" && mode !== "video") return;
  say(null);
  times.push(now);
  times = times.filter(time => now - time < 1000);
  show(answer.faces, answer.width, answer.height);
  keep(answer.faces, sent?.at ?? 0);
  $("rate").textContent = times.length;
  if (sent) $("latency").textContent = `${Math.round(now - sent.now)} ms`;
  $("dropped").textContent = answer.dropped;
}

// --- frames ------------------------------------------------------------------------------------------------------------------------

const frame = document.createElement("canvas");

function pump(mine) {
  if (mine !== run) return;
  requestAnimationFrame(() => pump(mine));
  if (lastAnswer && performance.now() - lastAnswer > patience) answered = number;
  const isReady = socket?.readyState === WebSocket.OPEN && video.readyState >= 2 && video.videoWidth > 0;
  if (isPaused || !isReady || isGrabbing || number - answered >= mostInFlight || mode === "video" && video.paused) return;
  isGrabbing = true;
  const [now, at] = [performance.now(), mode === "video" ? video.currentTime * 1000 : performance.now() - begun];
  const scale = Math.min(1, longestSide / Math.max(video.videoWidth, video.videoHeight));
  frame.width = Math.round(video.videoWidth * scale);
  frame.height = Math.round(video.videoHeight * scale);
  frame.getContext("2d").drawImage(video, 0, 0, frame.width, frame.height);
  const over = socket;
  frame.toBlob(async blob => {
    const image = blob && new Uint8Array(await blob.arrayBuffer());
    isGrabbing = false;
    if (!image || socket !== over || over.readyState !== WebSocket.OPEN) return;
    const message = new Uint8Array(12 + image.length);
    const head = new DataView(message.buffer);
    head.setUint32(0, ++number, true);
    head.setFloat64(4, at, true);
    sentAt.set(number, { now, at: at / 1000 });
    message.set(image, 12);
    over.send(message);
  }, "image/jpeg", 0.85);
}

function stop() {
  run++;
  wantsSocket = false;
  socket?.close();
  socket = null;
  stream?.getTracks().forEach(track => track.stop());
  stream = null;
  video.pause();
  video.srcObject = null;
  if (video.src) { URL.revokeObjectURL(video.src); video.removeAttribute("src"); video.load(); }
  [mode, isPaused, lastAnswer, times] = ["none", false, 0, []];
  photos = [];
  stage.classList.remove("mirrored");
  [video.hidden, picture.hidden, $("welcome").hidden] = [false, true, false];
  [$("previous").hidden, $("next").hidden, $("cameras").hidden] = [true, true, true];
  $("camera").textContent = "Start camera";
  $("pause").disabled = true;
  $("pause").textContent = "Pause";
  $("pause").setAttribute("aria-pressed", "false");
  for (const id of ["rate", "latency", "count", "dropped"]) $(id).textContent = "–";
  say(null);
  show([], 0, 0);
}

function start(what) {
  mode = what;
  begun = performance.now();
  $("welcome").hidden = true;
  $("pause").disabled = what === "photos";
  if (what === "photos") return;
  forget();
  connect();
  pump(run);
}

async function startCamera(device) {
  stop();
  if (!navigator.mediaDevices?.getUserMedia) {
    say("Browsers give their camera only to pages over HTTPS, or on this machine. Start 'ferml serve' with --certificate, or open a photo.");
    return;
  }
  const mine = run;
  try {
    const got = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, ...(device ? { deviceId: { exact: device } } : { facingMode: "user" }) },
    });
    // While the browser asked, something else was begun.
    if (mine !== run) { got.getTracks().forEach(track => track.stop()); return; }
    stream = got;
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    if (mine !== run) return;
    stop();
    say(error.name === "NotAllowedError" ? "The camera may not be used: allow it in the browser's settings for this page."
      : error.name === "NotFoundError" ? "There is no camera." : `The camera can't be used: ${error.message}`);
    return;
  }
  if (mine !== run) return;
  const settings = stream.getVideoTracks()[0].getSettings();
  // People expect a mirror, unless the camera looks away from them.
  stage.classList.toggle("mirrored", settings.facingMode !== "environment");
  $("camera").textContent = "Stop camera";
  start("camera");
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(one => one.kind === "videoinput");
  $("cameras").hidden = devices.length < 2;
  $("device").replaceChildren(...devices.map((one, i) => new Option(one.label || `camera ${i + 1}`, one.deviceId, false,
    one.deviceId === settings.deviceId)));
}

async function openFiles(files) {
  const all = [...files];
  const film = all.find(file => file.type.startsWith("video/"));
  const images = all.filter(file => file.type.startsWith("image/"));
  if (!film && images.length === 0) { if (all.length) say("These are neither photos nor a video."); return; }
  stop();
  if (images.length === 0) {
    video.src = URL.createObjectURL(film);
    video.loop = false;
    start("video");
    try { await video.play(); } catch { say("The browser can't play this video."); }
    return;
  }
  photos = images;
  photo = 0;
  forget();
  start("photos");
  $("previous").hidden = $("next").hidden = photos.length < 2;
  await readPhoto();
}

async function readPhoto() {
  const file = photos[photo];
  say(photos.length > 1 ? `${file.name}, ${photo + 1} of ${photos.length}` : null, true);
  const mine = run, isOld = () => mine !== run || file !== photos[photo];
  let image;
  try { image = await createImageBitmap(file); } catch {
    if (!isOld()) say(`${file.name}: not an image that the browser can show.`);
    return;
  }
  if (isOld()) { image.close(); return; }
  const scale = Math.min(1, 2048 / Math.max(image.width, image.height));
  picture.width = Math.round(image.width * scale);
  picture.height = Math.round(image.height * scale);
  picture.getContext("2d").drawImage(image, 0, 0, picture.width, picture.height);
  [video.hidden, picture.hidden] = [true, false];
  spokenAt = performance.now();
  show([], image.width, image.height);
  image.close();
  const now = performance.now();
  let answer, told;
  try {
    answer = await fetch(at("v1/faces"), { method: "POST", body: file, headers: { ...headers(), "Content-Type": file.type } });
    told = await answer.json();
  } catch {
    if (!isOld()) lost();
    return;
  }
  if (isOld()) return;
  if (!answer.ok) { say(told.detail ?? told.title); return; }
  spokenAt = -Infinity;
  // Seen again, it is the same photo.
  rows = rows.filter(row => row.file !== file.name || row.time !== photo);
  $("latency").textContent = `${Math.round(performance.now() - now)} ms`;
  show(told.faces, told.width, told.height);
  keep(told.faces, photo, file.name);
}

function turnTo(step) {
  if (mode !== "photos" || photos.length < 2) return;
  photo = (photo + step + photos.length) % photos.length;
  readPhoto();
}

// --- what is shown -----------------------------------------------------------------------------------------------------------------

const isThree = () => document.querySelector("input[name=emotions]:checked").value === "three" && three.every(label => labels.includes(label));
const shownLabels = () => isThree() ? three : labels;

/** The scores that are shown: all, or those of the three emotions in proportion. */
function seen(face) {
  const all = shownLabels().map(label => [label, face.scores[label] ?? 0]);
  const sum = all.reduce((total, [, score]) => total + score, 0) || 1;
  const scores = all.map(([label, score]) => [label, score / sum]);
  const [label, confidence] = scores.reduce((best, one) => one[1] > best[1] ? one : best);
  return { scores, label, confidence };
}

const percent = share => `${Math.round(share * 100)} %`;
const inkOn = color => {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16));
  return 0.299 * r + 0.587 * g + 0.114 * b > 128 ? "#000000" : "#ffffff";
};
const colorOf = label => colors.get(label) ?? "#8c8c8c";

function show(found, width, height) {
  [faces, size] = [found, [width, height]];
  draw();
  if (mode !== "none") $("count").textContent = found.length;
  $("nobody").hidden = found.length > 0;
  $("nobody").textContent = mode === "none" ? "No face yet." : "No face in the picture.";
  const list = $("faces");
  while (list.children.length > found.length) list.lastChild.remove();
  found.forEach((face, i) => {
    const item = list.children[i] ?? list.appendChild(card());
    fill(item, face);
  });
  speak(found);
}

function card() {
  const item = document.createElement("li");
  const title = document.createElement("h3");
  for (const name of ["id", "label", "sure"]) title.append(Object.assign(document.createElement("span"), { className: name }));
  const scores = document.createElement("div");
  scores.className = "scores";
  item.append(title, scores);
  return item;
}

function fill(item, face) {
  const { scores, label, confidence } = seen(face), [id, name, sure] = item.firstChild.children, table = item.lastChild;
  id.textContent = face.id;
  id.style.background = colorOf(label);
  id.style.color = inkOn(colorOf(label));
  name.textContent = label;
  sure.textContent = percent(confidence);
  table.hidden = !$("bars").checked;
  while (table.children.length > scores.length) table.lastChild.remove();
  scores.forEach(([one, score], i) => {
    let row = table.children[i];
    if (!row) {
      row = Object.assign(document.createElement("div"), { className: "score" });
      const bar = Object.assign(document.createElement("span"), { className: "bar" });
      bar.append(document.createElement("i"));
      row.append(document.createElement("span"), bar, Object.assign(document.createElement("span"), { className: "part" }));
      table.append(row);
    }
    row.children[0].textContent = one;
    row.children[1].firstChild.style.width = `${score * 100}%`;
    row.children[1].firstChild.style.background = colorOf(one);
    row.children[2].textContent = percent(score);
  });
}

/** Boxes and labels, over the picture as large as it is shown. */
function draw() {
  const { width, height } = stage.getBoundingClientRect(), dense = devicePixelRatio || 1;
  overlay.width = Math.round(width * dense);
  overlay.height = Math.round(height * dense);
  const context = overlay.getContext("2d");
  context.scale(dense, dense);
  if (!size[0]) return;
  const scale = Math.min(width / size[0], height / size[1]);
  const [left, top] = [(width - size[0] * scale) / 2, (height - size[1] * scale) / 2];
  const isMirrored = stage.classList.contains("mirrored");
  const placed = [];
  context.font = "600 14px system-ui, 'DejaVu Sans', sans-serif";
  context.textBaseline = "middle";
  for (const face of faces) {
    const { label, confidence } = seen(face), color = colorOf(label);
    const [x0, y0, w, h] = face.box.map(one => one * scale);
    const [x, y] = [left + (isMirrored ? size[0] * scale - x0 - w : x0), top + y0];
    context.strokeStyle = color;
    context.lineWidth = face.faceScore < 0.7 ? 1.5 : 3;
    context.beginPath();
    context.roundRect(x, y, w, h, Math.min(8, w / 6));
    context.stroke();
    // Beside the box, in the picture, and over no other label: the emotion alone, or nothing, where there is no room.
    for (const text of [`${face.id}  ${label} ${percent(confidence)}`, label, String(face.id)]) {
      const wide = context.measureText(text).width + 12, tall = 22;
      const at = [[x, y - tall - 2], [x, y + h + 2], [x + w - wide, y - tall - 2], [x + w - wide, y + h + 2]].find(([a, b]) =>
        a >= 0 && b >= 0 && a + wide <= width && b + tall <= height
        && placed.every(([c, d, e]) => a + wide < c || c + e < a || b + tall < d || d + tall < b)
        && faces.every(other => other === face || !covers(other, a, b, wide, tall)));
      if (!at) continue;
      placed.push([...at, wide]);
      context.fillStyle = color;
      context.beginPath();
      context.roundRect(...at, wide, tall, 5);
      context.fill();
      context.fillStyle = inkOn(color);
      context.fillText(text, at[0] + 6, at[1] + tall / 2 + 1);
      break;
    }
  }

  function covers(other, a, b, wide, tall) {
    const [x0, y0, w, h] = other.box.map(one => one * scale);
    const [x, y] = [left + (isMirrored ? size[0] * scale - x0 - w : x0), top + y0];
    return a < x + w && x < a + wide && b < y + h && y < b + tall;
  }
}

function say(text, isNote = false) {
  $("message").hidden = text === null;
  $("message").className = isNote ? "note" : "";
  if ($("message").textContent !== (text ?? "")) $("message").textContent = text ?? "";
}

let spoken = "", spokenAt = -Infinity;
/** Says to screen readers what changed, not more often than it can be listened to. */
function speak(found) {
  if (mode === "none" || performance.now() - spokenAt < 2500) return;
  const text = found.length === 0 ? "no face" : found.slice(0, 3).map(face => `face ${face.id}: ${seen(face).label}`).join(", ");
  if (text === spoken) return;
  [spoken, spokenAt] = [text, performance.now()];
  $("spoken").textContent = text;
}

// --- the timeline ------------------------------------------------------------------------------------------------------------------

function keep(found, time, file) {
  for (const face of found)
    if (rows.length < mostRows)
      rows.push({ time, file, face: face.id, box: face.box, faceScore: face.faceScore, scores: face.scores });
  for (const id of ["csv", "json", "forget"]) $(id).disabled = rows.length === 0;
}

function forget() {
  rows = [];
  keep([], 0);
  strips();
}

/** A line for each face, colored by its emotion, of the last minute. */
function strips() {
  const canvas = $("timeline"), dense = devicePixelRatio || 1, { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(height * dense);
  const context = canvas.getContext("2d"), style = getComputedStyle(document.body);
  context.scale(dense, dense);
  context.fillStyle = style.color;
  context.font = "12px system-ui, 'DejaVu Sans', sans-serif";
  context.textBaseline = "middle";
  if (!rows.some(row => !row.file)) {
    context.fillText("The last minute of a camera or a video is shown here.", 4, 12);
    return;
  }
  const end = rows.at(-1).time, from = Math.max(0, end - shownSeconds), axis = 18, names = 28;
  const recent = [];
  for (let i = rows.length - 1; i >= 0 && rows[i].time >= from; i--) if (!rows[i].file) recent.push(rows[i]);
  const ids = [...new Set(recent.map(row => row.face))].sort((a, b) => a - b).slice(-6);
  const span = Math.max(10, end - from), place = time => names + (time - from) / span * (width - names - 4);
  const each = Math.min(24, (height - axis) / Math.max(1, ids.length));
  ids.forEach((id, line) => {
    context.fillStyle = style.color;
    context.fillText(id, 4, line * each + each / 2);
    for (const row of recent) {
      if (row.face !== id) continue;
      context.fillStyle = colorOf(seen(row).label);
      context.fillRect(place(row.time) - 1, line * each + 3, Math.max(2, (width - names) / span / 12), each - 6);
    }
  });
  context.fillStyle = style.color;
  const step = span > 30 ? 10 : 5;
  for (let second = Math.ceil(from / step) * step; second <= from + span; second += step)
    context.fillText(`${second} s`, Math.min(place(second), width - 30), height - axis / 2);
}
setInterval(strips, 500);

function legend() {
  $("legend").replaceChildren(...shownLabels().map(label => {
    const item = document.createElement("li"), spot = document.createElement("i");
    spot.style.background = colorOf(label);
    item.append(spot, label);
    return item;
  }));
}

function download(name, type, text) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** As the table is saved: emotions as they are shown now. */
function table() {
  return rows.map(row => {
    const { scores, label, confidence } = seen(row);
    return { time: Number(row.time.toFixed(3)), ...(row.file ? { file: row.file } : {}), face: row.face, box: row.box,
      faceScore: row.faceScore, label, confidence, scores: Object.fromEntries(scores) };
  });
}

const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
// A name that begins like a formula is text to spreadsheets too.
const cell = value => typeof value === "string" ? quoted(/^[=+\-@\t]/.test(value) ? `'${value}` : value) : String(value);

$("csv").onclick = () => download("ferml.csv", "text/csv", [
  ["time", "file", "face", "x", "y", "width", "height", "face_score", "label", "confidence", ...shownLabels()],
  ...table().map(row => [row.time, row.file ?? "", row.face, ...row.box, row.faceScore, row.label, row.confidence,
    ...Object.values(row.scores)]),
].map(row => row.map(cell).join(",")).join("\n") + "\n");
$("json").onclick = () => download("ferml.json", "application/json", JSON.stringify(table(), null, 1));
$("forget").onclick = forget;

// --- hands -------------------------------------------------------------------------------------------------------------------------

$("camera").onclick = () => mode === "camera" ? stop() : startCamera();
$("device").onchange = () => startCamera($("device").value);
$("open").onclick = () => $("files").click();
$("files").onchange = () => { openFiles($("files").files); $("files").value = ""; };
$("pause").onclick = () => {
  isPaused = !isPaused;
  if (mode === "video" && isPaused) video.pause();
  else if (mode === "video" || mode === "camera") isPaused ? video.pause() : video.play();
  $("pause").textContent = isPaused ? "Go on" : "Pause";
  $("pause").setAttribute("aria-pressed", String(isPaused));
};
$("previous").onclick = () => turnTo(-1);
$("next").onclick = () => turnTo(1);
const again = () => { show(faces, ...size); legend(); strips(); };
$("bars").onchange = again;
document.querySelectorAll("input[name=emotions]").forEach(one => one.addEventListener("change", again));
addEventListener("resize", draw);
video.addEventListener("error", () => mode === "video" && say("The browser can't play this video."));

addEventListener("keydown", event => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, button, a, dialog")) return;
  const act = {
    c: () => $("camera").click(), o: () => $("open").click(), " ": () => $("pause").click(), b: () => $("bars").click(),
    t: () => document.querySelector("input[name=emotions]:not(:checked)").click(), ArrowLeft: () => turnTo(-1), ArrowRight: () => turnTo(1),
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});

for (const kind of ["dragover", "dragleave", "drop"])
  addEventListener(kind, event => {
    event.preventDefault();
    stage.classList.toggle("over", kind === "dragover");
    if (kind === "drop") openFiles(event.dataTransfer.files);
  });

meet().catch(lost);
