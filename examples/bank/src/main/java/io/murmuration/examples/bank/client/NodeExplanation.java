package io.murmuration.examples.bank.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one node says is wrong with the group: its {@code /explain}.
 *
 * @param json as it was sent
 */
public record NodeExplanation(JsonNode json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Asks one node.
     *
     * @param base its URL
     * @param timeout how long to wait
     * @return what it says, or empty if it does not answer
     */
    public static Optional<NodeExplanation> of(URI base, Duration timeout) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) base.resolve("/explain").toURL().openConnection();
            connection.setConnectTimeout((int) timeout.toMillis());
            connection.setReadTimeout((int) timeout.toMillis());
            try (InputStream in = connection.getInputStream()) {
                return Optional.of(new NodeExplanation(MAPPER.readTree(in)));
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
     * The node's name.
     *
     * @return as in {@code Explanation}
     */
    public String node() {
        return json.path("node").asText("?");
    }

    /**
     * All of it for an operator.
     *
     * @return a sentence for each finding; one that says so if all is well
     */
    public List<String> sentences() {
        if (json.path("well").asBoolean(false)) {
            return List.of("All that " + node() + " knows of is well: "
                    + json.path("summary").asText());
        }
        List<String> sentences = new ArrayList<>();
        json.path("findings")
                .forEach(finding -> sentences.add(finding.path("sentence").asText()));
        return sentences;
    }
}
