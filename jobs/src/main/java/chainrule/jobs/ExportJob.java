package chainrule.jobs;

import chainrule.jobs.output.Console;
import chainrule.jobs.output.OutputFolder;
import chainrule.model.ModelFile;
import chainrule.onnx.OnnxModel;
import chainrule.train.TrainedModel;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code export}: writes a trained network in a format of other runtimes. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a trained network as one ONNX file for other runtimes. The inputs are the columns of",
      "the table: numbers as double [N,1], NaN is missing; categories as string [N,1], empty is",
      "missing. The outputs are the prediction and, for a classification, the probabilities."
    },
    footer = {
      "",
      "Examples: scripts/chainrule export out/penguins --format onnx",
      "          scripts/chainrule export conf/penguins.conf --output penguins.onnx"
    })
public final class ExportJob extends ModelCommand {
  /** The supported formats. */
  enum Format {
    onnx
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "onnx",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "the file to write (default: OUT/" + SavedModel.ONNX_FILE + ")")
  private String output = "";

  public static void main(String[] args) {
    main(new ExportJob(), args);
  }

  @Override
  void run(OutputFolder folder) {
    Path file = output.isEmpty() ? folder.path(SavedModel.ONNX_FILE) : new Path(output);
    TrainedModel model = ModelFile.of(folder.read(SavedModel.NETWORK_FILE));
    byte[] bytes =
        switch (format) {
          case onnx -> OnnxModel.toBytes(model);
        };
    Path parent = file.getParent();
    boolean isBare = parent == null || parent.toString().isEmpty();
    new OutputFolder(isBare ? Path.CUR_DIR : parent.toString(), hadoop())
        .write(file.getName(), bytes);
    Console.print(
        "%d columns, %d parameters, %,d bytes; written to %s",
        model.schema().features().size(),
        model.network().parameterCount(),
        bytes.length,
        output.isEmpty() ? file : output);
  }
}
