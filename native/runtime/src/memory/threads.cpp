#include "memory/threads.h"

#include <pthread.h>

#include <mutex>
#include <new>

#include "memory/large.h"
#include "pages/budget.h"
#include "pages/pages.h"

namespace assay::memory {
namespace {

constinit std::mutex mutex;
constinit Heap* idle = nullptr;   // by next_idle
constinit Heap* known = nullptr;  // every heap there ever was, by next_known

void before_fork() {
  mutex.lock();
  lock_large();
  lock_pages();
}

// In the child, too: there the heaps of other threads stay as they were. Nobody adopts them, since a thread may have
// been in the middle of a change, but what lies in them stays valid and may be freed from afar.
void after_fork() {
  unlock_pages();
  unlock_large();
  mutex.unlock();
}

Heap* new_heap() {
  prepare_for_fork();
  return new (std::nothrow) Heap(charge_resident);
}

}  // namespace

constinit Heap no_heap;

void prepare_for_fork() noexcept {
  static const int registered = pthread_atfork(before_fork, after_fork, after_fork);
  (void)registered;
}

Heap* adopt_heap() noexcept {
  {
    const std::scoped_lock lock(mutex);
    if (idle != nullptr) {
      Heap* const heap = idle;
      idle = heap->next_idle;
      return heap;
    }
  }
  Heap* const heap = new_heap();
  if (heap != nullptr) {
    const std::scoped_lock lock(mutex);
    heap->next_known = known;
    known = heap;
  }
  return heap;
}

void abandon_heap(Heap* heap) noexcept {
  const std::scoped_lock lock(mutex);
  heap->next_idle = idle;
  idle = heap;
}

void trim_idle_heaps() noexcept {
  Heap* heaps = nullptr;
  {
    const std::scoped_lock lock(mutex);
    heaps = idle;
    idle = nullptr;
  }
  while (heaps != nullptr) {
    Heap* const next = heaps->next_idle;
    heaps->trim();
    abandon_heap(heaps);
    heaps = next;
  }
}

HeapTotals heap_totals() noexcept {
  const std::scoped_lock lock(mutex);
  HeapTotals totals{};
  for (const Heap* heap = known; heap != nullptr; heap = heap->next_known) {
    totals.live_bytes += heap->live_bytes();
    totals.slab_bytes += heap->slab_bytes();
    totals.segment_bytes += heap->segment_bytes();
    ++totals.heaps;
  }
  return totals;
}

}  // namespace assay::memory
