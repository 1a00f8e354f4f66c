/*
 * The PKCS#11 calls of a member's key operations, made in C: what they cost without Java. Built and run by ./keyfleet bench custody.
 *
 *   raw-calls LIBRARY LABEL MECHANISM IV COUNT     the PIN in KEYFLEET_BENCH_PIN
 *
 * MECHANISM is the number, in hex, under which the token does RFC 5649; IV is "iv" if it wants the initial value as its parameter.
 * For each operation one line: its name and COUNT times in nanoseconds, or its name, "-" and the CKR_ value that refused it.
 *
 * The declarations are those parts of PKCS#11 2.40 that are used here, in our words: a CK_ULONG is a word, the function list is a
 * version and pointers in the order of section 3.6.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef unsigned long word;
typedef struct { unsigned char version[2]; void *call[68]; } functions;
typedef struct { word type; void *value; word length; } attribute;
typedef struct { word type; void *parameter; word length; } mechanism;
typedef struct { unsigned char label[32], manufacturer[32], model[16], serial[16]; word flags, numbers[10]; unsigned char rest[20]; } token_info;
typedef struct { void *data; word length; } string_data;                                      /* CK_KEY_DERIVATION_STRING_DATA */
typedef struct { word kdf, shared_length; void *shared; word public_length; void *public; } ecdh; /* CK_ECDH1_DERIVE_PARAMS */

enum { INITIALIZE = 0, FINALIZE = 1, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, OPEN_SESSION = 12, LOGIN = 18, CREATE_OBJECT = 20, DESTROY_OBJECT = 22,
       GET_ATTRIBUTES = 24, SIGN_INIT = 42, SIGN = 43, GENERATE_KEY_PAIR = 59, UNWRAP_KEY = 61, DERIVE_KEY = 62 };
enum { CLASS = 0, TOKEN = 1, PRIVATE = 2, LABEL = 3, VALUE = 0x11, KEY_TYPE = 0x100, ID = 0x102, SENSITIVE = 0x103, ENCRYPT = 0x104, DECRYPT = 0x105,
       WRAP = 0x106, UNWRAP = 0x107, SIGNS = 0x108, VERIFY = 0x10a, DERIVE = 0x10c, VALUE_LEN = 0x161, EXTRACTABLE = 0x162, NEVER_EXTRACTABLE = 0x164, MODIFIABLE = 0x170,
       EC_PARAMS = 0x180, UNWRAP_TEMPLATE = 0x40000212 };
enum { SECRET_KEY = 4, GENERIC = 0x10, AES = 0x1f, EC_KEY_PAIR_GEN = 0x1040, ECDSA = 0x1041, ECDH1_DERIVE = 0x1050, SHA256_HMAC = 0x251,
       AES_ECB_ENCRYPT_DATA = 0x1104, KDF_NULL = 1, RW_SERIAL = 6, USER = 1 };

static functions *p11;
static word session;
static unsigned char yes = 1, no = 0;
static word secret_key = SECRET_KEY, aes = AES, generic = GENERIC, octets32 = 32;

/* RFC 5649 section 6: the key, and a key of 32 octets wrapped under it; RFC 5903 section 8.1: a public key */
static unsigned char kek[24] = {0x58, 0x40, 0xdf, 0x6e, 0x29, 0xb0, 0x2a, 0xf1, 0xab, 0x49, 0x3b, 0x70, 0x5b, 0xf1, 0x6e, 0xa1, 0xae, 0x83, 0x38, 0xf4, 0xdc, 0xc1, 0x76, 0xa8};
static unsigned char wrapped[40] = {0xfe, 0x6a, 0x03, 0x20, 0x61, 0x7d, 0x94, 0xd5, 0xab, 0xcd, 0x3c, 0xad, 0xbb, 0x5a, 0x15, 0xee, 0x23, 0x57, 0x4a, 0xd2,
                                    0xa6, 0x50, 0x9b, 0x3f, 0x5a, 0x2b, 0x3b, 0x9d, 0x96, 0xfd, 0xa7, 0x66, 0xe6, 0xd1, 0x20, 0x42, 0x53, 0x50, 0x38, 0x95};
