package io.kindred.storage;

import io.kindred.entry.Version;

/**
 * What an increment counts against.
 *
 * @param version of the live value; where there is none, of what ended it (a removal, a clear mark,
 *     a passed expiry), or {@link Version#NONE}
 * @param founding whether there is no live value, so that the increment makes the part
 */
public record CountBase(Version version, boolean founding) {}
