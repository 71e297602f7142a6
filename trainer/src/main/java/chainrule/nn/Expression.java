package chainrule.nn;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A function of one value, written with a closed set of operators, for programs that export it: the
 * description of an {@link Activation}. Training does not evaluate it.
 *
 * <p>An expression that occurs twice as the same object is evaluated once.
 *
 * @param operator the last operator
 * @param name of a number, empty otherwise
 * @param number the value of {@link Operator#NUMBER}, 0 otherwise
 * @param arguments of the operator, in their order
 */
public record Expression(Operator operator, String name, float number, List<Expression> arguments) {
  /** The operators. */
  public enum Operator {
    /** The function's argument, z. */
    INPUT,
    /** A constant. */
    NUMBER,
    ADD,
    MULTIPLY,
    DIVIDE,
    /** Value, least and greatest: the value brought between the two. */
    CLIP,
    /** max(z, 0). */
    RELU,
    /** z for z > 0, otherwise 0.01 z. */
    LEAKY_RELU,
    /** z for z > 0, otherwise e^z - 1. */
    ELU,
    /** ln(1 + e^z). */
    SOFTPLUS,
    TANH,
    /** 1 / (1 + e^-z). */
    SIGMOID,
    /** The error function. */
    ERF,
    /** e^(z_c) / Σ_k e^(z_k) over a row. */
    SOFTMAX
  }

  public Expression {
    arguments = List.copyOf(arguments);
  }

  /** Returns the function's argument. */
  static Expression input() {
    return new Expression(Operator.INPUT, "", 0, List.of());
  }

  /** Returns a constant. */
  static Expression number(String name, double value) {
    return new Expression(Operator.NUMBER, name, (float) value, List.of());
  }

  /** Returns an operator applied to its arguments. */
  static Expression of(Operator operator, Expression... arguments) {
    return new Expression(operator, "", 0, List.of(arguments));
  }

  /** Returns this operator applied to the argument. */
  static Expression of(Operator operator) {
    return of(operator, input());
  }

  /** Returns z s(z), where s is this operator of z. */
  static Expression gated(Operator gate) {
    Expression z = input();
    return of(Operator.MULTIPLY, z, of(gate, z));
  }

  /** Returns z Φ(z) with Φ(z) = (1 + erf(z / √2)) / 2. */
  static Expression gelu() {
    Expression z = input();
    Expression error =
        of(Operator.ERF, of(Operator.DIVIDE, z, number("sqrt2", 1.4142135623730951)));
    Expression twice = of(Operator.ADD, error, number("one", 1));
    return of(Operator.MULTIPLY, z, of(Operator.MULTIPLY, twice, number("half", 0.5)));
  }

  /** Returns z / (1 + e^-u), u = 2 √(2/π) (x + 0.044715 x³), x being z brought within ±12. */
  static Expression geluTanh() {
    Expression z = input();
    Expression x = of(Operator.CLIP, z, number("low", -12), number("high", 12));
    Expression cube = of(Operator.MULTIPLY, of(Operator.MULTIPLY, x, x), x);
    Expression cubic = of(Operator.MULTIPLY, cube, number("cubic", 0.044715));
    Expression inner = of(Operator.ADD, x, cubic);
    Expression u = of(Operator.MULTIPLY, inner, number("factor", 1.595769));
    return of(Operator.MULTIPLY, z, of(Operator.SIGMOID, u));
  }

  /**
   * Evaluates the expression, arguments before their operator and from left to right.
   *
   * @param operation gives the value of an operator, of {@link Operator#INPUT} too, from the values
   *     of its arguments
   */
  public <V> V evaluate(BiFunction<Expression, List<V>, V> operation) {
    return evaluate(operation, new IdentityHashMap<>());
  }

  private <V> V evaluate(
      BiFunction<Expression, List<V>, V> operation, Map<Expression, V> evaluated) {
    V known = evaluated.get(this);
    if (known != null) {
      return known;
    }
    List<V> values = new ArrayList<>();
    for (Expression argument : arguments) {
      values.add(argument.evaluate(operation, evaluated));
    }
    V value = operation.apply(this, values);
    evaluated.put(this, value);
    return value;
  }
}
