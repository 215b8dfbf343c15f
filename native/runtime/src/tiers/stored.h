// The bytes of a buffer outside of its own memory: compressed in memory, or in the file, in chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "assay/runtime/memory.h"
#include "tiers/codec.h"
#include "tiers/spill.h"

namespace assay::tiers {

inline constexpr std::size_t CHUNK_BYTES = std::size_t{256} << 10;

struct Chunk {
  std::byte* data = nullptr;  // null in the file
  std::uint32_t bytes = 0;    // as compressed
  std::uint32_t from_bytes = 0;
  Codec codec = Codec::raw;
  std::uint64_t check = 0;  // of the bytes in the file
};

// Chunks lie in storage (`owned`), in somebody else's memory, or one after the other in the extent.
struct Stored {
  std::vector<Chunk> chunks;
  bool owned = false;
  Extent extent;

  [[nodiscard]] bool exists() const noexcept { return !chunks.empty(); }
  [[nodiscard]] bool in_file() const noexcept { return extent.file != nullptr; }
  [[nodiscard]] std::int64_t bytes() const noexcept;
  [[nodiscard]] std::int64_t from_bytes() const noexcept;
};

// The bytes compressed; without chunks where the codec is raw or there is no memory for it.
[[nodiscard]] Stored pack(Codec codec, const std::byte* data, std::int64_t bytes);

// The bytes as they are, where they are.
[[nodiscard]] Stored view(std::byte* data, std::int64_t bytes);

// Writes the chunks to the extent and notes their checksums; changes nothing else. Throws SpillFull, Error(storage).
void write_chunks(Stored& stored, const Extent& extent);

// Throws Error(storage) when the file can't be read or gives back other bytes than it got.
void load(const Stored& stored, std::byte* to);

// Frees the memory of owned chunks, which lie in the extent from now on.
void settle_in(Stored& stored, const Extent& extent) noexcept;

// Frees owned chunks. What lies in the file is given back by whoever guards the file.
void free_chunks(Stored& stored) noexcept;

}  // namespace assay::tiers
