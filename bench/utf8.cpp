// Checking UTF-8, and unmasking and checking, a whole message at a time: weft's kernels, policies
// of your own and the peers, beside memcpy of the same size. SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weft/kernel/mask_bytewise.hpp>
#include <weft/kernel/utf8_dfa.hpp>
#include <weft/kernel/utf8_kernels.hpp>
#include <weft/kernel/utf8_text.hpp>
#include <weft/test/wire_writer.hpp>

#include "kernels.hpp"
#include "own_policies.hpp"
#include "place.hpp"
#include "session.hpp"
#include "texts.hpp"

namespace {

using bench::checker;

// RFC 3629 §4 as one writes it down first.
bool naive(std::span<std::byte> bytes) noexcept
{
    const auto at = [&](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
    for (std::size_t i = 0; i < bytes.size();) {
        const unsigned lead = at(i);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || bytes.size() - i < size)
            return false;
        if (size > 1) {
            const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (at(i + 1) < low || at(i + 1) > high)
                return false;
        }
        for (std::size_t k = 2; k < size; ++k)
            if ((at(i + k) & 0xC0) != 0x80)
                return false;
        i += size;
    }
    return true;
}

bool dfa(std::span<std::byte> bytes) noexcept
{
    weft::kernel::utf8_dfa text;
    return text.write(bytes) == bytes.size() && text.complete();
}

// One of weft's kernels by its place in their list, which is looked at once.
template <std::size_t I>
struct kernel_at
{
    static std::size_t prefix(const std::byte* p, std::size_t n) noexcept { return function(p, n); }

    static inline weft::kernel::utf8_function function = nullptr;
};

template <class Kernel>
bool check(std::span<std::byte> bytes) noexcept
{
    weft::kernel::utf8_text<Kernel> text;
    return text.write(bytes) == bytes.size() && text.complete();
}

template <std::size_t I = 0>
void add_kernels(std::vector<checker>& all)
{
    if constexpr (I < weft::kernel::detail::compiled_utf8_kernels.size()) {
        if (I < weft::kernel::utf8_kernels().size()) {
            const weft::kernel::utf8_kernel& kernel = weft::kernel::utf8_kernels()[I];
            kernel_at<I>::function = kernel.prefix;
            all.push_back({std::string(kernel.name), check<kernel_at<I>>, nullptr});
            add_kernels<I + 1>(all);
        }
    }
}

// memcpy, which stands apart, is the roof. `strict` is weft's default, which chooses among the
// kernels, and unmasks and checks in one pass; in two it is what weft has given up.
std::vector<checker> checkers()
{
    using weft::masking::simd, weft::utf8::strict;
    std::vector<checker> all;
    all.push_back({"strict", bench::valid<strict>, bench::unmask_and_check<strict, simd>});
    all.push_back({"two passes", nullptr, bench::unmasked_and_valid<strict, simd>});
    add_kernels(all);
    all.push_back({"dfa", dfa, nullptr});
    all.push_back({"naive", naive, nullptr});
    const auto& others = bench::added<checker>();
    all.insert(all.end(), others.begin(), others.end());
    return all;
}

// With a key, where it unmasks, and at an offset of 0 to 63 bytes.
void verify(const checker& c, bool unmasks, const std::string& text, const std::string& kind)
{
    const checker::function f = unmasks ? c.unmask_and_check : c.check;
    bench::text_key = unmasks ? weft::test::example_key : weft::masking_key{};
    const std::string what = std::to_string(text.size()) + " bytes of " + kind;
    alignas(64) std::array<std::byte, 512> room{}; // websocketpp may touch what follows
    const std::span bytes = std::span(room).subspan(text.size() % 64, text.size());
    const auto judge = [&](std::string_view plain) {
        std::ranges::copy(std::as_bytes(std::span(plain)), bytes.begin());
        weft::kernel::mask_bytewise(bytes.data(), bytes.data(), bytes.size(), bench::text_key, 0);
        return f(bytes);
    };
    if (!judge(text) || !std::ranges::equal(bytes, std::as_bytes(std::span(text))))
        bench::wrong(c.name, what);
    if (!text.empty()) {
        std::string broken = text;
        broken[text.size() / 2] = '\xFF';
        if (judge(broken))
            bench::wrong(c.name, what + " with a byte FF");
    }
    bench::text_key = {};
}

class benchmark_of_utf8
{
public:
    benchmark_of_utf8(int argc, char** argv) : session_(argc, argv)
    {
        for (const char* kind : bench::text_names)
            for (std::size_t size = 0; size <= 300; ++size) {
                const std::string text = bench::piece_of(bench::make_text(kind, size), 0, size);
                for (const checker& c : checkers_)
                    for (const bool unmasks : {false, true})
                        if ((unmasks ? c.unmask_and_check : c.check) != nullptr)
                            verify(c, unmasks, text, kind);
            }
    }

    int run()
    {
        for (const char* kind : bench::text_names)
            for (const std::size_t size : bench::sizes(session_.all())) {
                const bool all = session_.all();
                group("check", kind, {size, 6, false});
                group("unmask_and_check", kind, {size, 6, false});
                if (all)
                    group("check", kind, {size, 0, false});
                if (size >= 64 && (all || kind == std::string_view("real"))) {
                    group("check", kind, {size, 6, true});
                    group("unmask_and_check", kind, {size, 6, true});
                }
            }
        for (const std::size_t size : {125U, 1024U, 65536U})
            for (const std::size_t offset : {1U, 8U, 14U, 31U, 63U})
                group("unmask_and_check", "mixed", {size, offset, false});
        return session_.run();
    }

private:
    void group(const char* operation, std::string kind, const bench::place& p)
    {
        const std::string at = "/" + p.name() + "/text:" + kind;
        session_.group(
            operation + at, [this, kind, p] { arrange(kind, p); },
            [this, operation = std::string(operation), p, at] {
                session_.measure(operation + "/memcpy" + at, p, to_, from_,
                                 [n = p.size](std::byte* to, const std::byte* from) {
                                     std::memcpy(to, from, n);
                                     return true;
                                 });
                for (const checker& c : checkers_)
                    if (const auto f = operation == "check" ? c.check : c.unmask_and_check)
                        session_.measure(operation + "/" + c.name + at, p, to_, from_,
                                         [f, n = p.size](std::byte* to, const std::byte*) {
                                             return f(std::span(to, n));
                                         });
            });
    }

    // Each buffer holds another piece of the text: a processor soon knows by heart what it reads
    // again and again. Both sides hold the same, so that memcpy changes nothing for the others.
    void arrange(const std::string& kind, const bench::place& p)
    {
        constexpr std::size_t start_max = 262144;
        const std::string text = bench::make_text(kind, p.size + start_max);
        for (bench::memory* side : {&to_, &from_}) {
            side->arrange(p);
            side->fill([&](std::size_t i) {
                return bench::piece_of(text, i * p.size % start_max, p.size);
            });
        }
    }

    bench::session session_;
    std::vector<checker> checkers_ = checkers();
    bench::memory to_{0};
    bench::memory from_{2048};
};

} // namespace

int main(int argc, char** argv) { return benchmark_of_utf8(argc, argv).run(); }
