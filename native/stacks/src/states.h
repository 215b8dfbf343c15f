// Whether threads of a process run, as the kernel says.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace assay::stacks {

enum class State : std::int8_t { unknown = -1, asleep = 0, runnable = 1 };

// Keeps the files of a limited number of threads open, since opening costs more than reading.
class States {
 public:
  explicit States(std::int64_t pid) : pid_(pid) {}
  ~States();
  States(const States&) = delete;
  States& operator=(const States&) = delete;

  [[nodiscard]] State of(std::int64_t tid);

  // Closes the files of threads that were not asked for since the last call.
  void forget_unused();

 private:
  struct File {
    int descriptor;
    bool used;
  };
  [[nodiscard]] int open(std::int64_t tid) const;

  const std::int64_t pid_;
  std::unordered_map<std::int64_t, File> files_;
};

}  // namespace assay::stacks