static unsigned char peer[65] = {0x04, 0xd1, 0x2d, 0xfb, 0x52, 0x89, 0xc8, 0xd4, 0xf8, 0x12, 0x08, 0xb7, 0x02, 0x70, 0x39, 0x8c, 0x34, 0x22, 0x96, 0x97, 0x0a, 0x0b,
                                 0xcc, 0xb7, 0x4c, 0x73, 0x6f, 0xc7, 0x55, 0x44, 0x94, 0xbf, 0x63, 0x56, 0xfb, 0xf3, 0xca, 0x36, 0x6c, 0xc2, 0x3e, 0x81, 0x57, 0x85,
                                 0x4c, 0x13, 0xc5, 0x8d, 0x6a, 0xac, 0x23, 0xf0, 0x46, 0xad, 0xa3, 0x0f, 0x83, 0x53, 0xe7, 0x4f, 0x33, 0x03, 0x98, 0x72, 0xab};
static unsigned char p256[10] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static unsigned char block[32] = {0x42}, message[64] = {0x17};

static word parent, releaser, root, mac_key, private_key, public_key;
static mechanism unwrapping;

#define CALL(index, type) ((word(*) type) p11->call[index])
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void must(word result, const char *what) {
  if (result != 0) {
    fprintf(stderr, "raw-calls: %s: CKR 0x%lx\n", what, result);
    exit(1);
  }
}

static word destroy(word object) { return CALL(DESTROY_OBJECT, (word, word))(session, object); }

/* --- what a member's session key looks like --- */

static attribute inner[2] = {{SENSITIVE, &yes, 1}, {EXTRACTABLE, &no, 1}};
static attribute outer[2] = {{SENSITIVE, &no, 1}, {EXTRACTABLE, &yes, 1}};

static int key(attribute *t, word *type, unsigned char *unwraps, attribute *children, unsigned char *signs, unsigned char *derives) {
  attribute all[] = {{CLASS, &secret_key, sizeof(word)}, {KEY_TYPE, type, sizeof(word)}, {TOKEN, &no, 1}, {PRIVATE, &yes, 1}, {LABEL, "keyfleet:bench", 14},
                     {ID, "bench", 5}, {SENSITIVE, &yes, 1}, {EXTRACTABLE, &no, 1}, {ENCRYPT, &no, 1}, {DECRYPT, &no, 1}, {WRAP, &no, 1}, {VERIFY, &no, 1},
                     {SIGNS, signs, 1}, {DERIVE, derives, 1}, {UNWRAP, unwraps, 1}};
  memcpy(t, all, sizeof(all));
  int n = COUNT(all);
  if (children != NULL) t[n++] = (attribute){UNWRAP_TEMPLATE, children, 2 * sizeof(attribute)};
  return n;
}

static word create(attribute *t, int n, void *value, word length) {
  word made = 0;
  t[n++] = (attribute){VALUE, value, length};
  t[n++] = (attribute){MODIFIABLE, &no, 1};
  must(CALL(CREATE_OBJECT, (word, attribute *, word, word *))(session, t, n, &made), "C_CreateObject");
  return made;
}

/* --- the operations; each undoes what it made in cleanup --- */

static word made;

/* what a member asks of each key that was made, in one call */
static word read_back(word result) {
  static const word asked[] = {TOKEN, SENSITIVE, EXTRACTABLE, NEVER_EXTRACTABLE, MODIFIABLE, DECRYPT, UNWRAP, SIGNS, DERIVE, ENCRYPT, WRAP};
  unsigned char values[COUNT(asked)];
  attribute t[COUNT(asked)];
  for (word i = 0; i < COUNT(asked); i++) t[i] = (attribute){asked[i], &values[i], 1};
  return result != 0 ? result : CALL(GET_ATTRIBUTES, (word, word, attribute *, word))(session, made, t, COUNT(asked));
}

