// Packing fp16 with AVX-512: A always widened to fp32, B widened or, for weights that are kept, as it is.
#pragma once

#include "../gemm_tiles/avx512_pack.h"
#include "widen.h"

namespace assay::gemm_tiles {
namespace {

inline constexpr std::int64_t SIDE = 16;  // of a square block that is turned
inline constexpr std::int64_t PANEL_COLUMNS = 32;

inline __m512 widened(const std::byte* from, std::int64_t count) {
  const auto mask = static_cast<__mmask16>(byte_mask(count));
  return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, from));
}

// Rows of halves that become columns: `rows` x `columns` are present of a square.
inline void turn_square(const std::byte* from, std::int64_t row_bytes, std::int64_t rows, std::int64_t columns,
                        __m512i (&block)[SIDE]) {
  for (std::int64_t i = 0; i < SIDE; ++i) {
    block[i] = _mm512_castps_si512(widened(from + i * row_bytes, i < rows ? columns : 0));
  }
  transpose(block);
}

inline void pack_halves_a(const PackCall& call) {
  const std::int64_t steps = round_up(call.k, UNROLLED);
  for (std::int64_t row = 0; row < call.outer && call.inner_bytes == 2; ++row) {
    const std::byte* const from = call.data + row * call.outer_bytes;
    for (std::int64_t k = 0; k < steps; k += SIDE) {
      _mm512_storeu_ps(call.out + row * ROW_STRIDE + k * 4, widened(from + k * 2, call.k - k));
    }
  }
  if (call.inner_bytes == 2) {
    return;
  }
  for (std::int64_t row = 0; row < call.outer && call.outer_bytes == 2; row += SIDE) {
    for (std::int64_t k = 0; k < steps; k += SIDE) {
      __m512i block[SIDE];
      const std::byte* const from = call.data + row * 2 + k * call.inner_bytes;
      turn_square(from, call.inner_bytes, call.k - k, call.outer - row, block);
      for (std::int64_t i = 0; i < least(SIDE, call.outer - row); ++i) {
        _mm512_storeu_si512(call.out + (row + i) * ROW_STRIDE + k * 4, block[i]);
      }
    }
  }
  for (std::int64_t row = 0; row < call.outer && call.outer_bytes != 2; ++row) {
    for (std::int64_t k = 0; k < steps; ++k) {
      const std::byte* const from = call.data + row * call.outer_bytes + k * call.inner_bytes;
      WidenF16::put(from, 2, call.k - k, call.out + row * ROW_STRIDE + k * 4);
    }
  }
}

// Writes up to 16 columns of one step, `halves` being half of a panel's row.
template <std::int64_t bytes>
void put_columns(__m512 columns, std::byte* to) {
  if constexpr (bytes == 4) {
    _mm512_storeu_ps(to, columns);
  } else {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtps_ph(columns, _MM_FROUND_TO_NEAREST_INT));
  }
}

template <std::int64_t bytes>
void pack_half_of_panel(const PackCall& call, std::int64_t steps, std::int64_t first) {
  const std::int64_t columns = call.outer - first;
  std::byte* const out = call.out + first * bytes;
  constexpr std::int64_t STEP = PANEL_COLUMNS * bytes;
  const std::byte* const data = call.data + first * call.outer_bytes;
  if (call.outer_bytes == 2) {
    for (std::int64_t k = 0; k < steps; ++k) {
      put_columns<bytes>(widened(data + k * call.inner_bytes, k < call.k ? columns : 0), out + k * STEP);
    }
    return;
  }
  for (std::int64_t k = 0; k < steps; k += SIDE) {
    __m512i block[SIDE];
    turn_square(data + k * 2, call.outer_bytes, columns, call.k - k, block);
    for (std::int64_t i = 0; i < least(SIDE, steps - k); ++i) {
      put_columns<bytes>(_mm512_castsi512_ps(block[i]), out + (k + i) * STEP);
    }
  }
}

// One panel, each element in so many bytes: 4 widens it.
template <std::int64_t bytes>
void pack_halves_b(const PackCall& call) {
  const std::int64_t steps = round_up(call.k, UNROLLED);
  if (call.outer_bytes == 2 || call.inner_bytes == 2) {
    pack_half_of_panel<bytes>(call, steps, 0);
    pack_half_of_panel<bytes>(call, steps, SIDE);
    return;
  }
  for (std::int64_t at = 0; at < steps * PANEL_COLUMNS; ++at) {
    const std::int64_t k = at / PANEL_COLUMNS;
    const std::int64_t column = at % PANEL_COLUMNS;
    const std::byte* const from = call.data + column * call.outer_bytes + k * call.inner_bytes;
    const bool present = column < call.outer && k < call.k;
    if constexpr (bytes == 4) {
      WidenF16::put(from, 2, present ? 1 : 0, call.out + at * bytes);
    } else {
      write(call.out + at * bytes, present ? read<std::uint16_t>(from) : std::uint16_t{0});
    }
  }
}

}  // namespace
}  // namespace assay::gemm_tiles
