#include "target.h"

#include <limits>

#include "assay/core/clock.h"

namespace assay::stacks {
namespace {

constexpr std::size_t kMostFrames = 4096;
constexpr int kMostThreads = 4096;
constexpr int kMostInterpreters = 64;
constexpr int kAttempts = 3;
constexpr std::int64_t kMostTid = 1 << 22;

std::uint64_t at(std::uint64_t address, std::int64_t offset) { return address + static_cast<std::uint64_t>(offset); }

}  // namespace

void Target::sample(std::vector<Row>& rows, Counts& counts) {
  memory_.begin(runtime_);
  auto interpreter = memory_.pointer(at(runtime_, layout_.runtime_interpreters));
  for (int seen = 0; interpreter && *interpreter != 0 && seen < kMostInterpreters; ++seen) {
    sample_threads(*interpreter, rows, counts);
    interpreter = memory_.pointer(at(*interpreter, layout_.interpreter_next));
  }
  states_.forget_unused();
}

void Target::sample_threads(std::uint64_t interpreter, std::vector<Row>& rows, Counts& counts) {
  auto thread = memory_.pointer(at(interpreter, layout_.interpreter_threads));
  for (int seen = 0; thread && *thread != 0 && seen < kMostThreads; ++seen) {
    const auto next = memory_.pointer(at(*thread, layout_.thread_next));
    sample_thread(*thread, rows, counts);
    thread = next;
  }
}

void Target::sample_thread(std::uint64_t thread, std::vector<Row>& rows, Counts& counts) {
  for (int attempt = 0; attempt < kAttempts && !memory_.lost(); ++attempt) {
    memory_.begin(thread);
    const std::int64_t now_ns = monotonic_ns();
    const std::int64_t tid = tid_of(thread);
    if (tid <= 0) {
      return;  // it has not begun, or has ended
    }
    const State state = states_.of(tid);
    const Walk result = walk(thread, now_ns);
    if (result == Walk::torn) {
      continue;
    }
    counts.cut += result == Walk::cut ? 1 : 0;
    std::int32_t node = -1;
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      node = tree_.node(node, step->code, step->instruction);
    }
    rows.push_back({now_ns, tid, node, state});
    ++counts.rows;
    return;
  }
  counts.torn += memory_.lost() ? 0 : 1;
}

std::int64_t Target::tid_of(std::uint64_t thread) {
  std::uint64_t place = at(thread, layout_.thread_native);
  if (layout_.thread_native < 0) {
    const auto pthread = memory_.pointer(at(thread, layout_.thread_pthread));
    if (!pthread || *pthread == 0) {
      return 0;
    }
    place = at(*pthread, layout_.pthread_tid);
  }
  const auto tid = memory_.read<std::int32_t>(place);
  return tid && *tid > 0 && *tid <= kMostTid ? *tid : 0;
}

// Fills steps_ with the stack, innermost first.
Target::Walk Target::walk(std::uint64_t thread, std::int64_t now_ns) {
  steps_.clear();
  auto frame = memory_.pointer(at(thread, layout_.thread_frame));
  if (frame && *frame != 0 && layout_.cframe_frame >= 0) {
    frame = memory_.pointer(at(*frame, layout_.cframe_frame));
  }
  for (std::size_t seen = 0; frame && *frame != 0; ++seen) {
    if (seen >= kMostFrames) {
      return Walk::cut;
    }
    if (!step(*frame, now_ns)) {
      return Walk::torn;
    }
    frame = memory_.pointer(at(*frame, layout_.frame_previous));
  }
  return frame ? Walk::whole : Walk::torn;
}

bool Target::step(std::uint64_t frame, std::int64_t now_ns) {
  if (layout_.owner_none >= 0) {
    const auto owner = memory_.read<std::uint8_t>(at(frame, layout_.frame_owner));
    if (!owner) {
      return false;
    }
    if (*owner == layout_.owner_none) {
      return true;
    }
  }
  const auto address = memory_.pointer(at(frame, layout_.frame_code));
  const Known* const code = address && *address != 0 ? codes_.find(*address, now_ns) : nullptr;
  if (code == nullptr) {
    return false;
  }
  const auto place = instruction(frame, *code);
  if (!place) {
    return false;
  }
  steps_.push_back({code->number, *place});
  return true;
}

// Bytes from the first instruction; before it where the function has not begun.
std::optional<std::int32_t> Target::instruction(std::uint64_t frame, const Known& code) {
  const std::uint64_t place = at(frame, layout_.frame_instruction);
  if (layout_.instruction_unit > 0) {
    const auto index = memory_.read<std::int32_t>(place);
    return index ? std::optional(static_cast<std::int32_t>(*index * layout_.instruction_unit)) : std::nullopt;
  }
  const auto address = memory_.pointer(place);
  if (!address) {
    return std::nullopt;
  }
  const auto bytes = static_cast<std::int64_t>(*address - code.instructions);
  const bool inside = bytes >= -2 && bytes <= std::numeric_limits<std::int32_t>::max() / 2;
  return inside ? std::optional(static_cast<std::int32_t>(bytes)) : std::nullopt;
}

}  // namespace assay::stacks
