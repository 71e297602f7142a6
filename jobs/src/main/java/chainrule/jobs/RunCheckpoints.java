package chainrule.jobs;

import chainrule.jobs.config.Configuration;
import chainrule.jobs.config.ConfigurationException;
import chainrule.jobs.config.JobSettings;
import chainrule.jobs.config.Resume;
import chainrule.jobs.output.OutputFolder;
import chainrule.spark.store.CheckpointFolder;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints in the output folder of a run, and the one that the run resumes from.
 *
 * @param folder where the run writes its checkpoints
 * @param resumed the checkpoint to resume from; empty if the run starts from the beginning
 * @param ofUnfinishedRun whether the folder may hold checkpoints of an unfinished run to resume
 */
record RunCheckpoints(
    CheckpointFolder folder, Optional<CheckpointFolder.Found> resumed, boolean ofUnfinishedRun) {
  private static final Logger LOG = LoggerFactory.getLogger(RunCheckpoints.class);

  /**
   * Looks for checkpoints of the same run.
   *
   * @throws ConfigurationException if a checkpoint belongs to another configuration, or if the mode
   *     requires one and there is none
   */
  static RunCheckpoints find(Configuration configuration, OutputFolder output, Resume.Mode mode) {
    var settings = new JobSettings(configuration);
    Map<String, String> origin = Resume.origin(configuration, settings.kernels());
    var folder = new CheckpointFolder(output, settings.keptCheckpoints(), origin);
    var resume = new Resume(mode, folder, origin);
    return new RunCheckpoints(folder, resume.find(), resume.mayResume());
  }

  /** Logs where the run resumes, or removes the checkpoints that it does not resume from. */
  void begin() {
    if (resumed.isPresent()) {
      LOG.info(
          "Resuming from {}: {}",
          resumed.get().path(),
          resumed.get().contents().checkpoint().place());
    } else {
      folder.clear();
    }
  }
}
