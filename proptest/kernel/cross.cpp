// The laws of the kernels without a test library, so that any processor can be asked with nothing
// but its compiler: ./dev test --aarch64 runs it under an emulator.
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include <kernel/laws.hpp>
#include <weft/test/generators.hpp>

namespace {

std::size_t inputs = 0;

bool hold(const std::string& text, std::size_t phase, std::size_t cut)
{
    ++inputs;
    const weft::test::verdict broken =
        weft::proptest::kernels_are_their_references({.plain = std::as_bytes(std::span(text)),
                                                      .phase = phase % 4,
                                                      .offset = inputs % 64,
                                                      .cuts = {cut, cut + 1}});
    if (broken)
        std::printf("%s\n", broken->c_str());
    return !broken;
}

std::string repeated(std::string_view letter, std::size_t size)
{
    std::string text;
    while (text.size() + letter.size() <= size)
        text += letter;
    return text.append(size - text.size(), '-');
}

constexpr std::string_view letters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};

// Every length and phase; and every token, right or wrong, at every offset of two blocks.
bool all_hold()
{
    bool well = true;
    for (const std::string_view letter : letters) {
        for (std::size_t size = 0; size <= 300; ++size)
            for (std::size_t phase = 0; phase < 4; ++phase)
                well &= hold(repeated(letter, size), phase, size / 3);
        for (std::size_t at = 0; at <= 132; ++at)
            for (const auto& token : weft::test::utf8_tokens)
                well &= hold(repeated(letter, at).append(token.bytes) + repeated(letter, 200), at,
                             at + 1);
    }
    return well;
}

} // namespace

int main()
{
    for (const auto& k : weft::kernel::mask_kernels())
        std::printf("mask %.*s\n", static_cast<int>(k.name.size()), k.name.data());
    for (const auto& k : weft::kernel::utf8_kernels())
        std::printf("utf8 %.*s\n", static_cast<int>(k.name.size()), k.name.data());
    const bool well = all_hold();
    std::printf("%s on %zu inputs\n", well ? "all equal to their references" : "NOT EQUAL", inputs);
    return well ? 0 : 1;
}