static word do_unwrap(void) {
  attribute t[20];
  int n = key(t, &aes, &yes, inner, &no, &no);
  t[n++] = (attribute){MODIFIABLE, &no, 1};
  return read_back(CALL(UNWRAP_KEY, (word, mechanism *, word, void *, word, attribute *, word, word *))(session, &unwrapping, parent, wrapped, sizeof(wrapped), t, n, &made));
}

static word do_release(void) {
  attribute t[] = {{CLASS, &secret_key, sizeof(word)}, {KEY_TYPE, &generic, sizeof(word)}, {TOKEN, &no, 1}, {PRIVATE, &yes, 1}, {SENSITIVE, &no, 1}, {EXTRACTABLE, &yes, 1}};
  unsigned char value[64];
  attribute read = {VALUE, NULL, 0};
  word result = CALL(UNWRAP_KEY, (word, mechanism *, word, void *, word, attribute *, word, word *))(session, &unwrapping, releaser, wrapped, sizeof(wrapped), t, COUNT(t), &made);
  if (result != 0) return result;
  /* the length first, then the value, as every program that does not know it */
  if (result == 0) result = CALL(GET_ATTRIBUTES, (word, word, attribute *, word))(session, made, &read, 1);
  read.value = value;
  if (result == 0) result = CALL(GET_ATTRIBUTES, (word, word, attribute *, word))(session, made, &read, 1);
  word gone = destroy(made);
  made = 0;
  return result != 0 ? result : gone;
}

static word do_derive(void) {
  attribute t[20];
  string_data data = {block, sizeof(block)};
  mechanism m = {AES_ECB_ENCRYPT_DATA, &data, sizeof(data)};
  int n = key(t, &generic, &no, NULL, &yes, &no);
  t[n++] = (attribute){VALUE_LEN, &octets32, sizeof(word)};
  t[n++] = (attribute){MODIFIABLE, &no, 1};
  return read_back(CALL(DERIVE_KEY, (word, mechanism *, word, attribute *, word, word *))(session, &m, root, t, n, &made));
}

static word sign(word type, word with, void *data, word length) {
  mechanism m = {type, NULL, 0};
  unsigned char signature[128];
  word size = sizeof(signature);
  word result = CALL(SIGN_INIT, (word, mechanism *, word))(session, &m, with);
  return result != 0 ? result : CALL(SIGN, (word, void *, word, void *, word *))(session, data, length, signature, &size);
}

static word do_mac(void) { return sign(SHA256_HMAC, mac_key, message, sizeof(message)); }

static word do_sign(void) { return sign(ECDSA, private_key, block, sizeof(block)); }

static word do_agree(void) {
  attribute t[] = {{CLASS, &secret_key, sizeof(word)}, {KEY_TYPE, &aes, sizeof(word)}, {TOKEN, &no, 1}, {PRIVATE, &yes, 1}, {SENSITIVE, &yes, 1}, {EXTRACTABLE, &no, 1},
                   {ENCRYPT, &no, 1}, {DECRYPT, &no, 1}, {WRAP, &no, 1}, {UNWRAP, &no, 1}, {SIGNS, &no, 1}, {VERIFY, &no, 1}, {DERIVE, &yes, 1},
                   {VALUE_LEN, &octets32, sizeof(word)}, {MODIFIABLE, &no, 1}};
  ecdh parameters = {KDF_NULL, 0, NULL, sizeof(peer), peer};
  mechanism m = {ECDH1_DERIVE, &parameters, sizeof(parameters)};
  return read_back(CALL(DERIVE_KEY, (word, mechanism *, word, attribute *, word, word *))(session, &m, private_key, t, COUNT(t), &made));
}

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void measure(const char *name, word (*operation)(void), int count) {
  long *times = calloc(count, sizeof(long));
  for (int i = -count / 4; i < count; i++) {
    made = 0;
    long start = now();
    word result = operation();
    long end = now();
    if (result != 0) {
      printf("%s - 0x%lx\n", name, result);
      free(times);
      return;
    }
    if (made != 0) must(destroy(made), "C_DestroyObject");
    if (i >= 0) times[i] = end - start;
  }
  printf("%s", name);
  for (int i = 0; i < count; i++) printf(" %ld", times[i]);
  printf("\n");
  free(times);
}

