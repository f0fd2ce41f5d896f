package io.murmuration.bootstrap;

import io.murmuration.Group;
import io.murmuration.NotAppliedException;
import io.murmuration.OutcomeUnknownException;
import io.murmuration.Replica;
import io.murmuration.testkit.jvm.JvmChild;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32C;

/** A node as a child JVM, with one group of {@link Blocks} that its parent asks, reads and loads. */
final class BlocksNode {
    /** The padding of each addition. */
    private static final String PADDING = "x".repeat(Integer.getInteger("padding", 0));

    private final Replica<Blocks> blocks;
    private final Flood flood;

    private BlocksNode(Replica<Blocks> blocks) {
        this.blocks = blocks;
        this.flood = new Flood(blocks);
    }

    public static void main(String[] options) {
        MurmurationNode.run(options, node -> {
            Blocks.Lot lot =
                    Blocks.Lot.valueOf(System.getProperty("lot", "fair").toUpperCase(Locale.ROOT));
            BlocksNode child = new BlocksNode(node.start(Group.of("blocks", Blocks.machine(lot))));
            JvmChild.serve(child::answer);
            JvmChild.ready("");
        });
    }

    private CompletionStage<String> answer(String request) {
        String[] words = request.split(" ", -1);
        return switch (words[0]) {
            case "add" -> blocks.ask(new Blocks.Add(words[1], PADDING)).handle(BlocksNode::outcome);
            case "keep" -> keep(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
            case "draw" -> draw(Integer.parseInt(words[1]));
            case "read" ->
                blocks.readIndexed(Blocks::toString, Duration.ofSeconds(10))
                        .thenApply(read -> read.index() + " " + read.value());
            case "local" -> blocks.readLocal(Blocks::toString).thenApply(read -> read.index() + " " + read.value());
            case "sum" -> blocks.readLocal(Blocks::blocks).thenApplyAsync(read -> sum(read.value()));
            case "leader" -> blocks.status().thenApply(status -> String.valueOf(status.leader()));
            case "status" -> blocks.status().thenApply(Object::toString);
            case "snapshot" -> done(blocks::requestSnapshot);
            case "reseed" -> done(blocks::reseed);
            case "flood" -> done(() -> flood.begin(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
            case "ebb" -> flood.end();
            case "heap" -> CompletableFuture.supplyAsync(BlocksNode::heap);
            default -> throw new IllegalArgumentException("Unknown request: " + request);
        };
    }

    private static CompletionStage<String> done(Runnable act) {
        act.run();
        return CompletableFuture.completedFuture("done");
    }

    /** Some at a time: their bytes wait in the Gateway. */
    private CompletionStage<String> keep(int count, int bytes) {
        CompletableFuture<String> kept = new CompletableFuture<>();
        keep(new Random(count * 31L + bytes), count, bytes, kept);
        return kept;
    }

    private void keep(Random random, int left, int bytes, CompletableFuture<String> kept) {
        if (left == 0) {
            kept.complete("kept");
            return;
        }
        int now = Math.min(left, 16);
        CompletableFuture<?>[] open = new CompletableFuture<?>[now];
        for (int i = 0; i < now; i++) {
            byte[] block = new byte[bytes];
            random.nextBytes(block);
            open[i] = blocks.ask(new Blocks.Keep(block)).toCompletableFuture();
        }
        var unused = CompletableFuture.allOf(open).whenCompleteAsync((none, failure) -> {
            if (failure == null) {
                keep(random, left - now, bytes, kept);
            } else {
                kept.completeExceptionally(failure);
            }
        });
    }

    /** As many draws as are asked for, some at a time; one whose outcome is unknown counts, too. */
    private CompletionStage<String> draw(int left) {
        if (left == 0) {
            return CompletableFuture.completedFuture("drawn");
        }
        int now = Math.min(left, 64);
        CompletableFuture<?>[] open = new CompletableFuture<?>[now];
        for (int i = 0; i < now; i++) {
            open[i] = blocks.ask(new Blocks.Draw(List.of("anna", "bela", "cleo", "dora")))
                    .toCompletableFuture();
        }
        return CompletableFuture.allOf(open).exceptionally(failure -> null).thenComposeAsync(none -> draw(left - now));
    }

    /** Computed from the blocks themselves: what was restored is what was kept. */
    private static String sum(List<byte[]> kept) {
        CRC32C sum = new CRC32C();
        kept.forEach(sum::update);
        return kept.size() + " " + Long.toHexString(sum.getValue());
    }

    /** What is alive. */
    private static String heap() {
        System.gc();
        return String.valueOf(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    private static String outcome(Long count, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause == null) {
            return "done " + count;
        } else if (cause instanceof NotAppliedException) {
            return "not-applied " + cause;
        } else if (cause instanceof OutcomeUnknownException) {
            return "unknown " + cause;
        }
        return "failed " + cause;
    }
}
