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
#include <map>
#include <set>
#include <utility>

namespace routerate {
namespace {

constexpr std::uint32_t kWatchMask = IN_MODIFY | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO |
                                     IN_DELETE | IN_ATTRIB | IN_MOVE_SELF | IN_ONLYDIR;
constexpr Millis kLongestWait{60'000};
// Files told of at once; when more were written, all may have been.
constexpr std::size_t kMostContents = 4096;

}  // namespace

struct Waiter::State {
  int inotify = -1;
  int kick = -1;
  int signals = -1;
  std::map<std::string, int> watched;      // directory → watch
  std::map<int, std::string> directories;  // and back

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

  bool Watch(const std::string& directory) {
    const int watch = ::inotify_add_watch(inotify, directory.c_str(), kWatchMask);
    if (watch < 0) {
      Forget(directory);
      return false;
    }
    if (const auto known = watched.find(directory);
        known != watched.end() && known->second != watch) {
      Forget(directory);  // its name leads elsewhere by now
    }
    watched[directory] = watch;
    directories[watch] = directory;
    return true;
  }

  void Forget(const std::string& directory) {
    const auto known = watched.find(directory);
    if (known == watched.end()) return;
    ::inotify_rm_watch(inotify, known->second);
    directories.erase(known->second);
    watched.erase(known);
  }

  // Empties the inotify queue.
  void ReadChanges(FileChanges* changes) {
    alignas(inotify_event) std::array<char, 16 << 10> bytes;
    std::set<std::string> written;
    ssize_t got = 0;
    while ((got = ::read(inotify, bytes.data(), bytes.size())) > 0) {
      for (ssize_t at = 0; at < got;) {
        inotify_event event;
        std::memcpy(&event, bytes.data() + at, sizeof event);
        const char* const name = event.len > 0 ? bytes.data() + at + sizeof event : "";
        Take(event, name, &written, changes);
        at += static_cast<ssize_t>(sizeof event + event.len);
      }
    }
    changes->contents.assign(written.begin(), written.end());
  }

  void Take(const inotify_event& event, const char* name, std::set<std::string>* written,
            FileChanges* changes) {
    if ((event.mask & IN_Q_OVERFLOW) != 0 || written->size() >= kMostContents) changes->all = true;
    const auto directory = directories.find(event.wd);
    if (directory == directories.end()) return;
    if (event.mask == IN_MODIFY) {
      written->insert(directory->second + "/" + name);
    } else {
      changes->names = true;
    }
    // The watch is gone with its directory.
    if ((event.mask & IN_IGNORED) != 0) {
      watched.erase(directory->second);
      directories.erase(directory);
    }
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

bool Waiter::Watch(const std::string& directory) {
  return state_->inotify >= 0 && state_->Watch(directory);
}

Wakeup Waiter::Wait(Millis timeout, WatchFiles heed_files) {
  const int inotify = heed_files == WatchFiles::kYes ? state_->inotify : -1;  // poll skips -1
  std::array<pollfd, 3> fds = {pollfd{inotify, POLLIN, 0}, pollfd{state_->kick, POLLIN, 0},
                               pollfd{state_->signals, POLLIN, 0}};
  const auto bounded = std::clamp(timeout, Millis{0}, kLongestWait);
  Wakeup wakeup;
  const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(bounded.count()));
  if (ready < 0) return wakeup;
  const bool time_is_over = ready == 0 && state_->inotify >= 0;
  if (fds[0].revents != 0 || time_is_over) state_->ReadChanges(&wakeup.files);
  std::uint64_t kicks = 0;
  if (fds[1].revents != 0) wakeup.kicked = ::read(state_->kick, &kicks, sizeof kicks) > 0;
  if (fds[2].revents != 0) state_->ReadSignals(&wakeup);
  return wakeup;
}

}  // namespace routerate
