// §5.3 "transformed-octet-i = original-octet-i XOR masking-key-octet-j", j = i MOD 4.
#include <protocol/vectors/vectors.hpp>

void weft::vectors::section_5_3(pack& out)
{
    std::string payload;
    for (int i = 0; i < 40; ++i) {
        payload += static_cast<char>(i * 5);
        out.client("5_3_the_key_goes_round_after_four_bytes_" + std::to_string(payload.size()),
                   from_client().add(data(opcode::binary, payload)), {binary(payload)});
    }
    frame first = data(opcode::binary, "first", false);
    frame second = data(continuation, "second", false);
    frame third = data(continuation, "third");
    first.key = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    second.key = {std::byte{0xFF}, std::byte{}, std::byte{0x80}, std::byte{0x7F}};
    third.key = masking_key{};
    out.client("5_3_every_fragment_starts_at_the_first_byte_of_its_own_key",
               from_client().add(first).add(second).add(third), {binary("firstsecondthird")});
    frame ping_inside = data(opcode::ping, "other key");
    ping_inside.key = {std::byte{9}, std::byte{8}, std::byte{7}, std::byte{6}};
    out.client("5_3_a_control_frame_between_fragments_has_a_key_of_its_own",
               from_client().add(first).add(ping_inside).add(second).add(third),
               {ping("other key"), binary("firstsecondthird")});
    out.client("5_3_masked_text_and_close_reason_are_judged_unmasked",
               from_client().add(data(opcode::text, "\xE2\x82\xAC")).close(1000, "\xC3\xA9"),
               {text("\xE2\x82\xAC"), closed(1000, "\xC3\xA9")});
}
