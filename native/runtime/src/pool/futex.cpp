#include "futex.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace assay::pool {

void sleep_while(std::atomic<std::uint32_t>& word, std::uint32_t seen, std::int64_t most_ns) noexcept {
  constexpr std::int64_t NS_PER_S = 1'000'000'000;
  const timespec most{.tv_sec = most_ns / NS_PER_S, .tv_nsec = most_ns % NS_PER_S};
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, most_ns == FOR_EVER ? nullptr : &most, nullptr, 0);
}

void wake(std::atomic<std::uint32_t>& word, int threads) noexcept {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, threads, nullptr, nullptr, 0);
}

void relax(int times) noexcept {
  for (int i = 0; i < times; ++i) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
}

}  // namespace assay::pool
