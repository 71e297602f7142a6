package chainrule.jobs.report;

/**
 * Something a person should know of a run.
 *
 * @param kind "warning", or "note" if nothing is wrong
 * @param title a few words
 * @param text what was found, and what to do
 */
record Finding(String kind, String title, String text) {
  static Finding warning(String title, String text) {
    return new Finding("warning", title, text);
  }

  static Finding note(String title, String text) {
    return new Finding("note", title, text);
  }
}
