// Which operation a call becomes: it depends on the policies, and on the type of a buffer.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_STREAM_MAKE_OP_HPP
#define WEFT_STREAM_MAKE_OP_HPP

#include <type_traits>
#include <utility>

#include <boost/asio/buffer.hpp>

#include <weft/stream/corked_write_op.hpp>
#include <weft/stream/queued_write_op.hpp>
#include <weft/stream/read_op.hpp>
#include <weft/stream/sink.hpp>
#include <weft/stream/write_op.hpp>
#include <weft/wire/opcode.hpp>

namespace weft::detail {

// A synchronous write can't wait for its turn, so it never queues.
template <class Set, bool Async, class ConstBuffers>
auto make_write(message_kind kind, bool fin, bool whole, const ConstBuffers& buffers)
{
    if constexpr (Set::writing::corks)
        return corked_write_op(kind, fin, whole, buffers);
    else if constexpr (Set::writing::waiting_bytes != 0 && Async)
        return queued_write_op(kind, fin, whole, buffers);
    else
        return write_op(kind, fin, whole, buffers);
}

template <class Buffer>
auto make_read(Buffer&& buffer)
{
    using plain = std::remove_cvref_t<Buffer>;
    if constexpr (asio::is_dynamic_buffer_v2<plain>::value) {
        return read_op(dynamic_sink_v2<plain>(std::forward<Buffer>(buffer)));
    } else {
        static_assert(asio::is_dynamic_buffer_v1<plain>::value,
                      "weft: read and async_read take a DynamicBuffer, such as "
                      "asio::dynamic_buffer(string); for plain buffers there is read_some");
        static_assert(std::is_lvalue_reference_v<Buffer>,
                      "weft: a DynamicBuffer_v1 is kept by reference and must be an lvalue");
        return read_op(dynamic_sink_v1<plain>(buffer));
    }
}

} // namespace weft::detail

#endif
