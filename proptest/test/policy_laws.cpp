// The laws of policies find what they are for: each is asked of policies that break it.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <random>
#include <span>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include <weft/test/composition_checks.hpp>
#include <weft/weft.hpp>

namespace {

using namespace weft;
using namespace weft::test;

void expect_told(const verdict& broken, const std::string& words)
{
    ASSERT_TRUE(broken) << "not found";
    EXPECT_NE(broken->find(words), std::string::npos) << *broken;
}

template <class Masking>
verdict judge_masking()
{
    return for_each_masking_case(masking_policy_is_the_reference<Masking>);
}

template <class Utf8>
verdict judge_text()
{
    return for_each_text_case(utf8_policy_law<Utf8, masking::simd>());
}

// ---- Maskings, each of which is right but for one thing.

struct masks_as_phase_0
{
    using slot = masking::slot;
    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t) noexcept
    {
        masking::word::apply(bytes, key, 0);
    }
};

struct masks_a_long_tail_twice
{
    using slot = masking::slot;
    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
    {
        masking::word::apply(bytes, key, phase);
        if (bytes.size() == 257)
            bytes.back() ^= std::byte{1};
    }
};

struct masks_one_byte_more
{
    using slot = masking::slot;
    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
    {
        masking::word::apply({bytes.data(), bytes.size() + (bytes.size() == 31 ? 1 : 0)}, key,
                             phase);
    }
};

struct masks_one_byte_before
{
    using slot = masking::slot;
    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
    {
        masking::word::apply(bytes, key, phase);
        if (bytes.size() == 40)
            bytes.data()[-1] ^= std::byte{1};
    }
};

struct copies_without_phase : masking::bytewise
{
    static void copy(std::byte* to, std::span<const std::byte> from, masking_key key,
                     std::size_t) noexcept
    {
        masking::word::copy(to, from, key, 0);
    }
};

struct copies_and_changes_the_source : masking::bytewise
{
    static void copy(std::byte* to, std::span<const std::byte> from, masking_key key,
                     std::size_t phase) noexcept
    {
        masking::word::copy(to, from, key, phase);
        if (!from.empty())
            const_cast<std::byte&>(from.front()) ^= std::byte{1};
    }
};

TEST(MaskingLaws, hold_for_those_of_weft)
{
    EXPECT_FALSE(judge_masking<masking::simd>());
    EXPECT_FALSE(judge_masking<masking::bytewise>());
}

TEST(MaskingLaws, say_which_byte_is_wrong_and_where)
{
    expect_told(judge_masking<masks_as_phase_0>(),
                "apply() differs from the reference: 1 bytes, offset 0, phase 1, byte 0: ");
    expect_told(judge_masking<masks_a_long_tail_twice>(), "257 bytes, offset 0, phase 0, byte 256");
    expect_told(judge_masking<masks_one_byte_more>(), "byte 31, behind it, changes");
    expect_told(judge_masking<masks_one_byte_before>(), "the byte 1 before it changes");
    expect_told(judge_masking<copies_without_phase>(),
                "copy() differs from the reference: 1 bytes");
    expect_told(judge_masking<copies_and_changes_the_source>(), "what is copied from changes");
}

struct leaves_a_single_byte
{
    using slot = masking::slot;
    static void apply(std::span<std::byte> bytes, masking_key key, std::size_t phase) noexcept
    {
        if (bytes.size() != 1)
            masking::word::apply(bytes, key, phase);
    }
};

// ---- Checkers of text.

struct begins_anew_with_each_part : utf8::strict
{
    std::size_t write(std::span<const std::byte> bytes) noexcept
    {
        static_cast<utf8::strict&>(*this) = {};
        return strict::write(bytes);
    }
};

struct takes_surrogates : utf8::strict
{
    std::size_t write(std::span<const std::byte> part) noexcept
    {
        std::array<std::byte, 600> mended{};
        std::byte before{};
        for (std::size_t i = 0; i != part.size(); before = part[i++])
            mended[i] = before == std::byte{0xED} ? part[i] & std::byte{0x9F} : part[i];
        return strict::write(std::span(mended).first(part.size()));
    }
};

struct is_never_as_new : utf8::strict
{
    bool finish() noexcept { return strict(*this).finish(); }
};

struct any_end_is_well : utf8::strict
{
    bool finish() noexcept
    {
        (void)strict::finish();
        return true;
    }
};

// The member is inherited, so weft would not call it: it must be this type's own.
struct unmasks_only_what_is_right : utf8::strict
{
    std::size_t write_masked(masking::simd, std::span<std::byte> bytes, masking_key key,
                             std::size_t phase) noexcept
    {
        masking::simd::apply(bytes, key, phase);
        const std::size_t good = write(bytes);
        masking::simd::apply(bytes.subspan(good), key, phase + good);
        return good;
    }
};

