#include <doctest/doctest.h>

#include "layout.h"

TEST_CASE("our declarations of the stable ABI have the layout of CPython's own") {
  const Layout ours = our_layout();
  const Layout theirs = their_layout();
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    CHECK(ours[i] == theirs[i]);
  }
}
