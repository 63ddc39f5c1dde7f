// UTF-8 kernels against the grammar of RFC 3629 §4. Each law runs for each type of the list below.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
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

// The n-th kernel of this processor; the portable one where it has fewer.
template <std::size_t N>
struct nth_kernel
{
    static std::size_t prefix(const std::byte* p, std::size_t n) noexcept
    {
        const auto kernels = weft::kernel::utf8_kernels();
        return kernels[std::min(N, kernels.size() - 1)].prefix(p, n);
    }
};

template <class Kernel>
using checked_by = weft::kernel::utf8_text<Kernel>;
using kernels = testing::Types<weft::kernel::utf8_dfa, checked_by<nth_kernel<0>>,
                               checked_by<nth_kernel<1>>, checked_by<nth_kernel<2>>,
                               checked_by<nth_kernel<3>>, checked_by<weft::kernel::utf8_best>>;

// ---- The reference: the grammar, one row for each of its alternatives, tried all at once.

struct range
{
    unsigned low, high;
};
constexpr range tail{0x80, 0xBF};
constexpr std::array<std::vector<range> (*)(), 9> grammar{
    [] { return std::vector<range>{{0x00, 0x7F}}; },                           // UTF8-1
    [] { return std::vector<range>{{0xC2, 0xDF}, tail}; },                     // UTF8-2
    [] { return std::vector<range>{{0xE0, 0xE0}, {0xA0, 0xBF}, tail}; },       // UTF8-3
    [] { return std::vector<range>{{0xE1, 0xEC}, tail, tail}; },               //
    [] { return std::vector<range>{{0xED, 0xED}, {0x80, 0x9F}, tail}; },       //
    [] { return std::vector<range>{{0xEE, 0xEF}, tail, tail}; },               //
    [] { return std::vector<range>{{0xF0, 0xF0}, {0x90, 0xBF}, tail, tail}; }, // UTF8-4
    [] { return std::vector<range>{{0xF1, 0xF3}, tail, tail, tail}; },         //
    [] { return std::vector<range>{{0xF4, 0xF4}, {0x80, 0x8F}, tail, tail}; }};

// The rows that allow byte `b` at place `at`, and those that end behind that place, as bits.
struct allowed_rows
{
    allowed_rows()
    {
        for (unsigned row = 0; row < grammar.size(); ++row) {
            const std::vector<range> places = grammar[row]();
            for (std::size_t at = 0; at < places.size(); ++at)
                for (unsigned b = places[at].low; b <= places[at].high; ++b)
                    rows[at][b] |= 1U << row;
            ends[places.size() - 1] |= 1U << row;
        }
    }
    std::array<std::array<unsigned, 256>, 4> rows{};
    std::array<unsigned, 4> ends{};
};

// What the grammar says of a text that comes byte by byte.
class grammar_reader
{
public:
    // False at the first byte with which no valid text can go on.
    bool take(std::uint8_t b)
    {
        static const allowed_rows allowed;
        alive_ &= allowed.rows[at_][b];
        if (alive_ == 0)
            return false;
        if ((alive_ & allowed.ends[at_]) != 0)
            *this = {};
        else
            ++at_;
        return true;
    }
    bool complete() const { return at_ == 0; }

private:
    unsigned alive_ = ~0U;
    std::size_t at_ = 0;
};

// How many bytes come before the first bad one, and whether the text may end there.
using verdict = std::pair<std::size_t, bool>;

verdict expected(std::string_view text)
{
    grammar_reader reader;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (!reader.take(static_cast<std::uint8_t>(text[i])))
            return {i, false};
    return {text.size(), reader.complete()};
}

// ---- The subject.

template <class Kernel>
class utf8 : public testing::Test
{
protected:
    static std::size_t write(Kernel& kernel, std::string_view text)
    {
        return kernel.write(std::as_bytes(std::span(text)));
    }

    // The verdict on `text`, given in parts that end at `cuts` and at the end.
    static verdict judged(std::string_view text, std::initializer_list<std::size_t> cuts = {})
    {
        Kernel kernel;
        std::size_t begin = 0;
        for (const std::size_t end : cuts) {
            const std::size_t taken = write(kernel, text.substr(begin, end - begin));
            if (taken != end - begin)
                return {begin + taken, false};
            begin = end;
        }
        const std::size_t taken = write(kernel, text.substr(begin));
        return {begin + taken, taken == text.size() - begin && kernel.complete()};
    }
};
TYPED_TEST_SUITE(utf8, kernels);

