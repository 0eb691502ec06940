package saddlefarm.k8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads objects as the classes that fabric8 has for them, and takes no field that a class does not have, and no value
 * of another type. As they come, those classes keep whatever they do not know in a map of additional properties.
 */
final class Models {

    private static final Map<String, Class<? extends HasMetadata>> CLASSES =
            ServiceLoader.load(KubernetesResource.class).stream()
                    .map(ServiceLoader.Provider::type)
                    .filter(HasMetadata.class::isAssignableFrom)
                    .<Class<? extends HasMetadata>>map(type -> type.asSubclass(HasMetadata.class))
                    .collect(Collectors.toMap(
                            type -> key(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)),
                            type -> type,
                            (one, same) -> one));

    private static final ObjectMapper STRICT = strict();

    private Models() {}

    private static ObjectMapper strict() {
        JsonMapper mapper = JsonMapper.builder()
                .annotationIntrospector(new WithoutAdditionalProperties())
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .build();
        for (var shape : List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            mapper.coercionConfigFor(LogicalType.Textual).setCoercion(shape, CoercionAction.Fail);
        }
        return mapper;
    }

    private static final class WithoutAdditionalProperties extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated a) {
            return false;
        }
    }

    /** What is wrong with an object by itself, with the path to the place; null for nothing. */
    static @Nullable String problem(JsonNode object) {
        String key = key(object.path("apiVersion").asText(), object.path("kind").asText());
        @Nullable Class<? extends HasMetadata> type = CLASSES.get(key);
        if (type == null) {
            return "nobody knows objects of " + key;
        }
        try {
            STRICT.treeToValue(object, type);
            return null;
        } catch (JsonProcessingException e) {
            return "%s: %s".formatted(Manifests.title(object), e.getMessage());
        }
    }

    private static String key(@Nullable String apiVersion, String kind) {
        return apiVersion + " " + kind;
    }
}
