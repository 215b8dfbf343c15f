// The compressors, from their shared libraries where those are installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace assay::tiers {

enum class Codec : std::uint8_t { raw, lz4, zstd };

// Why the codec can't be used here; empty where it can.
[[nodiscard]] const std::string& reason_without(Codec codec);

// The compressed size, or 0 when it would pass `capacity`.
[[nodiscard]] std::size_t compress(Codec codec, const std::byte* from, std::size_t bytes, std::byte* to,
                                   std::size_t capacity) noexcept;

// False when `from` is not what compress() made of `bytes` bytes.
[[nodiscard]] bool decompress(Codec codec, const std::byte* from, std::size_t from_bytes, std::byte* to,
                              std::size_t bytes) noexcept;

// What pays for these bytes, judged by samples: lz4 where it gets near what zstd does, as it is several times faster,
// and raw where neither saves an eighth.
[[nodiscard]] Codec choose_codec(const std::byte* data, std::size_t bytes);

}  // namespace assay::tiers
