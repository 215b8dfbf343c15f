#include "assay/kernels/reductions.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

namespace assay {
namespace {

constexpr Rung RUNGS[] = {Rung::reference, Rung::avx2, Rung::avx512};

double extreme(Reduction reduction, const std::vector<double>& values, Rung rung) {
  const FoldLoops folds = folds_of(reduction, DType::f64, rung);
  double result = 0;
  folds.begin(reinterpret_cast<std::byte*>(&result), 1);
  folds.into_one(reinterpret_cast<const std::byte*>(values.data()), sizeof(double),
                 reinterpret_cast<std::byte*>(&result), static_cast<std::int64_t>(values.size()));
  return result;
}

TEST_CASE("the largest and the smallest are found at every place, on every rung") {
  for (const Rung rung : RUNGS) {
    for (std::size_t place = 0; needs(rung) <= detected_isa() && place < 100; ++place) {
      std::vector<double> values(100, 1.0);
      values[place] = 2.0;
      CHECK(extreme(Reduction::maximum, values, rung) == 2.0);
      values[place] = -2.0;
      CHECK(extreme(Reduction::minimum, values, rung) == -2.0);
      values[place] = std::numeric_limits<double>::quiet_NaN();
      CHECK(std::isnan(extreme(Reduction::maximum, values, rung)));
      CHECK(std::isnan(extreme(Reduction::minimum, values, rung)));
    }
  }
}

TEST_CASE("of nothing the extremes are what changes nothing") {
  for (const Rung rung : RUNGS) {
    if (needs(rung) <= detected_isa()) {
      CHECK(extreme(Reduction::maximum, {}, rung) == -std::numeric_limits<double>::infinity());
      CHECK(extreme(Reduction::minimum, {}, rung) == std::numeric_limits<double>::infinity());
    }
  }
}

TEST_CASE("integers are summed in 64 bits on every rung, one by one and row by row") {
  for (const Rung rung : RUNGS) {
    if (needs(rung) > detected_isa()) {
      continue;
    }
    const std::vector<std::int8_t> values(1000, -128);
    const FoldLoops folds = folds_of(Reduction::sum, DType::i8, rung);
    std::int64_t total = 0;
    folds.into_one(reinterpret_cast<const std::byte*>(values.data()), 1, reinterpret_cast<std::byte*>(&total), 1000);
    CHECK(total == -128'000);
    std::vector<std::int64_t> each(1000, 1);
    folds.into_each(reinterpret_cast<const std::byte*>(values.data()), 1, reinterpret_cast<std::byte*>(each.data()),
                    1000);
    CHECK(each == std::vector<std::int64_t>(1000, -127));
  }
}

TEST_CASE("types that a reduction has no meaning for are refused") {
  CHECK_THROWS_WITH(static_cast<void>(accumulated_in(Reduction::maximum, DType::c64)),
                    doctest::Contains("max: not defined for elements of type complex64"));
  CHECK(accumulated_in(Reduction::sum, DType::f32) == DType::f64);
}

}  // namespace
}  // namespace assay
