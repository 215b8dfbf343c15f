#include "pages/budget.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>

namespace assay::memory {
namespace {

constinit std::atomic<std::int64_t> resident{0};
constinit std::atomic<std::int64_t> most_resident{0};
constinit std::atomic<std::int64_t> limit{0};  // 0: not decided yet
constinit std::atomic<MakeRoom> room_maker{nullptr};
constinit std::atomic<Describe> describer{nullptr};

void tighten(std::int64_t& bytes, const char* file) {
  std::int64_t found = 0;
  if (std::ifstream(file) >> found && found > 0) {  // "max" leaves it unread
    bytes = std::min(bytes, found);
  }
}

void raise_peak(std::int64_t value) noexcept {
  std::int64_t peak = most_resident.load(std::memory_order_relaxed);
  while (value > peak && !most_resident.compare_exchange_weak(peak, value, std::memory_order_relaxed)) {
  }
}

}  // namespace

std::int64_t machine_limit_bytes() noexcept {
  static const std::int64_t bytes = [] {
    std::int64_t most = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
    tighten(most, "/sys/fs/cgroup/memory.max");
    tighten(most, "/sys/fs/cgroup/memory/memory.limit_in_bytes");
    return most / 10 * 9;
  }();
  return bytes;
}

bool charge_resident(std::int64_t bytes) noexcept {
  const std::int64_t now = resident.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  if (bytes > 0 && now > resident_limit_bytes()) {
    resident.fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  raise_peak(now);
  return true;
}

std::int64_t resident_bytes() noexcept { return resident.load(std::memory_order_relaxed); }
std::int64_t most_resident_bytes() noexcept { return most_resident.load(std::memory_order_relaxed); }

std::int64_t resident_limit_bytes() noexcept {
  const std::int64_t bytes = limit.load(std::memory_order_relaxed);
  return bytes > 0 ? bytes : machine_limit_bytes();
}

void limit_resident(std::int64_t bytes) noexcept { limit.store(bytes, std::memory_order_relaxed); }

void set_make_room(MakeRoom make_room) noexcept { room_maker.store(make_room); }

bool make_room(std::int64_t bytes) {
  const MakeRoom maker = room_maker.load();
  return maker != nullptr && maker(bytes);
}

void set_describe(Describe describe) noexcept { describer.store(describe); }

std::string describe_holders() {
  const Describe describe = describer.load();
  return describe != nullptr ? describe()
                             : "Memory: " + std::to_string(resident_bytes()) + " of " +
                                   std::to_string(resident_limit_bytes()) + " bytes. Free blocks or raise the limit.";
}

}  // namespace assay::memory
