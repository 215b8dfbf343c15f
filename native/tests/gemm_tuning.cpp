#include <doctest/doctest.h>

#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include "assay/core/error.h"
#include "assay/kernels/gemm.h"
#include "assay/kernels/tuning/classes.h"
#include "assay/kernels/tuning/kept.h"
#include "assay/runtime/parallel.h"

namespace assay {
namespace {

// No table is left behind.
struct Tuned {
  explicit Tuned(const std::vector<GemmTuned>& table) { set_gemm_tuning(table); }
  ~Tuned() { set_gemm_tuning({}); }
  Tuned(const Tuned&) = delete;
  Tuned& operator=(const Tuned&) = delete;
};

struct Matrices {
  std::int64_t m;
  std::int64_t n;
  std::int64_t k;
  std::vector<float> a;
  std::vector<float> b;
  std::vector<float> c;

  Matrices(std::int64_t rows, std::int64_t columns, std::int64_t inner)
      : m(rows), n(columns), k(inner), a(count(m, k)), b(count(k, n)), c(count(m, n)) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = static_cast<float>(static_cast<int>(i * 7 % 9) - 4);
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
      b[i] = static_cast<float>(static_cast<int>(i * 5 % 7) - 3);
    }
  }

  static std::size_t count(std::int64_t rows, std::int64_t columns) { return static_cast<std::size_t>(rows * columns); }

  GemmCall call() {
    return {.type = GemmType::f32,
            .m = m,
            .n = n,
            .k = k,
            .a = {a.data(), k, 1},
            .b = {b.data(), n, 1},
            .c = c.data(),
            .c_row = n};
  }
};

GemmTuned entry(const GemmCall& call, std::int64_t with_workers, const GemmTuning& tuning) {
  return {gemm_class(call, static_cast<int>(with_workers)), tuning};
}

TEST_CASE("sizes fall into half octaves") {
  CHECK(gemm_bin(0) == 0);
  CHECK(gemm_bin(1) == 0);
  CHECK(gemm_bin(2) == 2);
  CHECK(gemm_bin(3) == 3);
  CHECK(gemm_bin(1024) == gemm_bin(1535));
  CHECK(gemm_bin(1536) == gemm_bin(1024) + 1);
  CHECK(gemm_bin(INT64_MAX) == 62);
}

TEST_CASE("what was tuned is found for its class, and nothing for others") {
  Matrices small(80, 60, 60);
  Matrices large(160, 60, 60);
  const GemmTuning tuning{
      .block_rows = 28, .group_columns = 64, .cut_rows = 3, .cut_columns = 2, .path = GemmPath::packed};
  const GemmTuning any{.k_bytes = 128};
  const Tuned table({entry(small.call(), workers(), tuning), entry(small.call(), 0, any)});
  const GemmTuning found = tuning_of(small.call());
  CHECK(found.block_rows == 28);
  CHECK(found.group_columns == 64);
  CHECK(found.cut_rows == 3);
  CHECK(found.cut_columns == 2);
  CHECK(found.k_bytes == 128);
  CHECK(found.path == GemmPath::packed);
  CHECK(tuning_of(large.call()) == GemmTuning{});
  GemmCall transposed = small.call();
  transposed.b = {small.b.data(), 1, 60};
  CHECK(tuning_of(transposed) == GemmTuning{});
}

TEST_CASE("products are right with any tuning") {
  for (const auto& [m, n, k] : {std::tuple{65, 130, 701}, {1, 4097, 133}, {300, 1, 300}, {97, 1025, 27}}) {
    Matrices matrices(m, n, k);
    gemm(matrices.call(), Rung::reference);
    const std::vector<float> expected = matrices.c;
    for (const GemmPath path : {GemmPath::rule, GemmPath::packed, GemmPath::in_place}) {
      for (const std::int64_t k_bytes : {0, 64, 2048, 4032}) {
        for (const auto& [rows, columns] : {std::pair{1, 16}, {14, 320}, {4095, 65520}}) {
          const GemmTuning tuning{
              .block_rows = rows, .group_columns = columns, .cut_rows = 3, .cut_columns = 5, .path = path};
          const GemmTuning any{.k_bytes = k_bytes};
          const Tuned table({entry(matrices.call(), workers(), tuning), entry(matrices.call(), 0, any)});
          matrices.c.assign(matrices.c.size(), -1.0F);
          gemm(matrices.call());
          CHECK(matrices.c == expected);
        }
      }
    }
  }
}

