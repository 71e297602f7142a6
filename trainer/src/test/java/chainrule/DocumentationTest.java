package chainrule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What README and the guides link to exists, and README leads to every guide. */
class DocumentationTest {
  /** The project's folder; Surefire runs tests in the module's. */
  private static final Path TOP = Path.of("..").toAbsolutePath().normalize();

  private static final Path GUIDES = TOP.resolve("trainer/src/site/markdown");

  /** {@code [text](target)}, images included. */
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^()\\s]+)\\)");

  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

  @Test
  void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (String target : links(page)) {
        if (!resolves(page, target)) {
          broken.add(TOP.relativize(page) + " -> " + target);
        }
      }
    }
    assertThat(broken).as("links that lead nowhere").isEmpty();
  }

  @Test
  void readmeLeadsToEveryGuide() throws IOException {
    Set<Path> reached = new TreeSet<>();
    Deque<Path> next = new ArrayDeque<>(List.of(TOP.resolve("README.md")));
    while (!next.isEmpty()) {
      Path page = next.remove();
      if (reached.add(page)) {
        for (String target : links(page)) {
          Path file = file(page, target);
          if (file.startsWith(GUIDES) && Files.isRegularFile(file)) {
            next.add(file);
          }
        }
      }
    }
    assertThat(reached).containsAll(guides());
  }

  @Test
  void anchorsAreWrittenAsRenderersWriteThem() {
    assertThat(anchor("What we measured")).isEqualTo("what-we-measured");
    assertThat(anchor("Batch size and shards (change bits)"))
        .isEqualTo("batch-size-and-shards-change-bits");
    assertThat(anchor("`metrics.json`, in short")).isEqualTo("metricsjson-in-short");
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(guides());
    for (String folder : List.of("", "conf", "conf/data", "jobs", "scripts", "trainer")) {
      pages.add(TOP.resolve(folder).resolve("README.md"));
    }
    return pages;
  }

  private static List<Path> guides() throws IOException {
    try (Stream<Path> files = Files.list(GUIDES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  private static List<String> links(Path page) throws IOException {
    Matcher links = LINK.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""));
    return links
        .results()
        .map(link -> link.group(1))
        .filter(target -> !target.contains("://"))
        .toList();
  }

  private static boolean resolves(Path page, String target) throws IOException {
    Path file = file(page, target);
    int hash = target.indexOf('#');
    return Files.exists(file) && (hash < 0 || anchors(file).contains(target.substring(hash + 1)));
  }

  private static Path file(Path page, String target) {
    int hash = target.indexOf('#');
    String path = hash < 0 ? target : target.substring(0, hash);
    return path.isEmpty() ? page : page.resolveSibling(path).normalize();
  }

  private static List<String> anchors(Path page) throws IOException {
    return HEADING
        .matcher(FENCED.matcher(Files.readString(page)).replaceAll(""))
        .results()
        .map((MatchResult heading) -> anchor(heading.group(1)))
        .toList();
  }

  /** Returns the anchor that GitHub and GitLab give to a heading. */
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
