#ifndef ESVAULT_CCRYPTSETUP_H
#define ESVAULT_CCRYPTSETUP_H

#include <libcryptsetup.h>
#include <linux/dm-ioctl.h>
#include <stdint.h>

// The Glibc module leaves these out: getrandom(2), and gnu_dev_major(3).
#include <sys/random.h>
#include <sys/sysmacros.h>

// Macros with a cast in them do not reach Swift; these constants carry the same values.
static const uint32_t ESVAULT_PBKDF_NO_BENCHMARK = CRYPT_PBKDF_NO_BENCHMARK;
static const uint32_t ESVAULT_ACTIVATE_ALLOW_DISCARDS = CRYPT_ACTIVATE_ALLOW_DISCARDS;
static const uint32_t ESVAULT_REQUIREMENT_OFFLINE_REENCRYPT = CRYPT_REQUIREMENT_OFFLINE_REENCRYPT;
static const uint32_t ESVAULT_REQUIREMENT_ONLINE_REENCRYPT = CRYPT_REQUIREMENT_ONLINE_REENCRYPT;
static const uint32_t ESVAULT_REQUIREMENT_UNKNOWN = CRYPT_REQUIREMENT_UNKNOWN;

// Request numbers of ioctl(2) are macros of macros.
extern const unsigned long ESVAULT_DM_TABLE_STATUS;
extern const unsigned long ESVAULT_DM_DEV_REMOVE;

// prctl(2) is variadic, and RLIMIT_CORE depends on feature macros: neither reaches Swift everywhere.
// Returns 0, or -1 with errno.
int esvault_forbid_core_dumps(void);

#endif
