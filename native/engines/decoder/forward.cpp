#include "forward.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "assay/runtime/scratch.h"
#include "share.h"

namespace assay::decoder {
namespace {

constexpr std::int64_t WORTH_SHARING = 1 << 14;  // elements of rows

}  // namespace

struct Forward::Names {
  trace::Name embed = trace::name("Embed");
  trace::Name attention = trace::name("Attention");
  trace::Name feed_forward = trace::name("FFN");
  trace::Name lm_head = trace::name("LmHead");
  trace::Name norm = trace::name("norm");
  trace::Name qkv = trace::name("qkv");
  trace::Name rope = trace::name("rope");
  trace::Name context = trace::name("context");
  trace::Name output = trace::name("output");
  trace::Name gate_up = trace::name("gate_up");
  trace::Name down = trace::name("down");
  trace::Name device = trace::name("cpu:0");
};

const Forward::Names& Forward::names() {
  static const Names all;
  return all;
}

Forward::Part::Part(const Forward& forward, trace::Name step, trace::Name part, std::int64_t layer) {
  if (forward.run_.parts) {
    span_.emplace(forward.place_, trace::What{.step = step, .part = part, .layer = static_cast<std::int16_t>(layer)});
  }
}

void Scratch::reach(std::int64_t wanted, const DecoderShape& shape) {
  if (wanted <= rows) {
    return;
  }
  const std::int64_t q = shape.heads * shape.head_dim;
  stream = block_of<float>(wanted * shape.hidden);
  normed = block_of<float>(wanted * shape.hidden);
  qkv = block_of<float>(wanted * (q + 2 * shape.kv_heads * shape.head_dim));
  context = block_of<float>(wanted * q);
  const std::int64_t width = std::max(shape.ffn, shape.expert_ffn);
  gate = block_of<float>(wanted * width);
  up = block_of<float>(wanted * width);
  rounded = block_of<std::int32_t>(wanted * rounded_row_words(std::max({width, q, shape.hidden}) + BLOCK_GROUP));
  halves = block_of<std::uint16_t>(wanted * std::max({width, q, shape.hidden}));
  if (shape.experts > 0) {
    expert_in = block_of<float>(wanted * shape.hidden);
    expert_out = block_of<float>(wanted * shape.hidden);
    routing = block_of<float>(wanted * shape.experts);
  }
  rows = wanted;
}

Forward::Forward(const Model& model, const Cache& cache, const Rope& rope, Scratch& scratch, const DecoderRun& run,
                 std::vector<Row> rows, std::vector<Unit> units)
    : model_(model),
      cache_(cache),
      rope_(rope),
      scratch_(scratch),
      run_(run),
      rows_(std::move(rows)),
      units_(std::move(units)),
      place_(run.place),
      q_width_(model.shape.heads * model.shape.head_dim),
      kv_width_(model.shape.kv_heads * model.shape.head_dim),
      qkv_width_(q_width_ + 2 * kv_width_) {
  place_.tokens = static_cast<std::int32_t>(rows_.size());
  place_.device = names().device;
}

void Forward::run() {
  embed();
  for (std::int64_t layer = 0; layer < static_cast<std::int64_t>(model_.layers.size()); ++layer) {
    attention(layer);
    feed_forward(layer);
  }
  if (run_.logits != nullptr) {
    logits();
  }
}

void Forward::embed() {
  trace::Span span(place_, {.step = names().embed});
  const WeightView& from = model_.embedding;
  const std::int64_t bytes = row_bytes(from.kind, from.columns);
  for (std::int64_t i = 0; i < count(); ++i) {
    const std::byte* const row = from.data + rows_[static_cast<std::size_t>(i)].token * bytes;
    widen(from.kind, row, from.columns, scratch_.stream.get() + i * from.columns);
  }
  span.count({.flops = 0, .bytes_read = count() * bytes, .bytes_written = count() * from.columns * 4});
}

Input Forward::normed() const { return {.rows = scratch_.normed.get(), .row = model_.shape.hidden, .count = count()}; }

template <class Body>
void Forward::share_rows(std::int64_t rows, std::int64_t width, const Body& body) const {
  const std::int64_t pieces = rows * width < WORTH_SHARING ? 1 : std::min(rows, threads() * 4);
  share(threads(), pieces, [&](std::int64_t piece) { body(rows * piece / pieces, rows * (piece + 1) / pieces); });
}

void Forward::norm_rows(const Vector& weight) {
  const std::int64_t hidden = model_.shape.hidden;
  share_rows(count(), hidden, [&](std::int64_t first, std::int64_t end) {
    normalise({.in = scratch_.stream.get() + first * hidden,
               .in_row = hidden,
               .weight = weight.data(),
               .out = scratch_.normed.get() + first * hidden,
               .out_row = hidden,
               .rows = end - first,
               .columns = hidden,
               .epsilon = static_cast<float>(model_.shape.epsilon)});
  });
}

Input Forward::prepared(Input in, const Matrix& matrix) {
  if (matrix.wants_halves() && in.halves == nullptr) {
    in.halves = scratch_.halves.get();
    share_rows(in.count, matrix.inputs(), [&](std::int64_t first, std::int64_t end) {
      round_halves({.rows = in.rows + first * in.row,
                    .row = in.row,
                    .count = end - first,
                    .inputs = matrix.inputs(),
                    .out = scratch_.halves.get() + first * matrix.inputs()});
    });
  }
  if (!matrix.wants_rounded() || in.rounded != nullptr) {
    return in;
  }
  std::int32_t* const out = scratch_.rounded.get();
  const std::int64_t tiles = block_tiles(in.count);
  const std::int64_t pieces = in.count * matrix.inputs() < WORTH_SHARING ? 1 : std::min(tiles, threads() * 4);
  share(threads(), pieces, [&](std::int64_t piece) {
    const std::int64_t first = tiles * piece / pieces;
    round_rows({.rows = in.rows,
                .row = in.row,
                .count = in.count,
                .inputs = matrix.inputs(),
                .out = out,
                .first_tile = first,
                .tiles = tiles * (piece + 1) / pieces - first});
  });
  in.rounded = out;
  return in;
}

void Forward::multiply(Input in, std::span<const Task> tasks) {
  std::int64_t pieces = 0;
  for (const Task& task : tasks) {
    pieces += task.matrix->slices();
    in = prepared(in, *task.matrix);
  }
  share(threads(), pieces, [&](std::int64_t piece) {
    for (const Task& task : tasks) {
      if (piece < task.matrix->slices()) {
        return task.matrix->multiply(piece, in, task.out);
      }
      piece -= task.matrix->slices();
    }
  });
}

void Forward::attention(std::int64_t layer) {
  trace::Span span(place_, {.step = names().attention, .layer = static_cast<std::int16_t>(layer)});
  const Layer& of = model_.layers[static_cast<std::size_t>(layer)];
  const auto bias = [](const Vector& values) { return values.empty() ? nullptr : values.data(); };
  float* const qkv = scratch_.qkv.get();
  {
    const Part part(*this, names().attention, names().norm, layer);
    norm_rows(of.attention_norm);
  }
  {
    const Part part(*this, names().attention, names().qkv, layer);
    const std::array tasks{
        Task{&of.q, {.rows = qkv, .row = qkv_width_, .bias = bias(of.q_bias)}},
        Task{&of.k, {.rows = qkv + q_width_, .row = qkv_width_, .bias = bias(of.k_bias)}},
        Task{&of.v, {.rows = qkv + q_width_ + kv_width_, .row = qkv_width_, .bias = bias(of.v_bias)}}};
    multiply(normed(), tasks);
  }
  {
    const Part part(*this, names().attention, names().rope, layer);
    share_rows(count(), qkv_width_, [&](std::int64_t first, std::int64_t end) {
      for (std::int64_t row = first; row < end; ++row) {
        turn(layer, row);
        store(layer, row);
      }
    });
  }
  {
    const Part part(*this, names().attention, names().context, layer);
    const std::int64_t heads = model_.shape.kv_heads;
    const auto pieces = static_cast<std::int64_t>(units_.size()) * heads;
    share(threads(), pieces, [&](std::int64_t piece) {
      attend_unit(layer, units_[static_cast<std::size_t>(piece / heads)], piece % heads);
    });
  }
  {
    const Part part(*this, names().attention, names().output, layer);
    const Input in{.rows = scratch_.context.get(), .row = q_width_, .count = count()};
    const std::array tasks{
        Task{&of.o, {.rows = scratch_.stream.get(), .row = model_.shape.hidden, .add = true, .bias = bias(of.o_bias)}}};
    multiply(in, tasks);
  }
  if (trace::on()) {
    span.count(attention_work(layer));
    std::int64_t held = 0;
    for (const Unit& unit : units_) {
      held += rows_[static_cast<std::size_t>(unit.row)].sequence->length;
    }
    span.hold(held * cache_.position_bytes());
  }
}

// Norms and angles of a token's queries and keys.
void Forward::turn(std::int64_t layer, std::int64_t row) {
  const DecoderShape& shape = model_.shape;
  const Layer& of = model_.layers[static_cast<std::size_t>(layer)];
  float* const q = scratch_.qkv.get() + row * qkv_width_;
  float* const k = q + q_width_;
  const auto norm = [&](float* heads, std::int64_t heads_count, const Vector& weight) {
    if (!weight.empty()) {
      normalise({.in = heads,
                 .in_row = shape.head_dim,
                 .weight = weight.data(),
                 .out = heads,
                 .out_row = shape.head_dim,
                 .rows = heads_count,
                 .columns = shape.head_dim,
                 .epsilon = static_cast<float>(shape.epsilon)});
    }
  };
  norm(q, shape.heads, of.q_norm);
  norm(k, shape.kv_heads, of.k_norm);
  const std::int64_t position = rows_[static_cast<std::size_t>(row)].position;
  rotate({.heads = q,  // keys follow queries
          .head_row = shape.head_dim,
          .count = shape.heads + shape.kv_heads,
          .cosines = rope_.cosines(position),
          .sines = rope_.sines(position),
          .pairs = rope_.pairs(),
          .interleaved = shape.interleaved});
}

// A token's keys and values into its page.
void Forward::store(std::int64_t layer, std::int64_t row) {
  const DecoderShape& shape = model_.shape;
  const Row& of = rows_[static_cast<std::size_t>(row)];
  const float* const k = scratch_.qkv.get() + row * qkv_width_ + q_width_;
  const float* const v = k + kv_width_;
  const std::int64_t page = of.position / PAGE_POSITIONS;
  const std::int64_t place = of.position % PAGE_POSITIONS;
  for (std::int64_t head = 0; head < shape.kv_heads; ++head) {
    float* const keys = cache_.keys(*of.sequence, page, layer, head) + key_place(place, 0, shape.head_dim);
    for (std::int64_t d = 0; d < shape.head_dim; ++d) {
      keys[d * KEY_POSITIONS] = k[head * shape.head_dim + d];
    }
    float* const values = cache_.values(*of.sequence, page, layer, head) + place * padded_head(shape.head_dim);
    std::copy_n(v + head * shape.head_dim, shape.head_dim, values);
  }
}

std::int64_t Forward::first_seen(std::int64_t layer, std::int64_t position) const {
  const std::int64_t window = model_.shape.windows[static_cast<std::size_t>(layer)];
  return window == 0 ? 0 : std::max<std::int64_t>(0, position + 1 - window);
}

// The queries of some tokens that share one head of keys and values.
void Forward::attend_unit(std::int64_t layer, const Unit& unit, std::int64_t head) {
  const DecoderShape& shape = model_.shape;
  const std::int64_t group = shape.heads / shape.kv_heads;
  const Row& last = rows_[static_cast<std::size_t>(unit.row + unit.count - 1)];
  const std::int64_t pages = last.position / PAGE_POSITIONS + 1;
  std::byte* const memory = thread_scratch(attend_scratch(shape.head_dim) * 4 + 2 * pages * 8);
  auto* const keys = reinterpret_cast<const float**>(memory + attend_scratch(shape.head_dim) * 4);
  const float** const values = keys + pages;
  for (std::int64_t page = 0; page < pages; ++page) {
    keys[page] = cache_.keys(*last.sequence, page, layer, head);
    values[page] = cache_.values(*last.sequence, page, layer, head);
  }
  const float* q[ATTEND_ROWS];
  float* out[ATTEND_ROWS];
  std::int64_t first[ATTEND_ROWS];
  std::int64_t end[ATTEND_ROWS];
  const std::int64_t all = unit.count * group;
  for (std::int64_t begin = 0; begin < all; begin += ATTEND_ROWS) {
    const std::int64_t count = std::min(ATTEND_ROWS, all - begin);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t row = unit.row + (begin + i) / group;
      const std::int64_t column = (head * group + (begin + i) % group) * shape.head_dim;
      const std::int64_t position = rows_[static_cast<std::size_t>(row)].position;
      q[i] = scratch_.qkv.get() + row * qkv_width_ + column;
      out[i] = scratch_.context.get() + row * q_width_ + column;
      first[i] = first_seen(layer, position);
      end[i] = position + 1;
    }
    attend({.rows = count,
            .q = q,
            .out = out,
            .first = first,
            .end = end,
            .keys = keys,
            .values = values,
            .head_dim = shape.head_dim,
            .scale = static_cast<float>(shape.attention_scale),
            .scratch = reinterpret_cast<float*>(memory)});
  }
}

