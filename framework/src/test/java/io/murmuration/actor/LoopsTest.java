package io.murmuration.actor;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoopsTest {
    private final List<Throwable> uncaught = new ArrayList<>();
    private final ThreadFactory daemons = task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((which, failure) -> uncaught.add(failure));
        return thread;
    };

    @Test
    void runsWhatComesWhileItSleepsAndWhileItRuns() throws Exception {
        Loops loops = new Loops(2, daemons);
        ExecutorService others = Executors.newFixedThreadPool(4);
        AtomicInteger ran = new AtomicInteger();
        // One after another is what a lost wake-up would hold up for a second each; together is what fills the queue.
        for (int i = 0; i < 20_000; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            loops.execute(() -> done.complete(null));
            done.get(30, SECONDS);
        }
        CountDownLatch all = new CountDownLatch(40_000);
        for (int t = 0; t < 4; t++) {
            others.execute(() -> {
                for (int i = 0; i < 10_000; i++) {
                    loops.execute(() -> {
                        ran.incrementAndGet();
                        all.countDown();
                    });
                }
            });
        }
        assertThat(all.await(30, SECONDS)).isTrue();
        assertThat(ran).hasValue(40_000);
        others.shutdown();
        loops.shutdown();
        assertThat(loops.awaitTermination(10, SECONDS)).isTrue();
    }

    @Test
    void aTaskThatThrowsIsToldAndTheNextOneRuns() throws Exception {
        Loops loops = new Loops(1, daemons);
        CompletableFuture<Thread> next = new CompletableFuture<>();
        loops.execute(() -> {
            throw new IllegalStateException("of the first task");
        });
        loops.execute(() -> next.complete(Thread.currentThread()));
        next.get(10, SECONDS);
        assertThat(uncaught).singleElement().satisfies(e -> assertThat(e).hasMessage("of the first task"));
        loops.shutdown();
    }

    @Test
    void anInterruptedTaskLeavesALoopThatStillSleeps() throws Exception {
        Loops loops = new Loops(1, daemons);
        loops.execute(() -> Thread.currentThread().interrupt());
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<Void> later = new CompletableFuture<>();
        loops.execute(() -> later.complete(null));
        later.get(10, SECONDS);
        // The turn after the one that slept.
        loops.execute(() ->
                loops.execute(() -> interrupted.complete(Thread.currentThread().isInterrupted())));
        assertThat(interrupted.get(10, SECONDS)).isFalse();
        loops.shutdown();
    }

    @Test
    void whatWasTakenIsRunBeforeItEndsAndNothingIsTakenAfterwards() throws Exception {
        Loops loops = new Loops(1, daemons);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        loops.execute(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < 1_000; i++) {
            loops.execute(ran::incrementAndGet);
        }
        loops.shutdown();
        assertThat(loops.isShutdown()).isTrue();
        assertThat(loops.isTerminated()).isFalse();
        assertThatThrownBy(() -> loops.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        assertThat(loops.awaitTermination(10, SECONDS)).isTrue();
        assertThat(loops.isTerminated()).isTrue();
        assertThat(ran).hasValue(1_000);
    }

    @Test
    void theChildrenOfOneParentRunOnOneThread() throws Exception {
        ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseString("murmuration.loops.loops.parallelism-min = 4")
                .withFallback(ConfigFactory.load()));
        try {
            Set<Thread> all = ConcurrentHashMap.newKeySet();
            for (int g = 0; g < 32; g++) {
                ActorRef<CompletableFuture<Set<Thread>>> parent =
                        kit.spawn(parentOfThree(), DispatcherSelector.fromConfig("murmuration.loops"));
                CompletableFuture<Set<Thread>> threads = new CompletableFuture<>();
                parent.tell(threads);
                assertThat(threads.get(10, SECONDS)).hasSize(1);
                all.addAll(threads.join());
            }
            assertThat(all).hasSizeBetween(2, 4);
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static Behavior<CompletableFuture<Set<Thread>>> parentOfThree() {
        return Behaviors.setup(context -> Behaviors.receiveMessage(answer -> {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            AtomicInteger left = new AtomicInteger(3);
            for (int i = 0; i < 3; i++) {
                context.spawn(
                                Behaviors.receiveMessage(hello -> {
                                    threads.add(Thread.currentThread());
                                    if (left.decrementAndGet() == 0) {
                                        answer.complete(threads);
                                    }
                                    return Behaviors.stopped();
                                }),
                                "child" + i,
                                DispatcherSelector.sameAsParent())
                        .tell("hello");
            }
            return Behaviors.same();
        }));
    }
}
