// The flame graph: callers above, what they called below, as wide as its time; by clock, searchable, zoomable.

import { cut, fitted, keepDrawn, pageColours } from "./canvas.js";
import { shareText, timeText } from "./data.js";

const ROW = 18;
const THINNEST = 0.6;
const NARROWEST = 3;

/** Times of a tree for the chosen clocks: each frame with all below it, callers standing before what they call. */
export function totalsOf(tree, clocks) {
  const total = new Float64Array(tree.parent.length);
  for (const clock of clocks) tree.seconds[clock].forEach((one, row) => (total[row] += one));
  for (let row = total.length - 1; row >= 0; row--) {
    if (tree.parent[row] >= 0) total[tree.parent[row]] += total[row];
  }
  return total;
}

/** Left edge, width and depth of every frame that has time, below ``top`` (-1 for all); parts of 1. */
export function laidOut(tree, total, top) {
  const count = total.length;
  const children = Array.from({ length: count + 1 }, () => []);
  for (let row = 0; row < count; row++) if (total[row] > 0) children[tree.parent[row] + 1].push(row);
  for (const rows of children) rows.sort((one, other) => total[other] - total[one] || one - other);
  const whole = top < 0 ? children[0].reduce((sum, row) => sum + total[row], 0) : total[top];
  const boxes = [];
  const waiting = [];
  const place = (rows, start, depth) => {
    let left = start;
    for (const row of rows) {
      waiting.push([row, left, depth]);
      left += total[row] / whole;
    }
  };
  place(top < 0 ? children[0] : [top], 0, 0);
  while (waiting.length) {
    const [row, left, depth] = waiting.pop();
    boxes.push({ row, left, width: total[row] / whole, depth });
    place(children[row + 1], left, depth + 1);
  }
  return { boxes, whole };
}

/** How many rows hold a frame that is wide enough to be pointed at; a deep sliver would leave the rest of its rows empty. */
export function rowsToShow(boxes, width) {
  return boxes.reduce((most, box) => (box.width * width >= NARROWEST ? Math.max(most, box.depth + 1) : most), 1);
}

/** Rows whose function or file holds the words, whatever their case; null where nothing is sought. */
export function found(tree, words) {
  const wanted = words.trim().toLowerCase();
  if (!wanted) return null;
  const texts = [...tree.functions.map((name) => name.toLowerCase())];
  const files = [...tree.files.map((name) => name.toLowerCase())];
  return tree.function.map((name, row) => texts[name].includes(wanted) || files[tree.file[row]].includes(wanted));
}

/** Time in frames that were found, each second once: what lies below one that counts is not counted again. */
export function timeFound(tree, total, hits) {
  const inside = new Uint8Array(total.length);
  let sum = 0;
  for (let row = 0; row < total.length; row++) {
    const above = tree.parent[row] >= 0 && inside[tree.parent[row]];
    if (hits[row] && !above) sum += total[row];
    inside[row] = above || hits[row] ? 1 : 0;
  }
  return sum;
}