void Forward::feed_forward(std::int64_t layer) {
  trace::Span span(place_, {.step = names().feed_forward, .layer = static_cast<std::int16_t>(layer)});
  const Layer& of = model_.layers[static_cast<std::size_t>(layer)];
  {
    const Part part(*this, names().feed_forward, names().norm, layer);
    norm_rows(of.ffn_norm);
  }
  if (!of.router.empty()) {
    experts(of, layer);
  } else {
    network(of, layer, of.networks.front(), normed(),
            {.rows = scratch_.stream.get(), .row = model_.shape.hidden, .add = true});
  }
  if (trace::on()) {
    span.count(network_work(layer));
  }
}

void Forward::network(const Layer& layer, std::int64_t index, const Network& network, const Input& in,
                      const Output& out) {
  const DecoderShape& shape = model_.shape;
  const auto bias = [](const Vector& values) { return values.empty() ? nullptr : values.data(); };
  const std::int64_t width = network.up.outputs();
  const Output up{.rows = scratch_.up.get(), .row = width, .bias = bias(layer.up_bias)};
  const Output gate{.rows = scratch_.gate.get(), .row = width, .bias = bias(layer.gate_bias)};
  {
    const Part part(*this, names().feed_forward, names().gate_up, index);
    const Input ready = prepared(shape.gated ? prepared(in, network.gate) : in, network.up);
    share(threads(), network.up.slices(), [&](std::int64_t piece) {
      network.up.multiply(piece, ready, up);
      if (shape.gated) {
        network.gate.multiply(piece, ready, gate);
      }
      const std::int64_t first = network.up.first(piece);
      for (std::int64_t row = 0; row < in.count; ++row) {
        float* const values = (shape.gated ? gate : up).rows + row * width + first;
        const float* const factors = shape.gated ? up.rows + row * width + first : nullptr;
        apply_gate({.gate = shape.gate, .values = values, .factors = factors, .count = network.up.count(piece)});
      }
    });
  }
  const Part part(*this, names().feed_forward, names().down, index);
  const Input inner{.rows = (shape.gated ? gate : up).rows, .row = width, .count = in.count};
  Output result = out;
  result.bias = bias(layer.down_bias);
  const std::array tasks{Task{&network.down, result}};
  multiply(inner, tasks);
}

