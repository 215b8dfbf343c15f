#include <algorithm>
#include <cstring>

#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "shared.h"

namespace assay::gemm_i4 {
namespace {

constexpr std::int64_t NEAR_BYTES = 4096;  // what memory delivers while it answers one request
constexpr std::int64_t LINES = INT4_BLOCK_BYTES / 64;
constexpr std::int64_t PIECE = 1 << 18;  // multiply-adds that are worth handing to another thread
constexpr std::int32_t ZERO = 8;

// A with its groups whole, their sums, and the rows' scales.
struct Activations {
  std::int8_t* a;
  std::int32_t* sums;
  float* scales;
};

Activations prepare(const Int4Call& call, std::int64_t groups) {
  const std::int64_t width = groups * INT4_GROUP;
  std::byte* const memory = shared_scratch(call.m * (width + groups * 4 + 4));
  const Activations out{.a = reinterpret_cast<std::int8_t*>(memory),
                        .sums = reinterpret_cast<std::int32_t*>(memory + call.m * width),
                        .scales = reinterpret_cast<float*>(memory + call.m * (width + groups * 4))};
  for (std::int64_t i = 0; i < call.m; ++i) {
    std::int8_t* const row = out.a + i * width;
    std::memset(row + call.k, 0, static_cast<std::size_t>(width - call.k));
    std::memcpy(row, call.a + i * call.a_row, static_cast<std::size_t>(call.k));
    for (std::int64_t group = 0; group < groups; ++group) {
      std::int32_t sum = 0;
      for (std::int64_t k = group * INT4_GROUP; k < (group + 1) * INT4_GROUP; ++k) {
        sum += row[k];
      }
      out.sums[i * groups + group] = -ZERO * sum;
    }
    out.scales[i] = call.a_scales == nullptr ? 1.0F : call.a_scales[i];
  }
  return out;
}

}  // namespace

void multiply_tiles(const Int4Call& call, std::int64_t most_rows, MultiplyTile tile) {
  if (call.m == 0 || call.n == 0) {
    return;
  }
  const std::int64_t groups = (call.k + INT4_GROUP - 1) / INT4_GROUP;
  const std::int64_t panels = (call.n + INT4_COLUMNS - 1) / INT4_COLUMNS;
  const std::int64_t row_tiles = (call.m + most_rows - 1) / most_rows;
  const std::int64_t panel_bytes = groups * INT4_BLOCK_BYTES;
  const Activations given = prepare(call, groups);
  const std::int64_t grain = std::max<std::int64_t>(1, PIECE / (call.m * call.k * INT4_COLUMNS + 1));
  parallel_for(panels, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin * row_tiles; at < end * row_tiles; ++at) {
      const std::int64_t panel = at / row_tiles;
      const std::int64_t index = at % row_tiles;
      const std::int64_t row = call.m * index / row_tiles;
      const std::int64_t column = panel * INT4_COLUMNS;
      tile({
          .rows = call.m * (index + 1) / row_tiles - row,
          .columns = std::min(INT4_COLUMNS, call.n - column),
          .groups = groups,
          .a = given.a + row * groups * INT4_GROUP,
          .a_row = groups * INT4_GROUP,
          .sums = given.sums + row * groups,
          .a_scales = given.scales + row,
          .panel = static_cast<const std::byte*>(call.packed) + panel * panel_bytes,
          .ahead = row_tiles == 1 ? NEAR_BYTES : panel_bytes,
          .first_line = LINES * index / row_tiles,
          .last_line = LINES * (index + 1) / row_tiles,
          .c = call.c + row * call.c_row + column,
          .c_row = call.c_row,
      });
    }
  });
}

}  // namespace assay::gemm_i4
