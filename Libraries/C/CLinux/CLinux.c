#define _GNU_SOURCE
#include "CLinux.h"
int clinux_version(void) { return 0; }
