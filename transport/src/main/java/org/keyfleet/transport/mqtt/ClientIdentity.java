package org.keyfleet.transport.mqtt;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The key manager of one key or none. A KeyStore in memory would encrypt the key under a password
 * by thousands of hash rounds, at each start of a device, and hide nothing.
 */
final class ClientIdentity extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final @Nullable PrivateKey key;
  private final X509Certificate[] chain;
  private volatile boolean asked;

  private ClientIdentity(@Nullable PrivateKey key, List<X509Certificate> chain) {
    this.key = key;
    this.chain = chain.toArray(X509Certificate[]::new);
  }

  static ClientIdentity of(PrivateKey key, List<X509Certificate> chain) {
    return new ClientIdentity(key, chain);
  }

  static ClientIdentity none() {
    return new ClientIdentity(null, List.of());
  }

  /**
   * Whether the broker has asked for a certificate since the last call. In TLS 1.3 the client's
   * handshake ends before the broker has looked at it: a refusal can arrive as an alert or as a
   * connection that breaks.
   */
  boolean takeAsked() {
    boolean was = asked;
    asked = false;
    return was;
  }

  /** Shows the certificate whatever CAs the broker names: a refusal then says what is wrong. */
  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    asked = true;
    return key == null ? null : ALIAS;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return key == null ? null : new String[] {ALIAS};
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return null;
  }
}
