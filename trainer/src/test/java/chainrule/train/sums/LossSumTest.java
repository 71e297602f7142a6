package chainrule.train.sums;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossSumTest {
  @Test
  void dividesTheSumOnce() {
    LossSum sum = LossSum.ZERO.plus(new LossSum(4.25, 3.5)).plus(new LossSum(1, 2));
    assertThat(sum).isEqualTo(new LossSum(5.25, 5.5));
    assertThat(sum.mean()).isEqualTo(5.25 / 5.5);
    assertThat(sum.times(3).mean()).isEqualTo(3 * 5.25 / 5.5);
  }

  @Test
  void isNaNOverNoRows() {
    assertThat(LossSum.ZERO.mean()).isNaN();
  }
}
