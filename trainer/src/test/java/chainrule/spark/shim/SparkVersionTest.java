package chainrule.spark.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class SparkVersionTest {
  private static final SparkVersion BUILT = new SparkVersion("4.1", "2.13");

  @Test
  void acceptsEveryPatchOfTheLine() {
    assertThat(SparkVersion.mismatch(BUILT, "4.1.0", "2.13.17")).isEmpty();
    assertThat(SparkVersion.mismatch(BUILT, "4.1.2-SNAPSHOT", "2.13.18")).isEmpty();
  }

  @Test
  void namesTheJarForAnotherLine() {
    assertThat(SparkVersion.mismatch(BUILT, "3.5.6", "2.12.18"))
        .contains(
            "Cannot run on Spark 3.5.6 with Scala 2.12.18: chainrule-jobs_4.1_2.13.jar was built for"
                + " Spark 4.1 with Scala 2.13 (use chainrule-jobs_3.5_2.12.jar)");
  }

  @Test
  void tellsTheScalaLinesOfOneSparkApart() {
    assertThat(SparkVersion.mismatch(new SparkVersion("3.5", "2.13"), "3.5.1", "2.12.18"))
        .contains(
            "Cannot run on Spark 3.5.1 with Scala 2.12.18: chainrule-jobs_3.5_2.13.jar was built for"
                + " Spark 3.5 with Scala 2.13 (use chainrule-jobs_3.5_2.12.jar)");
  }

  @Test
  void listsTheSupportedLinesIfTheRunningOneIsNone() {
    assertThat(SparkVersion.mismatch(BUILT, "3.4.2", "2.12.17"))
        .contains(
            "Cannot run on Spark 3.4.2 with Scala 2.12.17: chainrule-jobs_4.1_2.13.jar was built for"
                + " Spark 4.1 with Scala 2.13 (Chainrule supports Spark 3.5 with Scala 2.12 or 2.13,"
                + " and 4.0 to 4.2 with Scala 2.13)");
  }

  @Test
  void theSparkOfThisBuildMatches() {
    assertThatCode(SparkVersion::requireMatching).doesNotThrowAnyException();
  }
}
