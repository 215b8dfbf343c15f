// Lanes of 256 bits for vector_tile.h.
#pragma once

#include <immintrin.h>

#include "tile.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

struct FloatLanes {
  using Vector = __m256;
  using Scalar = float;
  static constexpr int WIDTH = 8;
  static constexpr std::int64_t STEP = 4;
  static Vector zero() { return _mm256_setzero_ps(); }
  static Vector load(const std::byte* from) { return _mm256_loadu_ps(reinterpret_cast<const float*>(from)); }
  static Vector spread(const std::byte* from) { return _mm256_broadcast_ss(reinterpret_cast<const float*>(from)); }
  static Vector fma(Vector a, Vector b, Vector sum) { return _mm256_fmadd_ps(a, b, sum); }
  static void store(Vector vector, float* to) { _mm256_storeu_ps(to, vector); }
};

struct DoubleLanes {
  using Vector = __m256d;
  using Scalar = double;
  static constexpr int WIDTH = 4;
  static constexpr std::int64_t STEP = 8;
  static Vector zero() { return _mm256_setzero_pd(); }
  static Vector load(const std::byte* from) { return _mm256_loadu_pd(reinterpret_cast<const double*>(from)); }
  static Vector spread(const std::byte* from) { return _mm256_broadcast_sd(reinterpret_cast<const double*>(from)); }
  static Vector fma(Vector a, Vector b, Vector sum) { return _mm256_fmadd_pd(a, b, sum); }
  static void store(Vector vector, double* to) { _mm256_storeu_pd(to, vector); }
};

// Pairs of int16, multiplied and added into int32.
struct PairLanes {
  using Vector = __m256i;
  using Scalar = std::int32_t;
  static constexpr int WIDTH = 8;
  static constexpr std::int64_t STEP = 4;
  static Vector zero() { return _mm256_setzero_si256(); }
  static Vector load(const std::byte* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
  static Vector spread(const std::byte* from) { return _mm256_broadcastd_epi32(_mm_loadu_si32(from)); }
  static Vector fma(Vector a, Vector b, Vector sum) { return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b)); }
  static void store(Vector vector, std::int32_t* to) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), vector); }
};

}  // namespace
}  // namespace assay::gemm_tiles
