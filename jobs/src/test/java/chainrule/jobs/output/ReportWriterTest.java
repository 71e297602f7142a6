package chainrule.jobs.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import chainrule.jobs.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  @TempDir private Path temporary;

  @Test
  void whateverBreaksFailsNoRunAndLeavesNoOlderReport() throws IOException {
    Path older = Files.writeString(temporary.resolve("report.html"), "an older run's");
    var output = new OutputFolder(temporary.toString(), new Configuration());
    var writer = new ReportWriter(output, Command.session(), "java");
    // Without an outcome nothing can be written.
    assertThatCode(() -> writer.write(null, null, Optional.empty(), 1)).doesNotThrowAnyException();
    assertThat(older).doesNotExist();
  }
}
