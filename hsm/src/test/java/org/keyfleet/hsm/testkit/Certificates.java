package org.keyfleet.hsm.testkit;

import java.util.Base64;
import org.keyfleet.protocol.octets.Bytes;

/** Two self-signed certificates of throw-away keys, as things to store. */
final class Certificates {
  static final Bytes ONE =
      der(
          "MIIBbjCCARSgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAptZW1iZXItb25lMCAXDTI2"
              + "MTEyMzEyMzgwOFoYDzIxMjYxMDMwMTIzODA4WjAVMRMwEQYDVQQDDAptZW1iZXItb25lMFkwEwYH"
              + "KoZIzj0CAQYIKoZIzj0DAQcDQgAEnQJvr8CeVXkkbc+FpY4kF3RCnbiBQabA4E4ERBsMOg22eeXo"
              + "UviP+oYeZ6HlUKZG2MAmHg9P/Mjyzxr/IB3F7qNTMFEwHQYDVR0OBBYEFJhAdtURjy1i7kNjiRNd"
              + "YIxzlJlcMB8GA1UdIwQYMBaAFJhAdtURjy1i7kNjiRNdYIxzlJlcMA8GA1UdEwEB/wQFMAMBAf8w"
              + "CgYIKoZIzj0EAwIDSAAwRQIgH+LcAWSS53rYRdw6l1supiNnY9B9bHYOvRKtmXJ3M0ICIQC8SB37"
              + "f3BEdpdXJUuclvZnmKs7WjzUl4Czwqi42TA3eA==");

  static final Bytes TWO =
      der(
          "MIIBbTCCARSgAwIBAgIBATAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAptZW1iZXItdHdvMCAXDTI2"
              + "MTEyMzEyMzgwOFoYDzIxMjYxMDMwMTIzODA4WjAVMRMwEQYDVQQDDAptZW1iZXItdHdvMFkwEwYH"
              + "KoZIzj0CAQYIKoZIzj0DAQcDQgAEnQJvr8CeVXkkbc+FpY4kF3RCnbiBQabA4E4ERBsMOg22eeXo"
              + "UviP+oYeZ6HlUKZG2MAmHg9P/Mjyzxr/IB3F7qNTMFEwHQYDVR0OBBYEFJhAdtURjy1i7kNjiRNd"
              + "YIxzlJlcMB8GA1UdIwQYMBaAFJhAdtURjy1i7kNjiRNdYIxzlJlcMA8GA1UdEwEB/wQFMAMBAf8w"
              + "CgYIKoZIzj0EAwIDRwAwRAIgfcSj001cbbmB85fTbvbX3IpXZKyMc5DupGWeCroD6MQCIB05NhFL"
              + "y02oQq1f22BaFfYRh22LtaZIl8ceLbtkPhV1");

  private Certificates() {}

  private static Bytes der(String base64) {
    return Bytes.copyOf(Base64.getDecoder().decode(base64));
  }
}
