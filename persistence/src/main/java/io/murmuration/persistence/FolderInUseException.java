package io.murmuration.persistence;

import java.io.IOException;

/** Says that a lock file is held by someone else. */
final class FolderInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    FolderInUseException(String message) {
        super(message);
    }
}
