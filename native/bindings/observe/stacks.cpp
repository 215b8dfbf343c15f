// Python stacks of other processes.

#include <cstring>
#include <string>
#include <vector>

#include "../held.h"
#include "../methods.h"
#include "../table.h"
#include "assay/stacks/sampler.h"

namespace assay::python {
namespace {

using stacks::Code;
using stacks::Layout;
using stacks::Sampler;

constexpr std::int64_t kShortestPeriodNs = 100'000;

Table<Sampler>& samplers() {
  static auto& table = *new Table<Sampler>("sampler of stacks");
  return table;
}

struct Bytes {
  const char* data;
  std::size_t size;
};

PyObject* to_python(const Bytes& bytes) {
  return PyBytes_FromStringAndSize(bytes.data, static_cast<Py_ssize_t>(bytes.size));
}

Layout layout_of(const Buffer& fields) {
  const auto numbers = fields.as<std::int64_t>("q");
  if (numbers.size_bytes() != sizeof(Layout)) {
    throw Error(ErrorKind::usage, "stacks_watch: expected the " +
                                      std::to_string(sizeof(Layout) / sizeof(std::int64_t)) +
                                      " fields of a layout; rebuild the native core");
  }
  Layout layout;
  std::memcpy(&layout, numbers.data(), sizeof layout);
  return layout;
}

std::int64_t stacks_open(std::int64_t period_ns) {
  if (period_ns < kShortestPeriodNs) {
    throw Error(ErrorKind::usage, "stacks_open: the period is too short; sample every 0.1 ms at most");
  }
  return samplers().add(std::make_shared<Sampler>(period_ns));
}

void stacks_close(std::int64_t handle) {
  const Holding holding;
  std::shared_ptr<Sampler> sampler = samplers().take(handle);
  const Unlocked unlocked;
  sampler.reset();
}

void stacks_watch(std::int64_t handle, std::int64_t pid, std::int64_t runtime, const Buffer& fields) {
  const Holding holding;
  const std::shared_ptr<Sampler> sampler = samplers().at(handle);
  const Layout layout = layout_of(fields);
  const Unlocked unlocked;
  sampler->watch(pid, runtime, layout);
}

void stacks_forget(std::int64_t handle, std::int64_t pid) {
  const Holding holding;
  const std::shared_ptr<Sampler> sampler = samplers().at(handle);
  const Unlocked unlocked;
  sampler->forget(pid);
}

stacks::Drained drained_of(std::int64_t handle) {
  const Holding holding;
  const std::shared_ptr<Sampler> sampler = samplers().at(handle);
  const Unlocked unlocked;
  return sampler->drain();
}

// Texts as bytes: what they hold came from another process.
struct Functions {
  std::vector<Code> codes;
};

PyObject* to_python(const Functions& functions) {
  std::vector<std::tuple<std::int64_t, Bytes, Bytes, Bytes, std::int64_t>> rows;
  for (const Code& code : functions.codes) {
    const auto bytes = [](const std::string& text) { return Bytes{text.data(), text.size()}; };
    rows.emplace_back(code.first_line, bytes(code.name), bytes(code.file), bytes(code.lines), code.minor_version);
  }
  return assay::python::to_python(rows);
}

template <class T>
struct Numbers {
  std::vector<T> values;
};

template <class T>
Numbers(std::vector<T>) -> Numbers<T>;

template <class T>
PyObject* to_python(const Numbers<T>& numbers) {
  return to_python(Bytes{reinterpret_cast<const char*>(numbers.values.data()), numbers.values.size() * sizeof(T)});
}

auto stacks_drain(std::int64_t handle) {
  stacks::Drained drained = drained_of(handle);
  const stacks::Counts& counts = drained.counts;
  return std::tuple(
      std::tuple(Numbers{std::move(drained.time_ns)}, Numbers{std::move(drained.pid)}, Numbers{std::move(drained.tid)},
                 Numbers{std::move(drained.node)}, Numbers{std::move(drained.state)}),
      std::tuple(Numbers{std::move(drained.parent)}, Numbers{std::move(drained.code)},
                 Numbers{std::move(drained.instruction)}),
      Functions{std::move(drained.codes)},
      std::tuple(counts.rows, counts.torn, counts.cut, counts.dropped, counts.unreadable, counts.cost_ns));
}

const Methods methods{
    bind<&stacks_open, "stacks_open">("Begins to sample every so many ns; the handle of the sampler."),
    bind<&stacks_close, "stacks_close">("Ends the sampler."),
    bind<&stacks_watch, "stacks_watch">("Samples a process whose runtime lies at an address, by a layout."),
    bind<&stacks_forget, "stacks_forget">("Samples the process no longer."),
    bind<&stacks_drain, "stacks_drain">("(rows, nodes, functions, counts) since the last call; see sampler.py."),
};

}  // namespace
}  // namespace assay::python
