#include "CBlkid.h"
