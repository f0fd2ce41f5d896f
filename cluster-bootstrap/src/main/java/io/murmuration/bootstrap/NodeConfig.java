package io.murmuration.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.murmuration.GroupSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The configuration of a node, in layers. What stands first wins:
 *
 * <ol>
 *   <li>options of the process;
 *   <li>system properties;
 *   <li>the application's {@code application.conf};
 *   <li>the environment: {@code MURMURATION_NODE}, {@code MURMURATION_MEMBERS}, {@code MURMURATION_ADDRESSES},
 *       {@code MURMURATION_DATA_DIR};
 *   <li>this module's {@code murmuration-node.conf};
 *   <li>the libraries' {@code reference.conf}.
 * </ol>
 *
 * <p>Where this node listens and its role in the cluster follow from {@code murmuration.node} and
 * {@code murmuration.addresses}; so do the cluster's seed nodes and the address of Pekko Management, unless one of the
 * first four says otherwise.
 *
 * @since 0.1.0
 */
public final class NodeConfig {
    private static final String NODE = "murmuration.node";
    private static final String MEMBERS = "murmuration.members";
    private static final String ADDRESSES = "murmuration.addresses";
    private static final String ROLES = "pekko.cluster.roles";
    private static final String DERIVED = "derived from " + ADDRESSES;
    private static final Map<String, String> KEYS = new TreeMap<>(Map.of(
            "--node", NODE,
            "--members", MEMBERS,
            "--addresses", ADDRESSES,
            "--data-dir", "murmuration.data-dir"));

    /** Part of file names, actor paths, roles and HOCON keys. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private NodeConfig() {}

    /**
     * Reads the configuration of this process.
     *
     * @param options {@code --node n1}, {@code --members n1,n2,n3}, {@code --addresses n1=host:port,n2=host:port},
     *     {@code --data-dir DIR}, and {@code -Dkey=value} for any other key; what stands later wins
     * @return the complete configuration
     * @throws NodeStartException if an option is unknown, or a value is missing or does not fit, with what to do
     */
    public static Config load(String... options) {
        return load(System.getenv(), options);
    }

    static Config load(Map<String, String> environment, String... options) {
        ConfigFactory.invalidateCaches();
        try {
            Config own = fromOptions(options)
                    .withFallback(spelledOut(ConfigFactory.defaultOverrides(), "system properties"))
                    .withFallback(spelledOut(ConfigFactory.defaultApplication(), "application.conf"))
                    .withFallback(fromEnvironment(environment));
            Config defaults = ConfigFactory.parseResources("murmuration-node.conf")
                    .withFallback(ConfigFactory.defaultReferenceUnresolved());
            Config all = own.withFallback(defaults).resolve();
            GroupSettings settings = GroupSettings.from(all);
            requireNames(settings);
            Map<String, String> addresses = addresses(all);
            return hard(settings, addresses, all)
                    .withFallback(own)
                    .withFallback(soft(settings, addresses))
                    .withFallback(defaults)
                    .resolve();
        } catch (ConfigException | IllegalArgumentException unusable) {
            throw new NodeStartException(
                    "The configuration of this node cannot be used: " + unusable.getMessage(), unusable);
        }
    }

    /** What must hold whatever else is said: the node is where the others look for it. */
    private static Config hard(GroupSettings settings, Map<String, String> addresses, Config all) {
        List<String> roles = new ArrayList<>(all.getStringList(ROLES));
        roles.add("murmuration-node-" + settings.node());
        Config hard = single(ROLES, roles, "derived from " + NODE);
        if (addresses.isEmpty()) {
            return hard;
        }
        String address = addresses.get(settings.node());
        if (address == null) {
            throw new IllegalArgumentException(ADDRESSES + " names " + addresses.keySet() + ", but not this node, \""
                    + settings.node() + "\"; add its host:port, or correct " + NODE + ".");
        }
        return hard.withFallback(single("pekko.remote.artery.canonical.hostname", host(address), DERIVED))
                .withFallback(single("pekko.remote.artery.canonical.port", port(address), DERIVED));
    }

