/** Who founds a group, and who has lost its disk. Pure rules. */
@NullMarked
package io.murmuration.core.founding;

import org.jspecify.annotations.NullMarked;
