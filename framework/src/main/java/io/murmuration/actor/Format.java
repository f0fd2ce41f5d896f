package io.murmuration.actor;

/**
 * The binary form of one type, written by hand. Whoever changes what {@code writer} writes raises {@code version}: the
 * golden files fail otherwise.
 *
 * @param manifest one or two characters that name the type on the wire or on disk; never used again for another type
 * @param version the version that is written, and the only one that is read
 * @param type the class of the values
 * @param writer writes the fields
 * @param reader reads the fields
 * @param <T> the type of the values
 */
record Format<T>(String manifest, int version, Class<T> type, Writer<T> writer, Reader<T> reader) {
    /**
     * Writes a value.
     *
     * @param <T> its type
     */
    @FunctionalInterface
    interface Writer<T> {
        /**
         * Writes the fields.
         *
         * @param out where to
         * @param value what
         */
        void write(Out out, T value);
    }

    /**
     * Reads a value.
     *
     * @param <T> its type
     */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * Reads the fields in the order in which they were written.
         *
         * @param in where from
         * @return an equal value
         * @throws MalformedException if the bytes do not fit
         */
        T read(In in);
    }

    /**
     * The first version of a form.
     *
     * @param manifest names the type
     * @param type the class
     * @param writer writes the fields
     * @param reader reads the fields
     * @param <T> the type
     * @return the form
     */
    static <T> Format<T> first(String manifest, Class<T> type, Writer<T> writer, Reader<T> reader) {
        return new Format<>(manifest, 1, type, writer, reader);
    }

    /**
     * Writes the fields of a value that is known to be of this type.
     *
     * @param out where to
     * @param value what
     */
    void write(Out out, Object value) {
        writer.write(out, type.cast(value));
    }
}
