// Stamps of traced steps.

#include "assay/runtime/trace.h"

#include "columns.h"
#include "methods.h"

namespace assay::python {
namespace {

void trace_start(std::int64_t rows_per_thread, bool cpu) {
  trace::start(rows_per_thread, cpu ? trace::CpuTime::steps : trace::CpuTime::never);
}

std::int64_t trace_name(std::string_view text) { return trace::name(text); }

std::int64_t trace_ticks() { return device_ticks(); }

std::string_view trace_source() { return device::counts_ticks ? "tsc" : "clock_gettime"; }

trace::Name as_name(std::int64_t place) {
  return place < 0 ? trace::NO_NAME : static_cast<trace::Name>(std::min<std::int64_t>(place, trace::NO_NAME));
}

// Everything that is none stays none; what doesn't fit is none too.
template <class T>
T narrow(std::int64_t value) {
  return value < 0 || value > std::numeric_limits<T>::max() ? T{trace::NONE} : static_cast<T>(value);
}

void trace_keep(std::int64_t start, std::int64_t end, std::int64_t cpu_ns, std::int64_t step, std::int64_t phase,
                std::int64_t op, std::int64_t device, std::int64_t layer, std::int64_t token, std::int64_t invocation,
                std::int64_t sequence, std::int64_t tokens, std::int64_t flops, std::int64_t read_bytes,
                std::int64_t written_bytes, std::int64_t kv_bytes) {
  if (!trace::on()) {
    return;
  }
  trace::keep({.start_ticks = start,
               .end_ticks = end,
               .cpu_ns = cpu_ns,
               .work = {.flops = flops, .bytes_read = read_bytes, .bytes_written = written_bytes},
               .kv_bytes = kv_bytes,
               .place = {.invocation = narrow<std::int32_t>(invocation),
                         .sequence = narrow<std::int32_t>(sequence),
                         .token = narrow<std::int32_t>(token),
                         .tokens = narrow<std::int32_t>(tokens),
                         .phase = as_name(phase),
                         .device = as_name(device)},
               .what = {.step = as_name(step), .part = as_name(op), .layer = narrow<std::int16_t>(layer)}});
}

// Empty steps, for what one costs.
void trace_spans(std::int64_t count) {
  static const trace::Name step = trace::name("Attention");
  static const trace::Name decode = trace::name("decode");
  static const trace::Name cpu = trace::name("cpu:0");
  const trace::Place place{.invocation = 0, .sequence = 0, .token = 1, .tokens = 1, .phase = decode, .device = cpu};
  for (std::int64_t i = 0; i < count; ++i) {
    const trace::Span span(place, {.step = step, .layer = static_cast<std::int16_t>(i & 31)});
    asm volatile("" : : : "memory");
  }
}

auto trace_drain() {
  trace::Columns drained = trace::drain();
  std::vector<std::string> names = std::move(drained.names);
  return std::tuple(
      drained.dropped, drained.error_ns, std::move(names),
      std::tuple(Column{std::move(drained.start_ns)}, Column{std::move(drained.end_ns)},
                 Column{std::move(drained.cpu_ns)}, Column{std::move(drained.flops)},
                 Column{std::move(drained.read_bytes)}, Column{std::move(drained.written_bytes)},
                 Column{std::move(drained.kv_bytes)}),
      std::tuple(Column{std::move(drained.thread)}, Column{std::move(drained.step)}, Column{std::move(drained.phase)},
                 Column{std::move(drained.op)}, Column{std::move(drained.device)}, Column{std::move(drained.layer)},
                 Column{std::move(drained.token)}, Column{std::move(drained.invocation)},
                 Column{std::move(drained.sequence)}, Column{std::move(drained.tokens)}));
}

const Methods methods{
    bind<&trace_start, "trace_start">("Keeps so many stamps a thread, with CPU time of native steps or without."),
    bind<&trace::stop, "trace_stop">("Keeps no more stamps."),
    bind<&trace_name, "trace_name">("The place of a name."),
    bind<&trace_ticks, "trace_ticks">("Now, in ticks of the device."),
    bind<&trace_source, "trace_source">("What ticks are of: tsc or clock_gettime."),
    bind<&trace_keep, "trace_keep">("Keeps a stamp of this thread; see ring.py."),
    bind<&trace_spans, "trace_spans", Gil::released>("Runs so many empty steps."),
    bind<&trace_drain, "trace_drain">("(dropped, error, names, 64-bit columns, 32-bit columns); see native.py."),
};

}  // namespace
}  // namespace assay::python
