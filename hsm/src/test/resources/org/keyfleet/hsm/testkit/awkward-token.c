/*
 * A PKCS#11 library that is SoftHSM but for what AWKWARD says, in words; where AWKWARD_FILE is set, that file says it, at each call:
 *   pad     the PINs are typed at the token: it takes none from the host, those typed are AWKWARD_PIN, AWKWARD_NEW_PIN and AWKWARD_SO_PIN
 *   locked  the PIN is locked
 *   last    one try is left
 *   full    there is no room for another object
 *   dead    all sessions have just ended, as an HSM ends idle ones; once, until the word has gone and come again
 * The function list is that of PKCS#11 2.40 section 3.6: a version and 68 pointers in the standard's order.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long word;
typedef struct { unsigned char version[2]; void *call[68]; } functions;
typedef struct { word type; void *value; word length; } attribute;
typedef struct { unsigned char text[96]; word flags; } token_info; /* the rest is left alone */

enum { GET_FUNCTION_LIST = 3, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, INIT_TOKEN = 9, INIT_PIN = 10, SET_PIN = 11, CLOSE_ALL_SESSIONS = 14 };
enum { LOGIN = 18, CREATE_OBJECT = 20, GENERATE_KEY_PAIR = 59, UNWRAP_KEY = 61, MANY_SLOTS = 64 };
enum { OK = 0, ARGUMENTS_BAD = 7, DEVICE_MEMORY = 0x31, PIN_LOCKED = 0xa4 };
enum { SECURITY_OFFICER = 0, ATTRIBUTE_TOKEN = 1, FLAG_PAD = 0x100, FLAG_FINAL_TRY = 0x20000, FLAG_LOCKED = 0x40000 };

static functions *real;
static functions ours;

static int is(const char *word_of_awkward) {
  char text[200];
  const char *awkward = getenv("AWKWARD"), *name = getenv("AWKWARD_FILE");
  if (name != NULL) {
    FILE *file = fopen(name, "r");
    if (file == NULL) return 0;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    awkward = text;
  }
  return awkward != NULL && strstr(awkward, word_of_awkward) != NULL;
}

static void end_sessions(void) {
  static int ended;
  word slots[MANY_SLOTS], count = MANY_SLOTS;
  if (!is("dead")) {
    ended = 0;
  } else if (!ended) {
    ended = 1;
    if (((word (*)(char, word *, word *)) real->call[GET_SLOT_LIST])(1, slots, &count) != OK) return;
    for (word i = 0; i < count; i++) ((word (*)(word)) real->call[CLOSE_ALL_SESSIONS])(slots[i]);
  }
}

static int persists(const attribute *template, word count) {
  for (word i = 0; i < count; i++) {
    if (template[i].type == ATTRIBUTE_TOKEN && *(unsigned char *) template[i].value) return 1;
  }
  return 0;
}

static word get_token_info(word slot, token_info *info) {
  end_sessions();
  word result = ((word (*)(word, token_info *)) real->call[GET_TOKEN_INFO])(slot, info);
  if (result == OK && is("pad")) info->flags |= FLAG_PAD;
  if (result == OK && is("last")) info->flags |= FLAG_FINAL_TRY;
  if (result == OK && is("locked")) info->flags |= FLAG_LOCKED;
  return result;
}

static word login(word session, word user, char *pin, word length) {
  word (*call)(word, word, char *, word) = (word (*)(word, word, char *, word)) real->call[LOGIN];
  if (user != SECURITY_OFFICER && is("locked")) return PIN_LOCKED;
  if (!is("pad")) return call(session, user, pin, length);
  if (pin != NULL || length != 0) return ARGUMENTS_BAD;
  char *typed = getenv(user == SECURITY_OFFICER ? "AWKWARD_SO_PIN" : "AWKWARD_PIN");
  return call(session, user, typed, strlen(typed));
}

static word init_token(word slot, char *pin, word length, char *label) {
  word (*call)(word, char *, word, char *) = (word (*)(word, char *, word, char *)) real->call[INIT_TOKEN];
  if (!is("pad")) return call(slot, pin, length, label);
  if (pin != NULL || length != 0) return ARGUMENTS_BAD;
  return call(slot, getenv("AWKWARD_SO_PIN"), strlen(getenv("AWKWARD_SO_PIN")), label);
}

static word init_pin(word session, char *pin, word length) {
  word (*call)(word, char *, word) = (word (*)(word, char *, word)) real->call[INIT_PIN];
  if (!is("pad")) return call(session, pin, length);
  if (pin != NULL || length != 0) return ARGUMENTS_BAD;
  return call(session, getenv("AWKWARD_PIN"), strlen(getenv("AWKWARD_PIN")));
}

static word set_pin(word session, char *old, word old_length, char *fresh, word fresh_length) {
  word (*call)(word, char *, word, char *, word) = (word (*)(word, char *, word, char *, word)) real->call[SET_PIN];
  if (!is("pad")) return call(session, old, old_length, fresh, fresh_length);
  if (old != NULL || fresh != NULL || old_length != 0 || fresh_length != 0) return ARGUMENTS_BAD;
  char *typed = getenv("AWKWARD_PIN"), *typed_next = getenv("AWKWARD_NEW_PIN");
  return call(session, typed, strlen(typed), typed_next, strlen(typed_next));
}

static word create_object(word session, attribute *template, word count, word *made) {
  if (persists(template, count) && is("full")) return DEVICE_MEMORY;
  return ((word (*)(word, attribute *, word, word *)) real->call[CREATE_OBJECT])(session, template, count, made);
}

static word generate_key_pair(word session, void *mechanism, attribute *public, word publics, attribute *private, word privates, word *one, word *other) {
  if (is("full")) return DEVICE_MEMORY;
  return ((word (*)(word, void *, attribute *, word, attribute *, word, word *, word *)) real->call[GENERATE_KEY_PAIR])(
      session, mechanism, public, publics, private, privates, one, other);
}

static word unwrap_key(word session, void *mechanism, word parent, void *wrapped, word octets, attribute *template, word count, word *made) {
  end_sessions();
  if (persists(template, count) && is("full")) return DEVICE_MEMORY;
  return ((word (*)(word, void *, word, void *, word, attribute *, word, word *)) real->call[UNWRAP_KEY])(
      session, mechanism, parent, wrapped, octets, template, count, made);
}

word C_GetFunctionList(functions **list) {
  if (real == NULL) {
    void *library = dlopen(getenv("AWKWARD_LIBRARY"), RTLD_NOW);
    word (*get)(functions **) = library == NULL ? NULL : (word (*)(functions **)) dlsym(library, "C_GetFunctionList");
    if (get == NULL || get(&real) != OK) return ARGUMENTS_BAD;
    ours = *real;
    ours.call[GET_FUNCTION_LIST] = (void *) C_GetFunctionList;
    ours.call[GET_TOKEN_INFO] = (void *) get_token_info;
    ours.call[INIT_TOKEN] = (void *) init_token;
    ours.call[INIT_PIN] = (void *) init_pin;
    ours.call[SET_PIN] = (void *) set_pin;
    ours.call[LOGIN] = (void *) login;
    ours.call[CREATE_OBJECT] = (void *) create_object;
    ours.call[UNWRAP_KEY] = (void *) unwrap_key;
    ours.call[GENERATE_KEY_PAIR] = (void *) generate_key_pair;
  }
  *list = &ours;
  return OK;
}
