// A canvas that is as wide as its place, sharp on every screen, and in the colours of the page.

/** The page's colours by name, as they are now: light or dark. */
export function pageColours(names) {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Makes the canvas fit its place; returns what to draw with, in CSS pixels. */
export function fitted(canvas, height) {
  const width = canvas.parentElement.clientWidth;
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.textBaseline = "middle";
  return { pen, width };
}

/** Draws again when the place or the colours change. */
export function keepDrawn(canvas, draw) {
  new ResizeObserver(draw).observe(canvas.parentElement);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/** The text cut to a width, with an ellipsis where something is gone. */
export function cut(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  const room = Math.floor((text.length * width) / pen.measureText(text).width) - 1;
  return room < 2 ? "" : `${text.slice(0, room)}…`;
}
