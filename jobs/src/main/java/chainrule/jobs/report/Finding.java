package chainrule.jobs.report;

/**
 * Something that a person should know about a run.
 *
 * @param kind "warning", or "note" if nothing is wrong
 * @param title a few words
 * @param text the finding, and what to do
 */
record Finding(String kind, String title, String text) {
  static Finding warning(String title, String text) {
    return new Finding("warning", title, text);
  }

  static Finding note(String title, String text) {
    return new Finding("note", title, text);
  }
}
