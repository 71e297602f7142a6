package chainrule.data;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash function SHA-256.
 *
 * <p>Source: FIPS 180-4, <i>Secure Hash Standard</i> (2015).
 */
public final class Sha256 {
  private Sha256() {}

  /** Returns a new digest, for input that comes in parts; not for sharing between threads. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      // Every Java platform must have it, says MessageDigest.
      throw new IllegalStateException("Cannot compute SHA-256: " + e.getMessage(), e);
    }
  }

  /** Returns the 32 bytes of the hash. */
  public static byte[] hash(byte[] bytes) {
    return digest().digest(bytes);
  }

  /** Returns the hash as 64 lowercase hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(hash(bytes));
  }
}
