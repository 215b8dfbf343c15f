// Streams, events, graphs and the counters of launches.

#include "assay/runtime/stream.h"

#include <set>
#include <string>
#include <vector>

#include "assay/runtime/parallel.h"
#include "assay/runtime/stream/counters.h"
#include "columns.h"
#include "methods.h"
#include "streams.h"
#include "table.h"

namespace assay::python {
namespace {

// Never destroyed: what a stream still runs when the process ends is nobody's loss.
Table<Stream>& streams() {
  static auto& table = *new Table<Stream>("stream");
  return table;
}

Table<Event>& events() {
  static auto& table = *new Table<Event>("event");
  return table;
}

Table<Capture>& captures() {
  static auto& table = *new Table<Capture>("capture");
  return table;
}

Table<const Graph>& graphs() {
  static auto& table = *new Table<const Graph>("graph");
  return table;
}

// For ever: rows of counters refer to it.
const char* lasting(std::string_view name) {
  static auto& names = *new std::set<std::string, std::less<>>;
  return names.emplace(name).first->c_str();
}

std::int64_t stream_open() { return streams().add(std::make_shared<Stream>()); }

void stream_close(std::int64_t handle) {
  const Holding holding;
  std::shared_ptr<Stream> stream = streams().take(handle);
  const Unlocked unlocked;
  stream.reset();
}

std::int64_t stream_id(std::int64_t handle) { return stream_at(handle).id(); }

bool stream_idle(std::int64_t handle) { return stream_at(handle).idle(); }

void stream_synchronise(std::int64_t handle) {
  const Holding holding;
  const std::shared_ptr<Stream> stream = shared_stream(handle);
  const Unlocked unlocked;
  stream->synchronise();
}

void stream_record(std::int64_t handle, std::int64_t event) { stream_at(handle).record(*events().at(event)); }

void stream_wait(std::int64_t handle, std::int64_t event) {
  const Holding holding;
  const std::shared_ptr<Stream> stream = shared_stream(handle);
  const std::shared_ptr<Event> awaited = events().at(event);
  const Unlocked unlocked;
  stream->wait(*awaited);
}

std::int64_t event_open() { return events().add(std::make_shared<Event>()); }

void event_close(std::int64_t handle) { events().take(handle); }

bool event_happened(std::int64_t handle) { return events().at(handle)->happened(); }

void event_synchronise(std::int64_t handle) {
  const Holding holding;
  const std::shared_ptr<Event> event = events().at(handle);
  const Unlocked unlocked;
  event->synchronise();
}

std::int64_t event_time_ns(std::int64_t handle) { return events().at(handle)->time_ns(); }

std::int64_t event_elapsed_ns(std::int64_t start, std::int64_t end) {
  return Event::elapsed_ns(*events().at(start), *events().at(end));
}

std::int64_t capture_begin(std::int64_t stream) { return captures().add(std::make_shared<Capture>(stream_at(stream))); }

void capture_step(std::int64_t stream, std::string_view name) { stream_at(stream).step(lasting(name)); }

std::int64_t capture_end(std::int64_t handle) {
  const Holding holding;
  return graphs().add(captures().at(handle)->finish());
}

void capture_close(std::int64_t handle) {
  const Holding holding;
  captures().take(handle);
}

void graph_close(std::int64_t handle) {
  const Holding holding;
  graphs().take(handle);
}

std::int64_t graph_size(std::int64_t handle) { return graphs().at(handle)->size(); }

void graph_replay(std::int64_t handle, std::int64_t stream, std::int64_t times) {
  const Holding holding;
  const std::shared_ptr<const Graph> graph = graphs().at(handle);
  const std::shared_ptr<Stream> on = shared_stream(stream);
  const Unlocked unlocked;
  on->replay(graph, times);
}

auto counters_drain() {
  LaunchColumns drained = drain_counters();
  const std::vector<std::string_view> names(drained.names.begin(), drained.names.end());
  return std::tuple(drained.dropped, names, Column{std::move(drained.name)}, Column{std::move(drained.kind)},
                    Column{std::move(drained.stream)}, Column{std::move(drained.thread)},
                    Column{std::move(drained.start_ns)}, Column{std::move(drained.end_ns)},
                    Column{std::move(drained.flops)}, Column{std::move(drained.bytes_read)},
                    Column{std::move(drained.bytes_written)}, Column{std::move(drained.tier_bytes)},
                    Column{std::move(drained.occupancy)});
}

const Methods methods{
    bind<&workers, "workers">("How many workers the device has."),
    bind<&stream_open, "stream_open">("A new stream's handle; 0 is the default stream."),
    bind<&stream_close, "stream_close">("Waits for what was launched, then forgets the stream."),
    bind<&stream_id, "stream_id">("Its number in the counters."),
    bind<&stream_idle, "stream_idle">("Whether all that was launched has run."),
    bind<&stream_synchronise, "stream_synchronise">("Waits for what was launched; raises its first error."),
    bind<&stream_record, "stream_record">("Records the event on the stream."),
    bind<&stream_wait, "stream_wait">("What is launched later waits for the event."),
    bind<&event_open, "event_open">("A new event's handle."),
    bind<&event_close, "event_close">("Forgets the event."),
    bind<&event_happened, "event_happened">("Whether its latest recording has happened."),
    bind<&event_synchronise, "event_synchronise">("Waits until it has."),
    bind<&event_time_ns, "event_time_ns">("When it happened."),
    bind<&event_elapsed_ns, "event_elapsed_ns">("From the first event to the second."),
    bind<&capture_begin, "capture_begin">("Begins a capture of the stream by this thread; its handle."),
    bind<&capture_step, "capture_step">("Marks a step in the stream's capture."),
    bind<&capture_end, "capture_end">("Ends the capture; the graph's handle."),
    bind<&capture_close, "capture_close">("Forgets the capture."),
    bind<&graph_close, "graph_close">("Forgets the graph and lets go of its buffers."),
    bind<&graph_size, "graph_size">("Its launches and steps."),
    bind<&graph_replay, "graph_replay">("Runs the graph on the stream so many times."),
    bind<&start_counters, "counters_start">("Keeps so many rows a thread."),
    bind<&stop_counters, "counters_stop">("Keeps no more rows."),
    bind<&counters_drain, "counters_drain">("(dropped, names, and eleven columns as bytes); see profile.py."),
};

}  // namespace

Stream& stream_at(std::int64_t handle) { return handle == 0 ? Stream::standard() : *streams().at(handle); }

std::shared_ptr<Stream> shared_stream(std::int64_t handle) {
  return handle == 0 ? std::shared_ptr<Stream>(std::shared_ptr<Stream>(), &Stream::standard()) : streams().at(handle);
}

}  // namespace assay::python
