// Networks of which each token takes a few.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "forward.h"

namespace assay::decoder {
namespace {

struct Choice {
  std::int64_t expert;
  float weight;
};

// The largest of softmax(scores); of equal ones the first.
std::vector<Choice> chosen(const float* scores, const DecoderShape& shape) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(shape.experts));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return scores[a] > scores[b]; });
  const double most = static_cast<double>(scores[order.front()]);
  double total = 0.0;
  for (const std::int64_t expert : order) {
    total += std::exp(static_cast<double>(scores[expert]) - most);
  }
  double kept = 0.0;
  std::vector<Choice> choices;
  for (std::int64_t i = 0; i < shape.experts_used; ++i) {
    const std::int64_t expert = order[static_cast<std::size_t>(i)];
    const double share = std::exp(static_cast<double>(scores[expert]) - most) / total;
    kept += share;
    choices.push_back({expert, static_cast<float>(share)});
  }
  for (Choice& choice : choices) {
    choice.weight =
        shape.normalise_routing ? static_cast<float>(static_cast<double>(choice.weight) / kept) : choice.weight;
  }
  return choices;
}

}  // namespace

void Forward::experts(const Layer& layer, std::int64_t index) {
  const DecoderShape& shape = model_.shape;
  float* const scores = scratch_.routing.get();
  const std::array tasks{Task{&layer.router, {.rows = scores, .row = shape.experts}}};
  multiply(normed(), tasks);
  std::vector<std::vector<std::pair<std::int64_t, float>>> rows_of(layer.networks.size());
  for (std::int64_t row = 0; row < count(); ++row) {
    for (const Choice& choice : chosen(scores + row * shape.experts, shape)) {
      rows_of[static_cast<std::size_t>(choice.expert)].emplace_back(row, choice.weight);
    }
  }
  // Expert by expert, so that the order of additions doesn't depend on anything else.
  for (std::size_t expert = 0; expert < rows_of.size(); ++expert) {
    if (!rows_of[expert].empty()) {
      one_expert(layer, index, layer.networks[expert], rows_of[expert]);
    }
  }
}

void Forward::one_expert(const Layer& layer, std::int64_t index, const Network& of,
                         std::span<const std::pair<std::int64_t, float>> rows) {
  const std::int64_t hidden = model_.shape.hidden;
  float* const in = scratch_.expert_in.get();
  float* const out = scratch_.expert_out.get();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(normed().rows + rows[i].first * hidden, hidden, in + static_cast<std::int64_t>(i) * hidden);
  }
  network(layer, index, of, {.rows = in, .row = hidden, .count = static_cast<std::int64_t>(rows.size())},
          {.rows = out, .row = hidden});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    float* const stream = scratch_.stream.get() + rows[i].first * hidden;
    const float* const result = out + static_cast<std::int64_t>(i) * hidden;
    for (std::int64_t j = 0; j < hidden; ++j) {
      stream[j] += rows[i].second * result[j];
    }
  }
}

// What all experts that were taken do together; weights of each that could have been taken are read once.
Work Forward::network_work(std::int64_t layer) const {
  const Layer& of = model_.layers[static_cast<std::size_t>(layer)];
  const DecoderShape& shape = model_.shape;
  const Network& one = of.networks.front();
  const std::int64_t weights = (shape.gated ? 3 : 2) * one.up.outputs() * shape.hidden;
  const std::int64_t bytes = one.gate.bytes() + one.up.bytes() + one.down.bytes();
  const bool routed = !of.router.empty();
  const std::int64_t times = routed ? count() * shape.experts_used : count();
  const std::int64_t read = routed ? std::min(shape.experts, times) : 1;
  return {.flops = 2 * weights * times, .bytes_read = bytes * read, .bytes_written = count() * shape.hidden * 4};
}

}  // namespace assay::decoder
