#ifndef ESVAULT_CCRYPTSETUP_H
#define ESVAULT_CCRYPTSETUP_H
#include <libcryptsetup.h>
#endif
