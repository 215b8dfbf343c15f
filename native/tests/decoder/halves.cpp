#include "assay/kernels/decoder/halves.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

namespace assay {
namespace {

constexpr Rung RUNGS[] = {Rung::portable, Rung::avx2, Rung::avx512, Rung::avx512_dot};

struct Problem {
  Problem(WeightKind kind, std::int64_t of_rows, std::int64_t outputs, std::int64_t inputs)
      : shape{.kind = kind, .inputs = inputs, .outputs = outputs},
        rows(of_rows),
        packed(static_cast<std::size_t>(shape.bytes())),
        a(static_cast<std::size_t>(of_rows * (inputs + 3))) {
    std::mt19937 generator(12);
    std::normal_distribution<float> normal;
    for (float& value : a) {
      value = normal(generator);
    }
    std::vector<std::uint16_t> weights(static_cast<std::size_t>(outputs * inputs));
    for (std::uint16_t& bits : weights) {  // of about one in either format
      bits = static_cast<std::uint16_t>((kind == WeightKind::f16 ? 0x3800U : 0x3f00U) | (generator() & 0x81ffU));
    }
    pack_halves(shape, reinterpret_cast<const std::byte*>(weights.data()), packed.data());
  }

  [[nodiscard]] std::vector<float> multiply(Rung rung, bool rounds) const {
    std::vector<std::uint16_t> rounded(static_cast<std::size_t>(rows * shape.inputs));
    round_halves(
        {.rows = a.data(), .row = shape.inputs + 3, .count = rows, .inputs = shape.inputs, .out = rounded.data()},
        rung);
    const std::vector<float> bias(static_cast<std::size_t>(shape.outputs), 0.25F);
    std::vector<float> out(static_cast<std::size_t>(rows * shape.outputs), 2.0F);
    multiply_halves({.shape = shape,
                     .packed = packed.data(),
                     .rows = rows,
                     .in = a.data(),
                     .in_row = shape.inputs + 3,
                     .rounded = rounds ? rounded.data() : nullptr,
                     .out = out.data(),
                     .out_row = shape.outputs,
                     .add = rounds,
                     .bias = bias.data()},
                    rung);
    return out;
  }

  HalfShape shape;
  std::int64_t rows;
  std::vector<std::byte> packed;
  std::vector<float> a;
};

TEST_CASE("halves are multiplied as the reference does, by rounded activations and by others") {
  for (const WeightKind kind : {WeightKind::f16, WeightKind::bf16}) {
    for (const std::int64_t rows : {1, 3, 5, 12, 13, 25}) {
      const Problem problem(kind, rows, 45, 70);
      for (const bool rounds : {false, true}) {
        const std::vector<float> expected = problem.multiply(Rung::reference, rounds);
        for (const Rung rung : RUNGS) {
          if (!runs_on(rung, detected_isa())) {
            continue;
          }
          CAPTURE(name(rung));
          CAPTURE(rows);
          const std::vector<float> out = problem.multiply(rung, rounds);
          for (std::size_t i = 0; i < out.size(); ++i) {
            CHECK(out[i] == doctest::Approx(expected[i]).epsilon(2e-5));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace assay
