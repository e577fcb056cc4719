#pragma once
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <sys/timerfd.h>

// A timer by which a thread wakes in the middle of a millisecond, which epoll's own waits cannot.
static inline int crdkafka_timerfd(void) {
    int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

// Fires once at a time of the monotonic clock.
static inline int crdkafka_timerfd_set(int descriptor, int64_t microseconds) {
    struct itimerspec at = {{0, 0}, {microseconds / 1000000, microseconds % 1000000 * 1000}};
    return timerfd_settime(descriptor, TFD_TIMER_ABSTIME, &at, 0) < 0 ? -errno : 0;
}
