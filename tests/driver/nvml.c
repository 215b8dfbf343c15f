// A driver's library that reports devices which do not exist, and whose energy is known exactly.
//
// It has the calls and layouts of NVIDIA's nvml.h that nvidia-ml-py binds. What it reports comes from the scenario, a
// text file named by NVML_SIMULATED, which may grow while the library is in use: see scenario.py for its words. Time
// is CLOCK_MONOTONIC, or eight bytes of the file named by NVML_SIMULATED_CLOCK, where a test turns the clock by hand.
// At shutdown the exact energy of every device stands in the scenario's neighbour with the suffix .truth.

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum {
  SUCCESS = 0,
  UNINITIALIZED = 1,
  INVALID_ARGUMENT = 2,
  NOT_SUPPORTED = 3,
  NOT_FOUND = 6,
  INSUFFICIENT_SIZE = 7,
  DEVICES_MAX = 16,
  INSTANCES_MAX = 8,
  ROWS_MAX = 20000
};

typedef int64_t ns_t;

typedef struct {
  int present;
  char uuid[96], name[96], instances[INSTANCES_MAX][96];
  int instance_count;
  unsigned arch, utilisation;
  double idle_w, gain, noise_w;
  ns_t born, counter_period, counter_phase, counter_jitter, counter_lag;
  ns_t instant_period, instant_window, average_period, average_window;
  unsigned long long counter_start_mj;
  int usage_is_average;
} device_t;

typedef struct {
  int device, kind;  // 'l'oad, 'r'eason, 'x' reset, 'f'ailure, 'd' a field's failure, 'p'rocess
  ns_t start, end, period, on;
  double w;
  unsigned long long bits;
  int code;
  char function[64];
} row_t;

static device_t devices[DEVICES_MAX];
static row_t rows[ROWS_MAX];
static int row_count, initialised;
static off_t read_so_far;
static volatile int64_t *clock_page;

// One struct stands for a device and for an instance of it: the handle is a pointer to it.
typedef struct {
  int device, instance;
} handle_t;
static handle_t handles[DEVICES_MAX][INSTANCES_MAX + 1];

typedef struct {
  unsigned fieldId, scopeId;
  long long timestamp, latencyUsec;
  unsigned valueType, nvmlReturn;
  union {
    double d;
    unsigned ui;
    unsigned long long ull;
  } value;
} field_t;

