// What a thread without work does: look for some, then sleep.
#include <algorithm>

#include "assay/core/clock.h"
#include "futex.h"
#include "seats.h"
#include "tally.h"

namespace assay::pool {
namespace {

// How long a thread keeps looking after the last sign of work. Waking it up again costs its caller a system call.
constexpr std::int64_t PATIENCE_NS = 20'000;
constexpr int MOST_PAUSES = 16;
// See one_dozes. Together half a second, of which looking about takes less than a thousandth.
constexpr std::int64_t DOZE_NS = 20'000'000;
constexpr int DOZES = 25;

std::uint32_t next_random(Worker& me) noexcept {
  me.seed ^= me.seed << 13U;
  me.seed ^= me.seed >> 17U;
  me.seed ^= me.seed << 5U;
  return me.seed;
}

struct Look {
  Task* task = nullptr;
  Worker* victim = nullptr;
  std::uint64_t signs = 0;  // differs from the last look where somebody shared work meanwhile
};

// Tries every seat once, from a random one on; asks those that have nothing public.
Look look(Worker& me) noexcept {
  Look found;
  const std::uint32_t count = seats.count.load(std::memory_order_acquire);
  std::uint32_t seat = count > 1 ? next_random(me) % count : 0;
  for (std::uint32_t tried = 0; tried < count; ++tried, seat = seat + 1 == count ? 0 : seat + 1) {
    Worker* const victim = seats.workers[seat].load(std::memory_order_acquire);
    if (victim == nullptr || victim == &me) {
      continue;
    }
    found.signs += victim->word();
    if (Task* const task = victim->steal()) {
      found.task = task;
      found.victim = victim;
      return found;
    }
  }
  return found;
}

bool anything_public(Worker& me) noexcept {
  const std::uint32_t count = seats.count.load();
  for (std::uint32_t seat = 0; seat < count; ++seat) {
    Worker* const victim = seats.workers[seat].load();
    if (victim == nullptr || victim == &me) {
      continue;
    }
    victim->ask();
    if (Worker::has_public(victim->word())) {
      return true;
    }
  }
  return false;
}

// Sleeps once. Announces it before the last look: whoever shares work after that look sees the announcement.
void sleep_once(Worker& me, std::int64_t most_ns) noexcept {
  sleepers.fetch_add(1);
  seats.waking.store(0);
  const std::uint32_t epoch = seats.epoch.load();
  if (!anything_public(me)) {
    sleep_while(seats.epoch, epoch, most_ns);
  }
  sleepers.fetch_sub(1);
  seats.waking.store(0);
}

// Sleeps until there may be work. The first to sleep dozes at first.
void sleep(Worker& me) noexcept {
  if (!one_dozes.exchange(true)) {
    const std::uint32_t epoch = seats.epoch.load();
    for (int doze = 0; doze < DOZES && seats.epoch.load() == epoch && !anything_public(me); ++doze) {
      sleep_once(me, DOZE_NS);
    }
    one_dozes.store(false);
    if (seats.epoch.load() != epoch || anything_public(me)) {
      return;
    }
  }
  sleep_once(me, FOR_EVER);
}

Look find(Worker& me) noexcept {
  std::int64_t quiet_since_ns = monotonic_ns();
  std::uint64_t signs = 0;
  for (int pauses = 1;; pauses = std::min(2 * pauses, MOST_PAUSES)) {
    const Look found = look(me);
    if (found.task != nullptr) {
      return found;
    }
    relax(pauses);
    if (pauses < MOST_PAUSES) {
      continue;
    }
    const std::int64_t now_ns = monotonic_ns();
    if (found.signs != signs) {
      signs = found.signs;
      quiet_since_ns = now_ns;
    } else if (now_ns - quiet_since_ns > PATIENCE_NS) {
      sleep(me);
      pauses = 1;
      quiet_since_ns = monotonic_ns();
    }
  }
}

// Sleeps until `thief` shares something or finishes something.
void follow(Worker& thief, const Task& task) noexcept {
  thief.followers.fetch_add(1);
  const std::uint32_t event = thief.event.load();
  thief.ask();
  if (!task.over(task.state.load()) && !Worker::has_public(thief.word())) {
    sleep_while(thief.event, event);
  }
  thief.followers.fetch_sub(1);
}

// Time spent waiting is idle time, also of a thread of the pool in the middle of a task.
class Waiting {
 public:
  explicit Waiting(Worker& worker) noexcept : tally_(worker.tally), of_pool_(worker.of_pool.load()) { begin(); }

  void begin() noexcept {
    if (of_pool_) {
      turn(tally_, false);
    } else {
      since_ns_ = monotonic_ns();
    }
  }

  void end() noexcept {
    if (of_pool_) {
      turn(tally_, true);
    } else {
      add(tally_.idle_ns, monotonic_ns() - since_ns_);
    }
  }

 private:
  Tally& tally_;
  const bool of_pool_;
  std::int64_t since_ns_ = 0;
};

}  // namespace

constinit std::atomic<std::uint32_t> sleepers{0};
constinit std::atomic<bool> one_dozes{false};

void wake_one() noexcept {
  if (sleepers.load() != 0 && seats.waking.load() == 0 && seats.waking.exchange(1) == 0) {
    seats.epoch.fetch_add(1);
    wake(seats.epoch, 1);
  }
}

void serve(Worker& me) noexcept {
  me.tally.since_ns.store(monotonic_ns(), std::memory_order_relaxed);
  for (;;) {
    const Look found = find(me);
    found.task->state.store(reinterpret_cast<std::uintptr_t>(&me));
    if (sleepers.load() != 0) {  // a waker wakes one, which wakes the next
      me.ask();
      if (Worker::has_public(found.victim->word())) {
        wake_one();
      }
    }
    turn(me.tally, true);
    add(me.tally.steals, 1);
    me.execute(*found.task);
    turn(me.tally, false);
  }
}

// False where a fork left the thief behind, so that the task will never be over.
bool Worker::wait_for(Task& task) {
  std::uintptr_t seen = task.state.load();
  while (seen == Task::WAITING) {  // its thief is about to sign
    relax(1);
    seen = task.state.load();
  }
  if (task.over(seen)) {
    return true;
  }
  Worker& thief = *reinterpret_cast<Worker*>(seen);
  if (thief.generation != seats.generation) {
    return false;
  }
  Waiting waiting(*this);
  std::int64_t quiet_since_ns = monotonic_ns();
  for (int round = 1; !task.over(task.state.load()); ++round) {
    if (Task* const part = thief.steal(&task)) {
      part->state.store(reinterpret_cast<std::uintptr_t>(this));
      add(tally.steals, 1);
      waiting.end();
      execute(*part);
      waiting.begin();
      quiet_since_ns = monotonic_ns();
      continue;
    }
    relax(1);
    if (round % 64 == 0 && monotonic_ns() - quiet_since_ns > PATIENCE_NS) {
      follow(thief, task);
      quiet_since_ns = monotonic_ns();
    }
  }
  waiting.end();
  return true;
}

}  // namespace assay::pool
