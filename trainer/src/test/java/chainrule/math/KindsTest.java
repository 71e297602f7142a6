package chainrule.math;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KindsTest {
  private sealed interface Shape permits Square, Round, Foreign {}

  private sealed interface Round extends Shape permits Circle {}

  @Key("square")
  public record Square(@Default(2) double sideLength, long count, String name) implements Shape {}

  @Key("circle")
  public record Circle(double radius) implements Round {
    public Circle {
      Check.argument(radius > 0, "radius", radius, "> 0");
    }
  }

  private non-sealed interface Foreign extends Shape {}

  private sealed interface Nameless permits WithoutKey {}

  public record WithoutKey() implements Nameless {}

  private sealed interface Twins permits One, Other {}

  @Key("twin")
  public record One() implements Twins {}

  @Key("twin")
  public record Other() implements Twins {}

  private sealed interface Plain permits NoRecord {}

  private static final class NoRecord implements Plain {}

  private static final Kinds<Shape> KINDS = Kinds.of("shape", Shape.class);

  @Test
  void listsThePermittedRecordsOfAllSealedInterfaces() {
    assertThat(KINDS.keys()).containsExactly("square", "circle");
    assertThat(KINDS.names("square")).containsExactly("side-length", "count", "name");
    assertThat(KINDS.defaults("square")).isEqualTo(Map.of("side-length", 2.0));
    assertThat(Kinds.key(new Circle(1))).isEqualTo("circle");
  }

  @Test
  void makesARecordOfValuesByNameAndReadsItsNumbers() {
    Map<String, Object> values = Map.of("side-length", 3, "count", 4.0, "name", "a");
    assertThat(KINDS.make("square", values::get)).isEqualTo(new Square(3, 4, "a"));
    assertThat(Kinds.numbers(new Square(3, 4, "a"))).isEqualTo(Map.of("side-length", 3.0));
  }

  @Test
  void refusesAnUnknownKeyAndAValueOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KINDS.make("cube", name -> 1))
        .withMessage("Invalid shape: cube (must be one of [square, circle])");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KINDS.make("circle", name -> -1))
        .withMessage("Invalid radius: -1.0 (must be > 0)");
  }

  @Test
  void refusesARegistryThatIsIncomplete() {
    for (Class<?> sealed : List.of(Nameless.class, Twins.class, Plain.class)) {
      assertThatIllegalStateException().isThrownBy(() -> Kinds.of("kind", sealed));
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> Kinds.key(new WithoutKey()))
        .withMessage("Cannot name " + WithoutKey.class + ": it has no @Key");
  }
}
