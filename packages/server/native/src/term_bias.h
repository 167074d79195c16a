// Favours the tokens of given terms while a decoder chooses the next one: a prefix tree over tokens.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace stt {

// How much likelier a term's tokens become, in nats (natural logarithms of a ratio of probabilities).
struct TermBonus {
  // For a token that begins a term. Small: a term begins at every word, and a greedy search takes no token back.
  float start = 0.0f;
  // For a token that goes on with a term that has begun. A beam that leaves the term pays for it, since what is not favoured
  // becomes less likely: that is how much of the first bonus is taken back.
  float next = 0.0f;
};

class TermBias {
 public:
  // Id of the token with these bytes, or a negative number.
  using TokenOf = std::function<int32_t(const std::string &)>;

  // `terms` are UTF-8, in each way of writing that is to be favoured. What cannot be cut into tokens is left out.
  TermBias(const std::vector<std::string> & terms, const TokenOf & token_of);

  // Adds the bonus to the logits. `tokens` are those so far; ids from `first_mark` on are timestamps and other marks.
  void apply(const std::vector<int32_t> & tokens, int32_t first_mark, const TermBonus & bonus, float * logits) const;

  // Nodes of the tree, its two roots included.
  size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    // By token, ascending.
    std::vector<std::pair<int32_t, uint32_t>> next;
  };

  void add(uint32_t root, const std::vector<int32_t> & tokens);
  uint32_t child(uint32_t node, int32_t token) const;

  std::vector<Node> nodes_;
  size_t depth_ = 0;
};

// The tokens of a text as a model writes them: byte pairs, merged by rank (a token's id is its rank). Empty where a byte has no
// token. Leading spaces belong to the words behind them.
std::vector<int32_t> to_tokens(const std::string & text, const TermBias::TokenOf & token_of);

}  // namespace stt
