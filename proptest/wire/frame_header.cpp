// The frame header (RFC 6455 §5.2) against tables and a whole-header reader written from the RFC.
#include <weft/wire/frame_header.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <guarded.hpp>
#include <weft/test/generators.hpp>

namespace {

using namespace weft;

// A vector of up to 32 bytes without the heap: five million of them are looked at below.
class bytes
{
public:
    bytes() = default;
    bytes(std::initializer_list<std::uint8_t> in) : bytes(in.begin(), in.end()) {}
    bytes(const std::uint8_t* first, const std::uint8_t* last)
        : size_(static_cast<std::size_t>(last - first))
    {
        std::copy(first, last, octets_.begin());
    }
    void push_back(std::uint8_t b) { octets_.at(size_++) = b; }
    void resize(std::size_t n, std::uint8_t fill = 0)
    {
        for (; size_ < n; ++size_)
            octets_.at(size_) = fill;
        size_ = n;
    }
    std::uint8_t& operator[](std::size_t i) { return octets_[i]; }
    std::uint8_t operator[](std::size_t i) const { return octets_[i]; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const std::uint8_t* data() const { return octets_.data(); }
    const std::uint8_t* begin() const { return data(); }
    const std::uint8_t* end() const { return data() + size_; }

    friend bool operator==(const bytes& a, const bytes& b) { return std::ranges::equal(a, b); }

private:
    std::array<std::uint8_t, 32> octets_{};
    std::size_t size_ = 0;
};

// ---- The reference: slow, whole-header, and it lists every rule that is broken, not the first.

using error_set = std::uint64_t;
static_assert(static_cast<unsigned>(last_error) < 64);

constexpr error_set only(error e) { return error_set{1} << static_cast<unsigned>(e); }

// One column for each opcode (§5.2, §11.8). '.' allowed, R reserved, F a fragmented control frame
// (§5.5), C continues nothing, M starts a message inside another (§5.4).
struct legality
{
    message_position position;
    bool fin;
    std::string_view opcodes;
};
// clang-format off
constexpr legality legalities[] = {
    //                                   0123456789ABCDEF
    {message_position::between, true,  "C..RRRRR...RRRRR"},
    {message_position::between, false, "C..RRRRRFFFRRRRR"},
    {message_position::inside,  true,  ".MMRRRRR...RRRRR"},
    {message_position::inside,  false, ".MMRRRRRFFFRRRRR"},
    {message_position::unknown, true,  "...RRRRR...RRRRR"},
    {message_position::unknown, false, "...RRRRRFFFRRRRR"},
};
// clang-format on

error_set broken_by_opcode(unsigned first, message_position position)
{
    for (const legality& row : legalities) {
        if (row.position != position || row.fin != (first >= 0x80))
            continue;
        switch (row.opcodes[first % 16]) {
        case '.':
            return 0;
        case 'R':
            return only(error::reserved_opcode);
        case 'F':
            return only(error::fragmented_control);
        case 'C':
            return only(error::unexpected_continuation);
        case 'M':
            return only(error::unfinished_message);
        }
    }
    ADD_FAILURE() << "the table has no such row";
    return ~error_set{0};
}

std::size_t size_by_second_byte(unsigned second)
{
    const std::size_t key = second >= 128 ? 4 : 0;
    return (second % 128 == 127 ? 10 : second % 128 == 126 ? 4 : 2) + key;
}

std::uint64_t declared_length(const bytes& h)
{
    if (h[1] % 128 < 126)
        return h[1] % 128;
    if (h[1] % 128 == 126)
        return h[2] * 256ULL + h[3];
    std::uint64_t n = 0;
    for (std::size_t i = 2; i < 10; ++i)
        n = n * 256 + h[i];
    return n;
}

// Every rule that the complete header `h` breaks.
error_set broken(const bytes& h, const frame_rules& rules)
{
    error_set out = broken_by_opcode(h[0], rules.position);
    const bool begins_message = h[0] % 16 == 1 || h[0] % 16 == 2;
    for (const unsigned bit : {0x40U, 0x20U, 0x10U})
        if ((h[0] & bit) != 0 && !(begins_message && (rules.reserved_bits & bit) != 0))
            out |= only(error::reserved_bits);
    if (h[1] >= 128 && rules.mask == mask_rule::forbidden)
        out |= only(error::masked_frame);
    if (h[1] < 128 && rules.mask == mask_rule::required)
        out |= only(error::unmasked_frame);
    if (h[0] % 16 >= 8 && h[1] % 128 > 125)
        out |= only(error::control_too_long);
    const std::uint64_t n = declared_length(h);
    if (n >> 63 != 0)
        out |= only(error::length_top_bit);
    if ((h[1] % 128 == 126 && n <= 125) || (h[1] % 128 == 127 && n <= 65535))
        out |= only(error::length_not_minimal);
    return out;
}

// The rules that every completion of `prefix` breaks: empty if some completion is a valid header.
// The bytes to come matter only by a few values: all clear, all set, all but the top bit set.
error_set inevitably_broken(const bytes& prefix, const frame_rules& rules)
{
    if (prefix.empty())
        return 0;
    error_set out = ~error_set{0};
    for (unsigned second = 0; second < 256 && out != 0; ++second) {
        if (prefix.size() >= 2 && second != prefix[1])
            continue;
        for (const int rest : {0x7F, 0x00, 0xFF}) {
            bytes h = prefix;
            if (h.size() < 2)
                h.push_back(static_cast<std::uint8_t>(second));
            h.resize(std::max(h.size(), size_by_second_byte(h[1])),
                     static_cast<std::uint8_t>(rest));
            out &= broken(h, rules);
        }
    }
    return out;
}

// ---- The subject, on an exact copy behind which nothing can be read.

decoded_header decode_exactly(const bytes& in, const frame_rules& rules)
{
    static proptest::guarded memory(64);
    const auto copy = memory.back(in.size());
    std::transform(in.begin(), in.end(), copy.begin(), [](auto b) { return std::byte{b}; });
    return decode(copy, rules);
}

bytes encoded(const frame_header& header)
{
    static proptest::guarded memory(64);
    const std::size_t size = frame_header_size(header.payload_size, header.masked);
    const auto room = memory.back(size);
    EXPECT_EQ(encode(header, room), size);
    bytes out;
    for (const std::byte b : room)
        out.push_back(std::to_integer<std::uint8_t>(b));
    return out;
}

std::vector<frame_rules> all_rules()
{
    std::vector<frame_rules> out;
    for (const auto mask : {mask_rule::either, mask_rule::required, mask_rule::forbidden})
        for (const auto position :
             {message_position::unknown, message_position::between, message_position::inside})
            for (unsigned bits = 0; bits < 8; ++bits)
                out.push_back({mask, position, static_cast<std::uint8_t>(bits << 4)});
    return out;
}

// `prefix` is refused if and only if nothing that follows could mend it, and by a rule it breaks.
bool judged_rightly(const bytes& prefix, const frame_rules& rules)
{
    const decoded_header d = decode_exactly(prefix, rules);
    const error_set wrong = inevitably_broken(prefix, rules);
    if (wrong != 0)
        return d.fault != error::none && (only(d.fault) & wrong) != 0 && d.size == 0;
    if (d.fault != error::none)
        return false;
    const bool complete = prefix.size() >= 2 && prefix.size() >= size_by_second_byte(prefix[1]);
    if (!complete)
        return !d && d.size == 0;
    const std::size_t size = size_by_second_byte(prefix[1]);
    bool same = d.size == size && d.header.fin == (prefix[0] >= 128) &&
                static_cast<unsigned>(d.header.op) == prefix[0] % 16 &&
                d.header.reserved_bits == (prefix[0] / 16 % 8) * 16 &&
                d.header.masked == (prefix[1] >= 128) &&
                d.header.payload_size == declared_length(prefix);
    for (std::size_t i = 0; i < 4; ++i)
        same = same && std::to_integer<unsigned>(d.header.key[i]) ==
                           (prefix[1] >= 128 ? prefix[size - 4 + i] : 0U);
    return same;
}

std::string show(const bytes& in, const frame_rules& rules)
{
    return testing::PrintToString(in) + " mask rule " +
           std::to_string(static_cast<int>(rules.mask)) + " position " +
           std::to_string(static_cast<int>(rules.position)) + " reserved bits " +
           std::to_string(rules.reserved_bits);
}

// ---- The laws.

// §5.2, §5.4, §5.5, §11.8: 2^16 pairs of bytes under 72 sets of rules.
TEST(frame_header, the_first_two_bytes_are_judged_as_the_rfcs_tables_say)
{
    for (const frame_rules& rules : all_rules()) {
        for (unsigned first = 0; first < 256; ++first) {
            bytes in{static_cast<std::uint8_t>(first)};
            ASSERT_TRUE(judged_rightly(in, rules)) << show(in, rules);
            in.push_back(0);
            for (unsigned second = 0; second < 256; ++second) {
                in[1] = static_cast<std::uint8_t>(second);
                ASSERT_TRUE(judged_rightly(in, rules)) << show(in, rules);
            }
        }
    }
}

// §5.2: "the minimal number of bytes MUST be used to encode the length".
TEST(frame_header, a_16_bit_length_is_accepted_exactly_from_126_on)
{
    for (unsigned n = 0; n < 65536; ++n)
        for (const unsigned mask : {0x00U, 0x80U}) {
            bytes in{0x82, static_cast<std::uint8_t>(mask | 126), static_cast<std::uint8_t>(n >> 8),
                     static_cast<std::uint8_t>(n & 0xFF)};
            in.resize(size_by_second_byte(in[1]), 0xA5);
            const decoded_header d = decode_exactly(in, {});
            ASSERT_EQ(d.fault, n < 126 ? error::length_not_minimal : error::none) << n;
            ASSERT_EQ(d.header.payload_size, n < 126 ? 0 : n);
        }
}

// §5.2: at the edges of the form, and at each power of two up to the bit that "MUST be 0".
TEST(frame_header, a_64_bit_length_is_accepted_exactly_from_65536_to_its_top_bit)
{
    std::vector<std::uint64_t> lengths(std::begin(test::edge_sizes), std::end(test::edge_sizes));
    lengths.insert(lengths.end(), std::begin(test::huge_sizes), std::end(test::huge_sizes));
    for (unsigned bit = 0; bit < 64; ++bit)
        for (const std::uint64_t near : {~0ULL, 0ULL, 1ULL})
            lengths.push_back((1ULL << bit) + near);
    lengths.push_back(~0ULL);
    for (const std::uint64_t n : lengths) {
        bytes in{0x82, 0xFF};
        for (unsigned i = 0; i < 8; ++i)
            in.push_back(static_cast<std::uint8_t>(n >> (56 - 8 * i)));
        in.resize(14, 0x5A);
        const decoded_header d = decode_exactly(in, {});
        ASSERT_EQ(d.fault, n >> 63 != 0 ? error::length_top_bit
                           : n < 65536  ? error::length_not_minimal
                                        : error::none)
            << n;
        for (std::size_t cut = 0; cut <= 14; ++cut) {
            const bytes prefix(in.data(), in.data() + cut);
            ASSERT_TRUE(judged_rightly(prefix, {})) << show(prefix, {});
        }
    }
}

// §5.2: the top bit is known with the first of the length's bytes, before any of the others.
TEST(frame_header, a_length_whose_top_bit_is_set_is_refused_with_its_first_byte)
{
    for (unsigned top = 128; top < 256; ++top)
        for (const int second : {0x7F, 0xFF})
            ASSERT_EQ(
                decode_exactly(
                    {0x81, static_cast<std::uint8_t>(second), static_cast<std::uint8_t>(top)}, {})
                    .fault,
                error::length_top_bit);
}

std::vector<frame_header> canonical_headers()
{
    std::vector<std::uint64_t> sizes(std::begin(test::edge_sizes), std::end(test::edge_sizes));
    sizes.insert(sizes.end(), std::begin(test::huge_sizes), std::end(test::huge_sizes));
    std::vector<frame_header> out;
    for (const auto op : {opcode::continuation, opcode::text, opcode::binary, opcode::close,
                          opcode::ping, opcode::pong})
        for (const std::uint64_t n : sizes)
            for (const bool fin : {true, false})
                for (const bool masked : {true, false})
                    for (unsigned bits = 0; bits < 8; ++bits) {
                        const bool begins = op == opcode::text || op == opcode::binary;
                        if ((is_control(op) && (!fin || n > 125)) || (bits != 0 && !begins))
                            continue;
                        frame_header h{op, fin, masked, static_cast<std::uint8_t>(bits << 4),
                                       {}, n};
                        if (masked)
                            h.key = {std::byte{0x80}, std::byte{0x01}, std::byte{0xFE},
                                     std::byte{0x7F}};
                        out.push_back(h);
                    }
    return out;
}

TEST(frame_header, what_is_encoded_is_decoded_to_the_same_header)
{
    for (const frame_header& h : canonical_headers()) {
        const bytes wire = encoded(h);
        const decoded_header d = decode_exactly(wire, {.reserved_bits = 0x70});
        ASSERT_EQ(d.fault, error::none);
        ASSERT_EQ(d.size, wire.size());
        ASSERT_EQ(d.header, h);
    }
}

TEST(frame_header, every_proper_prefix_of_a_valid_header_needs_more_and_is_no_error)
{
    for (const frame_header& h : canonical_headers()) {
        const bytes wire = encoded(h);
        for (std::size_t n = 0; n < wire.size(); ++n) {
            const decoded_header d =
                decode_exactly(bytes(wire.data(), wire.data() + n), {.reserved_bits = 0x70});
            ASSERT_FALSE(d);
            ASSERT_EQ(d.fault, error::none) << show(wire, {}) << " cut at " << n;
        }
    }
}

TEST(frame_header, a_header_has_the_size_that_its_length_and_mask_demand)
{
    EXPECT_EQ(frame_header_size(0, false), 2U);
    EXPECT_EQ(frame_header_size(125, false), 2U);
    EXPECT_EQ(frame_header_size(125, true), 6U);
    EXPECT_EQ(frame_header_size(126, false), 4U);
    EXPECT_EQ(frame_header_size(65535, false), 4U);
    EXPECT_EQ(frame_header_size(65535, true), 8U);
    EXPECT_EQ(frame_header_size(65536, false), 10U);
    EXPECT_EQ(frame_header_size(~0ULL >> 1, true), 14U);
    EXPECT_EQ(frame_header_size_max, 14U);
}

// §5.7, byte by byte.
TEST(frame_header, the_examples_of_the_rfc_are_encoded_as_they_are_printed)
{
    const auto fin_text = frame_header{.op = opcode::text, .payload_size = 5};
    EXPECT_EQ(encoded(fin_text), (bytes{0x81, 0x05}));
    auto masked = fin_text;
    masked.masked = true;
    masked.key = {std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
    EXPECT_EQ(encoded(masked), (bytes{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d}));
    EXPECT_EQ(encoded({.op = opcode::text, .fin = false, .payload_size = 3}), (bytes{0x01, 0x03}));
    EXPECT_EQ(encoded({.op = opcode::continuation, .payload_size = 2}), (bytes{0x80, 0x02}));
    EXPECT_EQ(encoded({.op = opcode::ping, .payload_size = 5}), (bytes{0x89, 0x05}));
    EXPECT_EQ(encoded({.op = opcode::binary, .payload_size = 256}),
              (bytes{0x82, 0x7E, 0x01, 0x00}));
    EXPECT_EQ(encoded({.op = opcode::binary, .payload_size = 65536}),
              (bytes{0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0}));
}

// The span's size is a claim of up to 2^63 bytes; only the longest header's 14 exist.
TEST(frame_header, no_more_than_14_bytes_are_ever_read)
{
    proptest::guarded memory(64);
    const auto room = memory.back(14);
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second) {
            std::fill(room.begin(), room.end(), std::byte{0x11});
            room[0] = static_cast<std::byte>(first);
            room[1] = static_cast<std::byte>(second);
            const auto claim = std::span<const std::byte>(room.data(), ~std::size_t{0} >> 1);
            ASSERT_LE(decode(claim).size, 14U);
        }
}

// Any bytes at all: a generator that prefers the edges, so that most of them are nearly headers.
rc::Gen<bytes> nearly_a_header()
{
    const auto byte = rc::gen::weightedElement<std::uint8_t>(
        {{8, 0}, {2, 1}, {2, 125}, {2, 126}, {2, 127}, {2, 128}, {1, 254}, {2, 255}});
    const auto second = rc::gen::weightedElement<std::uint8_t>(
        {{1, 0}, {1, 125}, {4, 126}, {6, 127}, {1, 128}, {1, 253}, {4, 254}, {6, 255}});
    const auto first = rc::gen::weightedOneOf<std::uint8_t>(
        {{3, rc::gen::element<std::uint8_t>(0x81, 0x82, 0x01, 0x02, 0x80, 0x00, 0x89)},
         {1, rc::gen::arbitrary<std::uint8_t>()}});
    return rc::gen::map(rc::gen::tuple(first, second,
                                       rc::gen::container<std::vector<std::uint8_t>>(18, byte),
                                       rc::gen::inRange(0, 21)),
                        [](const auto& parts) {
                            bytes out{std::get<0>(parts), std::get<1>(parts)};
                            for (const std::uint8_t b : std::get<2>(parts))
                                out.push_back(b);
                            out.resize(static_cast<std::size_t>(std::get<3>(parts)));
                            return out;
                        });
}

RC_GTEST_PROP(frame_header_property, an_error_comes_with_the_first_byte_that_settles_it_and_stays,
              ())
{
    const bytes in = *nearly_a_header();
    const frame_rules rules = *rc::gen::elementOf(all_rules());
    decoded_header before;
    for (std::size_t n = 1; n <= in.size(); ++n) {
        const bytes prefix(in.data(), in.data() + n);
        RC_ASSERT(judged_rightly(prefix, rules));
        const decoded_header d = decode_exactly(prefix, rules);
        if (before.fault != error::none)
            RC_ASSERT(d.fault == before.fault);
        if (before)
            RC_ASSERT((d.size == before.size && d.header == before.header));
        before = d;
    }
    RC_TAG(before ? "a header" : before.fault != error::none ? "refused" : "need more");
}

RC_GTEST_PROP(frame_header_property, any_header_survives_being_encoded_and_decoded, ())
{
    const auto op = *rc::gen::element(opcode::continuation, opcode::text, opcode::binary);
    const auto key = *rc::gen::arbitrary<std::array<std::uint8_t, 4>>();
    const auto shift = *rc::gen::inRange(1, 64);
    frame_header h{.op = op,
                   .fin = *rc::gen::arbitrary<bool>(),
                   .masked = *rc::gen::arbitrary<bool>(),
                   .payload_size = *rc::gen::arbitrary<std::uint64_t>() << 1 >> shift};
    h.payload_size &= ~0ULL >> 1;
    if (h.masked)
        for (std::size_t i = 0; i < 4; ++i)
            h.key[i] = std::byte{key[i]};
    const bytes wire = encoded(h);
    const decoded_header d = decode_exactly(wire, {});
    RC_ASSERT(d.size == wire.size());
    RC_ASSERT(d.header == h);
    RC_TAG(wire.size());
}

} // namespace
