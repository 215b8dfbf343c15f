#include <new>

#include "assay/runtime/memory.h"
#include "object.h"

namespace assay::python {
namespace {

constexpr std::int64_t ALIGNMENT = 64;

// The header lies in front of the data, so that an array costs one allocation.
void release_own(Storage* storage) {
  storage->~Storage();
  deallocate(storage);
}

}  // namespace

static_assert(sizeof(Storage) <= ALIGNMENT);

Storage* new_storage(std::int64_t bytes) {
  if (bytes < 0 || bytes > INT64_MAX - 4 * ALIGNMENT) {
    throw std::bad_alloc();
  }
  void* const memory = allocate(bytes + ALIGNMENT);
  auto* const storage = new (memory) Storage;
  storage->data = static_cast<std::byte*>(memory) + ALIGNMENT;
  storage->bytes = bytes;
  storage->release = &release_own;
  return storage;
}

void retain(Storage* storage) noexcept { storage->references.fetch_add(1, std::memory_order_relaxed); }

void let_go(Storage* storage) noexcept {
  if (storage->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    storage->release(storage);
  }
}

}  // namespace assay::python
