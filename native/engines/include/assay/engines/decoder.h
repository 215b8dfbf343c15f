// A decoder of language: layers of attention and feed-forward networks over a cache of keys and values in pages.
//
//   Decoder decoder(shape);
//   decoder.set_matrix(0, "q", {...}); ...         // every weight, then
//   decoder.set_rope(inverse_frequencies, 1.0);
//   const auto sequence = decoder.add_sequence();
//   decoder.run({{sequence, tokens, count}}, {.logits = out});
//
// One call works on any number of sequences with any number of tokens each. Its results are the same bit for bit for
// any number of threads, traced or not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "assay/kernels/decoder/formats.h"
#include "assay/kernels/decoder/steps.h"
#include "assay/runtime/trace.h"

namespace assay {

struct DecoderShape {
  std::int64_t hidden;
  std::int64_t heads;
  std::int64_t kv_heads;
  std::int64_t head_dim;
  std::int64_t ffn;
  std::int64_t vocabulary;
  std::int64_t rotary;                // elements of a head that turn
  std::vector<std::int64_t> windows;  // one a layer; 0 for all positions
  Gate gate = Gate::silu;
  bool gated = true;         // gate(gate x) * (up x); else gate(up x)
  bool interleaved = false;  // pairs that turn are neighbours
  std::int64_t experts = 0;  // of layers that have a router
  std::int64_t expert_ffn = 0;
  std::int64_t experts_used = 0;
  bool normalise_routing = true;
  double epsilon = 1e-6;
  double attention_scale = 1.0;
  std::int64_t threads = 1;
  bool rounds = false;  // activations to bf16 where weights are
};

// Rows are outputs, columns inputs, as files have them.
struct WeightView {
  WeightKind kind;
  std::int64_t rows;
  std::int64_t columns;
  const std::byte* data;
};

// Tokens that follow what the sequence holds.
struct DecoderItem {
  std::int64_t sequence;
  const std::int32_t* tokens;
  std::int64_t count;
};

struct DecoderRun {
  std::span<const DecoderItem> items;
  float* logits;       // (items, vocabulary), of each item's last token; or of every token; null for none
  bool every = false;  // logits of every token
  bool parts = false;  // stamp parts of steps too
  trace::Place place;  // `tokens` and `device` are filled in
};

class Decoder {
 public:
  explicit Decoder(DecoderShape shape);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Packs q, k, v, o, gate, up, down or router of a layer, or of one of its experts; lm_head with layer -1.
  void set_matrix(std::int64_t layer, std::int64_t expert, std::string_view name, const WeightView& weights);
  // attention_norm, ffn_norm, q_norm, k_norm and the biases q_bias ...; the last norm with layer -1.
  void set_vector(std::int64_t layer, std::string_view name, std::span<const float> values);
  // Rows are read as tokens come; `data` must stay.
  void set_embedding(const WeightView& weights);
  // Angles of position p are p times these; cosines and sines are multiplied by `factor`.
  void set_rope(std::span<const double> inverse_frequencies, double factor);
  // Throws Error where a weight is missing or of a wrong shape.
  void require_whole() const;

  [[nodiscard]] std::int64_t add_sequence();
  // A sequence that begins with the first `length` tokens of another; whole pages are shared.
  [[nodiscard]] std::int64_t fork_sequence(std::int64_t sequence, std::int64_t length);
  void remove_sequence(std::int64_t sequence);
  // Forgets the tokens behind `length`.
  void cut_sequence(std::int64_t sequence, std::int64_t length);
  [[nodiscard]] std::int64_t length(std::int64_t sequence) const;

  // Either all of it happens, or Error is thrown and no sequence has changed.
  void run(const DecoderRun& run);

  [[nodiscard]] std::int64_t vocabulary() const;
  [[nodiscard]] std::int64_t weight_bytes() const;
  [[nodiscard]] std::int64_t cache_bytes() const;  // pages in use

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay
