// Keys and values of sequences, in pages of 64 positions that sequences with a common beginning share.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "assay/engines/decoder.h"
#include "assay/runtime/memory.h"

namespace assay::decoder {

struct Release {
  void operator()(void* pointer) const noexcept { deallocate(pointer); }
};
template <class T>
using Block = std::unique_ptr<T[], Release>;

template <class T>
Block<T> block_of(std::int64_t count) {
  return Block<T>(static_cast<T*>(allocate(count * static_cast<std::int64_t>(sizeof(T)), 64)));
}

// All layers and heads of 64 positions: keys (4, head_dim, 16), then values (64, padded), head by head.
struct Page {
  Block<float> values;
};

struct Sequence {
  std::vector<std::shared_ptr<Page>> pages;
  std::int64_t length = 0;
};

class Cache {
 public:
  Cache(std::int64_t layers, std::int64_t kv_heads, std::int64_t head_dim);

  [[nodiscard]] std::int64_t add();
  [[nodiscard]] std::int64_t fork(std::int64_t sequence, std::int64_t length);
  void remove(std::int64_t sequence);
  void cut(std::int64_t sequence, std::int64_t length);
  [[nodiscard]] Sequence& at(std::int64_t sequence);
  [[nodiscard]] const Sequence& at(std::int64_t sequence) const;

  // Room for positions [length, length + count) that no other sequence shares.
  void reserve(Sequence& sequence, std::int64_t count);

  [[nodiscard]] float* keys(const Sequence& sequence, std::int64_t page, std::int64_t layer, std::int64_t head) const {
    return sequence.pages[static_cast<std::size_t>(page)]->values.get() + (layer * kv_heads_ + head) * head_floats_;
  }
  [[nodiscard]] float* values(const Sequence& sequence, std::int64_t page, std::int64_t layer,
                              std::int64_t head) const {
    return keys(sequence, page, layer, head) + head_dim_ * PAGE_POSITIONS;
  }
  [[nodiscard]] std::int64_t bytes() const;
  // What one position of a sequence takes.
  [[nodiscard]] std::int64_t position_bytes() const { return page_floats_ * 4 / PAGE_POSITIONS; }

 private:
  [[nodiscard]] std::shared_ptr<Page> new_page() const;

  std::int64_t kv_heads_;
  std::int64_t head_dim_;
  std::int64_t head_floats_;
  std::int64_t page_floats_;
  std::int64_t last_ = 0;
  std::unordered_map<std::int64_t, Sequence> sequences_;
};

}  // namespace assay::decoder
