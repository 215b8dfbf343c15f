// Running an operation on arrays: counted where counters are on, noted where the thread captures, else just done.
#pragma once

#include <array>
#include <memory>

#include "assay/runtime/stream.h"
#include "object.h"

namespace assay::python {

// What the counters are told.
struct Task {
  const char* operation;  // lives as long as the process; the row is named after it and the type
  DType dtype;
  std::int64_t elements;        // from 32768 on, the work is done without the lock
  std::int64_t operations = 1;  // on floating numbers, for each element
  std::int64_t read_again = 0;  // bytes of the operands that are read more than once
};

// What an operation reads or writes: an array, or a number of up to 16 bytes that has no storage.
struct Seen {
  View view;
  Storage* storage;
};

[[nodiscard]] inline Seen seen(const ArrayObject& array) noexcept { return {view_of(array), array.storage}; }

// An operand for a graph: stays when the array object is gone.
class Kept {
 public:
  explicit Kept(const Seen& operand);
  ~Kept();
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  [[nodiscard]] const View& view() const noexcept { return view_; }

 private:
  Extents shape_;
  Extents strides_;
  alignas(16) std::byte number_[16];
  Storage* storage_;
  View view_;
};

// What counters and graphs say of the task; the last of the operands is written, the others are read.
[[nodiscard]] const char* launch_name(const Task& task);
[[nodiscard]] Work work_of(const Task& task, const Seen* operands, std::size_t count);

// Throws Error in a capture: what the operation returns depends on elements that nobody has computed yet.
void refuse_capture(const char* operation);

template <std::size_t COUNT, class Kernel, std::size_t... PLACES>
void note(const Task& task, const std::array<Seen, COUNT>& operands, const Kernel& kernel,
          std::index_sequence<PLACES...>) {
  struct Operands {
    explicit Operands(const std::array<Seen, COUNT>& given) : kept{Kept(given[PLACES])...} {}
    Kept kept[COUNT];
  };
  const auto run = [kept = std::make_shared<const Operands>(operands), kernel] {
    kernel(std::array<View, COUNT>{kept->kept[PLACES].view()...});
  };
  Stream::capture_graph()->add(std::make_shared<KernelOperation<std::decay_t<decltype(run)>>>(
      launch_name(task), work_of(task, operands.data(), COUNT), run));
}

template <class Kernel, std::size_t COUNT>
void run_unlocked(const Task& task, const std::array<View, COUNT>& views, const Kernel& kernel) {
  if (task.elements < 1 << 15) {
    return kernel(views);
  }
  const WithoutGil released;
  kernel(views);
}

// kernel(views of the operands); it owns what else it needs.
template <std::size_t COUNT, class Kernel>
void run_on(const Task& task, const std::array<Seen, COUNT>& operands, const Kernel& kernel) {
  if (Stream::capture_graph() != nullptr) [[unlikely]] {
    return note(task, operands, kernel, std::make_index_sequence<COUNT>());
  }
  std::array<View, COUNT> views;
  for (std::size_t i = 0; i < COUNT; ++i) {
    views[i] = operands[i].view;
  }
  if (counting()) [[unlikely]] {
    const LaunchScope scope(0, launch_name(task), work_of(task, operands.data(), COUNT));
    return run_unlocked(task, views, kernel);
  }
  run_unlocked(task, views, kernel);
}

}  // namespace assay::python
