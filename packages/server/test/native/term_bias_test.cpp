// The prefix tree of favoured terms over a small vocabulary of tokens. Prints what differs and returns how much of it.
#include "../../native/src/term_bias.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace {

int failures = 0;

void check(bool good, const char * what) {
  if (good) return;
  std::printf("FAIL: %s\n", what);
  ++failures;
}

// Single bytes first, then merges by rank, as in Whisper's vocabulary.
struct Vocabulary {
  std::map<std::string, int32_t> ids;
  Vocabulary() {
    for (int byte = 0; byte < 256; ++byte) add(std::string(1, static_cast<char>(byte)));
    for (const char * token : {" k", "er", "es", "ub", " kub", "et", "net", " n", " kuber", "netes", " net", "kub"}) add(token);
  }
  void add(const std::string & token) { ids.emplace(token, static_cast<int32_t>(ids.size())); }
  int32_t of(const std::string & token) const {
    const auto found = ids.find(token);
    return found == ids.end() ? -1 : found->second;
  }
};

constexpr int32_t kFirstMark = 10'000;
constexpr float kStart = 1.0f;
constexpr float kNext = 3.0f;

std::map<int32_t, float> favoured(const stt::TermBias & bias, const std::vector<int32_t> & tokens) {
  std::vector<float> logits(20'000, 0.0f);
  bias.apply(tokens, kFirstMark, {kStart, kNext}, logits.data());
  std::map<int32_t, float> result;
  for (size_t i = 0; i < logits.size(); ++i) {
    if (logits[i] != 0.0f) result[static_cast<int32_t>(i)] = logits[i];
  }
  return result;
}

}  // namespace

int main() {
  const Vocabulary vocabulary;
  const auto token_of = [&](const std::string & bytes) { return vocabulary.of(bytes); };
  const auto id = [&](const char * token) { return vocabulary.of(token); };
  using Tokens = std::vector<int32_t>;
  using Bonus = std::map<int32_t, float>;

  // The lowest rank is merged first, whatever a longest match would take.
  check(stt::to_tokens(" kubernetes", token_of) == Tokens{id(" kuber"), id("netes")}, "a word is cut as byte pairs are merged");
  check(stt::to_tokens("x y", token_of) == Tokens{id("x"), id(" "), id("y")}, "no merge over words");
  check(stt::to_tokens("", token_of).empty(), "nothing has no tokens");
  check(stt::to_tokens("ab", [&](const std::string & bytes) { return bytes == "b" ? -1 : vocabulary.of(bytes); }).empty(),
        "what has no token is left out whole");

  const stt::TermBias bias({"kubernetes", "net"}, token_of);
  const int32_t said = id("x");
  const int32_t mark = kFirstMark + 50;
  check(favoured(bias, {said}) == Bonus{{id(" kuber"), kStart}, {id(" net"), kStart}}, "in a text terms begin with a space");
  check(favoured(bias, {mark}) == Bonus{{id(" kuber"), kStart}, {id(" net"), kStart}, {id("kub"), kStart}, {id("net"), kStart}},
        "at the beginning also without");
  check(favoured(bias, {said, id(" kuber")}) ==
            Bonus{{id("netes"), kNext}, {id(" kuber"), kStart}, {id(" net"), kStart}},
        "a term that has begun goes on");
  check(favoured(bias, {said, id(" kuber"), id("netes")}) == Bonus{{id(" kuber"), kStart}, {id(" net"), kStart}},
        "a term that is said has no more");
  check(favoured(bias, {said, id(" kuber"), said}) == Bonus{{id(" kuber"), kStart}, {id(" net"), kStart}},
        "a term that was left does not go on");
  check(favoured(bias, {id(" kuber"), mark}).count(id("netes")) == 0, "nor behind a mark");
  check(favoured(bias, {id(" kuber")}).at(id("netes")) == kNext, "a space may stand at the beginning");

  // A token that begins one term and goes on with another gets one bonus: the larger.
  const stt::TermBias twice({"net net"}, token_of);
  check(favoured(twice, {said, id(" net")}) == Bonus{{id(" net"), kNext}}, "no token gets two bonuses");

  check(favoured(stt::TermBias({}, token_of), {said}).empty(), "no terms, no bonus");
  check(stt::TermBias({"", " "}, token_of).size() <= 4, "blank terms are nothing");
  check(favoured(stt::TermBias({"\xd0\x96"}, token_of), {said}).empty(), "a space alone begins no term");

  // 500 terms in three ways of writing; a token of Whisper base takes milliseconds.
  std::vector<std::string> many;
  for (int i = 0; i < 1500; ++i) many.push_back("kubern" + std::to_string(i * 7919) + "etes");
  const stt::TermBias large(many, token_of);
  std::vector<float> logits(60'000, 0.0f);
  const Tokens text{said, id(" kuber"), id("n"), id("1"), id("5"), id("8")};
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kRounds = 2000;
  for (int i = 0; i < kRounds; ++i) large.apply(text, kFirstMark, {kStart, kNext}, logits.data());
  const double micros =
      std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / kRounds;
  std::printf("%zu nodes, %.2f us a token\n", large.size(), micros);
  check(micros < 500.0, "500 terms cost less than half a millisecond a token");
  return failures;
}