// A value of up to 21 bits in a sequence of `size` bytes, whether or not UTF-8 allows it.
std::string sequence(std::uint32_t value, std::size_t size)
{
    std::string out;
    for (std::size_t i = 1; i < size; ++i, value >>= 6)
        out.insert(out.begin(), static_cast<char>(0x80 | (value & 0x3F)));
    const unsigned lead = size == 1 ? 0x00 : size == 2 ? 0xC0 : size == 3 ? 0xE0 : 0xF0;
    out.insert(out.begin(), static_cast<char>(lead | value));
    return out;
}

std::size_t shortest(std::uint32_t value)
{
    return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

// ---- The laws.

TYPED_TEST(utf8, every_scalar_value_is_accepted_and_none_of_its_parts_is_complete)
{
    for (std::uint32_t value = 0; value <= 0x10FFFF; ++value) {
        if (value >= 0xD800 && value <= 0xDFFF)
            continue;
        const std::string text = sequence(value, shortest(value));
        for (std::size_t n = 1; n <= text.size(); ++n)
            ASSERT_EQ(this->judged(std::string_view(text).substr(0, n)),
                      verdict(n, n == text.size()))
                << std::hex << value;
    }
}

TYPED_TEST(utf8, every_surrogate_is_refused_at_its_second_byte)
{
    for (std::uint32_t value = 0xD800; value <= 0xDFFF; ++value)
        ASSERT_EQ(this->judged(sequence(value, 3)), verdict(1, false)) << std::hex << value;
}

TYPED_TEST(utf8, every_overlong_form_is_refused_as_soon_as_it_shows)
{
    for (std::size_t size = 2; size <= 4; ++size)
        for (std::uint32_t value = 0; shortest(value) < size; ++value)
            ASSERT_EQ(this->judged(sequence(value, size)), verdict(size == 2 ? 0 : 1, false))
                << std::hex << value;
}

TYPED_TEST(utf8, every_value_above_10ffff_is_refused_as_soon_as_it_shows)
{
    for (std::uint32_t value = 0x110000; value <= 0x1FFFFF; ++value)
        ASSERT_EQ(this->judged(sequence(value, 4)), verdict(value < 0x140000 ? 1 : 0, false))
            << std::hex << value;
}

// All strings of up to three bytes, and of four whose first byte may begin four.
TYPED_TEST(utf8, every_short_string_is_judged_as_the_grammar_says)
{
    std::array<char, 4> text{};
    const auto check = [&](std::size_t size, bool refused_before, const grammar_reader& before) {
        // `before` has taken all but the last byte, or has refused one.
        grammar_reader reader = before;
        const bool good = !refused_before && reader.take(static_cast<std::uint8_t>(text[size - 1]));
        const verdict v = this->judged({text.data(), size});
        if (good)
            return v == verdict(size, reader.complete());
        return !v.second && (refused_before ? v.first < size - 1 : v.first == size - 1);
    };
    for (unsigned a = 0; a < 256; ++a) {
        text[0] = static_cast<char>(a);
        ASSERT_TRUE(check(1, false, {})) << a;
        grammar_reader after_a;
        const bool bad_a = !after_a.take(static_cast<std::uint8_t>(a));
        for (unsigned b = 0; b < 256; ++b) {
            text[1] = static_cast<char>(b);
            ASSERT_TRUE(check(2, bad_a, after_a)) << a << ' ' << b;
            grammar_reader after_b = after_a;
            const bool bad_b = bad_a || !after_b.take(static_cast<std::uint8_t>(b));
            for (unsigned c = 0; c < 256; ++c) {
                text[2] = static_cast<char>(c);
                ASSERT_TRUE(check(3, bad_b, after_b)) << a << ' ' << b << ' ' << c;
                if (a < 0xF0 || bad_b)
                    continue;
                grammar_reader after_c = after_b;
                const bool bad_c = !after_c.take(static_cast<std::uint8_t>(c));
                for (const unsigned d : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U, 0xFFU}) {
                    text[3] = static_cast<char>(d);
                    ASSERT_TRUE(check(4, bad_c, after_c)) << a << ' ' << b << ' ' << c << ' ' << d;
                }
            }
        }
    }
}

TYPED_TEST(utf8, each_token_at_the_edges_is_judged_as_its_table_says)
{
    for (const auto& token : weft::test::utf8_tokens) {
        EXPECT_EQ(expected(token.bytes).second, token.valid) << testing::PrintToString(token.bytes);
        EXPECT_EQ(this->judged(token.bytes).second, token.valid);
    }
}

// RFC 6455 §5.6: a frame or a read may end inside a code point.
TYPED_TEST(utf8, any_split_of_a_text_gives_the_same_verdict_at_the_same_byte)
{
    for (const auto& first : weft::test::utf8_tokens)
        for (const auto& second : weft::test::utf8_tokens) {
            const std::string text = std::string(first.bytes).append(second.bytes);
            const verdict v = expected(text);
            ASSERT_EQ(this->judged(text), v) << testing::PrintToString(text);
            for (std::size_t a = 0; a <= text.size(); ++a)
                for (std::size_t b = a; b <= std::min(text.size(), a + 4); ++b)
                    ASSERT_EQ(this->judged(text, {a, b}), v)
                        << testing::PrintToString(text) << " cut at " << a << " and " << b;
        }
}

