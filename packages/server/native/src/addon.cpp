// The module's surface; see src/engines/whisper/addon.ts for its types.
#include <napi.h>

#include "ggml-backend.h"
#include "logs.h"
#include "model.h"
#include "session.h"
#include "whisper.h"

namespace stt {
namespace {

Napi::Value system_info(const Napi::CallbackInfo & info) {
  return Napi::String::New(info.Env(), whisper_print_system_info());
}

Napi::Value version(const Napi::CallbackInfo & info) { return Napi::String::New(info.Env(), whisper_version()); }

Napi::Value languages(const Napi::CallbackInfo & info) {
  Napi::Array result = Napi::Array::New(info.Env());
  const int last = whisper_lang_max_id();
  for (int id = 0; id <= last; ++id) result[static_cast<uint32_t>(id)] = whisper_lang_str(id);
  return result;
}

Napi::Value devices(const Napi::CallbackInfo & info) {
  Napi::Array result = Napi::Array::New(info.Env());
  for (size_t i = 0; i < ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = ggml_backend_dev_get(i);
    const auto type = ggml_backend_dev_type(device);
    size_t free = 0;
    size_t total = 0;
    ggml_backend_dev_memory(device, &free, &total);
    Napi::Object entry = Napi::Object::New(info.Env());
    entry["name"] = ggml_backend_dev_name(device);
    entry["description"] = ggml_backend_dev_description(device);
    entry["gpu"] = type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
    entry["freeBytes"] = static_cast<double>(free);
    entry["totalBytes"] = static_cast<double>(total);
    result[static_cast<uint32_t>(i)] = entry;
  }
  return result;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  collect_logs();
  auto * constructors = new Constructors{Napi::Persistent(Model::define(env)), Napi::Persistent(Session::define(env))};
  env.SetInstanceData(constructors);
  exports["loadModel"] = Napi::Function::New<Model::load>(env);
  exports["drainLogs"] = Napi::Function::New<drain_logs>(env);
  exports["systemInfo"] = Napi::Function::New<system_info>(env);
  exports["version"] = Napi::Function::New<version>(env);
  exports["languages"] = Napi::Function::New<languages>(env);
  exports["devices"] = Napi::Function::New<devices>(env);
  return exports;
}

}  // namespace
}  // namespace stt

static Napi::Object init_module(Napi::Env env, Napi::Object exports) { return stt::init(env, exports); }
NODE_API_MODULE(stt_whisper, init_module)
