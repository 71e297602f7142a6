package chainrule.jobs.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** Resolves the paths of a configuration. */
public final class DataPaths {
  private DataPaths() {}

  /**
   * Resolves a relative path against the current directory. If the file does not exist there but
   * exists beside the configuration file, that one is returned.
   */
  public static String resolve(String path, String configurationFile) {
    boolean elsewhere = path.contains(":") || path.startsWith("/");
    if (elsewhere || Files.exists(Path.of(withoutGlob(path)))) {
      return path;
    }
    Path folder = Path.of(configurationFile).toAbsolutePath().getParent();
    String beside = folder.resolve(withoutGlob(path)).toString();
    return Files.exists(Path.of(beside)) ? folder + "/" + path : path;
  }

  /** Returns the part of a path before the first component with a glob's special characters. */
  private static String withoutGlob(String path) {
    int special = path.length();
    for (char c : new char[] {'*', '?', '[', '{'}) {
      int at = path.indexOf(c);
      special = at >= 0 ? Math.min(special, at) : special;
    }
    if (special == path.length()) {
      return path;
    }
    int slash = path.lastIndexOf('/', special);
    return slash > 0 ? path.substring(0, slash) : ".";
  }
}
