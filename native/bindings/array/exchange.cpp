#include "exchange.h"

#include <memory>

#include "dlpack.h"

namespace assay::python {
namespace {

constexpr const char* PLAIN = "dltensor";
constexpr const char* VERSIONED = "dltensor_versioned";

// Where the lowest and the highest byte lie, so that views of foreign memory stay inside of it.
struct Reach {
  std::int64_t below = 0;
  std::int64_t above = 0;
};

Reach reach_of(const Dimensions& shape, const Dimensions& strides, std::int64_t itemsize) {
  Reach reach;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(shape.count); ++axis) {
    if (shape.values[axis] == 0) {
      return {};
    }
    const std::int64_t extent = strides.values[axis] * (shape.values[axis] - 1);
    (extent < 0 ? reach.below : reach.above) += extent;
  }
  reach.above += itemsize;
  return reach;
}

struct StorageDeleter {
  void operator()(Storage* storage) const { let_go(storage); }
};

Owned foreign_array(std::unique_ptr<Storage, StorageDeleter> storage, std::byte* data, DType dtype,
                    const Dimensions& shape, const Dimensions& strides) {
  const std::int64_t alignment = is_complex(dtype) ? size_of(dtype) / 2 : size_of(dtype);
  bool aligned = reinterpret_cast<std::uintptr_t>(data) % static_cast<std::uintptr_t>(alignment) == 0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(shape.count); ++axis) {
    aligned = aligned && strides.values[axis] % alignment == 0;
  }
  const Reach reach = reach_of(shape, strides, size_of(dtype));
  if (!aligned && reach.above != 0) {
    throw Error(ErrorKind::usage, "the elements are not aligned to their type; copy them in the library they are from");
  }
  storage->data = data + reach.below;
  storage->bytes = reach.above - reach.below;
  return new_array_on(storage.get(), data, dtype, shape, strides);
}

// --- the buffer protocol -------------------------------------------------------------------------------------------

void release_buffer(Storage* storage) {
  const int state = PyGILState_Ensure();
  auto* const view = static_cast<Py_buffer*>(storage->owner);
  PyBuffer_Release(view);
  delete view;
  delete storage;
  PyGILState_Release(state);
}

DType dtype_of_format(std::string_view format, std::int64_t itemsize) {
  // The kinds of Python's struct module; sizes come from the item, since 'l' and 'q' differ between machines.
  const bool known = format.size() == 1 || (format.size() == 2 && format[0] == 'Z');
  const char code = format.empty() ? '\0' : format.back();
  char kind = '\0';
  if (known && format.size() == 2) {
    kind = 'c';
  } else if (known && code == '?') {
    kind = 'b';
  } else if (known && std::string_view("bhilqn").find(code) != std::string_view::npos) {
    kind = 'i';
  } else if (known && std::string_view("BHILQN").find(code) != std::string_view::npos) {
    kind = 'u';
  } else if (known && std::string_view("efd").find(code) != std::string_view::npos) {
    kind = 'f';
  }
  for (std::size_t i = 0; i < DTYPES; ++i) {
    if (DTYPE_FACTS[i].kind == kind && DTYPE_FACTS[i].bytes == itemsize && DTYPE_FACTS[i].format != nullptr) {
      return static_cast<DType>(i);
    }
  }
  throw TypeError("no array has elements of format '" + std::string(format) + "'");
}

// --- DLPack --------------------------------------------------------------------------------------------------------

template <class Managed>
struct Exported {
  Managed managed;
  Storage* storage;
  Extents shape;
  Extents strides;
};

template <class Managed>
void delete_exported(Managed* managed) {
  auto* const exported = static_cast<Exported<Managed>*>(managed->manager_context);
  let_go(exported->storage);
  delete exported;
}

// A capsule that nobody took a tensor out of still owns it.
template <class Managed>
void delete_capsule(PyObject* capsule) {
  constexpr const char* NAME = std::is_same_v<Managed, DLManagedTensor> ? PLAIN : VERSIONED;
  if (PyCapsule_IsValid(capsule, NAME) != 0) {
    auto* const managed = static_cast<Managed*>(PyCapsule_GetPointer(capsule, NAME));
    managed->deleter(managed);
  }
}

template <class Managed>
Owned capsule_of(ArrayObject& array, const char* name, std::uint64_t flags) {
  auto exported = std::make_unique<Exported<Managed>>();
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(array.ndim); ++axis) {
    exported->shape[axis] = array.shape[axis];
    exported->strides[axis] = array.strides[axis] / size_of(array.dtype);
  }
  const auto bits = static_cast<std::uint8_t>(size_of(array.dtype) * 8);
  DLTensor& tensor = exported->managed.dl_tensor;
  tensor = {array.data,
            {DL_CPU, 0},
            array.ndim,
            {facts(array.dtype).dlpack, bits, 1},
            exported->shape.data(),
            exported->strides.data(),
            0};
  exported->managed.manager_context = exported.get();
  exported->managed.deleter = &delete_exported<Managed>;
  if constexpr (std::is_same_v<Managed, DLManagedTensorVersioned>) {
    exported->managed.version = {1, 0};
    exported->managed.flags = flags;
  }
  exported->storage = array.storage;
  retain(array.storage);
  PyObject* const capsule = PyCapsule_New(&exported->managed, name, &delete_capsule<Managed>);
  if (capsule == nullptr) {
    let_go(array.storage);
    throw ErrorIsSet{};
  }
  exported.release();  // NOLINT: the capsule owns it now
  return Owned(capsule);
}

