#include "assay/kernels/gemm_i4.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

namespace assay {
namespace {

struct Shape {
  std::int64_t m, n, k;
};

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

struct Problem {
  explicit Problem(const Shape& of) : shape(of), groups((of.k + INT4_GROUP - 1) / INT4_GROUP) {
    std::mt19937 generator(5);
    std::uniform_int_distribution<int> byte(-128, 127);
    std::uniform_int_distribution<int> nibble(-8, 7);
    std::normal_distribution<float> normal;
    a.resize(size(of.m * (of.k + 3)));
    weights.resize(size(of.k * of.n));
    scales.resize(size(groups * of.n));
    a_scales.resize(size(of.m));
    for (auto& value : a) value = static_cast<std::int8_t>(byte(generator));
    for (auto& value : weights) value = static_cast<std::int8_t>(nibble(generator));
    for (auto& value : scales) value = normal(generator);
    for (auto& value : a_scales) value = normal(generator);
    packed.resize(size(packed_int4_bytes(of.k, of.n)));
    pack_int4({.k = of.k, .n = of.n, .values = weights.data(), .row = of.n, .column = 1, .scales = scales.data()},
              packed.data());
  }

  // How far the worst element lies above (groups + 3) u times the sum of magnitudes.
  [[nodiscard]] double largest_excess(const std::vector<float>& c) const {
    double worst = -1.0;
    for (std::int64_t i = 0; i < shape.m; ++i) {
      for (std::int64_t j = 0; j < shape.n; ++j) {
        worst = std::max(worst, excess(i, j, static_cast<double>(c[size(i * shape.n + j)])));
      }
    }
    return worst;
  }

  [[nodiscard]] double excess(std::int64_t i, std::int64_t j, double got) const {
    double exact = 0.0;
    double magnitude = 0.0;
    for (std::int64_t group = 0; group < groups; ++group) {
      int sum = 0;
      for (std::int64_t k = group * INT4_GROUP; k < std::min((group + 1) * INT4_GROUP, shape.k); ++k) {
        sum += a[size(i * (shape.k + 3) + k)] * weights[size(k * shape.n + j)];
      }
      const double term = static_cast<double>(scales[size(group * shape.n + j)]) * sum;
      exact += term;
      magnitude += std::abs(term);
    }
    const double scale = static_cast<double>(a_scales[size(i)]);
    return std::abs(got - scale * exact) - (static_cast<double>(groups) + 3) * 0x1p-24 * magnitude * std::abs(scale);
  }

  Shape shape;
  std::int64_t groups;
  std::vector<std::int8_t> a, weights;
  std::vector<float> scales, a_scales;
  std::vector<std::byte> packed;
};

TEST_CASE("int4 weights are multiplied within the bound of their groups") {
  for (const Shape& shape : {Shape{1, 1, 1}, Shape{1, 64, 128}, Shape{4, 33, 100}, Shape{7, 95, 33}, Shape{16, 64, 257},
                             Shape{13, 32, 32}, Shape{0, 5, 5}, Shape{3, 7, 0}}) {
    const Problem problem(shape);
    for (const Rung rung : {Rung::reference, Rung::avx512_dot}) {
      if (!runs_on(rung, detected_isa())) {
        continue;
      }
      CAPTURE(name(rung));
      CAPTURE(shape.m);
      CAPTURE(shape.k);
      std::vector<float> c(size(shape.m * shape.n), 7.0F);
      gemm_int4({.m = shape.m,
                 .n = shape.n,
                 .k = shape.k,
                 .a = problem.a.data(),
                 .a_row = shape.k + 3,
                 .a_scales = problem.a_scales.data(),
                 .packed = problem.packed.data(),
                 .c = c.data(),
                 .c_row = shape.n},
                rung);
      CHECK(problem.largest_excess(c) <= 0.0);
    }
  }
}

}  // namespace
}  // namespace assay