static ns_t now_ns(void) {
  if (clock_page) return *clock_page;
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (ns_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void open_clock(void) {
  const char *path = getenv("NVML_SIMULATED_CLOCK");
  if (!path || clock_page) return;
  const int file = open(path, O_RDONLY);
  if (file < 0) return;
  void *page = mmap(NULL, 8, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (page != MAP_FAILED) clock_page = (volatile int64_t *)page;
}

static void set(device_t *d, const char *key, const char *value) {
  const double number = atof(value);
  const ns_t whole = atoll(value);
  if (!strcmp(key, "uuid")) snprintf(d->uuid, sizeof d->uuid, "%s", value);
  if (!strcmp(key, "name")) snprintf(d->name, sizeof d->name, "%s", value);
  if (!strcmp(key, "arch")) d->arch = (unsigned)whole;
  if (!strcmp(key, "utilisation")) d->utilisation = (unsigned)whole;
  if (!strcmp(key, "idle_w")) d->idle_w = number;
  if (!strcmp(key, "gain")) d->gain = number;
  if (!strcmp(key, "noise_w")) d->noise_w = number;
  if (!strcmp(key, "born_ns")) d->born = whole;
  if (!strcmp(key, "counter_period_ns")) d->counter_period = whole;
  if (!strcmp(key, "counter_phase_ns")) d->counter_phase = whole;
  if (!strcmp(key, "counter_jitter_ns")) d->counter_jitter = whole;
  if (!strcmp(key, "counter_lag_ns")) d->counter_lag = whole;
  if (!strcmp(key, "counter_start_mj")) d->counter_start_mj = strtoull(value, NULL, 10);
  if (!strcmp(key, "instant_period_ns")) d->instant_period = whole;
  if (!strcmp(key, "instant_window_ns")) d->instant_window = whole;
  if (!strcmp(key, "average_period_ns")) d->average_period = whole;
  if (!strcmp(key, "average_window_ns")) d->average_window = whole;
  if (!strcmp(key, "usage")) d->usage_is_average = !strcmp(value, "average");
  if (!strcmp(key, "instance") && d->instance_count < INSTANCES_MAX)
    snprintf(d->instances[d->instance_count++], 96, "%s", value);
}

static void take_device(int number, char *rest) {
  device_t *d = &devices[number];
  if (!d->present) *d = (device_t){.present = 1, .arch = 9, .gain = 1.0, .instant_period = 20000000};
  for (char *at, *word = strtok_r(rest, " \n", &at); word; word = strtok_r(NULL, " \n", &at)) {
    char *equals = strchr(word, '=');
    if (!equals) continue;
    *equals = 0;
    for (char *c = equals + 1; *c; ++c)
      if (*c == '_' && !strcmp(word, "name")) *c = ' ';
    set(d, word, equals + 1);
  }
}

static void take_line(char *line) {
  char kind[16] = "", function[64] = "";
  int device = 0, used = 0;
  long long a = 0, b = 0, c = 0, d = 0;
  double w = 0;
  if (sscanf(line, "%15s %n", kind, &used) < 1 || row_count >= ROWS_MAX) return;
  char *rest = line + used;
  row_t *r = &rows[row_count];
  *r = (row_t){0};
  if (!strcmp(kind, "device") && sscanf(rest, "%d %n", &device, &used) == 1 && device < DEVICES_MAX)
    take_device(device, rest + used);
  else if (!strcmp(kind, "load") && sscanf(rest, "%d %lld %lld %lf %lld %lld", &device, &a, &b, &w, &c, &d) >= 4)
    *r = (row_t){.device = device, .kind = 'l', .start = a, .end = b, .w = w, .period = c, .on = d};
  else if (!strcmp(kind, "reason") && sscanf(rest, "%d %lli %lld %lld", &device, &a, &b, &c) == 4)
    *r = (row_t){.device = device, .kind = 'r', .bits = (unsigned long long)a, .start = b, .end = c};
  else if (!strcmp(kind, "reset") && sscanf(rest, "%d %lld", &device, &a) == 2)
    *r = (row_t){.device = device, .kind = 'x', .start = a};
  else if (!strcmp(kind, "process") && sscanf(rest, "%d %lld %lld %lld", &device, &a, &b, &c) == 4)
    *r = (row_t){.device = device, .kind = 'p', .bits = (unsigned long long)a, .start = b, .end = c};
  else if (!strcmp(kind, "field") && sscanf(rest, "%d %lld %lld", &device, &a, &b) == 3)
    *r = (row_t){.device = device, .kind = 'd', .bits = (unsigned long long)a, .code = (int)b};
  else if (!strcmp(kind, "fail") && sscanf(rest, "%63s %d %lld %lld %lld", function, &device, &a, &b, &c) == 5) {
    *r = (row_t){.device = device, .kind = 'f', .code = (int)a, .start = b, .end = c};
    memcpy(r->function, function, sizeof function);
  }
  if (r->kind) ++row_count;
}

// Reads what has been added to the scenario since the last look; a line counts once its end is written.
static void read_scenario(void) {
  const char *path = getenv("NVML_SIMULATED");
  struct stat state;
  if (!path || stat(path, &state) || state.st_size <= read_so_far) return;
  FILE *file = fopen(path, "r");
  if (!file) return;
  fseeko(file, read_so_far, SEEK_SET);
  char line[4096];
  while (fgets(line, sizeof line, file) && strchr(line, '\n')) {
    read_so_far += (off_t)strlen(line);
    take_line(line);
  }
  fclose(file);
}

static double share_s(const row_t *r, ns_t until) {
  const ns_t end = until < r->end ? until : r->end;
  if (end <= r->start) return 0.0;
  const ns_t length = end - r->start;
  if (!r->period) return (double)length * 1e-9;
  const ns_t whole = length / r->period, rest = length % r->period;
  return (double)(whole * r->on + (rest < r->on ? rest : r->on)) * 1e-9;
}

// Exact energy of a device from its birth to a moment.
EXPORT double simulated_energy_j(int number, int64_t until) {
  const device_t *d = &devices[number];
  double sum = d->idle_w * (double)(until - d->born) * 1e-9;
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'l' && rows[i].device == number) sum += rows[i].w * share_s(&rows[i], until);
  return sum;
}

// Nanoseconds until a moment in which any of the bits was set; overlapping pulses of one bit are not written.
static unsigned long long reason_ns(int number, unsigned long long bits, ns_t until) {
  double sum = 0;
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'r' && rows[i].device == number && rows[i].bits & bits) sum += share_s(&rows[i], until);
  return (unsigned long long)(sum * 1e9 + 0.5);
}

static unsigned long long reasons_at(int number, ns_t at) {
  unsigned long long bits = 0;
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'r' && rows[i].device == number && rows[i].start <= at && at < rows[i].end) bits |= rows[i].bits;
  return bits;
}

