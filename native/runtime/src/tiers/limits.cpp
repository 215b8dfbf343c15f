#include <algorithm>
#include <limits>

#include "pages/budget.h"
#include "pages/pages.h"
#include "tiers/store.h"

namespace assay::tiers {
namespace {

constexpr std::size_t HOLDERS_NAMED = 5;

std::string mebibytes(std::int64_t bytes) {
  const std::int64_t tenths = (bytes * 10 + (1 << 19)) / (1 << 20);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " MiB";
}

std::string use(std::string_view tier, std::int64_t bytes, std::int64_t limit) {
  return std::string(tier) + " " + mebibytes(bytes) + " of " + mebibytes(limit);
}

bool pinned(const Record& record) { return (record.word.load(std::memory_order_relaxed) & PINS) != 0; }

std::string_view state_of(const Record& record) {
  const std::uint32_t word = record.word.load(std::memory_order_relaxed);
  return (word & PINS) != 0 ? "pinned" : (word & RESIDENT) != 0 ? "in memory" : "moving";
}

void check(const MemoryLimits& limits) {
  for (const std::int64_t bytes :
       {limits.memory_bytes, limits.huge_bytes, limits.idle_bytes, limits.compressed_bytes, limits.spill_bytes}) {
    if (bytes < 0) {
      throw Error(ErrorKind::usage,
                  "set_memory_limits: a limit of " + std::to_string(bytes) + " bytes can't be; set 0 or more");
    }
  }
  if (limits.memory_bytes == 0) {
    throw Error(ErrorKind::usage, "set_memory_limits: memory_bytes is 0, which leaves no room for anything; set more");
  }
}

}  // namespace

MemoryLimits Store::limits() {
  const Lock lock(mutex_);
  MemoryLimits limits = limits_;
  limits.memory_bytes = memory::resident_limit_bytes();
  return limits;
}

void Store::set_limits(const MemoryLimits& limits) {
  check(limits);
  std::shared_ptr<SpillFile> file;
  if (!limits.spill_folder.empty() && limits.spill_bytes > 0) {
    file = std::make_shared<SpillFile>(limits.spill_folder);
  }
  {
    Lock lock(mutex_);
    if (limits.spill_folder != limits_.spill_folder || file_ == nullptr) {
      file_ = file;  // what lies in the old file stays there until it is used
    }
    limits_ = limits;
    spill_trouble_.clear();
    ++changes_;
    (void)make_compressed_room(0, lock);
  }
  memory::limit_resident(limits.memory_bytes);
  memory::limit_huge_pages(limits.huge_bytes);
  memory::limit_idle_pages(limits.idle_bytes);
  while (memory::resident_bytes() > limits.memory_bytes && evict_oldest()) {
  }
}

void Store::fill(MemoryStatistics& statistics) {
  const Lock lock(mutex_);
  statistics.buffer_bytes = buffer_bytes_;
  for (const Record* const record : records_) {
    statistics.pinned_bytes += pinned(*record) ? record->bytes : 0;
  }
  statistics.compressed_bytes = compressed_bytes_;
  statistics.compressed_from_bytes = compressed_from_bytes_;
  statistics.spill_bytes = spill_bytes_;
  statistics.spill_file_bytes = file_ == nullptr ? 0 : file_->length_bytes();
}

// Called without the lock.
std::string Store::describe() {
  const Lock lock(mutex_);
  std::vector<const Record*> holders;
  std::int64_t pinned_bytes = 0;
  for (const Record* const record : records_) {
    if (record->data != nullptr) {
      holders.push_back(record);
      pinned_bytes += pinned(*record) ? record->bytes : 0;
    }
  }
  std::ranges::sort(holders, std::greater{}, &Record::bytes);
  std::string text = use("Memory:", memory::resident_bytes(), memory::resident_limit_bytes()) + " (buffers " +
                     mebibytes(buffer_bytes_) + ", pinned " + mebibytes(pinned_bytes) + "); " +
                     use("compressed:", compressed_bytes_, limits_.compressed_bytes) + "; " +
                     use("spill:", spill_bytes_, limits_.spill_bytes) +
                     (limits_.spill_folder.empty() ? " (no folder)" : "") + ".";
  text += spill_trouble_.empty() ? "" : " Last refusal: " + spill_trouble_ + ".";
  text += holders.empty() ? "" : " Largest in memory:";
  for (std::size_t i = 0; i < std::min(HOLDERS_NAMED, holders.size()); ++i) {
    text += " '" + holders[i]->name + "' " + mebibytes(holders[i]->bytes) + " " + std::string(state_of(*holders[i])) +
            (i + 1 < std::min(HOLDERS_NAMED, holders.size()) ? "," : ".");
  }
  return text + " Unpin or free buffers, raise memory_bytes or compressed_bytes, or give a spill folder with room.";
}

void Store::punch() {
  const Lock lock(mutex_);
  if (file_ != nullptr) {
    file_->punch();
  }
}

}  // namespace assay::tiers
