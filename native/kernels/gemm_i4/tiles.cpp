#include <algorithm>
#include <cstring>

#include "../gemm/finish.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "shared.h"

namespace assay::gemm_i4 {
namespace {

constexpr std::int64_t NEAR_BYTES = 4096;  // what memory delivers while it answers one request
constexpr std::int64_t LINE = 64;
constexpr std::int64_t PIECE = 1 << 18;  // multiply-adds that are worth handing to another thread

// Tiles of rows, at equal distances.
struct Activations {
  std::int64_t tiles;
  std::int64_t tile_words;
  std::int32_t* words;
  float* scales;
};

std::int64_t tile_start(std::int64_t rows, std::int64_t tiles, std::int64_t index) { return rows * index / tiles; }

Activations prepare(const Int4Call& call, const Ways& ways) {
  const Int4Shape& shape = call.shape;
  const std::int64_t tiles = (call.m + MOST_ROWS - 1) / MOST_ROWS;
  const std::int64_t tile_words = shape.groups() * (1 + shape.group / 4) * MOST_ROWS;
  const std::int64_t row_bytes = (shape.groups() * shape.group + LINE - 1) / LINE * LINE;
  std::byte* const memory = shared_scratch(row_bytes + tiles * tile_words * 4 + call.m * 4);
  const Activations out{.tiles = tiles,
                        .tile_words = tile_words,
                        .words = reinterpret_cast<std::int32_t*>(memory + row_bytes),
                        .scales = reinterpret_cast<float*>(memory + row_bytes + tiles * tile_words * 4)};
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    const std::int64_t first = tile_start(call.m, tiles, tile);
    const std::int64_t end = tile_start(call.m, tiles, tile + 1);
    for (std::int64_t i = first; i < end; ++i) {
      out.scales[i] = ways.lay_row(call, {.row = i,
                                          .rows = end - first,
                                          .to = out.words + tile * tile_words + (i - first),
                                          .scratch = reinterpret_cast<std::int8_t*>(memory)});
    }
  }
  return out;
}

// All rows by a panel.
void multiply_panel(const Int4Call& call, const Activations& given, const Ways& ways, std::int64_t panel) {
  const Int4Shape& shape = call.shape;
  const auto* const first = static_cast<const std::byte*>(call.packed) + panel * shape.panel_bytes();
  const std::int64_t totals_bytes = call.m * INT4_COLUMNS * 4;
  auto* const totals = reinterpret_cast<float*>(thread_scratch(totals_bytes));
  std::memset(totals, 0, static_cast<std::size_t>(totals_bytes));
  const bool once = given.tiles == 1;
  for (std::int64_t index = 0; index < given.tiles; ++index) {
    const std::int64_t row = tile_start(call.m, given.tiles, index);
    const std::int64_t ahead = once ? NEAR_BYTES : shape.panel_bytes() + index % 2 * LINE;
    ways.multiply({.rows = tile_start(call.m, given.tiles, index + 1) - row,
                   .groups = shape.groups(),
                   .parts = shape.group / INT4_LEAST_GROUP,
                   .a = given.words + index * given.tile_words,
                   .block = first,
                   .zeros = shape.zero_points ? first + shape.groups() * shape.block_bytes() : nullptr,
                   .ahead = ahead,
                   .ahead_too = once ? ahead + LINE : ahead,
                   .totals = totals + row * INT4_COLUMNS});
  }
  const std::int64_t column = panel * INT4_COLUMNS;
  for (std::int64_t i = 0; i < call.m; ++i) {
    finish_row(call, {.row = i,
                      .column = column,
                      .columns = std::min(INT4_COLUMNS, shape.n - column),
                      .scale = given.scales[i],
                      .totals = totals + i * INT4_COLUMNS});
  }
}

}  // namespace

void finish_row(const Int4Call& call, const Finish& finish) {
  float* const c = call.c + finish.row * call.c_row + finish.column;
  const float scale = static_cast<float>(call.alpha) * finish.scale;
  const auto beta = static_cast<float>(call.beta);
  if (call.beta == 0.0) {
    for (std::int64_t j = 0; j < finish.columns; ++j) {
      c[j] = scale * finish.totals[j];
    }
  } else {
    for (std::int64_t j = 0; j < finish.columns; ++j) {
      c[j] = scale * finish.totals[j] + beta * c[j];
    }
  }
  if (call.bias == nullptr && call.activation == Activation::none) {
    return;
  }
  gemm_tiles::finish({.type = GemmType::f32,
                      .m = call.m,
                      .n = call.shape.n,
                      .k = call.shape.k,
                      .a = {},
                      .b = {},
                      .c = call.c,
                      .c_row = call.c_row,
                      .bias = call.bias,
                      .activation = call.activation},
                     {.row = finish.row, .rows = 1, .column = finish.column, .columns = finish.columns});
}

void multiply_tiles(const Int4Call& call, const Ways& ways) {
  if (call.m == 0 || call.shape.n == 0) {
    return;
  }
  const Activations given = prepare(call, ways);
  const std::int64_t grain = std::max<std::int64_t>(1, PIECE / (call.m * call.shape.k * INT4_COLUMNS + 1));
  parallel_for(call.shape.panels(), grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t panel = begin; panel < end; ++panel) {
      multiply_panel(call, given, ways, panel);
    }
  });
}

}  // namespace assay::gemm_i4