// The smallest size of a class above 1.
std::int64_t size_in(int bin) {
  const std::int64_t octave = std::int64_t{1} << bin / 2;
  return octave + (bin % 2 == 1 ? octave / 2 : 0);
}

TEST_CASE("no tuning but that of k changes a bit of a result") {
  Matrices matrices(150, 260, 400);
  for (float& value : matrices.a) {
    value *= 0.1F;
  }
  gemm(matrices.call());
  const std::vector<float> expected = matrices.c;
  for (const GemmPath path : {GemmPath::packed, GemmPath::in_place}) {
    const GemmTuning tuning{.block_rows = 28, .group_columns = 64, .cut_rows = 2, .cut_columns = 3, .path = path};
    const Tuned table({entry(matrices.call(), workers(), tuning)});
    gemm(matrices.call());
    CHECK(matrices.c == expected);
  }
}

TEST_CASE("every class of a full table is found") {
  std::vector<GemmTuned> full;
  for (int i = 0; i < static_cast<int>(MOST_GEMM_CLASSES); ++i) {
    full.push_back({{GemmType::f64, false, false, 2 + i % 32, 2 + i / 32, 32, static_cast<int>(workers())},
                    {.block_rows = 1 + i}});
  }
  const Tuned table(full);
  Matrices matrices(2, 2, 2);
  for (const GemmTuned& each : full) {
    GemmCall call = matrices.call();
    call.type = GemmType::f64;
    call.m = size_in(each.of.m);
    call.n = size_in(each.of.n);
    call.k = size_in(each.of.k);
    CHECK(tuning_of(call).block_rows == each.tuning.block_rows);
  }
}

TEST_CASE("a table that can't be right changes nothing") {
  Matrices matrices(80, 60, 60);
  const Tuned table({entry(matrices.call(), workers(), {.block_rows = 28})});
  for (const GemmTuning& wrong : {GemmTuning{.block_rows = -1}, GemmTuning{.block_rows = 4096},
                                  GemmTuning{.group_columns = 17}, GemmTuning{.k_bytes = 100}}) {
    CHECK_THROWS_AS(set_gemm_tuning(std::vector{entry(matrices.call(), 1, wrong)}), Error);
  }
  GemmTuned wrong = entry(matrices.call(), 1, {});
  wrong.of.m = 63;
  CHECK_THROWS_AS(set_gemm_tuning(std::vector{wrong}), Error);
  CHECK_THROWS_AS(set_gemm_tuning(std::vector<GemmTuned>(MOST_GEMM_CLASSES + 1, entry(matrices.call(), 1, {}))), Error);
  CHECK(tuning_of(matrices.call()).block_rows == 28);
}

TEST_CASE("a product too small to gain, or with B packed, is not looked up") {
  Matrices small(8, 8, 8);
  Matrices packed(64, 64, 64);
  GemmCall with_packed = packed.call();
  with_packed.packed_b = packed.b.data();
  const Tuned table(
      {entry(small.call(), workers(), {.block_rows = 28}), entry(packed.call(), workers(), {.block_rows = 28})});
  CHECK(tuning_of(small.call()) == GemmTuning{});
  CHECK(tuning_of(with_packed) == GemmTuning{});
  CHECK(tuning_of(packed.call()).block_rows == 28);
}

std::vector<KeptTuning> some_kept() {
  return {
      {{{GemmType::f32, false, true, 20, 21, 22, 2}, {.block_rows = 126, .path = GemmPath::packed}}, "1.04 # times"},
      {{{GemmType::bf16, true, false, 1, 2, 3, 0}, {.k_bytes = 1024}}, ""}};
}

TEST_CASE("what was kept is read again") {
  const std::vector<KeptTuning> read = gemm_tuning_in(gemm_tuning_text(some_kept()));
  REQUIRE(read.size() == 2);
  for (std::size_t i = 0; i < read.size(); ++i) {
    CHECK(read[i].tuned.of == some_kept()[i].tuned.of);
    CHECK(read[i].tuned.tuning == some_kept()[i].tuned.tuning);
    CHECK(read[i].remark == some_kept()[i].remark);
  }
  CHECK(gemm_tuning_in(gemm_tuning_text({})).empty());
}

TEST_CASE("a file is read whole and unharmed, or not at all") {
  const std::string text = gemm_tuning_text(some_kept());
  for (std::size_t i = 0; i < text.size(); ++i) {
    CHECK_THROWS_AS((void)gemm_tuning_in(text.substr(0, i)), Error);
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_THROWS_AS((void)gemm_tuning_in(changed), Error);
  }
}

}  // namespace
}  // namespace assay
