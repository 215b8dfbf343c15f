#include <immintrin.h>

namespace assay::linalg {
namespace {

template <class R>
struct Vector;

template <>
struct Vector<float> {
  using Type [[gnu::vector_size(32)]] = float;
  static Type fma(Type a, Type b, Type c) { return _mm256_fmadd_ps(a, b, c); }
};

template <>
struct Vector<double> {
  using Type [[gnu::vector_size(32)]] = double;
  static Type fma(Type a, Type b, Type c) { return _mm256_fmadd_pd(a, b, c); }
};

}  // namespace
}  // namespace assay::linalg

// Above comes what a vector of this rung is.
#include "loops.h"

namespace assay::linalg {
namespace {

ASSAY_KERNEL(linalg, lines, avx2, &lines_table);

}  // namespace
}  // namespace assay::linalg