// Wherever a kernel changes its stride, from ASCII or from text that is not, at any alignment, and
// with no byte behind the text that could be read.
TYPED_TEST(utf8, an_error_is_found_at_its_byte_whatever_stands_before_and_behind_it)
{
    weft::proptest::guarded memory(256);
    const std::string_view fillers[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};
    for (const std::string_view filler : fillers)
        for (const auto& token : weft::test::utf8_tokens)
            for (std::size_t before = 0; before <= 70; before += filler.size())
                for (const std::size_t behind : {0U, 1U, 8U, 33U}) {
                    std::string text;
                    while (text.size() < before)
                        text += filler;
                    text.append(token.bytes).append(behind, 'z');
                    const auto flush = memory.back(text.size());
                    std::transform(text.begin(), text.end(), flush.begin(),
                                   [](char c) { return static_cast<std::byte>(c); });
                    const std::string_view exact(reinterpret_cast<const char*>(flush.data()),
                                                 flush.size());
                    ASSERT_EQ(this->judged(exact), expected(text))
                        << before << ' ' << behind << testing::PrintToString(token.bytes);
                }
}

TYPED_TEST(utf8, an_error_is_found_at_each_offset_of_ascii_of_each_length_and_alignment)
{
    alignas(64) std::array<char, 160> memory;
    for (std::size_t alignment = 0; alignment < 16; ++alignment)
        for (std::size_t size = 0; size <= 70; ++size) {
            std::fill(memory.begin(), memory.end(), '\xFF');
            const std::string_view text(memory.data() + alignment, size);
            std::fill_n(memory.data() + alignment, size, 'x');
            ASSERT_EQ(this->judged(text), verdict(size, true));
            for (std::size_t at = 0; at < size; ++at)
                for (const char bad : {'\x80', '\xC1', '\xFF'}) {
                    memory[alignment + at] = bad;
                    ASSERT_EQ(this->judged(text), verdict(at, false)) << size << ' ' << at;
                    memory[alignment + at] = 'x';
                }
        }
}

