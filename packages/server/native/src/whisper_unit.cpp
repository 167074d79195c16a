// whisper.cpp compiled together with the few functions that need its private types. Why not the public API alone:
//  - its abort callback is asked only after a whole encoder run, which is most of the time of a job;
//  - whisper_full(language = nullptr) detects at the audio context of the *previous* call (the full window on a fresh state),
//    and then encodes the same audio again;
//  - a state that changes its audio context keeps cross-attention rows of the previous one in the padding;
//  - the no-speech probability is that of an earlier job.
struct whisper_context;
struct whisper_state;
static bool stt_encode_window(whisper_context & ctx, whisper_state & state, int mel_offset, int n_threads,
                              bool (*abort_callback)(void *), void * abort_data);
static float stt_no_speech(whisper_context & ctx, whisper_state & state, int row);

#include STT_WHISPER_SOURCE

#include "whisper_unit.h"

namespace {

// The state whose encoder output already holds the window at offset 0. whisper_full runs on the calling thread, so a
// thread-local is enough to reach across it.
thread_local whisper_state * encoded_state = nullptr;

void set_audio_ctx(whisper_context & ctx, whisper_state & state, int audio_ctx) {
  const int full = ctx.model.hparams.n_audio_ctx;
  const int before = state.exp_n_audio_ctx > 0 ? state.exp_n_audio_ctx : full;
  const int now = audio_ctx > 0 ? audio_ctx : full;
  // Flash attention reads keys up to a multiple of 256 and each layer starts at a stride that depends on the context, so
  // rows written for another context would be attended to as if they were audio.
  if (before != now && GGML_PAD(now, 256) != now) {
    ggml_backend_buffer_clear(state.kv_cross.buffer, 0);
    ggml_backend_buffer_clear(state.kv_pad.buffer, 0);
  }
  state.exp_n_audio_ctx = audio_ctx;
}

int detect(whisper_context & ctx, whisper_state & state, const whisper_full_params & params,
           const std::vector<float> & weights, stt::Language & language) {
  if (!whisper_encode_internal(ctx, state, 0, params.n_threads, params.abort_callback, params.abort_callback_user_data)) {
    return -6;
  }
  const whisper_token sot = whisper_token_sot(&ctx);
  if (whisper_decode_with_state(&ctx, &state, &sot, 1, 0, params.n_threads) != 0) {
    return -3;
  }

  // An older model knows a language less; where none of the candidates is known to it, all are candidates.
  const auto weight = [&](int id) { return id < static_cast<int>(weights.size()) ? weights[id] : 0.0f; };
  const int n_languages = ctx.vocab.num_languages();
  bool any = false;
  for (int id = 0; id < n_languages; ++id) any = any || weight(id) > 0.0f;

  double best = -INFINITY;
  float highest = -INFINITY;
  for (int id = 0; id < n_languages; ++id) {
    if (any && weight(id) <= 0.0f) continue;
    const float logit = state.logits[whisper_token_lang(&ctx, id)];
    highest = std::max(highest, logit);
    const double score = logit + (any ? log(weight(id)) : 0.0);
    if (score > best) {
      best = score;
      language.id = id;
    }
  }
  double sum = 0.0;
  for (int id = 0; id < n_languages; ++id) {
    if (any && weight(id) <= 0.0f) continue;
    sum += exp(static_cast<double>(state.logits[whisper_token_lang(&ctx, id)]) - highest);
  }
  language.probability =
      static_cast<float>(exp(static_cast<double>(state.logits[whisper_token_lang(&ctx, language.id)]) - highest) / sum);
  return 0;
}

}  // namespace

static bool stt_encode_window(whisper_context & ctx, whisper_state & state, int mel_offset, int n_threads,
                              bool (*abort_callback)(void *), void * abort_data) {
  if (encoded_state == &state && mel_offset == 0) {
    encoded_state = nullptr;
    return true;
  }
  return whisper_encode_internal(ctx, state, mel_offset, n_threads, abort_callback, abort_data);
}

static float stt_no_speech(whisper_context & ctx, whisper_state & state, int row) {
  const int n_vocab = ctx.model.hparams.n_vocab;
  const float * logits = state.logits.data() + static_cast<size_t>(row) * n_vocab;
  const float highest = *std::max_element(logits, logits + n_vocab);
  double sum = 0.0;
  for (int i = 0; i < n_vocab; ++i) sum += expf(logits[i] - highest);
  return static_cast<float>(exp(static_cast<double>(logits[whisper_token_nosp(&ctx)]) - highest) / sum);
}

namespace stt {

void install_abort(whisper_state * state, ggml_abort_callback callback, void * data) {
  for (ggml_backend_t backend : state->backends) {
    ggml_backend_dev_t device = ggml_backend_get_device(backend);
    if (device == nullptr) continue;
    ggml_backend_reg_t reg = ggml_backend_dev_backend_reg(device);
    auto * set = reinterpret_cast<ggml_backend_set_abort_callback_t>(
        ggml_backend_reg_get_proc_address(reg, "ggml_backend_set_abort_callback"));
    if (set != nullptr) set(backend, callback, data);
  }
}

int transcribe(whisper_context * ctx, whisper_state * state, whisper_full_params params, const float * samples,
               int n_samples, const std::vector<float> & weights, Language & language) {
  set_audio_ctx(*ctx, *state, params.audio_ctx);
  // Sampling at a temperature must not depend on what was decoded before.
  state->decoders[0].rng.seed(0);
  encoded_state = nullptr;

  if (params.language == nullptr) {
    if (!whisper_is_multilingual(ctx)) {
      language = {whisper_lang_id("en"), 1.0f};
    } else {
      state->result_all.clear();
      if (whisper_pcm_to_mel_with_state(ctx, state, samples, n_samples, params.n_threads) != 0) return -2;
      const int code = detect(*ctx, *state, params, weights, language);
      if (code != 0) return code;
      // With no samples whisper_full keeps the spectrogram of a moment ago; the signal energy it then leaves alone as well.
      if (params.token_timestamps) state->energy = get_signal_energy(samples, n_samples, 32);
      encoded_state = state;
      n_samples = 0;
    }
    params.language = whisper_lang_str(language.id);
  } else {
    language = {whisper_lang_id(params.language), -1.0f};
  }

  const int code = whisper_full_with_state(ctx, state, params, samples, n_samples);
  encoded_state = nullptr;
  return code;
}

const std::string & token_bytes(whisper_context * ctx, whisper_token id) { return ctx->vocab.id_to_token.at(id); }

whisper_token token_id(const whisper_context * ctx, const std::string & bytes) {
  const auto & ids = ctx->vocab.token_to_id;
  const auto found = ids.find(bytes);
  return found == ids.end() ? -1 : found->second;
}

std::string backend_name(whisper_state * state) { return ggml_backend_name(state->backends.front()); }

}  // namespace stt
