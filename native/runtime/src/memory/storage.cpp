#include "memory/storage.h"

#include <mutex>

#include "memory/heap.h"
#include "memory/large.h"
#include "pages/poison.h"

namespace assay::memory {
namespace {

bool uncharged(std::int64_t) noexcept { return true; }

struct State {
  std::mutex mutex;
  Heap heap{uncharged};
};

State& state() {
  static State* const all = new State;
  return *all;
}

}  // namespace

void* take_storage(std::size_t bytes) noexcept {
  if (bytes > LARGEST_SLOT_BYTES) {
    return take_large(bytes, SEGMENT_BYTES, uncharged);
  }
  const std::size_t size_class = class_of((bytes + 63) / 64 * 64);
  const std::scoped_lock lock(state().mutex);
  void* block = state().heap.take(size_class);
  if (block == nullptr && state().heap.refill(size_class)) {
    block = state().heap.take(size_class);
  }
  if (block != nullptr) {
    unpoison(block, bytes);
  }
  return block;
}

void give_storage(void* block) noexcept {
  if (reinterpret_cast<std::uintptr_t>(block) % SEGMENT_BYTES == 0) {
    give_large(block);
    return;
  }
  const std::scoped_lock lock(state().mutex);
  state().heap.give(static_cast<Block*>(block), segment_of(block)->class_of[unit_of(block)]);
}

void lock_storage() noexcept { state().mutex.lock(); }
void unlock_storage() noexcept { state().mutex.unlock(); }

}  // namespace assay::memory
