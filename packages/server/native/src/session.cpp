#include "session.h"

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "terms_of_job.h"
#include "whisper_unit.h"

namespace stt {

struct Job {
  explicit Job(Napi::Env env) : deferred(env) {}

  Napi::Promise::Deferred deferred;
  std::vector<float> samples;
  std::string language;
  std::vector<float> language_weights;  // by the language's id; empty: all alike
  std::string prompt;
  TermsOfJob terms;
  whisper_full_params params{};

  int code = 0;
  std::string error;
  Language decoded;
  std::vector<int32_t> segment_times;   // start, end in centiseconds, per segment
  std::vector<int32_t> segment_tokens;  // index after the segment's last token
  std::vector<float> no_speech;
  std::vector<int32_t> token_ids;
  std::vector<int32_t> token_times;  // start, end in centiseconds
  std::vector<float> token_log_probabilities;
  std::vector<float> token_probabilities;
  std::vector<int32_t> token_byte_ends;
  std::string bytes;
};

namespace {

bool is_set(void * flag) { return static_cast<std::atomic<bool> *>(flag)->load(std::memory_order_relaxed); }

template <typename Array, typename T>
Array to_typed_array(Napi::Env env, const std::vector<T> & values) {
  Array array = Array::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size() * sizeof(T));
  return array;
}

void collect(whisper_context * ctx, whisper_state * state, Job & job) {
  const int n_segments = whisper_full_n_segments_from_state(state);
  for (int s = 0; s < n_segments; ++s) {
    job.segment_times.push_back(static_cast<int32_t>(whisper_full_get_segment_t0_from_state(state, s)));
    job.segment_times.push_back(static_cast<int32_t>(whisper_full_get_segment_t1_from_state(state, s)));
    job.no_speech.push_back(whisper_full_get_segment_no_speech_prob_from_state(state, s));
    const int n_tokens = whisper_full_n_tokens_from_state(state, s);
    for (int t = 0; t < n_tokens; ++t) {
      const whisper_token_data token = whisper_full_get_token_data_from_state(state, s, t);
      job.token_ids.push_back(token.id);
      job.token_times.push_back(static_cast<int32_t>(token.t0));
      job.token_times.push_back(static_cast<int32_t>(token.t1));
      job.token_probabilities.push_back(token.p);
      job.token_log_probabilities.push_back(token.plog);
      job.bytes += token_bytes(ctx, token.id);
      job.token_byte_ends.push_back(static_cast<int32_t>(job.bytes.size()));
    }
    job.segment_tokens.push_back(static_cast<int32_t>(job.token_ids.size()));
  }
}

class StateMaker : public Napi::AsyncWorker {
 public:
  StateMaker(Napi::Env env, Weights weights) : Napi::AsyncWorker(env), weights_(std::move(weights)), deferred_(env) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void Execute() override {
    state_ = whisper_init_state(weights_.get());
    if (state_ == nullptr) SetError("whisper.cpp could not allocate a state: out of memory");
  }

  void OnOK() override {
    deferred_.Resolve(Env().GetInstanceData<Constructors>()->session.New(
        {Napi::External<Weights>::New(Env(), &weights_), Napi::External<whisper_state>::New(Env(), state_)}));
  }

  void OnError(const Napi::Error & error) override { deferred_.Reject(error.Value()); }

 private:
  Weights weights_;
  whisper_state * state_ = nullptr;
  Napi::Promise::Deferred deferred_;
};

whisper_full_params to_params(const Napi::Object & options) {
  const int beams = options.Get("beamSize").ToNumber();
  whisper_full_params params =
      whisper_full_default_params(beams > 1 ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY);
  params.beam_search.beam_size = beams;
  params.greedy.best_of = beams;
  params.n_threads = options.Get("threads").ToNumber();
  params.audio_ctx = options.Get("audioContext").ToNumber();
  params.translate = options.Get("translate").ToBoolean();
  params.temperature = options.Get("temperature").ToNumber();
  params.temperature_inc = options.Get("temperatureStep").ToNumber();
  params.token_timestamps = options.Get("tokenTimes").ToBoolean();
  params.no_context = true;
  params.print_progress = false;
  params.print_realtime = false;
  params.print_timestamps = false;
  params.print_special = false;
  return params;
}

}  // namespace

