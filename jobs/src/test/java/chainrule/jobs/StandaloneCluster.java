package chainrule.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A master and workers as processes, which may be killed. */
final class StandaloneCluster implements AutoCloseable {
  private final Submission submission;
  private final Path temporary;
  private final String port = Submission.freePort();
  private final List<Process> processes = new ArrayList<>();

  StandaloneCluster(Submission submission, Path temporary) throws IOException {
    this.submission = submission;
    this.temporary = temporary;
    processes.add(
        submission.startSpark(
            "master.Master",
            "127.0.0.1",
            temporary.resolve("master-" + port + ".txt"),
            "--webui-port",
            "0",
            "--host",
            "127.0.0.1",
            "--port",
            port));
  }

  String master() {
    return "spark://127.0.0.1:" + port;
  }

  /** Starts a worker, which registers at the master when it is ready. */
  Process startWorker(String host, int cores) throws IOException {
    Process worker =
        submission.startSpark(
            "worker.Worker",
            host,
            temporary.resolve("worker-" + port + "-" + processes.size() + ".txt"),
            "--webui-port",
            "0",
            "--host",
            host,
            "--cores",
            Integer.toString(cores),
            "--memory",
            "1g",
            "--work-dir",
            temporary.resolve("work").toString(),
            master());
    processes.add(worker);
    return worker;
  }

  /** Kills a process and, as a machine that dies does, the executors that it has started. */
  static void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  @Override
  public void close() {
    for (Process process : processes) {
      kill(process);
    }
  }
}
