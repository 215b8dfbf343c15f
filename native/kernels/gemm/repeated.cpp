// Many small products in one call.

#include <algorithm>

#include "../gemm_tiles/tile.h"

namespace assay::gemm_tiles {
namespace {

constexpr std::int64_t SMALL_BYTES = 16 << 10;  // of operands that follow one another: processors fetch them unasked

const void* moved(const void* data, std::int64_t bytes) { return static_cast<const std::byte*>(data) + bytes; }

// One tile each, with nothing around it: only addresses change.
void multiply_tiny(const TileSet& tiles, const GemmCall& first) {
  DirectTile tile = whole_tile(tiles, first);
  for (std::int64_t i = 0; i < first.repeat.count; ++i) {
    tile.ahead.first = tile.a;
    tiles.direct(tile);
    tile.a += first.repeat.a;
    tile.b += first.repeat.b;
    tile.c += first.repeat.c;
  }
}

}  // namespace

void multiply_repeated(const TileSet& tiles, const GemmCall& first) {
  const GemmRepeat& apart = first.repeat;
  const bool plain = first.bias == nullptr && first.activation == Activation::none && first.k > 0 &&
                     (first.beta == 0.0 || first.beta == 1.0);
  if (plain && is_one_tile(tiles, first) && worth_direct(tiles, first)) {
    return multiply_tiny(tiles, first);
  }
  const bool small = tiles.element_bytes * first.k * (first.m + first.n) <= SMALL_BYTES;
  GemmCall call = first;
  call.repeat = {};
  for (std::int64_t left = apart.count - 1; left >= 0; --left) {
    call.next = {};
    if (left > 0 && !small) {
      call.next.a = apart.a == 0 ? nullptr : moved(call.a.data, apart.a);
      call.next.b = apart.b == 0 ? nullptr : moved(call.b.data, apart.b);
      call.next.c = moved(call.c, apart.c);
    }
    multiply_blocked(tiles, call);
    call.a.data = moved(call.a.data, apart.a);
    call.b.data = moved(call.b.data, apart.b);
    call.c = const_cast<void*>(moved(call.c, apart.c));
  }
}

}  // namespace assay::gemm_tiles
