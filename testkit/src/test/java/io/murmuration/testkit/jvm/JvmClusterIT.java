package io.murmuration.testkit.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JvmClusterIT {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final JvmCluster cluster = JvmCluster.create();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void answersEachQuestionByItsOwnId() {
        JvmNode node = cluster.node("n1", EchoMain.class).start();

        CompletableFuture<String> never = node.ask("never");
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(node.ask("question " + i));
        }

        for (int i = 0; i < 100; i++) {
            assertThat(answers.get(i)).succeedsWithin(LONG).isEqualTo("question " + i);
        }
        assertThat(node.ask("refuse"))
                .succeedsWithin(LONG)
                .asString()
                .startsWith("!")
                .contains("refused");
        assertThat(never).isNotDone();
        node.kill();
        assertThat(never).failsWithin(LONG);
        assertThat(node.ask("anything")).failsWithin(LONG);
    }

    @Test
    void isStartedAgainAfterSigkill() {
        JvmNode node = cluster.node("n1", EchoMain.class).start();
        long first = node.handle().pid();

        node.kill();

        assertThat(node.isRunning()).isFalse();
        assertThat(node.awaitExit(LONG)).isEqualTo(137);
        node.start();
        assertThat(node.handle().pid()).isNotEqualTo(first);
        assertThat(node.ask("hello")).succeedsWithin(LONG).isEqualTo("hello");
    }

    @Test
    void endsWith143AfterSigterm() {
        JvmNode node = cluster.node("n1", EchoMain.class).start();

        node.terminate();

        assertThat(node.awaitExit(LONG)).isEqualTo(143);
    }

    @Test
    void isFrozenBetweenPauseAndResume() throws Exception {
        JvmNode node = cluster.node("n1", EchoMain.class).start();

        node.pause();
        CompletableFuture<String> answer = node.ask("hello");

        assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS)).isNotNull();
        node.resume();
        assertThat(answer).succeedsWithin(LONG).isEqualTo("hello");
    }

    @Test
    void showsWhatAChildPrintedThatDoesNotComeUp() {
        JvmNode failing = cluster.node("failing", EchoMain.class, "fail").begin();
        JvmNode silent = cluster.node("silent", EchoMain.class, "silent").begin();

        assertThatThrownBy(() -> failing.awaitReady(LONG))
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("a word on standard output")
                .hasMessageContaining("this child fails on purpose");
        await().atMost(LONG).until(() -> silent.output().contains("a word on standard error"));
        assertThatThrownBy(() -> silent.awaitReady(Duration.ofMillis(10)))
                .hasMessageContaining("it runs as process")
                .hasMessageContaining("a word on standard error");
    }

    @Test
    void keepsTheFolderOfAFailedTestOnly() throws Exception {
        JvmCluster good = JvmCluster.create();
        good.run(() -> Files.createDirectory(good.folder("n1")));
        JvmCluster bad = JvmCluster.create();
        bad.node("n1", EchoMain.class).start();

        assertThatThrownBy(() -> bad.run(() -> {
                    throw new IOException("on purpose");
                }))
                .hasMessage("on purpose")
                .satisfies(
                        failure -> assertThat(failure.getSuppressed()[0]).hasMessageContaining("a word on standard"));
        good.close();
        bad.close();

        assertThat(good.folder("log").getParent()).doesNotExist();
        assertThat(bad.folder("log")).exists();
        bad.deleteFolder();
    }

    @Test
    void takesItsChildrenAlongWhenItIsKilledAlsoAPausedOne() throws IOException {
        JvmNode parent = cluster.node("parent", ParentMain.class);
        Path temporary = Files.createDirectory(cluster.folder("temporary"));
        parent.options("-Djava.io.tmpdir=" + temporary).begin();
        List<Long> children = List.of(parent.awaitReady(LONG).split(" ", -1)).stream()
                .map(Long::valueOf)
                .toList();
        assertThat(children).hasSize(3).allMatch(JvmClusterIT::isAlive);

        parent.kill();

        await().atMost(LONG).until(() -> children.stream().noneMatch(JvmClusterIT::isAlive));
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
