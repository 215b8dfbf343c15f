#include "assay/runtime/stream/counters.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "assay/core/error.h"
#include "assay/runtime/buffer.h"
#include "assay/runtime/parallel.h"
#include "ring.h"

namespace assay {

namespace {

using LaunchRing = Ring<Launch>;

// Every thread's ring. Held for ever, since a thread may end after main().
struct Rings {
  std::mutex mutex;
  std::vector<std::shared_ptr<LaunchRing>> all;
  std::int64_t rows_per_thread = 0;
  std::int64_t dropped = 0;  // by rings that are gone
};

Rings& rings() {
  static Rings* const instance = [] {
    pthread_atfork([] { rings().mutex.lock(); }, [] { rings().mutex.unlock(); }, [] { rings().mutex.unlock(); });
    return new Rings;
  }();
  return *instance;
}

// Counts the starts: a thread's ring of an earlier one is replaced.
constinit std::atomic<std::int64_t> session{0};

// The ring of this thread and the session it is of. Plain words, so that a launch reads them without a call.
[[gnu::tls_model("initial-exec")]] constinit thread_local LaunchRing* own_ring = nullptr;
[[gnu::tls_model("initial-exec")]] constinit thread_local std::int64_t own_session = 0;

// Makes it known that the thread has ended: drained, the ring may go.
struct Owner {
  std::shared_ptr<LaunchRing> ring;
  ~Owner() { own_ring = nullptr; }
};

thread_local Owner own;

// Null where there is no memory for one.
[[gnu::noinline]] LaunchRing* renewed_ring() noexcept {
  try {
    Rings& shared = rings();
    const std::lock_guard lock(shared.mutex);
    own_session = session;
    const auto thread = static_cast<std::int32_t>(syscall(SYS_gettid));
    if (own.ring != nullptr && own.ring->thread() == thread && own.ring->serves_again(shared.rows_per_thread)) {
      own.ring->restart();  // it is in no list: start_counters() has emptied that
    } else {
      own.ring = std::make_shared<LaunchRing>(shared.rows_per_thread, thread);
    }
    shared.all.push_back(own.ring);
    own_ring = own.ring.get();
  } catch (const std::exception&) {
    own_ring = nullptr;
  }
  return own_ring;
}

class ColumnWriter {
 public:
  explicit ColumnWriter(LaunchColumns& columns) : columns_(columns) {}

  void add(const Launch& launch, std::int32_t thread) {
    const std::int64_t start_ns = clock_.to_ns(launch.start_ticks);
    const std::int64_t end_ns = std::max(start_ns, clock_.to_ns(launch.end_ticks));
    columns_.name.push_back(index_of(launch.name));
    columns_.kind.push_back(static_cast<std::int32_t>(launch.kind));
    columns_.stream.push_back(launch.stream);
    columns_.thread.push_back(thread);
    columns_.start_ns.push_back(start_ns);
    columns_.end_ns.push_back(end_ns);
    columns_.flops.push_back(launch.work.flops);
    columns_.bytes_read.push_back(launch.work.bytes_read);
    columns_.bytes_written.push_back(launch.work.bytes_written);
    columns_.tier_bytes.push_back(launch.tier_bytes);
    columns_.occupancy.push_back(occupancy(launch.pool_ns, end_ns - start_ns));
  }

 private:
  // The calling thread works but for what it waited, which `pool_ns` has off already.
  [[nodiscard]] double occupancy(std::int64_t pool_ns, std::int64_t wall_ns) const {
    if (wall_ns <= 0 || pool_ns == counters::UNKNOWN_NS) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const double busy = static_cast<double>(pool_ns + wall_ns) / static_cast<double>(wall_ns);
    return std::clamp(busy / static_cast<double>(workers_), 0.0, 1.0);
  }

  std::int32_t index_of(const char* name) {
    const auto [place, is_new] = indices_.try_emplace(name, static_cast<std::int32_t>(columns_.names.size()));
    if (is_new) {
      columns_.names.push_back(name);
    }
    return place->second;
  }

  LaunchColumns& columns_;
  const DeviceClock clock_ = DeviceClock::until_now();
  const std::int64_t workers_ = workers();
  std::unordered_map<std::string_view, std::int32_t> indices_;
};

std::int64_t moved_bytes() noexcept {
  const TierTraffic traffic = tier_traffic();
  return traffic.compressed_bytes + traffic.decompressed_bytes + traffic.spill_written_bytes + traffic.spill_read_bytes;
}

}  // namespace

namespace counters {

std::atomic<bool> on{false};

void keep(const Launch& launch) noexcept {
  LaunchRing* ring = own_ring;
  if (own_session != session.load(std::memory_order_relaxed)) [[unlikely]] {
    ring = renewed_ring();
  }
  if (ring != nullptr) {
    ring->push(launch);
  }
}

}  // namespace counters

void LaunchScope::begin(std::int32_t stream, const char* name, const Work& work, LaunchKind kind) noexcept {
  pool_ = counters::pool_now();
  launch_.name = name;
  launch_.work = work;
  launch_.stream = stream;
  launch_.kind = kind;
  launch_.tier_bytes = moved_bytes();
  launch_.start_ticks = device_ticks();
}

void LaunchScope::finish() noexcept {
  launch_.end_ticks = device_ticks();
  launch_.pool_ns = counters::pool_since(pool_);
  launch_.tier_bytes = moved_bytes() - launch_.tier_bytes;
  counters::keep(launch_);
}

void start_counters(std::int64_t rows_per_thread) {
  if (rows_per_thread < 1) {
    throw Error(ErrorKind::usage, "start_counters: " + std::to_string(rows_per_thread) + " rows; keep at least 1");
  }
  Rings& shared = rings();
  const std::lock_guard lock(shared.mutex);
  if (counting()) {
    throw Error(ErrorKind::usage, "start_counters: they are on already; stop the other profile first");
  }
  shared.all.clear();
  shared.dropped = 0;
  shared.rows_per_thread = rows_per_thread;
  ++session;
  counters::on = true;
}

void stop_counters() noexcept { counters::on = false; }

LaunchColumns drain_counters() {
  LaunchColumns columns;
  ColumnWriter writer(columns);
  Rings& shared = rings();
  const std::lock_guard lock(shared.mutex);
  for (const std::shared_ptr<LaunchRing>& ring : shared.all) {
    ring->drain([&](const Launch& launch) { writer.add(launch, ring->thread()); });
  }
  // What no thread owns any more can't grow again.
  std::erase_if(shared.all, [&](const std::shared_ptr<LaunchRing>& ring) {
    const bool gone = ring.use_count() == 1 && ring->empty();
    shared.dropped += gone ? ring->dropped() : 0;
    return gone;
  });
  columns.dropped = shared.dropped;
  for (const std::shared_ptr<LaunchRing>& ring : shared.all) {
    columns.dropped += ring->dropped();
  }
  return columns;
}

}  // namespace assay
