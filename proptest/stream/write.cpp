// Writing: what leaves is one message, whatever the shape of its memory, the cuts and the failures.
#include <gtest/gtest.h>

#include <array>
#include <list>
#include <string>
#include <vector>

#include <stream/fixture.hpp>

namespace {

using namespace weft;
using namespace weft::proptest;

using from_server = open_with_peer<server>;
using from_client = open_with_peer<client>;

std::string pattern(std::size_t n)
{
    std::string s(n, '\0');
    for (std::size_t i = 0; i < n; ++i)
        s[i] = static_cast<char>('a' + i % 23);
    return s;
}

template <class Stream, class Buffers>
outcome write(open_with_peer<Stream>& f, message_kind kind, const Buffers& buffers)
{
    outcome o;
    f.stream.async_write(kind, buffers, into(o));
    f.poll();
    return o;
}

template <class Stream>
outcome write_some(open_with_peer<Stream>& f, bool fin, message_kind kind, const std::string& bytes)
{
    outcome o;
    f.stream.async_write_some(fin, kind, asio::buffer(bytes), into(o));
    f.poll();
    return o;
}

// The one message that was written, which must be all that was written.
template <class Peer>
std::string only_message(Peer& f, message_kind kind)
{
    const auto run = f.written();
    if (run.happenings.size() != 1 || run.happenings[0].what != event::type::message ||
        run.happenings[0].kind != kind || run.happenings[0].settled != f.wire().size())
        return "not one message: " + test::print(run.happenings);
    return text_of(run.happenings[0].payload);
}

const std::size_t sizes[] = {0, 1, 2, 125, 126, 127, 1000, 8185, 8186, 8187, 65535, 65536, 70000};

template <class Peer>
void sends_messages_of_all_sizes()
{
    for (const std::size_t size : sizes)
        for (const std::size_t chunk :
             {std::size_t{1}, std::size_t{3}, std::size_t{4096}, test::mock_plan::never}) {
            if (size > 10000 && chunk < 4096)
                continue;
            Peer f;
            f.stream.next_layer().plan().write_sizes = {chunk};
            const std::string message = pattern(size);
            const outcome o = write(f, message_kind::binary, asio::buffer(message));
            ASSERT_TRUE(o.ok(size)) << o;
            ASSERT_EQ(only_message(f, message_kind::binary), message);
            ASSERT_EQ(message, pattern(size)) << "the caller's bytes stay as they are";
        }
}

TEST(Write, sends_a_servers_messages_of_all_sizes_through_short_writes)
{
    sends_messages_of_all_sizes<from_server>();
}

TEST(Write, sends_a_clients_messages_of_all_sizes_through_short_writes)
{
    sends_messages_of_all_sizes<from_client>();
}

template <class Peer>
std::string wire_of_shape(const std::vector<std::size_t>& shape, const std::string& message,
                          std::vector<std::size_t> write_sizes)
{
    Peer f;
    f.stream.next_layer().plan().write_sizes = std::move(write_sizes);
    std::vector<asio::const_buffer> buffers;
    std::size_t at = 0;
    for (const std::size_t n : shape) {
        buffers.emplace_back(asio::buffer(message) + at);
        buffers.back() = asio::buffer(buffers.back(), n);
        at += n;
    }
    buffers.emplace_back(asio::buffer(message) + at);
    EXPECT_TRUE(write(f, message_kind::text, buffers).ok(message.size()));
    return f.wire();
}

TEST(Write, sends_the_same_bytes_for_every_shape_of_the_buffers)
{
    const std::string message = pattern(500);
    const std::vector<std::vector<std::size_t>> shapes = {{0},
                                                          {1},
                                                          {0, 0, 1, 0},
                                                          {250},
                                                          {499},
                                                          std::vector<std::size_t>(64, 1),
                                                          std::vector<std::size_t>(64, 0),
                                                          {500, 0, 0},
                                                          {3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3}};
    const std::string server_wire = wire_of_shape<from_server>({}, message, {});
    const std::string client_wire = wire_of_shape<from_client>({}, message, {});
    for (const auto& shape : shapes)
        for (const std::vector<std::size_t>& cuts :
             {std::vector<std::size_t>{}, {1}, {5, 1, 100}}) {
            EXPECT_EQ(wire_of_shape<from_server>(shape, message, cuts), server_wire);
            EXPECT_EQ(wire_of_shape<from_client>(shape, message, cuts), client_wire);
        }
}

TEST(Write, a_servers_message_of_a_few_buffers_is_one_write)
{
    from_server f;
    const std::string message = pattern(100000);
    const std::array<asio::const_buffer, 3> buffers{
        asio::buffer(message, 10), asio::buffer(message) + 10, {}};
    EXPECT_TRUE(write(f, message_kind::binary, buffers).ok(message.size()));
    EXPECT_EQ(f.stream.next_layer().writes(), 1u);
}

template <class Peer>
void pieces_are_one_message()
{
    const std::string message = pattern(300);
    for (const std::size_t piece : {1u, 2u, 126u, 299u, 300u}) {
        Peer f;
        for (std::size_t at = 0; at < message.size(); at += piece) {
            const bool fin = at + piece >= message.size();
            // Only the first piece's kind counts.
            const auto kind = at == 0 ? message_kind::text : message_kind::binary;
            ASSERT_TRUE(!write_some(f, fin, kind, message.substr(at, piece)).ec);
        }
        ASSERT_EQ(only_message(f, message_kind::text), message);
        ASSERT_EQ(f.written().frames.size(), (message.size() + piece - 1) / piece);
    }
}

TEST(WriteSome, pieces_are_one_message_of_the_first_ones_kind)
{
    pieces_are_one_message<from_server>();
    pieces_are_one_message<from_client>();
}

TEST(WriteSome, empty_pieces_are_frames_as_well)
{
    from_server f;
    EXPECT_TRUE(write_some(f, false, message_kind::text, "").ok(0));
    EXPECT_TRUE(write_some(f, false, message_kind::text, "x").ok(1));
    EXPECT_TRUE(write_some(f, true, message_kind::text, "").ok(0));
    EXPECT_EQ(only_message(f, message_kind::text), "x");
    EXPECT_EQ(f.written().frames.size(), 3u);
}

TEST(Write, ends_the_message_that_write_some_began)
{
    from_client f;
    EXPECT_TRUE(write_some(f, false, message_kind::binary, "begun ").ok(6));
    EXPECT_TRUE(write(f, message_kind::text,
                      asio::buffer("\xFF"
                                   "ended",
                                   6))
                    .ok(6));
    EXPECT_EQ(only_message(f, message_kind::binary), "begun \xFF"
                                                     "ended");
}

template <class Peer>
void fragments_by_itself(std::size_t size, std::size_t most)
{
    Peer f;
    f.stream.auto_fragment(most);
    f.stream.next_layer().plan().write_sizes = {7, 1, 1000};
    const std::string message = pattern(size);
    ASSERT_TRUE(write(f, message_kind::text, asio::buffer(message)).ok(size));
    ASSERT_EQ(only_message(f, message_kind::text), message);
    const auto frames = f.written().frames;
    ASSERT_EQ(frames.size(), most == 0 || size == 0 ? 1 : (size + most - 1) / most);
    for (std::size_t i = 0; most != 0 && i + 1 < frames.size(); ++i)
        ASSERT_EQ(frames[i].size, most);
}

TEST(AutoFragment, cuts_messages_into_frames_of_the_chosen_size_and_one_rest)
{
    for (const std::size_t size : {0u, 1u, 10u, 125u, 126u, 1000u})
        for (const std::size_t most : {0u, 1u, 9u, 10u, 11u, 125u, 126u, 999u, 1000u, 1001u}) {
            fragments_by_itself<from_server>(size, most);
            fragments_by_itself<from_client>(size, most);
        }
}

template <class Peer>
void leaves_in_few_writes()
{
    Peer f;
    f.stream.auto_fragment(100);
    auto& layer = f.stream.next_layer();
    const std::size_t before = layer.operations();
    ASSERT_TRUE(write(f, message_kind::binary, asio::buffer(pattern(1600))).ok(1600));
    EXPECT_EQ(f.written().frames.size(), 16u);
    EXPECT_LE(layer.operations() - before, 4u);
}

TEST(AutoFragment, writes_several_frames_at_a_time)
{
    leaves_in_few_writes<from_server>();
    leaves_in_few_writes<from_client>();
}

TEST(AutoFragment, leaves_the_frames_of_write_some_alone)
{
    from_server f;
    f.stream.auto_fragment(2);
    EXPECT_TRUE(write_some(f, true, message_kind::text, "longer").ok(6));
    EXPECT_EQ(f.written().frames.size(), 1u);
}

template <class Peer>
void counts_what_the_layer_took(std::size_t fail_at)
{
    Peer f;
    const std::string message = pattern(40);
    f.stream.auto_fragment(16);
    f.stream.next_layer().plan().write_sizes = {5};
    f.stream.next_layer().plan().fail_at = fail_at;
    f.stream.next_layer().plan().fail_with = asio::error::broken_pipe;
    const outcome o = write(f, message_kind::text, asio::buffer(message));
    ASSERT_EQ(o.calls, 1);
    const auto run = f.written();
    std::size_t payload = 0;
    for (const auto& frame : run.frames)
        payload += std::min<std::size_t>(frame.size, f.wire().size() - frame.payload);
    ASSERT_EQ(o.bytes, payload) << "failure at " << fail_at;
    ASSERT_EQ(o.ec,
              payload == message.size() ? error_code() : error_code(asio::error::broken_pipe));
    if (!o.ec)
        return;
    // The cause stays the answer of every operation, and nothing else leaves.
    ASSERT_TRUE(write(f, message_kind::text, asio::buffer("x", 1)).is(o.ec, 0));
    ASSERT_FALSE(f.stream.is_open());
    std::string none;
    outcome reading;
    f.stream.async_read(asio::dynamic_buffer(none), into(reading));
    f.poll();
    ASSERT_TRUE(reading.is(o.ec, 0));
}

TEST(Write, counts_the_bytes_that_the_layer_took_wherever_it_fails)
{
    for (std::size_t fail_at = 0; fail_at < 14; ++fail_at) {
        counts_what_the_layer_took<from_server>(fail_at);
        counts_what_the_layer_took<from_client>(fail_at);
    }
}

TEST(Write, text_that_is_not_utf8_is_refused_with_nothing_sent)
{
    for (const std::string& bad : {std::string("\xFF"), std::string("ok\xC3"),
                                   std::string("\xED\xA0\x80"), std::string("\xC0\x80")}) {
        from_server f;
        EXPECT_TRUE(write(f, message_kind::text, asio::buffer(bad)).is(error::text_not_utf8, 0));
        EXPECT_EQ(f.stream.next_layer().operations(), 0u);
        EXPECT_TRUE(f.stream.is_open());
        EXPECT_TRUE(write(f, message_kind::binary, asio::buffer(bad)).ok(bad.size()));
        EXPECT_EQ(only_message(f, message_kind::binary), bad);
    }
}

TEST(WriteSome, text_may_be_cut_anywhere_but_must_be_whole_at_its_end)
{
    const std::string euro = "\xE2\x82\xAC";
    from_server f;
    EXPECT_TRUE(write_some(f, false, message_kind::text, euro.substr(0, 1)).ok(1));
    EXPECT_TRUE(write_some(f, false, message_kind::text, "x").is(error::text_not_utf8, 0));
    EXPECT_TRUE(write_some(f, false, message_kind::text, euro.substr(1, 1)).ok(1));
    EXPECT_TRUE(write_some(f, true, message_kind::text, "").is(error::text_not_utf8, 0));
    EXPECT_TRUE(write_some(f, true, message_kind::text, euro.substr(2)).ok(1));
    EXPECT_EQ(only_message(f, message_kind::text), euro);
    EXPECT_TRUE(write(f, message_kind::text, asio::buffer("next", 4)).ok(4));
}

TEST(Write, its_synchronous_forms_do_the_same)
{
    from_client f;
    f.stream.next_layer().plan().write_sizes = {3};
    error_code ec = asio::error::fault;
    EXPECT_EQ(f.stream.write(message_kind::text, asio::buffer("one", 3), ec), 3u);
    EXPECT_FALSE(ec);
    EXPECT_EQ(f.stream.write(message_kind::text, asio::buffer("two", 3)), 3u);
    ec = asio::error::fault;
    EXPECT_EQ(f.stream.write_some(false, message_kind::text, asio::buffer("th", 2), ec), 2u);
    EXPECT_FALSE(ec);
    EXPECT_EQ(f.stream.write_some(true, message_kind::text, asio::buffer("ree", 3)), 3u);
    const auto run = f.written();
    ASSERT_EQ(run.happenings.size(), 3u);
    EXPECT_EQ(text_of(run.happenings[2].payload), "three");
    EXPECT_THROW(f.stream.write(message_kind::text, asio::buffer("\xFF", 1)),
                 boost::system::system_error);
}

TEST(Write, of_a_stream_that_is_not_open_is_refused)
{
    with_peer<client> f;
    outcome o, p;
    f.stream.async_write(message_kind::text, asio::buffer("x", 1), into(o));
    f.stream.async_ping({}, into(p));
    EXPECT_TRUE(o.pending() && p.pending());
    f.poll();
    EXPECT_TRUE(o.is(error::not_open, 0) && p.is(error::not_open));
    EXPECT_EQ(f.wire(), "");
}

TEST(Write, without_a_kind_has_the_streams_default)
{
    from_client f;
    outcome o;
    error_code ec;
    f.stream.async_write(asio::buffer("a", 1), into(o));
    f.poll();
    f.stream.default_kind(message_kind::text);
    EXPECT_EQ(f.stream.write(asio::buffer("b", 1)), 1u);
    f.stream.write(asio::buffer("\xFF", 1), ec);
    EXPECT_TRUE(o.ok(1));
    EXPECT_EQ(ec, error::text_not_utf8);
    const auto run = f.written();
    ASSERT_EQ(run.happenings.size(), 2u);
    EXPECT_EQ(run.happenings[0].kind, message_kind::binary);
    EXPECT_EQ(run.happenings[1].kind, message_kind::text);
}

} // namespace
