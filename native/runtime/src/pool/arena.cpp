#include <algorithm>

#include "assay/runtime/pool/worker.h"

namespace assay::pool {
namespace {

constexpr std::size_t LEAST_BYTES = std::size_t{64} << 10U;

struct alignas(std::max_align_t) Chunk {
  void* before;
};

}  // namespace

void Arena::grow(std::size_t bytes) {
  const std::size_t size = std::max(bytes + sizeof(Chunk), LEAST_BYTES);
  void* const memory = ::operator new(size);
  ::new (memory) Chunk{chunk};
  chunk = memory;
  next = static_cast<std::byte*>(memory) + sizeof(Chunk);
  end = static_cast<std::byte*>(memory) + size;
}

void Arena::shrink(const void* to) noexcept {
  while (chunk != to) {
    void* const youngest = chunk;
    chunk = static_cast<Chunk*>(youngest)->before;
    ::operator delete(youngest);
  }
}

}  // namespace assay::pool
