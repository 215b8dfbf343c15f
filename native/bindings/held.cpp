#include "held.h"

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace assay::python {
namespace {

thread_local bool has_gil = false;

// Let go of without the GIL; released by the next who has it. Never destroyed: a stream may end after main().
struct Late {
  std::mutex mutex;
  std::vector<Py_buffer*> buffers;
  std::atomic<bool> any{false};
};

Late& late() {
  static Late& instance = *new Late;
  return instance;
}

void release(Py_buffer* buffer) noexcept {
  PyBuffer_Release(buffer);
  delete buffer;
}

void let_go(Py_buffer* buffer) noexcept {
  if (has_gil) {
    release(buffer);
    return;
  }
  const std::lock_guard lock(late().mutex);
  late().buffers.push_back(buffer);
  late().any = true;
}

void release_late() noexcept {
  std::vector<Py_buffer*> buffers;
  {
    const std::lock_guard lock(late().mutex);
    buffers.swap(late().buffers);
    late().any = false;
  }
  for (Py_buffer* const buffer : buffers) {
    release(buffer);
  }
}

}  // namespace

Holding::Holding() noexcept : before_(std::exchange(has_gil, true)) {}

Holding::~Holding() {
  if (late().any.load(std::memory_order_relaxed)) [[unlikely]] {
    release_late();
  }
  has_gil = before_;
}

Unlocked::Unlocked() noexcept : state_(PyEval_SaveThread()) { has_gil = false; }

Unlocked::~Unlocked() {
  PyEval_RestoreThread(state_);
  has_gil = true;
}

HeldBuffer hold(PyObject* object, bool writable) {
  auto view = std::make_unique<Py_buffer>();
  const int flags = PyBUF_C_CONTIGUOUS | PyBUF_FORMAT | (writable ? PyBUF_WRITABLE : 0);
  if (PyObject_GetBuffer(object, view.get(), flags) != 0) {
    throw ErrorIsSet{};
  }
  return {view.release(), let_go};
}

}  // namespace assay::python
