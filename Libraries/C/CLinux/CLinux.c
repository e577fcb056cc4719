#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define OR_ERRNO(result) ((result) < 0 ? -errno : (result))

enum { MAXIMUM_EVENTS = 256, MAXIMUM_SLICES = 64 };

int clinux_epoll_create(void) {
    int descriptor = epoll_create1(EPOLL_CLOEXEC);
    return OR_ERRNO(descriptor);
}

static int control(int epoll, int operation, int descriptor, uint32_t interest, uint64_t data) {
    struct epoll_event event = {.events = 0, .data.u64 = data};
    if (interest & CLINUX_READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
    if (interest & CLINUX_WRITABLE) event.events |= EPOLLOUT;
    return epoll_ctl(epoll, operation, descriptor, &event) < 0 ? -errno : 0;
}

int clinux_epoll_add(int epoll, int descriptor, uint32_t interest, uint64_t data) {
    return control(epoll, EPOLL_CTL_ADD, descriptor, interest, data);
}

int clinux_epoll_modify(int epoll, int descriptor, uint32_t interest, uint64_t data) {
    return control(epoll, EPOLL_CTL_MOD, descriptor, interest, data);
}

int clinux_epoll_remove(int epoll, int descriptor) { return control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0); }

int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int timeout_milliseconds) {
    struct epoll_event ready[MAXIMUM_EVENTS];
    int limit = capacity < MAXIMUM_EVENTS ? capacity : MAXIMUM_EVENTS;
    int count = epoll_wait(epoll, ready, limit, timeout_milliseconds);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    for (int i = 0; i < count; i++) {
        uint32_t flags = 0;
        if (ready[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLPRI)) flags |= CLINUX_READABLE;
        if (ready[i].events & EPOLLOUT) flags |= CLINUX_WRITABLE;
        if (ready[i].events & (EPOLLERR | EPOLLHUP)) flags |= CLINUX_HANGUP;
        events[i].data = ready[i].data.u64;
        events[i].ready = flags;
    }
    return count;
}

int clinux_eventfd_create(void) {
    int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return OR_ERRNO(descriptor);
}

int clinux_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    ssize_t written;
    do { written = write(descriptor, &one, sizeof one); } while (written < 0 && errno == EINTR);
    return written < 0 && errno != EAGAIN ? -errno : 0;
}

int64_t clinux_eventfd_drain(int descriptor) {
    uint64_t counter = 0;
    ssize_t count;
    do { count = read(descriptor, &counter, sizeof counter); } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN ? 0 : -errno;
    return (int64_t)(counter & INT64_MAX);
}

static void signal_set(sigset_t *set, const int *signals, int count) {
    sigemptyset(set);
    for (int i = 0; i < count; i++) sigaddset(set, signals[i]);
}

int clinux_signals_block(const int *signals, int count) {
    sigset_t set;
    signal_set(&set, signals, count);
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR) return -errno;
    return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int clinux_signalfd_create(const int *signals, int count) {
    sigset_t set;
    signal_set(&set, signals, count);
    int descriptor = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return OR_ERRNO(descriptor);
}

int clinux_signalfd_read(int descriptor) {
    struct signalfd_siginfo info;
    ssize_t count;
    do { count = read(descriptor, &info, sizeof info); } while (count < 0 && errno == EINTR);
    if (count < 0) return errno == EAGAIN ? 0 : -errno;
    return count == sizeof info ? (int)info.ssi_signo : 0;
}

static int parse_address(const char *address, uint16_t port, struct sockaddr_storage *out, socklen_t *length) {
    memset(out, 0, sizeof *out);
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        *length = sizeof *v4;
        return 0;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        *length = sizeof *v6;
        return 0;
    }
    return -EINVAL;
}

static uint64_t big_endian(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
    return value;
}

static void export_address(const struct sockaddr_storage *from, struct clinux_address *out) {
    memset(out, 0, sizeof *out);
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
        out->low = 0xffffULL << 32 | ntohl(v4->sin_addr.s_addr);
        out->port = ntohs(v4->sin_port);
    } else if (from->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
        out->high = big_endian(v6->sin6_addr.s6_addr);
        out->low = big_endian(v6->sin6_addr.s6_addr + 8);
        out->port = ntohs(v6->sin6_port);
    }
}

int clinux_address_parse(const char *address, uint16_t port, struct clinux_address *out) {
    struct sockaddr_storage storage;
    socklen_t length;
    int parsed = parse_address(address, port, &storage, &length);
    if (parsed == 0) export_address(&storage, out);
    return parsed;
}

static int close_with(int descriptor, int error) {
    close(descriptor);
    return -error;
}

