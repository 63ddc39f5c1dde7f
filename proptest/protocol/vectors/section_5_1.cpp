// §5.1 "a client MUST mask all frames that it sends", "a server MUST NOT mask any frames".
#include <protocol/vectors/vectors.hpp>

void weft::vectors::section_5_1(pack& out)
{
    const std::pair<const char*, frame> frames[] = {
        {"text", data(opcode::text, "t")},
        {"binary", data(opcode::binary, "b")},
        {"an_empty_message", data(opcode::binary, "")},
        {"the_first_fragment", data(opcode::text, "f", false)},
        {"ping", data(opcode::ping, "p")},
        {"an_empty_ping", data(opcode::ping, "")},
        {"pong", data(opcode::pong, "p")},
        {"close", with_code(1000)},
        {"an_empty_close", data(opcode::close, "")}};
    for (const auto& [name, f] : frames) {
        const std::string what = name;
        out.client("5_1_a_server_refuses_unmasked_" + what, from_server().add(f),
                   {fault(error::unmasked_frame, 2)});
        out.server("5_1_a_client_refuses_masked_" + what, from_client().add(f),
                   {fault(error::masked_frame, 2)});
        out.client("5_1_every_frame_is_asked_not_only_the_first_" + what,
                   from_client().add(data(opcode::binary, "1")).raw(from_server().add(f).wire()),
                   {binary("1"), fault(error::unmasked_frame, 9)});
        out.server("5_1_every_frame_is_asked_not_only_the_first_" + what,
                   from_server().add(data(opcode::binary, "1")).raw(from_client().add(f).wire()),
                   {binary("1"), fault(error::masked_frame, 5)});
    }
    out.client("5_1_a_continuation_is_asked_as_well",
               from_client()
                   .add(data(opcode::binary, "1", false))
                   .raw(from_server().add(data(continuation, "2")).wire()),
               {fault(error::unmasked_frame, 9)});
    out.server("5_1_a_continuation_is_asked_as_well",
               from_server()
                   .add(data(opcode::binary, "1", false))
                   .raw(from_client().add(data(continuation, "2")).wire()),
               {fault(error::masked_frame, 5)});
    out.client("5_1_a_key_of_zero_is_a_key",
               test::wire_writer(masking_key{}).add(data(opcode::text, "zero")), {text("zero")});
    out.client("5_1_the_mask_bit_of_a_long_frame_is_asked_before_its_length",
               from_server().add({.length = 70000}), {fault(error::unmasked_frame, 2)});
}
