#include "memory.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace assay::stacks {

void Memory::begin(std::uint64_t key) {
  if (habits_.size() >= kMostHabits) {
    habits_.clear();
  }
  habits_[key_].swap(used_);
  used_.clear();
  is_used_.fill(false);
  addresses_.fill(kNone);
  key_ = key;
  const auto habit = habits_.find(key);
  if (habit != habits_.end() && habit->second.size() > 1) {
    fetch(habit->second);
  }
}

// Reads pages at once, as far as they are there; whichever are not will be found missing when they are looked at.
void Memory::fetch(const std::vector<std::uint64_t>& wanted) {
  std::array<iovec, kMostAtOnce> here{};
  std::array<iovec, kMostAtOnce> there{};
  std::size_t count = 0;
  std::array<bool, kPages> is_taken{};
  for (const std::uint64_t address : wanted) {
    const std::size_t place = place_of(address);
    if (count < kMostAtOnce && !is_taken[place]) {
      is_taken[place] = true;
      here[count] = {.iov_base = pages_[place].data(), .iov_len = kPageBytes};
      // NOLINTNEXTLINE: an address of the other process is never used as a pointer here
      there[count] = {.iov_base = reinterpret_cast<void*>(address), .iov_len = kPageBytes};
      ++count;
    }
  }
  const ssize_t done = process_vm_readv(static_cast<pid_t>(pid_), here.data(), count, there.data(), count, 0);
  const std::size_t whole = done < 0 ? 0 : static_cast<std::size_t>(done) / kPageBytes;
  for (std::size_t number = 0; number < whole; ++number) {
    // NOLINTNEXTLINE: as above
    const auto address = reinterpret_cast<std::uint64_t>(there[number].iov_base);
    addresses_[place_of(address)] = address;
  }
}

void Memory::note(std::uint64_t address, std::size_t place) {
  if (!is_used_[place] && used_.size() < kMostAtOnce) {
    is_used_[place] = true;
    used_.push_back(address);
  }
}

const Memory::Page* Memory::page(std::uint64_t address) {
  const std::size_t place = place_of(address);
  Page& page = pages_[place];
  note(address, place);
  if (addresses_[place] == address) {
    return &page;
  }
  addresses_[place] = kNone;
  const iovec here{.iov_base = page.data(), .iov_len = kPageBytes};
  // NOLINTNEXTLINE: an address of the other process is never used as a pointer here
  const iovec there{.iov_base = reinterpret_cast<void*>(address), .iov_len = kPageBytes};
  const ssize_t done = process_vm_readv(static_cast<pid_t>(pid_), &here, 1, &there, 1, 0);
  if (done != static_cast<ssize_t>(kPageBytes)) {
    lost_ = lost_ || (done < 0 && (errno == ESRCH || errno == EPERM));
    return nullptr;
  }
  addresses_[place] = address;
  return &page;
}

bool Memory::copy(std::uint64_t address, void* target, std::size_t size) {
  auto* out = static_cast<std::byte*>(target);
  while (size > 0) {
    const std::size_t inside = address % kPageBytes;
    const Page* const found = page(address - inside);
    if (found == nullptr) {
      return false;
    }
    const std::size_t piece = std::min(size, kPageBytes - inside);
    std::memcpy(out, found->data() + inside, piece);
    out += piece;
    address += piece;
    size -= piece;
  }
  return true;
}

}  // namespace assay::stacks
