package io.murmuration.examples.bank.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiTest {
    private String yaml;

    @BeforeEach
    void read() throws Exception {
        try (InputStream in = BankRoutes.class.getResourceAsStream("/openapi.yaml")) {
            yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "put, /accounts/{id}",
        "get, /accounts/{id}",
        "post, /accounts/{id}/deposits",
        "post, /accounts/{id}/withdrawals",
        "post, /transfers",
        "get, /accounts",
        "get, /total",
        "get, /events",
        "get, /explain",
        "get, /openapi.yaml",
        "get, /"
    })
    void describesEachRoute(String method, String path) {
        assertThat(operations().getOrDefault(path, Set.of())).contains(method);
    }

    @Test
    void describesNothingElse() {
        assertThat(operations().values().stream().mapToInt(Set::size).sum()).isEqualTo(11);
    }

    @ParameterizedTest
    @CsvSource({"400", "404", "408", "409", "413", "429", "503", "504"})
    void describesEachStatusOfAPayment(String status) {
        String payments = yaml.substring(yaml.indexOf("  /accounts/{id}/deposits:"), yaml.indexOf("  /transfers:"));

        assertThat(payments).contains("'" + status + "':");
    }

    @Test
    void refersOnlyToWhatIsThere() {
        Set<String> referred = new LinkedHashSet<>();
        yaml.lines()
                .filter(line -> line.contains("$ref: '#/components/"))
                .forEach(line -> referred.add(line.replaceAll(".*#/components/([^']+)'.*", "$1")));

        assertThat(referred).isNotEmpty().allSatisfy(reference -> {
            String[] parts = reference.split("/", -1);
            String section = yaml.substring(yaml.indexOf("\n  " + parts[0] + ":", yaml.indexOf("\ncomponents:")));
            assertThat(section).contains("\n    " + parts[1] + ":");
        });
    }

    /** The paths and their methods, by the indentation of the file. */
    private Map<String, Set<String>> operations() {
        Map<String, Set<String>> found = new LinkedHashMap<>();
        String paths = yaml.substring(yaml.indexOf("\npaths:"), yaml.indexOf("\ncomponents:"));
        String[] path = {""};
        paths.lines().forEach(line -> {
            if (line.matches("  /.*:")) {
                path[0] = line.strip().replaceAll(":$", "");
            } else if (line.matches("    (get|put|post|delete|patch):")) {
                found.computeIfAbsent(path[0], unused -> new LinkedHashSet<>())
                        .add(line.strip().replace(":", ""));
            }
        });
        return found;
    }
}
