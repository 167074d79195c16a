#include "model.h"

#include <string>

#include "session.h"

namespace stt {
namespace {

class Loader : public Napi::AsyncWorker {
 public:
  Loader(Napi::Env env, std::string path, whisper_context_params params)
      : Napi::AsyncWorker(env), path_(std::move(path)), params_(params), deferred_(env) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override {
    whisper_context * ctx = whisper_init_from_file_with_params_no_state(path_.c_str(), params_);
    if (ctx == nullptr) return SetError("whisper.cpp could not load the model");
    weights_ = Weights(ctx, whisper_free);
  }

  void OnOK() override {
    Napi::Object model = Env().GetInstanceData<Constructors>()->model.New(
        {Napi::External<Weights>::New(Env(), &weights_)});
    deferred_.Resolve(model);
  }

  void OnError(const Napi::Error & error) override { deferred_.Reject(error.Value()); }

 private:
  std::string path_;
  whisper_context_params params_;
  Weights weights_;
  Napi::Promise::Deferred deferred_;
};

}  // namespace

Napi::Function Model::define(Napi::Env env) {
  return DefineClass(env, "Model",
                     {InstanceMethod<&Model::info>("info"), InstanceMethod<&Model::create_session>("createSession"),
                      InstanceMethod<&Model::close>("close")});
}

Model::Model(const Napi::CallbackInfo & info) : Napi::ObjectWrap<Model>(info) {
  if (info.Length() != 1 || !info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "use loadModel()");
  weights_ = *info[0].As<Napi::External<Weights>>().Data();
}

Napi::Value Model::load(const Napi::CallbackInfo & info) {
  const Napi::Object options = info[1].As<Napi::Object>();
  whisper_context_params params = whisper_context_default_params();
  params.use_gpu = options.Get("gpu").ToBoolean();
  params.gpu_device = options.Get("gpuDevice").ToNumber();
  params.flash_attn = options.Get("flashAttention").ToBoolean();
  auto * loader = new Loader(info.Env(), info[0].As<Napi::String>(), params);
  loader->Queue();
  return loader->promise();
}

Napi::Value Model::info(const Napi::CallbackInfo & info) {
  if (!weights_) throw Napi::Error::New(info.Env(), "the model is closed");
  whisper_context * ctx = weights_.get();
  Napi::Object result = Napi::Object::New(info.Env());
  result["type"] = whisper_model_type_readable(ctx);
  result["multilingual"] = static_cast<bool>(whisper_is_multilingual(ctx));
  result["vocabularySize"] = whisper_n_vocab(ctx);
  result["audioContext"] = whisper_n_audio_ctx(ctx);
  result["textContext"] = whisper_n_text_ctx(ctx);
  result["melBands"] = whisper_model_n_mels(ctx);
  result["ftype"] = whisper_model_ftype(ctx);
  result["endOfTextToken"] = whisper_token_eot(ctx);
  return result;
}

Napi::Value Model::create_session(const Napi::CallbackInfo & info) {
  if (!weights_) throw Napi::Error::New(info.Env(), "the model is closed");
  return Session::create(info.Env(), weights_);
}

Napi::Value Model::close(const Napi::CallbackInfo & info) {
  // The weights go when the last session that shares them does.
  weights_.reset();
  return info.Env().Undefined();
}

}  // namespace stt