int clinux_tcp_listen(const char *address, uint16_t port, int backlog, int reuse_port) {
    struct sockaddr_storage storage;
    socklen_t length;
    int one = 1;
    int parsed = parse_address(address, port, &storage, &length);
    if (parsed < 0) return parsed;
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0) return close_with(descriptor, errno);
    if (reuse_port && setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) < 0)
        return close_with(descriptor, errno);
    if (bind(descriptor, (struct sockaddr *)&storage, length) < 0) return close_with(descriptor, errno);
    if (listen(descriptor, backlog) < 0) return close_with(descriptor, errno);
    return descriptor;
}

int clinux_tcp_connect(const char *address, uint16_t port) {
    struct sockaddr_storage storage;
    socklen_t length;
    int parsed = parse_address(address, port, &storage, &length);
    if (parsed < 0) return parsed;
    int descriptor = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    clinux_socket_no_delay(descriptor);
    if (connect(descriptor, (struct sockaddr *)&storage, length) < 0 && errno != EINPROGRESS)
        return close_with(descriptor, errno);
    return descriptor;
}

int clinux_tcp_accept(int listener, struct clinux_address *peer) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    int descriptor;
    memset(&storage, 0, sizeof storage);
    do {
        descriptor = accept4(listener, (struct sockaddr *)&storage, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) return -errno;
    export_address(&storage, peer);
    clinux_socket_no_delay(descriptor);
    return descriptor;
}

int clinux_socket_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
    return -error;
}

int clinux_socket_local(int descriptor, struct clinux_address *local) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    memset(&storage, 0, sizeof storage);
    if (getsockname(descriptor, (struct sockaddr *)&storage, &length) < 0) return -errno;
    export_address(&storage, local);
    return 0;
}

int clinux_socket_set_buffers(int descriptor, int send_bytes, int receive_bytes) {
    if (send_bytes > 0 && setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_bytes, sizeof send_bytes) < 0)
        return -errno;
    if (receive_bytes > 0 && setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes) < 0)
        return -errno;
    return 0;
}

int clinux_socket_no_delay(int descriptor) {
    int one = 1;
    return setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) < 0 ? -errno : 0;
}

int clinux_shutdown_write(int descriptor) { return shutdown(descriptor, SHUT_WR) < 0 ? -errno : 0; }

int64_t clinux_receive(int descriptor, void *buffer, size_t capacity) {
    ssize_t count;
    do { count = recv(descriptor, buffer, capacity, 0); } while (count < 0 && errno == EINTR);
    return OR_ERRNO(count);
}

int64_t clinux_send(int descriptor, const void *bytes, size_t count) {
    ssize_t sent;
    do { sent = send(descriptor, bytes, count, MSG_NOSIGNAL); } while (sent < 0 && errno == EINTR);
    return OR_ERRNO(sent);
}

int64_t clinux_send_slices(int descriptor, const struct clinux_slice *slices, int count) {
    struct iovec vectors[MAXIMUM_SLICES];
    int used = count < MAXIMUM_SLICES ? count : MAXIMUM_SLICES;
    for (int i = 0; i < used; i++) vectors[i] = (struct iovec){(void *)slices[i].base, slices[i].count};
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = (size_t)used};
    ssize_t sent;
    do { sent = sendmsg(descriptor, &message, MSG_NOSIGNAL); } while (sent < 0 && errno == EINTR);
    return OR_ERRNO(sent);
}

int clinux_close(int descriptor) { return close(descriptor) < 0 ? -errno : 0; }

int clinux_address_text(const struct clinux_address *address, char *text, size_t capacity) {
    if (address->high == 0 && address->low >> 32 == 0xffff) {
        struct in_addr v4 = {.s_addr = htonl((uint32_t)address->low)};
        return inet_ntop(AF_INET, &v4, text, (socklen_t)capacity) ? 0 : -errno;
    }
    struct in6_addr v6;
    for (int i = 0; i < 8; i++) {
        v6.s6_addr[i] = (uint8_t)(address->high >> (56 - 8 * i));
        v6.s6_addr[8 + i] = (uint8_t)(address->low >> (56 - 8 * i));
    }
    return inet_ntop(AF_INET6, &v6, text, (socklen_t)capacity) ? 0 : -errno;
}

int64_t clinux_random(void *buffer, size_t count) {
    size_t filled = 0;
    while (filled < count) {
        ssize_t got = getrandom((char *)buffer + filled, count - filled, 0);
        if (got < 0 && errno != EINTR) return -errno;
        if (got > 0) filled += (size_t)got;
    }
    return (int64_t)filled;
}

int64_t clinux_find(const void *haystack, size_t count, const void *needle, size_t needle_count) {
    const char *found = memmem(haystack, count, needle, needle_count);
    return found ? found - (const char *)haystack : -1;
}

int clinux_thread_name(const char *name) {
    char shortened[16];
    snprintf(shortened, sizeof shortened, "%s", name);
    return -pthread_setname_np(pthread_self(), shortened);
}

const char *clinux_error_text(int error, char *buffer, size_t capacity) {
    return strerror_r(error, buffer, capacity);
}
