// What came of asking the laws, as lines for a person; for programs without a test library.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_LAW_REPORT_HPP
#define WEFT_TEST_LAW_REPORT_HPP

#include <cstdio>
#include <set>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>

#include <weft/test/verdict.hpp>

namespace weft::test {

/// The name of a type, as the compiler writes it.
template <class T>
std::string name_of_type()
{
    std::string_view function = std::source_location::current().function_name();
    const auto from = function.find("T = ");
    if (from == function.npos)
        return "a policy";
    function.remove_prefix(from + 4);
    return std::string(function.substr(0, function.find_first_of(";]")));
}

class law_report
{
public:
    /// Asks once: `law()` returns a verdict about `subject`. Another law is one of another type:
    /// the names of two policies may be the same.
    template <class Law>
    void ask(const std::string& subject, const std::string& sentence, Law law)
    {
        if (!asked_.insert({&place_of<Law>, subject + sentence}).second)
            return;
        if (const verdict wrong = law()) {
            ++broken_;
            std::printf("BROKEN  %s: %s\n        %s\n", subject.c_str(), sentence.c_str(),
                        wrong->c_str());
        } else
            std::printf("holds   %s: %s\n", subject.c_str(), sentence.c_str());
        std::fflush(stdout);
    }

    /// For `main`. That nothing was asked is a failure: it would look like laws that hold.
    int exit_code() const
    {
        std::printf("%zu laws asked, %zu broken\n", asked_.size(), broken_);
        return asked_.empty() || broken_ != 0 ? 1 : 0;
    }

private:
    template <class Law>
    inline static char place_of = 0;

    std::set<std::pair<const char*, std::string>> asked_{};
    std::size_t broken_ = 0;
};

} // namespace weft::test

#endif
