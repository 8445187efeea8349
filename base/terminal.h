// The terminal that a program is shown on, as xterm and its kin take it (ECMA-48).
#pragma once

#include <termios.h>

#include <optional>
#include <string>

namespace routerate {

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// A screen of its own while it lives: what was shown before comes back. Keys come one by one and
// are not shown. One thread.
class Terminal {
 public:
  // nullopt: standard output is no terminal.
  static std::optional<Terminal> Open();
  ~Terminal();
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;

  TerminalSize size() const;
  // Lines ended by '\n', from the upper left; what was below is gone.
  void Show(const std::string& lines);
  // The next key that was pressed, if any; does not wait.
  std::optional<char> Key();

 private:
  explicit Terminal(std::optional<termios> before) : before_(before) {}
  std::optional<termios> before_;  // of standard input; nullopt: that is no terminal
  bool open_ = true;
};

}  // namespace routerate
