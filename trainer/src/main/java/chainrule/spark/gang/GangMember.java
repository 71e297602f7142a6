package chainrule.spark.gang;

/**
 * A task of a gang.
 *
 * @param partition which of the T groups of shards it answers for
 * @param taskAttempt Spark's number of this try: copies of a task differ in it
 * @param executor Spark's name of the executor
 * @param host where the executor listens to others of the gang
 * @param port where it listens; 0 if it doesn't
 */
record GangMember(int partition, long taskAttempt, String executor, String host, int port) {
  @Override
  public String toString() {
    return "task " + partition + " on executor " + executor + " (" + host + ")";
  }
}
