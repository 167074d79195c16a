// A bounded ring of what whisper.cpp and ggml say, which would otherwise go to stderr.
#pragma once

#include <napi.h>

namespace stt {

void collect_logs();
Napi::Value drain_logs(const Napi::CallbackInfo & info);

}  // namespace stt
