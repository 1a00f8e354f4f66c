import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Writes sample.pcap and its key tables into a directory: a small G-IKEv2 conversation with known keys, made with nothing but the JDK, so
 * that check-capture.sh can be shown to tell right from wrong. Run: {@code java SampleCapture.java DIRECTORY [good | spoiled-ike | spoiled-esp |
 * missing-ike | missing-esp]}.
 */
class SampleCapture {
  private static final int IKE_SA_INIT = 34;
  private static final int GSA_AUTH = 39;
  private static final int GSA_REKEY = 41;
  private static final int SK = 46;
  private static final int SKF = 53;
  private static final byte[] GCM_KEY = octets(20, 1); // with the 4-octet salt at its end, RFC 5282 section 4
  private static final byte[] CBC_KEY = octets(16, 41);
  private static final byte[] MAC_KEY = octets(32, 61);
  private static final byte[] GCM_SPIS = octets(16, 0xa1);
  private static final byte[] CBC_SPIS = octets(16, 0xc1);
  private static final byte[] REKEY_SPIS = octets(16, 0xe1);
  private static final byte[] ESP_KEY_128 = octets(20, 101);
  private static final byte[] ESP_KEY_256 = octets(36, 131);

  private final ByteArrayOutputStream packets = new ByteArrayOutputStream();
  private int seconds;

  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    Path directory = Path.of(arguments[0]);
    String kind = arguments.length > 1 ? arguments[1] : "good";
    SampleCapture capture = new SampleCapture();
    capture.conversation(kind);
    Files.createDirectories(directory);
    Files.write(directory.resolve("sample.pcap"), capture.pcap());
    Files.writeString(directory.resolve("ikev2_decryption_table"), ikeTable(kind));
    Files.writeString(directory.resolve("esp_sa"), espTable(kind));
  }

  private void conversation(String kind) throws IOException, GeneralSecurityException {
    // registration on one port, AES-GCM, on another with the non-ESP marker, AES-CBC
    udp("10.78.0.2", "10.78.0.1", 40001, 8480, header(concat(Arrays.copyOf(GCM_SPIS, 8), new byte[8]), IKE_SA_INIT, 0, 0, new byte[0]));
    udp("10.78.0.1", "10.78.0.2", 8480, 40001, header(GCM_SPIS, IKE_SA_INIT, 0, 0, new byte[0]));
    udp("10.78.0.2", "10.78.0.1", 40001, 8480, gcm(GCM_SPIS, GSA_AUTH, 1, 1, 0));
    udp("10.78.0.1", "10.78.0.2", 8480, 40001, gcm(GCM_SPIS, GSA_AUTH, 1, 2, 0));
    udp("10.78.0.2", "10.78.0.1", 40002, 14500, concat(new byte[4], cbc(CBC_SPIS, GSA_AUTH, 1)));
    // rekey: one message whole, one in two fragments (RFC 7383), to the group
    byte[] rekey = gcm(REKEY_SPIS, GSA_REKEY, 0, 1, 0);
    if (kind.equals("spoiled-ike")) {
      rekey[rekey.length - 20] ^= 1;
    }
    udp("10.78.0.1", "239.78.0.1", 8480, 8481, rekey);
    udp("10.78.0.1", "239.78.0.1", 8480, 8481, gcm(REKEY_SPIS, GSA_REKEY, 1, 2, 1));
    udp("10.78.0.1", "239.78.0.1", 8480, 8481, gcm(REKEY_SPIS, GSA_REKEY, 1, 3, 2));
    // data: ESP in UDP to the group
    for (int sequence = 1; sequence <= 3; sequence++) {
      byte[] packet = esp(0x1001, ESP_KEY_128, sequence);
      if (kind.equals("spoiled-esp") && sequence == 2) {
        packet[20] ^= 1;
      }
      udp("10.78.0.2", "239.78.0.2", 40003, 14501, packet);
    }
    udp("10.78.0.2", "239.78.0.2", 40003, 14501, esp(0x1002, ESP_KEY_256, 1));
    ipv6("fd78::2", "ff15::7802", 40003, 14501, esp(0x1003, ESP_KEY_128, 1));
    // what an application sends in the clear beside it does not count
    udp("127.0.0.1", "127.0.0.1", 40004, 40005, "plain text of an application".getBytes(StandardCharsets.US_ASCII));
  }

  private static String ikeTable(String kind) {
    String gcm = ",\"AES-GCM-128 with 16 octet ICV [RFC5282]\",,,\"NONE [RFC4306]\"\n";
    String cbc = ",\"AES-CBC-128 [RFC3602]\"," + hex(MAC_KEY) + "," + hex(MAC_KEY) + ",\"HMAC_SHA2_256_128 [RFC4868]\"\n";
    return spis(GCM_SPIS) + hex(GCM_KEY) + "," + hex(GCM_KEY) + gcm
        + spis(CBC_SPIS) + hex(CBC_KEY) + "," + hex(CBC_KEY) + cbc
        + (kind.equals("missing-ike") ? "" : spis(REKEY_SPIS) + hex(GCM_KEY) + "," + hex(GCM_KEY) + gcm);
  }

  private static String espTable(String kind) {
    String row = "\"IPv4\",\"*\",\"239.78.0.2\",\"0x%08x\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x%s\",\"NULL\",\"\"\n";
    return row.formatted(0x1001, hex(ESP_KEY_128))
        + row.replace("IPv4", "IPv6").replace("239.78.0.2", "ff15:0:0:0:0:0:0:7802").formatted(0x1003, hex(ESP_KEY_128))
        + (kind.equals("missing-esp") ? "" : row.formatted(0x1002, hex(ESP_KEY_256)));
  }

  private static String spis(byte[] spis) {
    return hex(Arrays.copyOf(spis, 8)) + "," + hex(Arrays.copyOfRange(spis, 8, 16)) + ",";
  }

  /** An SK payload, or with {@code fragment} above 0 that fragment of two; one Nonce payload inside. */
  private static byte[] gcm(byte[] spis, int exchange, int messageId, int iv, int fragment) throws GeneralSecurityException {
    byte[] nonce = concat(bytes(0, 0, 0, 36), octets(32, 7));
    byte[] inner = switch (fragment) {
      case 1 -> Arrays.copyOf(nonce, 20);
      case 2 -> Arrays.copyOfRange(nonce, 20, 36);
      default -> nonce;
    };
    byte[] plaintext = concat(inner, bytes(0)); // pad length
    byte[] fragmentFields = fragment == 0 ? new byte[0] : bytes(0, fragment, 0, 2);
    int length = 4 + fragmentFields.length + 8 + plaintext.length + 16;
    byte[] payloadHeader = concat(bytes(fragment == 2 ? 0 : 40, 0, length >> 8, length), fragmentFields);
    byte[] head = header(spis, exchange, fragment == 0 ? SK : SKF, messageId, new byte[length]);
    byte[] aad = concat(Arrays.copyOf(head, 28), payloadHeader);
    return concat(aad, aesGcm(GCM_KEY, ByteBuffer.allocate(8).putLong(iv).array(), aad, plaintext));
  }

  private static byte[] cbc(byte[] spis, int exchange, int messageId) throws GeneralSecurityException {
    byte[] plaintext = concat(bytes(0, 0, 0, 36), octets(32, 7), new byte[11], bytes(11));
    byte[] iv = octets(16, 200);
    Cipher aes = Cipher.getInstance("AES/CBC/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(CBC_KEY, "AES"), new IvParameterSpec(iv));
    byte[] ciphertext = aes.doFinal(plaintext);
    int length = 4 + iv.length + ciphertext.length + 16;
    byte[] body = concat(bytes(40, 0, length >> 8, length), iv, ciphertext);
    byte[] head = Arrays.copyOf(header(spis, exchange, SK, messageId, new byte[length]), 28);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(MAC_KEY, "HmacSHA256"));
    return concat(head, body, Arrays.copyOf(mac.doFinal(concat(head, body)), 16));
  }

  /** RFC 4303 with RFC 4106: SPI, sequence number, IV, ciphertext of payload, padding and next header, ICV. */
  private static byte[] esp(int spi, byte[] key, int sequence) throws GeneralSecurityException {
    byte[] aad = ByteBuffer.allocate(8).putInt(spi).putInt(sequence).array();
    byte[] udp = ByteBuffer.allocate(8 + 12).putShort((short) 5000).putShort((short) 5000).putShort((short) 20).array();
    byte[] plaintext = concat(udp, bytes(1, 2, 2, 17));
    return concat(aad, aesGcm(key, ByteBuffer.allocate(8).putLong(sequence).array(), aad, plaintext));
  }

  /** IV | ciphertext | ICV; the salt is the last 4 octets of {@code key}. */
  private static byte[] aesGcm(byte[] key, byte[] iv, byte[] aad, byte[] plaintext) throws GeneralSecurityException {
    int salt = key.length - 4;
    Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
    aes.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, 0, salt, "AES"),
        new GCMParameterSpec(128, concat(Arrays.copyOfRange(key, salt, key.length), iv)));
    aes.updateAAD(aad);
    return concat(iv, aes.doFinal(plaintext));
  }

  private static byte[] header(byte[] spis, int exchange, int firstPayload, int messageId, byte[] body) {
    return ByteBuffer.allocate(28 + body.length)
        .put(spis).put((byte) firstPayload).put((byte) 0x20).put((byte) exchange).put((byte) 0x08)
        .putInt(messageId).putInt(28 + body.length).put(body).array();
  }

  private void udp(String from, String to, int fromPort, int toPort, byte[] payload) throws IOException {
    int size = 20 + 8 + payload.length;
    byte[] head = bytes(0x45, 0, size >> 8, size, 0, 0, 0, 0, 64, 17, 0, 0);
    packet(bytes(8, 0), concat(head, address(from), address(to)), fromPort, toPort, payload);
  }

  private void ipv6(String from, String to, int fromPort, int toPort, byte[] payload) throws IOException {
    int size = 8 + payload.length;
    byte[] head = bytes(0x60, 0, 0, 0, size >> 8, size, 17, 64);
    packet(bytes(0x86, 0xdd), concat(head, address(from), address(to)), fromPort, toPort, payload);
  }

  private void packet(byte[] etherType, byte[] ip, int fromPort, int toPort, byte[] payload) throws IOException {
    int size = 14 + ip.length + 8 + payload.length;
    DataOutputStream out = new DataOutputStream(packets);
    out.write(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(1000 + seconds++).putInt(0).putInt(size).putInt(size).array());
    out.write(concat(octets(6, 1), octets(6, 2), etherType, ip));
    out.writeShort(fromPort);
    out.writeShort(toPort);
    out.writeShort(8 + payload.length);
    out.writeShort(0); // no checksum
    out.write(payload);
  }

  private byte[] pcap() {
    byte[] head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(65535).putInt(1).array();
    return concat(head, packets.toByteArray());
  }

  private static byte[] address(String literal) throws IOException {
    return InetAddress.getByName(literal).getAddress();
  }

  private static byte[] octets(int count, int first) {
    byte[] octets = new byte[count];
    for (int i = 0; i < count; i++) {
      octets[i] = (byte) (first + i);
    }
    return octets;
  }

  private static byte[] bytes(int... values) {
    byte[] octets = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      octets[i] = (byte) values[i];
    }
    return octets;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
