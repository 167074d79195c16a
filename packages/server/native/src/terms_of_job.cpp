#include "terms_of_job.h"

#include <list>
#include <mutex>

#include "whisper_unit.h"

namespace stt {
namespace {

// Trees of the lists used last: live text asks for the same one several times a second.
constexpr size_t kKept = 16;

std::shared_ptr<const TermBias> tree_for(whisper_context * ctx, const std::vector<std::string> & terms) {
  struct Entry {
    int vocabulary;
    std::vector<std::string> terms;
    std::shared_ptr<const TermBias> tree;
  };
  static std::mutex mutex;
  static std::list<Entry> kept;

  // Models with as many tokens have the same ones.
  const int vocabulary = whisper_n_vocab(ctx);
  std::lock_guard<std::mutex> lock(mutex);
  for (auto at = kept.begin(); at != kept.end(); ++at) {
    if (at->vocabulary != vocabulary || at->terms != terms) continue;
    kept.splice(kept.begin(), kept, at);
    return at->tree;
  }
  const auto token_of = [ctx](const std::string & bytes) { return token_id(ctx, bytes); };
  kept.push_front({vocabulary, terms, std::make_shared<const TermBias>(terms, token_of)});
  if (kept.size() > kKept) kept.pop_back();
  return kept.front().tree;
}

}  // namespace

TermsOfJob::TermsOfJob(const Napi::Object & options) {
  const Napi::Array terms = options.Get("terms").As<Napi::Array>();
  for (uint32_t i = 0; i < terms.Length(); ++i) terms_.push_back(terms.Get(i).ToString());
  bonus_.start = options.Get("termStartBonus").ToNumber();
  bonus_.next = options.Get("termNextBonus").ToNumber();
}

void TermsOfJob::install(whisper_context * ctx, whisper_full_params & params) {
  if (terms_.empty()) return;
  bias_ = tree_for(ctx, terms_);
  params.logits_filter_callback = filter;
  params.logits_filter_callback_user_data = this;
}

void TermsOfJob::filter(whisper_context * ctx, whisper_state *, const whisper_token_data * tokens, int n_tokens,
                        float * logits, void * self) {
  TermsOfJob & job = *static_cast<TermsOfJob *>(self);
  // Beams are filtered by several threads: no buffer is shared between them.
  thread_local std::vector<int32_t> ids;
  ids.resize(static_cast<size_t>(n_tokens));
  for (int i = 0; i < n_tokens; ++i) ids[static_cast<size_t>(i)] = tokens[i].id;
  job.bias_->apply(ids, whisper_token_eot(ctx), job.bonus_, logits);
}

}  // namespace stt
