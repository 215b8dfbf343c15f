// Decoders of language, each named by a number.

#include "assay/engines/decoder.h"

#include "assay/core/error.h"
#include "held.h"
#include "methods.h"
#include "table.h"

namespace assay::python {
namespace {

// A decoder and the embeddings it reads.
struct Open {
  explicit Open(DecoderShape shape) : decoder(std::move(shape)) {}
  Decoder decoder;
  HeldBuffer embedding;
};

Table<Open>& table() {
  static Table<Open> all("decoder");
  return all;
}

std::shared_ptr<Open> open_at(std::int64_t handle) { return table().at(handle); }

constexpr std::size_t SIZES = 16;

std::int64_t decoder_open(const Buffer& sizes, const Buffer& windows, double epsilon, double attention_scale) {
  const std::span<const std::int64_t> given = sizes.as<std::int64_t>("l");
  const std::span<const std::int64_t> layers = windows.as<std::int64_t>("l");
  if (given.size() != SIZES) {
    throw Error(ErrorKind::usage, "a decoder has " + std::to_string(SIZES) + " sizes; see loading.py");
  }
  return table().add(std::make_shared<Open>(DecoderShape{.hidden = given[0],
                                                         .heads = given[1],
                                                         .kv_heads = given[2],
                                                         .head_dim = given[3],
                                                         .ffn = given[4],
                                                         .vocabulary = given[5],
                                                         .rotary = given[6],
                                                         .windows = {layers.begin(), layers.end()},
                                                         .gate = static_cast<Gate>(given[7] & 3),
                                                         .gated = given[8] != 0,
                                                         .interleaved = given[9] != 0,
                                                         .experts = given[10],
                                                         .expert_ffn = given[11],
                                                         .experts_used = given[12],
                                                         .normalise_routing = given[13] != 0,
                                                         .epsilon = epsilon,
                                                         .attention_scale = attention_scale,
                                                         .threads = given[14],
                                                         .rounds = given[15] != 0}));
}

void decoder_close(std::int64_t handle) {
  const Holding holding;
  static_cast<void>(table().take(handle));
}

// The bytes of a matrix in a format, checked to be as many as its shape takes.
WeightView view_of(std::string_view kind, std::int64_t rows, std::int64_t columns, const Py_buffer& data) {
  const WeightKind of = weight_kind_named(kind);
  const std::int64_t bytes = row_bytes(of, columns);
  if (rows < 1 || columns < 1 || bytes != data.len / rows || data.len % rows != 0) {
    throw Error(ErrorKind::usage, std::to_string(data.len) + " bytes are no " + std::to_string(rows) + " x " +
                                      std::to_string(columns) + " weights of " + std::string(kind));
  }
  return {.kind = of, .rows = rows, .columns = columns, .data = static_cast<const std::byte*>(data.buf)};
}

void decoder_matrix(std::int64_t handle, std::int64_t layer, std::int64_t expert, std::string_view name,
                    std::string_view kind, std::int64_t rows, std::int64_t columns, const ReadHeld& data) {
  const Holding holding;
  const std::shared_ptr<Open> open = open_at(handle);
  const WeightView weights = view_of(kind, rows, columns, *data.buffer);
  const Unlocked unlocked;
  open->decoder.set_matrix(layer, expert, name, weights);
}

void decoder_embedding(std::int64_t handle, std::string_view kind, std::int64_t rows, std::int64_t columns,
                       const ReadHeld& data) {
  const Holding holding;
  Open& open = *open_at(handle);
  open.decoder.set_embedding(view_of(kind, rows, columns, *data.buffer));
  open.embedding = data.buffer;
}

void decoder_vector(std::int64_t handle, std::int64_t layer, std::string_view name, const Buffer& values) {
  open_at(handle)->decoder.set_vector(layer, name, values.as<float>("f"));
}

void decoder_rope(std::int64_t handle, const Buffer& inverse_frequencies, double factor) {
  open_at(handle)->decoder.set_rope(inverse_frequencies.as<double>("d"), factor);
}

void decoder_ready(std::int64_t handle) { open_at(handle)->decoder.require_whole(); }

std::int64_t decoder_add(std::int64_t handle) { return open_at(handle)->decoder.add_sequence(); }

std::int64_t decoder_fork(std::int64_t handle, std::int64_t sequence, std::int64_t length) {
  return open_at(handle)->decoder.fork_sequence(sequence, length);
}

void decoder_remove(std::int64_t handle, std::int64_t sequence) { open_at(handle)->decoder.remove_sequence(sequence); }

void decoder_cut(std::int64_t handle, std::int64_t sequence, std::int64_t length) {
  open_at(handle)->decoder.cut_sequence(sequence, length);
}

std::int64_t decoder_length(std::int64_t handle, std::int64_t sequence) {
  return open_at(handle)->decoder.length(sequence);
}

std::tuple<std::int64_t, std::int64_t> decoder_bytes(std::int64_t handle) {
  const Decoder& decoder = open_at(handle)->decoder;
  return {decoder.weight_bytes(), decoder.cache_bytes()};
}

constexpr std::size_t PLACES = 5;

trace::Place place_of(std::span<const std::int64_t> given) {
  return {.invocation = static_cast<std::int32_t>(given[0]),
          .sequence = static_cast<std::int32_t>(given[1]),
          .token = static_cast<std::int32_t>(given[2]),
          .phase = given[3] < 0 ? trace::NO_NAME : static_cast<trace::Name>(given[3])};
}

// Items as triples of sequence, first token and number of tokens.
std::vector<DecoderItem> items_of(std::span<const std::int64_t> triples, std::span<const std::int32_t> tokens) {
  std::vector<DecoderItem> items;
  for (std::size_t i = 0; i + 2 < triples.size(); i += 3) {
    const std::int64_t first = triples[i + 1];
    const std::int64_t count = triples[i + 2];
    const auto all = static_cast<std::int64_t>(tokens.size());
    if (first < 0 || count < 0 || first > all || count > all - first) {
      throw Error(ErrorKind::usage, "an item reaches beyond the tokens");
    }
    items.push_back({.sequence = triples[i], .tokens = tokens.data() + first, .count = count});
  }
  return items;
}

void decoder_run(std::int64_t handle, const Buffer& triples, const Buffer& tokens, bool every, const Buffer& place,
                 const WriteHeld& logits) {
  const Holding holding;
  const std::shared_ptr<Open> open = open_at(handle);
  const std::vector<DecoderItem> items = items_of(triples.as<std::int64_t>("l"), tokens.as<std::int32_t>("i"));
  const std::span<const std::int64_t> places = place.as<std::int64_t>("l");
  const std::span<const float> out = Buffer(*logits.buffer).as<float>("f");
  std::int64_t rows = every ? 0 : static_cast<std::int64_t>(items.size());
  for (const DecoderItem& item : items) {
    rows += every ? item.count : 0;
  }
  if (places.size() != PLACES ||
      (!out.empty() && static_cast<std::int64_t>(out.size()) != rows * open->decoder.vocabulary())) {
    throw Error(ErrorKind::usage, "the place or the room for logits is of a wrong size");
  }
  const DecoderRun run{.items = items,
                       .logits = out.empty() ? nullptr : const_cast<float*>(out.data()),
                       .every = every,
                       .parts = places[4] != 0,
                       .place = place_of(places)};
  const Unlocked unlocked;
  open->decoder.run(run);
}

const Methods methods{
    bind<&decoder_open, "decoder_open">("A decoder of these sizes; see loading.py."),
    bind<&decoder_close, "decoder_close">("Frees it."),
    bind<&decoder_matrix, "decoder_matrix">("Packs one matrix."),
    bind<&decoder_embedding, "decoder_embedding">("Reads embeddings from there as tokens come."),
    bind<&decoder_vector, "decoder_vector">("Keeps one norm or bias."),
    bind<&decoder_rope, "decoder_rope">("Inverse frequencies, and the factor on cosines and sines."),
    bind<&decoder_ready, "decoder_ready">("Raises where something is missing."),
    bind<&decoder_add, "decoder_add">("A new sequence."),
    bind<&decoder_fork, "decoder_fork">("A sequence that begins as another does."),
    bind<&decoder_remove, "decoder_remove">("Forgets a sequence."),
    bind<&decoder_cut, "decoder_cut">("Forgets the tokens behind a length."),
    bind<&decoder_length, "decoder_length">("How many tokens a sequence holds."),
    bind<&decoder_bytes, "decoder_bytes">("(of weights, of keys and values)"),
    bind<&decoder_run, "decoder_run">("One pass: items, tokens, every, place, logits; see loading.py."),
};

}  // namespace
}  // namespace assay::python
