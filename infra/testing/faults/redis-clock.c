/*
 * A clock that a test can set, preloaded into a redis-server (infra/testing/faults/redis-clock.ts).
 *
 * It shifts the wall clock, as a person or NTP would, and leaves the monotonic one alone: the shift, in
 * microseconds, is one aligned 64-bit number in a file that the test writes and this process has
 * mapped, so a jump takes effect with the next look at the clock, in every thread at once.
 *
 * Everything is asked of the kernel directly and nothing is locked, allocated or looked up: the server
 * reads its clock before constructors have run, in signal handlers and in several threads, where a
 * general tool such as libfaketime hangs. Without its file, which the constructor maps, the clock is
 * the true one.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOS_PER_MICRO 1000LL
#define NANOS_PER_SECOND 1000000000LL

static const volatile int64_t *shift_us;

__attribute__((constructor)) static void map_shift(void) {
  const char *path = getenv("HOLDFAST_TEST_CLOCK_FILE");
  if (path == NULL) return;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (page != MAP_FAILED) shift_us = page;
}

static int64_t shift_now(void) { return shift_us == NULL ? 0 : *shift_us; }

static int read_clock(clockid_t clock, struct timespec *out) {
  int end = (int)syscall(SYS_clock_gettime, clock, out);
  if (end != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return end;
  int64_t nanos = out->tv_nsec + shift_now() * NANOS_PER_MICRO;
  int64_t seconds = nanos / NANOS_PER_SECOND;
  nanos %= NANOS_PER_SECOND;
  if (nanos < 0) {
    nanos += NANOS_PER_SECOND;
    seconds -= 1;
  }
  out->tv_sec += seconds;
  out->tv_nsec = nanos;
  return 0;
}

int clock_gettime(clockid_t clock, struct timespec *out) { return read_clock(clock, out); }

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int end = read_clock(CLOCK_REALTIME, &now);
  if (end == 0) {
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / NANOS_PER_MICRO;
  }
  return end;
}

time_t time(time_t *out) {
  struct timespec now;
  if (read_clock(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}
