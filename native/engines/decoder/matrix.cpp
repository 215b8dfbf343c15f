#include "matrix.h"

#include <algorithm>
#include <atomic>

#include "assay/kernels/gemm.h"
#include "share.h"

namespace assay::decoder {
namespace {

constexpr std::int64_t PANEL = 32;             // outputs that kernels take at once
constexpr std::int64_t SLICE_BYTES = 1 << 20;  // of fp32
constexpr std::int64_t LEAST_SLICES = 8;

// By the shape alone, so that matrices of one shape are cut alike.
std::int64_t slice_outputs(std::int64_t outputs, std::int64_t inputs) {
  const std::int64_t by_bytes = SLICE_BYTES / std::max<std::int64_t>(inputs * 4, 1);
  const std::int64_t by_count = outputs / LEAST_SLICES;
  return std::max<std::int64_t>(std::min(by_bytes, by_count) / PANEL, 1) * PANEL;
}

}  // namespace

Matrix::Matrix(const WeightView& weights, std::int64_t threads) : outputs_(weights.rows), inputs_(weights.columns) {
  const std::int64_t each = slice_outputs(outputs_, inputs_);
  for (std::int64_t first = 0; first < outputs_; first += each) {
    slices_.push_back({.first = first, .count = std::min(each, outputs_ - first), .packed = nullptr});
  }
  std::atomic<std::int64_t> bytes{0};
  share(threads, slices(), [&](std::int64_t index) {
    Slice& slice = slices_[static_cast<std::size_t>(index)];
    pack_slice(slice, weights);
    bytes += slice.count * inputs_ * 4;
  });
  bytes_ = bytes;
}

void Matrix::pack_slice(Slice& slice, const WeightView& weights) const {
  const std::int64_t from_bytes = row_bytes(weights.kind, inputs_);
  const Block<float> wide = block_of<float>(slice.count * inputs_);
  for (std::int64_t i = 0; i < slice.count; ++i) {
    widen(weights.kind, weights.data + (slice.first + i) * from_bytes, inputs_, wide.get() + i * inputs_);
  }
  PackB packing{.type = GemmType::f32,
                .k = inputs_,
                .n = slice.count,
                .b = {.data = wide.get(), .row = 1, .column = inputs_},
                .out = nullptr};
  slice.packed = block_of<std::byte>(pack(packing));
  packing.out = slice.packed.get();
  pack(packing);
}

void Matrix::multiply(std::int64_t slice, const Input& in, const Output& out) const {
  const Slice& of = slices_[static_cast<std::size_t>(slice)];
  gemm({.type = GemmType::f32,
        .m = in.count,
        .n = of.count,
        .k = inputs_,
        .a = {.data = in.rows, .row = in.row, .column = 1},
        .b = {},
        .c = out.rows + of.first,
        .c_row = out.row,
        .beta = out.add ? 1.0 : 0.0,
        .bias = out.bias == nullptr ? nullptr : out.bias + of.first,
        .packed_b = of.packed.get()});
}

}  // namespace assay::decoder
