// Loops over adjacent real numbers, which the rungs in ../linalg_fast register.
#pragma once

#include <cstdint>

namespace assay::linalg {

// Row `from` becomes cosine from + sine to, row `to` becomes cosine to - sine from.
template <class R>
struct Rotation {
  std::int64_t from;
  std::int64_t to;
  R cosine;
  R sine;
};

template <class R>
struct Lines {
  // The sum of x y.
  R (*inner)(const R* x, const R* y, std::int64_t count);
  // y += factor x
  void (*add)(R* y, R factor, const R* x, std::int64_t count);
  // row += a x, and then the sum of row z
  R (*add_inner)(R* row, R a, const R* x, const R* z, std::int64_t count);
  // row += a x + b y, and then the sum of row z
  R (*add_two_inner)(R* row, R a, const R* x, R b, const R* y, const R* z, std::int64_t count);
  // row += a x, and then sums += factor row
  void (*add_add)(R* row, R a, const R* x, R factor, R* sums, std::int64_t count);
  // So many rotations, one after another, of the first `columns` numbers of rows that are `stride` apart. A row that
  // the next rotation begins with stays in registers.
  void (*turn)(R* rows, std::int64_t stride, std::int64_t columns, const Rotation<R>* rotations, std::int64_t count);
};

struct AllLines {
  Lines<float> f32;
  Lines<double> f64;
};

using LinesTable = const AllLines* (*)();

}  // namespace assay::linalg
