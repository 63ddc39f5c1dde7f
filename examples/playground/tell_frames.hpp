// The second connection of a page: it tells what passes on the first.
// SPDX-License-Identifier: BSL-1.0
#ifndef PLAYGROUND_TELL_FRAMES_HPP
#define PLAYGROUND_TELL_FRAMES_HPP

#include <boost/asio/awaitable.hpp>

namespace playground {

struct visitor;

/// Sends the lines of the visitor's journal, as text, until it leaves.
boost::asio::awaitable<void> tell_frames(visitor guest);

} // namespace playground

#endif
