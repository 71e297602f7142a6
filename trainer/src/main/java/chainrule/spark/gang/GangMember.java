package chainrule.spark.gang;

/**
 * A task of a gang.
 *
 * @param partition index of its group of shards, 0 to T - 1
 * @param taskAttempt Spark's id of the task attempt; speculative copies of a task differ in it
 * @param executor Spark's id of the executor
 * @param host host at which the executor accepts other executors
 * @param port port at which it accepts them; 0 if it does not
 */
record GangMember(int partition, long taskAttempt, String executor, String host, int port) {
  @Override
  public String toString() {
    return "task " + partition + " on executor " + executor + " (" + host + ")";
  }
}
