// Text that is checked before it is sent (RFC 6455 §8.1).
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROTOCOL_OUTGOING_TEXT_HPP
#define WEFT_PROTOCOL_OUTGOING_TEXT_HPP

namespace weft::detail {

/// Checks the parts of a message, as the utf8 policy does with what comes in.
template <class Utf8>
class outgoing_text
{
public:
    /// `follows`: it goes on where the last committed part ended. `fin`: the message ends with it.
    template <class Source>
    bool check(Source source, bool follows, bool fin) noexcept
    {
        Utf8 checker = follows ? sent_ : Utf8{};
        bool valid = true;
        for (auto bytes = source.front(); valid && !bytes.empty(); bytes = source.front()) {
            valid = checker.write(bytes) == bytes.size();
            source.advance(bytes.size());
        }
        candidate_ = checker;
        return valid && (!fin || checker.finish());
    }

    /// The part that was checked last is going to be sent.
    void commit() noexcept { sent_ = candidate_; }

private:
    [[no_unique_address]] Utf8 sent_;
    [[no_unique_address]] Utf8 candidate_;
};

} // namespace weft::detail

#endif
