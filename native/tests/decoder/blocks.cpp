#include "assay/kernels/decoder/blocks.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

namespace assay {
namespace {

constexpr Rung RUNGS[] = {Rung::reference, Rung::portable, Rung::avx2, Rung::avx512_dot};

// Random blocks with scales of about one.
std::vector<std::byte> random_weights(WeightKind kind, std::int64_t outputs, std::int64_t inputs) {
  std::mt19937 generator(11);
  std::vector<std::byte> bytes(static_cast<std::size_t>(outputs * row_bytes(kind, inputs)));
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(generator() & 255U);
  }
  const auto block = static_cast<std::size_t>(facts(kind).block_bytes);
  for (std::size_t at = 0; at < bytes.size(); at += block) {
    bytes[at + 1] = static_cast<std::byte>(0x38U | (generator() & 0x83U));
  }
  return bytes;
}

struct Problem {
  Problem(WeightKind kind, std::int64_t of_rows, std::int64_t outputs, std::int64_t inputs)
      : shape{.kind = kind, .inputs = inputs, .outputs = outputs},
        rows(of_rows),
        weights(random_weights(kind, outputs, inputs)),
        packed(static_cast<std::size_t>(shape.bytes())),
        a(static_cast<std::size_t>(of_rows * inputs)) {
    std::mt19937 generator(12);
    std::normal_distribution<float> normal;
    for (float& value : a) {
      value = normal(generator);
    }
    pack_blocks(shape, weights.data(), packed.data());
  }

  [[nodiscard]] std::vector<float> multiply(Rung rung, bool add, const float* bias) const {
    std::vector<std::int32_t> rounded(static_cast<std::size_t>(rows * rounded_row_words(shape.inputs)));
    round_rows({.rows = a.data(),
                .row = shape.inputs,
                .count = rows,
                .inputs = shape.inputs,
                .out = rounded.data(),
                .first_tile = 0,
                .tiles = block_tiles(rows)},
               rung);
    std::vector<float> out(static_cast<std::size_t>(rows * shape.outputs), 2.0F);
    multiply_blocks({.shape = shape,
                     .packed = packed.data(),
                     .first_panel = 0,
                     .panels = shape.panels(),
                     .rows = rows,
                     .rounded = rounded.data(),
                     .out = out.data(),
                     .out_row = shape.outputs,
                     .add = add,
                     .bias = bias},
                    rung);
    return out;
  }

  // What fp64 makes of unrounded activations, and the size of what is added up.
  void exact(std::int64_t row, std::int64_t output, double& sum, double& size) const {
    std::vector<float> wide(static_cast<std::size_t>(shape.inputs));
    widen(shape.kind, weights.data() + output * row_bytes(shape.kind, shape.inputs), shape.inputs, wide.data());
    sum = size = 0.0;
    for (std::size_t k = 0; k < wide.size(); ++k) {
      const double product =
          static_cast<double>(wide[k]) * static_cast<double>(a[static_cast<std::size_t>(row * shape.inputs) + k]);
      sum += product;
      size += std::abs(product);
    }
  }

  BlockShape shape;
  std::int64_t rows;
  std::vector<std::byte> weights, packed;
  std::vector<float> a;
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

TEST_CASE("blocks are multiplied as exactly as int8 activations allow") {
  for (const WeightKind kind : {WeightKind::q8_0, WeightKind::q4_0}) {
    for (const std::int64_t rows : {1, 2, 5, 6, 7, 13}) {
      const Problem problem(kind, rows, 70, 96);
      CAPTURE(rows);
      for_rungs([&](Rung rung) {
        const std::vector<float> out = problem.multiply(rung, false, nullptr);
        for (std::int64_t i = 0; i < rows; ++i) {
          for (std::int64_t j = 0; j < 70; ++j) {
            double sum, size;
            problem.exact(i, j, sum, size);
            const auto got = static_cast<double>(out[static_cast<std::size_t>(i * 70 + j)]);
            CHECK(std::abs(got - sum) <= size * 0.02);
          }
        }
      });
    }
  }
}

TEST_CASE("every rung agrees with the reference on what is added and on the bias") {
  for (const WeightKind kind : {WeightKind::q8_0, WeightKind::q4_0}) {
    const Problem problem(kind, 7, 45, 128);
    const std::vector<float> bias(45, 0.5F);
    const std::vector<float> expected = problem.multiply(Rung::reference, true, bias.data());
    for_rungs([&](Rung rung) {
      const std::vector<float> out = problem.multiply(rung, true, bias.data());
      for (std::size_t i = 0; i < out.size(); ++i) {
        CHECK(out[i] == doctest::Approx(expected[i]).epsilon(1e-5));
      }
    });
  }
}

TEST_CASE("NaN and infinity stay in their row, and zeros are no NaN") {
  Problem problem(WeightKind::q8_0, 3, 32, 64);
  problem.a[5] = NAN;
  problem.a[64 + 40] = INFINITY;
  std::fill(problem.a.begin() + 128, problem.a.end(), 0.0F);
  for_rungs([&](Rung rung) {
    const std::vector<float> out = problem.multiply(rung, false, nullptr);
    CHECK(std::isnan(out[0]));
    CHECK(std::isnan(out[32]));
    CHECK(out[64] == 0.0F);
  });
}

}  // namespace
}  // namespace assay