template <class Managed>
void release_managed(Storage* storage) {
  auto* const managed = static_cast<Managed*>(storage->owner);
  if (managed->deleter != nullptr) {
    managed->deleter(managed);
  }
  delete storage;
}

DType dtype_of_tensor(const DLTensor& tensor) {
  for (std::size_t i = 0; i < DTYPES; ++i) {
    if (DTYPE_FACTS[i].dlpack == tensor.dtype.code && DTYPE_FACTS[i].bytes * 8 == tensor.dtype.bits &&
        tensor.dtype.lanes == 1) {
      return static_cast<DType>(i);
    }
  }
  throw TypeError("no array has elements of DLPack's type code " + std::to_string(tensor.dtype.code) + " with " +
                  std::to_string(tensor.dtype.bits) + " bits");
}

template <class Managed>
Owned array_of(Managed* managed, bool read_only, PyObject* capsule, const char* used_name) {
  const DLTensor& tensor = managed->dl_tensor;
  if (tensor.device.device_type != DL_CPU && tensor.device.device_type != DL_CUDA_HOST) {
    throw Error(ErrorKind::unavailable, "the tensor is not in the memory of this machine; move it to the CPU first");
  }
  if (tensor.ndim < 0 || tensor.ndim > MAX_DIMENSIONS) {
    throw Error(ErrorKind::usage, "an array has at most " + std::to_string(MAX_DIMENSIONS) + " axes");
  }
  const DType dtype = dtype_of_tensor(tensor);
  Dimensions shape{tensor.ndim, {}};
  Dimensions strides{tensor.ndim, {}};
  std::int64_t step = 1;
  for (auto axis = static_cast<std::size_t>(tensor.ndim); axis-- > 0;) {
    shape.values[axis] = tensor.shape[axis];
    strides.values[axis] = (tensor.strides != nullptr ? tensor.strides[axis] : step) * size_of(dtype);
    step *= tensor.shape[axis];
  }
  auto storage = std::unique_ptr<Storage, StorageDeleter>(new Storage);
  storage->read_only = read_only;
  storage->release = [](Storage* empty) { delete empty; };
  Storage* const raw = storage.get();
  Owned array = foreign_array(std::move(storage), static_cast<std::byte*>(tensor.data) + tensor.byte_offset, dtype,
                              shape, strides);
  if (PyCapsule_SetName(capsule, used_name) != 0) {
    throw ErrorIsSet{};
  }
  raw->owner = managed;
  raw->release = &release_managed<Managed>;
  return array;
}

}  // namespace

Owned array_from_buffer(PyObject& exporter) {
  auto view = std::make_unique<Py_buffer>();
  if (PyObject_GetBuffer(&exporter, view.get(), PyBUF_STRIDES | PyBUF_FORMAT) != 0) {
    throw ErrorIsSet{};
  }
  auto storage = std::unique_ptr<Storage, StorageDeleter>(new Storage);
  const Py_buffer& held = *view;
  storage->read_only = held.readonly != 0;
  storage->owner = view.release();
  storage->release = &release_buffer;
  if (held.ndim > MAX_DIMENSIONS) {
    throw Error(ErrorKind::usage, "an array has at most " + std::to_string(MAX_DIMENSIONS) + " axes");
  }
  const DType dtype = dtype_of_format(Buffer(held).format(), held.itemsize);
  Dimensions shape{held.ndim, {}};
  Dimensions strides{held.ndim, {}};
  std::copy_n(held.shape, held.ndim, shape.values.begin());
  std::copy_n(held.strides, held.ndim, strides.values.begin());
  return foreign_array(std::move(storage), static_cast<std::byte*>(held.buf), dtype, shape, strides);
}

Owned array_to_capsule(ArrayObject& array, bool versioned, bool is_copy) {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(array.ndim); ++axis) {
    if (array.strides[axis] % size_of(array.dtype) != 0) {
      throw Error(ErrorKind::usage, "DLPack counts strides in whole elements; copy the array first");
    }
  }
  if (versioned) {
    const std::uint64_t flags = (array.storage->read_only ? DL_READ_ONLY : 0) | (is_copy ? DL_IS_COPIED : 0);
    return capsule_of<DLManagedTensorVersioned>(array, VERSIONED, flags);
  }
  if (array.storage->read_only) {
    throw Error(ErrorKind::usage, "the array is read-only, which DLPack before 1.0 can't say; copy it first");
  }
  return capsule_of<DLManagedTensor>(array, PLAIN, 0);
}

Owned array_from_capsule(PyObject& capsule) {
  if (PyCapsule_IsValid(&capsule, VERSIONED) != 0) {
    auto* const managed = static_cast<DLManagedTensorVersioned*>(PyCapsule_GetPointer(&capsule, VERSIONED));
    if (managed->version.major != 1) {
      throw TypeError("DLPack " + std::to_string(managed->version.major) + " is not understood, only 0 and 1");
    }
    return array_of(managed, (managed->flags & DL_READ_ONLY) != 0, &capsule, "used_dltensor_versioned");
  }
  if (PyCapsule_IsValid(&capsule, PLAIN) != 0) {
    auto* const managed = static_cast<DLManagedTensor*>(PyCapsule_GetPointer(&capsule, PLAIN));
    return array_of(managed, false, &capsule, "used_dltensor");
  }
  throw TypeError("expected a DLPack capsule whose tensor nobody has taken yet");
}

}  // namespace assay::python
