#include "memory.h"

#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

namespace assay::stacks {

void Memory::forget() noexcept {
  for (Page& page : pages_) {
    page.address = 1;
  }
}

const Memory::Page* Memory::page(std::uint64_t address) {
  Page& page = pages_[address / kPageBytes % kPages];
  if (page.address == address) {
    return &page;
  }
  page.address = 1;
  const iovec here{.iov_base = page.bytes.data(), .iov_len = kPageBytes};
  // NOLINTNEXTLINE: an address of the other process is never used as a pointer here
  const iovec there{.iov_base = reinterpret_cast<void*>(address), .iov_len = kPageBytes};
  const ssize_t done = process_vm_readv(static_cast<pid_t>(pid_), &here, 1, &there, 1, 0);
  if (done != static_cast<ssize_t>(kPageBytes)) {
    lost_ = lost_ || (done < 0 && (errno == ESRCH || errno == EPERM));
    return nullptr;
  }
  page.address = address;
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
    std::memcpy(out, found->bytes.data() + inside, piece);
    out += piece;
    address += piece;
    size -= piece;
  }
  return true;
}

}  // namespace assay::stacks