/** Shows the tree in the section that holds the picture and its controls. */
export function showFlame(section, profile) {
  const [canvas, clock, search, all, words] = ["canvas", "select", "input", "button", "output"].map((name) =>
    section.querySelector(name),
  );
  const tree = profile.stacks;
  const used = tree.seconds.map((_, number) => number);
  const byClock = used.map((number) => totalsOf(tree, [number]));
  const state = { top: -1, hover: -1, hits: null, boxes: [], whole: 0, hidden: 0, total: null };

  const lay = () => {
    state.total = clock.value === "all" ? totalsOf(tree, used) : byClock[Number(clock.value)];
    if (state.top >= 0 && !(state.total[state.top] > 0)) state.top = -1;
    Object.assign(state, laidOut(tree, state.total, state.top));
    draw();
    say();
  };
  const draw = () => {
    const colours = pageColours([...tree.clocks.map((one) => one.id), "text", "quiet", "ground", "card", "line"]);
    const depth = rowsToShow(state.boxes, canvas.parentElement.clientWidth);
    const { pen, width } = fitted(canvas, depth * ROW);
    pen.font = "12px ui-monospace, monospace";
    state.hidden = 0;
    for (const box of state.boxes) {
      if (box.depth >= depth) state.hidden += 1;
      else drawBox(pen, width, box, state, tree, byClock, colours, clock.value);
    }
  };
  const say = () => {
    words.textContent = state.hover >= 0 ? frameWords(tree, state, byClock) : restWords(tree, state);
  };
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    const [x, depth] = [(event.clientX - frame.left) / frame.width, Math.floor((event.clientY - frame.top) / ROW)];
    return state.boxes.find((box) => box.depth === depth && x >= box.left && x < box.left + box.width)?.row ?? -1;
  };
  const zoom = (row) => {
    state.top = row === state.top ? tree.parent[row] : row;
    lay();
  };
  canvas.addEventListener("mousemove", (event) => {
    const row = at(event);
    if (row !== state.hover) [state.hover] = [row, draw(), say()];
    if (row !== -1) say();
  });
  canvas.addEventListener("mouseleave", () => ((state.hover = -1), say()));
  canvas.addEventListener("click", (event) => {
    const row = at(event);
    if (row >= 0) zoom(row);
  });
  section.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all.click();
  });
  all.addEventListener("click", () => ((state.top = -1), (search.value = ""), (state.hits = null), lay()));
  clock.addEventListener("change", lay);
  search.addEventListener("input", () => ((state.hits = found(tree, search.value)), draw(), say()));
  keepDrawn(canvas, draw);
  lay();
}

function drawBox(pen, width, box, state, tree, byClock, colours, chosen) {
  const [left, wide, top] = [box.left * width, box.width * width, box.depth * ROW];
  if (wide < THINNEST) {
    // thinner than the eye sees: a stroke of the line's colour, so that it is not gone
    pen.fillStyle = colours.quiet;
    pen.globalAlpha = 0.5;
    pen.fillRect(left, top, Math.max(wide, 0.3), ROW - 1);
    pen.globalAlpha = 1;
    return;
  }
  pen.globalAlpha = state.hits && !state.hits[box.row] ? 0.18 : 0.55 + 0.4 * shade(tree.file[box.row]);
  pen.fillStyle = colours[tree.clocks[chosen === "all" ? dominant(byClock, box.row) : Number(chosen)].id];
  pen.fillRect(left, top, Math.max(wide - 1, THINNEST), ROW - 1);
  pen.globalAlpha = 1;
  if (wide > 24) {
    pen.fillStyle = colours.text;
    pen.fillText(cut(pen, tree.functions[tree.function[box.row]], wide - 8), left + 4, top + ROW / 2);
  }
}

/** A number from 0 to 1 that is the same for the same file. */
function shade(number) {
  return ((number * 2654435761) % 4294967296) / 4294967296;
}

function dominant(byClock, row) {
  let most = 0;
  byClock.forEach((total, clock) => (most = total[row] > byClock[most][row] ? clock : most));
  return most;
}

function frameWords(tree, state, byClock) {
  const row = state.hover;
  const file = tree.files[tree.file[row]];
  const parts = byClock
    .map((total, clock) => [total[row], tree.clocks[clock].words])
    .filter(([seconds]) => seconds > 0)
    .sort((one, other) => other[0] - one[0])
    .map(([seconds, name]) => `${timeText(seconds)} ${name}`);
  const name = tree.functions[tree.function[row]];
  const share = `${timeText(state.total[row])}, ${shareText(state.total[row], state.whole)} of what is shown`;
  return `${name}${file ? ` (${file})` : ""}: ${share}; ${parts.join(", ")}`;
}

function restWords(tree, state) {
  if (state.hits) {
    const sum = timeFound(tree, state.total, state.hits);
    const all = tree.parent.reduce((whole, above, row) => (above < 0 ? whole + state.total[row] : whole), 0);
    return `found: ${timeText(sum)}, ${shareText(sum, all)} of the time`;
  }
  const shown = `${timeText(state.whole)} of all threads together`;
  const below = state.hidden ? ` ${state.hidden} narrow frames further down are not shown: click one above them.` : "";
  return `${shown}${state.top < 0 ? ". Click a frame to see it alone." : ", below one frame. Escape shows all."}${below}`;
}
