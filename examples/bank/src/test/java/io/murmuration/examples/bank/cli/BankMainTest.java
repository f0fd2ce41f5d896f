package io.murmuration.examples.bank.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BankMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | nonsense",
                "'' | Name a command",
                "deposit a | CENTS",
                "deposit a ten | ten",
                "deposit a 0 | positive",
                "deposit a -5 | positive",
                "deposit a 1.5 | 1.5",
                "open a/b | account id",
                "transfer a a 1 | another account",
                "total --timeout soon | 500ms",
                "total --url nowhere | http://127.0.0.1:8081",
                "up --nodes 0 | --nodes",
                "up --nodes many | many",
                "node --id n9 | members",
                "node --id n1 --member n1 | n1=127.0.0.1:25521",
                "load | FILE",
                "load x --in-flight 0 | --in-flight",
                "kill | NODE"
            })
    void wrongUsageIsExitCodeTwoAndSaysWhy(String arguments, String why) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
                .isEqualTo(Exit.USAGE);
        assertThat(err.toString()).contains(why).doesNotContain("Exception");
    }

    @Test
    void helpIsExitCodeZero() {
        assertThat(run("--help")).isZero();
        assertThat(run("deposit", "--help")).isZero();
        assertThat(out.toString()).contains("demo", "--key");
    }

    @Test
    void aPortThatIsTakenIsAClearError(@TempDir Path dir) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThat(run("up", "--nodes", "1", "--dir", dir.toString(), "--http-port", Integer.toString(port)))
                    .isEqualTo(Exit.REJECTED);
            assertThat(err.toString())
                    .contains("bank: Port " + port + " (HTTP of n1) on 127.0.0.1 is taken")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void noBankInTheFolderIsAClearError(@TempDir Path dir) {
        assertThat(run("kill", "n1", "--dir", dir.toString())).isEqualTo(Exit.REJECTED);
        assertThat(run("restart", "n1", "--dir", dir.toString())).isEqualTo(Exit.REJECTED);
        assertThat(err.toString()).contains("No bank runs in").contains("bank up");
    }

    @Test
    void aFileThatIsNotThereIsAClearError(@TempDir Path dir) {
        assertThat(run("load", dir.resolve("none.csv").toString())).isEqualTo(Exit.REJECTED);
        assertThat(err.toString()).contains("cannot be read");
    }

    @Test
    void aBankThatCannotBeReachedIsExitCodeOneSinceNothingHappened() throws Exception {
        String url;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + socket.getLocalPort();
        }

        assertThat(run("deposit", "a", "1", "--url", url, "--timeout", "300ms")).isEqualTo(Exit.REJECTED);
        assertThat(err.toString()).contains("Surely without effect");
    }

    private int run(String... arguments) {
        CommandLine line = BankMain.line().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
