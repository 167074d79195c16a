// The weights: one whisper_context, shared by every session made from it.
#pragma once

#include <napi.h>

#include <memory>

#include "whisper.h"

namespace stt {

using Weights = std::shared_ptr<whisper_context>;

class Model : public Napi::ObjectWrap<Model> {
 public:
  static Napi::Function define(Napi::Env env);
  // loadModel(path, { gpu, gpuDevice, flashAttention }): Promise<Model>
  static Napi::Value load(const Napi::CallbackInfo & info);

  explicit Model(const Napi::CallbackInfo & info);

 private:
  Napi::Value info(const Napi::CallbackInfo & info);
  Napi::Value create_session(const Napi::CallbackInfo & info);
  Napi::Value close(const Napi::CallbackInfo & info);

  Weights weights_;
};

// Constructors live per environment: the addon may be loaded by several worker threads.
struct Constructors {
  Napi::FunctionReference model;
  Napi::FunctionReference session;
};

}  // namespace stt
