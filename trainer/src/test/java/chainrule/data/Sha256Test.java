package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** The one-block example that NIST publishes for FIPS 180-4. */
  @Test
  void hashesTheExampleOfTheStandard() {
    byte[] text = "abc".getBytes(StandardCharsets.US_ASCII);
    String expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(Sha256.hex(text)).isEqualTo(expected);
    assertThat(Sha256.hash(text)).hasSize(32).startsWith(0xba, 0x78, 0x16, 0xbf);
  }

  @Test
  void aDigestTakesItsInputInParts() {
    var digest = Sha256.digest();
    digest.update((byte) 'a');
    digest.update(new byte[] {'b', 'c'});
    assertThat(digest.digest()).isEqualTo(Sha256.hash(new byte[] {'a', 'b', 'c'}));
  }
}
