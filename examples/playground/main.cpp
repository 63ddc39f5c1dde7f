// The playground: a page on which a person talks to weft's deployments and sees every frame.
// `playground [--port N] [--address A] [--check]`
// SPDX-License-Identifier: BSL-1.0
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "check.hpp"
#include "site.hpp"

using namespace playground;

namespace {

struct arguments
{
    asio::ip::address address = asio::ip::address_v4::loopback();
    asio::ip::port_type port = 8080; ///< 0: a free one
    bool check = false;
};

arguments parse(int argc, char** argv)
{
    arguments given;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
        if (name == "--check") {
            given.check = true;
        } else if (name == "--port") {
            const auto* const end = value.data() + value.size();
            const auto [rest, error] = std::from_chars(value.data(), end, given.port);
            if (error != std::errc() || rest != end)
                throw std::invalid_argument("--port needs a number from 0 to 65535");
            ++i;
        } else if (name == "--address") {
            given.address = asio::ip::make_address(value);
            ++i;
        } else {
            throw std::invalid_argument("playground [--port N] [--address A] [--check]");
        }
    }
    if (given.check)
        given.port = 0;
    return given;
}

void run(asio::io_context& context, site& here)
{
    std::cout << "the playground is at http://" << here.endpoint() << "/" << std::endl;
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) {
        signals.clear(); // a second Ctrl-C doesn't wait
        here.stop();
    });
    context.run();
}

int try_out(asio::io_context& context, site& here)
{
    int failures = 1;
    asio::steady_timer limit(context, std::chrono::seconds(60));
    limit.async_wait([](boost::system::error_code error) {
        if (!error) {
            std::cout << "FAIL no end within 60 s" << std::endl;
            std::_Exit(1);
        }
    });
    asio::co_spawn(context, check(here.endpoint()), [&](std::exception_ptr broken, int failed) {
        failures = broken ? 1 : failed;
        here.stop();
        limit.cancel();
        if (broken)
            std::rethrow_exception(broken);
    });
    context.run();
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv)
try {
    const arguments given = parse(argc, argv);
    asio::io_context context(1);
    site here(context, {given.address, given.port});
    here.start();
    if (given.check)
        return try_out(context, here);
    run(context, here);
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
}
