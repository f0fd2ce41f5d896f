package io.murmuration.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.murmuration.testkit.jvm.JvmCluster;
import io.murmuration.testkit.jvm.JvmNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Three nodes, each with a database of its own in place of the embedded journal: what was acknowledged is there. */
final class JdbcJournalIT {
    private static final Duration LONG = TallyNodes.LONG;
    private static final int SOME = 200;
    private static final String USER = "murmuration";

    private final JvmCluster cluster = JvmCluster.create();
    private final TallyNodes nodes = new TallyNodes(
            cluster,
            BlocksNode.class,
            "-Dmurmuration.snapshot-every-bytes=128KiB",
            "-Dmurmuration.tail-bytes-max=0",
            "-Dmurmuration.log-bytes-max=16MiB");
    private final List<TallyLoad> loads = new ArrayList<>();

    /** One product, and where each node's database is. */
    private interface Product {
        String name();

        String profile();

        String driver();

        String url(JvmNode node);
    }

    private record H2(JvmCluster cluster) implements Product {
        @Override
        public String name() {
            return "h2";
        }

        @Override
        public String profile() {
            return "slick.jdbc.H2Profile$";
        }

        @Override
        public String driver() {
            return "org.h2.Driver";
        }

        /** Without WRITE_DELAY=0 it answers up to half a second before it writes. */
        @Override
        public String url(JvmNode node) {
            return "jdbc:h2:file:" + cluster.folder(node.name()).resolve("h2") + ";WRITE_DELAY=0";
        }
    }

    private record PostgreSql(String server) implements Product {
        static String database(JvmNode node) {
            return "murmuration_" + node.name();
        }

        @Override
        public String name() {
            return "postgres";
        }

        @Override
        public String profile() {
            return "slick.jdbc.PostgresProfile$";
        }

        @Override
        public String driver() {
            return "org.postgresql.Driver";
        }

        @Override
        public String url(JvmNode node) {
            return server + "/" + database(node);
        }
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void losesNothingOnH2() throws Exception {
        cluster.run(() -> {
            Product h2 = new H2(cluster);
            start(h2);
            killsLoseNothing();
            keepsLittle(h2);
        });
    }

    @Test
    void losesNothingOnPostgreSql() throws Exception {
        String server = System.getenv("MURMURATION_POSTGRES");
        assumeThat(server)
                .as("no PostgreSQL server to be used; .ci/with-postgres COMMAND starts one and names it")
                .isNotNull();
        cluster.run(() -> {
            Product postgres = new PostgreSql(Objects.requireNonNull(server));
            try (Connection connection = DriverManager.getConnection(server + "/postgres", USER, USER);
                    Statement statement = connection.createStatement()) {
                for (JvmNode node : nodes.all()) {
                    statement.execute("DROP DATABASE IF EXISTS " + PostgreSql.database(node));
                    statement.execute("CREATE DATABASE " + PostgreSql.database(node));
                }
                start(postgres);
                aDatabaseThatEndsItsConnectionsStopsNobodyForLong(statement);
                killsLoseNothing();
                keepsLittle(postgres);
            }
        });
    }

    private void start(Product product) throws SQLException, IOException {
        String schema = schema(product);
        for (JvmNode node : nodes.all()) {
            try (Connection connection = DriverManager.getConnection(product.url(node), USER, USER);
                    Statement statement = connection.createStatement()) {
                statement.execute(schema);
            }
            node.options(
                    "-Dconfig.resource=jdbc-node.conf",
                    "-Ddatabase.profile=" + product.profile(),
                    "-Ddatabase.driver=" + product.driver(),
                    "-Ddatabase.url=" + product.url(node),
                    "-Dpadding=500");
        }
        nodes.start();
        assertThat(cluster.folder("n1").resolve("journal"))
                .as("the embedded journal")
                .doesNotExist();
        nodes.all().forEach(node -> loads.add(new TallyLoad(node, node.name())));
        awaitMore();
    }

    /** The tables as the plugin's makers define them, but not those that a transaction cannot create. */
    private static String schema(Product product) throws IOException {
        String name = "/schema/" + product.name() + "/" + product.name() + "-create-schema.sql";
        try (InputStream in = JdbcJournalIT.class.getResourceAsStream(name)) {
            String schema = new String(
                    Objects.requireNonNull(in, name + " is not in the plugin's jar")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
            return schema.replace("INDEX CONCURRENTLY", "INDEX");
        }
    }

    private void killsLoseNothing() {
        JvmNode leader = nodes.leader(nodes.all());
        List<TallyLoad> others =
                loads.stream().filter(load -> !load.isOf(leader)).toList();
        leader.kill();
        awaitMore(others);
        leader.start();
        nodes.all().forEach(JvmNode::kill);
        loads.forEach(load -> load.stop(LONG));
        nodes.start();

        Map<String, Long> tally = TallyNodes.read(nodes.get(1));
        assertThat(TallyNodes.awaitEqual(nodes.all())).isEqualTo(tally);
        loads.forEach(load -> load.check(tally));
        loads.forEach(System.out::println);
    }

    private void aDatabaseThatEndsItsConnectionsStopsNobodyForLong(Statement server) throws SQLException {
        JvmNode follower = nodes.others(nodes.leader(nodes.all())).get(0);

        long ended = number(
                server,
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '"
                        + PostgreSql.database(follower) + "'");

        assertThat(ended).isPositive();
        awaitMore();
        long applied = TallyNodes.status(nodes.leader(nodes.all()), "applied");
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> TallyNodes.status(follower, "applied") >= applied && TallyNodes.read(follower) != null);
    }

    /** Snapshots are taken, and what they include is deleted: the tables do not grow for ever. */
    private void keepsLittle(Product product) throws SQLException {
        for (JvmNode node : nodes.all()) {
            assertThat(TallyNodes.status(node, "snapshot")).as(node.name()).isPositive();
            node.terminate();
        }
        nodes.all().forEach(TallyNodes::awaitTerminated);
        for (JvmNode node : nodes.all()) {
            try (Connection connection = DriverManager.getConnection(product.url(node), USER, USER);
                    Statement statement = connection.createStatement()) {
                long written = number(statement, "SELECT max(\"sequence_number\") FROM \"event_journal\"");
                long kept = number(statement, "SELECT count(*) FROM \"event_journal\" WHERE NOT \"deleted\"");
                assertThat(kept).as(node.name()).isLessThan(written / 2);
                assertThat(number(statement, "SELECT count(*) FROM \"snapshot\""))
                        .as(node.name())
                        .isBetween(1L, 3L);
            }
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        }
    }

    private void awaitMore() {
        awaitMore(loads);
    }

    private static void awaitMore(List<TallyLoad> some) {
        List<Integer> before = some.stream().map(TallyLoad::acknowledged).toList();
        for (int i = 0; i < some.size(); i++) {
            TallyLoad load = some.get(i);
            int more = before.get(i) + SOME;
            await().atMost(LONG).until(() -> load.acknowledged() >= more);
        }
    }
}
