// One pass through the layers.
#pragma once

#include <optional>
#include <vector>

#include "cache.h"
#include "model.h"

namespace assay::decoder {

// Cosines and sines of every position so far, a row each.
class Rope {
 public:
  void set(std::span<const double> inverse_frequencies, double factor);
  [[nodiscard]] std::int64_t pairs() const { return static_cast<std::int64_t>(frequencies_.size()); }
  void reach(std::int64_t positions);
  [[nodiscard]] const float* cosines(std::int64_t position) const { return cosines_.data() + position * pairs(); }
  [[nodiscard]] const float* sines(std::int64_t position) const { return sines_.data() + position * pairs(); }

 private:
  std::vector<double> frequencies_;
  double factor_ = 1.0;
  std::vector<float> cosines_;
  std::vector<float> sines_;
};

// One token of a run.
struct Row {
  Sequence* sequence;
  std::int32_t token;
  std::int64_t position;
};

// Room for the rows of a run; grows.
struct Scratch {
  void reach(std::int64_t rows, const DecoderShape& shape);

  std::int64_t rows = 0;
  Block<float> stream;  // what layers add to
  Block<float> normed;
  Block<float> qkv;
  Block<float> context;  // of attention
  Block<float> gate;
  Block<float> up;
  Block<float> expert_in;
  Block<float> expert_out;
  Block<float> routing;
  Block<std::int32_t> rounded;  // of the widest input
  Block<std::uint16_t> halves;  // likewise
};

// Which rows attend together: some tokens of one sequence.
struct Unit {
  std::int64_t row;
  std::int64_t count;
};

class Forward {
 public:
  Forward(const Model& model, const Cache& cache, const Rope& rope, Scratch& scratch, const DecoderRun& run,
          std::vector<Row> rows, std::vector<Unit> units);

  void run();

 private:
  // Names of steps and parts.
  struct Names;
  static const Names& names();

  class Part {
   public:
    Part(const Forward& forward, trace::Name step, trace::Name part, std::int64_t layer);

   private:
    std::optional<trace::Span> span_;
  };

  struct Task {
    const Matrix* matrix;
    Output out;
  };

  void embed();
  void attention(std::int64_t layer);
  void turn(std::int64_t layer, std::int64_t row);
  void store(std::int64_t layer, std::int64_t row);
  void attend_unit(std::int64_t layer, const Unit& unit, std::int64_t head);
  void feed_forward(std::int64_t layer);
  void network(const Layer& layer, std::int64_t index, const Network& network, const Input& in, const Output& out);
  void experts(const Layer& layer, std::int64_t index);
  void one_expert(const Layer& layer, std::int64_t index, const Network& of,
                  std::span<const std::pair<std::int64_t, float>> rows);
  void logits();
  void norm_rows(const Vector& weight);
  void multiply(Input in, std::span<const Task> tasks);
  // The input as `matrix` wants it.
  [[nodiscard]] Input prepared(Input in, const Matrix& matrix);
  // body(first, end) for rows of that many elements.
  template <class Body>
  void share_rows(std::int64_t rows, std::int64_t width, const Body& body) const;
  [[nodiscard]] std::int64_t threads() const { return model_.shape.threads; }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(rows_.size()); }
  [[nodiscard]] Input normed() const;
  [[nodiscard]] Work attention_work(std::int64_t layer) const;
  [[nodiscard]] Work network_work(std::int64_t layer) const;
  [[nodiscard]] std::int64_t first_seen(std::int64_t layer, std::int64_t position) const;

  const Model& model_;
  const Cache& cache_;
  const Rope& rope_;
  Scratch& scratch_;
  const DecoderRun& run_;
  std::vector<Row> rows_;
  std::vector<Unit> units_;
  trace::Place place_;
  std::int64_t q_width_;
  std::int64_t kv_width_;
  std::int64_t qkv_width_;
};

}  // namespace assay::decoder
