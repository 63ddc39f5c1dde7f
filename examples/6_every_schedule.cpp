// Your own protocol under every schedule: a mailbox that queues messages is run in each order in
// which its sends and the network's writes can meet. No network, no clock, no luck.
// SPDX-License-Identifier: BSL-1.0
#include <deque>
#include <iostream>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <weft/test/explore.hpp>
#include <weft/test/model.hpp>
#include <weft/test/simulated_layer.hpp>
#include <weft/test/simulated_timing.hpp>
#include <weft/test/world.hpp>
#include <weft/weft.hpp>

namespace asio = boost::asio;
using weft::test::verdict;

// What is to be tested: a stream has one active write, so what comes meanwhile waits here.
template <class Stream>
class mailbox
{
public:
    explicit mailbox(Stream& stream) : stream_(stream) {}

    void send(std::string text)
    {
        waiting_.push_back(std::move(text));
        if (waiting_.size() == 1)
            write();
    }

private:
    void write()
    {
        stream_.async_write(weft::message_kind::text, asio::buffer(waiting_.front()),
                            [this](weft::error_code ec, std::size_t) {
                                if (ec)
                                    return;
                                waiting_.pop_front();
                                if (!waiting_.empty()) // try it without: the search tells when
                                    write();
                            });
    }

    Stream& stream_;
    std::deque<std::string> waiting_;
};

// Somebody who sends three messages, each at a moment of the schedule's choice.
template <class Mailbox>
class sender : public weft::test::actor
{
public:
    explicit sender(Mailbox& m) : mailbox_(m) {}

    std::size_t options() const override { return next_ <= 'c' ? 1 : 0; }
    void act(std::size_t) override { mailbox_.send(std::string(1, next_++)); }
    std::string name(std::size_t) const override { return std::string("sends ") + next_; }

private:
    Mailbox& mailbox_;
    char next_ = 'a';
};

// One run: all is made anew, and is a function of the schedule.
verdict run(weft::test::schedule& choices)
{
    using stream = weft::server_stream<weft::test::simulated_layer, weft::buffer::fixed<>,
                                       weft::test::simulated_timing<>>;
    weft::test::world world(choices, {.splits = 2});
    weft::test::simulated_wire wire(world);
    stream ws(wire);
    ws.adopt();
    mailbox box(ws);
    sender user(box);
    world.add(user);
    world.run();

    std::string received;
    for (const auto& h : weft::test::model::read({.from_client = false}, wire.written()).happenings)
        for (const std::byte b : h.payload)
            received.push_back(static_cast<char>(b));
    return received == "abc" ? verdict() : "the peer has received \"" + received + "\"";
}

int main()
{
    const auto found = weft::test::explore(run);
    std::cout << found.schedules << " schedules\n";
    if (found.violation)
        std::cout << *found.violation << "\nschedule " << found.choices.print() << '\n';
    return found.violation ? 1 : 0;
}
