#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <unordered_map>

#include "assay/core/error.h"
#include "assay/runtime/trace.h"
#include "stream/ring.h"
#include "ticks.h"

namespace assay::trace {

namespace {

// One thread's events. Lives until its thread has ended and what it left was drained.
struct Track {
  std::unique_ptr<Ring<Event>> ring;
  std::int64_t rows = 0;
  std::int64_t session = 0;
  bool gone = false;  // its thread has ended
};

constinit std::atomic<std::int64_t> session{0};

// A pointer and nothing more: the room for such variables of a module that is loaded late is scarce.
[[gnu::tls_model("initial-exec")]] constinit thread_local Track* own = nullptr;

// Held for ever, since a thread may end after main().
struct Recording {
  std::mutex mutex;
  std::vector<Track*> tracks;
  std::unordered_map<std::string, Name> places;
  std::vector<std::string> names;
  std::optional<Ticks> ticks;
  std::int64_t rows_per_thread = 0;
  std::int64_t dropped = 0;  // by tracks that are gone
  pthread_key_t ending{};    // tells that a thread ends
};

Recording& recording() {
  static Recording* const instance = new Recording;
  return *instance;
}

// With the mutex held.
void forget(Recording& shared, Track* track) {
  shared.dropped += track->session == session ? track->ring->dropped() : 0;
  std::erase(shared.tracks, track);
  delete track;
}

void thread_ends(void* ended) {
  auto* const track = static_cast<Track*>(ended);
  Recording& shared = recording();
  const std::lock_guard lock(shared.mutex);
  own = nullptr;
  track->gone = true;
  if (track->session != session || track->ring->empty()) {
    forget(shared, track);
  }
}

void before_fork() { recording().mutex.lock(); }
void in_parent() { recording().mutex.unlock(); }

// Nobody drains in the child: it records nothing until it starts a recording of its own.
void in_child() {
  Recording& shared = recording();
  new (&shared.mutex) std::mutex;
  detail::state = 0;
  ++session;
  std::erase_if(shared.tracks, [](const Track* track) { return track != own; });
}

void watch_threads_and_forks(Recording& shared) {
  static const bool watched = [&shared] {
    return pthread_key_create(&shared.ending, thread_ends) == 0 &&
           pthread_atfork(before_fork, in_parent, in_child) == 0;
  }();
  if (!watched) {
    throw Error(ErrorKind::unavailable, "trace: the system has no room to watch threads end");
  }
}

// The calling thread's track in this recording; null where there is no memory for one.
[[gnu::noinline]] Track* enrolled() noexcept {
  try {
    Recording& shared = recording();
    const std::lock_guard lock(shared.mutex);
    if (own == nullptr) {
      auto track = std::make_unique<Track>();
      shared.tracks.push_back(track.get());
      own = track.release();
      pthread_setspecific(shared.ending, own);
    }
    if (own->ring != nullptr && own->rows == shared.rows_per_thread) {
      own->ring->restart();
    } else {
      const auto thread = static_cast<std::int32_t>(syscall(SYS_gettid));
      own->ring = std::make_unique<Ring<Event>>(shared.rows_per_thread, thread);
      own->rows = shared.rows_per_thread;
    }
    own->session = session;
    return own;
  } catch (const std::exception&) {
    return nullptr;
  }
}

class ColumnWriter {
 public:
  ColumnWriter(Columns& columns, const Ticks& ticks) : columns_(columns), ticks_(ticks) {}

  void add(const Event& event, std::int32_t thread) {
    const std::int64_t start_ns = ticks_.to_ns(event.start_ticks);
    columns_.start_ns.push_back(start_ns);
    columns_.end_ns.push_back(std::max(start_ns, ticks_.to_ns(event.end_ticks)));
    columns_.cpu_ns.push_back(event.cpu_ns);
    columns_.flops.push_back(event.work.flops);
    columns_.read_bytes.push_back(event.work.bytes_read);
    columns_.written_bytes.push_back(event.work.bytes_written);
    columns_.kv_bytes.push_back(event.kv_bytes);
    columns_.thread.push_back(thread);
    columns_.step.push_back(place_of(event.what.step));
    columns_.phase.push_back(place_of(event.place.phase));
    columns_.op.push_back(place_of(event.what.part));
    columns_.device.push_back(place_of(event.place.device));
    columns_.layer.push_back(event.what.layer);
    columns_.token.push_back(event.place.token);
    columns_.invocation.push_back(event.place.invocation);
    columns_.sequence.push_back(event.place.sequence);
    columns_.tokens.push_back(event.place.tokens);
  }

 private:
  static std::int32_t place_of(Name name) { return name == NO_NAME ? NONE : std::int32_t{name}; }

  Columns& columns_;
  const Ticks& ticks_;
};

}  // namespace

namespace detail {

constinit std::atomic<int> state{0};

std::int64_t thread_cpu_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void finish(Event& event, bool cpu) noexcept {
  event.end_ticks = device_ticks();
  if (cpu) {
    event.cpu_ns = thread_cpu_ns() - event.cpu_ns;
  }
  keep(event);
}

}  // namespace detail

Name name(std::string_view text) {
  Recording& shared = recording();
  const std::lock_guard lock(shared.mutex);
  const auto [place, is_new] = shared.places.try_emplace(std::string(text), static_cast<Name>(shared.names.size()));
  if (is_new) {
    if (shared.names.size() >= NO_NAME) {
      shared.places.erase(place);
      throw Error(ErrorKind::usage, "trace: more than 65,535 names; use few names of steps and parts");
    }
    shared.names.emplace_back(text);
  }
  return place->second;
}

void keep(const Event& event) noexcept {
  Track* track = own;
  if (track == nullptr || track->session != session.load(std::memory_order_relaxed)) [[unlikely]] {
    track = enrolled();
  }
  if (track != nullptr) {
    track->ring->push(event);
  }
}

void start(std::int64_t rows_per_thread, CpuTime cpu) {
  if (rows_per_thread < 1 || rows_per_thread > (std::int64_t{1} << 24)) {
    throw Error(ErrorKind::usage, "trace: " + std::to_string(rows_per_thread) + " rows a thread; keep 1 to 16,777,216");
  }
  Recording& shared = recording();
  watch_threads_and_forks(shared);
  const std::lock_guard lock(shared.mutex);
  if (on()) {
    throw Error(ErrorKind::usage, "trace: a recording goes on already; close it first");
  }
  ++session;
  shared.dropped = 0;
  shared.rows_per_thread = rows_per_thread;
  shared.ticks.emplace();
  detail::state = cpu == CpuTime::steps ? 3 : 1;
}

void stop() noexcept { detail::state = 0; }

Columns drain() {
  Columns columns;
  Recording& shared = recording();
  const std::lock_guard lock(shared.mutex);
  if (!shared.ticks) {
    return columns;
  }
  shared.ticks->extend();
  ColumnWriter writer(columns, *shared.ticks);
  const std::vector<Track*> tracks = shared.tracks;
  for (Track* const track : tracks) {
    if (track->session == session) {
      track->ring->drain([&](const Event& event) { writer.add(event, track->ring->thread()); });
    }
    if (track->gone) {
      forget(shared, track);
    }
  }
  columns.dropped = shared.dropped;
  for (const Track* const track : shared.tracks) {
    columns.dropped += track->session == session ? track->ring->dropped() : 0;
  }
  columns.names = shared.names;
  columns.error_ns = shared.ticks->error_ns();
  return columns;
}

}  // namespace assay::trace
