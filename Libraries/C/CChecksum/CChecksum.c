#include "CChecksum.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#endif

typedef uint32_t (*checksum_function)(uint32_t, const void *, size_t);

// The polynomial 0x1EDC6F41, bits reversed.
static const uint32_t POLYNOMIAL = 0x82F63B78u;
enum { LANES = 8 };

static uint32_t tables[LANES][256];
static checksum_function fastest = cchecksum_crc32c_tables;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void fill_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value & 1 ? value >> 1 ^ POLYNOMIAL : value >> 1;
        tables[0][byte] = value;
    }
    for (int lane = 1; lane < LANES; lane++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = tables[lane - 1][byte];
            tables[lane][byte] = before >> 8 ^ tables[0][before & 0xFF];
        }
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t native(uint32_t checksum, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    uint64_t value = ~checksum;
    for (; count >= 8; at += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        value = _mm_crc32_u64(value, word);
    }
    uint32_t last = (uint32_t)value;
    while (count--) last = _mm_crc32_u8(last, *at++);
    return ~last;
}

static int has_native(void) { return __builtin_cpu_supports("sse4.2"); }

#elif defined(__aarch64__)

// HWCAP_CRC32 of asm/hwcap.h.
static const unsigned long CRC32_CAPABILITY = 1ul << 7;

__attribute__((target("crc"))) static uint32_t native(uint32_t checksum, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    uint32_t value = ~checksum;
    for (; count >= 8; at += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        value = __crc32cd(value, word);
    }
    while (count--) value = __crc32cb(value, *at++);
    return ~value;
}

static int has_native(void) { return (getauxval(AT_HWCAP) & CRC32_CAPABILITY) != 0; }

#else

static uint32_t native(uint32_t checksum, const void *bytes, size_t count) {
    return cchecksum_crc32c_tables(checksum, bytes, count);
}

static int has_native(void) { return 0; }

#endif

static void prepare(void) {
    fill_tables();
    if (has_native()) fastest = native;
}

uint32_t cchecksum_crc32c(uint32_t checksum, const void *bytes, size_t count) {
    pthread_once(&prepared, prepare);
    return fastest(checksum, bytes, count);
}

int cchecksum_crc32c_is_native(void) { return has_native(); }

uint32_t cchecksum_crc32c_tables(uint32_t checksum, const void *bytes, size_t count) {
    pthread_once(&prepared, prepare);
    const uint8_t *at = bytes;
    uint32_t value = ~checksum;
    for (; count >= 8; at += 8, count -= 8) {
        uint32_t low = value ^ ((uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
        value = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^ tables[4][low >> 24]
            ^ tables[3][at[4]] ^ tables[2][at[5]] ^ tables[1][at[6]] ^ tables[0][at[7]];
    }
    while (count--) value = value >> 8 ^ tables[0][(value ^ *at++) & 0xFF];
    return ~value;
}
