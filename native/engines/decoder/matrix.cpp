#include "matrix.h"

#include <algorithm>

#include "assay/kernels/gemm.h"
#include "share.h"

namespace assay::decoder {
namespace {

constexpr std::int64_t PANEL = 32;              // outputs that kernels take at once
constexpr std::int64_t SLICE_BYTES = 1 << 20;   // of fp32
constexpr std::int64_t SLICES_OF_A_THREAD = 4;  // so that no thread waits long for another
constexpr std::int64_t PAGE_BYTES = 4096;       // what kernels fetch ahead of what they read

// By the shape alone, so that matrices of one shape are cut alike.
std::int64_t slice_outputs(std::int64_t outputs, std::int64_t inputs, std::int64_t threads) {
  const std::int64_t by_bytes = SLICE_BYTES / std::max<std::int64_t>(inputs * 4, 1);
  const std::int64_t by_count = outputs / (SLICES_OF_A_THREAD * threads);
  return std::max<std::int64_t>(std::min(by_bytes, by_count) / PANEL, 1) * PANEL;
}

PackB packing_of(std::int64_t inputs, std::int64_t outputs, const float* weights) {
  return {.type = GemmType::f32,
          .k = inputs,
          .n = outputs,
          .b = {.data = weights, .row = 1, .column = inputs},
          .out = nullptr};
}

}  // namespace

Matrix::Matrix(const WeightView& weights, std::int64_t threads, bool rounds)
    : form_(form_of(weights)), kind_(weights.kind), outputs_(weights.rows), inputs_(weights.columns) {
  rounds_ = rounds && form_ == Form::halves && kind_ == WeightKind::bf16;
  const std::int64_t each = slice_outputs(outputs_, inputs_, threads);
  std::int64_t place = 0;
  for (std::int64_t first = 0; first < outputs_; first += each) {
    slices_.push_back({.first = first, .count = std::min(each, outputs_ - first), .place = place});
    place += packed_bytes(slices_.back());
  }
  bytes_ = form_ == Form::wide ? outputs_ * inputs_ * 4 : place;
  packed_ = block_of<std::byte>(place + PAGE_BYTES);
  share(threads, slices(), [&](std::int64_t index) { pack_slice(slices_[static_cast<std::size_t>(index)], weights); });
}

Matrix::Form Matrix::form_of(const WeightView& weights) {
  const WeightKind kind = weights.kind;
  if (kind == WeightKind::q8_0 || kind == WeightKind::q4_0) {
    return Form::blocks;
  }
  const bool is_half = kind == WeightKind::f16 || kind == WeightKind::bf16;
  return is_half && weights.columns % 2 == 0 ? Form::halves : Form::wide;
}

HalfShape Matrix::half_shape_of(const Slice& slice) const {
  return {.kind = kind_, .inputs = inputs_, .outputs = slice.count};
}

BlockShape Matrix::shape_of(const Slice& slice) const {
  return {.kind = kind_, .inputs = inputs_, .outputs = slice.count};
}

std::int64_t Matrix::packed_bytes(const Slice& slice) const {
  switch (form_) {
    case Form::blocks:
      return shape_of(slice).bytes();
    case Form::halves:
      return half_shape_of(slice).bytes();
    case Form::wide:
      break;
  }
  return pack(packing_of(inputs_, slice.count, nullptr));
}

void Matrix::pack_slice(const Slice& slice, const WeightView& weights) const {
  const std::byte* const from = weights.data + slice.first * row_bytes(kind_, inputs_);
  switch (form_) {
    case Form::blocks:
      return pack_blocks(shape_of(slice), from, packed(slice));
    case Form::halves:
      return pack_halves(half_shape_of(slice), from, packed(slice));
    case Form::wide:
      return pack_wide(slice, weights);
  }
}

void Matrix::pack_wide(const Slice& slice, const WeightView& weights) const {
  const std::int64_t from_bytes = row_bytes(kind_, inputs_);
  const Block<float> wide = block_of<float>(slice.count * inputs_);
  for (std::int64_t i = 0; i < slice.count; ++i) {
    widen(kind_, weights.data + (slice.first + i) * from_bytes, inputs_, wide.get() + i * inputs_);
  }
  PackB packing = packing_of(inputs_, slice.count, wide.get());
  packing.out = packed(slice);
  pack(packing);
}

void Matrix::multiply(std::int64_t slice, const Input& in, const Output& out) const {
  const Slice& of = slices_[static_cast<std::size_t>(slice)];
  switch (form_) {
    case Form::blocks:
      return multiply_as_blocks(of, in, out);
    case Form::halves:
      return multiply_as_halves(of, in, out);
    case Form::wide:
      return multiply_wide(of, in, out);
  }
}

void Matrix::multiply_as_halves(const Slice& slice, const Input& in, const Output& out) const {
  multiply_halves({.shape = half_shape_of(slice),
                   .packed = packed(slice),
                   .rows = in.count,
                   .in = in.rows,
                   .in_row = in.row,
                   .rounded = rounds_ ? in.halves : nullptr,
                   .out = out.rows + slice.first,
                   .out_row = out.row,
                   .add = out.add,
                   .bias = out.bias == nullptr ? nullptr : out.bias + slice.first});
}

void Matrix::multiply_as_blocks(const Slice& slice, const Input& in, const Output& out) const {
  const BlockShape shape = shape_of(slice);
  multiply_blocks({.shape = shape,
                   .packed = packed(slice),
                   .first_panel = 0,
                   .panels = shape.panels(),
                   .rows = in.count,
                   .rounded = in.rounded,
                   .out = out.rows + slice.first,
                   .out_row = out.row,
                   .add = out.add,
                   .bias = out.bias == nullptr ? nullptr : out.bias + slice.first});
}

void Matrix::multiply_wide(const Slice& slice, const Input& in, const Output& out) const {
  gemm({.type = GemmType::f32,
        .m = in.count,
        .n = slice.count,
        .k = inputs_,
        .a = {.data = in.rows, .row = in.row, .column = 1},
        .b = {},
        .c = out.rows + slice.first,
        .c_row = out.row,
        .beta = out.add ? 1.0 : 0.0,
        .bias = out.bias == nullptr ? nullptr : out.bias + slice.first,
        .packed_b = packed(slice)});
}

}  // namespace assay::decoder
