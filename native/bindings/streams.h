// Launching from Python: what a binding does with the handle of a stream.
#pragma once

#include "assay/runtime/stream.h"
#include "held.h"

namespace assay::python {

// The stream of a handle. Throws Error when it is closed.
[[nodiscard]] Stream& stream_at(std::int64_t handle);
[[nodiscard]] std::shared_ptr<Stream> shared_stream(std::int64_t handle);

// Launches a kernel without the GIL. `kernel` owns what it needs, HeldBuffers for memory of Python.
template <class Kernel>
void launch(std::int64_t handle, const char* name, const Work& work, Kernel kernel) {
  const Holding holding;
  const std::shared_ptr<Stream> kept = handle == 0 ? nullptr : shared_stream(handle);
  Stream& stream = kept == nullptr ? Stream::standard() : *kept;
  const Unlocked unlocked;
  stream.launch(name, work, std::move(kernel));
}

}  // namespace assay::python
