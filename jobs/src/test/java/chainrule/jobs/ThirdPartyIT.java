package chainrule.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The packed jar names each library that it holds, and carries what their licences ask for. */
class ThirdPartyIT {
  private static final String LIST = "META-INF/THIRD-PARTY.txt";
  private static final String LICENSES = "META-INF/licenses/";

  /** A line of Maven's list: group:artifact:jar[:classifier]:version:scope:file. */
  private static final Pattern PACKED =
      Pattern.compile(
          "(?m)^ +([^: ]+):([^:]+):jar:(?:[^:]+:)?([^:]+):(?:compile|runtime):(.*?)(?: -- .*)?$");

  private static final Pattern TITLE = Pattern.compile("(?m)^\\S+:\\S+:\\S+$");
  private static final Pattern TEXT = Pattern.compile("META-INF/[\\w./-]*\\w");
  private static final Pattern NOTICE =
      Pattern.compile("(?i)(.*/)?(licen[cs]e|notice|copying|copyright)[^/]*");

  private static List<MatchResult> packed() throws IOException {
    String list = Files.readString(Path.of(System.getProperty("chainrule.target"), "packed"));
    return PACKED
        .matcher(list)
        .results()
        .filter(library -> !library.group(1).equals("chainrule"))
        .toList();
  }

  private static ZipFile jobsJar() throws IOException {
    return new ZipFile(Path.of(System.getProperty("chainrule.jobs.jar")).toFile());
  }

  private static List<String> names(ZipFile jar) {
    return jar.stream().filter(entry -> !entry.isDirectory()).map(Object::toString).toList();
  }

  private static String text(ZipFile jar, String name) throws IOException {
    return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), UTF_8);
  }

  /** Returns what the jar's list says of each library, by group:artifact:version. */
  private static Map<String, String> sections(ZipFile jar) throws IOException {
    String list = text(jar, LIST);
    Map<String, String> sections = new LinkedHashMap<>();
    List<MatchResult> titles = TITLE.matcher(list).results().toList();
    for (int i = 0; i < titles.size(); i++) {
      int end = i + 1 < titles.size() ? titles.get(i + 1).start() : list.length();
      sections.put(titles.get(i).group(), list.substring(titles.get(i).end(), end));
    }
    return sections;
  }

  private static List<String> texts(String section) {
    return TEXT.matcher(section).results().map(MatchResult::group).toList();
  }

  @Test
  void namesEachPackedLibraryOfThisVersionAndNoOther() throws IOException {
    var libraries = new TreeSet<String>();
    for (MatchResult library : packed()) {
      libraries.add(String.join(":", library.group(1), library.group(2), library.group(3)));
    }
    assertThat(libraries).hasSizeGreaterThan(8);
    try (ZipFile jar = jobsJar()) {
      assertThat(sections(jar).keySet())
          .as("%s (a new version may have a new licence: look, then write it there)", LIST)
          .containsExactlyElementsOf(libraries);
    }
  }

  @Test
  void carriesTheTextOfEachLicenceThatItNames() throws IOException {
    try (ZipFile jar = jobsJar()) {
      var named = new TreeSet<String>();
      for (Map.Entry<String, String> library : sections(jar).entrySet()) {
        List<String> texts = texts(library.getValue());
        assertThat(texts).as(library.getKey()).isNotEmpty();
        for (String name : texts) {
          assertThat(jar.getEntry(name)).as("%s of %s", name, library.getKey()).isNotNull();
          assertThat(text(jar, name))
              .as(name)
              .containsIgnoringCase("copyright")
              .hasSizeGreaterThan(900);
        }
        named.addAll(texts);
      }
      assertThat(names(jar).stream().filter(name -> name.startsWith(LICENSES)))
          .as("licences of what is packed, and no others")
          .isSubsetOf(named);
    }
  }

  @Test
  void carriesEveryNoticeThatALibraryBrings() throws IOException {
    try (ZipFile jobs = jobsJar()) {
      var kept = new StringBuilder();
      for (String name : names(jobs)) {
        if (name.startsWith(LICENSES)) {
          kept.append(normal(text(jobs, name)));
        }
      }
      var notices = new ArrayList<String>();
      for (MatchResult library : packed()) {
        try (var jar = new ZipFile(library.group(4))) {
          for (String name : names(jar)) {
            if (NOTICE.matcher(name).matches() && !name.endsWith(".class")) {
              notices.add(name);
              assertThat(kept)
                  .as("%s of %s", name, library.group(2))
                  .contains(normal(text(jar, name)));
            }
          }
        }
      }
      assertThat(notices).isNotEmpty();
    }
  }

  /** Lines may be broken elsewhere. */
  private static String normal(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void namesEachNativeLibrary() throws IOException {
    try (ZipFile jar = jobsJar()) {
      String list = text(jar, LIST);
      List<String> natives =
          names(jar).stream()
              .filter(name -> name.matches(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*"))
              .toList();
      assertThat(natives).hasSizeGreaterThan(3);
      for (String name : natives) {
        assertThat(list).contains(name.substring(name.lastIndexOf('/') + 1));
      }
    }
  }
}
