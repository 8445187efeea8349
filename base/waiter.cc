// poll(2) over an inotify, an event and a signal descriptor.
#include "base/waiter.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <set>
#include <utility>

namespace routerate {
namespace {

constexpr std::uint32_t kWatchMask =
    IN_MODIFY | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_ATTRIB;
constexpr Millis kLongestWait{60'000};

// Empties the inotify queue. What is neither growth nor a name (an overflow, say) counts as both.
void ReadChanges(int fd, Wakeup* wakeup) {
  alignas(inotify_event) std::array<char, 16 << 10> bytes;
  ssize_t got = 0;
  while ((got = ::read(fd, bytes.data(), bytes.size())) > 0) {
    for (ssize_t at = 0; at < got;) {
      inotify_event event;
      std::memcpy(&event, bytes.data() + at, sizeof event);
      (event.mask == IN_MODIFY ? wakeup->contents : wakeup->names) = true;
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

}  // namespace

struct Waiter::State {
  int inotify = -1;
  int kick = -1;
  int signals = -1;
  std::set<std::string> watched;

  ~State() {
    for (const int fd : {inotify, kick, signals}) {
      if (fd >= 0) ::close(fd);
    }
  }

  Result<void> Open(WatchFiles watch) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    kick = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (signals < 0 || kick < 0) {
      return Fail(fmt::format("signalfd, eventfd: {}", std::strerror(errno)), errno);
    }
    // Without inotify (none allowed any more for this user) the scan alone does the work.
    if (watch == WatchFiles::kYes) inotify = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    return {};
  }

  void ReadSignals(Wakeup* wakeup) {
    signalfd_siginfo info = {};
    while (::read(signals, &info, sizeof info) == sizeof info) {
      (info.ssi_signo == SIGHUP ? wakeup->reload : wakeup->stop) = true;
    }
  }
};

Result<std::unique_ptr<Waiter>> Waiter::Create(WatchFiles watch) {
  auto state = std::make_unique<State>();
  if (auto opened = state->Open(watch); !opened) return std::unexpected(std::move(opened.error()));
  return std::unique_ptr<Waiter>(new Waiter(std::move(state)));
}

Waiter::Waiter(std::unique_ptr<State> state) : state_(std::move(state)) {}
Waiter::~Waiter() = default;
int Waiter::kick_fd() const { return state_->kick; }

Result<void> Waiter::WatchDirectory(const std::string& directory) {
  if (state_->inotify < 0 || state_->watched.contains(directory)) return {};
  if (::inotify_add_watch(state_->inotify, directory.c_str(), kWatchMask) < 0) {
    return Fail(fmt::format("watch {}: {}", directory, std::strerror(errno)), errno);
  }
  state_->watched.insert(directory);
  return {};
}

Wakeup Waiter::Wait(Millis timeout, WatchFiles heed_files) {
  const int inotify = heed_files == WatchFiles::kYes ? state_->inotify : -1;  // poll skips -1
  std::array<pollfd, 3> fds = {pollfd{inotify, POLLIN, 0}, pollfd{state_->kick, POLLIN, 0},
                               pollfd{state_->signals, POLLIN, 0}};
  const auto bounded = std::clamp(timeout, Millis{0}, kLongestWait);
  Wakeup wakeup;
  if (::poll(fds.data(), fds.size(), static_cast<int>(bounded.count())) <= 0) return wakeup;
  if (fds[0].revents != 0) ReadChanges(state_->inotify, &wakeup);
  std::uint64_t kicks = 0;
  if (fds[1].revents != 0) wakeup.kicked = ::read(state_->kick, &kicks, sizeof kicks) > 0;
  if (fds[2].revents != 0) state_->ReadSignals(&wakeup);
  return wakeup;
}

}  // namespace routerate
