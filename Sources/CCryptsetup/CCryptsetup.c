#include "CCryptsetup.h"
