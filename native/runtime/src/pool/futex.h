// Sleeping until a word changes.
#pragma once

#include <atomic>
#include <cstdint>

namespace assay::pool {

// Returns when woken, when the word is not `seen`, or for no reason.
void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t seen) noexcept;
void wake(std::atomic<std::uint32_t>& word, int threads) noexcept;

// Tells the processor that this thread is only waiting.
void relax(int times) noexcept;

}  // namespace assay::pool
