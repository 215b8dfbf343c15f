// Memory: buffers that may move between tiers, limits and statistics.

#include <memory>
#include <string>

#include "assay/runtime/buffer.h"
#include "methods.h"

namespace assay::python {
namespace {

using Shared = std::shared_ptr<assay::Buffer>;

// A Python object that exports the bytes of a buffer: every export is a pin.
struct Exporter {
  PyObject base;
  Shared* buffer;
  Access access;
};

int export_buffer(PyObject* self, Py_buffer* view, int flags) noexcept {
  const auto* const exporter = reinterpret_cast<const Exporter*>(self);
  view->obj = nullptr;
  try {
    auto pin = std::make_unique<Pin>(run<Gil::released>([&] { return (*exporter->buffer)->pin(exporter->access); }));
    const int readonly = exporter->access == Access::read ? 1 : 0;
    if (PyBuffer_FillInfo(view, self, pin->data(), static_cast<Py_ssize_t>(pin->bytes()), readonly, flags) != 0) {
      return -1;
    }
    view->internal = pin.release();
    return 0;
  } catch (...) {
    raise_current("pin");
    return -1;
  }
}

void release_buffer(PyObject*, Py_buffer* view) noexcept { delete static_cast<Pin*>(view->internal); }

void destroy(PyObject* self) noexcept {
  auto* const type = static_cast<PyObject*>(self->ob_type);
  delete reinterpret_cast<Exporter*>(self)->buffer;
  PyObject_Free(self);
  Py_DecRef(type);
}

PyObject* exporter_type() {
  static PyType_Slot slots[] = {
      {Py_bf_getbuffer, reinterpret_cast<void*>(&export_buffer)},
      {Py_bf_releasebuffer, reinterpret_cast<void*>(&release_buffer)},
      {Py_tp_dealloc, reinterpret_cast<void*>(&destroy)},
      {0, nullptr},
  };
  static PyType_Spec spec = {.name = "assay.vgpu._native.MemoryExporter",
                             .basicsize = static_cast<int>(sizeof(Exporter)),
                             .itemsize = 0,
                             .flags = Py_TPFLAGS_DISALLOW_INSTANTIATION,
                             .slots = slots};
  static PyObject* const type = PyType_FromSpec(&spec);
  if (type == nullptr) {
    throw ErrorIsSet{};
  }
  return type;
}

// A new reference, on its way to Python.
struct Made {
  PyObject* object;
};

PyObject* to_python(Made made) { return made.object; }

Made exporter_of(Shared buffer, Access access) {
  auto shared = std::make_unique<Shared>(std::move(buffer));
  PyObject* const object = PyType_GenericAlloc(exporter_type(), 0);
  if (object == nullptr) {
    throw ErrorIsSet{};
  }
  auto* const exporter = reinterpret_cast<Exporter*>(object);
  exporter->buffer = shared.release();
  exporter->access = access;
  return {object};
}

Made memory_buffer(std::int64_t bytes, std::string_view name) {
  return exporter_of(std::make_shared<assay::Buffer>(bytes, name, Contents::zero), Access::write);
}

}  // namespace

template <>
struct Argument<Shared> {
  explicit Argument(PyObject* object) : exporter(reinterpret_cast<Exporter*>(object)) {
    if (object->ob_type != exporter_type()) {
      throw TypeError("expected what memory_buffer() makes");
    }
  }
  [[nodiscard]] const Shared& get() const { return *exporter->buffer; }
  Exporter* exporter;
};

namespace {

Made memory_reader(const Shared& buffer) { return exporter_of(buffer, Access::read); }
void memory_prefetch(const Shared& buffer) { buffer->prefetch(); }
bool memory_evict(const Shared& buffer) { return buffer->evict(); }
std::string_view memory_tier(const Shared& buffer) { return name(buffer->tier()); }
std::int64_t memory_pins(const Shared& buffer) { return buffer->pins(); }

auto memory_limits_now() {
  const MemoryLimits limits = memory_limits();
  return std::tuple(limits.memory_bytes, limits.huge_bytes, limits.idle_bytes, limits.compressed_bytes,
                    limits.spill_bytes, limits.spill_folder);
}

void memory_set_limits(std::int64_t memory_bytes, std::int64_t huge_bytes, std::int64_t idle_bytes,
                       std::int64_t compressed_bytes, std::int64_t spill_bytes, std::string_view spill_folder) {
  set_memory_limits({.memory_bytes = memory_bytes,
                     .huge_bytes = huge_bytes,
                     .idle_bytes = idle_bytes,
                     .compressed_bytes = compressed_bytes,
                     .spill_bytes = spill_bytes,
                     .spill_folder = std::string(spill_folder)});
}

std::vector<std::tuple<std::string_view, std::int64_t>> memory_counts() {
  const MemoryStatistics all = memory_statistics();
  return {
      {"resident_bytes", all.resident_bytes},
      {"most_resident_bytes", all.most_resident_bytes},
      {"buffer_bytes", all.buffer_bytes},
      {"pinned_bytes", all.pinned_bytes},
      {"small_live_bytes", all.blocks.small_live_bytes},
      {"small_slab_bytes", all.blocks.small_slab_bytes},
      {"large_live_bytes", all.blocks.large_live_bytes},
      {"mapped_bytes", all.blocks.mapped_bytes},
      {"huge_bytes", all.blocks.huge_bytes},
      {"reserved_bytes", all.blocks.reserved_bytes},
      {"idle_bytes", all.blocks.idle_bytes},
      {"mappings", all.blocks.mappings},
      {"reuses", all.blocks.reuses},
      {"compressed_bytes", all.compressed_bytes},
      {"compressed_from_bytes", all.compressed_from_bytes},
      {"spill_bytes", all.spill_bytes},
      {"spill_file_bytes", all.spill_file_bytes},
      {"evictions", all.evictions},
      {"free_evictions", all.free_evictions},
      {"returns", all.returns},
      {"prefetches", all.prefetches},
      {"failed_prefetches", all.failed_prefetches},
      {"chunks_lz4", all.chunks_lz4},
      {"chunks_zstd", all.chunks_zstd},
      {"chunks_raw", all.chunks_raw},
      {"into_compressed_bytes", all.traffic.compressed_bytes},
      {"out_of_compressed_bytes", all.traffic.decompressed_bytes},
      {"spill_written_bytes", all.traffic.spill_written_bytes},
      {"spill_read_bytes", all.traffic.spill_read_bytes},
  };
}

auto memory_codecs() {
  const MemoryStatistics all = memory_statistics();
  return std::tuple(all.without_lz4, all.without_zstd);
}

const Methods methods{
    bind<&memory_buffer, "memory_buffer">("An exporter of a new buffer of zeros: bytes, name."),
    bind<&memory_reader, "memory_reader">("An exporter of the same buffer for reading only."),
    bind<&memory_prefetch, "memory_prefetch">("Brings the buffer into memory in the background."),
    bind<&memory_evict, "memory_evict", Gil::released>("Moves the buffer out; whether it did."),
    bind<&memory_tier, "memory_tier">("memory, compressed, spill or nowhere."),
    bind<&memory_pins, "memory_pins">("How often the buffer is pinned."),
    bind<&memory_limits_now, "memory_limits">("(memory, huge, idle, compressed, spill, folder)"),
    bind<&memory_set_limits, "memory_set_limits", Gil::released>("The same six."),
    bind<&memory_counts, "memory_counts", Gil::released>("(name, value) of every count."),
    bind<&memory_codecs, "memory_codecs">("Why lz4 and zstd are not used, each; empty where it is."),
    bind<&trim, "memory_trim", Gil::released>("Gives free memory back to the system."),
};

}  // namespace
}  // namespace assay::python
