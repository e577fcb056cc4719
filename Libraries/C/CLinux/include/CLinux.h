#pragma once
int clinux_version(void);
