#include "seats.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "assay/runtime/parallel.h"

namespace assay::pool {

constinit Seats seats;

namespace {

constinit Worker nobody;  // empty, and its limit is 0: every push and pop goes the slow way

// Gives a calling thread's seat back when the thread ends.
struct Enrolment {
  Enrolment() = default;
  Enrolment(const Enrolment&) = delete;
  Enrolment& operator=(const Enrolment&) = delete;
  ~Enrolment() {
    if (worker == nullptr || worker->generation != seats.generation) {
      return;
    }
    current = &nobody;
    const std::lock_guard hold(seats.door);
    for (std::uint32_t seat = 0; seat < seats.count; ++seat) {
      if (seats.workers[seat] == worker) {
        seats.workers[seat] = nullptr;
      }
    }
    worker->next_free = seats.free;
    seats.free = worker;
  }

  Worker* worker = nullptr;
};

thread_local Enrolment enrolment;

// Faults of the thread itself; everything else is for the program's own threads.
constexpr int OWN_SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF};

bool pinning_wanted() {
  const char* const wanted = std::getenv("ASSAY_PIN");
  return wanted != nullptr && std::string_view(wanted) == "1";
}

// The processors this process may use, at most those that fit a cpu_set_t.
std::vector<std::size_t> allowed() {
  std::vector<std::size_t> found;
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    for (std::size_t processor = 0; processor < CPU_SETSIZE; ++processor) {
      if (CPU_ISSET(processor, &set)) {
        found.push_back(processor);
      }
    }
  }
  return found;
}

void pin(pthread_t thread, std::size_t processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  pthread_setaffinity_np(thread, sizeof(set), &set);  // refused where the set has just shrunk: then it runs anywhere
}

void* thread_main(void* worker) {
  current = static_cast<Worker*>(worker);
  serve(*current);
}

bool start_thread(Worker& worker, std::int64_t number, const std::vector<std::size_t>& processors) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const bool started = pthread_create(&thread, &attributes, thread_main, &worker) == 0;
  pthread_attr_destroy(&attributes);
  if (started) {
    char name[16];
    std::snprintf(name, sizeof(name), "assay-%d", static_cast<int>(number));
    pthread_setname_np(thread, name);
    if (!processors.empty()) {
      pin(thread, processors[static_cast<std::size_t>(number) % processors.size()]);
    }
  }
  return started;
}

void start_threads() {
  const std::vector<std::size_t> processors = pinning_wanted() ? allowed() : std::vector<std::size_t>();
  sigset_t others;
  sigset_t before;
  sigfillset(&others);
  std::ranges::for_each(OWN_SIGNALS, [&](int signal) { sigdelset(&others, signal); });
  pthread_sigmask(SIG_SETMASK, &others, &before);
  for (std::int64_t number = 1; number < all_workers(); ++number) {
    Worker* const worker = take_seat();
    if (worker == nullptr) {
      break;
    }
    worker->of_pool = true;
    if (!start_thread(*worker, number, processors)) {
      break;  // no more threads allowed: those that are there do the work
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

constinit thread_local Worker* current = &nobody;

Worker* take_seat() {
  std::uint32_t seat = 0;
  while (seat < seats.count && seats.workers[seat] != nullptr) {
    ++seat;
  }
  if (seat == MOST_SEATS) {
    return nullptr;
  }
  Worker* worker = seats.free;
  if (worker != nullptr) {
    seats.free = worker->next_free;
    worker->reset();
  } else {
    worker = new Worker;
    worker->next_made = seats.made;
    seats.made = worker;
  }
  worker->generation = seats.generation;
  worker->seed = seat + 1;
  seats.workers[seat] = worker;
  seats.count = std::max(seats.count.load(), seat + 1);
  return worker;
}

Worker* enrolled() {
  if (current != &nobody && seats.started) {
    return current;
  }
  static_cast<void>(all_workers());  // refuses a bad setting before anything is held
  const std::lock_guard hold(seats.door);
  watch_forks();
  if (current == &nobody) {
    Worker* const worker = take_seat();
    if (worker == nullptr) {
      return nullptr;
    }
    enrolment.worker = worker;
    current = worker;
  }
  if (!seats.started) {
    seats.started = true;
    start_threads();
  }
  return current;
}

}  // namespace assay::pool
