#pragma once
#include <stddef.h>
#include <stdint.h>

// The system calls that Glibc's module map leaves out. Every function returns -errno where it fails, so no caller
// reads errno across a language boundary.

static const uint32_t CLINUX_READABLE = 1;
static const uint32_t CLINUX_WRITABLE = 2;
static const uint32_t CLINUX_HANGUP = 4;

struct clinux_event {
    uint64_t data;
    uint32_t ready;
};

struct clinux_slice {
    const void *base;
    size_t count;
};

// An IPv6 address in host order, high half first; an IPv4 address as ::ffff:a.b.c.d.
struct clinux_address {
    uint64_t high;
    uint64_t low;
    uint16_t port;
};

int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int descriptor, uint32_t interest, uint64_t data);
int clinux_epoll_modify(int epoll, int descriptor, uint32_t interest, uint64_t data);
int clinux_epoll_remove(int epoll, int descriptor);
// At most 256 events are written, whatever `capacity` says. EINTR counts as no event.
int clinux_epoll_wait(int epoll, struct clinux_event *events, int capacity, int timeout_milliseconds);

int clinux_eventfd_create(void);
int clinux_eventfd_signal(int descriptor);
// The counter since the last drain, 0 when there was none.
int64_t clinux_eventfd_drain(int descriptor);

// Blocks a set of signals in the calling thread; threads that it starts later inherit the mask. SIGPIPE is ignored.
int clinux_signals_block(const int *signals, int count);
int clinux_signalfd_create(const int *signals, int count);
// The next pending signal's number, 0 when there is none.
int clinux_signalfd_read(int descriptor);

// `address` is numeric, IPv4 or IPv6.
int clinux_tcp_listen(const char *address, uint16_t port, int backlog, int reuse_port);
// Starts a non-blocking connect: the descriptor is writable when it is done, clinux_socket_error says how.
int clinux_tcp_connect(const char *address, uint16_t port);
int clinux_address_parse(const char *address, uint16_t port, struct clinux_address *out);
int clinux_tcp_accept(int listener, struct clinux_address *peer);
int clinux_socket_error(int descriptor);
int clinux_socket_local(int descriptor, struct clinux_address *local);
int clinux_socket_set_buffers(int descriptor, int send_bytes, int receive_bytes);
int clinux_socket_no_delay(int descriptor);
int clinux_shutdown_write(int descriptor);
int64_t clinux_receive(int descriptor, void *buffer, size_t capacity);
int64_t clinux_send(int descriptor, const void *bytes, size_t count);
// At most 64 slices are sent.
int64_t clinux_send_slices(int descriptor, const struct clinux_slice *slices, int count);
int clinux_close(int descriptor);
// Writes a NUL-terminated text of at most 46 bytes.
int clinux_address_text(const struct clinux_address *address, char *text, size_t capacity);

int64_t clinux_random(void *buffer, size_t count);
// The offset of `needle` in `haystack`, -1 when it is not there.
int64_t clinux_find(const void *haystack, size_t count, const void *needle, size_t needle_count);
int clinux_thread_name(const char *name);
const char *clinux_error_text(int error, char *buffer, size_t capacity);
