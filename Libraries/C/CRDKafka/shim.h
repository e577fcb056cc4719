#pragma once
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// Swift's Glibc module leaves eventfd out; Kafka's queues wake their thread through one.
static inline int crdkafka_eventfd(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

// Names the calling thread, for people who look at it; prctl takes varargs, which Swift cannot call.
static inline void crdkafka_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
