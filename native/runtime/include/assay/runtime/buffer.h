// Bytes that may move between tiers while nobody uses them: memory, compressed memory, a file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/runtime/memory.h"

namespace assay {

namespace tiers {
struct Record;
}

enum class Tier : std::uint8_t { memory, compressed, spill, nowhere };  // nowhere: not written yet

[[nodiscard]] std::string_view name(Tier tier) noexcept;

enum class Access : std::uint8_t {
  read,   // a copy in a lower tier stays valid, so that the next eviction costs nothing
  write,  // reading and writing
};

enum class Contents : std::uint8_t { undefined, zero };

// Keeps a buffer's bytes in memory, at one address, while it lives.
class Pin {
 public:
  Pin() = default;
  Pin(Pin&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  Pin& operator=(Pin&& other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~Pin();

  [[nodiscard]] std::byte* data() const noexcept;
  [[nodiscard]] std::int64_t bytes() const noexcept;

 private:
  friend class Buffer;
  explicit Pin(tiers::Record* record) noexcept : record_(record) {}
  tiers::Record* record_ = nullptr;
};

// Safe to use from several threads; whoever destroys it must hold the last Pin no more.
class Buffer {
 public:
  // Takes no memory before the first pin. `name` is what OutOfMemory calls it.
  explicit Buffer(std::int64_t bytes, std::string_view name = "", Contents contents = Contents::undefined);
  Buffer(Buffer&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(record_, other.record_);
    return *this;
  }
  ~Buffer();

  // Brings the bytes into memory, moving out the unpinned buffers that were used longest ago where the limit asks for
  // it. Aligned to 64 bytes, from 2 MiB on to 2 MiB. Throws OutOfMemory, and Error(storage) when a file can't be read
  // or written; the buffer then keeps its bytes where they are, and pinning may be tried again.
  [[nodiscard]] Pin pin(Access access = Access::write);

  // Asks for the bytes to be brought into memory in the background. A hint: failures are only counted.
  void prefetch();

  // Moves the bytes to a lower tier now. False when they are pinned, not in memory, or no tier has room.
  bool evict();

  [[nodiscard]] std::int64_t bytes() const noexcept;
  [[nodiscard]] const std::string& name() const noexcept;
  [[nodiscard]] Tier tier() const;
  [[nodiscard]] std::int64_t pins() const noexcept;

 private:
  tiers::Record* record_;
};

// What may be used at most. Lowering a limit moves buffers out at once, as far as they are not pinned.
struct MemoryLimits {
  std::int64_t memory_bytes;      // resident: buffers, large blocks, slabs of small blocks; idle pages come on top
  std::int64_t huge_bytes;        // of pages that the kernel is asked to make huge
  std::int64_t idle_bytes;        // of pages kept for reuse
  std::int64_t compressed_bytes;  // as compressed
  std::int64_t spill_bytes;       // of the file; 0 spills nothing
  std::string spill_folder;       // where the file is made, nameless; empty spills nothing
};
[[nodiscard]] MemoryLimits memory_limits();

// Throws Error when a value can't be right or the folder can't hold the file; nothing is changed then.
void set_memory_limits(const MemoryLimits& limits);

// Bytes that moved between tiers since the start, for the counters of a launch.
struct TierTraffic {
  std::int64_t compressed_bytes;    // taken in by the compressor
  std::int64_t decompressed_bytes;  // given out by it
  std::int64_t spill_written_bytes;
  std::int64_t spill_read_bytes;
};
[[nodiscard]] TierTraffic tier_traffic() noexcept;

struct MemoryStatistics {
  BlockStatistics blocks;
  TierTraffic traffic;
  std::int64_t resident_bytes;       // what memory_bytes limits
  std::int64_t most_resident_bytes;  // ever
  std::int64_t buffer_bytes;         // of those, buffers
  std::int64_t pinned_bytes;         // of those, pinned
  std::int64_t compressed_bytes;     // as compressed
  std::int64_t compressed_from_bytes;
  std::int64_t spill_bytes;       // in the file
  std::int64_t spill_file_bytes;  // the file's length, holes included
  std::int64_t evictions;
  std::int64_t free_evictions;  // of those, with a valid copy below
  std::int64_t returns;
  std::int64_t prefetches;
  std::int64_t failed_prefetches;
  std::int64_t chunks_lz4;
  std::int64_t chunks_zstd;
  std::int64_t chunks_raw;
  std::string without_lz4;   // why not; empty where it is used
  std::string without_zstd;  // the same
};
[[nodiscard]] MemoryStatistics memory_statistics();

}  // namespace assay
