#include "tiers/spill.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <system_error>

namespace assay::tiers {
namespace {

constexpr std::int64_t BLOCK_BYTES = 4096;
constexpr std::int64_t GAP_BYTES_KEPT = std::int64_t{256} << 20;

std::int64_t in_blocks(std::int64_t bytes) { return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES; }

std::string text_of(int error) { return std::generic_category().message(error); }

int open_nameless(const std::string& folder) {
  int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
    std::string name = folder + "/assay-spill-XXXXXX";
    descriptor = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) {
      unlink(name.c_str());
    }
  }
  return descriptor;
}

[[noreturn]] void refuse_write(int error) {
  const std::string message = "spill: a write failed: " + text_of(error);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    throw SpillFull(message);
  }
  throw Error(ErrorKind::storage, message + "; the bytes stay in memory. Check the disk, or set another spill folder");
}

// Beyond this limit a write would end the process by a signal.
bool passes_file_size_limit(std::int64_t end) {
  rlimit limit{};
  return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
         static_cast<std::uint64_t>(end) > limit.rlim_cur;
}

}  // namespace

SpillFile::SpillFile(const std::string& folder) : descriptor_(open_nameless(folder)), owner_(getpid()) {
  if (descriptor_ < 0) {
    throw Error(ErrorKind::storage, "spill: no file can be made in '" + folder + "': " + text_of(errno) +
                                        "; set a folder that you may write to");
  }
}

SpillFile::~SpillFile() { close(descriptor_); }

void SpillFile::write(const std::byte* from, std::size_t bytes, std::int64_t offset) const {
  if (passes_file_size_limit(offset + static_cast<std::int64_t>(bytes))) {
    refuse_write(EFBIG);
  }
  while (bytes > 0) {
    const ssize_t written = pwrite(descriptor_, from, bytes, offset);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      refuse_write(written < 0 ? errno : ENOSPC);
    }
    from += written;
    bytes -= static_cast<std::size_t>(written);
    offset += written;
  }
}

void SpillFile::read(std::byte* to, std::size_t bytes, std::int64_t offset) const {
  while (bytes > 0) {
    const ssize_t got = pread(descriptor_, to, bytes, offset);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      throw Error(ErrorKind::storage, "spill: a read failed: " + (got < 0 ? text_of(errno) : "the file is too short") +
                                          "; check the disk and try again");
    }
    to += got;
    bytes -= static_cast<std::size_t>(got);
    offset += got;
  }
}

std::int64_t SpillFile::take(std::int64_t bytes, std::int64_t limit_bytes) {
  const std::int64_t wanted = in_blocks(bytes);
  for (auto gap = gaps_.begin(); gap != gaps_.end(); ++gap) {
    const auto [offset, gap_bytes] = *gap;
    if (gap_bytes < wanted) {
      continue;
    }
    if (gap_bytes > wanted) {
      gaps_.emplace(offset + wanted, gap_bytes - wanted);
    }
    gaps_.erase(offset);
    gap_bytes_ = std::max<std::int64_t>(gap_bytes_ - wanted, 0);
    return offset;
  }
  if (length_bytes_ + wanted > limit_bytes) {
    return -1;
  }
  length_bytes_ += wanted;
  return length_bytes_ - wanted;
}

void SpillFile::give(std::int64_t offset, std::int64_t bytes) noexcept {
  if (owner_ != getpid()) {
    return;
  }
  try {
    give_or_throw(offset, in_blocks(bytes));
  } catch (const std::bad_alloc&) {
    // The gap is forgotten: the file stays that much longer than it need be.
  }
  if (gap_bytes_ > GAP_BYTES_KEPT) {
    punch();
  }
}

void SpillFile::give_or_throw(std::int64_t offset, std::int64_t bytes) {
  gap_bytes_ += bytes;
  const auto next = gaps_.lower_bound(offset);
  if (next != gaps_.end() && next->first == offset + bytes) {
    bytes += next->second;
    gaps_.erase(next);
  }
  const auto after = gaps_.lower_bound(offset);
  if (after != gaps_.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second == offset) {
      before->second += bytes;
      return;
    }
  }
  gaps_.emplace(offset, bytes);
}

void SpillFile::punch() noexcept {
  if (owner_ != getpid()) {
    return;
  }
  if (!gaps_.empty() && std::prev(gaps_.end())->first + std::prev(gaps_.end())->second == length_bytes_) {
    const auto last = std::prev(gaps_.end());
    if (ftruncate(descriptor_, last->first) == 0) {
      length_bytes_ = last->first;
      gaps_.erase(last);
    }
  }
  for (const auto& [offset, bytes] : gaps_) {
    fallocate(descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes);  // a refusal costs space alone
  }
  gap_bytes_ = 0;
}

// A quarter of every cache line, in four chains that overlap: a file goes wrong by blocks of 512 bytes or more, never
// between two samples, and summing everything would cost a third of what the page cache delivers.
std::uint64_t checksum(const std::byte* data, std::size_t bytes) noexcept {
  __extension__ using Wide = unsigned __int128;
  constexpr std::uint64_t factor = 0x9fb2'1c65'1e98'df25;
  constexpr std::size_t chains = 4;
  constexpr std::size_t stride = 64;
  std::array<std::uint64_t, chains> lanes{1, 2, 3, 4};
  std::size_t done = 0;
  for (; done + stride * chains <= bytes; done += stride * chains) {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < chains; ++i) {
      std::array<std::uint64_t, 2> words{};
      std::memcpy(words.data(), data + done + stride * i, sizeof(words));
      const Wide product = static_cast<Wide>(words[0] ^ lanes[i]) * (words[1] ^ factor);
      lanes[i] += static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }
  }
  std::uint64_t sum = bytes;
  for (; done < bytes; ++done) {
    sum = (sum ^ static_cast<std::uint64_t>(data[done])) * factor;
  }
  for (const std::uint64_t lane : lanes) {
    sum = (sum ^ lane) * factor;
    sum ^= sum >> 29;
  }
  return sum;
}

}  // namespace assay::tiers
