// Threads over time: a row each, every stretch filled from below with its clocks in proportion.

import { cut, fitted, keepDrawn, pageColours } from "./canvas.js";
import { timeText } from "./data.js";

const ROW = 22;
const AXIS = 20;

/** Shows the threads in the section that holds the picture. */
export function showTimeline(section, profile) {
  const [canvas, words] = [section.querySelector("canvas"), section.querySelector("output")];
  const { clocks, threads, stretches, wall_s: wall } = profile.timeline;
  const resting = words.textContent;
  let edge = 0;
  const draw = () => {
    const colours = pageColours([...clocks.map((one) => one.id), "text", "quiet", "line"]);
    const { pen, width } = fitted(canvas, threads.length * ROW + AXIS);
    edge = Math.min(190, width * 0.3);
    const step = (width - edge) / stretches;
    pen.font = "12px system-ui, sans-serif";
    threads.forEach((thread, number) => {
      pen.fillStyle = colours.quiet;
      pen.fillText(cut(pen, thread.name, edge - 10), 0, number * ROW + ROW / 2);
      drawThread(pen, thread, number, { edge, step, clocks, colours, stretches });
    });
    drawAxis(pen, wall, { edge, width, top: threads.length * ROW, colours });
  };
  canvas.addEventListener("mousemove", (event) => {
    const frame = canvas.getBoundingClientRect();
    const thread = threads[Math.floor((event.clientY - frame.top) / ROW)];
    const stretch = Math.floor(((event.clientX - frame.left - edge) / (frame.width - edge)) * stretches);
    const inside = thread && stretch >= 0 && stretch < stretches;
    words.textContent = inside ? stretchWords(thread, stretch, clocks, wall / stretches) : resting;
  });
  canvas.addEventListener("mouseleave", () => (words.textContent = resting));
  keepDrawn(canvas, draw);
  draw();
}

function drawThread(pen, thread, number, { edge, step, clocks, colours, stretches }) {
  const height = ROW - 4;
  const bottom = number * ROW + 2 + height;
  pen.fillStyle = colours.line;
  pen.fillRect(edge, bottom, stretches * step, 1);
  const filled = new Float32Array(stretches);
  clocks.forEach((clock, index) => {
    const shares = thread.shares[index];
    if (!shares) return;
    pen.fillStyle = colours[clock.id];
    // neighbours of the same height are one rectangle
    for (let first = 0, last; first < stretches; first = last) {
      for (last = first + 1; last < stretches && same(shares, filled, first, last); last++);
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

function drawAxis(pen, wall, { edge, width, top, colours }) {
  const power = 10 ** Math.floor(Math.log10(wall / 4));
  const tick = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => wall / one <= 6);
  pen.fillStyle = colours.quiet;
  for (let at = 0; at <= wall * 1.0001; at += tick) {
    const left = edge + (at / wall) * (width - edge);
    pen.fillRect(Math.min(left, width - 1), top, 1, 4);
    const text = at ? timeText(at) : "0";
    const wide = pen.measureText(text).width;
    pen.fillText(text, Math.min(Math.max(left - wide / 2, edge), width - wide), top + 13);
  }
}

function stretchWords(thread, stretch, clocks, length) {
  const parts = clocks
    .map((clock, index) => [thread.shares[index]?.[stretch] ?? 0, clock.words])
    .filter(([share]) => share > 0)
    .sort((one, other) => other[0] - one[0])
    .map(([share, name]) => `${share} % ${name}`);
  return `${thread.name} at ${timeText(stretch * length)}: ${parts.join(", ") || "not there"}`;
}