Napi::Function Session::define(Napi::Env env) {
  return DefineClass(env, "Session",
                     {InstanceMethod<&Session::transcribe>("transcribe"), InstanceMethod<&Session::abort>("abort"),
                      InstanceMethod<&Session::close>("close"), InstanceMethod<&Session::backend>("backend")});
}

Napi::Value Session::create(Napi::Env env, const Weights & weights) {
  auto * maker = new StateMaker(env, weights);
  maker->Queue();
  return maker->promise();
}

Session::Session(const Napi::CallbackInfo & info) : Napi::ObjectWrap<Session>(info), env_(info.Env()) {
  const Napi::Env env = info.Env();
  if (info.Length() != 2 || !info[1].IsExternal()) throw Napi::TypeError::New(env, "use model.createSession()");
  weights_ = *info[0].As<Napi::External<Weights>>().Data();
  adopt(info[1].As<Napi::External<whisper_state>>().Data());

  Napi::Function nothing = Napi::Function::New(env, [](const Napi::CallbackInfo &) {});
  done_ = Napi::ThreadSafeFunction::New(env, nothing, "stt.session", 0, 1);
  // Only a running job keeps the process alive.
  done_.Unref(env);
  // Hooks run last in, first out: the thread has ended before Node destroys the thread-safe function above.
  napi_add_env_cleanup_hook(env, on_exit, this);
  thread_ = std::thread([this] { work(); });
}

Session::~Session() { shut_down(); }

void Session::on_exit(void * session) { static_cast<Session *>(session)->shut_down(); }

void Session::shut_down() {
  if (!thread_.joinable()) return;
  napi_remove_env_cleanup_hook(env_, on_exit, this);
  abort_.store(true);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
  if (state_ != nullptr) whisper_free_state(state_);
  state_ = nullptr;
  weights_.reset();
  done_.Release();
}

Napi::Value Session::transcribe(const Napi::CallbackInfo & info) {
  const Napi::Env env = info.Env();
  if (!thread_.joinable()) throw Napi::Error::New(env, "the session is closed");
  if (busy_) throw Napi::Error::New(env, "the session is busy");

  auto job = std::make_unique<Job>(env);
  const Napi::Float32Array audio = info[0].As<Napi::Float32Array>();
  const Napi::Object options = info[1].As<Napi::Object>();
  job->params = to_params(options);
  job->language = options.Get("language").ToString();
  const Napi::Float32Array weights = options.Get("languageWeights").As<Napi::Float32Array>();
  job->language_weights.assign(weights.Data(), weights.Data() + weights.ElementLength());
  job->prompt = options.Get("prompt").ToString();
  job->terms = TermsOfJob(options);
  // A copy of a few microseconds: the caller stays free to reuse or transfer its buffer. whisper.cpp 1.9.1 reads past the
  // end of very short audio, hence the silence behind it.
  const size_t shortest = WHISPER_SAMPLE_RATE;
  job->samples.resize(std::max(audio.ElementLength(), shortest));
  const float * source = audio.Data();
  for (size_t i = 0; i < audio.ElementLength(); ++i) {
    // One NaN would spread through the spectrogram's normalisation to the whole result.
    job->samples[i] = std::isfinite(source[i]) ? source[i] : 0.0f;
  }

  const Napi::Promise promise = job->deferred.Promise();
  abort_.store(false);
  busy_ = true;
  Ref();
  done_.Ref(env);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    next_ = std::move(job);
  }
  wake_.notify_one();
  return promise;
}

Napi::Value Session::abort(const Napi::CallbackInfo & info) {
  if (busy_) abort_.store(true);
  return info.Env().Undefined();
}

