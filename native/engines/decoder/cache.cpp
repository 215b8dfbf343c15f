#include "cache.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_set>
#include <utility>

#include "assay/core/error.h"

namespace assay::decoder {
namespace {

std::int64_t pages_of(std::int64_t length) { return (length + PAGE_POSITIONS - 1) / PAGE_POSITIONS; }

[[noreturn]] void refuse_length(std::int64_t length, std::int64_t held) {
  throw Error(ErrorKind::usage, "decoder: the sequence holds " + std::to_string(held) + " tokens; " +
                                    std::to_string(length) + " of them can't be kept");
}

}  // namespace

Cache::Cache(std::int64_t layers, std::int64_t kv_heads, std::int64_t head_dim)
    : kv_heads_(kv_heads),
      head_dim_(head_dim),
      head_floats_(PAGE_POSITIONS * (head_dim + padded_head(head_dim))),
      page_floats_(layers * kv_heads * head_floats_) {}

std::shared_ptr<Page> Cache::new_page() const {
  auto page = std::make_shared<Page>(Page{block_of<float>(page_floats_)});
  // What pads a head's values is multiplied, and must be finite.
  std::memset(page->values.get(), 0, static_cast<std::size_t>(page_floats_) * sizeof(float));
  return page;
}

std::int64_t Cache::add() {
  sequences_.emplace(++last_, Sequence{});
  return last_;
}

std::int64_t Cache::fork(std::int64_t sequence, std::int64_t length) {
  const Sequence& from = at(sequence);
  if (length < 0 || length > from.length) {
    refuse_length(length, from.length);
  }
  Sequence copy{.pages = {from.pages.begin(), from.pages.begin() + pages_of(length)}, .length = length};
  sequences_.emplace(++last_, std::move(copy));
  return last_;
}

void Cache::remove(std::int64_t sequence) { sequences_.erase(sequence); }

void Cache::cut(std::int64_t sequence, std::int64_t length) {
  Sequence& found = at(sequence);
  if (length < 0 || length > found.length) {
    refuse_length(length, found.length);
  }
  found.length = length;
  found.pages.resize(static_cast<std::size_t>(pages_of(length)));
}

Sequence& Cache::at(std::int64_t sequence) { return const_cast<Sequence&>(std::as_const(*this).at(sequence)); }

const Sequence& Cache::at(std::int64_t sequence) const {
  const auto found = sequences_.find(sequence);
  if (found == sequences_.end()) {
    throw Error(ErrorKind::usage, "decoder: the sequence is closed; make another one");
  }
  return found->second;
}

void Cache::reserve(Sequence& sequence, std::int64_t count) {
  const std::int64_t partial = sequence.length / PAGE_POSITIONS;
  if (sequence.length % PAGE_POSITIONS != 0 && sequence.pages[static_cast<std::size_t>(partial)].use_count() > 1) {
    std::shared_ptr<Page> own = new_page();
    std::shared_ptr<Page>& shared = sequence.pages[static_cast<std::size_t>(partial)];
    std::memcpy(own->values.get(), shared->values.get(), static_cast<std::size_t>(page_floats_) * sizeof(float));
    shared = std::move(own);
  }
  while (static_cast<std::int64_t>(sequence.pages.size()) < pages_of(sequence.length + count)) {
    sequence.pages.push_back(new_page());
  }
}

std::int64_t Cache::bytes() const {
  std::unordered_set<const Page*> pages;
  for (const auto& [handle, sequence] : sequences_) {
    for (const std::shared_ptr<Page>& page : sequence.pages) {
      pages.insert(page.get());
    }
  }
  return static_cast<std::int64_t>(pages.size()) * page_floats_ * 4;
}

}  // namespace assay::decoder
