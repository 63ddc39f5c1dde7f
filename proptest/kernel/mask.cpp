// Masking kernels (RFC 6455 §5.3). Each law runs for each kernel of the table below.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <guarded.hpp>
#include <weft/policy/masking.hpp>
#include <weft/test/masking_laws.hpp>

namespace {

using weft::masking_key;
using bytes = std::vector<std::byte>;

struct subject
{
    std::string name;
    std::function<void(std::span<std::byte>, masking_key, std::size_t)> apply;
};

// Each kernel of this processor, in place and from another place, and each policy.
std::vector<subject> subjects()
{
    std::vector<subject> all{{"policy_simd", weft::masking::simd::apply},
                             {"policy_word", weft::masking::word::apply},
                             {"policy_bytewise", weft::masking::bytewise::apply}};
    for (const auto& kernel : weft::kernel::mask_kernels()) {
        const auto apply = kernel.apply;
        all.push_back({"in_place_" + std::string(kernel.name),
                       [apply](std::span<std::byte> octets, masking_key k, std::size_t phase) {
                           apply(octets.data(), octets.data(), octets.size(), k, phase);
                       }});
        all.push_back({"copy_" + std::string(kernel.name),
                       [apply](std::span<std::byte> octets, masking_key k, std::size_t phase) {
                           const bytes from(octets.begin(), octets.end());
                           const bytes before = from;
                           std::fill(octets.begin(), octets.end(), std::byte{0x5A});
                           apply(octets.data(), from.data(), from.size(), k, phase);
                           EXPECT_EQ(from, before);
                       }});
    }
    return all;
}

constexpr std::size_t size_max = 300;
constexpr masking_key key{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};

// No two neighbours are equal, and nothing repeats with a period that divides a vector.
std::byte pattern(std::size_t i) { return static_cast<std::byte>((i * 151 + i / 7 + 13) % 251); }

bytes payload(std::size_t size)
{
    bytes out(size);
    for (std::size_t i = 0; i < size; ++i)
        out[i] = pattern(i);
    return out;
}

// "j = i MOD 4; transformed-octet-i = original-octet-i XOR masking-key-octet-j"
bytes masked_by_the_rfc(bytes octets, masking_key k, std::size_t phase)
{
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const std::size_t j = (phase % 4 + i) % 4;
        octets[i] = octets[i] ^ k[j];
    }
    return octets;
}

class mask : public testing::TestWithParam<subject>
{
protected:
    static bytes masked(bytes octets, masking_key k, std::size_t phase)
    {
        GetParam().apply(octets, k, phase);
        return octets;
    }
};

INSTANTIATE_TEST_SUITE_P(of, mask, testing::ValuesIn(subjects()),
                         [](const auto& kernel) { return kernel.param.name; });

TEST_P(mask, the_example_of_the_rfc_comes_out_as_printed)
{
    const bytes hello{std::byte{'H'}, std::byte{'e'}, std::byte{'l'}, std::byte{'l'},
                      std::byte{'o'}};
    EXPECT_EQ(masked(hello, key, 0), (bytes{std::byte{0x7f}, std::byte{0x9f}, std::byte{0x4d},
                                            std::byte{0x51}, std::byte{0x58}}));
}

// What the key's bytes do can't depend on the byte order of the machine: zeros show the key.
TEST_P(mask, zeros_become_the_keys_bytes_in_wire_order)
{
    for (std::size_t phase = 0; phase < 4; ++phase) {
        const bytes shown = masked(bytes(size_max), key, phase);
        for (std::size_t i = 0; i < size_max; ++i)
            ASSERT_EQ(shown[i], key[(phase + i) % 4]) << i;
    }
}

TEST_P(mask, every_length_alignment_phase_and_cut_is_masked_as_the_rfc_says_and_no_other_byte)
{
    // `simd` is to be asked as it comes.
    const auto fastest = weft::kernel::mask_kernels().front();
    bytes some = payload(size_max);
    weft::masking::simd::apply(some, key, 0);
    ASSERT_EQ(weft::kernel::detail::active_mask.load(), fastest.apply);
    const auto wrong = weft::test::for_each_masking_case([](const weft::test::payload_case& in) {
        return weft::test::masking_is_the_reference(GetParam().apply, in);
    });
    EXPECT_FALSE(wrong) << *wrong;
}

TEST_P(mask, not_a_byte_outside_is_touched_or_read)
{
    weft::proptest::guarded memory(size_max);
    for (std::size_t size = 0; size <= size_max; ++size)
        for (std::size_t phase = 0; phase < 4; ++phase)
            for (const auto octets : {memory.front(size), memory.back(size)}) {
                const bytes before(octets.begin(), octets.end());
                GetParam().apply(octets, key, phase);
                ASSERT_EQ(bytes(octets.begin(), octets.end()),
                          masked_by_the_rfc(before, key, phase));
            }
}

TEST_P(mask, a_phase_counts_only_modulo_four_however_far_the_payload_has_come)
{
    const std::size_t far[] = {4,
                               5,
                               6,
                               7,
                               4095,
                               (std::size_t{1} << 32) + 3,
                               ~std::size_t{0},
                               ~std::size_t{0} - 1,
                               ~std::size_t{0} - 2};
    for (const std::size_t phase : far)
        for (const std::size_t size : {0U, 1U, 7U, 8U, 33U, 130U})
            EXPECT_EQ(masked(payload(size), key, phase), masked(payload(size), key, phase % 4));
}

