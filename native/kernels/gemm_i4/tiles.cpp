#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "../gemm/finish.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"
#include "shared.h"

namespace assay::gemm_i4 {
namespace {

constexpr std::int64_t NEAR_BYTES = 4096;  // what memory delivers while it answers one request
constexpr std::int64_t PIECE = 1 << 18;    // multiply-adds that are worth handing to another thread
constexpr float MOST_INT8 = 127.0F;

float largest_magnitude(const float* row, std::int64_t count) {
  float largest = 0.0F;
  for (std::int64_t k = 0; k < count; ++k) {
    const float magnitude = std::fabs(row[k]);
    largest = magnitude > largest || std::isnan(magnitude) ? magnitude : largest;
  }
  return largest;
}

float round_row(const float* row, std::int64_t count, std::int8_t* out) {
  const float largest = largest_magnitude(row, count);
  if (!std::isfinite(largest)) {  // so is every product
    std::memset(out, 0, static_cast<std::size_t>(count));
    return std::nanf("");
  }
  const double factor = largest == 0.0F ? 0.0 : static_cast<double>(MOST_INT8) / static_cast<double>(largest);
  for (std::int64_t k = 0; k < count; ++k) {
    out[k] = static_cast<std::int8_t>(std::lrint(static_cast<double>(row[k]) * factor));
  }
  return largest / MOST_INT8;
}

// The tiles of rows, at equal distances.
struct Activations {
  std::int64_t tiles;
  std::int64_t tile_words;
  std::int32_t* words;
  float* scales;
};

// The word that a group's sums begin from: minus 8 times the activations' sum, or what zero points are multiplied by.
std::int32_t first_word(const Int4Shape& shape, const std::int8_t* group) {
  std::int32_t sum = 0;
  for (std::int64_t k = 0; k < shape.group; ++k) {
    sum += group[k];
  }
  return shape.zero_points ? static_cast<std::int32_t>(static_cast<std::uint16_t>(-sum)) : -INT4_ZERO * sum;
}

void lay_row(const Int4Shape& shape, const std::int8_t* row, std::int64_t rows, std::int32_t* to) {
  for (std::int64_t group = 0; group < shape.groups(); ++group, row += shape.group) {
    *to = first_word(shape, row);
    to += rows;
    for (std::int64_t k = 0; k < shape.group; k += 4, to += rows) {
      std::memcpy(to, row + k, 4);
    }
  }
}

std::int64_t tile_start(std::int64_t rows, std::int64_t tiles, std::int64_t index) { return rows * index / tiles; }

Activations prepare(const Int4Call& call) {
  const Int4Shape& shape = call.shape;
  const std::int64_t tiles = (call.m + MOST_ROWS - 1) / MOST_ROWS;
  const std::int64_t tile_words = shape.groups() * (1 + shape.group / 4) * MOST_ROWS;
  const std::int64_t row_bytes = (shape.groups() * shape.group + 63) / 64 * 64;
  std::byte* const memory = shared_scratch(row_bytes + tiles * tile_words * 4 + call.m * 4);
  auto* const row = reinterpret_cast<std::int8_t*>(memory);
  const Activations out{.tiles = tiles,
                        .tile_words = tile_words,
                        .words = reinterpret_cast<std::int32_t*>(memory + row_bytes),
                        .scales = reinterpret_cast<float*>(memory + row_bytes + tiles * tile_words * 4)};
  for (std::int64_t tile = 0; tile < tiles; ++tile) {
    const std::int64_t first = tile_start(call.m, tiles, tile);
    const std::int64_t end = tile_start(call.m, tiles, tile + 1);
    for (std::int64_t i = first; i < end; ++i) {
      out.scales[i] = take_row(call, i, row);
      lay_row(shape, row, end - first, out.words + tile * tile_words + (i - first));
    }
  }
  return out;
}

struct Panel {
  std::int64_t index;
  std::int64_t tile;
};

void multiply_panel(const Int4Call& call, const Activations& given, const Panel& at, MultiplyTile multiply) {
  const Int4Shape& shape = call.shape;
  alignas(64) std::array<float, static_cast<std::size_t>(MOST_ROWS * INT4_COLUMNS)> totals;
  const auto* const panel = static_cast<const std::byte*>(call.packed) + at.index * shape.panel_bytes();
  const std::int64_t row = tile_start(call.m, given.tiles, at.tile);
  const std::int64_t rows = tile_start(call.m, given.tiles, at.tile + 1) - row;
  const std::int64_t lines = shape.block_bytes() / 64;
  multiply({.rows = rows,
            .groups = shape.groups(),
            .parts = shape.group / INT4_LEAST_GROUP,
            .a = given.words + at.tile * given.tile_words,
            .panel = panel,
            .zeros = shape.zero_points ? panel + shape.groups() * shape.block_bytes() : nullptr,
            .ahead = given.tiles == 1 ? NEAR_BYTES : shape.panel_bytes(),
            .ahead_first = lines * at.tile / given.tiles,
            .ahead_end = lines * (at.tile + 1) / given.tiles,
            .totals = totals.data()});
  const std::int64_t column = at.index * INT4_COLUMNS;
  for (std::int64_t i = 0; i < rows; ++i) {
    finish_row(call, {.row = row + i,
                      .column = column,
                      .columns = std::min(INT4_COLUMNS, shape.n - column),
                      .scale = given.scales[row + i],
                      .totals = totals.data() + i * INT4_COLUMNS});
  }
}

}  // namespace

float take_row(const Int4Call& call, std::int64_t row, std::int8_t* out) {
  const std::int64_t padded = call.shape.groups() * call.shape.group;
  std::memset(out + call.shape.k, 0, static_cast<std::size_t>(padded - call.shape.k));
  if (call.a_is_fp32) {
    return round_row(static_cast<const float*>(call.a) + row * call.a_row, call.shape.k, out);
  }
  if (call.shape.k > 0) {
    const auto* const from = static_cast<const std::int8_t*>(call.a) + row * call.a_row;
    std::memcpy(out, from, static_cast<std::size_t>(call.shape.k));
  }
  return call.a_scales == nullptr ? 1.0F : call.a_scales[row];
}

void finish_row(const Int4Call& call, const Finish& finish) {
  float* const c = call.c + finish.row * call.c_row + finish.column;
  const float scale = static_cast<float>(call.alpha) * finish.scale;
  const auto beta = static_cast<float>(call.beta);
  for (std::int64_t j = 0; j < finish.columns; ++j) {
    const float product = scale * finish.totals[j];
    c[j] = call.beta == 0.0 ? product : product + beta * c[j];
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

void multiply_tiles(const Int4Call& call, MultiplyTile multiply) {
  if (call.m == 0 || call.shape.n == 0) {
    return;
  }
  const Activations given = prepare(call);
  const std::int64_t grain = std::max<std::int64_t>(1, PIECE / (call.m * call.shape.k * INT4_COLUMNS + 1));
  parallel_for(call.shape.panels(), grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin * given.tiles; at < end * given.tiles; ++at) {
      multiply_panel(call, given, {.index = at / given.tiles, .tile = at % given.tiles}, multiply);
    }
  });
}

}  // namespace assay::gemm_i4
