#include "assay/runtime/stream.h"

#include <atomic>
#include <mutex>

#include "assay/core/error.h"
#include "queue.h"

namespace assay {
namespace {

std::int32_t next_id() noexcept {
  static std::atomic<std::int32_t> ids{0};
  return ++ids;
}

class StepOperation final : public Operation {
 public:
  explicit StepOperation(const char* called) : Operation(called, {}, LaunchKind::step) {}
  void run() override {}
};

// Of the stream itself: no launch, so no row.
class OwnOperation : public Operation {
 public:
  OwnOperation() : Operation("", {}, LaunchKind::kernel) {}
  void launch(std::int32_t) override { run(); }
};

class RecordOperation final : public OwnOperation {
 public:
  explicit RecordOperation(std::shared_ptr<Mark> mark) : mark_(std::move(mark)) {}
  void run() override { mark_->happen(); }
  [[nodiscard]] bool always() const noexcept override { return true; }

 private:
  const std::shared_ptr<Mark> mark_;
};

class WaitOperation final : public OwnOperation {
 public:
  explicit WaitOperation(std::shared_ptr<Mark> mark) : mark_(std::move(mark)) {}
  void run() override { mark_->wait(); }

 private:
  const std::shared_ptr<Mark> mark_;
};

class ReplayOperation final : public OwnOperation {
 public:
  ReplayOperation(std::shared_ptr<const Graph> graph, std::int64_t times) : graph_(std::move(graph)), times_(times) {}
  void run() override { launch(0); }
  void launch(std::int32_t stream) override {
    for (std::int64_t i = 0; i < times_; ++i) {
      graph_->run(stream);
    }
  }

 private:
  const std::shared_ptr<const Graph> graph_;
  const std::int64_t times_;
};

void refuse_capture(const Stream& stream, const char* operation) {
  if (stream.capturing()) {
    throw Error(ErrorKind::usage, std::string(operation) +
                                      ": the stream is being captured; a graph holds launches and " +
                                      "steps only, so do this before or after the capture");
  }
}

constinit thread_local Stream* chosen = nullptr;

}  // namespace

constinit thread_local const Stream* Stream::captured = nullptr;
constinit thread_local Graph* Stream::capture_into = nullptr;

Stream::Stream() : id_(next_id()), queue_(std::make_unique<StreamQueue>(id_)) {}

Stream::Stream(Standard) noexcept : id_(0) {}

Stream::~Stream() = default;

Stream& Stream::standard() {
  static Stream stream{Standard{}};
  return stream;
}

void Stream::submit(std::shared_ptr<Operation> operation) {
  if (capturing()) {
    capture_into->add(std::move(operation));
  } else {
    queue_->push(std::move(operation));
  }
}

void Stream::synchronise() {
  refuse_capture(*this, "synchronise");
  if (queue_ != nullptr) {
    queue_->synchronise();
  }
}

bool Stream::idle() const { return queue_ == nullptr || queue_->idle(); }

void Stream::record(Event& event) {
  refuse_capture(*this, "record");
  std::shared_ptr<Mark> mark = event.renew();
  if (queue_ == nullptr) {
    mark->happen();
  } else {
    queue_->push(std::make_shared<RecordOperation>(std::move(mark)));
  }
}

void Stream::wait(const Event& event) {
  refuse_capture(*this, "wait");
  std::shared_ptr<Mark> mark = event.latest();
  if (mark == nullptr || mark->happened()) {
    return;
  }
  if (queue_ == nullptr) {
    mark->wait();
  } else {
    queue_->push(std::make_shared<WaitOperation>(std::move(mark)));
  }
}

void Stream::step(const char* name) {
  if (!capturing()) {
    throw Error(ErrorKind::usage, "step: the stream is not being captured; steps are marked inside of a capture");
  }
  capture_into->add(std::make_shared<StepOperation>(name));
}

void Stream::replay(const std::shared_ptr<const Graph>& graph, std::int64_t times) {
  if (capturing()) {
    for (std::int64_t i = 0; i < times; ++i) {
      capture_into->append(*graph);
    }
  } else if (queue_ == nullptr) {
    for (std::int64_t i = 0; i < times; ++i) {
      graph->run(id_);
    }
  } else {
    queue_->push(std::make_shared<ReplayOperation>(graph, times));
  }
}

Capture::Capture(Stream& stream) : graph_(std::make_shared<Graph>()) {
  if (Stream::captured != nullptr) {
    throw Error(ErrorKind::usage, "capture: this thread captures a stream already; end that capture first");
  }
  Stream::captured = &stream;
  Stream::capture_into = graph_.get();
}

Capture::~Capture() {
  if (graph_ == nullptr) {
    return;
  }
  if (Stream::capture_into == graph_.get()) {
    Stream::captured = nullptr;
    Stream::capture_into = nullptr;
  } else {
    static auto& held_for_ever = *new std::vector<std::shared_ptr<Graph>>;  // another thread still writes to it
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    held_for_ever.push_back(graph_);
  }
}

std::shared_ptr<const Graph> Capture::finish() {
  if (graph_ == nullptr || Stream::capture_into != graph_.get()) {
    throw Error(ErrorKind::usage, "capture: it was begun by another thread, or is over; end it where it was begun");
  }
  Stream::captured = nullptr;
  Stream::capture_into = nullptr;
  return std::exchange(graph_, nullptr);
}

Stream& current_stream() noexcept { return chosen != nullptr ? *chosen : Stream::standard(); }

StreamScope::StreamScope(Stream& stream) noexcept : before_(chosen) { chosen = &stream; }

StreamScope::~StreamScope() { chosen = before_; }

}  // namespace assay