RC_GTEST_PROP(mask_property, masking_twice_with_the_same_key_gives_the_payload_back, ())
{
    const auto octets = *rc::gen::container<std::vector<std::uint8_t>>(
        *rc::gen::inRange<std::size_t>(0, 6000), rc::gen::arbitrary<std::uint8_t>());
    const auto k = *rc::gen::arbitrary<std::array<std::uint8_t, 4>>();
    const auto phase = *rc::gen::arbitrary<std::size_t>();
    const masking_key any{std::byte{k[0]}, std::byte{k[1]}, std::byte{k[2]}, std::byte{k[3]}};
    const auto view = std::as_bytes(std::span(octets));
    const bytes original(view.begin(), view.end());
    for (const subject& kernel : subjects()) {
        bytes now = original;
        kernel.apply(now, any, phase);
        RC_ASSERT(now == masked_by_the_rfc(original, any, phase));
        kernel.apply(now, any, phase);
        RC_ASSERT(now == original);
    }
}

TEST(mask_kernels, the_one_that_is_forced_is_used_from_then_on)
{
    namespace kernel = weft::kernel;
    for (const kernel::mask_kernel& k : kernel::mask_kernels()) {
        EXPECT_TRUE(kernel::force_mask_kernel(k.name));
        EXPECT_EQ(kernel::detail::active_mask.load(), k.apply);
        EXPECT_FALSE(kernel::force_mask_kernel("abacus"));
        EXPECT_EQ(kernel::detail::active_mask.load(), k.apply);
    }
    kernel::force_mask_kernel(kernel::mask_kernels().front().name); // what the other tests expect
}

TEST(mask_kernels, what_is_forced_between_a_choice_and_its_store_stays)
{
    std::atomic<int> active{0};
    EXPECT_EQ(weft::kernel::detail::settle(active, 0, 1), 1);
    EXPECT_EQ(active, 1);
    active = 2;
    EXPECT_EQ(weft::kernel::detail::settle(active, 0, 1), 2);
    EXPECT_EQ(active, 2);
}

// The last must run everywhere, and who can run one of them those behind it.
TEST(mask_kernels, are_those_that_the_processor_supports_with_the_portable_ones_last)
{
    using weft::kernel::supports;
    const auto listed = weft::kernel::mask_kernels();
    EXPECT_EQ(listed.back().name, "bytewise");
    for (const auto& k : weft::kernel::detail::compiled_mask_kernels)
        EXPECT_EQ(supports(k.needs),
                  std::ranges::any_of(listed, [&](const auto& l) { return l.name == k.name; }))
            << k.name;
}

#if WEFT_X86
TEST(mask_kernels, need_what_the_system_says_of_the_processor)
{
    using weft::kernel::isa, weft::kernel::supports;
    std::string line;
    for (std::ifstream file("/proc/cpuinfo"); std::getline(file, line);)
        if (line.starts_with("flags"))
            break;
    if (line.empty())
        GTEST_SKIP() << "another system than Linux";
    line += ' ';
    const auto has = [&line](const char* flag) { return line.find(flag) != line.npos; };
    EXPECT_EQ(supports(isa::ssse3), has(" ssse3 "));
    EXPECT_EQ(supports(isa::avx2), has(" avx2 "));
    EXPECT_EQ(supports(isa::avx512), has(" avx512f ") && has(" avx512bw "));
}
#endif

TEST(mask_kernels, the_one_that_the_environment_names_is_chosen_or_else_the_first)
{
    using kernels =
        weft::kernel::detail::supported_kernels<weft::kernel::detail::compiled_mask_kernels>;
    constexpr auto variable = "WEFT_TEST_KERNEL";
    for (const auto& k : kernels::list()) {
        ASSERT_EQ(setenv(variable, std::string(k.name).c_str(), 1), 0);
        EXPECT_EQ(kernels::chosen(variable).name, k.name);
    }
    setenv(variable, "abacus", 1);
    EXPECT_EQ(&kernels::chosen(variable), &kernels::list().front());
    unsetenv(variable);
    EXPECT_EQ(&kernels::chosen(variable), &kernels::list().front());
}

// What a machine of that byte order loads from these bytes.
std::uint32_t loaded(const masking_key& from, std::endian order)
{
    std::uint32_t word = 0;
    for (std::size_t i = 0; i != 4; ++i) {
        const std::size_t place = order == std::endian::little ? i : 3 - i;
        word |= std::to_integer<std::uint32_t>(from[i]) << 8 * place;
    }
    return word;
}

TEST(Key, is_moved_on_as_its_bytes_are_on_machines_of_either_byte_order)
{
    const masking_key whole{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}};
    for (const std::endian order : {std::endian::little, std::endian::big})
        for (std::size_t phase = 0; phase != 8; ++phase) {
            masking_key moved;
            for (std::size_t i = 0; i != 4; ++i)
                moved[i] = whole[(phase + i) % 4];
            EXPECT_EQ(weft::kernel::detail::turned(loaded(whole, order), phase, order),
                      loaded(moved, order))
                << phase;
        }
}

} // namespace
