// The file of tuned classes. Its lines: a title with the version, the machine, a sum over what follows, and one line a
// class, whose words are those of `GemmClass` and `GemmTuning` in order, then, behind a #, a remark.

#include "assay/kernels/tuning/kept.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>

#include "assay/core/error.h"
#include "table.h"

namespace assay {
namespace {

constexpr std::string_view TITLE = "assay gemm tuning 1";
constexpr std::size_t MOST_BYTES = 1 << 20;

constexpr std::array<std::string_view, 5> TYPES{"f64", "f32", "bf16", "i8", "f16"};  // in the order of GemmType
constexpr std::array<std::string_view, 2> ORDERS{"n", "t"};
constexpr std::array<std::string_view, 3> PATHS{"rule", "packed", "in_place"};  // in the order of GemmPath

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorKind::usage, "gemm tuning: " + why); }

// FNV-1a: against accidents, not against people.
std::uint64_t sum_of(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char letter : text) {
    sum = (sum ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  }
  return sum;
}

std::string hex(std::uint64_t value) {
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value >>= 4) {
    *digit = "0123456789abcdef"[value & 15];
  }
  return digits;
}

// Up to the next newline, which is taken too.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    refuse("the file is cut short");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// The words of one line.
class Words {
 public:
  explicit Words(std::string_view line) : line_(line), rest_(line) {}

  std::int64_t number() {
    const std::string_view text = word();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
      wrong();
    }
    return value;
  }

  template <std::size_t count>
  std::size_t among(const std::array<std::string_view, count>& names) {
    const std::string_view text = word();
    for (std::size_t i = 0; i < count; ++i) {
      if (names[i] == text) {
        return i;
      }
    }
    wrong();
  }

  std::string remark() {
    if (rest_.starts_with("# ")) {
      return std::string(rest_.substr(2));
    }
    return rest_.empty() ? std::string() : (wrong(), std::string());
  }

 private:
  std::string_view word() {
    const std::string_view found = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(std::min(rest_.size(), found.size() + 1));
    return found;
  }

  [[noreturn]] void wrong() const { refuse("no such class: '" + std::string(line_.substr(0, 100)) + "'"); }

  std::string_view line_;
  std::string_view rest_;
};

KeptTuning kept_in(std::string_view line) {
  Words words(line);
  KeptTuning kept;
  GemmClass& of = kept.tuned.of;
  GemmTuning& tuning = kept.tuned.tuning;
  of.type = static_cast<GemmType>(words.among(TYPES));
  of.a_transposed = words.among(ORDERS) == 1;
  of.b_transposed = words.among(ORDERS) == 1;
  for (int* const number : {&of.m, &of.n, &of.k, &of.workers}) {
    *number = static_cast<int>(words.number());
  }
  for (std::int64_t* const number :
       {&tuning.block_rows, &tuning.group_columns, &tuning.cut_rows, &tuning.cut_columns}) {
    *number = words.number();
  }
  tuning.path = static_cast<GemmPath>(words.among(PATHS));
  tuning.k_bytes = words.number();
  kept.remark = words.remark();
  require_tuned(kept.tuned);
  return kept;
}

void write(std::ostream& out, const KeptTuning& kept) {
  const GemmClass& of = kept.tuned.of;
  const GemmTuning& tuning = kept.tuned.tuning;
  out << TYPES[static_cast<std::size_t>(of.type)] << ' ' << ORDERS[of.a_transposed ? 1 : 0] << ' '
      << ORDERS[of.b_transposed ? 1 : 0];
  for (const int number : {of.m, of.n, of.k, of.workers}) {
    out << ' ' << number;
  }
  for (const std::int64_t number : {tuning.block_rows, tuning.group_columns, tuning.cut_rows, tuning.cut_columns}) {
    out << ' ' << number;
  }
  out << ' ' << PATHS[static_cast<std::size_t>(tuning.path)] << ' ' << tuning.k_bytes;
  if (!kept.remark.empty()) {
    out << " # " << kept.remark;
  }
  out << '\n';
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Empty, and false, where there is no such file.
bool read_file(const std::string& path, std::string& text) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return false;
  }
  text.resize(MOST_BYTES);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return true;
}

TuningState loaded_now() {
  TuningState state{.path = gemm_tuning_path(), .reason = {}, .classes = 0};
  std::vector<GemmTuned> table;
  try {
    std::string text;
    if (!state.path.empty() && read_file(state.path, text)) {
      for (const KeptTuning& kept : gemm_tuning_in(text)) {
        table.push_back(kept.tuned);
      }
      require_table(table);
    }
  } catch (const Error& error) {
    state.reason = error.what();
    table.clear();
  }
  fill_table(table);
  state.classes = static_cast<std::int64_t>(table.size());
  return state;
}

}  // namespace

std::string gemm_tuning_path() {
  const std::string wanted = variable("ASSAY_TUNING");
  if (!wanted.empty()) {
    return wanted == "off" ? "" : wanted;
  }
  const std::string cache = variable("XDG_CACHE_HOME");
  const std::string home = variable("HOME");
  if (!cache.starts_with('/') && home.empty()) {
    return "";
  }
  const std::string folder = cache.starts_with('/') ? cache : home + "/.cache";
  return folder + "/assay/gemm-" + hex(sum_of(gemm_machine())) + ".tuning";
}

std::string gemm_tuning_text(const std::vector<KeptTuning>& kept) {
  std::ostringstream lines;
  for (const KeptTuning& each : kept) {
    require_tuned(each.tuned);
    write(lines, each);
  }
  return std::string(TITLE) + "\nmachine " + gemm_machine() + "\nsum " + hex(sum_of(lines.view())) + "\n" + lines.str();
}

std::vector<KeptTuning> gemm_tuning_in(std::string_view text) {
  if (take_line(text) != TITLE) {
    refuse("the file is of another version, or none of ours");
  }
  const std::string_view machine = take_line(text);
  if (machine != "machine " + gemm_machine()) {
    refuse("the file is of another machine or build: " + std::string(machine.substr(0, 200)));
  }
  const std::string_view sum = take_line(text);
  if (sum != "sum " + hex(sum_of(text))) {
    refuse("the file is damaged");
  }
  std::vector<KeptTuning> found;
  while (!text.empty()) {
    found.push_back(kept_in(take_line(text)));
  }
  return found;
}

TuningState load_gemm_tuning() {
  static std::once_flag once;
  static TuningState state;
  std::call_once(once, [] { state = loaded_now(); });
  return state;
}

}  // namespace assay
