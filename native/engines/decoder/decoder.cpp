#include "assay/engines/decoder.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>

#include "assay/core/error.h"
#include "forward.h"

namespace assay {

namespace decoder {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorKind::usage, "decoder: " + what); }

void require_shape(const DecoderShape& shape) {
  for (const std::int64_t size :
       {shape.hidden, shape.heads, shape.kv_heads, shape.head_dim, shape.ffn, shape.vocabulary, shape.threads}) {
    if (size < 1 || size > (std::int64_t{1} << 24)) {
      refuse("a shape with a size of " + std::to_string(size) + "; sizes are 1 to 16,777,216");
    }
  }
  if (shape.windows.empty() || shape.windows.size() > 4096) {
    refuse(std::to_string(shape.windows.size()) + " layers; there are 1 to 4,096");
  }
  if (shape.heads % shape.kv_heads != 0) {
    refuse(std::to_string(shape.heads) + " heads of queries don't divide among " + std::to_string(shape.kv_heads));
  }
  if (shape.rotary < 0 || shape.rotary > shape.head_dim || shape.rotary % 2 != 0) {
    refuse(std::to_string(shape.rotary) + " of " + std::to_string(shape.head_dim) + " elements of a head can't turn");
  }
  if (shape.experts < 0 || shape.experts > 4096 || (shape.experts > 0 && shape.experts_used < 1) ||
      shape.experts_used > shape.experts) {
    refuse(std::to_string(shape.experts_used) + " of " + std::to_string(shape.experts) + " experts can't be used");
  }
}

DecoderShape checked(DecoderShape shape) {
  require_shape(shape);
  return shape;
}

}  // namespace

void Rope::set(std::span<const double> inverse_frequencies, double factor) {
  if (std::equal(inverse_frequencies.begin(), inverse_frequencies.end(), frequencies_.begin(), frequencies_.end()) &&
      factor == factor_) {
    return;
  }
  frequencies_.assign(inverse_frequencies.begin(), inverse_frequencies.end());
  factor_ = factor;
  cosines_.clear();
  sines_.clear();
}

void Rope::reach(std::int64_t positions) {
  const std::int64_t held = pairs() == 0 ? positions : static_cast<std::int64_t>(cosines_.size()) / pairs();
  for (std::int64_t position = held; position < positions; ++position) {
    for (const double frequency : frequencies_) {
      // Rounded to fp32, as models were trained with.
      const auto angle = static_cast<double>(static_cast<float>(position) * static_cast<float>(frequency));
      cosines_.push_back(static_cast<float>(std::cos(angle) * factor_));
      sines_.push_back(static_cast<float>(std::sin(angle) * factor_));
    }
  }
}

}  // namespace decoder

struct Decoder::Parts {
  explicit Parts(DecoderShape shape)
      : model(decoder::checked(std::move(shape))),
        cache(static_cast<std::int64_t>(model.shape.windows.size()), model.shape.kv_heads, model.shape.head_dim) {}

  decoder::Model model;
  decoder::Cache cache;
  decoder::Rope rope;
  decoder::Scratch scratch;
};

Decoder::Decoder(DecoderShape shape) : parts_(std::make_unique<Parts>(std::move(shape))) {}
Decoder::~Decoder() = default;

void Decoder::set_matrix(std::int64_t layer, std::int64_t expert, std::string_view name, const WeightView& weights) {
  parts_->model.matrix(layer, expert, name) =
      decoder::Matrix(weights, parts_->model.shape.threads, parts_->model.shape.rounds);
}

void Decoder::set_vector(std::int64_t layer, std::string_view name, std::span<const float> values) {
  parts_->model.vector(layer, name).assign(values.begin(), values.end());
}

void Decoder::set_embedding(const WeightView& weights) { parts_->model.embedding = weights; }

