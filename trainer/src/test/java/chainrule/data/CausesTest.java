package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class CausesTest {
  private final IOException root = new IOException("root");
  private final UncheckedIOException middle = new UncheckedIOException(root);
  private final IllegalStateException top = new IllegalStateException(middle);

  @Test
  void theChainBeginsWithTheExceptionAndEndsWithTheRoot() {
    assertThat(Causes.stream(top)).containsExactly(top, middle, root);
    assertThat(Causes.root(top)).isSameAs(root);
    assertThat(Causes.root(root)).isSameAs(root);
  }

  @Test
  void findsTheFirstOfAType() {
    assertThat(Causes.find(top, RuntimeException.class)).containsSame(top);
    assertThat(Causes.find(top, UncheckedIOException.class)).containsSame(middle);
    assertThat(Causes.find(top, IOException.class)).containsSame(root);
    assertThat(Causes.find(top, InterruptedException.class)).isEmpty();
  }

  @Test
  void nullHasNoCauses() {
    assertThat(Causes.stream(null)).isEmpty();
    assertThat(Causes.find(null, Exception.class)).isEmpty();
  }
}
