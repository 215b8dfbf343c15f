// The loops of one rung. Before it is included, the rung defines `Vector<R>` with `Type`, `fma` and nothing else.
#pragma once

#include "../linalg/lines.h"
#include "assay/kernels/registry.h"

namespace assay::linalg {
namespace {

template <class R>
using V = typename Vector<R>::Type;
template <class R>
inline constexpr std::int64_t LANES = sizeof(V<R>) / sizeof(R);

template <class R>
V<R> load(const R* from) {
  V<R> values;
  __builtin_memcpy(&values, from, sizeof values);
  return values;
}

template <class R>
void store(R* to, V<R> values) {
  __builtin_memcpy(to, &values, sizeof values);
}

template <class R>
V<R> all(R value) {
  return value - V<R>{};
}

template <class R>
V<R> fma(V<R> a, V<R> b, V<R> c) {
  return Vector<R>::fma(a, b, c);
}

template <class R>
R total(V<R> sums) {
  R sum = 0;
  for (std::int64_t i = 0; i < LANES<R>; ++i) {
    sum += sums[i];
  }
  return sum;
}

// Four sums, since one addition waits for the one before it. `term(i)` changes what it likes and gives both factors.
template <class R, class Wide, class Narrow>
[[gnu::always_inline]] inline R summed(std::int64_t count, const Wide& wide, const Narrow& narrow) {
  V<R> sums[4] = {};
  std::int64_t i = 0;
  for (; i + 4 * LANES<R> <= count; i += 4 * LANES<R>) {
#pragma GCC unroll 4
    for (std::int64_t part = 0; part < 4; ++part) {
      wide(i + part * LANES<R>, sums[part]);
    }
  }
  for (; i + LANES<R> <= count; i += LANES<R>) {
    wide(i, sums[0]);
  }
  R sum = total<R>((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; i < count; ++i) {
    narrow(i, sum);
  }
  return sum;
}

template <class R>
R inner(const R* x, const R* y, std::int64_t count) {
  return summed<R>(
      count, [=](std::int64_t i, V<R>& sum) { sum = fma<R>(load(x + i), load(y + i), sum); },
      [=](std::int64_t i, R& sum) { sum += x[i] * y[i]; });
}

template <class R>
void add(R* y, R factor, const R* x, std::int64_t count) {
  std::int64_t i = 0;
  for (; i + LANES<R> <= count; i += LANES<R>) {
    store(y + i, fma<R>(all(factor), load(x + i), load(y + i)));
  }
  for (; i < count; ++i) {
    y[i] += factor * x[i];
  }
}

template <class R>
R add_inner(R* row, R a, const R* x, const R* z, std::int64_t count) {
  return summed<R>(
      count,
      [=](std::int64_t i, V<R>& sum) {
        const V<R> moved = fma<R>(all(a), load(x + i), load(row + i));
        store(row + i, moved);
        sum = fma<R>(moved, load(z + i), sum);
      },
      [=](std::int64_t i, R& sum) {
        row[i] += a * x[i];
        sum += row[i] * z[i];
      });
}

template <class R>
R add_two_inner(R* row, R a, const R* x, R b, const R* y, const R* z, std::int64_t count) {
  return summed<R>(
      count,
      [=](std::int64_t i, V<R>& sum) {
        const V<R> moved = fma<R>(all(b), load(y + i), fma<R>(all(a), load(x + i), load(row + i)));
        store(row + i, moved);
        sum = fma<R>(moved, load(z + i), sum);
      },
      [=](std::int64_t i, R& sum) {
        row[i] += a * x[i] + b * y[i];
        sum += row[i] * z[i];
      });
}

template <class R>
void add_add(R* row, R a, const R* x, R factor, R* sums, std::int64_t count) {
  std::int64_t i = 0;
  for (; i + LANES<R> <= count; i += LANES<R>) {
    const V<R> moved = fma<R>(all(a), load(x + i), load(row + i));
    store(row + i, moved);
    store(sums + i, fma<R>(all(factor), moved, load(sums + i)));
  }
  for (; i < count; ++i) {
    row[i] += a * x[i];
    sums[i] += factor * row[i];
  }
}

// WIDTH vectors of every row.
template <class R, int WIDTH>
void turn_strip(R* rows, std::int64_t stride, const Rotation<R>* rotations, std::int64_t count) {
  if (count == 0) {
    return;
  }
  V<R> carried[WIDTH];
  std::int64_t row = rotations[0].from;
  const auto move = [&](auto&& each) {
#pragma GCC unroll 8
    for (int part = 0; part < WIDTH; ++part) {
      each(part, rows + row * stride + part * LANES<R>);
    }
  };
  move([&](int part, R* at) { carried[part] = load(at); });
  for (std::int64_t i = 0; i < count; ++i) {
    const Rotation<R>& rotation = rotations[i];
    if (rotation.from != row) {
      move([&](int part, R* at) { store(at, carried[part]); });
      row = rotation.from;
      move([&](int part, R* at) { carried[part] = load(at); });
    }
    const V<R> cosine = all(rotation.cosine);
    const V<R> sine = all(rotation.sine);
    const std::int64_t distance = (rotation.to - row) * stride;
    move([&](int part, R* at) {
      const V<R> other = load(at + distance);
      store(at, fma<R>(sine, other, cosine * carried[part]));
      carried[part] = fma<R>(-sine, carried[part], cosine * other);
    });
    row = rotation.to;
  }
  move([&](int part, R* at) { store(at, carried[part]); });
}

template <class R>
void turn(R* rows, std::int64_t stride, std::int64_t columns, const Rotation<R>* rotations, std::int64_t count) {
  constexpr int WIDTH = 8;
  std::int64_t column = 0;
  for (; column + WIDTH * LANES<R> <= columns; column += WIDTH * LANES<R>) {
    turn_strip<R, WIDTH>(rows + column, stride, rotations, count);
  }
  for (; column + LANES<R> <= columns; column += LANES<R>) {
    turn_strip<R, 1>(rows + column, stride, rotations, count);
  }
  for (std::int64_t i = 0; column < columns && i < count; ++i) {
    const auto [from, to, cosine, sine] = rotations[i];
    for (std::int64_t j = column; j < columns; ++j) {
      R& first = rows[from * stride + j];
      R& second = rows[to * stride + j];
      const R was = first;
      first = cosine * was + sine * second;
      second = cosine * second - sine * was;
    }
  }
}

template <class R>
constexpr Lines<R> LINES = {&inner<R>, &add<R>, &add_inner<R>, &add_two_inner<R>, &add_add<R>, &turn<R>};

constexpr AllLines ALL_LINES = {LINES<float>, LINES<double>};

const AllLines* lines_table() { return &ALL_LINES; }

}  // namespace
}  // namespace assay::linalg