    /** What follows unless the application says otherwise. */
    private static Config soft(GroupSettings settings, Map<String, String> addresses) {
        List<String> seeds = new ArrayList<>();
        for (String member : settings.founders()) {
            String address = addresses.get(member);
            if (address != null) {
                seeds.add("pekko://" + MurmurationNode.SYSTEM + "@" + address);
            }
        }
        Config soft = single("pekko.cluster.seed-nodes", seeds, DERIVED);
        String address = addresses.get(settings.node());
        return address == null
                ? soft
                : soft.withFallback(single("pekko.management.http.hostname", host(address), DERIVED));
    }

    private static void requireNames(GroupSettings settings) {
        List<String> names = new ArrayList<>(settings.founders());
        names.add(settings.node());
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("The node name \"" + name
                        + "\" is not usable; take 1 to 64 letters, digits, hyphens and underscores.");
            }
        }
    }

    private static Map<String, String> addresses(Config all) {
        Map<String, String> addresses = new TreeMap<>();
        Map<String, String> nodes = new HashMap<>();
        all.getObject(ADDRESSES).forEach((node, value) -> {
            String address = String.valueOf(value.unwrapped());
            int colon = address.lastIndexOf(':');
            String port = address.substring(colon + 1);
            if (colon <= 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535) {
                throw new IllegalArgumentException("The address of " + node + " is \"" + address
                        + "\"; it must be host:port, for example \"10.0.0.1:25520\".");
            }
            String other = nodes.put(address, node);
            if (other != null) {
                throw new IllegalArgumentException(
                        other + " and " + node + " both have the address " + address + "; each node needs its own.");
            }
            addresses.put(node, address);
        });
        return addresses;
    }

    private static String host(String address) {
        return address.substring(0, address.lastIndexOf(':'));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static Config fromOptions(String... options) {
        Config config = ConfigFactory.empty();
        for (int i = 0; i < options.length; i++) {
            String option = options[i];
            String key = KEYS.get(option);
            int equals = option.indexOf('=');
            if (option.startsWith("-D") && equals > 2) {
                config = value(option.substring(2, equals), option.substring(equals + 1), option.substring(0, equals))
                        .withFallback(config);
            } else if (key == null) {
                throw new IllegalArgumentException("The option \"" + option + "\" is unknown; there are "
                        + String.join(", ", KEYS.keySet()) + " and -Dkey=value.");
            } else if (i + 1 == options.length) {
                throw new IllegalArgumentException("The option " + option + " needs a value.");
            } else {
                i++;
                config = value(key, options[i], option).withFallback(config);
            }
        }
        return config;
    }

    private static Config fromEnvironment(Map<String, String> environment) {
        Config config = ConfigFactory.empty();
        for (Map.Entry<String, String> key : KEYS.entrySet()) {
            String name =
                    "MURMURATION_" + key.getKey().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
            String value = environment.get(name);
            if (value != null) {
                config = value(key.getValue(), value, name).withFallback(config);
            }
        }
        return config;
    }

    /** Members and addresses may be said in one string too, as a system property must. */
    private static Config spelledOut(Config layer, String source) {
        Config config = layer;
        for (String key : List.of(MEMBERS, ADDRESSES)) {
            if (layer.isResolved() && layer.hasPath(key) && layer.getValue(key).valueType() == ConfigValueType.STRING) {
                config = value(key, layer.getString(key), source).withFallback(config.withoutPath(key));
            }
        }
        return config;
    }

    private static Config value(String key, String value, String source) {
        // Anything else stays the string that it is: "//" in a path would begin a comment in HOCON.
        if (value.startsWith("[") || value.startsWith("{")) {
            return ConfigFactory.parseString(key + " = " + value);
        }
        return switch (key) {
            case MEMBERS -> single(key, List.of(value.strip().split("\\s*,\\s*", -1)), source);
            case ADDRESSES -> addresses(value, source);
            default -> single(key, value, source);
        };
    }

    private static Config addresses(String value, String source) {
        Config config = ConfigFactory.empty();
        for (String pair : value.strip().split("\\s*,\\s*", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException(source + " has \"" + pair
                        + "\"; it must be name=host:port, several of them separated by commas.");
            }
            String key = ConfigUtil.joinPath("murmuration", "addresses", pair.substring(0, equals));
            config = single(key, pair.substring(equals + 1), source).withFallback(config);
        }
        return config;
    }

    private static Config single(String key, Object value, String source) {
        return ConfigFactory.empty().withValue(key, ConfigValueFactory.fromAnyRef(value, source));
    }
}
