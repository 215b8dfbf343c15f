#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "assay/kernels/decoder/steps.h"

namespace assay {
namespace {

constexpr Rung RUNGS[] = {Rung::portable, Rung::avx2, Rung::avx512};

std::vector<float> normal(std::int64_t count, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> values;
  std::vector<float> made(static_cast<std::size_t>(count));
  std::generate(made.begin(), made.end(), [&] { return values(generator); });
  return made;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double most = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    most = std::isnan(difference) ? INFINITY : std::max(most, difference);
  }
  return most;
}

// `compute` returns what one rung makes of the same input.
template <class Compute>
void compare_rungs(double tolerance, const Compute& compute) {
  const std::vector<float> expected = compute(Rung::reference);
  for (const Rung rung : RUNGS) {
    if (runs_on(rung, detected_isa())) {
      CAPTURE(name(rung));
      CHECK(largest_difference(compute(rung), expected) <= tolerance);
    }
  }
}

TEST_CASE("rows are normalised whatever their length") {
  for (const std::int64_t columns : {1, 7, 16, 33, 64, 100}) {
    CAPTURE(columns);
    const std::vector<float> in = normal(3 * columns, 1);
    const std::vector<float> weight = normal(columns, 2);
    compare_rungs(1e-5, [&](Rung rung) {
      std::vector<float> out(in.size());
      normalise({.in = in.data(),
                 .in_row = columns,
                 .weight = weight.data(),
                 .out = out.data(),
                 .out_row = columns,
                 .rows = 3,
                 .columns = columns,
                 .epsilon = 1e-5F},
                rung);
      return out;
    });
  }
}

TEST_CASE("pairs of a head turn, and what is behind them stays") {
  for (const bool interleaved : {false, true}) {
    for (const std::int64_t pairs : {0, 1, 10, 16, 32}) {
      const std::int64_t head = 2 * pairs + 3;
      const std::vector<float> angles = normal(pairs, 3);
      std::vector<float> cosines, sines;
      for (const float angle : angles) {
        cosines.push_back(std::cos(angle));
        sines.push_back(std::sin(angle));
      }
      const std::vector<float> in = normal(5 * head, 4);
      compare_rungs(1e-6, [&](Rung rung) {
        std::vector<float> heads = in;
        rotate({.heads = heads.data(),
                .head_row = head,
                .count = 5,
                .cosines = cosines.data(),
                .sines = sines.data(),
                .pairs = pairs,
                .interleaved = interleaved},
               rung);
        CHECK(heads.back() == in.back());
        return heads;
      });
    }
  }
}

TEST_CASE("gates of large and small numbers are right") {
  for (const Gate gate : {Gate::silu, Gate::gelu, Gate::gelu_tanh, Gate::relu}) {
    for (const bool with_factors : {false, true}) {
      std::vector<float> in = normal(37, 5);
      in[3] = 120.0F;
      in[4] = -120.0F;
      in[5] = 0.0F;
      const std::vector<float> factors = normal(37, 6);
      CAPTURE(static_cast<int>(gate));
      compare_rungs(2e-5, [&](Rung rung) {
        std::vector<float> values = in;
        apply_gate(
            {.gate = gate, .values = values.data(), .factors = with_factors ? factors.data() : nullptr, .count = 37},
            rung);
        return values;
      });
    }
  }
}

// Rows that see different ranges of the same pages; what nobody wrote is NaN.
struct Attention {
  Attention(std::int64_t dim, std::vector<std::int64_t> begins, std::vector<std::int64_t> ends)
      : head_dim(dim), padded(padded_head(dim)), first(std::move(begins)), end(std::move(ends)) {
    const std::int64_t positions = *std::max_element(end.begin(), end.end());
    const std::int64_t pages = (positions + PAGE_POSITIONS - 1) / PAGE_POSITIONS;
    const auto elements = static_cast<std::size_t>(pages * PAGE_POSITIONS);
    q = normal(static_cast<std::int64_t>(first.size()) * dim, 7);
    keys.resize(elements * static_cast<std::size_t>(dim), NAN);
    values.resize(elements * static_cast<std::size_t>(padded), NAN);
    const std::vector<float> random = normal(positions * dim * 2, 8);
    std::size_t next = 0;
    for (std::int64_t p = 0; p < positions; ++p) {
      const std::int64_t page = p / PAGE_POSITIONS;
      const std::int64_t place = p % PAGE_POSITIONS;
      for (std::int64_t d = 0; d < padded; ++d) {
        values[static_cast<std::size_t>((page * PAGE_POSITIONS + place) * padded + d)] =
            d < dim ? random[next++] : 0.0F;
      }
      for (std::int64_t d = 0; d < dim; ++d) {
        keys[static_cast<std::size_t>(page * dim * PAGE_POSITIONS + key_place(place, d, dim))] = random[next++];
      }
    }
    for (std::int64_t page = 0; page < pages; ++page) {
      key_pages.push_back(keys.data() + page * dim * PAGE_POSITIONS);
      value_pages.push_back(values.data() + page * PAGE_POSITIONS * padded);
    }
  }

  [[nodiscard]] std::vector<float> run(Rung rung) const {
    std::vector<float> out(q.size());
    std::vector<const float*> from;
    std::vector<float*> to;
    for (std::size_t row = 0; row < first.size(); ++row) {
      from.push_back(q.data() + row * static_cast<std::size_t>(head_dim));
      to.push_back(out.data() + row * static_cast<std::size_t>(head_dim));
    }
    std::vector<float> scratch(static_cast<std::size_t>(attend_scratch(head_dim) + 16));
    attend({.rows = static_cast<std::int64_t>(first.size()),
            .q = from.data(),
            .out = to.data(),
            .first = first.data(),
            .end = end.data(),
            .keys = key_pages.data(),
            .values = value_pages.data(),
            .head_dim = head_dim,
            .scale = 0.7F,
            .scratch = scratch.data()},
           rung);
    return out;
  }

  std::int64_t head_dim, padded;
  std::vector<std::int64_t> first, end;
  std::vector<float> q, keys, values;
  std::vector<const float*> key_pages, value_pages;
};

TEST_CASE("attention sees what it shall and nothing else") {
  for (const std::int64_t dim : {1, 16, 40, 64, 80, 128}) {
    CAPTURE(dim);
    for (const std::int64_t end : {1, 2, 63, 64, 65, 200}) {
      CAPTURE(end);
      const Attention one(dim, {0}, {end});
      compare_rungs(1e-5, [&](Rung rung) { return one.run(rung); });
    }
    const Attention many(dim, {0, 0, 5, 70, 0, 128, 190, 63}, {1, 64, 66, 71, 200, 129, 200, 65});
    compare_rungs(1e-5, [&](Rung rung) { return many.run(rung); });
  }
}

TEST_CASE("a row's attention is the same bit for bit whatever rows are beside it") {
  const Attention alone(64, {3}, {150});
  const Attention beside(64, {3, 0, 100}, {150, 10, 150});
  for (const Rung rung : RUNGS) {
    if (runs_on(rung, detected_isa())) {
      const std::vector<float> expected = alone.run(rung);
      const std::vector<float> got = beside.run(rung);
      CHECK(std::equal(expected.begin(), expected.end(), got.begin()));
    }
  }
}

}  // namespace
}  // namespace assay