// A number between -1 and 1 that depends on its arguments alone.
static double noise(int number, ns_t step) {
  uint64_t x = (uint64_t)step * 0x9E3779B97F4A7C15u + (uint64_t)number * 0xD1B54A32D192ED03u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return (double)(int64_t)(x ^ (x >> 31)) / 9223372036854775808.0;
}

static ns_t floor_div(ns_t a, ns_t b) { return a / b - (a % b < 0); }

static ns_t update_before(const device_t *d, int number, ns_t at) {
  if (!d->counter_period) return at;
  ns_t step = floor_div(at - d->counter_phase, d->counter_period) + 1, update;
  do {
    update = d->counter_phase + step * d->counter_period + (ns_t)(noise(number, step) * (double)d->counter_jitter);
    --step;
  } while (update > at);
  return update;
}

static unsigned long long counter_mj(int number, ns_t at) {
  const device_t *d = &devices[number];
  const ns_t update = update_before(d, number, at) - d->counter_lag;
  ns_t reset = 0;
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'x' && rows[i].device == number && rows[i].start <= at && rows[i].start > reset)
      reset = rows[i].start;
  if (!reset) return d->counter_start_mj + (unsigned long long)(simulated_energy_j(number, update) * 1e3);
  if (update <= reset) return 0;
  return (unsigned long long)((simulated_energy_j(number, update) - simulated_energy_j(number, reset)) * 1e3);
}

static unsigned power_mw(int number, ns_t at, ns_t period, ns_t window) {
  const device_t *d = &devices[number];
  const ns_t step = period ? floor_div(at, period) : at, update = period ? step * period : at;
  if (!window) window = 1000;
  const double mean_w =
      (simulated_energy_j(number, update) - simulated_energy_j(number, update - window)) / ((double)window * 1e-9);
  const double shown_w = mean_w * d->gain + d->noise_w * noise(number + 64, step);
  return shown_w > 0 ? (unsigned)(shown_w * 1e3 + 0.5) : 0;
}

// The code a call returns now: what the scenario says, or that the library was not started.
static int code_of(const char *function, int device) {
  if (!initialised) return UNINITIALIZED;
  read_scenario();
  const ns_t at = now_ns();
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'f' && !strcmp(rows[i].function, function) && (rows[i].device == device || rows[i].device < 0) &&
        rows[i].start <= at && at < rows[i].end)
      return rows[i].code;
  return SUCCESS;
}

static int is_device(const handle_t *h) {
  return h && h >= &handles[0][0] && h <= &handles[DEVICES_MAX - 1][INSTANCES_MAX] && devices[h->device].present;
}

// Checks a call about a physical device: instances of one have neither energy nor power of their own.
static int check(const char *function, const handle_t *h) {
  const int code = code_of(function, is_device(h) ? h->device : -1);
  if (code) return code;
  if (!is_device(h)) return INVALID_ARGUMENT;
  return h->instance ? NOT_SUPPORTED : SUCCESS;
}

