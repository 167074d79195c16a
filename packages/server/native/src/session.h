// One whisper_state with a thread of its own: transcribes one job at a time, off the JavaScript thread.
#pragma once

#include <napi.h>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "model.h"
#include "whisper.h"

namespace stt {

struct Job;

class Session : public Napi::ObjectWrap<Session> {
 public:
  static Napi::Function define(Napi::Env env);
  // Allocates the state on a background thread: Promise<Session>.
  static Napi::Value create(Napi::Env env, const Weights & weights);

  explicit Session(const Napi::CallbackInfo & info);
  ~Session() override;

 private:
  Napi::Value transcribe(const Napi::CallbackInfo & info);
  Napi::Value abort(const Napi::CallbackInfo & info);
  Napi::Value close(const Napi::CallbackInfo & info);
  Napi::Value backend(const Napi::CallbackInfo & info);

  void adopt(whisper_state * state);
  void work();
  void run(Job & job);
  void settle(Napi::Env env, Job & job);
  void shut_down();
  static void on_exit(void * session);

  napi_env env_;
  Weights weights_;
  whisper_state * state_ = nullptr;
  // Asked by whisper.cpp between graph nodes, on its own threads.
  std::atomic<bool> abort_{false};

  // A thread that lives as long as the session keeps its OpenMP team; one per job would start the team anew each time.
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::unique_ptr<Job> next_;
  bool stop_ = false;
  bool busy_ = false;

  Napi::ThreadSafeFunction done_;
};

}  // namespace stt
