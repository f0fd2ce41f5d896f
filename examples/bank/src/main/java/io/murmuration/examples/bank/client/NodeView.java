package io.murmuration.examples.bank.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node sees of the group: the first event of its {@code /events}.
 *
 * @param json as it was sent
 */
public record NodeView(JsonNode json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String DATA = "data: ";

    /**
     * Asks one node.
     *
     * @param base its URL
     * @param timeout how long to wait
     * @return its view, or empty if it does not answer
     */
    public static Optional<NodeView> of(URI base, Duration timeout) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) base.resolve("/events").toURL().openConnection();
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            try (InputStream in = connection.getInputStream();
                    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                String line = lines.readLine();
                while (line != null && !line.startsWith(DATA)) {
                    line = lines.readLine();
                }
                return line == null
                        ? Optional.empty()
                        : Optional.of(new NodeView(MAPPER.readTree(line.substring(DATA.length()))));
            }
        } catch (IOException unreachable) {
            return Optional.empty();
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    /**
     * The role of the node's replica.
     *
     * @return as in {@code Status}
     */
    public String role() {
        return json.path("role").asText("?");
    }

    /**
     * The node's name.
     *
     * @return as in {@code Status}
     */
    public String node() {
        return json.path("node").asText("?");
    }

    /**
     * The group's random id.
     *
     * @return empty if the node does not know it yet
     */
    public String groupId() {
        return json.path("groupId").asText("");
    }

    /**
     * Who leads, as far as the node knows.
     *
     * @return the leader's name, or empty
     */
    public String leader() {
        return json.path("leader").isTextual() ? json.path("leader").asText() : "";
    }

    /**
     * A number of the view.
     *
     * @param name term, last, durable, commit, applied, logBytes or diskBytes
     * @return its value, or 0
     */
    public long number(String name) {
        return json.path(name).asLong(0);
    }

    /**
     * Names of nodes of the view.
     *
     * @param name members, outgoing or learners
     * @return them, or nothing
     */
    public List<String> names(String name) {
        List<String> names = new ArrayList<>();
        json.path(name).forEach(node -> names.add(node.asText()));
        return names;
    }

    /**
     * What is being changed about the members.
     *
     * @return a sentence, or empty if nothing is, or the node does not lead
     */
    public String change() {
        return json.path("change").isTextual() ? json.path("change").asText() : "";
    }

    /**
     * Why there is no leader, or why the replica does not take part.
     *
     * @return a sentence, or empty when all is well
     */
    public String why() {
        return json.path("why").isTextual() ? json.path("why").asText() : "";
    }
}