static int device_count(void) {
  int count = 0;
  while (count < DEVICES_MAX && devices[count].present) ++count;
  return count;
}

EXPORT int nvmlInitWithFlags(unsigned flags) {
  (void)flags;
  open_clock();
  for (int d = 0; d < DEVICES_MAX; ++d)
    for (int i = 0; i <= INSTANCES_MAX; ++i) handles[d][i] = (handle_t){d, i};
  ++initialised;
  const int code = code_of("nvmlInit", -1);
  if (code) --initialised;
  return code;
}

EXPORT int nvmlInit_v2(void) { return nvmlInitWithFlags(0); }

EXPORT int nvmlShutdown(void) {
  if (!initialised) return UNINITIALIZED;
  const char *path = getenv("NVML_SIMULATED");
  char truth[4096];
  if (--initialised || !path) return SUCCESS;
  snprintf(truth, sizeof truth, "%s.truth", path);
  FILE *file = fopen(truth, "w");
  const ns_t at = now_ns();
  for (int i = 0; file && i < device_count(); ++i)
    fprintf(file, "%d %s %lld %.9f\n", i, devices[i].uuid, (long long)at, simulated_energy_j(i, at));
  if (file) fclose(file);
  return SUCCESS;
}

EXPORT const char *nvmlErrorString(int code) {
  static char text[64];
  const char *known = code == 3    ? "Not Supported"
                      : code == 4  ? "Insufficient Permissions"
                      : code == 6  ? "Not Found"
                      : code == 9  ? "Driver Not Loaded"
                      : code == 13 ? "Function Not Found"
                      : code == 15 ? "GPU is lost"
                                   : NULL;
  if (known) return known;
  snprintf(text, sizeof text, "Error %d", code);
  return text;
}

EXPORT int nvmlSystemGetDriverVersion(char *text, unsigned length) {
  snprintf(text, length, "999.01.simulated");
  return code_of("nvmlSystemGetDriverVersion", -1);
}

EXPORT int nvmlDeviceGetCount_v2(unsigned *count) {
  const int code = code_of("nvmlDeviceGetCount", -1);
  *count = (unsigned)device_count();
  return code;
}

EXPORT int nvmlDeviceGetHandleByIndex_v2(unsigned index, handle_t **h) {
  const int code = code_of("nvmlDeviceGetHandleByIndex", (int)index);
  if (code) return code;
  if (index >= (unsigned)device_count()) return INVALID_ARGUMENT;
  *h = &handles[index][0];
  return SUCCESS;
}

EXPORT int nvmlDeviceGetHandleByUUID(const char *uuid, handle_t **h) {
  const int code = code_of("nvmlDeviceGetHandleByUUID", -1);
  if (code) return code;
  for (int d = 0; d < device_count(); ++d) {
    if (!strcmp(devices[d].uuid, uuid)) return *h = &handles[d][0], SUCCESS;
    for (int i = 0; i < devices[d].instance_count; ++i)
      if (!strcmp(devices[d].instances[i], uuid)) return *h = &handles[d][i + 1], SUCCESS;
  }
  return NOT_FOUND;
}

EXPORT int nvmlDeviceGetIndex(handle_t *h, unsigned *index) {
  if (!is_device(h)) return INVALID_ARGUMENT;
  *index = (unsigned)h->device;
  return code_of("nvmlDeviceGetIndex", h->device);
}

EXPORT int nvmlDeviceGetUUID(handle_t *h, char *text, unsigned length) {
  if (!is_device(h)) return INVALID_ARGUMENT;
  const device_t *d = &devices[h->device];
  snprintf(text, length, "%s", h->instance ? d->instances[h->instance - 1] : d->uuid);
  return code_of("nvmlDeviceGetUUID", h->device);
}

EXPORT int nvmlDeviceGetName(handle_t *h, char *text, unsigned length) {
  if (!is_device(h)) return INVALID_ARGUMENT;
  snprintf(text, length, "%s", devices[h->device].name);
  return code_of("nvmlDeviceGetName", h->device);
}