// A vector kernel looks at up to 256 bytes at once and at what stands before them: every token,
// right or wrong, at every place of two such blocks and on the border of a third, in texts of every
// width, whole and cut in the middle of a block.
TYPED_TEST(utf8, each_token_is_judged_alike_at_every_offset_of_a_long_text)
{
    for (const std::string_view letter : {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
        std::string filler;
        while (filler.size() < 600)
            filler += letter;
        for (std::size_t at = 0; at <= 516; ++at)
            for (const auto& token : weft::test::utf8_tokens) {
                std::string text(at % letter.size(), '-');
                text += filler.substr(0, at / letter.size() * letter.size());
                text.append(token.bytes).append(filler);
                const verdict right = expected(text);
                ASSERT_EQ(this->judged(text), right) << at << " behind " << letter;
                ASSERT_EQ(this->judged(text, {97}), right) << at << " behind " << letter;
                ASSERT_EQ(this->judged(text.substr(0, text.size() - 1)),
                          expected(std::string_view(text).substr(0, text.size() - 1)));
            }
    }
}

// Calls `ask(sequence)` for each surrogate, each overlong form, above U+10FFFF for each first and
// second byte, and for each byte that is no continuation in each place of one.
template <class Ask>
void for_each_wrong_sequence(Ask ask)
{
    for (std::uint32_t value = 0xD800; value <= 0xDFFF; ++value)
        ask(sequence(value, 3));
    for (std::size_t size = 2; size <= 4; ++size)
        for (std::uint32_t value = 0; shortest(value) < size; ++value)
            ask(sequence(value, size));
    for (std::uint32_t value = 0x110000; value <= 0x1FFFFF; value += 0x1000)
        for (const std::uint32_t tails : {0x000U, 0xFFFU})
            ask(sequence(value | tails, 4));
    for (const std::string_view right : {"\xDF\x80", "\xE1\x80\x80", "\xF1\x80\x80\x80"})
        for (std::size_t place = 1; place != right.size(); ++place)
            for (unsigned byte = 0; byte != 256; ++byte)
                if (byte < 0x80 || byte > 0xBF) {
                    std::string wrong(right);
                    wrong[place] = static_cast<char>(byte);
                    ask(wrong);
                }
}

// At every place of a step, in the last one of a block and over its border.
TYPED_TEST(utf8, every_wrong_sequence_is_refused_at_its_byte_at_every_offset)
{
    std::string text(600, 'x');
    for_each_wrong_sequence([&](const std::string& wrong) {
        const std::size_t taken = expected(wrong).first;
        for (std::size_t at = 192; at != 256; ++at) {
            text.replace(at, wrong.size(), wrong);
            ASSERT_EQ(this->judged(text), verdict(at + taken, false))
                << testing::PrintToString(wrong) << " at " << at;
            text.replace(at, wrong.size(), wrong.size(), 'x');
        }
    });
}

TYPED_TEST(utf8, a_copy_goes_on_from_where_it_was_taken_and_leaves_its_original_alone)
{
    TypeParam original;
    EXPECT_EQ(this->write(original, "\xE2\x82"), 2U);
    TypeParam copy = original;
    EXPECT_EQ(this->write(copy, "\xAC"), 1U);
    EXPECT_TRUE(copy.complete());
    EXPECT_FALSE(original.complete());
    EXPECT_EQ(this->write(original, "a"), 0U);
}

// Stopping early is never wrong, only slow, and no verdict would show it: what a kernel refuses,
// the reference reads again. So each is asked alone for a text of all scalar values in their order,
// that begins at each place of a step, and for one of all widths.
TEST(utf8_kernels, leave_no_valid_text_to_the_reference)
{
    std::string text(64, 'x');
    for (std::uint32_t value = 0; value <= 0x10FFFF; ++value)
        if (value < 0xD800 || value > 0xDFFF)
            text += sequence(value, shortest(value));
    for (int times = 0; times != 100; ++times)
        for (const auto& token : weft::test::utf8_tokens)
            if (token.valid)
                text += token.bytes;
    text += "the end."; // the scalar form looks at four bytes at once
    const auto plain = std::as_bytes(std::span(text));
    constexpr weft::masking_key key{std::byte{0x37}, std::byte{0x7a}, std::byte{0x21},
                                    std::byte{0x3d}};
    std::vector<std::byte> wire(plain.size()), to(plain.size());
    weft::kernel::mask_bytewise(wire.data(), plain.data(), wire.size(), key, 0);
    for (const auto& kernel : weft::kernel::utf8_kernels())
        for (std::size_t begin = 0; begin != 64; ++begin) {
            const std::size_t n = plain.size() - begin;
            ASSERT_EQ(kernel.prefix(plain.data() + begin, n), n) << kernel.name << ' ' << begin;
            ASSERT_EQ(kernel.unmask(to.data(), wire.data() + begin, n, key, begin), n)
                << kernel.name << ' ' << begin;
            ASSERT_EQ(std::memcmp(to.data(), plain.data() + begin, n), 0) << kernel.name;
        }
}

template <class Kernel>
verdict judged_in_parts(const std::string& text, const std::vector<std::size_t>& sizes)
{
    Kernel kernel;
    std::size_t at = 0;
    for (const std::size_t size : sizes) {
        const std::size_t taken = kernel.write(std::as_bytes(std::span(text).subspan(at, size)));
        at += taken;
        if (taken != size)
            return {at, false};
    }
    return {at, kernel.complete()};
}

// Long texts of tokens of which nearly all are valid, in parts of any size.
RC_GTEST_PROP(utf8_property, a_long_text_in_parts_is_judged_as_the_grammar_judges_the_whole, ())
{
    std::vector<std::string> good, all;
    for (const auto& token : weft::test::utf8_tokens) {
        all.emplace_back(token.bytes);
        if (token.valid)
            good.emplace_back(token.bytes);
    }
    const auto parts =
        *rc::gen::container<std::vector<std::string>>(rc::gen::weightedOneOf<std::string>(
            {{40, rc::gen::elementOf(good)}, {1, rc::gen::elementOf(all)}}));
    std::string text;
    for (const std::string& part : parts)
        text += part;
    const verdict v = expected(text);
    RC_TAG(v.second ? "valid" : v.first == text.size() ? "cut short" : "refused");

    std::vector<std::size_t> sizes;
    for (std::size_t at = 0; at < text.size(); at += sizes.back())
        sizes.push_back(std::min(text.size() - at, *rc::gen::inRange<std::size_t>(1, 40)));
    RC_ASSERT(v == judged_in_parts<weft::kernel::utf8_dfa>(text, sizes));
    RC_ASSERT(v == judged_in_parts<checked_by<nth_kernel<0>>>(text, sizes));
    RC_ASSERT(v == judged_in_parts<checked_by<nth_kernel<1>>>(text, sizes));
    RC_ASSERT(v == judged_in_parts<checked_by<nth_kernel<2>>>(text, sizes));
    RC_ASSERT(v == judged_in_parts<checked_by<nth_kernel<3>>>(text, sizes));
}

} // namespace
