package io.murmuration.examples.bank.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a state folder, written by the launcher so that other commands find the nodes.
 *
 * @param launcher the process that started them
 * @param nodes the nodes
 */
public record RunFile(ProcessRef launcher, List<Running> nodes) {
    private static final String NAME = "bank.json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * A node of the file.
     *
     * @param spec where it listens
     * @param process its process, or null if it was never started
     */
    public record Running(NodeSpec spec, @Nullable ProcessRef process) {
        /**
         * Whether it runs.
         *
         * @return true if its process is there
         */
        public boolean isAlive() {
            return process != null && process.find().isPresent();
        }
    }

    /** Copies the list. */
    public RunFile {
        nodes = List.copyOf(nodes);
    }

    /**
     * Finds a node.
     *
     * @param id its name
     * @return the node, or empty
     */
    public Optional<Running> node(String id) {
        return nodes.stream().filter(node -> node.spec().id().equals(id)).findFirst();
    }

    /**
     * Reads the file of a state folder.
     *
     * @param dir the state folder
     * @return what it says, or empty if there is none
     * @throws FleetException if it cannot be read
     */
    public static Optional<RunFile> read(Path dir) {
        Path file = dir.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = MAPPER.readTree(file.toFile());
            List<Running> nodes = new ArrayList<>();
            for (JsonNode node : json.required("nodes")) {
                NodeSpec spec = new NodeSpec(
                        node.required("id").asText(),
                        node.required("host").asText(),
                        node.required("httpPort").asInt(),
                        node.required("remotingPort").asInt(),
                        node.required("managementPort").asInt());
                nodes.add(new Running(spec, node.has("pid") ? process(node) : null));
            }
            return Optional.of(new RunFile(process(json.required("launcher")), nodes));
        } catch (IOException | IllegalArgumentException e) {
            throw new FleetException(
                    file + " cannot be read (" + e.getMessage() + "); if no bank runs there, remove it.");
        }
    }

    private static ProcessRef process(JsonNode json) {
        return new ProcessRef(
                json.required("pid").asLong(), json.required("startMillis").asLong());
    }

    void write(Path dir) throws IOException {
        ObjectNode json = MAPPER.createObjectNode();
        json.putObject("launcher").put("pid", launcher.pid()).put("startMillis", launcher.startMillis());
        ArrayNode list = json.putArray("nodes");
        for (Running node : nodes) {
            NodeSpec spec = node.spec();
            ObjectNode entry = list.addObject()
                    .put("id", spec.id())
                    .put("host", spec.host())
                    .put("httpPort", spec.httpPort())
                    .put("remotingPort", spec.remotingPort())
                    .put("managementPort", spec.managementPort())
                    .put("url", spec.url().toString());
            ProcessRef process = node.process();
            if (process != null) {
                entry.put("pid", process.pid()).put("startMillis", process.startMillis());
            }
        }
        Path draft = dir.resolve(NAME + ".new");
        Files.writeString(draft, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        Files.move(draft, dir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
