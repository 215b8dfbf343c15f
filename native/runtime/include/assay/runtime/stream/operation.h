// What a stream does in one go.
#pragma once

#include <utility>

#include "assay/runtime/launch.h"

namespace assay {

class Operation {
 public:
  Operation(const char* called, const Work& needed, LaunchKind what) noexcept
      : name(called), work(needed), kind(what) {}
  virtual ~Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  // Runs the kernel alone.
  virtual void run() = 0;

  // Runs it as a launch on that stream, with its row in the counters.
  virtual void launch(std::int32_t stream) {
    const LaunchScope scope(stream, name, work);
    run();
  }

  // Whether it takes place even after an error, as what others wait for must.
  [[nodiscard]] virtual bool always() const noexcept { return false; }

  const char* const name;
  const Work work;
  const LaunchKind kind;
};

template <class Kernel>
class KernelOperation final : public Operation {
 public:
  template <class Given>
  KernelOperation(const char* called, const Work& needed, Given&& kernel)
      : Operation(called, needed, LaunchKind::kernel), kernel_(std::forward<Given>(kernel)) {}

  void run() override { kernel_(); }

 private:
  Kernel kernel_;
};

}  // namespace assay
