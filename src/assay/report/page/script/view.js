// The part of a row of stretches that is shown: from one edge to another, in stretches.

const LEAST = 5;

/** The view made narrower (factor above 1) or wider around a place in it, from 0 to 1; never beyond the whole. */
export function zoomed(view, factor, at, whole) {
  const length = Math.min(whole, Math.max(Math.min(LEAST, whole), (view.last - view.first) / factor));
  const fixed = view.first + at * (view.last - view.first);
  return placed(fixed - at * length, length, whole);
}

/** The view moved by a part of its length. */
export function shifted(view, by, whole) {
  const length = view.last - view.first;
  return placed(view.first + by * length, length, whole);
}

/** The view between two places in it, from 0 to 1, whichever comes first. */
export function between(view, one, other, whole) {
  const [left, right] = [Math.min(one, other), Math.max(one, other)];
  if (right - left < 0.005) return view;
  return zoomed({ first: view.first + left * (view.last - view.first), last: view.first + right * (view.last - view.first) }, 1, 0.5, whole);
}

/** Means of the shares in so many equal parts of the view; one part never holds less than a stretch. */
export function parts(shares, view, most) {
  const count = Math.max(1, Math.min(Math.round(most), Math.ceil(view.last) - Math.floor(view.first)));
  const step = (view.last - view.first) / count;
  return Float32Array.from({ length: count }, (_, number) => mean(shares, view.first + number * step, view.first + (number + 1) * step));
}

function mean(shares, from, to) {
  let sum = 0;
  for (let one = Math.floor(from); one < to && one < shares.length; one++) {
    sum += shares[one] * (Math.min(to, one + 1) - Math.max(from, one));
  }
  return sum / (to - from);
}

function placed(first, length, whole) {
  const start = Math.min(Math.max(0, first), whole - length);
  return { first: start, last: start + length };
}
