package io.murmuration.persistence;

/**
 * An object as Pekko serialization encodes it.
 *
 * @param serializerId which serializer made it
 * @param manifest what the serializer needs to know to read it
 * @param bytes the encoded object
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared; a copy per event would cost.
record StoredObject(int serializerId, String manifest, byte[] bytes) {}
