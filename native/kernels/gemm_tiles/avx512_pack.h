// Packing with AVX-512. What is adjacent along k in memory is copied into A and turned around for B, and the other way
// about, in square blocks of 64-byte rows.
#pragma once

#include <immintrin.h>

#include <cstring>

#include "tile.h"

namespace assay::gemm_tiles {
namespace {  // not shared: a copy compiled for one instruction set must never serve another

// The low `bytes` of a vector, none below 0 and all from 64 on.
inline __mmask64 byte_mask(std::int64_t bytes) {
  if (bytes <= 0) {
    return 0;
  }
  return bytes >= 64 ? ~__mmask64{0} : (__mmask64{1} << bytes) - 1;
}

// `bytes` bytes, then zeros up to `padded`; whole vectors are written.
inline void copy_padded(const std::byte* from, std::int64_t bytes, std::int64_t padded, std::byte* to) {
  std::int64_t at = 0;
  for (; at + 64 <= bytes; at += 64) {
    _mm512_storeu_si512(to + at, _mm512_loadu_si512(from + at));
  }
  for (; at < padded; at += 64) {
    _mm512_storeu_si512(to + at, _mm512_maskz_loadu_epi8(byte_mask(bytes - at), from + at));
  }
}

// 16 rows of 16 words of 32 bits.
inline void transpose(__m512i (&row)[16]) {
  __m512i half[16];
  for (int i = 0; i < 8; ++i) {
    half[2 * i] = _mm512_unpacklo_epi32(row[2 * i], row[2 * i + 1]);
    half[2 * i + 1] = _mm512_unpackhi_epi32(row[2 * i], row[2 * i + 1]);
  }
  for (int i = 0; i < 4; ++i) {
    row[4 * i] = _mm512_unpacklo_epi64(half[4 * i], half[4 * i + 2]);
    row[4 * i + 1] = _mm512_unpackhi_epi64(half[4 * i], half[4 * i + 2]);
    row[4 * i + 2] = _mm512_unpacklo_epi64(half[4 * i + 1], half[4 * i + 3]);
    row[4 * i + 3] = _mm512_unpackhi_epi64(half[4 * i + 1], half[4 * i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    half[i] = _mm512_shuffle_i32x4(row[i], row[i + 4], 0x88);
    half[i + 4] = _mm512_shuffle_i32x4(row[i], row[i + 4], 0xdd);
    half[i + 8] = _mm512_shuffle_i32x4(row[i + 8], row[i + 12], 0x88);
    half[i + 12] = _mm512_shuffle_i32x4(row[i + 8], row[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; ++i) {
    row[i] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0x88);
    row[i + 8] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0xdd);
    row[i + 4] = _mm512_shuffle_i32x4(half[i + 4], half[i + 12], 0x88);
    row[i + 12] = _mm512_shuffle_i32x4(half[i + 4], half[i + 12], 0xdd);
  }
}

// 8 rows of 8 words of 64 bits.
inline void transpose(__m512i (&row)[8]) {
  __m512i half[8];
  for (int i = 0; i < 4; ++i) {
    half[2 * i] = _mm512_unpacklo_epi64(row[2 * i], row[2 * i + 1]);
    half[2 * i + 1] = _mm512_unpackhi_epi64(row[2 * i], row[2 * i + 1]);
  }
  for (int i = 0; i < 2; ++i) {
    row[i] = _mm512_shuffle_i64x2(half[i], half[i + 2], 0x88);
    row[i + 2] = _mm512_shuffle_i64x2(half[i], half[i + 2], 0xdd);
    row[i + 4] = _mm512_shuffle_i64x2(half[i + 4], half[i + 6], 0x88);
    row[i + 6] = _mm512_shuffle_i64x2(half[i + 4], half[i + 6], 0xdd);
  }
  for (int i = 0; i < 4; ++i) {
    half[i] = _mm512_shuffle_i64x2(row[i], row[i + 4], 0x88);
    half[i + 4] = _mm512_shuffle_i64x2(row[i], row[i + 4], 0xdd);
  }
  for (int i = 0; i < 8; ++i) {
    row[i] = half[i];
  }
}

// A matrix of words whose rows are to become columns.
struct Turn {
  const std::byte* data;
  std::int64_t row_bytes;    // from one row to the next
  std::int64_t rows;         // present
  std::int64_t row_length;   // bytes of a row that are present
  std::int64_t padded_rows;  // written: what is missing becomes zero
  std::int64_t padded_length;
  std::byte* out;  // word w of row r goes to out + w * out_bytes + r * word
  std::int64_t out_bytes;
};

template <int word>
void turn(const Turn& turn) {
  constexpr std::int64_t WIDTH = 64 / word;
  for (std::int64_t row = 0; row < turn.padded_rows; row += WIDTH) {
    for (std::int64_t at = 0; at < turn.padded_length; at += 64) {
      __m512i block[WIDTH];
      const __mmask64 mask = byte_mask(turn.row_length - at);
      for (std::int64_t i = 0; i < WIDTH; ++i) {
        const std::byte* const from = turn.data + (row + i) * turn.row_bytes + at;
        block[i] = _mm512_maskz_loadu_epi8(row + i < turn.rows ? mask : __mmask64{0}, from);
      }
      transpose(block);
      const std::int64_t words = least(WIDTH, (turn.padded_length - at) / word);
      for (std::int64_t i = 0; i < words; ++i) {
        _mm512_storeu_si512(turn.out + (at / word + i) * turn.out_bytes + row * word, block[i]);
      }
    }
  }
}

// A of words of which one makes a step, any strides.
template <int word, std::int64_t stride = ROW_STRIDE>
void pack_words_a(const PackCall& call) {
  const std::int64_t steps = round_up(call.k, UNROLLED);
  if (call.inner_bytes == word) {
    for (std::int64_t row = 0; row < call.outer; ++row) {
      copy_padded(call.data + row * call.outer_bytes, call.k * word, steps * word, call.out + row * stride);
    }
  } else if (call.outer_bytes == word) {
    turn<word>({.data = call.data,
                .row_bytes = call.inner_bytes,
                .rows = call.k,
                .row_length = call.outer * word,
                .padded_rows = steps,
                .padded_length = call.outer * word,
                .out = call.out,
                .out_bytes = stride});
  } else {
    pack_strided(call,
                 {.steps = steps, .depth = 1, .word = word, .outer = stride, .inner = word, .padded = call.outer});
  }
}

// B of words of which one makes a step, any strides; a panel is two vectors wide.
template <int word>
void pack_words_b(const PackCall& call) {
  const std::int64_t steps = round_up(call.k, UNROLLED);
  constexpr std::int64_t COLUMNS = 128 / word;
  if (call.outer_bytes == word) {
    for (std::int64_t k = 0; k < steps; ++k) {
      copy_padded(call.data + k * call.inner_bytes, k < call.k ? call.outer * word : 0, 128, call.out + k * 128);
    }
  } else if (call.inner_bytes == word) {
    turn<word>({.data = call.data,
                .row_bytes = call.outer_bytes,
                .rows = call.outer,
                .row_length = call.k * word,
                .padded_rows = COLUMNS,
                .padded_length = steps * word,
                .out = call.out,
                .out_bytes = 128});
  } else {
    pack_strided(call, {.steps = steps, .depth = 1, .word = word, .outer = word, .inner = 128, .padded = COLUMNS});
  }
}

}  // namespace
}  // namespace assay::gemm_tiles
