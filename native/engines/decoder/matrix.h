// Weights that are packed once, in slices of outputs: a slice is what one thread multiplies at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "assay/engines/decoder.h"
#include "assay/kernels/decoder/blocks.h"
#include "assay/kernels/decoder/halves.h"
#include "cache.h"

namespace assay::decoder {

// Rows that are multiplied.
struct Input {
  const float* rows;
  std::int64_t row;  // elements from one to the next
  std::int64_t count;
  // The same as round_rows() and as round_halves() make it; for matrices that want it.
  const std::int32_t* rounded = nullptr;
  const std::uint16_t* halves = nullptr;
};

// Where products go.
struct Output {
  float* rows;
  std::int64_t row;
  bool add = false;             // to what is there
  const float* bias = nullptr;  // one an output, or null
};

class Matrix {
 public:
  Matrix() = default;
  // Weights in bf16 are multiplied by activations rounded to bf16 where `rounds`.
  Matrix(const WeightView& weights, std::int64_t threads, bool rounds);

  [[nodiscard]] bool empty() const { return slices_.empty(); }
  [[nodiscard]] std::int64_t outputs() const { return outputs_; }
  [[nodiscard]] std::int64_t inputs() const { return inputs_; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }
  [[nodiscard]] bool wants_rounded() const { return form_ == Form::blocks; }
  [[nodiscard]] bool wants_halves() const { return rounds_; }
  [[nodiscard]] std::int64_t slices() const { return static_cast<std::int64_t>(slices_.size()); }
  // Matrices of the same shape are cut in the same way.
  [[nodiscard]] std::int64_t first(std::int64_t slice) const { return slices_[static_cast<std::size_t>(slice)].first; }
  [[nodiscard]] std::int64_t count(std::int64_t slice) const { return slices_[static_cast<std::size_t>(slice)].count; }

  // out(row, j) = in(row) . weights(j) for the outputs j of a slice. By the calling thread.
  void multiply(std::int64_t slice, const Input& in, const Output& out) const;

 private:
  struct Slice {
    std::int64_t first;
    std::int64_t count;
    std::int64_t place;  // in packed_
  };

  enum class Form : std::int8_t {
    wide,    // fp32, as gemm() reads it
    blocks,  // q8_0 or q4_0, as multiply_blocks() reads it
    halves,  // fp16 or bf16, as multiply_halves() reads it
  };

  [[nodiscard]] static Form form_of(const WeightView& weights);
  [[nodiscard]] BlockShape shape_of(const Slice& slice) const;
  [[nodiscard]] std::int64_t packed_bytes(const Slice& slice) const;
  [[nodiscard]] std::byte* packed(const Slice& slice) const { return packed_.get() + slice.place; }
  void pack_slice(const Slice& slice, const WeightView& weights) const;
  void pack_wide(const Slice& slice, const WeightView& weights) const;
  [[nodiscard]] HalfShape half_shape_of(const Slice& slice) const;
  void multiply_as_halves(const Slice& slice, const Input& in, const Output& out) const;
  void multiply_wide(const Slice& slice, const Input& in, const Output& out) const;
  void multiply_as_blocks(const Slice& slice, const Input& in, const Output& out) const;

  Form form_ = Form::wide;
  WeightKind kind_ = WeightKind::f32;
  bool rounds_ = false;

  std::int64_t outputs_ = 0;
  std::int64_t inputs_ = 0;
  std::int64_t bytes_ = 0;
  std::vector<Slice> slices_;
  Block<std::byte> packed_;  // slices one behind the other, as they are read
};

}  // namespace assay::decoder
