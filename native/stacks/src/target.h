// One process whose interpreter is read.
#pragma once

#include <cstdint>
#include <vector>

#include "assay/stacks/layout.h"
#include "assay/stacks/sampler.h"
#include "codes.h"
#include "memory.h"
#include "states.h"

namespace assay::stacks {

struct Row {
  std::int64_t time_ns;
  std::int64_t tid;
  std::int32_t node;
  State state;
};

class Target {
 public:
  Target(std::int64_t pid, std::int64_t runtime, const Layout& layout, Tree& tree)
      : runtime_(static_cast<std::uint64_t>(runtime)),
        layout_(layout),
        memory_(pid),
        codes_(layout_, memory_, tree),
        states_(pid),
        tree_(tree) {}
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // One row for each thread that can be read now.
  void sample(std::vector<Row>& rows, Counts& counts);
  [[nodiscard]] bool lost() const noexcept { return memory_.lost(); }

 private:
  struct Step {
    std::int32_t code;
    std::int32_t instruction;
  };
  enum class Walk { whole, cut, torn };

  void sample_threads(std::uint64_t interpreter, std::vector<Row>& rows, Counts& counts);
  void sample_thread(std::uint64_t thread, std::vector<Row>& rows, Counts& counts);
  [[nodiscard]] std::int64_t tid_of(std::uint64_t thread);
  [[nodiscard]] Walk walk(std::uint64_t thread, std::int64_t now_ns);
  [[nodiscard]] bool step(std::uint64_t frame, std::int64_t now_ns);
  [[nodiscard]] std::optional<std::int32_t> instruction(std::uint64_t frame, const Known& code);

  std::uint64_t runtime_;
  const Layout layout_;
  Memory memory_;
  Codes codes_;
  States states_;
  Tree& tree_;
  std::vector<Step> steps_;  // innermost first
};

}  // namespace assay::stacks