EXPORT int nvmlDeviceGetArchitecture(handle_t *h, unsigned *arch) {
  if (!is_device(h)) return INVALID_ARGUMENT;
  *arch = devices[h->device].arch;
  return code_of("nvmlDeviceGetArchitecture", h->device);
}

EXPORT int nvmlDeviceGetMigMode(handle_t *h, unsigned *current, unsigned *pending) {
  const int code = check("nvmlDeviceGetMigMode", h);
  if (code) return code;
  *current = *pending = devices[h->device].instance_count > 0;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetMaxMigDeviceCount(handle_t *h, unsigned *count) {
  *count = INSTANCES_MAX;
  return check("nvmlDeviceGetMaxMigDeviceCount", h);
}

EXPORT int nvmlDeviceGetMigDeviceHandleByIndex(handle_t *h, unsigned index, handle_t **instance) {
  const int code = check("nvmlDeviceGetMigDeviceHandleByIndex", h);
  if (code) return code;
  if (index >= (unsigned)devices[h->device].instance_count) return NOT_FOUND;
  *instance = &handles[h->device][index + 1];
  return SUCCESS;
}

EXPORT int nvmlDeviceIsMigDeviceHandle(handle_t *h, unsigned *is) {
  if (!is_device(h)) return INVALID_ARGUMENT;
  *is = h->instance > 0;
  return code_of("nvmlDeviceIsMigDeviceHandle", h->device);
}

EXPORT int nvmlDeviceGetDeviceHandleFromMigDeviceHandle(handle_t *h, handle_t **parent) {
  if (!is_device(h) || !h->instance) return INVALID_ARGUMENT;
  *parent = &handles[h->device][0];
  return code_of("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", h->device);
}

EXPORT int nvmlDeviceGetTotalEnergyConsumption(handle_t *h, unsigned long long *energy) {
  const int code = check("nvmlDeviceGetTotalEnergyConsumption", h);
  if (!code) *energy = counter_mj(h->device, now_ns());
  return code;
}

static unsigned instant_mw(const device_t *d, int number, ns_t at) {
  return power_mw(number, at, d->instant_period, d->instant_window);
}

static unsigned average_mw(const device_t *d, int number, ns_t at) {
  return power_mw(number, at, d->average_period, d->average_window ? d->average_window : 1000000000);
}

EXPORT int nvmlDeviceGetPowerUsage(handle_t *h, unsigned *power) {
  const int code = check("nvmlDeviceGetPowerUsage", h);
  if (code) return code;
  const device_t *d = &devices[h->device];
  *power = d->usage_is_average ? average_mw(d, h->device, now_ns()) : instant_mw(d, h->device, now_ns());
  return SUCCESS;
}

static int field_code(int number, unsigned id) {
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'd' && rows[i].device == number && rows[i].bits == id) return rows[i].code;
  return SUCCESS;
}

static const struct {
  unsigned field;
  unsigned long long bits;
} counted[] = {{74, 0x4}, {75, 0x60}, {76, 0x10}, {77, 0x200}, {78, 0x1},
               {79, 0x400}, {80, 0x2}, {269, 0x20}, {270, 0x40}, {271, 0x80}};

static void fill(int number, field_t *f, ns_t at) {
  const device_t *d = &devices[number];
  struct timespec wall;
  clock_gettime(CLOCK_REALTIME, &wall);
  f->timestamp = (long long)wall.tv_sec * 1000000 + wall.tv_nsec / 1000;
  f->latencyUsec = 0;
  f->valueType = 3;
  f->nvmlReturn = (unsigned)field_code(number, f->fieldId);
  f->value.ull = 0;
  if (f->nvmlReturn) return;
  if (f->fieldId == 83) {
    f->value.ull = counter_mj(number, at);
    return;
  }
  if (f->fieldId == 185 || f->fieldId == 186) {
    f->valueType = 1;
    f->nvmlReturn = f->scopeId ? NOT_SUPPORTED : SUCCESS;
    f->value.ui = f->fieldId == 185 ? average_mw(d, number, at) : instant_mw(d, number, at);
    return;
  }
  for (size_t i = 0; i < sizeof counted / sizeof *counted; ++i)
    if (counted[i].field == f->fieldId) {
      f->value.ull = reason_ns(number, counted[i].bits, at);
      return;
    }
  f->nvmlReturn = NOT_SUPPORTED;
}

