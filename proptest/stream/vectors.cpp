// Every vector of RFC 6455 as a script over the mock, whole and byte by byte, and once more for
// each operation of the layer below that may fail. SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <protocol/vectors/vectors.hpp>
#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

/// What a program that reads until the end has seen.
struct reading
{
    std::vector<std::pair<message_kind, std::string>> messages;
    error_code end;
    std::size_t completions = 0;
    bool failure_was_reached = false;
    test::model_run written;
};

std::vector<std::pair<message_kind, std::string>> messages_of(const vectors::vector& v)
{
    std::vector<std::pair<message_kind, std::string>> out;
    for (const test::happening& h : v.expected)
        if (h.what == event::type::message)
            out.emplace_back(h.kind, text_of(h.payload));
    return out;
}

error_code end_of(const vectors::vector& v)
{
    if (!v.expected.empty() && v.expected.back().what == event::type::fault)
        return v.expected.back().fault;
    if (!v.expected.empty() && v.expected.back().what == event::type::close)
        return error::closed;
    return error::connection_lost;
}

template <class Stream>
class script : public open_with_peer<Stream>
{
public:
    reading run(const vectors::vector& v, test::mock_plan plan)
    {
        const std::size_t fail_at = plan.fail_at;
        this->stream.next_layer().plan() = std::move(plan);
        this->give(v.wire);
        error_code ignored;
        this->peer.shutdown(asio::socket_base::shutdown_send, ignored);
        read();
        this->poll();
        seen_.failure_was_reached = this->stream.next_layer().operations() > fail_at;
        seen_.written = this->written();
        return seen_;
    }

private:
    void read()
    {
        message_.clear();
        this->stream.async_read(asio::dynamic_buffer(message_), [this](error_code ec, std::size_t) {
            ++seen_.completions;
            seen_.end = ec;
            if (ec)
                return;
            seen_.messages.emplace_back(this->stream.received_kind(), message_);
            read();
        });
    }

    std::string message_;
    reading seen_;
};

template <class Stream>
void expect_as_written(const vectors::vector& v, const test::mock_plan& plan)
{
    const reading seen = script<Stream>().run(v, plan);
    EXPECT_EQ(seen.messages, messages_of(v));
    EXPECT_EQ(seen.end, end_of(v)) << seen.end.message();
    EXPECT_EQ(seen.completions, seen.messages.size() + 1);
    EXPECT_EQ(seen.written.unfinished, test::model_run().unfinished);
}

// A failure of the layer loses nothing that came before it, completes the read that it struck, and
// leaves on the wire whole frames and at most one that is cut.
template <class Stream>
void expect_no_harm_of_a_failure(const vectors::vector& v, test::mock_plan plan)
{
    const auto expected = messages_of(v);
    bool reached = true;
    for (plan.fail_at = 0; reached; ++plan.fail_at) {
        const reading seen = script<Stream>().run(v, plan);
        reached = seen.failure_was_reached;
        ASSERT_LE(seen.messages.size(), expected.size());
        for (std::size_t i = 0; i < seen.messages.size(); ++i)
            EXPECT_EQ(seen.messages[i], expected[i]);
        EXPECT_EQ(seen.completions, seen.messages.size() + 1);
        EXPECT_TRUE(seen.end == plan.fail_with || seen.end == end_of(v)) << seen.end.message();
        for (const test::happening& h : seen.written.happenings)
            EXPECT_NE(h.what, event::type::fault) << describe(h.fault).sentence;
    }
}

class Rfc6455 : public testing::TestWithParam<vectors::vector>
{};

TEST_P(Rfc6455, holds_for_a_stream)
{
    const vectors::vector& v = GetParam();
    for (const test::mock_plan& plan :
         {test::mock_plan{}, test::mock_plan{.read_sizes = {1}, .write_sizes = {1}}}) {
        if (v.from_client)
            expect_as_written<server>(v, plan);
        else
            expect_as_written<client>(v, plan);
    }
}

TEST_P(Rfc6455, holds_whichever_operation_of_the_layer_fails)
{
    const vectors::vector& v = GetParam();
    const test::mock_plan plan{.read_sizes = {3, 1, 70000}, .write_sizes = {1, 2}};
    if (v.from_client)
        expect_no_harm_of_a_failure<server>(v, plan);
    else
        expect_no_harm_of_a_failure<client>(v, plan);
}

INSTANTIATE_TEST_SUITE_P(, Rfc6455, testing::ValuesIn(vectors::all()),
                         [](const auto& v) { return "s" + v.param.shows; });

} // namespace
