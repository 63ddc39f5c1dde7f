// Unmasking and checking in one pass: as unmasking by RFC 6455 §5.3 and then checking by the
// reference. Each law runs for each kernel of this processor.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <guarded.hpp>
#include <weft/kernel/mask_bytewise.hpp>
#include <weft/kernel/utf8_dfa.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/kernel/utf8_text.hpp>
#include <weft/test/generators.hpp>

namespace {

using weft::masking_key;
using weft::kernel::utf8_kernel;
using bytes = std::vector<std::byte>;

// Its bytes are ASCII: text that is unmasked in a wrong phase is wrong, and still ASCII.
constexpr masking_key key{std::byte{0x37}, std::byte{0x7a}, std::byte{0x21}, std::byte{0x3d}};
constexpr std::size_t size_max = 300;

bytes bytes_of(std::string_view text)
{
    const auto view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

bytes masked(std::span<const std::byte> octets, std::size_t phase)
{
    bytes out(octets.size());
    weft::kernel::mask_bytewise(out.data(), octets.data(), out.size(), key, phase);
    return out;
}

// Code points of all widths, ASCII of a vector's length between them.
std::string every_width(std::size_t size)
{
    std::string text;
    while (text.size() < size) {
        for (const auto& token : weft::test::utf8_tokens)
            if (token.valid)
                text += token.bytes;
        text.append(text.size() % 97, 'x');
    }
    return text.substr(0, size);
}

constexpr std::string_view letters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};

class utf8_unmask : public testing::TestWithParam<utf8_kernel>
{};

INSTANTIATE_TEST_SUITE_P(of, utf8_unmask, testing::ValuesIn(weft::kernel::utf8_kernels()),
                         [](const auto& kernel) { return std::string(kernel.param.name); });
INSTANTIATE_TEST_SUITE_P(best, utf8_unmask,
                         testing::Values(utf8_kernel{"best", weft::kernel::isa::portable,
                                                     &weft::kernel::utf8_best::prefix,
                                                     &weft::kernel::utf8_best::unmask}));

// In place, if `from` is `to`. What it returns is what the plain form returns, and no more than the
// reference takes.
void expect_unmasked(const utf8_kernel& kernel, std::byte* to, const std::byte* from,
                     const bytes& plain, std::size_t phase)
{
    const std::size_t good = kernel.unmask(to, from, plain.size(), key, phase);
    ASSERT_TRUE(std::equal(plain.begin(), plain.end(), to)) << plain.size() << " phase " << phase;
    ASSERT_EQ(good, kernel.prefix(plain.data(), plain.size())) << plain.size();
    weft::kernel::utf8_dfa reference;
    ASSERT_EQ(reference.write(std::span(plain).first(good)), good) << plain.size();
    ASSERT_TRUE(reference.complete());
}

TEST_P(utf8_unmask, every_length_alignment_and_phase_is_unmasked_and_no_other_byte)
{
    constexpr std::size_t margin = 64;
    constexpr std::byte canary{0xC3};
    for (std::size_t size = 0; size <= size_max; ++size) {
        const bytes plain = bytes_of(every_width(size));
        for (std::size_t phase = 0; phase < 4; ++phase) {
            const bytes wire = masked(plain, phase);
            for (std::size_t alignment = 0; alignment < 64; ++alignment) {
                bytes room(margin + alignment + size + margin, canary);
                std::byte* const to = room.data() + margin + alignment;
                expect_unmasked(GetParam(), to, wire.data(), plain, phase);
                std::copy(wire.begin(), wire.end(), to);
                expect_unmasked(GetParam(), to, to, plain, phase);
                ASSERT_EQ(std::count(room.begin(), room.begin() + (to - room.data()), canary),
                          to - room.data());
                ASSERT_EQ(std::count(to + size, room.data() + room.size(), canary),
                          std::ptrdiff_t{margin});
            }
            ASSERT_EQ(wire, masked(plain, phase)) << "the source is only read";
        }
    }
}

TEST_P(utf8_unmask, not_a_byte_outside_is_touched_or_read)
{
    weft::proptest::guarded from(size_max), to(size_max);
    for (std::size_t size = 0; size <= size_max; ++size) {
        std::string wrong = every_width(size);
        if (size != 0)
            wrong[size * 3 / 4] = '\xFF';
        for (const std::string& text : {every_width(size), wrong, std::string(size, 'x')}) {
            const bytes plain = bytes_of(text), wire = masked(plain, 1);
            for (const auto source : {from.front(size), from.back(size)})
                for (const auto target : {to.front(size), to.back(size), source}) {
                    std::copy(wire.begin(), wire.end(), source.begin());
                    expect_unmasked(GetParam(), target.data(), source.data(), plain, 1);
                    (void)GetParam().prefix(target.data(), target.size());
                }
        }
    }
}

// What came before an error and what comes behind it is unmasked alike: the receiver shows the one,
// and drains the other.
TEST_P(utf8_unmask, an_error_at_any_place_stops_the_check_and_not_the_unmasking)
{
    for (const std::string_view letter : letters)
        for (std::size_t at = 0; at <= size_max; ++at)
            for (const char bad : {'\x80', '\xC0', '\xED', '\xFF'}) {
                std::string text;
                while (text.size() < 2 * size_max)
                    text += letter;
                text[at] = bad;
                const bytes plain = bytes_of(text);
                bytes octets = masked(plain, at);
                expect_unmasked(GetParam(), octets.data(), octets.data(), plain, at);
            }
}

// ---- The text in parts.

// How many bytes come before the first bad one, and whether the text may end there.
using verdict = std::pair<std::size_t, bool>;

verdict expected(std::string_view text)
{
    weft::kernel::utf8_dfa reference;
    const std::size_t good = reference.write(std::as_bytes(std::span(text)));
    return {good, good == text.size() && reference.complete()};
}

class utf8_masked_text : public utf8_unmask
{
protected:
    void SetUp() override { weft::kernel::force_utf8_kernel(GetParam().name); }
    void TearDown() override
    {
        weft::kernel::force_utf8_kernel(weft::kernel::utf8_kernels().front().name);
    }
};

INSTANTIATE_TEST_SUITE_P(of, utf8_masked_text, testing::ValuesIn(weft::kernel::utf8_kernels()),
                         [](const auto& kernel) { return std::string(kernel.param.name); });

constexpr verdict not_unmasked{std::string_view::npos, false};

// The verdict on a text that comes masked, in parts that end at `cuts` and at the end; each part
// that is asked about must be unmasked to its last byte.
verdict judged(std::string_view text, std::size_t phase, std::vector<std::size_t> cuts)
{
    const bytes plain = bytes_of(text);
    bytes octets = masked(plain, phase);
    weft::kernel::utf8_text<weft::kernel::utf8_best> checker;
    std::size_t begin = 0;
    cuts.push_back(text.size());
    for (const std::size_t end : cuts) {
        const auto part = std::span(octets).subspan(begin, end - begin);
        const std::size_t taken = checker.write_masked(part, key, phase + begin);
        if (!std::equal(part.begin(), part.end(), plain.data() + begin))
            return not_unmasked;
        if (taken != part.size())
            return {begin + taken, false};
        begin = end;
    }
    return {begin, checker.complete()};
}

TEST_P(utf8_masked_text, any_split_of_short_texts_gives_the_verdict_of_the_whole)
{
    for (const auto& first : weft::test::utf8_tokens)
        for (const auto& second : weft::test::utf8_tokens) {
            const std::string text = std::string(first.bytes).append(second.bytes);
            const verdict v = expected(text);
            for (std::size_t a = 0; a <= text.size(); ++a)
                for (std::size_t b = a; b <= std::min(text.size(), a + 3); ++b)
                    ASSERT_EQ(judged(text, a, {a, b}), v)
                        << testing::PrintToString(text) << " cut at " << a << " and " << b;
        }
}

TEST_P(utf8_masked_text, each_token_at_every_offset_of_a_long_text_is_judged_as_by_the_reference)
{
    for (const std::string_view letter : letters) {
        std::string filler;
        while (filler.size() < 600)
            filler += letter;
        for (std::size_t at = 0; at <= 516; ++at)
            for (const auto& token : weft::test::utf8_tokens) {
                std::string text(at % letter.size(), '-');
                text += filler.substr(0, at / letter.size() * letter.size());
                text.append(token.bytes).append(filler);
                const verdict right = expected(text);
                ASSERT_EQ(judged(text, at, {}), right) << at << " behind " << letter;
                ASSERT_EQ(judged(text, at, {97}), right) << at << " behind " << letter;
                text.pop_back();
                ASSERT_EQ(judged(text, at, {}), expected(text)) << at << " behind " << letter;
            }
    }
}

TEST_P(utf8_masked_text, a_cut_at_any_place_of_a_long_text_changes_nothing)
{
    std::string wrong = every_width(400);
    wrong[333] = '\xFF';
    for (const std::string& text : {every_width(400), wrong}) {
        const verdict right = expected(text);
        for (std::size_t a = 0; a <= text.size(); ++a)
            for (const std::size_t b : {a, a + 1, a + 2, a + 3, a + 64, text.size()})
                ASSERT_EQ(judged(text, a, {a, std::min(b, text.size())}), right) << a << ' ' << b;
    }
}

RC_GTEST_PROP(utf8_masked_property, a_masked_text_in_parts_is_judged_as_by_the_reference, ())
{
    std::string text;
    for (const std::size_t i : *rc::gen::container<std::vector<std::size_t>>(
             rc::gen::inRange<std::size_t>(0, 30 * std::size(weft::test::utf8_tokens)))) {
        const auto& token = weft::test::utf8_tokens[i % std::size(weft::test::utf8_tokens)];
        text += token.valid || i < std::size(weft::test::utf8_tokens) ? token.bytes : "ok";
    }
    const auto phase = *rc::gen::inRange<std::size_t>(0, 8);
    const auto sizes =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 300));
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; const std::size_t size : sizes)
        if (at += size; at < text.size())
            cuts.push_back(at);
    for (const utf8_kernel& kernel : weft::kernel::utf8_kernels()) {
        weft::kernel::force_utf8_kernel(kernel.name);
        RC_ASSERT(judged(text, phase, cuts) == expected(text));
    }
    weft::kernel::force_utf8_kernel(weft::kernel::utf8_kernels().front().name);
}

} // namespace
