// What kernels on other threads need of Python: buffers that stay until the last kernel that uses them is over.
#pragma once

#include <memory>

#include "bind.h"

namespace assay::python {

// Within it this thread has the GIL, and whatever is let go of is released at once: buffers that were let go of on
// other threads too. Every function here is called inside of one.
class Holding {
 public:
  Holding() noexcept;
  ~Holding();
  Holding(const Holding&) = delete;
  Holding& operator=(const Holding&) = delete;

 private:
  const bool before_;
};

// Gives the GIL up for a while, inside of a Holding.
class Unlocked {
 public:
  Unlocked() noexcept;
  ~Unlocked();
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  PyThreadState* const state_;
};

// The object's memory, C-contiguous. May be let go of on any thread, with the GIL or without.
using HeldBuffer = std::shared_ptr<const Py_buffer>;

struct ReadHeld {
  HeldBuffer buffer;
};

struct WriteHeld {
  HeldBuffer buffer;
};

[[nodiscard]] HeldBuffer hold(PyObject* object, bool writable);

template <>
struct Argument<ReadHeld> {
  explicit Argument(PyObject* object) : held{hold(object, false)} {}
  ~Argument() {
    const Holding holding;
    held.buffer.reset();
  }
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  [[nodiscard]] const ReadHeld& get() const { return held; }
  ReadHeld held;
};

template <>
struct Argument<WriteHeld> {
  explicit Argument(PyObject* object) : held{hold(object, true)} {}
  ~Argument() {
    const Holding holding;
    held.buffer.reset();
  }
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  [[nodiscard]] const WriteHeld& get() const { return held; }
  WriteHeld held;
};

}  // namespace assay::python