EXPORT int nvmlDeviceGetFieldValues(handle_t *h, int count, field_t *fields) {
  const int code = check("nvmlDeviceGetFieldValues", h);
  const ns_t at = now_ns();
  for (int i = 0; !code && i < count; ++i) fill(h->device, &fields[i], at);
  return code;
}

EXPORT int nvmlDeviceGetViolationStatus(handle_t *h, unsigned policy, unsigned long long *times) {
  const int code = check("nvmlDeviceGetViolationStatus", h);
  if (code) return code;
  const ns_t at = now_ns();
  times[0] = (unsigned long long)(at / 1000);
  for (size_t i = 0; i < sizeof counted / sizeof *counted; ++i)
    if (counted[i].field == policy + 74 && policy < 8) return times[1] = reason_ns(h->device, counted[i].bits, at), SUCCESS;
  return NOT_SUPPORTED;
}

EXPORT int nvmlDeviceGetCurrentClocksEventReasons(handle_t *h, unsigned long long *bits) {
  const int code = check("nvmlDeviceGetCurrentClocksEventReasons", h);
  if (!code) *bits = reasons_at(h->device, now_ns());
  return code;
}

EXPORT int nvmlDeviceGetCurrentClocksThrottleReasons(handle_t *h, unsigned long long *bits) {
  const int code = check("nvmlDeviceGetCurrentClocksThrottleReasons", h);
  if (!code) *bits = reasons_at(h->device, now_ns());
  return code;
}

EXPORT int nvmlDeviceGetUtilizationRates(handle_t *h, unsigned *rates) {
  const int code = check("nvmlDeviceGetUtilizationRates", h);
  if (code) return code;
  const ns_t at = now_ns(), window = 166666667;
  const device_t *d = &devices[h->device];
  double busy = 0;
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'l' && rows[i].device == h->device) {
      const double share = (share_s(&rows[i], at) - share_s(&rows[i], at - window)) / ((double)window * 1e-9);
      busy = share > busy ? share : busy;
    }
  rates[0] = d->utilisation ? d->utilisation : (unsigned)(busy * 100);
  rates[1] = rates[0] / 2;
  return SUCCESS;
}

EXPORT int nvmlDeviceGetMemoryInfo(handle_t *h, unsigned long long *memory) {
  const int code = check("nvmlDeviceGetMemoryInfo", h);
  memory[0] = 80ull << 30;
  memory[1] = 79ull << 30;
  memory[2] = 1ull << 30;
  return code;
}

EXPORT int nvmlDeviceGetTemperature(handle_t *h, unsigned sensor, unsigned *celsius) {
  (void)sensor;
  *celsius = 45;
  return check("nvmlDeviceGetTemperature", h);
}

typedef struct {
  unsigned pid;
  unsigned long long memory;
  unsigned gpu_instance, compute_instance;
} process_t;

EXPORT int nvmlDeviceGetComputeRunningProcesses_v3(handle_t *h, unsigned *count, process_t *found) {
  const int code = check("nvmlDeviceGetComputeRunningProcesses", h);
  if (code) return code;
  const ns_t at = now_ns();
  unsigned there = 0;
  for (int i = 0; i < row_count; ++i)
    if (rows[i].kind == 'p' && rows[i].device == h->device && rows[i].start <= at && at < rows[i].end) {
      if (found && there < *count) found[there] = (process_t){(unsigned)rows[i].bits, 1u << 30, ~0u, ~0u};
      ++there;
    }
  const int fits = found ? there <= *count : !there;
  *count = there;
  return fits ? SUCCESS : INSUFFICIENT_SIZE;
}
