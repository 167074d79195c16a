// The terms that a job favours, and how whisper.cpp is told of them.
#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "term_bias.h"
#include "whisper.h"

namespace stt {

class TermsOfJob {
 public:
  TermsOfJob() = default;
  // Reads `terms`, `termStartBonus` and `termNextBonus` of a job's options.
  explicit TermsOfJob(const Napi::Object & options);

  // Nothing is installed where there are no terms. This object has to outlive the decoding.
  void install(whisper_context * ctx, whisper_full_params & params);

 private:
  static void filter(whisper_context * ctx, whisper_state * state, const whisper_token_data * tokens, int n_tokens,
                     float * logits, void * self);

  std::vector<std::string> terms_;
  TermBonus bonus_;
  std::shared_ptr<const TermBias> bias_;
};

}  // namespace stt
