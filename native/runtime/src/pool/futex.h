// Sleeping until a word changes.
#pragma once

#include <atomic>
#include <cstdint>

namespace assay::pool {

// Returns when woken, when the word is not `seen`, after `most_ns` unless that is FOR_EVER, or for no reason.
inline constexpr std::int64_t FOR_EVER = -1;
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t seen, std::int64_t most_ns = FOR_EVER) noexcept;
void wake(std::atomic<std::uint32_t>& word, int threads) noexcept;

// Tells the processor that this thread is only waiting.
void relax(int times) noexcept;

}  // namespace assay::pool
