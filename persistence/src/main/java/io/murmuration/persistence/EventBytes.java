package io.murmuration.persistence;

/**
 * An encoded event in two parts, so that the serializer's array need not be copied behind the head.
 *
 * @param head what the plugin has to say about the event
 * @param payload the serializer's bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared; a copy per event would cost.
record EventBytes(byte[] head, byte[] payload) {

    int size() {
        return head.length + payload.length;
    }
}
