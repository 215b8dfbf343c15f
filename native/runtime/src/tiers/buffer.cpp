#include "assay/runtime/buffer.h"

#include "pages/budget.h"
#include "tiers/store.h"

namespace assay {

using tiers::Store;

std::string_view name(Tier tier) noexcept {
  switch (tier) {
    case Tier::memory:
      return "memory";
    case Tier::compressed:
      return "compressed";
    case Tier::spill:
      return "spill";
    case Tier::nowhere:
      break;
  }
  return "nowhere";
}

Pin::~Pin() {
  if (record_ != nullptr) {
    record_->last_use.store(tiers::next_tick(), std::memory_order_relaxed);
    record_->word.fetch_sub(1, std::memory_order_release);
  }
}

std::byte* Pin::data() const noexcept { return record_->data; }
std::int64_t Pin::bytes() const noexcept { return record_->bytes; }

Buffer::Buffer(std::int64_t bytes, std::string_view name, Contents contents) : record_(nullptr) {
  if (bytes < 0) {
    throw Error(ErrorKind::usage, "Buffer: " + std::to_string(bytes) + " bytes can't be; ask for 0 or more");
  }
  record_ = Store::the().add(bytes, name, contents);
}

Buffer::~Buffer() {
  if (record_ != nullptr) {
    Store::the().remove(record_);
  }
}

Pin Buffer::pin(Access access) {
  if (tiers::try_pin(*record_)) [[likely]] {
    if (access == Access::write) {
      record_->dirty.store(true, std::memory_order_relaxed);
    }
  } else {
    Store::the().pin_slowly(*record_, access);
  }
  return Pin(record_);
}

void Buffer::prefetch() { Store::the().prefetch(*record_); }

bool Buffer::evict() { return Store::the().evict(*record_); }

std::int64_t Buffer::bytes() const noexcept { return record_->bytes; }

const std::string& Buffer::name() const noexcept { return record_->name; }

Tier Buffer::tier() const { return Store::the().tier(*record_); }

std::int64_t Buffer::pins() const noexcept { return record_->word.load(std::memory_order_relaxed) & tiers::PINS; }

MemoryLimits memory_limits() { return Store::the().limits(); }

void set_memory_limits(const MemoryLimits& limits) { Store::the().set_limits(limits); }

TierTraffic tier_traffic() noexcept {
  const auto read = [](const std::atomic<std::int64_t>& counter) { return counter.load(std::memory_order_relaxed); };
  return {.compressed_bytes = read(Store::counters.compressed_bytes),
          .decompressed_bytes = read(Store::counters.decompressed_bytes),
          .spill_written_bytes = read(Store::counters.spill_written_bytes),
          .spill_read_bytes = read(Store::counters.spill_read_bytes)};
}

MemoryStatistics memory_statistics() {
  using tiers::Codec;
  const tiers::Counters& counters = Store::counters;
  MemoryStatistics statistics{};
  statistics.blocks = block_statistics();
  statistics.traffic = tier_traffic();
  statistics.resident_bytes = memory::resident_bytes();
  statistics.most_resident_bytes = memory::most_resident_bytes();
  Store::the().fill(statistics);
  statistics.evictions = counters.evictions;
  statistics.free_evictions = counters.free_evictions;
  statistics.returns = counters.returns;
  statistics.prefetches = counters.prefetches;
  statistics.failed_prefetches = counters.failed_prefetches;
  statistics.chunks_raw = counters.chunks[static_cast<std::size_t>(Codec::raw)];
  statistics.chunks_lz4 = counters.chunks[static_cast<std::size_t>(Codec::lz4)];
  statistics.chunks_zstd = counters.chunks[static_cast<std::size_t>(Codec::zstd)];
  statistics.without_lz4 = tiers::reason_without(Codec::lz4);
  statistics.without_zstd = tiers::reason_without(Codec::zstd);
  return statistics;
}

}  // namespace assay
