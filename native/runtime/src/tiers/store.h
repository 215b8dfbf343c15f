// Which buffer is in which tier, and what moves when there is no room.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "assay/runtime/buffer.h"
#include "tiers/stored.h"

namespace assay::tiers {

// `word` is RESIDENT + pins while the bytes are in memory, MOVING while one thread moves them, which alone touches the
// rest then, and 0 while they are not in memory. All changes but those of pins are made under the store's mutex.
inline constexpr std::uint32_t RESIDENT = 1U << 31;
inline constexpr std::uint32_t MOVING = 1U << 30;
inline constexpr std::uint32_t PINS = MOVING - 1;

struct Record {
  std::atomic<std::uint32_t> word{0};
  std::atomic<bool> dirty{false};  // written since `stored` was made
  std::atomic<std::uint64_t> last_use{0};
  std::byte* data = nullptr;
  std::int64_t bytes = 0;
  Contents contents = Contents::undefined;  // of a buffer that was never in memory
  Stored stored;                            // a valid copy, unless dirty
  std::uint64_t stuck_at = 0;               // no tier took it then; tried again after something has changed
  std::size_t place = 0;                    // in the store's list
  Codec codec = Codec::raw;                 // what paid when it was last tried
  std::uint32_t packed_times = 0;           // since when it is tried every SAMPLED_EVERY times
  std::string name;
};

// Adds a pin if the bytes are in memory.
inline bool try_pin(Record& record) noexcept {
  std::uint32_t word = record.word.load(std::memory_order_relaxed);
  while ((word & RESIDENT) != 0) {
    if (record.word.compare_exchange_weak(word, word + 1, std::memory_order_acquire, std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

// The order in which buffers were used.
inline constinit std::atomic<std::uint64_t> ticks{1};

inline std::uint64_t next_tick() noexcept { return ticks.fetch_add(1, std::memory_order_relaxed); }

struct Counters {
  std::atomic<std::int64_t> compressed_bytes{0};
  std::atomic<std::int64_t> decompressed_bytes{0};
  std::atomic<std::int64_t> spill_written_bytes{0};
  std::atomic<std::int64_t> spill_read_bytes{0};
  std::atomic<std::int64_t> evictions{0};
  std::atomic<std::int64_t> free_evictions{0};
  std::atomic<std::int64_t> returns{0};
  std::atomic<std::int64_t> prefetches{0};
  std::atomic<std::int64_t> failed_prefetches{0};
  std::array<std::atomic<std::int64_t>, 3> chunks{};  // by codec
};

class Store {
 public:
  static Store& the();

  [[nodiscard]] Record* add(std::int64_t bytes, std::string_view name, Contents contents);
  void remove(Record* record) noexcept;

  // Brings the bytes back where they are not in memory, and pins them.
  void pin_slowly(Record& record, Access access);
  void prefetch(Record& record);
  bool evict(Record& record);
  [[nodiscard]] Tier tier(const Record& record);

  // Moves out the buffer that was used longest ago. False when there is none that could be.
  bool evict_oldest();

  [[nodiscard]] MemoryLimits limits();
  void set_limits(const MemoryLimits& limits);
  void fill(MemoryStatistics& statistics);
  [[nodiscard]] std::string describe();
  void punch();

  static Counters counters;

 private:
  friend struct Forking;
  using Lock = std::unique_lock<std::mutex>;

  Store();
  [[nodiscard]] Record* oldest_unpinned();
  void look_for_candidates();
  bool move_out(Record& record, Lock& lock);
  void store_bytes(Record& record, Lock& lock);
  void release_memory(Record& record) noexcept;
  [[nodiscard]] std::byte* take_memory(const Record& record);
  [[nodiscard]] Record* oldest_compressed();
  void keep_compressed(Record& record, Stored& packed, Lock& lock);
  [[nodiscard]] bool make_compressed_room(std::int64_t bytes, Lock& lock);
  [[nodiscard]] bool drop_copy(bool in_file);
  bool sink(Record& record, Lock& lock);
  void spill(Stored& stored, Lock& lock);
  void give_extent(const Extent& extent) noexcept;
  [[nodiscard]] Extent take_extent(std::int64_t bytes);
  void discard(Stored& stored) noexcept;
  void settle(Record& record, std::uint32_t word) noexcept;
  void bring_back(Record& record, Access access, Lock& lock);
  void work_in_background();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Record*> records_;
  std::vector<std::pair<std::uint64_t, Record*>>
      candidates_;  // by last use, the longest ago last; made anew when empty
  std::shared_ptr<SpillFile> file_;
  MemoryLimits limits_;
  std::int64_t compressed_bytes_ = 0;
  std::int64_t compressed_from_bytes_ = 0;
  std::int64_t spill_bytes_ = 0;
  std::int64_t buffer_bytes_ = 0;
  std::int64_t leaving_ = 0;   // buffers that are being moved out
  std::uint64_t changes_ = 1;  // how often a lower tier got room
  std::string spill_trouble_;
  std::deque<Record*> wanted_;  // to be prefetched
  std::condition_variable wanted_changed_;
  bool background_ = false;
};

}  // namespace assay::tiers
