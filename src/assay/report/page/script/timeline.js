// Threads over time: a row each, every stretch filled from below with its clocks in proportion; can be zoomed and moved.

import { cut, fitted, keepDrawn, pageColours } from "./canvas.js";
import { timeText } from "./data.js";
import { between, parts, shifted, zoomed } from "./view.js";

const ROW = 22;
const AXIS = 20;
const STEP = 1.5;

/** Shows the threads in the section that holds the picture and its button. */
export function showTimeline(section, profile) {
  const [canvas, words, all] = ["canvas", "output", "button"].map((name) => section.querySelector(name));
  const { clocks, threads, stretches, wall_s: wall } = profile.timeline;
  const resting = words.textContent;
  const whole = { first: 0, last: stretches };
  const state = { view: whole, edge: 0, drag: null };

  const draw = () => {
    const colours = pageColours([...clocks.map((one) => one.id), "text", "quiet", "line", "ground"]);
    const { pen, width } = fitted(canvas, threads.length * ROW + AXIS);
    state.edge = Math.min(190, width * 0.3);
    const room = { edge: state.edge, width, view: state.view, clocks, colours };
    pen.font = "12px system-ui, sans-serif";
    threads.forEach((thread, number) => {
      pen.fillStyle = colours.quiet;
      pen.fillText(cut(pen, thread.name, state.edge - 10), 0, number * ROW + ROW / 2);
      drawThread(pen, thread, number, room);
    });
    drawAxis(pen, wall / stretches, threads.length * ROW, room);
    if (state.drag) drawChoice(pen, state.drag, threads.length * ROW, room);
    all.disabled = state.view.first === 0 && state.view.last === stretches;
  };
  const show = (view) => {
    state.view = view;
    draw();
  };
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    return (event.clientX - frame.left - state.edge) / (frame.width - state.edge);
  };
  const say = (event) => {
    const thread = threads[Math.floor((event.clientY - canvas.getBoundingClientRect().top) / ROW)];
    const stretch = Math.floor(state.view.first + at(event) * (state.view.last - state.view.first));
    const inside = thread && at(event) >= 0 && stretch >= 0 && stretch < stretches;
    words.textContent = inside ? stretchWords(thread, stretch, clocks, wall / stretches) : resting;
  };

  canvas.addEventListener("pointermove", (event) => {
    say(event);
    if (!state.drag) return;
    state.drag.to = Math.min(1, Math.max(0, at(event)));
    draw();
  });
  canvas.addEventListener("pointerleave", () => (words.textContent = resting));
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || at(event) < 0) return;
    canvas.setPointerCapture(event.pointerId);
    state.drag = { from: at(event), to: at(event) };
  });
  canvas.addEventListener("pointerup", () => {
    const { from, to } = state.drag ?? { from: 0, to: 0 };
    state.drag = null;
    show(between(state.view, from, to, stretches));
  });
  canvas.addEventListener("pointercancel", () => ((state.drag = null), draw()));
  canvas.addEventListener("dblclick", (event) => show(zoomed(state.view, 2, Math.max(0, at(event)), stretches)));
  canvas.addEventListener("wheel", (event) => {
    // a wheel scrolls the page, unless the picture was asked for it
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) show(shifted(state.view, Math.sign(event.deltaX) * 0.1, stretches));
    else show(zoomed(state.view, event.deltaY < 0 ? STEP : 1 / STEP, Math.min(1, Math.max(0, at(event))), stretches));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const steps = {
      "+": () => zoomed(state.view, STEP, 0.5, stretches),
      "=": () => zoomed(state.view, STEP, 0.5, stretches),
      "-": () => zoomed(state.view, 1 / STEP, 0.5, stretches),
      ArrowLeft: () => shifted(state.view, -0.2, stretches),
      ArrowRight: () => shifted(state.view, 0.2, stretches),
      Home: () => shifted(state.view, -Infinity, stretches),
      End: () => shifted(state.view, Infinity, stretches),
      Escape: () => whole,
    };
    if (!steps[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(steps[event.key]());
  });
  all.addEventListener("click", () => show(whole));
  keepDrawn(canvas, draw);
  draw();
}

function drawThread(pen, thread, number, { edge, width, view, clocks, colours }) {
  const height = ROW - 4;
  const bottom = number * ROW + 2 + height;
  pen.fillStyle = colours.line;
  pen.fillRect(edge, bottom, width - edge, 1);
  let filled = null;
  clocks.forEach((clock, index) => {
    if (!thread.shares[index]) return;
    const shares = parts(thread.shares[index], view, width - edge);
    const step = (width - edge) / shares.length;
    filled ??= new Float32Array(shares.length);
    pen.fillStyle = colours[clock.id];
    // neighbours of the same height are one rectangle
    for (let first = 0, last; first < shares.length; first = last) {
      for (last = first + 1; last < shares.length && same(shares, filled, first, last); last++);
      const part = Math.min(shares[first], 100 - filled[first]);
      if (part > 0) {
        const tall = (part * height) / 100;
        pen.fillRect(edge + first * step, bottom - (filled[first] * height) / 100 - tall, (last - first) * step + 0.3, tall);
      }
      for (let one = first; one < last; one++) filled[one] += part;
    }
  });
}

function same(shares, filled, one, other) {
  return shares[one] === shares[other] && filled[one] === filled[other];
}

function drawAxis(pen, length, top, { edge, width, view, colours }) {
  const [start, span] = [view.first * length, (view.last - view.first) * length];
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const tick = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => span / one <= 6);
  pen.fillStyle = colours.quiet;
  for (let at = Math.ceil(start / tick - 1e-9) * tick; at <= (start + span) * 1.0001; at += tick) {
    const left = edge + ((at - start) / span) * (width - edge);
    pen.fillRect(Math.min(left, width - 1), top, 1, 4);
    const text = at > tick / 2 ? timeText(at) : "0";
    const wide = pen.measureText(text).width;
    pen.fillText(text, Math.min(Math.max(left - wide / 2, edge), width - wide), top + 13);
  }
}

function drawChoice(pen, { from, to }, height, { edge, width, colours }) {
  const [left, right] = [Math.min(from, to), Math.max(from, to)].map((one) => edge + one * (width - edge));
  pen.globalAlpha = 0.25;
  pen.fillStyle = colours.text;
  pen.fillRect(left, 0, right - left, height);
  pen.globalAlpha = 1;
}

function stretchWords(thread, stretch, clocks, length) {
  const shares = clocks
    .map((clock, index) => [thread.shares[index]?.[stretch] ?? 0, clock.words])
    .filter(([share]) => share > 0)
    .sort((one, other) => other[0] - one[0])
    .map(([share, name]) => `${share} % ${name}`);
  return `${thread.name} at ${timeText(stretch * length)}: ${shares.join(", ") || "not there"}`;
}
