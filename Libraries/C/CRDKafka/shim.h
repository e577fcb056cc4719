#pragma once
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <stdint.h>
#include <sys/eventfd.h>

// Swift's Glibc module leaves eventfd out; Kafka's queues wake their thread through one.
static inline int crdkafka_eventfd(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}
