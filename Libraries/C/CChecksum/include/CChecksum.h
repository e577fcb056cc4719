#pragma once
#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli, RFC 3720 appendix B.4). `checksum` is the value so far, 0 at the start, so parts can be
// given one after the other.
uint32_t cchecksum_crc32c(uint32_t checksum, const void *bytes, size_t count);

// The same by tables, on any processor.
uint32_t cchecksum_crc32c_tables(uint32_t checksum, const void *bytes, size_t count);

// Whether cchecksum_crc32c uses the processor's instruction.
int cchecksum_crc32c_is_native(void);
