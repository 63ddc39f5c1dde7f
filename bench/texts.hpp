// Texts to check: random ones of one kind of code point, a mixture as a chat may have it, and
// sentences written for this file, a passage for each of ten languages.
// SPDX-License-Identifier: BSL-1.0
#ifndef WEFT_BENCH_TEXTS_HPP
#define WEFT_BENCH_TEXTS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline constexpr std::array passages{
    std::string_view("A ferry crosses the river every morning. The captain knows each of the "
                     "passengers by name, and waits a minute for those who are late. \"There is "
                     "always another tide,\" he says, and pours the coffee. "),
    std::string_view("Die Fähre überquert jeden Morgen den Fluss. Der Kapitän grüßt alle Fahrgäste "
                     "mit Namen und wartet ein wenig, wenn jemand später kommt. Für die Kinder hat "
                     "er Äpfel dabei. "),
    std::string_view(
        "Каждое утро паром пересекает реку. Капитан знает всех пассажиров по именам и "
        "ждёт тех, кто опаздывает. Зимой он топит печь и рассказывает длинные истории. "),
    std::string_view(
        "Κάθε πρωί το πλοίο περνά το ποτάμι. Ο καπετάνιος ξέρει όλους τους επιβάτες με "
        "το όνομά τους και περιμένει όποιον αργεί. Το καλοκαίρι τραγουδούν όλοι μαζί. "),
    std::string_view("تعبر العبارة النهر كل صباح. يعرف القبطان أسماء جميع الركاب وينتظر من يتأخر "
                     "قليلا. في الشتاء يشربون الشاي معا ويتحدثون عن البحر. "),
    std::string_view("नाव हर सुबह नदी पार करती है। नाविक सब यात्रियों को नाम से जानता है और देर से आने वालों "
                     "का इंतज़ार करता है। बरसात में वह सबको चाय पिलाता है। "),
    std::string_view("渡船每天早晨过河。船长认识每一位乘客，也愿意等一等迟到的人。下雨的时候，"
                     "大家一起喝茶，听他讲海上的故事。"),
    std::string_view(
        "渡し船は毎朝、川を渡ります。船長は乗客みんなの名前を知っていて、遅れた人を少し待って"
        "くれます。冬にはストーブのそばで、むかしの話をしてくれます。"),
    std::string_view(
        "나룻배는 매일 아침 강을 건넙니다. 선장은 모든 손님의 이름을 알고 있으며, 늦은 사람을 "
        "조금 기다려 줍니다. 겨울에는 함께 따뜻한 차를 마십니다. "),
    std::string_view("Tomorrow at 7? \U0001F6A2 Yes \U0001F44D\U0001F3FD see you at the pier "
                     "\U0001F305 bring cake \U0001F370\U0001F602\U0001F602 ❤️ "),
};

inline constexpr std::array text_names{"ascii", "two_byte", "three_byte", "emoji", "mixed", "real"};

namespace detail {

inline std::string encoded(char32_t c)
{
    const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80)
        return {static_cast<char>(c)};
    if (c < 0x800)
        return {static_cast<char>(0xC0 | c >> 6), tail(0)};
    if (c < 0x10000)
        return {static_cast<char>(0xE0 | c >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | c >> 18), tail(12), tail(6), tail(0)};
}

// The standard fixes what the engine gives, not what distributions make of it.
class dice
{
public:
    char32_t between(char32_t first, char32_t last)
    {
        return first + static_cast<char32_t>(engine_() % (last - first + 1));
    }
    std::string next(std::string_view kind)
    {
        if (kind == "ascii")
            return encoded(between(0x20, 0x7E));
        if (kind == "two_byte")
            return encoded(between(0x400, 0x44F)); // Cyrillic
        if (kind == "three_byte")
            return encoded(between(0x4E00, 0x9FA5)); // Chinese
        if (kind == "emoji")
            return encoded(between(0x1F300, 0x1F64F));
        if (kind == "real")
            return std::string(passages[turn_++ % passages.size()]);
        constexpr std::array kinds{"ascii", "ascii", "ascii", "two_byte", "three_byte", "emoji"};
        std::string word; // a few letters of one kind
        const std::string_view of = kinds[between(0, kinds.size() - 1)];
        for (char32_t letters = between(1, 8); letters != 0; --letters)
            word += next(of);
        return word + ' ';
    }

private:
    std::mt19937 engine_{6455};
    std::size_t turn_ = 0;
};

} // namespace detail

/// At least `size` bytes of valid text of one of the kinds.
inline std::string make_text(std::string_view kind, std::size_t size)
{
    detail::dice dice;
    std::string text;
    while (text.size() < size)
        text += text.size() < 262144 ? dice.next(kind) : std::string(text); // by then, repeated
    return text;
}

/// `size` bytes of a text, from near `at` on; where a code point would be cut, 'x' fills up.
inline std::string piece_of(std::string_view text, std::size_t at, std::size_t size)
{
    const auto inside = [text](std::size_t i) {
        return i < text.size() && (text[i] & '\xC0') == '\x80';
    };
    while (inside(at))
        ++at;
    std::string piece(text.substr(at, size));
    if (inside(at + piece.size()))
        do
            piece.pop_back();
        while (inside(at + piece.size()));
    piece.resize(size, 'x');
    return piece;
}

} // namespace bench

#endif
