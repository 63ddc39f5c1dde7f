// The laws of the kernels without a test library, so that any processor can be asked with nothing
// but its compiler: ./dev test --aarch64 runs it under an emulator. Names of kernels as arguments,
// of masking and of UTF-8, are those that must be in use.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include <guarded.hpp>
#include <kernel/laws.hpp>

namespace {

using namespace weft;

std::size_t inputs = 0;

test::verdict all_mask(const test::payload_case& in)
{
    ++inputs;
    for (const kernel::mask_kernel& k : kernel::mask_kernels())
        if (const test::verdict wrong = proptest::masks(k, in))
            return std::string(k.name) + ": " + *wrong;
    return {};
}

test::verdict all_check(const test::payload_case& in)
{
    ++inputs;
    return proptest::kernels_check(in);
}

// Between pages that can't be touched, at each end of what is between them, since no sanitizer is
// where an emulator is.
test::verdict keep_to_their_bytes()
{
    constexpr std::size_t size_max = 600;
    proptest::guarded from(size_max), to(size_max);
    for (std::size_t size = 0; size <= size_max; ++size)
        for (const auto source : {from.front(size), from.back(size)})
            for (const auto target : {to.front(size), to.back(size)}) {
                ++inputs;
                std::ranges::fill(source, std::byte{'x'});
                for (const kernel::mask_kernel& k : kernel::mask_kernels())
                    k.apply(target.data(), source.data(), size, test::example_key, 1);
                for (const kernel::utf8_kernel& k : kernel::utf8_kernels())
                    if (k.prefix(source.data(), size) != size)
                        return std::string(k.name) + " doubts " + std::to_string(size) + " letters";
                for (const kernel::utf8_kernel& k : kernel::utf8_kernels())
                    (void)k.unmask(target.data(), source.data(), size, test::example_key, 1);
            }
    return {};
}

bool are_in_use(std::string_view mask, std::string_view utf8)
{
    std::array<std::byte, 100> some{};
    kernel::mask_best(some.data(), some.data(), some.size(), test::example_key, 0);
    some.fill(std::byte{0xC3});
    (void)kernel::utf8_best::prefix(some.data(), some.size());
    const auto masks = kernel::mask_kernels();
    const auto used = kernel::detail::active_mask.load();
    const auto is = std::ranges::find(masks, used, &kernel::mask_kernel::apply);
    const auto checks = kernel::detail::active_utf8.load();
    std::printf("in use: %s, %s\n", is->name.data(), checks->name.data());
    return is->name == mask && checks->name == utf8;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 3)
        return are_in_use(argv[1], argv[2]) ? 0 : 1;
    for (const auto& k : kernel::mask_kernels())
        std::printf("mask %s\n", k.name.data());
    for (const auto& k : kernel::utf8_kernels())
        std::printf("utf8 %s\n", k.name.data());
    test::verdict wrong = keep_to_their_bytes();
    if (!wrong)
        wrong = test::for_each_masking_case(all_mask);
    if (!wrong)
        wrong = test::for_each_text_case(all_check);
    std::printf("%s on %zu inputs\n", wrong ? wrong->c_str() : "all equal to their references",
                inputs);
    return wrong ? 1 : 0;
}
