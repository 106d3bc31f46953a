// Sends frames of a camera or a video, or photos, to the service and shows what it answers. Nothing is kept but the table that can be
// downloaded, and that only here in the page.

const $ = id => document.getElementById(id);
const [video, picture, overlay, stage] = [$("video"), $("picture"), $("overlay"), $("stage")];
const three = ["happy", "sad", "neutral"];
const longestSide = 640, maxInFlight = 2, maxRows = 200_000, maxStrips = 200, patience = 3000;
// Milliseconds: a picture that is older than its boxes by more is shown as it was sent; boxes fade when nothing new comes.
const lateFrom = 350, lateTo = 200, fadeFrom = 700, fadeTo = 1700;
// Seconds: a face missed for no longer was there, and where no frame came for longer nobody knows (as 'ferml timeline' draws it).
const longestBlink = 0.25, longestSilence = 1;

let colors = new Map(), labels = [];
let mode = "none";              // none, camera, video or photos
let isPaused = false, stream = null, socket = null, wantsSocket = false, retry = 1;
let number = 0, answered = 0, isGrabbing = false, sentAt = new Map(), lastAnswer = 0, isLate = false, isLost = false;
let faces = [], size = [0, 0];  // what was answered last, and the size of the picture it is about
let times = [], begun = 0;
let frames = [], rowCount = 0, strips = new Map(), before = -Infinity;   // what was seen, and the timeline of it
let isComplete = false;         // the table is that of a whole video: what is seen beyond that isn't added
let firstId = 0;                // what numbers of faces of this connection begin after
let wantsOne = false;           // one frame of a paused video, after it was sought
let photos = [], photo = 0, source = "";
let analysis = null;            // stops the analysis of a whole video
let run = 0;                    // counts starts and stops: what belongs to an earlier one has nothing to say any more
// What the page asks for is below its own address, also behind a proxy that serves it under a path.
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

/** The model that was chosen, as a part of addresses; nothing where none was. */
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
  // Each connection numbers its faces from 1.
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
  mine.onmessage = event => socket === mine && hear(JSON.parse(event.data));
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

function hear(answer) {
  const now = performance.now(), sent = sentAt.get(answer.frame);
  // Frames that were dropped are never answered; a later answer settles them.
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

/** On a busy machine answers come late: then the frame that was sent is shown, so that boxes and picture belong together. */
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

/** A frame as the service takes it: number, time in milliseconds, image. */
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
  // Space and Enter on the button that started it would stop it again.
  if (document.activeElement === $("camera")) $("pause").focus();
  clear();
  connect();
  pump(run);
}

