// The profile that lies in the page: gzip, base64, columns in JSON.

/** Reads the columns out of a template element. */
export async function readProfile(template) {
  const packed = Uint8Array.from(atob(template.content.textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** A time with three significant digits and the unit that keeps it short. */
export function timeText(seconds) {
  const steps = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"]];
  const [factor, unit] = steps.find(([size]) => seconds >= size) ?? steps[2];
  return `${Number((seconds / factor).toPrecision(3))} ${unit}`;
}

/** A share as per cent. */
export function shareText(part, whole) {
  const share = whole > 0 ? (100 * part) / whole : 0;
  return share > 0 && share < 1 ? "< 1 %" : `${Math.round(share)} %`;
}
