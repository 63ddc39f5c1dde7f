// One stream in a simulated world: what its users do, what its peer does, and what must come of it.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_TEST_STREAM_SIMULATION_HPP
#define WEFT_TEST_STREAM_SIMULATION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <weft/test/canceller.hpp>
#include <weft/test/scenario.hpp>
#include <weft/test/scenario_check.hpp>
#include <weft/test/scenario_end.hpp>
#include <weft/test/simulated_layer.hpp>
#include <weft/test/simulated_opening.hpp>
#include <weft/test/simulated_peer.hpp>
#include <weft/test/world.hpp>

namespace weft::test {

/// Runs a scenario under a schedule. `Stream` is over `simulated_layer`.
template <class Stream>
class stream_simulation
{
public:
    stream_simulation(const scenario& s, schedule& choices)
        : scenario_(s),
          world_(choices, s.limits)
    {
        stream_->auto_fragment(s.fragment_bytes);
        open();
        peer_.emplace(s, wire_, is_client);
        for (const auto& steps : s.users)
            users_.emplace_back(*this, steps);
    }

    /// Writes down who does what.
    void trace(std::string& to) noexcept { world_.trace(to); }

    verdict run()
    {
        if (!stream_->is_open())
            return "the handshake has failed";
        bool ended = world_.run();
        write_down();
        if (verdict wrong = ended ? check_waiting(scenario_, record_) : verdict())
            return wrong;
        wire_.peer_ends();
        ended = ended && world_.run();
        record_.is_open = stream_ && stream_->is_open();
        stream_.reset();
        ended = ended && world_.run();
        if (!ended)
            return "it does not come to an end";
        write_down();
        return check(scenario_, record_);
    }

private:
    static constexpr bool is_client = Stream::policies::role::is_client;

    /// Does its steps one after the other: the next when the last has completed.
    class user final : private actor
    {
    public:
        user(stream_simulation& in, const std::vector<user_step>& steps) : in_(in), steps_(steps)
        {
            in_.world_.add(*this);
        }

    private:
        std::size_t options() const override
        {
            const bool busy = last_ != nullptr && last_->calls == 0;
            return !busy && at_ != steps_.size() && in_.stream_ ? 1 : 0;
        }
        void act(std::size_t) override { last_ = in_.start(steps_[at_++]); }
        std::string name(std::size_t) const override
        {
            return std::string("a user starts ") + name_of(steps_[at_].does);
        }

        stream_simulation& in_;
        const std::vector<user_step>& steps_;
        std::size_t at_ = 0;
        const done_step* last_ = nullptr;
    };

    struct completion
    {
        void operator()(error_code ec, std::size_t n = 0) const
        {
            ++step->calls;
            step->inside = *initiating;
            step->ec = ec;
            step->n = n;
        }

        void operator()(error_code ec, asio::const_buffer view) const
        {
            step->text.append(static_cast<const char*>(view.data()), view.size());
            (*this)(ec, view.size());
        }

        done_step* step;
        const bool* initiating;
    };

    const done_step* start(const user_step& what)
    {
        if (what.does == user_step::destroy || what.does == user_step::force_close) {
            record_.aborted = true;
            if (what.does == user_step::destroy)
                stream_.reset();
            else
                stream_->force_close();
            return nullptr;
        }
        done_step& step = record_.steps.emplace_back();
        static_cast<user_step&>(step) = what;
        // Every step has bytes of its own, so that the wire tells whose they are.
        step.payload.assign(what.size, static_cast<std::byte>('A' + record_.steps.size()));
        initiating_ = true;
        begin(step, asio::bind_cancellation_slot(signals_.emplace_back().slot(),
                                                 completion{&step, &initiating_}));
        initiating_ = false;
        return &step;
    }

    template <class Handler>
    void begin(done_step& step, Handler handler)
    {
        const auto payload = asio::buffer(step.payload);
        switch (step.does) {
        case user_step::read:
            return stream_->async_read(asio::dynamic_buffer(step.text), std::move(handler));
        case user_step::write:
            return stream_->async_write(message_kind::binary, payload, std::move(handler));
        case user_step::write_part:
            return stream_->async_write_some(false, message_kind::binary, payload,
                                             std::move(handler));
        case user_step::ping:
            return stream_->async_ping(payload, std::move(handler));
        case user_step::close:
            return stream_->async_close({close_code::normal, {}}, std::move(handler));
        case user_step::send_close:
            return stream_->async_send_close({close_code::normal, {}}, std::move(handler));
        case user_step::read_view:
            return stream_->async_read_view(std::move(handler));
        case user_step::force_close:
        case user_step::destroy:
            break;
        }
    }

    void open()
    {
        if (scenario_.handshake)
            return open_by_handshake(*stream_, wire_, scenario_.peer);
        stream_->adopt();
        wire_.peer_says(scenario_.peer);
    }

    // What the world has seen until now.
    void write_down()
    {
        record_.written.assign(wire_.written().begin(), wire_.written().end());
        record_.received.assign(wire_.received().begin(), wire_.received().end());
        record_.told_end = wire_.told_end();
        record_.unread = wire_.has_unread();
        record_.overlapped = wire_.overlapped();
        record_.passed = world_.passed;
        record_.used = {.faults = scenario_.limits.faults - world_.left.faults,
                        .cancellations = scenario_.limits.cancellations - world_.left.cancellations,
                        .expirations = scenario_.limits.expirations - world_.left.expirations};
        record_.from_client = is_client;
        record_.corked = Stream::policies::writing::corks;
        record_.queued = Stream::policies::writing::waiting_bytes != 0 && !record_.corked;
    }

    const scenario& scenario_;
    world world_;
    simulated_wire wire_{world_};
    scenario_record record_{};
    std::deque<asio::cancellation_signal> signals_{}; // one for each step that was started
    std::deque<user> users_{};
    canceller canceller_{world_, record_.steps, signals_};
    std::optional<Stream> stream_{std::in_place, wire_};
    std::optional<simulated_peer> peer_{}; // once it is open
    bool initiating_ = false;
};

/// The schedule of a run, and who did what in it.
template <class Stream>
std::string trace_of(const scenario& s, schedule choices)
{
    std::string trace;
    choices.rewind();
    stream_simulation<Stream> again(s, choices);
    again.trace(trace);
    (void)again.run();
    return "\nschedule " + choices.print() + trace;
}

} // namespace weft::test

#endif