Napi::Value Session::close(const Napi::CallbackInfo & info) {
  shut_down();
  return info.Env().Undefined();
}

Napi::Value Session::backend(const Napi::CallbackInfo & info) {
  if (state_ == nullptr) throw Napi::Error::New(info.Env(), "the session is closed");
  return Napi::String::New(info.Env(), backend_name(state_));
}

void Session::adopt(whisper_state * state) {
  state_ = state;
  if (state != nullptr) install_abort(state, is_set, &abort_);
}

void Session::work() {
  for (;;) {
    std::unique_ptr<Job> job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || next_ != nullptr; });
      if (stop_ && next_ == nullptr) return;
      job = std::move(next_);
    }
    run(*job);
    Job * raw = job.release();
    const napi_status status = done_.BlockingCall(raw, [this](Napi::Env env, Napi::Function, Job * finished) {
      std::unique_ptr<Job> owned(finished);
      if (env != nullptr) settle(env, *owned);
    });
    if (status != napi_ok) return;  // The environment is going away; so is everything the job refers to.
  }
}

void Session::run(Job & job) {
  job.params.language = job.language == "auto" ? nullptr : job.language.c_str();
  job.params.initial_prompt = job.prompt.empty() ? nullptr : job.prompt.c_str();
  job.params.abort_callback = is_set;
  job.params.abort_callback_user_data = &abort_;
  job.terms.install(weights_.get(), job.params);
  try {
    if (state_ == nullptr) adopt(whisper_init_state(weights_.get()));
    if (state_ == nullptr) throw std::runtime_error("out of memory for the decoder's state");
    job.code = stt::transcribe(weights_.get(), state_, job.params, job.samples.data(),
                               static_cast<int>(job.samples.size()), job.language_weights, job.decoded);
    // The next job starts with a new state.
    if (job.code == kStateFreed) state_ = nullptr;
    if (job.code == 0) collect(weights_.get(), state_, job);
  } catch (const std::exception & error) {
    job.code = -100;
    job.error = error.what();
  }
}

void Session::settle(Napi::Env env, Job & job) {
  busy_ = false;
  if (thread_.joinable()) done_.Unref(env);
  Unref();
  if (job.code != 0) {
    const bool aborted = abort_.load();
    Napi::Error error = Napi::Error::New(
        env, aborted ? "aborted"
                     : "whisper.cpp returned " + std::to_string(job.code) + (job.error.empty() ? "" : ": " + job.error));
    error.Set("aborted", Napi::Boolean::New(env, aborted));
    job.deferred.Reject(error.Value());
    return;
  }
  Napi::Object result = Napi::Object::New(env);
  const char * language = whisper_lang_str(job.decoded.id);
  result["language"] = language == nullptr ? "en" : language;
  result["languageProbability"] = job.decoded.probability;
  result["segmentTimes"] = to_typed_array<Napi::Int32Array>(env, job.segment_times);
  result["segmentTokenEnds"] = to_typed_array<Napi::Int32Array>(env, job.segment_tokens);
  result["noSpeechProbabilities"] = to_typed_array<Napi::Float32Array>(env, job.no_speech);
  result["tokenIds"] = to_typed_array<Napi::Int32Array>(env, job.token_ids);
  result["tokenTimes"] = to_typed_array<Napi::Int32Array>(env, job.token_times);
  result["tokenProbabilities"] = to_typed_array<Napi::Float32Array>(env, job.token_probabilities);
  result["tokenLogProbabilities"] = to_typed_array<Napi::Float32Array>(env, job.token_log_probabilities);
  result["tokenByteEnds"] = to_typed_array<Napi::Int32Array>(env, job.token_byte_ends);
  result["bytes"] = to_typed_array<Napi::Uint8Array>(env, std::vector<uint8_t>(job.bytes.begin(), job.bytes.end()));
  job.deferred.Resolve(result);
}

}  // namespace stt
