// Python stacks of other processes, sampled without stopping them.
//
// A thread of its own reads the interpreters' structures with process_vm_readv. Nothing that it reads is trusted: every
// read is bounded, a code object is believed only if its type is that of code objects, and a stack that changed while
// it was read is read again, a few times, and then counted as torn.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "assay/stacks/layout.h"

namespace assay::stacks {

class Target;
struct Row;

// A function that was seen. Its lines are decoded by whoever drains them.
struct Code {
  std::int64_t first_line = 0;
  std::string name;  // UTF-8
  std::string file;
  std::string lines;  // table of line numbers, in the format of the interpreter's version
  std::int64_t minor_version = 0;
};

struct Counts {
  std::int64_t rows = 0;        // threads seen, over all samples
  std::int64_t torn = 0;        // stacks that changed while they were read, again and again
  std::int64_t cut = 0;         // stacks deeper than what is kept
  std::int64_t dropped = 0;     // rows that nobody drained in time
  std::int64_t unreadable = 0;  // processes that no longer could be read
  std::int64_t cost_ns = 0;     // processor time of the sampling thread
};

// What was seen since the last call; columns of equal length.
struct Drained {
  std::vector<std::int64_t> time_ns;
  std::vector<std::int32_t> pid, tid, node;
  std::vector<std::int8_t> state;  // 1 runnable, 0 asleep, -1 not known
  // Nodes of the prefix tree that came since the last call, in the order of their numbers.
  std::vector<std::int32_t> parent, code, instruction;
  std::vector<Code> codes;  // functions that came since the last call, in the order of their numbers
  Counts counts;            // since the sampler was made
};

// Numbers for stacks and functions, over all targets.
class Tree {
 public:
  [[nodiscard]] std::int32_t node(std::int32_t parent, std::int32_t code, std::int32_t instruction);
  [[nodiscard]] std::int32_t add(Code code);
  void drain(Drained& into);

 private:
  struct Key {
    std::int64_t place;
    std::int32_t instruction;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const noexcept;
  };
  std::unordered_map<Key, std::int32_t, Hash> nodes_;
  std::vector<std::int32_t> parent_, code_, instruction_;
  std::vector<Code> codes_;
  std::int32_t codes_count_ = 0;
};

class Sampler {
 public:
  explicit Sampler(std::int64_t period_ns);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // Begins with the next sample. `runtime` is the address of _PyRuntime in the process.
  void watch(std::int64_t pid, std::int64_t runtime, const Layout& layout);
  void forget(std::int64_t pid);
  [[nodiscard]] Drained drain();

 private:
  void work();
  void sample_all();
  void keep(std::int64_t pid, const Row& row);

  const std::int64_t period_ns_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::map<std::int64_t, std::unique_ptr<Target>> targets_;
  Tree tree_;
  Drained rows_;
  Counts counts_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace assay::stacks