void Forward::logits() {
  trace::Span span(place_, {.step = names().lm_head});
  norm_rows(model_.norm);
  Input in = normed();
  if (!run_.every) {
    // Rows of last tokens move to the front; one never passes another.
    std::int64_t row = -1;
    for (std::size_t item = 0; item < run_.items.size(); ++item) {
      row += run_.items[item].count;
      std::copy_n(in.rows + row * in.row, in.row, scratch_.normed.get() + static_cast<std::int64_t>(item) * in.row);
    }
    in.count = static_cast<std::int64_t>(run_.items.size());
  }
  const std::array tasks{Task{&model_.lm_head, {.rows = run_.logits, .row = model_.shape.vocabulary}}};
  multiply(in, tasks);
  if (trace::on()) {
    const Matrix& head = model_.lm_head;
    span.count({.flops = 2 * in.count * head.outputs() * head.inputs(),
                .bytes_read = head.bytes(),
                .bytes_written = in.count * head.outputs() * 4});
  }
}

Work Forward::attention_work(std::int64_t layer) const {
  const Layer& of = model_.layers[static_cast<std::size_t>(layer)];
  std::int64_t weights = 0;
  std::int64_t bytes = 0;
  for (const Matrix* matrix : {&of.q, &of.k, &of.v, &of.o}) {
    weights += matrix->outputs() * matrix->inputs();
    bytes += matrix->bytes();
  }
  std::int64_t seen = 0;
  for (const Row& row : rows_) {
    seen += row.position + 1 - first_seen(layer, row.position);
  }
  std::int64_t read = 0;  // every position that some row of a unit sees, once
  for (const Unit& unit : units_) {
    const auto first = static_cast<std::size_t>(unit.row);
    const auto last = static_cast<std::size_t>(unit.row + unit.count - 1);
    read += rows_[last].position + 1 - first_seen(layer, rows_[first].position);
  }
  return {.flops = 2 * weights * count() + 4 * seen * q_width_,
          .bytes_read = bytes + read * kv_width_ * 2 * 4,
          .bytes_written = count() * (model_.shape.hidden + 2 * kv_width_) * 4};
}

}  // namespace assay::decoder
