// Sends camera or video frames, or photos, to the service and shows the results. The only data it keeps is the table to download, and
// that only within the page.

const $ = id => document.getElementById(id);
const [video, picture, overlay, stage] = [$("video"), $("picture"), $("overlay"), $("stage")];
const three = ["happy", "sad", "neutral"];
const longestSide = 640, maxInFlight = 2, maxRows = 200_000, maxStrips = 200, patience = 3000;
// Milliseconds. If results lag the picture by more than lateFrom, the sent frame is shown instead; boxes fade when no result arrives.
const lateFrom = 350, lateTo = 200, fadeFrom = 700, fadeTo = 1700;
// Seconds. A shorter gap counts as presence; after a longer one without frames the state is unknown (as in 'ferml timeline').
const longestBlink = 0.25, longestSilence = 1;

let colors = new Map(), labels = [];
let mode = "none";              // none, camera, video or photos
let isPaused = false, stream = null, socket = null, wantsSocket = false, retry = 1;
let number = 0, answered = 0, isGrabbing = false, sentAt = new Map(), lastAnswer = 0, isLate = false, isLost = false;
let faces = [], size = [0, 0];  // the latest result, and the size of its picture
let times = [], begun = 0;
let frames = [], rowCount = 0, strips = new Map(), before = -Infinity;   // all results, and their timeline
let isComplete = false;         // the table covers an entire video; later results aren't added
let firstId = 0;                // added to the face IDs of this connection
let wantsOne = false;           // send one frame of a paused video after a seek
let photos = [], photo = 0, source = "";
let analysis = null;            // aborts the analysis of an entire video
let run = 0;                    // counts starts and stops, so that callbacks of earlier runs are ignored
// Resolve paths relative to the page, which a proxy may serve under a path.
const at = path => new URL(path, location.href.split(/[?#]/)[0]).href;
let key = new URLSearchParams(location.hash.slice(1)).get("key") ?? sessionStorage.getItem("key");

// --- the service -------------------------------------------------------------------------------------------------------------------

const headers = () => key ? { "X-Api-Key": key } : {};

async function meet() {
  const answer = await fetch(at("v1/model") + chosen(), { headers: headers() });
  if (answer.status === 401) {
    $("wrong").hidden = !key;
    if (!$("lock").open) $("lock").showModal();
    return;
  }
  if (!answer.ok) {
    say((await answer.json().catch(() => ({}))).detail ?? "The service doesn't answer.");
    return;
  }
  if (key) sessionStorage.setItem("key", key);
  const model = await answer.json();
  if ($("model").options.length === 0) $("model").replaceChildren(...model.models.map(name => new Option(name, name)));
  if (!$("model").value || !model.models.includes($("model").value)) $("model").value = model.model;
  labels = model.labels.map(label => label.label);
  colors = new Map(model.labels.map(label => [label.label, label.color]));
  $("accuracy").textContent = model.about;
  $("about").textContent = `FerMl ${model.version}; model for live video ${model.liveModel}, for photos ${model.model}.`;
  document.querySelector(".switch").hidden = !three.every(label => labels.includes(label)) || labels.length === three.length;
  legend();
}

/** Query string with the selected model; empty if none was selected. */
const chosen = () => $("model").dataset.chosen ? "?model=" + encodeURIComponent($("model").value) : "";

const lost = () => say("The service doesn't answer.");

$("lock").addEventListener("close", () => {
  key = $("key").value;
  meet().catch(lost);
});

function open() {
  const protocols = ["ferml.v1"];
  if (key)
    protocols.push("key." + btoa(String.fromCharCode(...new TextEncoder().encode(key)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
  return new WebSocket(at("v1/live").replace(/^http/, "ws") + chosen(), protocols);
}

function connect() {
  wantsSocket = true;
  // Each connection numbers its faces from 1; the offset keeps IDs unique.
  firstId = Math.max(0, ...strips.keys());
  const mine = socket = open();
  mine.onopen = () => {
    if (socket !== mine) return;
    retry = 1;
    number = answered = 0;
    sentAt.clear();
    if (isLost) say(null);
    isLost = false;
  };
  mine.onmessage = event => socket === mine && receive(JSON.parse(event.data));
  mine.onclose = () => {
    if (socket !== mine) return;
    socket = null;
    if (!wantsSocket) return;
    isLost = true;
    say(`The service doesn't answer; trying again in ${retry} s.`);
    setTimeout(() => wantsSocket && !socket && connect(), retry * 1000);
    retry = Math.min(retry * 2, 10);
  };
}

function receive(answer) {
  const now = performance.now(), sent = sentAt.get(answer.frame);
  // Dropped frames are never answered; a later answer discards them.
  for (const [one, { image }] of [...sentAt]) if (one <= answer.frame) { sentAt.delete(one); if (one !== answer.frame) image?.close(); }
  answered = Math.max(answered, answer.frame);
  lastAnswer = now;
  if (answer.error) { say(answer.error); sent?.image?.close(); return; }
  if (mode !== "camera" && mode !== "video") { sent?.image?.close(); return; }
  if (!video.ended) say(null);
  times.push(now);
  times = times.filter(time => now - time < 1000);
  if (sent) showSent(sent.image, now - sent.now);
  const found = wanted(answer.faces).map(face => ({ ...face, id: face.id + firstId }));
  show(found, answer.width, answer.height);
  keep(found, sent?.at ?? 0, answer.width, answer.height);
  $("rate").textContent = times.length;
  if (sent) $("latency").textContent = `${Math.round(now - sent.now)} ms`;
  $("dropped").textContent = answer.dropped;
}

/** If results are late, as on a busy machine, shows the sent frame, so that boxes and picture match. */
function showSent(image, late) {
  isLate = late > (isLate ? lateTo : lateFrom);
  if (isLate && image) {
    picture.width = image.width;
    picture.height = image.height;
    picture.getContext("2d").drawImage(image, 0, 0);
  }
  picture.hidden = !isLate;
  image?.close();
}

const wanted = found => found.filter(face => face.faceScore >= Number($("score").value));

// --- frames ------------------------------------------------------------------------------------------------------------------------

const frame = document.createElement("canvas");

function pump(mine) {
  if (mine !== run) return;
  requestAnimationFrame(() => pump(mine));
  if (lastAnswer && performance.now() - lastAnswer > patience) answered = number;
  const isReady = socket?.readyState === WebSocket.OPEN && video.readyState >= 2 && video.videoWidth > 0;
  if (mode === "video" && document.activeElement !== $("seek")) showClock();
  if (faces.length && !isPaused && !video.ended && lastAnswer && performance.now() - lastAnswer > fadeFrom) draw();
  if (analysis || !isReady || isGrabbing || number - answered >= maxInFlight) return;
  if (!wantsOne && (isPaused || mode === "video" && video.paused)) return;
  wantsOne = false;
  isGrabbing = true;
  const [now, at] = [performance.now(), mode === "video" ? video.currentTime * 1000 : performance.now() - begun];
  grab();
  const over = socket;
  frame.toBlob(async blob => {
    const image = blob && new Uint8Array(await blob.arrayBuffer()), bitmap = blob && await createImageBitmap(blob);
    isGrabbing = false;
    if (!image || socket !== over || over.readyState !== WebSocket.OPEN) { bitmap?.close(); return; }
    const mine = ++number;
    sentAt.set(mine, { now, at: at / 1000, image: bitmap });
    over.send(message(mine, at, image));
  }, "image/jpeg", 0.85);
}

/** A frame in the service's format: number, time in milliseconds, image. */
function message(number, milliseconds, image) {
  const bytes = new Uint8Array(12 + image.length), head = new DataView(bytes.buffer);
  head.setUint32(0, number, true);
  head.setFloat64(4, milliseconds, true);
  bytes.set(image, 12);
  return bytes;
}

function grab() {
  const scale = Math.min(1, longestSide / Math.max(video.videoWidth, video.videoHeight));
  frame.width = Math.round(video.videoWidth * scale);
  frame.height = Math.round(video.videoHeight * scale);
  frame.getContext("2d").drawImage(video, 0, 0, frame.width, frame.height);
}

function stop() {
  run++;
  endAnalysis();
  for (const { image } of sentAt.values()) image?.close();
  sentAt.clear();
  wantsSocket = false;
  socket?.close();
  socket = null;
  stream?.getTracks().forEach(track => track.stop());
  stream = null;
  video.pause();
  video.srcObject = null;
  if (video.src) { URL.revokeObjectURL(video.src); video.removeAttribute("src"); video.load(); }
  [mode, isPaused, isLate, lastAnswer, times, source] = ["none", false, false, 0, [], ""];
  photos = [];
  stage.classList.remove("mirrored");
  [video.hidden, picture.hidden, $("welcome").hidden] = [false, true, false];
  for (const id of ["previous", "next", "cameras", "film", "analyze"]) $(id).hidden = true;
  $("save").disabled = true;
  $("camera").textContent = "Start camera";
  $("pause").disabled = true;
  pauseShows("Pause");
  for (const id of ["rate", "latency", "count", "dropped"]) $(id).textContent = "–";
  say(null);
  show([], 0, 0);
}

function start(what) {
  mode = what;
  begun = performance.now();
  $("welcome").hidden = true;
  $("pause").disabled = what === "photos";
  $("save").disabled = false;
  if (what === "photos") return;
  // Move the focus, so that Space or Enter doesn't press the start button again and stop.
  if (document.activeElement === $("camera")) $("pause").focus();
  clear();
  connect();
  pump(run);
}

async function startCamera(device) {
  stop();
  if (!navigator.mediaDevices?.getUserMedia) {
    say("Browsers allow the camera only on pages over HTTPS, or on this machine. Start 'ferml serve' with --certificate, or open a photo.");
    return;
  }
  source = "camera";
  const mine = run;
  try {
    const got = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, ...(device ? { deviceId: { exact: device } } : { facingMode: "user" }) },
    });
    // Another source was started while the browser asked for permission.
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
  // Mirror the picture, as people expect, unless the camera faces away from them.
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
    source = film.name;
    [$("film").hidden, $("analyze").hidden] = [false, false];
    start("video");
    try { await video.play(); } catch { say("The browser can't play this video."); }
    return;
  }
  photos = images;
  photo = 0;
  clear();
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
    answer = await fetch(at("v1/faces") + chosen(), { method: "POST", body: file, headers: { ...headers(), "Content-Type": file.type } });
    told = await answer.json();
  } catch {
    if (!isOld()) lost();
    return;
  }
  if (isOld()) return;
  if (!answer.ok) { say(told.detail ?? told.title); return; }
  spokenAt = -Infinity;
  // A photo viewed again replaces its earlier result.
  frames = frames.filter(one => one.frame !== photo || one.name !== file.name);
  rowCount = frames.reduce((sum, one) => sum + one.faces.length, 0);
  $("latency").textContent = `${Math.round(performance.now() - now)} ms`;
  const found = wanted(told.faces);
  show(found, told.width, told.height);
  keep(found, photo, told.width, told.height, file.name);
}

function turnTo(step) {
  if (mode !== "photos" || photos.length < 2) return;
  photo = (photo + step + photos.length) % photos.length;
  readPhoto();
}

// --- display -----------------------------------------------------------------------------------------------------------------------

const isThree = () => document.querySelector("input[name=emotions]:checked").value === "three" && three.every(label => labels.includes(label));
const shownLabels = () => isThree() ? three : labels;

/** The scores to show: all, or the scores of the three emotions, normalized. */
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
  list.className = found.length > 3 ? "many" : "";
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

/** Draws boxes and labels over the picture at its displayed size. */
function draw() {
  const { width, height } = stage.getBoundingClientRect(), dense = devicePixelRatio || 1;
  overlay.width = Math.round(width * dense);
  overlay.height = Math.round(height * dense);
  const context = overlay.getContext("2d"), age = performance.now() - lastAnswer;
  context.scale(dense, dense);
  if (!isPaused && !video.ended && lastAnswer && (mode === "camera" || mode === "video"))
    context.globalAlpha = Math.min(1, Math.max(0, 1 - (age - fadeFrom) / (fadeTo - fadeFrom)));
  paint(context, width, height);
}

/** Draws boxes and labels in a picture of any size. */
function paint(context, width, height) {
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
    // Place the label next to the box, within the picture, without overlaps. If there is no room, shorten or omit it.
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
/** Announces changes to screen readers, at a rate that can be followed. */
function speak(found) {
  if (mode === "none" || performance.now() - spokenAt < 2500) return;
  const text = found.length === 0 ? "no face" : found.slice(0, 3).map(face => `face ${face.id}: ${seen(face).label}`).join(", ");
  if (text === spoken) return;
  [spoken, spokenAt] = [text, performance.now()];
  $("spoken").textContent = text;
}

// --- the timeline ------------------------------------------------------------------------------------------------------------------

function keep(found, time, width, height, name) {
  // After a seek back, frames are analyzed again and replace the earlier results.
  if (isComplete) return;
  if (!name && frames.length && time <= frames.at(-1).time) {
    frames = frames.filter(one => one.time < time);
    rowCount = frames.reduce((sum, one) => sum + one.faces.length, 0);
    rebuild();
  }
  if (!isFull()) {
    frames.push({ frame: name ? time : frames.length, time, name: name ?? source, isPhoto: !!name, width, height, faces: found });
    rowCount += found.length;
    if (!name) follow(found, time);
  }
  for (const id of ["csv", "json", "clear"]) $(id).disabled = rowCount === 0;
  $("image").disabled = strips.size === 0;
}

const isFull = () => Math.max(rowCount, frames.length) >= maxRows;

function clear() {
  [frames, rowCount, isComplete] = [[], 0, false];
  rebuild();
  for (const id of ["csv", "json", "clear", "image"]) $(id).disabled = true;
}

/** Extends each face's spans: intervals with one emotion. */
function follow(found, time) {
  for (const face of found) {
    const { label, confidence } = seen(face), spans = strips.get(face.id) ?? strips.set(face.id, []).get(face.id);
    const last = spans.at(-1), away = last ? time - last.to : Infinity;
    if (!last || away > longestSilence || last.to < before && away > longestBlink)
      spans.push({ from: time, to: time, label, sum: confidence, count: 1 });
    else if (last.label === label)
      Object.assign(last, { to: time, sum: last.sum + confidence, count: last.count + 1 });
    else {
      // The emotion changed between two frames; the strip has no gap there.
      last.to = time;
      spans.push({ from: time, to: time, label, sum: confidence, count: 1 });
    }
  }
  before = time;
}

function rebuild() {
  [strips, before] = [new Map(), -Infinity];
  for (const one of frames) if (!one.isPhoto) follow(one.faces, one.time);
  timeline();
}

/** Draws a strip for each face from the beginning to now, colored by emotion, paler at lower confidence. */
function timeline() {
  const canvas = $("timeline"), dense = devicePixelRatio || 1, width = $("strips").clientWidth;
  const height = Math.max($("strips").clientHeight, Math.min(strips.size, maxStrips) * 24 + 20);
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(height * dense);
  const context = canvas.getContext("2d");
  context.scale(dense, dense);
  context.fillStyle = getComputedStyle(document.body).color;
  context.font = "12px system-ui, 'DejaVu Sans', sans-serif";
  context.textBaseline = "middle";
  if (strips.size === 0) {
    context.fillText("The emotions of each face over time.", 4, 12);
    return;
  }
  const ink = context.fillStyle, names = 34, axis = 18, each = 24, shown = [...strips].slice(0, maxStrips);
  const from = Math.min(...shown.map(([, spans]) => spans[0].from)), to = Math.max(from + 1, ...shown.map(([, spans]) => spans.at(-1).to));
  const place = time => names + (time - from) / (to - from) * (width - names - 8);
  shown.forEach(([id, spans], line) => {
    context.fillStyle = ink;
    context.fillText(id, 4, line * each + each / 2);
    for (const span of spans) {
      context.globalAlpha = 0.35 + 0.65 * span.sum / span.count;
      context.fillStyle = colorOf(span.label);
      context.fillRect(place(span.from), line * each + 3, Math.max(1, place(span.to) - place(span.from)), each - 6);
    }
    context.globalAlpha = 1;
  });
  context.fillStyle = ink;
  const power = 10 ** Math.floor(Math.log10((to - from) / 8)), step = power * [1, 2, 5, 10].find(one => (to - from) / power <= 8 * one);
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step)
    context.fillText(`${Number(tick.toFixed(3))} s`, Math.min(place(tick), width - 34), shown.length * each + axis / 2);
}
setInterval(() => mode !== "none" && timeline(), 500);

function legend() {
  $("legend").replaceChildren(...shownLabels().map(label => {
    const item = document.createElement("li"), spot = document.createElement("i");
    spot.style.background = colorOf(label);
    item.append(spot, label);
    return item;
  }));
}

const download = (name, type, text) => downloadBlob(name, new Blob([text], { type }));

function downloadBlob(name, blob) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** The download: one entry per frame, with the emotions as currently shown. Names match the output of 'ferml analyze'. */
const saved = () => frames.map(({ frame, time, name, width, height, faces }) => ({
  frame, time: Number(time.toFixed(3)), name, width, height,
  faces: faces.map(face => {
    const { scores, label, confidence } = seen(face);
    return { id: face.id, box: face.box, faceScore: face.faceScore, roll: face.roll, label, confidence, scores: Object.fromEntries(scores) };
  }),
}));

const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
// Keep spreadsheets from interpreting names as formulas.
const cell = value => typeof value === "string" ? quoted(/^[=+\-@\t]/.test(value) ? `'${value}` : value) : String(value);

$("csv").onclick = () => download("ferml.csv", "text/csv", [
  ["time", "frame", "file", "face", "x", "y", "width", "height", "face_score", "roll", "label", "confidence", ...shownLabels()],
  ...saved().flatMap(one => one.faces.map(face => [one.time, one.frame, one.name, face.id, ...face.box, face.faceScore, face.roll,
    face.label, face.confidence, ...Object.values(face.scores)])),
].map(row => row.map(cell).join(",")).join("\n") + "\n");
$("json").onclick = () => download("ferml.jsonl", "application/jsonl", saved().map(one => JSON.stringify(one) + "\n").join(""));
$("clear").onclick = clear;
$("image").onclick = async () => {
  const drawn = [...strips].map(([id, spans]) => ({ id, spans: spans.map(({ from, to, label, sum, count }) => (
    { from, to, label, confidence: Math.min(1, sum / count), frames: count })) }));
  try {
    const answer = await fetch(`${at("v1/timeline")}?name=${encodeURIComponent(source)}`, {
      method: "POST", headers: { ...headers(), "Content-Type": "application/json" }, body: JSON.stringify(drawn),
    });
    if (!answer.ok) throw new Error((await answer.json()).detail ?? answer.statusText);
    downloadBlob("ferml-timeline.svg", await answer.blob());
  } catch (error) {
    say(`The timeline can't be saved: ${error.message}`);
  }
};
$("save").onclick = () => {
  const shown = picture.hidden ? video : picture, canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = picture.hidden ? [video.videoWidth, video.videoHeight] : [picture.width, picture.height];
  const context = canvas.getContext("2d");
  if (stage.classList.contains("mirrored")) context.setTransform(-1, 0, 0, 1, canvas.width, 0);
  context.drawImage(shown, 0, 0);
  context.resetTransform();
  paint(context, canvas.width, canvas.height);
  canvas.toBlob(image => downloadBlob("ferml-picture.png", image));
};

// --- controls ----------------------------------------------------------------------------------------------------------------------

$("camera").onclick = () => mode === "camera" ? stop() : startCamera();
$("device").onchange = () => startCamera($("device").value);
$("open").onclick = () => $("files").click();
$("files").onchange = () => { openFiles($("files").files); $("files").value = ""; };
$("pause").onclick = () => {
  if (mode === "video" && video.ended) { playAgain(); return; }
  isPaused = !isPaused;
  isPaused ? video.pause() : video.play();
  pauseShows(isPaused ? "Resume" : "Pause");
};

function pauseShows(text) {
  $("pause").textContent = text;
  $("pause").setAttribute("aria-pressed", String(text === "Resume"));
}

function playAgain() {
  clear();
  isPaused = false;
  pauseShows("Pause");
  say(null);
  video.currentTime = 0;
  video.play();
}

video.addEventListener("ended", () => {
  if (mode !== "video" || analysis) return;
  pauseShows("Play again");
  say("The video has ended.", true);
});

const clockOf = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
function showClock() {
  const length = Number.isFinite(video.duration) ? video.duration : 0;
  [$("seek").max, $("seek").value] = [length, video.currentTime];
  $("clock").textContent = `${clockOf(video.currentTime)} / ${clockOf(length)}`;
}
$("seek").oninput = () => {
  if (analysis) return;
  video.currentTime = Number($("seek").value);
  // The picture shows another frame.
  picture.hidden = true;
  show([], ...size);
  if (!isPaused) { pauseShows("Pause"); say(null); video.play(); }
};
video.addEventListener("seeked", () => wantsOne = mode === "video" && isPaused && !analysis);
$("seek").onpointerup = () => $("seek").blur();

// --- video analysis ----------------------------------------------------------------------------------------------------------------

$("analyze").onclick = () => analysis ? analysis.abort() : analyze();

/** Stops the analysis and enables the controls again. */
function endAnalysis() {
  analysis?.abort();
  analysis = null;
  $("analyze").textContent = "Analyze the whole video";
  [$("pause").disabled, $("seek").disabled, $("model").disabled] = [false, false, false];
}

/** Sends every frame of the video in sequence, independent of playback speed. */
async function analyze() {
  const mine = run, stopping = new AbortController(), { signal } = stopping;
  wantsSocket = false;
  socket?.close();
  socket = null;
  video.pause();
  clear();
  picture.hidden = true;
  analysis = stopping;
  $("analyze").textContent = "Stop the analysis";
  [$("pause").disabled, $("seek").disabled, $("model").disabled] = [true, true, true];
  let count = 0, missed = 0, problem = null, line = null;
  try {
    // A separate connection, so that faces are numbered from 1.
    line = open();
    await happened(line, "open", signal);
    const length = await lengthOfVideo(signal), step = await frameStep(signal);
    for (; (count + 0.5) * step < length && !isFull(); count++) {
      // Seek to the middle of a frame, because browsers round frame boundaries differently.
      const time = (count + 0.5) * step;
      const seeked = happened(video, "seeked", signal);
      video.currentTime = time;
      await seeked;
      grab();
      const blob = await new Promise(done => frame.toBlob(done, "image/jpeg", 0.85)), image = new Uint8Array(await blob.arrayBuffer());
      const answer = await ask(line, count, count * step * 1000, image, signal);
      lastAnswer = performance.now();
      if (answer.error) missed++;
      else {
        const found = wanted(answer.faces);
        show(found, answer.width, answer.height);
        keep(found, count * step, answer.width, answer.height);
      }
      showClock();
      say(`Analyzing: ${Math.round(100 * time / length)} %, frame ${count + 1}`, true);
    }
    if (isFull()) problem = `The table is full after ${count} frames: save it, and analyze the rest as another video.`;
  } catch (error) {
    if (!signal.aborted) problem = `The analysis stopped: ${error.message}`;
    stopping.abort();
  }
  line?.close();
  // Another source was started and controls the page.
  if (mine !== run || analysis !== stopping) return;
  isComplete = !signal.aborted;
  const isWhole = isComplete && !problem;
  endAnalysis();
  isPaused = true;
  pauseShows("Resume");
  timeline();
  say(problem ?? (!isWhole ? null : `All ${count} frames are analyzed${missed ? `, except ${missed} that failed` : ""}: `
    + "download the table, or save the timeline."), !problem);
  connect();
}

/** Sends a frame, and retries up to five times if the service answers with an error, such as being busy. */
async function ask(line, number, milliseconds, image, signal) {
  for (let tries = 0; ; tries++) {
    const heard = happened(line, "message", signal);
    line.send(message(number + 1, milliseconds, image));
    const answer = JSON.parse((await heard).data);
    if (!answer.error || tries === 5) return answer;
    await new Promise(done => setTimeout(done, 300));
  }
}

/** Recordings made by browsers report their length only after a seek to the end. */
async function lengthOfVideo(signal) {
  if (Number.isFinite(video.duration)) return video.duration;
  const seeked = happened(video, "seeked", signal);
  video.currentTime = 1e9;
  await seeked;
  const length = Number.isFinite(video.duration) ? video.duration : video.currentTime;
  if (!(length > 0 && length < 1e8)) throw new Error("the length of the video is unknown");
  return length;
}

const happened = (target, what, signal) => new Promise((done, failed) => {
  const over = () => failed(new Error("the connection or the video ended"));
  if (signal.aborted || target instanceof WebSocket && target.readyState > WebSocket.OPEN) { over(); return; }
  target.addEventListener(what, done, { once: true });
  signal.addEventListener("abort", over, { once: true });
  for (const wrong of ["error", "close"]) target.addEventListener(wrong, over, { once: true });
});

/** Frame interval in seconds, measured during playback of a few frames; 1/30 if the browser doesn't report it. */
async function frameStep(signal) {
  if (!video.requestVideoFrameCallback) return 1 / 30;
  const seen = [];
  video.currentTime = 0;
  await new Promise(done => {
    const end = setTimeout(done, 2000);
    const next = (_, { mediaTime }) => {
      seen.push(mediaTime);
      if (seen.length < 12 && !video.ended && !signal.aborted) video.requestVideoFrameCallback(next);
      else { clearTimeout(end); done(); }
    };
    video.requestVideoFrameCallback(next);
    video.play().catch(done);
  });
  if (signal.aborted) throw new Error("it was stopped");
  video.pause();
  const steps = seen.slice(1).map((time, i) => time - seen[i]).filter(step => step > 1e-3).sort((a, b) => a - b);
  if (steps.length === 0) return 1 / 30;
  // The browser skips frames: round each gap to an integer number of frames. The mean is more precise than the file's clock.
  const about = steps[Math.floor(steps.length / 4)], count = steps.reduce((sum, one) => sum + Math.round(one / about), 0);
  return Math.max(1 / 120, Math.min(1, steps.reduce((sum, one) => sum + one) / count));
}

// --- options -----------------------------------------------------------------------------------------------------------------------

$("example").onclick = async () => {
  try {
    const answer = await fetch(at("example.jpg"));
    openFiles([new File([await answer.blob()], "example.jpg", { type: "image/jpeg" })]);
  } catch { lost(); }
};
$("model").onchange = async () => {
  $("model").dataset.chosen = "yes";
  await meet().catch(lost);
  if (mode === "photos") { clear(); readPhoto(); }
  // A connection has one model; connect again for another.
  else if (socket) { sentAt.clear(); clear(); socket.close(); connect(); }
};
$("score").oninput = () => $("score-shown").textContent = Number($("score").value).toFixed(2);
$("score").onchange = () => mode === "photos" && readPhoto();
$("previous").onclick = () => turnTo(-1);
$("next").onclick = () => turnTo(1);
const again = () => { show(faces, ...size); legend(); rebuild(); };
$("bars").onchange = again;
document.querySelectorAll("input[name=emotions]").forEach(one => one.addEventListener("change", again));
addEventListener("resize", () => { draw(); timeline(); });
video.addEventListener("error", () => mode === "video" && say("The browser can't play this video."));

const keys = {
  c: () => $("camera").click(), o: () => $("open").click(), " ": () => $("pause").click(), b: () => $("bars").click(),
  t: () => document.querySelector("input[name=emotions]:not(:checked)").click(), ArrowLeft: () => turnTo(-1), ArrowRight: () => turnTo(1),
};
addEventListener("keydown", event => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target, isSpace = event.key === " ";
  // Keys of the focused element take precedence: text, lists and sliders, and Space, which presses buttons.
  if (on.closest("dialog, select, input[type=password], input[type=range]")) return;
  if (isSpace && on.closest("button, a, input, summary")) return;
  if (event.key.startsWith("Arrow") && on.closest("input[type=radio]")) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) { event.preventDefault(); act(); }
});
// Remove the focus after a click, so that Space pauses instead of clicking again.
addEventListener("click", event => {
  const label = event.target.closest("label"), on = label ? label.control : event.target.closest("button, a, summary");
  if (event.detail > 0 && on?.matches("button, a, summary, input[type=checkbox], input[type=radio]")) document.activeElement.blur();
});

for (const kind of ["dragover", "dragleave", "drop"])
  addEventListener(kind, event => {
    event.preventDefault();
    stage.classList.toggle("over", kind === "dragover");
    if (kind === "drop") openFiles(event.dataTransfer.files);
  });

timeline();
meet().catch(lost);
