#include "tiers/store.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "memory/storage.h"
#include "pages/budget.h"
#include "pages/pages.h"

namespace assay::tiers {
namespace {

constexpr std::size_t CANDIDATES = 64;
constexpr std::uint32_t SAMPLED_EVERY = 8;  // evictions: contents of a buffer seldom change their nature

// Lets go of the lock for a while, exceptions included.
class Unlocked {
 public:
  explicit Unlocked(std::unique_lock<std::mutex>& lock) : lock_(lock) { lock_.unlock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;
  ~Unlocked() { lock_.lock(); }

 private:
  std::unique_lock<std::mutex>& lock_;
};

void count(std::atomic<std::int64_t>& counter, std::int64_t value = 1) {
  counter.fetch_add(value, std::memory_order_relaxed);
}

void count_chunks(const Stored& stored) {
  for (const Chunk& chunk : stored.chunks) {
    count(Store::counters.chunks[static_cast<std::size_t>(chunk.codec)]);
  }
}

}  // namespace

constinit Counters Store::counters;

Record* Store::add(std::int64_t bytes, std::string_view name, Contents contents) {
  auto record = std::make_unique<Record>();
  record->bytes = bytes;
  record->name = name;
  record->contents = contents;
  const Lock lock(mutex_);
  record->place = records_.size();
  records_.push_back(record.get());
  return record.release();
}

void Store::remove(Record* record) noexcept {
  Lock lock(mutex_);
  std::erase(wanted_, record);
  changed_.wait(lock, [&] { return (record->word.load(std::memory_order_acquire) & MOVING) == 0; });
  if (record->data != nullptr) {
    release_memory(*record);
  }
  discard(record->stored);
  std::erase_if(candidates_, [&](const auto& candidate) { return candidate.second == record; });
  records_[record->place] = records_.back();
  records_[record->place]->place = record->place;
  records_.pop_back();
  lock.unlock();
  delete record;
}

Tier Store::tier(const Record& record) {
  const Lock lock(mutex_);
  if (record.data != nullptr) {
    return Tier::memory;
  }
  if (!record.stored.exists()) {
    return Tier::nowhere;
  }
  return record.stored.in_file() ? Tier::spill : Tier::compressed;
}

// --- upwards -------------------------------------------------------------------------------------------------------

void Store::pin_slowly(Record& record, Access access) {
  Lock lock(mutex_);
  while (!try_pin(record)) {
    if ((record.word.load(std::memory_order_acquire) & MOVING) != 0) {
      changed_.wait(lock);
      continue;
    }
    bring_back(record, access, lock);
    break;
  }
  if (access == Access::write) {
    record.dirty.store(true, std::memory_order_relaxed);
  }
}

// The record is neither resident nor moving; it is resident and pinned once when this returns.
void Store::bring_back(Record& record, Access access, Lock& lock) {
  record.word.store(MOVING, std::memory_order_relaxed);
  std::byte* data = nullptr;
  try {
    const Unlocked unlocked(lock);
    data = take_memory(record);
    if (record.stored.exists()) {
      load(record.stored, data);
    } else if (record.contents == Contents::zero) {
      std::memset(data, 0, static_cast<std::size_t>(record.bytes));
    }
  } catch (...) {
    if (data != nullptr) {
      memory::give_storage(data);
      (void)memory::charge_resident(-record.bytes);
    }
    settle(record, 0);
    throw;
  }
  record.data = data;
  buffer_bytes_ += record.bytes;
  if (record.stored.exists()) {
    count(counters.returns);
    count(record.stored.in_file() ? counters.spill_read_bytes : counters.decompressed_bytes,
          record.stored.in_file() ? record.stored.bytes() : record.bytes);
  }
  if (access == Access::write) {
    discard(record.stored);
  }
  record.dirty.store(false, std::memory_order_relaxed);
  settle(record, RESIDENT + 1);
}

// Charged memory for the record's bytes.
std::byte* Store::take_memory(const Record& record) {
  while (!memory::charge_resident(record.bytes)) {
    if (!evict_oldest()) {
      throw OutOfMemory("pin: no room for '" + record.name + "', " + std::to_string(record.bytes) + " bytes. " +
                        describe());
    }
  }
  void* const data = memory::take_storage(static_cast<std::size_t>(record.bytes));
  if (data == nullptr) {
    (void)memory::charge_resident(-record.bytes);
    throw OutOfMemory("pin: the system has no memory for '" + record.name + "', " + std::to_string(record.bytes) +
                      " bytes. " + describe());
  }
  return static_cast<std::byte*>(data);
}

// --- downwards -----------------------------------------------------------------------------------------------------

bool Store::evict_oldest() {
  Lock lock(mutex_);
  while (Record* const record = oldest_unpinned()) {
    if (move_out(*record, lock)) {
      return true;
    }
  }
  if (leaving_ > 0) {
    changed_.wait(lock);
    return true;
  }
  return false;
}

bool Store::evict(Record& record) {
  Lock lock(mutex_);
  return move_out(record, lock);
}

Record* Store::oldest_unpinned() {
  for (int round = 0; round < 2; ++round) {
    while (!candidates_.empty()) {
      const auto [use, record] = candidates_.back();
      candidates_.pop_back();
      if (record->word.load(std::memory_order_relaxed) == RESIDENT && record->stuck_at != changes_ &&
          record->last_use.load(std::memory_order_relaxed) == use) {
        return record;
      }
    }
    look_for_candidates();
  }
  return nullptr;
}

void Store::look_for_candidates() {
  for (Record* const record : records_) {
    if (record->word.load(std::memory_order_relaxed) == RESIDENT && record->stuck_at != changes_) {
      candidates_.emplace_back(record->last_use.load(std::memory_order_relaxed), record);
    }
  }
  const auto some = static_cast<std::ptrdiff_t>(std::min(CANDIDATES, candidates_.size()));
  std::partial_sort(candidates_.begin(), candidates_.begin() + some, candidates_.end());
  candidates_.resize(static_cast<std::size_t>(some));
  std::ranges::reverse(candidates_);
}

// False when the record is not resident, is pinned, or no tier takes it; its bytes are then where they were. Throws
// Error(storage) when the file fails for other reasons than room.
bool Store::move_out(Record& record, Lock& lock) {
  std::uint32_t expected = RESIDENT;
  if (!record.word.compare_exchange_strong(expected, MOVING, std::memory_order_acquire)) {
    return false;
  }
  ++leaving_;
  try {
    store_bytes(record, lock);
  } catch (const std::exception& error) {
    --leaving_;
    record.stuck_at = changes_;
    spill_trouble_ = error.what();
    settle(record, RESIDENT);
    if (dynamic_cast<const SpillFull*>(&error) == nullptr && dynamic_cast<const Error*>(&error) != nullptr) {
      throw;
    }
    return false;
  }
  --leaving_;
  release_memory(record);
  count(counters.evictions);
  settle(record, 0);
  return true;
}

void Store::store_bytes(Record& record, Lock& lock) {
  if (record.stored.exists() && !record.dirty.load(std::memory_order_relaxed)) {
    count(counters.free_evictions);
    return;
  }
  discard(record.stored);
  if (record.bytes == 0) {
    return;
  }
  Stored packed;
  {
    const Unlocked unlocked(lock);
    if (record.packed_times++ % SAMPLED_EVERY == 0) {
      record.codec = choose_codec(record.data, static_cast<std::size_t>(record.bytes));
    }
    packed = pack(record.codec, record.data, record.bytes);
  }
  if (packed.exists()) {
    keep_compressed(record, packed, lock);
  } else {
    packed = view(record.data, record.bytes);
    spill(packed, lock);
  }
  count_chunks(packed);
  record.stored = std::move(packed);
  record.dirty.store(false, std::memory_order_relaxed);
}

void Store::keep_compressed(Record& record, Stored& packed, Lock& lock) {
  count(counters.compressed_bytes, record.bytes);
  if (make_compressed_room(packed.bytes(), lock)) {
    compressed_bytes_ += packed.bytes();
    compressed_from_bytes_ += record.bytes;
    return;
  }
  try {
    spill(packed, lock);
  } catch (...) {
    free_chunks(packed);
    throw;
  }
}

// Copies of what is in memory go first, since they cost nothing to lose; then what was used longest ago, to the file.
bool Store::make_compressed_room(std::int64_t bytes, Lock& lock) {
  if (bytes > limits_.compressed_bytes) {
    return false;
  }
  while (compressed_bytes_ + bytes > limits_.compressed_bytes) {
    if (drop_copy(false)) {
      continue;
    }
    Record* const record = oldest_compressed();
    if (record == nullptr || !sink(*record, lock)) {
      return false;
    }
  }
  return true;
}

Record* Store::oldest_compressed() {
  Record* oldest = nullptr;
  for (Record* const record : records_) {
    if (record->word.load(std::memory_order_relaxed) == 0 && record->stored.exists() && !record->stored.in_file() &&
        (oldest == nullptr || record->last_use < oldest->last_use)) {
      oldest = record;
    }
  }
  return oldest;
}

bool Store::drop_copy(bool in_file) {
  for (Record* const record : records_) {
    if ((record->word.load(std::memory_order_relaxed) & RESIDENT) != 0 && record->stored.exists() &&
        record->stored.in_file() == in_file) {
      discard(record->stored);
      return true;
    }
  }
  return false;
}

// Moves compressed bytes to the file.
bool Store::sink(Record& record, Lock& lock) {
  record.word.store(MOVING, std::memory_order_relaxed);
  ++leaving_;
  const std::int64_t bytes = record.stored.bytes();
  bool moved = true;
  try {
    spill(record.stored, lock);
    compressed_bytes_ -= bytes;
    compressed_from_bytes_ -= record.bytes;
  } catch (const SpillFull& error) {
    spill_trouble_ = error.what();
    moved = false;
  } catch (...) {
    --leaving_;
    settle(record, 0);
    throw;
  }
  --leaving_;
  settle(record, 0);
  return moved;
}

void Store::spill(Stored& stored, Lock& lock) {
  const Extent extent = take_extent(stored.bytes());
  try {
    const Unlocked unlocked(lock);
    write_chunks(stored, extent);
  } catch (...) {
    give_extent(extent);
    throw;
  }
  settle_in(stored, extent);
  count(counters.spill_written_bytes, extent.bytes);
}

Extent Store::take_extent(std::int64_t bytes) {
  if (limits_.spill_folder.empty() || limits_.spill_bytes == 0) {
    throw SpillFull("no spill folder is set");
  }
  if (file_ == nullptr) {
    file_ = std::make_shared<SpillFile>(limits_.spill_folder);
  }
  std::int64_t offset = file_->take(bytes, limits_.spill_bytes);
  while (offset < 0 && drop_copy(true)) {
    offset = file_->take(bytes, limits_.spill_bytes);
  }
  if (offset < 0) {
    throw SpillFull("the spill file is full");
  }
  spill_bytes_ += bytes;
  return {.file = file_, .offset = offset, .bytes = bytes};
}

void Store::give_extent(const Extent& extent) noexcept {
  extent.file->give(extent.offset, extent.bytes);
  spill_bytes_ -= extent.bytes;
}

void Store::discard(Stored& stored) noexcept {
  if (!stored.exists()) {
    return;
  }
  if (stored.in_file()) {
    give_extent(stored.extent);
  } else {
    compressed_bytes_ -= stored.bytes();
    compressed_from_bytes_ -= stored.from_bytes();
  }
  free_chunks(stored);
  stored.extent = {};
  ++changes_;
}

void Store::release_memory(Record& record) noexcept {
  memory::give_storage(record.data);
  record.data = nullptr;
  buffer_bytes_ -= record.bytes;
  (void)memory::charge_resident(-record.bytes);
}

void Store::settle(Record& record, std::uint32_t word) noexcept {
  record.last_use.store(next_tick(), std::memory_order_relaxed);
  record.word.store(word, std::memory_order_release);
  changed_.notify_all();
}

}  // namespace assay::tiers
