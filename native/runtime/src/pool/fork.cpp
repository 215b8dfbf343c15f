// A fork copies the process but only one of its threads.
#include <pthread.h>

#include <new>

#include "seats.h"

namespace assay::pool {
namespace {

void before_fork() { seats.door.lock(); }

void in_parent() { seats.door.unlock(); }

// The child starts over: only the forking thread keeps its seat, so that parts of a region that it was in and that
// were not stolen still find it. Workers of the old generation are left alone: nothing runs on them any more.
void in_child() {
  new (&seats.door) std::mutex;
  ++seats.generation;
  for (std::uint32_t seat = 0; seat < seats.count; ++seat) {
    if (seats.workers[seat] != current) {
      seats.workers[seat] = nullptr;
    }
  }
  sleepers = 0;
  one_dozes = false;
  seats.waking = 0;
  seats.started = false;
  if (current->generation != 0) {
    current->generation = seats.generation;
    current->abandon();
  }
}

}  // namespace

void watch_forks() {
  if (!seats.forks_watched) {
    seats.forks_watched = pthread_atfork(before_fork, in_parent, in_child) == 0;
  }
}

}  // namespace assay::pool
