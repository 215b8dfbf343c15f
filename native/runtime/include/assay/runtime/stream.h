// Streams: queues of kernels that run in the order of their launch.
//
// A launch does its host work (checks, shapes, outputs) first and then hands over the whole kernel as one closure:
//
//   stream.launch("sum_f32", {.flops = n, .bytes_read = 4 * n}, [=] { *out = sum(values); });
//
// The name lives as long as the process. What the closure points to must stay until the kernel has run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "assay/runtime/launch.h"
#include "assay/runtime/stream/event.h"
#include "assay/runtime/stream/graph.h"
#include "assay/runtime/stream/operation.h"

namespace assay {

class StreamQueue;

class Stream {
 public:
  // Asynchronous, with a thread of its own from the first launch on. The child of a fork has the stream, empty.
  Stream();
  // Waits until everything launched has run; an error nobody asked for is lost.
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Runs each launch at once, in the thread that launches. Threads don't wait for one another there.
  [[nodiscard]] static Stream& standard();

  // 0 is the default stream.
  [[nodiscard]] std::int32_t id() const noexcept { return id_; }

  // On the default stream an exception of the kernel is thrown here; on others by synchronise(), and what was launched
  // after it is left out until then. While the calling thread captures this stream the kernel is only noted.
  template <class Kernel>
  void launch(const char* name, const Work& work, Kernel&& kernel) {
    if (queue_ == nullptr && !capturing()) [[likely]] {
      const LaunchScope scope(id_, name, work);
      kernel();
      return;
    }
    submit(std::make_shared<KernelOperation<std::decay_t<Kernel>>>(name, work, std::forward<Kernel>(kernel)));
  }

  // Waits until everything launched so far has run, and throws the first exception of it.
  void synchronise();

  // Whether everything launched so far has run.
  [[nodiscard]] bool idle() const;

  // The event happens once everything launched so far has run.
  void record(Event& event);

  // What is launched from now on runs after the latest recording of `event`; at once where there is none.
  void wait(const Event& event);

  // Whether the calling thread's launches go into a graph; see Capture.
  [[nodiscard]] bool capturing() const noexcept { return captured == this; }

  // Where operations that name no stream go while the calling thread captures one; null where it captures none.
  [[nodiscard]] static Graph* capture_graph() noexcept { return capture_into; }

  // In a capture: what follows, up to the next step or the end of the graph, is the step of that name, which lives as
  // long as the process.
  void step(const char* name);

  // Runs every kernel of the graph, in order, `times` times, as one launch. In a capture, appends them.
  void replay(const std::shared_ptr<const Graph>& graph, std::int64_t times = 1);

 private:
  struct Standard {};
  explicit Stream(Standard) noexcept;

  void submit(std::shared_ptr<Operation> operation);

  // The stream that the calling thread captures, if any, and where to.
  [[gnu::tls_model("initial-exec")]] static constinit thread_local const Stream* captured;
  [[gnu::tls_model("initial-exec")]] static constinit thread_local Graph* capture_into;
  friend class Capture;

  const std::int32_t id_;
  std::unique_ptr<StreamQueue> queue_;  // null for the default stream
};

// While it lives, what its thread launches on the stream is noted instead of run. A thread captures one stream at a
// time.
class Capture {
 public:
  explicit Capture(Stream& stream);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  // Ends the capture; by the thread that began it.
  [[nodiscard]] std::shared_ptr<const Graph> finish();

 private:
  std::shared_ptr<Graph> graph_;
};

// The stream that this thread's operations go to where none is named: the default one, unless a StreamScope says else.
[[nodiscard]] Stream& current_stream() noexcept;

class StreamScope {
 public:
  explicit StreamScope(Stream& stream) noexcept;
  ~StreamScope();
  StreamScope(const StreamScope&) = delete;
  StreamScope& operator=(const StreamScope&) = delete;

 private:
  Stream* const before_;
};

}  // namespace assay
