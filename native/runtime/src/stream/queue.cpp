#include "queue.h"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace assay {

struct StreamQueue::State {
  std::mutex mutex;
  std::condition_variable work;
  std::condition_variable done;
  std::deque<std::shared_ptr<Operation>> waiting;
  std::thread thread;
  std::exception_ptr failure;
  bool running = false;
  bool closing = false;
};

namespace {

// Every queue of the process, for forks: the child has none of their threads. What those hold of the parent's, locks
// included, is neither used nor freed there.
struct Queues {
  std::mutex mutex;
  std::vector<StreamQueue*> all;
  std::vector<std::shared_ptr<void>> abandoned;
};

Queues& queues() {
  static Queues* const instance = [] {
    pthread_atfork([] { queues().mutex.lock(); }, [] { queues().mutex.unlock(); },
                   [] {
                     std::ranges::for_each(queues().all, &StreamQueue::restart);
                     queues().mutex.unlock();
                   });
    return new Queues;
  }();
  return *instance;
}

}  // namespace

StreamQueue::StreamQueue(std::int32_t stream) : stream_(stream), state_(std::make_shared<State>()) {
  const std::lock_guard lock(queues().mutex);
  queues().all.push_back(this);
}

StreamQueue::~StreamQueue() {
  {
    const std::lock_guard lock(queues().mutex);
    std::erase(queues().all, this);
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->closing = true;
  }
  state_->work.notify_one();
  if (state_->thread.joinable()) {
    state_->thread.join();
  }
}

void StreamQueue::restart() {
  queues().abandoned.push_back(state_);
  state_ = std::make_shared<State>();
}

void StreamQueue::push(std::shared_ptr<Operation> operation) {
  State& state = *state_;
  {
    const std::lock_guard lock(state.mutex);
    state.waiting.push_back(std::move(operation));
    if (!state.thread.joinable()) {
      state.thread = std::thread([&state, stream = stream_] { serve(state, stream); });
    }
  }
  state.work.notify_one();
}

void StreamQueue::synchronise() {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  state.done.wait(lock, [&] { return state.waiting.empty() && !state.running; });
  if (state.failure != nullptr) {
    std::rethrow_exception(std::exchange(state.failure, nullptr));
  }
}

bool StreamQueue::idle() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waiting.empty() && !state_->running;
}

void StreamQueue::serve(State& state, std::int32_t stream) {
  std::unique_lock lock(state.mutex);
  while (true) {
    state.work.wait(lock, [&] { return state.closing || !state.waiting.empty(); });
    if (state.waiting.empty()) {
      return;
    }
    std::shared_ptr<Operation> operation = std::move(state.waiting.front());
    state.waiting.pop_front();
    const bool wanted = state.failure == nullptr || operation->always();
    state.running = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
      if (wanted) {
        operation->launch(stream);
      }
    } catch (...) {
      failure = std::current_exception();
    }
    operation.reset();  // what the kernel held is free before anybody is told that it has run
    lock.lock();
    state.running = false;
    state.failure = state.failure == nullptr ? failure : state.failure;
    failure = nullptr;
    if (state.waiting.empty()) {
      state.done.notify_all();
    }
  }
}

}  // namespace assay
