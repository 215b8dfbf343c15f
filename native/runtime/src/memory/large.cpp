#include "memory/large.h"

#include <mutex>
#include <new>
#include <unordered_map>

#include "pages/pages.h"
#include "pages/poison.h"

namespace assay::memory {
namespace {

struct Large {
  Pages pages;
  std::size_t bytes;  // what was asked for, and charged
  Charge charge;
};

struct State {
  std::mutex mutex;
  std::unordered_map<const void*, Large> live;
  std::int64_t bytes = 0;
};

// Never destroyed: blocks may be freed by what is destroyed later.
State& state() {
  static State* const all = new State;
  return *all;
}

bool note(const Large& large) noexcept {
  const std::scoped_lock lock(state().mutex);
  try {
    state().live.emplace(large.pages.first, large);
  } catch (const std::bad_alloc&) {
    return false;
  }
  state().bytes += static_cast<std::int64_t>(large.bytes);
  return true;
}

}  // namespace

void* take_large(std::size_t bytes, std::size_t alignment, Charge charge) noexcept {
  const auto charged = static_cast<std::int64_t>(bytes);
  if (!charge(charged)) {
    return nullptr;
  }
  const Pages pages = take_pages(bytes, alignment);
  if (pages.first == nullptr) {
    (void)charge(-charged);
    return nullptr;
  }
  if (!note({.pages = pages, .bytes = bytes, .charge = charge})) {
    give_pages(pages);
    (void)charge(-charged);
    return nullptr;
  }
  poison(pages.first + bytes, pages.bytes - bytes);
  return pages.first;
}

bool give_large(void* block) noexcept {
  Large large{};
  {
    const std::scoped_lock lock(state().mutex);
    const auto found = state().live.find(block);
    if (found == state().live.end()) {
      return false;
    }
    large = found->second;
    state().live.erase(found);
    state().bytes -= static_cast<std::int64_t>(large.bytes);
  }
  give_pages(large.pages);
  (void)large.charge(-static_cast<std::int64_t>(large.bytes));
  return true;
}

std::size_t large_bytes(const void* block) noexcept {
  const std::scoped_lock lock(state().mutex);
  const auto found = state().live.find(block);
  return found == state().live.end() ? 0 : found->second.bytes;
}

std::int64_t all_large_bytes() noexcept {
  const std::scoped_lock lock(state().mutex);
  return state().bytes;
}

void lock_large() noexcept { state().mutex.lock(); }
void unlock_large() noexcept { state().mutex.unlock(); }

}  // namespace assay::memory
