// Header, payload, header, payload: the cutting that every WebSocket reader does.
// SPDX-License-Identifier: BSL-1.0
#include "frame_watch.hpp"

#include <algorithm>

#include <weft/policy/masking.hpp>

namespace playground {

void frame_watch::see(std::span<const std::byte> bytes, journal& into)
{
    while (!bytes.empty() && !lost_)
        bytes = bytes.subspan(in_payload_ ? take_payload(bytes, into) : take_header(bytes, into));
}

std::size_t frame_watch::take_header(std::span<const std::byte> bytes, journal& into)
{
    head_[head_size_++] = bytes.front();
    const auto decoded = weft::decode(std::span(head_).first(head_size_));
    if (decoded.fault != weft::error::none) {
        lost_ = true;
        into.remark(weft::describe(decoded.fault).sentence);
    } else if (decoded) {
        head_size_ = 0;
        frame_ = {decoded.header};
        payload_left_ = decoded.header.payload_size;
        in_payload_ = payload_left_ != 0;
        if (!in_payload_)
            into.frame(from_, frame_);
    }
    return 1;
}

std::size_t frame_watch::take_payload(std::span<const std::byte> bytes, journal& into)
{
    const auto here = bytes.first(std::min<std::uint64_t>(bytes.size(), payload_left_));
    payload_left_ -= here.size();
    in_payload_ = payload_left_ != 0;

    const auto room = std::span(frame_.start).subspan(frame_.start_size);
    const auto shown = here.first(std::min(here.size(), room.size()));
    if (!shown.empty()) {
        std::copy(shown.begin(), shown.end(), room.begin());
        if (frame_.header.masked)
            weft::masking::bytewise::apply(room.first(shown.size()), frame_.header.key,
                                           frame_.start_size);
        frame_.start_size += shown.size();
        if (shown.size() == room.size() || !in_payload_)
            into.frame(from_, frame_);
    }
    return here.size();
}

} // namespace playground
