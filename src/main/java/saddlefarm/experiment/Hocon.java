package saddlefarm.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.File;
import java.net.URL;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The text of an experiment and the overrides after it, read into one value for each dotted key.
 *
 * <p>Nothing but the text decides: neither the environment nor other files are read, because a text may come from
 * anyone.
 */
final class Hocon {

    private static final Pattern BARE_CALL = Pattern.compile("[=:]\\s*(range|linspace|logspace)\\s*\\(");

    // Each may double the text, and anyone can send one: ten of them make it at most 36 times as long.
    private static final int MOST_SUBSTITUTIONS = 10;

    private Hocon() {}

    /**
     * The given values by key; {@code sweep.…} keys are among them.
     *
     * @param origin name of the text for messages
     * @param overrides of the form {@code key=value}, later ones win over earlier ones and over the text
     */
    static SortedMap<String, Given> values(String text, Syntax syntax, String origin, List<String> overrides) {
        requireFewSubstitutions(text + String.join("", overrides), origin);
        try {
            Config merged = parse(text, syntax, origin);
            for (String override : overrides) {
                merged = parseOverride(override).withFallback(merged);
            }
            Config resolved = merged.resolve(ConfigResolveOptions.noSystem());
            var values = new TreeMap<String, Given>();
            flatten("", resolved.root(), overrides, values);
            return values;
        } catch (ConfigException e) {
            throw new ExperimentException(message(e, origin, text));
        } catch (StackOverflowError e) {
            // An Error would stop the whole farm, and anyone can send brackets.
            throw new ExperimentException("nested too deeply (%s)".formatted(origin));
        }
    }

    private static void requireFewSubstitutions(String text, String origin) {
        // a += b is short for a = ${?a} [b].
        int count = text.split("\\$\\{|\\+=", -1).length - 1;
        if (count > MOST_SUBSTITUTIONS) {
            throw new ExperimentException("an experiment may have at most %d substitutions ${…} and += but has %d (%s)"
                    .formatted(MOST_SUBSTITUTIONS, count, origin));
        }
    }

    private static Config parse(String text, Syntax syntax, String origin) {
        return ConfigFactory.parseString(
                text,
                ConfigParseOptions.defaults()
                        .setSyntax(
                                switch (syntax) {
                                    case HOCON -> ConfigSyntax.CONF;
                                    case JSON -> ConfigSyntax.JSON;
                                })
                        .setOriginDescription(origin)
                        .setIncluder(new NoIncludes(origin)));
    }

    /**
     * A scalar is taken as it stands, so {@code data.file=a, b.csv} needs no quotes; what begins like a list, an object
     * or a quoted text is HOCON.
     */
    private static Config parseOverride(String override) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new ExperimentException("an override must be key=value but was " + override);
        }
        String key = override.substring(0, equals).strip();
        String value = override.substring(equals + 1).strip();
        String place = Place.ofOverride(override);
        try {
            if (value.startsWith("[") || value.startsWith("{") || value.startsWith("\"")) {
                return parse("value = " + value, Syntax.HOCON, place)
                        .getValue("value")
                        .atPath(key);
            }
            return ConfigValueFactory.fromAnyRef(value, place).atPath(key);
        } catch (ConfigException.BadPath e) {
            throw new ExperimentException("%s is not a key (%s)".formatted(key, place));
        }
    }

    private static void flatten(
            String prefix, ConfigObject object, List<String> overrides, SortedMap<String, Given> values) {
        for (var entry : object.entrySet()) {
            String key = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            if (value instanceof ConfigObject section) {
                flatten(key + ".", section, overrides, values);
            } else if (value.valueType() != ConfigValueType.NULL) {
                values.put(key, new Given(value, Place.of(value.origin(), overrides)));
            }
        }
    }

    private static String message(ConfigException e, String origin, String text) {
        String place = e.origin() == null ? origin : Place.text(e.origin());
        String message = String.valueOf(e.getMessage());
        if (e.origin() != null && message.startsWith(e.origin().description())) {
            message = message.substring(e.origin().description().length() + 1).strip();
        }
        String advice =
                e instanceof ConfigException.Parse && BARE_CALL.matcher(text).find()
                        ? "; write range(…), linspace(…) and logspace(…) in quotes"
                        : "";
        return "%s%s (%s)".formatted(message, advice, place);
    }

    private record NoIncludes(String origin)
            implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

        @Override
        public ConfigIncluder withFallback(ConfigIncluder fallback) {
            return this;
        }

        @Override
        public ConfigObject include(ConfigIncludeContext context, String what) {
            throw refusal(what);
        }

        @Override
        public ConfigObject includeFile(ConfigIncludeContext context, File what) {
            throw refusal(what.toString());
        }

        @Override
        public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
            throw refusal(what.toString());
        }

        @Override
        public ConfigObject includeResources(ConfigIncludeContext context, String what) {
            throw refusal(what);
        }

        private ExperimentException refusal(String what) {
            return new ExperimentException(
                    "an experiment stands by itself and cannot include %s (%s)".formatted(what, origin));
        }
    }
}
