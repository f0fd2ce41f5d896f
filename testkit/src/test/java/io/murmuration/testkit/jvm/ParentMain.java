package io.murmuration.testkit.jvm;

import java.time.Duration;

/** A child that has children of its own, one of them paused. */
final class ParentMain {
    private ParentMain() {}

    // The cluster is not closed: what happens then is what the test looks at.
    @SuppressWarnings("resource")
    public static void main(String[] args) throws InterruptedException {
        JvmCluster cluster = JvmCluster.create();
        JvmNode running = cluster.node("running", EchoMain.class);
        JvmNode paused = cluster.node("paused", EchoMain.class);
        JvmNode resumed = cluster.node("resumed", EchoMain.class);
        cluster.startAll(Duration.ofMinutes(1));
        paused.pause();
        resumed.pause();
        resumed.resume();
        JvmChild.endWithParent();
        JvmChild.ready(running.handle().pid() + " " + paused.handle().pid() + " "
                + resumed.handle().pid());
        Thread.currentThread().join();
    }
}
