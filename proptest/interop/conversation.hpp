// What the C++ clients share: the messages of the conversation and its report. It knows no
// WebSocket library. SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conversation {

struct message
{
    bool binary = false;
    std::string bytes = {};
};

inline std::string text(std::size_t size)
{
    constexpr std::string_view unit = "aß漢😀"; // 1, 2, 3 and 4 bytes
    std::string made;
    made.reserve(size);
    while (made.size() + unit.size() <= size)
        made += unit;
    return made.append(size - made.size(), 'x');
}

// The period is prime, so that a lost or doubled block can't go unseen.
inline std::string binary(std::size_t size, std::size_t period = 251)
{
    std::string made(size, '\0');
    for (std::size_t i = 0; i != size; ++i)
        made[i] = static_cast<char>(i % period);
    return made;
}

struct echo_case
{
    std::string name;
    message sent;
};

inline std::vector<echo_case> echo_cases()
{
    std::vector<echo_case> cases;
    cases.push_back({"text-utf8", {false, "a ß 漢 😀 \xf4\x8f\xbf\xbf"}});
    for (std::size_t size : {0, 1, 125, 126, 65535, 65536, 16777210})
        cases.push_back({"text-" + std::to_string(size), {false, text(size)}});
    cases.push_back({"binary-every-byte", {true, binary(256, 256)}});
    for (std::size_t size : {0, 1, 125, 126, 65535, 65536, 16777216})
        cases.push_back({"binary-" + std::to_string(size), {true, binary(size)}});
    return cases;
}

struct fragmented_case
{
    std::string name;
    bool binary;
    std::vector<std::string> parts;

    message whole() const
    {
        message all{binary, {}};
        for (const auto& part : parts)
            all.bytes += part;
        return all;
    }
};

inline std::vector<fragmented_case> fragmented_cases()
{
    return {
        // Both ß and 漢 are cut: a fragment of a text need not be valid UTF-8 alone (RFC 6455
        // §5.6).
        {"fragmented-text", false, {"one \xc3", "\x9f, two \xe6\xbc", "", "\xa2, four 😀"}},
        {"fragmented-binary", true, {binary(3), binary(70000), "", binary(125)}},
    };
}

inline std::vector<std::string> ping_payloads()
{
    return {"", "with payload", std::string(125, 'x')};
}

struct exchange
{
    std::string_view name, question, answer;
};

inline constexpr exchange exchanges[] = {
    {"ping-me", "ping-me", "ponged"},
    {"frag-me", "frag-me", "fragmented ✓ message"},
};

inline std::string shown(const message& m)
{
    return std::string(m.binary ? "binary" : "text") + " of " + std::to_string(m.bytes.size()) +
           " bytes";
}

inline void same(const message& got, const message& expected)
{
    if (got.binary != expected.binary || got.bytes.size() != expected.bytes.size())
        throw std::runtime_error("got " + shown(got) + ", expected " + shown(expected));
    for (std::size_t i = 0; i != got.bytes.size(); ++i)
        if (got.bytes[i] != expected.bytes[i])
            throw std::runtime_error("byte " + std::to_string(i) + " of " + shown(got) +
                                     " is wrong");
}

struct close_frame
{
    unsigned code;
    std::string reason;
};

inline void same_close(const close_frame& got, const close_frame& expected)
{
    const auto shown = [](const close_frame& c) {
        return std::to_string(c.code) + " '" + c.reason + "'";
    };
    if (got.code != expected.code || got.reason != expected.reason)
        throw std::runtime_error("got close " + shown(got) + ", expected " + shown(expected));
}

class report
{
public:
    report() { std::setvbuf(stdout, nullptr, _IOLBF, 0); }
    void ok(std::string_view name)
    {
        std::printf("ok %.*s\n", static_cast<int>(name.size()), name.data());
    }
    void fail(std::string_view name, std::string_view why)
    {
        failed_ = true;
        std::printf("FAIL %.*s: %.*s\n", static_cast<int>(name.size()), name.data(),
                    static_cast<int>(why.size()), why.data());
    }
    int exit_code() const { return failed_ ? 1 : 0; }

private:
    bool failed_ = false;
};

// ws://127.0.0.1:PORT/
struct url
{
    std::string host, port;
    explicit url(std::string_view text)
    {
        const auto colon = text.rfind(':');
        if (!text.starts_with("ws://") || colon < 5)
            throw std::invalid_argument("the address must look like ws://127.0.0.1:PORT/");
        host = text.substr(5, colon - 5);
        port = text.substr(colon + 1, text.find('/', colon) - colon - 1);
    }
};

} // namespace conversation