void Decoder::set_rope(std::span<const double> inverse_frequencies, double factor) {
  if (static_cast<std::int64_t>(inverse_frequencies.size()) * 2 != parts_->model.shape.rotary) {
    decoder::refuse(std::to_string(inverse_frequencies.size()) + " frequencies for " +
                    std::to_string(parts_->model.shape.rotary) + " elements that turn; give half as many");
  }
  parts_->rope.set(inverse_frequencies, factor);
}

void Decoder::require_whole() const {
  parts_->model.require_whole();
  if (parts_->rope.pairs() * 2 != parts_->model.shape.rotary) {
    decoder::refuse("there are no frequencies; call set_rope");
  }
}

std::int64_t Decoder::add_sequence() { return parts_->cache.add(); }

std::int64_t Decoder::fork_sequence(std::int64_t sequence, std::int64_t length) {
  return parts_->cache.fork(sequence, length);
}

void Decoder::remove_sequence(std::int64_t sequence) { parts_->cache.remove(sequence); }

void Decoder::cut_sequence(std::int64_t sequence, std::int64_t length) { parts_->cache.cut(sequence, length); }

std::int64_t Decoder::length(std::int64_t sequence) const { return parts_->cache.at(sequence).length; }

std::int64_t Decoder::vocabulary() const { return parts_->model.shape.vocabulary; }

std::int64_t Decoder::weight_bytes() const { return parts_->model.bytes(); }

std::int64_t Decoder::cache_bytes() const { return parts_->cache.bytes(); }

namespace decoder {
namespace {

void require_items(const DecoderRun& run, const Cache& cache, std::int64_t vocabulary) {
  std::unordered_set<std::int64_t> seen;
  if (run.items.empty()) {
    refuse("a run of no sequence");
  }
  for (const DecoderItem& item : run.items) {
    static_cast<void>(cache.at(item.sequence));
    if (item.count < 1) {
      refuse("a run with no token for a sequence; give each at least one");
    }
    if (!seen.insert(item.sequence).second) {
      refuse("a run names a sequence twice");
    }
    for (std::int64_t i = 0; i < item.count; ++i) {
      if (item.tokens[i] < 0 || item.tokens[i] >= vocabulary) {
        refuse("there is no token " + std::to_string(item.tokens[i]) + " among " + std::to_string(vocabulary));
      }
    }
  }
}

// Tokens whose queries fill a call of attend().
std::int64_t unit_tokens(const DecoderShape& shape) {
  return std::max<std::int64_t>(1, ATTEND_ROWS / (shape.heads / shape.kv_heads));
}

}  // namespace
}  // namespace decoder

void Decoder::run(const DecoderRun& run) {
  Parts& parts = *parts_;
  const DecoderShape& shape = parts.model.shape;
  decoder::require_items(run, parts.cache, shape.vocabulary);
  std::vector<decoder::Row> rows;
  std::vector<decoder::Unit> units;
  std::int64_t positions = 0;
  for (const DecoderItem& item : run.items) {
    decoder::Sequence& sequence = parts.cache.at(item.sequence);
    parts.cache.reserve(sequence, item.count);
    const std::int64_t each = decoder::unit_tokens(shape);
    for (std::int64_t i = 0; i < item.count; i += each) {
      units.push_back({.row = static_cast<std::int64_t>(rows.size()) + i, .count = std::min(each, item.count - i)});
    }
    for (std::int64_t i = 0; i < item.count; ++i) {
      rows.push_back({.sequence = &sequence, .token = item.tokens[i], .position = sequence.length + i});
    }
    positions = std::max(positions, sequence.length + item.count);
  }
  parts.rope.reach(positions);
  parts.scratch.reach(static_cast<std::int64_t>(rows.size()), shape);
  decoder::Forward(parts.model, parts.cache, parts.rope, parts.scratch, run, std::move(rows), std::move(units)).run();
  for (const DecoderItem& item : run.items) {
    parts.cache.at(item.sequence).length += item.count;
  }
}

}  // namespace assay
