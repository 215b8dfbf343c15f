// Sizes, places and values of the stable ABI, as one of the two headers has them.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

using Layout = std::vector<std::pair<std::string, std::size_t>>;

Layout our_layout();
Layout their_layout();
