// The structures of DLPack, as its specification lays them out (dmlc.github.io/dlpack/latest/c_api.html).
#pragma once

#include <cstdint>

namespace assay::python {

inline constexpr std::int32_t DL_CPU = 1;
inline constexpr std::int32_t DL_CUDA_HOST = 3;
inline constexpr std::uint64_t DL_READ_ONLY = 1;
inline constexpr std::uint64_t DL_IS_COPIED = 2;

struct DLDevice {
  std::int32_t device_type;
  std::int32_t device_id;
};

struct DLDataType {
  std::uint8_t code;
  std::uint8_t bits;
  std::uint16_t lanes;
};

struct DLTensor {
  void* data;
  DLDevice device;
  std::int32_t ndim;
  DLDataType dtype;
  std::int64_t* shape;
  std::int64_t* strides;  // in elements
  std::uint64_t byte_offset;
};

struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_context;
  void (*deleter)(DLManagedTensor* self);
};

struct DLPackVersion {
  std::uint32_t major;
  std::uint32_t minor;
};

struct DLManagedTensorVersioned {
  DLPackVersion version;
  void* manager_context;
  void (*deleter)(DLManagedTensorVersioned* self);
  std::uint64_t flags;
  DLTensor dl_tensor;
};

}  // namespace assay::python
