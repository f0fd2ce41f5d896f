package io.murmuration.actor;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.murmuration.core.model.Codec;
import io.murmuration.core.model.Codec.CodecException;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells before a group starts whether its types can be encoded: goes through all that they may hold, then sends a
 * sample of every type and the initial state on a round trip. A type of which no sample can be made has only been asked
 * of the mapper.
 */
final class TypeCheck {
    private static final Logger LOG = LoggerFactory.getLogger(TypeCheck.class);

    private final String group;
    private final GroupTypes types;
    private final Codec codec;
    private final CborSerializer cbor;

    TypeCheck(String group, GroupTypes types, Codec codec, CborSerializer cbor) {
        this.group = group;
        this.types = types;
        this.codec = codec;
        this.cbor = cbor;
    }

    /**
     * Checks.
     *
     * @throws IllegalArgumentException for the first type that cannot be encoded and decoded
     */
    void run() {
        TypeWalk walk = new TypeWalk(cbor.mapper());
        types.exact().forEach((type, where) -> walk.visit(where, type));
        types.declared().forEach((type, where) -> walk.visit(where, type));
        types.exact().forEach((type, where) -> trySample(where, type, this::throughCodec));
        types.declared().forEach((type, where) -> trySample(where, type, this::throughCodec));
        types.bound().forEach((type, where) -> trySample(where, type, this::throughCodec));
        walk.families().forEach(this::tryFamily);
    }

    /**
     * Checks the initial state, too.
     *
     * @param initial the state that a machine starts from
     * @throws IllegalArgumentException if it cannot be encoded and decoded
     */
    void initial(Object initial) {
        roundTrip("the initial state", initial, this::throughCodec);
    }

    private void tryFamily(JavaType family) {
        CborSerializer.Form form = cbor.form(family);
        TypeFactory factory = cbor.mapper().getTypeFactory();
        for (Class<?> member : SealedTypes.members(family.getRawClass())) {
            if (!member.equals(family.getRawClass())) {
                trySample(
                        member.getSimpleName() + " as a " + family.getRawClass().getSimpleName(),
                        factory.constructSpecializedType(family, member),
                        value -> through(form, value));
            }
        }
    }

    private void trySample(String where, JavaType type, UnaryOperator<Object> trip) {
        Object sample;
        try {
            sample = new Samples(cbor.mapper().getTypeFactory()).of(type);
        } catch (Samples.NoSample e) {
            LOG.debug("[{}] {} made no round trip, only the mapper was asked ({})", group, where, e.getMessage());
            return;
        }
        roundTrip(where, sample, trip);
    }

    private static void roundTrip(String where, Object value, UnaryOperator<Object> trip) {
        Object back;
        try {
            back = trip.apply(value);
        } catch (CodecException e) {
            throw new IllegalArgumentException(
                    where + " does not survive being encoded and decoded. " + e.getMessage(), e);
        }
        String difference = Likeness.difference(SealedTypes.classOf(value).getSimpleName(), value, back);
        if (difference != null) {
            throw new IllegalArgumentException(where + " does not survive being encoded and decoded: " + difference
                    + ". Let it be a record of plain values, or bind it to a Pekko serializer.");
        }
    }

    private Object throughCodec(Object value) {
        return codec.decode(codec.encode(value));
    }

    private static Object through(CborSerializer.Form form, Object value) {
        try {
            return form.read(form.write(value));
        } catch (IOException e) {
            throw new CodecException("Jackson says: " + e.getMessage(), e);
        }
    }
}
