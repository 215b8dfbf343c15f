#include "quota.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <vector>

namespace assay {
namespace {

// One hierarchy that may limit processor time: `folder` is the process's own group as seen below `mount`.
struct Hierarchy {
  bool unified;
  std::string mount;
  std::string folder;
};

bool contains_word(std::string_view list, std::string_view word) {
  for (std::size_t start = 0; start <= list.size();) {
    const std::size_t end = std::min(list.find(',', start), list.size());
    if (list.substr(start, end - start) == word) {
      return true;
    }
    start = end + 1;
  }
  return false;
}

// The path of this process in the hierarchy, from lines like "1:cpu,cpuacct:/a/b" (version 1) or "0::/a/b" (version 2).
std::optional<std::string> own_group(const std::string& root, bool unified) {
  std::ifstream file(root + "/proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
    if (unified ? controllers.empty() : contains_word(controllers, "cpu")) {
      return line.substr(second + 1);
    }
  }
  return std::nullopt;
}

// A line of mountinfo: "36 35 98:0 /root /mount options … - type source super_options" (proc(5)).
std::optional<Hierarchy> hierarchy_of(const std::string& root, const std::string& line) {
  std::istringstream words(line);
  const std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
  const auto dash = std::ranges::find(fields, "-");
  if (fields.size() < 6 || std::distance(dash, fields.end()) < 4) {
    return std::nullopt;
  }
  const bool unified = dash[1] == "cgroup2";
  if (!unified && !(dash[1] == "cgroup" && contains_word(dash[3], "cpu"))) {
    return std::nullopt;
  }
  std::string group = own_group(root, unified).value_or("/");
  const std::string& mounted = fields[3];  // in a container the mount may show a part of the hierarchy only
  if (mounted != "/") {
    group = group.starts_with(mounted) ? group.substr(mounted.size()) : "/";
  }
  return Hierarchy{.unified = unified, .mount = root + fields[4], .folder = group == "/" ? "" : group};
}

std::optional<double> limit_at(const std::string& folder, bool unified) {
  double quota_us = -1;
  double period_us = 0;
  if (unified) {
    std::ifstream(folder + "/cpu.max") >> quota_us >> period_us;  // "max 100000" leaves both unset
  } else {
    std::ifstream(folder + "/cpu.cfs_quota_us") >> quota_us;
    std::ifstream(folder + "/cpu.cfs_period_us") >> period_us;
  }
  if (quota_us <= 0 || period_us <= 0) {
    return std::nullopt;
  }
  return quota_us / period_us;
}

void tighten(std::optional<double>& limit, std::optional<double> other) {
  if (other && (!limit || *other < *limit)) {
    limit = other;
  }
}

}  // namespace

std::optional<double> quota_cpus(const std::string& root) {
  std::optional<double> tightest;
  std::ifstream mounts(root + "/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::optional<Hierarchy> found = hierarchy_of(root, line);
    if (!found) {
      continue;
    }
    for (std::string& folder = found->folder; !folder.empty(); folder.resize(folder.rfind('/'))) {
      tighten(tightest, limit_at(found->mount + folder, found->unified));
    }
    tighten(tightest, limit_at(found->mount, found->unified));
  }
  return tightest;
}

}  // namespace assay
