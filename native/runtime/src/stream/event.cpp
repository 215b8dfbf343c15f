#include "assay/runtime/stream/event.h"

#include <pthread.h>

#include "assay/core/error.h"
#include "assay/runtime/stream/device.h"

namespace assay {
namespace {

// Counts the forks that led to this process.
constinit std::atomic<std::int32_t> process{0};

[[maybe_unused]] const int watching = pthread_atfork(nullptr, nullptr, [] { ++process; });

Error never_recorded(const char* operation) {
  return Error(ErrorKind::usage,
               std::string(operation) + ": the event was never recorded; record it on a stream first");
}

std::int64_t ticks_of(const Event& event, const char* operation) {
  const std::shared_ptr<Mark> mark = event.latest();
  if (mark == nullptr) {
    throw never_recorded(operation);
  }
  const std::int64_t ticks = mark->ticks();
  if (ticks == 0) {
    throw Error(ErrorKind::usage, std::string(operation) + ": the event has not happened yet; synchronise it first");
  }
  return ticks;
}

}  // namespace

Mark::Mark() noexcept : process_(process.load(std::memory_order_relaxed)) {}

void Mark::happen() noexcept {
  ticks_.store(device_ticks(), std::memory_order_release);
  ticks_.notify_all();
}

void Mark::wait() const {
  if (!happened() && process_ != process.load(std::memory_order_relaxed)) {
    throw Error(ErrorKind::usage, "event: it was recorded before a fork, in the parent; record it again in the child");
  }
  ticks_.wait(0, std::memory_order_acquire);
}

std::shared_ptr<Mark> Event::latest() const {
  const std::lock_guard lock(mutex_);
  return latest_;
}

std::shared_ptr<Mark> Event::renew() {
  auto mark = std::make_shared<Mark>();
  const std::lock_guard lock(mutex_);
  latest_ = mark;
  return mark;
}

bool Event::happened() const {
  const std::shared_ptr<Mark> mark = latest();
  return mark != nullptr && mark->happened();
}

void Event::synchronise() const {
  const std::shared_ptr<Mark> mark = latest();
  if (mark == nullptr) {
    throw never_recorded("event");
  }
  mark->wait();
}

std::int64_t Event::time_ns() const { return DeviceClock::until_now().to_ns(ticks_of(*this, "event")); }

std::int64_t Event::elapsed_ns(const Event& start, const Event& end) {
  const std::int64_t first = ticks_of(start, "elapsed");
  const std::int64_t last = ticks_of(end, "elapsed");
  return DeviceClock::until_now().span_ns(last - first);
}

}  // namespace assay
