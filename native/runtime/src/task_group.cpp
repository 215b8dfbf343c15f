#include "assay/runtime/task_group.h"

#include "assay/core/error.h"

namespace assay {

pool::Worker& TaskGroup::here() {
  pool::Worker* const worker = pool::enrolled();
  if (worker == nullptr) {
    throw Error(ErrorKind::unavailable, "task group: too many threads share work at once; end some of them");
  }
  if (worker->arena.chunk == nullptr) {
    worker->arena.grow(0);  // before the mark of the first group, so that the chunk outlives it
  }
  return *worker;
}

void TaskGroup::keep(std::exception_ptr failure) noexcept {
  if (!failure_) {
    failure_ = std::move(failure);
  }
  stop();
}

void TaskGroup::run_here(pool::Task& task) noexcept {
  try {
    task.run(task);
  } catch (...) {
    keep(std::current_exception());
  }
}

void TaskGroup::drain() noexcept {
  while (worker_->head() != base_) {
    pool::Task& task = worker_->youngest();
    try {
      if (worker_->pop(task) || worker_->join_slowly(task)) {
        task.run(task);
      } else if (task.state == pool::Task::FAILED) {
        keep(task.take_failure());
      }
    } catch (...) {
      keep(std::current_exception());
    }
  }
}

}  // namespace assay
