// What the addon needs of whisper.cpp beyond its public header.
#pragma once

#include <string>
#include <vector>

#include "whisper.h"

namespace stt {

struct Language {
  int id = -1;
  // Of `id` among the candidates by the audio alone, without the weights. Negative unless the language was detected.
  float probability = -1.0f;
};

// whisper_full frees the state itself when it cannot allocate the decoder cache, and returns this.
constexpr int kStateFreed = -7;

// Makes the CPU backends of `state` ask `callback` between any two graph nodes, also inside the encoder.
void install_abort(whisper_state * state, ggml_abort_callback callback, void * data);

// whisper_full_with_state, with language detection (params.language == nullptr) that runs the encoder only once and at
// params.audio_ctx. `weights` are the prior of each language, by its id: 0 rules one out; empty means all alike. Returns
// whisper_full's code; `language` is what was decoded.
int transcribe(whisper_context * ctx, whisper_state * state, whisper_full_params params, const float * samples,
               int n_samples, const std::vector<float> & weights, Language & language);

// The bytes of a token, which may be part of a UTF-8 sequence.
const std::string & token_bytes(whisper_context * ctx, whisper_token id);

// Id of the token with these bytes; -1 where there is none.
whisper_token token_id(const whisper_context * ctx, const std::string & bytes);

// Name of the backend that computes first, for example "CUDA0" or "CPU".
std::string backend_name(whisper_state * state);

}  // namespace stt
