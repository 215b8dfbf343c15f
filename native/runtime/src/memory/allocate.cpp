#include <algorithm>
#include <bit>
#include <cstdlib>
#include <string>

#include "assay/runtime/memory.h"

namespace assay {

void* allocate(std::int64_t bytes, std::int64_t alignment) {
  if (bytes < 0 || alignment <= 0 || !std::has_single_bit(static_cast<std::uint64_t>(alignment))) {
    throw Error(ErrorKind::usage, "allocate: " + std::to_string(bytes) + " bytes aligned to " +
                                      std::to_string(alignment) +
                                      " can't be; ask for 0 bytes or more and a power of two");
  }
  const auto step = static_cast<std::size_t>(std::max<std::int64_t>(alignment, 64));
  const std::size_t rounded = std::max(step, (static_cast<std::size_t>(bytes) + step - 1) / step * step);
  void* const block = std::aligned_alloc(step, rounded);
  if (block == nullptr) {
    throw OutOfMemory("allocate: " + std::to_string(bytes) + " bytes are not to be had; free something");
  }
  return block;
}

void deallocate(void* pointer) noexcept { std::free(pointer); }

}  // namespace assay
