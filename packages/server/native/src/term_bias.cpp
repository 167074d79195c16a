#include "term_bias.h"

#include <algorithm>
#include <cctype>
#include <limits>

namespace stt {
namespace {

// Terms that begin with a space, which is how a word begins in the middle of a text, and those that begin without.
constexpr uint32_t kSpaced = 0;
constexpr uint32_t kBare = 1;
constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

enum class Kind { kLetter, kDigit, kOther };

Kind kind_of(unsigned char byte) {
  // Bytes above ASCII are parts of letters, nearly always.
  if (std::isalpha(byte) || byte >= 0x80) return Kind::kLetter;
  return std::isdigit(byte) ? Kind::kDigit : Kind::kOther;
}

// Pairs are merged within words only: a run of letters, of digits or of other marks, with the space before it.
std::vector<std::string> to_words(const std::string & text) {
  std::vector<std::string> words;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text[at] == ' ' && at + 1 < text.size() ? at + 1 : at;
    const Kind kind = kind_of(static_cast<unsigned char>(text[end]));
    while (end < text.size() && text[end] != ' ' && kind_of(static_cast<unsigned char>(text[end])) == kind) ++end;
    if (end == at) ++end;
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

std::vector<int32_t> to_tokens(const std::string & text, const TermBias::TokenOf & token_of) {
  std::vector<int32_t> tokens;
  for (const std::string & word : to_words(text)) {
    std::vector<std::string> parts;
    for (const char byte : word) parts.emplace_back(1, byte);
    for (;;) {
      int32_t lowest = std::numeric_limits<int32_t>::max();
      size_t where = 0;
      for (size_t i = 0; i + 1 < parts.size(); ++i) {
        const int32_t merged = token_of(parts[i] + parts[i + 1]);
        if (merged >= 0 && merged < lowest) {
          lowest = merged;
          where = i;
        }
      }
      if (lowest == std::numeric_limits<int32_t>::max()) break;
      parts[where] += parts[where + 1];
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(where) + 1);
    }
    for (const std::string & part : parts) {
      const int32_t token = token_of(part);
      if (token < 0) return {};
      tokens.push_back(token);
    }
  }
  return tokens;
}

TermBias::TermBias(const std::vector<std::string> & terms, const TokenOf & token_of) : nodes_(2) {
  for (const std::string & term : terms) {
    if (term.empty()) continue;
    const std::vector<int32_t> spaced = to_tokens(" " + term, token_of);
    // A space that is a token of its own begins everything and nothing.
    if (!spaced.empty() && spaced.front() != token_of(" ")) add(kSpaced, spaced);
    add(kBare, to_tokens(term, token_of));
  }
}

void TermBias::add(uint32_t root, const std::vector<int32_t> & tokens) {
  depth_ = std::max(depth_, tokens.size());
  uint32_t node = root;
  for (const int32_t token : tokens) {
    auto & next = nodes_[node].next;
    const auto at = std::lower_bound(next.begin(), next.end(), std::make_pair(token, uint32_t{0}));
    if (at != next.end() && at->first == token) {
      node = at->second;
      continue;
    }
    const auto added = static_cast<uint32_t>(nodes_.size());
    next.insert(at, {token, added});
    nodes_.emplace_back();
    node = added;
  }
}

uint32_t TermBias::child(uint32_t node, int32_t token) const {
  const auto & next = nodes_[node].next;
  const auto at = std::lower_bound(next.begin(), next.end(), std::make_pair(token, uint32_t{0}));
  return at != next.end() && at->first == token ? at->second : kNone;
}

void TermBias::apply(const std::vector<int32_t> & tokens, int32_t first_mark, const TermBonus & bonus,
                     float * logits) const {
  size_t begin = tokens.size();
  while (begin > 0 && tokens[begin - 1] < first_mark) --begin;
  const size_t length = tokens.size() - begin;

  // No token gets two bonuses: of several the largest counts.
  std::vector<int32_t> favoured;
  const auto favour = [&](uint32_t node, float amount) {
    for (const auto & [token, _] : nodes_[node].next) {
      if (std::find(favoured.begin(), favoured.end(), token) != favoured.end()) continue;
      logits[token] += amount;
      favoured.push_back(token);
    }
  };

  // Each term that may have begun among the last tokens.
  for (size_t back = 1; back <= std::min(length, depth_); ++back) {
    const size_t from = tokens.size() - back;
    uint32_t node = from == begin ? kBare : kSpaced;
    uint32_t spaced = kSpaced;
    for (size_t i = from; i < tokens.size(); ++i) {
      if (node != kNone) node = child(node, tokens[i]);
      if (spaced != kNone) spaced = child(spaced, tokens[i]);
    }
    if (node != kNone) favour(node, bonus.next);
    if (spaced != kNone && spaced != node) favour(spaced, bonus.next);
  }

  // Roots hold no token twice.
  const size_t continued = favoured.size();
  const auto begin_terms = [&](uint32_t root) {
    for (const auto & [token, _] : nodes_[root].next) {
      const auto end = favoured.begin() + static_cast<std::ptrdiff_t>(continued);
      if (std::find(favoured.begin(), end, token) == end) logits[token] += bonus.start;
    }
  };
  begin_terms(kSpaced);
  if (length == 0) begin_terms(kBare);
}

}  // namespace stt
