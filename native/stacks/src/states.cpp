#include "states.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <string_view>

namespace assay::stacks {
namespace {

constexpr int kMostFiles = 256;  // of all targets together: a process may usually have 1024
std::atomic<int> files_open{0};

bool may_keep_open() {
  if (files_open.fetch_add(1) < kMostFiles) {
    return true;
  }
  files_open.fetch_sub(1);
  return false;
}

void close_kept(int descriptor) {
  close(descriptor);
  files_open.fetch_sub(1);
}

constexpr std::size_t kReadBytes = 128;  // a number, a name of at most 64 bytes in parentheses, and the state

// The name may hold anything, parentheses too; the state stands after the last of them.
State parse(std::string_view text) {
  const std::size_t place = text.rfind(") ");
  if (place == std::string_view::npos || place + 2 >= text.size()) {
    return State::unknown;
  }
  return text[place + 2] == 'R' ? State::runnable : State::asleep;
}

State read_state(int descriptor) {
  std::array<char, kReadBytes> text{};
  const ssize_t size = descriptor < 0 ? -1 : pread(descriptor, text.data(), text.size(), 0);
  return size > 0 ? parse({text.data(), static_cast<std::size_t>(size)}) : State::unknown;
}

}  // namespace

States::~States() {
  for (const auto& [tid, file] : files_) {
    close_kept(file.descriptor);
  }
}

int States::open(std::int64_t tid) const {
  const std::string path = "/proc/" + std::to_string(pid_) + "/task/" + std::to_string(tid) + "/stat";
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
}

State States::of(std::int64_t tid) {
  const auto known = files_.find(tid);
  if (known != files_.end()) {
    known->second.used = true;
    return read_state(known->second.descriptor);
  }
  const int descriptor = open(tid);
  const State state = read_state(descriptor);
  if (descriptor >= 0) {
    if (may_keep_open()) {
      files_.emplace(tid, File{descriptor, true});
    } else {
      close(descriptor);
    }
  }
  return state;
}

void States::forget_unused() {
  for (auto next = files_.begin(); next != files_.end();) {
    if (!next->second.used) {
      close_kept(next->second.descriptor);
      next = files_.erase(next);
      continue;
    }
    next->second.used = false;
    ++next;
  }
}

}  // namespace assay::stacks
