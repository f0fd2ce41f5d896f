package io.murmuration.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.murmuration.core.model.ClientRpc;
import io.murmuration.core.model.ClientRpc.Outcomes;
import io.murmuration.core.model.Entry;
import io.murmuration.core.model.LogRpc.AppendEntries;
import io.murmuration.core.model.Payload;
import io.murmuration.core.model.Rpc;
import io.murmuration.core.model.StoreRecord;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is on the wire and on disk today stays readable, and every type has an example of it. */
class WireGoldenTest {
    private final CodecGoldens wire = new CodecGoldens("wire", new WireSerializer());
    private final CodecGoldens record = new CodecGoldens("record", new RecordSerializer());

    @Test
    void writesAndReadsTheGoldenBytesOfEveryMessage() {
        wire.check(WireSamples.wires(), sample -> ((Wire) sample).body().getClass());
    }

    @Test
    void writesAndReadsTheGoldenBytesOfEveryRecord() {
        record.check(WireSamples.records(), Object::getClass);
    }

    @Test
    void everyMessageHasAGoldenFile() {
        assertThat(types(wire)).isEqualTo(names(permitted(Rpc.class)));
    }

    @Test
    void everyRecordHasAGoldenFile() {
        assertThat(types(record)).isEqualTo(names(permitted(StoreRecord.class)));
    }

    @Test
    void everyPayloadIsInASample() {
        Set<Class<?>> seen = WireSamples.entries().stream()
                .map(Entry::payload)
                .map(Object::getClass)
                .collect(Collectors.toSet());

        assertThat(seen).isEqualTo(permitted(Payload.class));
        assertThat(WireSamples.wires().values())
                .anyMatch(any -> any.body() instanceof AppendEntries append
                        && append.entries().equals(WireSamples.entries()));
        assertThat(WireSamples.records().values()).contains(new StoreRecord.EntriesAppended(WireSamples.entries()));
    }

    @Test
    void everyReplyAndEveryRefusalIsInASample() {
        List<Rpc> bodies = WireSamples.wires().values().stream().map(Wire::body).toList();

        assertThat(bodies.stream()
                        .flatMap(any -> any instanceof Outcomes some ? some.outcomes().stream() : Stream.of())
                        .map(outcome -> outcome.reply().getClass())
                        .collect(Collectors.toSet()))
                .isEqualTo(permitted(ClientRpc.Reply.class));
        assertThat(bodies.stream()
                        .flatMap(any -> any instanceof ClientRpc.Refused one ? Stream.of(one.refusal()) : Stream.of())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(ClientRpc.Refusal.values());
    }

    private static Set<Class<?>> permitted(Class<?> family) {
        return Stream.of(family)
                .flatMap(type -> type.isSealed()
                        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(one -> permitted(one).stream())
                        : Stream.of(type))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> names(Set<Class<?>> types) {
        return types.stream().map(Class::getSimpleName).collect(Collectors.toSet());
    }

    private static Set<String> types(CodecGoldens goldens) {
        return goldens.list().stream()
                .map(file -> file.getFileName().toString().split("\\.", -1)[0])
                .collect(Collectors.toSet());
    }
}
