package chainrule.jobs;

import chainrule.data.Encoder;
import chainrule.data.Placement;
import chainrule.data.Schema;
import chainrule.data.Sha256;
import chainrule.data.TableStatistics;
import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.output.Console;
import chainrule.jobs.output.FaultText;
import chainrule.math.Matrix;
import chainrule.math.Slice;
import chainrule.nn.CustomLoss;
import chainrule.nn.Loss;
import chainrule.spark.EngineKind;
import chainrule.spark.ShardedTable;
import chainrule.spark.read.RowPolicy;
import chainrule.spark.read.TableReader;
import chainrule.train.TrainedModel;
import chainrule.train.Trainer;
import chainrule.train.TrainingListener;
import chainrule.train.shard.GradientSource;
import chainrule.train.shard.StepPlan;
import chainrule.train.shard.Table;
import chainrule.train.shard.TableSummary;
import chainrule.train.sums.Objective;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;

/**
 * Runs trainings with faults, one after the other in one Spark application, and prints the hash of
 * each training's weights. Arguments: comma-separated names of scenarios, a configuration, the
 * number of shards, and for some scenarios an output folder.
 */
public final class GangScenarios {
  /** The step after which the fault happens: in the middle of an epoch. */
  private static final long FAULT_STEP = 150;

  private static final List<String> OVERRIDES =
      List.of(
          "training.epochs=25",
          "training.batch-size=64",
          "training.refit=false",
          "network.hidden=[16]");

  private final SparkSession session;
  private final Configuration configuration;
  private final int shards;
  private final String[] arguments;

  private GangScenarios(SparkSession session, Configuration configuration, String[] arguments) {
    this.arguments = arguments;
    this.session = session;
    this.configuration = configuration;
    this.shards = new JobSettings(configuration).training().shards().orElse(1);
  }

  public static void main(String[] args) throws Exception {
    SparkSession session = SparkSession.builder().appName("scenarios").getOrCreate();
    List<String> overrides = new ArrayList<>(OVERRIDES);
    overrides.add("training.shards=" + args[2]);
    var scenarios = new GangScenarios(session, Configuration.load(args[1], overrides), args);
    for (String name : args[0].split(",", -1)) {
      long start = System.nanoTime();
      Console.print("scenario %s: %s", name, scenarios.run(name));
      Console.print("%s took %.1f s", name, (System.nanoTime() - start) * 1e-9);
    }
    session.stop();
    System.exit(0);
  }

  private String run(String name) throws Exception {
    return switch (name) {
      case "undisturbed" -> train(EngineKind.GANG, () -> {});
      case "tree" -> train(EngineKind.TREE, () -> {});
      case "executor-killed" -> train(EngineKind.GANG, () -> signal("KILL", 1));
      case "all-executors-killed" -> train(EngineKind.GANG, () -> signal("KILL", 9));
      case "executor-stopped" -> train(EngineKind.GANG, () -> signal("STOP", 1));
      case "tree-executor-stopped" -> trainWithStoppedExecutor();
      case "speculated" -> trainSlowly();
      case "count-executors" -> train(EngineKind.GANG, this::countExecutors);
      case "slot-taken" -> trainWithOccupiedSlot();
      case "no-slots" -> train(EngineKind.AUTO, this::takeAllSlots);
      case "task-throws-once" -> trainWithFailure();
      case "two-at-once" -> trainTwo();
      case "stranger" -> train(EngineKind.GANG, this::connectAsStranger);
      case "executor-slow" -> trainWithSlowExecutor();
      case "unreachable" -> trainUnreachable();
      case "unheard" -> trainUnheard();
      case "command" -> command();
      default -> throw new IllegalArgumentException("no scenario " + name);
    };
  }

  private ShardedTable table(EngineKind engine) {
    var settings = new JobSettings(configuration);
    var reader = new TableReader(session, "data.train", settings.source("data.train"));
    return ShardedTable.of(
        session,
        reader,
        reader.schema(settings.columns()),
        RowPolicy.defaults(),
        shards,
        engine,
        settings.kernels());
  }

  /** Trains, and runs an action in the middle of an epoch. */
  private String train(EngineKind engine, Runnable fault) {
    var listener =
        new TrainingListener() {
          @Override
          public void stepFinished(long step, double loss) {
            if (step == FAULT_STEP) {
              fault.run();
            }
          }
        };
    return hash(model(engine, listener));
  }

  private TrainedModel model(EngineKind engine, TrainingListener listener) {
    ShardedTable table = table(engine);
    TrainedModel model = model(table, listener);
    Console.print("engine %s was %s at the end", engine.key(), table.engine().key());
    return model;
  }

