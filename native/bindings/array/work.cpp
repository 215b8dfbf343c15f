#include "work.h"

#include <cstring>
#include <mutex>
#include <set>
#include <string>

namespace assay::python {
namespace {

// For ever: rows of counters refer to it.
const char* lasting(const Task& task) {
  static auto& names = *new std::set<std::string>;
  static std::mutex mutex;
  std::string name = task.operation;
  name += '_';
  name += facts(task.dtype).name;
  const std::lock_guard lock(mutex);
  return names.insert(std::move(name)).first->c_str();
}

struct Named {
  const char* operation;
  DType dtype;
  const char* name;
};

// Broadcast axes are read once.
std::int64_t bytes_of(const View& view) {
  std::int64_t count = size_of(view.dtype);
  for (int axis = 0; axis < view.ndim; ++axis) {
    count *= view.strides[axis] == 0 && view.shape[axis] != 0 ? 1 : view.shape[axis];
  }
  return count;
}

}  // namespace

Kept::Kept(const Seen& operand) : storage_(operand.storage), view_(operand.view) {
  std::copy_n(operand.view.shape, operand.view.ndim, shape_.begin());
  std::copy_n(operand.view.strides, operand.view.ndim, strides_.begin());
  view_.shape = shape_.data();
  view_.strides = strides_.data();
  if (storage_ != nullptr) {
    retain(storage_);
  } else {
    std::memcpy(number_, operand.view.data, static_cast<std::size_t>(size_of(operand.view.dtype)));
    view_.data = number_;
  }
}

Kept::~Kept() {
  if (storage_ != nullptr) {
    let_go(storage_);
  }
}

// With the lock held. A small table in front, since a set would cost more than a small operation.
const char* launch_name(const Task& task) {
  constexpr std::size_t PLACES = 64;
  static std::array<Named, PLACES> recent{};
  const std::size_t place =
      (reinterpret_cast<std::uintptr_t>(task.operation) + 7 * static_cast<std::size_t>(task.dtype));
  Named& named = recent[place % PLACES];
  if (named.operation != task.operation || named.dtype != task.dtype) {
    named = {task.operation, task.dtype, lasting(task)};
  }
  return named.name;
}

Work work_of(const Task& task, const Seen* operands, std::size_t count) {
  Work work{.bytes_read = task.read_again};
  for (std::size_t i = 0; i + 1 < count; ++i) {
    work.bytes_read += bytes_of(operands[i].view);
  }
  work.bytes_written = bytes_of(operands[count - 1].view);
  const bool floating = is_real_floating(task.dtype) || is_complex(task.dtype);
  work.flops = floating ? task.elements * task.operations : 0;
  return work;
}

void refuse_capture(const char* operation) {
  if (Stream::capture_graph() != nullptr) {
    throw Error(ErrorKind::usage, std::string(operation) +
                                      ": this thread captures a graph, whose elements are not computed before it is "
                                      "replayed; do this before or after the capture");
  }
}

}  // namespace assay::python