TEST(TextLaws, hold_for_those_of_weft)
{
    EXPECT_FALSE(judge_text<utf8::strict>());
    EXPECT_FALSE(judge_text<utf8::deferred>());
    EXPECT_FALSE(judge_text<utf8::unchecked>());
}

TEST(TextLaws, say_what_is_judged_wrongly)
{
    expect_told(judge_text<begins_anew_with_each_part>(), "write() takes 3 bytes, not 128");
    expect_told(judge_text<takes_surrogates>(), "ed a0 80");
    expect_told(judge_text<any_end_is_well>(), "is true, not false");
    expect_told(judge_text<is_never_as_new>(), "finish() has not made this one as new");
    expect_told(judge_text<unmasks_only_what_is_right>(), "it is not unmasked");
}

// ---- Buffers.

using fixed = buffer::fixed<200>;

struct never_moves : fixed
{
    std::span<std::byte> prepare(std::size_t) { return fixed::prepare(0); }
};

struct moves_with_each_consume : fixed
{
    void consume(std::size_t n) noexcept
    {
        fixed::consume(n);
        (void)fixed::prepare(200);
    }
};

struct commits_less : fixed
{
    void commit(std::size_t n) noexcept { fixed::commit(n == 139 ? 138 : n); }
};

struct gives_nothing_when_nothing_is_asked : fixed
{
    std::span<std::byte> prepare(std::size_t room)
    {
        return room == 0 ? std::span<std::byte>() : fixed::prepare(room);
    }
};

struct is_lost_when_moved : fixed
{
    is_lost_when_moved() = default;
    is_lost_when_moved(is_lost_when_moved&&) noexcept : fixed() {}
    is_lost_when_moved& operator=(is_lost_when_moved&&) noexcept = default;
};

template <class Buffer>
verdict judge_use()
{
    std::minstd_rand random;
    verdict broken;
    for (int i = 0; i != 100 && !broken; ++i)
        broken =
            any_use_is_that_of_a_list_of_bytes<Buffer>(byte_choices(random_bytes(random, 300)));
    return broken;
}

TEST(BufferLaws, say_which_promise_is_broken)
{
    expect_told(there_is_room_for_the_rest_of_a_control_frame<never_moves>(),
                "prepare(138) with 1 bytes held, 62 consumed before, gives only 137 bytes");
    expect_told(there_is_room_for_the_rest_of_a_control_frame<commits_less>(),
                "commit(139) behind 0 bytes, after prepare(139), does not add them");
    expect_told(judge_use<moves_with_each_consume>(), "moves the rest, which should stay put");
    expect_told(judge_use<gives_nothing_when_nothing_is_asked>(), "nothing can come any more");
    expect_told(judge_use<is_lost_when_moved>(), "is lost when the buffer is moved");
}

// ---- Compositions.

int report_of(void (*check)(law_report&, const std::string&))
{
    law_report report;
    check(report, "a stream");
    return report.exit_code();
}

struct draws_one_key
{
    using slot = key_source::slot;
    masking_key next() noexcept { return key; }
    masking_key key = key_source::secure::next();
};

TEST(KeyLaws, say_that_a_key_never_changes)
{
    EXPECT_FALSE(keys_change(key_source::secure()));
    expect_told(keys_change(draws_one_key()), "are the same");
    static_assert(fixed_key_source<key_source::zero> && !fixed_key_source<draws_one_key>);
    law_report not_meant;
    check_key_source<draws_one_key>(not_meant);
    EXPECT_EQ(not_meant.exit_code(), 1);
}

TEST(CompositionLaws, hold_for_weft_and_are_broken_by_a_policy_that_is_wrong)
{
    using right = server_stream<asio::ip::tcp::socket, timing::none>;
    using wrong = server_stream<asio::ip::tcp::socket, leaves_a_single_byte>;
    EXPECT_EQ(report_of(check_receiving<right>), 0);
    EXPECT_EQ(report_of(check_simulation<right>), 0);
    EXPECT_EQ(report_of(check_receiving<client_stream<asio::ip::tcp::socket>>), 0);
    law_report good, bad;
    check_policies_of<right>(good);
    EXPECT_EQ(good.exit_code(), 0);
    EXPECT_EQ(report_of(check_receiving<wrong>), 1);
    EXPECT_EQ(report_of(check_simulation<wrong>), 1);
    check_policies_of<wrong>(bad);
    EXPECT_EQ(bad.exit_code(), 1);
    EXPECT_EQ(law_report().exit_code(), 1) << "nothing was asked";
}

TEST(LawReport, tells_two_policies_of_one_name_apart_and_asks_one_once)
{
    law_report report;
    const auto holds = [] { return verdict(); };
    report.ask("<lambda()>", "holds", holds);
    report.ask("<lambda()>", "holds", holds);
    EXPECT_EQ(report.exit_code(), 0);
    int asked = 0;
    for (int i = 0; i != 2; ++i)
        report.ask("<lambda()>", "holds", [&] {
            ++asked;
            return verdict("but it doesn't");
        });
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(report.exit_code(), 1);
}

} // namespace