  private TrainedModel model(Table table, TrainingListener listener) {
    Trainer.Outcome outcome =
        new Trainer(new JobSettings(configuration).training(), listener).train(table);
    Console.print("faults: %s", FaultText.json(outcome.report().faults()));
    FaultText.sentences(outcome.report().faults()).forEach(text -> Console.print("%s", text));
    return outcome.model();
  }

  private static String hash(TrainedModel model) {
    float[] parameters = model.parameters();
    ByteBuffer bytes = ByteBuffer.allocate(parameters.length * Float.BYTES);
    bytes.asFloatBuffer().put(parameters);
    return Sha256.hex(bytes.array());
  }

  /**
   * Trains with the tree engine, and stops an executor that computes. The tree's tasks may all
   * prefer one of the two executors, which then is the one to stop.
   */
  private String trainWithStoppedExecutor() {
    var last = new AtomicReference<>("");
    var ends =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            last.set(end.taskInfo().executorId());
          }
        };
    session.sparkContext().addSparkListener(ends);
    try {
      return train(EngineKind.TREE, () -> signal("STOP", "--executor-id " + last.get() + " ", 1));
    } finally {
      session.sparkContext().removeSparkListener(ends);
    }
  }

  /** Sends a signal to up to {@code count} executors. */
  private static void signal(String signal, int count) {
    signal(signal, "", count);
  }

  /** Sends a signal to up to {@code count} executors with a text in their command line. */
  private static void signal(String signal, String text, int count) {
    List<String> executors =
        ProcessHandle.current()
            .descendants()
            .filter(process -> commandLine(process).contains("ExecutorBackend"))
            .filter(process -> commandLine(process).contains(text))
            .limit(count)
            .map(process -> Long.toString(process.pid()))
            .toList();
    if (executors.isEmpty()) {
      throw new IllegalStateException("there is no executor");
    }
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    command.addAll(executors);
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }

  private void countExecutors() {
    Console.print("%d executors", session.sparkContext().getExecutorIds().size());
  }

  /** Trains for long enough that Spark starts copies of the tasks, and counts these. */
  private String trainSlowly() {
    var copies = new AtomicInteger();
    var starts =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart start) {
            if (start.taskInfo().speculative()) {
              copies.incrementAndGet();
            }
          }
        };
    session.sparkContext().addSparkListener(starts);
    var listener =
        new TrainingListener() {
          @Override
          public void stepFinished(long step, double loss) {
            sleep(10);
          }
        };
    String hash = hash(model(EngineKind.GANG, listener));
    session.sparkContext().removeSparkListener(starts);
    Console.print("%s", copies.get() > 0 ? "there were copies" : "there was no copy");
    return hash;
  }

  /** Starts a job that occupies this many slots for some seconds. */
  private void occupy(int slots) {
    var context = JavaSparkContext.fromSparkContext(session.sparkContext());
    JavaFutureAction<Void> job =
        context
            .parallelize(Collections.nCopies(slots, 1), slots)
            .foreachAsync(one -> Thread.sleep(6_000));
    sleep(500); // until it is queued or runs
    if (job.isDone()) {
      throw new IllegalStateException("the job that occupies slots has already ended");
    }
  }

  /** Queues a job behind the gang and kills an executor, so that the next attempt gets no slot. */
  private void takeAllSlots() {
    occupy(2);
    signal("KILL", 1);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trains while another job occupies one slot. */
  private String trainWithOccupiedSlot() {
    var table = new OtherTable(table(EngineKind.GANG), loss -> loss, () -> occupy(1));
    var training = new JobSettings(configuration).training();
    return hash(new Trainer(training, TrainingListener.NONE).train(table).model());
  }

  private String trainTwo() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<String>> both = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        both.add(threads.submit(() -> train(EngineKind.GANG, () -> {})));
      }
      String first = both.get(0).get();
      String second = both.get(1).get();
      return first.equals(second) ? first : first + " and " + second;
    } finally {
      threads.shutdownNow();
    }
  }

  /** A table that replaces the loss and runs an action before training. */
  private record OtherTable(Table table, UnaryOperator<Loss> loss, Runnable first)
      implements Table {
    @Override
    public Schema schema() {
      return table.schema();
    }

    @Override
    public Optional<Table> validationTable() {
      return table.validationTable();
    }

    @Override
    public TableSummary summary(long seed) {
      return table.summary(seed);
    }

    @Override
    public TableStatistics statistics(Placement placement, double sampleFraction) {
      return table.statistics(placement, sampleFraction);
    }

    @Override
    public GradientSource open(
        Objective objective, Encoder encoder, StepPlan plan, Placement placement) {
      first.run();
      return table.open(
          new Objective(
              objective.network(),
              loss.apply(objective.loss()),
              objective.layout(),
              objective.label()),
          encoder,
          plan,
          placement);
    }
  }

  /** Throws an exception at the hundredth call, in one JVM only. */
  private record FailingLoss(Loss loss, String marker) implements CustomLoss {
    private static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public String key() {
      return loss.key();
    }

    @Override
    public double sumAndGradient(
        Matrix outputs, Matrix targets, Slice weights, Matrix outputGradient) {
      if (CALLS.incrementAndGet() == 100) {
        try {
          Files.createFile(Path.of(marker));
          throw new IllegalStateException("a fault for once");
        } catch (IOException e) {
          CALLS.incrementAndGet(); // another JVM has thrown it
        }
      }
      return loss.sumAndGradient(outputs, targets, weights, outputGradient);
    }

    @Override
    public double sum(Matrix outputs, Matrix targets, Slice weights) {
      return loss.sum(outputs, targets, weights);
    }
  }

  /** Sleeps in the first JVM that calls it. */
  private record SlowLoss(Loss loss, String marker) implements CustomLoss {
    private static final AtomicInteger FIRST = new AtomicInteger(); // 1: this JVM, 2: another

    @Override
    public String key() {
      return loss.key();
    }

    private boolean isSlow() {
      synchronized (FIRST) {
        if (FIRST.get() == 0) {
          try {
            Files.createFile(Path.of(marker));
            FIRST.set(1);
          } catch (IOException e) {
            FIRST.set(2);
          }
        }
        return FIRST.get() == 1;
      }
    }

    @Override
    public double sumAndGradient(
        Matrix outputs, Matrix targets, Slice weights, Matrix outputGradient) {
      if (isSlow()) {
        sleep(1);
      }
      return loss.sumAndGradient(outputs, targets, weights, outputGradient);
    }

    @Override
    public double sum(Matrix outputs, Matrix targets, Slice weights) {
      return loss.sum(outputs, targets, weights);
    }
  }

  private String trainWithSlowExecutor() throws IOException {
    Path marker = Files.createTempDirectory("scenario").resolve("slow");
    var table =
        new OtherTable(
            table(EngineKind.GANG), loss -> new SlowLoss(loss, marker.toString()), () -> {});
    return hash(model(table, TrainingListener.NONE));
  }

  /** Trains while executors cannot connect to the exchange: engine auto, then gang. */
  private String trainUnreachable() {
    String hash = train(EngineKind.AUTO, () -> {});
    try {
      train(EngineKind.GANG, () -> {});
    } catch (UncheckedIOException e) {
      Console.print("gang: %s", e.getMessage());
    }
    return hash;
  }

  /** Trains while executors connect to a server that never replies. */
  private String trainUnheard() throws IOException {
    var conf = session.sparkContext().conf();
    var host = InetAddress.getByName(conf.get("spark.chainrule.driver.host"));
    try (var silent = new ServerSocket()) {
      silent.bind(new InetSocketAddress(host, conf.getInt("spark.chainrule.driver.port", 0)));
      return train(EngineKind.AUTO, () -> {});
    }
  }

  /** Runs the command, for the files it writes, and trains. */
  private String command() {
    List<String> command = new ArrayList<>(List.of(arguments[1], "output.dir=" + arguments[3]));
    command.addAll(OVERRIDES);
    command.add("training.shards=" + shards);
    int code = Job.execute(new TrainJob(), command.toArray(new String[0]));
    return code == 0 ? train(EngineKind.GANG, () -> {}) : "exit code " + code;
  }

  private String trainWithFailure() throws IOException {
    Path marker = Files.createTempDirectory("scenario").resolve("thrown");
    var table =
        new OtherTable(
            table(EngineKind.GANG), loss -> new FailingLoss(loss, marker.toString()), () -> {});
    var training = new JobSettings(configuration).training();
    String hash = hash(new Trainer(training, TrainingListener.NONE).train(table).model());
    return Files.exists(marker) ? hash : "nothing was thrown";
  }

  /** Connects to the exchange's port without the training's token. */
  private void connectAsStranger() {
    int port = session.sparkContext().conf().getInt("spark.chainrule.driver.port", 0);
    send(port, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    // An RPC of Spark's transport (frame length, kind 3, number, body length) with the token 0.
    ByteBuffer call = ByteBuffer.allocate(21 + 40);
    call.putLong(61).put((byte) 3).putLong(7).putInt(40).put((byte) 5);
    send(port, call.array());
    // The beginning of a message that would fill the driver's memory.
    send(port, ByteBuffer.allocate(5_000).putLong(1 << 30).array());
  }

  /** Sends some bytes and reads until the connection is closed. */
  private static void send(int port, byte[] bytes) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(2_000);
      socket.getOutputStream().write(bytes);
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // The server may send an error before it closes the connection.
      }
    } catch (SocketException | SocketTimeoutException e) {
      // With authentication, Spark replies with an error and keeps the connection open.
      Console.print("connected: %s", e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
