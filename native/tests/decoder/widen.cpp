#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <vector>

#include "assay/core/error.h"
#include "assay/kernels/decoder/formats.h"

namespace assay {
namespace {

std::vector<float> widened(WeightKind kind, const std::vector<unsigned char>& bytes, std::int64_t columns) {
  std::vector<float> out(static_cast<std::size_t>(columns));
  widen(kind, reinterpret_cast<const std::byte*>(bytes.data()), columns, out.data());
  return out;
}

TEST_CASE("halves and bf16 are widened exactly") {
  CHECK(widened(WeightKind::f16, {0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00}, 3) == std::vector{1.0F, -2.0F, 0x1p-24F});
  CHECK(widened(WeightKind::bf16, {0x80, 0x3f, 0x49, 0xc0}, 2) == std::vector{1.0F, -3.140625F});
}

TEST_CASE("blocks of 32 take their scale") {
  std::vector<unsigned char> q8(34, 0);
  q8[1] = 0x38;  // a half
  q8[2] = 0x81;
  q8[33] = 0x7f;
  const std::vector<float> eight = widened(WeightKind::q8_0, q8, 32);
  CHECK(eight[0] == -63.5F);
  CHECK(eight[31] == 63.5F);
  std::vector<unsigned char> q4(18, 0x88);
  q4[0] = 0x00;
  q4[1] = 0x40;  // two
  q4[2] = 0xf0;
  const std::vector<float> four = widened(WeightKind::q4_0, q4, 32);
  CHECK(four[0] == -16.0F);
  CHECK(four[16] == 14.0F);
  CHECK(four[1] == 0.0F);
}

TEST_CASE("rows that are no whole blocks are refused") {
  CHECK(row_bytes(WeightKind::q4_k, 512) == 288);
  CHECK(row_bytes(WeightKind::q6_k, 256) == 210);
  CHECK_THROWS_AS(static_cast<void>(row_bytes(WeightKind::q8_0, 33)), Error);
  CHECK_THROWS_AS(static_cast<void>(weight_kind_named("q9")), Error);
}

}  // namespace
}  // namespace assay
