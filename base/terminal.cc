// termios for keys, escape sequences for the screen.
#include "base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <string_view>
#include <utility>

namespace routerate {
namespace {

constexpr std::string_view kEnter = "\x1B[?1049h\x1B[?25l";  // the other screen; no cursor
constexpr std::string_view kLeave = "\x1B[?25h\x1B[?1049l";
constexpr std::string_view kHome = "\x1B[H";
constexpr std::string_view kEraseLine = "\x1B[K";
constexpr std::string_view kEraseBelow = "\x1B[J";

// A terminal that has gone takes nothing more, and there is nobody to tell.
void Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

std::optional<Terminal> Terminal::Open() {
  if (::isatty(STDOUT_FILENO) == 0) return {};
  std::optional<termios> before;
  if (termios keys{}; ::tcgetattr(STDIN_FILENO, &keys) == 0) {
    before = keys;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    keys.c_cc[VMIN] = 0;
    keys.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &keys);
  }
  Write(kEnter);
  return Terminal(before);
}

Terminal::Terminal(Terminal&& other) noexcept
    : before_(other.before_), open_(std::exchange(other.open_, false)) {}

Terminal::~Terminal() {
  if (!open_) return;
  Write(kLeave);
  if (before_) ::tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
}

TerminalSize Terminal::size() const {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {};
  }
  return {size.ws_col, size.ws_row};
}

void Terminal::Show(const std::string& lines) {
  std::string out(kHome);
  for (const char c : lines) {
    if (c == '\n') out += kEraseLine;
    out += c;
  }
  Write(out + std::string(kEraseBelow));
}

std::optional<char> Terminal::Key() {
  char key = 0;
  if (!before_ || ::read(STDIN_FILENO, &key, 1) != 1) return {};
  return key;
}

}  // namespace routerate