async function startCamera(device) {
  stop();
  if (!navigator.mediaDevices?.getUserMedia) {
    say("Browsers give their camera only to pages over HTTPS, or on this machine. Start 'ferml serve' with --certificate, or open a photo.");
    return;
  }
  source = "camera";
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
  // Seen again, it is the same photo.
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

/** Boxes and labels, over the picture as large as it is shown. */
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

/** The same in any picture of that size. */
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

function keep(found, time, width, height, name) {
  // Who goes back in a video sees those frames again.
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

/** Extends each face's spans: times in which it showed one emotion. */
function follow(found, time) {
  for (const face of found) {
    const { label, confidence } = seen(face), spans = strips.get(face.id) ?? strips.set(face.id, []).get(face.id);
    const last = spans.at(-1), away = last ? time - last.to : Infinity;
    if (!last || away > longestSilence || last.to < before && away > longestBlink)
      spans.push({ from: time, to: time, label, sum: confidence, count: 1 });
    else if (last.label === label)
      Object.assign(last, { to: time, sum: last.sum + confidence, count: last.count + 1 });
    else {
      // It changed somewhere between two frames; the strip has no hole there.
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

/** A strip for each face, colored by emotion, paler where it is less sure, from the beginning to now. */
function timeline() {
  const canvas = $("timeline"), dense = devicePixelRatio || 1, width = $("strips").clientWidth;
  const height = Math.max($("strips").clientHeight, Math.min(strips.size, maxStrips) * 24 + 20);
  canvas.style.height = `${height}px`;
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(height * dense);
  const context = canvas.getContext("2d");
  context.scale(dense, dense);
  chart(context, width, height);
}
setInterval(() => mode !== "none" && timeline(), 500);

function chart(context, width, height) {
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

/** As it is saved, a frame for each: emotions as they are shown now. What 'ferml analyze' writes has the same names. */
const saved = () => frames.map(({ frame, time, name, width, height, faces }) => ({
  frame, time: Number(time.toFixed(3)), name, width, height,
  faces: faces.map(face => {
    const { scores, label, confidence } = seen(face);
    return { id: face.id, box: face.box, faceScore: face.faceScore, roll: face.roll, label, confidence, scores: Object.fromEntries(scores) };
  }),
}));

const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
// A name that begins like a formula is text to spreadsheets too.
const cell = value => typeof value === "string" ? quoted(/^[=+\-@\t]/.test(value) ? `'${value}` : value) : String(value);

$("csv").onclick = () => download("ferml.csv", "text/csv", [
  ["time", "frame", "file", "face", "x", "y", "width", "height", "face_score", "roll", "label", "confidence", ...shownLabels()],
  ...saved().flatMap(one => one.faces.map(face => [one.time, one.frame, one.name, face.id, ...face.box, face.faceScore, face.roll,
    face.label, face.confidence, ...Object.values(face.scores)])),
].map(row => row.map(cell).join(",")).join("\n") + "\n");
$("json").onclick = () => download("ferml.jsonl", "application/jsonl", saved().map(one => JSON.stringify(one) + "\n").join(""));
$("clear").onclick = clear;
$("image").onclick = () => {
  const canvas = document.createElement("canvas"), named = shownLabels(), [width, rows] = [960, Math.min(strips.size, maxStrips) * 24 + 24];
  [canvas.width, canvas.height] = [width, rows + 30];
  const context = canvas.getContext("2d");
  context.fillStyle = getComputedStyle($("past")).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  chart(context, width, rows);
  named.forEach((label, i) => {
    context.fillStyle = colorOf(label);
    context.fillRect(34 + i * 110, rows + 8, 12, 12);
    context.fillStyle = getComputedStyle(document.body).color;
    context.fillText(label, 52 + i * 110, rows + 14);
  });
  canvas.toBlob(image => downloadBlob("ferml-timeline.png", image));
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

// --- hands -------------------------------------------------------------------------------------------------------------------------

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
  // What is shown is another frame's.
  picture.hidden = true;
  show([], ...size);
  if (!isPaused) { pauseShows("Pause"); say(null); video.play(); }
};
video.addEventListener("seeked", () => wantsOne = mode === "video" && isPaused && !analysis);
$("seek").onpointerup = () => $("seek").blur();

// --- a whole video -----------------------------------------------------------------------------------------------------------------

$("analyze").onclick = () => analysis ? analysis.abort() : analyze();

/** Stops what analyzes, and gives the controls back. */
function endAnalysis() {
  analysis?.abort();
  analysis = null;
  $("analyze").textContent = "Analyze the whole video";
  [$("pause").disabled, $("seek").disabled, $("model").disabled] = [false, false, false];
}

/** Sends every frame of the video, one after the other, faster or slower than it plays. */
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
    // A connection of its own, so that faces are numbered from 1.
    line = open();
    await happened(line, "open", signal);
    const length = await lengthOfVideo(signal), step = await frameStep(signal);
    for (; (count + 0.5) * step < length && !isFull(); count++) {
      // The middle of a frame: its ends are rounded differently by different browsers.
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
  // Another source has begun, and has the controls already.
  if (mine !== run || analysis !== stopping) return;
  isComplete = !signal.aborted;
  const isWhole = isComplete && !problem;
  endAnalysis();
  isPaused = true;
  pauseShows("Resume");
  timeline();
  say(problem ?? (!isWhole ? null : `All ${count} frames are analyzed${missed ? `, but ${missed} that the service couldn't take` : ""}: `
    + "download the table, or save the timeline."), !problem);
  connect();
}

/** Sends a frame until it is answered by more than that the service is busy. */
async function ask(line, number, milliseconds, image, signal) {
  for (let tries = 0; ; tries++) {
    const heard = happened(line, "message", signal);
    line.send(message(number + 1, milliseconds, image));
    const answer = JSON.parse((await heard).data);
    if (!answer.error || tries === 5) return answer;
    await new Promise(done => setTimeout(done, 300));
  }
}

/** Recordings of browsers don't say how long they are until their end was sought. */
async function lengthOfVideo(signal) {
  if (Number.isFinite(video.duration)) return video.duration;
  const seeked = happened(video, "seeked", signal);
  video.currentTime = 1e9;
  await seeked;
  const length = Number.isFinite(video.duration) ? video.duration : video.currentTime;
  if (!(length > 0 && length < 1e8)) throw new Error("the video doesn't say how long it is");
  return length;
}

const happened = (target, what, signal) => new Promise((done, failed) => {
  const over = () => failed(new Error("the connection or the video ended"));
  if (signal.aborted || target instanceof WebSocket && target.readyState > WebSocket.OPEN) { over(); return; }
  target.addEventListener(what, done, { once: true });
  signal.addEventListener("abort", over, { once: true });
  for (const wrong of ["error", "close"]) target.addEventListener(wrong, over, { once: true });
});

/** Seconds from frame to frame, seen while a few are played; 1/30 where the browser doesn't say. */
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
  // Some frames the browser leaves out: how many lie between two is an integer, and the mean is finer than the file's clock.
  const about = steps[Math.floor(steps.length / 4)], count = steps.reduce((sum, one) => sum + Math.round(one / about), 0);
  return Math.max(1 / 120, Math.min(1, steps.reduce((sum, one) => sum + one) / count));
}

// --- choices -----------------------------------------------------------------------------------------------------------------------

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
  // The connection has one model; another begins.
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
  // What the focused element does with the key comes first: text, lists and sliders; and Space, which presses buttons.
  if (on.closest("dialog, select, input[type=password], input[type=range]")) return;
  if (isSpace && on.closest("button, a, input, summary")) return;
  if (event.key.startsWith("Arrow") && on.closest("input[type=radio]")) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) { event.preventDefault(); act(); }
});
// A click leaves the focus on what was clicked; Space is to pause then, and not to click it again.
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
