// operator new, all forms that the library derives the others from, counted and left to malloc.
#include "tests/counted_new.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> allocation_count = 0;

void* Counted(void* memory) {
  allocation_count.fetch_add(1, std::memory_order_relaxed);
  // A program that counts has no use for going on without memory.
  if (memory == nullptr) std::abort();
  return memory;
}

// aligned_alloc wants a multiple of the alignment.
std::size_t RoundedUp(std::size_t size, std::size_t alignment) {
  return (size + alignment - 1) / alignment * alignment;
}

}  // namespace

std::uint64_t routerate::AllocationCount() {
  return allocation_count.load(std::memory_order_relaxed);
}

void* operator new(std::size_t size) { return Counted(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto bytes = static_cast<std::size_t>(alignment);
  return Counted(std::aligned_alloc(bytes, RoundedUp(size, bytes)));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
