/*
 * structors.c - see structors.h. In a linkage name the kind is a digit behind C, CI or D. The same
 * letters may be part of an identifier: the digit is the one that makes it another kind.
 */
#include "structors.h"

#include "names.h"

#include <libiberty/demangle.h>
#include <stdbool.h>
#include <string.h>

struct kind {
    char letter, digit;
    enum structor which;
};

static const struct kind constructors[] = {
    [gnu_v3_complete_object_ctor] = {'C', '1', CONSTRUCTOR},
    [gnu_v3_base_object_ctor] = {'C', '2', CONSTRUCTOR},
    [gnu_v3_complete_object_allocating_ctor] = {'C', '3', CONSTRUCTOR},
    [gnu_v3_unified_ctor] = {'C', '4', UNIFIED_CONSTRUCTOR},
    [gnu_v3_object_ctor_group] = {'C', '5', CONSTRUCTOR},
};
static const struct kind destructors[] = {
    [gnu_v3_deleting_dtor] = {'D', '0', DELETING_DESTRUCTOR},
    [gnu_v3_complete_object_dtor] = {'D', '1', COMPLETE_DESTRUCTOR},
    [gnu_v3_base_object_dtor] = {'D', '2', BASE_DESTRUCTOR},
    [gnu_v3_unified_dtor] = {'D', '4', UNIFIED_DESTRUCTOR},
    [gnu_v3_object_dtor_group] = {'D', '5', COMPLETE_DESTRUCTOR},
};

static struct kind kind_of(const char *linkage_name) {
    enum gnu_v3_ctor_kinds constructor = is_gnu_v3_mangled_ctor(linkage_name);
    enum gnu_v3_dtor_kinds destructor = is_gnu_v3_mangled_dtor(linkage_name);
    return constructor ? constructors[constructor] : destructors[destructor];
}

static bool may_be_kind(const char *name, const char *digit, char letter) {
    return digit - name > 2 && (digit[-1] == letter || (digit[-1] == 'I' && digit[-2] == letter));
}

enum structor structor_take(char *linkage_name) {
    if (strlen(linkage_name) > NAME_LONGEST)
        return NO_STRUCTOR;
    struct kind kind = kind_of(linkage_name);
    if (kind.which == NO_STRUCTOR || kind.digit == '2')
        return kind.which;
    for (char *at = linkage_name; (at = strchr(at, kind.digit)); at++) {
        if (!may_be_kind(linkage_name, at, kind.letter))
            continue;
        *at = '2';
        if (kind_of(linkage_name).digit == '2')
            break;
        *at = kind.digit;
    }
    return kind.which;
}
