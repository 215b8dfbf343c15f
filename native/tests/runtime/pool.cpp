// The pool as a whole: sleep, fork, size, exit.
#include "assay/runtime/pool.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "../../runtime/src/quota.h"
#include "assay/core/clock.h"
#include "assay/runtime/parallel.h"
#include "assay/runtime/scratch.h"

namespace assay {
namespace {

std::int64_t sum_in_parallel(std::int64_t count) {
  std::atomic<std::int64_t> sum{0};
  parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      sum += i;
    }
  });
  return sum;
}

std::int64_t process_cpu_ns() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

TEST_CASE("idle workers sleep") {
  REQUIRE(sum_in_parallel(1000) == 499'500);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const std::int64_t before_ns = process_cpu_ns();
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  CHECK(process_cpu_ns() - before_ns < 20'000'000);
}

TEST_CASE("a thread that waits for a long piece of another sleeps too") {
  if (workers() == 1) {
    return;
  }
  std::atomic<int> begun{0};
  std::int64_t used_ns = 0;
  parallel_for(2, 1, [&](std::int64_t, std::int64_t) {
    if (++begun == 2) {  // the other piece is done, or waits for this one
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const std::int64_t before_ns = process_cpu_ns();
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      used_ns = process_cpu_ns() - before_ns;
    }
  });
  CHECK(used_ns < 20'000'000);
}

#if defined(__SANITIZE_THREAD__)
constexpr bool CAN_FORK = false;  // TSan has no threads after a fork of a process with threads
#else
constexpr bool CAN_FORK = true;
#endif

// ASSAY_TEST_FORKS=1000 for the whole of what is promised.
int forks_wanted() {
  const char* const wanted = std::getenv("ASSAY_TEST_FORKS");
  return CAN_FORK ? wanted != nullptr ? std::atoi(wanted) : 100 : 0;
}

TEST_CASE("a process that forks during work goes on, and so does each child") {
  std::atomic<bool> over{false};
  std::atomic<int> wrong_sums{0};
  std::jthread busy([&] {
    while (!over) {
      wrong_sums += sum_in_parallel(2000) == 1'999'000 ? 0 : 1;
    }
  });
  int failures = 0;
  for (int i = 0; i < forks_wanted(); ++i) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(sum_in_parallel(1000) == 499'500 && sum_in_parallel(10) == 45 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    failures += status == 0 ? 0 : 1;
  }
  over = true;
  busy.join();
  CHECK(failures == 0);
  CHECK(wrong_sums == 0);
}

TEST_CASE("a child forked inside a region runs regions of its own") {
  if (!CAN_FORK) {
    return;
  }
  std::atomic<int> failures{0};
  parallel_for(16, 1, [&](std::int64_t, std::int64_t) {
    const pid_t child = fork();
    if (child == 0) {
      _exit(sum_in_parallel(1000) == 499'500 ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    failures += status == 0 ? 0 : 1;
  });
  CHECK(failures == 0);
}

TEST_CASE("the process exits while workers sleep and while they work") {
  for (int i = 0; CAN_FORK && i < 20; ++i) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      static_cast<void>(sum_in_parallel(1000));
      if (i % 2 == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      std::exit(0);  // NOLINT: static destructors run beside the workers
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
}

TEST_CASE("counters tell who was busy and who waited") {
  const std::int64_t start_ns = monotonic_ns();
  const PoolTime before = pool_time();
  parallel_for(64, 1, [](std::int64_t, std::int64_t) { std::this_thread::sleep_for(std::chrono::microseconds(200)); });
  const PoolTime after = pool_time();
  const std::int64_t wall_ns = monotonic_ns() - start_ns;
  CHECK(after.busy_ns >= before.busy_ns);
  CHECK(after.busy_ns - before.busy_ns <= wall_ns * (workers() - 1) + 1'000'000);
  CHECK(after.waited_ns - before.waited_ns <= wall_ns);
  std::int64_t tasks = 0;
  for (const WorkerCounters& worker : worker_counters()) {
    CHECK(worker.busy_ns >= 0);
    CHECK(worker.idle_ns >= 0);
    tasks += worker.tasks;
  }
  CHECK((workers() == 1 || tasks > 0));
}

TEST_CASE("scratch memory is aligned, kept, and not shared between its two kinds or between threads") {
  std::byte* const mine = thread_scratch(std::int64_t{3} << 20);
  std::byte* const lent = shared_scratch(100);
  CHECK(mine != lent);
  CHECK(reinterpret_cast<std::uintptr_t>(mine) % (2 << 20) == 0);
  CHECK(reinterpret_cast<std::uintptr_t>(lent) % 64 == 0);
  mine[(3 << 20) - 1] = std::byte{7};
  CHECK(thread_scratch(1000) == mine);
  CHECK(mine[(3 << 20) - 1] == std::byte{7});
  std::byte* other = nullptr;
  std::jthread([&] { other = thread_scratch(1000); }).join();
  CHECK(other != mine);
}

// A folder that looks like the root of a machine.
class FakeRoot {
 public:
  FakeRoot() : path_(std::filesystem::temp_directory_path() / ("assay-quota-" + std::to_string(getpid()))) {}
  FakeRoot(const FakeRoot&) = delete;
  FakeRoot& operator=(const FakeRoot&) = delete;
  ~FakeRoot() { std::filesystem::remove_all(path_); }

  FakeRoot& file(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
    return *this;
  }

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

constexpr const char* MOUNT_V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";

TEST_CASE("the quota is the tightest of all levels of a version 2 hierarchy") {
  FakeRoot root;
  root.file("proc/self/cgroup", "0::/user.slice/job\n").file("proc/self/mountinfo", MOUNT_V2);
  CHECK_FALSE(quota_cpus(root.path()).has_value());
  root.file("sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n");
  CHECK_FALSE(quota_cpus(root.path()).has_value());
  root.file("sys/fs/cgroup/user.slice/cpu.max", "250000 100000\n");
  CHECK(quota_cpus(root.path()) == 2.5);
  root.file("sys/fs/cgroup/user.slice/job/cpu.max", "50000 100000\n");
  CHECK(quota_cpus(root.path()) == 0.5);
}

TEST_CASE("the quota of version 1 is read where the cpu controller is mounted, also inside a container") {
  FakeRoot root;
  root.file("proc/self/cgroup", "4:cpu,cpuacct:/docker/abc\n3:cpuset:/\n0::/\n")
      .file("proc/self/mountinfo",
            "31 23 0:27 /docker/abc /sys/fs/cgroup/cpu ro master:5 - cgroup cgroup rw,cpu,cpuacct\n"
            "32 23 0:28 / /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n")
      .file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
      .file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  CHECK_FALSE(quota_cpus(root.path()).has_value());
  root.file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "300000\n");
  CHECK(quota_cpus(root.path()) == 3.0);
}

TEST_CASE("there is at least one worker") { CHECK(workers() >= 1); }

}  // namespace
}  // namespace assay
