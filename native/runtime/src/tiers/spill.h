// The file of the lowest tier: nameless, so that it is gone with the process however that ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "assay/core/error.h"

namespace assay::tiers {

// The file or its disk is full; bytes that were to be written are still where they were.
class SpillFull : public Error {
 public:
  explicit SpillFull(const std::string& message) : Error(ErrorKind::storage, message) {}
};

// An open file, closed with the last extent that lies in it.
class SpillFile {
 public:
  // Throws Error when the folder can't hold a file.
  explicit SpillFile(const std::string& folder);
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  ~SpillFile();

  // Both move all bytes or throw; writing throws SpillFull where that is the reason.
  void write(const std::byte* from, std::size_t bytes, std::int64_t offset) const;
  void read(std::byte* to, std::size_t bytes, std::int64_t offset) const;

  // Takes [offset, offset + bytes) of the file, the first gap that fits or at its end; -1 when that passes `limit`.
  [[nodiscard]] std::int64_t take(std::int64_t bytes, std::int64_t limit_bytes);
  void give(std::int64_t offset, std::int64_t bytes) noexcept;

  // Lets the file system have what lies in gaps.
  void punch() noexcept;

  [[nodiscard]] std::int64_t length_bytes() const noexcept { return length_bytes_; }

 private:
  void give_or_throw(std::int64_t offset, std::int64_t bytes);

  int descriptor_;
  int owner_;                                  // the process; its children only read
  std::map<std::int64_t, std::int64_t> gaps_;  // offset to bytes; neighbours are joined
  std::int64_t gap_bytes_ = 0;                 // of them, not punched yet, at most
  std::int64_t length_bytes_ = 0;
};

struct Extent {
  std::shared_ptr<SpillFile> file;
  std::int64_t offset = 0;
  std::int64_t bytes = 0;
};

// Tells blocks that came back from those that went out.
[[nodiscard]] std::uint64_t checksum(const std::byte* data, std::size_t bytes) noexcept;

}  // namespace assay::tiers
