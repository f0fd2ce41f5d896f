package io.murmuration.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The file-system operations that the storage engine needs, and no others.
 *
 * <p>Everything that the engine does to a disk passes here, so that a test can fail, cut short or crash at every single
 * operation. No method retries.
 */
interface Disk {

    /** Opens an existing file for reading. */
    File openForReading(Path file) throws IOException;

    /** Creates a file that must not exist yet and opens it for reading and writing. */
    File create(Path file) throws IOException;

    /** Opens an existing file for reading and writing. */
    File openForWriting(Path file) throws IOException;

    /** Says whether the path is an existing folder. */
    boolean isFolder(Path path) throws IOException;

    /** Says whether anything exists at the path. */
    boolean exists(Path path) throws IOException;

    /** Creates a folder whose parent exists. */
    void createFolder(Path folder) throws IOException;

    /** Lists the names in a folder, in no particular order. */
    List<String> list(Path folder) throws IOException;

    /** Renames a file within one file system in one step and replaces whatever had the new name. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file. */
    void delete(Path file) throws IOException;

    /** Makes the names in a folder durable: creations, renames and deletions. */
    void forceFolder(Path folder) throws IOException;

    /**
     * Takes the exclusive lock on a file, which is created if it is missing.
     *
     * @return what releases the lock when closed
     * @throws FolderInUseException if another process, or another part of this one, holds it
     */
    Closeable lock(Path file) throws IOException;

    /** An open file. Positions are absolute; there is no cursor. */
    interface File extends Closeable {

        /** Reads at most the remaining bytes of the buffer and returns the number read, or -1 at the end. */
        int read(ByteBuffer target, long position) throws IOException;

        /** Writes at most the remaining bytes of the buffer and returns the number written, which may be fewer. */
        int write(ByteBuffer source, long position) throws IOException;

        /** Makes the content durable; with {@code metadata} the size too. Never called again after it has failed. */
        void force(boolean metadata) throws IOException;

        /** The size of the file in bytes. */
        long size() throws IOException;
    }
}
