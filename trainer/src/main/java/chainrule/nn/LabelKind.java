package chainrule.nn;

/** What a loss compares outputs with. */
public enum LabelKind {
  /** One label or several, each a number; an output for each. */
  NUMBERS,
  /** One label of C classes; an output for each class. */
  CLASSES,
  /** One label or several, each of two classes; an output for each label. */
  TWO_CLASSES
}
