package chainrule.spark.gang;

import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one gang at a time run in this JVM, first come, first served. If the scheduler gave two
 * gangs some of the slots each, both would wait for the rest until a timeout.
 */
final class GangTurn {
  private static final Logger LOG = LoggerFactory.getLogger(GangTurn.class);
  private static final Semaphore TURN = new Semaphore(1, true);

  private GangTurn() {}

  /** Waits until no other gang runs; {@link #release} must follow. */
  static void acquire() {
    if (TURN.tryAcquire()) {
      return;
    }
    LOG.info("Waiting for another training of this Spark application to finish its steps");
    try {
      TURN.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot train: interrupted while another training runs", e);
    }
  }

  static void release() {
    TURN.release();
  }
}
