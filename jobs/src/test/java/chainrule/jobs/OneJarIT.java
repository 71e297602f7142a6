package chainrule.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packed jar in processes that have Spark's own jars and nothing else: one trains, one that is
 * no program of ours scores by what the first saved, with an executor that is a process, too, and
 * one predicts.
 */
@Timeout(600)
class OneJarIT {
  private static final String MASTER = "local[2]";
  private static final String CLUSTER = "local-cluster[1,1,1024]";

  @TempDir private Path temporary;

  private static String spark() throws IOException {
    return Files.readString(Path.of(System.getProperty("chainrule.target"), "spark-jars")).strip();
  }

  private static Path jobsJar() {
    return Path.of(System.getProperty("chainrule.jobs.jar"));
  }

  /** Packs the application's one class. */
  private Path applicationJar() throws IOException {
    String entry = ForeignApplication.class.getName().replace('.', '/') + ".class";
    Path jar = temporary.resolve("application.jar");
    try (var stream = new JarOutputStream(Files.newOutputStream(jar));
        InputStream bytes = getClass().getResourceAsStream("/" + entry)) {
      stream.putNextEntry(new JarEntry(entry));
      bytes.transferTo(stream);
    }
    return jar;
  }

  @Test
  void anApplicationScoresByThePipelineThatAnotherProcessSaved() throws Exception {
    var output = new RunFolder(temporary.resolve("out"));
    String rows = RunFolder.shipped("data/penguins-test.csv");
    String scored = temporary.resolve("scored").toString();
    String predicted = temporary.resolve("predicted").toString();

    var jobs = new Submission(temporary, spark(), jobsJar());
    assertThat(
            jobs.run(
                MASTER,
                TrainJob.class,
                output.arguments("penguins.conf", "output.tensorboard=true")))
        .contains("written to " + output.path(""));
    assertThat(jobs.run(MASTER, ExportJob.class, List.of(output.path("").toString())))
        .contains("written to " + output.path("model.onnx"));
    var application =
        new Submission(temporary, spark(), applicationJar())
            .with("spark.jars", jobsJar().toString());
    application.run(
        CLUSTER, ForeignApplication.class, List.of(output.path("model").toString(), rows, scored));
    assertThat(
            jobs.run(
                MASTER,
                PredictJob.class,
                output.arguments(
                    "penguins.conf", "predict.input=" + rows, "predict.output=" + predicted)))
        .contains("Predictions written to " + predicted);

    List<Row> actual = Command.session().read().parquet(scored).collectAsList();
    List<Row> expected = Command.session().read().parquet(predicted).collectAsList();
    assertThat(actual).hasSameSizeAs(expected).hasSize(69);
    for (int i = 0; i < expected.size(); i++) {
      Row row = expected.get(i);
      assertThat((String) actual.get(i).getAs("predictedLabel")).isEqualTo(row.getAs("prediction"));
      Vector probability = actual.get(i).getAs("probability");
      List<String> species = List.of("Adelie", "Chinstrap", "Gentoo");
      for (int j = 0; j < species.size(); j++) {
        // Blocks of other sizes give other last bits of a float32.
        assertThat(probability.apply(j))
            .isCloseTo(row.<Double>getAs("probability_" + species.get(j)), within(1e-6));
      }
    }
  }
}
