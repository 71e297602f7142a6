package chainrule.spark.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MappedSpaceTest {
  private static final long MEBIBYTE = 1L << 20;

  private final Semaphore collections = new Semaphore(0);
  private final Semaphore ends = new Semaphore(0);
  private final MappedSpace space =
      new MappedSpace(
          () -> {
            collections.release();
            ends.acquireUninterruptibly();
          });

  @Test
  void collectsOnceAsMuchIsUnwantedAsIsInUse() throws Exception {
    space.use(300 * MEBIBYTE);
    space.drop(149 * MEBIBYTE);
    assertThat(collections.availablePermits()).isZero();
    space.drop(MEBIBYTE);
    collections.acquire();
    // 150 MiB are in use. What is dropped during a collection may need another.
    space.drop(MEBIBYTE);
    space.drop(74 * MEBIBYTE);
    assertThat(collections.availablePermits()).isZero();
    ends.release();
    collections.acquire();
    ends.release();
  }

  @Test
  void leavesLittleToTheNextCollection() throws Exception {
    space.use(65 * MEBIBYTE);
    space.drop(63 * MEBIBYTE);
    assertThat(collections.availablePermits()).isZero();
    space.drop(MEBIBYTE);
    collections.acquire();
    ends.release();
  }
}
