// What a blocked product needs from one instruction set: a kernel for one tile of C, and packing into its format.
//
// Packed A: row i of a panel at i * ROW_STRIDE bytes, k ascending. The stride is no power of two, so that the rows of
//   a panel fall into different sets of the first-level cache, and a constant, so that one register addresses them.
// Packed B: panels of `columns` columns; a panel is a header, then one vector pair per step.
// A step is `depth` values of k: what one lane of the instruction multiplies and adds at once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assay/kernels/gemm.h"

namespace assay::gemm_tiles {

inline constexpr std::int64_t STEPS_BYTES = 2048;  // of one packed row of A, at most, unless a TileSet says more
inline constexpr std::int64_t stride_of(std::int64_t row_bytes) { return row_bytes + 64; }
inline constexpr std::int64_t ROW_STRIDE = stride_of(STEPS_BYTES);
inline constexpr std::int64_t UNROLLED = 4;  // steps are padded with zeros to a multiple of this
inline constexpr std::int64_t MOST_ROWS = 14;

// Addresses that will be needed soon, one for every UNROLLED steps of a tile. They may lie outside any memory.
struct Ahead {
  const std::byte* first;
  std::int64_t step;  // bytes
};

// Pieces of PIECE_BYTES that a tile copies on the side, one for every UNROLLED steps: packing that costs no time.
inline constexpr std::int64_t PIECE_BYTES = 128;
struct Carry {
  const std::byte* from = nullptr;
  std::int64_t from_step = 0;
  std::byte* to = nullptr;
  std::int64_t to_step = 0;
  std::int64_t count = 0;  // not more than carried_at_most()
};

// One tile of C: rows x columns, += or = alpha * (packed A) (packed B).
struct TileCall {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t steps;  // a positive multiple of UNROLLED
  const std::byte* a;
  const std::byte* b;
  std::byte* c;
  std::int64_t c_row_bytes;
  double alpha;
  bool accumulate;
  Ahead ahead_a;
  Ahead ahead_b;  // of a tile that carries: a piece each time, while it does
  bool dense;     // four lines, 128 bytes apart, at each address ahead
  Carry carry;    // of rungs that can
};

// The same without packing: rows of A are adjacent in k, rows of B in their columns.
struct DirectTile {
  std::int64_t rows;
  std::int64_t columns;
  std::int64_t steps;  // positive; one k each
  const std::byte* a;
  std::int64_t a_row_bytes;
  const std::byte* b;
  std::int64_t b_row_bytes;
  std::byte* c;
  std::int64_t c_row_bytes;
  double alpha;
  bool accumulate;
  bool fetch_c;  // C is too large to be in a near cache
  Ahead ahead;   // an address for every step
};

// Part of a matrix that is packed: `outer` rows of A or columns of B, and `k` values of the inner dimension of each.
struct PackCall {
  const std::byte* data;
  std::int64_t outer_bytes;  // from one row of A, or column of B, to the next
  std::int64_t inner_bytes;  // from one k to the next
  std::int64_t outer;
  std::int64_t k;
  std::byte* out;
};

struct TileSet {
  std::int64_t rows;           // most rows of a tile
  std::int64_t narrow_rows;    // of a direct one of at most half the columns
  std::int64_t columns;        // of a full tile
  std::int64_t depth;          // values of k in a step
  std::int64_t step_bytes;     // of one row of A
  std::int64_t element_bytes;  // of A and B
  std::int64_t result_bytes;   // of one element of C
  std::int64_t header_bytes;   // of a panel of B
  bool carries;                // packing is copying, and its tiles can do it
  void (*tile)(const TileCall&);
  void (*direct)(const DirectTile&);  // null where there is none
  void (*pack_a)(const PackCall&);
  void (*pack_b)(const PackCall&);       // one panel
  std::int64_t panel_step_bytes = 0;     // of one column of a panel, where that is not step_bytes
  std::int64_t row_bytes = STEPS_BYTES;  // of one packed row of A, at most

  [[nodiscard]] std::int64_t row_stride() const { return stride_of(row_bytes); }
};

// Whether A and B can be read in place.
bool can_direct(const TileSet& tiles, const GemmCall& call);

// Whether that is faster, too.
bool worth_direct(const TileSet& tiles, const GemmCall& call);

// Whether one direct tile makes all of C, and which.
bool is_one_tile(const TileSet& tiles, const GemmCall& call);
DirectTile whole_tile(const TileSet& tiles, const GemmCall& call);

// The products of call.repeat, one after another.
void multiply_repeated(const TileSet& tiles, const GemmCall& first);

// The product in place; beta is 0 or 1, or C has been scaled.
void multiply_direct(const TileSet& tiles, const GemmCall& call);

// B as multiply_blocked() reads it where it is given packed; returns its bytes.
std::int64_t pack_panels(const TileSet& tiles, const PackB& call);

// The product by panels and tiles, or in place.
void multiply_blocked(const TileSet& tiles, const GemmCall& call);

// Whether there are so few k that multiply_brief() is faster than multiply_blocked(), whose results it gives. It asks
// no table of what was found faster.
bool is_brief(const TileSet& tiles, const GemmCall& call);
void multiply_brief(const TileSet& tiles, const GemmCall& call);

// Where pack_strided() puts an element of `word` bytes: k values `depth` at a time into one step of one row or column.
struct Layout {
  std::int64_t steps;
  std::int64_t depth;
  std::int64_t word;
  std::int64_t outer;   // bytes from one row or column to the next
  std::int64_t inner;   // bytes from one step to the next
  std::int64_t padded;  // rows or columns that are written; what is missing becomes zero
};

// Packs any strides, element by element.
void pack_strided(const PackCall& call, const Layout& layout);

static inline std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

static inline std::int64_t round_up(std::int64_t value, std::int64_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

}  // namespace assay::gemm_tiles
