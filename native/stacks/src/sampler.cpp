#include "assay/stacks/sampler.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

#include "assay/core/clock.h"
#include "target.h"

namespace assay::stacks {
namespace {

constexpr std::size_t kMostRows = 1 << 20;
constexpr std::size_t kMostNodes = 1 << 22;
constexpr std::int64_t kShare = 50;  // of one processor, the sampler may take this part
// The first looks come four times and twice as often: a run of half a second gets enough of them, and one of an hour no
// more to keep.
constexpr std::int64_t kClosestLooks = 400;
constexpr std::int64_t kCloseLooks = 4'000;
constexpr std::int64_t kMostPeriods = 10;  // it never looks less often than every so many periods

std::int64_t own_cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

std::size_t Tree::Hash::operator()(const Key& key) const noexcept {
  auto mixed = static_cast<std::uint64_t>(key.place) * 0x9E3779B97F4A7C15U;
  mixed ^= mixed >> 29;
  mixed += static_cast<std::uint32_t>(key.instruction);
  return static_cast<std::size_t>(mixed * 0xBF58476D1CE4E5B9U);
}

std::int32_t Tree::node(std::int32_t parent, std::int32_t code, std::int32_t instruction) {
  const std::int64_t place = (static_cast<std::int64_t>(parent) << 32) | static_cast<std::uint32_t>(code);
  const auto found = nodes_.find(Key{place, instruction});
  if (found != nodes_.end()) {
    return found->second;
  }
  if (nodes_.size() >= kMostNodes) {
    return parent;
  }
  const auto number = static_cast<std::int32_t>(nodes_.size());
  nodes_.emplace(Key{place, instruction}, number);
  parent_.push_back(parent);
  code_.push_back(code);
  instruction_.push_back(instruction);
  return number;
}

std::int32_t Tree::add(Code code) {
  codes_.push_back(std::move(code));
  return codes_count_++;
}

void Tree::drain(Drained& into) {
  into.parent = std::exchange(parent_, {});
  into.code = std::exchange(code_, {});
  into.instruction = std::exchange(instruction_, {});
  into.codes = std::exchange(codes_, {});
}

Sampler::Sampler(std::int64_t period_ns) : period_ns_(period_ns), thread_([this] { work(); }) {}

Sampler::~Sampler() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Sampler::watch(std::int64_t pid, std::int64_t runtime, const Layout& layout) {
  const std::lock_guard lock(mutex_);
  targets_[pid] = std::make_unique<Target>(pid, runtime, layout, tree_);
}

void Sampler::forget(std::int64_t pid) {
  const std::lock_guard lock(mutex_);
  targets_.erase(pid);
}

Drained Sampler::drain() {
  const std::lock_guard lock(mutex_);
  Drained taken = std::exchange(rows_, {});
  tree_.drain(taken);
  taken.counts = counts_;
  return taken;
}

void Sampler::work() {
  using std::chrono::nanoseconds;
  auto due = std::chrono::steady_clock::now();
  std::uint64_t chance = 1;
  std::unique_lock lock(mutex_);
  for (std::int64_t look = 0; !ending_; ++look) {
    const std::int64_t before_ns = own_cpu_ns();
    sample_all();
    const std::int64_t cost_ns = own_cpu_ns() - before_ns;
    counts_.cost_ns += cost_ns;
    // A sample that cost much is followed by a longer pause.
    const std::int64_t period_ns = period_ns_ / (look < kClosestLooks ? 4 : look < kCloseLooks ? 2 : 1);
    const std::int64_t periods =
        std::clamp<std::int64_t>((cost_ns * kShare + period_ns - 1) / period_ns, 1, kMostPeriods);
    due = std::max(due + nanoseconds(period_ns * periods), std::chrono::steady_clock::now());
    // Somewhere in its period: at even distances the looks would fall into step with a target that does the same again
    // and again, and tell of some of its stages always and of others never.
    chance = chance * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    const auto late_ns = static_cast<std::int64_t>((chance >> 33U) % static_cast<std::uint64_t>(period_ns));
    wake_.wait_until(lock, due + nanoseconds(late_ns), [this] { return ending_; });
  }
}

void Sampler::sample_all() {
  std::vector<Row> seen;
  for (auto next = targets_.begin(); next != targets_.end();) {
    const auto here = next++;
    seen.clear();
    here->second->sample(seen, counts_);
    for (const Row& row : seen) {
      keep(here->first, row);
    }
    if (here->second->lost()) {
      ++counts_.unreadable;
      targets_.erase(here);
    }
  }
}

void Sampler::keep(std::int64_t pid, const Row& row) {
  if (rows_.time_ns.size() >= kMostRows) {
    ++counts_.dropped;
    return;
  }
  rows_.time_ns.push_back(row.time_ns);
  rows_.pid.push_back(static_cast<std::int32_t>(pid));
  rows_.tid.push_back(static_cast<std::int32_t>(row.tid));
  rows_.node.push_back(row.node);
  rows_.state.push_back(static_cast<std::int8_t>(row.state));
}

}  // namespace assay::stacks
