#include <cstring>

#include "../gemm_tiles/tile.h"

namespace assay::gemm_tiles {

void pack_strided(const PackCall& call, const Layout& layout) {
  const auto word = static_cast<std::size_t>(layout.word);
  for (std::int64_t outer = 0; outer < layout.padded; ++outer) {
    for (std::int64_t k = 0; k < layout.steps * layout.depth; ++k) {
      std::byte* const step = call.out + outer * layout.outer + k / layout.depth * layout.inner;
      std::byte* const to = step + k % layout.depth * layout.word;
      if (outer < call.outer && k < call.k) {
        std::memcpy(to, call.data + outer * call.outer_bytes + k * call.inner_bytes, word);
      } else {
        std::memset(to, 0, word);
      }
    }
  }
}

}  // namespace assay::gemm_tiles
