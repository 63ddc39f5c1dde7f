// The grammar of Sec-WebSocket-Extensions against an independent reading of RFC 6455 §9.1.
// SPDX-License-Identifier: BSL-1.0

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <weft/handshake/extensions.hpp>

#include "handshake/messages.hpp"

using namespace messages;
using weft::handshake::count_extensions;
using weft::handshake::extensions;

namespace {

// The ABNF as a regular expression, with the blanks and empty elements that RFC 9110 §5.6.1 adds.
bool matches_grammar(const std::string& text)
{
    static const std::string token = "[-!#$%&'*+.^_`|~0-9A-Za-z]";
    static const std::string quoted = "\"(" + token + "|\\\\" + token + ")+\"";
    static const std::string param = token + "+([ \t]*=[ \t]*(" + token + "+|" + quoted + "))?";
    static const std::string extension = token + "+([ \t]*;[ \t]*" + param + ")*";
    static const std::string element = "[ \t]*(" + extension + "[ \t]*)?";
    static const std::regex list(element + "(," + element + ")*");
    return std::regex_match(text, list);
}

std::vector<std::string> walked(std::string_view text)
{
    std::vector<std::string> items;
    extensions walk(text);
    for (auto item = walk.next(); item != extensions::item::end; item = walk.next()) {
        if (item == extensions::item::malformed)
            return {"malformed"};
        const bool valued = item == extensions::item::parameter && walk.has_value();
        items.push_back((item == extensions::item::parameter ? ";" : "") +
                        std::string(walk.name()) + (valued ? "=" + walk.value() : ""));
    }
    return items;
}

struct offer
{
    std::string text;
    std::vector<std::string> items;
};

// A parameter in one of its forms: alone, with a token, quoted, quoted with backslashes.
void write_parameter(offer& made, const field& parameter)
{
    const auto& [key, value] = parameter;
    made.text += ";" + *blanks() + key + *blanks();
    made.items.push_back(";" + key);
    const int form = *rc::gen::inRange(0, 4);
    if (form == 0)
        return;
    made.items.back() += "=" + value;
    made.text += "=" + *blanks() + (form == 1 ? "" : "\"");
    for (const char c : value)
        made.text += std::string(form == 3 ? "\\" : "") + c;
    made.text += (form == 1 ? "" : "\"") + *blanks();
}

rc::Gen<offer> written()
{
    return rc::gen::resize(
        8, rc::gen::exec([] {
            offer made{*blanks(), {}};
            for (const auto& name : *rc::gen::container<std::vector<std::string>>(token())) {
                made.text += (made.items.empty() ? "" : ",") + *blanks() + name + *blanks();
                made.items.push_back(name);
                for (const auto& p : *rc::gen::container<fields>(rc::gen::pair(token(), token())))
                    write_parameter(made, p);
            }
            return made;
        }));
}

} // namespace

RC_GTEST_PROP(handshake_extensions, the_walk_accepts_what_the_grammar_accepts, ())
{
    std::string text = (*written()).text;
    for (int edits = *rc::gen::inRange(0, 3); edits > 0 && !text.empty(); --edits) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        text.replace(at, *rc::gen::inRange<std::size_t>(0, 2), *of_chars("a;,=\"\\ ("), 0, 2);
    }
    RC_CLASSIFY(count_extensions(text) >= 0, "well formed");
    RC_ASSERT((count_extensions(text) >= 0) == matches_grammar(text));
}

RC_GTEST_PROP(handshake_extensions, what_was_written_is_walked, ())
{
    const offer made = *written();
    RC_ASSERT(walked(made.text) == made.items);
}

TEST(handshake_extensions, what_browsers_offer_is_walked)
{
    EXPECT_EQ(walked("permessage-deflate; client_max_window_bits"),
              (std::vector<std::string>{"permessage-deflate", ";client_max_window_bits"}));
    EXPECT_EQ(walked("a; x=\"1\\0\"; y , b;z=2"),
              (std::vector<std::string>{"a", ";x=10", ";y", "b", ";z=2"}));
}

TEST(handshake_extensions, malformed_stays_malformed)
{
    for (const std::string_view text :
         {";", "a;", "a;;b", "a; x=", "a; =1", "a b", "a; x=\"\"", "a; x=\"1", "a; x=\"1\\",
          "a; x=\"(1\"", "a; x=\"1 2\"", "a; x=\"1,2\"", "a=1", "\"a\"", "a; x=1 y", "a; x=\"1\"2",
          "a/b"}) {
        extensions walk(text);
        for (int i = 0; i < 5; ++i)
            if (walk.next() == extensions::item::malformed)
                break;
        EXPECT_EQ(walk.next(), extensions::item::malformed) << text;
        EXPECT_EQ(count_extensions(text), -1) << text;
    }
}
