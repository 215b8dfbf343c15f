#include "ahead.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t LINE = 64;

std::int64_t pieces_of(std::int64_t total, std::int64_t most) { return (total + most - 1) / most; }

}  // namespace

std::int64_t Stream::slots() const { return lines * pieces_of(count, reach); }

Ahead Stream::slot(std::int64_t index) const {
  if (index < 0 || index >= slots()) {
    return {data, 0};
  }
  const std::int64_t chunks = pieces_of(count, reach);
  const std::int64_t line = by_lines ? index / chunks : index % lines;
  const std::int64_t chunk = by_lines ? index % chunks : index / lines;
  return {data + line * LINE + chunk * reach * step, step};
}

Stream stream_of(const PackCall& matrix, std::int64_t element_bytes, std::int64_t reach) {
  const bool outer_adjacent = matrix.outer_bytes == element_bytes;
  const std::int64_t adjacent = outer_adjacent ? matrix.outer : matrix.k;
  return {
      .data = matrix.data,
      .step = outer_adjacent ? matrix.inner_bytes : matrix.outer_bytes,
      .count = outer_adjacent ? matrix.k : matrix.outer,
      .lines = pieces_of(adjacent * element_bytes, LINE),
      .reach = reach,
      .by_lines = outer_adjacent,
  };
}

Stream stream_of(const std::byte* data, std::int64_t bytes, std::int64_t reach) {
  return {.data = data, .step = LINE, .count = pieces_of(bytes, LINE), .lines = 1, .reach = reach, .by_lines = true};
}

}  // namespace assay::gemm_tiles
