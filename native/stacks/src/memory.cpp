#include "memory.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace assay::stacks {

namespace {

constexpr std::uint64_t kNone = 1;  // the address of no page

}  // namespace

void Memory::forget() noexcept { addresses_.fill(kNone); }

const Memory::Page* Memory::page(std::uint64_t address) {
  const std::size_t place = address / kPageBytes % kPages;
  Page& page = pages_[place];
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
