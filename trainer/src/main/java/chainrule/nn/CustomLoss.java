package chainrule.nn;

import java.util.Set;

/**
 * A loss that no configuration knows, for programs that pass their own objective to the training
 * loop. It can be trained with; a model that has it cannot be written to a file.
 */
public non-sealed interface CustomLoss extends Loss {
  @Override
  default Set<LabelKind> labels() {
    return Set.of();
  }

  @Override
  default String formula() {
    return key();
  }
}
