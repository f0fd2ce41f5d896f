package io.murmuration.testkit.history;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the sample of {@code docs/history-checker.md}. */
class HistoryCheckerPageTest {
    @TempDir
    Path folder;

    @Test
    void findsAStaleReadInAFile() throws IOException {
        // sample stale-read begins
        Path file = folder.resolve("history.jsonl");
        Files.writeString(file, """
                {"client":"c1","op":"write","key":"x","input":1,"call_ns":0,"return_ns":10,"status":"ok","index":2}
                {"client":"c2","op":"write","key":"x","input":2,"call_ns":20,"return_ns":30,"status":"ok","index":3}
                {"client":"c3","op":"read","key":"x","output":1,"call_ns":40,"return_ns":50,"status":"ok","index":2}
                """);
        History history = History.read(file);
        Model<?> model = new RegisterModel();

        Verdict verdict = WitnessChecker.check(history, model);
        if (verdict.kind() == Verdict.Kind.UNDECIDED) {
            verdict = SearchChecker.check(history, model, SearchChecker.Limits.DEFAULT, verdict.undecided());
        }

        assertThatThrownBy(verdict::requireLinearizable)
                .isInstanceOf(AssertionError.class)
                .hasMessage(
                        "VIOLATED: Stale read: this operation saw the state at index 2, below index 3 of one that was "
                                + "over before it was called: c3: read x -> 1 [40..50 ns, index 2]; "
                                + "over before: c2: write x 2 -> ok [20..30 ns, index 3].");
        // sample stale-read ends
    }
}
