// One echo script over every combination of policies: what can be observed does not depend on them.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_PROPTEST_STREAM_MATRIX_HPP
#define WEFT_PROPTEST_STREAM_MATRIX_HPP

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <matrix.hpp>
#include <stream/fixture.hpp>

namespace weft::proptest {

/// What a user and a peer see of an echo server, or client, that is given this wire.
template <class Stream>
std::vector<std::string> trace_of_echo(std::size_t chunk)
{
    open_with_peer<Stream> f;
    auto& plan = f.stream.next_layer().plan();
    plan.read_sizes = {chunk};
    plan.write_sizes = {chunk};
    f.stream.auto_fragment(chunk * 10);
    f.give(f.frames()
               .add(opcode::text, "\xE2\x82\xAC and some ASCII to make it longer than a word")
               .add(opcode::binary, std::string(400, '\xFF'), false)
               .add(opcode::ping, "now")
               .add(opcode::continuation, "end")
               .add(opcode::text, "")
               .close(3000, "enough"));
    std::vector<std::string> trace;
    const auto note = [&](const char* what, const outcome& o) {
        trace.push_back(what + std::to_string(o.calls) + o.ec.message() + std::to_string(o.bytes));
    };
    for (outcome read; !read.ec;) {
        std::string message;
        read = {};
        outcome write;
        f.stream.async_read(asio::dynamic_buffer(message), into(read));
        f.poll();
        note("read ", read);
        trace.push_back(message);
        if (read.ec)
            break;
        f.stream.async_write(f.stream.received_kind(), asio::buffer(message), into(write));
        f.poll();
        note("write ", write);
    }
    trace.push_back(test::print(f.written().happenings));
    for (const auto& frame : f.written().frames)
        trace.push_back("frame of " + std::to_string(frame.size));
    trace.push_back(std::string(f.stream.peer_close().reason));
    return trace;
}

/// For all of the maskings and checks, with the given policies, the trace is the default's.
template <class Role, class Buffer, class Keys>
void traces_are_the_defaults()
{
    for (const std::size_t chunk : {1u, 3u, 1000u}) {
        const auto expected = trace_of_echo<basic_ws_stream<mock, Role, timing::none>>(chunk);
        namespace hana = boost::hana;
        hana::for_each(hana::cartesian_product(hana::make_tuple(matrix::maskings, matrix::utf8s)),
                       [&](auto types) {
                           hana::unpack(types, [&](auto masking, auto utf8) {
                               using stream =
                                   basic_ws_stream<mock, Role, timing::none, Buffer, Keys,
                                                   typename decltype(masking)::type,
                                                   typename decltype(utf8)::type>;
                               EXPECT_EQ(trace_of_echo<stream>(chunk), expected);
                           });
                       });
    }
}

} // namespace weft::proptest

#endif
