// The module's surface; see src/engines/whisper/addon.ts for its types.
#include <napi.h>

#include <mutex>
#include <string>

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

#ifdef STT_PORTABLE
// loadBackends(directory, cudaLibrary): once for the process, however many threads require the addon.
Napi::Value load_backends(const Napi::CallbackInfo & info) {
  static std::once_flag once;
  const std::string directory = info[0].As<Napi::String>();
  const std::string cuda = info[1].As<Napi::String>();
  std::call_once(once, [&] {
    ggml_backend_load_all_from_path(directory.c_str());
    // ggml does not say why a backend did not load unless it is asked for by name.
    if (!cuda.empty() && ggml_backend_reg_by_name("CUDA") == nullptr) ggml_backend_load(cuda.c_str());
  });
  if (ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU) == nullptr) {
    throw Napi::Error::New(info.Env(), "no library for this processor loads from " + directory);
  }
  return info.Env().Undefined();
}
#endif

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
#ifdef STT_PORTABLE
  exports["loadBackends"] = Napi::Function::New<load_backends>(env);
#endif
  return exports;
}

}  // namespace
}  // namespace stt

static Napi::Object init_module(Napi::Env env, Napi::Object exports) { return stt::init(env, exports); }
NODE_API_MODULE(stt_whisper, init_module)
