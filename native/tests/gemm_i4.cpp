#include "assay/kernels/gemm_i4.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

namespace assay {
namespace {

struct Size {
  std::int64_t m, n, k;
};

constexpr Size SIZES[] = {{1, 1, 1},    {1, 64, 128}, {4, 33, 100}, {7, 95, 33}, {16, 64, 257},
                          {13, 32, 32}, {0, 5, 5},    {3, 7, 0},    {3, 0, 7}};
constexpr Rung RUNGS[] = {Rung::reference, Rung::portable, Rung::avx2, Rung::avx512, Rung::avx512_dot};

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

struct Problem {
  Problem(std::int64_t rows, const Int4Shape& of) : m(rows), shape(of) {
    std::mt19937 generator(5);
    std::uniform_int_distribution<int> byte(-128, 127);
    std::uniform_int_distribution<int> nibble(0, 15);
    std::normal_distribution<float> normal;
    a.resize(size(m * (of.k + 3)));
    weights.resize(size(of.k * of.n));
    scales.resize(size(of.groups() * of.n));
    zeros.resize(scales.size(), INT4_ZERO);
    a_scales.resize(size(m));
    for (auto& value : a) value = static_cast<std::int8_t>(byte(generator));
    for (auto& value : weights) value = static_cast<std::uint8_t>(nibble(generator));
    for (auto& value : scales) value = normal(generator);
    for (auto& value : a_scales) value = normal(generator);
    for (auto& value : zeros) value = static_cast<std::uint8_t>(of.zero_points ? nibble(generator) : INT4_ZERO);
    packed.resize(size(of.bytes()));
    pack_int4({.shape = of,
               .values = weights.data(),
               .row = of.n,
               .column = 1,
               .offset = 0,
               .scales = scales.data(),
               .zeros = of.zero_points ? zeros.data() : nullptr},
              packed.data());
  }

  // How far the worst element lies above (groups + 4) u times the sum of magnitudes.
  [[nodiscard]] double largest_excess(const std::vector<float>& c) const {
    double worst = -1.0;
    for (std::int64_t i = 0; i < m; ++i) {
      for (std::int64_t j = 0; j < shape.n; ++j) {
        worst = std::max(worst, excess(i, j, static_cast<double>(c[size(i * shape.n + j)])));
      }
    }
    return worst;
  }

  [[nodiscard]] double excess(std::int64_t i, std::int64_t j, double got) const {
    double exact = 0.0;
    double magnitude = 0.0;
    for (std::int64_t group = 0; group < shape.groups(); ++group) {
      const auto at = size(group * shape.n + j);
      int sum = 0;
      for (std::int64_t k = group * shape.group; k < std::min((group + 1) * shape.group, shape.k); ++k) {
        sum += a[size(i * (shape.k + 3) + k)] * (weights[size(k * shape.n + j)] - zeros[at]);
      }
      exact += static_cast<double>(scales[at]) * sum;
      magnitude += std::abs(static_cast<double>(scales[at]) * sum);
    }
    const double scale = static_cast<double>(a_scales[size(i)]);
    const double terms = static_cast<double>(shape.groups()) + 4;
    return std::abs(got - scale * exact) - terms * 0x1p-24 * magnitude * std::abs(scale);
  }

  [[nodiscard]] Int4Call call(float* c) const {
    return {.shape = shape,
            .m = m,
            .a = a.data(),
            .a_is_fp32 = false,
            .a_row = shape.k + 3,
            .a_scales = a_scales.data(),
            .packed = packed.data(),
            .c = c,
            .c_row = shape.n};
  }

  std::int64_t m;
  Int4Shape shape;
  std::vector<std::int8_t> a;
  std::vector<std::uint8_t> weights, zeros;
  std::vector<float> scales, a_scales;
  std::vector<std::byte> packed;
};

template <class Check>
void for_rungs(const Check& check) {
  for (const Rung rung : RUNGS) {
    if (runs_on(rung, detected_isa())) {
      CAPTURE(name(rung));
      check(rung);
    }
  }
}

TEST_CASE("int4 weights are multiplied within the bound of their groups") {
  for (const std::int64_t group : {32, 64, 96, 128}) {
    for (const bool zero_points : {false, true}) {
      for (const auto& [m, n, k] : SIZES) {
        const Problem problem(m, {.k = k, .n = n, .group = group, .zero_points = zero_points});
        CAPTURE(group);
        CAPTURE(problem.m);
        CAPTURE(problem.shape.k);
        for_rungs([&](Rung rung) {
          std::vector<float> c(size(problem.m * problem.shape.n), 7.0F);
          gemm_int4(problem.call(c.data()), rung);
          CHECK(problem.largest_excess(c) <= 0.0);
        });
      }
    }
  }
}

TEST_CASE("activations in fp32 are rounded to int8 by rows, and NaN stays in its row") {
  const Problem problem(3, {.k = 70, .n = 40, .group = 32, .zero_points = true});
  std::vector<float> a(3 * 70, 0.5F);
  a[5] = std::nanf("");
  a[70] = 1.0F;
  for_rungs([&](Rung rung) {
    std::vector<float> c(3 * 40, 7.0F);
    Int4Call call = problem.call(c.data());
    call.a = a.data();
    call.a_is_fp32 = true;
    call.a_row = 70;
    gemm_int4(call, rung);
    double exact = 0.0;
    for (std::int64_t k = 0; k < 70; ++k) {
      const auto at = size(k / 32 * 40);
      exact += 0.5 * static_cast<double>(problem.scales[at]) * (problem.weights[size(k * 40)] - problem.zeros[at]);
    }
    CHECK(std::isnan(c[0]));
    CHECK(static_cast<double>(c[80]) == doctest::Approx(exact));  // a row of one value is rounded to 127 of itself
    CHECK(std::isfinite(c[40]));
  });
}

TEST_CASE("int4 products take alpha, beta, bias and activation") {
  const Problem problem(2, {.k = 64, .n = 33, .group = 64, .zero_points = false});
  const std::vector<float> bias(33, 0.25F);
  for_rungs([&](Rung rung) {
    std::vector<float> plain(2 * 33);
    gemm_int4(problem.call(plain.data()), rung);
    std::vector<float> c(2 * 33, 4.0F);
    Int4Call call = problem.call(c.data());
    call.alpha = 2.0;
    call.beta = 0.5;
    call.bias = bias.data();
    call.activation = Activation::relu;
    gemm_int4(call, rung);
    for (std::size_t i = 0; i < c.size(); ++i) {
      const float expected = std::max(0.0F, 2.0F * plain[i] + 2.25F);
      CHECK(c[i] == doctest::Approx(expected).epsilon(1e-5));
    }
  });
}

}  // namespace
}  // namespace assay
