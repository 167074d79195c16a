#include "logs.h"

#include <deque>
#include <mutex>
#include <string>

#include "whisper.h"

namespace stt {
namespace {

struct Line {
  ggml_log_level level;
  std::string text;
};

constexpr size_t kMaxLines = 256;
std::mutex mutex;
std::deque<Line> lines;

// Called from any thread. A ring that JavaScript empties needs no thread-safe function, hence no life cycle of its own.
void on_log(ggml_log_level level, const char * text, void *) {
  if (level == GGML_LOG_LEVEL_DEBUG) return;
  std::lock_guard<std::mutex> lock(mutex);
  if (level == GGML_LOG_LEVEL_CONT && !lines.empty()) {
    lines.back().text += text;
    return;
  }
  lines.push_back({level, text});
  if (lines.size() > kMaxLines) lines.pop_front();
}

}  // namespace

void collect_logs() { whisper_log_set(on_log, nullptr); }

Napi::Value drain_logs(const Napi::CallbackInfo & info) {
  std::deque<Line> taken;
  {
    std::lock_guard<std::mutex> lock(mutex);
    taken.swap(lines);
  }
  Napi::Array result = Napi::Array::New(info.Env(), taken.size());
  uint32_t i = 0;
  for (const Line & line : taken) {
    Napi::Object entry = Napi::Object::New(info.Env());
    entry["level"] = line.level == GGML_LOG_LEVEL_ERROR ? "error" : line.level == GGML_LOG_LEVEL_WARN ? "warn" : "info";
    entry["text"] = line.text;
    result[i++] = entry;
  }
  return result;
}

}  // namespace stt
