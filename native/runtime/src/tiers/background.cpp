// The store's life in a process: its making, the thread that prefetches, and fork().
#include <pthread.h>

#include <algorithm>
#include <limits>
#include <new>
#include <thread>

#include "memory/storage.h"
#include "memory/threads.h"
#include "pages/budget.h"
#include "tiers/store.h"

namespace assay::tiers {

// Locks are taken in the order of use: the store's, the storage's, then those of memory/threads.cpp.
struct Forking {
  static void before() {
    Store::the().mutex_.lock();
    memory::lock_storage();
  }

  static void in_parent() {
    memory::unlock_storage();
    Store::the().mutex_.unlock();
  }

  // No other thread lives on here: what one was moving is where it was, since a move is noted only when it is done.
  static void in_child() {
    Store& store = Store::the();
    memory::unlock_storage();
    new (&store.changed_) std::condition_variable;
    new (&store.wanted_changed_) std::condition_variable;
    for (Record* const record : store.records_) {
      if ((record->word.load(std::memory_order_relaxed) & MOVING) != 0) {
        record->word.store(record->data != nullptr ? RESIDENT : 0, std::memory_order_relaxed);
      }
    }
    store.leaving_ = 0;
    store.background_ = false;
    store.wanted_.clear();
    store.file_.reset();  // the parent's: what lies in it is read, but nothing new is written there
    store.mutex_.unlock();
  }
};

// Never destroyed: buffers may be freed by what is destroyed later, and the background thread lives on.
Store& Store::the() {
  static Store* const store = new Store;
  return *store;
}

Store::Store()
    : limits_{.memory_bytes = memory::machine_limit_bytes(),
              .huge_bytes = std::numeric_limits<std::int64_t>::max(),
              .idle_bytes = std::int64_t{1} << 30,
              .compressed_bytes = memory::machine_limit_bytes() / 2,
              .spill_bytes = 0,
              .spill_folder = ""} {
  memory::prepare_for_fork();
  pthread_atfork(Forking::before, Forking::in_parent, Forking::in_child);
  memory::set_make_room([](std::int64_t) { return Store::the().evict_oldest(); });
  memory::set_describe([] { return Store::the().describe(); });
}

void Store::prefetch(Record& record) {
  const Lock lock(mutex_);
  if (record.word.load(std::memory_order_relaxed) != 0 || std::ranges::find(wanted_, &record) != wanted_.end()) {
    return;
  }
  wanted_.push_back(&record);
  if (!background_) {
    background_ = true;
    std::thread([this] { work_in_background(); }).detach();
  }
  wanted_changed_.notify_one();
}

void Store::work_in_background() {
  Lock lock(mutex_);
  while (true) {
    wanted_changed_.wait(lock, [this] { return !wanted_.empty(); });
    Record& record = *wanted_.front();
    wanted_.pop_front();
    if (record.word.load(std::memory_order_relaxed) != 0) {
      continue;
    }
    try {
      bring_back(record, Access::read, lock);
      record.word.fetch_sub(1, std::memory_order_release);
      counters.prefetches.fetch_add(1, std::memory_order_relaxed);
    } catch (const std::exception&) {  // whoever pins the buffer meets the failure himself
      counters.failed_prefetches.fetch_add(1, std::memory_order_relaxed);
    }
  }
}

}  // namespace assay::tiers
