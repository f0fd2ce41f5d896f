package io.murmuration.bootstrap;

import io.murmuration.Group;
import io.murmuration.MembersView;
import io.murmuration.Replica;
import io.murmuration.machine.StateMachine;
import io.murmuration.persistence.StallingDisk;
import io.murmuration.testkit.jvm.JvmChild;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A child JVM whose disk or fold can be made to hang while it runs. It answers what {@link NodeMain} answers, and more.
 */
final class Faults {
    private static volatile CompletableFuture<Void> fold = CompletableFuture.completedFuture(null);

    private Faults() {}

    public static void main(String[] options) {
        StallingDisk.install();
        MurmurationNode.run(options, node -> {
            StateMachine<Tally> machine = Tally.machine().observed((command, meta, before, result) -> fold.join());
            Replica<Tally> tally = node.start(Group.of("tally", machine));
            JvmChild.serve(request -> answer(tally, request));
            JvmChild.ready("");
        });
    }

    private static CompletionStage<String> answer(Replica<Tally> tally, String request) {
        return switch (request.split(" ", -1)[0]) {
            case "stall-disk" -> said(() -> StallingDisk.stall(true));
            case "free-disk" -> said(() -> StallingDisk.stall(false));
            case "stall-fold" -> said(() -> fold = new CompletableFuture<>());
            case "free-fold" -> said(() -> fold.complete(null));
            case "lead" -> lead(tally, request.split(" ", -1)[1]);
            default -> NodeMain.answer(tally, request);
        };
    }

    private static CompletionStage<String> lead(Replica<Tally> tally, String node) {
        // sample transfer begins
        CompletionStage<MembersView> done = tally.transferLeadership(node, Duration.ofSeconds(10));
        // sample transfer ends
        return done.thenApply(MembersView::toString);
    }

    private static CompletionStage<String> said(Runnable fault) {
        fault.run();
        return CompletableFuture.completedFuture("ok");
    }
}