static word slot_of(const char *label) {
  word slots[64], count = COUNT(slots);
  must(CALL(GET_SLOT_LIST, (unsigned char, word *, word *))(1, slots, &count), "C_GetSlotList");
  for (word i = 0; i < count; i++) {
    token_info info;
    if (CALL(GET_TOKEN_INFO, (word, token_info *))(slots[i], &info) != 0) continue;
    size_t length = strlen(label);
    if (length <= sizeof(info.label) && memcmp(info.label, label, length) == 0 && (length == sizeof(info.label) || info.label[length] == ' ')) return slots[i];
  }
  fprintf(stderr, "raw-calls: no token %s\n", label);
  exit(1);
}

static void keys(void) {
  attribute t[24];
  parent = create(t, key(t, &aes, &yes, inner, &no, &no), kek, sizeof(kek));
  releaser = create(t, key(t, &aes, &yes, outer, &no, &no), kek, sizeof(kek));
  root = create(t, key(t, &aes, &no, NULL, &no, &yes), block, sizeof(block));
  mac_key = create(t, key(t, &generic, &no, NULL, &yes, &no), block, sizeof(block));
  attribute private[] = {{TOKEN, &no, 1}, {PRIVATE, &yes, 1}, {SENSITIVE, &yes, 1}, {EXTRACTABLE, &no, 1}, {SIGNS, &yes, 1}, {DERIVE, &yes, 1}};
  attribute public[] = {{TOKEN, &no, 1}, {EC_PARAMS, p256, sizeof(p256)}, {VERIFY, &yes, 1}};
  mechanism m = {EC_KEY_PAIR_GEN, NULL, 0};
  must(CALL(GENERATE_KEY_PAIR, (word, mechanism *, attribute *, word, attribute *, word, word *, word *))(
           session, &m, public, COUNT(public), private, COUNT(private), &public_key, &private_key), "C_GenerateKeyPair");
}

int main(int argc, char **argv) {
  static unsigned char iv[4] = {0xa6, 0x59, 0x59, 0xa6};
  if (argc != 6 || getenv("KEYFLEET_BENCH_PIN") == NULL) {
    fprintf(stderr, "usage: KEYFLEET_BENCH_PIN=... raw-calls LIBRARY LABEL MECHANISM IV COUNT\n");
    return 2;
  }
  void *library = dlopen(argv[1], RTLD_NOW);
  word (*list)(functions **) = library == NULL ? NULL : (word(*)(functions **)) dlsym(library, "C_GetFunctionList");
  if (list == NULL) {
    fprintf(stderr, "raw-calls: %s is no PKCS#11 library\n", argv[1]);
    return 1;
  }
  must(list(&p11), "C_GetFunctionList");
  must(CALL(INITIALIZE, (void *))(NULL), "C_Initialize");
  must(CALL(OPEN_SESSION, (word, word, void *, void *, word *))(slot_of(argv[2]), RW_SERIAL, NULL, NULL, &session), "C_OpenSession");
  char *pin = getenv("KEYFLEET_BENCH_PIN");
  must(CALL(LOGIN, (word, word, char *, word))(session, USER, pin, strlen(pin)), "C_Login");
  unwrapping = (mechanism){strtoul(argv[3], NULL, 16), NULL, 0};
  if (strcmp(argv[4], "iv") == 0) unwrapping = (mechanism){unwrapping.type, iv, sizeof(iv)};
  int count = atoi(argv[5]);
  keys();
  measure("unwrap", do_unwrap, count);
  measure("release", do_release, count);
  measure("derive", do_derive, count);
  measure("mac", do_mac, count);
  measure("sign", do_sign, count);
  measure("agree", do_agree, count);
  must(CALL(FINALIZE, (void *))(NULL), "C_Finalize");
  return 0;
}
