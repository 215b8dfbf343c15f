#include "assay/runtime/stream/graph.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <thread>

#include "assay/core/error.h"
#include "assay/runtime/stream.h"

namespace assay {
namespace {

// A graph that appends "a", then "b", to `text`.
std::shared_ptr<const Graph> letters(Stream& stream, std::string& text) {
  Capture capture(stream);
  stream.launch("a", {}, [&] { text += 'a'; });
  stream.launch("b", {}, [&] { text += 'b'; });
  return capture.finish();
}

TEST_CASE("a capture runs nothing; a replay runs everything in order, any number of times") {
  for (const bool asynchronous : {false, true}) {
    Stream own;
    Stream& stream = asynchronous ? own : Stream::standard();
    std::string text;
    const auto graph = letters(stream, text);
    CHECK(text.empty());
    CHECK(graph->size() == 2);
    stream.replay(graph);
    stream.replay(graph, 2);
    stream.synchronise();
    CHECK(text == "ababab");
  }
}

TEST_CASE("a graph may be replayed on another stream than the one it was captured on") {
  std::string text;
  const auto graph = letters(Stream::standard(), text);
  Stream other;
  other.replay(graph);
  other.synchronise();
  CHECK(text == "ab");
}

TEST_CASE("a replay inside of a capture becomes a part of the graph") {
  std::string text;
  Stream& stream = Stream::standard();
  const auto inner = letters(stream, text);
  Capture capture(stream);
  stream.replay(inner, 2);
  stream.launch("c", {}, [&] { text += 'c'; });
  const auto outer = capture.finish();
  stream.replay(outer);
  CHECK(text == "ababc");
  CHECK(outer->size() == 5);
}

TEST_CASE("an error ends the replay") {
  Stream& stream = Stream::standard();
  int ran = 0;
  Capture capture(stream);
  stream.launch("count", {}, [&] { ++ran; });
  stream.launch("fail", {}, [] { throw std::runtime_error("no"); });
  stream.launch("count", {}, [&] { ++ran; });
  const auto graph = capture.finish();
  CHECK_THROWS_AS(stream.replay(graph), std::runtime_error);
  CHECK(ran == 1);
}

TEST_CASE("a capture that is left ends") {
  Stream& stream = Stream::standard();
  {
    const Capture capture(stream);
  }
  CHECK_FALSE(stream.capturing());
}

TEST_CASE("what a graph can not hold is refused") {
  Stream& stream = Stream::standard();
  Event event;
  CHECK_THROWS_WITH_AS(stream.step("s"), "step: the stream is not being captured; steps are marked inside of a capture",
                       Error);
  Capture capture(stream);
  CHECK_THROWS_AS(stream.synchronise(), Error);
  CHECK_THROWS_AS(stream.record(event), Error);
  CHECK_THROWS_AS(stream.wait(event), Error);
  CHECK_THROWS_AS(Capture{stream}, Error);
  CHECK(capture.finish()->size() == 0);
  CHECK_THROWS_AS(static_cast<void>(capture.finish()), Error);
}

TEST_CASE("a thread that captures leaves other threads' launches alone") {
  Stream own;
  std::string text;
  Capture capture(own);
  std::thread([&] { own.launch("a", {}, [&] { text += 'a'; }); }).join();
  CHECK(capture.finish()->size() == 0);
  own.synchronise();
  CHECK(text == "a");
}

}  // namespace
}  // namespace assay
