// Attention page by page with a running softmax; compiled once for each instruction set.
//
// Every row's result is the same whichever rows it is computed with: pages begin at multiples of 64 positions, and what
// a row does not see adds zeros.
#pragma once

#include "loops.h"

namespace assay::decoding {
namespace {

constexpr int TILE_ROWS = 6;

// Of our own, since a compiler may share the library's among files for different instruction sets.
inline std::int64_t smaller(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
inline std::int64_t larger(std::int64_t a, std::int64_t b) { return a > b ? a : b; }
inline void fill(float* to, std::int64_t count, float value) {
  for (std::int64_t i = 0; i < count; ++i) {
    to[i] = value;
  }
}

// c = (c +) a b: a is rows x depth, b depth x columns. b has 16 columns beside each other, and 16 others b_block
// further.
struct Product {
  const float* a;
  std::int64_t a_row;
  const float* b;
  std::int64_t b_row;
  std::int64_t b_block;
  std::int64_t depth;
  float* c;
  std::int64_t c_row;
  bool add;
};

template <class Lanes, int ROWS, int VECTORS>
inline void multiply_tile(const Product& product) {
  V<Lanes> sum[ROWS][VECTORS];
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < VECTORS; ++j) {
      sum[i][j] = product.add ? load<Lanes>(product.c + i * product.c_row + j * Lanes::WIDTH) : V<Lanes>{};
    }
  }
  const float* b = product.b;
  for (std::int64_t k = 0; k < product.depth; ++k, b += product.b_row) {
    V<Lanes> right[VECTORS];
    for (int j = 0; j < VECTORS; ++j) {
      right[j] = load<Lanes>(b + j * Lanes::WIDTH / 16 * product.b_block + j * Lanes::WIDTH % 16);
    }
    for (int i = 0; i < ROWS; ++i) {
      const V<Lanes> left = spread<Lanes>(product.a[i * product.a_row + k]);
      for (int j = 0; j < VECTORS; ++j) {
        sum[i][j] = Lanes::fma(left, right[j], sum[i][j]);
      }
    }
  }
  for (int i = 0; i < ROWS; ++i) {
    for (int j = 0; j < VECTORS; ++j) {
      store<Lanes>(product.c + i * product.c_row + j * Lanes::WIDTH, sum[i][j]);
    }
  }
}

template <class Lanes, int ROWS>
void multiply_columns(Product product, std::int64_t columns) {
  constexpr int WIDE = Lanes::TILE_VECTORS;
  constexpr int NARROW = 16 / Lanes::WIDTH;
  while (columns >= WIDE * Lanes::WIDTH) {
    multiply_tile<Lanes, ROWS, WIDE>(product);
    product.b += WIDE * Lanes::WIDTH / 16 * product.b_block;
    product.c += WIDE * Lanes::WIDTH;
    columns -= WIDE * Lanes::WIDTH;
  }
  for (; columns > 0; columns -= 16) {
    multiply_tile<Lanes, ROWS, NARROW>(product);
    product.b += product.b_block;
    product.c += 16;
  }
}

// `columns` is a multiple of 16.
template <class Lanes>
void multiply(Product product, std::int64_t rows, std::int64_t columns) {
  using Multiply = void (*)(Product, std::int64_t);
  static constexpr Multiply OF_ROWS[TILE_ROWS] = {multiply_columns<Lanes, 1>, multiply_columns<Lanes, 2>,
                                                  multiply_columns<Lanes, 3>, multiply_columns<Lanes, 4>,
                                                  multiply_columns<Lanes, 5>, multiply_columns<Lanes, 6>};
  while (rows > 0) {
    const std::int64_t count = smaller(rows, TILE_ROWS);
    OF_ROWS[count - 1](product, columns);
    product.a += count * product.a_row;
    product.c += count * product.c_row;
    rows -= count;
  }
}

// One row's running softmax: scores of a page become weights, and what was summed before is scaled.
struct Running {
  float most = -__builtin_inff();
  float total = 0.0F;
};

// What of a page a row sees.
struct Seen {
  std::int64_t begin;
  std::int64_t end;
};

inline Seen seen_of(const AttendCall& call, std::int64_t row, std::int64_t page) {
  const std::int64_t start = page * PAGE_POSITIONS;
  return {.begin = smaller(larger(call.first[row] - start, 0), PAGE_POSITIONS),
          .end = smaller(larger(call.end[row] - start, 0), PAGE_POSITIONS)};
}

inline void blind(float* scores, const Seen& seen, float value) {
  fill(scores, seen.begin, value);
  fill(scores + seen.end, PAGE_POSITIONS - seen.end, value);
}

template <class Lanes>
void weigh(float* scores, const Seen& seen, Running& running, float* sums, std::int64_t padded) {
  constexpr std::int64_t WIDTH = Lanes::WIDTH;
  const bool whole = seen.begin == 0 && seen.end == PAGE_POSITIONS;
  if (!whole) {
    blind(scores, seen, -__builtin_inff());
  }
  V<Lanes> most = load<Lanes>(scores);
  for (std::int64_t i = WIDTH; i < PAGE_POSITIONS; i += WIDTH) {
    const V<Lanes> values = load<Lanes>(scores + i);
    most = values > most ? values : most;
  }
  const float before = running.most;
  const float largest = Lanes::largest(most);
  running.most = before > largest ? before : largest;
  V<Lanes> total{};
  for (std::int64_t i = 0; i < PAGE_POSITIONS; i += WIDTH) {
    store<Lanes>(scores + i, exponential<Lanes>(load<Lanes>(scores + i) - running.most));
  }
  if (!whole) {
    blind(scores, seen, 0.0F);
  }
  for (std::int64_t i = 0; i < PAGE_POSITIONS; i += WIDTH) {
    total += load<Lanes>(scores + i);
  }
  const float scale = running.total == 0.0F ? 0.0F : __builtin_expf(before - running.most);
  running.total = running.total * scale + Lanes::sum(total);
  if (scale != 1.0F) {
    for (std::int64_t i = 0; i < padded; i += WIDTH) {
      store<Lanes>(sums + i, load<Lanes>(sums + i) * scale);
    }
  }
}

template <class Lanes>
void attend_page(const AttendCall& call, std::int64_t page, Running* running) {
  const std::int64_t padded = padded_head(call.head_dim);
  float* const scores = call.scratch + 2 * ATTEND_ROWS * padded;
  float* const sums = call.scratch + ATTEND_ROWS * padded;
  std::int64_t depth = 0;  // positions behind it are seen by no row, and may hold anything
  for (std::int64_t row = 0; row < call.rows; ++row) {
    depth = larger(depth, seen_of(call, row, page).end);
  }
  if (call.rows <= TILE_ROWS) {  // values come from memory while keys are multiplied
    for (std::int64_t i = 0; i < depth * padded; i += 16) {
      __builtin_prefetch(call.values[page] + i);
    }
  }
  multiply<Lanes>({.a = call.scratch,
                   .a_row = padded,
                   .b = call.keys[page],
                   .b_row = KEY_POSITIONS,
                   .b_block = call.head_dim * KEY_POSITIONS,
                   .depth = call.head_dim,
                   .c = scores,
                   .c_row = PAGE_POSITIONS,
                   .add = false},
                  call.rows, (depth + 15) / 16 * 16);
  for (std::int64_t row = 0; row < call.rows; ++row) {
    const Seen seen = seen_of(call, row, page);
    if (seen.begin < seen.end) {
      weigh<Lanes>(scores + row * PAGE_POSITIONS, seen, running[row], sums + row * padded, padded);
    } else {
      fill(scores + row * PAGE_POSITIONS, PAGE_POSITIONS, 0.0F);
    }
  }
  multiply<Lanes>({.a = scores,
                   .a_row = PAGE_POSITIONS,
                   .b = call.values[page],
                   .b_row = padded,
                   .b_block = 16,
                   .depth = depth,
                   .c = sums,
                   .c_row = padded,
                   .add = true},
                  call.rows, padded);
}

template <class Lanes>
void attend_rows(const AttendCall& call) {
  const std::int64_t padded = padded_head(call.head_dim);
  Running running[ATTEND_ROWS];
  for (std::int64_t row = 0; row < call.rows; ++row) {
    for (std::int64_t d = 0; d < call.head_dim; ++d) {
      call.scratch[row * padded + d] = call.q[row][d] * call.scale;
    }
  }
  float* const sums = call.scratch + ATTEND_ROWS * padded;
  fill(sums, call.rows * padded, 0.0F);
  std::int64_t first = call.first[0];
  std::int64_t end = call.end[0];
  for (std::int64_t row = 1; row < call.rows; ++row) {
    first = smaller(first, call.first[row]);
    end = larger(end, call.end[row]);
  }
  for (std::int64_t page = first / PAGE_POSITIONS; page * PAGE_POSITIONS < end; ++page) {
    attend_page<Lanes>(call, page, running);
  }
  for (std::int64_t row = 0; row < call.rows; ++row) {
    const float factor = 1.0F / running[row].total;
    for (std::int64_t d = 0; d < call.head_dim; ++d) {
      call.out[row][d] = sums[row * padded + d] * factor;
    }
  }
}

}  // namespace
}  // namespace assay::decoding
