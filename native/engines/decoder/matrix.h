// Weights that are packed once, in slices of outputs: a slice is what one thread multiplies at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "assay/engines/decoder.h"
#include "cache.h"

namespace assay::decoder {

// Rows that are multiplied.
struct Input {
  const float* rows;
  std::int64_t row;  // elements from one to the next
  std::int64_t count;
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
  Matrix(const WeightView& weights, std::int64_t threads);

  [[nodiscard]] bool empty() const { return slices_.empty(); }
  [[nodiscard]] std::int64_t outputs() const { return outputs_; }
  [[nodiscard]] std::int64_t inputs() const { return inputs_; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }
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
    Block<std::byte> packed;
  };

  void pack_slice(Slice& slice, const WeightView& weights) const;

  std::int64_t outputs_ = 0;
  std::int64_t inputs_ = 0;
  std::int64_t bytes_ = 0;
  std::vector<Slice> slices_;
};

}  // namespace assay::decoder
